from __future__ import annotations

from typing import Any

import pytest

from extractor.review.checks import BLOCKING, check
from extractor.review.state import Entry, ReviewState
from extractor.types.record import Deadline, Evidence, IndicatorRecord, Responsible, Target
from tests.review.samples import FILES, result_of

TEXT = "完成造林5万亩；森林覆盖率不低于35%；建立林长制"
INFO = result_of(FILES[0]).info  # issued on 2021-03-18


def record(number: int = 1, start: int = 0, end: int = 7, **given: Any) -> IndicatorRecord:
    whole = {"text": TEXT[start:end], "kind": "task", "evidence": Evidence(start=start, end=end), "confidence": 0.9}
    return IndicatorRecord(record_id=f"{number:016x}", **{**whole, **given})


def target(**given: Any) -> Target:
    return Target(**{"metric": "森林覆盖率", "op": "ge", "value": 35, "unit": "%", **given})


def codes(*records: IndicatorRecord, text: str | None = TEXT) -> dict[str, list[str]]:
    found = check([Entry(each, float(at)) for at, each in enumerate(records)], INFO, text)
    return {name[-1]: [issue.code for issue in issues] for name, issues in found.items()}


def test_samples_have_no_failed_check() -> None:
    for name in FILES:
        result = result_of(name)
        state = ReviewState(result.records, result.info, text=result.document.text)
        assert not {issue.code for issues in state.issues().values() for issue in issues} & BLOCKING


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"kind": "target", "targets": (target(metric=" "),)}, "target_incomplete"),
        ({"kind": "target", "targets": (target(value=None),)}, "target_incomplete"),
        ({"kind": "target"}, "kind_mismatch"),
        ({"kind": "task", "targets": (target(),)}, "kind_mismatch"),
        ({"kind": "target", "targets": (target(value=135),)}, "share_over_100"),
        ({"kind": "target", "targets": (target(op="between", value=50, upper=40),)}, "range_reversed"),
        ({"kind": "target", "targets": (target(due="2021-01-31"),)}, "due_before_issue"),
        ({"deadlines": (Deadline(raw="1月底前", end="2021-01-31"),)}, "deadline_before_issue"),
        ({"text": "完成造林6万亩"}, "text_not_at_evidence"),
    ],
)
def test_single_records(given: dict[str, Any], code: str) -> None:
    assert codes(record(**given)) == {"1": [code]}
    assert code in BLOCKING
    assert codes(record(**given, status="rejected")) == {}


def test_what_is_right_fails_nothing() -> None:
    fine = (
        record(kind="target", targets=(target(value=None, baseline="上年水平"),)),
        record(2, text="完成 造林5\n万亩", tier="优秀"),
        record(3, 8, 19, kind="target", targets=(target(due="2021-12-31"),)),
        record(4, 0, 25, text="完成造林5万亩建立林长制", evidence=Evidence(start=0, end=25, parts=(
            Evidence(start=0, end=7), Evidence(start=20, end=25)))),
    )  # fmt: skip
    assert codes(*fine) == {}


def test_without_the_text_no_words_are_compared() -> None:
    assert codes(record(text="完成造林6万亩"), text=None) == {}


def test_the_same_words_twice_for_one_grade() -> None:
    twins = (record(1), record(2), record(3, tier="优秀"), record(4, 8, 19))
    assert codes(*twins) == {"1": ["duplicate_record"], "2": ["duplicate_record"]}
    assert codes(record(1), record(2, status="rejected")) == {}


def test_points_of_a_row_add_up() -> None:
    places = {"row_points": (Evidence(start=20, end=21),)}
    row = [record(at, at, at + 3, points=2, row_points=5, field_evidence=places) for at in (1, 2)]
    assert codes(*row) == {"1": ["points_do_not_add_up"], "2": ["points_do_not_add_up"]}
    assert codes(row[0], row[1].model_copy(update={"points": 3})) == {}


def test_a_row_that_names_nobody_warns_and_blocks_nothing() -> None:
    who = (Responsible(name="市林业局", role="lead"),)
    rows = [
        record(
            at, at, at + 3, evidence=Evidence(start=at, end=at + 3, cell=(0, at, 2)), responsible=who if at < 3 else ()
        )
        for at in (1, 2, 3)
    ]
    assert codes(*rows) == {"3": ["responsible_empty"]}
    assert "responsible_empty" not in BLOCKING
    assert codes(rows[2]) == {}


def test_what_was_found_before_is_looked_at_anew() -> None:
    old = record(issues=tuple(check([Entry(record(text="别的"), 0.0)], INFO, TEXT)["0" * 15 + "1"]))
    assert codes(old) == {}


def test_what_is_known_of_unchanged_records_is_kept_and_of_changed_ones_not() -> None:
    wrong = record(text="完成造林6万亩")
    known: dict[str, Any] = {}
    assert check([Entry(wrong, 0.0)], INFO, TEXT, known)
    assert known[wrong.record_id][0] is wrong
    assert not check([Entry(record(), 0.0)], INFO, TEXT, known)
