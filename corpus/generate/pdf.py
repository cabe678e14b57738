"""PDF with reportlab's built-in Chinese font: flowing text and ruled tables that run over pages."""

from __future__ import annotations

import io
from dataclasses import dataclass

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from corpus.generate.model import Cell, Document, Grid, Para
from corpus.generate.wrap import wrap

FONT = "STSong-Light"
SIZES = {"org": 26, "title": 18, "h1": 14, "h2": 13}
CENTRED = {"org", "docno", "title", "subtitle", "caption"}
RIGHT = {"sign", "date"}
FLUSH = {"to", "meta", "chrome", "label", "note"}
PADDING = 4.0
CELL_SIZE = 9.5


def render(document: Document) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    _Page(document, out).run()
    return out.getvalue()


@dataclass(slots=True)
class _Piece:
    """A part of a table row on one page: its top and bottom, measured from the page's bottom."""

    row: int
    top: float
    bottom: float


class _Page:
    """The canvas with a cursor; ``web`` pages carry a browser's head and foot lines."""

    def __init__(self, document: Document, out: io.BytesIO) -> None:
        self.document, self.meta = document, document.meta
        width, height = A4
        if self.meta.get("pdf_page") == "landscape":
            width, height = height, width
        self.width, self.height = width, height
        self.web = self.meta.get("pdf") == "web"
        self.margin = 50.0 if self.web or "pdf_page" in self.meta else 76.0
        self.size = float(self.meta.get("pdf_size", "12"))
        self.canvas = Canvas(out, pagesize=(width, height), invariant=1, pageCompression=1)
        self.canvas.setTitle(self.meta["title"])
        self.number = 1
        self.y = height - self.margin

    def run(self) -> None:
        for element in self.document.elements:
            if isinstance(element, Grid):
                _Table(self, element).draw()
            elif element.style != "chrome" or self.web:
                self.paragraph(element)
        self.finish()
        self.canvas.save()

    def finish(self) -> None:
        """The head and foot of the page, then the next page."""
        self.canvas.setFont(FONT, 9)
        if self.web:
            self.canvas.drawString(30, self.height - 24, "2025/6/10 09:30")
            self.canvas.drawCentredString(self.width / 2, self.height - 24, self.meta["title"])
            self.canvas.drawString(30, 20, self.meta.get("url", "http://www.example.com/art/1.html"))
            self.canvas.drawRightString(self.width - 30, 20, f"第 {self.number} 页")
        else:
            if "running" in self.meta:
                self.canvas.drawCentredString(self.width / 2, self.height - 40, self.meta["running"])
            self.canvas.drawCentredString(self.width / 2, 36, f"— {self.number} —")
        self.canvas.showPage()
        self.number += 1
        self.y = self.height - self.margin

    def need(self, height: float) -> None:
        if self.y - height < self.margin:
            self.finish()

    def paragraph(self, element: Para) -> None:
        size = SIZES.get(element.style, self.size)
        leading = size * 1.6
        room = self.width - 2 * self.margin
        centred = element.style in CENTRED
        first = 0.0 if centred or element.style in RIGHT | FLUSH else 2 * size
        if element.style in {"title", "annex"}:
            self.y -= leading / 2
        for i, line in enumerate(wrap(element.number + element.text, room, FONT, size, first)):
            self.need(leading)
            self.y -= leading
            self.canvas.setFont(FONT, size)
            if centred:
                self.canvas.drawCentredString(self.width / 2, self.y, line)
            elif element.style in RIGHT:
                self.canvas.drawRightString(self.width - self.margin - 2 * size, self.y, line)
            else:
                self.canvas.drawString(self.margin + (0 if i else first), self.y, line)
        if centred:
            self.y -= leading / 2


class _Table:
    """A grid drawn row by row; a page break closes or opens the cells that run over it."""

    def __init__(self, page: _Page, grid: Grid) -> None:
        self.page, self.grid, self.canvas = page, grid, page.canvas
        room = page.width - 2 * page.margin
        shares = [room * w / sum(grid.widths) for w in grid.widths]
        self.x = [page.margin + sum(shares[:i]) for i in range(grid.n_cols + 1)]
        self.leading = CELL_SIZE * 1.4
        self.lines = {
            id(c): [line for text in c.lines for line in wrap(text, self._room(c), FONT, CELL_SIZE)] for c in grid.cells
        }
        self.left = {key: list(lines) for key, lines in self.lines.items()}
        self.heights = self._heights()
        self.pieces: list[_Piece] = []

    def _room(self, cell: Cell) -> float:
        return self.x[cell.col + cell.colspan] - self.x[cell.col] - 2 * PADDING

    def _heights(self) -> list[float]:
        heights = [self.leading + 2 * PADDING] * self.grid.n_rows
        for cell in sorted(self.grid.cells, key=lambda c: c.rowspan):
            rows = range(cell.row, cell.row + cell.rowspan)
            needed = len(self.lines[id(cell)]) * self.leading + 2 * PADDING
            heights[rows[-1]] += max(0.0, needed - sum(heights[r] for r in rows))
        return heights

    def draw(self) -> None:
        self.page.y -= 6
        for row in range(self.grid.n_rows):
            left = self.heights[row]
            while left > 0.5:
                left -= self._place(row, left)
        self._close()
        self.page.y -= 8

    def _place(self, row: int, height: float) -> float:
        """Puts the row, or as much of it as the page holds, and returns the height that is done."""
        room = self.page.y - self.page.margin
        done = height
        if height > room:
            fitting = int((room - 2 * PADDING) // self.leading) * self.leading + 2 * PADDING
            whole_page = self.page.height - 2 * self.page.margin - sum(self.heights[: self.grid.header_rows])
            may_split = self.grid.options.get("split") == "yes" or height > whole_page
            if not may_split or fitting < 3 * self.leading or height - fitting < self.leading:
                self._break(row)
                return 0.0
            done = fitting
        self.pieces.append(_Piece(row, self.page.y, self.page.y - done))
        self.page.y -= done
        if done < height:
            self._break(row)
            return done - 2 * PADDING
        return done

    def _break(self, row: int) -> None:
        self._close(row)
        self.page.finish()
        if self.grid.options.get("repeat", "yes") == "yes":
            header = range(self.grid.header_rows)
            for cell in (c for c in self.grid.cells if c.row in header):
                self.left[id(cell)] = list(self.lines[id(cell)])
            for row in header:
                self.pieces.append(_Piece(row, self.page.y, self.page.y - self.heights[row]))
                self.page.y -= self.heights[row]

    def _close(self, row: int | None = None) -> None:
        """Draws what the page holds of each cell, its rules and as many of its lines as fit; ``row`` goes on
        on the next page.
        """
        for cell in self.grid.cells:
            mine = [p for p in self.pieces if cell.row <= p.row < cell.row + cell.rowspan]
            if mine:
                goes_on = row is not None and cell.row <= row < cell.row + cell.rowspan
                self._cell(cell, max(p.top for p in mine), min(p.bottom for p in mine), goes_on)
        self.pieces = []

    def _cell(self, cell: Cell, top: float, bottom: float, goes_on: bool) -> None:
        left, right = self.x[cell.col], self.x[cell.col + cell.colspan]
        self.canvas.setLineWidth(0.6)
        edges = [(left, top, right, top), (left, bottom, left, top), (right, bottom, right, top)]
        if not (goes_on and self.grid.options.get("open") == "yes"):  # some word processors leave it open
            edges.append((left, bottom, right, bottom))
        self.canvas.lines(edges)
        lines = self.left[id(cell)]
        fitting = int((top - bottom - 2 * PADDING + 0.5) // self.leading)
        now, self.left[id(cell)] = lines[:fitting], lines[fitting:]
        middle = len(now) == len(self.lines[id(cell)]) and len(now) * self.leading < top - bottom - 2 * PADDING
        slack = (top - bottom - 2 * PADDING - len(now) * self.leading) / 2 if middle else 0.0
        y = top - PADDING - slack
        self.canvas.setFont(FONT, CELL_SIZE)
        for line in now:
            y -= self.leading
            self.canvas.drawString(left + PADDING, y + 0.3 * CELL_SIZE, line)
