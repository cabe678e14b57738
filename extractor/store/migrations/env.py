"""What Alembic runs: the migrations on the connection that ``upgrade`` hands over."""

from __future__ import annotations

from alembic import context

from extractor.store.migrations import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,
    transactional_ddl=True,  # SQLite too: the transaction is begun by us, not by the driver
    render_as_batch=True,
)
context.run_migrations()
