"""An indicator over the years: for each place the targets that it set, in one unit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractor.archive.parents import RANK, with_parents
from extractor.archive.quantities import quantity, same_measure
from extractor.types.archive import Indicator, Observation, Place

_SCALE = {1: "", 10: "十", 100: "百", 1000: "千", 10**4: "万", 10**5: "十万", 10**6: "百万", 10**8: "亿"}
_LARGER = {"667平方米": "亩", "10000平方米": "公顷", "1000000平方米": "平方公里", "1000公斤": "吨", "1000米": "公里"}


@dataclass(frozen=True, slots=True)
class Point:
    """A target in the year that it is to be met in, in the base unit. ``upper`` where it is a range."""

    year: int
    value: float
    upper: float | None
    observation: Observation


@dataclass(frozen=True, slots=True)
class Series:
    """What one place asks. ``label``: its name, with what tells it from others where need be; "" where no place is known.

    ``points``: one a year, of the newest document; ``besides``: what else was said for these years.
    """

    label: str
    place: Place | None
    points: tuple[Point, ...]
    besides: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """``series``: higher places first. ``apart``: observations that can't be drawn: without a year or a number, or of a
    quantity that does not compare with most. ``unit``: as most of those drawn print it, with what they are counted by
    (张/千人, 次/季度); ``factor``: how many of the base unit one of it is.
    """

    name: str
    unit: str
    factor: float
    dimension: str
    series: tuple[Series, ...]
    apart: tuple[Observation, ...]


def timeline(indicator: Indicator, observations: Iterable[Observation]) -> Timeline:
    """``observations`` may hold others than the indicator's members."""
    members = set(indicator.members)
    own = [one for one in observations if one.id in members]
    most = _commonest([one for one in own if one.quantity.value is not None])
    drawn: list[Point] = []
    apart: list[Observation] = []
    for one in own:
        value, fits = one.quantity.value, most is not None and same_measure(one, most)
        if one.year is None or value is None or not fits:
            apart.append(one)
        else:
            drawn.append(Point(one.year, value, one.quantity.upper, one))
    unit, factor = _unit([point.observation for point in drawn])
    dimension = most.quantity.dimension if most is not None else ""
    return Timeline(indicator.name, unit, factor, dimension, tuple(_series(drawn)), tuple(apart))


def _commonest(observations: Sequence[Observation]) -> Observation | None:
    """The first whose quantity compares with most."""
    if not observations:
        return None
    counts = Counter((one.quantity.dimension, one.quantity.base) for one in observations)
    return max(observations, key=lambda one: counts[one.quantity.dimension, one.quantity.base])


def _unit(drawn: Sequence[Observation]) -> tuple[str, float]:
    """What most are printed in, and how many of the base unit that is."""
    if not drawn:
        return "", 1.0
    printed = [one for one in drawn if one.unit and one.value and one.quantity.value]
    if not printed:
        of = drawn[0].quantity
        return "/".join(filter(None, (of.unit, of.base.strip("/")))) if of.unit else "", 1.0
    counts = Counter((one.unit, one.per) for one in printed)
    one = max(printed, key=lambda one: counts[one.unit, one.per])
    return _told(one, *(each or 1.0 for each in (one.value, one.quantity.value)))


def _told(one: Observation, value: float, reduced: float) -> tuple[str, float]:
    """The printed unit, and what only the metric tells besides: 每千名老年人拥有床位 50张 is 张/千老年人."""
    unit = "/".join(filter(None, (one.unit, one.per)))
    bare = quantity(value, None, one.unit, one.per, "", one.op, one.raw)
    (thing, _, period), (said, _, rhythm) = one.quantity.base.partition("/"), bare.base.partition("/")
    under = "" if "/" in bare.unit else one.quantity.unit.partition("/")[2]
    besides, every = ("" if said else thing) or under, "" if rhythm else period
    if not besides and not every:
        return unit, reduced / value
    own = (bare.value or value) / value
    if every:
        return "/".join(filter(None, (unit, besides, every))), own
    number = own * value / reduced
    many = _SCALE.get(round(number), f"{number:g}") + besides
    every = _LARGER.get(f"{number:.0f}{besides}", many)
    return "/".join(filter(None, (one.unit, every, one.per))), reduced / value


def _series(points: Sequence[Point]) -> list[Series]:
    by_place: defaultdict[Place | None, list[Point]] = defaultdict(list)
    whole = with_parents(one.observation.place for one in points if one.observation.place is not None)
    for point in points:
        place = point.observation.place
        by_place[place and whole[place]].append(point)
    shared = Counter(place.name for place in by_place if place is not None)
    made = []
    for place, some in by_place.items():
        for bound, few in _split(some).items():
            label = " · ".join(part for part in (_label(place, shared), bound) if part)
            made.append(_of_place(label, place, few))
    return sorted(made, key=lambda one: (_rank(one.place), -len(one.points), one.label))


def _label(place: Place | None, shared: Counter[str]) -> str:
    if place is None:
        return ""
    return f"{place.name}（{place.parent}）" if shared[place.name] > 1 and place.parent else place.name


def _split(points: Sequence[Point]) -> dict[str, list[Point]]:
    """By whom they bind, where one document binds several to figures of their own for one year; else all together."""
    bound: defaultdict[tuple[int, str], set[str]] = defaultdict(set)
    for one in points:
        bound[one.year, one.observation.document].add(one.observation.object or "")
    if all(len(objects) < 2 for objects in bound.values()):
        return {"": list(points)}
    found: defaultdict[str, list[Point]] = defaultdict(list)
    for one in points:
        found[one.observation.object or ""].append(one)
    return dict(found)


def _of_place(label: str, place: Place | None, points: Sequence[Point]) -> Series:
    """Of one year the newest document's, and of that what it says first."""
    by_year: defaultdict[int, list[Point]] = defaultdict(list)
    for point in sorted(points, key=_newest_first):
        by_year[point.year].append(point)
    standing = tuple(by_year[year][0] for year in sorted(by_year))
    besides = tuple(one for year in sorted(by_year) for one in by_year[year][1:])
    return Series(label, place, standing, besides)


def _newest_first(point: Point) -> tuple[int, str, int, str]:
    one = point.observation
    return (-(one.document_year or 0), one.document, one.start, one.id)


def _rank(place: Place | None) -> int:
    return RANK[place.level] if place is not None else len(RANK)
