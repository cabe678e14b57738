"""Places of several documents as one: where only some say what a place belongs to, it belongs there in all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from extractor.types.archive import Place, PlaceLevel


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
