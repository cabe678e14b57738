"""What does not add up is said on the record, and what does is left alone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from extractor.records.checks import check_records
from extractor.types.outline import Official
from extractor.types.record import IndicatorRecord
from tests.records.samples import document_of, item_of, record_of, records_of


def codes(records: Sequence[IndicatorRecord], issued_on: str | None = None) -> list[list[str]]:
    checked = check_records(tuple(records), Official(issued_on=issued_on))
    return [[issue.code for issue in record.issues] for record in checked]


OWN = {
    "share over 100": ("合格率达到120%。", None, ["share_over_100"]),
    "share of 100": ("合格率达到100%。", None, []),
    "growth over 100": ("交易额增长120%。", None, []),
    "range": ("资本金比例为20%—25%。", None, []),
    "due before the document": ("6月底前合格率达到95%。", "2024-09-01", ["due_before_issue", "deadline_before_issue"]),
    "due after the document": ("6月底前合格率达到95%。", "2024-03-01", []),
    "deadline before the document": ("6月底前完善办法。", "2024-09-01", ["deadline_before_issue"]),
    "unknown day of issue": ("6月底前完善办法。", None, []),
}


@pytest.mark.parametrize(("sentence", "issued_on", "expected"), OWN.values(), ids=OWN)
def test_own_fields(sentence: str, issued_on: str | None, expected: list[str]) -> None:
    assert codes([record_of(sentence)], issued_on) == [expected]


def test_a_range_whose_ends_are_reversed() -> None:
    record = record_of("资本金比例为20%—25%。")
    (target,) = record.targets
    reversed_ = target.model_copy(update={"value": 25, "upper": 20})
    assert codes([record.model_copy(update={"targets": (reversed_,)})]) == [["range_reversed"]]


def rows(*points: str, printed: str = "5分") -> tuple[IndicatorRecord, ...]:
    """Items with points each, under one cell that prints ``printed``."""
    lines = [f"第{at}项完善办法（{value}分）。" for at, value in enumerate(points)]
    document = document_of("\n".join([printed, *lines]))
    items = [
        item_of(document, line, points=(f"{value}分", value), row_points=(printed, printed.strip("分")))
        for line, value in zip(lines, points, strict=True)
    ]
    return records_of(document, *items)


def test_points_that_add_up() -> None:
    assert codes(rows("2", "2", "1")) == [[], [], []]
    assert codes(rows("1.5", "3.5")) == [[], []]


def test_points_that_do_not_add_up_are_said_on_each_item() -> None:
    checked = check_records(rows("2", "2", "2"), Official())
    assert [[issue.code for issue in record.issues] for record in checked] == [["points_do_not_add_up"]] * 3
    message = checked[0].issues[0].message
    assert "6" in message
    assert "5" in message


def test_a_row_of_one_item_needs_no_sum() -> None:
    assert codes(rows("3")) == [[]]


def test_items_without_marks_of_their_own_are_not_added() -> None:
    document = document_of("5分\n完善甲办法。\n完善乙办法。")
    items = [item_of(document, words, row_points=("5分", "5")) for words in ("完善甲办法。", "完善乙办法。")]
    assert codes(records_of(document, *items)) == [[], []]


def test_an_issue_says_where() -> None:
    record = record_of("合格率达到120%。")
    (issue,) = check_records((record,), Official())[0].issues
    assert (issue.start, issue.end, issue.severity) == (record.evidence.start, record.evidence.end, "warning")


def test_records_without_findings_are_the_same_objects() -> None:
    record = record_of("完善办法。")
    assert check_records((record,), Official())[0] is record
