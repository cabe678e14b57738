"""An approval stands for the records it was given for, whichever way somebody tries to change one of the two."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from extractor.review.errors import Refused
from extractor.types.review import AcceptMany, Step
from extractor.workspace.service import Workspace
from tests.workspace.samples import BUSES, ROADS, decide, ids, operation_id, ready


def step(op: str) -> Step:
    return Step.model_validate({"op": op, "client_op_id": operation_id()})


def approved(workspace: Workspace, by: str = "zhao") -> str:
    id = ready(workspace)
    names = tuple(ids(workspace, id))
    workspace.perform(id, AcceptMany(op="accept_many", client_op_id=operation_id(), records=names), "li")
    assert workspace.perform(id, step("approve"), by)["approval"]["state"] == "approved"
    return id


def without_row(data: bytes, record: str) -> bytes:
    """The workbook with the row of a record deleted, as a reviewer does it."""
    book = load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    row = next(cell.row for column in sheet.iter_cols() for cell in column if cell.value == record)
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet.delete_rows(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_withdrawal_undone_at_once_restores_the_approval(shared: Workspace) -> None:
    id = approved(shared)
    shared.perform(id, step("withdraw"), "zhao")
    assert shared.perform(id, step("undo"), "zhao")["approval"] == {"state": "approved", "by": ["zhao"]}


@pytest.mark.parametrize(("takes_back", "brings_back"), [("withdraw", "undo"), ("undo", "redo")])
def test_no_approval_comes_back_over_another_persons_edit(shared: Workspace, takes_back: str, brings_back: str) -> None:
    id = approved(shared)
    shared.perform(id, step(takes_back), "zhao")
    shared.perform(id, decide(ids(shared, id)[ROADS], "reopen", "approved"), "li")
    with pytest.raises(Refused) as refused:
        shared.perform(id, step(brings_back), "zhao")
    assert refused.value.code == "changed_since"
    assert shared.document(id).approval == "open"


def test_no_approval_of_one_comes_back_where_two_are_asked_for(running: Workspace) -> None:
    id = approved(running)
    running.perform(id, step("withdraw"), "zhao")
    running.put_settings({"two_person_approval": True}, "admin")
    with pytest.raises(Refused):
        running.perform(id, step("undo"), "zhao")
    assert running.document(id).approval == "open"


def test_a_workbook_with_a_row_deleted_changes_no_approved_document(shared: Workspace) -> None:
    id = approved(shared)
    data = without_row(shared.export(id, "xlsx")[0], ids(shared, id)[BUSES])
    preview = shared.import_preview(id, data)
    assert [change["action"] for change in preview["changes"]] == ["reject"]
    with pytest.raises(Refused) as refused:
        shared.import_apply(id, data, "li", preview["token"])
    assert refused.value.code == "approved"
    assert {each["record"]["status"] for each in shared.records(id, "li")["records"]} == {"approved"}
