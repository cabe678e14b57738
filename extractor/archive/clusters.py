"""Observations of many documents put together into indicators; what people decided goes before what the model thinks."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from extractor.archive.blocking import Worded, candidates
from extractor.archive.decided import NO_SIDES, Decided, Sides, in_time
from extractor.archive.features import common, compared_with, named, sides, told_change, worded
from extractor.archive.linking import link
from extractor.archive.matching import Matcher, load
from extractor.types.archive import Decision, Indicator, Observation

Signature = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Observations of one signature that nobody split, by id. ``group``: of people's decisions, "" where there is none."""

    signature: Signature
    members: tuple[Observation, ...]
    group: str
    sides: Sides


def align(
    observations: Sequence[Observation], decisions: Iterable[Decision] = (), matcher: Matcher | None = None
) -> list[Indicator]:
    """The indicators that ``observations`` measure, each of these in exactly one, sorted by id.

    Those of one wording, dimension and base go together; groups of different wordings where on average their pairs
    are likely the same. Different dimensions only meet where a person merged them. The same observations and decisions
    give the same indicators in whatever order they come; decisions count from the earliest to the latest ``at``.
    ``matcher``: the shipped one where none is given.
    """
    by_id = {each.id: each for each in observations}
    said = in_time(decisions)
    decided = Decided(said, by_id)
    pieces = _pieces([by_id[name] for name in sorted(by_id)], decided)
    if not pieces:
        return []
    groups, certainty = _linked(pieces, matcher or load())
    found: dict[int, list[int]] = defaultdict(list)
    for at, group in enumerate(groups.tolist()):
        found[group].append(at)
    made = [_indicator([pieces[at] for at in inside], float(certainty[inside[0]])) for inside in found.values()]
    return sorted(_renamed(made, said), key=lambda each: each.id)


# --- pieces -----------------------------------------------------------------------------------------------


def signature(each: Observation) -> Signature:
    """What observations of one indicator share at the least: dimension, wording, what it is counted by, whether a change
    is told and from when.
    """
    said = worded(each)
    change = told_change(each, said)
    return (
        each.quantity.dimension, said.core, said.of, each.quantity.base.partition("/")[0], change,
        compared_with(each) if change else "",
    )  # fmt: skip


def _pieces(observations: Sequence[Observation], decided: Decided) -> list[_Piece]:
    """By signature; one that people divided is in several pieces, and what they said nothing of is apart from those."""
    alike: dict[Signature, list[Observation]] = defaultdict(list)
    for each in observations:
        alike[signature(each)].append(each)
    named = frozenset(decided.named)
    order = sorted(alike)
    heads = {key: _joined([each.id for each in alike[key] if each.id in named], decided) for key in order}
    made = []
    for key in order:
        whole = decided.of(heads[key][0]) if len(heads[key]) == 1 else ""
        parts: dict[str, list[Observation]] = defaultdict(list)
        for each in alike[key]:
            parts[decided.of(each.id) if each.id in named else whole].append(each)
        made += [
            _Piece(key, tuple(part), group, decided.sides(group) if group else NO_SIDES)
            for group, part in parts.items()
        ]
    return made


def _joined(names: Sequence[str], decided: Decided) -> list[str]:
    """Puts what people named of one signature together as far as they allow; one of each group that is left."""
    heads: list[str] = []
    for name in names:
        if not any(decided.join(head, name) for head in heads):
            heads.append(name)
    return heads


# --- linking ----------------------------------------------------------------------------------------------


def _linked(pieces: Sequence[_Piece], matcher: Matcher) -> tuple[np.ndarray, np.ndarray]:
    """The group of each piece and its certainty."""
    start = np.arange(len(pieces))
    first: dict[str, int] = {}
    alone: dict[Signature, list[int]] = defaultdict(list)
    for at, piece in enumerate(pieces):
        alone[piece.signature].append(at)
        if piece.group:
            start[at] = first.setdefault(piece.group, at)
    all_sides = sides([piece.members for piece in pieces], matcher.tables)

    def chances(i: np.ndarray, j: np.ndarray) -> np.ndarray:
        found = matcher.between(all_sides, i, j)
        same = all_sides.codes["dimension"][i] == all_sides.codes["dimension"][j]
        return np.where(same, found, np.nan)

    i, j = _compared(pieces, alone)
    standing = {at: piece.sides for at, piece in enumerate(pieces) if piece.sides}
    found = link(start, i, j, chances(i, j), chances, standing)
    return found.group, found.certainty


def _compared(pieces: Sequence[_Piece], alone: Mapping[Signature, Sequence[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of pieces: of signatures that have something in common, and those of one signature that was divided."""
    keys = list(alone)
    words = [worded(pieces[alone[key][0]].members[0]) for key in keys]
    one, other = candidates([Worded(said.core, said.words, key[0]) for key, said in zip(keys, words, strict=True)])
    if len(keys) == len(pieces):
        return one, other
    pairs = {
        (a, b)
        for i, j in zip(one.tolist(), other.tolist(), strict=True)
        for a in alone[keys[i]]
        for b in alone[keys[j]]
    }
    pairs |= {(a, b) for found in alone.values() for a in found for b in found if a < b}
    made = np.array(sorted(tuple(sorted(pair)) for pair in pairs), dtype=np.int64).reshape(-1, 2)
    return made[:, 0], made[:, 1]


# --- indicators -------------------------------------------------------------------------------------------


def _indicator(pieces: Sequence[_Piece], certainty: float) -> Indicator:
    members = sorted((each for piece in pieces for each in piece.members), key=lambda each: each.id)
    names = tuple(each.id for each in members)
    digest = hashlib.sha256(names[0].encode()).hexdigest()[:16]
    return Indicator(
        id=digest, name=common(named(each) for each in members), domain=common(each.domain for each in members),
        unit=common(each.quantity.unit for each in members) or None, members=names, certainty=certainty,
    )  # fmt: skip


def _renamed(indicators: Sequence[Indicator], decisions: Iterable[Decision]) -> list[Indicator]:
    """With the names that people gave: each to the indicator that holds most of what it was given to."""
    holder = {name: at for at, each in enumerate(indicators) for name in each.members}
    names: dict[int, str | None] = {}
    for decision in decisions:
        held = [holder[name] for name in decision.members if name in holder]
        if decision.kind == "rename" and held:
            names[min(set(held), key=lambda at: (-held.count(at), indicators[at].id))] = decision.name
    return [
        replace(each, name=name, renamed=True) if (name := names.get(at)) else each
        for at, each in enumerate(indicators)
    ]
