"""The ledger of batches: their runs and files, what is to be done with each content, and what came of it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Adds empty tables."""
    _table(
        "batch_runs",
        _text("id"),
        _text("sources"),
        _text("out"),
        _integer("execution"),
        _text("version"),
        _integer("since"),
        _text("parser_version"),
        _text("started_at"),
        _text("ended_at", nullable=True),
        _integer("complete"),
        _text("progress", nullable=True),
        _integer("scanned"),
        _integer("files", nullable=True),
        _integer("hashed", nullable=True),
        _integer("contents", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_batch_runs"),
    )
    _table(
        "batch_contents",
        _big("id"),
        _text("sha256"),
        _big("size"),
        sa.PrimaryKeyConstraint("id", name="pk_batch_contents"),
        sa.UniqueConstraint("sha256", name="uq_batch_contents_sha256"),
    )
    _files()
    _work()
    _table(
        "batch_results",
        _big("content"),
        _text("version"),
        _text("data"),
        sa.PrimaryKeyConstraint("content", "version", name="pk_batch_results"),
        sa.ForeignKeyConstraint(["content"], ["batch_contents.id"], name="fk_batch_results_content"),
    )


def _files() -> None:
    _table(
        "batch_files",
        _big("id"),
        _text("key"),
        _text("run"),
        _big("content", nullable=True),
        _integer("seen"),
        _text("path"),
        _text("name"),
        _text("location"),
        _big("size"),
        _big("mtime"),
        _text("error_class", nullable=True),
        _text("error", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_batch_files"),
        sa.ForeignKeyConstraint(["run"], ["batch_runs.id"], name="fk_batch_files_run"),
        sa.ForeignKeyConstraint(["content"], ["batch_contents.id"], name="fk_batch_files_content"),
        sa.UniqueConstraint("key", name="uq_batch_files_key"),
    )
    op.create_index("ix_batch_files_run_content_seen", "batch_files", ["run", "content", "seen"])


def _work() -> None:
    _table(
        "batch_work",
        _big("id"),
        _big("content"),
        _text("stage"),
        _text("version"),
        _integer("seen"),
        _text("state"),
        _integer("attempts"),
        _text("worker", nullable=True),
        _text("lease_until", nullable=True),
        _text("error_class", nullable=True),
        _text("error", nullable=True),
        _text("format", nullable=True),
        _integer("pages"),
        _integer("characters"),
        _integer("records"),
        _integer("ms"),
        _text("flags"),
        _text("shard", nullable=True),
        _big("offset"),
        _big("length"),
        _text("done_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_batch_work"),
        sa.ForeignKeyConstraint(["content"], ["batch_contents.id"], name="fk_batch_work_content"),
        sa.UniqueConstraint("content", "stage", "version", name="uq_batch_work_content"),
    )
    _partial("waiting", "state = 'waiting'", ["version", "attempts", "id", "seen"])
    _partial("leased", "state = 'leased'", ["version", "lease_until"])
    _partial("counts", "stage = 'extract'", ["version", "state", "error_class", "seen", "pages", "records", "stage"])


def _text(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _integer(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _big(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=nullable)


def _table(name: str, *parts: sa.Column[Any] | sa.Constraint) -> None:
    op.create_table(name, *parts, sqlite_strict=True)


def _partial(name: str, where: str, columns: list[str]) -> None:
    clause = sa.text(where)
    op.create_index(f"ix_batch_work_{name}", "batch_work", columns, sqlite_where=clause, postgresql_where=clause)
