"""Runs of batches and their files: what is to be looked at, and what waits in the queue for it."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Row,
    and_,
    case,
    column,
    func,
    literal,
    select,
    text,
    true,
    update,
)

from extractor.store import settings
from extractor.store.batch_schema import batch_contents as contents
from extractor.store.batch_schema import batch_files as files
from extractor.store.batch_schema import batch_runs
from extractor.store.batch_schema import batch_work as work
from extractor.store.bulk import batches, rows_of
from extractor.store.database import insert
from extractor.store.values import clean, clean_or_none, escaped, now
from extractor.types.batch import Found

_ADDERS = 0x6C6564676572  # any fixed number: the advisory lock that those who add files queue for
_MOST = 2**63 - 1

_Line = dict[str, str | int | None]
# What a row holds before it is done. Only "extract" ever waits: "parse" rows are made done.
BLANK: dict[str, object] = {
    "worker": None, "lease_until": None, "error_class": None, "error": None, "format": None, "pages": 0,
    "characters": 0, "records": 0, "ms": 0, "flags": "[]", "shard": None, "offset": 0, "length": 0, "done_at": None,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of a run, as ``start_run`` gives it. The ``id`` is that of all executions with these sources and
    this output; ``execution`` tells one from the next, over all runs. ``progress``: what ``note_progress`` wrote last.

    The files of an execution are those that it, or a later execution of the same run, has seen.
    """

    id: str
    execution: int
    sources: tuple[str, ...]
    out: str
    version: str
    parser_version: str
    started_at: str
    ended_at: str | None = None
    complete: bool = False
    progress: str | None = None


def start_run(
    connection: Connection, *, sources: Sequence[str], out: str, version: str, parser_version: str, at: str
) -> Run:
    """A new execution; the same ``sources`` (resolved by the caller) and ``out`` are the same run again."""
    _queue_up(connection)
    named = json.dumps(list(sources), ensure_ascii=False)
    run_id = _digest(f"{named}\n{out}")[:16]
    execution = (connection.scalar(select(func.max(batch_runs.c.execution))) or 0) + 1
    row = {"id": run_id, "sources": named, "out": out, "execution": execution, "version": version}
    row |= {"parser_version": parser_version, "started_at": at, "ended_at": None, "complete": 0, "progress": None}
    row |= {"files": None, "hashed": None, "contents": None}
    since = case((batch_runs.c.version == version, batch_runs.c.since), else_=execution)
    statement = insert(connection, batch_runs).values(**row, since=execution, scanned=0)
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_={**row, "since": since}))
    return Run(run_id, execution, tuple(sources), out, version, parser_version, at)


def ledger_id(connection: Connection) -> str:
    """What tells this ledger from all others."""
    _queue_up(connection)
    found = settings.get(connection, "ledger")
    if not isinstance(found, str):
        found = uuid.uuid4().hex
        settings.put(connection, "ledger", found)
    return found


def note_progress(connection: Connection, run: Run, progress: str) -> None:
    """For those who look on from elsewhere; of several executions at once the last word counts."""
    connection.execute(update(batch_runs).where(batch_runs.c.id == run.id).values(progress=progress))


def end_run(connection: Connection, run: Run, *, complete: bool) -> None:
    """``complete``: nothing was left to do. Nothing is noted where a later execution has begun."""
    latest = and_(batch_runs.c.id == run.id, batch_runs.c.execution == run.execution)
    connection.execute(update(batch_runs).where(latest).values(ended_at=now(), complete=int(complete)))


def runs(connection: Connection) -> list[Run]:
    """The latest execution of each run, the newest first."""
    rows = connection.execute(select(batch_runs).order_by(batch_runs.c.execution.desc()))
    return [_run(row) for row in rows]


def get_run(connection: Connection, run_id: str) -> Run | None:
    """The latest execution of a run, or None."""
    found = connection.execute(select(batch_runs).where(batch_runs.c.id == run_id)).one_or_none()
    return None if found is None else _run(found)


def _run(row: Row[Any]) -> Run:
    return Run(
        row.id, row.execution, tuple(json.loads(row.sources)), row.out, row.version, row.parser_version,
        row.started_at, row.ended_at, bool(row.complete), row.progress,
    )  # fmt: skip


def _queue_up(connection: Connection) -> None:
    """Two that write the same rows in different order would wait for one another; in SQLite there is one writer."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADDERS})


def known(connection: Connection, run: Run, paths: Iterable[str]) -> dict[str, tuple[int, int, str, str]]:
    """Size, mtime, SHA-256 and location of those of the paths that an earlier scan has hashed."""
    asked = {_key(run, path): path for path in paths}
    chosen = select(files.c.key, files.c.size, files.c.mtime, contents.c.sha256, files.c.location).join(contents)
    return {
        asked[row.key]: (row.size, row.mtime, row.sha256, row.location)
        for keys in batches(asked)
        for row in connection.execute(chosen.where(files.c.key.in_(keys)))
    }


# SQLite would take the ON of a conflict for that of a join, were there no WHERE before it: hence each ``true()``.
def add_files(connection: Connection, run: Run, found: Sequence[Found]) -> None:
    """Notes that the files are there, and puts contents in the queue that this version has not been through. For a
    thousand or so at a time, and once a transaction: it takes locks in an order of its own.
    """
    if not found:
        return
    _queue_up(connection)
    if sizes := {each.sha256: _long(each.size) for each in found if each.sha256 is not None}:
        _enqueue(connection, run, [{"sha256": sha256, "size": size} for sha256, size in sizes.items()])
    rows = {_key(run, each.path): _file(run, each) for each in found}
    lines = [{**row, "line": line} for line, row in enumerate(rows.values())]
    own = [each for each in files.c if each.name not in ("id", "content")]
    given = rows_of(connection, lines, [*own, contents.c.sha256, column("line", Integer())])
    joined = given.outerjoin(contents, contents.c.sha256 == given.c.sha256)
    names = [each.name for each in own]
    its = select(*(given.c[name] for name in names), contents.c.id).select_from(joined).where(true())
    statement = insert(connection, files).from_select([*names, "content"], its.order_by(given.c.line))
    told = {name: statement.excluded[name] for name in (*names, "content")}
    # What a later execution has seen stays: its version has that content in the queue, this one's may be another.
    later = files.c.seen <= statement.excluded.seen
    connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=told, where=later))
    counted = and_(batch_runs.c.id == run.id, batch_runs.c.files.is_not(None))
    connection.execute(update(batch_runs).where(counted).values(files=None))


def _enqueue(connection: Connection, run: Run, hashed: Sequence[_Line]) -> None:
    given = rows_of(connection, hashed, [contents.c.sha256, contents.c.size])
    new = insert(connection, contents).from_select(["sha256", "size"], select(given).where(true()))
    connection.execute(new.on_conflict_do_nothing())
    row = {"stage": "extract", "version": run.version, "seen": run.execution, "state": "waiting", "attempts": 0}
    row |= BLANK
    its = select(contents.c.id, *(literal(value, work.c[name].type) for name, value in row.items()))
    its = its.where(contents.c.sha256.in_(select(given.c.sha256))).order_by(contents.c.id)
    statement = insert(connection, work).from_select(["content", *row], its)
    again = statement.on_conflict_do_update(
        index_elements=["content", "stage", "version"],
        set_={"seen": statement.excluded.seen},
        where=work.c.seen < statement.excluded.seen,
    )
    connection.execute(again)


def _file(run: Run, found: Found) -> _Line:
    lost = found.sha256 is None
    return {
        "key": _key(run, found.path),
        "run": run.id,
        "sha256": found.sha256,
        "seen": run.execution,
        "path": clean(found.path),
        "name": clean(found.name),
        "location": escaped(found.location),
        "size": _long(found.size),
        "mtime": _long(found.mtime),
        "error_class": clean(found.error_class or "internal") if lost else None,
        "error": clean_or_none(found.error) if lost else None,
    }


def _key(run: Run, path: str) -> str:
    return _digest(f"{run.id}\n{path}")[:32]


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


def _long(number: int) -> int:
    """A file may claim any time."""
    return max(-_MOST, min(number, _MOST))


def scanned(connection: Connection, run: Run) -> None:
    """This execution has seen all files that there are."""
    _queue_up(connection)
    its = batch_runs.c.id == run.id
    seen = and_(its, batch_runs.c.scanned < run.execution)
    connection.execute(update(batch_runs).where(seen).values(scanned=run.execution))
    total, hashed, distinct = number_of_files(connection, run)
    told = update(batch_runs).where(its, batch_runs.c.execution == run.execution)
    connection.execute(told.values(files=total, hashed=hashed, contents=distinct))


def number_of_files(connection: Connection, run: Run) -> tuple[int, int, int]:
    """Of the execution: all, those that have a content, and their different contents."""
    content = files.c.content
    counted = select(func.count(), func.count(content), func.count(content.distinct())).where(*in_view(run))
    total, hashed, distinct = connection.execute(counted).one()
    return int(total), int(hashed), int(distinct)


def in_view(run: Run) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """That a file is one of the execution's."""
    return files.c.run == run.id, files.c.seen >= run.execution


def first_file(run: Run, content: ColumnElement[int] | ColumnElement[int | None]) -> ColumnElement[int | None]:
    """The id of the file of the execution that has the content; of several the one that was found first."""
    one = files.alias("one")
    of = and_(one.c.run == run.id, one.c.seen >= run.execution, one.c.content == content)
    return select(func.min(one.c.id)).where(of).scalar_subquery()
