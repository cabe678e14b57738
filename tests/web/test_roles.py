"""Every route as every role and as nobody, against the table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from extractor.web import roles
from extractor.web.app import create_app
from extractor.workspace.service import open_workspace
from tests.web.serving import Site

WHO = ("nobody", *roles.ROLES)
ROUTES = sorted(key for key in roles.TABLE if not key.startswith("MOUNT") and key != "POST /logout")
PLACES = {"document_id": "0" * 20, "number": "1", "token_id": "999999", "name": "no-such-user", "indicator_id": "none"}
REFUSED = {401, 403}


@pytest.fixture(scope="module", params=["session", "token"])
def clients(request: pytest.FixtureRequest, guarded: Site) -> Iterator[dict[str, httpx.Client]]:
    made = {"nobody": guarded.client()}
    for role in roles.ROLES:
        made[role] = guarded.with_session(role) if request.param == "session" else guarded.with_token(role)
    yield made
    for client in made.values():
        client.close()


def ask(client: httpx.Client, key: str) -> httpx.Response:
    method, path = key.split(" ")
    for name, value in PLACES.items():
        path = path.replace("{" + name + "}", value)
    with client.stream(method, path, json={} if method in {"POST", "PUT"} else None) as response:
        return response


@pytest.mark.parametrize("key", ROUTES)
def test_a_route_lets_in_exactly_the_roles_of_the_table(clients: dict[str, httpx.Client], key: str) -> None:
    least = roles.TABLE[key]
    for who in WHO:
        status = ask(clients[who], key).status_code
        if least == roles.ANYONE or (who != "nobody" and roles.ROLES.index(who) >= roles.ROLES.index(least)):
            # log-in without a name is refused, but as a wrong password is
            assert status not in REFUSED or key == "POST /login", (who, status)
        elif who == "nobody":
            page = not key.split(" ")[1].startswith(("/api/", "/openapi.json"))
            assert status == (303 if page else 401), (who, status)
        else:
            assert status == 403, (who, status)


@pytest.mark.parametrize("op", ["approve", "withdraw"])
def test_approval_asks_for_the_approver_though_the_route_does_not(guarded: Site, op: str) -> None:
    body = {"op": op, "client_op_id": "approve-0001"}
    for path in ("operations", "preview"):
        of_document = f"/api/documents/{PLACES['document_id']}/{path}"
        assert guarded.with_token("reviewer").post(of_document, json=body).status_code == 403
        assert guarded.with_token("approver").post(of_document, json=body).status_code == 404


def test_a_stranger_is_refused_before_the_upload_is_read(guarded: Site) -> None:
    """Only the headers are sent: the answer must come all the same."""
    import socket

    with socket.create_connection(("127.0.0.1", guarded.port), timeout=10) as raw:
        raw.sendall(
            b"POST /api/documents HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 50000\r\n"
            b"Content-Type: multipart/form-data; boundary=x\r\n\r\n"
        )
        assert raw.recv(100).startswith(b"HTTP/1.1 401")


def test_a_page_leads_a_stranger_to_the_log_in_and_back(guarded: Site) -> None:
    answer = guarded.api.get("/documents/abc?x=1")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2Fdocuments%2Fabc%3Fx%3D1"
    assert guarded.api.get("/", headers={"HX-Request": "true"}).headers["HX-Redirect"].startswith("/login")


def test_static_files_are_for_anyone(guarded: Site) -> None:
    assert guarded.api.get("/static/css/base.css").status_code == 200
    assert guarded.api.get("/static/../app.py").status_code == 404
    assert guarded.api.get("/static/%2e%2e/app.py").status_code == 404


def test_a_route_without_a_row_and_a_row_without_a_route_fail_at_start_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = open_workspace(tmp_path / "data")
    try:
        row = roles.TABLE["GET /help"]
        monkeypatch.delitem(roles.TABLE, "GET /help")
        with pytest.raises(LookupError, match="GET /help"):
            create_app(workspace, host="127.0.0.1", port=1)
        monkeypatch.setitem(roles.TABLE, "GET /help", row)
        monkeypatch.setitem(roles.TABLE, "GET /nowhere", "admin")
        with pytest.raises(LookupError, match="GET /nowhere"):
            create_app(workspace, host="127.0.0.1", port=1)
    finally:
        workspace.database.close()


def test_the_table_names_known_roles_only() -> None:
    assert set(roles.TABLE.values()) <= {*roles.ROLES, roles.ANYONE}
    assert all(re.fullmatch(r"(GET|POST|PUT|DELETE|MOUNT) /\S*", key) for key in roles.TABLE)
    assert not roles.reaches("nonsense", "uploader")


@pytest.mark.parametrize(
    ("key", "least"),
    [
        ("POST /api/documents", "uploader"),
        ("POST /api/documents/{document_id}/operations", "reviewer"),
        ("DELETE /api/documents/{document_id}", "approver"),
        ("POST /api/documents/{document_id}/send", "approver"),
        ("PUT /api/settings", "admin"),
        ("POST /api/users", "admin"),
        ("GET /api/audit", "admin"),
    ],
)
def test_what_must_never_be_loosened(key: str, least: str) -> None:
    assert roles.TABLE[key] == least
