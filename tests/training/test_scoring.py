"""What each figure counts, on samples of our own."""

from __future__ import annotations

from typing import Any

import pytest

from extractor.training.likeness import amount, metric_right, target_right
from extractor.training.rightness import judge
from extractor.training.scoring import FIGURES, Tally, figures, mean, score, table, total
from tests.training.samples import (
    WRONG,
    Change,
    File,
    changed,
    document,
    optional,
    put,
    put_target,
    record,
    sample,
    target,
)


def test_gold_against_itself_is_all_right() -> None:
    done = score(sample(), sample())
    assert all(value == 100 for value in figures(done.tallies()).values())
    assert done.mistakes == ()
    assert all(judged.whole for judged in judge(sample(), sample()))


def test_a_target_record_that_names_no_targets_is_scored() -> None:
    bare = document(
        {key: value for key, value in record("新增床位500张").items() if key != "targets"} | {"kind": "target"}
    )
    assert figures(score(bare, bare).tallies())["kind"] == 100


def test_nothing_made_is_nothing_right() -> None:
    done = score(sample(), {"document": {}, "records": []})
    made = figures(done.tallies())
    assert made["records"] == made["found"] == made["right"] == made["whole"] == made["measured"] == 0
    assert made["path"] is made["due"] is made["points"] is None  # only asked of records found
    assert {each.what for each in done.mistakes} == {
        "document.title", "document.year", "record missed", "found missed", "implicit missed"
    }  # fmt: skip


@pytest.mark.parametrize(("change", "fall", "told"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_a_mistake_lowers_its_figures_and_no_other(change: Change, fall: set[str], told: set[str]) -> None:
    done = score(sample(), changed(change))
    assert {name for name, value in figures(done.tallies()).items() if value not in (100, None)} == fall
    assert {mistake.what for mistake in done.mistakes} == told


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(put_target(2, 0, value=12_000, unit="亩"), id="scale"),
        pytest.param(put_target(0, 0, value="98", unit="％"), id="form of the unit"),
        pytest.param(put_target(0, 0, metric="城市 生活垃圾无害化处理率。"), id="space and full stop"),
        pytest.param(put_target(0, 0, metric="城市生活垃圾无害化处置率"), id="one character of a long metric"),
        pytest.param(put_target(0, 0, scope="云溪市"), id="scope that tells nothing apart"),
        pytest.param(put(1, "text", "建立河湖长巡查台账，并按月通报。"), id="a comma"),
        pytest.param(put(0, "path", ["环境 整治。"]), id="path but for space"),
        pytest.param(put(0, "tier", ""), id="empty tier"),
        pytest.param(lambda records: records[1]["responsible"].reverse(), id="order of names"),
        pytest.param(lambda records: records[0]["targets"].reverse(), id="order of targets"),
        pytest.param(lambda records: records.reverse(), id="order of records"),
        pytest.param(put(0, "number", "1."), id="its number"),
    ],
)
def test_what_makes_no_difference(change: Change) -> None:
    done = score(sample(), changed(change))
    assert done.mistakes == ()
    assert all(value == 100 for value in figures(done.tallies()).values())


def test_official_elements_may_have_several_right_answers() -> None:
    gold = {"document": {"title": "工作要点", "kind": ["notice", "plan"], "year": None}, "records": []}
    right = {"document": {"title": "工作 要点", "kind": "plan"}, "records": []}
    wrong = {"document": {"title": "工作要点", "kind": "other", "year": 2023}, "records": []}
    assert score(gold, right).tallies()["document"] == Tally(hit=3)
    assert [each.what for each in score(gold, wrong).mistakes] == ["document.year", "document.kind"]


@pytest.mark.parametrize(
    ("gold", "made"),
    [
        pytest.param(changed(optional(1)), changed(lambda r: r.pop(1)), id="record not made"),
        pytest.param(changed(optional(1)), sample(), id="record made"),
        pytest.param(changed(optional(1)), changed(put(1, "kind", "veto")), id="record made otherwise"),
        pytest.param(changed(put_target(0, 1, optional=True)), changed(lambda r: r[0]["targets"].pop()), id="target"),
        pytest.param(
            changed(put_target(0, 1, optional=True)), changed(put_target(0, 1, op="gt")), id="target otherwise"
        ),
        pytest.param(
            changed(put_target(3, 0, optional=True)),
            changed(lambda r: r[3].update(targets=[], kind="task")),
            id="the only target",
        ),
        pytest.param(
            changed(lambda r: r[1]["deadlines"][0].update(optional=True)),
            changed(put(1, "deadlines", [])),
            id="deadline",
        ),
        pytest.param(
            changed(lambda r: r[1]["responsible"][0].update(optional=True)),
            changed(put(1, "responsible", [])),
            id="name",
        ),
    ],
)
def test_optional_counts_neither_way(gold: File, made: File) -> None:
    done = score(gold, made)
    assert [each for each in done.mistakes if each.what != "baseline"] == []
    assert figures(done.tallies())["right"] == 100


@pytest.mark.parametrize(("kind", "extra"), [("task", 0), ("target", 1)])
def test_tasks_beyond_those_listed(kind: str, extra: int) -> None:
    made = changed(lambda records: records.append(record("广泛宣传动员，营造良好氛围", kind=kind)))
    gold = {**sample(), "tasks": "partial"}
    assert score(gold, made).tallies()["records"].extra == extra
    assert score(sample(), made).tallies()["records"].extra == 1


def test_means_leave_out_documents_with_few_items() -> None:
    few = score(sample(), changed(put_target(0, 1, op="gt")), "few")
    many_gold = document(*(record(f"第{n}项：完成改造{n}处", target(f"改造{n}处的任务", n, "处")) for n in range(1, 9)))
    many = score(many_gold, many_gold, "many")
    assert few.tallies()["right"].percent("right") == 80  # of five targets
    rows = table([few, many])
    assert rows["MEAN"]["right"] == 90
    assert rows["MEAN"]["whole"] == 100  # few has four records
    assert rows["ALL"]["whole"] == pytest.approx(100 * 11 / 12)
    assert rows["MEAN"]["points"] is None
    assert mean([]) == dict.fromkeys(FIGURES)


def test_a_target_in_the_wrong_record_is_found_there() -> None:
    made = changed(lambda records: records[0].update(text=TEXT_A, targets=records[0]["targets"][:1]))
    made["records"].insert(1, record(TEXT_B, target("农村生活垃圾无害化处理率", 90, due="2023-12-31")))
    tallies = score(sample(), made).tallies()
    assert tallies["right"] == Tally(hit=5)
    assert tallies["records"] == Tally(hit=3, missed=1, extra=2)


TEXT_A, TEXT_B = sample()["records"][0]["text"].split("，")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((1000, "万元"), (10_000_000, "元")), ((3, "成"), (30, "%")), ((2, "百人次"), (200, "人次")), ((5, "㎡"), (5, "平米")),
        ((3, "百分点"), (3, "个百分点")), ((1.5, "亿"), (15_000, "万")), (("12", "个"), (12, "个")),
    ],
)  # fmt: skip
def test_amounts_of_one_size(first: tuple[Any, str], second: tuple[Any, str]) -> None:
    assert amount(target("甲", *first)) == amount(target("甲", *second))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((3, "十"), (30, "")), ((3, "百"), (300, "")), ((3, "%"), (3, "个百分点")), ((3, "万"), (3, "万元")), ((3, None), (3, "个")),
        (("约3", "个"), (3, "个")), ((None, "个"), (0, "个")), ((3, "亩"), (3, "公顷")),
    ],
)  # fmt: skip
def test_amounts_that_differ(first: tuple[Any, str | None], second: tuple[Any, str | None]) -> None:
    assert amount(target("甲", *first)) != amount(target("甲", *second))


def test_upper_end_is_part_of_the_amount() -> None:
    assert amount(target("甲", 3, "万元", upper=5)) == amount(target("甲", 30_000, "元", upper=50_000))
    assert amount(target("甲", 3, "个", upper=5)) != amount(target("甲", 3, "个"))


@pytest.mark.parametrize(
    ("metric", "right"),
    [
        ("农村生活垃圾无害化处理率", True), ("全市农村生活垃圾无害化处理率", True), ("农村垃圾无害化处理率", True),
        ("城市生活垃圾无害化处理率", False), ("生活垃圾", False), ("", False), (None, False), ("农村生活污水治理率", False),
    ],
)  # fmt: skip
def test_a_metric_is_that_of_its_target(metric: str | None, right: bool) -> None:
    gold = sample()["records"][0]
    assert metric_right(gold["targets"][1], metric, gold) is right


def test_scope_only_where_it_tells_apart() -> None:
    alone = record("造林1.2万亩", target("造林面积", 1.2, "万亩", scope="东陵区"))
    row_of = sample()["records"][2]
    made = target("造林面积", 1.2, "万亩")
    assert target_right(alone["targets"][0], made, alone)
    assert not target_right(row_of["targets"][0], made, row_of)
    assert target_right(row_of["targets"][0], {**made, "scope": "东陵区"}, row_of)


@pytest.mark.parametrize("figure", [name for name in FIGURES if name != "document"])
def test_what_each_gold_record_adds_is_the_sum(figure: str) -> None:
    gold = changed(lambda records: records.insert(0, record("现状与形势很长的一段话")))
    made = changed(lambda records: (records.insert(0, record("开头多出的一条", target("多出", 7, "个"))),
                                    records.append(record("末尾多出的一条", target("又多", 8, "个")))))  # fmt: skip
    done = score(gold, made)
    of_all = total([done])[figure]
    assert done.by_record(figure).sum(axis=0).tolist() == [of_all.hit, of_all.missed, of_all.extra]


def test_a_false_alarm_counts_with_the_record_before_it() -> None:
    made = changed(lambda records: records.insert(2, record("多出的一条", target("多出", 7, "个"))))
    assert score(sample(), made).by_record("right")[:, 2].tolist() == [0, 1, 0, 0]
    empty = score(document(), document(record("多出的一条", target("多出", 7, "个"))))
    assert empty.by_record("right").shape == (0, 3)
    assert empty.tallies()["right"] == Tally(extra=1)
