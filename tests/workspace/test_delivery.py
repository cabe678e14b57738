"""Deliveries over real connections to the reference receiver: what arrives, what is tried again, what is kept."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from extractor.store import deliveries, documents
from extractor.store.database import Database, sqlite_url
from extractor.store.deliveries import Delivery
from extractor.workspace import settings
from extractor.workspace.delivery import (
    DeliveryRefused,
    DeliveryWorker,
    Pace,
    Webhook,
    as_json,
)
from tests.receiver import Receiver

SECRET = "一个足够长的密钥-0123456789"
BODY = json.dumps(
    {"schema_version": "1.0", "records": [], "document": {"title": "工作要点"}}, ensure_ascii=False
).encode()
FAST = Pace(first=0.05, longest=0.2, attempts=4, connect=1, answer=0.4, whole=1, poll=0.02)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(sqlite_url(tmp_path))
    database.migrate()
    yield database
    database.close()


@pytest.fixture
def document(database: Database) -> str:
    with database.write() as connection:
        return documents.insert(connection, sha256="a" * 64, name="要点.pdf", size=9, uploaded_by="li")[0].id


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver(SECRET)
    yield receiver
    receiver.close()


@pytest.fixture
def make(database: Database, tmp_path: Path) -> Iterator[Callable[..., DeliveryWorker]]:
    made: list[DeliveryWorker] = []

    def make(url: str, secret: str = SECRET, pace: Pace = FAST) -> DeliveryWorker:
        made.append(DeliveryWorker(database, tmp_path / "outbox", lambda: Webhook(url, secret), pace))
        return made[-1]

    yield make
    for worker in made:
        worker.stop()


def wait_for(database: Database, delivery: Delivery, state: str = "delivered", seconds: float = 10) -> Delivery:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with database.read() as connection:
            found = deliveries.get(connection, delivery.id)
        assert found is not None
        if found.state == state:
            return found
        time.sleep(0.01)
    raise AssertionError(f"still {found.state} after {found.attempts} tries: {found.tries}")


def statuses(delivery: Delivery) -> list[int | None]:
    return [one.status for one in delivery.tries]


def test_arrives_signed_and_whole(
    database: Database, document: str, receiver: Receiver, make: Callable[..., DeliveryWorker], tmp_path: Path
) -> None:
    worker = make(receiver.url)
    worker.start()
    sent = worker.send(document, BODY, "li")
    done = wait_for(database, sent)
    assert receiver.accepted == {sent.id: json.loads(BODY)}
    assert statuses(done) == [200]
    assert done.tries[0].excerpt == "accepted"
    assert done.tries[0].ms >= 0
    assert receiver.headers[0]["Content-Type"] == "application/json; charset=utf-8"
    assert not list((tmp_path / "outbox").iterdir())


def test_an_error_of_the_receiver_is_tried_again_under_the_same_id(
    database: Database, document: str, receiver: Receiver, make: Callable[..., DeliveryWorker]
) -> None:
    receiver.answers = [500, 429, 503]
    worker = make(receiver.url)
    worker.start()
    done = wait_for(database, worker.send(document, BODY, "li"))
    assert statuses(done) == [500, 429, 503, 200]
    assert {delivery for delivery, _ in receiver.seen} == {done.id}
    assert [one.attempt for one in done.tries] == [1, 2, 3, 4]
    assert "HTTP 500" in str(done.tries[0].error)
    gaps = [b.at > a.at for a, b in zip(done.tries, done.tries[1:], strict=False)]
    assert all(gaps)


def test_waits_grow_and_end() -> None:
    pace = Pace(first=10, longest=60, attempts=5)
    waits = [pace.wait(attempts) or 0 for attempts in range(1, 6)]
    for wait, middle in zip(waits, (10, 20, 40, 60, 0), strict=True):
        assert 0.9 * middle <= wait <= 1.1 * middle
    assert pace.wait(5) is None


def test_gives_up_after_the_last_try(
    database: Database, document: str, receiver: Receiver, make: Callable[..., DeliveryWorker], tmp_path: Path
) -> None:
    receiver.answers = [500] * 9
    worker = make(receiver.url)
    worker.start()
    done = wait_for(database, worker.send(document, BODY, "li"), "failed")
    assert statuses(done) == [500] * 4
    assert not list((tmp_path / "outbox").iterdir())


def slow(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(0.8)


def drip(handler: BaseHTTPRequestHandler) -> None:
    """An answer that goes on for ever, a byte at a time, each well within the time limit of one wait."""
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(100):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.1)
    except OSError:
        pass


def test_a_timeout_is_tried_again(
    database: Database, document: str, receiver: Receiver, make: Callable[..., DeliveryWorker]
) -> None:
    receiver.answers = [slow]
    worker = make(receiver.url)
    worker.start()
    done = wait_for(database, worker.send(document, BODY, "li"))
    assert statuses(done) == [None, 200]
    assert "timed out" in str(done.tries[0].error)
    assert 300 <= done.tries[0].ms < 800


def broken_off(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    handler.wfile.write(b"x")
    handler.wfile.flush()
    time.sleep(0.8)


@pytest.mark.parametrize("answer", [drip, broken_off])
def test_an_answer_without_end_is_cut(
    answer: Callable[[BaseHTTPRequestHandler], None],
    database: Database,
    document: str,
    receiver: Receiver,
    make: Callable[..., DeliveryWorker],
) -> None:
    receiver.answers = [answer]
    worker = make(receiver.url)
    worker.start()
    done = wait_for(database, worker.send(document, BODY, "li"))
    assert statuses(done) == [200]
    assert done.tries[0].ms < 2000
    assert set(str(done.tries[0].excerpt)) == {"x"}


def test_a_wrong_secret_is_refused_once(
    database: Database, document: str, receiver: Receiver, make: Callable[..., DeliveryWorker]
) -> None:
    worker = make(receiver.url, secret="eine-andere-parole")
    worker.start()
    done = wait_for(database, worker.send(document, BODY, "li"), "failed")
    assert statuses(done) == [401]
    assert receiver.accepted == {}


def test_a_redirect_is_not_followed(
    database: Database, document: str, receiver: Receiver, make: Callable[..., DeliveryWorker]
) -> None:
    receiver.answers = [307]
    worker = make(receiver.url)
    worker.start()
    done = wait_for(database, worker.send(document, BODY, "li"), "failed")
    assert statuses(done) == [307]
    assert len(receiver.seen) == 1
    assert "redirected" in str(done.tries[0].error)


def test_a_receiver_that_was_down_gets_it_when_it_is_up(
    database: Database, document: str, make: Callable[..., DeliveryWorker]
) -> None:
    gone = Receiver(SECRET)
    port, url = gone.port, gone.url
    gone.close()
    worker = make(url, pace=replace(FAST, attempts=50))
    worker.start()
    sent = worker.send(document, BODY, "li")
    end = time.monotonic() + 10
    while time.monotonic() < end:
        with database.read() as connection:
            waiting = deliveries.get(connection, sent.id)
        assert waiting is not None
        if waiting.attempts >= 2:
            break
        time.sleep(0.01)
    assert waiting.state == "pending"
    assert "no connection" in str(waiting.tries[0].error)
    back = Receiver(SECRET, port)
    try:
        done = wait_for(database, sent)
    finally:
        back.close()
    assert list(back.accepted) == [sent.id]
    assert statuses(done)[-1] == 200


def test_a_restart_forgets_nothing(database: Database, document: str, receiver: Receiver, tmp_path: Path) -> None:
    """Another process queues and is killed; this one finds and sends it."""
    script = textwrap.dedent(
        """
        import os, sys
        from pathlib import Path
        from extractor.store.database import Database
        from extractor.workspace.delivery import DeliveryWorker, Webhook
        database = Database(sys.argv[1])
        worker = DeliveryWorker(database, Path(sys.argv[2]), lambda: Webhook("http://127.0.0.1:9/x", "egal-egal"))
        print(worker.send(sys.argv[3], sys.stdin.buffer.read(), "li").id, flush=True)
        os.kill(os.getpid(), 9)
        """
    )
    command = [sys.executable, "-c", script, sqlite_url(tmp_path), str(tmp_path / "outbox"), document]
    killed = subprocess.run(command, input=BODY, capture_output=True, timeout=60)
    assert killed.returncode == -9
    worker = DeliveryWorker(database, tmp_path / "outbox", lambda: Webhook(receiver.url, SECRET), FAST)
    worker.start()
    try:
        with database.read() as connection:
            (waiting,) = deliveries.of_document(connection, document)
        assert waiting.id == killed.stdout.decode().strip()
        done = wait_for(database, waiting)
    finally:
        worker.stop()
    assert receiver.accepted == {waiting.id: json.loads(BODY)}
    assert done.url == receiver.url  # where the settings of now point


def test_a_try_cut_short_is_made_again_and_known_by_its_id(
    database: Database, document: str, receiver: Receiver, make: Callable[..., DeliveryWorker]
) -> None:
    """The answer is lost after the receiver has taken it: it comes twice, and counts once."""

    def taken_but_silent(handler: BaseHTTPRequestHandler) -> None:
        receiver.take(dict(handler.headers.items()), BODY)
        handler.connection.close()

    receiver.answers = [taken_but_silent]
    worker = make(receiver.url)
    worker.start()
    done = wait_for(database, worker.send(document, BODY, "li"))
    assert statuses(done) == [None, 200]
    assert done.tries[1].excerpt == "known"
    assert (len(receiver.accepted), receiver.repeats) == (1, 1)


def test_what_was_lost_is_said(
    database: Database, document: str, receiver: Receiver, make: Callable[..., DeliveryWorker], tmp_path: Path
) -> None:
    worker = make(receiver.url)
    sent = worker.send(document, BODY, "li")
    (tmp_path / "outbox" / f"{sent.id}.json").unlink()
    assert worker.step()
    assert "send it anew" in str(wait_for(database, sent, "failed").tries[0].error)
    assert receiver.seen == []


def test_a_deleted_document_takes_its_deliveries_with_it(
    database: Database, document: str, receiver: Receiver, make: Callable[..., DeliveryWorker], tmp_path: Path
) -> None:
    worker = make(receiver.url)

    def deleted_meanwhile(handler: BaseHTTPRequestHandler) -> None:
        with database.write() as connection:
            documents.delete(connection, document)
        handler.send_response(200)
        handler.end_headers()

    receiver.answers = [deleted_meanwhile]
    worker.send(document, BODY, "li")
    assert worker.step()
    assert not worker.step()
    assert not list((tmp_path / "outbox").iterdir())


def test_the_settings_of_the_database_are_heeded(
    database: Database, document: str, receiver: Receiver, tmp_path: Path
) -> None:
    worker = DeliveryWorker(database, tmp_path / "outbox", pace=FAST)
    with pytest.raises(DeliveryRefused, match="ask the administrator"):
        worker.send(document, BODY, "li")
    with database.write() as connection:
        settings.change(connection, {"webhook_url": receiver.url, "webhook_secret": SECRET}, "admin")
    sent = worker.send(document, BODY, "li")
    assert worker.step()
    assert list(receiver.accepted) == [sent.id]


def test_neither_log_nor_answer_tells_a_secret(
    database: Database,
    document: str,
    receiver: Receiver,
    make: Callable[..., DeliveryWorker],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)

    def echo(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(500)
        handler.end_headers()
        handler.wfile.write(f"your secret is {SECRET}\r\n\x1b[31m".encode())

    receiver.answers = [echo]
    worker = make(f"{receiver.url}?key=query-key")
    worker.start()
    done = wait_for(database, worker.send(document, BODY, "li"))
    said = json.dumps(as_json(done), ensure_ascii=False) + caplog.text + repr(worker._webhook())
    assert SECRET not in said
    assert "query-key" not in said
    assert done.tries[0].excerpt == "your secret is *** [31m"
    assert as_json(done)["url"] == receiver.url


def test_the_answer_for_the_api(
    database: Database, document: str, receiver: Receiver, make: Callable[..., DeliveryWorker]
) -> None:
    worker = make(receiver.url)
    shown = as_json(worker.send(document, BODY, "li"))
    assert (shown["state"], shown["attempts"], shown["bytes"], shown["tries"]) == ("pending", 0, len(BODY), [])
    assert worker.step()
    with database.read() as connection:
        (done,) = deliveries.of_document(connection, document)
    (tried,) = as_json(done)["tries"]  # type: ignore[misc,union-attr]
    assert {"attempt", "at", "status", "ms", "error", "excerpt"} == set(tried)  # type: ignore[arg-type]
