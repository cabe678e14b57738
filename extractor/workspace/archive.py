"""The aligned archive in the workspace: what it says, and what people decide about its indicators."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Lock

from sqlalchemy import Connection

from extractor.archive.contradictions import contradictions
from extractor.archive.parents import Ground, ground
from extractor.archive.timeline import Timeline, timeline
from extractor.errors import StoreError
from extractor.export.observations import lines
from extractor.store import archive, archive_pages, events
from extractor.store.archive import DecisionRow
from extractor.store.archive_pages import Domain, IndicatorRow, Wanted
from extractor.store.database import Database
from extractor.store.values import now
from extractor.types.archive import Conflict, ConflictKind, Decision, Indicator, Observation
from extractor.workspace.errors import DecisionRefused, NotFound

LONGEST_NAME = 200
_TRIES = 3  # where others decide about the same indicators at once
_IN_MEMORY, _PART = 4_000_000, 1 << 18  # bytes of a download that need no file, and that are sent at once


@dataclass(frozen=True, slots=True)
class Overview:
    """``at``: when the archive was aligned; None where there is none. ``places``: names and how many observations."""

    at: str | None
    whole: Domain
    domains: list[Domain]
    places: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Shown:
    """An indicator with all that its page says. ``documents``: SHA-256 → the workspace's document of those bytes."""

    row: IndicatorRow
    observations: list[Observation]
    timeline: Timeline
    conflicts: list[Conflict]
    documents: dict[str, str]
    decisions: list[DecisionRow]


@dataclass(frozen=True, slots=True)
class Part:
    """Some of an indicator's observations and contradictions, and all decisions about it. ``documents`` as ``Shown`` has."""

    row: IndicatorRow
    observations: list[Observation]
    conflicts: list[Conflict]
    documents: dict[str, str]
    decisions: list[DecisionRow]


@dataclass(frozen=True, slots=True)
class Clash:
    conflict: Conflict
    indicator: str  # its name
    first: Observation
    second: Observation


@dataclass(frozen=True, slots=True)
class Decided:
    """``indicator``: where to look on: that of the first observation decided about. ``indicators``: all it has led to."""

    seq: int
    indicator: str
    indicators: list[str]


class Archive:
    """All methods may be called from any thread. Methods with an indicator's id raise ``NotFound``."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ground: tuple[str | None, Ground] | None = None
        self._surveying = Lock()

    # --- what it says -----------------------------------------------------------------------------------

    def overview(self) -> Overview:
        with self._database.read() as connection:
            whole, domains = archive_pages.overview(connection)
            return Overview(archive_pages.aligned_at(connection), whole, domains, archive_pages.places(connection))

    def find(self, wanted: Wanted) -> tuple[list[IndicatorRow], int]:
        """One page, and how many there are. Raises ``StoreError`` for an unknown sort."""
        with self._database.read() as connection:
            return archive_pages.find(connection, wanted)

    def alike(self, row: IndicatorRow, limit: int) -> list[IndicatorRow]:
        """Other indicators that are named like it."""
        with self._database.read() as connection:
            return archive_pages.alike(connection, row, limit)

    def indicator(self, indicator_id: str) -> Shown:
        with self._database.read() as connection:
            row = _existing(connection, indicator_id)
            members = archive.members(connection, indicator_id)
            conflicts, _ = archive_pages.conflicts(connection, indicator_id=indicator_id, limit=row.conflicts)
            documents = archive_pages.in_workspace(connection, sorted({one.document for one in members}))
            ids = {one.id for one in members}
            own = _about(connection, ids)
        whole = Indicator(row.id, row.name, row.domain, row.unit, tuple(ids), row.certainty, row.renamed)
        return Shown(row, members, timeline(whole, members), conflicts, documents, own)

    def part(self, indicator_id: str, offset: int, limit: int) -> Part:
        """What of it a program reads at once; observations by year and place."""
        with self._database.read() as connection:
            row = _existing(connection, indicator_id)
            members = archive.members(connection, indicator_id, offset, limit)
            found, _ = archive_pages.conflicts(connection, indicator_id=indicator_id, offset=offset, limit=limit)
            documents = archive_pages.in_workspace(connection, sorted({one.document for one in members}))
            own = _about(connection, archive.member_ids(connection, indicator_id))
        return Part(row, members, found, documents, own)

    def conflicts(
        self,
        *,
        domain: str | None = None,
        kind: ConflictKind | None = None,
        offset: int = 0,
        limit: int = 50,
    ) -> tuple[list[Clash], int]:
        """One page, and how many there are."""
        with self._database.read() as connection:
            found, total = archive_pages.conflicts(connection, domain=domain, kind=kind, offset=offset, limit=limit)
            named = archive_pages.names(connection, sorted({one.indicator for one in found}))
            both = archive.observations(connection, [id for one in found for id in (one.first, one.second)])
        return [Clash(one, named[one.indicator], both[one.first][0], both[one.second][0]) for one in found], total

    def documents(self, sha256s: Sequence[str]) -> dict[str, str]:
        """SHA-256 → id, of those that the workspace has too."""
        with self._database.read() as connection:
            return archive_pages.in_workspace(connection, sha256s)

    def decisions(self, offset: int = 0, limit: int = 50) -> tuple[list[DecisionRow], int]:
        """Newest first, and how many there are."""
        with self._database.read() as connection:
            rows = archive.decision_rows(connection)
        return rows[::-1][offset : offset + limit], len(rows)

    def csv(self, indicator_id: str | None = None) -> Iterator[bytes]:
        """The observations of one indicator, or all, in parts. The database is not kept while somebody downloads."""
        if indicator_id is not None:
            with self._database.read() as connection:
                _existing(connection, indicator_id)
        return self._csv(indicator_id)

    def _csv(self, indicator_id: str | None) -> Iterator[bytes]:
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
            with self._database.read() as connection:
                for part in lines(_rows(connection, indicator_id)):
                    file.write(part)
            file.seek(0)
            while part := file.read(_PART):
                yield part

    # --- decisions --------------------------------------------------------------------------------------

    def merge(self, indicator_id: str, other_id: str, actor: str) -> Decided:
        """Both measure the same from now on. Raises ``DecisionRefused`` (``same``)."""
        if indicator_id == other_id:
            raise DecisionRefused("same", "请选择另一个指标 / choose another indicator")
        with self._database.read() as connection:
            row, other = _existing(connection, indicator_id), _existing(connection, other_id)
            ours, theirs = _ids(connection, row.id), _ids(connection, other.id)
        decision = Decision("merge", (*ours, *theirs), actor=actor)
        return self._decide(decision, Decision("split", ours, theirs), row.name, {"other": other.name})

    def split(self, indicator_id: str, members: Sequence[str], actor: str) -> Decided:
        """``members`` measure something else than the rest. Raises ``DecisionRefused`` (``not_members``, ``all``)."""
        with self._database.read() as connection:
            row, ids = _existing(connection, indicator_id), _ids(connection, indicator_id)
        wanted = set(members)
        chosen, rest = (tuple(id for id in ids if (id in wanted) is taken) for taken in (True, False))
        if not chosen or len(chosen) != len(wanted):
            said = "所选目标已不在此指标中，请刷新 / what was chosen is not in this indicator any more: reload"
            raise DecisionRefused("not_members", said)
        if not rest:
            raise DecisionRefused("all", "至少要留下一个目标 / at least one target must stay")
        decision = Decision("split", chosen, rest, actor=actor)
        return self._decide(decision, Decision("merge", (*chosen, *rest)), row.name, {"count": len(chosen)})

    def rename(self, indicator_id: str, name: str, actor: str) -> Decided:
        """Raises ``DecisionRefused`` (``bad_name``)."""
        wanted = " ".join(name.split())
        if not wanted or len(wanted) > LONGEST_NAME or not wanted.isprintable():
            said = f"名称为1至{LONGEST_NAME}个字 / a name has 1 to {LONGEST_NAME} characters"
            raise DecisionRefused("bad_name", said)
        with self._database.read() as connection:
            row, ids = _existing(connection, indicator_id), _ids(connection, indicator_id)
        decision = Decision("rename", ids, name=wanted, actor=actor)
        before = row.name if row.renamed else None
        return self._decide(decision, Decision("rename", ids, name=before), row.name, {"name": wanted})

    def undo(self, seq: int, actor: str) -> Decided:
        """Decides the opposite of an earlier decision. Raises ``NotFound``."""
        with self._database.read() as connection:
            row = archive.decision(connection, seq)
        if row is None:
            raise NotFound("not_found", "没有这个判定 / no such decision")
        decision = replace(row.inverse, actor=actor)
        return self._decide(decision, replace(row.decision, actor="", at=""), f"{seq}", {"decision": seq})

    def _decide(self, decision: Decision, inverse: Decision, subject: str, detail: dict[str, str | int]) -> Decided:
        for tried in range(1, _TRIES + 1):
            try:
                return self._apply(decision, inverse, subject, detail)
            except StoreError as error:
                if error.code != "changed" or tried == _TRIES:
                    raise
        raise AssertionError("unreachable")

    def _apply(self, decision: Decision, inverse: Decision, subject: str, detail: dict[str, str | int]) -> Decided:
        """Aligns anew what the decision touches: the indicators that hold its observations, as they are by then."""
        from extractor.archive.clusters import align  # its model is loaded by those who decide, not by every server

        with self._database.read() as connection:
            gone, touched = _touched(connection, (*decision.members, *decision.others))
            before = archive.decisions(connection)
            on = self._survey(connection)
        if not touched:
            raise NotFound("not_found", "这些目标已不在档案中 / these targets are in the archive no more")
        ids = {one.id for one in touched}
        latest = replace(decision, at=max([now(), *(one.at for one in before)]))
        made = align(touched, list(_of_these([*before, latest], ids)))
        conflicts = contradictions(made, touched, on)
        with self._database.write() as connection:
            row = archive.decide(connection, decision, inverse)
            archive.realign(connection, gone, touched, made, conflicts)
            events.audit(connection, decision.actor, f"archive_{decision.kind}", subject, dict(detail))
        of = {member: one.id for one in made for member in one.members}
        first = next(id for id in decision.members if id in ids)
        return Decided(row.seq, of[first], [one.id for one in made])

    def _survey(self, connection: Connection) -> Ground:
        """What all documents say of places; it stays until the archive is aligned anew."""
        at = archive_pages.aligned_at(connection)
        with self._surveying:
            if self._ground is None or self._ground[0] != at:
                self._ground = (at, ground(archive_pages.placed(connection)))
            return self._ground[1]


def _existing(connection: Connection, indicator_id: str) -> IndicatorRow:
    row = archive_pages.indicator(connection, indicator_id)
    if row is None:
        raise NotFound(
            "not_found", "没有这个指标，可能已被合并或拆分 / no such indicator: it may have been merged or split"
        )
    return row


def _about(connection: Connection, ids: set[str]) -> list[DecisionRow]:
    """The decisions about any of these observations, newest first."""
    rows = reversed(archive.decision_rows(connection))
    return [each for each in rows if not ids.isdisjoint((*each.decision.members, *each.decision.others))]


def _ids(connection: Connection, indicator_id: str) -> tuple[str, ...]:
    return tuple(one.id for one in archive.members(connection, indicator_id))


def _touched(connection: Connection, ids: Sequence[str]) -> tuple[list[str], list[Observation]]:
    """The indicators that hold these observations, and all observations of theirs."""
    found = archive.observations(connection, ids)
    gone = sorted({indicator for _, indicator in found.values() if indicator is not None})
    return gone, [one for indicator in gone for one in archive.members(connection, indicator)]


def _of_these(decisions: Iterable[Decision], ids: set[str]) -> Iterator[Decision]:
    """What of the decisions is about these observations. A name goes with the greater part of what it was given to."""
    for one in decisions:
        members, others = (tuple(id for id in side if id in ids) for side in (one.members, one.others))
        enough = {"merge": True, "split": bool(others), "rename": 2 * len(members) >= len(one.members)}
        if members and enough[one.kind]:
            yield replace(one, members=members, others=others)


def _rows(connection: Connection, indicator_id: str | None) -> Iterator[tuple[Observation, str | None, str | None]]:
    if indicator_id is None:
        yield from archive.each_observation(connection)
        return
    name = archive_pages.names(connection, [indicator_id]).get(indicator_id)
    for one in archive.members(connection, indicator_id):
        yield one, indicator_id, name
