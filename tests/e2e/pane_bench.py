"""A document pane alone on a page: opened on a real document, driven by the mouse, asked what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from extractor import Result
from extractor.types.document import Line
from extractor.types.record import Evidence, EvidencePart
from extractor.web.i18n import script_catalog
from tests.e2e.server import Server
from tests.extracted import result_of

PLAIN_PAGE = "/help"  # any page of the server: its own content is taken away
OPEN = """async ([id, view, words, options]) => {
    for (const sheet of document.querySelectorAll('link[rel=stylesheet]')) if (!/base/.test(sheet.href)) sheet.remove();
    for (const name of ['base', 'pane']) {
        const link = Object.assign(document.createElement('link'), {rel: 'stylesheet', href: `/static/css/${name}.css`});
        await new Promise((done) => { link.onload = link.onerror = done; document.head.append(link); });
    }
    document.body.replaceChildren();
    const box = document.createElement('div');
    box.style.cssText = 'position:fixed;left:0;top:0;width:900px;bottom:0';
    document.body.append(box);
    (await import('/static/workspace/i18n.js')).setWords(words);
    const { createPane } = await import('/static/workspace/pane.js');
    const begun = performance.now();
    window.pane = await createPane(box, {id, name: id, view}, {}, options);
    window.opened = performance.now() - begun;
    window.calls = [];
    window.pane.onMark = (ids) => window.calls.push(['mark', ids]);
    window.pane.onFill = (range) => window.calls.push(['fill', range.start, range.end]);
}"""
# Characters on the screen, found by their words alone: `at` characters after the only place that holds `words`.
WORDS_AT = """([words, at]) => {
    const walker = document.createTreeWalker(document.querySelector('.pane-flow'), NodeFilter.SHOW_TEXT);
    const points = [...words].slice(0, at).join('').length;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const found = node.data.indexOf(words);
        if (found < 0) continue;
        const range = document.createRange();
        range.setStart(node, found + points);
        range.setEnd(node, found + points + 1);
        const rect = [...range.getClientRects()].pop();
        return {left: rect.left, right: rect.right, top: rect.top, bottom: rect.bottom};
    }
    return null;
}"""
STROKES = """(style) => {
    const boxes = [...document.querySelectorAll(`.ws-mark-${style}`)].map((each) => each.getBoundingClientRect());
    const ranges = CSS.highlights && CSS.highlights.get(`pane-${style}`);
    for (const range of ranges || []) boxes.push(...range.getClientRects());
    return boxes.map(({left, top, right, bottom}) => [left, top, right, bottom]);
}"""


@dataclass(frozen=True)
class Point:
    x: float
    y: float


def parts_of(evidence: Evidence) -> list[dict[str, Any]]:
    """The parts as the page's scripts hand them to the pane."""
    parts: tuple[EvidencePart, ...] = evidence.parts or (evidence,)
    return [part.model_dump(include={"start", "end", "page", "bbox", "cell", "address"}) for part in parts]


def mark(id: str, *parts: dict[str, Any], kind: str = "record", status: str = "draft") -> dict[str, Any]:
    return {"id": id, "record": id, "kind": kind, "status": status, "parts": list(parts)}


def lines_of(result: Result) -> list[Line]:
    """All printed lines of a PDF, in the order of the text."""
    document = result.document
    lines = [line for block in document.blocks for line in block.lines]
    lines += [line for table in document.tables for cell in table.cells for line in cell.lines]
    return sorted(lines, key=lambda line: line.span.start)


class Bench:
    """One pane. ``result`` is what the same file gives without server and browser."""

    def __init__(self, page: Page, server: Server, path: Path, *, drawing: str | None = None) -> None:
        self.page = page
        self.path = path
        self.result = result_of(path)
        self.text = self.result.document.text
        self.view = {"pdf": "pages", "xlsx": "grid"}.get(self.result.document.source.format, "blocks")
        self.id = server.upload(path)
        server.wait(self.id)
        self.open(server.url, drawing)

    def open(self, url: str, drawing: str | None) -> None:
        self.page.goto(url + PLAIN_PAGE)
        self.page.evaluate(OPEN, [self.id, self.view, script_catalog("zh"), {"drawing": drawing}])

    def focus(self, record: list[dict[str, Any]], field: list[dict[str, Any]] | None = None) -> None:
        self.page.evaluate("([record, field]) => window.pane.focus(record, field)", [record, field])

    def set_marks(self, *marks: dict[str, Any]) -> None:
        self.page.evaluate("(marks) => window.pane.setMarks(marks)", list(marks))

    def selection(self) -> dict[str, Any] | None:
        return self.page.evaluate("window.pane.selection()")

    def calls(self) -> list[list[Any]]:
        """What ``onMark`` and ``onFill`` were called with since the last time."""
        return self.page.evaluate("window.calls.splice(0)")

    def strokes(self, style: str) -> list[tuple[float, float, float, float]]:
        """Boxes on the screen that are lit in a style, drawn either way."""
        return [tuple(box) for box in self.page.evaluate(STROKES, style)]

    def drag(self, start: Point, end: Point) -> None:
        mouse = self.page.mouse
        mouse.move(start.x, start.y)
        mouse.down()
        mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2)
        mouse.move(end.x, end.y)
        mouse.up()

    # Pages

    def wait_text(self, page: int) -> None:
        self.page.wait_for_selector(f'.pane-page[data-page="{page}"] .pane-text', state="attached")

    def on_page(self, page: int, x: float, y: float) -> Point:
        """The point of the screen where a point of a page is."""
        rect = self.page.locator(f'.pane-page[data-page="{page}"]').bounding_box()
        assert rect is not None
        size = next(each for each in self.result.document.pages if each.number == page)
        return Point(rect["x"] + x / size.width * rect["width"], rect["y"] + y / size.height * rect["height"])

    def border(self, line: Line, at: int) -> Point:
        """Where character ``at`` of a line begins."""
        return self.on_page(line.page, line.edges[at], (line.bbox.top + line.bbox.bottom) / 2)

    def middle(self, line: Line, at: int) -> Point:
        x = (line.edges[at] + line.edges[at + 1]) / 2
        return self.on_page(line.page, x, (line.bbox.top + line.bbox.bottom) / 2)

    def show_line(self, line: Line) -> None:
        self.focus([{"start": line.span.start, "end": line.span.end, "page": line.page, "bbox": list(line.bbox)}])
        self.wait_text(line.page)

    # Flowing text

    def show(self, start: int, end: int) -> None:
        self.focus([{"start": start, "end": end}])

    def rect_of(self, words: str, at: int) -> dict[str, float]:
        rect = self.page.evaluate(WORDS_AT, [words, at])
        assert rect is not None, words
        return rect

    def start_of(self, words: str, at: int = 0) -> Point:
        rect = self.rect_of(words, at)
        return Point(rect["left"] + 1, (rect["top"] + rect["bottom"]) / 2)

    def end_of(self, words: str, at: int) -> Point:
        rect = self.rect_of(words, at)
        return Point(rect["right"] - 1, (rect["top"] + rect["bottom"]) / 2)

    def middle_of(self, words: str, at: int) -> Point:
        rect = self.rect_of(words, at)
        return Point((rect["left"] + rect["right"]) / 2, (rect["top"] + rect["bottom"]) / 2)
