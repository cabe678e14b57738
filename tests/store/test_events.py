from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from extractor.errors import StoreError
from extractor.store import documents, events
from extractor.store.database import Database
from extractor.types.review import Change
from tests.store import samples


@pytest.fixture
def document_id(database: Database) -> str:
    with database.write() as connection:
        return samples.document(connection).id


def test_events_are_numbered_chained_and_read_back_as_written(database: Database, document_id: str) -> None:
    changes = [
        Change(record="r1", field="points", before=5, after=5.0),
        Change(record="r1", field="targets/0/metric", before=None, after="\x00 “增长率” 𠮷 \u2028"),
        Change(record="r2", field="", before={"position": 1.5, "record": {"path": ["一"]}}, after=None),
    ]
    with database.write() as connection:
        first, new = events.append(
            connection, document_id, actor="li", op="edit", changes=changes, client_op_id="abcdefgh", note="备注"
        )
        second, _ = events.append(
            connection, document_id, actor="wang", op="undo", changes=[], client_op_id="abcdefgi", undoes=1
        )
    assert new
    assert (first.seq, second.seq, first.previous, second.previous) == (1, 2, events.FIRST, first.hash)
    assert first.changes == tuple(changes)
    assert first.at < second.at and first.at.endswith("Z")
    with database.read() as connection:
        assert [repr(event) for event in events.after(connection, document_id)] == [repr(first), repr(second)]
        assert events.after(connection, document_id, 1) == [second]
        assert events.after(connection, document_id, 2) == []
        assert events.verify(connection, document_id)
        row = documents.get(connection, document_id)
    assert row is not None and row.seq == 2 and row.updated_at == second.at


def test_an_operation_sent_twice_is_done_once(database: Database, document_id: str) -> None:
    with database.write() as connection:
        first = samples.event(connection, document_id, 1)
        samples.event(connection, document_id, 2)
    with database.write() as connection:
        again, new = events.append(
            connection, document_id, actor="li", op="reject", changes=[], client_op_id=first.client_op_id
        )
        other = samples.document(connection, 2)
        elsewhere, new_elsewhere = events.append(
            connection, other.id, actor="li", op="accept", changes=[], client_op_id=first.client_op_id
        )
        assert len(events.after(connection, document_id)) == 2
    assert (again, new) == (first, False)
    assert new_elsewhere and elsewhere.seq == 1


def test_writers_at_once_leave_no_gap_and_break_no_chain(database: Database, document_id: str) -> None:
    def write(number: int) -> int:
        with database.write() as connection:
            return samples.event(connection, document_id, number % 45).seq  # five of them are sent twice

    with ThreadPoolExecutor(6) as pool:
        given = list(pool.map(write, range(50)))
    assert sorted(set(given)) == list(range(1, 46))
    assert given[:5] == given[45:]
    with database.read() as connection:
        assert [event.seq for event in events.after(connection, document_id)] == list(range(1, 46))
        assert events.verify(connection, document_id)


def test_an_event_is_neither_changed_nor_taken_away(database: Database, document_id: str) -> None:
    with database.write() as connection:
        samples.event(connection, document_id, 1)
        events.audit(connection, "li", "login", "li")
    for statement in (
        "UPDATE events SET actor = 'x'",
        "UPDATE events SET hash = hash",
        "DELETE FROM events",
        "UPDATE audit SET actor = 'x'",
    ):
        with pytest.raises(DBAPIError, match="never changed"), database.write() as connection:
            connection.execute(text(statement))
    with database.write() as connection:
        documents.delete(connection, document_id)
        assert connection.scalar(text("SELECT count(*) FROM events")) == 0


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE events SET actor = 'x' WHERE seq = 2",
        "UPDATE events SET at = '2026-01-01T00:00:00.000000Z' WHERE seq = 1",
        "UPDATE events SET note = '' WHERE seq = 3",
        "UPDATE events SET changes = '[]' WHERE seq = 3",
        "UPDATE events SET previous = hash WHERE seq = 1",
        "DELETE FROM events WHERE seq = 2",
        "DELETE FROM events WHERE seq = 3",
        "DELETE FROM events WHERE seq = 1",
        "UPDATE documents SET seq = 2",
    ],
)
def test_tampering_below_the_program_shows(database: Database, document_id: str, tampering: str) -> None:
    with database.write() as connection:
        for number in range(3):
            samples.event(connection, document_id, number)
        assert events.verify(connection, document_id)
        _drop_guards(database, connection)
        connection.execute(text(tampering))
        assert not events.verify(connection, document_id)


def test_a_rewritten_event_breaks_the_chain_though_its_own_hash_fits(database: Database, document_id: str) -> None:
    with database.write() as connection:
        for number in range(3):
            samples.event(connection, document_id, number)
        _drop_guards(database, connection)
        second = events.after(connection, document_id)[1].model_copy(update={"actor": "wang"})
        connection.execute(
            text("UPDATE events SET actor = 'wang', hash = :hash WHERE seq = 2"), {"hash": events.digest(second)}
        )
        assert not events.verify(connection, document_id)


def _drop_guards(database: Database, connection: object) -> None:
    table = " ON events" if database.dialect == "postgresql" else ""
    for name in ("events_no_update", "events_no_delete"):
        connection.execute(text(f"DROP TRIGGER {name}{table}"))  # type: ignore[attr-defined]


def test_no_document_no_event(database: Database) -> None:
    with database.write() as connection:
        with pytest.raises(StoreError) as told:
            samples.event(connection, "f" * 20, 1)
        assert told.value.code == "not_found"
        assert not events.verify(connection, "f" * 20)


def test_the_audit_page_has_events_and_the_rest_newest_first(database: Database, document_id: str) -> None:
    with database.write() as connection:
        events.audit(connection, "li", "login", "li", {"address": "127.0.0.1"})
        samples.event(connection, document_id, 1)
        events.audit(connection, "admin", "settings", "two_person", {"before": False, "after": True})
        samples.event(connection, document_id, 2, actor="wang")
        events.audit(connection, "admin", "delete", document_id)
    with database.read() as connection:
        rows, total = events.audit_page(connection)
        assert total == 5
        assert [row.action for row in rows] == ["delete", "accept", "settings", "accept", "login"]
        assert [row.seq for row in rows] == [None, 2, None, 1, None]
        assert rows[1].document_id == rows[1].subject == document_id
        assert rows[1].detail["changes"] == [samples.change().model_dump()]
        assert rows[2].detail == {"before": False, "after": True}
        assert [row.at for row in rows] == sorted((row.at for row in rows), reverse=True)

        page, total = events.audit_page(connection, offset=1, limit=2)
        assert (page, total) == (rows[1:3], 5)
        assert events.audit_page(connection, actor="wang") == ([rows[1]], 1)
        assert events.audit_page(connection, action="accept") == ([rows[1], rows[3]], 2)
        assert events.audit_page(connection, document_id=document_id) == ([rows[0], rows[1], rows[3]], 3)
        assert events.audit_page(connection, document_id=document_id, actor="admin") == ([rows[0]], 1)
        assert events.audit_page(connection, offset=9) == ([], 5)
