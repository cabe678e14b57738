"""``extractor align``: the same indicator over years and places, from all that a folder holds."""

from __future__ import annotations

import argparse
import sys
from itertools import chain
from pathlib import Path


def run(options: argparse.Namespace) -> int:
    """Reviewed documents of the workspace go before what a batch made of the same file."""
    from extractor.archive.align import align_archive
    from extractor.archive.analysts import FOLDER, write_tables
    from extractor.archive.gather import gathered
    from extractor.cli.workspace_folder import opened

    folder = Path(options.data)
    with opened(folder, options.database) as workspace:
        reviewed = list(workspace.extractions())
        ours = {each.document.sha256 for each in reviewed}
        others = (each for each in gathered(workspace.database, folder) if each.document.sha256 not in ours)
        aligned = align_archive(workspace.database, chain(reviewed, others))
    tables = Path(options.output) if options.output else folder / FOLDER
    write_tables(aligned, tables)
    several = sum(len(each.members) > 1 for each in aligned.indicators)
    sys.stderr.write(
        f"{aligned.documents} 份文件，{len(aligned.observations)} 个目标，{len(aligned.indicators)} 个指标"
        f"（{several} 个出现多次），{len(aligned.conflicts)} 处矛盾；表格 / documents, targets, indicators, conflicts; tables: "
        f"{tables}\n"
    )
    return 0
