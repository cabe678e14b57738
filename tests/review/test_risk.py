from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from extractor.review import fields
from extractor.review.risk import WEIGHTS, field_risks, risks, share, stakes
from extractor.review.state import Entry, ReviewState, SetBy
from extractor.types.issue import Issue
from extractor.types.record import Evidence, IndicatorRecord, Target
from tests.review.samples import FILES, Log, result_of

BY = SetBy("li", "2026-03-02T08:00:00Z", 1)
WARNING = Issue(code="responsible_empty", severity="warning", message="…")
NOTE = Issue(code="scanned", severity="info", message="…")
BLOCKS = Issue(code="points_do_not_add_up", severity="warning", message="…")


def record(name: str, kind: str = "target", *, row: int | None = None, **given: Any) -> IndicatorRecord:
    """``row``: where the points of its row are printed."""
    whole: dict[str, Any] = {"text": "开展巡查", "kind": kind, "evidence": Evidence(start=0, end=4), "confidence": 0.9}
    if row is not None:
        whole["field_evidence"] = {"row_points": (Evidence(start=row, end=row + 1),)}
    return IndicatorRecord(record_id=name, **{**whole, **given})


def entries(*records: IndicatorRecord) -> list[Entry]:
    return [Entry(each, float(at)) for at, each in enumerate(records)]


def target(**given: Any) -> Target:
    return Target(**{"metric": "巡查次数", "op": "ge", "value": 3, "unit": "次", **given})


@pytest.mark.parametrize(
    ("given", "stake"),
    [
        (record("a", points=4, row_points=9), 4),
        (record("a", "bonus", points=2), 2),
        (record("a", "penalty", points=-3), 3),
        (record("a", "task", points=6), 6),
        (record("a", row_points=8), 8),
        (record("a"), 1),
        (record("a", "task"), 0.5),
        (record("a", "bonus"), 1),
        (record("a", points=0), 1),  # nothing printed is worth nothing: read wrongly it would never be looked at
        (record("a", "veto"), 1),
        (record("a", points=4, status="rejected"), 0),
        (record("a", points=4, status="approved"), 4),
    ],
)
def test_stake_of_one_record(given: IndicatorRecord, stake: float) -> None:
    assert stakes([given]) == {"a": stake}


def test_a_row_is_shared_by_its_items() -> None:
    shared = {"row": 10, "row_points": 6}
    found = stakes([
        record("a", **shared), record("b", "task", **shared), record("c", row=20, row_points=6),
        record("grade", tier="优秀", **shared), record("extra", "bonus", points=1, **shared),
        record("gone", status="rejected", **shared),
    ])  # fmt: skip
    assert found == {"a": 3, "b": 3, "c": 6, "grade": 6, "extra": 1, "gone": 0}


def test_a_veto_weighs_as_much_as_the_weightiest() -> None:
    found = stakes([record("a", "veto", points=2), record("b", points=8), record("c", points=90, status="rejected")])
    assert found == {"a": 8, "b": 8, "c": 0}


def test_doubt_times_stake_in_bands_about_the_average() -> None:
    given = entries(
        record("a", points=1, confidence=0.7), record("b", points=1, confidence=0.85),
        record("c", points=1, confidence=0.95), record("d", points=5, confidence=0.95),
    )  # fmt: skip
    found = risks(given, {})
    assert {name: round(risk.value, 6) for name, risk in found.items()} == {"a": 0.3, "b": 0.15, "c": 0.05, "d": 0.25}
    assert [risk.band for risk in found.values()] == [1, 2, 2, 1]  # of two points on average
    assert [risk.band for risk in risks(given[:3], {}).values()] == [0, 1, 2]


@pytest.mark.parametrize(("confidence", "band"), [(0.74, 0), (0.75, 1), (0.89, 1), (0.9, 2), (1.0, 2)])
def test_among_equals_the_bands_are_those_of_the_confidence(confidence: float, band: int) -> None:
    assert risks(entries(record("a", confidence=confidence), record("b")), {})["a"].band == band


@pytest.mark.parametrize(
    ("issues", "waived", "value"),
    [
        ((), (), 0.1),
        ((NOTE,), (), 0.1),
        ((WARNING,), (), 0.5),
        ((WARNING, BLOCKS), (), 1),
        ((BLOCKS, WARNING), ("points_do_not_add_up",), 0.5),
        ((BLOCKS,), ("points_do_not_add_up",), 0.1),
    ],
)
def test_a_failed_check_is_doubt(issues: tuple[Issue, ...], waived: tuple[str, ...], value: float) -> None:
    entry = Entry(record("a"), 0.0, waived=dict.fromkeys(waived, "li"))
    assert risks([entry], {"a": issues})["a"].value == pytest.approx(value)


def test_a_warning_does_not_make_a_doubtful_record_surer() -> None:
    assert risks(entries(record("a", confidence=0.2)), {"a": (WARNING,)})["a"].value == pytest.approx(0.8)


def test_a_documents_risk_is_the_share_of_points_that_are_open_and_doubtful() -> None:
    given = entries(
        record("a", points=6, confidence=0.5), record("b", points=2, confidence=0.5),
        record("c", points=2, confidence=0.5, status="approved"), record("d", points=90, confidence=0, status="rejected"),
    )  # fmt: skip
    assert share(given, risks(given, {})) == pytest.approx(0.4)
    ten = [
        replace(entry, record=entry.record.model_copy(update={"points": entry.record.points * 10}))
        for entry in given
        if entry.record.points
    ]
    assert share(ten, risks(ten, {})) == pytest.approx(0.4)  # whatever a document's points add up to
    decided = given[2:]
    assert share(decided, risks(decided, {})) == 0
    assert share([], {}) == 0


def test_fields_by_doubt_stake_and_weight() -> None:
    known = {
        "targets/0/value": 0.8,
        "targets/0/due": 0.8,
        "deadlines/0/raw": 0.8,
        "path": 0.8,
        "targets/0/novelty": 0.1,
    }
    found = field_risks(Entry(record("a", targets=(target(),), field_confidence=known), 0.0), (), 5)
    assert {path: round(value, 6) for path, value in found.items()} == {
        "targets/0/value": 1, "targets/0/due": 0.6, "deadlines/0/raw": 0.3, "path": 0.1,
    }  # fmt: skip


def test_what_a_person_set_is_in_doubt_no_more() -> None:
    known = dict.fromkeys(("kind", "targets/0/value", "targets/0/metric", "targets/1/value"), 0.5)
    entry = Entry(record("a", field_confidence=known), 0.0, set_by={"kind": BY, "targets/0": BY})
    assert set(field_risks(entry, (), 1)) == {"targets/1/value"}
    entry = replace(entry, set_by={"targets/1/value": BY, "targets": BY})  # a list that lost an element
    assert set(field_risks(entry, (), 1)) == {"kind", "targets/0/value", "targets/0/metric"}


def test_a_failed_check_points_at_its_fields() -> None:
    known = {"kind": 0.5, "points": 0.98, "row_points": 0.98}
    entry = Entry(record("a", points=2, field_confidence=known), 0.0)
    assert field_risks(entry, (BLOCKS,), 2) == pytest.approx({"kind": 1, "points": 2, "row_points": 0.024})
    unread = Entry(record("a", field_confidence={"kind": 0.5}), 0.0)
    assert field_risks(unread, (BLOCKS,), 1)["points"] == 1  # a field that nobody has read can be the one that is wrong
    waived = replace(entry, waived={"points_do_not_add_up": "li"})
    assert field_risks(waived, (BLOCKS,), 2)["points"] == pytest.approx(0.04)


def test_a_record_that_says_nothing_of_its_fields_is_doubted_as_a_whole() -> None:
    found = field_risks(Entry(record("a", targets=(target(value=0),), confidence=0.6), 0.0), (), 1)
    assert set(found) == {
        "text",
        "kind",
        "targets/0/metric",
        "targets/0/op",
        "targets/0/value",
        "targets/0/unit",
        "targets/0/alternative",
    }
    assert found["targets/0/value"] == pytest.approx(0.4)


def test_every_field_of_the_form_has_a_weight() -> None:
    whole = record(
        "a", targets=(target(),), deadlines=({"raw": "年底前"},), responsible=({"name": "市水利局", "role": "lead"},)
    )
    unweighed = {
        "record_id",
        "evidence",
        "field_evidence",
        "confidence",
        "field_confidence",
        "status",
        "issues",
        "canonical",
    }
    leaves = {path.replace("/0", "") for path in fields.leaves(whole)}
    assert {path for path in leaves if path.rpartition("/")[2] not in unweighed} == WEIGHTS.keys()
    assert WEIGHTS["targets/value"] == WEIGHTS["targets/metric"] == max(WEIGHTS.values())
    assert WEIGHTS["path"] == min(WEIGHTS.values()) > 0


def test_a_decision_lowers_the_documents_risk_and_undo_restores_it() -> None:
    log = Log(result_of(FILES[3]))  # a scheme with points
    before, stood = log.state.risk(), log.state.risks()
    assert 0 < before < 1
    worst = max(log.records, key=lambda each: stood[each.record_id].value)
    log.do("accept", record=worst.record_id, before="draft")
    total = sum(risk.stake for risk in stood.values())
    assert log.state.risk() == pytest.approx(before - stood[worst.record_id].value / total)
    log.do("undo")
    assert log.state.risk() == pytest.approx(before)
    for each in log.records:
        log.do("accept", record=each.record_id, before="draft")
    assert log.state.risk() == 0


def test_drafts_that_come_later_are_weighed_too() -> None:
    result = result_of(FILES[3])
    state = ReviewState(result.records[:3], None)
    assert len(state.risks()) == 3
    state.extend(result.records[3:])
    assert len(state.risks()) == len(result.records)
