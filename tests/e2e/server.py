"""The real ``extractor serve`` as a process of its own: started, killed and started again on one data directory."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

STARTS_WITHIN = 60
READY_WITHIN = 180
NO_KEEPING = httpx.Limits(max_keepalive_connections=0)  # a connection from before a kill would only fail


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """One server on loopback; ``api`` is a client as a script of the user's would have it."""

    def __init__(self, data: Path, *options: str) -> None:
        self.data = data
        self.options = options
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data.with_suffix(".log")
        self.process: subprocess.Popen[bytes] | None = None
        self.api = httpx.Client(base_url=self.url, timeout=60, trust_env=False, limits=NO_KEEPING)

    def start(self) -> Server:
        """Raises ``TimeoutError`` with the log's end where the server does not answer in time."""
        command = [sys.executable, "-m", "extractor", "serve", "--port", str(self.port), "--data", str(self.data)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([*command, *self.options], stdout=log, stderr=log, start_new_session=True)
        limit = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < limit and self.process.poll() is None:
            try:
                if self.api.get("/healthz").status_code == 200:
                    return self
            except httpx.TransportError:
                time.sleep(0.05)
        raise TimeoutError(self.log.read_text(errors="replace")[-2000:])

    def kill(self) -> None:
        """As a power cut: nothing is told, nothing written any more. Its workers end with it."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(30)

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()

    def upload(self, path: Path, name: str | None = None) -> str:
        """The id of the document; does not wait for its drafts."""
        answer = self.api.post("/api/documents", files={"file": (name or path.name, path.read_bytes())})
        assert answer.status_code in (200, 201), answer.text
        made: str = answer.json()["id"]
        return made

    def document(self, id: str) -> dict[str, Any]:
        made: dict[str, Any] = self.api.get(f"/api/documents/{id}").raise_for_status().json()
        return made

    def wait(self, id: str) -> dict[str, Any]:
        """The document once its drafts are complete; fails where extraction failed."""
        limit = time.monotonic() + READY_WITHIN
        while time.monotonic() < limit:
            document = self.document(id)
            assert document["state"] != "failed", document
            if document["state"] == "ready":
                return document
            time.sleep(0.1)
        raise TimeoutError(id)

    def records(self, id: str) -> dict[str, Any]:
        made: dict[str, Any] = self.api.get(f"/api/documents/{id}/records").raise_for_status().json()
        return made

    def operate(self, id: str, **operation: Any) -> httpx.Response:
        """Another hand at the same document: an operation through the API alone."""
        return self.api.post(
            f"/api/documents/{id}/operations", json={"client_op_id": f"test-{time.monotonic_ns()}", **operation}
        )
