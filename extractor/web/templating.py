"""Pages: Jinja2 with autoescape, in the language of the reader."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from extractor.web import i18n
from extractor.web.errors import in_language
from extractor.web.identity import Person

LANGUAGE_COOKIE = "lang"
_YEAR = 365 * 24 * 3600


def language_of(request: Request) -> str:
    """``?lang=``, else the cookie, else Chinese."""
    for said in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if said in i18n.LANGUAGES:
            return said
    return i18n.DEFAULT


def size(value: int) -> str:
    """Bytes as people say them: 820 B, 12 KB, 3.4 MB."""
    if value < 1000:
        return f"{value} B"
    if value < 1_000_000:
        return f"{value / 1000:.0f} KB"
    return f"{value / 1_000_000:.1f} MB".replace(".0 ", " ")


def percent(value: float) -> str:
    """A share in whole percent; what is more than nothing is never shown as nothing."""
    return "<1%" if 0 < value < 0.01 else f"{value:.0%}"


def moment(value: str) -> str:
    """An ISO 8601 time (UTC) as the server's own clock shows it, to the minute."""
    try:
        return datetime.fromisoformat(value).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return value


def marked(snippet: str, marks: tuple[tuple[int, int], ...]) -> Markup:
    """The snippet with the words found in ``<mark>``; overlapping marks count once."""
    out, at = Markup(), 0
    for start, end in marks:
        if start >= at:
            out += escape(snippet[at:start]) + Markup("<mark>") + escape(snippet[start:end]) + Markup("</mark>")
            at = end
    return out + escape(snippet[at:])


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(size=size, percent=percent, moment=moment)
    return environment


_ENVIRONMENT = _environment()


def translator(language: str) -> Callable[..., str]:
    """``t(key, **values)`` of a template."""

    def t(key: str, **values: object) -> str:
        return i18n.translate(language, key, **values)

    return t


def _link_in(request: Request) -> Callable[[str], str]:
    """The same page in another language; its other parameters stay."""

    def link(language: str) -> str:
        kept = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
        return f"{request.url.path}?{urlencode([*kept, ('lang', language)])}"

    return link


def _menu_link(path: str) -> Callable[[str, str], Markup]:
    def nav(href: str, words: str) -> Markup:
        below = href != "/" and path.startswith(f"{href}/")
        current = (
            Markup(' aria-current="{}"').format("page" if path == href else "true") if path == href or below else ""
        )
        return Markup('<a href="{}"{}>{}</a>').format(href, current, words)

    return nav


def render(request: Request, name: str, /, *, status: int = 200, **values: Any) -> Response:  # noqa: ANN401 - a template's values
    """A page. ``?lang=`` is kept in a cookie, which scripts may read and which tells nothing else."""
    language = language_of(request)
    person: Person | None = request.scope.get("person")
    environment = _ENVIRONMENT.overlay()
    environment.filters["in_language"] = lambda message: in_language(message or "", language)
    page = environment.get_template(name).render(
        {
            "t": translator(language),
            "nav": _menu_link(request.url.path),
            "language": language,
            "languages": i18n.LANGUAGES,
            "language_link": _link_in(request),
            "messages": i18n.script_catalog(language),
            "person": person,
            "local": bool(request.scope.get("local")),
            "csrf": person.csrf if person is not None else None,
            "path": request.url.path,
        }
        | values
    )
    response = HTMLResponse(page, status)
    if request.query_params.get("lang") in i18n.LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE, language, max_age=_YEAR, samesite="lax", secure=request.url.scheme == "https"
        )
    return response
