"""Records and what is done to them."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import Body, Query, Response
from pydantic import JsonValue

from extractor.review.errors import Conflict
from extractor.types.review import Operation
from extractor.web import answers
from extractor.web.errors import WebError
from extractor.web.identity import Person
from extractor.web.models import BulkAnswer, DiffAnswer, HistoryAnswer, OperationAnswer, PreviewAnswer, RecordsAnswer
from extractor.web.refusals import as_web_error
from extractor.web.roles import MORE_FOR
from extractor.web.routes import Asking, DocumentId, InWorkspace, api_router, documented
from extractor.workspace.service import Workspace

router = api_router("review", 404, 409)
write_router = api_router("review", 404, 409, 413)
_SEQ = 2**31 - 1
_PLACE = 20_000  # characters of JSON


@router.get("/api/documents/{document_id}/records", responses=documented(RecordsAnswer))
def records(
    workspace: InWorkspace,
    person: Asking,
    document_id: DocumentId,
    since: Annotated[int | None, Query(ge=0, le=_SEQ)] = None,
) -> Response:
    """The current records; with ``since`` those that changed after that event."""
    return answers.json_response(answers.with_records(workspace.records(document_id, person.name, since)))


@write_router.post("/api/documents/{document_id}/operations", responses=documented(OperationAnswer))
def operate(
    workspace: InWorkspace, person: Asking, document_id: DocumentId, operation: Annotated[Operation, Body()]
) -> Response:
    """One correction. 409 where the client's ``before`` is no longer what stands there: both values are told."""
    _may(person, operation, workspace, document_id)
    try:
        return answers.json_response(answers.with_records(workspace.perform(document_id, operation, person.name)))
    except Conflict as error:
        raise _with_records(error, workspace, document_id) from error


@write_router.post("/api/documents/{document_id}/preview", responses=documented(PreviewAnswer))
def preview(
    workspace: InWorkspace, person: Asking, document_id: DocumentId, operation: Annotated[Operation, Body()]
) -> Response:
    """What an operation would change; nothing is written."""
    _may(person, operation, workspace, document_id)
    try:
        return answers.json_response(answers.with_records(workspace.preview(document_id, operation, person.name)))
    except Conflict as error:
        raise _with_records(error, workspace, document_id) from error


def _may(person: Person, operation: Operation, workspace: Workspace, document_id: str) -> None:
    """Taking an approval back, or its withdrawal, asks for what giving it does: roles change."""
    about: str | None = operation.op
    if operation.op in {"undo", "redo"} and not person.may("approver"):
        about = workspace.step(document_id, person.name, operation.op)
    if not person.may(MORE_FOR.get(about or "", "reviewer")):
        raise WebError(403)


def _with_records(error: Conflict, workspace: Workspace, document_id: str) -> WebError:
    refused = as_web_error(error)
    shown = workspace.shown(document_id, sorted({one.record for one in error.differences}))
    refused.extra["records"] = [answers.record(entry) for entry in shown]
    return refused


@router.get("/api/documents/{document_id}/bulk", response_model=BulkAnswer)
def bulk(
    workspace: InWorkspace,
    document_id: DocumentId,
    section: Annotated[str | None, Query(max_length=4000, description="A JSON list: the headings above")] = None,
    confidence: Annotated[float, Query(ge=0, le=1)] = 0.95,
) -> dict[str, Any]:
    """The undecided records of a section that could be accepted together: sure enough, all checks green."""
    return workspace.bulk(document_id, _section(section), confidence)


def _section(section: str | None) -> list[str]:
    if section is None:
        return []
    try:
        path = json.loads(section)
    except (ValueError, RecursionError):
        path = None
    if not isinstance(path, list) or not all(isinstance(part, str) for part in path):
        raise WebError(422, "invalid", "section须为JSON字符串数组 / section must be a JSON list of strings")
    return path


@router.get("/api/documents/{document_id}/history", responses=documented(HistoryAnswer))
def history(
    workspace: InWorkspace,
    document_id: DocumentId,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """The document's events, newest first."""
    return answers.json_response(workspace.history(document_id)[offset : offset + limit])


@router.get("/api/documents/{document_id}/diff", responses=documented(DiffAnswer))
def diff(workspace: InWorkspace, document_id: DocumentId) -> Response:
    """What people changed: the current records against the machine's draft, per field."""
    found = workspace.diff(document_id)
    return answers.json_response(found | {"added": [answers.record(entry) for entry in found["added"]]})


@router.get("/api/documents/{document_id}/place", response_model=dict[str, JsonValue])
def place(workspace: InWorkspace, person: Asking, document_id: DocumentId) -> dict[str, JsonValue]:
    """Where the asking person left the document; empty for someone who was never there."""
    return workspace.place(document_id, person.name) or {}


@router.put("/api/documents/{document_id}/place", status_code=204, response_class=Response)
def put_place(
    workspace: InWorkspace, person: Asking, document_id: DocumentId, body: Annotated[dict[str, JsonValue], Body()]
) -> None:
    """Any JSON object of moderate size; it is kept per person."""
    if len(json.dumps(body)) > _PLACE:
        raise WebError(422, "invalid", "位置信息过长 / the place is too long")
    workspace.put_place(document_id, person.name, body)


routers = (router, write_router)
