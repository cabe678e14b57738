from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from extractor.errors import StoreError
from extractor.store import documents, drafts
from extractor.store.database import Database
from tests.store import samples


def test_records_stream_in_and_the_final_ones_replace_them(database: Database) -> None:
    with database.write() as connection:
        row = samples.document(connection)
        assert drafts.load(connection, row.id) is None
        draft = drafts.start(connection, row.id, "0.1.0")
        drafts.add(connection, draft, 0, [samples.record(1), samples.record(2)])
        drafts.add(connection, draft, 1, [samples.record(2), samples.record(3)])  # a batch sent twice stands once
    with database.write() as connection:
        partial = drafts.load(connection, row.id)
        assert partial is not None
        assert (partial.complete, partial.info) == (False, None)
        assert [one.record_id for one in partial.records] == ["r1", "r2", "r3"]
        assert [one.record_id for one in drafts.streamed(connection, draft, 2)] == ["r3"]
        final = [samples.record(7), samples.record(8)]
        drafts.finish(connection, draft, samples.info(), [samples.UNCLAIMED], [samples.ISSUE], final)
    with database.read() as connection:
        whole = drafts.load(connection, row.id)
    assert whole == drafts.Draft(
        id=draft,
        extractor_version="0.1.0",
        complete=True,
        info=samples.info(),
        records=tuple(final),
        unclaimed=(samples.UNCLAIMED,),
        issues=(samples.ISSUE,),
    )
    # 5.0 and 3 stay what they were: exports compare them
    assert [repr(one) for one in whole.records] == [repr(one) for one in final]


def test_without_final_records_the_streamed_ones_stand(database: Database) -> None:
    with database.write() as connection:
        row = samples.document(connection)
        draft = drafts.start(connection, row.id, "0.1.0")
        drafts.add(connection, draft, 0, [samples.record(1)])
        drafts.finish(connection, draft, samples.info(), [], [], None)
        loaded = drafts.load(connection, row.id)
    assert loaded is not None and loaded.records == (samples.record(1),)


def test_a_run_that_broke_off_starts_anew(database: Database) -> None:
    with database.write() as connection:
        row = samples.document(connection)
        first = drafts.start(connection, row.id, "0.1.0")
        drafts.add(connection, first, 0, [samples.record(1)])
        assert drafts.start(connection, row.id, "0.1.0") == first
        loaded = drafts.load(connection, row.id)
    assert loaded is not None and loaded.records == ()


def test_a_complete_draft_is_never_changed(database: Database) -> None:
    with database.write() as connection:
        row = samples.document(connection)
        before = samples.complete_draft(connection, row.id)
    attempts = (
        lambda connection: drafts.start(connection, row.id, "0.1.0"),
        lambda connection: drafts.add(connection, before.id, 9, [samples.record(9)]),
        lambda connection: drafts.finish(connection, before.id, samples.info(), [], [], []),
    )
    for attempt in attempts:
        with pytest.raises(StoreError) as told, database.write() as connection:
            attempt(connection)
        assert told.value.code == "immutable"
    for statement in (
        "UPDATE drafts SET complete = 0",
        "UPDATE draft_records SET data = '{}'",
        "DELETE FROM draft_records",
    ):
        with pytest.raises(DBAPIError, match="never changed"), database.write() as connection:
            connection.execute(text(statement))
    with database.read() as connection:
        assert drafts.load(connection, row.id) == before


def test_each_version_keeps_its_draft_and_the_document_says_which_counts(database: Database) -> None:
    with database.write() as connection:
        row = samples.document(connection)
        first = samples.complete_draft(connection, row.id, "0.1.0")
        second = drafts.start(connection, row.id, "0.2.0")
        assert drafts.load(connection, row.id) == first  # the one under review, though a later one has begun
        drafts.finish(connection, second, samples.info(), [], [], [])
        documents.update(connection, row.id, extractor_version="0.2.0")
        loaded = drafts.load(connection, row.id)
        assert loaded is not None and loaded.id == second
        assert drafts.load(connection, row.id, "0.1.0") == first
        assert drafts.load(connection, row.id, "0.3.0") is None


def test_what_is_not_there_is_told(database: Database) -> None:
    for attempt in (
        lambda connection: drafts.start(connection, "f" * 20, "0.1.0"),
        lambda connection: drafts.add(connection, 77, 0, []),
    ):
        with pytest.raises(StoreError) as told, database.write() as connection:
            attempt(connection)
        assert told.value.code == "not_found"
