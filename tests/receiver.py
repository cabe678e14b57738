"""A scoring engine's side of the webhook, for tests and as a pattern: verifies, knows repeats, keeps what is new.

``python tests/receiver.py PORT SECRET`` listens on 127.0.0.1 and prints a line for each delivery.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import sys
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

WINDOW = 300  # seconds that sender's and receiver's clocks, and the way between them, may differ
MOST_BYTES = 100_000_000


def verify(secret: str, headers: Mapping[str, str], body: bytes, now: float | None = None) -> bool:
    """Whether the body was signed with the secret, not longer than ``WINDOW`` ago."""
    timestamp = headers.get("X-Extractor-Timestamp", "")
    signature = headers.get("X-Extractor-Signature", "")
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) < 15):
        return False
    if abs((time.time() if now is None else now) - int(timestamp)) > WINDOW:
        return False
    expected = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(signature.encode(), f"sha256={expected}".encode())


class Receiver:
    """Listens on a free port of 127.0.0.1. ``accepted`` maps delivery ids to what they brought; ``seen`` lists the
    id and answer of each request. ``answers`` are given instead of 200, one a request, until they run out:
    a status, or a function of the handler.
    """

    def __init__(self, secret: str, port: int = 0) -> None:
        self.secret = secret
        self.accepted: dict[str, dict[str, object]] = {}
        self.seen: list[tuple[str, int]] = []
        self.headers: list[dict[str, str]] = []
        self.answers: list[int | Callable[[BaseHTTPRequestHandler], None]] = []
        self.repeats = 0
        self._lock = Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/indicators"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def take(self, headers: Mapping[str, str], body: bytes) -> tuple[int, str]:
        """Status and words of the answer."""
        if not verify(self.secret, headers, body):
            return 401, "bad signature or clock"
        delivery = headers.get("X-Extractor-Delivery", "")
        with self._lock:
            if delivery in self.accepted:
                self.repeats += 1
                return 200, "known"
            self.accepted[delivery] = json.loads(body)
        return 200, "accepted"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = int(self.headers.get("Content-Length", "0"))
                body = self.rfile.read(min(size, MOST_BYTES))
                headers = dict(self.headers.items())
                receiver.headers.append(headers)
                planned = receiver.answers.pop(0) if receiver.answers else None
                if callable(planned):
                    receiver.seen.append((headers.get("X-Extractor-Delivery", ""), 0))
                    planned(self)
                    return
                status, words = (planned, "as planned") if planned else receiver.take(headers, body)
                receiver.seen.append((headers.get("X-Extractor-Delivery", ""), status))
                data = words.encode()
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", f"{receiver.url}/elsewhere")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler


def main(port: int, secret: str) -> None:
    receiver = Receiver(secret, port)
    sys.stdout.write(f"{receiver.url}\n")
    known = 0
    try:
        while True:
            time.sleep(0.2)
            for delivery, status in receiver.seen[known:]:
                known += 1
                sys.stdout.write(f"{delivery} {status}\n")
                sys.stdout.flush()
    except KeyboardInterrupt:
        receiver.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
