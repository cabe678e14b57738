from __future__ import annotations

from typing import Any

import pytest

from extractor.review.errors import Conflict, Refused
from extractor.review.operations import plan, plan_import
from extractor.types.record import IndicatorRecord
from extractor.types.review import FieldEdit
from tests.review.samples import FILES, Log, request, result_of

NOTICE, TABLE, QUOTA, SCORING, BRACKETS = FILES


@pytest.fixture
def log() -> Log:
    return Log(result_of(BRACKETS))


def edit(log: Log, record: IndicatorRecord, field: str, before: Any, after: Any, actor: str = "li") -> IndicatorRecord:
    changes = [{"field": field, "before": before, "after": after}]
    log.do("edit", actor, record=record.record_id, changes=changes)
    return log.record(record.record_id)


def code_of(log: Log, op: str, actor: str = "li", **given: Any) -> str:
    with pytest.raises(Refused) as error:
        log.plan(op, actor, **given)
    assert " / " in str(error.value)
    assert "\n" not in str(error.value)
    return error.value.code


class TestDecide:
    def test_one_event_with_one_change(self, log: Log) -> None:
        name = log.records[0].record_id
        planned = log.do("accept", record=name, before="draft")
        assert [(c.field, c.before, c.after) for c in planned.changes] == [("status", "draft", "approved")]
        assert log.record(name).status == "approved"
        log.do("reject", record=name, before="approved")
        log.do("reopen", record=name, before="rejected")
        assert log.record(name).status == "draft"

    def test_what_the_client_did_not_see_is_a_conflict(self, log: Log) -> None:
        name = log.records[0].record_id
        log.do("reject", "wang", record=name, before="draft")
        with pytest.raises(Conflict) as error:
            log.plan("accept", record=name, before="draft")
        (difference,) = error.value.differences
        assert (difference.yours, difference.current, difference.actor) == ("approved", "rejected", "wang")
        assert difference.at == log.events[-1].at

    def test_refused(self, log: Log) -> None:
        name = log.records[0].record_id
        assert code_of(log, "accept", record="0" * 16, before="draft") == "unknown_record"
        assert code_of(log, "reopen", record=name, before="draft") == "unchanged"
        log.do("split", record=name, at=(log.records[0].evidence.start + 8,))
        assert code_of(log, "accept", record=name, before="draft") == "gone"

    def test_many_skips_what_is_decided_or_gone(self, log: Log) -> None:
        names = [record.record_id for record in log.records[:4]]
        log.do("reject", "wang", record=names[1], before="draft")
        log.do("split", "wang", record=names[2], at=(log.record(names[2]).evidence.start + 8,))
        planned = log.do("accept_many", records=[*names, names[0]])
        assert [change.record for change in planned.changes] == [names[0], names[3]]
        assert code_of(log, "accept_many", records=names) == "unchanged"


class TestEdit:
    def test_typed_words_set_all_that_they_say(self, log: Log) -> None:
        record = log.find("应用场景拓展至30个以上")
        made = edit(log, record, "targets/0/value", 30, "60%—70%")
        target = made.targets[0]
        assert (target.op, target.value, target.upper, target.unit) == ("between", 60, 70, "%")
        assert target.raw == record.targets[0].raw
        made = edit(log, made, "targets/0/value", 60, 65)
        assert (made.targets[0].op, made.targets[0].upper) == ("between", 70)
        made = edit(log, made, "targets/0/value", 65, "65%")
        assert (made.targets[0].op, made.targets[0].upper) == ("ge", None)
        assert {change.field for change in log.events[-1].changes} == {"targets/0/op", "targets/0/upper"}

    def test_an_implied_value_is_implied_no_more_once_it_is_another(self, log: Log) -> None:
        record = log.find("套实体印章实现全覆盖")
        assert record.targets[0].implicit
        made = edit(log, record, "targets/0/value", 100, 95)
        assert (made.targets[0].value, made.targets[0].implicit) == (95, False)

    def test_deadlines_and_names(self, log: Log) -> None:
        record = log.find("应用场景拓展至30个以上")
        made = edit(log, record, "deadlines/0/end", "2024-12-31", "9月底前")
        assert made.deadlines[0].end == "2024-09-30"
        assert made.deadlines[0].raw == "12月底前"
        made = edit(log, made, "targets/0/due", made.targets[0].due, "10月底")
        assert made.targets[0].due == "2024-10-31"
        made = edit(log, made, "responsible/1/name", "市大数据局", "市民政局、市财政局、市教育局")
        assert [(who.name, who.role) for who in made.responsible] == [
            ("市市场监管局", "lead"), ("市民政局", "support"), ("市财政局", "support"), ("市教育局", "support"),
        ]  # fmt: skip

    def test_a_target_due_at_a_deadline_follows_it(self, log: Log) -> None:
        record = log.find("应用场景拓展至30个以上")
        assert record.targets[0].due == record.deadlines[0].end == "2024-12-31"
        made = edit(log, record, "deadlines/0/end", "2024-12-31", "9月底前")
        assert made.targets[0].due == "2024-09-30"
        made = edit(log, made, "targets/0/due", "2024-09-30", "10月底")
        assert made.deadlines[0].end == "2024-09-30"
        made = edit(log, made, "deadlines/0/end", "2024-09-30", "8月底前")
        assert made.targets[0].due == "2024-10-31", "a day of its own stays"

    def test_a_field_behind_the_last_element_makes_one_and_none_takes_one_away(self, log: Log) -> None:
        record = log.find("全面推行“多测合一”")
        assert record.kind == "task"
        made = edit(log, record, "targets/0/value", None, "≥90%")
        assert (made.kind, made.targets[0].op, made.targets[0].value, made.targets[0].unit) == ("target", "ge", 90, "%")
        assert "target_incomplete" in {issue.code for issue in log.state.issues()[made.record_id]}
        made = edit(log, made, "targets/0/metric", "", "多测合一覆盖率")
        assert made.record_id not in log.state.issues()
        made = edit(log, made, "deadlines/1/raw", None, "10月底前")
        assert [each.end for each in made.deadlines] == ["2024-08-31", "2024-10-31"]
        made = edit(log, made, "responsible/2/name", None, "市民政局")
        assert (made.responsible[2].name, made.responsible[2].role) == ("市民政局", "support")
        made = edit(log, made, "targets/0", made.targets[0].model_dump(mode="json"), None)
        assert (made.kind, made.targets) == ("task", ())

    def test_scored_kinds_keep_their_kind(self) -> None:
        log = Log(result_of(SCORING))
        record = next(each for each in log.records if each.kind == "bonus")
        made = edit(log, record, "targets/0/value", None, "≥90%")
        assert made.kind == "bonus"
        assert "kind_mismatch" in {issue.code for issue in log.state.issues()[made.record_id]}
        made = edit(log, made, "kind", "bonus", "task")
        assert made.kind == "task"

    def test_an_accepted_record_stays_accepted(self, log: Log) -> None:
        record = log.records[0]
        log.do("accept", record=record.record_id, before="draft")
        assert edit(log, record, "number", record.number, "9.").status == "approved"

    def test_a_stale_before_is_a_conflict_with_both_values(self, log: Log) -> None:
        record = log.find("应用场景拓展至30个以上")
        edit(log, record, "targets/0/value", 30, 40, "wang")
        with pytest.raises(Conflict) as error:
            edit(log, record, "targets/0/value", 30, 50)
        (difference,) = error.value.differences
        assert (difference.yours, difference.current, difference.actor) == (50, 40, "wang")
        edit(log, record, "targets/0/unit", "个", "项")
        assert (
            code_of(
                log, "edit", record=record.record_id, changes=[{"field": "targets/0/value", "before": 30, "after": 40}]
            )
            == "unchanged"
        )

    @pytest.mark.parametrize(
        ("field", "after", "code"),
        [
            ("status", "approved", "unknown_field"), ("record_id", "x", "unknown_field"), ("evidence", None, "unknown_field"),
            ("confidence", 1, "unknown_field"), ("responsible/0/canonical", "市教育局", "unknown_field"), ("text", "  ", "bad_value"), ("kind", "goal", "bad_value"),
            ("targets/9/value", 1, "unknown_field"), ("targets/0/value", "许多", "not_understood"), ("points", [], "bad_value"),
            ("targets/0", "x", "bad_value"), ("deadlines/0", None, "unchanged"),
        ],
    )  # fmt: skip
    def test_refused(self, log: Log, field: str, after: Any, code: str) -> None:
        record = log.find("群众满意率不低于98%")
        changes = [{"field": field, "before": None, "after": after}]
        assert code_of(log, "edit", record=record.record_id, changes=changes) == code

    def test_empty_words_are_none(self, log: Log) -> None:
        record = log.find("应用场景拓展至30个以上")
        made = edit(log, record, "number", "3.", " ")
        assert made.number is None
        assert edit(log, made, "targets/0/unit", "个", "").targets[0].unit is None

    def test_years_come_from_the_document_else_from_its_date(self, log: Log) -> None:
        assert log.state.info is not None
        log.state.info = log.state.info.model_copy(update={"year": None, "issued_on": "2023-03-01"})
        record = log.find("应用场景拓展至30个以上")
        assert edit(log, record, "deadlines/0/end", "2024-12-31", "9月底前").deadlines[0].end == "2023-09-30"


class TestImport:
    def test_many_records_one_event(self, log: Log) -> None:
        one, two = log.records[0], log.records[1]
        edits = [(each.record_id, [FieldEdit(field="number", before=each.number, after="7.")]) for each in (one, two)]
        planned = plan_import(log.state, edits)
        assert planned.op == "import"
        log.append(planned, "li")
        assert [log.record(each.record_id).number for each in (one, two)] == ["7.", "7."]
        with pytest.raises(Conflict) as error:
            plan_import(log.state, [(name, [FieldEdit(field="number", before="1.", after="8.")]) for name, _ in edits])
        assert len(error.value.differences) == 2
        with pytest.raises(Refused):
            plan_import(log.state, [])


class TestWaive:
    def test_a_failed_check_can_stand_and_not_any_other(self, log: Log) -> None:
        record = log.find("应用场景拓展至30个以上")
        name = edit(log, record, "text", record.text, "应用场景").record_id
        assert log.state.counts()["blocking"] == 1
        log.do("waive", record=name, code="text_not_at_evidence")
        assert log.state.counts()["blocking"] == 0
        entry = log.state.entry(name)
        assert entry is not None
        assert entry.waived == {"text_not_at_evidence": "li"}
        assert code_of(log, "waive", record=name, code="text_not_at_evidence") == "unchanged"
        assert code_of(log, "waive", record=name, code="range_reversed") == "no_such_check"
        log.do("waive", record=name, code="text_not_at_evidence", waived=False)
        assert log.state.counts()["blocking"] == 1


class TestApprove:
    def accept_all(self, log: Log) -> None:
        log.do("accept_many", records=[record.record_id for record in log.records])

    def test_only_when_all_is_decided_and_nothing_blocks(self, log: Log) -> None:
        assert code_of(log, "approve") == "undecided"
        record = log.records[0]
        edit(log, record, "text", record.text, "别的文字")
        self.accept_all(log)
        assert code_of(log, "approve") == "blocking"
        log.do("waive", record=record.record_id, code="text_not_at_evidence")
        log.do("approve")
        assert (log.state.approval.state, log.state.approval.by) == ("approved", ("li",))

    def test_an_approved_document_changes_no_more_until_withdrawn(self, log: Log) -> None:
        self.accept_all(log)
        log.do("approve", "wang")
        name = log.records[0].record_id
        assert code_of(log, "reject", record=name, before="approved") == "approved"
        assert code_of(log, "undo") == "approved"
        assert code_of(log, "approve") == "unchanged"
        with pytest.raises(Refused):
            plan_import(log.state, [(name, [FieldEdit(field="number", before="1.", after="8.")])])
        log.do("withdraw")
        log.do("reject", record=name, before="approved")
        assert code_of(log, "withdraw") == "unchanged"

    def test_two_people(self, log: Log) -> None:
        log.two_person = True
        self.accept_all(log)
        log.do("approve", "li")
        assert log.state.approval.state == "first"
        assert code_of(log, "approve", "li") == "same_person"
        log.do("approve", "wang")
        assert (log.state.approval.state, log.state.approval.by) == ("approved", ("li", "wang"))
        with pytest.raises(Conflict):
            log.plan("undo", "li")
        log.do("undo", "wang")
        assert log.state.approval.state == "first"
        log.do("undo", "li")
        assert log.state.approval.state == "open"

    def test_not_before_the_document_is_read(self, log: Log) -> None:
        self.accept_all(log)
        log.state.info = None
        assert code_of(log, "approve") == "not_ready"


class TestNewRecords:
    def test_add_stands_in_reading_order_with_a_new_id(self, log: Log) -> None:
        record = log.records[5]
        at = record.evidence
        planned = log.do("add", start=at.start, end=at.end)
        names = [each.record_id for each in log.records]
        assert planned.focus == names[6]
        assert planned.focus != record.record_id
        made = log.record(names[6])
        assert made.model_copy(update={"record_id": record.record_id}) == record
        entry = log.state.entry(names[6])
        assert entry is not None
        assert (entry.origin, entry.version) == ("person", 1)

    def test_duplicate_is_a_draft_behind_the_first(self, log: Log) -> None:
        record = log.records[2]
        log.do("accept", record=record.record_id, before="draft")
        planned = log.do("duplicate", record=record.record_id)
        assert log.records[3].record_id == planned.focus
        assert log.records[3].status == "draft"
        again = log.do("duplicate", record=record.record_id)
        assert again.focus != planned.focus
        codes = {issue.code for issue in log.state.issues()[record.record_id]}
        assert codes == {"duplicate_record"}

    def test_without_a_reader_only_what_needs_none(self, log: Log) -> None:
        with pytest.raises(Refused) as error:
            plan(log.state, request("add", start=0, end=4), "li", None)
        assert error.value.code == "not_ready"
        assert plan(log.state, request("duplicate", record=log.records[0].record_id), "li", None).changes

    def test_drafts_that_arrive_later_stand_behind(self, log: Log) -> None:
        records = result_of(BRACKETS).records
        state = log.fresh()
        state.extend([records[0].model_copy(update={"record_id": "f" * 16})])
        assert state.entries[-1].record.record_id == "f" * 16
        assert [entry.position for entry in state.entries] == [float(at) for at in range(len(records) + 1)]


class TestFill:
    def test_what_the_client_saw_must_be_there(self, log: Log) -> None:
        record = log.find("应用场景拓展至30个以上")
        place = {
            "record": record.record_id,
            "field": "targets/0/value",
            "start": log.offset("80%"),
            "end": log.offset("80%"),
        }
        with pytest.raises(Conflict) as error:
            log.plan("fill", **place, before=29)
        assert (error.value.differences[0].yours, error.value.differences[0].current) == (80, 30)
        log.do("fill", **place, before=30)
        target = log.record(record.record_id).targets[0]
        assert (target.op, target.value, target.unit, target.raw) == ("ge", 80, "%", "不低于80%")
        assert target.metric == record.targets[0].metric
        fields = {change.field for change in log.events[-1].changes}
        assert fields == {"targets/0/value", "targets/0/unit", "targets/0/raw", "targets/0/evidence"}

    def test_first_target_makes_a_target_of_a_task(self, log: Log) -> None:
        record = log.find("全面推行“多测合一”")
        at = log.offset("80%")
        log.do("fill", record=record.record_id, field="targets/0/value", start=at, end=at, before=None)
        assert log.record(record.record_id).kind == "target"
        log.do("undo")
        assert log.record(record.record_id) == record

    def test_a_selection_that_ends_before_it_starts(self, log: Log) -> None:
        name = log.records[0].record_id
        assert code_of(log, "fill", record=name, field="text", start=20, end=10, before=None) == "outside"
