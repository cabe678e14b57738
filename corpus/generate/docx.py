"""DOCX through python-docx: merged cells, header and footer with page number, and automatic numbering if asked."""

from __future__ import annotations

import io

from docx import Document as new_document
from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from corpus.generate.model import Document, Grid, Para
from corpus.generate.package import fixed

CENTRED = {"org", "docno", "title", "subtitle", "caption"}
SIZES = {"org": 26, "title": 22, "h1": 16, "h2": 16}
FONTS = {"title": "方正小标宋简体", "org": "方正小标宋简体", "h1": "黑体", "h2": "楷体"}
LEVELS = ("chineseCountingThousand", "%1、"), ("chineseCountingThousand", "（%2）"), ("decimal", "%3.")
LEVEL_OF = {"h1": 0, "h2": 1, "h3": 2, "item": 2}


def render(document: Document) -> bytes:
    file = new_document()
    section = file.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    if document.meta.get("pdf_page") == "landscape":
        section.page_width, section.page_height = section.page_height, section.page_width
    file.styles["Normal"].font.size = Pt(12)
    if "running" in document.meta:
        section.header.paragraphs[0].text = document.meta["running"]
    _page_number(section.footer.paragraphs[0])
    numbering = _numbering(file) if document.meta.get("autonum") == "yes" else None
    for element in document.elements:
        if isinstance(element, Grid):
            _table(file, element)
        elif element.style != "chrome":
            _paragraph(file, element, numbering)
    file.core_properties.title = document.meta["title"]
    file.core_properties.author = "示例"
    out = io.BytesIO()
    file.save(out)
    return fixed(out.getvalue())


def _paragraph(file: WordFile, element: Para, numbering: int | None) -> None:
    level = LEVEL_OF.get(element.style)
    automatic = numbering is not None and level is not None and element.number != ""
    paragraph = file.add_paragraph()
    run = paragraph.add_run(element.text if automatic else element.number + element.text)
    run.font.size = Pt(SIZES.get(element.style, 14))
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), FONTS.get(element.style, "仿宋_GB2312"))
    if element.style in CENTRED:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif element.style in {"sign", "date"}:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    elif element.style != "to":
        paragraph.paragraph_format.first_line_indent = Pt(28)
    if automatic:
        properties = paragraph._p.get_or_add_pPr()
        properties.append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{numbering}"/></w:numPr>')
        )


def _numbering(file: WordFile) -> int:
    """Adds the list 一、 （一） 1. and returns its id; deeper levels start anew under each higher one."""
    root = file.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:suff w:val="nothing"/>'
        f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/></w:lvl>'
        for i, (form, text) in enumerate(LEVELS)
    )
    abstract = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">'
        f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
    )
    root.insert(0, abstract)
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    return 90


def _table(file: WordFile, grid: Grid) -> None:
    table = file.add_table(grid.n_rows, grid.n_cols)
    table.style = "Table Grid"
    places = [list(row.cells) for row in table.rows]
    for cell in grid.cells:
        place = places[cell.row][cell.col]
        if cell.rowspan > 1 or cell.colspan > 1:
            place = place.merge(places[cell.row + cell.rowspan - 1][cell.col + cell.colspan - 1])
        first, *rest = cell.lines or ("",)
        place.paragraphs[0].add_run(first).font.size = Pt(10.5)
        for line in rest:
            place.add_paragraph().add_run(line).font.size = Pt(10.5)
    for row in table.rows[: grid.header_rows]:
        row._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))


def _page_number(paragraph: Paragraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run("— ")
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        xml = (
            f'<w:fldChar {nsdecls("w")} w:fldCharType="{kind}"/>'
            if kind
            else f'<w:instrText {nsdecls("w")} xml:space="preserve">{text}</w:instrText>'
        )
        run._r.append(parse_xml(xml))
    paragraph.add_run(" —")
