"""A hundred thousand tiny documents, the coordinator killed twice: ``python tests/benchmarks/hundred_thousand.py``.

Prints how long enqueuing took, what a look at the counts costs, the coordinator's memory over time, and whether each
document has its line exactly once. ``--database URL`` takes PostgreSQL for the ledger.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from extractor.store import ledger, ledger_report
from extractor.store.database import Database, sqlite_url
from tests.batch.samples import notice
from tests.benchmarks.common import note, say

KILLS = 2


def make(folder: Path, count: int) -> None:
    for number in range(count):
        place = folder / f"{number // 1000:03d}"
        if number % 1000 == 0:
            place.mkdir(parents=True)
        (place / f"{number:06d}.txt").write_text(f"{notice(number)}（第{number}号）\n", encoding="utf-8")


def resident(pid: int) -> float:
    """MB that the process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def watch(
    process: subprocess.Popen[bytes], database: Database, until: int | None
) -> tuple[list[float], list[float], float]:
    """Memory and milliseconds of a look, each few seconds, until the run ends or ``until`` documents are done; and how
    long it took until all files were in the ledger.
    """
    memory, looks, begun, scanned = [], [], time.perf_counter(), 0.0
    while process.poll() is None:
        time.sleep(2)
        try:
            with database.read() as connection:
                (run,) = ledger.runs(connection)
                start = time.perf_counter()
                counts = ledger_report.counts(connection, run)
                looks.append(1000 * (time.perf_counter() - start))
            memory.append(resident(process.pid))
        except (ValueError, OSError, IndexError):
            continue
        if counts.scanned and not scanned:
            scanned = time.perf_counter() - begun
        if until is not None and counts.done >= until:
            break
    return memory, looks, scanned


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--database")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "in", Path(folder) / "out"
        note("making files …")
        make(source, options.count)
        out.mkdir()
        database = Database(options.database or sqlite_url(out))
        database.migrate()
        command = [sys.executable, "-m", "extractor", "batch", str(source), "--out", str(out), "--quiet", "--no-cache"]
        command += ["--workers", str(options.workers)]
        command += ["--database", options.database] if options.database else []
        begun = time.perf_counter()
        memory: list[float] = []
        looks: list[float] = []
        for kill in range(KILLS + 1):
            process = subprocess.Popen(command)
            until = None if kill == KILLS else options.count * (kill + 1) // (KILLS + 1)
            held, looked, scanned = watch(process, database, until)
            memory, looks = memory + held, looks + looked
            say(f"run {kill + 1}: all files in the ledger after {scanned:.1f} s, memory {max(held):.0f} MB at most")
            if process.poll() is None:
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
        seconds = time.perf_counter() - begun
        lines = [
            json.loads(line)["document"]["sha256"]
            for shard in out.glob("results/*/jsonl/*.jsonl")
            for line in shard.open(encoding="utf-8")
        ]
        twice = sum(count > 1 for count in Counter(lines).values())
        looks.sort()
        say(
            f"{options.count} documents in {seconds:.0f} s with {KILLS} kills: lost {options.count - len(set(lines))}, "
            f"twice {twice}; a look {looks[len(looks) // 2]:.0f} ms in the middle, {looks[int(len(looks) * 0.95)]:.0f} ms "
            f"at the 95th; memory {min(memory):.0f} to {max(memory):.0f} MB"
        )
        return 0 if not twice and len(set(lines)) == options.count else 1


if __name__ == "__main__":
    sys.exit(main())
