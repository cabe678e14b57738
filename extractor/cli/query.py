"""``extractor query``: SQL over the tables of an archive."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path


def run(options: argparse.Namespace) -> int:
    """Prints the answer, CSV or an object a line."""
    from extractor.archive.analysts import as_csv, query

    names, rows = query(Path(options.data), options.sql)
    if options.format == "json":
        for row in rows:
            line = json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False, default=str)
            sys.stdout.write(line + "\n")
    else:
        sys.stdout.write(as_csv(names, rows))
    return 0
