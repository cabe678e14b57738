from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from extractor import extract
from extractor.cli import main
from extractor.components import BUILTIN
from extractor.export.table import columns
from extractor.training.scoring import FIGURES


@pytest.fixture
def gold(notice: Path, page: Path, tmp_path: Path) -> Path:
    """The results of both samples as gold: the notice with another metric, the page in a folder of its own."""
    for source, folder in ((notice, tmp_path / "gold"), (page, tmp_path / "gold" / "表格")):
        said = json.loads(extract(source).to_json())
        if source is notice:
            said["records"][0]["targets"][0]["metric"] = "全市新建公办养老机构床位数量"
        folder.mkdir()
        (folder / f"{source.stem}.json").write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    return tmp_path / "gold"


def evaluate(*words: object) -> int:
    return main(["evaluate", *map(str, words)])


def test_the_table(gold: Path, notice: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(gold, notice.parent) == 0
    shown = capsys.readouterr()
    lines = shown.out.splitlines()
    assert lines[0].split()[:4] == ["文件", "切分", "找到", "全对"]
    assert lines[1].split() == ["document", *FIGURES[:7], *FIGURES[7:]]
    assert [line.split()[0] for line in lines[2:]] == ["gold/工作要点", "表格/任务表", "合计", "平均"]
    assert {columns(line) for line in lines} == {columns(lines[0])}
    right = {line.split()[0]: line.split()[-11] for line in lines[2:]}
    assert right["表格/任务表"] == "100.0"
    assert right["gold/工作要点"] == "80.0"
    models, *others = shown.err.splitlines()
    assert [part.split()[0] for part in models.removeprefix("训练的部件 / trained parts: ").split("、")] == list(
        BUILTIN
    )
    assert others == [
        f"[1/2] {notice}: 1 处不同 / mistakes",
        f"[2/2] {notice.with_name('任务表.html')}: 0 处不同 / mistakes",
    ]


def test_mistakes_and_groups(gold: Path, notice: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(gold, notice.parent, "--errors", 5, "--by-group", "--quiet", "--models", "rules") == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    assert (
        "── gold/工作要点: target wrong 1\n· target wrong: 应为 / wanted 全市新建公办养老机构床位数量 ge 500张"
        in shown.out
    )
    assert "── 表格/任务表: 没有不同 / no mistakes" in shown.out
    names = [line.split("  ")[0] for line in shown.out.splitlines()]
    assert [name for name in names if name.startswith("文")] == [
        "文件", "文件夹 / folder: gold", "文件夹 / folder: 表格", "文种 / kind: task_table", "文种 / kind: work_points"
    ]  # fmt: skip


def test_json(gold: Path, notice: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(gold, notice.parent, "--json", "--errors", 1, "--by-group") == 0
    said: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert set(said) == {"documents", "ALL", "MEAN", "groups", "mistakes", "models", "failed"}
    assert set(said["ALL"]) == set(FIGURES)
    assert said["documents"]["gold/工作要点"]["right"] == 80
    assert said["mistakes"]["gold/工作要点"][0]["what"] == "target wrong"
    assert said["groups"]["folder"]["表格"]["right"] == 100
    assert list(said["models"]) == list(BUILTIN)
    assert said["failed"] == []


def test_a_document_that_cant_be_read_counts_as_nothing(
    gold: Path, notice: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notice.write_bytes(b"\x00\x01\x02" * 50)
    assert evaluate(gold, notice.parent, "--quiet", "--json") == 1
    shown = capsys.readouterr()
    assert shown.err.startswith(f"{notice}: 按没有记录计 / counted as without records: ")
    assert shown.err.count("\n") == 1
    said = json.loads(shown.out)
    assert said["failed"] == ["gold/工作要点"]
    assert said["documents"]["gold/工作要点"]["records"] == 0
    assert said["documents"]["表格/任务表"]["records"] == 100


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["{gold}", "{gold}"], "找不到文件"),
        (["{documents}", "{documents}"], "没有标准答案（*.json）/ no gold"),
        (["{gold}/没有", "{documents}"], "没有标准答案"),
        (["{gold}", "{documents}", "--models", "{documents}"], "没有训练好的部件"),
        (["{gold}", "{documents}", "--config", "{gold}/没有.toml"], "设置文件打不开"),
    ],
)
def test_wrong_usage_is_told_on_one_line(
    gold: Path, notice: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(*(word.format(gold=gold, documents=notice.parent) for word in words)) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert shown.err.count("\n") == 1
    assert shown.out == ""


@pytest.mark.parametrize("words", [["gold"], ["gold", "in", "--errors", "0"], []])
def test_what_the_grammar_refuses(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        evaluate(*words)
    assert end.value.code == 2
    assert capsys.readouterr().err
