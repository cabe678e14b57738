"""Places of several documents as one: who belongs to whom, and at which level a document was issued."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import get_args

from extractor.archive.places import above, parents_of
from extractor.types.archive import Place, PlaceLevel

RANK: dict[PlaceLevel, int] = {level: rank for rank, level in enumerate(get_args(PlaceLevel))}


@dataclass(frozen=True, slots=True)
class Ground:
    """``whole``: each place with its parent. ``superiors``: who is above one of these, the nearest first. ``homes``:
    document → rank of the level that issued it, 0 the nation.
    """

    whole: Mapping[Place, Place]
    superiors: Callable[[Place], list[Place]]
    homes: Mapping[str, int]


def ground(placed: Iterable[tuple[str, Place]]) -> Ground:
    """From every document of an archive with each of the places that it binds."""
    every = set(placed)
    whole = with_parents(place for _, place in every)
    bound: defaultdict[str, set[Place]] = defaultdict(set)
    for document, place in every:
        bound[document].add(whole[place])
    homes = {document: _home(places) for document, places in bound.items()}
    return Ground(whole, _superiors(set(whole.values())), homes)


def with_parents(places: Iterable[Place]) -> dict[Place, Place]:
    """Each place → itself with the one parent that is told for its name and level; where there are two it stays."""
    known = set(places)
    parents: defaultdict[tuple[str, PlaceLevel], set[str]] = defaultdict(set)
    for one in known:
        if one.parent is not None:
            parents[one.name, one.level].add(one.parent)
    return {one: _with_parent(one, parents[one.name, one.level]) for one in known}


def _with_parent(place: Place, told: set[str]) -> Place:
    return replace(place, parent=next(iter(told))) if place.parent is None and len(told) == 1 else place


def _superiors(places: set[Place]) -> Callable[[Place], list[Place]]:
    parents = parents_of(places)
    nearest_first = sorted(places, key=lambda place: (-RANK[place.level], place.name))

    @cache
    def of(place: Place) -> list[Place]:
        return [one for one in nearest_first if RANK[one.level] < RANK[place.level] and above(one, place, parents)]

    return of


def _home(places: set[Place]) -> int:
    """The highest level that it binds; one above that where it binds several places of it: a province's quota table."""
    ranks = [RANK[place.level] for place in places]
    return max(min(ranks) - (ranks.count(min(ranks)) > 1), 0)
