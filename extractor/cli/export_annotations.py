"""``extractor export-annotations``: what people approved, as gold to train on."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from extractor.cli.arguments import UsageError
from extractor.cli.workspace_folder import keep_private


def run(options: argparse.Namespace) -> int:
    """Writes the folder and says what it holds; 1 where a document's file is damaged (the others are written)."""
    from extractor.workspace.annotations import export_annotations, reading

    if not options.output.strip():
        raise UsageError("-o 后面要有文件夹名 / -o needs the name of a folder")
    keep_private()
    with reading(Path(options.data), options.database) as source:
        made = export_annotations(source, Path(options.output), unfinished=options.all)
    sys.stdout.write(
        f"{options.output.rstrip(os.sep)}{os.sep}: {len(made.documents)} 份文件 / documents, "
        f"{sum(each.records for each in made.documents)} 条记录 / records, "
        f"{sum(each.corrections for each in made.documents)} 次更正 / corrections\n"
    )
    if made.unfinished:
        why = (
            "没有审核过的记录 / none of their records is decided yet"
            if options.all
            else "还没有批准 / not approved yet；--all 写入其中已审核的记录 / --all writes their decided records"
        )
        sys.stderr.write(f"{made.unfinished} 份没有写入 / left out: {why}\n")
    for name, reason in made.failed:
        sys.stderr.write(f"{name}: {reason}\n")
    return 1 if made.failed else 0
