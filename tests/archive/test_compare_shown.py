"""A comparison shown: the page, the JSON, the workbook and the table on a terminal."""

from __future__ import annotations

import io
import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from lxml import html
from openpyxl import load_workbook
from playwright.sync_api import Page

from extractor import extract
from extractor.archive import compare_html
from extractor.archive.compare import compare
from extractor.export import comparison_json, comparison_table, comparison_words, comparison_xlsx
from extractor.export.table import columns
from extractor.types.comparison import CATEGORIES, Comparison
from extractor.types.record import Evidence, ExtractionFile, Target
from tests.archive.notices import LAST_YEAR, THIS_YEAR, grams_alike
from tests.export.samples import make_file, make_record

HOSTILE = "</td><script>alert(1)</script>\"'&<img src=x onerror=alert(1)>\x00\x0b\ufffe{{7*7}}"


@pytest.fixture(scope="module")
def years() -> Comparison:
    old, new = (extract(text.encode(), name="通知.txt").to_contract() for text in (LAST_YEAR, THIS_YEAR))
    return compare(old, new, grams_alike)


@pytest.fixture(scope="module")
def hostile() -> Comparison:
    """Words of a document that would be a page's markup or a spreadsheet's formula."""

    def file(value: float, start: str) -> object:
        target = Target(metric=f"=1+1{HOSTILE}", op="ge", value=value, unit="<b>张</b>", raw="<i>", due="2023-01-01")
        plain = make_record(1, (HOSTILE,), f"{start}{HOSTILE}任务", number="<1>")
        whole = make_record(0, (HOSTILE,), f"=SUM(A1)<i>{HOSTILE}", kind="target", targets=(target,))
        return make_file((whole, plain), title=f"={HOSTILE}", source_name="<x>.txt", issuer=HOSTILE)

    return compare(file(1, "旧"), file(2, "新"), grams_alike)  # type: ignore[arg-type]


# --- the page ---------------------------------------------------------------------------------------------


def page_of(comparison: Comparison) -> html.HtmlElement:
    return html.document_fromstring(compare_html.render(comparison).decode())


def text_of(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_the_page_names_both_documents(years: Comparison) -> None:
    shown = [text_of(each) for each in page_of(years).xpath("//dl/div")]
    assert shown[0].startswith("2023年2023年全市民政工作要点 青民〔2023〕8号 · 青陵市民政局 · 2023-02-20")
    assert shown[1].startswith("2024年2024年全市民政工作要点")


def test_each_count_leads_to_as_many_rows(years: Comparison) -> None:
    page = page_of(years)
    for category in CATEGORIES:
        (link,) = page.xpath(f"//nav/a[@href='#{category}']")
        rows = page.xpath(f"//section[@id='{category}']//tr[@id]")
        assert text_of(link).split()[0] == str(len(rows)) == str(years.counts[category])
    assert len(page.xpath("//tr[@id]")) == len(years.rows)


def test_a_category_without_rows_has_no_link() -> None:
    page = page_of(compare(make_file(()), make_file(()), grams_alike))
    assert [link.get("href") for link in page.xpath("//nav/a")] == ["#all"]
    assert page.xpath("//section") == []


def test_evidence_stands_side_by_side_with_the_threshold_marked(years: Comparison) -> None:
    (row,) = page_of(years).xpath("//section[@id='raised']//tr[@id]")
    old, new = row.xpath("td")[-2:]
    assert [text_of(each) for each in old.xpath(".//mark")] == ["不低于55%"]
    assert text_of(new) == "≥60%1. 养老机构护理型床位占比不低于60%第147字"
    assert text_of(row.xpath("td[@class='change']")[0]) == "≥55% → ≥60%+5个百分点要求提高 stricter"


def test_reworded_tasks_show_what_was_put_in(years: Comparison) -> None:
    changed = page_of(years).xpath("//section[@id='changed']//ins")
    assert [text_of(each) for each in changed] == ["、约谈通报"]


def test_the_page_needs_nothing_else(years: Comparison) -> None:
    words = compare_html.render(years).decode()
    page = page_of(years)
    assert not page.xpath("//script|//link|//img|//iframe|//object|//embed|//form|//@style|//@src")
    assert not re.search(r"https?:|//|url\(|@import|javascript:", words.replace("<!DOCTYPE", ""))
    assert all(link.get("href").startswith("#") for link in page.xpath("//*[@href]"))
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {link.get("href")[1:] for link in page.xpath("//a")} <= set(ids)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]


def test_words_of_a_document_are_never_markup(hostile: Comparison) -> None:
    words = compare_html.render(hostile).decode()
    reader = Tags()
    reader.feed(words)
    assert not reader.seen & {"script", "img", "i"}
    assert not re.search("[\x00-\x08\x0b\x0c\ufffe]", words)
    assert text_of(page_of(hostile).xpath("//td//mark")[0]) == "<i>"


def test_the_page_in_a_browser(years: Comparison, hostile: Comparison, page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append("dialog"))
    page.set_content(compare_html.render(hostile).decode())
    page.set_content(compare_html.render(years).decode())
    assert page.locator("section:visible").count() == 6
    page.click('nav a[href="#lowered"]')
    assert page.locator("section:visible").count() == 1
    assert page.locator("section#lowered tbody tr[id]:visible").count() == 2
    page.click('nav a[href="#all"]')
    assert page.locator("section:visible").count() == 6
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert said == []


# --- JSON -------------------------------------------------------------------------------------------------


def test_json_has_both_sides_of_every_row(years: Comparison) -> None:
    data = json.loads(comparison_json.render(years))
    assert data["comparison_version"] == "1.0"
    assert data["old"]["document_number"] == "青民〔2023〕8号"
    assert (data["new"]["records"], data["new"]["targets"]) == (14, 11)
    assert data["counts"] == dict(years.counts)
    assert len(data["rows"]) == len(years.rows)
    raised = next(row for row in data["rows"] if row["category"] == "raised")
    assert (raised["stricter"], raised["change"], raised["change_unit"], raised["similarity"]) == (True, 5, "%", 1.0)
    assert raised["differences"] == [{"aspect": "value", "old": "≥55%", "new": "≥60%"}]
    side = raised["new"]
    assert {name: side[name] for name in ("metric", "op", "value", "unit", "raw", "due", "target")} == {
        "metric": "养老机构护理型床位占比", "op": "ge", "value": 60, "unit": "%", "raw": "不低于60%", "due": "2024-12-31", "target": 0,
    }  # fmt: skip
    assert side["text"][slice(*side["mark"])] == "不低于60%"
    assert side["evidence"].keys() == {"start", "end", "page", "cell", "address"}


def test_json_of_a_side_that_is_not_there_is_null(years: Comparison) -> None:
    rows = json.loads(comparison_json.render(years))["rows"]
    for row in rows:
        assert (row["old"] is None, row["new"] is None) == (row["category"] == "added", row["category"] == "dropped")
    keys = {frozenset(side) for row in rows for side in (row["old"], row["new"]) if side}
    assert len(keys) == 1


# --- the workbook -----------------------------------------------------------------------------------------


def test_workbook(years: Comparison) -> None:
    book = load_workbook(io.BytesIO(comparison_xlsx.render(years)))
    assert book.sheetnames == ["对比", "概况"]
    sheet = book["对比"]
    titles = [cell.value for cell in sheet[3]]
    assert titles == [
        "序号", "变化", "分组", "指标或任务", "目标值（2023年）", "目标值（2024年）", "增减", "要求", "其他不同", "文字（2023年）",
        "文字（2024年）", "出处（2023年）", "出处（2024年）",
    ]  # fmt: skip
    rows = [dict(zip(titles, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=4)]
    assert len(rows) == len(years.rows)
    first = rows[0]
    assert (first["变化"], first["增减"], first["要求"]) == ("数值提高", "+5个百分点", "要求提高")
    assert (first["目标值（2023年）"], first["目标值（2024年）"]) == ("≥55%", "≥60%")
    due = next(row for row in rows if "老年食堂" in row["指标或任务"])
    assert due["其他不同"] == "时限：2023-09-30 → 2024-06-30"
    added = next(row for row in rows if row["变化"] == "新增")
    assert (added["目标值（2023年）"], added["文字（2023年）"]) == (None, None)
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("E4", "$1:$3")


def test_overview_of_the_workbook(years: Comparison) -> None:
    sheet = load_workbook(io.BytesIO(comparison_xlsx.render(years)))["概况"]
    facts = {row[0].value: (row[1].value, row[2].value) for row in sheet.iter_rows(min_row=4)}
    assert facts["文号"] == ("青民〔2023〕8号", "青民〔2024〕11号")
    assert facts["数值降低"] == ("2条", "要求提高1条，要求降低1条")
    assert facts["相同"] == ("4条", None)


def test_words_of_a_document_are_never_formulas(hostile: Comparison) -> None:
    book = load_workbook(io.BytesIO(comparison_xlsx.render(hostile)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert any(str(cell.value).startswith("=SUM(A1)") for cell in cells)


# --- tables and conversions ---------------------------------------------------------------------------------


def counties(year: int, *values: int) -> ExtractionFile:
    """A sheet with a row for each of two counties, the number beside its name."""
    records = []
    for at, (name, value) in enumerate(zip(("平川区", "河口县"), values, strict=True)):
        cells = [
            Evidence(start=at * 10 + of * 4, end=at * 10 + of * 4 + 3, address=f"{'BC'[of]}{at + 3}") for of in (0, 1)
        ]
        target = Target(
            metric="新增养老床位", op="ge", value=value, unit="张", raw=str(value), scope=name, evidence=cells[1]
        )
        records.append(make_record(at, ("养老",), name, kind="target", targets=(target,), evidence=cells[0]))
    return make_file(tuple(records), source_name=f"{year}.xlsx", year=year)


@pytest.fixture(scope="module")
def tables() -> Comparison:
    return compare(counties(2023, 400, 200), counties(2024, 500, 200), grams_alike)


def test_the_place_of_a_target_in_a_table_is_its_own_cell(tables: Comparison) -> None:
    assert [row["new"]["evidence"]["address"] for row in json.loads(comparison_json.render(tables))["rows"]] == [
        "C3",
        "C4",
    ]
    assert "C3 → C3" in comparison_table.render(tables).decode()
    (row,) = page_of(tables).xpath("//section[@id='raised']//tr[@id]")
    assert [text_of(each) for each in row.xpath("td[last()]/*")] == ["≥500张", "平川区 … 500", "C3"]
    assert [text_of(each) for each in row.xpath(".//mark")] == ["400", "500"]
    sheet = load_workbook(io.BytesIO(comparison_xlsx.render(tables)))["对比"]
    assert [sheet.cell(row, 13).value for row in (4, 5)] == ["C3", "C4"]


def test_rows_of_a_table_say_whose_they_are(tables: Comparison) -> None:
    assert [comparison_words.metric_of(row) for row in tables.rows] == [
        "新增养老床位（平川区）",
        "新增养老床位（河口县）",
    ]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ((1, "次", "季度"), (1, "次", "月"), "+0.6667次/月"),
        ((1, "次", "月"), (1, "次", "季度"), "−2次/季度"),
        ((1234567, "元", None), (0.5, "万元", None), "−123万元"),
        ((1, "平方公里", None), (2000000.7, "亩", None), "+1998501亩"),
        ((10.12345, "%", None), (12, "%", None), "+1.87655个百分点"),
    ],
)
def test_a_step_that_was_converted_is_rounded(
    old: tuple[float, str, str | None], new: tuple[float, str, str | None], words: str
) -> None:
    files = [
        make_file((make_record(0, (), "督查", kind="target", targets=(
            Target(metric="督查", op="ge", value=value, unit=unit, per=per, raw="督查"),)),))
        for value, unit, per in (old, new)
    ]  # fmt: skip
    (row,) = compare(files[0], files[1], lambda pairs: np.ones(len(pairs))).rows
    assert comparison_words.change_words(row) == words


# --- the terminal -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [40, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal(width: int, years: Comparison) -> None:
    lines = comparison_table.render(years, width, same=True).decode().splitlines()
    assert max(columns(line) for line in lines) <= max(width, 80)


def test_the_terminal_lists_what_differs_and_counts_what_does_not(years: Comparison) -> None:
    shown = comparison_table.render(years).decode()
    assert "数值提高 1 · 数值降低 2 · 其他变更 5 · 新增 2 · 取消 2 · 相同 4" in shown
    assert "改造资金" not in shown
    assert "4 rows are the same" in shown
    assert "改造资金" in comparison_table.render(years, same=True).decode()


def test_what_a_document_does_not_say_is_told(years: Comparison) -> None:
    silent = (
        make_file((make_record(0, (), "新增床位500张", points=5),)),
        make_file((make_record(0, (), "新增床位500张"),)),
    )
    made = compare(*silent, grams_alike)
    assert "全文没有写分值" in comparison_table.render(made).decode()
    assert "全文没有写分值，不作比较" in text_of(page_of(made).xpath("//dl")[0])
    assert json.loads(comparison_json.render(made))["new"]["silent"] == ["points"]
