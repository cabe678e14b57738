"""``extractor schema``: the contract's JSON Schema as checked in."""

from __future__ import annotations

import sys

from extractor.records.contract import SCHEMA_FILE


def run(options: object) -> int:
    """Prints the schema; a test holds the file to the models."""
    sys.stdout.write(SCHEMA_FILE.read_text(encoding="utf-8"))
    return 0
