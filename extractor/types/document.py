"""What a reader makes of a file: one text, and blocks and tables as spans in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from extractor.types.geometry import BBox, Span
from extractor.types.issue import Issue
from extractor.types.table import Table

Format = Literal["pdf", "docx", "xlsx", "html", "text"]
BlockKind = Literal["paragraph", "table"]
Layer = Literal["body", "chrome", "metadata", "note"]


@dataclass(frozen=True, slots=True)
class Source:
    """The file: its name as given, the sha256 of its bytes (hex), its format by content, its size in bytes."""

    name: str
    sha256: str
    format: Format
    size: int


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line of a paginated source.

    ``page`` counts from 1. ``edges`` holds one more number than the line has characters: character ``i``
    of the span reaches from ``edges[i]`` to ``edges[i + 1]`` (points).
    """

    span: Span
    page: int
    bbox: BBox
    edges: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Style:
    """How a paragraph looks, as far as it tells its rank; None where the source does not say."""

    level: int | None = None  # 1 = outermost (Word heading style, HTML h1)
    centered: bool = False
    bold: bool = False
    size: float | None = None  # points
    font: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a table's place in the reading order.

    ``layer``: ``body`` is the document; ``chrome`` a web page's navigation and adverts; ``metadata`` a web
    page's block of 索引号 / 发文单位 …; ``note`` a footnote. Paragraphs never overlap; a ``table`` block's
    span covers its cells and ``table`` is its index in ``Document.tables``. ``paragraph`` counts the
    paragraphs of a DOCX body from 0. ``framed``: it stands in a ruled frame of one column (专栏), which a reader
    gives as paragraphs.
    """

    span: Span
    kind: BlockKind = "paragraph"
    layer: Layer = "body"
    page: int | None = None
    lines: tuple[Line, ...] = ()
    style: Style | None = None
    table: int | None = None
    paragraph: int | None = None
    framed: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page's number (from 1) and size in points."""

    number: int
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Furniture:
    """What is printed on a page but is no part of the text: page header, footer, page number."""

    page: int
    text: str
    bbox: BBox | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A file read. Every span of every part is a place in ``text``, whose characters stand as in the source.

    ``text`` holds the paragraphs parted by line feeds. A line break inside a paragraph or cell is a break
    that the author made: readers of paginated formats join the lines that only ran full.
    """

    source: Source
    text: str
    blocks: tuple[Block, ...]
    tables: tuple[Table, ...] = ()
    pages: tuple[Page, ...] = ()
    furniture: tuple[Furniture, ...] = ()
    issues: tuple[Issue, ...] = ()
    properties: dict[str, str] = field(default_factory=dict)  # what the file's own metadata says: title, author …
