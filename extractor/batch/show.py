"""How a run looks on: a bar where there is a terminal, a line now and then where there is none, JSON for machines."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from extractor.batch.watch import Snapshot, Watch
from extractor.types.batch import Outcome, Task

_LINE_EVERY = 10.0  # seconds
_CLASSES = 4  # failure classes that a line names


class Terminal(Watch):
    """A bar on stderr."""

    def __init__(self, stream: TextIO) -> None:
        self._progress = Progress(
            TextColumn("{task.fields[count]}"),
            BarColumn(bar_width=None),
            TextColumn("{task.fields[rate]}"),
            TextColumn("{task.fields[left]}"),
            TextColumn("{task.fields[failed]}", style="red"),
            console=Console(file=stream, highlight=False),
            transient=True,
        )
        self._task: TaskID = self._progress.add_task("", total=None, count="…", rate="", left="", failed="")

    def progress(self, snapshot: Snapshot) -> None:
        self._progress.start()  # not before: what fails until then must not leave a terminal without its cursor
        counts = snapshot.counts
        self._progress.update(
            self._task,
            total=counts.files if counts.scanned else None,
            completed=counts.ended,
            count=_count(snapshot),
            rate=_rate(snapshot),
            left=_left(snapshot),
            failed=_failed(counts.failures),
        )

    def say(self, message: str) -> None:
        self._progress.console.print(message, markup=False, soft_wrap=True)

    def close(self) -> None:
        self._progress.stop()


class Lines(Watch):
    """A line now and then, for logs of a cron job. ``quiet``: only what the user should know of."""

    def __init__(self, stream: TextIO, *, quiet: bool) -> None:
        self._stream, self._quiet, self._next = stream, quiet, time.monotonic() + _LINE_EVERY

    def progress(self, snapshot: Snapshot) -> None:
        now = time.monotonic()
        if self._quiet or now < self._next:
            return
        self._next = now + _LINE_EVERY
        told = (_count(snapshot), _rate(snapshot), _left(snapshot), _failed(snapshot.counts.failures))
        self.say("  ".join(each for each in told if each))

    def say(self, message: str) -> None:
        self._stream.write(message + "\n")
        self._stream.flush()


class JsonLog(Watch):
    """An object a line: ``event`` is ``progress``, ``failed``, ``note`` or ``end``, ``at`` a UTC time."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def progress(self, snapshot: Snapshot) -> None:
        self._write("progress", **as_json(snapshot))

    def outcome(self, task: Task, outcome: Outcome) -> None:
        if not outcome.ok:
            self._write(
                "failed", sha256=task.sha256, name=task.name, attempt=task.attempt, error_class=outcome.error_class,
                error=outcome.error, ms=outcome.ms,
            )  # fmt: skip

    def say(self, message: str) -> None:
        self._write("note", message=message)

    def close(self) -> None:
        self._write("end")

    def _write(self, event: str, **values: Any) -> None:  # noqa: ANN401 - JSON
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self._stream.write(json.dumps({"event": event, "at": at} | values, ensure_ascii=False) + "\n")
        self._stream.flush()


class Several(Watch):
    """All of them."""

    def __init__(self, watches: Sequence[Watch]) -> None:
        self._watches = watches

    def progress(self, snapshot: Snapshot) -> None:
        for each in self._watches:
            each.progress(snapshot)

    def outcome(self, task: Task, outcome: Outcome) -> None:
        for each in self._watches:
            each.outcome(task, outcome)

    def say(self, message: str) -> None:
        for each in self._watches:
            each.say(message)

    def close(self) -> None:
        for each in self._watches:
            each.close()


def as_json(snapshot: Snapshot) -> dict[str, Any]:
    """The snapshot as an object: counts, seconds, rates."""
    counts = snapshot.counts
    return {
        "files": counts.files, "done": counts.done, "failed": counts.failed, "duplicates": counts.duplicates,
        "waiting": counts.waiting, "under_way": counts.leased, "pages": counts.pages, "records": counts.records,
        "scanned": counts.scanned, "failures": counts.failures, "seconds": round(snapshot.seconds, 1),
        "documents_per_second": snapshot.documents_per_second, "pages_per_second": snapshot.pages_per_second,
        "eta_seconds": snapshot.eta, "workers": snapshot.workers,
    }  # fmt: skip


def _count(snapshot: Snapshot) -> str:
    least = "" if snapshot.counts.scanned else "≥"
    return f"{snapshot.counts.ended}/{least}{snapshot.counts.files} 份"


def _rate(snapshot: Snapshot) -> str:
    if snapshot.documents_per_second is None:
        return ""
    pages = f"，{snapshot.pages_per_second:.1f} 页/s" if snapshot.pages_per_second else ""
    return f"{snapshot.documents_per_second:.1f} 份/s{pages}"


def _left(snapshot: Snapshot) -> str:
    return "" if snapshot.eta is None else f"约剩 {duration(snapshot.eta)} / left"


def duration(seconds: float) -> str:
    """``42s``, ``7m05s``, ``3h20m``, ``2d04h``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m{whole % 60:02d}s"
    if whole < 86_400:
        return f"{whole // 3600}h{whole % 3600 // 60:02d}m"
    return f"{whole // 86_400}d{whole % 86_400 // 3600:02d}h"


def _failed(failures: dict[str, int]) -> str:
    if not failures:
        return ""
    most = sorted(failures.items(), key=lambda each: (-each[1], each[0]))
    named = "，".join(f"{name} {count}" for name, count in most[:_CLASSES])
    return f"失败 {sum(failures.values())}（{named}{'…' if len(most) > _CLASSES else ''}）"
