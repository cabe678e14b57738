"""Labelled observations that alignment is trained and measured with; see ``annotations/alignment/README.md``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product
from pathlib import Path
from typing import Any

from extractor import __version__
from extractor.archive.features import worded
from extractor.archive.observations import observations
from extractor.types.archive import Observation
from extractor.types.record import ExtractionFile

# Whole families of ``series.jsonl`` that nothing is ever chosen by.
TEST_FAMILIES = frozenset({"ecology", "employment", "transport"})
HELPING: tuple[str, ...] = ("more", "implied", "wordings")  # learnt from; figures and calibration leave them out
TUNE, TEST = "tune", "test"
PAIRS, MORE, IMPLIED, WORDINGS = "pairs", "more", "implied", "wordings"
_NOWHERE = {"start": 0, "end": 0}


@dataclass(frozen=True, slots=True)
class Pair:
    """``group``: pairs of one group go into one fold; those that share a wording are of one. ``kind``: where it is
    from: ``pairs``, ``more``, ``implied`` by pairs, ``wordings``, or a family of the series.
    """

    a: Observation
    b: Observation
    same: bool
    kind: str
    group: str


@dataclass(frozen=True, slots=True)
class Labelled:
    observation: Observation
    indicator: str
    family: str


def read_pairs(root: Path, split: str) -> list[Pair]:
    """Of ``pairs.jsonl``, with those of ``more.jsonl`` where it is the tuning half; those of public documents are left out
    where these do not lie beside the project.
    """
    folder = root / "annotations" / "alignment"
    lines = [(PAIRS, line) for line in _lines(folder / "pairs.jsonl") if line["split"] == split]
    lines += [(MORE, line) for line in _lines(folder / "more.jsonl") if split == TUNE]
    made: list[tuple[str, Observation, Observation, bool]] = []
    for kind, line in lines:
        a, b = _pointed(root, line["a"]), _pointed(root, line["b"])
        if a is not None and b is not None:
            made.append((kind, a, b, line["same"]))
    groups = _Groups()
    for _, a, b, _ in made:
        groups.join(_wording(a), _wording(b))
    return [Pair(a, b, same, kind, groups.of(_wording(a))) for kind, a, b, same in made]


def read_series(root: Path, split: str) -> list[Labelled]:
    """Of ``series.jsonl``, the families of ``split``."""
    found = []
    for number, line in enumerate(_lines(root / "annotations" / "alignment" / "series.jsonl")):
        family = line["document"].partition("-")[0]
        if (family in TEST_FAMILIES) == (split == TEST):
            found.append(Labelled(_of_series(line, number), line["indicator"], family))
    return found


def series_pairs(found: Sequence[Labelled]) -> list[Pair]:
    """Every two observations of a family."""
    return [
        Pair(one.observation, other.observation, one.indicator == other.indicator, one.family, one.family)
        for one, other in combinations(found, 2)
        if one.family == other.family
    ]


def read_wordings(root: Path) -> list[Pair]:
    """Of ``wordings.txt``, every two wordings of a group of lines; each as if it stood in a document of its own."""
    groups: list[list[Labelled]] = [[]]
    for number, line in enumerate(_text(root / "annotations" / "alignment" / "wordings.txt")):
        if line.startswith("#"):
            continue
        if not line:
            groups.append([])
            continue
        unit, *wordings = (part.strip() for part in line.split("|"))
        groups[-1] += [
            Labelled(_of_wording(each, unit, f"{number}-{at}"), str(number), str(len(groups)))
            for at, each in enumerate(wordings)
        ]
    return [
        Pair(
            one.observation,
            other.observation,
            one.indicator == other.indicator,
            WORDINGS,
            WORDINGS + one.family,
        )
        for group in groups
        for one, other in combinations(group, 2)
    ]


def implied(pairs: Sequence[Pair]) -> list[Pair]:
    """What follows: two that are the same as a third are the same, and differ from whatever one of them differs from."""
    groups, by_id = _Groups(), {each.id: each for pair in pairs for each in (pair.a, pair.b)}
    where = {pair.a.id: pair.group for pair in pairs} | {pair.b.id: pair.group for pair in pairs}
    for pair in pairs:
        if pair.same:
            groups.join(pair.a.id, pair.b.id)
    members: dict[str, list[str]] = {}
    for name in sorted(by_id):
        members.setdefault(groups.of(name), []).append(name)
    known = {frozenset((pair.a.id, pair.b.id)) for pair in pairs}
    made: dict[frozenset[str], bool] = {
        frozenset(two): True for each in members.values() for two in combinations(each, 2)
    }
    for pair in pairs:
        if not pair.same:
            one, other = members[groups.of(pair.a.id)], members[groups.of(pair.b.id)]
            made.update({frozenset(two): False for two in product(one, other)})
    return [
        Pair(by_id[a], by_id[b], same, IMPLIED, where[a])
        for (a, b), same in sorted((tuple(sorted(two)), same) for two, same in made.items() if len(two) == 2 and two not in known)
    ]  # fmt: skip


def _wording(each: Observation) -> str:
    return worded(each).core


class _Groups:
    """Names that belong together, each group called by its first name."""

    def __init__(self) -> None:
        self._up: dict[str, str] = {}

    def of(self, name: str) -> str:
        while (above := self._up.setdefault(name, name)) != name:
            name = above
        return name

    def join(self, one: str, other: str) -> None:
        first, second = sorted((self.of(one), self.of(other)))
        self._up[second] = first


def _text(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    return map(json.loads, _text(path))


# --- observations of gold ---------------------------------------------------------------------------------


def _pointed(root: Path, at: dict[str, Any]) -> Observation | None:
    folder = root / "annotations" if at["gold"] == "own" else root.parent / "shared" / "gold"
    path = folder / f"{at['document']}.json"
    return gold_observations(path).get((at["record"], at["target"])) if path.is_file() else None


@lru_cache(maxsize=512)
def gold_observations(path: Path) -> dict[tuple[int, int], Observation]:
    """By the positions of record and target; ids are told by the document's name, since gold has none."""
    gold = json.loads(path.read_text(encoding="utf-8"))
    made = observations(_file(path.stem, gold["document"], gold["records"]))
    return {(int(each.record_id.rpartition("#")[2]), each.target): each for each in made}


def _of_series(line: dict[str, Any], number: int) -> Observation:
    about = {"title": None, "issuer": f"{line['place']}人民政府", "year": line["year"]}
    record = {"path": line["path"], "text": line["text"], "kind": "target", "targets": [line["target"]]}
    (made,) = observations(_file(line["document"], about, [record], number))
    return made


def _of_wording(wording: str, unit: str, name: str) -> Observation:
    target = {"metric": wording, "op": "ge", "unit": unit or None}
    (made,) = observations(_file(f"wording-{name}", {}, [{"text": wording, "kind": "target", "targets": [target]}]))
    return made


def _file(name: str, document: dict[str, Any], records: Sequence[dict[str, Any]], first: int = 0) -> ExtractionFile:
    """Gold in the shape of a result. A list is that of the answers that count as right: the first of them."""
    info = {key: _first(value) for key, value in document.items() if key not in ("period", "attachments", "optional")}
    return ExtractionFile.model_validate(
        {
            "extractor_version": __version__,
            "document": info | {"period": document.get("period"), "sha256": name, "source_name": name},
            "records": [_record(name, each, first + at) for at, each in enumerate(records)],
        }
    )


def _record(name: str, record: dict[str, Any], at: int) -> dict[str, Any]:
    kept = {
        key: value for key, value in record.items() if key not in ("optional", "targets", "deadlines", "responsible")
    }
    targets = [{key: value for key, value in each.items() if key != "optional"} for each in record.get("targets", ())]
    return kept | {"record_id": f"{name}#{at}", "targets": targets, "evidence": _NOWHERE, "confidence": 1.0}


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) and value else value
