"""Two documents of the workspace against each other."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query, Request, Response

from extractor.archive import compare_html
from extractor.store.documents import Query as Wanted
from extractor.web.routes import InWorkspace, api_router, page_router
from extractor.web.templating import render
from extractor.workspace.compared import compared, rendered

router = page_router()
api = api_router("archive", 404, 409)
STYLE = "/compare.css"
_CHOICES = 500
Chosen = Annotated[str, Query(max_length=64)]


@router.get("/compare")
def choose(request: Request, workspace: InWorkspace, old: Chosen = "", new: Chosen = "") -> Response:
    """Which two; the latest uploads first."""
    rows, _ = workspace.documents(Wanted(state="ready", limit=_CHOICES))
    return render(request, "compare.html", documents=rows, old=old, new=new)


@router.get("/compare/view")
def view(workspace: InWorkspace, old: Chosen, new: Chosen) -> Response:
    """The comparison as a page of its own, that prints well."""
    return Response(compare_html.render(compared(workspace, old, new), STYLE), media_type="text/html; charset=utf-8")


@router.get(STYLE)
def style() -> Response:
    """The style sheet of that page."""
    return Response(compare_html.style(), media_type="text/css; charset=utf-8")


@api.get("/api/compare", response_class=Response)
def download(
    workspace: InWorkspace, old: Chosen, new: Chosen, format: Literal["json", "xlsx", "html"] = "json"
) -> Response:
    """The comparison as JSON (docs/exports.md), workbook, or a page that needs no other file."""
    data, media = rendered(compared(workspace, old, new), format)
    disposition = "inline" if format == "json" else f'attachment; filename="comparison.{format}"'
    return Response(data, media_type=media, headers={"Content-Disposition": disposition})


routers = (router, api)
