"""Upload, the queue, one document, the search."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import File, Form, Query, Response, UploadFile

from extractor.store.documents import Query as Wanted
from extractor.types.review import Approval
from extractor.web import answers
from extractor.web.errors import WebError
from extractor.web.models import (
    DocumentAnswer,
    DocumentList,
    DossierAnswer,
    DossierBody,
    DossierList,
    ReviewerBody,
    SearchAnswer,
    State,
    TextBody,
)
from extractor.web.routes import Asking, DocumentId, InWorkspace, api_router

SORTS = ("-uploaded_at", "uploaded_at", "-updated_at", "name", "-risk", "-blocking", "-unclaimed")
Sort = Literal["-uploaded_at", "uploaded_at", "-updated_at", "name", "-risk", "-blocking", "-unclaimed"]

router = api_router("documents")
upload_router = api_router("documents", 404, 413)
one_router = api_router("documents", 404)

_CREATED: dict[int | str, dict[str, Any]] = {
    200: {"model": DocumentAnswer, "description": "These bytes are there already: the document that they are"}
}


@upload_router.post("/api/documents", status_code=201, response_model=DocumentAnswer, responses=_CREATED)
def upload(
    workspace: InWorkspace,
    person: Asking,
    response: Response,
    file: Annotated[UploadFile, File()],
    dossier: Annotated[str | None, Form(max_length=64)] = None,
) -> dict[str, Any]:
    """One file; the same bytes sent again give the existing document with status 200."""
    row, created = workspace.upload(file.filename or "", file.file.read(), person.name, dossier or None)
    response.status_code = 201 if created else 200
    return answers.document(row, person)


@upload_router.post("/api/documents/text", status_code=201, response_model=DocumentAnswer, responses=_CREATED)
def upload_text(workspace: InWorkspace, person: Asking, response: Response, body: TextBody) -> dict[str, Any]:
    """Pasted words, kept as a text file."""
    row, created = workspace.upload_text(body.name, body.text, person.name, body.dossier)
    response.status_code = 201 if created else 200
    return answers.document(row, person)


@router.get("/api/documents", response_model=DocumentList)
def documents(
    workspace: InWorkspace,
    person: Asking,
    q: Annotated[str | None, Query(max_length=200)] = None,
    state: State | None = None,
    approval: Approval | None = None,
    reviewer: Annotated[str | None, Query(max_length=64)] = None,
    kind: Annotated[str | None, Query(max_length=40)] = None,
    year: Annotated[int | None, Query(ge=1900, le=2200)] = None,
    dossier: Annotated[str | None, Query(max_length=64)] = None,
    sort: Sort = "-uploaded_at",
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> dict[str, Any]:
    """The queue: all filters must fit; ``q``: words in name, text or records."""
    wanted = Wanted(
        words=q or None, state=state, approval=approval, reviewer=reviewer or None, dossier=dossier or None,
        kind=kind or None, year=year, sort=sort, offset=offset, limit=limit,
    )  # fmt: skip
    rows, total = workspace.documents(wanted)
    return {"total": total, "documents": [answers.document(row, person) for row in rows]}


@router.get("/api/dossiers", response_model=DossierList)
def dossiers(workspace: InWorkspace) -> dict[str, Any]:
    """A dossier holds a notice and its annexes."""
    return {"dossiers": [{"id": one.id, "name": one.name} for one in workspace.dossiers()]}


@router.post("/api/dossiers", status_code=201, response_model=DossierAnswer)
def make_dossier(workspace: InWorkspace, person: Asking, body: DossierBody) -> dict[str, Any]:
    """A notice and its annexes are uploaded into one dossier."""
    made = workspace.make_dossier(body.name, person.name)
    return {"id": made.id, "name": made.name}


@router.get("/api/search", response_model=SearchAnswer)
def search(
    workspace: InWorkspace,
    q: Annotated[str, Query(min_length=1, max_length=200)],
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """Words in texts and records, each hit with its snippet."""
    return {"hits": [asdict(hit) | {"document_name": name} for hit, name in workspace.search(q, limit)]}


@one_router.get("/api/documents/{document_id}", response_model=DocumentAnswer)
def document(workspace: InWorkspace, person: Asking, document_id: DocumentId) -> dict[str, Any]:
    """State, progress, counts, approval."""
    return answers.document(workspace.document(document_id), person)


@one_router.delete("/api/documents/{document_id}", status_code=204, response_class=Response)
def delete(workspace: InWorkspace, person: Asking, document_id: DocumentId) -> None:
    """With all that came from it; one line of the audit stays."""
    workspace.delete(document_id, person.name)


@one_router.post("/api/documents/{document_id}/retry", response_model=DocumentAnswer)
def retry(workspace: InWorkspace, person: Asking, document_id: DocumentId) -> dict[str, Any]:
    """A failed document goes back into the queue; any other is left as it is."""
    return answers.document(workspace.retry(document_id, person.name), person)


@one_router.put("/api/documents/{document_id}/reviewer", response_model=DocumentAnswer)
def assign(workspace: InWorkspace, person: Asking, document_id: DocumentId, body: ReviewerBody) -> dict[str, Any]:
    """Who is to review it; where there are accounts, one of them."""
    known = body.reviewer is None or person.way == "local"
    if not known and body.reviewer not in {user.name for user in workspace.people.users() if user.active}:
        raise WebError(422, "unknown_user", "没有这个用户 / no such user")
    return answers.document(workspace.assign(document_id, body.reviewer, person.name), person)


routers = (router, upload_router, one_router)
