"""One record into several and several into one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from extractor.records.assemble import fold
from extractor.review.errors import Refused
from extractor.text.clauses import sentences
from extractor.text.marks import iter_marks
from extractor.text.view import make_view
from extractor.types.geometry import Span
from extractor.types.record import (
    Deadline,
    Evidence,
    EvidencePart,
    IndicatorRecord,
    RecordKind,
    Responsible,
    Target,
)

if TYPE_CHECKING:
    from extractor.review.reader import SpanReader

_SCORED: tuple[RecordKind, ...] = ("bonus", "penalty", "veto")


def inherited(made: IndicatorRecord, like: IndicatorRecord) -> IndicatorRecord:
    """``made`` out of words of ``like``, with what holds for the whole of ``like`` and what a person set there."""
    update: dict[str, Any] = {"path": like.path, "tier": like.tier, "row_points": like.row_points}
    for name in ("responsible", "assessed", "scoring_text", "notes"):
        if not getattr(made, name):
            update[name] = getattr(like, name)
    if not made.deadlines:
        update["deadlines"] = tuple(each for each in like.deadlines if _outside(each.evidence, like))
    places = {name: at for name, at in like.field_evidence.items() if name in ("path", "row_points") or name in update}
    update["field_evidence"] = {**made.field_evidence, **places}
    sure = {key: value for key, value in like.field_confidence.items() if key.split("/")[0] in update}
    own = {key: value for key, value in made.field_confidence.items() if key.split("/")[0] not in update}
    if "deadlines" in update:
        sure = {key: value for key, value in sure.items() if not key.startswith("deadlines/")}
    update["field_confidence"] = {**own, **sure}
    if like.kind in _SCORED:
        update.update(kind=like.kind, targets=(), per_occurrence=made.per_occurrence or like.per_occurrence)
    return made.model_copy(update=update)


def _outside(place: Evidence | None, record: IndicatorRecord) -> bool:
    return place is None or place.start < record.evidence.start or place.end > record.evidence.end


# --- split ------------------------------------------------------------------------------------------------


def split_points(reader: SpanReader, record: IndicatorRecord) -> list[int]:
    """At list marks inside the words, else after 。；, else where another cell or paragraph begins."""
    view = make_view(reader.document.text, _span(record))
    marks = [mark.start for mark in iter_marks(view.text) if mark.start > 0]
    if not marks:
        marks = [start for start, _ in sentences(view.text)][1:]
    found = _inside((view.span(at, at + 1).start for at in marks), record)
    if found:
        return found
    cells = [part for part in record.evidence.parts if part.cell is not None]
    return [b.start for a, b in pairwise(cells) if a.cell != b.cell]


def _inside(points: Iterable[int], record: IndicatorRecord) -> list[int]:
    """Points between the parts (a bracket that names offices, say) move to the next part's beginning."""
    parts = record.evidence.parts
    if not parts:
        return list(points)
    moved = (next((max(point, part.start) for part in parts if point < part.end), None) for point in points)
    return sorted({point for point in moved if point is not None and point > parts[0].start})


def split(reader: SpanReader, record: IndicatorRecord, at: Sequence[int]) -> list[IndicatorRecord]:
    """The parts between the cuts, each read anew. A lead-in before the first list mark is no part."""
    whole = _span(record)
    cuts = sorted(set(at))
    if not cuts:
        raise Refused(
            "cannot_split",
            "没有找到可拆分之处：先在原文中选中要分出的文字，再拆分 / nowhere to split: select the words to part off in the document, then split",
        )
    if cuts[0] <= whole.start or cuts[-1] >= whole.end:
        raise Refused("outside", "拆分位置不在这条之内 / the place to split at lies outside the record")
    parts: list[IndicatorRecord] = []
    for place, (start, end) in enumerate(pairwise([whole.start, *cuts, whole.end])):
        start, end = _clipped(record, start, end)
        view = make_view(reader.document.text, Span(start, end))
        words = view.text.strip(" \n,;。、")
        if not words or (place == 0 and words.endswith(":") and len(cuts) > 1):
            continue  # 包括以下任务：1.… 2.…
        if words.startswith("(") and words.find(")") == len(words) - 1:
            continue  # （责任单位：…）：what holds for its neighbours
        made = reader.record(start, end, like=record)
        if place == 0 and made.number is None:
            made = made.model_copy(update={"number": record.number})
        parts.append(made)
    if len(parts) < 2:
        raise Refused("cannot_split", "拆分后不足两条 / fewer than two parts hold words")
    return parts


def _clipped(record: IndicatorRecord, start: int, end: int) -> tuple[int, int]:
    """Without what stands between the cells that the record's words stand in."""
    inside = [part for part in record.evidence.parts if part.start < end and start < part.end]
    return (max(start, inside[0].start), min(end, inside[-1].end)) if inside else (start, end)


# --- merge ------------------------------------------------------------------------------------------------


def merge(reader: SpanReader, records: Sequence[IndicatorRecord]) -> IndicatorRecord:
    """The record of all their words. Fields that can't be united are those of the first."""
    ordered = sorted(records, key=lambda record: (record.evidence.start, record.evidence.end))
    text, evidence = _union(reader, ordered)
    first = ordered[0]
    targets, deadlines, names = _targets(ordered), _deadlines(ordered), _names(ordered)
    kinds = {record.kind for record in ordered}
    scored = next(iter(kinds)) if len(kinds) == 1 else None
    kind: RecordKind = scored if scored in _SCORED and scored else ("target" if targets else "task")
    points, places = _points(ordered)
    field_evidence = {
        name: tuple(dict.fromkeys(at for record in ordered for at in record.field_evidence.get(name, ())))
        for name in dict.fromkeys(name for record in ordered for name in record.field_evidence)
    }
    field_evidence["path"] = first.field_evidence.get("path", ())
    field_evidence["points"] = places
    sure: dict[str, float] = {}
    for name, made in (("targets", targets), ("deadlines", deadlines), ("responsible", names)):
        sure.update(_sure(name, made, ordered))
    plain = {key: value for key, value in first.field_confidence.items() if "/" not in key}
    return first.model_copy(
        update={
            "text": text,
            "evidence": evidence,
            "kind": kind,
            "points": points,
            "row_points": next((each.row_points for each in ordered if each.row_points is not None), None),
            "per_occurrence": any(each.per_occurrence for each in ordered),
            "points_cap": next((each.points_cap for each in ordered if each.points_cap is not None), None),
            "targets": targets,
            "deadlines": deadlines,
            "responsible": names,
            "assessed": tuple(dict.fromkeys(one for each in ordered for one in each.assessed)),
            "scoring_text": _joined(each.scoring_text for each in ordered),
            "notes": _joined(each.notes for each in ordered),
            "field_evidence": {name: at for name, at in field_evidence.items() if at},
            "confidence": min(each.confidence for each in ordered),
            "field_confidence": {**plain, **sure},
            "status": "draft",
            "issues": (),
        }
    )


def _union(reader: SpanReader, ordered: Sequence[IndicatorRecord]) -> tuple[str, Evidence]:
    """The words from the first to the last where they stand in one paragraph or cell or in paragraphs in a row; of
    different cells each record's own words, as parts.
    """
    whole = Span(ordered[0].evidence.start, max(record.evidence.end for record in ordered))
    spans = [_span(record) for record in ordered]
    cells = {
        (at[1], at[2]) if at[2] is not None else None for at in map(reader.places.at, (s.start for s in spans)) if at
    }
    if len(cells) == 1:
        return fold(reader.document.text[whole.start : whole.end]), reader.places.finder.evidence(whole)
    parts: list[EvidencePart] = []
    words: list[str] = []
    end = -1
    for span in spans:
        if span.start < end:
            continue  # the same words a second time
        found = reader.places.finder.evidence(span)
        parts.extend(found.parts or (EvidencePart(**found.model_dump(exclude={"parts"})),))
        words.append(fold(reader.document.text[span.start : span.end]))
        end = span.end
    outer = reader.places.finder.evidence(spans[0])
    update = {"start": whole.start, "end": whole.end, "parts": tuple(parts) if len(parts) > 1 else ()}
    return "".join(words), outer.model_copy(update=update)


def _targets(ordered: Sequence[IndicatorRecord]) -> tuple[Target, ...]:
    found: dict[tuple[object, ...], Target] = {}
    for target in (each for record in ordered for each in record.targets):
        key = (target.metric, target.op, target.value, target.upper, target.unit, target.due, target.scope)
        found.setdefault(key, target)
    return tuple(found.values())


def _deadlines(ordered: Sequence[IndicatorRecord]) -> tuple[Deadline, ...]:
    found: dict[tuple[object, ...], Deadline] = {}
    for deadline in (each for record in ordered for each in record.deadlines):
        found.setdefault((deadline.start, deadline.end, deadline.recurrence, deadline.by), deadline)
    return tuple(found.values())


def _names(ordered: Sequence[IndicatorRecord]) -> tuple[Responsible, ...]:
    found: dict[tuple[str, str], Responsible] = {}
    for who in (each for record in ordered for each in record.responsible):
        found.setdefault((who.name, who.role), who)
    return tuple(found.values())


def _points(ordered: Sequence[IndicatorRecord]) -> tuple[float | int | None, tuple[Evidence, ...]]:
    """The sum of the points printed at different places; None where none of the records has any."""
    total: float | int | None = None
    seen: list[Evidence] = []
    for record in ordered:
        places = record.field_evidence.get("points", ())
        if record.points is None or (places and places[0] in seen):
            continue
        total = record.points if total is None else round(total + record.points, 6)
        seen.extend(places)
    return total, tuple(seen)


def _joined(words: Iterable[str | None]) -> str | None:
    return "；".join(dict.fromkeys(each for each in words if each)) or None


def _sure(name: str, made: Sequence[object], ordered: Sequence[IndicatorRecord]) -> dict[str, float]:
    """The confidences of the elements that came together, at their new places."""
    found: dict[str, float] = {}
    for at, element in enumerate(made):
        for record in ordered:
            old = next((old for old, each in enumerate(getattr(record, name)) if each is element), None)
            if old is None:
                continue
            prefix = f"{name}/{old}/"
            for key, value in record.field_confidence.items():
                if key.startswith(prefix):
                    found[f"{name}/{at}/{key.removeprefix(prefix)}"] = value
            break
    return found


def _span(record: IndicatorRecord) -> Span:
    return Span(record.evidence.start, record.evidence.end)
