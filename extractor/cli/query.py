"""``extractor query``: SQL over the tables of an archive."""

from __future__ import annotations

import argparse
import os
import stat
import sys
from pathlib import Path
from typing import TextIO


def run(options: argparse.Namespace) -> int:
    """Prints the answer, CSV or an object a line. CSV that goes to a file has a byte order mark, for Excel."""
    from extractor.archive.analysts import as_csv, as_json, query

    names, rows = query(Path(options.data), options.sql)
    if options.format == "json":
        for line in as_json(names, rows):
            sys.stdout.write(line + "\n")
    else:
        sys.stdout.write(("\ufeff" if _new_file(sys.stdout) else "") + as_csv(names, rows))
    return 0


def _new_file(stream: TextIO) -> bool:
    """Whether it is a file of UTF-8 that has nothing in it yet; a pipe and a screen are none."""
    try:
        at = os.fstat(stream.fileno())
    except OSError:  # somebody took what is printed
        return False
    return stat.S_ISREG(at.st_mode) and at.st_size == 0 and stream.encoding.lower().replace("-", "") == "utf8"
