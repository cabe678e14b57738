"""The aligned archive: observations, the indicators that they are of, what contradicts, and what people decided.

Observations, indicators and conflicts are made anew by every alignment; decisions are only ever added.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from itertools import islice
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, bindparam, delete, func, select, text, update

from extractor.errors import StoreError
from extractor.store import search
from extractor.store.archive_schema import (
    archive_conflicts,
    archive_decisions,
    archive_indicators,
    archive_observations,
    archive_state,
)
from extractor.store.values import dump, natural, now
from extractor.types.archive import Conflict, Decision, DecisionKind, Indicator, Observation, Place, Quantity

STATE = "alignment"  # the key of the one row of its table
_ROWS = 2000  # of one statement
_NAMED = 500  # ids of one statement
_WORDINGS = 50  # of an indicator's members that it can be found by, the commonest
_LOCK = 0x61726368697665  # any fixed number: the advisory lock that those who write the archive queue for
_FIELDS = tuple(one.name for one in fields(Observation))
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """``inverse``: the decision that takes this one back."""

    seq: int
    decision: Decision
    inverse: Decision


# --- an alignment in ----------------------------------------------------------------------------------------


def replace_alignment(
    connection: Connection,
    observations: Iterable[Observation],
    indicators: Sequence[Indicator],
    conflicts: Sequence[Conflict],
    *,
    heeded: int | None = None,
) -> int:
    """Puts a whole alignment in the place of the one before; how many observations it has.

    ``observations`` are taken as they come: few are held at a time. ``heeded``: the ``seq`` of the last decision that it heeds. Raises StoreError ``changed`` where another was made
    since, and ValueError where an indicator has a member that is no observation.
    """
    _lock(connection)
    if heeded is not None and last_decision(connection) != heeded:
        raise StoreError("changed", "对齐期间有人作了新的判定，请重新运行 / somebody decided meanwhile: align again")
    for table in (archive_conflicts, archive_indicators, archive_observations, archive_state):
        connection.execute(delete(table))
    of = {member: one.id for one in indicators for member in one.members}
    domain_of = {one.id: one.domain for one in indicators}
    found = {one.id: _Summary() for one in indicators}
    whole, domains = _Summary(), defaultdict[str, _Summary](_Summary)
    for some in _parts(observations, _ROWS):
        connection.execute(archive_observations.insert(), [_row(one, of.get(one.id)) for one in some])
        for one in some:
            whole.add(one)
            indicator = of.get(one.id, "")
            domains[domain_of.get(indicator, one.domain)].add(one)
            if indicator:
                found[indicator].add(one)
    if missing := len(of) - sum(one.observations for one in found.values()):
        raise ValueError(f"{missing} members of indicators are no observations")
    _put_indicators(connection, indicators, found, conflicts)
    data = {"whole": whole.measured(), "domains": {name: one.measured() for name, one in domains.items()}}
    connection.execute(archive_state.insert().values(key=STATE, at=now(), data=dump(data)))
    return whole.observations


def realign(
    connection: Connection,
    gone: Sequence[str],
    observations: Sequence[Observation],
    indicators: Sequence[Indicator],
    conflicts: Sequence[Conflict],
) -> None:
    """Puts ``indicators`` in the place of those ``gone``; ``observations`` are the members of both.

    Raises StoreError ``changed`` where the members of those gone are others by now.
    """
    _lock(connection)
    held = select(archive_observations.c.id).where(archive_observations.c.indicator_id.in_(gone))
    if set(connection.scalars(held)) != {one.id for one in observations}:
        raise StoreError("changed", "指标已被更改，请刷新后重试 / the indicator has changed: reload and try again")
    connection.execute(delete(archive_conflicts).where(archive_conflicts.c.indicator_id.in_(gone)))
    leaving = delete(archive_indicators).where(archive_indicators.c.id.in_(gone)).returning(archive_indicators.c.domain)
    domains = {*connection.scalars(leaving), *(one.domain for one in indicators)}
    of = {member: one.id for one in indicators for member in one.members}
    found = {one.id: _Summary() for one in indicators}
    for one in observations:
        if (indicator := of.get(one.id)) is not None:
            found[indicator].add(one)
    moved = update(archive_observations).where(archive_observations.c.id == bindparam("of"))
    for some in _parts(observations, _ROWS):
        connection.execute(
            moved.values(indicator_id=bindparam("to")), [{"of": one.id, "to": of.get(one.id)} for one in some]
        )
    _put_indicators(connection, indicators, found, conflicts)
    if len(domains) > 1:
        _measure_again(connection, domains)


def _measure_again(connection: Connection, domains: Iterable[str]) -> None:
    """How much there is of these domains, after indicators have moved from one to another."""
    said = json.loads(connection.execute(select(archive_state.c.data).where(archive_state.c.key == STATE)).scalar_one())
    seen, held = archive_observations.c, archive_indicators.c
    joined = archive_observations.join(archive_indicators, held.id == seen.indicator_id)
    chosen = select(
        func.count().label("observations"), func.count(func.distinct(seen.document)).label("documents"),
        func.count(func.distinct(seen.place)).label("places"), func.min(seen.year).label("first_year"),
        func.max(seen.year).label("last_year"),
    ).select_from(joined)  # fmt: skip
    for domain in domains:
        measured = dict(connection.execute(chosen.where(held.domain == domain)).mappings().one())
        said["domains"][domain] = measured
        if not measured["observations"]:
            del said["domains"][domain]
    connection.execute(update(archive_state).where(archive_state.c.key == STATE).values(data=dump(said)))


def _lock(connection: Connection) -> None:
    """Until the transaction ends nobody else writes to the archive; on SQLite nobody else writes anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _parts(every: Iterable[_T], most: int) -> Iterator[list[_T]]:
    rest = iter(every)
    while part := list(islice(rest, most)):
        yield part


@dataclass(slots=True)
class _Summary:
    observations: int = 0
    documents: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    years: set[int] = field(default_factory=set)
    metrics: Counter[str] = field(default_factory=Counter)

    def measured(self) -> dict[str, int | None]:
        """As the columns of an indicator, and the fields of a ``Domain``, are called."""
        return {
            "observations": self.observations,
            "documents": len(self.documents),
            "places": len(self.places),
            "first_year": min(self.years, default=None),
            "last_year": max(self.years, default=None),
        }

    def add(self, one: Observation) -> None:
        self.observations += 1
        self.documents.add(one.document)
        self.metrics[one.metric] += 1
        if one.place is not None:
            self.places.add(one.place.name)
        if one.year is not None:
            self.years.add(one.year)


def _put_indicators(
    connection: Connection,
    indicators: Sequence[Indicator],
    found: Mapping[str, _Summary],
    conflicts: Sequence[Conflict],
) -> None:
    contradicted = Counter(one.indicator for one in conflicts)
    for some in _parts(indicators, _ROWS):
        rows = [_indicator_row(one, found[one.id], contradicted[one.id]) for one in some]
        connection.execute(archive_indicators.insert(), rows)
    for few in _parts(conflicts, _ROWS):
        connection.execute(archive_conflicts.insert(), [_conflict_row(one) for one in few])


def _row(one: Observation, indicator: str | None) -> dict[str, object]:
    place = one.place
    return {
        "id": one.id,
        "indicator_id": indicator,
        "document": one.document,
        "domain": one.domain,
        "place": place and place.name,
        "place_level": place and place.level,
        "parent": place and place.parent,
        "year": one.year,
        "document_year": one.document_year,
        "metric": one.metric,
        "dimension": one.quantity.dimension,
        "value": None if one.quantity.value is None else float(one.quantity.value),
        "data": _data(one),
    }


def _data(one: Observation) -> str:
    whole = {name: getattr(one, name) for name in _FIELDS}
    whole["place"] = one.place and asdict(one.place)
    whole["quantity"] = asdict(one.quantity)
    return dump(whole)


def _observation(data: str) -> Observation:
    whole = json.loads(data)
    place = whole["place"] and Place(**whole["place"])
    rest = {"place": place, "quantity": Quantity(**whole["quantity"]), "path": tuple(whole["path"])}
    return Observation(**whole | rest)


def _indicator_row(one: Indicator, found: _Summary, conflicts: int) -> dict[str, object]:
    wordings = [words for words, _ in found.metrics.most_common(_WORDINGS) if words != one.name]
    return {
        "id": one.id,
        "name": one.name,
        "domain": one.domain,
        "unit": one.unit,
        "certainty": float(one.certainty),
        "renamed": int(one.renamed),
        "conflicts": conflicts,
        "folded": search.fold("\n".join([one.name, *wordings])),
        **found.measured(),
    }


def _conflict_row(one: Conflict) -> dict[str, object]:
    data = dump({"year": one.year, "gap": one.gap})
    return {"first": one.first, "second": one.second, "kind": one.kind, "indicator_id": one.indicator, "data": data}


# --- observations -------------------------------------------------------------------------------------------


def members(connection: Connection, indicator_id: str, offset: int = 0, limit: int | None = None) -> list[Observation]:
    """The indicator's observations by year, place and document: all, or ``limit`` of them."""
    table = archive_observations
    order = (table.c.year.nulls_last(), table.c.place.nulls_last(), table.c.document_year.nulls_last(), table.c.id)
    chosen = select(table.c.data).where(table.c.indicator_id == indicator_id).order_by(*order)
    if limit is not None:
        chosen = chosen.limit(natural(limit)).offset(natural(offset))
    return [_observation(data) for data in connection.scalars(chosen)]


def member_ids(connection: Connection, indicator_id: str) -> set[str]:
    """The ids of all its observations."""
    table = archive_observations
    return set(connection.scalars(select(table.c.id).where(table.c.indicator_id == indicator_id)))


def observations(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[Observation, str | None]]:
    """Id → the observation and its indicator's id; those that are not there are left out."""
    table = archive_observations
    found: dict[str, tuple[Observation, str | None]] = {}
    for some in _parts(ids, _NAMED):
        chosen = select(table.c.id, table.c.data, table.c.indicator_id).where(table.c.id.in_(some))
        found |= {row.id: (_observation(row.data), row.indicator_id) for row in connection.execute(chosen)}
    return found


def each_observation(connection: Connection) -> Iterator[tuple[Observation, str | None, str | None]]:
    """Every observation with its indicator's id and name, indicator by indicator; few are held at a time."""
    seen, of = archive_observations.c, archive_indicators.c
    joined = archive_observations.outerjoin(archive_indicators, of.id == seen.indicator_id)
    order = (of.domain.nulls_last(), of.name, of.id, seen.year.nulls_last(), seen.place.nulls_last(), seen.id)
    chosen = select(seen.data, seen.indicator_id, of.name).select_from(joined).order_by(*order)
    for row in connection.execute(chosen, execution_options={"yield_per": _ROWS}):
        yield _observation(row.data), row.indicator_id, row.name


# --- decisions ----------------------------------------------------------------------------------------------


def decide(connection: Connection, decision: Decision, inverse: Decision) -> DecisionRow:
    """Adds a decision; its time is now, whatever it says itself, and never before that of the last."""
    _lock(connection)
    latest = connection.scalar(select(func.max(archive_decisions.c.at))) or ""
    made = replace(decision, at=max(now(), latest))
    row = DecisionRow(last_decision(connection) + 1, made, inverse)
    data = {name: value for name, value in asdict(made).items() if name not in ("kind", "actor", "at")}
    data["inverse"] = asdict(inverse)
    values = {"seq": row.seq, "at": made.at, "actor": made.actor, "kind": made.kind, "data": dump(data)}
    connection.execute(archive_decisions.insert().values(values))
    return row


def last_decision(connection: Connection) -> int:
    """``seq`` of the last one, 0 where nobody has decided anything."""
    return connection.scalar(select(func.max(archive_decisions.c.seq))) or 0


def decisions(connection: Connection) -> list[Decision]:
    """All, oldest first: what an alignment has to heed."""
    return [row.decision for row in decision_rows(connection)]


def decision_rows(connection: Connection) -> list[DecisionRow]:
    """As ``decisions``, with the number of each and what takes it back."""
    rows = connection.execute(select(archive_decisions).order_by(archive_decisions.c.seq))
    return [_decision_row(row) for row in rows]


def decision(connection: Connection, seq: int) -> DecisionRow | None:
    """One of them, or None."""
    row = connection.execute(select(archive_decisions).where(archive_decisions.c.seq == seq)).one_or_none()
    return None if row is None else _decision_row(row)


def _decision_row(row: Any) -> DecisionRow:  # noqa: ANN401 - a Row of all columns
    said = json.loads(row.data)
    inverse = said.pop("inverse")
    return DecisionRow(row.seq, _decision(row.kind, said, row.actor, row.at), _decision(inverse["kind"], inverse))


def _decision(kind: str, said: Mapping[str, Any], actor: str = "", at: str = "") -> Decision:
    members, others = tuple(said["members"]), tuple(said["others"])
    return Decision(cast("DecisionKind", kind), members, others, said["name"], actor, at)
