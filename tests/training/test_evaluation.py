"""Which gold is measured, and with which parts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from extractor.components import BUILTIN, RULES
from extractor.config import load_config
from extractor.errors import ConfigError, ReadError
from extractor.learned.artifacts import SITE_MANIFEST
from extractor.training.evaluation import chosen_models, gold_examples, group_rows, measure, unread
from extractor.training.scoring import figures
from tests.training.samples import File, document, record, target

WORDS = "新增养老床位500张以上。"


def gold(name: str, **more: object) -> File:
    made = document(record("新增养老床位500张以上", target("新增养老床位", 500, "张"), path=[]))
    made["document"] = {"source_name": name, **more}
    return made


def write(folder: Path, *files: File) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for at, each in enumerate(files):
        (folder / f"{at}.json").write_text(json.dumps(each, ensure_ascii=False), encoding="utf-8")
    return folder


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    for name in ("甲.txt", "乙.txt", "丙.txt"):
        (folder / name).write_text(WORDS, encoding="utf-8")
    return folder


def test_folders_within_are_groups(tmp_path: Path, documents: Path) -> None:
    home = write(tmp_path / "gold", gold("甲.txt"))
    write(home / "县区", gold("乙.txt"), gold("丙.txt"))
    (home / "空").mkdir()
    assert [each.name for each in gold_examples(home, [documents])] == ["gold/甲", "县区/乙", "县区/丙"]


def test_figures_by_folder_and_by_kind(tmp_path: Path, documents: Path) -> None:
    home = write(tmp_path / "gold", gold("甲.txt", kind="plan"), gold("乙.txt", kind=["notice", "plan"]))
    write(home / "县区", gold("丙.txt"))
    found = [measure(each, RULES) for each in gold_examples(home, [documents])]
    assert [figures(each.score.tallies())["right"] for each in found] == [100, 100, 100]
    found[0] = unread(found[0].example)
    rows = group_rows(found)
    assert {name: row["records"] for name, row in rows["folder"].items()} == {
        "gold": pytest.approx(200 / 3),
        "县区": 100,
    }
    assert {name: row["records"] for name, row in rows["kind"].items()} == {"notice": 100, "other": 100, "plan": 0}


def test_a_document_that_cant_be_read_raises(tmp_path: Path, documents: Path) -> None:
    (documents / "甲.txt").write_bytes(b"")
    with pytest.raises(ReadError):
        measure(gold_examples(write(tmp_path / "gold", gold("甲.txt")), [documents])[0], RULES)


def spoil(change: Callable[[File], object]) -> File:
    made = gold("甲.txt")
    change(made)
    return made


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "没有标准答案"),
        ([gold("丁.txt")], "找不到文件 丁"),
        ([gold("甲.txt"), gold("甲.pdf")], "gold/甲: 有两份标准答案"),
        ([spoil(lambda g: g["records"][0].pop("text"))], "records/0/text 不对 / the gold's records/0/text is wrong: Field req"),
        ([spoil(lambda g: g["records"][0].update(kind="goal"))], "records/0/kind"),
        ([spoil(lambda g: g["records"][0]["targets"][0].pop("op"))], "records/0/targets/0/op"),
        ([spoil(lambda g: g["records"][0].update(path="一"))], "records/0/path"),
        ([spoil(lambda g: g["records"][0].update(responsible=["民政局"]))], "records/0/responsible/0"),
        ([spoil(lambda g: g.update(records={}))], "records"),
        ([spoil(lambda g: g.pop("records"))], "不是标准答案文件"),
    ],
)  # fmt: skip
def test_gold_that_cant_be_used_is_named(tmp_path: Path, documents: Path, files: list[File], said: str) -> None:
    with pytest.raises(ConfigError) as told:
        gold_examples(write(tmp_path / "gold", *files), [documents])
    assert said in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    "change",
    [
        lambda g: g["records"][0].update(targets=None, path=None, deadlines=None, responsible=None, kind="task"),
        lambda g: g["records"][0].update(points="2", optional=True, remark="见附件"),
        lambda g: g["records"][0]["targets"][0].update(value="约500", upper=None, optional=True),
        lambda g: g.update(records=[], tasks="partial"),
    ],
)
def test_liberties_of_the_guideline_are_taken(
    tmp_path: Path, documents: Path, change: Callable[[File], object]
) -> None:
    (example,) = gold_examples(write(tmp_path / "gold", spoil(change)), [documents])
    measure(example, RULES)


def test_parts_are_those_of_the_settings_unless_chosen(tmp_path: Path) -> None:
    said = load_config().models
    assert chosen_models(said, None) == said
    assert {getattr(chosen_models(said, "learned"), name) for name in BUILTIN} == {"learned"}
    assert {getattr(chosen_models(said, "rules"), name) for name in BUILTIN} == {"rules"}
    site = said.model_copy(update={"site": "site"})
    assert chosen_models(site, "learned").site == ""
    (tmp_path / SITE_MANIFEST).write_text('{"metric/config.json": "00"}', encoding="utf-8")
    assert chosen_models(said, str(tmp_path)).site == str(tmp_path)
    assert chosen_models(said, str(tmp_path)).metric == "learned"


@pytest.mark.parametrize("folder", ["empty", "missing"])
def test_a_folder_without_trained_parts(tmp_path: Path, folder: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError, match=r"没有训练好的部件.*no trained components"):
        chosen_models(load_config().models, str(tmp_path / folder))
