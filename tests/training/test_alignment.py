"""What the alignment learns from and how it is measured; what is shipped is what training gives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from extractor.archive.features import worded
from extractor.archive.matching import NAME, load
from extractor.cli import main
from extractor.errors import ConfigError
from extractor.learned.artifacts import open_artifact
from extractor.training.alignment import (
    calibrated,
    counts,
    fitted,
    labelled,
    metrics,
    rows_of,
    scored,
    tables_of,
    train_alignment,
)
from extractor.training.alignment_data import (
    MORE,
    TEST,
    TEST_FAMILIES,
    TUNE,
    Labelled,
    Pair,
    implied,
    read_pairs,
    read_series,
    read_wordings,
    series_pairs,
)
from extractor.training.alignment_scores import cluster_figures, measure, pair_figures
from tests.archive.observed import observation

ROOT = Path(__file__).parents[2]
MARGIN = 5  # points of F1 that the model is to be better by than the cosine of characters


@pytest.fixture
def with_shared() -> None:
    if not (ROOT.parent / "shared" / "gold").is_dir():
        pytest.skip("no shared documents beside this clone: a part of the labelled pairs is of them")


def pair(a: str, b: str, *, same: bool) -> Pair:
    one, other = (observation(1, metric=name, document=name) for name in (a, b))
    return Pair(one, other, same, "pairs", "")


# --- data -------------------------------------------------------------------------------------------------


def test_what_is_tuned_by_is_apart_from_what_is_tested_by() -> None:
    tune, test = read_series(ROOT, TUNE), read_series(ROOT, TEST)
    assert {each.family for each in test} == TEST_FAMILIES
    assert not TEST_FAMILIES & {each.family for each in tune}
    assert not {each.observation.id for each in tune} & {each.observation.id for each in test}

    def told(split: str) -> set[frozenset[str]]:
        return {frozenset((each.a.id, each.b.id)) for each in read_pairs(ROOT, split)}

    assert len(told(TUNE)) > 400 and len(told(TEST)) > 300
    assert not told(TUNE) & told(TEST)
    assert not {each.kind for each in read_pairs(ROOT, TEST)} & {MORE}


def test_nothing_learnt_from_names_what_is_tested_by() -> None:
    learnt = {frozenset((each.a.id, each.b.id)) for each in labelled(ROOT)}
    tested = [*read_pairs(ROOT, TEST), *series_pairs(read_series(ROOT, TEST))]
    assert not learnt & {frozenset((each.a.id, each.b.id)) for each in tested}


def test_pairs_of_one_wording_go_into_one_fold() -> None:
    where: dict[str, str] = {}
    for each in read_pairs(ROOT, TUNE):
        for one in (each.a, each.b):
            assert where.setdefault(worded(one).core, each.group) == each.group


def test_what_follows_from_pairs() -> None:
    told = [pair("甲", "乙", same=True), pair("乙", "丙", same=True), pair("丙", "丁", same=False)]
    made = {frozenset((each.a.metric, each.b.metric)): each.same for each in implied(told)}
    assert made == {frozenset("甲丙"): True, frozenset("甲丁"): False, frozenset("乙丁"): False}
    assert implied([]) == []


def test_labels_do_not_contradict_each_other() -> None:
    found = read_pairs(ROOT, TUNE)
    same: dict[frozenset[str], bool] = {}
    for each in [*found, *implied(found)]:
        key = frozenset((each.a.id, each.b.id))
        assert same.setdefault(key, each.same) == each.same, (each.a.metric, each.b.metric)


def test_a_wording_stands_in_one_line() -> None:
    found = read_wordings(ROOT)
    assert sum(each.same for each in found) > 1000
    assert not [(each.a.metric, each.b.metric) for each in found if each.a.metric == each.b.metric]


def test_metrics_of_a_series_are_read_like_those_of_a_document() -> None:
    one = read_series(ROOT, TUNE)[0].observation
    assert one.place is not None and one.document_year is not None
    assert one.quantity.value == one.value


# --- figures ----------------------------------------------------------------------------------------------


def test_figures_of_pairs() -> None:
    chances, same = np.array([0.9, 0.8, 0.2, 0.6]), np.array([True, False, True, True])
    made = pair_figures(chances, same, np.array(["pairs", "pairs", "pairs", "civil"]))
    assert made["pairs"]["f1"] == made["pairs"]["precision"] == made["pairs"]["recall"] == 50
    assert made["civil"]["f1"] == made["series"]["f1"] == 100
    assert made["pooled"]["f1"] == pytest.approx(200 / 3)


def test_figures_of_clusters() -> None:
    of = [Labelled(observation(at, document=f"{at}.txt"), slug, "civil") for at, slug in enumerate("aabb")]
    assert cluster_figures(of, [0, 0, 1, 1])["b3_f1"] == 100
    together = cluster_figures(of, [0, 0, 0, 0])
    assert (together["b3_precision"], together["b3_recall"], together["clusters"]) == (50, 100, 1)
    assert cluster_figures(of, [0, 1, 2, 3])["pairs_f1"] == 0


def test_probabilities_are_calibrated_by_what_was_held_out() -> None:
    pairs = [each for each in labelled(ROOT) if each.kind == "pairs"]
    table = rows_of(pairs, tables_of(metrics(ROOT), pairs))
    draw = np.random.default_rng(1)
    scores = np.where(table.same, 3.0, -1.0) + draw.normal(0, 2, len(table.same))
    slope, shift = calibrated(scores, table)
    said = 1 / (1 + np.exp(-(slope * scores + shift)))
    assert abs(said.mean() - table.same.mean()) < 0.01
    assert calibrated(scores * 2, table)[0] == pytest.approx(slope / 2, rel=0.01)


# --- what is shipped --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("with_shared")
def test_training_gives_what_is_shipped() -> None:
    found = open_artifact(NAME)
    assert found is not None
    shipped = found.arrays()
    pairs = labelled(ROOT)
    tables = tables_of(metrics(ROOT), pairs)
    table = rows_of(pairs, tables)
    made = {**shipped, **fitted(table)}
    assert set(made) == set(shipped)
    assert np.array_equal(tables.bigrams.codes, shipped["bigram/codes"])
    assert np.array_equal(tables.alone, shipped["leftover/codes"])
    card = found.files["card.md"].decode()
    for kind, (pairs, same) in counts(table).items():
        assert f"| {kind} | {pairs} | {same} |" in card
    # Sums differ in their last digits between processors and numbers of threads, and with them a tree here and there.
    was, now = (
        1 / (1 + np.exp(-(found.config["slope"] * scored(arrays, table) + found.config["shift"])))
        for arrays in (shipped, made)
    )
    assert np.quantile(np.abs(was - now), 0.999) < 0.02


@pytest.mark.usefixtures("with_shared")
def test_the_card_says_what_is_measured_and_the_margin_holds() -> None:
    found = open_artifact(NAME)
    assert found is not None
    said = found.config["figures"]["test"]
    made = measure(ROOT, load())
    for name in ("pairs", "series", "pooled"):
        assert made["model"][name]["f1"] == pytest.approx(said["model"][name]["f1"], abs=0.1)
        assert made["model"][name]["f1"] >= made["cosine"][name]["f1"] + MARGIN
    assert made["clusters"]["b3_f1"] == pytest.approx(said["clusters"]["b3_f1"], abs=0.5)
    assert f"**{said['model']['pooled']['f1']:.1f}**" in found.files["card.md"].decode()


def test_the_domain_alone_does_not_decide() -> None:
    """Fields are told by words and now and then wrongly."""
    one = observation(50, metric="森林覆盖率", document="甲.txt", domain="生态环境")
    other = observation(52, metric="森林覆盖率", document="乙.txt", domain="农业农村")
    pairs = [(one, other), (one, replace(other, domain="生态环境"))]
    assert (load().probability(pairs) > 0.5).all()


# --- the command ------------------------------------------------------------------------------------------


def test_it_is_trained_for_the_project_only(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["train", "alignment", "--into", str(tmp_path)])
    assert ended.value.code == 2
    assert "--shipped" in capsys.readouterr().err


def test_without_a_checkout_there_is_nothing_to_learn_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractor.training.alignment.project_root", lambda: None)
    with pytest.raises(ConfigError, match="checkout"):
        train_alignment(lambda line: None)
