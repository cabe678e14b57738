"""The document as it looks: blocks and tables, page images, the text of a page."""

from __future__ import annotations

import hashlib
import json
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Header, Path, Query, Response

from extractor.web import answers
from extractor.web.models import ContentAnswer, LinesAnswer, PagesAnswer
from extractor.web.routes import DocumentId, InWorkspace, api_router, documented
from extractor.workspace.errors import NotFound, NotReady

router = api_router("source", 404, 409)
_IMAGE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/png": {"schema": {"type": "string", "format": "binary"}}}, "description": "The page"},
    304: {"description": "Unchanged"},
}
Number = Annotated[int, Path(ge=1, le=1_000_000, description="Pages count from 1")]
Asked = Annotated[str | None, Header(alias="If-None-Match", max_length=1000)]


class Scale(StrEnum):
    """Pixels per point."""

    ONE = "1"
    HALF = "1.5"
    TWO = "2"
    THREE = "3"


@router.get("/api/documents/{document_id}/content", responses=documented(ContentAnswer))
def content(
    workspace: InWorkspace,
    document_id: DocumentId,
    first: Annotated[int, Query(ge=0, le=100_000_000)] = 0,
    count: Annotated[int, Query(ge=1, le=2000)] = 400,
) -> Response:
    """Blocks from ``first`` on; fewer than ``count`` where their tables are very large."""
    return answers.json_response(workspace.content(document_id, first, count))


@router.get("/api/documents/{document_id}/pages", responses=documented(PagesAnswer))
def pages(workspace: InWorkspace, document_id: DocumentId) -> Response:
    """The sizes of a PDF's pages in points, also before the extraction is done; of other formats none."""
    return answers.json_response({"pages": workspace.pages(document_id)})


@router.get("/api/documents/{document_id}/pages/{number}.png", response_class=Response, responses=_IMAGE)
def image(
    workspace: InWorkspace,
    document_id: DocumentId,
    number: Number,
    scale: Scale = Scale.HALF,
    asked: Asked = None,
) -> Response:
    """A page drawn. The id names the file's content, so that a browser may keep the image for ever."""
    sha256 = workspace.document(document_id).sha256
    data = workspace.page_image(document_id, number, float(scale.value))
    tag = f"{sha256[:32]}-{number}-{scale.value}-{hashlib.sha256(data).hexdigest()[:8]}"
    return answers.tagged(data, tag, asked, "image/png", immutable=True)


@router.get(
    "/api/documents/{document_id}/pages/{number}/text",
    responses=documented(LinesAnswer) | {304: {"description": "Unchanged"}},
)
def page_text(workspace: InWorkspace, document_id: DocumentId, number: Number, asked: Asked = None) -> Response:
    """The page's lines with the place of every character; 404 until the file has been read."""
    try:
        lines = workspace.page_text(document_id, number)
    except NotReady as error:
        raise NotFound("not_ready", str(error)) from error
    data = json.dumps({"lines": lines}, ensure_ascii=False, separators=(",", ":")).encode()
    return answers.tagged(data, hashlib.sha256(data).hexdigest()[:32], asked, "application/json", immutable=False)


routers = (router,)
