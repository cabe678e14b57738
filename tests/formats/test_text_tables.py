from __future__ import annotations

import pytest

from extractor.formats import read
from extractor.types.document import Document


def squeezed(text: str) -> str:
    return "".join(text.split())


def grids(document: Document) -> list[list[list[str]]]:
    return [
        [[squeezed(document.text[c.span.start : c.span.end]) for c in row] for row in table.grid()]
        for table in document.tables
    ]


def paragraphs(document: Document) -> list[str]:
    return [document.text[b.span.start : b.span.end] for b in document.blocks if b.kind == "paragraph"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("指标\t目标\n覆盖率\t90%\n", [["指标", "目标"], ["覆盖率", "90%"]], id="plain"),
        pytest.param(
            "指标\t目标\t\n覆盖率\t90%\t\n", [["指标", "目标"], ["覆盖率", "90%"]], id="a tab at each line's end"
        ),
        pytest.param(
            "类别\t指标\t目标\n养老\t床位\t300张\n\t食堂\t20家\n儿童\t督导员\t1名",
            [["类别", "指标", "目标"], ["养老", "床位", "300张"], ["养老", "食堂", "20家"], ["儿童", "督导员", "1名"]],
            id="empty leading cells continue the group",
        ),
        pytest.param(
            "序号\t类别\t指标\n1\t养老\t床位\n2\t\t食堂\n3\t儿童\t督导员",
            [["序号", "类别", "指标"], ["1", "养老", "床位"], ["2", "养老", "食堂"], ["3", "儿童", "督导员"]],
            id="also after a column that counts",
        ),
        pytest.param(
            "类别\t指标\t备注\n养老\t床位\t\n儿童\t\t无",
            [["类别", "指标", "备注"], ["养老", "床位", ""], ["儿童", "", "无"]],
            id="other empty cells stay empty",
        ),
        pytest.param(
            "县区\t2031年\t\t备注\n\t床位\t食堂\t\n东湖区\t300\t20\t\n西岭县\t200\t10\t新建",
            [
                ["县区", "2031年", "2031年", "备注"],
                ["县区", "床位", "食堂", "备注"],
                ["东湖区", "300", "20", ""],
                ["西岭县", "200", "10", "新建"],
            ],
            id="header of two rows",
        ),
        pytest.param(
            "县区\t床位\t\n\t300\t20\n东湖区\t5\t6",
            [["县区", "床位", ""], ["", "300", "20"], ["东湖区", "5", "6"]],
            id="numbers are no header",
        ),
        pytest.param(
            "指标\t标准\t对象\n救助\t1.应保尽保；\n2.准确率100%。\t县\n\t1.全面实施。\t市\n区",
            [["指标", "标准", "对象"], ["救助", "1.应保尽保；2.准确率100%。", "县"], ["救助", "1.全面实施。", "市区"]],
            id="line feeds inside cells, also in the last one",
        ),
        pytest.param(
            '指标\t标准\n救助\t"1.应保尽保；\n2.准确率\t100%。"\n养老\t"建成"',
            [["指标", "标准", ""], ["救助", '"1.应保尽保；2.准确率', '100%。"'], ["养老", '"建成"', ""]],
            id="quotes with a tab inside are not understood",
        ),
        pytest.param(
            '指标\t标准\t对象\n救助\t"1.应保尽保；\n2.准确率100%。"\t县\n养老\t建成\t市',
            [["指标", "标准", "对象"], ["救助", "1.应保尽保；2.准确率100%。", "县"], ["养老", "建成", "市"]],
            id="quoted as a spreadsheet does",
        ),
        pytest.param(
            "甲\t乙\n一\t二\t三\n四\t五",
            [["甲", "乙", ""], ["一", "二", "三"], ["四", "五", ""]],
            id="ragged, nothing to go by",
        ),
    ],
)
def test_one_table(text: str, expected: list[list[str]]) -> None:
    assert grids(read(text.encode())) == [expected]


RAGGED = """序号\t项目\t内容\t考评标准\t对象
优秀\t达标
1\t社会救助\t落实低保标准\t
　　1.低保标准不低于省定标准；

　　2.应保尽保，准确率100%。

　　1.低保标准不低于省定标准；

　　2.应保尽保。

　　市

　　县（市）

临时救助\t20日内办结，满意率达到95%。\t30日内办结，满意率达到90%。\t县（市）
医疗救助全面落实\t
　　1.重点对象救助率100%；

　　2.救助比例不低于70%。

救助率达到100%，比例不低于60%。\t
　　市

　　县（市）

2\t养老服务\t建设养老食堂\t全部建成，使用率达到100%。\t全部建成，使用率达到80%。\t县（市）
培训护理员\t持证率达到80%以上。\t持证率达到70%。\t县（市）
 \t \t \t \t \t
　　注：1.开发区参加市级考评；

　　2.新设的区除外。
"""


def test_cells_that_start_below_their_line_and_groups_left_out() -> None:
    found = read(RAGGED.encode())
    first = "1.低保标准不低于省定标准；2.应保尽保"
    assert grids(found) == [
        [
            ["序号", "项目", "内容", "考评标准", "考评标准", "对象"],
            ["序号", "项目", "内容", "优秀", "达标", "对象"],
            ["1", "社会救助", "落实低保标准", first + "，准确率100%。", first + "。", "市县（市）"],
            ["1", "社会救助", "临时救助", "20日内办结，满意率达到95%。", "30日内办结，满意率达到90%。", "县（市）"],
            [
                "1",
                "社会救助",
                "医疗救助全面落实",
                "1.重点对象救助率100%；2.救助比例不低于70%。",
                "救助率达到100%，比例不低于60%。",
                "市县（市）",
            ],
            ["2", "养老服务", "建设养老食堂", "全部建成，使用率达到100%。", "全部建成，使用率达到80%。", "县（市）"],
            ["2", "养老服务", "培训护理员", "持证率达到80%以上。", "持证率达到70%。", "县（市）"],
        ]
    ]
    assert paragraphs(found) == ["注：1.开发区参加市级考评；", "2.新设的区除外。"]
    assert [issue.code for issue in found.issues] == ["guessed_columns"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("云岭市民政局\t2031年3月1日", [], id="one line with a tab"),
        pytest.param("一、总则\t1\n二、任务\t3\n三、附则\t12", [], id="contents"),
        pytest.param("\t一、总则\n\t二、任务", [], id="indented lines"),
        pytest.param("一、总则\t\n二、任务\t", [], id="lines that end in a tab"),
        pytest.param("甲\t1\n乙\t2x\n说明\n丙\t3\n丁\t4x", [(2, 2), (2, 2)], id="two tables"),
        pytest.param("甲\t乙\t丙\n1\t2\t3\n表2 附表\n甲\t乙\n1\t2", [(2, 3), (2, 2)], id="tables of different width"),
    ],
)
def test_which_lines_are_tables(text: str, expected: list[tuple[int, int]]) -> None:
    assert [(t.n_rows, t.n_cols) for t in read(text.encode()).tables] == expected


def test_signature_below_a_table_is_no_cell() -> None:
    found = read("指标\t内容\t目标\n养老\t床位\t300张\n救助\t应保\n尽保\t100%\n云岭市民政局\n2031年3月1日".encode())
    assert paragraphs(found) == ["云岭市民政局", "2031年3月1日"]


SCORING = "类别\t事项\t优秀\t合格\t科室\n林木\t管护\t1.巡护覆盖95%；\n2.火情15分钟上报。\t巡护覆盖80%\t资源科\n\t造林\t成活率90%\t成活率85%\t\n"
LEDGER = "序号\t类别\t指标\t目标值\t分值\t科室\n1\t湿地\t修复面积\t1.新增30公顷；\n2.补植5公顷。\t4\t湿地科\n2\t\t监测点\t6处\t2\t\n"
YEAR = "类别\t事项\t完成时间\n宣传\t爱鸟周\t4月底前\n"


@pytest.mark.parametrize("between", ["表二　湿地\n", "湿地保护任务\n", "表二　湿地\n\n"])
def test_tables_one_below_the_other_keep_apart(between: str) -> None:
    """Each with breaks in cells and cells merged from above, so that only the next header tells where one ends."""
    document = read(f"表一　林木\n{SCORING}{between}{LEDGER}表三　宣传\n{YEAR}".encode())
    first, second, third = grids(document)
    assert [len(row) for row in (first[0], second[0], third[0])] == [5, 6, 3]
    assert first[1:] == [
        ["林木", "管护", "1.巡护覆盖95%；2.火情15分钟上报。", "巡护覆盖80%", "资源科"],
        ["林木", "造林", "成活率90%", "成活率85%", ""],
    ]
    assert second[2] == ["2", "湿地", "监测点", "6处", "2", ""]
    assert third[1] == ["宣传", "爱鸟周", "4月底前"]
    assert paragraphs(document) == ["表一　林木", between.strip(), "表三　宣传"]


def test_short_last_cells_are_no_caption() -> None:
    """What goes on below a row in its last cell stays there, though a row of short cells follows."""
    text = "类别\t事项\t要求\n林木\t1.巡护；\n2.补植。\t每月\n按时报送\n湿地\t监测\t每季\n"
    assert grids(read(text.encode()))[0][1] == ["林木", "1.巡护；2.补植。", "每月按时报送"]
