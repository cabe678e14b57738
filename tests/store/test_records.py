from __future__ import annotations

from extractor.store import places, records, settings
from extractor.store.database import Database
from extractor.store.records import RecordRow
from tests.store import samples


def test_rows_are_written_overwritten_removed_and_read_by_position(database: Database) -> None:
    close = 1.0 + 2**-50  # many records put between the same two
    rows = [
        RecordRow("b", close, "draft", {"record": {"text": "乙\x00"}, "points": 5.0}, 3),
        RecordRow("a", 1.0, "approved", {}, 1),
        RecordRow("c", 7, "rejected", {"list": [1, None, True]}, 2),
    ]
    with database.write() as connection:
        row = samples.document(connection)
        other = samples.document(connection, 2)
        records.put(connection, row.id, rows)
        records.put(connection, other.id, rows[:1])
        assert records.load(connection, row.id) == [rows[1], rows[0], rows[2]]
        changed = RecordRow("a", 9.5, "draft", {"x": "新"}, 8)
        records.put(connection, row.id, [changed], removed=["c", "never was"])
        assert records.load(connection, row.id) == [rows[0], changed]
        records.put(connection, row.id, [], removed=[])
        assert records.load(connection, row.id) == [rows[0], changed]
        records.replace(connection, row.id, [rows[2]])
        assert records.load(connection, row.id) == [rows[2]]
        assert records.load(connection, other.id) == rows[:1]


def test_thousands_of_rows_at_once(database: Database) -> None:
    rows = [RecordRow(f"r{number}", float(number), "draft", {"n": number}, 0) for number in range(3000)]
    with database.write() as connection:
        row = samples.document(connection)
        records.put(connection, row.id, rows)
        records.put(connection, row.id, rows)
        assert records.load(connection, row.id) == rows
        records.put(connection, row.id, [], removed=[one.record_id for one in rows[10:]])
        assert records.load(connection, row.id) == rows[:10]


def test_places_are_kept_for_each_person(database: Database) -> None:
    with database.write() as connection:
        row = samples.document(connection)
        assert places.get(connection, row.id, "li") is None
        places.put(connection, row.id, "li", {"record": "r1", "scroll": 0.5})
        places.put(connection, row.id, "wang", {"record": "r2"})
        places.put(connection, row.id, "li", {"record": "r3", "filters": ["草稿"]})
        assert places.get(connection, row.id, "li") == {"record": "r3", "filters": ["草稿"]}
        assert places.get(connection, row.id, "wang") == {"record": "r2"}


def test_settings(database: Database) -> None:
    with database.write() as connection:
        assert settings.get(connection, "two_person") is None
        assert settings.get(connection, "two_person", False) is False
        settings.put(connection, "two_person", True)
        settings.put(connection, "webhook", {"url": "http://127.0.0.1:9", "retries": [1, 2.5]})
        settings.put(connection, "two_person", None)
        assert settings.get(connection, "two_person", False) is None
        assert settings.load(connection) == {
            "two_person": None,
            "webhook": {"url": "http://127.0.0.1:9", "retries": [1, 2.5]},
        }
