from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import Row, select

from extractor.store import ledger, ledger_report
from extractor.store.batch_schema import batch_contents, batch_files, batch_runs, batch_work
from extractor.store.database import Database
from extractor.store.ledger import Run
from extractor.store.ledger_report import Failure, Result, Slow
from extractor.types.batch import Counts, Found, Kept
from tests.store import batches
from tests.store.batches import add, bad, claim, counts, done, file, finish, good, start, unreached
from tests.store.samples import sha


def test_counts_of_a_run_halfway(database: Database) -> None:
    run = start(database)
    found = [file(number) for number in range(6)]
    add(database, run, [*found, file(0, "c/0.pdf"), file(1, "c/1.pdf"), unreached("x.zip"), unreached("y", "bomb")], scanned=False)  # fmt: skip
    assert counts(database, run) == Counts(10, 6, 0, 0, 2, 2, 0, 0, False, {"damaged": 1, "bomb": 1})
    claim(database, run, 4)
    finish(database, run, [good(sha(0), pages=3, records=7), good(sha(2)), bad(sha(1), "timeout"), bad(sha(3))])
    claim(database, run, 1)
    add(database, run, [])
    assert counts(database, run) == Counts(
        files=10, waiting=1, leased=1, done=2, failed=4, duplicates=2, pages=5, records=12, scanned=True,
        failures={"damaged": 2, "bomb": 1, "timeout": 1},
    )  # fmt: skip


def test_nothing_counts_as_nothing(database: Database) -> None:
    run = start(database)
    with database.read() as connection:
        assert ledger_report.counts(connection, run) == Counts(0, 0, 0, 0, 0, 0, 0, 0, False, {})
        assert list(ledger_report.failures(connection, run)) == ledger_report.slowest(connection, run, 9) == []
        assert list(ledger_report.duplicates(connection, run)) == ledger_report.results(connection, run) == []
        assert ledger_report.flags(connection, run) == ledger_report.shard_lengths(connection) == {}


def test_what_an_execution_of_another_version_has_queued_waits_for_this_one_too(database: Database) -> None:
    old, new = start(database), start(database, version="v2")
    add(database, new, [file(1), file(2)])
    told = counts(database, old)
    assert (told.files, told.waiting, told.scanned) == (2, 2, True)


def test_failures_are_told_in_the_order_of_the_files(database: Database) -> None:
    run = start(database)
    add(database, run, [file(1), file(2), unreached("3.zip"), file(4), file(2, "copy.pdf")])
    claim(database, run)
    finish(database, run, [good(sha(1)), bad(sha(2), "timeout"), bad(sha(4), again=True)])
    claim(database, run)
    with database.read() as connection:
        told = list(ledger_report.failures(connection, run))
    wrong = "坏的 / bad"
    assert told == [Failure("2.pdf", "2.pdf", "timeout", wrong, 1), Failure("3.zip", "3.zip", "damaged", wrong, 0)]


def test_the_slowest_and_the_flags(database: Database) -> None:
    run = start(database)
    add(database, run, [file(number) for number in range(1, 6)])
    claim(database, run, 4)
    ended = [
        good(sha(1), ms=40, flags=("scanned", "no_date"), pages=1, records=9),
        good(sha(2), ms=2**30, flags=("scanned",), format="docx"),
        good(sha(3), ms=2**30, format=None),
        (bad(sha(4))[0], None),
    ]
    finish(database, run, ended)
    with database.read() as connection:
        assert ledger_report.slowest(connection, run, 3) == [
            Slow("2.pdf", 2**30, 2, 5), Slow("3.pdf", 2**30, 2, 5), Slow("1.pdf", 40, 1, 9),
        ]  # fmt: skip
        assert list(ledger_report.flags(connection, run).items()) == [("scanned", 2), ("no_date", 1)]
        other = Run("other", 1, (), "", "v1", "p1", "")
        assert ledger_report.flags(connection, other) == {}


def test_duplicates_name_the_file_that_was_found_first(database: Database) -> None:
    add(database, start(database), [file(1, "a"), file(1, "b"), file(2, "c")])
    run = start(database)
    add(database, run, [file(2, "d"), file(1, "b"), file(2, "c"), file(1, "e")])  # a is gone
    with database.read() as connection:
        assert list(ledger_report.duplicates(connection, run)) == [("d", "c"), ("e", "b")]


def test_results_are_paged_in_the_order_of_their_hash(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_report, "_PAGE", 3)
    run = start(database)
    add(database, run, [file(number) for number in range(30)])
    claim(database, run, 20)
    places = {sha(number): Kept(f"{number % 2}.jsonl", 10 * number, 9) for number in range(0, 20, 2)}
    finish(database, run, [(good(sha256)[0], place) for sha256, place in places.items()])
    expected = [
        Result(sha(number), f"{number}.pdf", f"{number}.pdf", 2, 5, places[sha(number)])
        for number in sorted(range(0, 20, 2), key=sha)
    ]
    with database.read() as connection:
        assert ledger_report.results(connection, run) == expected
        after, paged = "", []
        while page := ledger_report.results(connection, run, after, 4):
            paged += page
            after = page[-1].sha256
        assert paged == expected
        assert ledger_report.shard_lengths(connection) == {"0.jsonl": 190}


def test_where_the_results_of_a_version_lie(database: Database) -> None:
    for version, kept in (("v1", Kept("", 0, 2)), ("v2", Kept("a.jsonl", 0, 2)), ("v3", None)):
        run = start(database, version=version)
        add(database, run, [file(1)])
        claim(database, run)
        finish(database, run, [bad(sha(1)) if kept is None else (good(sha(1))[0], kept)])
    with database.read() as connection:
        told = [ledger_report.shard_of(connection, version) for version in ("v1", "v2", "v3")]
    assert told == ["", "a.jsonl", None]


def test_results_in_the_database_are_the_last_that_were_kept(database: Database) -> None:
    run = start(database)
    add(database, run, [file(1), file(2)])
    line = '{"text":"𠮷\\u0000"}'.encode()
    with database.write() as connection:
        ledger_report.keep_results(connection, "v1", [])
        ledger_report.keep_results(connection, "v1", [(sha(1), b"{}"), (sha(2), b"[]"), (sha(2), line)])
        ledger_report.keep_results(connection, "v1", [(sha(1), b"1")])
        ledger_report.keep_results(connection, "v2", [(sha(1), b"2")])
        loaded = [ledger_report.load_result(connection, "v1", sha(number)) for number in (1, 2, 3)]
        assert loaded == [b"1", line, None]
        assert ledger_report.load_result(connection, "v2", sha(1)) == b"2"


# --- against a recount by hand


class Tables:
    """What the tables hold, row by row."""

    def __init__(self, database: Database) -> None:
        with database.read() as connection:
            self.contents = {row.id: row for row in connection.execute(select(batch_contents))}
            self.files = list(connection.execute(select(batch_files).order_by(batch_files.c.id)))
            self.scanned = {row.id: row.scanned for row in connection.execute(select(batch_runs))}
            self.work = list(connection.execute(select(batch_work)))

    def first_files(self, run: Run) -> dict[int, Row[Any]]:
        found: dict[int, Row[Any]] = {}
        for row in self.files:
            if row.run == run.id and row.seen >= run.execution and row.content is not None:
                found.setdefault(row.content, row)
        return found

    def counts(self, run: Run) -> Counts:
        seen = [row for row in self.files if row.run == run.id and row.seen >= run.execution]
        lost = [row.error_class for row in seen if row.content is None]
        contents = {row.content for row in seen} - {None}
        mine = [
            row for row in self.work
            if row.stage == "extract" and row.version == run.version and row.content in contents
        ]  # fmt: skip
        states = Counter(row.state for row in mine)
        failures = Counter(lost) + Counter(row.error_class for row in mine if row.state == "failed")
        return Counts(
            files=len(seen),
            waiting=len(contents) - states["leased"] - states["done"] - states["failed"],
            leased=states["leased"],
            done=states["done"],
            failed=states["failed"] + len(lost),
            duplicates=len(seen) - len(lost) - len(contents),
            pages=sum(row.pages for row in mine),
            records=sum(row.records for row in mine),
            scanned=self.scanned[run.id] >= run.execution,
            failures=dict(failures),
        )


class History:
    """What may happen to a ledger, at random."""

    def __init__(self, database: Database, seed: int) -> None:
        self.database, self.dice = database, random.Random(seed)
        self.runs: list[Run] = [start(database, ["/0"])]
        self.claimed: Counter[tuple[str, str]] = Counter()

    def step(self) -> None:
        dice = self.dice
        happens = dice.choices(
            [self.begin, self.look, self.work, self.dies, self.stops, self.again], [2, 8, 12, 3, 1, 1]
        )
        happens[0](dice.choice(self.runs[-3:]))

    def begin(self, _: Run) -> None:
        self.runs.append(start(self.database, [f"/{self.dice.randrange(2)}"], f"v{self.dice.randrange(2)}"))

    def look(self, run: Run) -> None:
        found: list[Found] = []
        for number in self.dice.sample(range(25), 8):
            path = f"{run.sources[0]}/{number}"
            lost = self.dice.random() < 0.1
            found.append(unreached(path, "bomb") if lost else file(number // self.dice.choice((1, 1, 1, 2)), path))
        add(self.database, run, found, scanned=self.dice.random() < 0.2)

    def work(self, run: Run) -> None:
        claimed = claim(self.database, run, self.dice.randrange(1, 5))
        ended = []
        for sha256, attempt in claimed.items():
            assert attempt <= ledger.ATTEMPTS
            again = self.dice.random() < 0.5
            fine = good(sha256, pages=self.dice.randrange(9), records=self.dice.randrange(9))
            ended.append(fine if self.dice.random() < 0.6 else bad(sha256, self.dice.choice("xyz"), again=again))
        ended = ended[: self.dice.randrange(len(ended) + 1)]
        assert finish(self.database, run, ended) == {outcome.sha256 for outcome, _ in ended}

    def dies(self, run: Run) -> None:
        with self.database.write() as connection:
            ledger.renew(connection, run, "w", -1)

    def stops(self, run: Run) -> None:
        with self.database.write() as connection:
            ledger.release(connection, run, "w")

    def again(self, run: Run) -> None:
        with self.database.write() as connection:
            ledger.retry(connection, run, self.dice.choice([None, ["x"]]))


def _agree(database: Database, runs: Sequence[Run]) -> None:
    tables = Tables(database)
    keys = [(row.content, row.stage, row.version) for row in tables.work]
    assert len(set(keys)) == len(keys)
    for row in tables.work:
        assert (row.state == "leased") == (row.worker is not None) == (row.lease_until is not None)
        assert (row.shard is not None) == (row.state == "done" and row.stage == "extract")
        assert 0 <= row.attempts <= ledger.ATTEMPTS
    for run in runs:
        told, first = counts(database, run), tables.first_files(run)
        assert told == tables.counts(run)
        assert told.files == told.waiting + told.leased + told.done + told.failed + told.duplicates
        assert sum(told.failures.values()) == told.failed
        with database.read() as connection:
            results = ledger_report.results(connection, run)
            failures = list(ledger_report.failures(connection, run))
            duplicates = list(ledger_report.duplicates(connection, run))
            slowest = ledger_report.slowest(connection, run, 1000)
        lost = sum(row.attempts == 0 for row in failures)
        assert (len(results), len(failures), len(duplicates)) == (told.done, told.failed, told.duplicates)
        assert len(slowest) == told.done + told.failed - lost
        paths = {tables.contents[content].sha256: row.path for content, row in first.items()}
        assert [(row.sha256, row.path) for row in results] == sorted(
            (sha256, path) for sha256, path in paths.items() if sha256 in {row.sha256 for row in results}
        )
        assert sum(row.pages for row in results) == told.pages


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_the_counts_are_those_of_a_recount(database: Database, seed: int) -> None:
    history = History(database, seed)
    for turn in range(60):
        history.step()
        if turn % 4 == 3:
            _agree(database, history.runs[-5:])
    run = history.runs[-1]
    while told := counts(database, run):
        if not told.waiting and not told.leased:
            break
        history.dies(run)
        done(database, run)
    _agree(database, history.runs)
    assert batches.counts(database, run).done
