"""What the ledger tells of a run: how far it is, what failed, where the results lie."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, literal, select, union_all

from extractor.store.batch_schema import batch_contents as contents
from extractor.store.batch_schema import batch_files as files
from extractor.store.batch_schema import batch_results, batch_runs
from extractor.store.batch_schema import batch_work as work
from extractor.store.database import put
from extractor.store.ledger import EXTRACT
from extractor.store.ledger_runs import Run, first_file, in_view, number_of_files
from extractor.types.batch import Counts, Kept

_STREAMED = {"yield_per": 1000}
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Failure:
    """``attempts`` is 0 for a file that could not even be hashed."""

    path: str
    name: str
    error_class: str
    error: str | None
    attempts: int


@dataclass(frozen=True, slots=True)
class Slow:
    path: str
    ms: int
    pages: int
    records: int


@dataclass(frozen=True, slots=True)
class Result:
    """``path`` and ``name`` are those of the first file that has the content."""

    sha256: str
    path: str
    name: str
    pages: int
    records: int
    kept: Kept


def counts(connection: Connection, run: Run) -> Counts:
    """Of one state, so within ``Database.read``. Without several runs in one database that overlap in time it looks
    at indexes and at no table.
    """
    row = connection.execute(select(batch_runs).where(batch_runs.c.id == run.id)).one_or_none()
    if row is not None and row.files is not None and row.execution == run.execution:
        total, hashed, distinct = row.files, row.hashed, row.contents
    else:
        total, hashed, distinct = number_of_files(connection, run)
    states = _states(connection, *_of(run), work.c.seen >= run.execution)
    # Each of the execution's contents is among these, unless one of another version has queued it so far: where they
    # are as many, there is no other among them.
    queued = row is not None and row.version == run.version and row.since <= run.execution
    if not queued or sum(each.n for each in states) != distinct:
        states = _states(connection, *_of(run), first_file(run, work.c.content).is_not(None))
    n = {state: sum(each.n for each in states if each.state == state) for state in ("done", "failed", "leased")}
    failures = Counter({each.error_class: each.n for each in states if each.state == "failed"})
    failures.update({each.error_class: each.n for each in _unreached(connection, run)})
    return Counts(
        files=total,
        waiting=distinct - sum(n.values()),
        leased=n["leased"],
        done=n["done"],
        failed=n["failed"] + total - hashed,
        duplicates=hashed - distinct,
        pages=sum(each.pages for each in states),
        records=sum(each.records for each in states),
        scanned=row is not None and row.scanned >= run.execution,
        failures=dict(failures),
    )


def _of(run: Run) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return EXTRACT, work.c.version == run.version


def _states(connection: Connection, *where: ColumnElement[bool]) -> list[Row[Any]]:
    state = work.c.state, work.c.error_class
    sums = func.sum(work.c.pages).label("pages"), func.sum(work.c.records).label("records")
    return list(connection.execute(select(*state, func.count().label("n"), *sums).where(*where).group_by(*state)))


def _unreached(connection: Connection, run: Run) -> list[Row[Any]]:
    chosen = select(files.c.error_class, func.count().label("n")).where(*in_view(run), files.c.content.is_(None))
    return list(connection.execute(chosen.group_by(files.c.error_class)))


def failures(connection: Connection, run: Run) -> Iterator[Failure]:
    """In the order in which the files were found; a content that failed by its first file alone."""
    unreached = select(
        files.c.id, files.c.path, files.c.name, files.c.error_class, files.c.error, literal(0).label("attempts")
    ).where(*in_view(run), files.c.content.is_(None))
    failed = (
        select(files.c.id, files.c.path, files.c.name, work.c.error_class, work.c.error, work.c.attempts)
        .join_from(work, files, files.c.id == first_file(run, work.c.content))
        .where(*_of(run), work.c.state == "failed")
    )
    for row in connection.execute(union_all(unreached, failed).order_by("id"), execution_options=_STREAMED):
        yield Failure(row.path, row.name, row.error_class, row.error, row.attempts)


def slowest(connection: Connection, run: Run, n: int) -> list[Slow]:
    """Those that took most time, the slowest first; done or failed."""
    ended = work.c.state.in_(("done", "failed"))
    file = first_file(run, work.c.content)
    top = (
        select(work.c.id, work.c.ms, work.c.pages, work.c.records, file.label("file"))
        .where(*_of(run), ended, file.is_not(None))
        .order_by(work.c.ms.desc(), work.c.id)
        .limit(n)
        .subquery()
    )
    chosen = select(files.c.path, top.c.ms, top.c.pages, top.c.records).join_from(top, files, files.c.id == top.c.file)
    return [Slow(*row) for row in connection.execute(chosen.order_by(top.c.ms.desc(), top.c.id))]


def duplicates(connection: Connection, run: Run) -> Iterator[tuple[str, str]]:
    """Each file whose content an earlier one has, with the path of the first one that has it."""
    first = files.alias("first")
    chosen = (
        select(files.c.path, first.c.path.label("first"))
        .join_from(files, first, first.c.id == first_file(run, files.c.content))
        .where(*in_view(run), files.c.id != first.c.id)
        .order_by(files.c.id)
    )
    for row in connection.execute(chosen, execution_options=_STREAMED):
        yield row.path, row.first


def flags(connection: Connection, run: Run) -> dict[str, int]:
    """Flag → contents that have it, the most frequent first."""
    chosen = select(work.c.flags, func.count()).where(*_of(run), first_file(run, work.c.content).is_not(None))
    found: Counter[str] = Counter()
    for told, n in connection.execute(chosen.where(work.c.flags != "[]").group_by(work.c.flags)):
        found.update(dict.fromkeys(json.loads(told), n))
    return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))


def flagged(connection: Connection, run: Run) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Files with flags, by the first file of a content, in the order in which they were found."""
    chosen = (
        select(files.c.path, work.c.flags)
        .join_from(work, files, files.c.id == first_file(run, work.c.content))
        .where(*_of(run), work.c.flags != "[]")
        .order_by(files.c.id)
    )
    for row in connection.execute(chosen, execution_options=_STREAMED):
        yield row.path, tuple(json.loads(row.flags))


def results(connection: Connection, run: Run, after: str = "", limit: int = 500) -> list[Result]:
    """One page of what is done, in the order of the SHA-256: those beyond ``after``. Empty only at the end."""
    found: list[Result] = []
    while len(found) < limit:
        # In two steps: asked in one, a database without statistics sorts all that is done for each page.
        page = select(contents.c.id, contents.c.sha256).where(contents.c.sha256 > after)
        ids = {row.id: row.sha256 for row in connection.execute(page.order_by(contents.c.sha256).limit(_PAGE))}
        if not ids:
            break
        found += _done_of(connection, run, list(ids))
        after = max(ids.values())
    return found[:limit]


def _done_of(connection: Connection, run: Run, content_ids: list[int]) -> list[Result]:
    chosen = (
        select(
            contents.c.sha256, files.c.path, files.c.name, work.c.pages, work.c.records,
            work.c.shard, work.c.offset, work.c.length,
        )
        .join_from(contents, work, work.c.content == contents.c.id)
        .join(files, files.c.id == first_file(run, contents.c.id))
        .where(contents.c.id.in_(content_ids), *_of(run), work.c.state == "done")
        .order_by(contents.c.sha256)
    )  # fmt: skip
    return [
        Result(row.sha256, row.path, row.name, row.pages, row.records, Kept(row.shard, row.offset, row.length))
        for row in connection.execute(chosen)
    ]


def shard_of(connection: Connection, version: str) -> str | None:
    """Of any one result of the version: empty where results lie in the database, None where there is no result yet."""
    done = work.c.state == "done", EXTRACT, work.c.version == version
    return connection.scalar(select(func.coalesce(work.c.shard, "")).where(*done).limit(1))


def shard_lengths(connection: Connection) -> dict[str, int]:
    """Shard → its length in bytes as far as it is acknowledged, the last line's line feed counted."""
    end = func.max(work.c.offset + work.c.length) + 1
    rows = connection.execute(select(work.c.shard, end).where(work.c.shard != "").group_by(work.c.shard))
    return {shard: int(length) for shard, length in rows if shard is not None}


def keep_results(connection: Connection, version: str, results: Iterable[tuple[str, bytes]]) -> None:
    """Results (UTF-8) in the database itself, by the SHA-256 of a content; the last one given of a content stands."""
    given = dict(results)
    chosen = select(contents.c.sha256, contents.c.id).where(contents.c.sha256.in_(given))
    ids = {row.sha256: row.id for row in connection.execute(chosen)}
    rows = [{"content": ids[sha256], "version": version, "data": data.decode()} for sha256, data in given.items()]
    put(connection, batch_results, rows)


def load_result(connection: Connection, version: str, sha256: str) -> bytes | None:
    """What ``keep_results`` kept; None where it kept nothing."""
    of = and_(contents.c.sha256 == sha256, batch_results.c.version == version)
    data = connection.scalar(select(batch_results.c.data).join_from(batch_results, contents).where(of))
    return None if data is None else data.encode()
