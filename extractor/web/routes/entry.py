"""Log-in and log-out, the health of the server, its OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Form, Request, Response
from starlette.responses import JSONResponse, RedirectResponse

from extractor.web.errors import WebError, in_language
from extractor.web.identity import Person, identify
from extractor.web.models import Health
from extractor.web.routes import InWorkspace, api_router, page_router
from extractor.web.security import SESSION_COOKIE, csrf_matches
from extractor.web.templating import language_of, render
from extractor.workspace.errors import LoginRefused, TooManyTries

router = page_router()
health_router = api_router("server")


@health_router.get("/healthz", response_model=Health)
async def healthz() -> dict[str, str]:
    """The server answers."""
    return {"status": "ok"}


@router.get("/openapi.json")
def openapi(request: Request) -> Response:
    """This API, described."""
    return JSONResponse(request.app.openapi())


def _inside(target: str) -> str:
    """Where to go on; only an address of this server, else the queue."""
    inside = target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    return target if inside else "/"


@router.get("/login")
async def login_page(request: Request, next: str = "/") -> Response:
    """``next``: where to go afterwards."""
    person = await identify(request)
    if person is not None:
        return RedirectResponse(_inside(next), 303)
    return render(request, "login.html", next=_inside(next), name="", refusal=None)


@router.post("/login")
def login(
    request: Request,
    workspace: InWorkspace,
    name: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=2000)] = "",
    next: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """By name and password; failures are counted by name and address."""
    address = request.client.host if request.client is not None else "?"
    try:
        token, _ = workspace.people.log_in(name, password, address)
    except (LoginRefused, TooManyTries) as error:
        refusal = in_language(str(error), language_of(request))
        limited = isinstance(error, TooManyTries)
        page = render(
            request, "login.html", status=429 if limited else 401, next=_inside(next), name=name[:64], refusal=refusal
        )
        if isinstance(error, TooManyTries):
            page.headers["Retry-After"] = str(error.seconds)
        return page
    response = RedirectResponse(_inside(next), 303)
    response.set_cookie(
        SESSION_COOKIE, token, httponly=True, samesite="strict", secure=request.url.scheme == "https", path="/"
    )
    return response


@router.post("/logout")
def logout(request: Request, workspace: InWorkspace, csrf: Annotated[str, Form(max_length=200)] = "") -> Response:
    """Ends the session, at the server too."""
    person: Person | None = request.scope["person"]
    if person is not None and person.session is not None:
        if not csrf_matches(person.session, csrf):
            raise WebError(403, "csrf")
        workspace.people.log_out(person.session)
    response = RedirectResponse("/login", 303)
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="strict", secure=request.url.scheme == "https")
    return response


routers: tuple[Any, ...] = (router, health_router)
