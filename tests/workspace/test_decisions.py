"""Operations through the facade: real databases of both kinds, drafts by the real worker."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from extractor.errors import StoreError
from extractor.review.errors import Conflict, Refused
from extractor.store import documents, events, records
from extractor.store.documents import Query
from extractor.types.review import AcceptMany, Add, Duplicate, Merge, Step, Waive
from extractor.workspace.errors import NotFound
from extractor.workspace.service import Workspace, open_workspace
from tests.extracted import rules_only
from tests.workspace.samples import (
    BUSES,
    DUTY,
    ONLINE,
    PARKING,
    RECORDS,
    ROADS,
    VOLUNTEERS,
    decide,
    edit,
    ids,
    operation_id,
    ready,
)


def step(op: str) -> Step:
    return Step.model_validate({"op": op, "client_op_id": operation_id()})


def test_accepting_answers_with_what_changed(served: Workspace) -> None:
    id = ready(served)
    first = ids(served, id)[0]
    answer = served.perform(id, decide(first), "li")
    assert answer["seq"] == 1
    assert answer["op"] == "accept"
    assert [each["record"]["record_id"] for each in answer["records"]] == [first]
    assert answer["records"][0]["record"]["status"] == "approved"
    assert answer["records"][0]["version"] == 1
    assert answer["records"][0]["set_by"]["status"]["actor"] == "li"
    assert (answer["counts"]["records"], answer["counts"]["decided"]) == (RECORDS, 1)
    assert answer["undo"] == {"op": "accept", "seq": 1, "records": 1}
    assert answer["redo"] is None
    assert answer["removed"] == []
    row = served.document(id)
    assert (row.records, row.decided, row.seq) == (RECORDS, 1, 1)
    with served.database.read() as connection:
        kept = {each.record_id: each for each in records.load(connection, id)}
    assert len(kept) == RECORDS
    assert (kept[first].status, kept[first].version) == ("approved", 1)


def test_sent_twice_is_done_once(served: Workspace) -> None:
    id = ready(served)
    operation = decide(ids(served, id)[0])
    answer = served.perform(id, operation, "li")
    assert served.perform(id, operation, "li") == answer | {"focus": None}
    assert len(served.history(id)) == 1


def test_sent_at_once_from_many_threads_each_is_done_once(served: Workspace) -> None:
    id = ready(served)
    operations = [decide(record) for record in ids(served, id)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda each: served.perform(id, each, "li"), operations * 3))
    assert len(answers) == 3 * RECORDS
    assert [event["seq"] for event in served.history(id)] == list(range(RECORDS, 0, -1))
    assert served.document(id).decided == RECORDS
    assert served.verify(id)


def test_a_conflict_shows_both_values_and_changes_nothing(served: Workspace) -> None:
    id = ready(served)
    record = ids(served, id)[BUSES]
    served.perform(id, edit(record, "targets/0/value", 95, 96), "li")
    with pytest.raises(Conflict) as told:
        served.perform(id, edit(record, "targets/0/value", 95, 97), "wang")
    (difference,) = told.value.differences
    assert (difference.record, difference.field) == (record, "targets/0/value")
    assert (difference.yours, difference.current, difference.actor) == (97, 96, "li")
    assert served.document(id).seq == 1
    assert served.shown(id, [record, "unknown"])[0]["record"]["targets"][0]["value"] == 96
    with pytest.raises(Refused):
        served.perform(id, decide("unknown"), "li")


def test_what_is_told_of_a_records_risk_stays_true_while_others_change(
    served: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answers of all operations together say what a page that is opened afterwards is told. By the rules' own
    confidence, which for these records is known beforehand.
    """
    monkeypatch.setattr("extractor.workspace.core.load_config", rules_only)
    id = ready(served)
    names = ids(served, id)
    told = {each["record"]["record_id"]: each for each in served.records(id, "li")["records"]}
    assert {each["risk"]["stake"] for each in told.values()} == {1, 0.5}
    seen = []
    for operation in (
        edit(names[ROADS], "kind", "target", "task"),
        edit(names[BUSES], "kind", "target", "veto"),
        edit(names[PARKING], "points", None, 40),
        decide(names[PARKING], "reject"),
        step("undo"),
        decide(names[PARKING]),
    ):
        before, since = dict(told), served.document(id).seq
        answer = served.perform(id, operation, "li")
        told |= {each["record"]["record_id"]: each for each in answer["records"]}
        seen.append({name for name, each in told.items() if each["risk"] != before[name]["risk"]})
        assert seen[-1] <= {each["record"]["record_id"] for each in served.records(id, "li", since)["records"]}
    assert seen[:2] == [{names[ROADS]}, {names[BUSES]}]
    # The veto weighs as much as the points; beside those two the failed check of the third is little.
    assert seen[2] == seen[3] == seen[4] == {names[ROADS], names[BUSES], names[PARKING]}
    assert (told[names[BUSES]]["risk"]["stake"], told[names[ROADS]]["risk"]["band"]) == (40, 2)
    again = Workspace(served.core.folder, served.database)
    assert {each["record"]["record_id"]: each["risk"] for each in again.records(id, "li")["records"]} == {
        name: each["risk"] for name, each in told.items()
    }


def test_the_documents_risk_is_kept_for_the_queue(served: Workspace) -> None:
    first, second = ready(served), ready(served)
    before = served.document(first).risk
    told = served.records(first, "li")["records"]
    stakes = sum(each["risk"]["stake"] for each in told)
    assert before == pytest.approx(sum(each["risk"]["record"] for each in told) / stakes, abs=1e-4)
    assert before == served.document(second).risk
    assert before > 0
    served.perform(first, decide(ids(served, first)[PARKING]), "li")
    after = served.document(first).risk
    assert after is not None
    assert 0 < after < before
    rows, _ = served.documents(Query(sort="-risk", limit=500))
    order = [row.id for row in rows]
    assert order.index(second) < order.index(first)
    served.perform(first, step("undo"), "li")
    assert served.document(first).risk == pytest.approx(before)
    everything = AcceptMany(op="accept_many", client_op_id=operation_id(), records=tuple(ids(served, first)))
    served.perform(first, everything, "li")
    assert served.document(first).risk == 0


def test_two_may_change_different_fields_of_one_record(served: Workspace) -> None:
    id = ready(served)
    record = ids(served, id)[BUSES]
    served.perform(id, edit(record, "targets/0/value", 95, 96), "li")
    served.perform(id, edit(record, "targets/0/metric", "公交准点率", "公共汽车准点率"), "wang")
    (shown,) = served.shown(id, [record])
    assert shown["record"]["targets"][0]["value"] == 96
    assert shown["set_by"]["targets/0/metric"]["actor"] == "wang"


def test_undo_and_redo_last_over_a_restart(served: Workspace) -> None:
    id = ready(served)
    before = served.records(id, "li")["records"]
    names = ids(served, id)
    served.perform(id, AcceptMany(op="accept_many", client_op_id=operation_id(), records=tuple(names)), "li")
    merge = Merge(op="merge", client_op_id=operation_id(), records=(names[ROADS], names[BUSES]))
    answer = served.perform(id, merge, "li")
    assert set(answer["removed"]) | {each["record"]["record_id"] for each in answer["records"]} >= {names[ROADS]}
    assert served.document(id).records == RECORDS - 1

    again = Workspace(served.core.folder, served.database)  # as after a restart: nothing in memory
    answer = again.perform(id, step("undo"), "li")
    assert answer["undo"]["op"] == "accept_many"
    assert answer["redo"]["op"] == "merge"
    answer = again.perform(id, step("undo"), "li")
    assert answer["undo"] is None
    after = served.records(id, "li")["records"]
    assert [each["record"] for each in after] == [each["record"] for each in before]
    assert served.document(id).decided == 0
    again.perform(id, step("redo"), "li")
    assert served.document(id).decided == RECORDS
    with pytest.raises(Refused):
        served.perform(id, step("undo"), "wang")


def test_another_server_on_the_database_is_caught_up_with(served: Workspace) -> None:
    id = ready(served)
    names = ids(served, id)
    other = Workspace(served.core.folder, served.database)
    served.perform(id, decide(names[0]), "li")
    other.perform(id, decide(names[1]), "wang")
    served.perform(id, decide(names[2]), "li")
    for each in (served, other):
        found = each.records(id, "li")
        assert found["seq"] == 3
        assert found["counts"]["decided"] == 3
        assert found["undo"]["seq"] == 3


def test_only_what_changed_since_is_told(served: Workspace) -> None:
    id = ready(served)
    names = ids(served, id)
    served.records(id, "li")
    served.perform(id, decide(names[PARKING]), "li")
    served.perform(id, edit(names[BUSES], "targets/0/value", 95, 150), "li")
    duplicate = Duplicate(op="duplicate", client_op_id=operation_id(), record=names[DUTY])
    made = served.perform(id, duplicate, "li")["focus"]
    found = served.records(id, "li", since=1)
    # the duplicate gives its original a failed check, though nobody touched it
    assert {each["record"]["record_id"] for each in found["records"]} == {names[BUSES], names[DUTY], made}
    assert served.records(id, "li", since=3)["records"] == []
    served.perform(id, step("undo"), "li")
    found = served.records(id, "li", since=3)
    assert found["removed"] == [made]
    assert {each["record"]["record_id"] for each in found["records"]} == {names[DUTY]}
    fresh = Workspace(served.core.folder, served.database).records(id, "li", since=1)
    assert len(fresh["records"]) == RECORDS
    assert made in fresh["removed"]


def test_checks_block_and_can_be_waived(served: Workspace) -> None:
    id = ready(served)
    record = ids(served, id)[BUSES]
    answer = served.perform(id, edit(record, "targets/0/value", 95, 150), "li")
    assert [check["code"] for check in answer["records"][0]["checks"] if check["blocking"]] == ["share_over_100"]
    assert answer["counts"]["blocking"] == 1
    assert served.document(id).blocking == 1
    with pytest.raises(Refused):
        served.perform(id, step("approve"), "li")
    waive = Waive(op="waive", client_op_id=operation_id(), record=record, code="share_over_100")
    assert served.perform(id, waive, "li")["counts"]["blocking"] == 0
    served.perform(id, AcceptMany(op="accept_many", client_op_id=operation_id(), records=tuple(ids(served, id))), "li")
    assert served.perform(id, step("approve"), "li")["approval"] == {"state": "approved", "by": ["li"]}
    assert served.document(id).approval == "approved"
    with pytest.raises(Refused):
        served.perform(id, edit(record, "targets/0/value", 150, 90), "li")


def test_a_second_person_approves_where_the_settings_say_so(running: Workspace) -> None:
    id = ready(running)
    running.put_settings({"two_person_approval": True}, "admin")
    names = tuple(ids(running, id))
    running.perform(id, AcceptMany(op="accept_many", client_op_id=operation_id(), records=names), "li")
    assert running.perform(id, step("approve"), "li")["approval"]["state"] == "first"
    with pytest.raises(Refused):
        running.perform(id, step("approve"), "li")
    assert running.perform(id, step("approve"), "wang")["approval"] == {"state": "approved", "by": ["li", "wang"]}


def test_a_preview_answers_alike_and_writes_nothing(served: Workspace) -> None:
    id = ready(served)
    names = ids(served, id)
    served.perform(id, decide(names[0]), "li")
    before = served.records(id, "li")
    for operation in (
        decide(names[1]),
        Merge(op="merge", client_op_id=operation_id(), records=(names[ROADS], names[BUSES])),
        Duplicate(op="duplicate", client_op_id=operation_id(), record=names[DUTY]),
        step("undo"),
    ):
        shown = served.preview(id, operation, "li")
        assert shown["changes"]
        assert served.records(id, "li") == before
        assert served.document(id).seq == 1
    answer = served.perform(id, decide(names[1]), "li")
    shown = served.preview(id, decide(names[2]), "li")
    assert (answer["seq"], shown["seq"]) == (2, 3)
    assert shown.keys() == answer.keys() | {"changes"}


def test_what_fails_on_its_way_to_the_disk_leaves_no_trace(served: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    id = ready(served)
    first, second = ids(served, id)[:2]
    whole = documents.update

    def full(*_: object, **__: object) -> None:
        raise StoreError("unavailable", "disk full")

    monkeypatch.setattr(documents, "update", full)
    with pytest.raises(StoreError):
        served.perform(id, decide(first), "li")
    monkeypatch.setattr(documents, "update", whole)
    assert served.records(id, "li")["seq"] == 0
    assert served.records(id, "li")["counts"]["decided"] == 0
    assert served.perform(id, decide(second), "li")["seq"] == 1


def test_bulk_offers_the_sure_and_undecided_of_one_section(served: Workspace) -> None:
    id = ready(served)
    names = ids(served, id)
    served.perform(id, decide(names[PARKING]), "li")
    served.perform(id, edit(names[BUSES], "targets/0/value", 95, 150), "li")
    assert served.bulk(id, ["改善出行"], 0.5) == {"records": [names[ROADS]], "skipped": 1}
    assert served.bulk(id, ["改善出行"], 1.0)["records"] == []
    assert served.bulk(id, [], 0.5)["records"] == [names[at] for at in (ROADS, ONLINE, VOLUNTEERS, DUTY)]
    assert served.bulk(id, ["改善"], 0.5) == {"records": [], "skipped": 0}


def test_the_difference_from_the_draft_is_told_by_field(served: Workspace) -> None:
    id = ready(served)
    names = ids(served, id)
    assert served.diff(id) == {"changes": [], "added": [], "removed": []}
    served.perform(id, edit(names[BUSES], "targets/0/value", 95, 96), "li")
    served.perform(id, Duplicate(op="duplicate", client_op_id=operation_id(), record=names[DUTY]), "wang")
    served.perform(id, Merge(op="merge", client_op_id=operation_id(), records=(names[ONLINE], names[VOLUNTEERS])), "li")
    found = served.diff(id)
    value = next(each for each in found["changes"] if each["field"] == "targets/0/value")
    assert (value["record"], value["draft"], value["final"], value["actor"]) == (names[BUSES], 95, 96, "li")
    gone = {each["record_id"] for each in found["removed"]}
    assert gone <= {names[ONLINE], names[VOLUNTEERS]}
    assert gone
    assert {each["origin"] for each in found["added"]} == {"person"}


def test_a_record_is_found_by_its_corrected_words(served: Workspace) -> None:
    id = ready(served)
    record = ids(served, id)[BUSES]

    def hits(words: str) -> set[str | None]:
        return {hit.record_id for hit, _ in served.search(words, limit=500) if hit.document_id == id}

    assert record in hits("公交准点")
    served.perform(id, edit(record, "targets/0/metric", "公交准点率", "轨道正点率"), "li")
    assert hits("轨道") == {record}
    served.perform(id, step("undo"), "li")
    assert hits("轨道") == set()


def test_an_unclaimed_sentence_is_claimed_by_a_record_made_of_it(served: Workspace) -> None:
    text = (
        "示例市2026年工作安排 {}\n一、改善出行\n（一）全年改造农村公路80公里。\n二、说明\n2025年，公交准点率达到95%。\n"
    )
    id = ready(served, text.format(operation_id()).encode())
    (unclaimed,) = served.records(id, "li")["unclaimed"]
    assert unclaimed["text"] == "2025年，公交准点率达到95%"
    place = unclaimed["evidence"]
    add = Add(op="add", client_op_id=operation_id(), start=place["start"], end=place["end"])
    assert served.preview(id, add, "li")["unclaimed"] == []
    answer = served.perform(id, add, "li")
    (made,) = [each for each in answer["records"] if each["record"]["record_id"] == answer["focus"]]
    assert made["origin"] == "person"
    assert answer["unclaimed"] == served.records(id, "li")["unclaimed"] == []
    assert served.document(id).unclaimed == 0
    assert "unclaimed" not in served.perform(id, decide(answer["focus"]), "li"), "told only where it changes"
    served.perform(id, step("undo"), "li")
    assert served.perform(id, step("undo"), "li")["unclaimed"] == [unclaimed]
    assert served.document(id).unclaimed == 1


def test_history_and_places(served: Workspace) -> None:
    id = ready(served)
    names = ids(served, id)
    served.perform(id, decide(names[0]), "li")
    served.perform(id, decide(names[1], "reject"), "wang")
    log = served.history(id)
    assert [(each["seq"], each["op"], each["actor"]) for each in log] == [(2, "reject", "wang"), (1, "accept", "li")]
    assert served.place(id, "li") is None
    served.put_place(id, "li", {"record": names[1], "scroll": 12.5})
    served.put_place(id, "wang", {"record": names[0]})
    assert served.place(id, "li") == {"record": names[1], "scroll": 12.5}
    rows, total = served.audit(document_id=id)
    assert total == 3
    assert {row.action for row in rows} == {"upload", "accept", "reject"}


def test_an_unknown_document_is_said_to_be_unknown(served: Workspace) -> None:
    for ask in (
        lambda: served.document("0" * 20),
        lambda: served.records("0" * 20, "li"),
        lambda: served.perform("0" * 20, decide("x"), "li"),
        lambda: served.preview("0" * 20, decide("x"), "li"),
        lambda: served.history("0" * 20),
        lambda: served.content("0" * 20),
        lambda: served.export("0" * 20, "json"),
        lambda: served.delete("0" * 20, "li"),
        lambda: served.retry("0" * 20, "li"),
        lambda: served.place("0" * 20, "li"),
        lambda: served.bulk("0" * 20, [], 0.5),
        lambda: served.diff("0" * 20),
    ):
        with pytest.raises(NotFound):
            ask()


def test_nothing_can_be_done_before_the_drafts_are_complete(own: Workspace) -> None:
    row, _ = own.upload("a.txt", b"x", "li")  # no worker runs
    assert own.records(row.id, "li")["complete"] is False
    with pytest.raises(Refused) as told:
        own.perform(row.id, decide("x"), "li")
    assert told.value.code == "not_ready"


def test_an_acknowledged_operation_is_in_the_database_at_once(running: Workspace) -> None:
    id = ready(running)
    running.perform(id, decide(ids(running, id)[0]), "li")
    other = open_workspace(running.core.folder)  # another connection, as after kill -9
    with other.database.read() as connection:
        assert [event.op for event in events.after(connection, id)] == ["accept"]
    other.database.close()
