"""What people decided, as groups of observations that belong together and sides that never meet; the latest word holds."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from extractor.types.archive import Decision

Sides = frozenset[int]  # of splits: n for the one side of the nth, -n for the other
NO_SIDES: Sides = frozenset()


def opposed(one: Sides, other: Sides) -> bool:
    """Whether some split has the two on different sides."""
    return any(-side in other for side in one)


class Decided:
    """``of(id)`` is the group that an observation was put into, called by its first member; ``sides(id)`` where that group
    stands. Ids that no decision names are groups of their own, on no side.
    """

    def __init__(self, decisions: Iterable[Decision], known: Iterable[str]) -> None:
        """Decisions are read from the latest back: an older one holds as far as no later one is against it. ``known``: the
        observations that there are; what is said of others is of no consequence.
        """
        here = frozenset(known)
        self._up: dict[str, str] = {}
        self._sides: dict[str, set[int]] = {}
        for number, decision in enumerate(reversed(in_time(decisions)), 1):
            members = [each for each in decision.members if each in here]
            others = [each for each in decision.others if each in here]
            if decision.kind == "merge":
                for each in members[1:]:
                    self.join(members[0], each)
            elif decision.kind == "split" and members and others:
                self._part(number, members, others)

    @property
    def named(self) -> list[str]:
        """The observations that a merge or a split names, sorted."""
        return sorted(self._up)

    def of(self, name: str) -> str:
        while (above := self._up.get(name, name)) != name:
            name = above
        return name

    def sides(self, name: str) -> Sides:
        return frozenset(self._sides.get(self.of(name), NO_SIDES))

    def join(self, one: str, other: str) -> bool:
        """Puts the groups of both together; False where they must stay apart."""
        first, second = sorted((self.of(one), self.of(other)))
        self._up.setdefault(first, first)
        self._up.setdefault(second, second)
        if first != second and opposed(self.sides(first), self.sides(second)):
            return False
        self._up[second] = first
        if first != second and (moved := self._sides.pop(second, None)):
            self._sides.setdefault(first, set()).update(moved)
        return True

    def _part(self, number: int, members: Iterable[str], others: Iterable[str]) -> None:
        for side, name in chain(((number, each) for each in members), ((-number, each) for each in others)):
            self._up.setdefault(name, name)
            self._sides.setdefault(self.of(name), set()).add(side)


def in_time(decisions: Iterable[Decision]) -> list[Decision]:
    """By when they were taken; those of one moment in the order given."""
    return sorted(decisions, key=lambda each: each.at)
