from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

import pytest
from sqlalchemy import inspect, select, text, update

from extractor.errors import StoreError
from extractor.store import documents, schema, search
from extractor.store.database import Database
from extractor.store.documents import DocumentRow, Query
from extractor.store.values import now
from tests.store import samples


def test_the_same_bytes_are_one_document(database: Database) -> None:
    with database.write() as connection:
        made, created = documents.insert(
            connection, sha256=samples.sha(1), name="通知.pdf", size=12, uploaded_by="li"
        )  # fmt: skip
    with database.write() as connection:
        again, created_again = documents.insert(
            connection, sha256=samples.sha(1), name="另一个名字.pdf", size=12, uploaded_by="wang"
        )
    assert (created, created_again) == (True, False)
    assert again == made
    assert made.id == samples.sha(1)[:20]
    assert (made.state, made.approval, made.seq, made.year) == ("queued", "open", 0, None)
    assert made.uploaded_at.endswith("Z") and len(made.uploaded_at) == 27


def test_two_uploads_of_the_same_bytes_at_once_make_one_document(database: Database) -> None:
    def upload(_: int) -> bool:
        with database.write() as connection:
            return documents.insert(connection, sha256=samples.sha(1), name="a", size=1, uploaded_by="li")[1]

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(upload, range(24))) == [False] * 23 + [True]


def test_a_name_that_no_database_can_hold_is_cleaned(database: Database) -> None:
    with database.write() as connection:
        row = samples.document(connection, name="a\x00b\ud800𠮷.pdf")
    with database.read() as connection:
        read = documents.get(connection, row.id)
    assert read is not None
    assert read.name == "a\ufffdb\ufffd𠮷.pdf"


def test_update_sets_what_it_may_and_tells_what_it_may_not(database: Database) -> None:
    with database.write() as connection:
        row = samples.document(connection)
        changed = documents.update(connection, row.id, title="要点", year=2026, pages=3, reviewer="li")
        assert (changed.title, changed.year, changed.pages, changed.reviewer) == ("要点", 2026, 3, "li")
        assert changed.updated_at > row.updated_at
        assert documents.get(connection, row.id) == changed
        for name in ("id", "sha256", "folded", "worker", "nonsense"):
            with pytest.raises(TypeError):
                documents.update(connection, row.id, **{name: "x"})
        with pytest.raises(StoreError) as told:
            documents.update(connection, "f" * 20, title="x")
        assert told.value.code == "not_found"


def test_find_filters_sorts_and_pages(database: Database) -> None:
    with database.write() as connection:
        dossier = documents.make_dossier(connection, "年度考核")
        ids = [samples.document(connection, number, name=f"文件{number:02}.docx").id for number in range(12)]
        documents.insert(
            connection, sha256=samples.sha(99), name="附件.xlsx", size=1, uploaded_by="li", dossier=dossier
        )
        documents.update(connection, ids[3], state="ready", year=2026, kind="notice", reviewer="li", blocking=2)
        documents.update(connection, ids[4], state="ready", year=2025, approval="approved")

        def found(**query: object) -> list[str]:
            rows, total = documents.find(connection, Query(**query))  # type: ignore[arg-type]
            assert total >= len(rows)
            return [row.id for row in rows]

        assert found(state="ready", sort="uploaded_at") == [ids[3], ids[4]]
        assert found(year=2026) == found(kind="notice") == found(reviewer="li") == [ids[3]]
        assert found(approval="approved") == [ids[4]]
        assert found(dossier=dossier) == [samples.sha(99)[:20]]
        assert found(state="ready", year=2026, approval="approved") == []
        assert found(sort="name", limit=3, offset=2) == ids[2:5]
        assert found(sort="-name", limit=2) == [samples.sha(99)[:20], ids[11]]
        assert found(sort="-blocking", limit=1) == [ids[3]]
        assert found(sort="-year", limit=2) == [ids[3], ids[4]]  # what has no year comes last, either way
        assert found(sort="year", limit=2) == [ids[4], ids[3]]
        documents.update(connection, ids[5], risk=0.02)
        documents.update(connection, ids[6], risk=1 / 3)
        documents.update(connection, ids[7], risk=0.0)
        assert found(sort="-risk", limit=3) == [ids[6], ids[5], ids[7]]  # what is not known comes last
        assert documents.get(connection, ids[6]).risk == 1 / 3  # type: ignore[union-attr]
        assert documents.find(connection, Query(limit=5))[1] == 13
        with pytest.raises(StoreError) as told:
            documents.find(connection, Query(sort="name; DROP TABLE documents"))
        assert told.value.code == "invalid"


def test_find_takes_words_of_name_head_and_text_together(database: Database) -> None:
    with database.write() as connection:
        first = samples.document(connection, 1, name="２０２６年就业工作要点.PDF")
        second = samples.document(connection, 2, name="b_100%.txt")
        documents.update(connection, second.id, title="城市更新", document_number="府发〔2026〕7号")
        search.index_text(connection, first.id, [(0, "推进老旧小区改造")])

        def found(words: str) -> list[str]:
            return [row.id for row in documents.find(connection, Query(words=words))[0]]

        assert found("就业") == found("2026年") == found("要点.pdf") == [first.id]
        assert found("就业 改造") == [first.id]  # one word in the name, the other in the text
        assert found("改造 城市") == []
        assert found("〔2026〕") == found("100%") == found("B_1") == [second.id]
        assert found("%") == [second.id]  # no wildcard
        assert found("_") == [second.id]
        assert sorted(found("  ")) == sorted([first.id, second.id])
        documents.update(connection, second.id, title=None)
        assert found("城市") == []


def test_claim_takes_the_longest_waiting_first_and_each_once(database: Database) -> None:
    with database.write() as connection:
        ids = [samples.document(connection, number).id for number in range(3)]
        claimed = [documents.claim(connection, "w1", 60) for _ in range(4)]
    assert [row and row.id for row in claimed] == [*ids, None]
    assert claimed[0] is not None and claimed[0].state == "running"


def test_workers_that_claim_at_once_never_get_the_same_document(database: Database) -> None:
    with database.write() as connection:
        ids = {samples.document(connection, number).id for number in range(40)}

    def work(worker: int) -> list[str]:
        mine = []
        while True:
            with database.write() as connection:
                row = documents.claim(connection, f"w{worker}", 60)
            if row is None:
                return mine
            mine.append(row.id)

    with ThreadPoolExecutor(4) as pool:
        taken = [one for mine in pool.map(work, range(4)) for one in mine]
    assert len(taken) == 40
    assert set(taken) == ids


def _lapse(database: Database) -> None:
    with database.write() as connection:
        connection.execute(update(schema.documents).values(lease_until=now(-1)))


def test_a_lapsed_lease_is_claimed_again_and_the_third_time_was_the_last(database: Database) -> None:
    with database.write() as connection:
        row = samples.document(connection)
    for worker in ("w1", "w2", "w3"):
        with database.write() as connection:
            claimed = documents.claim(connection, worker, 60)
            assert claimed is not None and claimed.id == row.id
            assert documents.claim(connection, "other", 60) is None
        _lapse(database)
    with database.write() as connection:
        assert documents.claim(connection, "w4", 60) is None
        failed = documents.get(connection, row.id)
        assert failed is not None
        assert (failed.state, failed.error_code) == ("failed", "crashed")
        assert failed.error is not None and " / " in failed.error
        again = documents.update(connection, row.id, state="queued")
        assert (again.error, again.error_code) == (None, None)
        assert documents.claim(connection, "w5", 60) is not None


def test_only_the_holder_renews_and_releases(database: Database) -> None:
    with database.write() as connection:
        row = samples.document(connection)
        assert not documents.renew(connection, row.id, "w1", 60)
        documents.claim(connection, "w1", 1)
        assert documents.renew(connection, row.id, "w1", 60)
        assert not documents.renew(connection, row.id, "w2", 60)
        lease = connection.scalar(select(schema.documents.c.lease_until))
        assert now(50) < str(lease) < now(61)
        assert not documents.release(connection, row.id, "w2")
        for _ in range(documents.ATTEMPTS + 2):  # an orderly stop is no attempt
            assert documents.release(connection, row.id, "w1")
            assert documents.claim(connection, "w1", 60) is not None
        documents.update(connection, row.id, state="ready")
        assert not documents.renew(connection, row.id, "w1", 60)


def test_expired_are_those_untouched_and_not_at_work(database: Database) -> None:
    with database.write() as connection:
        old, running, fresh = (samples.document(connection, number) for number in range(3))
        documents.update(connection, old.id, state="ready")
        documents.claim(connection, "w", 60)
        before = now()
        documents.update(connection, fresh.id, title="x")
        assert [row.id for row in documents.expired(connection, before)] == [old.id]
        assert documents.get(connection, running.id) is not None


def test_dossiers(database: Database) -> None:
    with database.write() as connection:
        first, second = (documents.make_dossier(connection, name) for name in ("甲", "甲"))
        assert first != second
        assert [one.id for one in documents.dossiers(connection)] == [second, first]
        found = documents.get_dossier(connection, first)
        assert found is not None and found.name == "甲"
        assert documents.get_dossier(connection, "no") is None
        with pytest.raises(StoreError):
            documents.insert(connection, sha256=samples.sha(1), name="a", size=1, uploaded_by="li", dossier="no")


def _rows_that_name(database: Database, needles: tuple[str, ...]) -> dict[str, int]:
    """Per table of the database, whatever made it: the rows that hold one of the needles in any column."""
    with database.read() as connection:
        tables = [name for name in inspect(connection).get_table_names() if not name.startswith("search_grams")]
        found = {}
        for table in tables:
            rows = connection.execute(text(f'SELECT * FROM "{table}"')).all()
            found[table] = sum(any(needle in str(value) for value in row for needle in needles) for row in rows)
        return found


def test_deletion_leaves_no_row_anywhere(database: Database) -> None:
    with database.write() as connection:
        kept = samples.with_everything(connection, 2)
    counts = _counts(database)
    with database.write() as connection:
        row = samples.with_everything(connection, 1)
    needles = (row.id, row.sha256)
    of_document = {"documents", "drafts", "events", "records", "search_entries", "deliveries", "places"}
    assert {name for name, found in _rows_that_name(database, needles).items() if found} == of_document
    with database.write() as connection:
        assert documents.delete(connection, row.id) == row
    assert sum(_rows_that_name(database, needles).values()) == 0
    assert _counts(database) == counts  # also in tables whose rows name no document: draft_records, tries, the index
    with database.write() as connection:
        assert documents.get(connection, kept.id) == kept
        with pytest.raises(StoreError) as told:
            documents.delete(connection, row.id)
    assert told.value.code == "not_found"


def _counts(database: Database) -> dict[str, int]:
    index = "SELECT count(*) FROM search_grams WHERE search_grams MATCH 'x5c31x4e1a'"
    if database.dialect == "postgresql":
        index = "SELECT count(*) FROM search_grams WHERE grams @@ 'x5c31x4e1a'"
    with database.read() as connection:
        counts = {
            table: connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0 for table in schema.metadata.tables
        }
        counts["search_grams"] = connection.scalar(text(index)) or 0
    assert counts["search_grams"] > 0
    return counts


def test_a_row_has_the_fields_of_its_table() -> None:
    own = {"queued_at", "worker", "lease_until", "attempts", "folded"}
    assert set(DocumentRow.__dataclass_fields__) | own == set(schema.documents.c.keys())


def test_lock_gives_the_row(database: Database) -> None:
    with database.write() as connection:
        row = samples.document(connection)
        locked = documents.lock(connection, row.id)
        assert locked is not None and asdict(locked) == asdict(row)
        assert documents.lock(connection, "f" * 20) is None
