"""One number for several things, or several numbers for several things (分别, 均, listed years)."""

from __future__ import annotations

import re
from dataclasses import replace

from extractor.records import lexicon as lx
from extractor.records.complete import clause_before
from extractor.records.distribute import outer_parts, own_heads, split_heads
from extractor.records.draft import Draft
from extractor.records.frame import Bounds, Frame
from extractor.records.metric import clean_left
from extractor.records.relative import direction, strength, with_change
from extractor.types.geometry import Span
from extractor.types.mention import DateMention, Quantity


def for_each(frame: Frame, draft: Draft) -> list[Draft]:
    """A率、B率均达到100%: one number, a target for each measure listed, or each subject before 均."""
    if draft.implicit:
        return [draft]
    each = re.search(r"(?<![人平年户])[均都](?:要|应|须|需)?(?:保持|稳定|维持)?(?:在)?$", frame.text[: draft.raw.start])
    measures = outer_parts(draft.metric)
    listed = len(measures) > 1 and all(lx.MEASURE.search(part) for part in measures)
    if not listed and not each:
        return [draft]
    parts = measures if listed else outer_parts(draft.metric, "、和与及")
    if not 2 <= len(parts) <= (5 if listed else 2):
        return [draft]
    if not lx.MEASURE.search(draft.metric) or (
        lx.MEASURE.search(parts[0]) and not all(lx.MEASURE.search(part) for part in parts)
    ):
        return [draft]
    heads = split_heads(draft.metric, len(parts))
    return [replace(draft, metric=head) for head in heads] if heads else [draft]


def with_levels(drafts: list[Draft]) -> list[Draft]:
    """3个国家级、5个省级示范基地; 国家级基地3个、省级5个: what only one of a row names is said of all."""
    named = [lx.LEVEL.search(draft.metric) for draft in drafts]
    done = list(drafts)
    for at, (draft, level) in enumerate(zip(drafts, named, strict=True)):
        if level is None or level.group() != draft.metric:
            continue
        for near in (*range(at - 1, -1, -1), *range(at + 1, len(drafts))):
            found = named[near]
            if found is not None and found.end() < len(drafts[near].metric) and drafts[near].unit == draft.unit:
                done[at] = replace(draft, metric=draft.metric + drafts[near].metric[found.end() :])
                break
    return done


def run_of(frame: Frame, kept: list[int]) -> list[int] | None:
    """The run of quantities parted by 、和 alone that starts at ``kept[0]``, where several things share it."""
    run = [kept[0]]
    for at in kept[1:20]:  # nothing names more things than that
        last = frame.quantities[run[-1]]
        joint = frame.text[last.span.end : frame.quantities[at].span.start]
        if (
            not re.fullmatch(r"[、和及与,\s]{0,2}", joint)
            or len(joint) == 0
            or ("," in joint and "分别" not in frame.text)
        ):
            break
        run.append(at)
    return run if len(run) > 1 else None


def from_run(frame: Frame, group: list[int], bounds: Bounds) -> list[Draft] | None:
    """A target for each number of a run, or None where the words name another number of things."""
    quantities = [frame.quantities[at] for at in group]
    first = quantities[0]
    start = max(frame.clauses[frame.clause_at(first.span.start)][0], bounds.before(group[0]))
    words = frame.text[start : first.span.start]
    said = "分别" in frame.text[start : first.number.start]
    dates = _dated_heads(frame, start, first.span.start, len(group))
    words = frame.text[dates[-1].span.end : first.span.start] if dates else words
    if said and not dates and split_heads(clean_left(words.partition("分别")[0]), len(group)) is None:
        dates = _dated_heads(frame, frame.sentence_at(start)[0], start, len(group))
    if dates:
        ahead = clean_left(frame.text[start : dates[0].span.start]) if dates[0].span.start >= start else ""
        subject = ahead + clean_left(words.replace("分别", "")) or clause_before(frame, start, [])
        if len(subject) < 2:
            return None
        return [
            replace(_shared(frame, first, q, subject, None), date=d) for q, d in zip(quantities, dates, strict=True)
        ]
    words = re.sub(r"分别(?:应当?|要|须)?$|分别(?=控制|达|不|完成|增|提|下|降|新)", "", words)
    left, _, after = words.partition("分别")
    subject = clean_left(left + after)
    heads = split_heads(subject, len(group)) or (_heads_again(frame, group[0], subject, len(group)) if said else None)
    baselines = _split_baseline(frame, first, len(group))
    if heads is None or not (said or any(pair in subject for pair in ("城乡", "城镇和农村")) or baselines):
        return None
    shares: list[str | None] = list(baselines) if baselines else [None] * len(group)
    whole = Span(first.span.start, quantities[-1].span.end)
    before = re.search(r"分别(?:应当?|要|须)?$", frame.text[start : first.span.start])
    if before:
        whole = Span(start + before.start(), whole.end)
    return [
        replace(_shared(frame, first, q, head, base), raw=whole)
        for q, head, base in zip(quantities, heads, shares, strict=True)
    ]


def _heads_again(frame: Frame, at: int, subject: str, count: int) -> list[str] | None:
    """城市、农村供电率分别…，电压合格率分别…: the second measure is told apart as the first was."""
    low, _ = frame.sentence_at(frame.quantities[at].span.start)
    start = frame.clauses[frame.clause_at(frame.quantities[at].span.start)][0]
    earlier = re.search(r"([^,;。]+)分别[^;。]*$", frame.text[low:start])
    owns = own_heads(clean_left(earlier.group(1)), count) if earlier else None
    return [own + subject for own in owns] if owns and subject else None


def _shared(frame: Frame, first: Quantity, quantity: Quantity, metric: str, baseline: str | None) -> Draft:
    """A target whose comparator may be the first one's or, for 以内 / 以上 at the end, the last one's."""
    metric, own = with_change(frame, first, metric)
    lender = first if first.op else quantity
    trailing = next(
        (q for q in reversed(frame.quantities) if q.op and 0 <= q.span.start - quantity.span.start < 40), None
    )
    op = quantity.op or lender.op or (trailing.op if trailing else None)
    return Draft(
        metric, op or direction(quantity, metric), quantity.number.start, quantity.span, quantity.value, quantity.upper,
        quantity.unit or first.unit, baseline=baseline or own, strength=strength(frame, quantity.span.start),
    )  # fmt: skip


def _dated_heads(frame: Frame, start: int, end: int, count: int) -> list[DateMention]:
    """2021年、2022年、2023年…分别完成: one date for each number."""
    dates = [d for d in frame.dates if start <= d.span.start and d.span.end <= end and d.end]
    return dates[-count:] if len(dates) >= count and all(
        re.fullmatch(r"[、和及与,\s]*", frame.text[a.span.end : b.span.start]) for a, b in zip(dates[-count:], dates[-count:][1:], strict=False)
    ) else []  # fmt: skip


def _split_baseline(frame: Frame, quantity: Quantity, count: int) -> list[str] | None:
    if quantity.between is None:
        return None
    words = frame.text[quantity.between.start : quantity.between.end].strip("的 ")
    return split_heads(words, count) if len(words) > 3 else None
