"""The contract's own shape: one JSON object for one document."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.errors import OutputError
from extractor.export.base import Layout
from extractor.types.record import ExtractionFile


def render(files: Sequence[ExtractionFile], layout: Layout) -> bytes:
    """UTF-8, indented, a line feed at the end. Raises ``OutputError`` unless there is exactly one document."""
    if len(files) != 1:
        raise OutputError(
            "一个JSON文件只存一份文件的结果，多份请用 -o 文件夹 或 jsonl / one JSON holds one document: "
            "use -o FOLDER or the format jsonl"
        )
    return files[0].model_dump_json(indent=1).encode() + b"\n"
