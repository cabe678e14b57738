"""``extractor restore``: a backup into an empty folder."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from extractor.cli.workspace_folder import keep_private


def run(options: argparse.Namespace) -> int:
    """Every hash is checked before anything is put in place."""
    from extractor.store.backup import restore

    keep_private()
    made = restore(Path(options.file), Path(options.data), options.database)
    sys.stdout.write(f"{options.data}: 恢复了 {made.documents} 份文件 / documents restored ({made.created_at})\n")
    return 0
