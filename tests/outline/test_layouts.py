"""What only other formats tell: styles, tables with captions, framed boxes, metadata tables."""

from __future__ import annotations

import pytest

from extractor.formats import read_document
from extractor.formats.base import TextBuilder
from extractor.formats.grid import CellText
from extractor.outline import build_outline
from extractor.types.document import Document, Source, Style
from extractor.types.outline import Outline

BODY = Style(size=16, font="FangSong")
CENTERED = Style(size=22, font="XiaoBiaoSong", centered=True)
BOLD = Style(size=16, font="SimHei", bold=True)
SMALL = Style(size=11, font="FangSong")


def styled(*lines: tuple[str, Style], framed: frozenset[int] = frozenset()) -> Document:
    builder = TextBuilder()
    for number, (text, style) in enumerate(lines):
        builder.paragraph(text, style=style, page=1, framed=number in framed)
    return builder.build(Source("sample.pdf", "0" * 64, "pdf", 1))


def paths(document: Document, outline: Outline) -> dict[str, list[str]]:
    return {
        document.text[s.body.start : s.body.end][:6] or f"table {document.blocks[s.block].table}": [
            heading.title for heading in s.headings
        ]
        for s in outline.sections
        if s.body.start < s.body.end or document.blocks[s.block].kind == "table"
    }


def test_looks_rank_headings_without_numbers() -> None:
    document = styled(
        ("云州市民政事业发展纲要", CENTERED),
        ("养老服务", Style(size=18, font="SimHei", centered=True)),
        ("机构养老", BOLD),
        ("新增养老床位500张，护理型床位占比达到55%。", BODY),
        ("社区养老", BOLD),
        ("新建社区养老服务中心6个，服务覆盖率达到90%。", BODY),
        ("社会救助", Style(size=18, font="SimHei", centered=True)),
        ("低保标准提高5%以上，救助对象应保尽保。", BODY),
    )
    assert paths(document, build_outline(document)) == {
        "新增养老床位": ["养老服务", "机构养老"],
        "新建社区养老": ["养老服务", "社区养老"],
        "低保标准提高": ["社会救助"],
    }


@pytest.mark.parametrize("how", ["frame", "size"])
def test_a_box_ends_where_its_frame_or_type_does(how: str) -> None:
    inside = SMALL if how == "size" else BODY
    document = styled(
        ("北原市城乡建设规划", CENTERED),
        ("一、重点工程", BOLD),
        ("改造老旧管网30公里，建设水厂2座，新增供水能力10万吨。", BODY),
        ("专栏1 城市更新工程", inside),
        ("实施老旧小区改造，完成改造40个小区。", inside),
        ("继续推进人居环境整治，生活垃圾处理率达到98%。", BODY),
        framed=frozenset({3, 4}) if how == "frame" else frozenset(),
    )
    assert paths(document, build_outline(document)) == {
        "改造老旧管网": ["重点工程"],
        "实施老旧小区": ["重点工程", "城市更新工程"],
        "继续推进人居": ["重点工程"],
    }


def test_a_table_of_one_column_is_read_as_prose() -> None:
    builder = TextBuilder()
    builder.paragraph("北原市城乡建设规划")
    builder.paragraph("一、重点工程")
    builder.table(
        [CellText(0, 0, "专栏1 城市更新工程"), CellText(1, 0, "1.老旧小区：改造40个。\n2.口袋公园：新建12个。")], 2, 1
    )
    builder.paragraph("继续推进人居环境整治。")
    document = builder.build(Source("sample.html", "0" * 64, "html", 1))
    found = paths(document, build_outline(document))
    assert found["改造40个。"] == ["重点工程", "城市更新工程", "老旧小区"]
    assert found["新建12个。"] == ["重点工程", "城市更新工程", "口袋公园"]
    assert found["继续推进人居"] == ["重点工程"]


def table(builder: TextBuilder, *rows: tuple[str, ...]) -> None:
    cells = [CellText(row, col, text) for row, line in enumerate(rows) for col, text in enumerate(line)]
    builder.table(cells, len(rows), len(rows[0]))


def test_a_caption_heads_its_table_and_nothing_after() -> None:
    builder = TextBuilder()
    for line in ("东海省水利规划", "一、发展目标", "到2025年，建成一批工程。", "表1：主要指标", "单位：座"):
        builder.paragraph(line)
    table(builder, ("指标", "2025年"), ("水库", "12"))
    builder.paragraph("各地要抓紧实施。")
    builder.paragraph("项目任务分解表")
    table(builder, ("任务", "时限"), ("建水库", "6月"))
    document = builder.build(Source("sample.docx", "0" * 64, "docx", 1))
    assert paths(document, build_outline(document)) == {
        "到2025年": ["发展目标"],
        "单位：座": ["发展目标"],
        "table 0": ["发展目标", "主要指标"],
        "各地要抓紧实": ["发展目标"],
        "table 1": ["发展目标", "项目任务分解表"],
    }


def test_a_title_in_a_tables_first_row() -> None:
    builder = TextBuilder()
    builder.table(
        [CellText(0, 0, "2024年平湖县民政重点任务分解表", colspan=2), CellText(1, 0, "任务"), CellText(1, 1, "责任单位"),
         CellText(2, 0, "新建敬老院2所"), CellText(2, 1, "县民政局")], 3, 2,
    )  # fmt: skip
    official = build_outline(builder.build(Source("a.xlsx", "0" * 64, "xlsx", 1))).official
    assert (official.title, official.year, official.kind) == ("2024年平湖县民政重点任务分解表", 2024, "task_table")


WEB = """<html><head><title>殡葬服务质量提升方案-平湖省民政厅</title></head><body>
<table><tr><td>索引号</td><td>00123-2021-5</td><td>主题分类</td><td>民政</td></tr>
<tr><td>发文机关</td><td>平湖省民政厅</td><td>成文日期</td><td>2021年03月02日</td></tr>
<tr><td>发文字号</td><td>平民发〔2021〕7号</td><td>标题</td>
<td>平湖省民政厅关于印发《殡葬服务质量提升方案》的通知</td></tr></table>
<p align="center">平湖省民政厅关于印发《殡葬服务质量提升方案》的通知</p><p align="center">平民发〔2021〕7号</p>
<p>各市民政局：</p><p>现将《殡葬服务质量提升方案》印发给你们，请遵照执行。</p>
<p align="center"><b>殡葬服务质量提升方案</b></p><p><b>一、工作目标</b></p>
<p>到2022年底，公益性公墓覆盖率达到80%。</p></body></html>"""


def test_a_web_page_with_a_table_of_metadata() -> None:
    document = read_document(WEB.encode(), name="page.html")
    outline = build_outline(document)
    official = outline.official
    assert official.title == "殡葬服务质量提升方案"
    assert official.document_number == "平民发〔2021〕7号"
    assert official.issuer == "平湖省民政厅"
    assert official.issued_on == "2021-03-02"
    assert paths(document, outline)["到2022年"] == ["工作目标"]


def test_a_table_of_metadata_in_the_text() -> None:
    builder = TextBuilder()
    table(builder, ("索引号", "001/2021-5", "发文字号", "平民发〔2021〕7号"), ("发文机关：平湖省民政厅", "", "成文日期", "2021年3月2日"),
          ("公开方式", "无", "标题", "平湖省民政厅关于做好救助工作的通知"))  # fmt: skip
    builder.paragraph("平湖省民政厅关于做好救助工作的通知")
    builder.paragraph("一、工作目标")
    builder.paragraph("到2022年底，救助站覆盖率达到80%。")
    document = builder.build(Source("sample.docx", "0" * 64, "docx", 1))
    outline = build_outline(document)
    official = outline.official
    assert (official.document_number, official.issuer, official.issued_on) == (
        "平民发〔2021〕7号", "平湖省民政厅", "2021-03-02",
    )  # fmt: skip
    assert 0 in official.covered
    assert [section.block for section in outline.sections] == [2, 3]


ANNEXES = [
    ("title beside the label", "附件1：任务清单\n1.新建水库2座。", ["任务清单"], ("任务清单",)),
    ("listed, then no title below the label", "附件：任务清单\n云州市水利局\n2021年3月1日\n附件\n1.新建水库2座。", ["任务清单"], ("任务清单",)),
    ("listed over two lines", "附件：1.云州市水利工程建设与管理任务\n分解清单\n2.联系表\n云州市水利局\n2021年3月1日\n附件1\n"
     "云州市水利工程建设与管理任务\n分解清单\n1.新建水库2座。", ["云州市水利工程建设与管理任务分解清单"],
     ("云州市水利工程建设与管理任务分解清单", "联系表")),
    ("listed at the very end", "（一）新建水库2座。\n附件：任务清单.xls", [], ("任务清单.xls",)),
    ("a title of no usual kind", "附件\n云州水库一览\n1.新建水库2座。", ["云州水库一览"], ("云州水库一览",)),
]  # fmt: skip


@pytest.mark.parametrize(("tail", "path", "listed"), [case[1:] for case in ANNEXES], ids=[case[0] for case in ANNEXES])
def test_annexes(tail: str, path: list[str], listed: tuple[str, ...]) -> None:
    text = f"关于做好水利工作的通知\n各县水利局：\n各县要认真落实，抓好防汛抗旱各项工作。\n{tail}"
    document = read_document(text.encode(), name="a.txt")
    outline = build_outline(document)
    found = paths(document, outline)
    assert [found[key] for key in found if "新建" in key] == [path]
    assert outline.official.attachments == listed


def test_a_page_that_prints_the_title_above_the_notice() -> None:
    text = """2016年民政工作重点任务
平湖省民政厅关于印发《2016年民政工作重点任务》的通知
平民发〔2016〕3号
各市民政局：
现将《2016年民政工作重点任务》印发给你们，请认真落实。
平湖省民政厅
一、社会救助
低保标准提高5%。"""
    document = read_document(text.encode(), name="page.txt")
    outline = build_outline(document)
    assert outline.official.title == "2016年民政工作重点任务"
    assert outline.official.issuer == "平湖省民政厅"
    assert paths(document, outline) == {"低保标准提高": ["社会救助"]}


@pytest.mark.parametrize(
    ("title", "kind", "period", "year"),
    [
        ("云州市“十三五”民政规划", "plan", (2016, 2020), 2016),
        ("云州市治水三年行动计划（2021－2023年）", "plan", (2021, 2023), 2021),
        ("2022年云州市民生实事项目安排", "work_points", None, 2022),
        ("云州市2030年前碳达峰实施方案", "other", None, None),
        ("面向2035年的云州市发展纲要", "plan", None, None),
        ("云州市人民政府关于修建水库的批复", "notice", None, None),
    ],
)
def test_year_period_and_kind(title: str, kind: str, period: tuple[int, int] | None, year: int | None) -> None:
    text = f"{title}\n一、重点任务\n各县要认真落实。"
    official = build_outline(read_document(text.encode(), name="a.txt")).official
    assert (official.kind, official.period, official.year) == (kind, period, year)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("2014年8月26日", "2014-08-26"),
        ("二〇一四年八月二十六日", "2014-08-26"),
        ("二○二一年十二月三十日", "2021-12-30"),
        ("2021-03-02", "2021-03-02"),
        ("2021年13月2日", None),
        ("2022年04月", None),
    ],
)
def test_dates_of_a_signature(line: str, day: str | None) -> None:
    text = f"关于做好工作的通知\n各县要认真落实，抓好防汛。\n云州市水利局\n{line}"
    assert build_outline(read_document(text.encode(), name="a.txt")).official.issued_on == day


def test_long_names_of_bodies_take_no_time() -> None:
    text = "关于做好工作的通知\n" + "市委市政府办公室社会局部委" * 3 + "x\n" + "民政局、" * 9 + "的\n2021年3月1日"
    assert build_outline(read_document(text.encode(), name="a.txt")).official.title == "关于做好工作的通知"
