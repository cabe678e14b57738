"""The document pane on long documents, while the file is still being read, without images, by keyboard."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, Route

from tests.e2e.axe import problems
from tests.e2e.long_documents import long_pdf, tasks
from tests.e2e.pane_bench import Bench, mark, parts_of
from tests.e2e.server import Server
from tests.extracted import CORPUS

PDF = CORPUS / "pdf" / "08_business-bracket-tasks.pdf"
# Milliseconds from focus() to the frame that shows the highlight, and to the page's sharp image.
JUMP = """async ([record, page]) => {
    const begun = performance.now();
    window.pane.focus(record, null);
    await new Promise((done) => requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = done;
        port2.postMessage(0);
    }));
    const lit = performance.now() - begun;
    const shown = document.querySelectorAll('.ws-mark-record').length;
    const element = document.querySelector(`[data-page="${page}"]`);
    while (!element.dataset.sharp && performance.now() - begun < 5000) await new Promise(requestAnimationFrame);
    return [lit, performance.now() - begun, shown];
}"""
SKELETON = """async () => {
    const pages = await window.pane.source.pages();
    const begun = performance.now();
    window.pane.open(pages);
    document.querySelector('.pane-column').getBoundingClientRect();
    return performance.now() - begun;
}"""
TOP_TEXT = """() => {
    const view = document.querySelector('.pane-scroll').getBoundingClientRect();
    const element = document.elementsFromPoint(view.left + 200, view.top + view.height / 2).find((each) => /^(P|TD|TH|H\\d)$/.test(each.tagName));
    window.watched = element || window.watched;
    return window.watched.getBoundingClientRect().top;
}"""
SCROLL = """(by) => new Promise((done) => {
    const scroller = document.querySelector('.pane-scroll');
    const before = window.watched.getBoundingClientRect().top;
    scroller.scrollTop += by;
    requestAnimationFrame(() => requestAnimationFrame(() => done([before, window.watched.getBoundingClientRect().top])));
})"""

COPY = """() => {
    const data = new DataTransfer();
    const range = document.createRange();
    range.selectNodeContents(document.querySelector('.pane-text, .ws-chunk'));
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    document.querySelector('.pane-scroll').dispatchEvent(new ClipboardEvent('copy', {clipboardData: data}));
    return data.getData('text/plain');
}"""


@pytest.fixture(scope="module")
def long_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("long") / "long.pdf"
    path.write_bytes(long_pdf(300, 1000))
    return path


@pytest.fixture(scope="module")
def long_text(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("long") / "long.txt"
    path.write_text("\n".join(line for page in range(350) for line in tasks(page, 4)), encoding="utf-8")
    return path


def _until(page: Page, holds: str) -> None:
    """Waits for a function of the page's; the browser's own waiting for one is against the page's security policy."""
    assert page.evaluate(
        f"""async () => {{
        const holds = {holds};
        for (let i = 0; i < 600 && !holds(); i += 1) await new Promise(requestAnimationFrame);
        return holds();
    }}"""
    ), holds


def test_three_hundred_pages_with_a_thousand_marks(page: Page, server: Server, long_file: Path) -> None:
    bench = Bench(page, server, long_file)
    records = bench.result.records
    assert len(bench.result.document.pages) == 300 and len(records) >= 900
    bench.set_marks(*(mark(record.record_id, *parts_of(record.evidence)) for record in records))
    assert statistics.median(page.evaluate(SKELETON) for _ in range(5)) < 50
    times = []
    for record in records[7::41]:
        times.append(page.evaluate(JUMP, [parts_of(record.evidence), record.evidence.page]))
        page.wait_for_timeout(30)
    lit, sharp, shown = (list(each) for each in zip(*times, strict=True))
    print(f"lit {sorted(lit)[-2]:.0f} ms, sharp {sorted(sharp)[-2]:.0f} ms")  # noqa: T201  read with -s
    assert min(shown) > 0
    assert statistics.median(lit) <= 50 and statistics.median(sharp) <= 300


def test_pages_scrolled_past_cost_no_image_and_leave_nothing(page: Page, server: Server, long_file: Path) -> None:
    bench = Bench(page, server, long_file)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if ".png" in request.url else None)
    page.evaluate("""async () => {
        const scroller = document.querySelector('.pane-scroll');
        for (let i = 0; i < 150; i += 1) {
            scroller.scrollTop += scroller.scrollHeight / 150;
            await new Promise(requestAnimationFrame);
        }
    }""")
    page.wait_for_selector('.pane-page[data-page="300"][data-sharp]')
    assert 0 < len(asked) < 60
    for number in range(1, 301, 9):
        page.evaluate("(page) => window.pane.restore({page, y: 0})", number)
        bench.wait_text(number)
    assert page.locator(".pane-page img").count() <= 8
    assert page.locator(".pane-text").count() <= 8


def test_evidence_beyond_what_is_loaded_is_lit_once_it_comes(page: Page, server: Server, long_text: Path) -> None:
    held: list[Route] = []
    page.route(lambda url: "/content?" in url and "first=0" not in url, lambda route: held.append(route))
    bench = Bench(page, server, long_text)
    record = bench.result.records[-1]
    bench.focus(parts_of(record.evidence))
    assert not bench.strokes("record")
    assert held
    page.unroute_all()  # lets go on what was held
    _until(page, "() => CSS.highlights.get('pane-record').size > 0")
    boxes = bench.strokes("record")
    words = bench.text[record.evidence.start : record.evidence.end]
    assert page.evaluate("[...CSS.highlights.get('pane-record')].map(String).join('')") == words
    assert 0 < boxes[0][1] < 900


@pytest.mark.parametrize("name", ["docx/05_ecology-plan.docx", "long"])
def test_what_is_seen_stays_while_text_above_is_filled_in(
    page: Page, server: Server, long_text: Path, name: str
) -> None:
    bench = Bench(page, server, long_text if name == "long" else CORPUS / name)
    page.evaluate("window.pane.loaded")
    bench.focus(parts_of(bench.result.records[-1].evidence))
    page.wait_for_timeout(50)
    moved = []
    for _ in range(25):
        page.evaluate(TOP_TEXT)
        before, after = page.evaluate(SCROLL, -90)
        moved.append(after - before)
    assert moved == pytest.approx([90] * 25, abs=1)


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    book = openpyxl.Workbook()
    for name, rows in (("任务清单", 1500), ("附表", 40)):
        sheet = book.active if name == "任务清单" else book.create_sheet(name)
        sheet.title = name
        sheet.append(["序号", "重点工作", "目标任务", "完成时限", "责任单位"])
        for row in range(1, rows):
            sheet.append([row, f"第{row}片区", f"{name}新建便民服务点{row + 3}处", "2025年10月底", "县民政局"])
        for first in range(2, rows - 10, 10):
            sheet.merge_cells(f"B{first}:B{first + 4}")
    path = tmp_path_factory.mktemp("book") / "book.xlsx"
    book.save(path)
    return path


def test_a_long_workbook(page: Page, server: Server, workbook: Path) -> None:
    bench = Bench(page, server, workbook)
    words = "任务清单新建便民服务点1390处"
    start = bench.text.index(words)
    cell = next(cell for table in bench.result.document.tables for cell in table.cells if cell.span.start == start)
    part = {"start": start, "end": start + len(words), "cell": [0, cell.row, cell.col], "address": cell.address}
    bench.focus([part])
    assert page.locator(".pane-address").inner_text() == cell.address
    lit = page.locator(".pane-cell-record")
    assert lit.inner_text() == words and lit.get_attribute("data-address") == cell.address
    assert lit.locator("xpath=preceding-sibling::th").inner_text() == (cell.address or "")[-4:]
    box, letter = (
        page.locator(each).first.bounding_box() for each in (".pane-cell-record", ".pane-letters td:nth-child(4)")
    )
    assert box and letter and abs(box["x"] - letter["x"]) < 1.5 and letter["y"] < box["y"], (
        "letters stand above columns"
    )
    assert page.locator(".pane-letters td:nth-child(4)").first.inner_text() == "C"
    assert page.locator("td[rowspan='5']").count() > 2
    page.click(".pane-sheet-tab:has-text('附表')")
    page.wait_for_selector("td:text-is('附表新建便民服务点4处')")
    assert bench.page.locator("td").count() < 1200


def test_text_appears_on_pages_once_the_file_is_read(page: Page, server: Server) -> None:
    def not_yet(route: Route) -> None:
        route.fulfill(status=404, json={"error": {"code": "not_ready", "message": ""}})

    page.route("**/text", not_yet)
    bench = Bench(page, server, PDF)
    page.wait_for_selector('[data-page="1"][data-sharp]')
    assert page.locator(".pane-text").count() == 0 and bench.selection() is None
    page.unroute("**/text")
    page.evaluate("window.pane.refresh()")
    bench.wait_text(1)


def test_flowing_text_appears_once_the_file_is_read(page: Page, server: Server) -> None:
    page.route("**/content?*", lambda route: route.fulfill(status=409, json={"error": {"code": "x", "message": ""}}))
    bench = Bench(page, server, CORPUS / "docx" / "05_ecology-plan.docx")
    record = bench.result.records[20]
    bench.set_marks(mark("m", *parts_of(record.evidence)))
    assert page.locator(".pane-note").inner_text() != "" and not page.locator(".pane-block").count()
    page.unroute("**/content?*")
    page.evaluate("window.pane.refresh()")
    page.wait_for_selector(".pane-block")
    assert page.locator(".pane-note").is_hidden()


def test_an_image_that_fails_says_so_and_is_tried_again(page: Page, server: Server) -> None:
    page.route("**/1.png*", lambda route: route.abort())
    Bench(page, server, PDF)
    again = page.locator('[data-page="1"] .pane-page-failed button')
    again.wait_for()
    page.unroute("**/1.png*")
    again.click()
    page.wait_for_selector('[data-page="1"][data-sharp]')
    assert page.locator(".pane-page-failed").count() == 0


@pytest.mark.parametrize("path", [PDF, CORPUS / "docx" / "05_ecology-plan.docx", CORPUS / "xlsx" / "02_health-tiered-table.xlsx"])  # fmt: skip
def test_the_place_is_found_again(page: Page, server: Server, path: Path) -> None:
    bench = Bench(page, server, path)
    record = bench.result.records[len(bench.result.records) // 2]
    bench.focus(parts_of(record.evidence))
    seen = _first_words(page, bench, parts_of(record.evidence))
    place = page.evaluate("JSON.parse(JSON.stringify(window.pane.place()))")
    bench.open(server.url, None)
    page.evaluate("(place) => window.pane.restore(place)", place)
    bench.page.wait_for_timeout(100)
    assert _first_words(page, bench, parts_of(record.evidence)) == pytest.approx(seen, abs=3)


def _first_words(page: Page, bench: Bench, parts: list[dict[str, Any]]) -> float:
    """Height on the screen of the first of some evidence, by a mark and not by focus, which would move it."""
    bench.set_marks(mark("m", *parts))
    page.wait_for_timeout(50)
    top: float = min(box[1] for box in [*bench.strokes("draft"), *bench.strokes("record")])
    return top


@pytest.mark.parametrize("path", [PDF, CORPUS / "docx" / "05_ecology-plan.docx", CORPUS / "xlsx" / "02_health-tiered-table.xlsx"])  # fmt: skip
def test_the_keyboard_scrolls_and_axe_is_content(page: Page, server: Server, path: Path) -> None:
    bench = Bench(page, server, path)
    page.evaluate("document.body.setAttribute('role', 'main'); document.title = 'pane'")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "pane-scroll"
    assert page.evaluate("document.activeElement.getAttribute('role')") == "document"
    assert bench.id in page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("PageDown")
    _until(page, "() => document.querySelector('.pane-scroll').scrollTop > 200")
    bench.set_marks(mark("m", *parts_of(bench.result.records[0].evidence)))
    assert page.evaluate("[...document.querySelectorAll('.pane img')].every((each) => each.alt)")
    assert problems(page) == []


@pytest.mark.parametrize("path", [PDF, CORPUS / "docx" / "05_ecology-plan.docx"])
def test_text_is_copied_as_it_stands_in_the_document(page: Page, server: Server, path: Path) -> None:
    bench = Bench(page, server, path)
    if bench.view == "pages":
        bench.wait_text(1)
    text = page.evaluate(COPY)
    assert len(text) > 100 and text == bench.text[: len(text)]
