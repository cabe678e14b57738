"""Who may do what: one table, every route → the least role. A route missing here fails at start-up."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.routing import BaseRoute, Mount, Route

ROLES = ("uploader", "reviewer", "approver", "admin")
ANYONE = "anyone"

TABLE: dict[str, str] = {
    # pages
    "GET /": "uploader",
    "GET /documents/{document_id}": "uploader",
    "GET /documents/{document_id}/history": "uploader",
    "GET /documents/{document_id}/diff": "uploader",
    "GET /batches": "uploader",
    "GET /batches/{run_id}": "uploader",
    "GET /compare": "uploader",
    "GET /compare/view": "uploader",
    "GET /compare.css": ANYONE,
    "GET /login": ANYONE,
    "POST /login": ANYONE,
    "POST /logout": ANYONE,
    "GET /account": "uploader",
    "GET /help": "uploader",
    "GET /users": "admin",
    "GET /settings": "admin",
    "GET /audit": "admin",
    "GET /healthz": ANYONE,
    "GET /openapi.json": "uploader",
    "MOUNT /static": ANYONE,
    # documents
    "GET /api/documents": "uploader",
    "POST /api/documents": "uploader",
    "POST /api/documents/text": "uploader",
    "GET /api/dossiers": "uploader",
    "POST /api/dossiers": "uploader",
    "GET /api/search": "uploader",
    "GET /api/documents/{document_id}": "uploader",
    "DELETE /api/documents/{document_id}": "approver",
    "POST /api/documents/{document_id}/retry": "uploader",
    "PUT /api/documents/{document_id}/reviewer": "reviewer",
    "GET /api/documents/{document_id}/stream": "uploader",
    "GET /api/batches": "uploader",
    "GET /api/compare": "uploader",
    # the source
    "GET /api/documents/{document_id}/content": "uploader",
    "GET /api/documents/{document_id}/pages": "uploader",
    "GET /api/documents/{document_id}/pages/{number}.png": "uploader",
    "GET /api/documents/{document_id}/pages/{number}/text": "uploader",
    "GET /api/documents/{document_id}/original": "uploader",
    # review; approving and withdrawing ask for the approver besides, see MORE_FOR
    "GET /api/documents/{document_id}/records": "uploader",
    "POST /api/documents/{document_id}/operations": "reviewer",
    "POST /api/documents/{document_id}/preview": "reviewer",
    "GET /api/documents/{document_id}/bulk": "reviewer",
    "GET /api/documents/{document_id}/history": "uploader",
    "GET /api/documents/{document_id}/diff": "uploader",
    "GET /api/documents/{document_id}/place": "uploader",
    "PUT /api/documents/{document_id}/place": "uploader",
    # in and out
    "GET /api/documents/{document_id}/export": "uploader",
    "POST /api/documents/{document_id}/import": "reviewer",
    "POST /api/documents/{document_id}/send": "approver",
    "GET /api/documents/{document_id}/deliveries": "reviewer",
    # the aligned archive
    "GET /archive": "uploader",
    "GET /archive/indicators/{indicator_id}": "uploader",
    "GET /archive/conflicts": "uploader",
    "GET /api/archive": "uploader",
    "GET /api/archive/indicators": "uploader",
    "GET /api/archive/indicators/{indicator_id}": "uploader",
    "GET /api/archive/conflicts": "uploader",
    "GET /api/archive/observations.csv": "uploader",
    "GET /api/archive/decisions": "uploader",
    "POST /api/archive/decisions": "reviewer",
    # people
    "GET /api/me": "uploader",
    "POST /api/me/password": "uploader",
    "GET /api/tokens": "uploader",
    "POST /api/tokens": "uploader",
    "DELETE /api/tokens/{token_id}": "uploader",
    "GET /api/users": "admin",
    "POST /api/users": "admin",
    "PUT /api/users/{name}": "admin",
    "POST /api/users/{name}/password": "admin",
    "GET /api/settings": "admin",
    "PUT /api/settings": "admin",
    "GET /api/audit": "admin",
}

MORE_FOR = {"approve": "approver", "withdraw": "approver"}
"""Operations of a body that ask for more than their route does."""


def reaches(role: str, least: str) -> bool:
    """True where ``role`` may do what ``least`` may; an unknown role may nothing."""
    return least == ANYONE or (role in ROLES and ROLES.index(role) >= ROLES.index(least))


def keys(route: BaseRoute) -> list[str]:
    """The table's keys of a route: one for each method."""
    if isinstance(route, Mount):
        return [f"MOUNT {route.path}"]
    if isinstance(route, Route):
        return [f"{method} {route.path}" for method in sorted(route.methods or ())]
    raise TypeError(f"{type(route).__name__} can't be guarded")


def check(routes: Iterable[BaseRoute]) -> None:
    """Raises LookupError where a route has no row, or a row no route."""
    known = {key for route in routes for key in keys(route)}
    if known != TABLE.keys():
        raise LookupError(f"roles.TABLE and the routes differ: {sorted(known ^ TABLE.keys())}")
