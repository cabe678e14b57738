from __future__ import annotations

import pytest

from extractor.components import RULES
from extractor.formats import read_document
from extractor.items.column_features import column_features, word_features
from extractor.items.columns import KNOWN, Column, as_label, label_of, read_columns
from extractor.items.learned_columns import LearnedColumns, knows_head, load
from extractor.items.table_grid import Grid, make_grid
from extractor.pipeline import extract_document
from extractor.training.recipes.column_tables import read_headers
from extractor.training.recipes.columns import Columns
from tests.items.table_samples import make_document, read_items

UNITS = ("市水务局", "县财政局、县住建局", "县教育局")
PERSONS = ("王建国", "李明", "赵晓东")
DATES = ("9月底前", "2024年底", "6月30日前")
SCORING = ("少一次扣1分，扣完为止", "每低1个百分点扣0.5分", "未完成不得分")
DUTIES = ("建设规模以上水厂2座，改造老旧管网30公里", "开展专项检查4次，建立工作台账", "新增公办学位800个")


@pytest.fixture(scope="module")
def reader() -> LearnedColumns:
    return load(Columns(tables=1500).train([], lambda _: None).artifact())


def grid_of(table: str) -> Grid:
    document = make_document(table)
    return make_grid(document.text, document.tables[0], KNOWN)


def with_column(head: str, cells: tuple[str, ...]) -> Grid:
    """A table of tasks whose last column has this header over these cells."""
    rows = [f"{at}|{DUTIES[at - 1]}|{DATES[at - 1]}|{words}" for at, words in enumerate(cells, 1)]
    return grid_of("\n".join([f"序号|工作任务|完成时限|{head}", *rows]))


@pytest.mark.parametrize(
    ("head", "cells", "label"),
    [
        ("牵头局办", UNITS, "who_lead"),
        ("配合局办", UNITS, "who_support"),
        ("包干领导", PERSONS, "who_leader"),
        ("扣分尺子", SCORING, "scoring"),
        ("给分口子", SCORING, "scoring"),
        ("佐证清单", ("查看文件、照片", "查阅台账", "现场检查记录"), "notes"),
        ("打分权重数", ("5", "10", "8"), "points"),
        ("冲刺目标数", ("≥95%", "120", "300"), "target"),
        ("上年基数值", ("80", "96", "210"), "baseline"),
    ],
)
def test_unseen_header_is_told(reader: LearnedColumns, head: str, cells: tuple[str, ...], label: str) -> None:
    assert all(head not in wording.levels for wording in read_headers())
    grid = with_column(head, cells)
    assert label_of(reader(grid)[3]) == label


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("责任单位", UNITS),
        ("牵头单位", UNITS),
        ("责任领导", PERSONS),
        ("备注", ("含镇级", "续建", "含县级")),
        ("评分细则", SCORING),
        ("2024年目标", ("网办率达到95%", "建成水厂2座", "培训300人次")),
        ("联系电话", ("13800000000", "13900000000", "13700000000")),
        ("牵头及配合单位", UNITS),
        ("丑寅卯辰", ("", "", "")),
        ("", UNITS),
    ],
)
def test_what_the_rules_know_stays(reader: LearnedColumns, head: str, cells: tuple[str, ...]) -> None:
    grid = with_column(head, cells)
    assert reader(grid)[3] == read_columns(grid)[3]


def test_values_of_an_indicator_table_stay(reader: LearnedColumns) -> None:
    rows = [
        "经济发展|地区生产总值|亿元|1200|1800|8%|预期性",
        "^|全员劳动生产率|万元/人|12|16|6%|预期性",
        "^|城镇化率|%|58|65|1.2%|预期性",
    ]
    table = "\n".join(["类别|指标名称|单位|2020年|2025年|年均增速|属性", *rows])
    learned = read_items(table, columns=reader, known=reader.known, period=(2021, 2025))
    assert learned == read_items(table, period=(2021, 2025)) != []


def test_only_the_column_with_the_unknown_header_changes(reader: LearnedColumns) -> None:
    grid = with_column("协理单位", UNITS)
    assert reader(grid)[:3] == read_columns(grid)[:3]


def test_doubt_leaves_the_rules_reading(reader: LearnedColumns) -> None:
    grid = with_column("协理单位", UNITS)
    never = LearnedColumns(reader.model, 1.01, 1.01, 1.01, reader.known)
    assert never(grid) == read_columns(grid)


LISTS = {  # nobody is to do anything in these
    "fees": "收费项目|收费标准（元）|收费依据\n停车费|5|物价局文件\n工本费|20|物价局文件",
    "stocks": "物资|库存（吨）|存放地\n大米|120|粮站\n食用油|30|粮站",
    "factors": "排放源|活动水平|因子值\n燃煤|1200|2.66\n汽油|300|2.93",
    "results": "名次|参赛队|成绩\n1|东川县|98.5\n2|云岭区|96.2",
    "courses": "课程|学时|授课人\n公文写作|4|王建国\n信息安全|6|李明",
    "samples": "点位|pH|氨氮（mg/L）\n清河桥|7.2|0.35\n石门水库|7.5|0.21",
    "goods": "品名|规格|单价（元）|供应商\n电脑|14寸|4999|某公司\n打印机|A4|1299|某公司",
    "papers": "证件名称|办理机关|工本费（元）\n居民身份证|公安机关|20\n护照|公安机关|120",
    "growth": "年份|产值（亿元）|增长（%）\n2019|120|8.1\n2020|131|9.0",
}


@pytest.mark.parametrize("table", LISTS.values(), ids=LISTS)
def test_lists_stay_without_records(reader: LearnedColumns, table: str) -> None:
    assert read_items(table, columns=reader, known=reader.known) == []


def test_header_found_by_its_words_is_no_record(reader: LearnedColumns) -> None:
    """No word of this header is known to the rules, which take it for a row."""
    head = "归属条块|奋斗方向与做法|牵头局办|办结日子"
    rows = [f"生态环保|{DUTIES[at]}|{UNITS[at]}|{DATES[at]}" for at in range(3)]
    table = "\n".join([head, *rows])
    assert next(item["text"] for item in read_items(table)) in head
    assert [item["text"] for item in read_items(table, columns=reader, known=reader.known)] == list(DUTIES)


def test_trained_columns_bring_what_finds_their_header_into_a_run() -> None:
    learned = RULES.with_part("columns", Columns(tables=1500).train([], lambda _: None).artifact())
    head = "归属条块\t奋斗方向与做法\t牵头局办\t办结日子"
    rows = [f"生态环保\t{DUTIES[at]}\t{UNITS[at]}\t{DATES[at]}" for at in range(3)]
    document = read_document("\n".join([head, *rows]).encode())
    assert [record.text for record in extract_document(document, components=learned).records] == list(DUTIES)
    assert extract_document(document, components=RULES).records[0].text in head


@pytest.mark.parametrize(
    ("label", "head", "expected"),
    [
        ("tier", "考评/创优级", {"kind": "tier", "tier": "创优级"}),
        ("target", "2027年冲刺数", {"kind": "target", "year": 2027}),
        ("baseline", "往年数", {"kind": "baseline", "year": None}),
        ("who_support", "协理单位", {"kind": "who", "role": "support"}),
        ("plain", "协理单位", {"kind": "soft", "role": None}),
    ],
)
def test_label_brings_what_goes_with_it(label: str, head: str, expected: dict[str, object]) -> None:
    changed = as_label(Column(2, head, "soft"), label)
    assert {name: getattr(changed, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("words", "heads"),
    [
        ("责任单位", True),  # a rule knows it
        ("协理单位", True),
        ("评分尺度说明", True),
        ("市水务局", False),
        ("建成水厂2座", False),
        ("12.5", False),
        ("开展专项检查4次，建立工作台账，定期通报进展情况，形成长效机制并持续推进", False),
        ("", False),
    ],
)
def test_header_words_are_told_from_the_body(reader: LearnedColumns, words: str, heads: bool) -> None:
    assert reader.known.search(words) is heads


def test_no_rule_knows_a_header_told_by_its_cells() -> None:
    grid = with_column("丑寅卯辰", UNITS)
    columns = read_columns(grid)
    assert (columns[3].kind, knows_head(grid, columns[3])) == ("who", False)
    assert knows_head(grid, columns[2])


def test_features_do_not_know_the_year_or_the_rules_own_answer() -> None:
    early, late = with_column("2021年数", ("5", "6", "7")), with_column("2027年数", ("5", "6", "7"))
    assert column_features(early, read_columns(early), 3) == column_features(late, read_columns(late), 3)
    assert word_features("2021年数") == word_features("2027年数")
    columns = read_columns(early)
    changed = (*columns[:3], as_label(columns[3], "notes"))
    assert column_features(early, changed, 3) == column_features(early, columns, 3)


def test_numbers_that_count_on_are_told_from_other_small_numbers() -> None:
    counting, others = with_column("甲乙", ("7", "8", "9")), with_column("甲乙", ("7", "3", "9"))
    assert column_features(counting, read_columns(counting), 3)["c:rising"] == 1.0
    assert "c:rising" not in column_features(others, read_columns(others), 3)
