"""A field filled from words of the document: the expression there, normalised as the pipeline normalises it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from pydantic import JsonValue

from extractor.mentions import find_mentions
from extractor.records.assemble import fold, number
from extractor.review.errors import Refused
from extractor.review.filling_lists import (
    Changes,
    fill_deadline,
    fill_responsible,
    fill_target,
    overlaps,
    quantity_at,
    span_of,
)
from extractor.review.typed import listed
from extractor.review.words import Selection, heading_at, phrase, sentence, whole_cell
from extractor.types.geometry import Span
from extractor.types.record import IndicatorRecord

if TYPE_CHECKING:
    from extractor.review.reader import SpanReader

_PLAIN_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def fill(reader: SpanReader, start: int, end: int, field: str, record: IndicatorRecord) -> tuple[Changes, Span]:
    """The changes and the words that they were read from."""
    at = Selection.of(reader.places, start, end)
    root, index, leaf = _parsed(field)
    if root in ("targets", "deadlines", "responsible") and index is not None and index > len(getattr(record, root)):
        raise Refused("unknown_field", f"没有这一项：{field[:80]} / no such field: {field[:80]}")
    if root == "targets" and index is not None:
        return fill_target(reader, at, index, leaf, record)
    if root == "deadlines" and index is not None:
        return fill_deadline(reader, at, index, record)
    if root == "responsible":
        return fill_responsible(reader, at, index, record)
    filler = _FILLERS.get(root)
    if filler is None:
        raise Refused(
            "cannot_fill", f"这一项不能从原文取值：{field[:80]} / this field is not filled from words: {field[:80]}"
        )
    return filler(reader, at, root, index, record)


def _parsed(field: str) -> tuple[str, int | None, str]:
    root, _, rest = field.partition("/")
    index, _, leaf = rest.partition("/")
    return root, int(index) if index.isdecimal() else None, leaf


# --- plain fields -----------------------------------------------------------------------------------------


def _points(
    reader: SpanReader, at: Selection, root: str, index: int | None, record: IndicatorRecord
) -> tuple[Changes, Span]:
    reading = reader.own_reading(record)
    for place in reading.field_evidence.get(root, ()):
        if overlaps(place, at):
            found = cast("float | int | None", getattr(reading, root))
            return [(root, found), _evidence(reader, root, span_of(place))], span_of(place)
    view = at.view
    value: float | int | None = None
    span = at.span
    for mention in find_mentions(view.text, year=None).points:
        if mention.value is not None and at.meets(view.span(*mention.span)):
            value, span = number(mention.value), view.span(*mention.span)
    if value is None:
        for match in _PLAIN_NUMBER.finditer(view.text):
            if at.meets(view.span(*match.span())):
                value, span = _plain(match[0]), view.span(*match.span())
                break
    if value is None:
        quantity, span = quantity_at(reader, at)
        value = number(quantity.value)
    return [(root, value), _evidence(reader, root, span)], span


def _plain(printed: str) -> float | int:
    return float(printed) if "." in printed and float(printed) % 1 else int(float(printed))


def _evidence(reader: SpanReader, root: str, span: Span) -> tuple[str, JsonValue]:
    return f"field_evidence/{root}", [reader.places.finder.evidence(span).model_dump(mode="json")]


def _text(
    reader: SpanReader, at: Selection, root: str, index: int | None, record: IndicatorRecord
) -> tuple[Changes, Span]:
    span = sentence(reader.places, at)
    words = fold(reader.document.text[span.start : span.end])
    return [("text", words), ("evidence", reader.places.finder.evidence(span).model_dump(mode="json"))], span


def _said(
    reader: SpanReader, at: Selection, root: str, index: int | None, record: IndicatorRecord
) -> tuple[Changes, Span]:
    """Words as printed: what was dragged over, or the cell or sentence clicked at."""
    if not at.click:
        span = at.span
    else:
        cell = whole_cell(reader.places, at)
        short = root in ("tier", "number")
        span = cell if cell is not None else phrase(reader.places, at) if short else sentence(reader.places, at)
    words = fold(reader.document.text[span.start : span.end])
    if root == "number" and len(words) > 20:
        raise Refused("not_a_mark", "这里没有编号 / no number mark here")
    return [(root, words), *([] if root in ("tier", "number") else [_evidence(reader, root, span)])], span


def _path(
    reader: SpanReader, at: Selection, root: str, index: int | None, record: IndicatorRecord
) -> tuple[Changes, Span]:
    """One level of the path: the heading or cell clicked at, or the words dragged over."""
    level = len(record.path) if index is None else index
    if level > len(record.path):
        raise Refused("unknown_field", "没有这一级标题 / the path has no such level")
    words, span = heading_at(reader.places, at)
    path: list[JsonValue] = [*record.path[:level], words, *record.path[level + 1 :]]
    changes: Changes = [("path", path)]
    places = record.field_evidence.get("path", ())
    if len(places) == len(record.path):
        place = reader.places.finder.evidence(span)
        kept = [*places[:level], place, *places[level + 1 :]]
        changes.append(("field_evidence/path", [each.model_dump(mode="json") for each in kept]))
    return changes, span


def _assessed(
    reader: SpanReader, at: Selection, root: str, index: int | None, record: IndicatorRecord
) -> tuple[Changes, Span]:
    span = at.span if not at.click else whole_cell(reader.places, at) or phrase(reader.places, at)
    names: list[JsonValue] = [*listed(fold(reader.document.text[span.start : span.end]))]
    return [("assessed", names), _evidence(reader, "assessed", span)], span


_Filler = Callable[["SpanReader", Selection, str, "int | None", IndicatorRecord], tuple[Changes, Span]]
_FILLERS: dict[str, _Filler] = {
    "points": _points, "row_points": _points, "points_cap": _points, "text": _text, "number": _said, "tier": _said,
    "scoring_text": _said, "notes": _said, "path": _path, "assessed": _assessed,
}  # fmt: skip
