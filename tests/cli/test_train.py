"""``extractor train``: what it learns from, where it writes, and what it says of a component that lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extractor.cli import main
from extractor.cli import train as command
from extractor.learned.artifacts import open_artifact, site_manifest
from extractor.training.gate import Verdict
from extractor.training.recipe import packed
from extractor.training.train import Outcome
from extractor.types.review import AcceptMany, Step
from extractor.workspace.service import open_workspace
from tests.workspace.samples import ids, operation_id, ready

ROOT = Path(__file__).parents[2]
NAMES = ("06_city-scoring-scheme", "30_rural-revival-points", "35_commerce-points", "51_justice-points")


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """Four documents of the corpus as a user would lay them out."""
    for folder, source, suffix in (("gold", "annotations", ".json"), ("documents", "corpus/txt", ".txt")):
        (tmp_path / folder).mkdir()
        for name in NAMES:
            (tmp_path / folder / (name + suffix)).write_bytes((ROOT / source / (name + suffix)).read_bytes())
    return tmp_path / "gold"


def train(*words: object) -> int:
    return main(["train", *map(str, words)])


def test_from_a_users_own_gold(gold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = tmp_path / "site"
    given = ("--only-given", "--gold", gold, "--documents", gold.with_name("documents"), "--into", site, "--jobs", 1)
    assert train("record", *given) == 0
    shown = capsys.readouterr()
    assert shown.err.splitlines()[0] == "4 份文件 / documents; record"
    assert "record: 折 / fold 4/4" in shown.err
    lines = shown.out.splitlines()
    assert lines[0].startswith("record: gold: right ")
    assert lines[-1].startswith("用时 / took ")
    installed = open_artifact("record", site) if site_manifest(site) else None
    if installed is None:  # worse on what was held out
        assert (site / "aside").is_dir()
        assert "kept aside" in shown.out
    else:
        assert f"record: 已装好 / installed: {site} {installed.version}" in lines
        assert set(installed.files) == {"config.json", "weights.npz", "card.md"}
        assert list(installed.config["figures"]["with"]) == ["gold"]


def test_what_teaches_one_component_nothing_trains_the_others(
    gold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in NAMES[1:]:
        (gold / f"{name}.json").unlink()
    given = ("--only-given", "--gold", gold, "--documents", gold.with_name("documents"), "--into", tmp_path / "site")
    assert train("metric", "confidence", "--quick", *given) == 0
    first, *others, _ = capsys.readouterr().out.splitlines()
    assert first.startswith("metric: 没有训练 / not trained: ")
    assert others
    assert all(line.startswith("confidence: ") for line in others)
    assert {line.split("/")[0] for line in site_manifest(tmp_path / "site")} == {"confidence"}


def test_from_a_workspace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = open_workspace(tmp_path / "data")
    workspace.start()
    name = ready(workspace)
    accept = AcceptMany(op="accept_many", client_op_id=operation_id(), records=tuple(ids(workspace, name)))
    workspace.perform(name, accept, "li")
    arguments = ("confidence", "--only-given", "--quick", "--quiet", "--from", tmp_path / "data")
    assert train(*arguments) == 1
    assert "还没有批准的文件" in capsys.readouterr().err
    workspace.perform(name, Step(op="approve", client_op_id=operation_id()), "zhao")
    for source in (tmp_path / "data", tmp_path / "data" / "extractor.db"):
        assert train("confidence", "--only-given", "--quick", "--quiet", "--from", source) == 0
        shown = capsys.readouterr()
        assert "not measured" in shown.out
        assert shown.err == ""
    made = open_artifact("confidence", tmp_path / "data" / "models")
    assert made is not None
    assert [key.partition("/")[0] for key in made.config["documents"]] == ["site"]
    workspace.stop()
    workspace.database.close()


def lost(name: str = "record") -> Outcome:
    files = dict(packed(name, {}, {}, {}).files)
    return Outcome(name, files, Verdict(("site · right: 80.0 → 70.0",)))


def test_what_lost_is_kept_aside_and_what_was_there_stays(tmp_path: Path) -> None:
    assert any(
        "installed" in line for line in command.written(Outcome("columns", dict(lost("columns").files)), tmp_path)
    )
    said = list(command.written(lost(), tmp_path))
    assert said[0].startswith("record: 放在一边，照旧用原来的 / kept aside, what was in use stays: ")
    assert said[1] == "record:   site · right: 80.0 → 70.0"
    assert {key.partition("/")[0] for key in site_manifest(tmp_path)} == {"columns"}
    (reasons,) = tmp_path.glob("aside/record-*/reasons.json")
    assert json.loads(reasons.read_text(encoding="utf-8"))["reasons"] == ["site · right: 80.0 → 70.0"]


@pytest.mark.parametrize(("words", "said"), [
    (["record"], "--into"),
    (["colums", "--into", "x"], "known: columns, record"),
    (["record", "--shipped", "--into", "x"], "--shipped 与 --into"),
    (["record", "--shipped", "--gold", "x", "--documents", "x"], "--shipped 只用"),
    (["record", "--into", "x", "--gold", "x"], "每个 --gold"),
    (["record", "--into", "x", "--documents", "x"], "每个 --gold"),
    (["record", "--into", "x", "--only-given"], "没有可以学习的文件"),
    (["record", "--into", "x", "--gold", "nowhere", "--documents", "nowhere"], "没有标准答案"),
    (["record", "--from", "postgresql+psycopg://localhost/x"], "--data"),
    (["record", "--into", "x", "--config", "nowhere.toml", "--only-given", "--from", "nowhere"], "没有工作台"),
])  # fmt: skip
def test_what_can_not_be_done_is_said(
    words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    try:
        code = train(*words, "--quiet")
    except SystemExit as end:
        code = int(end.code or 0)
    shown = capsys.readouterr()
    assert code in (1, 2)
    assert said in shown.err
    assert "Traceback" not in shown.err
    assert shown.out == ""
    assert not list(tmp_path.iterdir())
