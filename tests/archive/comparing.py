"""What the tests of comparisons share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from extractor import extract
from extractor.archive.compare import compare
from extractor.types.comparison import Comparison, Row
from extractor.types.record import ExtractionFile, IndicatorRecord, Target
from tests.archive.notices import grams_alike
from tests.export.samples import make_file, make_record

Info = Mapping[str, Any]
NO_INFO: Info = {}


def read(text: str, name: str = "通知.txt") -> ExtractionFile:
    return extract(text.encode(), name=name).to_contract()


def against(old: ExtractionFile, new: ExtractionFile) -> Comparison:
    return compare(old, new, grams_alike)


def row_with(comparison: Comparison, words: str) -> Row:
    found = [row for row in comparison.rows if any(words in side.record.text for side in row.sides)]
    assert len(found) == 1, [[side.record.text for side in row.sides] for row in found]
    return found[0]


def demand(text: str = "新增床位不少于500张", *targets: Target, **fields: Any) -> IndicatorRecord:
    return make_record(0, ("养老",), text, kind="target" if targets else "task", targets=targets, **fields)


def goal(**fields: Any) -> Target:
    return Target(**{"metric": "新增床位", "op": "ge", "value": 500, "unit": "张", "raw": "不少于500张"} | fields)


def issued(issuer: str) -> Info:
    return {"issuer": issuer, "title": "重点工作任务分解表"}


def only(old: IndicatorRecord, new: IndicatorRecord, before: Info = NO_INFO, after: Info = NO_INFO) -> Row:
    """The one row of two documents with one demand each, and what is known of the documents."""
    rows = against(make_file((old,), **before), make_file((new,), **after)).rows
    assert len(rows) == 1
    return rows[0]
