from __future__ import annotations

import io
import zipfile

import docx
import pytest

from extractor.formats import read
from extractor.types.document import Document
from tests.formats.docx_samples import cell, docx_bytes, numbered, paragraph, row, run, table


def texts(document: Document) -> list[str]:
    return [document.text[b.span.start : b.span.end] for b in document.blocks]


def grid(document: Document, index: int = 0) -> list[list[str]]:
    rows = document.tables[index].grid()
    return [[document.text[c.span.start : c.span.end] for c in cells] for cells in rows]


def body(*parts: str) -> Document:
    return read(docx_bytes("".join(parts)), name="云岭.docx")


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        pytest.param(run("完成") + run("30个"), "完成30个", id="runs are joined"),
        pytest.param(f"<w:ins>{run('不少于')}</w:ins>{run('5次')}", "不少于5次", id="insertions stay"),
        pytest.param(f"<w:del><w:r><w:delText>3次</w:delText></w:r></w:del>{run('5次')}", "5次", id="deletions go"),
        pytest.param(f"<w:moveFrom>{run('旧处')}</w:moveFrom><w:moveTo>{run('新处')}</w:moveTo>", "新处", id="moves"),
        pytest.param(f"<w:hyperlink>{run('附件1')}</w:hyperlink>", "附件1", id="hyperlink"),
        pytest.param(
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE \\* 3</w:instrText></w:r>'
            f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("第7页")}<w:r><w:fldChar w:fldCharType="end"/></w:r>',
            "第7页",
            id="a field's result, not its code",
        ),
        pytest.param(f'<w:fldSimple w:instr="DATE">{run("2031年")}</w:fldSimple>', "2031年", id="simple field"),
        pytest.param("<w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t></w:r>", "甲\n乙", id="line break"),
        pytest.param('<w:r><w:t>甲</w:t><w:br w:type="page"/><w:t>乙</w:t></w:r>', "甲乙", id="page break is no text"),
        pytest.param("<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t></w:r>", "甲\t乙", id="tab"),
        pytest.param("<w:r><w:t>A</w:t><w:softHyphen/><w:t>B</w:t><w:noBreakHyphen/></w:r>", "AB-", id="hyphens"),
        pytest.param('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>' + run("是"), "☑是", id="symbol"),
        pytest.param('<w:r><w:sym w:char="zz"/></w:r>' + run("是"), "是", id="bad symbol"),
        pytest.param(run("密", "<w:vanish/>") + run("公开"), "公开", id="hidden text goes"),
        pytest.param(run("公开", '<w:vanish w:val="0"/>'), "公开", id="not hidden after all"),
        pytest.param(
            f"<w:sdt><w:sdtPr/><w:sdtContent>{run('控件内')}</w:sdtContent></w:sdt>", "控件内", id="content control"
        ),
        pytest.param("<m:oMath><m:r><m:t>x≥3</m:t></m:r></m:oMath>", "x≥3", id="formula"),
        pytest.param(
            f"<w:r><w:ruby><w:rt>{run('pin')}</w:rt><w:rubyBase>{run('拼')}</w:rubyBase></w:ruby></w:r>",
            "拼",
            id="ruby",
        ),
        pytest.param(
            f"<mc:AlternateContent><mc:Choice>{run('新')}</mc:Choice><mc:Fallback>{run('旧')}</mc:Fallback>"
            "</mc:AlternateContent>",
            "新",
            id="one alternative only",
        ),
    ],
)
def test_words_of_a_paragraph(inner: str, expected: str) -> None:
    assert texts(body(f"<w:p>{inner}</w:p>")) == [expected]


def test_deleted_paragraph_end_joins_the_next() -> None:
    first = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>" + run("健全") + "</w:p>"
    assert texts(body(first, paragraph("机制。"))) == ["健全机制。"]
    assert texts(body(paragraph("甲"), first)) == ["甲", "健全"]


def test_fields_run_over_paragraphs() -> None:
    start = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + run("代码")
    end = run("代码") + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + run("一、总则\t1")
    close = '<w:r><w:fldChar w:fldCharType="end"/></w:r>' + run("正文")
    assert texts(body(f"<w:p>{start}</w:p><w:p>{end}</w:p><w:p>{close}</w:p>")) == ["一、总则\t1", "正文"]


def test_text_box_once_after_its_paragraph() -> None:
    box = f"<w:txbxContent>{paragraph('专栏1 重点工程')}{paragraph('新建2所')}</w:txbxContent>"
    drawn = (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    found = body(f"<w:p>{run('见下')}{drawn}</w:p>", paragraph("其后"))
    assert texts(found) == ["见下", "专栏1 重点工程", "新建2所", "其后"]
    assert [b.paragraph for b in found.blocks] == [0, None, None, 1]


def test_merged_cells() -> None:
    restart, goes_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    found = body(
        table(
            row(cell("类别", properties='<w:gridSpan w:val="2"/>'), "要求", properties="<w:tblHeader/>"),
            row(cell("养老", properties=restart), "床位", cell("1.新建2所。", "2.改建1所。")),
            row(cell(properties=goes_on), "护理", "达到35%"),
        )
    )
    assert grid(found) == [
        ["类别", "类别", "要求"],
        ["养老", "床位", "1.新建2所。\n2.改建1所。"],
        ["养老", "护理", "达到35%"],
    ]
    assert found.tables[0].header_rows == 1


def test_rows_with_places_left_open_and_rows_deleted() -> None:
    found = body(
        table(
            row("甲", "乙", "丙"),
            row("旧", "旧", "旧", properties="<w:del/>"),
            row("二", "三", properties='<w:gridBefore w:val="1"/>'),
        )
    )
    assert grid(found) == [["甲", "乙", "丙"], ["", "二", "三"]]


def test_merge_without_a_start_keeps_its_words() -> None:
    found = body(table(row(cell("甲", properties="<w:vMerge/>"), "乙"), row("丙", "丁")))
    assert grid(found) == [["甲", "乙"], ["丙", "丁"]]


def test_inner_table_is_text_of_its_cell() -> None:
    inner = table(row("一季度", "10"), row("二季度", "20"))
    found = body(table(row("指标", cell(inner, "<w:p/>")), row("合计", "30")))
    assert grid(found) == [["指标", "一季度 10\n二季度 20"], ["合计", "30"]]


def test_box_of_one_column_is_paragraphs() -> None:
    found = body(table(row("专栏2 人才工程"), row(cell("1.引进10名。", "2.培训200人次。"))))
    assert texts(found) == ["专栏2 人才工程", "1.引进10名。", "2.培训200人次。"]
    assert not found.tables


def test_styles_give_rank_and_look() -> None:
    styles = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:rPr><w:sz w:val="32"/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="h1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/>'
        '<w:pPr><w:jc w:val="center"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="x"><w:basedOn w:val="y"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="y"><w:basedOn w:val="x"/></w:style>'
    )
    data = docx_bytes(
        paragraph("标题", properties='<w:pStyle w:val="h1"/>')
        + paragraph("三级", properties='<w:pStyle w:val="x"/>')
        + paragraph(run("黑体小题", '<w:rFonts w:eastAsia="黑体"/>'), "正文")
        + paragraph("正文级别", properties='<w:outlineLvl w:val="9"/>'),
        styles=styles,
    )
    looks = [block.style for block in read(data).blocks]
    assert [s and (s.level, s.centered, s.bold, s.size, s.font) for s in looks] == [
        (1, True, True, 16.0, None),
        (3, False, False, None, None),
        (None, False, False, 16.0, "黑体"),
        (None, False, False, 16.0, None),
    ]


def test_footnotes_come_last_as_notes() -> None:
    notes = f'<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote><w:footnote w:id="1">{paragraph("注释")}</w:footnote>'
    found = read(docx_bytes(paragraph("正文。"), footnotes=notes))
    assert [(b.layer, t) for b, t in zip(found.blocks, texts(found), strict=True)] == [
        ("body", "正文。"),
        ("note", "注释"),
    ]


def test_headers_are_furniture_and_properties_are_read() -> None:
    word = docx.Document()
    word.add_paragraph("正文。")
    word.sections[0].header.paragraphs[0].text = "云岭市民政局文件"
    word.core_properties.title = "2031年工作要点"
    out = io.BytesIO()
    word.save(out)
    found = read(out.getvalue())
    assert [f.text for f in found.furniture] == ["云岭市民政局文件"]
    assert found.properties["title"] == "2031年工作要点"
    assert found.text == "正文。"


@pytest.mark.parametrize(
    "main_type",
    [
        "application/vnd.ms-word.document.macroEnabled.main+xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
    ],
)
def test_macro_files_and_templates_are_read(main_type: str) -> None:
    assert read(docx_bytes(paragraph("正文。"), main_type=main_type)).text == "正文。"


def test_strict_open_xml_is_read() -> None:
    strict = docx_bytes(paragraph("正文。"))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(strict)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            content = content.replace(
                b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                b"http://purl.oclc.org/ooxml/wordprocessingml/main",
            ).replace(
                b"http://schemas.openxmlformats.org/officeDocument/2006/", b"http://purl.oclc.org/ooxml/officeDocument/"
            )
            new.writestr(name, content)
    assert read(out.getvalue()).text == "正文。"


def test_numbers_count_through_tables() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        '<w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    data = docx_bytes(
        numbered("前") + table(row(cell(numbered("中")), "x"), row("y", "z")) + numbered("后"), numbering=numbering
    )
    assert read(data).text.split("\n") == ["1. 前", "2. 中\tx", "y\tz", "3. 后"]


def test_footnotes_that_cannot_be_parsed_are_reported() -> None:
    found = read(docx_bytes(paragraph("正文。"), footnotes="<w:footnote>"))
    assert found.text == "正文。"
    assert [issue.code for issue in found.issues] == ["damaged_notes"]


@pytest.mark.parametrize("number", ["²", "x", "9" * 5000, "-1"])
def test_attributes_that_are_no_numbers(number: str) -> None:
    spanned = row(cell("甲", properties=f'<w:gridSpan w:val="{number}"/>'), cell("乙"))
    listed = f'<w:outlineLvl w:val="{number}"/><w:numPr><w:ilvl w:val="{number}"/><w:numId w:val="1"/></w:numPr>'
    styles = '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="正文"/></w:style>'
    numbering = (
        f'<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        '<w:suff w:val="nothing"/><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    content = paragraph(run("文", f'<w:sz w:val="{number}"/>'), properties=listed) + table(spanned, row("丙", "丁"))
    found = read(docx_bytes(content, styles=styles, numbering=numbering))
    assert found.text == "1、文\n甲\t乙\n丙\t丁"
    assert found.blocks[0].style is not None
    assert found.blocks[0].style.size is None
