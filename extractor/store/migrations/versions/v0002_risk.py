"""How much of a document may be wrong: what the queue can be ordered by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Empty for documents that are there: it is worked out with the next decision or extraction."""
    op.add_column("documents", sa.Column("risk", sa.Double().with_variant(sa.REAL(), "sqlite"), nullable=True))
