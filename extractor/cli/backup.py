"""``extractor backup``: one archive of everything, also while the workspace runs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from extractor.cli.workspace_folder import opened


def run(options: argparse.Namespace) -> int:
    """Writes the archive and says what it holds."""
    from extractor.store.backup import backup

    with opened(Path(options.data), options.database) as workspace:
        made = backup(
            workspace.database,
            workspace.core.blobs,
            Path(options.file),
            parsed=workspace.core.folder / "parsed",
            own=workspace.core.folder,
        )
    sys.stdout.write(f"{options.file}: {made.documents} 份文件 / documents, {made.files} 个成员 / members\n")
    return 0
