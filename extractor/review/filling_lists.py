"""Targets, deadlines and names filled from words of the document.

The record's own reading comes first: where the rules made a target, a date or a name of the words pointed at, that
is the value. Only where they did not, the expression is read by itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, JsonValue

from extractor.mentions.dates import find_dates
from extractor.mentions.quantities import find_quantities
from extractor.mentions.units import match_unit
from extractor.records.assemble import fold, number
from extractor.records.relative import direction
from extractor.records.words import clean_left
from extractor.review.errors import Refused
from extractor.review.words import Selection, names_in, phrase, whole_cell
from extractor.text.view import View, make_view
from extractor.types.geometry import Span
from extractor.types.item import Item
from extractor.types.mention import DateMention, Quantity
from extractor.types.record import Deadline, Evidence, IndicatorRecord, Responsible, Target

if TYPE_CHECKING:
    from extractor.review.reader import SpanReader

Changes = list[tuple[str, JsonValue]]
_OF_NUMBER = ("op", "value", "upper", "unit", "raw", "per", "implicit", "evidence")
_NUMBERS = frozenset({"", "value", "op", "upper", "raw", "implicit"})


def overlaps(place: Evidence | None, at: Selection) -> bool:
    """Whether the words pointed at are part of the evidence."""
    if place is None:
        return False
    spans = [Span(part.start, part.end) for part in place.parts] or [Span(place.start, place.end)]
    return any(at.meets(span) for span in spans)


def _readings(reader: SpanReader, at: Selection, record: IndicatorRecord) -> list[IndicatorRecord]:
    """How the rules read the record's own words, and then the item or cell that stands where the selection is."""
    found = [reader.own_reading(record)]
    places = reader.places
    for item in places.touching(at.reach):
        if (item.span.start, item.span.end) != (record.evidence.start, record.evidence.end):
            found.append(reader.read(places.item(item.span)))
    cell = whole_cell(places, at)
    if cell is not None and not places.touching(cell):
        found.append(reader.read(places.item(cell)))
    return found


def _views(reader: SpanReader, at: Selection) -> list[View]:
    """The items there without their numbers (4.11月底前 is no 11 April), the paragraph or cell, the selection."""
    items = [make_view(reader.document.text, item.span) for item in reader.places.touching(at.reach)]
    return [*items, at.view, at.own_view]


# --- targets ----------------------------------------------------------------------------------------------


def fill_target(
    reader: SpanReader, at: Selection, index: int, leaf: str, record: IndicatorRecord
) -> tuple[Changes, Span]:
    """A number sets all that belongs to it; a target behind the last is made whole."""
    old = record.targets[index] if index < len(record.targets) else None
    if leaf in _NUMBERS:
        made, span = _number(reader, at, record, old)
        names: Sequence[str] = _OF_NUMBER
    elif leaf == "metric":
        made, span = _metric(reader, at, record, old)
        names = ("metric",)
    elif leaf == "unit":
        unit, span = _unit(reader, at)
        made, names = _with(old, {"unit": unit}), ("unit",)
    elif leaf == "due":
        mention, span = _date(reader, at)
        if mention.end is None:
            raise _no_date()
        made, names = _with(old, {"due": mention.end}), ("due",)
    elif leaf in ("per", "baseline", "scope"):
        span = at.span if not at.click else phrase(reader.places, at)
        made, names = _with(old, {leaf: fold(reader.document.text[span.start : span.end])}), (leaf,)
    else:
        raise Refused(
            "cannot_fill", f"这一项不能从原文取值：{leaf[:40]} / this field is not filled from words: {leaf[:40]}"
        )
    return _of_element("targets", index, made, names, old), span


def _with(old: Target | None, update: dict[str, Any]) -> Target:
    return (old or Target(metric="", op="ge")).model_copy(update=update)


def _of_element(root: str, index: int, made: BaseModel, names: Sequence[str], old: BaseModel | None) -> Changes:
    whole = made.model_dump(mode="json")
    if old is None:
        return [(f"{root}/{index}", whole)]
    return [(f"{root}/{index}/{name}", whole[name]) for name in names]


def _number(reader: SpanReader, at: Selection, record: IndicatorRecord, old: Target | None) -> tuple[Target, Span]:
    for reading in _readings(reader, at, record):
        found = [target for target in reading.targets if overlaps(target.evidence, at)]
        if found:
            best = _meant(at, found, old)
            place = best.evidence
            return best, Span(place.start, place.end) if place is not None else at.span
    quantity, span = quantity_at(reader, at)
    metric = old.metric if old is not None else _before(at, span)
    unit = quantity.unit
    if unit is None and old is not None and fold(reader.document.text[span.start : span.end]) == at.stretch_words:
        unit = old.unit  # a bare number in a cell: what it counts stands in the column's head
    return _with(
        old,
        {
            "metric": metric,
            "op": direction(quantity, metric),
            "value": number(quantity.value),
            "upper": number(quantity.upper),
            "unit": unit,
            "raw": fold(reader.document.text[span.start : span.end]),
            "per": quantity.per,
            "implicit": False,
            "evidence": reader.places.finder.evidence(span),
        },
    ), span


def _before(at: Selection, number_at: Span) -> str:
    """The words of the clause before a number: what it measures, as near as can be told."""
    end = at.view.find(number_at.start)
    start = max((match.end() for match in re.finditer(r"[,;。:、]", at.view.text[:end])), default=0)
    return clean_left(at.view.text[start:end])


def _meant(at: Selection, found: list[Target], old: Target | None) -> Target:
    """Of several targets at a place the one whose number was pointed at (分别达到95%、52%), else the one it was."""
    small = min(_size(target.evidence) for target in found)
    found = [target for target in found if _size(target.evidence) == small]
    at_numbers = [
        number(quantity.value)
        for quantity in find_quantities(at.view.text, bare=True)
        if at.meets(at.view.span(*quantity.number))
    ]
    if len(found) > 1 and len(set(at_numbers)) == 1:
        found = [target for target in found if target.value == at_numbers[0]] or found
    same = [target for target in found if old is not None and target.metric == old.metric]
    return (same or found)[0]


def _size(place: Evidence | None) -> int:
    return place.end - place.start if place is not None else 0


def quantity_at(reader: SpanReader, at: Selection) -> tuple[Quantity, Span]:
    """The quantity at the selection: as prose is read, else as a cell that holds nothing but a number."""
    views = _views(reader, at)
    for view, bare in ((view, bare) for bare in (False, True) for view in views):
        found = [
            (quantity, view.span(*quantity.span))
            for quantity in find_quantities(view.text, bare=bare)
            if at.meets(view.span(*quantity.span))
        ]
        if found:
            return max(found, key=lambda each: at.share(each[1]))
    raise Refused("not_a_number", "这里没有数值，应为如“不低于35%” / no number here: expected words like 不低于35%")


def _metric(reader: SpanReader, at: Selection, record: IndicatorRecord, old: Target | None) -> tuple[Target, Span]:
    if not at.click:
        words = fold(reader.document.text[at.span.start : at.span.end]).strip("，。；、：,.;: ")
        return _with(old, {"metric": words}), at.span
    for reading in _readings(reader, at, record):
        for target in reading.targets:
            found = _printed(at, target.metric)
            if found is not None:
                return (target if old is None else _with(old, {"metric": target.metric})), found
    span = phrase(reader.places, at, without_numbers=True)
    return _with(old, {"metric": fold(reader.document.text[span.start : span.end])}), span


def _printed(at: Selection, words: str) -> Span | None:
    """Where words stand in the view of the stretch so that the click falls on them."""
    if len(words) < 2:
        return None
    place = at.view.text.find(words)
    while place >= 0:
        span = at.view.span(place, place + len(words))
        if at.meets(span):
            return span
        place = at.view.text.find(words, place + 1)
    return None


def _unit(reader: SpanReader, at: Selection) -> tuple[str, Span]:
    text = at.view.text
    for quantity in find_quantities(text):
        if quantity.unit and at.meets(at.view.span(*quantity.span)):
            place = text.rfind(quantity.unit, quantity.number.start, quantity.number.end)
            where = (place, place + len(quantity.unit)) if place >= 0 else quantity.number
            return quantity.unit, at.view.span(*where)
    near = at.view.find(at.span.start)
    found = [
        (unit.name, at.view.span(start, unit.end))
        for start in range(max(near - 6, 0), min(near + 1, len(text)))
        if (unit := match_unit(text, start)) is not None and at.meets(at.view.span(start, unit.end))
    ]
    if found:
        return max(found, key=lambda each: each[1].end - each[1].start)
    if not at.click and at.span.end - at.span.start <= 12:
        return fold(reader.document.text[at.span.start : at.span.end]).strip("（）()"), at.span
    raise Refused("not_a_unit", "这里没有单位，应为如“%”“万元” / no unit here: expected words like % or 万元")


# --- times and names --------------------------------------------------------------------------------------


def _no_date() -> Refused:
    return Refused("not_a_date", "这里没有时限，应为如“9月底前” / no date here: expected words like 9月底前")


def _date(reader: SpanReader, at: Selection) -> tuple[DateMention, Span]:
    for view in _views(reader, at):
        found = [
            (mention, view.span(*mention.span))
            for mention in find_dates(view.text, year=reader.year)
            if (mention.end or mention.start or mention.recurrence) and at.meets(view.span(*mention.span))
        ]
        if found:
            return max(found, key=lambda each: at.share(each[1]))
    raise _no_date()


def fill_deadline(reader: SpanReader, at: Selection, index: int, record: IndicatorRecord) -> tuple[Changes, Span]:
    """All fields of one deadline: the words and what they mean belong together."""
    old = record.deadlines[index] if index < len(record.deadlines) else None
    for reading in _readings(reader, at, record):
        for made in reading.deadlines:
            if made.evidence is not None and overlaps(made.evidence, at):
                span = Span(made.evidence.start, made.evidence.end)
                return _of_element("deadlines", index, made, tuple(Deadline.model_fields), old), span
    mention, span = _date(reader, at)
    made = Deadline.model_validate(
        {
            "raw": fold(reader.document.text[span.start : span.end]),
            "by": mention.by,
            "start": None if mention.role == "point" else mention.start,
            "end": mention.end,
            "recurrence": mention.recurrence,
            "evidence": reader.places.finder.evidence(span),
        }
    )
    return _of_element("deadlines", index, made, tuple(Deadline.model_fields), old), span


def fill_responsible(
    reader: SpanReader, at: Selection, index: int | None, record: IndicatorRecord
) -> tuple[Changes, Span]:
    """Without ``index`` the whole list; several names for one element stand one behind the other."""
    found, span = _names(reader, at, record, several=index is None)
    if index is None:
        return [("responsible", [each.model_dump(mode="json") for each in found])], span
    here = list(record.responsible)
    if index < len(here) and len(found) == 1:
        made = found[0]
        place = made.evidence.model_dump(mode="json") if made.evidence is not None else None
        return [(f"responsible/{index}/name", made.name), (f"responsible/{index}/evidence", place)], span
    kept = {(each.name, each.role) for at_, each in enumerate(here) if at_ != index}
    here[index : index + 1] = [each for each in found if (each.name, each.role) not in kept]
    return [("responsible", [each.model_dump(mode="json") for each in here])], span


def _names(
    reader: SpanReader, at: Selection, record: IndicatorRecord, *, several: bool
) -> tuple[list[Responsible], Span]:
    """As the rules read the bracket, label line or cell there, else the words themselves."""
    own = reader.own_reading(record)
    readings = [own] if several or any(overlaps(each.evidence, at) for each in own.responsible) else []
    who = reader.places.who_at(at.reach)
    if who is not None:
        readings.append(reader.read(Item(who.span, who=(who,))))
    for reading in readings:
        found = [each for each in reading.responsible if overlaps(each.evidence, at)]
        if at.click and who is not None and (several or not found):
            inside = [
                each for each in reading.responsible if each.evidence and who.span.contains(span_of(each.evidence))
            ]
            before = [each for each in inside if each.evidence and each.evidence.end <= at.span.start]
            found = inside if several else before[-1:]  # a click on 、 means the name before it
        if found:
            places = [each.evidence for each in found if each.evidence is not None]
            return found, Span(min(p.start for p in places), max(p.end for p in places))
    view, mentions = names_in(at, whole_cell(reader.places, at) if several else None, reader.components.whole)
    if not mentions:
        raise Refused("not_a_name", "这里没有单位名称，应为如“市民政局” / no name here: expected words like 市民政局")
    led = any(role == "lead" for role in (*(m.role for m in mentions), *(r.role for r in record.responsible)))
    found = [
        Responsible(
            name=each.name,
            role=("support" if led else "lead") if each.role == "duty" else each.role,
            evidence=reader.places.finder.evidence(view.span(*each.span)),
        )
        for each in mentions
    ]
    return found, view.span(mentions[0].span.start, mentions[-1].span.end)


def span_of(place: Evidence) -> Span:
    """From the first word to the last, what lies between parts included."""
    return Span(place.start, place.end)
