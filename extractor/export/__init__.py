"""Records → a file. One line here for each format; a format is imported when it is first asked for."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, cast

from extractor.errors import OutputError

if TYPE_CHECKING:
    from extractor.export.base import Exporter, Layout
    from extractor.types.record import ExtractionFile

__all__ = ["BUILTIN", "SUFFIXES", "render", "suffix_of"]

BUILTIN: dict[str, str] = {
    "table": "extractor.export.table:render",
    "json": "extractor.export.json:render",
    "jsonl": "extractor.export.jsonl:render",
    "csv": "extractor.export.csv:render",
    "xlsx": "extractor.export.xlsx:render",
    "units": "extractor.export.units:render",
}
# The format that a file name's end stands for; units is a workbook too, and has to be asked for by name.
SUFFIXES: dict[str, str] = {".json": "json", ".jsonl": "jsonl", ".csv": "csv", ".xlsx": "xlsx", ".txt": "table"}


def suffix_of(format: str) -> str:
    """The end of the name of a file in one of the formats of ``BUILTIN``: ``.xlsx`` for xlsx and units."""
    return {"table": ".txt", "units": ".xlsx"}.get(format, f".{format}")


def render(format: str, files: Sequence[ExtractionFile], layout: Layout | None = None) -> bytes:
    """The bytes of one file that holds all records of ``files``.

    Raises ``OutputError`` for an unknown format, and for several documents in ``json``, which holds one.
    """
    from extractor.export.base import Layout

    if format not in BUILTIN:
        known = ", ".join(BUILTIN)
        raise OutputError(f"没有 {format} 格式，可用的有 {known} / unknown format {format}; known: {known}")
    module, _, function = BUILTIN[format].partition(":")
    exporter = cast("Exporter", getattr(import_module(module), function))
    return exporter(files, layout or Layout())
