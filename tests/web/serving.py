"""The real application behind a real server in a thread of the test's own process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from extractor.web.app import create_app
from extractor.web.security import SESSION_COOKIE, csrf_token
from extractor.workspace.service import Workspace, open_workspace

ROOT = Path(__file__).parents[2]
PASSWORDS = {role: f"{role} 的口令 1" for role in ("uploader", "reviewer", "approver", "admin")}
NOTICE = """云湖市2026年民政工作要点

一、养老服务
1．年底前新增养老床位不少于1200张。（责任单位：市民政局）
2．特殊困难老年人月探访率达到100%。（责任单位：市民政局、市残联）
二、社会救助
3．6月底前完成低保对象动态复核，复核率不低于95%。（责任单位：市民政局）
"""
JSON = dict[str, Any]


class Site:
    """One workspace and its server; ``api`` asks as a script would, without cookies."""

    def __init__(
        self, folder: Path, *, started: bool = True, names: Sequence[str] = (), forwarded: bool = False
    ) -> None:
        self.workspace: Workspace = open_workspace(folder)
        if started:
            self.workspace.start()
        self.app = create_app(self.workspace, host="127.0.0.1", port=0, names=names)
        self._server = uvicorn.Server(
            uvicorn.Config(
                self.app, host="127.0.0.1", port=0, log_config=None, timeout_graceful_shutdown=1,
                proxy_headers=forwarded, forwarded_allow_ips="127.0.0.1" if forwarded else "",
            )
        )  # fmt: skip
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        wait(lambda: self._server.started)
        self.port: int = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.api = self.client(event_hooks={"response": [lambda _: self.api.cookies.clear()]})

    def client(self, **options: Any) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=30, trust_env=False, **options)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(20)
        self.api.close()
        self.workspace.stop()
        self.workspace.database.close()

    def add_people(self) -> None:
        """One account for each role, named as it; the administrator first."""
        for role in reversed(PASSWORDS):
            self.workspace.people.add(role, PASSWORDS[role], role, "test")

    def with_token(self, role: str) -> httpx.Client:
        token, _ = self.workspace.people.make_token(role, "test")
        return self.client(headers={"Authorization": f"Bearer {token}"})

    def with_session(self, role: str) -> httpx.Client:
        """A browser's client: the session's cookie and, as the pages' scripts send it, the CSRF token."""
        client = self.client()
        answer = client.post("/login", data={"name": role, "password": PASSWORDS[role]})
        assert answer.status_code == 303, answer.text
        session = client.cookies[SESSION_COOKIE]
        client.headers["X-CSRF-Token"] = csrf_token(session)
        return client

    def upload(self, name: str, data: bytes, client: httpx.Client | None = None) -> JSON:
        answer = (client or self.api).post("/api/documents", files={"file": (name, data)})
        assert answer.status_code in (200, 201), answer.text
        made: JSON = answer.json()
        return made

    def ready(self, document_id: str, client: httpx.Client | None = None) -> JSON:
        """The document once its extraction has ended."""
        asked = client or self.api

        def ended() -> bool:
            return asked.get(f"/api/documents/{document_id}").json()["state"] in {"ready", "failed"}

        wait(ended, 90)
        answer: JSON = asked.get(f"/api/documents/{document_id}").json()
        return answer

    def notice(self) -> str:
        """The id of a text document with drafts."""
        made = self.extracted("要点.txt", NOTICE.encode())
        assert made["records"] >= 3
        return str(made["id"])

    def pdf(self) -> str:
        """The id of a PDF with drafts."""
        data = (ROOT / "corpus/pdf/01_civil-task-table.pdf").read_bytes()
        return str(self.extracted("分解表.pdf", data)["id"])

    def extracted(self, name: str, data: bytes) -> JSON:
        """The document with its drafts. Raises AssertionError with the reason where its extraction fails."""
        answer = self.ready(str(self.upload(name, data)["id"]))
        assert answer["state"] == "ready", answer
        return answer


def wait(reached: Callable[[], bool], seconds: float = 20) -> None:
    """Raises TimeoutError where it does not come true in time."""
    end = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.05)
