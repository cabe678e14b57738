"""The record contract as JSON Schema, checked in beside this module and held to the models by a test.

``python -m extractor.records.contract`` rewrites the file; with ``--check`` it only compares.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

SCHEMA_FILE = Path(__file__).with_name("schema.json")


def schema_text() -> str:
    """The JSON Schema of the file written for one document, as the models say it now."""
    from extractor.types.record import SCHEMA_VERSION, ExtractionFile

    schema = ExtractionFile.model_json_schema(mode="serialization")
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": f"record contract, version {SCHEMA_VERSION}",
        **schema,
    }
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def main(arguments: list[str]) -> int:
    """Writes the schema, or says with ``--check`` whether the file still agrees with the models."""
    current = schema_text()
    if "--check" not in arguments:
        SCHEMA_FILE.write_text(current, encoding="utf-8")
        return 0
    if SCHEMA_FILE.exists() and SCHEMA_FILE.read_text(encoding="utf-8") == current:
        return 0
    sys.stderr.write("JSON Schema 与模型不一致，请运行 make schema / the schema differs from the models: make schema\n")
    return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
