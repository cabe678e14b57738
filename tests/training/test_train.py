"""Training: the same input gives the same bytes, what is worse is told, and the card says how it was measured."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from extractor.errors import ConfigError, OutputError
from extractor.learned.artifacts import Artifact
from extractor.training import ship as shipping
from extractor.training.curve import learning_curve
from extractor.training.examples import Example
from extractor.training.recipes import BUILTIN, load_recipe
from extractor.training.ship import ship
from extractor.training.sources import project_examples
from extractor.training.train import Plan, train_all

FEW = (
    "01_civil-task-table", "06_city-scoring-scheme", "23_housing-notice", "30_rural-revival-points", "51_justice-points",
)  # fmt: skip


def few(*names: str) -> list[Example]:
    return [each for each in project_examples() if each.source.stem in (names or FEW) and each.group != "shared"]


# Of the made-up tables, from which columns are learnt as well, there are few here.
TRAIN = """
import hashlib, sys
from extractor.training.recipes import columns
from extractor.training.train import Plan, train_all
from tests.training.test_train import few
columns.RECIPE = columns.Columns(tables=40)
for made in train_all(sys.argv[1:], Plan(few(), quick=True), lambda _: None):
    for name, content in sorted(made.files.items()):
        print(made.name, name, hashlib.sha256(content).hexdigest())
"""


def test_the_same_input_gives_the_same_bytes() -> None:
    """In processes of their own: an order that hangs on the hashes of words differs between them."""
    names = [name for name in BUILTIN if name != "metric"]
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", TRAIN, *names],
            stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONHASHSEED": seed, "OMP_NUM_THREADS": threads},
        )
        for seed, threads in (("1", "1"), ("2", "2"))
    ]  # fmt: skip
    first, second = (run.communicate(timeout=120)[0].splitlines() for run in runs)
    assert first == second
    assert {line.split()[0] for line in first} == set(names)
    assert len(first) >= 3 * len(names)


def test_figures_of_documents_held_out() -> None:
    said: list[str] = []
    (made,) = train_all(["record"], Plan(few()), said.append)
    assert made.verdict is not None
    assert set(made.before) == set(made.after) == {"corpus", "corpus-seen"}
    assert [len(run) for run in made.runs] == [5, 5]
    config = json.loads(made.files["config.json"])
    assert set(config["documents"]) == {each.name for each in few()}
    assert config["figures"]["without"]["corpus"]["right"] == pytest.approx(made.before["corpus"]["right"], abs=0.01)
    assert set(config["figures"]["gains"]) == {each.figure for each in made.gains}
    card = made.files["card.md"].decode()
    assert f"{made.before['corpus']['right']:.1f} → {made.after['corpus']['right']:.1f}" in card
    for title in ("## 数据 / Data", "## 测量 / Figures", "## 局限 / Limits", "## 重新训练 / To train again"):
        assert title in card
    assert sum("fold" in line for line in said) == 5


def test_quick_measures_nothing_and_gives_the_same_weights() -> None:
    (quick,) = train_all(["record"], Plan(few(), quick=True), lambda _: None)
    (whole,) = train_all(["record"], Plan(few()), lambda _: None)
    assert quick.verdict is None
    assert not quick.before
    assert "--quick" in quick.files["card.md"].decode()
    assert quick.files["weights.npz"] == whole.files["weights.npz"]
    assert quick.files["config.json"] != whole.files["config.json"]


def test_one_document_cannot_be_measured() -> None:
    (made,) = train_all(["confidence"], Plan(few("30_rural-revival-points")), lambda _: None)
    assert made.verdict is not None
    assert "--quick" in made.verdict.reasons[0]


def test_what_is_shipped_is_compared_as_it_is_on_documents_it_never_saw() -> None:
    """On a site's documents with itself, on the project's with itself trained without them."""
    examples = few()
    (first,) = train_all(["record"], Plan(examples, quick=True), lambda _: None)
    shipped = {"record": Artifact("record", "shipped", first.files)}
    more = [Example("site/甲", examples[0].source, examples[0].gold)]
    said: list[str] = []
    (made,) = train_all(["record"], Plan([*examples, *more], shipped=shipped), said.append)
    folds = [line for line in said if "fold" in line]
    assert [line.split("/")[-1] for line in folds] == ["5"] * 10
    assert made.before["site"]["records"] is not None


def test_a_component_with_nothing_to_learn_from_leaves_the_others_alone() -> None:
    """Of one document the metric has none to hold out."""
    one = few("30_rural-revival-points")
    metric, confidence = train_all(["metric", "confidence"], Plan(one, quick=True), lambda _: None)
    assert not metric.files
    assert metric.verdict is not None
    assert "nothing to learn" in metric.verdict.reasons[0]
    assert confidence.files
    with pytest.raises(ConfigError, match="nothing to learn"):
        train_all(["metric"], Plan(one, quick=True), lambda _: None)


def test_no_documents_or_no_such_component() -> None:
    with pytest.raises(ConfigError, match="--gold"):
        train_all(["record"], Plan([]), lambda _: None)
    with pytest.raises(ConfigError, match="known: columns"):
        train_all(["colums"], Plan(few()), lambda _: None)


def test_every_recipe_says_its_name() -> None:
    assert [load_recipe(name).name for name in BUILTIN] == list(BUILTIN)


def test_learning_curve() -> None:
    points = learning_curve(["record"], few(), lambda _: None, sizes=(3, 9))
    assert [each.documents for each in points] == [0, 3, 4]
    assert {frozenset(each.rows) for each in points} == {frozenset({"corpus", "corpus-seen"})}
    assert all(row["right"] for each in points for row in each.rows.values())


# --- the project's own --------------------------------------------------------------------------------------


def checkout(path: Path) -> Path:
    (path / "extractor" / "learned").mkdir(parents=True)
    return path


def said(root: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((root / "extractor" / "learned" / "shipped.json").read_text("utf-8"))
    return found


def test_shipping_replaces_one_component_and_keeps_the_others(tmp_path: Path) -> None:
    root = checkout(tmp_path)
    ship("columns", {"config.json": b"{}", "old.npz": b"1"}, root)
    ship("record", {"config.json": b"{}"}, root)
    made = ship("columns", {"config.json": b'{"a": 1}', "card.md": b"#"}, root)
    assert set(said(root)) == {"columns/config.json", "columns/card.md", "record/config.json"}
    assert not (root / "models" / "columns" / "old.npz").exists()
    assert made.config == {"a": 1}


def test_what_is_too_large_is_not_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = checkout(tmp_path)
    monkeypatch.setattr(shipping, "MOST_BYTES", 100)
    ship("columns", {"config.json": b"{}", "weights.npz": b"x" * 90}, root)
    with pytest.raises(OutputError, match="too large"):
        ship("record", {"config.json": b"{}", "weights.npz": b"x" * 20}, root)
    assert {key.split("/")[0] for key in said(root)} == {"columns"}
    assert ship("columns", {"config.json": b"{}", "weights.npz": b"y" * 98}, root).files["weights.npz"][:1] == b"y"
