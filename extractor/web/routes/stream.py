"""Server-sent events of one document: progress, drafts, changes by others."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable, Iterator

from fastapi import Request
from pydantic import JsonValue
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from extractor.store.documents import DocumentRow
from extractor.web.errors import WebError
from extractor.web.identity import Door
from extractor.web.roles import TABLE
from extractor.web.routes import DocumentId, InWorkspace, api_router
from extractor.web.security import SESSION_COOKIE
from extractor.workspace.errors import NotFound
from extractor.workspace.service import Workspace

router = api_router("documents", 404)
COMMENT_EVERY = 15.0  # seconds: proxies close what is silent
LOOK_EVERY = 5.0  # seconds between looks at the database, where other servers on it write too
LONGEST = 600.0  # seconds: the browser comes again by itself, and is asked again who it is


@router.get(
    "/api/documents/{document_id}/stream",
    response_class=StreamingResponse,
    responses={200: {"description": "Events", "content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def stream(request: Request, workspace: InWorkspace, document_id: DocumentId) -> StreamingResponse:
    """``progress`` {state, stage, done, total, records} at once and whenever it changes, ``drafts`` {count},
    ``changed`` {seq, actor}, ``ready``, ``failed``, ``deleted``; a comment line every 15 seconds.
    """
    try:
        row = await run_in_threadpool(workspace.document, document_id)
    except NotFound:
        raise WebError(404) from None
    return StreamingResponse(
        _events(workspace, row, _still_admitted(request)),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


def _line(kind: str, data: dict[str, JsonValue]) -> str:
    return f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _progress(row: DocumentRow) -> dict[str, JsonValue]:
    return {"state": row.state, "stage": row.stage, "done": row.done, "total": row.total, "records": row.records}


def _still_admitted(request: Request) -> Callable[[], bool]:
    """Asks anew who it is: a log-out, a new password or a lost role ends the stream as it ends everything else."""
    door: Door = request.app.state.door
    authorization, cookie = request.headers.get("authorization"), request.cookies.get(SESSION_COOKIE)

    def admitted() -> bool:
        person = door.person(authorization, cookie)
        return person is not None and person.may(TABLE["GET /api/documents/{document_id}/stream"])

    return admitted


async def _events(workspace: Workspace, row: DocumentRow, admitted: Callable[[], bool]) -> AsyncIterator[str]:
    yield "retry: 1000\n\n" + _line("progress", _progress(row))
    if row.state in {"ready", "failed"}:
        yield _line(row.state, {})
    end = time.monotonic() + LONGEST
    spoke = time.monotonic()
    with workspace.bus.watch(row.id) as watcher:
        while time.monotonic() < end:
            notice = await watcher.next(LOOK_EVERY)
            if not await run_in_threadpool(admitted):
                return
            if notice is not None:
                yield _line(notice.kind, notice.data)
            try:
                now = await run_in_threadpool(workspace.document, row.id)
            except NotFound:
                yield _line("deleted", {})
                return
            if notice is None:
                for line in _missed(row, now):
                    yield line
            row = now
            if time.monotonic() - spoke >= COMMENT_EVERY:
                spoke = time.monotonic()
                yield ": still here\n\n"


def _missed(before: DocumentRow, now: DocumentRow) -> Iterator[str]:
    """What another server did, seen in the database."""
    if _progress(before) != _progress(now):
        yield _line("progress", _progress(now))
    if now.state != before.state and now.state in {"ready", "failed"}:
        yield _line(now.state, {})
    if now.seq != before.seq:
        yield _line("changed", {"seq": now.seq, "actor": None})


routers = (router,)
