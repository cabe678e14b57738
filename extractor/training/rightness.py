"""What of a result is right, seen from each record made: what confidence and choices learn from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from extractor.training.likeness import (
    Fields,
    amount,
    baselines_agree,
    deadline_key,
    likeness,
    metric_right,
    name_key,
    optional_among,
    same,
    target_right,
)
from extractor.training.pairing import Pairing, Place, best_first, pairing
from extractor.training.scoring import FOUND_ALIKE, keys, record_checks

Answer = bool | None  # None: the gold leaves it open, or the figures do not ask
_OWN = ("path", "kind", "points", "tier", "per_occurrence")
_LISTS: tuple[tuple[str, Callable[[Fields], tuple[object, ...]]], ...] = (
    ("deadlines", deadline_key),
    ("responsible", name_key),
)
_OF_TARGET = ("metric", "op", "value", "unit", "per", "due")
_METRIC_LEAST = 0.5  # of two targets of one record that differ in the amount, to be taken for the same


@dataclass(frozen=True, slots=True)
class Judged:
    """One record made. ``gold``: the index of the record it is paired with, None for none.

    ``whole``: every field is right; ``measured``: the baselines too, None for a plain task of the gold.
    ``fields`` by path: ``text``, ``path``, ``kind``, ``points``, ``tier``, ``per_occurrence``; for each target
    ``targets/0`` (all but its date) and ``targets/0/`` with ``metric``, ``op``, ``value`` (its upper end too), ``unit``,
    ``per``, ``due``; ``deadlines/0``; ``responsible/0``. What was left out has no path of its own: ``whole`` tells.
    """

    gold: int | None
    whole: Answer
    measured: Answer
    fields: dict[str, Answer]


def judge(gold: Fields, made: Fields) -> tuple[Judged, ...]:
    """For each record of ``made``, in order; both files in the contract's shape.

    A record with no partner in the gold is wrong in everything but targets that the gold has in another record; with
    an optional partner, everything is open, and so is a task with no partner where the gold lists only some tasks
    (``"tasks": "partial"``).
    """
    pairs = pairing(gold, made)
    partners = _partners(pairs)
    some_tasks = gold.get("tasks") == "partial"
    return tuple(_judged(at, pairs, partners, some_tasks) for at in range(len(pairs.mades)))


def _judged(at: int, pairs: Pairing, partners: dict[Place, Place], some_tasks: bool) -> Judged:
    made, partner = pairs.mades[at], pairs.gold_of.get(at)
    targets: dict[str, Answer] = {}
    for n, target in enumerate(made.get("targets") or ()):
        targets.update(_of_target((at, n), target, pairs, partners))
    if partner is None:
        said: Answer = None if some_tasks and made.get("kind") == "task" else False
        return Judged(None, said, said if made.get("kind") != "task" else None, _all(said, made) | targets)
    gold = pairs.golds[partner]
    if gold.get("optional"):
        return Judged(partner, None, None, _all(None, made) | dict.fromkeys(targets, None))
    checks = record_checks(gold, made)
    found = likeness(gold["text"], made.get("text")) >= FOUND_ALIKE
    whole = found and all(check is not False for check in checks.values())
    measured = whole and baselines_agree(gold, made) if gold["kind"] != "task" else None
    fields: dict[str, Answer] = {"text": found, **{name: checks[name] for name in _OWN}, **targets}
    for name, key in _LISTS:
        wanted = keys(gold, name)
        for n, each in enumerate(made.get(name) or ()):
            fields[f"{name}/{n}"] = None if checks[name] is None else key(each) in wanted
    return Judged(partner, whole, measured, fields)


def _all(said: Answer, made: Fields) -> dict[str, Answer]:
    """One answer for every field but the targets."""
    lists = (f"{name}/{n}" for name, _ in _LISTS for n in range(len(made.get(name) or ())))
    return dict.fromkeys(("text", *_OWN, *lists), said)


def _of_target(at: Place, made: Fields, pairs: Pairing, partners: dict[Place, Place]) -> dict[str, Answer]:
    home, partner = f"targets/{at[1]}", partners.get(at)
    paths = [home, *(f"{home}/{name}" for name in _OF_TARGET)]
    if partner is None:
        return dict.fromkeys(paths, False)
    record = pairs.golds[partner[0]]
    gold = record["targets"][partner[1]]
    if gold.get("optional") or record.get("optional"):
        return dict.fromkeys(paths, None)
    wanted, given = amount(gold), amount(made)
    counted = pairs.targets.get(partner) == at  # those left over are wrong in the amount, or in what is printed
    right = counted and target_right(gold, made, record) and same(record, pairs.mades[at[0]], "tier")
    return {
        home: right,
        f"{home}/metric": metric_right(gold, made.get("metric"), record),
        f"{home}/op": made.get("op") == gold["op"],
        f"{home}/value": given[:2] == wanted[:2],
        f"{home}/unit": given[2] == wanted[2],
        f"{home}/per": same(gold, made, "per"),
        f"{home}/due": None if optional_among(record.get("deadlines")) else same(gold, made, "due"),
    }


def _partners(pairs: Pairing) -> dict[Place, Place]:
    """Made place → gold place: the targets that are paired, and in each pair of records those left over whose metrics
    are alike, so that a wrong value does not make the metric wrong.
    """
    found = {made: gold for gold, made in pairs.targets.items()}
    for gold_at, made_at in pairs.records.items():
        wanted, given = pairs.golds[gold_at].get("targets") or (), pairs.mades[made_at].get("targets") or ()
        golds = [n for n in range(len(wanted)) if (gold_at, n) not in pairs.targets]
        mades = [n for n in range(len(given)) if (made_at, n) not in found]
        if golds and mades:
            left = _by_metric([wanted[n]["metric"] for n in golds], [given[n].get("metric") for n in mades])
            found.update({(made_at, mades[made]): (gold_at, golds[gold]) for gold, made in left.items()})
    return found


def _by_metric(golds: list[str], mades: list[str | None]) -> dict[int, int]:
    every = ((1.0, gold, made) for gold in range(len(golds)) for made in range(len(mades)))
    return best_first(every, lambda gold, made: likeness(golds[gold], mades[made]), _METRIC_LEAST)
