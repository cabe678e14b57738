"""Several at one ledger at once, and what is left when one of them is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import Engine, event

from extractor.store import ledger, ledger_report
from extractor.store.database import Database
from extractor.store.ledger import Run
from extractor.types.batch import Found
from tests.store.batches import add, bad, claim, counts, done, file, finish, good, start
from tests.store.samples import sha

WORKER = """
import sys, time
from extractor.store import ledger
from extractor.store.database import Database
from extractor.types.batch import Found
from tests.store.batches import good

url, run_id, worker = sys.argv[1:]
database = Database(url)
with database.read() as connection:
    run = ledger.get_run(connection, run_id)
print("ready", flush=True)
sys.stdin.readline()
while True:
    with database.write() as connection:
        tasks = ledger.claim(connection, run, worker, 60, 3)
    if not tasks:
        break
    print("claimed", *(task.sha256 for task in tasks), flush=True)
    with database.write() as connection:
        done = ledger.finish(connection, run, worker, [good(task.sha256) for task in tasks])
    print("done", *done, flush=True)
"""


def _worker(url: str, run: Run, name: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", WORKER, url, run.id, name]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)


def _told(lines: list[str], what: str) -> Counter[str]:
    whole = [line.split() for line in lines if line.endswith("\n")]
    return Counter(sha256 for first, *sha256s in whole if first == what for sha256 in sha256s)


def test_processes_never_get_the_same_content(database: Database, url: str) -> None:
    run = start(database)
    add(database, run, [file(number) for number in range(150)])
    workers = [_worker(url, run, f"w{number}") for number in range(3)]
    for worker in workers:
        assert worker.stdout is not None and worker.stdin is not None
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        worker.stdin.write("go\n")  # type: ignore[union-attr]
        worker.stdin.flush()  # type: ignore[union-attr]
    claimed: Counter[str] = Counter()
    for worker in workers:
        lines = worker.communicate(timeout=120)[0].splitlines(keepends=True)
        assert worker.returncode == 0
        assert _told(lines, "claimed") == _told(lines, "done")
        claimed += _told(lines, "claimed")
    assert claimed == Counter(sha(number) for number in range(150))
    assert counts(database, run).done == 150


def test_threads_never_get_the_same_content(database: Database) -> None:
    run = start(database)
    add(database, run, [file(number) for number in range(120)])

    def work(number: int) -> list[str]:
        mine: list[str] = []
        while len(mine) < 30:  # what others claim at the moment is passed over: nothing claimed isn't the end
            mine += claim(database, run, 2, f"w{number}")
        return mine

    with ThreadPoolExecutor(4) as pool:
        claimed = [sha256 for mine in pool.map(work, range(4)) for sha256 in mine]
    assert sorted(claimed) == sorted(sha(number) for number in range(120))


def test_kill_9_of_a_worker_loses_nothing(database: Database, url: str) -> None:
    run = start(database)
    add(database, run, [file(number) for number in range(1500)])
    acknowledged: set[str] = set()
    for enough in (4, 13):
        worker = _worker(url, run, "dead")
        assert worker.stdout is not None and worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
        lines = [worker.stdout.readline() for _ in range(enough)]
        worker.send_signal(signal.SIGKILL)
        lines += list(worker.stdout)
        worker.wait()
        worker.stdin.close()
        worker.stdout.close()
        assert worker.returncode == -signal.SIGKILL
        acknowledged |= set(_told(lines, "done"))
        told = counts(database, run)
        assert (told.files, told.failed) == (1500, 0)
        assert told.leased <= 3  # the group in its hands
        with database.write() as connection:
            assert ledger.workers(connection, run) in (["dead"], [])
            ledger.renew(connection, run, "dead", 0)
    rest: list[str] = []
    while mine := done(database, run, 500):
        rest += mine
    assert len(acknowledged) >= 5 * 3
    assert not acknowledged & set(rest)
    assert counts(database, run).done == 1500
    with database.read() as connection:
        assert len(ledger_report.results(connection, run, limit=2000)) == 1500


def test_who_finds_files_and_who_works_never_wait_for_one_another_for_ever(database: Database) -> None:
    run = start(database)
    found = [file(number) for number in range(400)]
    add(database, run, found)

    def find() -> None:
        for _ in range(4):
            add(database, start(database), found)

    def work(number: int) -> int:
        name, ended = f"w{number}", 0
        while ended < 100:
            claimed = list(claim(database, run, 20, name))
            with database.write() as connection:
                ledger.renew(connection, run, name, 60)
            ended += len(finish(database, run, [good(sha256) for sha256 in claimed[::-1]], name))
        return ended

    with ThreadPoolExecutor(3) as pool:
        finder = pool.submit(find)
        workers = [pool.submit(work, number) for number in range(2)]
        assert [each.result() for each in workers] == [100, 100]
        finder.result()
    assert counts(database, run).done == 200


def test_two_that_find_the_same_files_in_another_order(database: Database) -> None:
    found = [file(number) for number in range(1500)]
    one, two = start(database), start(database)
    together = threading.Barrier(2)

    def find(run: Run, files: list[Found]) -> None:
        together.wait()
        add(database, run, files)

    with ThreadPoolExecutor(2) as pool:
        for each in [pool.submit(find, one, found), pool.submit(find, two, found[::-1])]:
            each.result()
    assert counts(database, one) == counts(database, two)
    assert counts(database, one).waiting == 1500


def test_a_file_that_changes_while_its_content_is_claimed(postgres_url: str) -> None:
    database = Database(postgres_url)  # SQLite lets nobody write in between
    database.migrate()
    run = start(database)
    add(database, run, [file(1, "a.pdf")])
    changed: list[str] = []

    def change(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("UPDATE batch_work") and not changed:
            changed.append(statement)
            add(database, run, [file(2, "a.pdf")])

    event.listen(Engine, "before_cursor_execute", change)
    try:
        assert claim(database, run) == {sha(1): 1}
    finally:
        event.remove(Engine, "before_cursor_execute", change)
    assert changed
    assert claim(database, run) == {sha(2): 1}
    database.close()


def test_a_late_failure_does_not_undo_what_another_has_done(database: Database) -> None:
    run = start(database)
    add(database, run, [file(1)])
    claim(database, run, worker="slow", seconds=-1)
    claim(database, run, worker="quick")
    with ThreadPoolExecutor(2) as pool:
        quick = pool.submit(finish, database, run, [good(sha(1))], "quick")
        slow = pool.submit(finish, database, run, [bad(sha(1))], "slow")
        assert (quick.result(), slow.result()) == ({sha(1)}, set())
    assert counts(database, run).done == 1
