"""Small PDFs made at run time: lines and rules at places in points from the top left of an A4 sheet."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

pytest.importorskip("reportlab", reason="reportlab makes the sample PDFs; install the dev dependencies")

from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from extractor.formats import read_document
from extractor.formats.base import ReadOptions
from extractor.types.document import Document

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
SIZE = 16.0
LEFT, RIGHT = 80.0, 80.0 + 28 * SIZE  # the 28 characters a line that GB/T 9704 asks for
WIDTH, HEIGHT = A4


@dataclass
class Sheets:
    """A PDF under construction."""

    size: tuple[float, float] = A4
    buffer: io.BytesIO = field(default_factory=io.BytesIO)

    def __post_init__(self) -> None:
        self.canvas = Canvas(self.buffer, pagesize=self.size, invariant=True)

    def line(self, text: str, x: float, y: float, size: float = SIZE) -> Sheets:
        self.canvas.setFont("STSong-Light", size)
        self.canvas.drawString(x, self.size[1] - y, text)
        return self

    def lines(self, texts: Sequence[str], top: float = 100.0, size: float = SIZE, pitch: float = 28.0) -> Sheets:
        """Flush lines one under another; ``　`` at a line's start sets it in."""
        for index, text in enumerate(texts):
            bare = text.lstrip("　")
            x = LEFT + size * (len(text) - len(bare))
            self.line(bare, x, top + index * pitch, size)
        return self

    def centered(self, text: str, y: float, size: float = SIZE) -> Sheets:
        return self.line(text, (LEFT + RIGHT) / 2 - size * len(text) / 2, y, size)

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> Sheets:
        self.canvas.setLineWidth(0.5)
        self.canvas.line(x0, self.size[1] - y0, x1, self.size[1] - y1)
        return self

    def box(self, x0: float, top: float, x1: float, bottom: float) -> Sheets:
        self.canvas.setLineWidth(0.5)
        self.canvas.rect(x0, self.size[1] - bottom, x1 - x0, bottom - top)
        return self

    def cell(self, lines: Sequence[str], x0: float, top: float, x1: float, bottom: float, size: float = 10.0) -> Sheets:
        """A boxed cell with its lines from the top, 5 points from the rule."""
        self.box(x0, top, x1, bottom)
        for index, text in enumerate(lines):
            self.line(text, x0 + 5, top + 14 + index * 14, size)
        return self

    def page(self) -> Sheets:
        self.canvas.showPage()
        return self

    def picture(self, width: int = 60, height: int = 80) -> Sheets:
        """A grey picture that fills the sheet."""
        from PIL import Image

        self.canvas.drawImage(ImageReader(Image.new("L", (width, height), 200)), 0, 0, *self.size)
        return self

    def data(self) -> bytes:
        self.canvas.save()
        return self.buffer.getvalue()

    def read(self, password: str | None = None, max_chars: int = 20_000_000) -> Document:
        return read(self.data(), password, max_chars)


def read(data: bytes, password: str | None = None, max_chars: int = 20_000_000) -> Document:
    return read_document(data, options=ReadOptions(password=password, max_chars=max_chars))


def paragraphs(document: Document, layer: str = "body") -> list[str]:
    return [
        document.text[b.span.start : b.span.end] for b in document.blocks if b.kind == "paragraph" and b.layer == layer
    ]


def grid(document: Document, table: int = 0) -> list[list[str]]:
    return [[document.text[c.span.start : c.span.end] for c in row] for row in document.tables[table].grid()]


def full(text: str, n: int = 28) -> str:
    """``text`` drawn out with 工 to a line of ``n`` characters."""
    return text + "工" * (n - len(text))
