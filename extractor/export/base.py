"""What all exporters share: their protocol and the layout that a caller may ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from extractor.types.record import ExtractionFile


@dataclass(frozen=True, slots=True)
class Layout:
    """``width``: columns of the terminal. ``rows``: at most so many records a document, None for all.

    Only the terminal table heeds it; a file always holds every record.
    """

    width: int = 120
    rows: int | None = None


class Exporter(Protocol):
    """Documents with their records → the bytes of one file; the same records give the same bytes.

    A workbook is the exception: it holds the time of its making.
    """

    def __call__(self, files: Sequence[ExtractionFile], layout: Layout) -> bytes: ...
