"""What one document asks against another: row by row what was added, dropped, raised, lowered, changed or kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from extractor.types.record import DocumentInfo, IndicatorRecord, Target

Category = Literal["raised", "lowered", "changed", "added", "dropped", "same"]
CATEGORIES: tuple[Category, ...] = ("raised", "lowered", "changed", "added", "dropped", "same")
Aspect = Literal[
    "kind", "value", "unit", "per", "op", "baseline", "due", "scope", "strength", "responsible", "points", "text"
]
Note = Literal["unit_written", "implicit", "years_moved"]


@dataclass(frozen=True, slots=True)
class Side:
    """One document's part of a row: a target of a record, or with ``at`` None a record that has none.

    ``mark``: where the target's ``raw`` stands in ``record.text``; None where it does not.
    """

    record: IndicatorRecord
    at: int | None = None
    mark: tuple[int, int] | None = None

    @property
    def target(self) -> Target | None:
        return None if self.at is None else self.record.targets[self.at]


@dataclass(frozen=True, slots=True)
class Difference:
    """One aspect in the words of either side, None where that side says nothing of it."""

    aspect: Aspect
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """``similarity``, 0 to 1: for two targets the probability that they measure the same, else how alike the words are;
    None where there is one side only.

    ``category`` goes by the number alone. ``stricter``: whether more is demanded than before (a ceiling that was lowered,
    an earlier day); None where that can't be said. ``change``: by how much, in ``unit``; None without a common unit.
    ``notes``: why what is written differently counts as the same.
    """

    category: Category
    old: Side | None
    new: Side | None
    similarity: float | None = None
    change: float | None = None
    unit: str | None = None
    stricter: bool | None = None
    differences: tuple[Difference, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def sides(self) -> tuple[Side, ...]:
        """Those there are, at least one."""
        return tuple(side for side in (self.new, self.old) if side is not None)


@dataclass(frozen=True, slots=True)
class Party:
    """``records`` and ``targets``: how many were compared. ``silent``: what the whole document says nothing of though
    the other does, so that no row is held against it for that.
    """

    info: DocumentInfo
    records: int
    targets: int
    silent: tuple[Aspect, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """``rows`` in the reading order of ``new``; what was dropped stands where it would have come."""

    old: Party
    new: Party
    rows: tuple[Row, ...]

    @property
    def counts(self) -> Mapping[Category, int]:
        found = dict.fromkeys(CATEGORIES, 0)
        for row in self.rows:
            found[row.category] += 1
        return found
