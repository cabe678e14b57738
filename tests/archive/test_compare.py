"""Two documents against each other: what becomes of each demand, and that none is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from extractor import extract
from extractor.archive.compare import compare
from extractor.types.archive import Observation
from extractor.types.comparison import Category, Comparison, Row
from extractor.types.record import ExtractionFile, Target
from tests.archive.comparing import against, demand, goal, read, row_with
from tests.archive.notices import LAST_YEAR, THIS_YEAR, grams_alike
from tests.export.samples import make_file, make_record

CORPUS = Path(__file__).parents[2] / "corpus" / "txt"


@pytest.fixture(scope="module")
def years() -> Comparison:
    return against(read(LAST_YEAR), read(THIS_YEAR))


@pytest.mark.parametrize(
    ("words", "category", "stricter", "change", "aspects", "notes"),
    [
        pytest.param("护理型床位", "raised", True, (5, "%"), ["value"], ["years_moved"], id="more is demanded"),
        pytest.param("家庭养老床位", "lowered", False, (-100, "张"), ["value"], ["years_moved"], id="less is demanded"),
        pytest.param("办结时限", "lowered", True, (-5, "个工作日"), ["value"], [], id="a ceiling was lowered"),
        pytest.param("改造资金", "same", None, None, [], ["unit_written"], id="the same in another unit"),
        pytest.param("消防安全", "same", None, None, [], ["implicit"], id="the same without a number"),
        pytest.param("政策培训", "same", None, None, [], [], id="word for word"),
        pytest.param("星级评定", "same", None, None, [], ["years_moved"], id="a task of each year"),
        pytest.param("老年食堂", "changed", True, None, ["due"], [], id="an earlier day"),
        pytest.param("设施覆盖率", "changed", True, None, ["strength"], [], id="no longer only to strive for"),
        pytest.param("集中供养率", "changed", None, None, ["responsible"], [], id="another unit helps"),
        pytest.param("日常监测", "changed", None, None, ["text"], [], id="a task in other words"),
        pytest.param("规范化建设", "changed", True, None, ["value"], [], id="a task got a number"),
        pytest.param("适老化改造", "added", None, None, [], [], id="a new target"),
        pytest.param("共享目录", "added", None, None, [], [], id="a new task"),
        pytest.param("高龄津贴", "dropped", None, None, [], [], id="a target less"),
        pytest.param("应急预案", "dropped", None, None, [], [], id="a task less"),
    ],
)
def test_what_becomes_of_each_demand(
    words: str, category: Category, stricter: bool | None, change: tuple[float, str] | None, aspects: list[str],
    notes: list[str], years: Comparison,
) -> None:  # fmt: skip
    row = row_with(years, words)
    assert (row.category, row.stricter) == (category, stricter)
    assert (row.change, row.unit) == (change or (None, None))
    assert [each.aspect for each in row.differences] == aspects
    assert list(row.notes) == notes
    assert (row.old is None, row.new is None) == (category == "added", category == "dropped")


def test_what_was_dropped_stands_where_it_would_have_come(years: Comparison) -> None:
    texts = [row.sides[0].record.text for row in years.rows]
    assert texts.index("高龄津贴社会化发放率达到98%以上") == texts.index("养老机构消防安全检查覆盖率达到100%") + 1
    kept = [row.new.record.evidence.start for row in years.rows if row.new]
    assert kept == sorted(kept)


def test_the_mark_is_where_the_threshold_stands(years: Comparison) -> None:
    for row in years.rows:
        for side in row.sides:
            if side.target is not None:
                assert side.mark is not None
                assert side.record.text[slice(*side.mark)] == side.target.raw


def test_of_two_like_thresholds_each_has_its_own_mark() -> None:
    made = against(read("1.城市社区设施覆盖率达到90%，农村敬老院入住率达到90%。"), make_file(()))
    marks = [side.mark for each in made.rows for side in each.sides]
    assert len(marks) == len(set(marks)) == 2


# --- nothing lost -----------------------------------------------------------------------------------------


def spots(file: ExtractionFile) -> Counter[tuple[str, int | None]]:
    return Counter(
        (record.record_id, at)
        for record in file.records
        for at in (range(len(record.targets)) if record.targets else [None])
    )


PAIRS = sorted(CORPUS.glob("*.txt"))[:6]


@pytest.mark.parametrize(("old", "new"), [*pairwise(PAIRS)], ids=lambda path: path.stem[:12])
def test_every_target_is_in_one_row_and_every_task_in_one_at_least(old: Path, new: Path) -> None:
    files = extract(old).to_contract(), extract(new).to_contract()
    made = against(*files)
    for file, side in zip(files, ("old", "new"), strict=True):
        shown = [getattr(row, side) for row in made.rows]
        seen = Counter((each.record.record_id, each.at) for each in shown if each is not None)
        assert seen.keys() == spots(file).keys()
        assert all(count == 1 for (_, at), count in seen.items() if at is not None)
    assert sum(made.counts.values()) == len(made.rows)


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.stem[:12])
def test_a_document_is_the_same_as_itself(path: Path) -> None:
    file = extract(path).to_contract()
    made = against(file, file)
    assert {row.category for row in made.rows} <= {"same"}
    assert [row.old for row in made.rows] == [row.new for row in made.rows]


def test_the_other_way_round_is_the_mirror_image(years: Comparison) -> None:
    back = against(read(THIS_YEAR), read(LAST_YEAR))
    mirrored: dict[Category, Category] = {
        "raised": "lowered", "lowered": "raised", "added": "dropped", "dropped": "added", "changed": "changed", "same": "same",
    }  # fmt: skip

    def told(row: Row, *, turned: bool) -> tuple[object, ...]:
        ids = [side.record.record_id if side else None for side in (row.old, row.new)]
        flip = row.stricter is not None and turned
        category = mirrored[row.category] if turned else row.category
        return (*(reversed(ids) if turned else ids), category, row.stricter != flip if flip else row.stricter)

    assert {told(row, turned=False) for row in years.rows} == {told(row, turned=True) for row in back.rows}


def test_rejected_records_are_not_compared() -> None:
    gone = demand("新增床位不少于500张", goal(), status="rejected")
    made = against(make_file((gone,)), make_file((demand("新增床位不少于500张", goal()),)))
    assert [row.category for row in made.rows] == ["added"]
    assert (made.old.records, made.old.targets, made.new.targets) == (0, 0, 1)


def test_the_model_is_asked_of_two_documents_even_where_both_are_one_file() -> None:
    asked: list[tuple[Observation, Observation]] = []

    def similar(pairs: Sequence[tuple[Observation, Observation]]) -> np.ndarray:
        asked.extend(pairs)
        return grams_alike(pairs)

    file = read(LAST_YEAR)
    compare(file, file, similar)
    assert asked
    assert all(one.document != other.document for one, other in asked)
    assert len(asked) == len({(one.id, other.id) for one, other in asked})  # none twice


def test_empty_documents() -> None:
    assert against(make_file(()), make_file(())).rows == ()


# --- what goes together -----------------------------------------------------------------------------------


def test_a_target_that_moved_to_another_record_is_found() -> None:
    old = read("1.新增养老床位500张，护理型床位占比达到55%。\n2.规范社会组织登记。\n")
    new = read("1.新增养老床位500张。\n2.规范社会组织登记。\n3.护理型床位占比达到58%。\n")
    assert {row.category for row in against(old, new).rows} == {"same", "raised"}


def quota(*rows: tuple[str, int], year: int = 2023) -> ExtractionFile:
    records = [
        make_record(
            at,
            ("床位分配表",),
            place,
            kind="target",
            targets=(goal(value=value, scope=place, raw=str(value), due=f"{year}-12-31"),),
        )
        for at, (place, value) in enumerate(rows)
    ]
    return make_file(tuple(records), year=year)


def test_rows_of_a_quota_table_go_by_their_names() -> None:
    old = quota(("云溪县", 500), ("云溪市", 300), ("月湖区", 200))
    new = quota(("月湖区", 250), ("云溪市", 300), ("平阳县", 500), year=2024)
    found = {row.sides[0].record.text: row.category for row in against(old, new).rows}
    assert found == {"月湖区": "raised", "云溪市": "same", "平阳县": "added", "云溪县": "dropped"}


def test_years_of_one_measure_go_with_their_years() -> None:
    def plan(first: int, *steps: tuple[int, float]) -> ExtractionFile:
        targets = [goal(metric="覆盖率", value=value, unit="%", due=f"{year}-12-31") for year, value in steps]
        return make_file((demand("覆盖率分步达到", *targets),), year=first, period=(first, first + 4), kind="plan")

    made = against(plan(2021, (2022, 60), (2025, 80)), plan(2026, (2027, 70), (2030, 80)))
    assert [(row.category, row.change) for row in made.rows] == [("raised", 10), ("same", None)]


def test_of_a_plans_steps_the_one_left_out_is_told() -> None:
    lines = [f"{at}.到{year}年底，政务云资源利用率达到{value}%，数据共享需求满足率达到{value + 5}%。\n"
             for at, (year, value) in enumerate([(2023, 45), (2024, 55), (2025, 65)], start=1)]  # fmt: skip
    made = against(read("".join(lines)), read(lines[0] + lines[2]))
    assert [(row.category, row.old.record.number if row.old else None) for row in made.rows] == [
        ("same", "1."), ("same", "1."), ("dropped", "2."), ("dropped", "2."), ("same", "3."), ("same", "3."),
    ]  # fmt: skip


def test_of_two_measures_that_the_model_takes_for_one_the_wording_decides() -> None:
    def table(year: int, *values: float) -> ExtractionFile:
        names = f"{year}年细颗粒物浓度", "细颗粒物年均浓度"
        targets = [
            goal(metric=name, value=value, unit="微克/立方米") for name, value in zip(names, values, strict=True)
        ]
        return make_file((demand("石鼓县", *targets),), year=year)

    made = compare(table(2023, 30, 35), table(2024, 29, 34), lambda pairs: np.full(len(pairs), 0.99))
    assert [row.change for row in made.rows] == [-1, -1]


def test_a_binding_figure_does_not_go_with_the_one_to_be_striven_for() -> None:
    def rate(value: float, **more: Any) -> Target:
        return goal(metric="签约率", value=value, unit="%", raw=f"{value}%", **more)

    stretched = demand("签约率达到95%，力争达到97%", rate(95), rate(97, strength="strive"))
    made = against(make_file((stretched,)), make_file((demand("签约率达到96%", rate(96)),)))
    assert {(row.category, row.change, row.stricter) for row in made.rows} == {
        ("raised", 1, True),
        ("dropped", None, None),
    }


def test_grades_are_not_mixed() -> None:
    good, fair = (demand("覆盖率达标", goal(value=value), tier=tier) for tier, value in (("优秀", 90), ("良好", 80)))
    made = against(make_file((good, fair)), make_file((fair, good)))
    assert [row.category for row in made.rows] == ["same", "same"]
    assert [row.category for row in against(make_file((good,)), make_file((fair,))).rows] == ["dropped", "added"]


def test_a_reward_is_no_punishment() -> None:
    pair = (make_record(0, (), "信息被采用的，每条1分", kind=kind, points=1) for kind in ("bonus", "penalty"))
    assert [row.category for row in against(*(make_file((each,)) for each in pair)).rows] == ["dropped", "added"]


def test_what_the_model_takes_for_another_measure_stays_apart() -> None:
    old, new = (
        demand("城市低保标准达到800元", goal(metric="城市低保标准")),
        demand("农村特困标准达到800元", goal(metric="农村特困标准")),
    )
    made = compare(make_file((old,)), make_file((new,)), lambda pairs: grams_alike(pairs) * 0)
    assert [row.category for row in made.rows] == ["dropped", "added"]
