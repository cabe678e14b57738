from __future__ import annotations

import pytest

from tests.formats.pdf_samples import LEFT, RIGHT, SIZE, Sheets, full, paragraphs

BODY = [full("　　各单位要"), full("认真落实"), "年度任务。"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(
            [*BODY, "　　第二段完。"],
            [full("各单位要", 26) + full("认真落实") + "年度任务。", "第二段完。"],
            id="indent",
        ),
        pytest.param(
            ["　　一、加强领导", full("　　各单位要"), "落实。"],
            ["一、加强领导", full("各单位要", 26) + "落实。"],
            id="heading stays alone",
        ),
        pytest.param(
            [full("　　各单位要", 27) + "。", full("　　各部门要"), "落实。"],
            [full("各单位要", 25) + "。", full("各部门要", 26) + "落实。"],
            id="a full line that ends a paragraph",
        ),
        pytest.param(
            [*BODY, "　　（一）开展检查。", "　　（二）开展培训。"],
            [full("各单位要", 26) + full("认真落实") + "年度任务。", "（一）开展检查。", "（二）开展培训。"],
            id="short items",
        ),
        pytest.param(
            [*BODY, "　　附件：1." + "工" * 20, "　　　　　2." + "工" * 22, "　　　　　　" + "表"],
            [full("各单位要", 26) + full("认真落实") + "年度任务。", "附件：1." + "工" * 20, "2." + "工" * 22 + "表"],
            id="hanging list of annexes",
        ),
        pytest.param(
            [full("　　牵头单位：", 26), "　　完成时限：九月底前", full("　　各部门要"), "落实。"],
            [full("牵头单位：", 24), "完成时限：九月底前", full("各部门要", 26) + "落实。"],
            id="labels",
        ),
        pytest.param(
            ["一、总体要求…………………………3", "（一）指导思想……………………4", full("　　各单位要"), "落实。"],
            ["一、总体要求…………………………3", "（一）指导思想……………………4", full("各单位要", 26) + "落实。"],
            id="contents",
        ),
    ],
)
def test_lines_become_paragraphs(lines: list[str], expected: list[str]) -> None:
    margin = full("　　页宽如此")
    document = Sheets().lines([margin, "，", *lines, "　　" + "工" * 26, "完。"]).read()
    assert paragraphs(document)[1:-1] == expected


def test_paragraph_goes_on_over_a_page_break() -> None:
    sheets = Sheets().lines(BODY[:2]).page().lines(["年度任务。", "　　又一段。"])
    assert paragraphs(sheets.read()) == [full("各单位要", 26) + full("认真落实") + "年度任务。", "又一段。"]


def test_next_page_starts_a_new_paragraph() -> None:
    sheets = Sheets().lines(BODY).page().lines([full("　　又一段"), "完。"])
    assert len(paragraphs(sheets.read())) == 2


def test_title_of_two_lines_is_one_block_and_what_stands_under_it_is_not() -> None:
    sheets = Sheets().centered("关于印发云溪市年度工作要点和", 100, 22).centered("责任分工方案的通知", 136, 22)
    sheets.centered("（征求意见稿）", 172, 22).lines(BODY, top=230)
    document = sheets.read()
    assert paragraphs(document)[:2] == ["关于印发云溪市年度工作要点和责任分工方案的通知", "（征求意见稿）"]
    first = document.blocks[0].style
    assert first is not None
    assert first.centered
    assert first.size == 22.0


def test_centered_chapter_headings_stay_apart() -> None:
    sheets = Sheets().lines(BODY).centered("第一章　总则", 200).centered("第一节　目标", 228).lines(BODY, top=260)
    assert paragraphs(sheets.read())[1:3] == ["第一章　总则", "第一节　目标"]


def test_signature_at_the_right_is_not_joined() -> None:
    sheets = (
        Sheets().lines(BODY).line("云溪市民政局", RIGHT - 9 * SIZE, 220).line("2031年3月1日", RIGHT - 9 * SIZE, 248)
    )
    assert paragraphs(sheets.read())[1:] == ["云溪市民政局", "2031年3月1日"]


def test_flush_paragraphs_end_where_there_was_room() -> None:
    lines = [full("各单位要"), "落实任务。", full("各部门要"), full("配合"), "完成。"]
    document = Sheets().lines(lines).read()
    assert paragraphs(document) == [full("各单位要") + "落实任务。", full("各部门要") + full("配合") + "完成。"]


def test_word_that_did_not_fit_is_no_paragraphs_end() -> None:
    """A long number moves to the next line whole and leaves a gap behind."""
    lines = [full("　　各单位要"), full("投入资金共计", 24), full("1234567.89万元，建成", 33), "项目。"]
    assert paragraphs(Sheets().lines(lines).read()) == [
        full("各单位要", 26) + full("投入资金共计", 24) + full("1234567.89万元，建成", 33) + "项目。"
    ]


def test_latin_words_are_joined_with_a_blank_and_chinese_with_nothing() -> None:
    lines = [full("　　推广使用", 24) + "Green", "Data Center", full("　　各单位要"), "落实。"]
    assert paragraphs(Sheets().lines(lines).read())[0] == full("推广使用", 22) + "Green Data Center"


def test_line_torn_by_a_converter_goes_on() -> None:
    """Where paragraphs are set in, a flush line behind an unfinished one belongs to it."""
    lines = [*BODY, *BODY, *BODY, full("　　指导全市"), "开展节能示范单位创建和能效提升", "验收标准工作。"]
    assert paragraphs(Sheets().lines(lines).read())[-1].endswith("能效提升验收标准工作。")


def test_paragraph_cut_after_a_character_goes_on() -> None:
    lines = [*BODY, *BODY, *BODY, full("　　设立基金"), "（责任处室：财审处）配", "　　合有关部门统筹资金。"]
    assert paragraphs(Sheets().lines(lines).read())[-1].endswith("（责任处室：财审处）配合有关部门统筹资金。")


def test_a_frame_of_one_column_holds_paragraphs() -> None:
    sheets = Sheets().lines(BODY)
    sheets.cell(["专栏1　重点工程"], LEFT, 200, RIGHT, 220)
    sheets.cell(["1.河道整治。", "2.湿地修复。"], LEFT, 220, RIGHT, 270).lines(BODY, top=300)
    document = sheets.read()
    assert document.tables == ()
    assert paragraphs(document)[1:4] == ["专栏1　重点工程", "1.河道整治。", "2.湿地修复。"]


def test_footnote_is_a_note_and_the_paragraph_over_it_goes_on() -> None:
    sheets = Sheets().lines(BODY[:2]).line("①指年末在册人数。", LEFT, 740, 10).page().lines([BODY[2], "　　又一段。"])
    document = sheets.read()
    assert paragraphs(document, "note") == ["①指年末在册人数。"]
    assert paragraphs(document)[0].endswith("年度任务。")


def test_small_print_without_a_mark_is_no_note() -> None:
    document = Sheets().lines(BODY).line("数据来自统计年鉴。", LEFT, 740, 10).read()
    assert paragraphs(document, "note") == []


def test_lines_carry_place_and_edges() -> None:
    document = Sheets().lines(BODY).page().lines(["　　又一段。"]).read()
    block = document.blocks[0]
    assert [line.page for line in block.lines] == [1, 1, 1]
    for line, text in zip(block.lines, BODY, strict=True):
        assert document.text[line.span.start : line.span.end] == text.lstrip("　")
        assert len(line.edges) == line.span.end - line.span.start + 1
        assert list(line.edges) == sorted(line.edges)
    assert block.lines[0].bbox.x0 == pytest.approx(LEFT + 2 * SIZE, abs=0.5)
    assert block.lines[0].bbox.bottom == pytest.approx(100, abs=4)
    assert document.pages[1].number == 2
