"""What contradicts within an indicator: a place that asks less than the place above it, and two documents of one place
and one year that ask different things.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations, pairwise
from typing import Literal

from extractor.archive.parents import RANK, Ground, ground
from extractor.archive.quantities import EVERYWHERE, same_measure
from extractor.types.archive import Conflict, ConflictKind, Indicator, Observation, Place
from extractor.types.record import Op

Direction = Literal["up", "down"]
_BOTH: tuple[Direction, ...] = ("up", "down")
_SIDES: dict[Op, Direction] = {"ge": "up", "gt": "up", "le": "down", "lt": "down"}

_MOST = 12  # statements about one place and year that are all compared with each other
# told against the year before; 年均 before anything else (年均浓度) is a mean
_YEARLY = re.compile("同比|上一?年|上年度|去年|(?:年均|每年|逐年)[^，。]{0,4}(?:增|升|提|扩|降|减|压|缩)")
_LIST = re.compile(r"[、，,；;\s]+")


def contradictions(
    indicators: Iterable[Indicator], observations: Iterable[Observation], on: Ground | None = None
) -> list[Conflict]:
    """Indicator by indicator, year by year. A pair is told once; observations without a place, a year or a number
    contradict nothing. ``on``: what the whole archive says of places, where ``observations`` are only some of it.
    """
    every = list(observations)
    on = on or ground((one.document, one.place) for one in every if one.place is not None)
    of = {
        one.id: replace(one, place=on.whole.get(one.place, one.place))
        for one in every
        if one.place is not None and one.quantity.value is not None
    }
    found: list[Conflict] = []
    for indicator in indicators:
        by_year: defaultdict[int, list[Observation]] = defaultdict(list)
        for one in (of[member] for member in indicator.members if member in of):
            if one.year is not None:
                by_year[one.year].append(one)
        for year, some in sorted(by_year.items()):
            pairs: list[tuple[ConflictKind, str, str, float]] = [("laxer", *pair) for pair in _laxer(some, on)]
            pairs += [("differs", *pair) for pair in _differing(some, on)]
            found += (
                Conflict(kind, indicator.id, year, one, other, float(f"{gap:.12g}")) for kind, one, other, gap in pairs
            )
    return found


def _by_place(observations: Iterable[Observation]) -> dict[Place, list[Observation]]:
    found: defaultdict[Place, list[Observation]] = defaultdict(list)
    for one in observations:
        if one.place is not None:
            found[one.place].append(one)
    return found


# --- a lower place below the one above it -------------------------------------------------------------------


def _laxer(observations: Sequence[Observation], on: Ground) -> Iterator[tuple[str, str, float]]:
    """Of each place what falls short of what a document from above sets for this very place; where there is none, of
    the nearest place above that it falls short of.
    """
    own: dict[Place, list[Observation]] = {}
    handed_down: dict[Place, list[Observation]] = {}
    for place, some in _by_place(observations).items():
        of_itself = [one for one in some if on.homes[one.document] >= RANK[place.level]]
        from_above = [one for one in some if on.homes[one.document] < RANK[place.level]]
        own |= {place: _newest(of_itself)} if of_itself else {}
        handed_down |= {place: _newest(from_above)} if from_above else {}
    names = {place.name for place in own}
    for place, ours in own.items():
        if place in handed_down:
            bounds = [handed_down[place]]
        else:
            ours = [one for one in ours if _is_level(one)]
            bounds = [_binding(own.get(superior, ()), place, names) for superior in on.superiors(place)] if ours else []
        worst = next((found for theirs in bounds if (found := _shortfall(ours, theirs)) is not None), None)
        if worst is not None:
            yield worst


def _is_level(one: Observation) -> bool:
    quantity = one.quantity
    dimension = quantity.dimension
    return dimension.split(":")[0] in EVERYWHERE or "/" in dimension or bool(quantity.base.split("/")[0])


def _newest(observations: Sequence[Observation]) -> list[Observation]:
    """What stands: what an older document says is out of date, not in contradiction."""
    last = max(one.document_year or 0 for one in observations)
    return [one for one in observations if (one.document_year or 0) == last]


def _binding(superior: Sequence[Observation], place: Place, names: set[str]) -> list[Observation]:
    """Of what a superior asks: what it asks of this very place, else what it asks of no other."""
    named = [(set(_LIST.split(one.object or "")), one) for one in superior]
    return [one for said, one in named if place.name in said] or [one for said, one in named if not said & names]


def _shortfall(ours: Sequence[Observation], theirs: Sequence[Observation]) -> tuple[str, str, float] | None:
    """The strictest of ours against the laxest of theirs, so that grades within a document contradict nothing."""
    for direction in _BOTH:
        bounds = [(bound, one) for one in theirs if (bound := _demand(one, direction)) is not None]
        if not bounds:
            continue
        least, other = _extreme(bounds, direction, strictest=False)
        met = [(bound, one) for one in ours if (bound := _bound(one, direction)) is not None and _alike(one, other)]
        if met:
            most, one = _extreme(met, direction, strictest=True)
            gap = least - most if direction == "up" else most - least
            if gap > 0 and not math.isclose(least, most, rel_tol=1e-9):
                return one.id, other.id, gap
    return None


def _extreme(
    bounds: Sequence[tuple[float, Observation]], direction: Direction, *, strictest: bool
) -> tuple[float, Observation]:
    greatest = (direction == "up") == strictest
    return (max if greatest else min)(bounds, key=lambda pair: pair[0])


def _demand(one: Observation, direction: Direction) -> float | None:
    """The bound that it sets for others; a fixed or rough figure sets none, for it does not say which side is better."""
    return None if one.op in ("eq", "approx") else _bound(one, direction)


def _bound(one: Observation, direction: Direction) -> float | None:
    """Where what it allows ends on the worse side, if up or down is better."""
    if _SIDES.get(one.op, direction) != direction:
        return None
    return one.quantity.upper if direction == "down" and one.op == "between" else one.quantity.value


def _alike(one: Observation, other: Observation) -> bool:
    same_start = one.baseline is None or other.baseline is None or one.baseline == other.baseline
    return same_start and _by_year(one) == _by_year(other) and same_measure(one, other)


def _by_year(one: Observation) -> bool:
    """同比下降3.9% is no less than 下降19% over a plan."""
    return _YEARLY.search(f"{one.metric}{one.baseline or ''}") is not None


# --- two documents of one place and year --------------------------------------------------------------------


def _differing(observations: Iterable[Observation], on: Ground) -> Iterator[tuple[str, str, float]]:
    """Documents of different levels are left out: what one hands down to another's place, ``_laxer`` looks at."""
    for some in _by_place(observations).values():
        together: defaultdict[tuple[int, int], dict[str, list[Observation]]] = defaultdict(dict)
        for one in some:
            if one.document_year is not None:
                level = on.homes[one.document]
                together[one.document_year, level].setdefault(one.document, []).append(one)
        for documents in together.values():
            for left, right in _pairs(_once(documents.values())):
                if (found := _difference(left, right)) is not None:
                    yield found


def _pairs(statements: Sequence[list[Observation]]) -> Iterable[tuple[list[Observation], list[Observation]]]:
    """Each with each; of many each with that of the next figure only, lest the pairs outgrow the archive."""
    if len(statements) <= _MOST:
        return combinations(statements, 2)
    return pairwise(sorted(statements, key=lambda some: min((one.quantity.value or 0, one.id) for one in some)))


def _once(documents: Iterable[list[Observation]]) -> list[list[Observation]]:
    """One document for all that say the same."""
    said: dict[frozenset[object], list[Observation]] = {}
    for some in documents:
        said.setdefault(frozenset((one.op, one.quantity, one.object) for one in some), some)
    return list(said.values())


def _difference(left: Sequence[Observation], right: Sequence[Observation]) -> tuple[str, str, float] | None:
    """The pair that is nearest, where the two have no figure in common. A document may state several, by grade."""
    subjects = [{each.object for each in some} for some in (left, right)]
    pairs = [
        (one, other) for one in left for other in right if _same_subject(one, other, *subjects) and _alike(one, other)
    ]
    if not pairs or any(_agree(one, other) for one, other in pairs):
        return None
    gap, one, other = min((_gap(one, other), one.id, other.id) for one, other in pairs)
    return one, other, gap


def _same_subject(one: Observation, other: Observation, ours: set[str | None], theirs: set[str | None]) -> bool:
    """What is said of the whole is held against what is said of a part only where the other speaks of one part alone."""
    if one.object == other.object:
        return True
    return (one.object is None and len(theirs) == 1) or (other.object is None and len(ours) == 1)


def _agree(one: Observation, other: Observation) -> bool:
    """Whether both can be meant: the same figure, or bounds of different kinds that leave room."""
    ours, theirs = _SIDES.get(one.op, one.op), _SIDES.get(other.op, other.op)
    if ours == theirs:
        same = _close(one.quantity.value, other.quantity.value)
        return same and _close(one.quantity.upper, other.quantity.upper)
    if "approx" in (ours, theirs):
        return True
    (low, high), (lower, upper) = _range(one), _range(other)
    return max(low, lower) <= min(high, upper) or _close(max(low, lower), min(high, upper))


def _range(one: Observation) -> tuple[float, float]:
    low, high = (_bound(one, direction) for direction in _BOTH)
    return -math.inf if low is None else low, math.inf if high is None else high


def _gap(one: Observation, other: Observation) -> float:
    return abs((one.quantity.value or 0) - (other.quantity.value or 0))


def _close(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-9)
