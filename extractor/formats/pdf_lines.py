"""Glyphs of a region of a page → its printed lines, from top to bottom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from extractor.formats.pdf_page import _ASCENT, _DESCENT, Font, Glyph
from extractor.types.geometry import BBox

_BLANKS = " \t\u3000\xa0"
_GAP_NARROW = 0.22  # of the size: a gap between Latin letters that reads as a blank
_GAP_WIDE = 1.2  # of the size: a gap between Chinese characters that reads as a blank


@dataclass(slots=True)
class TextLine:
    """A printed line.

    ``edges`` has one more number than ``text`` has characters: x of their left ends, then the right end of
    the last. ``size`` and ``font`` are what most of its characters have.
    """

    text: str
    edges: tuple[float, ...]
    box: BBox
    base: float
    size: float
    font: Font
    page: int
    bold: bool = False

    @property
    def width(self) -> float:
        return self.box.x1 - self.box.x0


def is_wide(char: str) -> bool:
    """A character that fills a square: no blank stands between two of them."""
    return char > "\u2e7f" or char in "“”‘’—…·①②③④⑤⑥⑦⑧⑨⑩"


def make_lines(glyphs: Iterable[Glyph], fonts: Sequence[Font], page: int) -> list[TextLine]:
    """Lines by height on the page; what stands side by side is one line, parted by blanks where it is apart."""
    rows = [_line(row, fonts, page) for row in _rows(_runs(glyphs))]
    return [line for line in rows if line is not None]


def _runs(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Neighbours in the file on one baseline: a row is put together from few runs."""
    runs: list[list[Glyph]] = []
    base = size = -1.0
    for glyph in glyphs:
        if glyph.base != base or glyph.size != size:
            if not (runs and abs(glyph.base - base) < 0.2 and glyph.size == size):
                runs.append([])
            base, size = glyph.base, glyph.size
        runs[-1].append(glyph)
    return runs


def _rows(runs: list[list[Glyph]]) -> list[list[Glyph]]:
    """Runs whose heights overlap by half of the lower one's; large type first, so that marks set small join it."""
    rows: list[tuple[float, float, list[Glyph]]] = []  # top, bottom, glyphs
    for run in sorted(runs, key=lambda r: (-round(r[0].size), r[0].base)):
        head = run[0]
        top, bottom = head.base - _ASCENT * head.size, head.base + _DESCENT * head.size
        best, share = -1, 0.5
        for index in range(len(rows) - 1, -1, -1):
            overlap = min(bottom, rows[index][1]) - max(top, rows[index][0])
            part = overlap / max(min(bottom - top, rows[index][1] - rows[index][0]), 0.1)
            if part > share:
                best, share = index, part
        if best >= 0:
            rows[best][2].extend(run)
        else:
            rows.append((top, bottom, list(run)))
    rows.sort(key=lambda row: row[1])
    return [glyphs for _, _, glyphs in rows]


def _line(row: list[Glyph], fonts: Sequence[Font], page: int) -> TextLine | None:
    row = _once(sorted(row, key=lambda g: g.x0))
    printed = [g for g in row if g.char not in _BLANKS]
    if not printed:
        return None
    size, font_index = Counter((g.size, g.font) for g in printed).most_common(1)[0][0]
    chars, lefts = _spaced(row, size)
    base = next(g.base for g in printed if g.size == size)
    edges = (*lefts, printed[-1].x1)
    box = BBox(
        printed[0].x0,
        min(g.base - _ASCENT * g.size for g in printed),
        max(g.x1 for g in printed),
        max(g.base + _DESCENT * g.size for g in printed),
    )
    bold = sum(fonts[g.font].bold for g in printed) * 2 > len(printed)
    return TextLine("".join(chars), edges, box, base, size, fonts[font_index], page, bold)


def _once(row: list[Glyph]) -> list[Glyph]:
    """Drops what is printed twice in nearly one place to look bold."""
    kept: list[Glyph] = []
    for glyph in row:
        for other in kept[-3:]:
            if (
                other.char == glyph.char
                and glyph.x0 - other.x0 < 0.3 * (glyph.x1 - glyph.x0)
                and (abs(glyph.base - other.base) < 0.3 * glyph.size)
            ):
                break
        else:
            kept.append(glyph)
    return kept


def _spaced(row: list[Glyph], size: float) -> tuple[list[str], list[float]]:
    """Characters and their left ends; blanks at both ends go, gaps between words that have none get one."""
    first = next(i for i, g in enumerate(row) if g.char not in _BLANKS)
    last = next(i for i in range(len(row) - 1, -1, -1) if row[i].char not in _BLANKS)
    chars: list[str] = []
    lefts: list[float] = []
    before: Glyph | None = None
    for glyph in row[first : last + 1]:
        if before is not None and glyph.char not in _BLANKS and before.char not in _BLANKS:
            wide = is_wide(before.char) or is_wide(glyph.char)
            if glyph.x0 - before.x1 > (_GAP_WIDE if wide else _GAP_NARROW) * size:
                chars.append(" ")
                lefts.append(before.x1)
        chars.append(glyph.char)
        lefts.append(glyph.x0)
        before = glyph
    return chars, lefts


def segments(line: TextLine, gap: float) -> list[TextLine]:
    """The stretches of a line that stand apart by ``gap`` or more (in parts of the size)."""
    text, starts, at = line.text, [0], 0
    ends: list[int] = []
    while at < len(text):
        stop = at
        while stop < len(text) and text[stop] in _BLANKS:
            stop += 1
        if stop > at and line.edges[stop] - line.edges[at] >= gap * line.size:
            ends.append(at)
            starts.append(stop)
        at = max(stop, at + 1)
    return [_part(line, start, end) for start, end in zip(starts, [*ends, len(text)], strict=True)]


def _part(line: TextLine, start: int, end: int) -> TextLine:
    edges = line.edges[start : end + 1]
    box = line.box._replace(x0=edges[0], x1=edges[-1])
    return replace(line, text=line.text[start:end], edges=edges, box=box)
