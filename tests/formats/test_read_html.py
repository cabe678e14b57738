from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import pytest

from extractor.errors import ReadError
from extractor.formats import read
from extractor.formats.html import _without_server_code
from extractor.formats.html_walk import _Context, _Flow
from extractor.types.document import Document

PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>云岭市养老服务三年行动方案_云岭市人民政府</title>
<meta name="ArticleTitle" content="云岭市养老服务三年行动方案"><meta name="PubDate" content="2031-03-05">
<script>var a="登录";</script><style>.x{display:none}</style></head><body>
<div class="header"><a href="/">首页</a><a href="/zw">政务公开</a><a href="/hd">政民互动</a><input value="搜索"></div>
<div class="dqwz">当前位置：<a href="/">首页</a> &gt; <a href="/zw">政策文件</a></div>
<div class="w1200">
 <table class="xxgk"><tr><td>索引号：</td><td>113300/2031-0042</td><td>发布机构：</td><td>云岭市民政局</td></tr>
 <tr><td>文号：</td><td>云民发〔2031〕8号</td><td>发布日期：</td><td>2031-03-05</td></tr></table>
 <h1 class="title">云岭市养老服务三年行动方案</h1>
 <div class="share">分享到：<a href="#">微信</a><a href="#">微博</a></div>
 <div class="con-x9">
  <p style="text-align:center"><strong>云民发〔2031〕8号</strong></p>
  <p>各县（市、区）民政局：</p>
  <p>　　为加快养老服务发展，现就2031—2033年工作制定如下方案，请结合实际认真贯彻落实。</p>
  <p><b>一、主要目标</b></p>
  <p>到2033年，护理型床位占比不低于65%，新建街道养老服务综合体30个，居家适老化改造不少于2000户。</p>
  <p>二、重点任务</p>
  <ol><li>建设老年食堂100家。</li><li>培训护理员500人次；<br>持证率达到90%。</li></ol>
  <p style="display:none">隐藏的草稿</p>
  <table border="1"><thead><tr><th rowspan="2">县区</th><th colspan="2">任务数</th></tr><tr><th>床位（张）</th><th>食堂（家）</th></tr></thead>
  <tbody><tr><td>东湖区</td><td>300</td><td>12</td></tr><tr><td>西岭县</td><td colspan="2">按省下达数</td></tr></tbody></table>
  <p style="text-align:right">云岭市民政局</p><p align="right">2031年3月1日</p>
 </div>
 <div class="related"><h3>相关链接</h3><ul><li><a href="1">政策解读：三年行动方案</a></li><li><a href="2">图解</a></li></ul></div>
</div>
<div class="footer"><p>主办：云岭市人民政府办公室 版权所有 ICP备31000001号</p><p>联系电话：0999-1234567</p></div>
</body></html>"""


def texts(document: Document, layer: str = "body") -> list[str]:
    return [document.text[b.span.start : b.span.end] for b in document.blocks if b.layer == layer]


def grid(document: Document, index: int = 0) -> list[list[str]]:
    rows = document.tables[index].grid()
    return [[document.text[c.span.start : c.span.end] for c in cells] for cells in rows]


def page(body: str) -> Document:
    return read(f"<html><body>{body}</body></html>".encode(), name="页面.html")


def test_article_without_what_surrounds_it() -> None:
    found = read(PAGE.encode())
    assert texts(found) == [
        "云岭市养老服务三年行动方案",
        "云民发〔2031〕8号",
        "各县（市、区）民政局：",
        "为加快养老服务发展，现就2031—2033年工作制定如下方案，请结合实际认真贯彻落实。",
        "一、主要目标",
        "到2033年，护理型床位占比不低于65%，新建街道养老服务综合体30个，居家适老化改造不少于2000户。",
        "二、重点任务",
        "1. 建设老年食堂100家。",
        "2. 培训护理员500人次；",
        "持证率达到90%。",
        "县区\t任务数\n床位（张）\t食堂（家）\n东湖区\t300\t12\n西岭县\t按省下达数",
        "云岭市民政局",
        "2031年3月1日",
    ]
    assert texts(found, "metadata") == [
        "索引号：113300/2031-0042",
        "发布机构：云岭市民政局",
        "文号：云民发〔2031〕8号",
        "发布日期：2031-03-05",
    ]
    chrome = " ".join(texts(found, "chrome"))
    assert "首页" in chrome and "ICP备" in chrome and "图解" in chrome
    assert "草稿" not in found.text and "var a" not in found.text
    assert found.properties["PubDate"] == "2031-03-05"


PROSE = "".join(f"<p>{n}、落实第{n}项任务，年底前完成率达到{n + 60}%，责任到人，逐项销号。</p>" for n in range(1, 9))
NAV = "<div class='nav'><ul>" + "".join(f"<li><a href='{n}'>栏目{n}</a></li>" for n in range(80)) + "</ul></div>"


def test_metadata_in_a_list_after_a_long_menu() -> None:
    block = (
        "<ul><li><b>索 引 号：</b>113300</li><li><b>发布机构：</b>云岭市民政局</li><li>发布日期：2031-03-05</li></ul>"
    )
    found = page(f"{NAV}<div>{block}</div><div class=x1>{PROSE}</div>")
    assert texts(found, "metadata") == ["索 引 号：113300", "发布机构：云岭市民政局", "发布日期：2031-03-05"]
    assert len(texts(found)) == 8


def test_metadata_in_a_definition_list() -> None:
    block = "<dl><dt>索引号</dt><dd>113300</dd><dt>发布机构：</dt><dd>云岭市民政局</dd></dl>"
    found = page(f"{block}<div>{PROSE}</div>")
    assert "发布机构：云岭市民政局" in texts(found, "metadata")


def test_an_annex_beside_the_article_is_kept() -> None:
    annex = "<div class=fj><p>附件</p><table><tr><th>任务<th>时限<th>单位<tr><td>新建养老服务综合体二所<td>六月底前<td>市民政局"
    annex += "<tr><td>改造城乡敬老院三所<td>年底前<td>市民政局、市财政局</table></div>"
    found = page(f"{NAV}<div class=content>{PROSE * 3}</div>{annex}<div class=footer>主办：云岭市人民政府</div>")
    assert "附件" in texts(found)
    assert [b.layer for b in found.blocks if b.kind == "table"] == ["body"]
    assert texts(found, "chrome")[-1] == "主办：云岭市人民政府"


def test_title_above_the_article_without_a_class() -> None:
    markup = f"<html><head><title>云岭市养老服务方案 - 云岭市</title></head><body>{NAV}<div>云岭市养老服务方案</div>"
    found = read(f"{markup}<div>{PROSE}</div></body></html>".encode())
    assert texts(found)[0] == "云岭市养老服务方案"


def test_a_long_cell_under_a_header_is_data() -> None:
    items = "".join(
        f"{n}.完成第{n}项改造任务，验收合格率达到{n + 60}%，群众满意度不低于90%。<br>" for n in range(1, 20)
    )
    found = page(f"<table><tr><td>类别<td>要求<td>单位<tr><td>养老<td>{items}<td>民政局</table>")
    assert [(t.n_rows, t.n_cols) for t in found.tables] == [(2, 3)]


def test_table_grid_and_header() -> None:
    found = read(PAGE.encode())
    assert grid(found) == [
        ["县区", "任务数", "任务数"],
        ["县区", "床位（张）", "食堂（家）"],
        ["东湖区", "300", "12"],
        ["西岭县", "按省下达数", "按省下达数"],
    ]
    assert found.tables[0].header_rows == 2


def test_looks() -> None:
    found = read(PAGE.encode())
    looks = {found.text[b.span.start : b.span.end]: b.style for b in found.blocks if b.style}
    assert looks["云岭市养老服务三年行动方案"].level == 1
    number = looks["云民发〔2031〕8号"]
    assert (number.centered, number.bold) == (True, True)
    assert looks["一、主要目标"].bold
    assert not looks["二、重点任务"].bold


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("<p>甲<br>乙</p>", ["甲", "乙"], id="a break parts paragraphs"),
        pytest.param("<h1>关于印发<br/>方案的通知</h1>", ["关于印发\n方案的通知"], id="not in a title"),
        pytest.param(
            "<p align=center>关于印发<br/>方案的通知</p>", ["关于印发\n方案的通知"], id="nor in a centred one"
        ),
        pytest.param("<div>甲<p>乙</p>丙</div>", ["甲", "乙", "丙"], id="text around paragraphs"),
        pytest.param("<p>完成\n   30个</p>", ["完成 30个"], id="white space is folded"),
        pytest.param("<pre>甲\n  乙</pre>", ["甲", "乙"], id="but not the lines of pre"),
        pytest.param("<p>A<span hidden>B</span><!-- c -->D</p>", ["AD"], id="hidden and comments"),
        pytest.param("<p><textarea>草</textarea><select><option>一</option></select>字</p>", ["字"], id="controls"),
        pytest.param("<ol start=3><li>甲<li>乙</ol>", ["3. 甲", "4. 乙"], id="start"),
        pytest.param("<ol reversed><li>甲<li>乙</ol>", ["2. 甲", "1. 乙"], id="reversed"),
        pytest.param("<ol type=a><li>甲<li value=5>乙</ol>", ["a. 甲", "e. 乙"], id="letters and values"),
        pytest.param("<ol type=I><li>甲<li>乙</ol>", ["I. 甲", "II. 乙"], id="roman"),
        pytest.param("<ol><li>1.甲<li>（二）乙</ol>", ["1.甲", "（二）乙"], id="own numbers are not doubled"),
        pytest.param("<ol style='list-style:none'><li>甲</ol>", ["甲"], id="numbers switched off"),
        pytest.param("<ul><li>甲<li>乙</ul>", ["甲", "乙"], id="bullets are no text"),
        pytest.param("<ol><li>甲<ol type=i><li>乙</ol><li>丙</ol>", ["1. 甲", "i. 乙", "2. 丙"], id="list in list"),
        pytest.param("<p>甲${row.name}乙<%= x %><c:if test='${a > b}'>丙</c:if></p>", ["甲乙丙"], id="template tags"),
        pytest.param("<p>完成率<80%的扣1分</p><p>其他</p><p>x</p>", ["完成率<80%的扣1分", "其他", "x"], id="a bare <"),
    ],
)
def test_paragraphs(body: str, expected: list[str]) -> None:
    found = page(body)
    assert [found.text[b.span.start : b.span.end] for b in found.blocks] == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(
            "<tr><td rowspan=2>甲<td>乙<tr><td>丙<tr><td>丁<td>戊",
            [["甲", "乙"], ["甲", "丙"], ["丁", "戊"]],
            id="row span",
        ),
        pytest.param(
            "<tr><td rowspan=9>甲<td>乙<tr><td>丙", [["甲", "乙"], ["甲", "丙"]], id="row span beyond the table"
        ),
        pytest.param("<tr><td rowspan=0>甲<td>乙<tr><td>丙", [["甲", "乙"], ["甲", "丙"]], id="row span to the end"),
        pytest.param(
            "<tr><td colspan=99>甲<tr><td>乙<td>丙", [["甲", "甲"], ["乙", "丙"]], id="column span beyond the table"
        ),
        pytest.param("<tr><td>甲<td>乙<tr><td>丙", [["甲", "乙"], ["丙", ""]], id="short row"),
        pytest.param(
            "<tr><td>甲<td>乙<tr style='display:none'><td>x<td>x<tr><td>丙<td>丁",
            [["甲", "乙"], ["丙", "丁"]],
            id="hidden row",
        ),
        pytest.param(
            "<tr><td>甲<td>a<br>b<p>c</p><tr><td>丙<td>d", [["甲", "a\nb\nc"], ["丙", "d"]], id="lines in a cell"
        ),
        pytest.param(
            "<tr><td rowspan=x>甲<td>乙<tr><td>丙<td>丁", [["甲", "乙"], ["丙", "丁"]], id="span that is no number"
        ),
        pytest.param(
            "<tfoot><tr><td>合计<td>2</tfoot><tbody><tr><td>甲<td>2</tbody>",
            [["甲", "2"], ["合计", "2"]],
            id="foot last",
        ),
        pytest.param(
            "<tr><td>甲<td><table><tr><td>乙<td>1<tr><td>丙<td>2</table><tr><td>这是一段很长的文字用来衬托<td>另一段也很长的文字",
            [["甲", "乙 1\n丙 2"], ["这是一段很长的文字用来衬托", "另一段也很长的文字"]],
            id="inner table is text",
        ),
    ],
)
def test_tables(rows: str, expected: list[list[str]]) -> None:
    assert grid(page(f"<table>{rows}</table>")) == expected


def test_caption_is_a_paragraph() -> None:
    found = page("<table><caption>表1 任务数</caption><tr><td>甲<td>1<tr><td>乙<td>2</table>")
    assert texts(found)[0] == "表1 任务数"
    assert grid(found) == [["甲", "1"], ["乙", "2"]]


def test_layout_tables_are_no_tables() -> None:
    article = "".join(f"<p>{n}、认真落实第{n}项任务，确保年底前完成，责任到人，逐项销号。</p>" for n in range(1, 30))
    framed = f"<table><tr><td><a href=1>栏目</a></td><td>{article}</td></tr></table>"
    found = page(f"<table><tr><td>{framed}</td></tr></table>")
    assert not found.tables
    assert len(texts(found)) == 29
    inner = "<table border=1><tr><td>指标<td>目标<tr><td>覆盖率<td>90%<tr><td>合格率<td>100%</table>"
    outer = page(f"<table><tr><td>甲</td><td>{inner}</td></tr></table>")
    assert [t.n_rows for t in outer.tables] == [3]


def test_table_outside_a_container_is_kept_as_body() -> None:
    found = page(
        "<div id=nav><a href=1>首页</a></div><div><h2>任务分解表</h2><table><tr><th>任务<th>时限"
        "<tr><td>新建2所<td>6月底<tr><td>改造3所<td>年底</table></div>"
    )
    assert [b.layer for b in found.blocks if b.kind == "table"] == ["body"]
    assert found.tables[0].header_rows == 1


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "gb2312", "utf-16"])
def test_encodings(encoding: str) -> None:
    markup = f'<html><head><meta charset="{encoding}"></head><body><p>完成改造30户</p></body></html>'
    assert texts(read(markup.encode(encoding))) == ["完成改造30户"]


def test_wrong_declaration() -> None:
    markup = '<html><head><meta charset="gb2312"></head><body><p>完成改造30户</p></body></html>'
    assert texts(read(markup.encode("utf-8"))) == ["完成改造30户"]


def test_undecodable_byte_is_reported() -> None:
    found = read(
        "<html><body><p>完成".encode() + b"\xff" + "改造30户并按时报送年度总结材料".encode() * 9 + b"</p></body></html>"
    )
    assert [issue.code for issue in found.issues] == ["undecodable"]


def test_deep_nesting_is_read() -> None:
    assert page("<div>" * 1000 + "深处" + "</div>" * 1000).text == "深处"


def test_nesting_that_no_parser_follows_is_refused() -> None:
    with pytest.raises(ReadError) as caught:
        page("<div>" * 3000 + "深处" + "</div>" * 3000)
    assert caught.value.code == "damaged"


def test_nothing_but_markup() -> None:
    with pytest.raises(ReadError) as caught:
        page("<script>x</script>")
    assert caught.value.code == "empty"


def test_places_of_undecodable_bytes_count_in_the_text() -> None:
    line = "改造30户并按时报送年度总结材料，" * 300
    found = read(f"<html><body><p>{line}</p><p>".encode() + b"\xff" * 25 + "完成</p></body></html>".encode())
    assert {found.text[issue.start] for issue in found.issues if issue.start is not None} == {"\ufffd"}
    assert [issue.start is None for issue in found.issues] == [False] * 20 + [True]
    assert f"共有{found.text.count(chr(0xFFFD))}处" in found.issues[-1].message


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("甲<%-- a %> b --%>乙", "甲乙"),
        ("甲<%-- a %>乙", "甲乙"),
        ("甲<%= a %>乙<?php b ?>丙", "甲乙丙"),
        ("甲<% a 乙<?php b ?>丙", "甲<% a 乙丙"),
    ],
)
def test_what_a_server_runs_is_no_text(markup: str, expected: str) -> None:
    assert _without_server_code(markup) == expected


def test_an_end_that_never_comes_is_looked_for_once() -> None:
    class Counted(str):
        __slots__ = ()
        looked: ClassVar[list[str]] = []

        def find(self, *args: Any) -> int:
            self.looked.append(args[0])
            return super().find(*args)

    text = Counted("<%-- <% <?php " * 50)
    assert _without_server_code(text) == text
    assert sorted(Counted.looked) == ["%>", "--%>", "?>"]


def test_pieces_of_a_paragraph_are_joined_once() -> None:
    class Pieces(list[str]):
        read = 0

        def __iter__(self) -> Iterator[str]:
            type(self).read += 1
            return super().__iter__()

    flow = _Flow(pieces=Pieces())
    for _ in range(50):
        flow.add(" ", _Context())
    flow.add("文", _Context(bold=True))
    assert Pieces.read == 0
    assert flow.context.bold
