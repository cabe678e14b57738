"""Every document is held out once, whole; the components of a fold have not seen it."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from extractor.components import RULES
from extractor.errors import ConfigError, ExtractorError
from extractor.learned.artifacts import Artifact
from extractor.training.examples import Example, read_examples
from extractor.training.folds import (
    MOST_FOLDS,
    OWN_FOLDS,
    crossed,
    document_folds,
    group_figures,
    run,
    shuffled_parts,
    train_on,
)
from extractor.training.recipe import Trained, packed
from extractor.training.sources import project_examples, without_doubles
from extractor.training.traces import Say, Trace, trace_all

ROOT = Path(__file__).parents[2]


def examples(**groups: int) -> list[Example]:
    return [Example(f"{group}/{at}", Path("x"), {}) for group, count in groups.items() for at in range(count)]


@pytest.mark.parametrize(("groups", "wanted"), [
    ({"corpus": 13, "corpus-seen": 32}, OWN_FOLDS),
    ({"corpus": 3}, 3),
    ({"shared": 14, "corpus": 45}, 14),
    ({"site": 4}, 4),
    ({"site": 95}, MOST_FOLDS),
    ({"site": 1, "corpus": 9}, OWN_FOLDS),
    ({"site": 1, "corpus": 1}, 2),
    ({"a": 1, "b": 2}, 2),
    ({"a": 14, "b": 3, "corpus": 32, "corpus-seen": 13}, 14),
    ({"site": 1}, 0),
    ({}, 0),
])  # fmt: skip
def test_every_document_is_held_out_once(groups: dict[str, int], wanted: int) -> None:
    found = examples(**groups)
    folds = document_folds(found)
    assert len(folds) == wanted
    held = sorted(at for fold in folds for at in fold.held)
    assert held == (list(range(len(found))) if wanted else [])
    for fold in folds:
        assert fold.held
        assert fold.learnt
        names = [found[at].group for at in fold.held if not found[at].group.startswith("corpus")]
        assert len(set(names)) == len(names) or max(groups.values()) > MOST_FOLDS, "one by one"
        assert sorted(fold.held + fold.learnt) == list(range(len(found)))
    assert document_folds(found) == folds


def test_parts_are_of_like_size_and_not_of_neighbours() -> None:
    parts = list(shuffled_parts(range(45), 8))
    assert {len(part) for part in parts} == {5, 6}
    assert sorted(at for part in parts for at in part) == list(range(45))
    assert any(np.diff(part).max() > 8 for part in parts)


class Names:
    """A recipe that learns nothing but which documents it was shown."""

    name = "record"

    def train(self, traces: Sequence[Trace], say: Say) -> Trained:
        shown = sorted(each.example.name for each in traces)
        if shown == ["corpus-seen/01_civil-task-table"]:
            raise ConfigError("nothing to learn")
        return packed(self.name, {"shown": shown}, {"none": np.zeros(1)}, {})


@pytest.fixture(scope="module")
def traces() -> list[Trace]:
    names = {"01_civil-task-table", "23_housing-notice", "51_justice-points"}
    found = [each for each in project_examples() if each.source.stem in names and each.group != "shared"]
    return trace_all(found)


@pytest.mark.parametrize("jobs", [1, 2])
def test_no_component_has_seen_the_document_that_it_reads(traces: list[Trace], jobs: int) -> None:
    folds = document_folds([each.example for each in traces])
    said: list[str] = []
    made = crossed(Names(), traces, folds, said.append, jobs)
    for each, artifact in zip(traces, made, strict=True):
        assert artifact is not None
        assert len(artifact.config["shown"]) == 2
        assert each.example.name not in artifact.config["shown"]
    assert len(said) == 3


def test_documents_that_teach_nothing_give_no_component(traces: list[Trace]) -> None:
    made = train_on(Names(), traces, [[0], [0, 1]], lambda _: None)
    assert traces[0].example.source.stem == "01_civil-task-table"
    assert made[0] is None
    assert made[1] is not None


class Killed:
    """A recipe whose process the system ends."""

    name = "killed"

    def train(self, traces: Sequence[Trace], say: Say) -> Trained:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError


def test_a_process_that_is_ended_from_outside_is_told(traces: list[Trace]) -> None:
    with pytest.raises(ExtractorError, match="--jobs 1"):
        train_on(Killed(), traces, [[0], [1], [2]], lambda _: None, jobs=2)


def test_figures_by_group(traces: list[Trace]) -> None:
    found = group_figures(traces)
    assert set(found) == {"corpus", "corpus-seen"}
    for row in found.values():
        assert row["targets"]
        assert 0 < (row["right"] or 0) <= 100
        assert 0 <= (row["ece"] or 0) <= 100
    nothing: list[dict[str, Artifact]] = [{} for _ in traces]
    again = run(traces, RULES, nothing)
    assert [each.output for each in again] == [each.output for each in traces]


def test_groups_of_the_project() -> None:
    found = [each for each in project_examples() if each.group != "shared"]
    groups = {each.source.stem: each.group for each in found}
    assert groups["01_civil-task-table"] == "corpus-seen"
    assert groups["51_justice-points"] == "corpus"
    assert len(found) == len(list((ROOT / "annotations").glob("*.json")))


def test_the_same_document_twice_is_an_error() -> None:
    once = read_examples(ROOT / "annotations", [ROOT / "corpus" / "txt"], "site")
    assert without_doubles(once) == once
    with pytest.raises(ConfigError, match="site/01_civil-task-table"):
        without_doubles([*once, once[0]])


def test_the_projects_copy_of_a_users_document_gives_way() -> None:
    """It would be learnt from while the other is held out."""
    own = read_examples(ROOT / "annotations", [ROOT / "corpus" / "txt"], "corpus")
    site = [replace(own[3], name="site/甲")]
    assert without_doubles([*own, *site]) == [*own[:3], *own[4:], *site]
    with pytest.raises(ConfigError, match="site/甲、gold/乙"):
        without_doubles([*site, replace(own[3], name="gold/乙")])
