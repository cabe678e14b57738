"""Groups joined by average link: the two that are nearest each other, all such pairs at once, until none is likely."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from extractor.archive.decided import NO_SIDES, Sides, opposed

LIKELY = 0.5  # an average probability from which two groups are one
_SAMPLE = 8  # members of a group that stand for it where two groups are compared as wholes

Chances = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True, slots=True)
class Linked:
    """``group`` of each item, called by its first item; ``certainty`` by item: the least average link that holds the
    group together, 1.0 for one that was joined by no link.
    """

    group: np.ndarray
    certainty: np.ndarray


def link(
    start: np.ndarray,
    i: np.ndarray,
    j: np.ndarray,
    chance: np.ndarray,
    chances: Chances,
    standing: Mapping[int, Sides],
) -> Linked:
    """``start``: the groups to begin with, each called by its first item. ``chance`` of the pairs ``i`` < ``j``; what is
    not among them ``chances`` tells when it is needed, nan where the two can't be compared, which does not count. ``standing``: items that people split from others; groups on
    opposed sides are never joined.

    Average link is reducible: groups that are each other's nearest are joined at once with the same result as one by
    one. Of equals the pair with the first items goes first, so that the order of the input is all that counts.
    """
    state = _State(start, i, j, chance, chances, standing)
    while state.join():
        pass
    return Linked(state.group, state.certainty[state.group])


class _State:
    def __init__(
        self, start: np.ndarray, i: np.ndarray, j: np.ndarray, chance: np.ndarray, chances: Chances,
        standing: Mapping[int, Sides],
    ) -> None:  # fmt: skip
        self.group = start.copy()
        self.certainty = np.ones(len(start))
        self._chances, self._standing = chances, standing
        kept = chance >= LIKELY
        self._size = len(start)
        self._codes = i[kept] * self._size + j[kept]
        self._known = chance[kept]

    def join(self) -> bool:
        """One round; False where nothing is left to join."""
        one, other, mean = self._links()
        near = self._mutual(one, other, mean)
        if not near.any():
            return False
        for a, b, chance in zip(one[near].tolist(), other[near].tolist(), mean[near].tolist(), strict=True):
            self.certainty[a] = min(self.certainty[a], self.certainty[b], chance)
        renamed = np.arange(self._size)
        renamed[other[near]] = one[near]
        self.group = renamed[self.group]
        return True

    def _links(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Pairs of groups, first name first, that are likely one, with their average link."""
        codes, means = self._averaged()
        promising = self._allowed(codes[means >= LIKELY])
        if self._complete(promising):
            codes, means = self._averaged()
        mean = means[np.searchsorted(codes, promising)]
        likely = mean >= LIKELY
        return promising[likely] // self._size, promising[likely] % self._size, mean[likely]

    def _allowed(self, codes: np.ndarray) -> np.ndarray:
        sides: dict[int, Sides] = {}
        for item, stands in self._standing.items():
            group = int(self.group[item])
            sides[group] = sides.get(group, NO_SIDES) | stands
        if not sides:
            return codes
        first, second = (codes // self._size).tolist(), (codes % self._size).tolist()
        kept = [not opposed(sides.get(a, NO_SIDES), sides.get(b, NO_SIDES)) for a, b in zip(first, second, strict=True)]
        allowed: np.ndarray = codes[np.array(kept, dtype=bool)]
        return allowed

    def _averaged(self) -> tuple[np.ndarray, np.ndarray]:
        a, b = self.group[self._codes // self._size], self.group[self._codes % self._size]
        between = a != b
        self._codes, self._known = self._codes[between], self._known[between]
        named = np.minimum(a[between], b[between]) * self._size + np.maximum(a[between], b[between])
        codes, at = np.unique(named, return_inverse=True)
        counted = ~np.isnan(self._known)
        sums = np.bincount(at, weights=np.where(counted, self._known, 0.0), minlength=len(codes))
        counts = np.bincount(at, weights=counted, minlength=len(codes))
        return codes, sums / np.maximum(counts, 1)

    def _complete(self, promising: np.ndarray) -> bool:
        """Asks for what is not known between the groups of each pair; False where all was known."""
        members = self._members()
        wanted = [
            _code(a, b, self._size)
            for code in promising.tolist()
            for a in members[code // self._size]
            for b in members[code % self._size]
        ]
        missing = np.setdiff1d(np.array(wanted, dtype=np.int64), self._codes)
        if not len(missing):
            return False
        found = self._chances(missing // self._size, missing % self._size)
        order = np.argsort(np.concatenate([self._codes, missing]), kind="stable")
        self._codes = np.concatenate([self._codes, missing])[order]
        self._known = np.concatenate([self._known, found])[order]
        return True

    def _members(self) -> dict[int, list[int]]:
        """The first items of each group."""
        made: dict[int, list[int]] = {}
        for item, group in enumerate(self.group.tolist()):
            found = made.setdefault(group, [])
            if len(found) < _SAMPLE:
                found.append(item)
        return made

    def _mutual(self, one: np.ndarray, other: np.ndarray, mean: np.ndarray) -> np.ndarray:
        """Which pairs are each other's nearest."""
        order = np.lexsort((other, one, -np.round(mean, 9)))
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        best = np.full(self._size, len(order))
        np.minimum.at(best, one, rank)
        np.minimum.at(best, other, rank)
        made: np.ndarray = (best[one] == rank) & (best[other] == rank)
        return made


def _code(a: int, b: int, size: int) -> int:
    return min(a, b) * size + max(a, b)
