"""Past plans read together: observations, the indicators that they are of, people's decisions, contradictions."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Empty until records are aligned."""
    _table(
        "archive_observations",
        _text("id"),
        _text("indicator_id", nullable=True),
        _text("document"),
        _text("domain"),
        _text("place", nullable=True),
        _text("place_level", nullable=True),
        _text("parent", nullable=True),
        _integer("year", nullable=True),
        _integer("document_year", nullable=True),
        _text("metric"),
        _text("dimension"),
        _double("value", nullable=True),
        _text("data"),
        sa.PrimaryKeyConstraint("id", name="pk_archive_observations"),
    )
    op.create_index("ix_archive_observations_indicator_id", "archive_observations", ["indicator_id"])
    op.create_index("ix_archive_observations_place_year", "archive_observations", ["place", "year"])
    _table(
        "archive_indicators",
        _text("id"),
        _text("name"),
        _text("domain"),
        _text("unit", nullable=True),
        *(_integer(name) for name in ("observations", "documents", "places")),
        _integer("first_year", nullable=True),
        _integer("last_year", nullable=True),
        _double("certainty"),
        _integer("renamed"),
        _integer("conflicts"),
        _text("folded"),
        sa.PrimaryKeyConstraint("id", name="pk_archive_indicators"),
    )
    op.create_index("ix_archive_indicators_domain", "archive_indicators", ["domain"])
    _table(
        "archive_decisions",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        *(_text(name) for name in ("at", "actor", "kind", "data")),
        sa.PrimaryKeyConstraint("seq", name="pk_archive_decisions"),
    )
    _table(
        "archive_conflicts",
        *(_text(name) for name in ("first", "second", "kind", "indicator_id", "data")),
        sa.PrimaryKeyConstraint("first", "second", name="pk_archive_conflicts"),
    )
    op.create_index("ix_archive_conflicts_indicator_id", "archive_conflicts", ["indicator_id"])
    _table(
        "archive_state",
        _text("key"),
        _text("at"),
        _text("data"),
        sa.PrimaryKeyConstraint("key", name="pk_archive_state"),
    )


def _text(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _integer(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _double(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Double().with_variant(sa.REAL(), "sqlite"), nullable=nullable)


def _table(name: str, *parts: sa.Column[Any] | sa.Constraint) -> None:
    op.create_table(name, *parts, sqlite_strict=True)
