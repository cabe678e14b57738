"""The application: routes, the gate, the shield, static files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from extractor import __version__
from extractor.web import refusals, roles
from extractor.web.identity import Door
from extractor.web.routes import (
    archive,
    batches,
    compare,
    documents,
    entry,
    exchange,
    pages,
    people,
    review,
    source,
    stream,
)
from extractor.web.security import Hosts, Shield
from extractor.workspace.service import Workspace

STATIC = Path(__file__).parent / "static"
_ABOUT = (
    "审核工作台的接口：页面所做的一切都经由它。有账号时脚本以令牌（Authorization: Bearer …）调用；本机模式不需要。\n\n"
    "All that the pages do. Where accounts exist scripts send a token (Authorization: Bearer …); local mode needs none. "
    "Offsets are Unicode code points of the document's text. Every refusal is "
    '`{"error": {"code", "message"}}`.'
)


class _Static(StaticFiles):
    """Files of the package, to be asked for again each time: a 304 costs little, a stale module breaks a page."""

    def file_response(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as the parent
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


def create_app(workspace: Workspace, *, host: str, port: int, names: Iterable[str] = ()) -> FastAPI:
    """``host`` and ``port``: where it listens; ``names``: more host names that are answered (behind a proxy).

    Raises LookupError where a route is missing in the table of roles.
    """
    app = FastAPI(
        title="审核工作台 / Review workspace",
        description=_ABOUT,
        version=__version__,
        openapi_url=None,  # a route of its own below, behind the gate
        docs_url=None,  # its page would load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.workspace = workspace
    app.state.door = Door(workspace)
    app.state.address = (host, port)
    for module in (entry, documents, stream, source, review, exchange, archive, people, pages, batches, compare):
        for router in module.routers:
            app.router.routes.extend(router.routes)
    app.router.routes.append(Mount("/static", _Static(directory=STATIC), name="static"))
    roles.check(app.routes)
    refusals.install(app)
    app.add_middleware(Shield, hosts=Hosts(host, names), on_error=refusals.respond)
    return app
