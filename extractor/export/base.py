"""What all exporters share: their protocol and the layout that a caller may ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from extractor.types.record import ExtractionFile


@dataclass(frozen=True, slots=True)
class Layout:
    """``width``: columns of the terminal. ``rows``: at most so many records a document, None for all.

    ``cut``: long cells end with …, as on a terminal; else they take the lines they need. Only the table heeds it.
    ``seq``: the last event of the document that the records show; a workbook keeps it for its way back.
    """

    width: int = 120
    rows: int | None = None
    cut: bool = True
    seq: int | None = None


class Exporter(Protocol):
    """Documents with their records → the bytes of one file; the same records give the same bytes.

    A workbook is the exception: it holds the time of its making.
    """

    def __call__(self, files: Sequence[ExtractionFile], layout: Layout) -> bytes: ...
