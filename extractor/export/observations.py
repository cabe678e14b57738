"""Observations of an archive as CSV, one row each, with the columns of the tables for analysts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from extractor.export.csv import Value, harmless
from extractor.types.archive import Observation

_SAID = (
    "domain", "object", "path", "text", "metric", "op", "value", "upper", "unit", "per", "baseline", "raw", "due",
    "strength",
)  # fmt: skip
COLUMNS = (
    "indicator", "name", "observation", "sha256", "source", "title", "place", "place_level", "place_parent", "year",
    "document_year", *_SAID, "dimension", "base", "base_unit", "base_value", "base_upper", "start", "end", "page",
)  # fmt: skip
_CHUNK = 1 << 16


def lines(rows: Iterable[tuple[Observation, str | None, str | None]]) -> Iterator[bytes]:
    """``rows``: with the indicator's id and name. UTF-8 with a byte order mark, in parts of some 64 KB; words that a
    spreadsheet would take for a formula get an apostrophe before them.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    out.write("\ufeff")
    writer.writerow(COLUMNS)
    for one, indicator_id, name in rows:
        writer.writerow([harmless(value) for value in (indicator_id, name, *_row(one))])
        if out.tell() > _CHUNK:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def _row(one: Observation) -> list[Value]:
    place, quantity = one.place, one.quantity
    of_place: list[Value] = [place.name, place.level, place.parent] if place is not None else [None, None, None]
    said: list[Value] = [" / ".join(one.path) if name == "path" else getattr(one, name) for name in _SAID]
    base: list[Value] = [quantity.dimension, quantity.base, quantity.unit, quantity.value, quantity.upper]
    head: list[Value] = [one.id, one.document, one.source, one.title, *of_place, one.year, one.document_year]
    return [*head, *said, *base, one.start, one.end, one.page]
