"""The figures held to the shared scorer, where it lies beside this clone: on every document, and on spoilt results."""

from __future__ import annotations

import copy
import json
import random
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from extractor.training.scoring import DocumentScore, figures, score, table
from tests.extracted import CORPUS, ROOT, result_of
from tests.scorer import SCORER, scorer
from tests.training.samples import (
    WRONG,
    Change,
    File,
    changed,
    sample,
)

SHARED = SCORER.parents[1]
UNLISTED = ("due", "points", "baseline")  # mistakes that we list and the shared scorer does not

needs_scorer = pytest.mark.skipif(not SCORER.is_file(), reason="no shared scorer beside this clone")

OWN = sorted((ROOT / "annotations").glob("*.json"))
GOLDS = [*(sorted((SHARED / "gold").glob("*.json")) if SCORER.is_file() else ()), *OWN]


@cache
def read(path: Path) -> tuple[File, File]:
    """Gold and result of a document."""
    gold = json.loads(path.read_text(encoding="utf-8"))
    stem = Path(gold["document"]["source_name"]).stem
    folders = [CORPUS / "txt"] if path in OWN else [SHARED / "corpus" / name for name in ("seeds", "real")]
    source = next(each for folder in folders for each in folder.glob(f"{stem}.*"))
    return gold, json.loads(result_of(source).to_json())


@cache
def scored(path: Path) -> DocumentScore:
    return score(*read(path), path.stem)


def same_as_shared(gold: File, made: File, ours: DocumentScore) -> None:
    __tracebackhide__ = True  # a failure must not show words of the documents that writers of rules don't see
    theirs, errors = scorer().score(gold, made)
    tallies = ours.tallies()
    assert {name: (each.hit, each.missed, each.extra) for name, each in theirs.items()} == {
        name: (each.hit, each.missed, each.extra) for name, each in tallies.items()
    }
    assert figures(tallies) == scorer().figures(theirs)
    listed = Counter(mistake.what for mistake in ours.mistakes if mistake.what not in UNLISTED)
    assert listed == Counter(error[0] for error in errors)


@needs_scorer
def test_there_are_as_many_documents_as_ever() -> None:
    assert len(GOLDS) >= 59


@needs_scorer
@pytest.mark.parametrize("path", GOLDS, ids=lambda path: path.stem[:12])
def test_figures_are_those_of_the_shared_scorer(path: Path) -> None:
    same_as_shared(*read(path), scored(path))


def spoilt(made: File, lots: random.Random) -> File:
    """The result with some of everything wrong."""
    made = copy.deepcopy(made)
    for each in made["records"]:
        if lots.random() < 0.3:
            each["text"] = each["text"][lots.randrange(3) : len(each["text"]) - lots.randrange(1, 9)]
        if lots.random() < 0.2:
            each.update(lots.choice([{"tier": ""}, {"tier": "优秀"}, {"path": []}, {"points": "2"}, {"kind": "task"}]))
        if lots.random() < 0.2:
            each["targets"] = lots.choice([each["targets"][1:], each["targets"] + copy.deepcopy(each["targets"][:1])])
        for one in each["targets"]:
            if lots.random() < 0.4:
                one.update(lots.choice([
                    {"metric": one["metric"][2:] + "率"}, {"due": ""}, {"due": "2025-12-31"}, {"scope": "甲市"}, {"op": "le"},
                    {"unit": "万元"}, {"unit": "十"}, {"unit": "成"}, {"unit": "百分点"}, {"unit": None}, {"per": "月"},
                    {"baseline": None}, {"value": None},
                ]))  # fmt: skip
        for deadline in each["deadlines"]:
            if lots.random() < 0.1:
                deadline["end"] = None
    made["records"] = [each for each in made["records"] if lots.random() > 0.05]
    if lots.random() < 0.5:
        lots.shuffle(made["records"])
    return made


def loosened(gold: File, lots: random.Random) -> File:
    """The gold with some of everything optional."""
    gold = copy.deepcopy(gold)
    for each in gold["records"]:
        parts = [part for name in ("targets", "deadlines", "responsible") for part in each.get(name) or ()]
        for one in (each, *parts):
            if lots.random() < 0.07:
                one["optional"] = True
    return {**gold, "tasks": lots.choice(["partial", "exhaustive"])}


@needs_scorer
@pytest.mark.parametrize("path", OWN[::3], ids=lambda path: path.stem[:12])
def test_spoilt_results_too(path: Path) -> None:
    lots = random.Random(path.stem)
    gold, made = read(path)
    made, gold = spoilt(made, lots), loosened(gold, lots)
    same_as_shared(gold, made, score(gold, made))


@pytest.mark.parametrize("change", [case[1] for case in WRONG], ids=[case[0] for case in WRONG])
@needs_scorer
def test_the_samples_of_this_test_too(change: Change) -> None:
    made = changed(change)
    same_as_shared(sample(), made, score(sample(), made))
    same_as_shared(made, sample(), score(made, sample()))


@needs_scorer
def test_all_and_mean_are_those_of_the_shared_scorer() -> None:
    """From our tallies, which are held to the scorer's one by one: so only the adding up is its own here."""
    shared, sums, documents = scorer(), scorer().new_tallies(), []
    for each in map(scored, GOLDS):
        theirs = shared.new_tallies()
        for name, tally in each.tallies().items():
            theirs[name].add(tally.hit, tally.missed, tally.extra)
            sums[name].add(tally.hit, tally.missed, tally.extra)
        documents.append(theirs)
    rows = table([scored(path) for path in GOLDS])
    assert rows["ALL"] == pytest.approx(shared.figures(sums))
    assert rows["MEAN"] == pytest.approx(shared.mean(documents))
