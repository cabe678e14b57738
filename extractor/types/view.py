"""A normalised stretch of text whose every character knows where it stands in the original."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from extractor.types.geometry import Span


@dataclass(frozen=True, slots=True)
class View:
    """``text[i]`` is the normal form of character ``origin[i]`` of the original text."""

    text: str
    origin: range | tuple[int, ...]
    end: int  # where the original stretch ends

    def span(self, start: int, end: int) -> Span:
        """The original characters behind ``text[start:end]``; an empty stretch gives an empty span."""
        if start >= end:
            at = self.origin[start] if start < len(self.origin) else self.end
            return Span(at, at)
        return Span(self.origin[start], self.origin[end - 1] + 1)

    def find(self, original: int) -> int:
        """The first position of the view at or after an original offset."""
        if isinstance(self.origin, range):
            return min(max(original - self.origin.start, 0), len(self.origin))
        return bisect_left(self.origin, original)
