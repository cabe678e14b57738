"""A workspace opened for one command."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from extractor.errors import ExtractorError

if TYPE_CHECKING:
    from extractor.workspace.service import Workspace


def keep_private() -> None:
    """What this process and its children write is its owner's alone: documents, drafts, what waits to be sent."""
    os.umask(0o077)


class NoWorkspace(ExtractorError):
    """There is none in the folder."""


@contextmanager
def opened(folder: Path, database: str | None, *, make: bool = False) -> Iterator[Workspace]:
    """Without its workers. Raises ``NoWorkspace`` where there is none and ``make`` is false."""
    from extractor.workspace.service import open_workspace

    if not make and database is None and not (folder / "extractor.db").exists():
        raise NoWorkspace(f"{folder} 里没有工作台，请用 --data 指明 / no workspace in {folder}: name it with --data")
    keep_private()
    workspace = open_workspace(folder, database)
    try:
        yield workspace
    finally:
        workspace.database.close()
