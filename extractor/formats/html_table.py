"""HTML tables: which hold data, and their cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from extractor.formats.grid import CellText, dense
from extractor.formats.html_css import DROPPED, is_hidden
from extractor.formats.layers import is_label
from extractor.formats.marks import list_mark, starts_with_mark

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_BREAKS = (BLOCKS - {"td", "th"}) | {"br"}  # an inner table: its rows stand on lines of their own
_ARTICLE = 500  # characters in one cell that with paragraphs make it an article, not a cell
_SPACES = re.compile(r"[ \t\n\r\f]+")


def is_data_table(table: HtmlElement) -> bool:
    """Whether rows and columns mean something: not where one cell frames the page or an inner table."""
    return _is_data(table, {})


def _is_data(table: HtmlElement, known: dict[HtmlElement, bool]) -> bool:
    """``known`` keeps what was found of inner tables, which are asked for again and again."""
    if table not in known:
        known[table] = _judge(table, known)
    return known[table]


def _judge(table: HtmlElement, known: dict[HtmlElement, bool]) -> bool:
    rows = _rows(table)
    if table.get("role") in ("presentation", "none") or not rows:
        return False
    if max(len(_cells(row)) for row, _ in rows) < 2:
        return False
    sizes = [(len(_squeeze(cell.text_content())), cell) for row, _ in rows for cell in _cells(row)]
    total = sum(size for size, _ in sizes)
    if any(_is_inner_data(inner, total, known) for inner in table.iter("table") if inner is not table):
        return False
    largest, cell = max(sizes, key=lambda pair: pair[0])
    paragraphs = sum(1 for _ in cell.iter("p", "div", "br", "h1", "h2", "h3"))
    if _has_header(rows) or (table.get("border") or "0") != "0":
        return True
    return not (len(rows) <= 6 and largest > _ARTICLE and largest > 0.7 * total and paragraphs >= 3)


def _has_header(rows: list[tuple[HtmlElement, str]]) -> bool:
    """Whether the first row names three columns or more, in short words."""
    sizes = [len(_squeeze(cell.text_content())) for cell in _cells(rows[0][0])]
    return len(sizes) >= 3 and all(0 < size <= 20 for size in sizes) and len(rows) > 1


def _is_inner_data(inner: HtmlElement, total: int, known: dict[HtmlElement, bool]) -> bool:
    return len(_squeeze(inner.text_content())) >= 0.4 * total and _is_data(inner, known)


def _squeeze(text: str) -> str:
    return "".join(text.split())


def _rows(table: HtmlElement) -> list[tuple[HtmlElement, str]]:
    """The table's own visible rows as a browser orders them, each with its section: thead, tbody or tfoot."""
    found: list[tuple[HtmlElement, str]] = []
    for child in table:
        if not isinstance(child.tag, str) or is_hidden(child):
            continue
        if child.tag == "tr":
            found.append((child, "tbody"))
        elif child.tag in ("thead", "tbody", "tfoot"):
            found += [(row, child.tag) for row in child.iterchildren("tr") if not is_hidden(row)]
    order = {"thead": 0, "tbody": 1, "tfoot": 2}
    return sorted(found, key=lambda pair: order[pair[1]])


def _cells(row: HtmlElement) -> list[HtmlElement]:
    return [cell for cell in row.iterchildren("td", "th") if not is_hidden(cell)]


def table_cells(table: HtmlElement) -> tuple[list[CellText], int, int, int]:
    """Cells, number of rows and columns, number of header rows (``thead``, or leading rows of ``th`` alone)."""
    rows = _rows(table)
    cells: list[CellText] = []
    taken: dict[int, int] = {}  # column → first row where it is free again
    for number, (row, _) in enumerate(rows):
        col = 0
        for element in _cells(row):
            while taken.get(col, 0) > number:
                col += 1
            height = _span(element.get("rowspan"), len(rows) - number)
            width = _span(element.get("colspan"), 1000) or 1
            cell = CellText(
                number, col, cell_text(element), height or len(rows) - number, width, header=element.tag == "th"
            )
            cells.append(cell)
            for right in range(col, col + width):
                taken[right] = number + cell.rowspan
            col += width
    headers = _header_rows(rows)
    return *dense(cells, headers), headers


def _header_rows(rows: list[tuple[HtmlElement, str]]) -> int:
    count = 0
    for row, section in rows:
        cells = _cells(row)
        if section != "thead" and not (cells and all(cell.tag == "th" for cell in cells)):
            break
        count += 1
    return count if count < len(rows) else 0


def _span(value: str | None, most: int) -> int:
    match = re.match(r"\s*(\d{1,6})", value or "1")
    return min(int(match[1]), most) if match else 1


def cell_text(cell: HtmlElement) -> str:
    """The cell's visible words, a line feed where a browser starts a line. Inner tables are read row by row."""
    pieces: list[str] = []
    _gather(cell, pieces, 0)
    lines = ("".join(pieces)).split("\n")
    return "\n".join(line for line in (_SPACES.sub(" ", line).strip(" \xa0\u3000") for line in lines) if line)


def _gather(element: HtmlElement, pieces: list[str], depth: int) -> None:
    if element.text:
        pieces.append(_SPACES.sub(" ", element.text))
    marks = ordered_marks(element)
    for child in element:
        tag = child.tag
        if isinstance(tag, str) and tag not in DROPPED and not is_hidden(child) and depth < 150:
            if tag in _BREAKS:
                pieces.append("\n")
            if tag == "li":
                pieces.append(next(marks, ""))
            _gather(child, pieces, depth + 1)
            if tag in _BREAKS and tag != "br":
                pieces.append("\n")
            elif tag in ("td", "th"):
                pieces.append(" ")
        if child.tail:
            pieces.append(_SPACES.sub(" ", child.tail))


def ordered_marks(element: HtmlElement) -> Iterator[str]:
    """The marks a browser prints before the items of an ordered list; none before an item with its own."""
    if element.tag != "ol" or "none" in element.get("style", ""):
        return
    items = list(element.iterchildren("li"))
    step = -1 if element.get("reversed") is not None else 1
    number = _integer(element.get("start"), len(items) if step < 0 else 1)
    for item in items:
        number = _integer(item.get("value"), number)
        own = starts_with_mark(item.text_content())
        yield "" if own else list_mark(number, item.get("type") or element.get("type") or "1")
        number += step


def _integer(value: str | None, default: int) -> int:
    match = re.fullmatch(r"\s*(-?\d{1,6})\s*", value or "")
    return int(match[1]) if match else default


def metadata_pairs(cells: Iterable[CellText]) -> list[str]:
    """The lines of a page's metadata block (索引号, 发布日期 …), label and value joined; none if it is no such block."""
    words = [cell.text.replace("\n", " ").strip() for cell in cells]
    labels = [is_label(word) for word in words]
    if len(words) > 40 or sum(labels) < 3 or sum(labels) < 0.35 * len(words):
        return []
    lines: list[str] = []
    for word, label in zip(words, labels, strict=True):
        if label or not lines:
            lines.append(word if word.endswith((":", "：")) else word + ("：" if label else ""))
        elif word:
            lines[-1] += word
    return lines
