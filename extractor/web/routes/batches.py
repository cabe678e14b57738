"""How far batches are: pages that renew themselves while one runs, and the same as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Path, Request, Response
from pydantic import JsonValue

from extractor.batch.show import duration
from extractor.web.errors import WebError
from extractor.web.routes import InWorkspace, api_router, page_router
from extractor.web.templating import render
from extractor.workspace.batches import BatchView

router = page_router()
api = api_router("batches")
RunId = Annotated[str, Path(max_length=64, description="A run's id")]


@router.get("/batches")
def batches(request: Request, workspace: InWorkspace) -> Response:
    """All of them, the newest first."""
    return render(request, "batches.html", batches=workspace.batches(), duration=duration)


@router.get("/batches/{run_id}")
def batch(request: Request, workspace: InWorkspace, run_id: RunId) -> Response:
    """One, with what failed."""
    found = workspace.batch(run_id)
    if found is None:
        raise WebError(404)
    view, failures = found
    return render(request, "batch.html", batch=view, failures=failures, duration=duration)


@api.get("/api/batches")
def batches_json(workspace: InWorkspace) -> list[dict[str, JsonValue]]:
    """Run, counts, state and the last progress of each, the newest first."""
    return [_as_json(view) for view in workspace.batches()]


def _as_json(view: BatchView) -> dict[str, Any]:
    run = asdict(view.run)
    del run["progress"]
    return {
        **run,
        "sources": list(view.run.sources),
        "state": view.state,
        "counts": asdict(view.counts),
        "progress": view.progress,
    }


routers = (router, api)
