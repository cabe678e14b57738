"""Places: in the text (half-open character offsets) and on a page (points, origin top left)."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """Characters ``start <= i < end`` of ``Document.text``."""

    start: int
    end: int

    def shift(self, by: int) -> Span:
        return Span(self.start + by, self.end + by)

    def contains(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


class BBox(NamedTuple):
    """A rectangle on a page in PDF points, y growing downwards."""

    x0: float
    top: float
    x1: float
    bottom: float

    def union(self, other: BBox) -> BBox:
        return BBox(
            min(self.x0, other.x0),
            min(self.top, other.top),
            max(self.x1, other.x1),
            max(self.bottom, other.bottom),
        )
