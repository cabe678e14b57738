"""The tables of the ledger of batches, beside those of the workspace."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, TypedColumns, UniqueConstraint, text

from extractor.store.columns import BIG, ExactText, SafeText, metadata


class BatchRunColumns(TypedColumns):
    id = Column(SafeText, primary_key=True)
    sources: Column[str] = Column(ExactText, nullable=False)
    out: Column[str] = Column(ExactText, nullable=False)
    # of the latest execution
    execution: Column[int] = Column(Integer, nullable=False)
    version: Column[str] = Column(SafeText, nullable=False)
    since: Column[int] = Column(Integer, nullable=False)  # the first of the executions that all had this version
    parser_version: Column[str] = Column(SafeText, nullable=False)
    started_at: Column[str] = Column(SafeText, nullable=False)
    ended_at: Column[str | None] = Column(SafeText)
    complete: Column[int] = Column(Integer, nullable=False)
    progress: Column[str | None] = Column(SafeText)
    # the latest execution that has seen all files, and how many it saw: with a content, different contents
    scanned: Column[int] = Column(Integer, nullable=False)
    files: Column[int | None] = Column(Integer)
    hashed: Column[int | None] = Column(Integer)
    contents: Column[int | None] = Column(Integer)


batch_runs = Table("batch_runs", metadata, BatchRunColumns, sqlite_strict=True)


class BatchContentColumns(TypedColumns):
    id: Column[int] = Column(BIG, primary_key=True)
    sha256: Column[str] = Column(SafeText, nullable=False, unique=True)
    size: Column[int] = Column(BIG, nullable=False)


batch_contents = Table("batch_contents", metadata, BatchContentColumns, sqlite_strict=True)


def _content() -> ForeignKey:
    return ForeignKey("batch_contents.id")


class BatchFileColumns(TypedColumns):
    id: Column[int] = Column(BIG, primary_key=True)
    # of run and path: a path may be longer than an index takes, and hold what a database can't
    key: Column[str] = Column(SafeText, nullable=False, unique=True)
    run: Column[str] = Column(SafeText, ForeignKey("batch_runs.id"), nullable=False)
    content: Column[int | None] = Column(BIG, _content())
    seen: Column[int] = Column(Integer, nullable=False)
    path: Column[str] = Column(SafeText, nullable=False)
    name: Column[str] = Column(SafeText, nullable=False)
    location: Column[str] = Column(ExactText, nullable=False)
    size: Column[int] = Column(BIG, nullable=False)
    mtime: Column[int] = Column(BIG, nullable=False)
    error_class: Column[str | None] = Column(SafeText)
    error: Column[str | None] = Column(SafeText)


batch_files = Table("batch_files", metadata, BatchFileColumns, sqlite_strict=True)
Index("ix_batch_files_run_content_seen", batch_files.c.run, batch_files.c.content, batch_files.c.seen)


class BatchWorkColumns(TypedColumns):
    id: Column[int] = Column(BIG, primary_key=True)
    content: Column[int] = Column(BIG, _content(), nullable=False)
    stage: Column[str] = Column(SafeText, nullable=False)
    version: Column[str] = Column(SafeText, nullable=False)
    seen: Column[int] = Column(Integer, nullable=False)
    state: Column[str] = Column(SafeText, nullable=False)
    attempts: Column[int] = Column(Integer, nullable=False)
    worker: Column[str | None] = Column(SafeText)
    lease_until: Column[str | None] = Column(SafeText)
    error_class: Column[str | None] = Column(SafeText)
    error: Column[str | None] = Column(SafeText)
    format: Column[str | None] = Column(SafeText)
    pages: Column[int] = Column(Integer, nullable=False)
    characters: Column[int] = Column(Integer, nullable=False)
    records: Column[int] = Column(Integer, nullable=False)
    ms: Column[int] = Column(Integer, nullable=False)
    flags: Column[str] = Column(SafeText, nullable=False)
    shard: Column[str | None] = Column(SafeText)
    offset: Column[int] = Column(BIG, nullable=False)
    length: Column[int] = Column(BIG, nullable=False)
    done_at: Column[str | None] = Column(SafeText)


batch_work = Table(
    "batch_work", metadata, BatchWorkColumns, UniqueConstraint("content", "stage", "version"), sqlite_strict=True
)


def _partial(name: str, where: str, *columns: Column[Any]) -> None:
    Index(f"ix_batch_work_{name}", *columns, sqlite_where=text(where), postgresql_where=text(where))


# The queue and the leases: small, whatever else is done. The last one is all that the counts look at.
_C = batch_work.c
_partial("waiting", "state = 'waiting'", _C.version, _C.attempts, _C.id, _C.seen)
_partial("leased", "state = 'leased'", _C.version, _C.lease_until)
_partial("counts", "stage = 'extract'", _C.version, _C.state, _C.error_class, _C.seen, _C.pages, _C.records, _C.stage)


class BatchResultColumns(TypedColumns):
    content: Column[int] = Column(BIG, _content(), primary_key=True, autoincrement=False)
    version: Column[str] = Column(SafeText, primary_key=True)
    data: Column[str] = Column(SafeText, nullable=False)


batch_results = Table("batch_results", metadata, BatchResultColumns, sqlite_strict=True)
