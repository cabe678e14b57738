"""A page's glyphs and rules → its lines and filled grids, and the pages' reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractor.formats.pdf_aligned import take_aligned
from extractor.formats.pdf_furniture import PageText
from extractor.formats.pdf_grid import Grid, GridCell, find_grids
from extractor.formats.pdf_lines import TextLine, make_lines
from extractor.formats.pdf_page import Font, Glyph, Sheet
from extractor.formats.pdf_paragraphs import Placed
from extractor.formats.pdf_stitch import Sheaf, continue_sheaf, start_sheaf
from extractor.types.document import Furniture
from extractor.types.geometry import BBox

_MIDDLE = 0.38  # of the size: how far above the baseline a character's middle lies
_SMALL = 0.9  # of the body's size: footnotes are smaller
_NOTE = re.compile(r"\s*(?:[①-⑳⓵-⓾]|[\[［〔]\s*\d{1,3}\s*[\]］〕]|\d{1,2}(?=[^\d.．、%％年月日]))")
_CONTINUED = re.compile(r"[（(]?\s*(?:续表|续上表|表续|接上表|接上页)\s*[0-9一二三四五六七八九十\-—.]*\s*[）)]?")


def lay_out(sheet: Sheet, fonts: Sequence[Font]) -> PageText:
    """The words of a page sorted into the cells of its grids and the lines outside them."""
    grids = find_grids(sheet)
    outside: list[Glyph] = []
    inside: dict[int, tuple[GridCell, list[Glyph]]] = {}
    for glyph in sheet.glyphs:
        cell = _find(grids, (glyph.x0 + glyph.x1) / 2, glyph.base - _MIDDLE * glyph.size) if grids else None
        if cell is None:
            outside.append(glyph)
        else:
            inside.setdefault(id(cell), (cell, []))[1].append(glyph)
    for cell, glyphs in inside.values():
        cell.lines = make_lines(glyphs, fonts, sheet.number)
    furniture = _set_upright(sheet, grids)
    full = [grid for grid in grids if any(cell.lines for cell in grid.cells)]
    lines, aligned = take_aligned(make_lines(outside, fonts, sheet.number), full, sheet)
    full.extend(aligned)
    return PageText(sheet.number, sheet.width, sheet.height, lines, full, furniture, list(sheet.across))


def _find(grids: list[Grid], x: float, y: float) -> GridCell | None:
    return next((cell for grid in grids if (cell := grid.find(x, y)) is not None), None)


def _set_upright(sheet: Sheet, grids: list[Grid]) -> list[Furniture]:
    """Gives cells without other words those set sideways in them; the rest of such text is furniture."""
    sideways: dict[int, tuple[GridCell, str, BBox]] = {}
    furniture: list[Furniture] = []
    for text, box in sheet.turned:
        cell = _find(grids, (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2)
        if cell is not None and not cell.lines and cell.box.x0 <= box.x0 + 2 and box.x1 - 2 <= cell.box.x1:
            _, words, area = sideways.get(id(cell), (cell, "", box))
            sideways[id(cell)] = cell, words + text, area.union(box)
        elif text.strip():
            last = furniture[-1] if furniture else None
            if last is not None and last.bbox is not None and _adjoin(last.bbox, box):
                furniture[-1] = Furniture(sheet.number, last.text + text.strip(), last.bbox.union(box))
            else:
                furniture.append(Furniture(sheet.number, text.strip(), box))
    for cell, words, area in sideways.values():
        if words.strip():
            cell.lines = [_upright(words.strip(), area, sheet.number)]
    return furniture


def _adjoin(box: BBox, other: BBox) -> bool:
    """Pieces of one watermark or line, which a file may give letter by letter."""
    apart = max(other.x0 - box.x1, box.x0 - other.x1, other.top - box.bottom, box.top - other.bottom)
    return apart < 0.5 * min(other.x1 - other.x0, other.bottom - other.top)


def _upright(words: str, box: BBox, page: int) -> TextLine:
    """Words set sideways in a cell, as a line across it."""
    step = (box.x1 - box.x0) / len(words)
    edges = tuple(box.x0 + step * i for i in range(len(words) + 1))
    return TextLine(words, edges, box, box.bottom, min(box.x1 - box.x0, box.bottom - box.top), Font("", False), page)


def split_notes(pages: list[PageText], size: float) -> None:
    """Moves footnotes from a page's last lines to ``notes``: small type that opens with a mark, under the text.

    ``size`` is the body's, in points.
    """
    for page in pages:
        count = 0
        for line in reversed(page.lines):
            if line.size > _SMALL * size or line.box.top < 0.5 * page.height:
                break
            if any(grid.ys[-1] > line.box.bottom for grid in page.grids):
                break
            count += 1
        while count and not _opens_note(page, page.lines[-count]):
            count -= 1
        if count and count < len(page.lines):
            for line in page.lines[-count:]:
                if not page.notes or _NOTE.match(line.text):
                    page.notes.append([])
                page.notes[-1].append(line)
            del page.lines[-count:]


def _opens_note(page: PageText, line: TextLine) -> bool:
    """A mark opens the line, and a short rule stands above it or the mark is a ring or in brackets."""
    match = _NOTE.match(line.text)
    if match is None:
        return False
    return not match.group().strip().isdecimal() or any(
        line.box.top - 14 < rule.at < line.box.top + 3 and 40 < rule.hi - rule.lo < 0.5 * page.width
        for rule in page.rules
    )


def reading_order(pages: list[PageText]) -> Iterator[Placed | Sheaf]:
    """Lines and tables; a table that runs over pages comes where it starts, and whole."""
    sheaf: Sheaf | None = None
    for page in pages:
        items = _ordered(page)
        for index, item in enumerate(items):
            if isinstance(item, Grid) and item.n_cols > 1:
                if sheaf is not None and item.page != sheaf.last.page and continue_sheaf(sheaf, item):
                    continue
                if sheaf is not None:
                    yield sheaf
                sheaf = start_sheaf(item)
                continue
            if sheaf is not None and isinstance(item, TextLine) and _is_continuation(items, index, item):
                page.furniture.append(Furniture(page.number, item.text, item.box))
                continue
            if sheaf is not None:
                yield sheaf
                sheaf = None
            if isinstance(item, TextLine):
                yield Placed(item)
            else:
                yield from _framed(item)
    if sheaf is not None:
        yield sheaf


def _is_continuation(items: list[TextLine | Grid], index: int, line: TextLine) -> bool:
    """The line 续表 over the rest of a table at a page's head."""
    if index or len(items) < 2 or not isinstance(items[1], Grid):
        return False
    return _CONTINUED.fullmatch(line.text.strip()) is not None


def _ordered(page: PageText) -> list[TextLine | Grid]:
    items: list[TextLine | Grid] = [*page.lines, *page.grids]
    return sorted(items, key=lambda i: i.ys[0] if isinstance(i, Grid) else (i.box.top + i.box.bottom) / 2)


def _framed(grid: Grid) -> Iterator[Placed]:
    """A box of one column holds running text, not a table."""
    for cell in grid.cells:
        for line in cell.lines:
            left, right = min(o.box.x0 for o in cell.lines), max(o.box.x1 for o in cell.lines)
            yield Placed(line, left, right, (grid.page, round(grid.ys[0]), cell.row))
