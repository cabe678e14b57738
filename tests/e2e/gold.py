"""What a record of a document should be, by its gold, and which fields of a draft are wrong. Pure.

Texts are compared without white space and with one form of punctuation; a record of the draft belongs to the gold
record whose words are most alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

ANNOTATIONS = Path(__file__).parents[2] / "annotations"
Record = dict[str, Any]
FORMS = str.maketrans("，；：（）％“”‘’〔〕[]【】", ",;:()%\"\"''()()()")
WHOLE, SAME = 0.9, 0.5
SIMPLE = ("kind", "points", "tier", "per_occurrence")
OF_TARGET = ("op", "value", "upper", "unit", "per")


def squeeze(text: str | None) -> str:
    return re.sub(r"[\s\u3000\u00a0]+", "", text or "").translate(FORMS)


@cache
def alike(a: str, b: str) -> float:
    a, b = squeeze(a).strip("。,;.、"), squeeze(b).strip("。,;.、")
    if a == b:
        return 1.0
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= SAME else 0.0


def gold_of(stem: str) -> dict[str, Any]:
    gold: dict[str, Any] = json.loads((ANNOTATIONS / f"{stem}.json").read_text(encoding="utf-8"))
    return gold


@dataclass(frozen=True)
class Wrong:
    """One field that differs: ``path`` as the API names it; ``wanted`` None takes the value, or the row, away.

    ``path`` ending in ``/+`` wants a row more, ``wanted`` is that row."""

    path: str
    wanted: Any


@dataclass(frozen=True)
class Comparison:
    """``pairs``: draft id → gold record; ``missed``: gold records with no draft; ``extra``: drafts of nothing."""

    pairs: dict[str, Record]
    missed: list[Record]
    extra: list[str]


def compare(golds: Sequence[Record], records: Sequence[Record]) -> Comparison:
    """Best pairs first; among equal ones those of like tier, path and place."""
    ranked = []
    for at, gold in enumerate(golds):
        for other, record in enumerate(records):
            score = alike(gold["text"], record["text"])
            if score >= SAME:
                score += 0.1 * (gold.get("tier") == record.get("tier")) + 0.05 * (path_of(gold) == path_of(record))
                ranked.append((-score, abs(at - other), at, other))
    taken: set[int] = set()
    pairs: dict[str, Record] = {}
    for _, _, at, other in sorted(ranked):
        id = records[other]["record_id"]
        if at not in taken and id not in pairs:
            taken.add(at)
            pairs[id] = golds[at]
    missed = [gold for at, gold in enumerate(golds) if at not in taken and not gold.get("optional")]
    return Comparison(pairs, missed, [one["record_id"] for one in records if one["record_id"] not in pairs])


def path_of(record: Record) -> list[str]:
    return [squeeze(part).strip("。,;.:") for part in record.get("path") or ()]


def number(value: Any) -> float | None:
    return None if value is None else round(float(value), 4)


def wrong_fields(gold: Record, record: Record) -> list[Wrong]:
    """What must change in ``record``; words of a metric count as right where they are alike by 0.75."""
    found = []
    if alike(gold["text"], record["text"]) < WHOLE:
        found.append(Wrong("text", gold["text"]))
    for name in SIMPLE:
        wanted, got = gold.get(name) or None, record.get(name) or None
        undecided = name == "kind" and got == "task" and all(map(_is_optional, gold.get("targets") or [None]))
        if not undecided and ((number(wanted) != number(got)) if name == "points" else wanted != got):
            found.append(Wrong(name, wanted))
    if path_of(gold) != path_of(record):
        found.append(Wrong("path", gold.get("path") or []))
    found += _rows(
        "deadlines",
        gold,
        record,
        lambda row: (row.get("start"), row.get("end"), row.get("recurrence")),
        ("start", "end", "recurrence"),
    )
    found += _rows("responsible", gold, record, lambda row: (squeeze(row["name"]), row["role"]), ("name", "role"))
    return found + list(_targets(gold, record))


def _is_optional(row: Any) -> bool:
    return isinstance(row, dict) and bool(row.get("optional"))


def _optional(rows: Sequence[Any]) -> bool:
    return any(map(_is_optional, rows))


def _rows(name: str, gold: Record, record: Record, key: Any, fields: Sequence[str]) -> Iterator[Wrong]:
    """Rows that are right as a whole are left; a row that shares a field with a wanted one is mended, others go."""
    wanted, got = list(gold.get(name) or ()), list(record.get(name) or ())
    if _optional(wanted):
        return
    keys = [key(row) for row in got]
    wanted = [row for row in wanted if key(row) not in keys]
    wanted_keys = {key(row) for row in gold.get(name) or ()}
    loose = [at for at, each in enumerate(keys) if each not in wanted_keys]
    for row in list(wanted):
        near = next(
            (at for at in loose if any(got[at].get(field) == row.get(field) and row.get(field) for field in fields)),
            None,
        )
        near = near if near is not None else (loose[0] if len(loose) == len(wanted) == 1 else None)
        if near is not None:
            loose.remove(near)
            wanted.remove(row)
            for field in fields:
                if got[near].get(field) != row.get(field):
                    yield Wrong(f"{name}/{near}/{field}", row.get(field))
    for row in wanted:
        yield Wrong(f"{name}/+", row)
    for at in reversed(loose):
        yield Wrong(f"{name}/{at}", None)


def target_cost(gold: Record, got: Record) -> list[str]:
    """Names of the fields of a target that differ."""
    names = [name for name in ("value", "upper") if number(gold.get(name)) != number(got.get(name))]
    names += [name for name in ("op", "unit", "per") if (gold.get(name) or None) != (got.get(name) or None)]
    if alike(gold["metric"], got["metric"]) < 0.75:
        names.append("metric")
    if gold.get("scope") and alike(gold["scope"], got.get("scope") or "") < 0.7:
        names.append("scope")
    if (gold.get("due") or None) != (got.get("due") or None):
        names.append("due")
    if gold.get("baseline") and alike(gold["baseline"], got.get("baseline") or "") < 0.6:
        names.append("baseline")
    return names


def _targets(gold: Record, record: Record) -> Iterator[Wrong]:
    got = list(record.get("targets") or ())
    dated = not _optional(gold.get("deadlines") or ())
    left = list(range(len(got)))
    for target in sorted(gold.get("targets") or (), key=lambda one: bool(one.get("optional"))):
        costs = sorted((len(target_cost(target, got[at])), abs(at), at) for at in left)
        if target.get("optional") and not (costs and costs[0][0] <= 1):
            continue
        if not costs:
            yield Wrong("targets/+", target)
            continue
        at = costs[0][2]
        left.remove(at)
        for name in target_cost(target, got[at]):
            if name != "due" or dated:
                yield Wrong(f"targets/{at}/{name}", target.get(name))
    for at in reversed(left):
        yield Wrong(f"targets/{at}", None)
