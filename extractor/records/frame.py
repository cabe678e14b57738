"""What is known of one item while its record is made: the words, and every expression found in them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property

from extractor.text.clauses import clauses, nesting, sentences
from extractor.text.view import View
from extractor.types.geometry import Span
from extractor.types.mention import DateMention, Implicit, PointsMention, Quantity


@dataclass(frozen=True)
class Frame:
    """``view`` shows the item's words; mentions count in ``view.text``. ``context`` are words that stand
    before it (headings outermost first, then the sentence before), ``path`` its path's words.
    """

    view: View
    quantities: tuple[Quantity, ...]
    dates: tuple[DateMention, ...]
    implicits: tuple[Implicit, ...]
    points: tuple[PointsMention, ...]
    context: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    year: int | None = None

    @property
    def text(self) -> str:
        return self.view.text

    @cached_property
    def clauses(self) -> list[tuple[int, int]]:
        return clauses(self.text)

    @cached_property
    def nested(self) -> list[tuple[int, int]]:
        return nesting(self.text)

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        return sentences(self.text)

    def clause_at(self, position: int) -> int:
        """Index of the clause that holds ``position`` (the last one that starts before it)."""
        return max(bisect_right(self.clauses, (position, len(self.text) + 1)) - 1, 0)

    def sentence_at(self, position: int) -> tuple[int, int]:
        """The stretch up to 。 around ``position``; ； does not part it."""
        start = max((self.text.rfind(mark, 0, position) for mark in "。!！"), default=-1) + 1
        ends = [at for mark in "。!！" if (at := self.text.find(mark, position)) >= 0]
        return start, min(ends, default=len(self.text))

    def inside(self, position: int) -> str | None:
        """The opening mark of the outermost bracket or quote around ``position``, if any."""
        for start, end in self.nested:
            if start < position < end - 1:
                return self.text[start]
        return None

    def original(self, start: int, end: int) -> Span:
        return self.view.span(start, end)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where the targets left and right of a quantity end and start; numbers that only qualify do not count."""

    frame: Frame
    kept: list[int]

    def before(self, at: int) -> int:
        place = bisect_left(self.kept, at)
        return self.frame.quantities[self.kept[place - 1]].span.end if place else 0

    def same_unit(self, at: int) -> bool:
        """Whether the target before counts in the same unit."""
        place = bisect_left(self.kept, at)
        return place > 0 and self.frame.quantities[self.kept[place - 1]].unit == self.frame.quantities[at].unit

    def after(self, at: int) -> int:
        place = bisect_right(self.kept, at)
        if place == len(self.kept):
            return len(self.frame.text)
        return self.frame.quantities[self.kept[place]].span.start
