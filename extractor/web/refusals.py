"""How the workspace's errors answer over HTTP: status, code, one line for people."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse

from extractor.errors import ExtractorError, OutputError, ReadError, StoreError
from extractor.review.errors import Conflict, Refused
from extractor.web import roles
from extractor.web.errors import BY_STATUS, PHRASES, WebError, body, in_language
from extractor.web.models import ConflictAnswer, ErrorAnswer
from extractor.web.templating import language_of, render
from extractor.workspace.errors import (
    LoginRefused,
    NotFound,
    NotReady,
    PersonRefused,
    TooManyTries,
    UploadRefused,
    WorkspaceError,
)

log = logging.getLogger(__name__)


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI's description of refusals, beside those that every route may give."""
    return {
        status: {
            "model": ConflictAnswer if status == 409 else ErrorAnswer,
            "description": PHRASES.get(BY_STATUS.get(status, ""), HTTPStatus(status).phrase),
        }
        for status in sorted({400, 401, 403, 422, *statuses})
    }


def as_web_error(error: Exception) -> WebError:
    """Unforeseen errors become a 500 that tells nothing of their cause."""
    if isinstance(error, WebError):
        return error
    if isinstance(error, TooManyTries):
        return WebError(429, "rate_limited", str(error), headers={"Retry-After": str(error.seconds)})
    if isinstance(error, Conflict):
        differences = [
            {"record": one.record, "field": one.field, "yours": one.yours, "current": one.current,
             "actor": one.actor, "at": one.at}
            for one in error.differences
        ]  # fmt: skip
        return WebError(409, "conflict", str(error), extra={"conflicts": differences, "records": []})
    if isinstance(error, WorkspaceError | Refused | ReadError | StoreError):
        return WebError(_status(error), error.code, str(error))
    if isinstance(error, OutputError):
        return WebError(422, "invalid", str(error))
    if isinstance(error, HTTPException):
        code = BY_STATUS.get(error.status_code, "bad_request")
        return WebError(error.status_code, code, PHRASES[code], headers=dict(error.headers or {}))
    return WebError(500)


def _status(error: WorkspaceError | Refused | ReadError | StoreError) -> int:
    if isinstance(error, NotFound):
        return 404
    if isinstance(error, NotReady):
        return 409
    if isinstance(error, UploadRefused) or (isinstance(error, WorkspaceError) and error.code == "too_large"):
        return 413 if error.code == "too_large" else 422
    if isinstance(error, LoginRefused):
        return 403
    if isinstance(error, PersonRefused):
        return 409 if error.code == "exists" else 422
    if isinstance(error, StoreError):
        return {"not_found": 404, "busy": 503, "unavailable": 503, "exists": 409, "changed": 409}.get(error.code, 500)
    return 422


def wants_page(request: Request) -> bool:
    """False where a program asks: the API, static files."""
    path = request.url.path
    return not path.startswith(("/api/", "/static/")) and path not in {"/openapi.json", "/healthz", "/api"}


def respond(request: Request, error: Exception) -> Response:
    """The refusal as JSON or as a page; a stranger who wants a page is led to the log-in."""
    refused = as_web_error(error)
    if refused.status_code >= 500 and not isinstance(error, WebError):
        log.error("request failed: %s %s", request.method, request.url.path, exc_info=error)
    headers = dict(refused.headers or {})
    if refused.status_code == 405:
        headers["Allow"] = ", ".join(_methods(request)) or headers.get("Allow", "")
    if refused.status_code == 413:
        headers["Connection"] = "close"  # else the rest of the body would still be taken in, and thrown away
    if not wants_page(request):
        content = body(refused.code, refused.message, **refused.extra)
        return JSONResponse(content, refused.status_code, headers)
    if refused.status_code == 401:
        return _to_login(request)
    message = in_language(refused.message, language_of(request))
    page = render(
        request,
        "error.html",
        status=refused.status_code,
        message=message,
        code=refused.code,
        number=refused.status_code,
    )
    page.headers.update(headers)
    return page


def _to_login(request: Request) -> Response:
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    target = f"/login?next={quote(here if request.method == 'GET' else '/', safe='')}"
    if request.headers.get("hx-request"):
        return Response(status_code=401, headers={"HX-Redirect": target})
    return RedirectResponse(target, 303)


def _methods(request: Request) -> list[str]:
    """The methods that any route of this path knows."""
    found = set()
    for route in request.app.routes:
        path_regex = getattr(route, "path_regex", None)
        if path_regex is not None and path_regex.match(request.url.path):
            found |= {key.split(" ")[0] for key in roles.keys(route)}
    return sorted(found - {"MOUNT"})


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    if any(one["type"] == "json_invalid" for one in found):
        return JSONResponse(body("bad_request", PHRASES["bad_request"]), 400)
    details = [{"where": [*one["loc"]], "message": str(one["msg"])[:300]} for one in found[:20]]
    if wants_page(request):
        return respond(request, WebError(422))
    first = details[0] if details else {"where": [], "message": ""}
    where = ".".join(str(part) for part in first["where"][1:])
    message = f"参数有误：{where[:80]} / Invalid request: {where[:80]}: {first['message']}"
    return JSONResponse(body("invalid", message, details), 422)


def install(app: FastAPI) -> None:
    """Makes all errors of the routes answer in the one shape."""
    for kind in (HTTPException, ExtractorError):
        app.add_exception_handler(kind, respond)
    app.add_exception_handler(RequestValidationError, _invalid)
