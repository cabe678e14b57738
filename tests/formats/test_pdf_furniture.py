from __future__ import annotations

import pytest

from tests.formats.pdf_samples import LEFT, Sheets, full, paragraphs

BODY = [full("　　各单位要"), "落实任务。"]
PLACES = "甲乙丙丁"


def numbered(*feet: str, heads: tuple[str, ...] = ()) -> Sheets:
    """A page for each foot, with a head where one is given."""
    sheets = Sheets()
    for index, foot in enumerate(feet):
        if heads:
            sheets.line(heads[index], LEFT, 50, 10)
        sheets.lines([full(f"　　{PLACES[index]}市要"), "落实任务。"]).line(foot, LEFT + 150, 800, 12)
        if index + 1 < len(feet):
            sheets.page()
    return sheets


@pytest.mark.parametrize(
    "feet",
    [
        pytest.param(("— 1 —", "— 2 —"), id="dashes"),
        pytest.param(("-1-", "-2-"), id="hyphens"),
        pytest.param(("第1页", "第2页"), id="page words"),
        pytest.param(("第 1 页 共 2 页", "第 2 页 共 2 页"), id="of all"),
        pytest.param(("1/2", "2/2"), id="slash"),
        pytest.param(("7", "8"), id="bare numbers that count"),
        pytest.param(("https://www.yunxi.gov.cn/art/1.html", "https://www.yunxi.gov.cn/art/1.html"), id="address"),
    ],
)
def test_page_numbers_are_furniture(feet: tuple[str, str]) -> None:
    document = numbered(*feet).read()
    assert tuple(item.text for item in document.furniture) == feet
    assert [item.page for item in document.furniture] == [1, 2]
    assert not any(foot in document.text for foot in feet)


def test_single_page_with_number() -> None:
    assert [item.text for item in numbered("— 1 —").read().furniture] == ["— 1 —"]


def test_bare_number_that_does_not_count_stays() -> None:
    document = numbered("2030", "17").read()
    assert document.furniture == ()


def test_forms_with_the_same_first_line_keep_it() -> None:
    sheets = Sheets().lines(["　　申报单位基本情况", full("　　甲市填报"), "如下。"]).page()
    sheets.lines(["　　申报单位基本情况", full("　　乙市填报"), "如下。"])
    assert paragraphs(sheets.read()).count("申报单位基本情况") == 2


def test_repeated_header_is_furniture() -> None:
    document = numbered("— 1 —", "— 2 —", "— 3 —", heads=("云溪市人民政府公报",) * 3).read()
    assert [item.text for item in document.furniture].count("云溪市人民政府公报") == 3
    assert "公报" not in document.text


def test_browser_header_with_date_and_page() -> None:
    heads = tuple(f"2031/3/1 10:20 关于印发工作要点的通知 第{n}张，共3张" for n in (1, 2, 3))
    document = numbered("— 1 —", "— 2 —", "— 3 —", heads=heads).read()
    assert "10:20" not in document.text


@pytest.mark.parametrize(
    "heads",
    [
        pytest.param(("附件1", "附件2", "附件3"), id="annex marks"),
        pytest.param(("一、总体要求", "二、重点任务", "三、保障措施"), id="headings"),
        pytest.param(("2031年目标", "2032年目标", "2033年目标"), id="years"),
        pytest.param(("第1条 目的", "第2条 目的", "第3条 目的"), id="articles"),
    ],
)
def test_lines_at_the_head_of_a_page_that_are_text_stay(heads: tuple[str, ...]) -> None:
    document = numbered("— 1 —", "— 2 —", "— 3 —", heads=heads).read()
    assert [p for p in paragraphs(document) if p in heads] == list(heads)


def test_page_number_left_at_the_end_of_a_line_goes() -> None:
    document = Sheets().lines([full("　　各单位要"), "落实任务。（责任处室：气候处） — 8 —"]).read()
    assert document.text.endswith("（责任处室：气候处）")
    assert [item.text for item in document.furniture] == ["— 8 —"]
    line = document.blocks[0].lines[-1]
    assert len(line.edges) == line.span.end - line.span.start + 1


def test_slanted_watermark_is_furniture() -> None:
    sheets = Sheets().lines(BODY)
    sheets.canvas.saveState()
    sheets.canvas.translate(200, 400)
    sheets.canvas.rotate(45)
    sheets.canvas.drawString(0, 0, "内部资料")
    sheets.canvas.restoreState()
    document = sheets.read()
    assert "内部资料" not in document.text
    assert [item.text for item in document.furniture] == ["内部资料"]
