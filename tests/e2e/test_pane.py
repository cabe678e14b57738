"""The document pane: what the mouse selects, what highlights cover, what clicks bring, on real documents."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from extractor.types.document import Line
from tests.e2e.pane_bench import Bench, Point, lines_of, mark, parts_of
from tests.e2e.server import Server
from tests.extracted import CORPUS, squeeze

PDFS = ["03_emergency-target-notice.pdf", "02_health-tiered-table.pdf", "08_business-bracket-tasks.pdf"]
FLOWING = ["docx/05_ecology-plan.docx", "docx/02_health-tiered-table.docx", "html/06_city-scoring-scheme.html", "txt/12_housing-renewal-plan.txt"]  # fmt: skip
GRIDS = ["xlsx/01_civil-task-table.xlsx", "xlsx/07_water-quota.xlsx"]


@pytest.mark.parametrize("name", PDFS)
def test_pages_select_exactly(page: Page, server: Server, name: str) -> None:
    bench = Bench(page, server, CORPUS / "pdf" / name)
    lines = lines_of(bench.result)
    rng = random.Random(name)
    for _ in range(25):
        at = rng.randrange(len(lines))
        first = lines[at]
        last = _further(lines, at, rng)
        start = rng.randrange(first.span.start, first.span.end)
        end = rng.randrange(max(start, last.span.start) + 1, last.span.end + 1)
        bench.show_line(first)
        places = [bench.border(first, start - first.span.start), bench.border(last, end - last.span.start)]
        bench.drag(*(places if rng.random() < 0.8 else places[::-1]))
        _expect(bench, start, end)


def test_a_selection_runs_over_a_page_break(page: Page, server: Server) -> None:
    bench = Bench(page, server, CORPUS / "pdf" / "08_business-bracket-tasks.pdf")
    lines = lines_of(bench.result)
    at = next(i for i, line in enumerate(lines) if line.page == 2)
    before, after = lines[at - 2], lines[at + 1]
    bench.show_line(before)
    bench.wait_text(2)
    for places in ((before, 4, after, 9), (after, 9, before, 4)):
        bench.drag(bench.border(*places[:2]), bench.border(*places[2:]))
        _expect(bench, before.span.start + 4, after.span.start + 9)
    page.evaluate("window.pane.restore({page: 4, y: 0})")
    bench.wait_text(4)
    _expect(bench, before.span.start + 4, after.span.start + 9)


def _further(lines: list[Line], at: int, rng: random.Random) -> Line:
    """A line of the same page a little further down, or the line itself."""
    upto = at + rng.choice([0, 0, 1, 2, 4])
    last = lines[min(upto, len(lines) - 1)]
    near = last.page == lines[at].page and last.bbox.bottom - lines[at].bbox.top < 250
    return last if near and last.bbox.top >= lines[at].bbox.top - 150 else lines[at]


def _expect(bench: Bench, start: int, end: int) -> None:
    selection = bench.selection()
    assert selection is not None, (start, end, bench.text[start:end])
    assert (selection["start"], selection["end"]) == (start, end), bench.text[start:end]
    assert squeeze(selection["text"]) == squeeze(bench.text[start:end])


def test_pages_select_exactly_when_zoomed_on_a_sharp_screen(browser: Any, server: Server) -> None:
    context = browser.new_context(viewport={"width": 1000, "height": 700}, device_scale_factor=2)
    bench = Bench(context.new_page(), server, CORPUS / "pdf" / PDFS[0])
    for _ in range(4):
        bench.page.click(".pane-tool >> nth=1")
    line = max(lines_of(bench.result), key=lambda each: each.span.end - each.span.start)
    bench.show_line(line)
    bench.drag(bench.border(line, 3), bench.border(line, 9))
    _expect(bench, line.span.start + 3, line.span.start + 9)
    bench.page.wait_for_selector(f'.pane-page[data-page="{line.page}"][data-sharp="3"]')
    context.close()


def test_a_double_click_selects_a_word_and_a_triple_one_the_sentence(page: Page, server: Server) -> None:
    for path in ("pdf/08_business-bracket-tasks.pdf", "docx/08_business-bracket-tasks.docx"):
        bench = Bench(page, server, CORPUS / path)
        at = bench.text.index("法制审核率")
        if bench.view == "pages":
            line = next(line for line in lines_of(bench.result) if line.span.start <= at < line.span.end)
            bench.show_line(line)
            point = bench.middle(line, at - line.span.start)
        else:
            bench.show(at, at + 5)
            point = bench.middle_of(bench.text[at - 6 : at + 4], 6)
        page.mouse.dblclick(point.x, point.y)
        word = bench.selection()
        assert word is not None and word["start"] <= at < word["end"] <= at + 5
        page.mouse.click(point.x, point.y, click_count=3)
        sentence = bench.selection()
        assert sentence is not None
        text = squeeze(bench.text[sentence["start"] : sentence["end"]])
        assert re.search(r"[。；]$", text) and not re.search(r"[。；]", text[:-1])
        assert len(text) > 12


@pytest.mark.parametrize("path", FLOWING + GRIDS)
def test_flowing_text_and_grids_select_exactly(page: Page, server: Server, path: str) -> None:
    bench = Bench(page, server, CORPUS / path)
    rng = random.Random(path)
    spans = [block.span for block in bench.result.document.blocks if block.kind == "paragraph"]
    spans += [cell.span for table in bench.result.document.tables for cell in table.cells]
    spans = [span for span in spans if span.end - span.start >= 6]
    done = 0
    while done < 15:
        span = rng.choice(spans)
        start = rng.randrange(span.start, span.end - 5)
        end = min(span.end, start + rng.randrange(5, 60))
        words = bench.text[start:end]
        if bench.text.count(words) != 1 or words != words.strip() or "\n" in words:
            continue
        bench.show(start, end)
        bench.drag(bench.start_of(words), bench.end_of(words, len(words) - 1))
        _expect(bench, start, end)
        done += 1


@pytest.mark.parametrize("path", ["docx/08_business-bracket-tasks.docx", "xlsx/01_civil-task-table.xlsx"])
def test_a_selection_runs_over_paragraphs_and_cells(page: Page, server: Server, path: str) -> None:
    bench = Bench(page, server, CORPUS / path)
    at = bench.text.index("1.") - 1
    unique = [m.start() for m in re.finditer(r"\w{6}", bench.text[at : at + 600])]
    words = [bench.text[at + each : at + each + 6] for each in unique]
    words = [each for each in words if bench.text.count(each) == 1]
    first, last = words[0], words[-1]
    start, end = bench.text.index(first), bench.text.index(last) + 6
    bench.show(start, end)
    bench.drag(bench.start_of(first), bench.end_of(last, 5))
    _expect(bench, start, end)
    assert bench.selection() == {"start": start, "end": end, "text": bench.text[start:end]}


def test_selected_words_can_be_selected_anew_from_their_middle(page: Page, server: Server) -> None:
    for path in ("pdf/03_emergency-target-notice.pdf", FLOWING[0]):
        bench = Bench(page, server, CORPUS / path)
        _, (point, outside, start) = _three(bench)
        for shift in (0, 1, 2):
            bench.drag(Point(point.x - 3 + shift * 16, point.y), Point(outside.x - 3, outside.y))
            _expect(bench, start + 5 + shift, start + 12)


def test_characters_outside_the_first_plane_count_as_one(page: Page, server: Server, tmp_path: Path) -> None:
    path = tmp_path / "生僻字.txt"
    path.write_text(
        "𠮷安县𡒄工作安排\n𠮷安县新建𡒄塘3处，𠮷水镇改造道路5公里。\n二是𠮷安站年底前完成扩建。\n", encoding="utf-8"
    )
    bench = Bench(page, server, path)
    for words in ("𡒄塘3处", "道路5公里", "𠮷安站年底"):
        start = bench.text.index(words)
        bench.drag(bench.start_of(words), bench.end_of(words, len(words) - 1))
        _expect(bench, start, start + len(words))
        point = bench.middle_of(words, 3)
        page.keyboard.down("Control")
        page.mouse.click(point.x, point.y)
        page.keyboard.up("Control")
        assert bench.calls() == [["fill", start + 3, start + 3]]
        bench.set_marks(mark("m", {"start": start, "end": start + len(words)}))
        assert page.evaluate("[...CSS.highlights.get('pane-draft')].map(String)") == [words]


@pytest.mark.parametrize("name", PDFS)
def test_evidence_on_pages_covers_its_words_and_no_others(page: Page, server: Server, name: str) -> None:
    bench = Bench(page, server, CORPUS / "pdf" / name)
    lines = lines_of(bench.result)
    for record in bench.result.records:
        evidence = record.evidence
        targets = [target.evidence for target in record.targets if target.evidence]
        bench.focus(parts_of(evidence), parts_of(targets[0]) if targets else None)
        _expect_cover(bench, lines, "record", evidence.start, evidence.end, record.evidence.page or 0)
        if targets and targets[0].page == evidence.page:
            _expect_cover(bench, lines, "field", targets[0].start, targets[0].end, evidence.page or 0)


def _expect_cover(bench: Bench, lines: list[Line], style: str, start: int, end: int, page: int) -> None:
    """On ``page`` the middle of each character is lit where it is in start…end, and nowhere else."""
    boxes = bench.strokes(style)
    corner = bench.on_page(page, 0, 0)
    size = next(each for each in bench.result.document.pages if each.number == page)
    far = bench.on_page(page, size.width, size.height)
    for line in (each for each in lines if each.page == page):
        for at in range(line.span.end - line.span.start):
            if bench.text[line.span.start + at].isspace():
                continue
            x = corner.x + (line.edges[at] + line.edges[at + 1]) / 2 / size.width * (far.x - corner.x)
            y = corner.y + (line.bbox.top + line.bbox.bottom) / 2 / size.height * (far.y - corner.y)
            lit = any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in boxes)
            offset = line.span.start + at
            assert lit == (start <= offset < end), (style, offset, bench.text[offset], bench.text[start:end])


@pytest.mark.parametrize("drawing", [None, "rects"])
@pytest.mark.parametrize("path", [FLOWING[0], FLOWING[2], GRIDS[0]])
def test_evidence_in_flowing_text_covers_its_words(page: Page, server: Server, path: str, drawing: str | None) -> None:
    bench = Bench(page, server, CORPUS / path, drawing=drawing)
    for record in bench.result.records[::3]:
        parts = parts_of(record.evidence)
        bench.focus(parts)
        boxes = bench.strokes("record")
        assert boxes
        for part in parts:
            words = bench.text[part["start"] : part["end"]]
            if bench.text.count(words) != 1 or "\n" in words:
                continue
            for at in range(0, len(words), 3):
                if words[at].isspace():
                    continue
                point = bench.middle_of(words, at)
                assert any(b[0] <= point.x <= b[2] and b[1] <= point.y <= b[3] for b in boxes), words[at:]
        view = page.evaluate("(({top, bottom}) => [top, bottom])(document.querySelector('.pane-scroll').getBoundingClientRect())")  # fmt: skip
        assert all(view[0] <= top and bottom <= view[1] + 400 for _, top, _, bottom in boxes), "scrolled away"
        assert min(box[1] for box in boxes) < view[0] + (view[1] - view[0]) * 0.86


def _three(bench: Bench) -> tuple[list[dict[str, Any]], Any]:
    """Marks one in another, a point where they overlap and one where only the outermost is, and where that begins."""
    record = next(each for each in bench.result.records if not each.evidence.parts and len(each.text) > 14)
    start = record.evidence.start
    if bench.view == "pages":
        line = next(line for line in lines_of(bench.result) if line.span.start <= start < line.span.end)
        edge = line.edges
        at = start - line.span.start

        def part(a: int, b: int) -> dict[str, Any]:
            box = [edge[at + a], line.bbox.top, edge[at + b], line.bbox.bottom]
            return {"start": start + a, "end": start + b, "page": line.page, "bbox": box}

        bench.show_line(line)
        point = bench.middle(line, at + 5)
        outside = bench.middle(line, at + 12)
    else:

        def part(a: int, b: int) -> dict[str, Any]:
            return {"start": start + a, "end": start + b}

        bench.show(start, start + 14)
        point, outside = (bench.middle_of(bench.text[start : start + 14], at) for at in (5, 12))
    return [mark("whole", part(0, 14)), mark("mid", part(2, 9)), mark("in", part(4, 7))], (point, outside, start)


@pytest.mark.parametrize("path", ["pdf/03_emergency-target-notice.pdf", FLOWING[0], GRIDS[0]])
def test_a_click_brings_the_marks_under_it_in_turn(page: Page, server: Server, path: str) -> None:
    bench = Bench(page, server, CORPUS / path)
    marks, (point, outside, _) = _three(bench)
    bench.set_marks(*marks)
    for _ in range(4):
        page.mouse.click(point.x, point.y)
        page.wait_for_timeout(600)  # or the browser takes it for a double click
    turns = [["in", "mid", "whole"], ["mid", "whole", "in"], ["whole", "in", "mid"], ["in", "mid", "whole"]]
    assert bench.calls() == [["mark", ids] for ids in turns]
    page.mouse.click(outside.x, outside.y)
    assert bench.calls() == [["mark", ["whole"]]]
    page.evaluate("window.pane.removeMark('whole')")
    page.wait_for_timeout(600)
    page.mouse.click(outside.x, outside.y)
    assert bench.calls() == []


@pytest.mark.parametrize("path", ["pdf/03_emergency-target-notice.pdf", FLOWING[0], GRIDS[0]])
def test_words_fill_by_ctrl_click_and_while_filling_by_click_and_drag(page: Page, server: Server, path: str) -> None:
    bench = Bench(page, server, CORPUS / path)
    marks, (point, outside, start) = _three(bench)
    bench.set_marks(*marks)
    page.keyboard.down("Control")
    page.mouse.click(point.x, point.y)
    page.keyboard.up("Control")
    assert bench.calls() == [["fill", start + 5, start + 5]]
    page.evaluate("window.pane.setFilling(true)")
    page.wait_for_timeout(600)
    page.mouse.click(point.x, point.y)
    # No drag from the exact middle of a letter: Chromium takes the two halves' borders in turn and selects nothing.
    bench.drag(Point(point.x - 3, point.y), Point(outside.x - 3, outside.y))
    assert bench.calls() == [["fill", start + 5, start + 5], ["fill", start + 5, start + 12]]
    assert bench.selection() is None
    page.evaluate("window.pane.setFilling(false)")
    page.wait_for_timeout(600)
    page.mouse.click(point.x, point.y)
    assert bench.calls()[0][0] == "mark"


@pytest.mark.parametrize("drawing", [None, "rects"])
def test_marks_move_nothing_and_split_no_text(page: Page, server: Server, drawing: str | None) -> None:
    bench = Bench(page, server, CORPUS / FLOWING[0], drawing=drawing)
    layout = """() => { const walker = document.createTreeWalker(document.querySelector('.pane-flow'), NodeFilter.SHOW_TEXT);
        const all = []; for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const range = document.createRange(); range.selectNode(node); const {x, y, width, height} = range.getBoundingClientRect();
            all.push([node.data, x, y, width, height]); } return all; }"""
    before = page.evaluate(layout)
    bench.set_marks(*(mark(record.record_id, *parts_of(record.evidence)) for record in bench.result.records))
    assert bench.strokes("draft")
    assert page.evaluate(layout) == before
