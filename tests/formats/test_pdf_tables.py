from __future__ import annotations

import pytest

from tests.formats.pdf_samples import LEFT, RIGHT, Sheets, full, grid, paragraphs

C0, C1, C2, C3 = LEFT, LEFT + 60, LEFT + 260, LEFT + 330  # a narrow, a wide and a middling column
HEAD = ["序号", "工作任务", "牵头单位"]
COLUMNS = [(C0, C1), (C1, C2), (C2, C3)]


def row(sheets: Sheets, texts: list[list[str]], top: float, bottom: float) -> Sheets:
    for lines, (x0, x1) in zip(texts, COLUMNS, strict=True):
        sheets.cell(lines, x0, top, x1, bottom)
    return sheets


def head(sheets: Sheets, top: float = 100.0) -> Sheets:
    return row(sheets, [[name] for name in HEAD], top, top + 20)


def test_merged_cells_keep_their_spans() -> None:
    sheets = head(Sheets())
    sheets.cell(["一"], C0, 120, C1, 180)
    sheets.cell(["建成一所", "乡镇养老院"], C1, 120, C2, 150).cell(["民政局"], C2, 120, C3, 150)
    sheets.cell(["合计三项"], C1, 150, C3, 180)
    document = sheets.read()
    table = document.tables[0]
    assert [(c.row, c.col, c.rowspan, c.colspan) for c in table.cells][3:] == [
        (1, 0, 2, 1), (1, 1, 1, 1), (1, 2, 1, 1), (2, 1, 1, 2),
    ]  # fmt: skip
    assert grid(document)[1:] == [["一", "建成一所\n乡镇养老院", "民政局"], ["一", "合计三项", "合计三项"]]
    assert document.text[table.span.start : table.span.end] == (
        "序号\t工作任务\t牵头单位\n一\t建成一所\n乡镇养老院\t民政局\n合计三项"
    )


def test_cells_carry_their_lines() -> None:
    sheets = row(head(Sheets()), [["1"], ["建设项目" * 4 + "四十", "个。"], ["局"]], 120, 160)
    document = sheets.read()
    cell = document.tables[0].grid()[1][1]
    assert len(cell.lines) == 2
    for line in cell.lines:
        assert document.text[line.span.start : line.span.end] in ("建设项目" * 4 + "四十", "个。")
        assert line.page == 1
        assert C1 < line.bbox.x0 < line.bbox.x1 < C2
        assert len(line.edges) == line.span.end - line.span.start + 1


@pytest.mark.parametrize(
    ("lines", "width", "expected"),
    [
        pytest.param(["10", "00"], 22, "1000", id="digits that had no room"),
        pytest.param(["10", "20"], 60, "10\n20", id="two numbers that had room"),
        pytest.param(["市（州）", "县（市）"], 70, "市（州）\n县（市）", id="short lines"),
        pytest.param(["各市州民政", "局"], 60, "各市州民政局", id="wrapped"),
        pytest.param(
            ["1.建立健全制", "度；", "2.3月底前完", "成。"], 70, "1.建立健全制度；\n2.3月底前完成。", id="list"
        ),
        pytest.param(["组织开展“一", "网通办”"], 70, "组织开展“一网通办”", id="quotes cling"),
        pytest.param(["责", "任", "单", "位"], 60, "责任单位", id="words set one under another"),
    ],
)
def test_breaks_in_a_cell(lines: list[str], width: float, expected: str) -> None:
    sheets = Sheets().cell(["甲"], LEFT, 100, LEFT + 50, 200).cell(lines, LEFT + 50, 100, LEFT + 50 + width, 200)
    assert grid(sheets.read()) == [["甲", expected]]


def two_pages(foot: list[list[str]], top: list[list[str]], *, repeated: bool = True, is_open: bool = False) -> Sheets:
    sheets = row(row(head(Sheets(), 600), [["1"], ["开展检查。"], ["民政局"]], 620, 660), foot, 660, 740)
    if is_open:
        sheets.canvas.setStrokeColorRGB(1, 1, 1)
    sheets.centered("— 1 —", 800, 12).page()
    start = 60.0
    if repeated:
        head(sheets, start)
        start += 20
    row(sheets, top, start, start + 60)
    return row(sheets, [["9"], ["总结上报。"], ["民政局"]], start + 60, start + 100).centered("— 2 —", 800, 12)


@pytest.mark.parametrize("repeated", [True, False], ids=["header repeated", "no header"])
def test_table_goes_on_over_a_page_break(repeated: bool) -> None:
    document = two_pages(
        [["2"], ["组织培训。"], ["人社局"]], [["3"], ["建立台账。"], ["财政局"]], repeated=repeated
    ).read()
    assert grid(document) == [
        HEAD,
        ["1", "开展检查。", "民政局"],
        ["2", "组织培训。", "人社局"],
        ["3", "建立台账。", "财政局"],
        ["9", "总结上报。", "民政局"],
    ]
    assert document.tables[0].header_rows == int(repeated)
    dropped = [f.text for f in document.furniture if f.page == 2]
    assert dropped == (["— 2 —", *HEAD] if repeated else ["— 2 —"])


@pytest.mark.parametrize(
    ("foot", "top", "expected"),
    [
        pytest.param(
            [["2"], ["全年组织养老护理人员参加职业技能培"], ["人社局"]],
            [[], ["训，持证上岗率达到90%。"], []],
            ["2", "全年组织养老护理人员参加职业技能培训，持证上岗率达到90%。", "人社局"],
            id="in the middle of a word",
        ),
        pytest.param(
            [["2"], ["1.组织培训。", "2.开展竞赛。"], ["人社局"]],
            [[], ["3.表彰先进。"], []],
            ["2", "1.组织培训。\n2.开展竞赛。\n3.表彰先进。", "人社局"],
            id="in the middle of a list",
        ),
        pytest.param(
            [["2"], [], ["人社局"]],
            [[], ["组织培训。"], []],
            ["2", "组织培训。", "人社局"],
            id="a column moved over whole",
        ),
    ],
)
def test_row_split_by_a_page_break_is_joined(foot: list[list[str]], top: list[list[str]], expected: list[str]) -> None:
    document = two_pages(foot, top).read()
    assert grid(document)[2:] == [expected, ["9", "总结上报。", "民政局"]]
    cell = document.tables[0].grid()[2][1]
    assert {line.page for line in cell.lines} <= {1, 2}


@pytest.mark.parametrize(
    ("foot", "top"),
    [
        pytest.param(
            [["2"], ["2.组织培训。"], ["人社局"]], [["3"], ["3.建立台账。"], ["财政局"]], id="rows that count"
        ),
        pytest.param([["2"], ["组织培训"], ["人社局"]], [["3"], ["建立台账"], ["人社局"]], id="no full stops"),
        pytest.param([["2"], ["组织培训。"], ["人社局"]], [["3"], ["建立台账。"], []], id="an empty cell"),
    ],
)
def test_a_new_row_at_a_pages_head_stays_apart(foot: list[list[str]], top: list[list[str]]) -> None:
    assert len(grid(two_pages(foot, top).read())) == 5


def test_merged_cell_goes_on_over_a_page_break() -> None:
    sheets = head(Sheets(), 600)
    sheets.cell(["社会救助"], C0, 620, C1, 700)
    sheets.cell(["提高低保标准。"], C1, 620, C2, 660).cell(["民政局"], C2, 620, C3, 660)
    sheets.cell(["开展临时救助。"], C1, 660, C2, 700).cell(["民政局"], C2, 660, C3, 700)
    sheets.page()
    sheets.cell([], C0, 60, C1, 140)
    sheets.cell(["落实特困供养。"], C1, 60, C2, 100).cell(["卫健委"], C2, 60, C3, 100)
    sheets.cell(["加强医疗救助。"], C1, 100, C2, 140).cell(["医保局"], C2, 100, C3, 140)
    document = sheets.read()
    assert [line[0] for line in grid(document)] == ["序号"] + ["社会救助"] * 4


def test_cell_left_open_at_a_pages_end_is_closed() -> None:
    """No rule under the last row of the page: the uprights' ends close it."""
    sheets = head(Sheets(), 600)
    for x in (C0, C1, C2, C3):
        sheets.rule(x, 620, x, 700)
    sheets.line("1", C0 + 5, 640, 10).line("全年组织全市养老护理人员参加职业技能", C1 + 5, 640, 10).line(
        "人社局", C2 + 5, 640, 10
    )
    sheets.page()
    for x in (C0, C1, C2, C3):
        sheets.rule(x, 60, x, 100)
    sheets.rule(C0, 100, C3, 100).line("培训。", C1 + 5, 80, 10)
    assert grid(sheets.read()) == [HEAD, ["1", "全年组织全市养老护理人员参加职业技能培训。", "人社局"]]


def test_table_without_outer_uprights() -> None:
    sheets = Sheets()
    for y in (100, 120, 140):
        sheets.rule(C0, y, C3, y)
    for x in (C1, C2):
        sheets.rule(x, 100, x, 140)
    for y, texts in ((114, HEAD), (134, ["1", "开展检查", "民政局"])):
        for text, (x0, _) in zip(texts, COLUMNS, strict=True):
            sheets.line(text, x0 + 5, y, 10)
    assert grid(sheets.read()) == [HEAD, ["1", "开展检查", "民政局"]]


def test_other_table_on_the_next_page_is_another() -> None:
    sheets = head(Sheets(), 700).page()
    sheets.cell(["地区"], C0, 60, C0 + 100, 80).cell(["任务数"], C0 + 100, 60, C3, 80)
    assert [table.n_cols for table in sheets.read().tables] == [3, 2]


def test_text_between_two_tables_parts_them() -> None:
    sheets = head(Sheets(), 600).lines([full("　　以上任务"), "按月上报。"], top=660).page()
    document = row(head(sheets, 60), [["1"], ["开展检查。"], ["民政局"]], 80, 120).read()
    assert [table.n_rows for table in document.tables] == [1, 2]
    assert [block.kind for block in document.blocks] == ["table", "paragraph", "table"]


def test_mark_of_continuation_over_a_table_is_dropped() -> None:
    sheets = row(head(Sheets(), 600), [["1"], ["开展检查。"], ["民政局"]], 620, 660).page()
    sheets.line("（续表）", C2, 50, 10)
    document = row(head(sheets, 60), [["2"], ["组织培训。"], ["人社局"]], 80, 120).read()
    assert [table.n_rows for table in document.tables] == [3]
    assert "（续表）" in [f.text for f in document.furniture]


def test_underlined_words_are_no_table() -> None:
    document = Sheets().line("主管单位：云溪市民政局", LEFT, 100).rule(LEFT + 80, 104, RIGHT, 104).read()
    assert document.tables == ()
    assert paragraphs(document) == ["主管单位：云溪市民政局"]


def test_frame_round_the_page_is_no_table() -> None:
    document = Sheets().box(20, 20, 575, 820).lines(["　　各单位要落实。"]).read()
    assert document.tables == ()
    assert paragraphs(document) == ["各单位要落实。"]


def test_empty_grid_is_dropped() -> None:
    sheets = Sheets().lines(["　　各单位要落实。"]).cell([], LEFT, 200, 200, 220).cell([], 200, 200, 300, 220)
    assert sheets.read().tables == ()


def test_words_set_sideways_in_a_cell_are_kept() -> None:
    sheets = Sheets().cell(["提高低保标准"], LEFT + 30, 100, LEFT + 130, 200).box(LEFT, 100, LEFT + 30, 200)
    canvas = sheets.canvas
    canvas.saveState()
    canvas.translate(LEFT + 18, sheets.size[1] - 180)
    canvas.rotate(90)
    canvas.setFont("STSong-Light", 10)
    canvas.drawString(0, 0, "社会救助")
    canvas.restoreState()
    assert grid(sheets.read()) == [["社会救助", "提高低保标准"]]


def columns(sheets: Sheets, rows: list[list[str]], top: float, xs: tuple[float, ...], size: float = 12.0) -> Sheets:
    for index, texts in enumerate(rows):
        for text, x in zip(texts, xs, strict=True):
            if text:
                sheets.line(text, x, top + index * 24, size)
    return sheets


QUOTAS = [
    ["地区", "床位数（张）", "完成时限"],
    ["东关区", "120", "6月底"],
    ["西山县", "80", "9月底"],
    ["南河县", "", "年底"],
]
XS = (LEFT, LEFT + 150, LEFT + 300)


def test_columns_told_by_white_space() -> None:
    sheets = columns(Sheets().lines([full("　　任务如下"), "执行。"]), QUOTAS, 200, XS)
    document = sheets.lines(["　　按月上报。"], top=320).read()
    assert grid(document) == QUOTAS
    assert [block.kind for block in document.blocks] == ["paragraph", "table", "paragraph"]


def test_table_of_three_rules_with_a_wrapped_cell() -> None:
    sheets = Sheets()
    for y in (100, 124, 200):
        sheets.rule(LEFT - 5, y, RIGHT, y)
    rows = [["指标", "目标值"], ["养老服务设施", "100"], ["", "（城市）"]]
    document = columns(sheets, rows, 118, (LEFT, LEFT + 200)).lines(["　　按月上报。"], top=240).read()
    assert grid(document) == [["指标", "目标值"], ["养老服务设施", "100\n（城市）"]]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(
            [["联系人：张三", "电话：123"], ["联系人：李四", "电话：456"], ["联系人：王五", "电话：789"]], id="labels"
        ),
        pytest.param(
            [["甲方（盖章）", "乙方（盖章）"], ["云溪市", "东关区"], ["三月一日", "三月一日"]], id="signatures"
        ),
        pytest.param([["东关区", "120"], ["西山县", "80"]], id="two rows"),
        pytest.param(
            [["一是抓落实。", "二是抓检查。"], ["三是抓培训。", "四是抓总结。"], ["五是抓宣传。", "六是。"]], id="prose"
        ),
    ],
)
def test_parted_lines_that_are_no_table(rows: list[list[str]]) -> None:
    document = columns(Sheets(), rows, 200, (LEFT, LEFT + 200)).read()
    assert document.tables == ()
    assert rows[0][0] in document.text
