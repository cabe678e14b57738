"""Rows of the store as the API tells them."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from fastapi import Response

from extractor.store.documents import DocumentRow
from extractor.web.identity import Person
from extractor.web.models import ErrorAnswer
from extractor.web.roles import TABLE
from extractor.workspace.content import view_of

_OF_DOCUMENT = "/api/documents/{document_id}"
ACTIONS = {
    "review": f"POST {_OF_DOCUMENT}/operations",
    "import": f"POST {_OF_DOCUMENT}/import",
    "assign": f"PUT {_OF_DOCUMENT}/reviewer",
    "send": f"POST {_OF_DOCUMENT}/send",
    "delete": f"DELETE {_OF_DOCUMENT}",
    "retry": f"POST {_OF_DOCUMENT}/retry",
}

NO_ACCOUNT: dict[int | str, dict[str, Any]] = {409: {"model": ErrorAnswer, "description": "Local mode: no accounts"}}


def can(person: Person) -> dict[str, bool]:
    """What the person's role allows, by the names that the pages use."""
    allowed = {name: person.may(TABLE[route]) for name, route in ACTIONS.items()}
    return allowed | {"approve": person.may("approver"), "administer": person.may("admin")}


def document(row: DocumentRow, person: Person) -> dict[str, Any]:
    """The row with its view, its progress and what the person may do with it."""
    return asdict(row) | {
        "view": view_of(row.format),
        "progress": {"stage": row.stage, "done": row.done, "total": row.total},
        "can": can(person),
    }


def record(entry: dict[str, Any]) -> dict[str, Any]:
    """The contract's record, which scripts read as they read an export, with the rest under ``review``."""
    rest = {name: value for name, value in entry.items() if name != "record"}
    return {**entry["record"], "review": rest}


def with_records(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer with its entries as ``record`` tells them."""
    return answer | {"records": [record(entry) for entry in answer["records"]]}


def json_response(content: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """JSON of what is data already: no validation, no copy."""
    data = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return Response(data, status, headers, media_type="application/json")


def attachment(data: bytes, media_type: str, name: str) -> Response:
    """A download that no browser opens in place; ``name`` as RFC 5987 writes it, with a plain one beside it."""
    plain = "".join(char if char.isascii() and (char.isalnum() or char in "-_.") else "_" for char in name)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(data, media_type=media_type, headers={"Content-Disposition": disposition})


def tagged(data: bytes, tag: str, asked: str | None, media_type: str, *, immutable: bool) -> Response:
    """An answer with an ETag, or 304 where the browser has it (``asked``: its If-None-Match)."""
    lasting = "max-age=31536000, immutable" if immutable else "max-age=0, must-revalidate"
    headers = {"ETag": f'"{tag}"', "Cache-Control": f"private, {lasting}"}
    if asked is not None and any(one.strip().removeprefix("W/") == f'"{tag}"' for one in asked.split(",")):
        return Response(status_code=304, headers=headers)
    return Response(data, media_type=media_type, headers=headers)
