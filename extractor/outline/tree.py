"""Which headings are in force: a stack ordered by how the numbers run, not by the form of the marks alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from extractor.text.marks import Mark
from extractor.types.document import Style
from extractor.types.outline import Heading

# The usual order; a document that numbers otherwise overrules it (Order).
_RANK = {
    "annex": 0, "title": 0, "part": 1, "chapter": 2, "section": 3, "article": 4, "cn": 5, "roman": 5, "label": 5,
    "cn_half": 6, "cn_paren": 6, "dotted2": 8, "arabic": 7, "run_in": 8, "dotted3": 9, "arabic_half": 9,
    "arabic_paren": 9, "dotted4": 10, "circle": 10, "letter": 11, "ordinal": 12, "dash": 12, "bullet": 13,
}  # fmt: skip
_FREE = frozenset({"plain", "box"})  # hold whatever comes next; end when an outer count goes on


@dataclass(frozen=True, slots=True)
class Order:
    """How often one kind of mark was seen to hold a list of another kind."""

    votes: Counter[tuple[str, str]]

    def above(self, outer: str, inner: str) -> bool:
        if outer in _FREE:
            return True
        seen, contrary = self.votes[outer, inner], self.votes[inner, outer]
        if seen != contrary:
            return seen > contrary
        return _RANK.get(outer, 7) < _RANK.get(inner, 7)


def learn_order(marks: Iterable[Mark]) -> Order:
    """Reads the order off the numbers: what starts at 1 between a count n and n + 1 stands below that count.

    A count that runs on across an outer heading (一、…6. 二、（一）7.) is numbered through and says nothing.
    """
    votes: Counter[tuple[str, str]] = Counter()
    last: dict[str, tuple[int, int]] = {}  # kind → (time, number)
    begun: dict[str, int] = {}  # kind → when it last started at 1
    for time, mark in enumerate(marks):
        if mark.number is None:
            continue
        before = last.get(mark.kind)
        if before is not None and mark.number == before[1] + 1 and not _crosses(mark.kind, before[0], last):
            for other, start in begun.items():
                if other != mark.kind and start > before[0]:
                    votes[mark.kind, other] += 1
        last[mark.kind] = (time, mark.number)
        if mark.number == 1:
            begun[mark.kind] = time
    return Order(votes)


def _crosses(kind: str, since: int, last: dict[str, tuple[int, int]]) -> bool:
    """Whether an outer count went on (not started) since: the count of ``kind`` then runs through it."""
    rank = _RANK.get(kind, 7)
    return any(_RANK.get(other, 7) < rank and time > since and number > 1 for other, (time, number) in last.items())


@dataclass(slots=True)
class Entry:
    """A heading in force, or a numbered item (``heading`` None) that keeps its place in the count.

    ``fresh``: nothing but headings came since. ``resume``: counts that a box interrupted.
    """

    kind: str
    number: int | None
    heading: Heading | None
    fresh: bool = True
    resume: dict[str, int] = field(default_factory=dict)
    style: Style | None = None


def outranks(one: Style, other: Style) -> bool:
    """Whether a heading that looks like ``one`` stands above one that looks like ``other``."""
    if one.level is not None or other.level is not None:
        return one.level is not None and (other.level is None or one.level < other.level)
    if one.size is not None and other.size is not None and abs(one.size - other.size) > 0.9:
        return one.size > other.size
    return (one.centered, one.bold) > (other.centered, other.bold)


class Stack:
    """Outermost first. ``place`` makes room for a mark, ``push`` puts a heading or item there."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.entries: list[Entry] = []

    def headings(self) -> tuple[Heading, ...]:
        return tuple(entry.heading for entry in self.entries if entry.heading is not None)

    def clear(self) -> None:
        self.entries.clear()

    def touch(self) -> None:
        """Text came: the headings above it now have a body."""
        for entry in self.entries:
            entry.fresh = False

    def push(self, kind: str, number: int | None, heading: Heading | None) -> Heading | None:
        placed = replace(heading, level=len(self.headings()) + 1) if heading is not None else None
        self.entries.append(Entry(kind, number, placed))
        return placed

    def find(self, kind: str, number: int | None) -> int | None:
        """Where the count goes on: the innermost entry of the kind one below, or else one smaller at all."""
        smaller: int | None = None
        for at in range(len(self.entries) - 1, -1, -1):
            entry = self.entries[at]
            if entry.kind == kind:
                if number is None or entry.number is None or number == entry.number + 1:
                    return at
                if smaller is None and number > entry.number:
                    smaller = at
            if number is not None and entry.resume.get(kind) == number - 1:
                return at
            if entry.kind == "box" and smaller is not None:
                return smaller
        return smaller

    def place(self, kind: str, number: int | None) -> None:
        """Ends what a mark of this kind and number ends."""
        at = self.find(kind, number)
        if at is not None:
            del self.entries[at:]
            return
        same = next((at for at in range(len(self.entries) - 1, -1, -1) if self.entries[at].kind == kind), None)
        if same is not None and not self._nests(kind, same):
            del self.entries[same:]
            return
        while self.entries and not self._holds(self.entries[-1], kind, number):
            self.entries.pop()

    def _nests(self, kind: str, same: int) -> bool:
        """Whether a count that starts anew does so inside something opened since."""
        if same == len(self.entries) - 1:
            return False
        return any(entry.kind in _FREE for entry in self.entries[same + 1 :]) or self.order.above(
            self.entries[-1].kind, kind
        )

    def _holds(self, entry: Entry, kind: str, number: int | None) -> bool:
        if entry.kind in _FREE or entry.kind == "preface":
            return entry.kind != "preface"
        if entry.fresh and entry.heading is not None and not entry.heading.run_in and number in (1, None):
            return entry.kind != kind
        return self.order.above(entry.kind, kind)

    def drop(self, kinds: frozenset[str]) -> None:
        """Ends the innermost entries of these kinds."""
        while self.entries and self.entries[-1].kind in kinds:
            self.entries.pop()

    def place_plain(self, following: Mark | None, style: Style | None = None) -> None:
        """Makes room for an unnumbered heading: above the count that goes on, or starts anew, after it.

        Between unnumbered headings the looks tell which stands above the other.
        """
        if following is not None:
            at = next(
                (at for at in range(len(self.entries) - 1, -1, -1) if self.entries[at].kind == following.kind), None
            )
            if at is not None:
                del self.entries[at:]
            else:
                while self.entries and not self._holds(self.entries[-1], following.kind, following.number):
                    self.entries.pop()
        else:
            self.drop_items()
        while self.entries and self.entries[-1].kind in ("plain", "run_in", "preface"):
            above = self.entries[-1].style
            if above is not None and (above.level is not None if style is None else outranks(above, style)):
                break
            self.entries.pop()

    def drop_below_text(self) -> None:
        """Makes room for an unnumbered run-in heading: beside the last, below numbered headings that stand alone."""
        while self.entries:
            entry = self.entries[-1]
            if entry.kind in ("box", "plain", "annex", "title") or (
                entry.heading is not None and not entry.heading.run_in
            ):
                return
            self.entries.pop()

    def drop_items(self) -> None:
        while self.entries and self.entries[-1].heading is None:
            self.entries.pop()

    def open_box(self, number: int | None, heading: Heading) -> Heading | None:
        """A box stands beside run-in headings and items, below the headings that stand alone."""
        resume: dict[str, int] = {}
        cut = next(
            (at for at, entry in enumerate(self.entries)
             if entry.kind == "box" or entry.heading is None or entry.heading.run_in),
            len(self.entries),
        )  # fmt: skip
        for gone in self.entries[cut:]:
            if gone.number is not None and gone.kind != "box":
                resume.setdefault(gone.kind, gone.number)
            resume.update({kind: count for kind, count in gone.resume.items() if kind not in resume})
        del self.entries[cut:]
        placed = self.push("box", number, heading)
        self.entries[-1].resume = resume
        return placed
