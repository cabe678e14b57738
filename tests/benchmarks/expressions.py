"""Our readings of a file of expression cases, in the form that the cases' scorer takes.

    python tests/benchmarks/expressions.py CASES.jsonl > PRED.jsonl

A case with ``doc_year`` is policy language and read as the product reads it; any other case comes from a
general library's tests and is read with every number (``bare``) and with words such as 明天 relative to the
case's ``reference_date``. Offsets are those of the case's own text.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from extractor.mentions.dates import find_dates
from extractor.mentions.points import find_points
from extractor.mentions.quantities import find_quantities
from extractor.mentions.units import canonical_unit
from extractor.text.variants import simplify_characters
from extractor.text.view import View, make_view
from extractor.types.geometry import Span
from extractor.types.mention import DateMention, PointsMention, Quantity

Reading = dict[str, Any]


def _placed(view: View, original: str, span: Span) -> Reading:
    place = view.span(span.start, span.end)
    return {"raw": original[place.start : place.end], "start": place.start, "end": place.end}


def _quantity(item: Quantity) -> Reading:
    comparator = "range" if item.op == "between" else item.op or "eq"
    reading: Reading = {"value": float(item.value), "unit": canonical_unit(item.unit), "comparator": comparator}
    if item.upper is not None:
        reading["value_max"] = float(item.upper)
    return reading


def _points(item: PointsMention) -> Reading:
    return {"value": float(item.value or 0), "unit": "分", "comparator": "le" if item.kind == "cap" else "eq"}


def _date(item: DateMention, raw: str) -> Reading:
    if item.role == "recurrence":
        day = int(item.by[-2:]) if item.by else None
        return {"recurrence": item.interval, "day": day}
    start = item.start
    if start is None and item.role == "deadline" and item.end and raw.endswith("内"):
        start = item.end[:4] + "-01-01"  # within a year is from its first day
    reading: Reading = {"date_start": start, "date_end": item.end}
    if item.role in ("deadline", "start"):
        reading["mod"] = "before" if item.role == "deadline" else "since"
    return reading


def read_case(case: dict[str, Any]) -> list[Reading]:
    """The readings of one case, left to right."""
    policy = "doc_year" in case
    text = case["text"]
    view = make_view(text)
    today = date.fromisoformat(case["reference_date"][:10]) if case.get("reference_date") else None
    year = case["doc_year"] if policy else today.year if today else None
    plain = simplify_characters(view.text)
    readings = []
    for quantity in find_quantities(plain, bare=not policy):
        readings.append(_placed(view, text, quantity.span) | _quantity(quantity))
    for points in find_points(plain) if policy else ():
        if points.value is not None:
            readings.append(_placed(view, text, points.span) | _points(points))
    for mention in find_dates(plain, year=year, today=None if policy else today):
        if mention.role == "duration" and mention.end is None:
            continue  # a length alone is read as a quantity
        place = _placed(view, text, mention.span)
        readings.append(place | _date(mention, place["raw"]))
    return sorted(readings, key=lambda r: r["start"])


def predictions(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as cases:
        for line in cases:
            case = json.loads(line)
            yield {"id": case["id"], "pred": read_case(case)}


def main() -> int:
    if len(sys.argv) != 2:
        sys.stderr.write(str(__doc__))
        return 2
    for prediction in predictions(Path(sys.argv[1])):
        sys.stdout.write(json.dumps(prediction, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
