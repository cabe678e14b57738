"""Forms of tables that need more than a look at one grid, and what holds for every table."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.formats import read_document
from extractor.items.tables import table_items
from tests.items.table_samples import brief, make_document, read_items, section_of

TASKS = """
    序号|任务|责任单位|时限
    1|完成老旧小区改造20个|市住建局|10月底
"""


def lines(*tables: str, **known: object) -> list[str]:
    return [brief(record) for record in read_items(*tables, **known)]  # type: ignore[arg-type]


def test_one_column_is_a_text_box() -> None:
    document = make_document("专栏1 重点工程\n1.新建水厂2座。\n2.改造管网30公里。")
    assert document.tables[0].is_box
    assert table_items(document, 0, section_of()) == ()


def test_a_sheet_with_two_tables_gives_both_with_their_own_captions() -> None:
    sheet = """
        任务分解表|<|<|<|<
        序号|任务|责任单位|时限|备注
        1|完成老旧小区改造20个|市住建局|10月底|
        2|新建口袋公园8个|市园林局|9月底|
        3|建设停车泊位3000个|市城管局|12月底|
        附件2|<|<|<|<
        供水指标表|<|<|<|<
        序号|指标|单位|2024年|2025年
        1|农村自来水普及率|%|92|94
        2|新建、改造渠道|公里|860|920
    """
    assert lines(sheet, year=2024) == [
        "任务分解表 > 1 完成老旧小区改造20个 [duty:市住建局] {10月底}",
        "任务分解表 > 2 新建口袋公园8个 [duty:市园林局] {9月底}",
        "任务分解表 > 3 建设停车泊位3000个 [duty:市城管局] {12月底}",
        "供水指标表 > 1 农村自来水普及率 \n    农村自来水普及率 = 92 % 2024 \n    农村自来水普及率 = 94 % 2025",
        "供水指标表 > 2 新建、改造渠道 \n    新建、改造渠道 = 860 公里 2024 \n    新建、改造渠道 = 920 公里 2025",
    ]


def test_cells_of_a_second_table_keep_their_place_in_the_sheet() -> None:
    sheet = """
        序号|任务|责任单位|时限
        1|完成改造20个|市住建局|10月底
        2|新建公园8个|市园林局|9月底
        3|建设泊位3000个|市城管局|12月底
        供水任务表|<|<|<
        序号|任务|责任单位|时限要求
        1|新建水厂2座|市水务局|10月底
    """
    document = make_document(sheet)
    items = table_items(document, 0, section_of())
    assert [item.cell for item in items] == [(1, 1), (2, 1), (3, 1), (6, 1)]


def test_blocks_side_by_side_keep_their_columns() -> None:
    table = """
        县区|任务数（户）|县区|任务数（户）
        东川县|120|西河区|80
    """
    document = make_document(table)
    items = table_items(document, 0, section_of("2024年危房改造任务表"))
    assert [item.cell for item in items] == [(1, 0), (1, 2)]


def test_header_that_comes_again_with_another_title_makes_sections() -> None:
    table = """
        软环境建设|<|评价方法|得分
        一、组织管理（20分）|1.建立工作小组（5分）|建立的得5分，未建立的得0分|
        ^|2.制定工作计划（6分）|制定的得6分|
        硬环境建设|<|评价方法|得分
        二、示范项目（30分）|3.建成光伏项目1处（5分）|建成得5分|
    """
    paths = [record["path"] for record in read_items(table)]
    assert paths == [["软环境建设", "组织管理"], ["软环境建设", "组织管理"], ["硬环境建设", "示范项目"]]


def test_document_title_is_no_path() -> None:
    table = "2024年重点任务分解表|<|<\n任务|责任单位|时限\n建成水厂2座|市水务局|10月底"
    assert read_items(table, headings=("2024年重点任务分解表",), title="2024年 重点任务分解表")[0]["path"] == []


def test_caption_and_heading_of_the_same_words_count_once() -> None:
    table = "任务分解表|<|<\n任务|责任单位|时限\n建成水厂2座|市水务局|10月底"
    assert read_items(table, headings=("附表", "任务分解表"))[0]["path"] == ["附表", "任务分解表"]


def test_who_assesses_is_a_note() -> None:
    table = "考核内容|分值|考核部门|责任单位\n污水处理率达到95%|5|市考核办|市水务局"
    assert lines(table) == ["污水处理率达到95% 5/5分 [duty:市水务局] notes=市考核办"]


def test_points_cell_over_several_items_without_marks() -> None:
    table = "考核内容|分值\n1.设置公示栏；2.公开办事流程|4\n建立台账|3"
    assert lines(table) == ["1. 设置公示栏 0/4分", "2. 公开办事流程 0/4分", "建立台账 3/3分"]


def test_merged_points_cell_over_two_rows() -> None:
    table = "考核内容|分值|评分标准\n设置公示栏|4|未设置不得分\n公开办事流程|^|未公开扣1分"
    assert lines(table) == ["设置公示栏 0/4分 scoring=未设置不得分", "公开办事流程 0/4分 scoring=未公开扣1分"]


def test_points_one_a_line_beside_numbered_items() -> None:
    table = "考核内容|分值\n1.设置公示栏⏎2.公开办事流程|3⏎1"
    assert [record.get("points") for record in read_items(table)] == [3, 1]


def test_requirement_over_rows_with_units_of_their_own() -> None:
    table = "任务|责任单位|时限\n完成环境整治|市城管局|6月底\n^|市住建局|9月底"
    assert lines(table) == ["完成环境整治 [duty:市城管局 duty:市住建局] {6月底 9月底}"]


def test_rules_of_one_requirement_are_the_items_where_each_has_its_points() -> None:
    table = """
        考核项目|评分标准|分值
        组织领导|成立工作专班并明确专人负责|3
        ^|年初制定工作方案|2
        宣传发动|开展集中宣传4次以上|3
        ^|发放宣传资料1000份|2
    """
    assert lines(table)[:2] == ["组织领导 > 成立工作专班并明确专人负责 3/3分", "组织领导 > 年初制定工作方案 2/2分"]


def test_rows_with_an_empty_requirement_fall_back_on_the_group() -> None:
    table = "考核项目|考核内容|分值|评分标准\n卫生保洁|主干道每日清扫2次|5|未清扫扣1分\n满意度测评||10|按得票率折算"
    assert lines(table)[1] == "满意度测评 10/10分 scoring=按得票率折算"


def test_the_first_named_leads_where_the_header_says_so() -> None:
    table = "任务|责任单位（排第一位的为牵头单位）|时限\n建成水厂2座|市水务局、市财政局、市住建局|10月底"
    assert lines(table) == ["建成水厂2座 [lead:市水务局 support:市财政局、市住建局] {10月底}"]


def test_units_one_a_line_and_ditto() -> None:
    table = "任务|责任单位|时限\n建成水厂2座|市水务局⏎市财政局|10月底\n改造管网9公里|同上|11月底"
    assert [record["who"] for record in read_items(table)] == [[("duty", "市水务局"), ("duty", "市财政局")]] * 2


def test_trailing_bracket_of_a_cell_holds_for_all_its_items() -> None:
    table = "主要任务|完成时限\n1.新建水厂2座。2.改造管网9公里。（责任单位：市水务局）|年底前"
    assert lines(table) == ["1. 新建水厂2座 [duty:市水务局] {年底前}", "2. 改造管网9公里 [duty:市水务局] {年底前}"]


def test_parts_that_carry_points_are_items() -> None:
    table = "考核内容|分值\n建立健全制度（2分）；落实专人负责（3分）。|5\n获评国家级（5分）、省级（3分）|5"
    assert lines(table) == ["建立健全制度 2/5分", "落实专人负责 3/5分", "获评国家级（5分）、省级（3分） 5/5分"]


def test_empty_unit_cells_hold_on_but_not_those_of_supporting_units() -> None:
    table = """
        任务|责任领导|牵头单位|配合单位
        建成水厂2座|王建国|市水务局|市财政局
        改造管网9公里||市住建局|
        开展水质检测4次|||市卫健委
    """
    assert [record["who"] for record in read_items(table)] == [
        [("leader", "王建国"), ("lead", "市水务局"), ("support", "市财政局")],
        [("leader", "王建国"), ("lead", "市住建局")],
        [("leader", "王建国"), ("lead", "市住建局"), ("support", "市卫健委")],
    ]


@pytest.mark.parametrize(
    ("rule", "texts"),
    [
        ("未建立不得分；经验被市级以上推广的加2分。", ["经验被市级以上推广的加2分"]),
        ("每高1%加0.5分，最高加2分", []),
        ("1.获国家级表彰加3分；2.获省级表彰加2分", ["获国家级表彰加3分", "获省级表彰加2分"]),
        ("未开展扣2分，超额完成再加1分", []),
    ],
)
def test_rules_that_give_extra_points(rule: str, texts: list[str]) -> None:
    records = read_items(f"考核内容|分值|评分标准\n建立台账|5|{rule}")
    assert [record["text"] for record in records] == ["建立台账", *texts]
    assert all("points" not in record for record in records[1:])


def test_lead_in_and_titles_inside_a_cell() -> None:
    table = "工作任务|责任单位\n到2025年：1.普及率达到95%；2.水质达标率达到90%|市水务局\n1.加强供水：（1）新建水厂2座；（2）改造管网9公里|市水务局"
    assert lines(table) == [
        "1. 普及率达到95% [duty:市水务局] lead_in=到2025年：",
        "2. 水质达标率达到90% [duty:市水务局] lead_in=到2025年：",
        "加强供水 > （1） 新建水厂2座 [duty:市水务局]",
        "加强供水 > （2） 改造管网9公里 [duty:市水务局]",
    ]


def test_numbers_that_a_quantity_follows_at_once() -> None:
    table = "工作任务|责任单位\n1.100%的村完成换届；⏎2.35岁以下委员占30%；⏎3.每村至少有1名女性|县民政局"
    assert [record["number"] for record in read_items(table)] == ["1.", "2.", "3."]


def test_enumeration_inside_a_sentence_stays_whole() -> None:
    table = "工作任务|责任单位\n1.设立①咨询台②导办台③自助区；2.公开流程|市政务局"
    assert [record["text"] for record in read_items(table)] == ["设立①咨询台②导办台③自助区", "公开流程"]


def test_a_note_in_a_cell_is_no_item() -> None:
    table = "工作任务|责任单位\n1.销量正增长；⏎2.增长率为正数。⏎注：1.甲区参加市级考评；2.乙区参加县级考评。|福彩中心"
    assert [record["text"] for record in read_items(table)] == ["销量正增长", "增长率为正数"]


def test_words_before_the_list_that_oblige_are_an_item() -> None:
    table = "工作任务|责任单位\n全面落实河长制，县级河长每月巡河1次以上并建立台账。1.清理河道；2.拆除违建|县水利局"
    assert [(record.get("number"), record["text"][:6]) for record in read_items(table)] == [
        (None, "全面落实河长"),
        ("1.", "清理河道"),
        ("2.", "拆除违建"),
    ]


def test_a_sentence_that_leads_to_the_list_is_context() -> None:
    table = "工作任务|责任单位\n围绕提升供水保障能力，重点做好以下工作：1.新建水厂2座；2.改造管网|县水利局"
    assert read_items(table)[0]["context"] == ["围绕提升供水保障能力，重点做好以下工作："]


@pytest.mark.parametrize(
    "table",
    [
        "姓名|职务|电话\n张三|主任|1",
        "时间|地点\n上午|会议室",
        "收费项目|收费标准（元）\n停车费|5",
        "序号|消耗品种|活动数据单位|排放系数\n1|电力|万千瓦时|7.035\n2|天然气|万立方米|21.84",
        "",
    ],
    ids=["people", "schedule", "fees", "coefficients", "empty"],
)
def test_tables_without_records(table: str) -> None:
    assert read_items(table or "|") == []


WORDS = st.sampled_from(
    ["", "—", "序号", "任务", "责任单位", "分值", "优秀", "2025年", "5", "95%", "1.完成2项；2.做好3项", "市水务局", "合计", "^", "<", "一、组织", "单位：亩", "（2分）", "注：略"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(WORDS, min_size=3, max_size=4), min_size=1, max_size=6))
def test_any_grid_gives_items_inside_its_cells(rows: list[list[str]]) -> None:
    rows = [
        [("" if word in "^<" and (r == 0 or c == 0) else word) for c, word in enumerate(row)]
        for r, row in enumerate(rows)
    ]
    rows = [[("" if word in ("^", "<") else word) for word in row] for row in rows]
    document = make_document("\n".join("|".join(row) for row in rows))
    for item in table_items(document, 0, section_of("任务表")):
        table = document.tables[0]
        assert table.span.start <= item.span.start < item.span.end <= table.span.end
        assert item.cell is not None and 0 <= item.cell[0] < table.n_rows and 0 <= item.cell[1] < table.n_cols


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("seeds/000_72705a0380e9edee.txt", 70),
        ("seeds/002_d0ceb7484d41022d.txt", 185),
        ("rendered/xlsx/000_72705a0380e9edee.xlsx", 70),
    ],
)
def test_shared_documents(shared: Path, name: str, count: int) -> None:
    document = read_document(shared / "corpus" / name)
    items = [item for index in range(len(document.tables)) for item in table_items(document, index, section_of())]
    assert len(items) == count
