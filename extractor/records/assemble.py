"""Readings → records: every field filled from the words that state it, with the place of those words."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from extractor.records.dates import deadline_mentions, governing
from extractor.records.evidence import EvidenceFinder
from extractor.records.frame import Frame
from extractor.records.kinds import Scoring, scoring_of
from extractor.records.parts import RULES, RecordParts
from extractor.records.quota import quota_targets
from extractor.records.targets import Draft, find_targets
from extractor.types.document import Document
from extractor.types.geometry import Span
from extractor.types.mention import DateMention
from extractor.types.outline import Official
from extractor.types.reading import Dated, Named, Reading
from extractor.types.record import Deadline, Evidence, IndicatorRecord, RecordKind, Recurrence, Responsible, Target

# A part of one year says by when, not from when.
_STRETCH = re.compile(
    r"(?:今年|本年|20\d\d年)?(?:[上下]半年|第?[一二三四1-4]季度|\d{1,2}月份?|\d{0,2}月?[上中下]旬)(?:内)?"
)
_NEAR = 6000  # characters
_SPACE = re.compile(r"\s+")
_GAP = re.compile(r"(?<=[^\x00-\x7f])[ \u3000]+|[ \u3000]+(?=[^\x00-\x7f])")


@dataclass(frozen=True, slots=True)
class _Context:
    document: Document
    official: Official
    finder: EvidenceFinder
    parts: RecordParts

    def near(self, span: Span) -> str:
        """The text around, of a bounded length, so that the work grows no faster than the document."""
        return self.document.text[max(span.start - _NEAR, 0) : span.end + _NEAR]


def assemble(
    document: Document, official: Official, readings: Iterable[Reading], parts: RecordParts = RULES
) -> tuple[IndicatorRecord, ...]:
    """One record for each reading of an item that is not dropped, in order."""
    return tuple(each_record(document, official, readings, parts))


def each_record(
    document: Document, official: Official, readings: Iterable[Reading], parts: RecordParts = RULES
) -> Iterator[IndicatorRecord]:
    """The same records one by one, as ``readings`` gives what they are made of."""
    context = _Context(document, official, EvidenceFinder(document), parts)
    seen: Counter[str] = Counter()
    return (_record(context, reading, seen) for reading in readings if reading.item.dropped is None)


def fold(words: str) -> str:
    """Verbatim words on one line: line breaks and blanks beside Chinese characters are layout."""
    return _SPACE.sub(" ", _GAP.sub("", words.replace("\n", "").replace("\r", "").replace("\t", " "))).strip()


def number(value: Decimal | None) -> int | float | None:
    """A plain JSON number: whole values as int, others rounded to ten places (a third is 0.3333)."""
    if value is None:
        return None
    if value == value.to_integral_value():
        return int(value)
    exponent = value.as_tuple().exponent
    places = 4 if isinstance(exponent, int) and exponent < -10 else 10
    return float(round(value, places))


def _record(context: _Context, reading: Reading, seen: Counter[str]) -> IndicatorRecord:
    item = reading.item
    text = context.document.text
    words = fold(text[item.span.start : item.span.end])
    frame = _frame(context, reading)
    scoring = scoring_of(item, frame)
    made, dates = _targets(context, reading, frame, scoring)
    targets = tuple(target for target, _ in made)
    path = tuple(fold(part.text) for part in item.path)
    fields: dict[str, tuple[Evidence, ...]] = {
        "path": tuple(context.finder.evidence(part.span) for part in item.path),
        "points": tuple(context.finder.evidence(p.span) for p in (item.points,) if p),
        "row_points": tuple(context.finder.evidence(p.span) for p in (item.row_points,) if p),
        "assessed": tuple(context.finder.evidence(part.span) for part in item.assessed),
        "scoring_text": tuple(context.finder.evidence(span) for span in (item.scoring,) if span),
        "notes": tuple(context.finder.evidence(span) for span in item.notes),
    }
    points = scoring.points if scoring.kind in ("bonus", "penalty") else (item.points.value if item.points else None)
    kind: RecordKind = scoring.kind or ("target" if targets else "task")
    record = IndicatorRecord(
        record_id=_identity(context.document.source.sha256, words, path, item.tier, seen),
        path=path,
        number=item.number,
        text=words,
        kind=kind,
        tier=item.tier,
        points=number(points),
        row_points=number(item.row_points.value) if item.row_points else None,
        per_occurrence=scoring.per_occurrence,
        points_cap=number(scoring.cap),
        targets=targets,
        deadlines=_deadlines(context, reading, frame, dates, {target.due for target in targets}),
        responsible=_responsible(context, reading.who),
        assessed=tuple(dict.fromkeys(fold(part.text) for part in item.assessed)),
        scoring_text=fold(text[item.scoring.start : item.scoring.end]) if item.scoring else None,
        notes="；".join(fold(text[span.start : span.end]) for span in item.notes) or None,
        evidence=context.finder.evidence(item.span),
        field_evidence={name: places for name, places in fields.items() if places},
        confidence=0.5,
    )
    sure = context.parts.confidence(record, item, [draft for _, draft in made])
    return record.model_copy(update={"confidence": sure.record, "field_confidence": sure.fields})


def _identity(sha256: str, words: str, path: tuple[str, ...], tier: str | None, seen: Counter[str]) -> str:
    """Stable over runs and versions: source, squeezed text, path, tier and the how-manieth such record."""
    squeezed = [_SPACE.sub("", part) for part in (words, *path, tier or "")]
    key = "\x1f".join([sha256, *squeezed])
    seen[key] += 1
    return hashlib.sha256(f"{key}\x1f{seen[key]}".encode()).hexdigest()[:16]


def _frame(context: _Context, reading: Reading) -> Frame:
    mentions = reading.mentions
    return Frame(
        reading.view, mentions.quantities, mentions.dates, mentions.implicits, mentions.points,
        context=(*(part.text for part in reading.item.path), *reading.context), path=tuple(part.text for part in reading.item.path), year=context.official.year,
    )  # fmt: skip


def _targets(
    context: _Context, reading: Reading, frame: Frame, scoring: Scoring
) -> tuple[list[tuple[Target, Draft | None]], list[DateMention]]:
    """The targets with what they were made of, and the dates of the item's own words that are deadlines."""
    if reading.item.quota:
        due = _first_due(reading.when)
        return [(each, None) for each in quota_targets(context.document, reading.item, context.finder, due)], []
    if scoring.kind is not None:
        return [], deadline_mentions(frame, (), measured=False)
    found = find_targets(frame)
    near = context.near(reading.item.span) if found.targets or reading.thresholds else ""
    dates = deadline_mentions(frame, found.used, measured=bool(found.targets))
    staged = [draft.date for draft in found.targets if draft.date is not None and draft.date not in dates]
    dates = sorted([*dates, *dict.fromkeys(staged)], key=lambda mention: mention.span)
    inherited = [*reading.lead_in, *reading.when]
    chosen = context.parts.metric(frame, found.targets, near)
    made: list[tuple[Target, Draft | None]] = [
        (_target(context, frame, draft, dates, inherited), draft) for draft in chosen
    ]
    for view, mentions in reading.thresholds:
        extra = Frame(
            view,
            mentions.quantities,
            mentions.dates,
            mentions.implicits,
            (),
            (*frame.context, frame.text),
            frame.path,
            frame.year,
        )
        chosen = context.parts.metric(extra, find_targets(extra).targets, near)
        made.extend((_target(context, extra, draft, [], inherited), draft) for draft in chosen)
    return made, dates


def _first_due(dated: Iterable[Dated]) -> str | None:
    return next((d.mention.end for d in dated if d.mention.end and d.mention.role != "recurrence"), None)


def _target(context: _Context, frame: Frame, draft: Draft, dates: list[DateMention], inherited: list[Dated]) -> Target:
    mention = governing(frame, draft, dates)
    due = mention.end if mention else _first_due(inherited)
    span = frame.original(*draft.raw)
    return Target(
        metric=draft.metric, op=draft.op, value=number(draft.value), upper=number(draft.upper), unit=draft.unit, per=draft.per,
        baseline=draft.baseline, implicit=draft.implicit, alternative=draft.alternative, due=due, scope=draft.scope,
        raw=fold(context.document.text[span.start : span.end]), strength=draft.strength, evidence=context.finder.evidence(span),
    )  # fmt: skip


def _deadlines(
    context: _Context, reading: Reading, frame: Frame, dates: list[DateMention], due: set[str | None]
) -> tuple[Deadline, ...]:
    """What an item says itself goes before what leads to it, but for a target that is ``due`` by that."""
    own = [
        Dated(mention, frame.text[mention.span.start : mention.span.end], frame.original(*mention.span))
        for mention in dates
    ]
    found: dict[tuple[str | None, str | None, str | None, str | None], Deadline] = {}
    said = any(mention.end for mention in dates)
    lead_in = [dated for dated in reading.lead_in if not said or dated.mention.end in due]
    for dated in (*own, *lead_in, *reading.when):
        mention = dated.mention
        start, end = mention.start, mention.end
        if mention.role == "point" or _STRETCH.fullmatch(dated.raw):
            start = None
        if not (start or end or mention.recurrence):
            continue
        key = (start, end, mention.recurrence, mention.by)
        found.setdefault(
            key,
            Deadline(
                raw=fold(context.document.text[dated.span.start : dated.span.end]) or dated.raw, by=mention.by, start=start, end=end,
                recurrence=cast("Recurrence | None", mention.recurrence), evidence=context.finder.evidence(dated.span),
            ),
        )  # fmt: skip
    return tuple(found.values())


def _responsible(context: _Context, names: tuple[Named, ...]) -> tuple[Responsible, ...]:
    """责任单位 is lead where nobody else leads, else support."""
    led = any(named.mention.role == "lead" for named in names)
    found: dict[tuple[str, str], Responsible] = {}
    for named in names:
        said = named.mention.role
        role = ("support" if led else "lead") if said == "duty" else said
        found.setdefault(
            (named.mention.name, role),
            Responsible(name=named.mention.name, role=role, evidence=context.finder.evidence(named.span)),
        )
    return tuple(found.values())
