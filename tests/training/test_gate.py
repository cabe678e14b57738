"""A component that lost on held-out documents is kept aside with the reason; one that won takes its place whole."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from extractor.errors import ArtifactError, OutputError
from extractor.learned.artifacts import SITE_MANIFEST, open_artifact, site_manifest
from extractor.training import gate
from extractor.training.gate import decide, install, keep_aside, mistakes, sign_test
from extractor.training.recipe import packed
from extractor.training.scoring import score


def row(right: float | None = 80.0, **more: Any) -> dict[str, Any]:
    return {"right": right, "measured": 70.0, "whole": 60.0, "records": 95.0, "targets": 40, **more}


def items(*, same: int, worse: int = 0, better: int = 0) -> tuple[list[int | None], list[int | None]]:
    """Mistakes before and after."""
    return [*[0] * same, *[0] * worse, *[1] * better], [*[0] * same, *[1] * worse, *[0] * better]


def judged(drop: float, *, same: int, worse: int, better: int = 0) -> gate.Verdict:
    """One group whose ``right`` fell by ``drop`` points."""
    before, after = items(same=same, worse=worse, better=better)
    return decide({"site": row()}, {"site": row(80 - drop)}, {"site": {"right": before}}, {"site": {"right": after}})


@pytest.mark.parametrize(("worse", "better", "wanted"), [
    (0, 0, 1.0), (1, 0, 0.5), (3, 0, 1 / 8), (4, 0, 1 / 16), (5, 3, 93 / 256), (0, 4, 1.0), (9, 1, 11 / 1024),
])  # fmt: skip
def test_sign_test(worse: int, better: int, wanted: float) -> None:
    assert sign_test(worse, better) == pytest.approx(wanted)


def test_what_is_nowhere_worse_is_accepted() -> None:
    old = {"gold": row(), "site": row()}
    assert decide(old, {"gold": row(81), "site": row(), "new": row(10)}) == gate.Verdict()
    assert decide({}, {"gold": row()}).accepted


@pytest.mark.parametrize("figure", ["right", "measured", "whole", "records"])
def test_a_loss_without_items_is_a_loss(figure: str) -> None:
    verdict = decide({"gold": row(), "site": row()}, {"gold": row(99), "site": row() | {figure: 50.0}})
    assert not verdict.accepted
    (reason,) = verdict.reasons
    assert reason.startswith(f"site · {figure}")
    assert " / " in reason


@pytest.mark.parametrize(("worse", "better", "accepted"), [
    (1, 0, True), (3, 0, True), (4, 0, False), (5, 1, True), (6, 1, False), (7, 3, True), (8, 3, True), (9, 3, False),
])  # fmt: skip
def test_a_loss_of_few_items_is_one_where_chance_does_not_explain_it(worse: int, better: int, accepted: bool) -> None:
    verdict = judged(5, same=20, worse=worse, better=better)
    assert verdict.accepted is accepted
    (said,) = verdict.tolerated if accepted else verdict.reasons
    assert f"{worse} 项变差、{better} 项变好" in said


@pytest.mark.parametrize(("drop", "same", "accepted"), [
    (0.6, 95, False), (0.4, 95, True), (0.6, 94, True), (5.0, 94, True),
])  # fmt: skip
def test_of_many_items_the_figure_itself_counts(drop: float, same: int, accepted: bool) -> None:
    assert judged(drop, same=same, worse=3, better=2).accepted is accepted


def test_small_losses_everywhere_are_one_large_one() -> None:
    before, after = items(same=9, worse=1)
    groups = [f"group{at}" for at in range(5)]

    def of(count: int) -> gate.Verdict:
        names = groups[:count]
        return decide(
            {name: row() for name in names},
            {name: row(72) for name in names},
            {name: {"right": before} for name in names},
            {name: {"right": after} for name in names},
        )

    assert of(3).accepted
    verdict = of(4)
    assert len(verdict.tolerated) == 4
    (reason,) = verdict.reasons
    assert reason.startswith("全部 / all · right: 100.0 → 90.0")


def test_small_losses_that_other_groups_make_good_are_none() -> None:
    lost, won = items(same=9, worse=2), items(same=9, better=6)
    old = {name: row() for name in "abc"}
    new = {"a": row(79), "b": row(79), "c": row(90)}
    before = {"a": {"right": lost[0]}, "b": {"right": lost[0]}, "c": {"right": won[0]}}
    after = {"a": {"right": lost[1]}, "b": {"right": lost[1]}, "c": {"right": won[1]}}
    assert decide(old, new, before, after).accepted
    assert not decide(dict(list(old.items())[:2]), new, before, after).accepted


@pytest.mark.parametrize(("new", "word"), [
    ({}, "没有测量"),
    ({"site": row(targets=41)}, "不是同一批文件"),
    ({"site": row(None)}, "没有测量"),
    ({"site": row(math.nan)}, "没有测量"),
])  # fmt: skip
def test_what_was_not_measured_alike_is_not_accepted(new: dict[str, Any], word: str) -> None:
    verdict = decide({"site": row()}, new)
    assert not verdict.accepted
    assert word in verdict.reasons[0]


def test_a_figure_that_has_nothing_to_measure_decides_nothing() -> None:
    assert decide({"site": row(None)}, {"site": row(None)}).accepted
    assert decide({"site": row(None)}, {"site": row(10)}).accepted


def test_items_of_different_documents_are_an_error() -> None:
    with pytest.raises(ValueError, match="site, right"):
        decide({"site": row()}, {"site": row(70)}, {"site": {"right": [0, 0]}}, {"site": {"right": [0]}})


def test_items_with_nothing_to_measure_do_not_make_a_group_large() -> None:
    before: list[int | None] = [*[None] * 500, 0, 0, 0, None]
    after: list[int | None] = [*[None] * 500, 0, 0, 1, 2]  # the last: false alarms where there was nothing
    verdict = decide({"site": row()}, {"site": row(60)}, {"site": {"right": before}}, {"site": {"right": after}})
    assert verdict.accepted
    assert "4 项中 2 项变差" in verdict.tolerated[0]


def target(value: int) -> dict[str, Any]:
    return {"metric": "新建公园", "op": "ge", "value": value, "unit": "个", "raw": f"{value}个"}


def test_mistakes_are_counted_by_gold_record_and_the_rest_together() -> None:
    document = {"source_name": "甲.txt"}
    park = {"text": "新建公园3个", "kind": "target", "targets": [target(3)]}
    task = {"text": "做好绿化管护工作", "kind": "task"}
    wrong = {**park, "targets": [target(4)]}
    gold = {"document": document, "tasks": "exhaustive", "records": [park, task]}
    none = {"document": document, "tasks": "exhaustive", "records": []}
    right = score(gold, {"document": document, "records": [park, task]})
    worse = score(gold, {"document": document, "records": [wrong]})
    extra = score(none, {"document": document, "records": [park]})
    assert mistakes([right])["whole"] == [0, 0, None]
    assert mistakes([right])["measured"] == [0, None, None], "a plain task is not measured"
    assert mistakes([worse])["whole"] == [1, 1, None]
    assert mistakes([worse, extra])["right"] == [2, None, None, 1]
    assert mistakes([extra])["records"] == [1]


# --- where a component goes -------------------------------------------------------------------------------


def component(name: str = "record", weight: float = 1.0) -> dict[str, bytes]:
    return dict(packed(name, {"labels": ["a"]}, {"weights": np.array([weight])}, {}).files)


def test_what_is_installed_is_what_runs(tmp_path: Path) -> None:
    site = tmp_path / "site"
    install(site, "columns", component("columns"))
    first = install(site, "record", component(weight=1) | {"card.md": b"# one"})
    second = install(site, "record", component(weight=2))
    assert first.version != second.version
    found = open_artifact("record", site)
    assert found is not None
    assert found.version == second.version
    assert found.arrays()["weights"] == [2]
    assert set(site_manifest(site)) == {
        "columns/config.json", "columns/weights.npz", "record/config.json", "record/weights.npz",
    }  # fmt: skip
    assert {path.name for path in site.iterdir()} == {"columns", "record", SITE_MANIFEST}
    assert not (site / "record" / "card.md").exists()


def test_what_is_kept_aside_is_never_used(tmp_path: Path) -> None:
    used = install(tmp_path, "record", component(weight=1))
    files = component(weight=2)
    home = keep_aside(tmp_path, "record", files, ["site · right: 80.0 → 70.0"], {"before": {"site": row()}})
    assert home.parent == tmp_path / "aside"
    assert home.name.startswith("record-")
    assert {path.name for path in home.iterdir()} == {*files, "reasons.json"}
    said = json.loads((home / "reasons.json").read_text(encoding="utf-8"))
    assert said["reasons"] == ["site · right: 80.0 → 70.0"]
    assert f"record-{said['version']}" == home.name
    found = open_artifact("record", tmp_path)
    assert found is not None
    assert found.version == used.version
    assert not any("aside" in key for key in site_manifest(tmp_path))
    assert keep_aside(tmp_path, "record", component(weight=3), []) != home
    assert install(tmp_path, "record", files).version == said["version"], "what is aside can be installed as it is"


@pytest.mark.parametrize("blocked", ["manifest", "scratch"])
def test_the_old_component_stays_where_the_new_one_cannot_be_written(tmp_path: Path, blocked: str) -> None:
    old = install(tmp_path, "columns", component("columns"))
    if blocked == "manifest":
        (tmp_path / SITE_MANIFEST).rename(tmp_path / "manifest.kept")
        (tmp_path / SITE_MANIFEST).mkdir()
        (tmp_path / SITE_MANIFEST / "in the way").touch()
        folder = tmp_path
    else:
        folder = tmp_path / "file"
        folder.touch()
    with pytest.raises(OutputError):
        install(folder, "columns", component("columns", weight=2))
    if blocked == "manifest":
        (tmp_path / SITE_MANIFEST / "in the way").unlink()
        (tmp_path / SITE_MANIFEST).rmdir()
        (tmp_path / "manifest.kept").rename(tmp_path / SITE_MANIFEST)
    found = open_artifact("columns", tmp_path)
    assert found is not None
    assert found.version == old.version
    assert not list(tmp_path.glob(".new-*"))


def test_a_damaged_manifest_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / SITE_MANIFEST).write_text("{", encoding="utf-8")
    with pytest.raises(ArtifactError):
        install(tmp_path, "record", component())
    assert (tmp_path / SITE_MANIFEST).read_text(encoding="utf-8") == "{"
    assert not (tmp_path / "record").exists()


@pytest.mark.parametrize(("name", "spoil"), [
    ("aside", {}), ("../record", {}), ("", {}), ("record", {"../weights.npz": b""}), ("record", {"config.json": None}),
    ("record", {"weights.pkl": b""}), ("record", {"config.json": b'{"format": 99}'}),
])  # fmt: skip
def test_what_no_run_could_read_is_neither_installed_nor_kept(
    tmp_path: Path, name: str, spoil: dict[str, bytes | None]
) -> None:
    files = {key: value for key, value in {**component(), **spoil}.items() if value is not None}
    for write in (lambda: install(tmp_path, name, files), lambda: keep_aside(tmp_path, name, files, [])):
        with pytest.raises(ArtifactError):
            write()
    assert not list(tmp_path.iterdir())
