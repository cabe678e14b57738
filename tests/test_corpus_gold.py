"""The project's own sample documents, read by the rules, against their gold, and each format against the text."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from extractor import Result
from tests.extracted import CORPUS, ROOT, RULED, by_rules, normal
from tests.records.samples import alike
from tests.scorer import SCORER, rows

STEMS = RULED
FORMATS = [
    pytest.param(stem, folder, id=f"{stem}.{folder}")
    for folder in ("docx", "html", "pdf", "xlsx")
    for stem in STEMS
    if list((CORPUS / folder).glob(f"{stem}.*"))
]
FIGURES = (
    "records", "found", "right", "implicit", "points", "deadlines", "responsible", "due", "path", "kind", "whole", "measured",
)  # fmt: skip
LEAST = 95


def gold_of(stem: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((ROOT / "annotations" / f"{stem}.json").read_text(encoding="utf-8"))
    return loaded


def text_of(stem: str, folder: str = "txt") -> Result:
    (path,) = (CORPUS / folder).glob(f"{stem}.*")
    return by_rules(path)


@lru_cache(maxsize=1)
def figures() -> dict[str, dict[str, float | None]]:
    return rows({stem: (gold_of(stem), text_of(stem)) for stem in STEMS})


@pytest.mark.skipif(not Path(SCORER).is_file(), reason="no shared scorer beside this clone")
@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("row", ["ALL", "MEAN"])
def test_figures_of_the_shared_scorer(row: str, figure: str) -> None:
    value = figures()[row][figure]
    assert value is not None
    assert value >= LEAST


def keys(targets: Any) -> list[tuple[Any, ...]]:
    """Value, unit and comparator of targets as dicts, optional ones left out."""
    return sorted(
        (
            str(t["op"]),
            str(t.get("value") and float(t["value"])),
            str(t.get("unit")),
            str(t.get("per")),
            str(t.get("due")),
        )
        for t in targets
        if not t.get("optional")
    )


@pytest.mark.parametrize("stem", STEMS)
def test_records_and_targets_of_the_gold_are_there(stem: str) -> None:
    """A plain count that needs no scorer: gold records by their words, tier and path, with their targets."""
    wanted = [record for record in gold_of(stem)["records"] if not record.get("optional")]
    made = [json.loads(record.model_dump_json()) for record in text_of(stem).records]
    by_words: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for record in made:
        by_words.setdefault((normal(record["text"]).rstrip("。；;"), str(record["tier"])), []).append(record)
    found = right = 0
    for gold in wanted:
        same = by_words.get((normal(gold["text"]).rstrip("。；;"), str(gold.get("tier"))), [])
        found += bool(same)
        right += any(keys(each["targets"]) == keys(gold.get("targets") or []) for each in same)
    assert found >= 0.95 * len(wanted), f"{found} of {len(wanted)} records"
    assert right >= 0.9 * len(wanted), f"{right} of {len(wanted)} with their targets"
    assert len(made) <= 1.05 * len(gold_of(stem)["records"]) + 1


def record_keys(result: Result) -> list[tuple[Any, ...]]:
    return [
        (
            normal(record.text),
            record.kind,
            tuple(
                (normal(target.metric), target.op, target.value, target.unit, target.due) for target in record.targets
            ),
        )
        for record in result.records
    ]


@pytest.mark.parametrize(("stem", "folder"), FORMATS)
def test_each_format_gives_the_records_of_the_text(stem: str, folder: str) -> None:
    assert record_keys(text_of(stem, folder)) == record_keys(text_of(stem))


def test_metrics_are_near_those_of_the_gold() -> None:
    near = total = 0
    for stem in STEMS:
        made = {normal(r.text).rstrip("。；;"): [t.metric for t in r.targets] for r in text_of(stem).records}
        for gold in gold_of(stem)["records"]:
            for target in gold.get("targets") or []:
                total += 1
                said = made.get(normal(gold["text"]).rstrip("。；;"), [])
                near += any(alike(target["metric"], metric) >= 0.75 for metric in said)
    assert near >= 0.95 * total, f"{near} of {total}"
