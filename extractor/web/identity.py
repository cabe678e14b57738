"""Who asks: nobody yet, the one user of local mode, a session or a token; and the gate in front of every route.

The gate stands before the body is read: a stranger's upload is refused by its headers.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.types import Message, Receive

from extractor.web import roles
from extractor.web.errors import WebError
from extractor.web.security import CSRF_HEADER, SAFE_METHODS, SESSION_COOKIE, csrf_matches, csrf_token
from extractor.workspace.service import Workspace

LOCAL_ACTOR = "local"
SMALL_BODY = 1_000_000  # bytes of a JSON body that is no document
MANY_BODY = 4_000_000  # operations on thousands of records
UPLOADS = frozenset({"POST /api/documents", "POST /api/documents/text", "POST /api/documents/{document_id}/import"})
MANY = frozenset({"POST /api/documents/{document_id}/operations", "POST /api/documents/{document_id}/preview"})


@dataclass(frozen=True, slots=True)
class Person:
    """``way`` is how the request proved it; ``session`` its secret where that was a session's cookie."""

    name: str
    display: str
    role: str
    way: Literal["local", "session", "token"]
    session: str | None = None

    def may(self, least: str) -> bool:
        return roles.reaches(self.role, least)

    @property
    def csrf(self) -> str | None:
        return csrf_token(self.session) if self.session is not None else None


class Door:
    """Tells local mode (no accounts yet) from the other; accounts never go again, so that answer is kept."""

    def __init__(self, workspace: Workspace) -> None:
        self._people = workspace.people
        self._accounts = False

    @property
    def local(self) -> bool:
        if not self._accounts:
            self._accounts = self._people.any()
        return not self._accounts

    def person(self, authorization: str | None, cookie: str | None) -> Person | None:
        """A token goes before a cookie: who sends one means it."""
        if self.local:
            return Person(LOCAL_ACTOR, LOCAL_ACTOR, "admin", "local")
        if authorization is not None:
            scheme, _, token = authorization.partition(" ")
            user = self._people.by_token(token.strip()) if scheme.lower() == "bearer" else None
            return Person(user.name, user.display, user.role, "token") if user is not None and user.active else None
        if cookie:
            user = self._people.by_session(cookie)
            if user is not None and user.active:
                return Person(user.name, user.display, user.role, "session", cookie)
        return None


async def identify(request: Request) -> Person | None:
    """The person of the request, looked up once."""
    if "person" not in request.scope:
        door: Door = request.app.state.door
        request.scope["person"] = await run_in_threadpool(
            door.person, request.headers.get("authorization"), request.cookies.get(SESSION_COOKIE)
        )
        request.scope["local"] = door.local
    person: Person | None = request.scope["person"]
    return person


async def admit(request: Request, key: str) -> None:
    """Raises WebError unless the person of the request reaches the least role of the route."""
    least = roles.TABLE[key]
    person = await identify(request)
    if least == roles.ANYONE:
        return
    if person is None:
        raise WebError(401, headers={"WWW-Authenticate": "Bearer"})
    writes = request.method not in SAFE_METHODS
    if person.session is not None and writes and not csrf_matches(person.session, request.headers.get(CSRF_HEADER)):
        raise WebError(403, "csrf")
    if not person.may(least):
        raise WebError(403)


def actor(request: Request) -> Person:
    """The person that the gate let through."""
    person: Person = request.scope["person"]
    return person


def upload_limit(request: Request) -> int:
    """Bytes of one uploaded file, by the settings of now."""
    workspace: Workspace = request.app.state.workspace
    return workspace.most_upload_bytes()


async def _most(request: Request, key: str) -> int:
    if key in UPLOADS:
        # a text arrives as JSON, where a character of three bytes may take six
        factor = 2 if key.endswith("/text") else 1
        return await run_in_threadpool(upload_limit, request) * factor + 64_000
    return MANY_BODY if key in MANY else SMALL_BODY


def limited(receive: Receive, most: int) -> Receive:
    """``receive`` that raises WebError 413 as soon as the body grows beyond ``most`` bytes."""
    got = 0

    async def counted() -> Message:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        if got > most:
            raise WebError(413)
        return message

    return counted


def _refuse(found: str) -> NoReturn:
    raise json.JSONDecodeError(f"{found} is no JSON", found, 0)


def _finite(found: str) -> float:
    number = float(found)
    return number if math.isfinite(number) else _refuse(found)


class StrictRequest(Request):
    """JSON as the standard has it: no NaN, no infinite number, no half of a surrogate pair, no NUL."""

    async def json(self) -> Any:  # noqa: ANN401 - any JSON
        if not hasattr(self, "_json"):
            text = (await self.body()).decode("utf-8")
            self._json = json.loads(text, parse_constant=_refuse, parse_float=_finite)
            if "\\u" in text and _unsayable(self._json):
                _refuse("a lone surrogate or NUL")
        return self._json


def _unsayable(value: object) -> bool:
    spelt = json.dumps(value, ensure_ascii=False)
    return "\\u0000" in spelt.replace("\\\\", "") or any("\ud800" <= char <= "\udfff" for char in spelt)


class GuardedRoute(APIRoute):
    """Every route of the application: first the gate, then the size of the body, then FastAPI."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            key = f"{request.method} {self.path}"
            await admit(request, key)
            if request.method in SAFE_METHODS:
                return await handler(request)
            most = await _most(request, key)
            length = request.headers.get("content-length", "0")
            if length.isdecimal() and int(length) > most:
                raise WebError(413)
            return await handler(StrictRequest(request.scope, limited(request.receive, most), request._send))

        return guarded
