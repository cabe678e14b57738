from __future__ import annotations

import pytest

from extractor.formats import read
from extractor.formats.docx_numbering import format_number
from tests.formats.docx_samples import abstract, docx_bytes, level, num, numbered, paragraph

OFFICIAL = abstract(
    0,
    level(0, "chineseCounting", "%1、"),
    level(1, "chineseCounting", "（%2）"),
    level(2, "decimal", "%3."),
    level(3, "decimal", "（%4）"),
)


def marks(body: str, numbering: str, **parts: str) -> list[str]:
    text = read(docx_bytes(body, numbering=numbering, **parts)).text
    return [line.removesuffix("文") for line in text.split("\n")]


def items(*places: tuple[int, int]) -> str:
    return "".join(numbered("文", n, at) for n, at in places)


@pytest.mark.parametrize(
    ("numbering", "places", "expected"),
    [
        pytest.param(
            OFFICIAL + num(1, 0),
            [(1, 0), (1, 1), (1, 1), (1, 2), (1, 2), (1, 0), (1, 1), (1, 2), (1, 3)],
            ["一、", "（一）", "（二）", "1.", "2.", "二、", "（一）", "1.", "（1）"],
            id="lower levels start anew",
        ),
        pytest.param(
            OFFICIAL + num(1, 0) + num(2, 0),
            [(1, 0), (2, 0), (1, 0)],
            ["一、", "二、", "三、"],
            id="lists of one definition share a counter",
        ),
        pytest.param(
            OFFICIAL + num(1, 0) + num(2, 0, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'),
            [(1, 0), (1, 0), (2, 0), (2, 0), (1, 0)],
            ["一、", "二、", "一、", "二、", "三、"],
            id="a start of its own, once",
        ),
        pytest.param(
            OFFICIAL + num(1, 0, f'<w:lvlOverride w:ilvl="0">{level(0, "upperRoman", "%1.", start=4)}</w:lvlOverride>'),
            [(1, 0), (1, 0)],
            ["IV.", "V."],
            id="a level of its own",
        ),
        pytest.param(
            abstract(0, level(0, "chineseCounting", "第%1章"), level(1, "decimal", "%1.%2", "<w:isLgl/>")) + num(1, 0),
            [(1, 0), (1, 1), (1, 1)],
            ["第一章", "1.1", "1.2"],
            id="legal numbering is decimal",
        ),
        pytest.param(
            abstract(0, level(0, "decimal", "%1"), level(1, "decimal", "第%2条", '<w:lvlRestart w:val="0"/>'))
            + num(1, 0),
            [(1, 0), (1, 1), (1, 0), (1, 1)],
            ["1", "第1条", "2", "第2条"],
            id="articles that never start anew",
        ),
        pytest.param(
            abstract(0, level(0, "decimal", "%1."), level(1, "decimal", "%1.%2")) + num(1, 0),
            [(1, 1), (1, 0)],
            ["1.1", "2."],
            id="a level above that was skipped counts as begun",
        ),
        pytest.param(
            abstract(0, level(0, "bullet", "\uf06c")) + num(1, 0),
            [(1, 0)],
            ["• "],
            id="symbol bullets become plain ones",
        ),
        pytest.param(abstract(0, level(0, "bullet", "—")) + num(1, 0), [(1, 0)], ["— "], id="dashes stay"),
        pytest.param(abstract(0, level(0, "none", "")) + num(1, 0), [(1, 0)], [""], id="no number"),
        pytest.param(OFFICIAL + num(1, 0), [(7, 0), (1, 8), (0, 0)], ["", "", ""], id="unknown list, level, none"),
    ],
)
def test_marks(numbering: str, places: list[tuple[int, int]], expected: list[str]) -> None:
    assert marks(items(*places), numbering) == expected


def test_a_tab_or_blank_after_the_number_becomes_a_blank() -> None:
    spaced = OFFICIAL.replace("nothing", "space")
    assert marks(items((1, 2)), spaced + num(1, 0)) == ["1. "]


def test_numbers_from_styles() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="base"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="sub"><w:basedOn w:val="base"/>'
        '<w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    off = '<w:pStyle w:val="base"/><w:numPr><w:numId w:val="0"/></w:numPr>'
    body = (
        paragraph("文", properties='<w:pStyle w:val="base"/>')
        + paragraph("文", properties='<w:pStyle w:val="sub"/>')
        + paragraph("文", properties=off)
    )
    assert marks(body, OFFICIAL + num(1, 0), styles=styles) == ["一、", "（一）", ""]


def test_numbering_style_stands_for_a_list() -> None:
    styles = (
        '<w:style w:type="numbering" w:styleId="ns"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    linked = '<w:abstractNum w:abstractNumId="5"><w:numStyleLink w:val="ns"/></w:abstractNum>'
    lost = '<w:abstractNum w:abstractNumId="6"><w:numStyleLink w:val="gone"/></w:abstractNum>'
    numbering = OFFICIAL + linked + lost + num(1, 0) + num(2, 5) + num(3, 6)
    assert marks(items((2, 0), (3, 0)), numbering, styles=styles) == ["一、", ""]


def test_empty_paragraphs_use_up_a_number() -> None:
    assert marks(numbered("") + numbered("文"), OFFICIAL + num(1, 0)) == ["二、"]


@pytest.mark.parametrize(
    ("kind", "number", "expected"),
    [
        ("decimal", 12, "12"),
        ("decimalZero", 7, "07"),
        ("upperRoman", 14, "XIV"),
        ("lowerRoman", 4000, "4000"),
        ("upperLetter", 28, "BB"),
        ("lowerLetter", 3, "c"),
        ("chineseCounting", 10, "十"),
        ("chineseCounting", 12, "十二"),
        ("chineseCounting", 105, "一〇五"),
        ("chineseCountingThousand", 105, "一百零五"),
        ("chineseCountingThousand", 110, "一百一十"),
        ("chineseCountingThousand", 0, "〇"),
        ("japaneseCounting", 21, "二十一"),
        ("ideographDigital", 20, "二〇"),
        ("chineseLegalSimplified", 12, "壹拾贰"),
        ("ideographLegalTraditional", 3, "參"),
        ("decimalFullWidth", 12, "１２"),
        ("decimalEnclosedCircle", 10, "⑩"),
        ("decimalEnclosedCircleChinese", 21, "㉑"),
        ("decimalEnclosedCircleChinese", 51, "51"),
        ("decimalEnclosedParen", 2, "⑵"),
        ("decimalEnclosedFullstop", 1, "⒈"),
        ("ideographEnclosedCircle", 10, "㊉"),
        ("ideographEnclosedCircle", 11, "11"),
        ("ideographTraditional", 3, "丙"),
        ("ideographZodiac", 2, "丑"),
        ("ordinal", 2, "2nd"),
        ("ordinal", 11, "11th"),
        ("numberInDash", 2, "- 2 -"),
        ("aFormatOfTheFuture", 5, "5"),
        ("chineseCounting", -1, "-1"),
    ],
)
def test_format_number(kind: str, number: int, expected: str) -> None:
    assert format_number(number, kind) == expected
