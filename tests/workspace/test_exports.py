"""Exports of records as they stand, and workbooks that come back."""

from __future__ import annotations

import io
import json

import pytest
from openpyxl import load_workbook

from extractor.errors import OutputError
from extractor.review.errors import Refused
from extractor.types.record import ExtractionFile
from extractor.types.review import AcceptMany, Step
from extractor.workspace.service import Workspace
from tests.workspace.samples import BUSES, DUTY, PARKING, RECORDS, ROADS, decide, edit, ids, operation_id, ready


def exported(workspace: Workspace, id: str, which: str = "current") -> ExtractionFile:
    data, media, name = workspace.export(id, "json", which)
    assert media == "application/json"
    assert name == "安排.json"
    return ExtractionFile.model_validate_json(data)


def test_what_is_exported_is_what_stands(served: Workspace) -> None:
    id = ready(served)
    names = ids(served, id)
    served.perform(id, edit(names[BUSES], "targets/0/value", 95, 96), "li")
    served.perform(id, decide(names[PARKING]), "li")
    served.perform(id, decide(names[DUTY], "reject"), "li")
    current = exported(served, id)
    assert [record.record_id for record in current.records] == names[:-1]
    assert current.records[BUSES].targets[0].value == 96
    assert [record.record_id for record in exported(served, id, "approved").records] == [names[PARKING]]
    assert current.document.sha256 == served.document(id).sha256


@pytest.mark.parametrize("format", ["json", "jsonl", "csv", "xlsx", "units"])
def test_every_format_gives_a_file(served: Workspace, format: str) -> None:
    data, media, name = served.export(ready(served), format)
    assert data
    assert "/" in media
    assert name.startswith("安排")
    assert name.endswith(".xlsx" if format == "units" else f".{format}")


@pytest.mark.parametrize(("format", "which"), [("pdf", "current"), ("table", "current"), ("json", "all"), ("", "")])
def test_other_formats_are_refused(shared: Workspace, format: str, which: str) -> None:
    with pytest.raises(OutputError):
        shared.export(ready(shared), format, which)


def test_annotations_hold_what_a_record_says(served: Workspace) -> None:
    id = ready(served)
    made = json.loads(json.dumps(served.annotations(id)))
    assert len(made["records"]) == RECORDS
    roads = made["records"][ROADS]
    assert roads["targets"][0]["value"] == 80
    assert roads["responsible"] == [{"name": "市交通局", "role": "lead"}]
    assert not {"record_id", "evidence", "confidence", "status", "issues"} & roads.keys()
    assert "evidence" not in roads["targets"][0]


def edited(data: bytes, before: str, after: str) -> bytes:
    """The workbook with the cells that hold ``before`` changed."""
    book = load_workbook(io.BytesIO(data))
    count = 0
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            if cell.value is not None and before in str(cell.value):
                cell.value = str(cell.value).replace(before, after)
                count += 1
    assert count
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_an_edited_workbook_comes_back_as_one_operation(served: Workspace) -> None:
    id = ready(served)
    names = ids(served, id)
    book = edited(served.export(id, "xlsx")[0], "市政务局", "市数据局")
    preview = served.import_preview(id, book)
    assert [change["record"] for change in preview["changes"]] == [names[3]]
    assert all(change["problem"] is None for change in preview["changes"])
    assert served.document(id).seq == 0
    answer = served.import_apply(id, book, "li", preview["token"])
    assert answer["op"] == "import"
    (shown,) = served.shown(id, [names[3]])
    assert [each["name"] for each in shown["record"]["responsible"]] == ["市数据局"]
    assert served.import_apply(id, book, "li", preview["token"])["seq"] == 1, "sent twice it is done once"
    step = Step(op="undo", client_op_id=operation_id())
    served.perform(id, step, "li")
    (shown,) = served.shown(id, [names[3]])
    assert [each["name"] for each in shown["record"]["responsible"]] == ["市政务局"]


def test_a_workbook_without_changes_changes_nothing(served: Workspace) -> None:
    id = ready(served)
    book = served.export(id, "xlsx")[0]
    assert served.import_preview(id, book)["changes"] == []
    with pytest.raises(Refused):
        served.import_apply(id, book, "li")
    assert served.document(id).seq == 0


def test_rows_deleted_and_added_come_back_too(served: Workspace) -> None:
    id = ready(served)
    names = ids(served, id)
    served.perform(id, decide(names[ROADS], "reject"), "li")
    book = load_workbook(io.BytesIO(served.export(id, "xlsx")[0]))
    sheet = book.worksheets[0]
    row = next(cell.row for line in sheet.iter_rows() for cell in line if "志愿服务" in str(cell.value))
    sheet.delete_rows(row)
    out = io.BytesIO()
    book.save(out)
    preview = served.import_preview(id, out.getvalue())
    assert [(change["action"], change["record"]) for change in preview["changes"]] == [("reject", names[4])]
    answer = served.import_apply(id, out.getvalue(), "li", preview["token"])
    assert answer["records"][0]["record"]["status"] == "rejected"
    assert served.document(id).rejected == 2


def test_only_an_approved_document_is_sent(running: Workspace) -> None:
    id = ready(running)
    running.put_settings({"webhook_url": "http://127.0.0.1:9/", "webhook_secret": "sehr geheim"}, "admin")
    with pytest.raises(Refused) as told:
        running.send(id, "li")
    assert told.value.code == "not_approved"
    accept = AcceptMany(op="accept_many", client_op_id=operation_id(), records=tuple(ids(running, id)))
    running.perform(id, accept, "li")
    running.perform(id, Step(op="approve", client_op_id=operation_id()), "li")
    made = running.send(id, "li")
    assert made["state"] == "pending"
    assert [each["id"] for each in running.deliveries(id)] == [made["id"]]
