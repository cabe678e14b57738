"""Host, Origin, rebinding, headers, CSRF, cookies, sessions, the rate of log-ins, the size of bodies."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from extractor.web.security import CSP, Hosts, csrf_token
from tests.web.serving import PASSWORDS, Site

CROSS = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}


# --- hosts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "localhost@evil.example", "x:y:z", "10.0.0.7"]
)
def test_a_foreign_host_name_is_refused_also_for_static_files(local: Site, host: str) -> None:
    for path in ("/", "/api/documents", "/healthz", "/static/pages.js", "/nowhere"):
        answer = local.api.get(path, headers={"Host": host})
        assert answer.status_code == 400, path
        assert "云湖" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:9000", "LOCALHOST:80", "[::1]:8000", "127.0.0.2"])
def test_loopback_names_are_answered_through_any_port(local: Site, host: str) -> None:
    assert local.api.get("/healthz", headers={"Host": host}).status_code == 200


def test_two_host_headers_are_refused(local: Site) -> None:
    with socket.create_connection(("127.0.0.1", local.port), timeout=10) as raw:
        raw.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
        assert raw.recv(100).startswith(b"HTTP/1.1 400")


def test_on_a_network_address_that_address_and_the_given_names_are_answered() -> None:
    hosts = Hosts("10.1.2.3", ["review.example"])
    assert hosts.allows("10.1.2.3:8000")
    assert hosts.allows("Review.Example")
    assert hosts.allows(socket.gethostname())
    assert not hosts.allows("10.1.2.4")
    assert not hosts.allows("other.example")


def test_on_all_interfaces_any_address_but_no_foreign_name_is_answered() -> None:
    for wildcard in ("0.0.0.0", "::"):
        hosts = Hosts(wildcard)
        assert hosts.allows("192.168.1.20:8000")
        assert hosts.allows("[fd00::1]:8000")
        assert not hosts.allows("rebound.example")


# --- origins ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "file://"},
        CROSS,
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
    ],
)
def test_another_site_can_write_nothing_in_local_mode(local: Site, headers: dict[str, str]) -> None:
    before = local.api.get("/api/documents").json()["total"]
    answer = local.api.post("/api/documents", files={"file": ("x.txt", b"x")}, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "origin"
    assert local.api.get("/api/documents").json()["total"] == before


def test_another_site_can_embed_or_read_nothing(local: Site, pdf: str) -> None:
    for path in (
        f"/api/documents/{pdf}/pages/1.png",
        "/api/documents",
        "/static/pages.js",
        f"/api/documents/{pdf}/stream",
    ):
        assert local.api.get(path, headers=CROSS).status_code == 403
        assert local.api.get(path, headers={"Origin": "https://evil.example"}).status_code == 403


def test_a_link_from_elsewhere_opens_a_page_but_no_part_of_the_api(local: Site) -> None:
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert local.api.get("/", headers=followed).status_code == 200
    assert local.api.get("/api/documents", headers=followed).status_code == 403


def test_the_own_pages_and_scripts_may_write(local: Site) -> None:
    own = {"Origin": local.url, "Sec-Fetch-Site": "same-origin"}
    assert local.api.post("/api/dossiers", json={"name": "卷宗"}, headers=own).status_code == 201
    assert local.api.post("/api/dossiers", json={"name": "卷宗"}).status_code == 201


def test_no_answer_allows_another_origin(local: Site) -> None:
    answer = local.api.options(
        "/api/documents", headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    )
    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_a_form_of_another_site_can_not_pass_for_json(local: Site) -> None:
    """What a plain form could send without asking first is no JSON here."""
    answer = local.api.post("/api/dossiers", content=b'{"name": "x"}', headers={"Content-Type": "text/plain"})
    assert answer.status_code == 422


# --- headers ----------------------------------------------------------------------------------------------


def test_every_answer_carries_the_policy(local: Site, notice: str) -> None:
    for path in (
        "/",
        f"/documents/{notice}",
        "/nowhere",
        "/api/nowhere",
        "/static/pages.js",
        "/api/documents",
        "/login",
    ):
        answer = local.api.get(path)
        assert answer.headers["Content-Security-Policy"] == CSP, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    refused = local.api.get("/", headers={"Host": "evil.example"})
    assert refused.headers["Content-Security-Policy"] == CSP
    assert "unsafe" not in CSP


def test_pages_and_answers_are_not_kept_by_the_browser(local: Site) -> None:
    assert local.api.get("/").headers["Cache-Control"] == "no-store"
    assert local.api.get("/api/documents").headers["Cache-Control"] == "no-store"
    assert local.api.get("/static/pages.js").headers["Cache-Control"] == "no-cache"


def test_an_unforeseen_error_tells_nothing_and_keeps_the_shape(local: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("/etc/secret")

    monkeypatch.setattr(local.workspace, "dossiers", broken)
    answer = local.api.get("/api/dossiers")
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "internal"
    assert "secret" not in answer.text
    assert answer.headers["Content-Security-Policy"] == CSP
    page = local.api.get("/")
    assert page.status_code == 500
    assert "secret" not in page.text


# --- CSRF, cookies, sessions ------------------------------------------------------------------------------


def test_a_session_writes_with_its_own_csrf_token_only(guarded: Site) -> None:
    client = guarded.with_session("reviewer")
    right = client.headers["X-CSRF-Token"]
    assert client.post("/api/dossiers", json={"name": "x"}).status_code == 201
    for wrong in ("", "0" * 64, csrf_token("another session"), right[:-1]):
        answer = client.post("/api/dossiers", json={"name": "x"}, headers={"X-CSRF-Token": wrong})
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "csrf"
    del client.headers["X-CSRF-Token"]
    assert client.post("/api/dossiers", json={"name": "x"}).status_code == 403


def test_the_page_carries_the_token_that_the_server_takes(guarded: Site) -> None:
    client = guarded.with_session("reviewer")
    assert f'<meta name="csrf" content="{client.headers["X-CSRF-Token"]}">' in client.get("/").text
    assert 'name="csrf"' not in guarded.api.get("/login").text


def test_a_token_needs_no_csrf_and_goes_before_a_cookie(guarded: Site) -> None:
    script = guarded.with_token("reviewer")
    assert script.post("/api/dossiers", json={"name": "x"}).status_code == 201
    browser = guarded.with_session("admin")
    wrong = browser.get("/api/me", headers={"Authorization": "Bearer nonsense"})
    assert wrong.status_code == 401
    assert wrong.headers["WWW-Authenticate"] == "Bearer"
    assert guarded.api.get("/api/me", headers={"Authorization": "Basic YTpi"}).status_code == 401


def test_the_session_cookie_is_out_of_the_reach_of_scripts_and_other_sites(guarded: Site) -> None:
    answer = guarded.client().post("/login", data={"name": "admin", "password": PASSWORDS["admin"]})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie
    assert PASSWORDS["admin"] not in cookie


@pytest.fixture
def behind_proxy(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path / "data", started=False, forwarded=True)
    site.add_people()
    yield site
    site.stop()


def test_behind_tls_the_cookies_are_secure(behind_proxy: Site) -> None:
    tls = {"X-Forwarded-Proto": "https"}
    client = behind_proxy.client(headers=tls)
    answer = client.post("/login", data={"name": "admin", "password": PASSWORDS["admin"]})
    assert "Secure" in answer.headers["set-cookie"]
    assert "Secure" in client.get("/login?lang=en").headers["set-cookie"]


def test_log_out_ends_the_session_at_the_server(guarded: Site) -> None:
    client = guarded.with_session("uploader")
    kept = dict(client.cookies)
    assert client.post("/logout", data={"csrf": "wrong"}).status_code == 403
    assert client.get("/api/me").status_code == 200
    assert client.post("/logout", data={"csrf": client.headers["X-CSRF-Token"]}).status_code == 303
    again = guarded.client(cookies=kept)
    assert again.get("/api/me").status_code == 401


def test_a_session_expires(own: Site) -> None:
    client = own.with_session("uploader")
    assert client.get("/api/me").status_code == 200
    past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat().replace("+00:00", "Z")
    with own.workspace.database.write() as connection:
        connection.execute(text("UPDATE sessions SET expires_at = :past"), {"past": past})
    assert client.get("/api/me").status_code == 401
    assert client.get("/").status_code == 303


def test_who_may_no_longer_log_in_is_out_at_once(own: Site) -> None:
    session, token = own.with_session("reviewer"), own.with_token("reviewer")
    own.workspace.people.change("reviewer", "admin", active=False)
    assert session.get("/api/me").status_code == 401
    assert token.get("/api/me").status_code == 401


def test_a_new_role_holds_from_the_next_request(own: Site) -> None:
    client = own.with_session("reviewer")
    assert client.get("/api/users").status_code == 403
    own.workspace.people.change("reviewer", "admin", role="admin")
    assert client.get("/api/users").status_code == 200


def test_a_password_changed_ends_the_sessions(own: Site) -> None:
    first, other = own.with_session("reviewer"), own.with_session("reviewer")
    body = {"old": PASSWORDS["reviewer"], "new": "另一句 更长的口令"}
    assert first.post("/api/me/password", json=body | {"old": "wrong"}).status_code == 403
    assert first.post("/api/me/password", json=body | {"new": "短"}).status_code == 422
    assert first.post("/api/me/password", json=body).status_code == 204
    assert other.get("/api/me").status_code == 401


def test_failed_log_ins_are_limited_by_name_and_told_politely(own: Site) -> None:
    for _ in range(5):
        answer = own.api.post("/login", data={"name": "admin", "password": "wrong"})
        assert answer.status_code == 401
        assert "用户名或密码不对" in answer.text
    right = own.api.post("/login", data={"name": "admin", "password": PASSWORDS["admin"]})
    assert right.status_code == 429
    assert int(right.headers["Retry-After"]) > 0
    assert "set-cookie" not in right.headers
    other = own.client().post("/login", data={"name": "reviewer", "password": PASSWORDS["reviewer"]})
    assert other.status_code == 303


def test_failed_log_ins_are_limited_by_address(own: Site) -> None:
    for number in range(60):
        answer = own.api.post("/login", data={"name": f"nobody-{number}", "password": "wrong"})
        if answer.status_code == 429:
            break
        assert answer.status_code == 401
    assert 20 <= number < 60


def test_log_in_says_the_same_of_a_wrong_name_and_a_wrong_password(guarded: Site) -> None:
    def said(name: str) -> str:
        page = guarded.api.post("/login", data={"name": name, "password": "wrong"}).text
        return page.replace(name, "")

    assert said("no-such-name") == said("approver")


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\r\nX: y",
    ],
)
def test_log_in_leads_to_this_server_only(guarded: Site, target: str) -> None:
    answer = guarded.client().post("/login", data={"name": "admin", "password": PASSWORDS["admin"], "next": target})
    assert answer.headers["location"] == "/"
    assert "evil" not in str(answer.headers)


def test_the_first_account_ends_local_mode_at_once(tmp_path: Path) -> None:
    site = Site(tmp_path / "data", started=False)
    try:
        assert site.api.get("/api/me").json()["local"] is True
        first = {"name": "管理", "role": "admin", "password": "一句 很长很长的话"}
        assert site.api.post("/api/users", json=first | {"role": "reviewer"}).status_code == 422
        assert site.api.post("/api/users", json=first).status_code == 201
        assert site.api.get("/api/me").status_code == 401
        assert site.api.get("/").status_code == 303
    finally:
        site.stop()


# --- size of bodies ---------------------------------------------------------------------------------------


def test_a_large_body_is_refused_by_its_length_before_it_is_sent(local: Site) -> None:
    with socket.create_connection(("127.0.0.1", local.port), timeout=10) as raw:
        raw.sendall(
            b"POST /api/documents HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000000000\r\n"
            b"Content-Type: multipart/form-data; boundary=x\r\n\r\n"
        )
        assert raw.recv(100).startswith(b"HTTP/1.1 413")


def test_a_body_that_grows_too_large_is_refused_while_it_comes(local: Site) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        yield b'{"name": "'
        while sent < 50_000_000:
            sent += 100_000
            yield b"x" * 100_000

    import httpx

    try:
        answer = local.api.post("/api/dossiers", content=endless(), headers={"Content-Type": "application/json"})
        assert answer.status_code == 413
    except httpx.TransportError:
        pass  # the server hung up while we still sent
    assert sent < 50_000_000


def test_the_limit_of_an_upload_follows_the_settings(own: Site) -> None:
    admin = own.with_token("admin")
    two = {"file": ("x.txt", b"x" * 2_000_000)}
    assert admin.post("/api/documents", files=two).status_code == 201
    assert admin.put("/api/settings", json={"max_upload_mb": 1}).status_code == 200
    answer = admin.post("/api/documents", files={"file": ("y.txt", b"y" * 1_050_000)})
    assert answer.status_code == 413
    assert "1 MB" in answer.json()["error"]["message"]
    assert admin.post("/api/documents", files={"file": ("z.txt", b"z" * 2_000_000)}).status_code == 413
