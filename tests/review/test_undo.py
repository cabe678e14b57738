from __future__ import annotations

import pytest

from extractor.review.errors import Conflict, Refused
from extractor.review.operations import Planned
from extractor.types.review import Change
from tests.review.samples import FILES, Log, picture, result_of


@pytest.fixture
def log() -> Log:
    return Log(result_of(FILES[4]))


def edit(log: Log, name: str, field: str, before: object, after: object, actor: str = "li") -> None:
    log.do("edit", actor, record=name, changes=[{"field": field, "before": before, "after": after}])


def test_undo_names_what_it_takes_back_and_redo_the_undo(log: Log) -> None:
    name = log.records[0].record_id
    log.do("accept", record=name, before="draft")
    assert log.do("undo").undoes == 1
    assert log.record(name).status == "draft"
    assert log.do("redo").undoes == 2
    assert log.record(name).status == "approved"
    assert log.do("undo").undoes == 3
    assert log.do("redo").undoes == 4
    with pytest.raises(Refused) as error:
        log.plan("redo")
    assert error.value.code == "nothing_left"


def test_each_undoes_their_own(log: Log) -> None:
    one, two = log.records[0].record_id, log.records[1].record_id
    log.do("accept", "li", record=one, before="draft")
    log.do("accept", "wang", record=two, before="draft")
    log.do("undo", "li")
    assert (log.record(one).status, log.record(two).status) == ("draft", "approved")
    assert log.state.undoable("li") is None
    with pytest.raises(Refused):
        log.plan("undo", "li")


def test_a_new_operation_ends_redo(log: Log) -> None:
    one, two = log.records[0].record_id, log.records[1].record_id
    log.do("accept", record=one, before="draft")
    log.do("undo")
    log.do("accept", record=two, before="draft")
    assert log.state.redoable("li") is None


def test_conflict_where_another_has_set_the_field_since(log: Log) -> None:
    record = log.find("应用场景拓展至30个以上")
    edit(log, record.record_id, "targets/0/value", 30, 40)
    edit(log, record.record_id, "targets/0/unit", "个", "项", "wang")
    before = picture(log.state)
    edit(log, record.record_id, "targets/0/value", 40, 50, "wang")
    with pytest.raises(Conflict) as error:
        log.plan("undo", "li")
    (difference,) = error.value.differences
    assert (difference.field, difference.yours, difference.current, difference.actor) == (
        "targets/0/value",
        30,
        50,
        "wang",
    )
    log.do("undo", "wang")
    assert picture(log.state) == before
    log.do("undo", "li")
    assert log.record(record.record_id).targets[0].value == 30
    assert log.record(record.record_id).targets[0].unit == "项"


def test_conflict_where_another_has_set_the_whole_list_since(log: Log) -> None:
    """The first of two targets is taken away: what is now the first may look like what was changed before."""
    record = log.find("低压居民、小微企业用电接入")
    name = record.record_id
    edit(log, name, "targets/0/value", 3, 5)
    first = log.record(name).targets[0].model_dump(mode="json")
    edit(log, name, "targets/0", first, None, "wang")
    assert log.record(name).targets[0].value == 5
    with pytest.raises(Conflict):
        log.plan("undo", "li")
    log.do("undo", "wang")
    log.do("undo", "li")
    assert log.record(name) == record


def test_bulk_and_split_are_one_step_each(log: Log) -> None:
    start = picture(log.state)
    log.do("accept_many", records=[record.record_id for record in log.records])
    log.do("undo")
    assert picture(log.state) == start
    record = log.records[3]
    log.do("split", record=record.record_id, at=(record.evidence.start + 10,))
    assert len(log.records) == len(log.result.records) + 1
    log.do("undo")
    assert picture(log.state) == start
    log.do("redo")
    assert log.state.entry(record.record_id) is None
    assert picture(log.fresh(events=True)) == picture(log.state)


def test_conflict_where_another_has_worked_on_the_parts_of_a_split(log: Log) -> None:
    record = log.records[3]
    planned = log.do("split", record=record.record_id, at=(record.evidence.start + 10,))
    assert planned.focus is not None
    log.do("accept", "wang", record=planned.focus, before="draft")
    with pytest.raises(Conflict) as error:
        log.plan("undo", "li")
    assert [difference.record for difference in error.value.differences] == [planned.focus]
    log.do("undo", "wang")
    log.do("undo", "li")
    assert log.records == list(log.result.records)


def test_who_set_a_field_goes_back_with_it(log: Log) -> None:
    record = log.find("应用场景拓展至30个以上")
    name = record.record_id
    edit(log, name, "targets/0/value", 30, 40, "wang")
    edit(log, name, "targets/0/value", 40, 50, "li")
    entry = log.state.entry(name)
    assert entry is not None
    assert entry.set_by["targets/0/value"].actor == "li"
    log.do("undo", "li")
    entry = log.state.entry(name)
    assert entry is not None
    assert (entry.set_by["targets/0/value"].actor, entry.set_by["targets/0/value"].seq) == ("wang", 1)
    log.do("undo", "wang")
    entry = log.state.entry(name)
    assert entry is not None
    assert not entry.set_by
    assert entry.version == 4


def test_elements_take_their_history_along_when_one_before_them_goes(log: Log) -> None:
    record = log.find("低压居民、小微企业用电接入")
    name = record.record_id
    edit(log, name, "targets/1/value", 5, 6, "wang")
    edit(log, name, "targets/0", record.targets[0].model_dump(mode="json"), None, "li")
    entry = log.state.entry(name)
    assert entry is not None
    assert entry.set_by["targets/0/value"].actor == "wang"
    assert "targets/2/metric" not in entry.record.field_confidence
    assert entry.record.field_confidence["targets/1/metric"] == record.field_confidence["targets/2/metric"]
    log.do("undo", "li")
    log.do("undo", "wang")
    assert log.record(name) == record


def test_many_new_records_at_one_place_keep_the_order(log: Log) -> None:
    record = log.records[3]
    for _ in range(40):
        log.do("duplicate", record=record.record_id)
    names = [event.changes[0].record for event in log.events]
    assert [each.record_id for each in log.records[3:44]] == [record.record_id, *reversed(names)]
    assert log.records[44] == log.result.records[4]
    for _ in range(40):
        log.do("duplicate", record=record.record_id)  # more than there are numbers between two floats
    for _ in range(80):
        log.do("undo")
    assert log.records == list(log.result.records)


def test_conflict_where_the_record_or_the_element_is_gone(log: Log) -> None:
    """Also where the value before was None, which an absent field reads as."""
    record = log.find("低压居民、小微企业用电接入")
    name = record.record_id
    edit(log, name, "targets/2/unit", "%", None)
    log.do("split", "wang", record=name, at=(record.evidence.start + 20,))
    with pytest.raises(Conflict):
        log.plan("undo", "li")
    log.do("undo", "wang")
    edit(log, name, "targets", [each.model_dump(mode="json") for each in log.record(name).targets], [], "wang")
    with pytest.raises(Conflict):
        log.plan("undo", "li")
    with pytest.raises(Conflict) as error:
        edit(log, name, "targets/2/value", 99.98, 99)
    assert (error.value.differences[0].current, error.value.differences[0].actor) == (None, "wang")
    with pytest.raises(Conflict):
        log.plan(
            "fill",
            record=name,
            field="targets/2/value",
            start=record.evidence.start,
            end=record.evidence.start,
            before=99.98,
        )
    log.do("undo", "wang")
    log.do("undo", "li")
    assert log.record(name) == record


def test_redo_of_a_list_and_then_of_a_field_in_it(log: Log) -> None:
    record = log.find("低压居民、小微企业用电接入")
    name = record.record_id
    edit(log, name, "targets/0", record.targets[0].model_dump(mode="json"), None)
    edit(log, name, "targets/0/value", 5, 6)
    end = picture(log.state)
    for _ in range(2):
        log.do("undo")
        log.do("undo")
        assert log.record(name) == record
        log.do("redo")
        log.do("redo")
        assert picture(log.state) == end


def test_one_event_that_makes_a_record_and_fills_it(log: Log) -> None:
    """As a workbook does that comes back with a new row."""
    start = picture(log.state)
    made = log.plan("duplicate", record=log.records[0].record_id)
    assert made.focus is not None
    filled = Change(record=made.focus, field="number", before=log.records[0].number, after="9.")
    log.append(Planned("import", (*made.changes, filled)), "li")
    end = picture(log.state)
    for _ in range(2):
        log.do("undo")
        assert picture(log.state) == start
        log.do("redo")
        assert picture(log.state) == end
    log.do("accept", "wang", record=made.focus, before="draft")
    with pytest.raises(Conflict) as error:
        log.plan("undo")
    assert [difference.field for difference in error.value.differences] == [""]
