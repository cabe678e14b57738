"""Reads the paragraphs and tables of a DOCX body, note, header or text box in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml.etree import _Element

from extractor.formats.docx_numbering import Numbering
from extractor.formats.docx_styles import Styles, W, is_on, natural, value
from extractor.formats.docx_text import MC, Fields, Words, is_deleted_row, mark_is_deleted, paragraph_words, style_of
from extractor.formats.grid import CellText, dense
from extractor.types.document import Style

_WRAPPERS = frozenset(W + name for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"))
_MAX_DEPTH = 60


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``index`` counts the paragraphs of the body; None in boxes and notes."""

    text: str
    style: Style | None
    index: int | None = None
    framed: bool = False


@dataclass(frozen=True, slots=True)
class TableText:
    cells: list[CellText]
    n_rows: int
    n_cols: int
    header_rows: int


Part = Paragraph | TableText


@dataclass(slots=True)
class Story:
    """Reads one run of text after another; numbers count on through all of them, fields only within one."""

    styles: Styles
    numbering: Numbering
    fields: Fields = field(default_factory=Fields)
    carried: str = ""  # words of a paragraph whose end was deleted
    index: int = -1

    def parts(self, container: _Element, depth: int = 0, *, is_body: bool = False) -> Iterator[Part]:
        """Paragraphs and tables. A text box follows the paragraph it is anchored in; a table of one column,
        drawn as a box, is read as paragraphs.
        """
        for element in _elements(container):
            if element.tag == W + "p":
                self.index += 1 if is_body else 0
                yield from self._paragraph(element, depth, self.index if is_body else None)
            elif depth < _MAX_DEPTH:
                yield from self._table(element, depth + 1)
        if self.carried:
            text, self.carried = self.carried, ""
            yield Paragraph(text, None)

    def _paragraph(self, element: _Element, depth: int, index: int | None) -> Iterator[Part]:
        properties = element.find(W + "pPr")
        words = paragraph_words(element, self.styles, self.fields)
        text = self.carried + words.text()
        if mark_is_deleted(properties):
            self.carried = text
        else:
            self.carried = ""
            text = self._mark(properties) + text if text else self._skip_number(properties)
            if text:
                yield Paragraph(text, style_of(words, self.styles, properties), index)
        yield from self._boxes(words, depth)

    def _mark(self, properties: _Element | None) -> str:
        place = self.styles.numbering(properties)
        return self.numbering.mark(place) if place is not None else ""

    def _skip_number(self, properties: _Element | None) -> str:
        """An empty numbered paragraph prints its number and uses it up; the bare number is no text."""
        self._mark(properties)
        return ""

    def _boxes(self, words: Words, depth: int) -> Iterator[Part]:
        if depth >= _MAX_DEPTH:
            return
        for box in words.boxes:
            inner = replace(self, fields=Fields(), carried="")
            yield from inner.parts(box, depth + 1)

    def _table(self, table: _Element, depth: int) -> Iterator[Part]:
        raw: list[tuple[CellText, list[Part]]] = []
        rows = [row for row in _rows(table) if not is_deleted_row(row)]
        for number, row in enumerate(rows):
            raw += self._row(row, number, depth)
        cells, n_rows, n_cols = dense(_merged([cell for cell, _ in raw]))
        if n_cols == 1:
            for _, parts in raw:
                yield from (replace(part, framed=True) if isinstance(part, Paragraph) else part for part in parts)
        elif cells:
            yield TableText(cells, n_rows, n_cols, _header_rows(rows))

    def _row(self, row: _Element, number: int, depth: int) -> Iterator[tuple[CellText, list[Part]]]:
        col = _count(row.find(W + "trPr"), "gridBefore", 0)
        for cell in _cells(row):
            properties = cell.find(W + "tcPr")
            width = max(_count(properties, "gridSpan", 1), 1)
            parts = list(self.parts(cell, depth))
            text = "\n".join(_flat(part) for part in parts)
            yield CellText(number, col, text, colspan=width, rowspan=_merge(properties)), parts
            col += width


_CONTINUES = 0  # the rowspan of a cell that goes on with the one above, until merged


def _elements(container: _Element) -> Iterator[_Element]:
    """Paragraphs and tables, also those in content controls and insertions."""
    for child in container:
        if child.tag in (W + "p", W + "tbl"):
            yield child
        elif child.tag in _WRAPPERS:
            yield from _elements(child)
        elif child.tag == MC + "AlternateContent":
            for choice in child.iterchildren(MC + "Choice", MC + "Fallback"):
                yield from _elements(choice)
                break


def _inside(element: _Element, name: str) -> Iterator[_Element]:
    for child in element:
        if child.tag == W + name:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _inside(child, name)


def _rows(table: _Element) -> Iterator[_Element]:
    return _inside(table, "tr")


def _cells(row: _Element) -> Iterator[_Element]:
    return _inside(row, "tc")


def _count(properties: _Element | None, name: str, default: int) -> int:
    number = natural(value(properties, name))
    return default if number is None else min(number, 500)


def _merge(properties: _Element | None) -> int:
    found = None if properties is None else properties.find(W + "vMerge")
    return 1 if found is None or found.get(W + "val") == "restart" else _CONTINUES


def _merged(cells: list[CellText]) -> list[CellText]:
    """Continuing cells taken into the one above at the same column; words that they hold are added to it."""
    found: list[CellText] = []
    above: dict[int, int] = {}  # column → place in ``found`` of the cell that may continue
    for cell in cells:
        at = above.get(cell.col)
        if cell.rowspan == _CONTINUES and at is not None and _touches(found[at], cell):
            owner = found[at]
            text = "\n".join(filter(None, (owner.text, cell.text)))
            found[at] = replace(owner, rowspan=cell.row - owner.row + 1, text=text)
            continue
        above[cell.col] = len(found)
        found.append(cell if cell.rowspan == 1 else replace(cell, rowspan=1))
    return found


def _touches(owner: CellText, cell: CellText) -> bool:
    return owner.row + owner.rowspan == cell.row


def _header_rows(rows: list[_Element]) -> int:
    count = 0
    for row in rows:
        if not is_on(row.find(W + "trPr"), "tblHeader"):
            break
        count += 1
    return count if count < len(rows) else 0


def _flat(part: Part) -> str:
    """A part inside a cell as text: an inner table's rows on lines, its cells parted by blanks."""
    if isinstance(part, Paragraph):
        return part.text
    lines: dict[int, list[str]] = {}
    for cell in part.cells:
        lines.setdefault(cell.row, []).append(cell.text)
    return "\n".join(" ".join(filter(None, words)) for words in lines.values())
