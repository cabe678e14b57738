"""The history of the tables, as Alembic migrations that travel in the package and are run by the program itself."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from extractor.errors import StoreError

VERSION_TABLE = "store_version"  # not alembic's own name: the database may be shared with other programs


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Runs the migrations still missing, within the caller's transaction.

    Raises StoreError ``newer`` where the database is at a revision that this program does not know.
    """
    config = _config(connection)
    at = current(connection)
    if at is not None and at not in _known(config):
        message = (
            f"数据库由更新版本的程序写成（{at}），请升级本程序 / "
            f"A newer version of this program has written the database ({at}): upgrade the program"
        )
        raise StoreError("newer", message)
    command.upgrade(config, revision)


def current(connection: Connection) -> str | None:
    """The revision that the database is at; None where it has no tables yet."""
    return MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()


def knows(revision: str) -> bool:
    """Whether this program can bring a database of that revision up to date."""
    return revision in _known(_config(None))


def is_latest(revision: str | None) -> bool:
    """Whether a database of that revision has the tables that this program reads."""
    return revision == ScriptDirectory.from_config(_config(None)).get_current_head()


def _known(config: Config) -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
