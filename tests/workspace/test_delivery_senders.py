"""Several servers on one database, of each kind, share the sending out among them."""

from __future__ import annotations

from pathlib import Path

from extractor.store import documents
from extractor.store.database import Database
from extractor.workspace.delivery import DeliveryWorker, Webhook
from tests.receiver import Receiver
from tests.store.conftest import database, postgres, postgres_url, url  # noqa: F401 - fixtures
from tests.workspace.test_delivery import BODY, FAST, SECRET, wait_for


def test_two_senders_never_send_one_delivery_at_once(url: str, database: Database, tmp_path: Path) -> None:  # noqa: F811
    receiver, other = Receiver(SECRET), Database(url)
    with database.write() as connection:
        document = documents.insert(connection, sha256="a" * 64, name="要点.pdf", size=9, uploaded_by="li")[0].id
    workers = [
        DeliveryWorker(each, tmp_path / "outbox", lambda: Webhook(receiver.url, SECRET), FAST)
        for each in (database, other)
    ]
    try:
        sent = [workers[0].send(document, BODY, "li") for _ in range(12)]
        for worker in workers:
            worker.start()
        done = [wait_for(database, one) for one in sent]
    finally:
        for worker in workers:
            worker.stop()
        receiver.close()
        other.close()
    assert len(receiver.seen) == 12
    assert receiver.repeats == 0
    assert {one.attempts for one in done} == {1}
