"""The ledger of batches: whose turn it is, who is at work on what, and what came of it.

Work is kept by content and version, so that a content met again, under another name or by another run, costs nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Text,
    UpdateBase,
    bindparam,
    func,
    literal,
    literal_column,
    select,
    update,
)

from extractor.store.batch_schema import batch_contents as contents
from extractor.store.batch_schema import batch_files as files
from extractor.store.batch_schema import batch_work as work
from extractor.store.bulk import batches
from extractor.store.database import insert
from extractor.store.ledger_runs import (
    BLANK,
    Run,
    add_files,
    end_run,
    first_file,
    get_run,
    known,
    ledger_id,
    note_progress,
    runs,
    scanned,
    start_run,
)
from extractor.store.values import bounded, dump, now
from extractor.types.batch import Kept, Outcome, Task

__all__ = (
    "ATTEMPTS", "Run", "add_files", "claim", "end_run", "failed_classes", "finish", "get_run", "held", "known",
    "ledger_id", "note_progress", "release", "renew", "reopen", "retry", "runs", "scanned", "start_run", "workers",
)  # fmt: skip

ATTEMPTS = 3  # a content that took its workers down, or failed in a way that may pass, so often counts as failed

# Literals: with a parameter in their place neither database can tell that the partial indexes hold these rows.
EXTRACT = work.c.stage == literal_column("'extract'")
_WAITING = work.c.state == literal_column("'waiting'")
_LEASED = work.c.state == literal_column("'leased'")


def claim(connection: Connection, run: Run, worker: str, lease_seconds: float, limit: int) -> list[Task]:
    """What has waited longest of the execution's files; what was tried before comes after what was not.

    Contents whose worker let its lease lapse wait again, or become ``failed`` (``died``) after ``ATTEMPTS`` times. Rows
    that another claims at the moment are passed over, so an empty list doesn't mean that nothing waits.
    """
    _lapse(connection, run)
    first = first_file(run, work.c.content)
    waiting = (
        select(work.c.id, work.c.content, work.c.attempts, first.label("file"))
        .where(work.c.version == run.version, _WAITING, work.c.seen >= run.execution, first.is_not(None))
        .order_by(work.c.attempts, work.c.id)
        .limit(limit)
        .with_for_update(of=work, skip_locked=True)
    )
    chosen = connection.execute(waiting).all()
    lease = {"worker": worker, "lease_until": _clock(connection, lease_seconds), "attempts": work.c.attempts + 1}
    _set(connection, [row.id for row in chosen], {"state": "leased", **lease})
    # Not by way of the file: a scan may have found another content in it since.
    its_content, its_file = (
        contents.c.id.in_([row.content for row in chosen]),
        files.c.id.in_([row.file for row in chosen]),
    )
    content = {row.id: row for row in connection.execute(select(contents).where(its_content))}
    file = {
        row.id: row for row in connection.execute(select(files.c.id, files.c.location, files.c.name).where(its_file))
    }
    return [
        Task(of.sha256, at.location, at.name, of.size, row.attempts + 1)
        for row in chosen
        for of, at in [(content[row.content], file[row.file])]
    ]


def renew(connection: Connection, run: Run, worker: str, lease_seconds: float) -> None:
    """All that the worker holds. With 0 seconds it lapses, and the attempts count: for a worker known to be dead."""
    ids = [row.id for row in _held(connection, run, worker)]
    _set(connection, ids, {"lease_until": _clock(connection, lease_seconds)})


def workers(connection: Connection, run: Run) -> list[str]:
    """Who holds work of this version."""
    holding = select(work.c.worker).where(work.c.version == run.version, _LEASED).distinct()
    return sorted(name for name in connection.scalars(holding) if name is not None)


def held(connection: Connection, run: Run, worker: str, sha256s: Collection[str]) -> set[str]:
    """Those that are still the worker's, and stay so until this transaction ends."""
    return {row.sha256 for row in _held(connection, run, worker, sha256s)}


def finish(connection: Connection, run: Run, worker: str, ended: Sequence[tuple[Outcome, Kept | None]]) -> set[str]:
    """Notes what came of contents, and gives the SHA-256 of those that were still the worker's; others stay as they are.

    What may succeed another time waits again, behind all else, unless it was tried ``ATTEMPTS`` times.
    Raises ValueError where a good outcome has no place.
    """
    rows = {row.sha256: row for row in _held(connection, run, worker, [outcome.sha256 for outcome, _ in ended])}
    mine = [(rows[outcome.sha256], outcome, kept) for outcome, kept in ended if outcome.sha256 in rows]
    at = now()
    values = [{"row": row.id, **_ended(outcome, kept, row.attempts, at)} for row, outcome, kept in mine]
    names: dict[str, Any] = {name: bindparam(name) for name in ("state", *BLANK)}
    _execute(connection, update(work).where(work.c.id == bindparam("row")).values(names), values)
    parsed = {"stage": "parse", "version": run.parser_version, "state": "done", "attempts": 1, "seen": 0}
    _execute(
        connection,
        insert(connection, work).on_conflict_do_nothing(),
        [
            {"content": row.content, **BLANK, **parsed, "ms": bounded(outcome.parse_ms), "done_at": at}
            for row, outcome, _ in sorted(mine, key=lambda each: int(each[0].content))
            if outcome.parse_ms is not None
        ],
    )
    return set(rows)


def release(connection: Connection, run: Run, worker: str, sha256s: Collection[str] | None = None) -> None:
    """Puts the worker's contents, all where none are named, back in their old place, as if never claimed: an orderly
    stop.
    """
    ids = [row.id for row in _held(connection, run, worker, sha256s)]
    back = {"state": "waiting", "worker": None, "lease_until": None, "attempts": work.c.attempts - 1}
    _set(connection, ids, back)


def retry(connection: Connection, run: Run, classes: Collection[str] | None = None) -> int:
    """How many contents of the run that failed, of all or of these error classes, wait again as if never tried."""
    of_run = first_file(replace(run, execution=0), work.c.content).is_not(None)  # this one may not have seen it yet
    failed = [EXTRACT, work.c.version == run.version, work.c.state == "failed", of_run]
    failed += [] if classes is None else [work.c.error_class.in_(classes)]
    chosen = select(work.c.id).where(*failed).order_by(work.c.content).with_for_update()
    ids = connection.scalars(chosen).all()
    _set(connection, ids, {"state": "waiting", **BLANK, "attempts": 0})
    return len(ids)


def reopen(connection: Connection, shard: str, length: int) -> int:
    """How many contents wait again because their lines lie beyond the first ``length`` bytes of the shard: lost."""
    lost = select(work.c.id).where(work.c.shard == shard, work.c.offset + work.c.length >= length)
    ids = connection.scalars(lost.order_by(work.c.content).with_for_update()).all()
    _set(connection, ids, {"state": "waiting", **BLANK, "attempts": 0})
    return len(ids)


def failed_classes(connection: Connection) -> set[str]:
    """Error classes of what counts as failed, of all versions."""
    return set(connection.scalars(select(work.c.error_class).where(work.c.state == "failed").distinct()))


def _lapse(connection: Connection, run: Run) -> None:
    """Whoever held them is dead or has lost touch."""
    lapsed = (
        select(work.c.id, work.c.attempts)
        .where(work.c.version == run.version, _LEASED, work.c.lease_until < _clock(connection))
        .order_by(work.c.content)
        .with_for_update(skip_locked=True)
    )
    found = connection.execute(lapsed).all()
    died = {"state": "failed", **BLANK, "error_class": "died", "error": _DIED, "done_at": now()}
    for values, ids in (
        (died, [row.id for row in found if row.attempts >= ATTEMPTS]),
        ({"state": "waiting", **BLANK}, [row.id for row in found if row.attempts < ATTEMPTS]),
    ):
        _set(connection, ids, values)


_DIED = "处理多次中断，已停止重试 / Processing broke off several times and is not tried again"


def _held(connection: Connection, run: Run, worker: str, sha256s: Collection[str] | None = None) -> list[Row[Any]]:
    """Locked in the order in which all others lock rows too."""
    theirs = (
        select(work.c.id, work.c.content, work.c.attempts, contents.c.sha256)
        .join(contents)
        .where(EXTRACT, work.c.version == run.version, _LEASED, work.c.worker == worker)
        .order_by(work.c.content)
        .with_for_update(of=work)
    )
    if sha256s is not None:
        theirs = theirs.where(contents.c.sha256.in_(sha256s))
    return list(connection.execute(theirs))


def _ended(outcome: Outcome, kept: Kept | None, attempts: int, at: str) -> dict[str, object]:
    """The columns of a row that is no longer leased."""
    if not outcome.ok and outcome.again and attempts < ATTEMPTS:
        return {"state": "waiting", **BLANK}
    if outcome.ok and kept is None:
        raise ValueError(f"a result without a place: {outcome.sha256}")
    row: dict[str, object] = {
        name: bounded(getattr(outcome, name)) for name in ("pages", "characters", "records", "ms")
    }
    row |= {"format": outcome.format, "flags": dump(list(outcome.flags)), "done_at": at}
    if outcome.ok and kept is not None:
        place = {"shard": kept.shard, "offset": kept.offset, "length": kept.length}
        return {"state": "done", **BLANK, **row, **place}
    return {"state": "failed", **BLANK, **row, "error_class": outcome.error_class, "error": outcome.error}


def _clock(connection: Connection, offset: float = 0.0) -> ColumnElement[str]:
    """As ``now``, but of the database's clock where several machines use it: theirs need not agree."""
    if connection.dialect.name == "sqlite":
        return literal(now(offset))
    at = func.timezone("UTC", func.statement_timestamp() + literal(timedelta(seconds=offset)))
    return func.to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"', type_=Text())


def _set(connection: Connection, ids: Sequence[int], values: Mapping[str, object]) -> None:
    for batch in batches(ids):
        connection.execute(update(work).where(work.c.id.in_(batch)).values(values))


def _execute(connection: Connection, statement: UpdateBase, rows: Iterable[Mapping[str, object]]) -> None:
    for batch in batches(rows):
        connection.execute(statement, batch)
