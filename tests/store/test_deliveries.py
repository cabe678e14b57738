from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from extractor.errors import StoreError
from extractor.store import deliveries
from extractor.store.database import Database
from extractor.store.values import now
from tests.store import samples

URL = "http://127.0.0.1:9/in"


def test_a_delivery_is_tried_until_it_arrives(database: Database) -> None:
    with database.write() as connection:
        row = samples.document(connection)
        made = deliveries.add(connection, row.id, url=URL, actor="li", detail={"sha256": "x"})
        assert (made.state, made.attempts, made.detail, made.tries) == ("pending", 0, {"sha256": "x"}, ())
        assert deliveries.due(connection) == [made]
        waiting = deliveries.record_try(connection, made.id, status=None, error="连接被拒绝", ms=3, retry_in=30)
        assert waiting.state == "pending" and now(20) < str(waiting.next_at) < now(31)
        assert deliveries.due(connection) == []
        arrived = deliveries.record_try(connection, made.id, status=200, error=None, ms=41, excerpt="ok")
        assert (arrived.state, arrived.attempts, arrived.next_at) == ("delivered", 2, None)
        assert [(one.attempt, one.status, one.error, one.ms, one.excerpt) for one in arrived.tries] == [
            (1, None, "连接被拒绝", 3, None),
            (2, 200, None, 41, "ok"),
        ]
        assert deliveries.get(connection, made.id) == arrived
        assert deliveries.due(connection) == []


def test_a_delivery_that_is_given_up(database: Database) -> None:
    with database.write() as connection:
        row = samples.document(connection)
        first = deliveries.add(connection, row.id, url=URL, actor="li")
        second = deliveries.add(connection, row.id, url=URL, actor="li")
        failed = deliveries.record_try(connection, first.id, status=410, error="HTTP 410", ms=5)
        assert (failed.state, failed.next_at) == ("failed", None)
        assert [one.id for one in deliveries.of_document(connection, row.id)] == [second.id, first.id]
        assert deliveries.of_document(connection, "f" * 20) == []
        assert deliveries.get(connection, "no") is None
        with pytest.raises(StoreError) as told:
            deliveries.record_try(connection, "no", status=200, error=None, ms=1)
        assert told.value.code == "not_found"


def test_senders_at_once_never_send_the_same(database: Database) -> None:
    with database.write() as connection:
        row = samples.document(connection)
        made = {deliveries.add(connection, row.id, url=URL, actor="li").id for _ in range(12)}

    def send(_: int) -> str | None:
        with database.write() as connection:
            claimed = deliveries.claim(connection, 60)
            return claimed and claimed.id

    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(send, range(16)))
    assert sorted(one for one in sent if one) == sorted(made)
    assert sent.count(None) == 4
    with database.write() as connection:
        connection.execute(text("UPDATE deliveries SET next_at = :at"), {"at": now(-1)})
        assert deliveries.claim(connection, 60) is not None  # its sender has died
