"""Posts approved exports to the scoring engine: signed, tried again until they arrive, every try on record."""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import random
import re
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpx
from pydantic import JsonValue

from extractor import __version__
from extractor.errors import StoreError
from extractor.store import deliveries, events
from extractor.store.database import Database
from extractor.store.deliveries import Delivery
from extractor.workspace import settings as workspace_settings
from extractor.workspace.errors import WorkspaceError

SIGNATURE, TIMESTAMP, DELIVERY = "X-Extractor-Signature", "X-Extractor-Timestamp", "X-Extractor-Delivery"
_EXCERPT = 500  # characters kept of an answer
_MOST_BYTES = 4096  # read of an answer
_LEASE_SLACK = 15.0  # seconds that a sender has beyond its time limit, before another takes over
_AGAIN = frozenset({408, 425, 429})  # answers that ask to come again, beside 5xx
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class DeliveryRefused(WorkspaceError):
    """``no_webhook`` or ``no_secret``: the settings lack one; ``bad_url``: no plain http or https address."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where to post and the secret that signs; never shown, so that no traceback or log tells it."""

    url: str
    secret: str

    def __repr__(self) -> str:
        return f"Webhook({shown_url(self.url)})"


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds. Retries wait ``first``, then twice as long each time up to ``longest``; ``attempts`` in all.

    ``connect`` and ``answer`` bound one wait of a try, ``whole`` the try.
    """

    first: float = 15.0
    longest: float = 7200.0
    attempts: int = 12
    connect: float = 10.0
    answer: float = 30.0
    whole: float = 60.0
    poll: float = 1.0

    def wait(self, attempts: int) -> float | None:
        """Until the next try after so many; None where that was the last. A tenth more or less by chance."""
        if attempts >= self.attempts:
            return None
        return min(self.first * 2.0 ** (attempts - 1), self.longest) * random.uniform(0.9, 1.1)


@dataclass(frozen=True, slots=True)
class _Outcome:
    status: int | None
    error: str | None
    again: bool
    excerpt: str | None = None
    wait: float | None = None


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The value of ``X-Extractor-Signature``: HMAC-SHA256 over timestamp, a full stop, and the body as sent."""
    digest = hmac.new(secret.encode(), timestamp.encode("ascii") + b"." + body, hashlib.sha256).hexdigest()
    return f"sha256={digest}"


def checked_url(url: str) -> str:
    """The address, if it is one that may be posted to. Raises ``DeliveryRefused``."""
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or "@" in parts.netloc or re.search(r"[\s\x00-\x1f\x7f]", url):
        raise DeliveryRefused(
            "bad_url",
            "推送地址须是 http 或 https 网址，不含用户名和密码 / the address must be http or https, without name and password",
        )
    return url


def shown_url(url: str) -> str:
    """The address without its query, which may hold a key."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def as_json(delivery: Delivery) -> dict[str, JsonValue]:
    """A delivery and its log for the API."""
    tries: list[JsonValue] = [
        {"attempt": one.attempt, "at": one.at, "status": one.status, "ms": one.ms, "error": one.error,
         "excerpt": one.excerpt}
        for one in delivery.tries
    ]  # fmt: skip
    return {
        "id": delivery.id,
        "url": delivery.url,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "created_at": delivery.created_at,
        "created_by": delivery.created_by,
        "next_at": delivery.next_at,
        **delivery.detail,
        "tries": tries,
    }


class DeliveryWorker:
    """One thread that sends what is due; what waits lies in the database and in ``folder``, and outlives the process.

    ``webhook`` tells the settings of the moment; by default those of the database. Several servers may run one
    each on the same database.
    """

    def __init__(
        self,
        database: Database,
        folder: Path,
        webhook: Callable[[], Webhook | None] | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._database, self._folder = database, folder
        self._webhook = webhook or self._configured
        self._pace = pace or Pace()
        self._stop, self._wake = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def send(self, document_id: str, body: bytes, actor: str) -> Delivery:
        """Queues the body; it is sent at once if the thread runs. Raises ``DeliveryRefused``."""
        webhook = self._webhook()
        if webhook is None:
            raise DeliveryRefused(
                "no_webhook",
                "没有设置推送地址和密钥，请管理员在设置中填写 / no address and secret are set: ask the administrator",
            )
        url = shown_url(checked_url(webhook.url))
        detail: dict[str, JsonValue] = {"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
        with self._database.write() as connection:
            delivery = deliveries.add(connection, document_id, url=url, actor=actor, detail=detail)
            events.audit(connection, actor, "send", document_id, {"delivery": delivery.id, "url": url})
            self._keep(delivery.id, body)  # before the commit: a delivery never lacks its body
        self._wake.set()
        return delivery

    def start(self) -> None:
        if self._thread is None:
            logging.getLogger("httpx").setLevel(logging.WARNING)  # it would log the whole address
            self._tidy()
            self._stop.clear()
            self._thread = threading.Thread(target=self._run, name="deliveries", daemon=True)
            self._thread.start()

    def stop(self, patience: float = 5.0) -> None:
        """Ends the thread; a try under way past ``patience`` seconds is left, and made again after the next start."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(patience)
            self._thread = None

    def step(self) -> bool:
        """Makes one try of the delivery longest due; False where none is."""
        with self._database.read() as connection:
            if not deliveries.due(connection, 1):
                return False
        webhook = self._webhook()
        with self._database.write() as connection:
            delivery = deliveries.claim(connection, self._pace.whole + _LEASE_SLACK)
            if delivery is None:
                return False
            if webhook is not None and shown_url(webhook.url) != delivery.url:
                deliveries.move(connection, delivery.id, shown_url(webhook.url))
        begun = time.monotonic()
        outcome = self._try(delivery, webhook)
        took = round((time.monotonic() - begun) * 1000)
        wait = self._pace.wait(delivery.attempts + 1) if outcome.again else None
        if wait is not None and outcome.wait is not None:
            wait = max(wait, min(outcome.wait, self._pace.longest))
        with self._database.write() as connection:
            if deliveries.get(connection, delivery.id) is None:  # the document was deleted meanwhile
                after = None
            else:
                after = deliveries.record_try(
                    connection, delivery.id, status=outcome.status, error=outcome.error, ms=took, retry_in=wait,
                    excerpt=outcome.excerpt,
                )  # fmt: skip
        if after is None or after.state != "pending":
            self._path(delivery.id).unlink(missing_ok=True)
        return True

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                if self.step():
                    continue
            except (StoreError, OSError):  # the database is busy or the disk full: that passes
                logging.getLogger(__name__).warning("deliveries wait: the store can't be used", exc_info=True)
            self._wake.wait(self._pace.poll)
            self._wake.clear()

    def _configured(self) -> Webhook | None:
        with self._database.read() as connection:
            found = workspace_settings.load(connection)
        if not found.webhook_url or not found.webhook_secret:
            return None
        return Webhook(found.webhook_url, found.webhook_secret)

    def _try(self, delivery: Delivery, webhook: Webhook | None) -> _Outcome:
        if webhook is None:
            return _Outcome(None, "没有设置推送地址或密钥 / no address or secret is set", again=True)
        try:
            url = checked_url(webhook.url)
            body = self._path(delivery.id).read_bytes()
        except DeliveryRefused as error:
            return _Outcome(None, str(error), again=False)
        except FileNotFoundError:
            return _Outcome(None, "待发内容已丢失，请重新发送 / what was to be sent is gone: send it anew", again=False)
        return _post(url, body, _headers(webhook.secret, delivery.id, body), self._pace, webhook.secret)

    def _path(self, delivery_id: str) -> Path:
        return self._folder / f"{delivery_id}.json"

    def _keep(self, delivery_id: str, body: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        draft = self._folder / f"{delivery_id}.part"
        with draft.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path(delivery_id))

    def _tidy(self) -> None:
        """Takes away what no delivery waits for any more: of deleted documents, of transactions that failed."""
        old = time.time() - 3600  # younger files may belong to a transaction under way in another process
        for path in self._folder.glob("*.json") if self._folder.is_dir() else ():
            with self._database.read() as connection:
                delivery = deliveries.get(connection, path.stem)
            if (delivery is None and path.stat().st_mtime < old) or (
                delivery is not None and delivery.state != "pending"
            ):
                path.unlink(missing_ok=True)


def _headers(secret: str, delivery_id: str, body: bytes) -> dict[str, str]:
    timestamp = str(int(time.time()))
    return {
        "Content-Type": "application/json; charset=utf-8",
        "Accept-Encoding": "identity",
        "User-Agent": f"extractor/{__version__}",
        DELIVERY: delivery_id,
        TIMESTAMP: timestamp,
        SIGNATURE: sign(secret, timestamp, body),
    }


def _post(url: str, body: bytes, headers: dict[str, str], pace: Pace, secret: str) -> _Outcome:
    """One try. Proxies of the environment are not used: nothing but the address set is spoken to."""
    limits = httpx.Timeout(pace.answer, connect=pace.connect)
    deadline = time.monotonic() + pace.whole
    try:
        with (
            httpx.Client(
                timeout=limits, follow_redirects=False, trust_env=False, verify=ssl.create_default_context()
            ) as client,
            client.stream("POST", url, content=body, headers=headers) as response,
        ):
            excerpt = _excerpt(response, deadline).replace(secret, "***")
            return _judged(response, excerpt[:_EXCERPT] or None)
    except httpx.TimeoutException:
        return _Outcome(None, "等待超时 / timed out", again=True)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        return _Outcome(None, f"连不上 / no connection: {type(error).__name__}", again=True)


def _excerpt(response: httpx.Response, deadline: float) -> str:
    """How the answer's body begins, on one line. The status has told all that counts: neither a body that never ends
    nor one that breaks off changes it.
    """
    read = bytearray()
    try:
        for chunk in response.iter_raw():
            read += chunk
            if len(read) >= _MOST_BYTES or time.monotonic() > deadline:
                break
    except httpx.TransportError:
        pass
    return _CONTROL.sub(" ", bytes(read[:_MOST_BYTES]).decode("utf-8", "replace")).strip()


def _judged(response: httpx.Response, excerpt: str | None) -> _Outcome:
    status = response.status_code
    if 200 <= status < 300:
        return _Outcome(status, None, again=False, excerpt=excerpt)
    if 300 <= status < 400:
        message = "对方要求转到别处，未跟随；请改推送地址 / redirected, which is not followed: set the final address"
        return _Outcome(status, message, again=False, excerpt=excerpt)
    again = status >= 500 or status in _AGAIN
    told = response.headers.get("Retry-After", "")
    wait = float(told) if again and told.isascii() and told.isdecimal() and len(told) < 7 else None
    return _Outcome(status, f"对方回答 / answered HTTP {status}", again=again, excerpt=excerpt, wait=wait)
