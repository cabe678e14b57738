"""Targets of one item: from the expressions found in its words to what can be measured."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from extractor.records import lexicon as lx
from extractor.records.candidates import is_target
from extractor.records.distribute import outer_parts, own_heads, split_heads
from extractor.records.frame import Frame
from extractor.records.implied import implied_metric
from extractor.records.metric import clean_left, completed, compose, thing_before
from extractor.types.geometry import Span
from extractor.types.mention import Comparator, DateMention, Implicit, Quantity

_PERIODS = {
    "daily": "日", "weekly": "周", "monthly": "月", "quarterly": "季度", "half-yearly": "半年", "yearly": "年",
}  # fmt: skip
_OR = re.compile(r"^[,、]?\s?或者?")
_NO_NUMBER = re.compile(
    r"(?P<cue>不低于|不少于|不小于|不高于|不超过|高于|低于|优于|快于|超过|不慢于)(?P<what>[^,;。:、()\d]{0,40}?(?:标准|水平|增速|增幅|平均值?|收入|支出|增长率|上年|去年|同期|均值|平均水平|速度|基准))(?=[,;。、)]|$)"
)
_NO_NUMBER_OP: dict[str, Comparator] = {
    "不低于": "ge", "不少于": "ge", "不小于": "ge", "不慢于": "ge", "高于": "gt", "超过": "gt", "优于": "gt", "快于": "gt",
    "不高于": "le", "不超过": "le", "低于": "lt",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """A target before it is dated: ``at`` is where it stands in the view's text, ``raw`` the words that state it."""

    metric: str
    op: Comparator
    at: int
    raw: Span
    value: Decimal | None = None
    upper: Decimal | None = None
    unit: str | None = None
    per: str | None = None
    baseline: str | None = None
    implicit: bool = False
    alternative: int = 0
    scope: str | None = None
    strength: Literal["must", "strive"] | None = None
    date: DateMention | None = None
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """``used`` are the dates that a ``per`` or a baseline has taken and that are no deadlines."""

    targets: tuple[Draft, ...]
    used: tuple[DateMention, ...]


def find_targets(frame: Frame) -> Found:
    """The targets of an item in the order of its words."""
    frame = replace(frame, quantities=tuple(_plain_cue(frame, each) for each in frame.quantities))
    kept = [at for at in range(len(frame.quantities)) if is_target(frame, at, _next_start(frame, at))]
    used: list[DateMention] = []
    drafts: list[Draft] = []
    metrics: list[str] = []
    skip: set[int] = set()
    bounds = _Bounds(frame, kept)
    for order, at in enumerate(kept):
        if at in skip:
            continue
        group = _distributed(frame, kept[order:])
        if group:
            made = _from_group(frame, group, bounds)
            if made:
                drafts.extend(made)
                metrics.extend(draft.metric for draft in made)
                skip.update(group)
                continue
        draft = _from_quantity(frame, at, bounds, metrics, used)
        if len(draft.metric) < 2:
            continue
        drafts.append(draft)
        metrics.append(draft.metric)
    drafts = [each for draft in drafts for each in _for_each(frame, draft)]
    drafts.extend(_unnumbered(frame, drafts))
    drafts.extend(_implied(frame, drafts))
    drafts.sort(key=lambda draft: draft.at)
    return Found(tuple(_alternatives(frame, drafts)), tuple(used))


def _plain_cue(frame: Frame, quantity: Quantity) -> Quantity:
    """达到标准的机构占比90%以上: the verb opens the subject and compares nothing."""
    if frame.inside(quantity.span.start) in ("“", "‘", "《") and frame.inside(quantity.number.start) is None:
        return _without_cue(frame, quantity)  # “最多跑一次”事项占比99%以上
    between = quantity.between
    words = frame.text[between.start : between.end] if between else ""
    if re.match(r"率|比", words):  # 水土保持率提高0.3个百分点: the cue is part of the measure's name
        start = quantity.change.start if quantity.change else quantity.number.start
        return replace(quantity, span=Span(start, quantity.span.end), between=None, cue=None)
    if not re.search(r"(?:率|占比|比例|比重)$", words):
        return quantity
    return _without_cue(frame, quantity)


_SUFFIX: dict[str, Comparator] = {"上": "ge", "下": "le", "内": "le", "右": "approx"}


def _without_cue(frame: Frame, quantity: Quantity) -> Quantity:
    suffix = frame.text[quantity.number.end : quantity.span.end]
    op = _SUFFIX.get(suffix[-1:]) or ("between" if quantity.upper is not None else None)
    return replace(quantity, span=Span(quantity.number.start, quantity.span.end), between=None, cue=None, op=op)


def _for_each(frame: Frame, draft: Draft) -> list[Draft]:
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
    if (
        not lx.MEASURE.search(draft.metric)
        or lx.MEASURE.search(parts[0])
        and not all(lx.MEASURE.search(part) for part in parts)
    ):
        return [draft]
    heads = split_heads(draft.metric, len(parts))
    return [replace(draft, metric=head) for head in heads] if heads else [draft]


def _next_start(frame: Frame, at: int) -> int:
    return frame.quantities[at + 1].span.start if at + 1 < len(frame.quantities) else len(frame.text)


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Where the targets left and right of a quantity end and start; numbers that only qualify do not count."""

    frame: Frame
    kept: list[int]

    def before(self, at: int) -> int:
        earlier = [other for other in self.kept if other < at]
        return self.frame.quantities[earlier[-1]].span.end if earlier else 0

    def same_unit(self, at: int) -> bool:
        """Whether the target before counts in the same unit."""
        earlier = [other for other in self.kept if other < at]
        return bool(earlier) and self.frame.quantities[earlier[-1]].unit == self.frame.quantities[at].unit

    def after(self, at: int) -> int:
        later = [other for other in self.kept if other > at]
        return self.frame.quantities[later[0]].span.start if later else len(self.frame.text)


def _from_quantity(frame: Frame, at: int, bounds: _Bounds, metrics: list[str], used: list[DateMention]) -> Draft:
    quantity = frame.quantities[at]
    ranked = _ranked(frame, quantity, metrics)
    if ranked is not None:
        return ranked
    metric = compose(frame, quantity, bounds.before(at), bounds.after(at), metrics, bounds.same_unit(at))
    text, baseline = _with_change(frame, quantity, metric.text)
    text, between, baseline = _with_between(frame, quantity, text, baseline)
    per, mention = _per(frame, quantity)
    if mention is not None:
        used.append(mention)
    if per and not re.search(r"年(?:均|增|度)", text):
        text = re.sub(r"(?:^|(?<=[^\d第]))一年内?(?=每|$)|^一年内?", "", text) or (metrics[-1] if metrics else text)
        text = re.sub(r"^(?:每(?:\d+|[两三四五]|个?)(?:年|月|季度|半年|周|日|天)|全年|按[年月季])", "", text)
    scope = _bracket_scope(frame, quantity) or metric.scope
    if scope and metrics and metric.scope is None:
        text = scope + metrics[-1]
    return Draft(
        metric=text,
        op=_direction(quantity, text),
        at=quantity.span.start,
        raw=quantity.span,
        value=quantity.value,
        upper=quantity.upper,
        unit=quantity.unit,
        per=per,
        baseline=baseline,
        scope=scope,
        strength=_strength(frame, quantity.span.start),
        certain=metric.certain,
    )


def _with_change(frame: Frame, quantity: Quantity, metric: str) -> tuple[str, str | None]:
    """下降14%: the verb of change belongs to the metric; 较2020年 is its baseline."""
    start = frame.clauses[frame.clause_at(quantity.span.start)][0] if frame.clauses else 0
    left = frame.text[start : quantity.number.start]
    baseline = re.search(
        r"(?:比|较|与|同|相比|对比)((?:20\d\d年(?:度|底|末)?|上年|上一年|去年|基期|\d{4}|[“”十二三四五”]+末?)[^,;。]{0,6}?)(?:同期|相比)?(?=增|提|下|降|减|翻|上|新|扩|压|有|高|低|,|累计)",
        left,
    )
    baseline = baseline or re.search(
        r"(?:比|较)([^,;。比较]{2,10}?(?:时限|水平|标准|基期|基准|同期|平均值?|均值))(?=压减|压缩|缩短|下降|降低|减少|提高|增长|增加|提升|高|低)",
        left,
    )
    found = baseline.group(1) if baseline else None
    if baseline:
        metric = metric.replace(baseline.group(), "")
    risen = re.search(r"(?:由|从)([^,;由从]{0,10}\d[^,;由从]{0,6})$", metric)
    if risen:
        found, metric = risen.group(1), metric[: risen.start()]
    relative = re.search(r"在(20\d\d年[^,;。]{0,8}|现有)基础上", left)
    if relative:
        found, metric = relative.group(1), metric.replace(relative.group(), "")
    change = re.search(
        r"(?:累计|年均|平均每年|同比)?(增长|提高|提升|增加|上升|扩大|下降|降低|减少|压减|压缩|削减|缩短|降)(?:幅度)?(?:达到?|超过|不低于|至少|约|力争)*$",
        left,
    )
    if change and quantity.op not in ("le",) and not re.search(r"(?:到|至)$", quantity.cue or ""):
        verb = change.group(1)
        if not metric.endswith(verb) and verb not in metric[-4:]:
            yearly = re.search(r"年均", change.group())
            metric = metric + ("年均" if yearly and "年均" not in metric else "") + verb
    return metric, found


def _with_between(frame: Frame, quantity: Quantity, metric: str, baseline: str | None) -> tuple[str, str, str | None]:
    """What stands between comparator and number: a baseline (达到…支出的80%), a base (人均, 每千名老年人)."""
    between = quantity.between
    if between is None:
        return metric, "", baseline
    words = frame.text[between.start : between.end].strip("的 ,")
    if not words:
        return metric, "", baseline
    if re.match(r"(?:每|人均|户均|平均|亩均|日均|年均)", words):
        return (words + metric if words.startswith("每") else metric + words), words, baseline
    closing = frame.text[quantity.span.end : quantity.span.end + 1] in (",", "。", ";", "", ")", "、", "\n")
    if quantity.unit not in ("%", "倍", "成", None) and closing and 2 <= len(words) <= 8 and words not in metric:
        return metric + words, words, baseline
    if quantity.unit in ("%", "倍", "成", None) and len(words) >= 2:
        return metric, words, _full_baseline(words, metric)
    return metric, words, baseline


def _full_baseline(words: str, metric: str) -> str:
    """达到城市的72% of 农村低保标准: the measure that the baseline leaves out is the metric's."""
    if lx.MEASURE.search(words) or len(words) > 8:
        return words
    entity = re.match(rf"^.*?{lx.ENTITY.pattern}", metric)
    tail = metric[entity.end() :] if entity else ""
    return words + tail if tail and len(tail) <= 12 else words


def _per(frame: Frame, quantity: Quantity) -> tuple[str | None, DateMention | None]:
    """The period a number is counted in, and the date mention that said so."""
    start, end = frame.clauses[frame.clause_at(quantity.span.start)] if frame.clauses else (0, 0)
    if quantity.unit in ("%", "个百分点", "倍") and not re.search(
        r"每(?:个?(?:年|月|季度|半年|学期))[^,;。]{0,8}$|每年.{0,24}(?:抽|检)", frame.text[start : quantity.number.start]
    ):
        return None, None
    said = [
        mention for mention in frame.dates
        if mention.recurrence and not mention.by and start <= mention.span.start < quantity.number.end
        and not re.match(r"按|逐", frame.text[mention.span.start : mention.span.end])
    ]  # fmt: skip
    years = re.search(r"每(\d+|[两三四五])年(?:至少|不少于)?[^,;。]{0,10}$", frame.text[start : quantity.number.start])
    if years:
        return f"{_digits(years.group(1))}年", said[-1] if said else None
    if (
        re.search(r"(?:[一二三四五六七八九十]|\d)年[^,;。]{0,20}$", frame.text[start : quantity.number.start])
        and quantity.per == "年"
        and not said
    ):
        return ("年", None) if re.search(r"一年", frame.text[start : quantity.number.start]) else (None, None)
    if quantity.per is not None:
        return quantity.per, said[-1] if said else None
    if said:
        return _PERIODS[str(said[-1].recurrence)], said[-1]
    if re.search(
        r"(?:^|[,;。(])[^,;。]{0,12}?一年(?:内)?(?:[^,;。]{0,8})$", frame.text[max(start - 1, 0) : quantity.span.start]
    ):
        return "年", None
    whole = re.search(
        r"(?:^|(?<=[,;。]))(?:全年|年(?=新建|新增|培训|开展|举办|完成|组织))", frame.text[start : quantity.span.start]
    )
    return ("年", None) if whole else (None, None)


def _digits(words: str) -> str:
    return words if words.isdigit() else str("两三四五六七八九十".find(words) + 2)


def _ranked(frame: Frame, quantity: Quantity, metrics: list[str]) -> Draft | None:
    """前3名: a rank; a place right before it is the scope."""
    words = frame.text[quantity.span.start : quantity.span.end]
    if not quantity.rank and (quantity.unit not in ("名", "位") or not re.match(r"(?:进入)?(?:[^,]{0,6})?前", words)):
        return None
    start = frame.clauses[frame.clause_at(quantity.span.start)][0]
    left = frame.text[
        max(start, *(q.span.end for q in frame.quantities if q.span.end <= quantity.span.start), 0)
        if frame.quantities[0] is not quantity
        else start : quantity.span.start
    ]
    body = re.sub(r"^(?:且|或者?|和|、)", "", left)
    found = re.search(r"(?<![全])(?:(?:设区|地级|县级|省辖)?[省市县区州](?:\([^)]*\))?|乡镇)$", body)
    scope = found.group() if found else None
    subject = clean_left(
        re.sub(
            r"(?:进入|位居|位列|保持在?|居|列|排名|处于|全[省市国县])+$", "", body[: found.start()] if found else body
        )
    )
    subject = re.sub(r"(?:排名|进入|位居|居|列|且)+$", "", subject) or (
        metrics[-1] if metrics else _first_subject(frame, quantity.span.start)
    )
    subject = completed(frame, subject, frame.clauses[frame.clause_at(quantity.span.start)][0], metrics)
    if scope:
        subject = subject if subject.startswith(scope) else scope + subject
    return Draft(
        subject, "le", quantity.span.start, quantity.span, quantity.value, quantity.upper, quantity.unit, scope=scope
    )


def _first_subject(frame: Frame, at: int) -> str:
    """销量正增长且市前3名: the subject stated before the first predicate."""
    start = frame.sentence_at(at)[0]
    words = frame.text[start:at]
    cut = re.search(r"(?:正增长|增长率?|为正数|排名|达到)", words)
    return clean_left(words[: cut.start()] if cut else words)[:30]


def _bracket_scope(frame: Frame, quantity: Quantity) -> str | None:
    if frame.inside(quantity.span.start) != "(":
        return None
    opened = frame.text.rfind("(", 0, quantity.span.start)
    nested = [low for low, high in frame.nested if low < quantity.span.start < high]
    words = frame.text[(nested[0] if nested else opened) + 1 : quantity.span.start].strip("为是: ,")
    return words or None


def _direction(quantity: Quantity, metric: str) -> Comparator:
    if quantity.op is not None:
        return quantity.op
    if lx.CHANGE_DOWN.search(metric[-4:]) or lx.CHANGE_UP.search(metric[-4:]):
        return "ge"
    if re.search(r"权重|满分|占分|设置(?:为)?$|(?:周期|期限|有效期|服务期)$", metric):
        return "eq"
    return "le" if quantity.value == 0 or lx.LESS_IS_BETTER.search(metric) else "ge"


def _strength(frame: Frame, at: int) -> Literal["must", "strive"] | None:
    start, _ = frame.sentence_at(at)
    low = max(frame.text.rfind(";", start, at) + 1, start)
    words = frame.text[low:at]
    if lx.STRIVE.search(words):
        return "strive"
    return "must" if lx.MUST.search(words) else None


def _distributed(frame: Frame, kept: list[int]) -> list[int] | None:
    """The run of quantities parted by 、和 alone that starts at ``kept[0]``, where several things share it."""
    run = [kept[0]]
    for at in kept[1:]:
        last = frame.quantities[run[-1]]
        joint = frame.text[last.span.end : frame.quantities[at].span.start]
        if (
            not re.fullmatch(r"[、和及与,\s]{0,2}", joint)
            or len(joint) == 0
            or "," in joint
            and "分别" not in frame.text
        ):
            break
        run.append(at)
    return run if len(run) > 1 else None


def _from_group(frame: Frame, group: list[int], bounds: _Bounds) -> list[Draft] | None:
    quantities = [frame.quantities[at] for at in group]
    first = quantities[0]
    start = max(frame.clauses[frame.clause_at(first.span.start)][0], bounds.before(group[0]))
    words = frame.text[start : first.span.start]
    said = "分别" in frame.text[start : first.number.start]
    dates = _dated_heads(frame, start, first.span.start, len(group))
    if dates:
        words = frame.text[dates[-1].span.end : first.span.start]
        subject = clean_left(words.replace("分别", ""))
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
    baselines = baselines or [None] * len(group)
    whole = Span(first.span.start, quantities[-1].span.end)
    before = re.search(r"分别(?:应当?|要|须)?$", frame.text[start : first.span.start])
    if before:
        whole = Span(start + before.start(), whole.end)
    return [
        replace(_shared(frame, first, q, head, base), raw=whole)
        for q, head, base in zip(quantities, heads, baselines, strict=True)
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
    metric, own = _with_change(frame, first, metric)
    lender = first if first.op else quantity
    trailing = next(
        (q for q in reversed(frame.quantities) if q.op and 0 <= q.span.start - quantity.span.start < 40), None
    )
    op = quantity.op or lender.op or (trailing.op if trailing else None)
    return Draft(
        metric, op or _direction(quantity, metric), quantity.number.start, quantity.span, quantity.value, quantity.upper,
        quantity.unit or first.unit, baseline=baseline or own, strength=_strength(frame, quantity.span.start),
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


def _unnumbered(frame: Frame, drafts: list[Draft]) -> list[Draft]:
    """不低于居民消费支出增速: a threshold that is another quantity."""
    made: list[Draft] = []
    for match in _NO_NUMBER.finditer(frame.text):
        if any(draft.raw.start < match.end() and match.start() < draft.raw.end for draft in drafts) or frame.inside(
            match.start()
        ):
            continue
        start, end = frame.clauses[frame.clause_at(match.start())]
        if re.search(r"\d", frame.text[match.end() : end]) or frame.text[match.end() : match.end() + 1] == "的":
            continue
        start = max(start, *(d.raw.end for d in drafts if d.raw.end <= match.start()), 0) if drafts else start
        subject = clean_left(re.sub(r"^[、和]?或者?", "", frame.text[start : match.start()]))
        if len(subject) <= 3 and drafts:
            subject = _head_of(drafts, subject)
        if len(subject) < 2:
            subject = (
                drafts[-1].metric
                if drafts and drafts[-1].raw.end <= match.start()
                else thing_before(frame, match.start())
            )
        if len(subject) < 2 or len(match["what"]) < 2:
            continue
        made.append(
            Draft(
                subject,
                _NO_NUMBER_OP[match["cue"]],
                match.start(),
                Span(*match.span()),
                baseline=match["what"],
                strength=_strength(frame, match.start()),
            )
        )
    return made


def _head_of(drafts: list[Draft], subject: str) -> str:
    """增速不低于…: of what the targets before it speak."""
    first = drafts[0].metric
    for joint, parts in (("城乡", ("城市", "农村")),):
        if any(first.startswith(part) for part in parts):
            first = joint + first[2:]
    return first if first.endswith(subject) else first + subject


def _implied(frame: Frame, drafts: list[Draft]) -> list[Draft]:
    made: list[Draft] = []
    for mention in frame.implicits:
        if frame.inside(mention.span.start) in ("“", "《", "‘", "(") or _stated(frame, mention, drafts):
            continue
        metric = implied_metric(frame, mention, [d.metric for d in drafts if d.at < mention.span.start])
        if len(metric) < 2:
            continue
        none = mention.kind == "none"
        positive = mention.kind == "positive"
        made.append(
            Draft(
                metric,
                "eq" if none else "gt" if positive else "ge",
                mention.object.start if none else mention.span.start,
                mention.span,
                Decimal(0) if none or positive else Decimal(100),
                unit=None if none else "%",
                implicit=True,
                strength=_strength(frame, mention.span.start),
            )  # fmt: skip
        )
    return made


def _stated(frame: Frame, mention: Implicit, drafts: list[Draft]) -> bool:
    """Whether a number in the same clause states what 全部 / 均 only says again."""
    if mention.kind != "all":
        return False
    start, end = frame.clauses[frame.clause_at(mention.span.start)]
    return any(start <= draft.at < end and draft.at > mention.span.start for draft in drafts)


def _alternatives(frame: Frame, drafts: list[Draft]) -> list[Draft]:
    """A，或B: the ways are numbered; two places with an own rank each are scopes instead."""
    way = 0
    done: list[Draft] = []
    for draft in drafts:
        if done and draft.scope is None:
            gap = frame.text[done[-1].raw.end : draft.raw.start]
            if done[-1].raw.end <= draft.raw.start and _OR.match(gap):
                way += 1
        done.append(replace(draft, alternative=way) if way else draft)
        if way and "。" in frame.text[draft.raw.end : draft.raw.end + 1]:
            way = 0
    return done
