"""How confidence is trained, and the figures that say what it is worth."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from extractor.learned.calibration import expected_calibration_error
from extractor.records.learned_confidence import FAMILIES, LEAST, MOST, load
from extractor.training.examples import Example
from extractor.training.recipe import Trained
from extractor.training.recipes.confidence import (
    FEWEST,
    RECIPE,
    figures,
    fit_curve,
    samples,
    spread,
    standing,
    tuned,
)
from extractor.training.recipes.confidence_figures import accepted, curve, reliability, threshold
from extractor.training.sources import SHARED, project_examples
from extractor.training.traces import Trace, trace, trace_all
from tests.extracted import ROOT

STEMS = ("03", "12", "22", "24", "26", "42", "46")
SENTENCE = "2026年底前，{place}农村生活污水治理率达到{share}%以上，其中示范村达到{more}%；新建公厕{count}座。"


@pytest.fixture(scope="module")
def traces() -> list[Trace]:
    found = (each for each in project_examples(ROOT) if each.group != SHARED)
    return trace_all(each for each in found if each.source.stem.startswith(STEMS))


@pytest.fixture(scope="module")
def trained(traces: Sequence[Trace]) -> Trained:
    return RECIPE.train(traces, lambda _: None)


def test_the_same_documents_give_the_same_weights(traces: Sequence[Trace]) -> None:
    said: list[str] = []
    first, second = RECIPE.train(traces[-3:], said.append), RECIPE.train(traces[-3:], said.append)
    assert first.files == second.files and first.figures == second.figures
    assert 0 < first.figures["records"]["pooled"]["records"] <= sum(len(each.made) for each in traces[-3:])
    assert sum(map(len, first.files.values())) < 1_000_000
    assert len(said) == 2 * len(FAMILIES)


def test_held_out_it_is_nearer_the_truth_than_the_rules(trained: Trained) -> None:
    unseen = trained.figures["records"]["corpus unseen"]
    assert unseen["records"] > 200
    assert unseen["ece"] < 0.2 < unseen["ece_rules"]


def test_swapping_years_places_and_numbers_hardly_moves_it(trained: Trained, tmp_path: Path) -> None:
    confidence = load(trained.artifact())

    def sure(**words: str | int) -> list[float]:
        path = tmp_path / "notice.txt"
        text = SENTENCE.format(**({"place": "云溪县", "share": 65, "more": 80, "count": 12} | words))
        path.write_text(
            f"云溪县2026年工作要点\n\n一、环境整治\n（一）{text}\n（二）建立台账，按月通报。\n", encoding="utf-8"
        )
        made = trace(Example("own/notice", path, {"records": []})).made
        return [confidence(each.record, each.item, each.drafts).record for each in made]

    plain = sure()
    assert len(plain) >= 2
    swaps: list[dict[str, str | int]] = [
        {"place": "东陵县"},
        {"place": "澄湖区"},
        {"place": "北安岭市"},
        {"share": 7},
        {"more": 92.5},
        {"count": 3400},
    ]
    for words in swaps:
        assert sure(**words) == pytest.approx(plain, abs=0.05), words


@pytest.mark.parametrize(
    ("group", "known"), [("corpus", False), ("corpus-seen", True), ("shared", True), ("site", False)]
)
def test_documents_that_rules_were_written_with_are_known(group: str, known: bool) -> None:
    example = Example(f"{group}/a", Path("a.txt"), {})
    assert tuned(example) == known
    assert standing(example) == f"{group} {'tuned' if known else 'unseen'}"


def test_whole_documents_are_held_out_and_groups_spread() -> None:
    fold = spread(["a", "b"] * 10, 5)
    assert sorted(np.bincount(fold)) == [4] * 5
    assert {np.sum(fold[::2] == each) for each in range(5)} == {2}


def test_figures_of_single_documents_say_that_there_is_nothing_to_learn(traces: Sequence[Trace]) -> None:
    told = figures(traces[:1])
    assert told["fields"]["metric"]["wrong"] < FEWEST
    assert told["weights"].keys() == {"0.1", "0.3", "1.0"}
    assert told["indicator"]["pooled"]["at 0.90"] == 1.0


def test_every_sample_has_a_truth_and_open_ones_are_left_out(traces: Sequence[Trace]) -> None:
    found = samples(traces)
    made = sum(len(each.made) for each in traces)
    assert 0 < made - len(found["record"]) < made / 10
    assert any(not sample.right for sample in found["metric"])
    assert all(sample.paired for sample in found["record"] if sample.right)


def test_the_curve_rises_and_tells_the_shares() -> None:
    lots = np.random.default_rng(1)
    scores = lots.normal(size=4000)
    right = (lots.random(4000) < 1 / (1 + np.exp(-2 * scores))).astype(float)
    made = fit_curve(scores, right, np.ones(4000))
    assert (np.diff(made.shares) >= 0).all() and (np.diff(made.knots) > 0).all()
    assert made.shares.min() >= LEAST and made.shares.max() <= MOST
    said = np.interp(scores, made.knots, made.shares)
    assert expected_calibration_error(said, right) < 0.03


def test_a_threshold_keeps_to_its_limit() -> None:
    said = np.repeat([0.95, 0.9, 0.8, 0.4], 25)
    right = np.concatenate([np.ones(25), np.ones(24), [0], np.ones(20), np.zeros(5), np.zeros(25)])
    assert threshold(said, right, 0.0) == 0.95
    assert threshold(said, right, 0.02) == 0.9
    assert threshold(said, right, 0.08) == 0.8
    assert threshold(said, 1 - right, 0.02) > 1
    assert threshold(said[:10], right[:10], 0.02) > 1, "too few to rest a threshold on"


def test_accepted_goes_by_the_other_folds() -> None:
    said, fold = np.tile(np.repeat([0.9, 0.6], 30), 2), np.repeat([0, 1], 60)
    right = np.concatenate([np.ones(60), np.ones(30), np.zeros(30)])
    # Fold 0 promises that 0.6 is enough, which fold 1 belies; fold 1 allows 0.9 alone.
    assert accepted(said, right, fold, 0.02) == {"share": 0.75, "error": 0.3333, "records": 90}


def test_reliability_and_curve_add_up() -> None:
    said, right = np.array([0.05, 0.95, 0.91, 1.0]), np.array([0.0, 1.0, 0.0, 1.0])
    table = reliability(said, right)
    assert [(row["from"], row["count"], row["right"]) for row in table] == [(0.0, 1, 0.0), (0.9, 3, 0.6667)]
    assert curve(said, right)[-1] == {"share": 1.0, "wrong": 0.5}
