"""Out and in again: exports, the scoring engine, an edited workbook."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import File, Query, Response, UploadFile

from extractor.types.record import ExtractionFile
from extractor.web import answers
from extractor.web.models import DeliveryAnswer, DeliveryList, ImportAnswer
from extractor.web.routes import Asking, DocumentId, InWorkspace, api_router, documented

FORMATS = ("xlsx", "units", "csv", "json", "jsonl")
Format = Literal["xlsx", "units", "csv", "json", "jsonl"]

router = api_router("exchange", 404, 409)
import_router = api_router("exchange", 404, 409, 413)
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "model": ExtractionFile,
        "description": "The file, as an attachment",
        "content": {
            media: {"schema": {"type": "string", "format": "binary"}}
            for media in (
                "application/jsonl",
                "text/csv",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            )
        },
    }
}


_ORIGINAL: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file, as an attachment",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get("/api/documents/{document_id}/export", response_class=Response, responses=_FILE)
def export(
    workspace: InWorkspace,
    document_id: DocumentId,
    format: Format = "json",
    records: Literal["current", "approved"] = "current",
) -> Response:
    """``units``: a workbook with one sheet for each responsible unit. ``approved``: accepted records only."""
    data, media_type, name = workspace.export(document_id, format, records)
    return answers.attachment(data, media_type, name)


@router.get("/api/documents/{document_id}/original", response_class=Response, responses=_ORIGINAL)
def original(workspace: InWorkspace, document_id: DocumentId) -> Response:
    """The file as it was uploaded."""
    path, name = workspace.original(document_id)
    return answers.attachment(path.read_bytes(), "application/octet-stream", name)


@import_router.post("/api/documents/{document_id}/import", responses=documented(ImportAnswer))
def import_workbook(
    workspace: InWorkspace,
    person: Asking,
    document_id: DocumentId,
    file: Annotated[UploadFile, File()],
    apply: bool = False,
    token: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """An exported xlsx that was edited: what it would change, then with ``apply=true`` and the preview's token that."""
    data = file.file.read()
    if apply:
        return answers.json_response(
            answers.with_records(workspace.import_apply(document_id, data, person.name, token))
        )
    return answers.json_response(workspace.import_preview(document_id, data))


@router.post("/api/documents/{document_id}/send", response_model=DeliveryAnswer)
def send(workspace: InWorkspace, person: Asking, document_id: DocumentId) -> dict[str, Any]:
    """Posts the approved export to the scoring engine that the settings name; repeated tries run by themselves."""
    return workspace.send(document_id, person.name)


@router.get("/api/documents/{document_id}/deliveries", response_model=DeliveryList)
def deliveries(workspace: InWorkspace, document_id: DocumentId) -> dict[str, Any]:
    """What was sent, newest first, with every try."""
    return {"deliveries": workspace.deliveries(document_id)}


routers = (router, import_router)
