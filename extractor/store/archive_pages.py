"""Pages of the aligned archive: indicators by domain, filtered and ordered; what contradicts; how much there is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, literal, select

from extractor.errors import StoreError
from extractor.store import search
from extractor.store.archive import STATE
from extractor.store.archive_schema import (
    archive_conflicts,
    archive_indicators,
    archive_observations,
    archive_state,
)
from extractor.store.schema import documents
from extractor.store.values import bounded, clean, natural
from extractor.types.archive import Conflict, ConflictKind, Place

_MOST_PLACES = 500
_MOST_PAIRS, _LEAST_PAIRS = 24, 2  # of neighbouring characters, that names alike are looked for by, and have to share


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """``places``, ``documents``: how many. Years are those that targets are to be met in, None where none is known.

    ``conflicts``: how many pairs of its observations contradict each other.
    """

    id: str
    name: str
    domain: str
    unit: str | None
    observations: int
    documents: int
    places: int
    first_year: int | None
    last_year: int | None
    certainty: float
    renamed: bool
    conflicts: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """``words``: all of them in the name or in one of the wordings. ``place``: that it has an observation of, and in
    the years from ``first_year`` to ``last_year``. ``sort``: a column, with ``-`` downwards.
    """

    words: str | None = None
    domain: str | None = None
    place: str | None = None
    first_year: int | None = None
    last_year: int | None = None
    contradicted: bool = False
    sort: str = "-observations"
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Domain:
    """What the archive has of one domain, or, where ``name`` is None, of all."""

    name: str | None
    indicators: int
    conflicts: int
    observations: int
    documents: int
    places: int
    first_year: int | None
    last_year: int | None


_EMPTY = {"observations": 0, "documents": 0, "places": 0, "first_year": None, "last_year": None}
_NOTHING = json.dumps({"whole": _EMPTY, "domains": {}})
_NAMES = tuple(one.name for one in fields(IndicatorRow))
_COLUMNS = tuple(archive_indicators.c[name] for name in _NAMES)
SORTS = frozenset(_NAMES) - {"id", "unit", "renamed"}


def _row(found: Any) -> IndicatorRow:  # noqa: ANN401 - a Row of those columns
    values = dict(zip(_NAMES, found, strict=True))
    return IndicatorRow(**values | {"renamed": bool(values["renamed"])})


def indicator(connection: Connection, indicator_id: str) -> IndicatorRow | None:
    """The indicator, or None."""
    found = connection.execute(select(*_COLUMNS).where(archive_indicators.c.id == indicator_id)).one_or_none()
    return None if found is None else _row(found)


def names(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """Id → name of those that are there. Of at most some hundred."""
    chosen = select(archive_indicators.c.id, archive_indicators.c.name).where(archive_indicators.c.id.in_(ids))
    return {row.id: row.name for row in connection.execute(chosen)}


def find(connection: Connection, wanted: Wanted) -> tuple[list[IndicatorRow], int]:
    """One page of the indicators that fit, and how many fit. Raises StoreError ``invalid`` for an unknown sort."""
    column = wanted.sort.removeprefix("-")
    if column not in SORTS:
        raise StoreError("invalid", f"不能按此排序：{clean(column)} / Can't sort by: {clean(column)}")
    conditions = _conditions(connection, wanted)
    total = connection.scalar(select(func.count()).select_from(archive_indicators).where(*conditions)) or 0
    by = archive_indicators.c[column]
    order = (by.desc() if wanted.sort.startswith("-") else by.asc()).nulls_last()
    page = select(*_COLUMNS).where(*conditions).order_by(order, archive_indicators.c.name, archive_indicators.c.id)
    rows = connection.execute(page.limit(natural(wanted.limit)).offset(natural(wanted.offset)))
    return [_row(row) for row in rows], total


def alike(connection: Connection, to: IndicatorRow, limit: int) -> list[IndicatorRow]:
    """Other indicators that have pairs of neighbouring characters of its name in theirs, those with the most first."""
    folded = search.fold(to.name)
    pairs = sorted({folded[at : at + 2] for at in range(len(folded) - 1)})[:_MOST_PAIRS]
    held = archive_indicators.c
    shared = sum((case((search.contains(connection, held.folded, pair), 1), else_=0) for pair in pairs), literal(0))
    of_its_unit = case((held.unit == to.unit, 1), else_=0)
    order = (shared.desc(), of_its_unit.desc(), held.observations.desc(), held.id)
    chosen = select(*_COLUMNS).where(held.id != to.id, shared >= _LEAST_PAIRS).order_by(*order)
    return [_row(row) for row in connection.execute(chosen.limit(natural(limit)))]


def _conditions(connection: Connection, wanted: Wanted) -> list[ColumnElement[bool]]:
    held, seen = archive_indicators.c, archive_observations.c
    conditions = [search.contains(connection, held.folded, term) for term in search.terms(wanted.words or "")]
    if wanted.domain is not None:
        conditions.append(held.domain == wanted.domain)
    if wanted.contradicted:
        conditions.append(held.conflicts > 0)
    of_members: list[ColumnElement[bool]] = []
    if wanted.place is not None:
        of_members.append(seen.place == wanted.place)
    if wanted.first_year is not None:
        of_members.append(seen.year >= bounded(wanted.first_year))
    if wanted.last_year is not None:
        of_members.append(seen.year <= bounded(wanted.last_year))
    if of_members:
        conditions.append(held.id.in_(select(seen.indicator_id).where(*of_members)))
    return conditions


def aligned_at(connection: Connection) -> str | None:
    """When the archive was last aligned as a whole; None where there is none."""
    return connection.scalar(select(archive_state.c.at).where(archive_state.c.key == STATE))


def overview(connection: Connection) -> tuple[Domain, list[Domain]]:
    """All together, and domain by domain, the richest first."""
    said = json.loads(connection.scalar(select(archive_state.c.data).where(archive_state.c.key == STATE)) or _NOTHING)
    held = archive_indicators.c
    summed = select(held.domain, func.count(), func.sum(held.conflicts)).group_by(held.domain)
    counted = {name: (count, int(conflicts)) for name, count, conflicts in connection.execute(summed)}
    domains = [
        Domain(name, *counted.get(name, (0, 0)), **said["domains"].get(name, _EMPTY))
        for name in said["domains"] | counted
    ]
    totals = [sum(column) for column in zip(*counted.values(), strict=True)] or [0, 0]
    whole = Domain(None, totals[0], totals[1], **said["whole"])
    return whole, sorted(domains, key=lambda one: (-one.observations, str(one.name)))


def places(connection: Connection, limit: int = _MOST_PLACES) -> list[tuple[str, int]]:
    """Names with the number of their observations, the commonest first."""
    name = archive_observations.c.place
    count = func.count()
    chosen = select(name, count).where(name.is_not(None)).group_by(name).order_by(count.desc(), name).limit(limit)
    return [(str(place), number) for place, number in connection.execute(chosen)]


def conflicts(
    connection: Connection,
    *,
    indicator_id: str | None = None,
    domain: str | None = None,
    kind: ConflictKind | None = None,
    offset: int = 0,
    limit: int = 50,
) -> tuple[list[Conflict], int]:
    """One page of them, indicator by indicator, and how many there are."""
    held, of = archive_conflicts.c, archive_indicators.c
    joined = archive_conflicts.join(archive_indicators, of.id == held.indicator_id)
    conditions: list[ColumnElement[bool]] = [
        column == value
        for column, value in ((held.indicator_id, indicator_id), (of.domain, domain), (held.kind, kind))
        if value is not None
    ]
    total = connection.scalar(select(func.count()).select_from(joined).where(*conditions)) or 0
    order = (of.domain, of.name, of.id, held.kind, held.first, held.second)
    page = select(*held).select_from(joined).where(*conditions).order_by(*order)
    rows = connection.execute(page.limit(natural(limit)).offset(natural(offset)))
    return [_conflict(row) for row in rows], total


def _conflict(row: Any) -> Conflict:  # noqa: ANN401 - a Row of all columns
    said = json.loads(row.data)
    return Conflict(row.kind, row.indicator_id, said["year"], row.first, row.second, said["gap"])


def in_workspace(connection: Connection, sha256s: Sequence[str]) -> dict[str, str]:
    """SHA-256 → the id of the workspace's document of those bytes, where it has one."""
    found: dict[str, str] = {}
    for first in range(0, len(sha256s), 500):
        chosen = select(documents.c.sha256, documents.c.id).where(documents.c.sha256.in_(sha256s[first : first + 500]))
        found |= {row.sha256: row.id for row in connection.execute(chosen)}
    return found


def placed(connection: Connection) -> list[tuple[str, Place]]:
    """Every document of the archive with each of the places that it binds."""
    seen = archive_observations.c
    chosen = select(seen.document, seen.place, seen.place_level, seen.parent).where(seen.place.is_not(None)).distinct()
    return [(row.document, Place(row.place, row.place_level, row.parent)) for row in connection.execute(chosen)]
