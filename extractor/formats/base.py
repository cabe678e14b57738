"""What all readers share: their protocol, their options, and the builder of ``Document.text``."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol

from extractor.errors import ReadError
from extractor.formats.grid import CellText, build_table
from extractor.types.document import Block, Document, Format, Furniture, Layer, Line, Page, Source, Style
from extractor.types.geometry import Span
from extractor.types.issue import Issue, Severity
from extractor.types.table import Cell, Table

MAX_CHARS = 20_000_000


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """``password`` opens locked files; a text longer than ``max_chars`` characters raises ``too_large``.

    ``progress`` is told of each page read and of how many there are, by readers of paginated formats.
    """

    password: str | None = None
    max_chars: int = MAX_CHARS
    progress: Callable[[int, int], None] | None = None


class Reader(Protocol):
    """Bytes of one format → ``Document``. Raises ``ReadError`` and nothing else on bad input."""

    def __call__(self, data: bytes, source: Source, options: ReadOptions) -> Document: ...


def make_source(data: bytes, name: str, format: Format) -> Source:
    """What is known of a file before it is read."""
    return Source(name=name, sha256=hashlib.sha256(data).hexdigest(), format=format, size=len(data))


def too_large(limit: int) -> ReadError:
    """The error for a text beyond ``limit`` characters."""
    return ReadError(
        "too_large",
        f"文本超过{limit}字的上限，请拆分文件或调高上限 / the text is longer than {limit} characters: "
        "split the file or raise max_chars",
    )


@dataclass
class TextBuilder:
    """Collects a document's text piece by piece; every piece learns its span at once.

    Blocks are parted by line feeds, rows of a table too, cells of a row by tabs.
    """

    max_chars: int = MAX_CHARS
    blocks: list[Block] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    furniture: list[Furniture] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    _pieces: list[str] = field(default_factory=list, repr=False)
    _size: int = 0

    def __len__(self) -> int:
        return self._size

    def append(self, text: str) -> Span:
        """Adds bare text, no block, and tells where it stands."""
        start = self._size
        self._size += len(text)
        if self._size > self.max_chars:
            raise too_large(self.max_chars)
        self._pieces.append(text)
        return Span(start, self._size)

    def paragraph(
        self,
        text: str,
        *,
        layer: Layer = "body",
        page: int | None = None,
        lines: tuple[Line, ...] = (),
        style: Style | None = None,
        paragraph: int | None = None,
        framed: bool = False,
    ) -> Block | None:
        """Adds a paragraph block; blank text adds nothing. Spans of ``lines`` count in ``text``."""
        if not text.strip():
            return None
        self._break()
        span = self.append(text)
        block = Block(
            span=span,
            layer=layer,
            page=page,
            lines=_shift(lines, span.start),
            style=style,
            paragraph=paragraph,
            framed=framed,
        )
        self.blocks.append(block)
        return block

    def table(
        self,
        cells: Iterable[CellText],
        n_rows: int,
        n_cols: int,
        *,
        header_rows: int = 0,
        title: str | None = None,
        page: int | None = None,
        layer: Layer = "body",
        paragraph: int | None = None,
    ) -> Block:
        """Adds a table with its block. ``cells`` in any order; words outside the grid are not written."""
        self._break()
        placed: list[Cell] = []
        start, row = self._size, -1
        inside = (c for c in cells if 0 <= c.row < n_rows and 0 <= c.col < n_cols)
        for cell in sorted(inside, key=lambda c: (c.row, c.col)):
            if row >= 0:
                self.append("\t" if cell.row == row else "\n")
            row = cell.row
            placed.append(_placed(cell, self.append(cell.text)))
        span = Span(start, self._size)
        table = build_table(placed, n_rows, n_cols, header_rows=header_rows, title=title, page=page, span=span)
        return self.add_table(table, layer=layer, page=page, paragraph=paragraph)

    def add_table(
        self, table: Table, *, layer: Layer = "body", page: int | None = None, paragraph: int | None = None
    ) -> Block:
        """Adds the block of a table whose words are in the text already."""
        block = Block(
            span=table.span, kind="table", layer=layer, page=page, table=len(self.tables), paragraph=paragraph
        )
        self.tables.append(table)
        self.blocks.append(block)
        return block

    def issue(
        self,
        code: str,
        message: str,
        *,
        severity: Severity = "warning",
        span: Span | None = None,
        page: int | None = None,
    ) -> None:
        start, end = span if span is not None else (None, None)
        self.issues.append(Issue(code=code, severity=severity, message=message, start=start, end=end, page=page))

    def text(self) -> str:
        return "".join(self._pieces)

    def build(
        self, source: Source, *, pages: tuple[Page, ...] = (), properties: dict[str, str] | None = None
    ) -> Document:
        return Document(
            source=source,
            text=self.text(),
            blocks=tuple(self.blocks),
            tables=tuple(self.tables),
            pages=pages,
            furniture=tuple(self.furniture),
            issues=tuple(self.issues),
            properties=properties or {},
        )

    def _break(self) -> None:
        if self._size:
            self.append("\n")


def _shift(lines: tuple[Line, ...], by: int) -> tuple[Line, ...]:
    return tuple(replace(line, span=line.span.shift(by)) for line in lines) if lines and by else lines


def _placed(cell: CellText, span: Span) -> Cell:
    return Cell(
        row=cell.row,
        col=cell.col,
        span=span,
        rowspan=cell.rowspan,
        colspan=cell.colspan,
        header=cell.header,
        address=cell.address,
        lines=_shift(cell.lines, span.start),
    )
