from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, event, select, text

from extractor.store import backup, ledger, ledger_report
from extractor.store.batch_schema import batch_work as work
from extractor.store.blobs import Blobs
from extractor.store.database import Database, sqlite_url
from extractor.store.values import as_given, escaped, now
from extractor.types.batch import Found, Kept, Outcome
from tests.store import batches
from tests.store.batches import add, bad, claim, counts, done, file, finish, good, start, unreached
from tests.store.samples import sha


def test_the_same_command_is_the_same_run(database: Database) -> None:
    first = start(database)
    with database.write() as connection:
        ledger.note_progress(connection, first, '{"eta":3}')
        ledger.end_run(connection, first, complete=True)
        ended = ledger.get_run(connection, first.id)
    assert ended is not None
    assert (ended.sources, ended.out, ended.version, ended.complete) == (("/a",), "/out", "v1", True)
    assert (ended.progress, ended.ended_at is None) == ('{"eta":3}', False)
    other, again = start(database, ["/b"]), start(database, version="v2")
    assert again.id == first.id != other.id
    assert first.execution < other.execution < again.execution
    with database.write() as connection:
        ledger.end_run(connection, first, complete=True)  # its end is not that of the execution begun since
        assert ledger.runs(connection) == [again, other]
        assert ledger.get_run(connection, "none") is None


def test_sources_and_output_are_found_again_whatever_they_are_called(database: Database) -> None:
    named = [["/年报", "*.pdf\n"], ["/\udcc4", "\x00"], ["/\udcc5", "\x00"], ["/\ufffddcc4", "\x00"]]
    begun = [start(database, sources) for sources in named]
    assert len({run.id for run in begun}) == 4
    with database.read() as connection:
        assert ledger.runs(connection) == begun[::-1]


def test_a_file_known_needs_no_hash_again(database: Database) -> None:
    run = start(database)
    add(database, run, [file(1, location="/x/1"), unreached("2.pdf")])
    with database.read() as connection:
        told = ledger.known(connection, run, ["1.pdf", "2.pdf", "3.pdf"])
        assert told == {"1.pdf": (101, 1001, sha(1), "/x/1")}
        assert ledger.known(connection, run, []) == {}
    other = start(database, ["/b"])
    with database.read() as connection:
        assert ledger.known(connection, other, ["1.pdf"]) == {}


def test_work_is_handed_out_oldest_first_and_once_for_a_content(database: Database) -> None:
    run = start(database)
    add(database, run, [file(3), file(1), file(1, "copy/1.pdf")], scanned=False)
    add(database, run, [file(2), file(3, "copy/3.pdf")])
    add(database, run, [file(3), file(2)])
    with database.write() as connection:
        first, second = ledger.claim(connection, run, "w", 60, 2)
    assert (first.sha256, first.location, first.name, first.size, first.attempt) == (
        sha(3),
        "/srv/3.pdf",
        "3.pdf",
        103,
        1,
    )
    assert (second.sha256, second.name) == (sha(1), "1.pdf")
    assert claim(database, run) == {sha(2): 1}
    assert claim(database, run) == {}


def test_what_was_done_is_not_done_again(database: Database) -> None:
    run = start(database)
    add(database, run, [file(number) for number in range(5)])
    assert done(database, run, 3) == [sha(0), sha(1), sha(2)]
    again = start(database)
    assert counts(database, again).files == 0  # until it has looked itself
    add(database, again, [file(number) for number in range(6)])
    assert list(claim(database, again)) == [sha(3), sha(4), sha(5)]
    told = counts(database, again)
    assert (told.done, told.leased, told.pages, told.records) == (3, 3, 6, 15)


def test_another_version_does_everything_again_and_the_parser_nothing(database: Database) -> None:
    add(database, run := start(database), [file(1), file(2)])
    done(database, run)
    add(database, newer := start(database, version="v2"), [file(1), file(2)])
    assert finish(database, newer, [good(each, parse_ms=None) for each in claim(database, newer)])
    with database.read() as connection:
        parsed = connection.execute(select(work.c.version, work.c.state, work.c.ms).where(work.c.stage == "parse"))
        assert [tuple(row) for row in parsed] == [("p1", "done", 7)] * 2
    for each in (newer, run):
        assert counts(database, each).done == 2


def test_a_file_that_moved_is_read_where_it_is_now(database: Database) -> None:
    add(database, start(database), [file(1, "old.pdf"), file(2), file(3)])
    run = start(database)
    add(database, run, [file(1, "new.pdf"), file(2, location="/mnt/2.pdf")])
    with database.write() as connection:
        tasks = ledger.claim(connection, run, "w", 60, 9)
    assert [(task.name, task.location) for task in tasks] == [("new.pdf", "/srv/new.pdf"), ("2.pdf", "/mnt/2.pdf")]
    told = counts(database, run)
    assert (told.files, told.leased, told.waiting) == (2, 2, 0)  # what is gone is neither counted nor handed out


def test_a_file_with_new_content_is_new_work(database: Database) -> None:
    add(database, run := start(database), [file(1, "a.pdf")])
    done(database, run)
    add(database, run := start(database), [file(2, "a.pdf")])
    assert counts(database, run).waiting == 1
    assert list(claim(database, run)) == [sha(2)]


def test_a_lapsed_lease_is_handed_out_again_and_three_make_a_failure(database: Database) -> None:
    run = start(database)
    add(database, run, [file(1), file(2)])
    assert claim(database, run, 1, "dead", seconds=-1) == {sha(1): 1}
    assert claim(database, run, 9, "dead", seconds=-1) == {sha(2): 1, sha(1): 2}
    assert claim(database, run, 9, "dead", seconds=-1) == {sha(2): 2, sha(1): 3}
    assert claim(database, run, 9, "w") == {sha(2): 3}
    assert counts(database, run).failures == {"died": 1}
    assert finish(database, run, [good(sha(2)), good(sha(1))]) == {sha(2)}
    with database.read() as connection:
        (failure,) = ledger_report.failures(connection, run)
    assert (failure.path, failure.error_class, failure.attempts) == ("1.pdf", "died", 3)
    assert failure.error is not None and " / " in failure.error


def test_renewed_leases_do_not_lapse_and_those_of_the_dead_do_at_once(database: Database) -> None:
    run = start(database)
    add(database, run, [file(1), file(2)])
    claim(database, run, 1, "alive", seconds=-1)
    with database.write() as connection:
        ledger.renew(connection, run, "alive", 60)
        assert ledger.workers(connection, run) == ["alive"]
    claim(database, run, 1, "dead")
    with database.write() as connection:
        assert ledger.workers(connection, run) == ["alive", "dead"]
        ledger.renew(connection, run, "dead", 0)
    assert claim(database, run) == {sha(2): 2}


def test_who_lost_its_lease_overwrites_nothing(database: Database) -> None:
    run = start(database)
    add(database, run, [file(1), file(2)])
    claim(database, run, 2, "slow", seconds=-1)
    claim(database, run, 1, "quick")
    assert finish(database, run, [good(sha(1), records=1)], "quick") == {sha(1)}
    with database.write() as connection:
        assert ledger.held(connection, run, "slow", [sha(1), sha(2)]) == set()
        assert ledger.held(connection, run, "quick", [sha(1), sha(2)]) == set()
    assert finish(database, run, [good(sha(1), records=99), bad(sha(2))], "slow") == set()
    told = counts(database, run)
    assert (told.done, told.records, told.waiting, told.failed) == (1, 1, 1, 0)


def test_a_late_result_counts_while_nobody_else_has_taken_over(database: Database) -> None:
    run = start(database)
    add(database, run, [file(1)])
    claim(database, run, seconds=-1)
    assert finish(database, run, [good(sha(1))]) == {sha(1)}
    assert claim(database, run) == {}


def test_what_may_succeed_another_time_is_tried_three_times_behind_the_others(database: Database) -> None:
    run = start(database)
    add(database, run, [file(1), file(2), file(3)])
    for attempt in (1, 2):
        assert claim(database, run, 1) == {sha(1): attempt}
        assert finish(database, run, [bad(sha(1), "timeout", again=True)]) == {sha(1)}
        assert counts(database, run).waiting == 3
        assert claim(database, run, 2) == {sha(2): attempt, sha(3): attempt}
        finish(database, run, [bad(sha(number), "memory", again=True) for number in (2, 3)])
    claim(database, run)
    finish(database, run, [bad(sha(1), "timeout", again=True), bad(sha(2), again=True), good(sha(3))])
    told = counts(database, run)
    assert (told.waiting, told.done, told.failures) == (0, 1, {"timeout": 1, "damaged": 1})


def test_a_result_without_a_place_is_refused(database: Database) -> None:
    add(database, run := start(database), [file(1)])
    claim(database, run)
    with pytest.raises(ValueError, match="place"):
        finish(database, run, [(good(sha(1))[0], None)])
    assert counts(database, run).leased == 1


def test_an_orderly_stop_leaves_no_trace(database: Database) -> None:
    run = start(database)
    add(database, run, [file(1), file(2), file(3)])
    claim(database, run, 2)
    with database.write() as connection:
        ledger.release(connection, run, "other")
        ledger.release(connection, run, "w", [sha(2)])
    assert claim(database, run, 1) == {sha(2): 1}
    with database.write() as connection:
        ledger.release(connection, run, "w")
    assert claim(database, run) == {sha(1): 1, sha(2): 1, sha(3): 1}


def test_failures_are_tried_again_by_class(database: Database) -> None:
    add(database, run := start(database), [file(number) for number in range(4)])
    claim(database, run)
    finish(database, run, [bad(sha(0), "timeout"), bad(sha(1), "encrypted"), bad(sha(2), "memory"), good(sha(3))])
    other, again = start(database, ["/b"]), start(database)
    for each, classes, n in ((other, None, 0), (again, ["no such"], 0), (again, [], 0), (again, ["timeout"], 1)):
        with database.write() as connection:
            assert ledger.retry(connection, each, classes) == n
    add(database, again, [file(number) for number in range(4)])
    assert claim(database, again) == {sha(0): 1}
    with database.write() as connection:
        assert ledger.retry(connection, again) == 2
    assert claim(database, again) == {sha(1): 1, sha(2): 1}


def test_the_classes_of_what_failed(database: Database) -> None:
    add(database, run := start(database), [file(number) for number in range(3)])
    claim(database, run)
    finish(database, run, [bad(sha(0), "timeout"), bad(sha(1), "encrypted"), good(sha(2))])
    with database.read() as connection:
        assert ledger.failed_classes(connection) == {"timeout", "encrypted"}


def test_results_that_are_lost_wait_again(database: Database) -> None:
    add(database, run := start(database), [file(number) for number in range(5)])
    claim(database, run)
    places = [Kept("a.jsonl", 0, 9), Kept("a.jsonl", 10, 9), Kept("a.jsonl", 20, 9), Kept("b.jsonl", 20, 9)]
    finish(database, run, [(good(sha(number))[0], place) for number, place in enumerate(places)])
    with database.write() as connection:
        # Its line feed is part of a line: without it the next line would be joined to it.
        assert ledger.reopen(connection, "a.jsonl", 30) == 0
        assert ledger.reopen(connection, "a.jsonl", 19) == 2
        assert ledger_report.shard_lengths(connection) == {"a.jsonl": 10, "b.jsonl": 30}
        assert ledger.reopen(connection, "b.jsonl", 0) == 1
    assert set(claim(database, run)) == {sha(1), sha(2), sha(3)}


def test_a_ledger_is_told_from_others(database: Database) -> None:
    seen = set()
    for _ in range(2):
        with database.write() as connection:
            seen.add(ledger.ledger_id(connection))
    assert len(seen) == 1


def test_executions_at_once_each_have_their_own_view(database: Database) -> None:
    one = start(database)
    add(database, one, [file(1), file(2)], scanned=False)
    two = start(database)  # the same command on another machine
    assert (counts(database, one).files, counts(database, two).files) == (2, 0)
    assert claim(database, two) == {}  # it has seen nothing yet
    add(database, two, [file(1)], scanned=False)
    add(database, one, [file(1), file(2), file(3)])
    told = counts(database, one), counts(database, two)
    assert [(each.files, each.scanned) for each in told] == [(3, True), (1, False)]
    assert list(claim(database, two)) == [sha(1)]
    add(database, two, [file(2), file(3)])
    assert counts(database, one) == counts(database, two)
    assert list(claim(database, one, worker="other")) == [sha(2), sha(3)]


def test_runs_share_contents_but_not_their_queues(database: Database) -> None:
    one, two = start(database), start(database, ["/b"])
    add(database, one, [file(1), file(2)])
    add(database, two, [file(2, "b/2.pdf"), file(3)])
    assert list(claim(database, two)) == [sha(2), sha(3)]
    finish(database, two, [good(sha(2)), good(sha(3))])
    assert list(claim(database, one)) == [sha(1)]
    told = counts(database, one)
    assert (told.files, told.done, told.leased) == (2, 1, 1)


def test_what_no_database_can_hold_is_told_apart_and_opened(database: Database) -> None:
    run = start(database)
    paths = ["a\ud800\x00.pdf", "a\ud801\x00.pdf", "a\ufffd\ufffd.pdf", "𠮷.pdf"]
    locations = ["/srv/\udcc4\udce3.pdf", "/srv/\udcc4\udce4.pdf", "/srv/\ufffddcc4.pdf", "C:\\年报\\𠮷.pdf"]
    found = [file(at, path, location) for at, (path, location) in enumerate(zip(paths, locations, strict=True))]
    add(database, run, [*found, unreached("\ud800.zip!/\x00")])
    with database.read() as connection:
        known = ledger.known(connection, run, [*paths, "a\ud802\x00.pdf"])
    assert {path: told[3] for path, told in known.items()} == dict(zip(paths, locations, strict=True))
    with database.write() as connection:
        tasks = ledger.claim(connection, run, "w\ud800", 60, 9)
        assert [task.location for task in tasks] == locations
        assert [task.name for task in tasks] == ["a\ufffd\ufffd.pdf"] * 3 + ["𠮷.pdf"]
        failed = Outcome(sha(0), error_class="x\ud800", error="\x00?\udfff", flags=("\ud800",))
        assert ledger.finish(connection, run, "w\ud800", [(failed, None)]) == {sha(0)}
        failures = list(ledger_report.failures(connection, run))
        assert ledger.known(connection, run, ["\ud800.zip!/\x00"]) == {}
    assert [(each.path, each.error_class, each.error) for each in failures] == [
        ("a\ufffd\ufffd.pdf", "x\ufffd", "\ufffd?\ufffd"),
        ("\ufffd.zip!/\ufffd", "damaged", "坏的 / bad"),
    ]
    assert counts(database, run).files == 5


def test_what_is_too_large_for_a_column_is_cut(database: Database) -> None:
    run = start(database)
    dice = random.Random(1)
    long = "/".join(f"{dice.getrandbits(64):016x}" for _ in range(4000)) + ".pdf"  # more than an index takes
    add(
        database, run, [Found(long, long, "x.pdf", 2**40, -(2**80), sha(1)), Found("y", "y", "y", 2**80, 2**80, sha(2))]
    )
    with database.read() as connection:
        told = ledger.known(connection, run, [long, "y"])
    assert told[long] == (2**40, -(2**63) + 1, sha(1), long)
    assert told["y"][:2] == (2**63 - 1, 2**63 - 1)
    claim(database, run)
    huge = {"pages": 2**40, "characters": 2**40, "records": 2**31, "ms": 2**50, "parse_ms": 2**50}
    assert finish(database, run, [good(sha(1), **huge)])
    assert counts(database, run).pages == 2**31 - 1


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_a_location_comes_back_as_it_was(location: str) -> None:
    stored = escaped(location)
    assert as_given(stored) == location
    assert "\x00" not in stored
    stored.encode()


def test_leases_go_by_the_clock_of_a_database_that_machines_share(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start(database)
    add(database, run, [file(1)])
    claim(database, run, worker="right", seconds=60)
    monkeypatch.setattr("extractor.store.ledger.now", lambda offset=0.0: now(offset + 3600))  # an hour fast
    expected = {} if database.dialect == "postgresql" else {sha(1): 2}
    assert claim(database, run, worker="fast") == expected


def test_a_claim_looks_at_no_row_that_is_done(database: Database) -> None:
    run = start(database)
    add(database, run, [file(number) for number in range(300)])
    done(database, run, 200)
    told: list[tuple[str, object]] = []

    def listen(_c: object, _cursor: object, statement: str, parameters: object, _x: object, many: bool) -> None:
        if "batch_work" in statement and not many:
            told.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", listen)
    try:
        with database.write() as connection:
            ledger.claim(connection, run, "w", 60, 5)
            ledger.renew(connection, run, "w", 60)
            ledger.held(connection, run, "w", [sha(200)])
    finally:
        event.remove(Engine, "before_cursor_execute", listen)
    explain = "EXPLAIN QUERY PLAN " if database.dialect == "sqlite" else "EXPLAIN "
    with database.write() as connection:
        if database.dialect == "postgresql":
            connection.execute(text("SET LOCAL enable_seqscan = off"))  # so few rows it would rather read all of
            connection.execute(text("SET LOCAL enable_bitmapscan = off"))
        cursor = connection.connection.cursor()
        plans = []
        for statement, parameters in told:
            cursor.execute(explain + statement, parameters)  # type: ignore[arg-type]
            plans.append("\n".join(str(row) for row in cursor.fetchall()))
    assert len(plans) == 6
    assert "ix_batch_work_leased" in plans[0]
    assert "ix_batch_work_waiting" in plans[1]
    assert not [plan for plan in plans if "SCAN batch_work" in plan or "Seq Scan on batch_work" in plan]


def test_a_backup_brings_the_ledger_along(database: Database, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    run = start(database)
    add(database, run, [file(1), file(2), file(3, location="/srv/\udcc4"), file(1, "copy.pdf"), unreached("4.pdf")])
    claim(database, run, 1)
    with database.write() as connection:
        ledger_report.keep_results(connection, run.version, [(sha(1), b"{}")])
    finish(database, run, [(good(sha(1))[0], Kept("", 0, 2))])
    claim(database, run, 1)
    blobs = Blobs(tmp_path / "blobs")
    backup.backup(database, blobs, tmp_path / "b.tar.gz")
    url = sqlite_url(tmp_path / "new") if database.dialect == "postgresql" else request.getfixturevalue("postgres_url")
    backup.restore(tmp_path / "b.tar.gz", tmp_path / "new", url)
    restored = Database(url)
    assert counts(restored, run) == counts(database, run)
    with restored.read() as connection:
        assert ledger.runs(connection) == [run]
        assert ledger_report.load_result(connection, run.version, sha(1)) == b"{}"
    add(restored, run, [file(5)])  # its rows get ids of their own
    with restored.write() as connection:
        assert [task.location for task in ledger.claim(connection, run, "w", 60, 9)] == ["/srv/\udcc4", "/srv/5.pdf"]
    assert batches.counts(restored, run).files == 6
    restored.close()
