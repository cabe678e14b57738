from __future__ import annotations

import pytest

from extractor.review.errors import Refused
from extractor.review.fields import diff, leaves, normal, read, write
from tests.records.samples import record_of

RECORD = record_of("年底前危险废物规范处置率不低于96%，重点点位巡查覆盖率达到100%。", path=["一、治理"])


def test_reads_fields_elements_and_what_is_not_there_yet() -> None:
    assert read(RECORD, "targets/0/value") == 96
    assert read(RECORD, "targets/1")["unit"] == "%"  # type: ignore[index, call-overload]
    assert read(RECORD, "path") == ["一、治理"]
    assert read(RECORD, "targets/2") is None
    assert read(RECORD, "targets/2/value") is None
    assert read(RECORD, "field_evidence/points") is None
    assert isinstance(read(RECORD, "evidence"), dict)
    assert read(RECORD, "field_confidence/targets/0/value") == RECORD.field_confidence["targets/0/value"]


@pytest.mark.parametrize(
    "field", ["nothing", "targets/3", "targets/x", "targets/0/nothing", "text/0", "", "targets//value", "targets/-1"]
)
def test_unknown_places_are_refused(field: str) -> None:
    with pytest.raises(Refused) as error:
        read(RECORD, field)
    assert error.value.code == "unknown_field"
    with pytest.raises(Refused):
        write(RECORD, field, "x")


def test_writes_one_place_and_leaves_the_rest() -> None:
    made = write(RECORD, "targets/1/value", 99.5)
    assert made.targets[1].value == 99.5
    assert made.targets[0] is RECORD.targets[0]
    assert RECORD.targets[1].value == 100
    assert write(made, "targets/1/value", 100) == RECORD


def test_appends_behind_the_last_and_takes_elements_and_keys_away() -> None:
    more = write(RECORD, "responsible/0", {"name": "市民政局", "role": "lead"})
    assert [each.name for each in more.responsible] == ["市民政局"]
    assert write(more, "responsible/0", None) == RECORD
    assert len(write(RECORD, "targets/0", None).targets) == 1
    place = RECORD.evidence.model_dump(mode="json")
    keyed = write(RECORD, "field_evidence/points", [place])
    assert keyed.field_evidence["points"] == (RECORD.evidence,)
    assert write(keyed, "field_evidence/points", None) == RECORD


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("targets/0/op", "about"), ("kind", "goal"), ("targets/0/value", "many"), ("targets/0/value", float("nan")),
        ("targets/0/value", True), ("targets", [{"metric": "x"}]), ("targets/0/due", "2024年"), ("points", float("inf")),
        ("confidence", 2), ("text", None), ("path", "一"), ("responsible/0", {"name": "x", "role": "lead", "more": 1}),
        ("targets", [{"metric": "x", "op": "ge", "value": float("inf")}]),
    ],
)  # fmt: skip
def test_values_that_are_none_of_the_field_are_refused(field: str, value: object) -> None:
    with pytest.raises(Refused) as error:
        write(RECORD, field, value)  # type: ignore[arg-type]
    assert error.value.code == "bad_value"
    assert "\n" not in str(error.value)


def test_diff_is_as_small_as_can_be_and_rebuilds_the_record() -> None:
    changed = write(write(write(RECORD, "targets/1/value", 90), "text", "别的"), "number", "1.")
    found = diff(RECORD, changed)
    assert [(field, before, after) for field, before, after in found] == [
        ("number", None, "1."), ("text", RECORD.text, "别的"), ("targets/1/value", 100, 90),
    ]  # fmt: skip
    made = RECORD
    for field, _, after in found:
        made = write(made, field, after)
    assert made == changed
    shorter = write(RECORD, "targets/0", None)
    assert [field for field, _, _ in diff(RECORD, shorter)] == ["targets"]
    assert diff(RECORD, RECORD) == []


def test_normal_fills_in_defaults_so_that_short_forms_compare() -> None:
    assert normal("responsible/0", {"name": "甲", "role": "lead"}) == {"name": "甲", "role": "lead", "evidence": None}
    assert normal("targets/0/value", 35.0) == 35
    assert normal("points", "x") == "x"


def test_leaves_are_all_readable() -> None:
    names = list(leaves(RECORD))
    assert "targets/1/metric" in names
    assert "text" in names
    for name in names:
        read(RECORD, name)
