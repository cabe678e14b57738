"""One PDF page as glyphs and rules in points, origin top left, read through pypdfium2.

pdfium hands out characters and paths several times faster than pdfplumber; ``pdf_second`` reads a page with
pdfplumber where pdfium can't tell which characters a font's glyphs are.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

import pypdfium2.raw as pdfium_c

from extractor.types.geometry import BBox

Handle: TypeAlias = Any  # an object of pypdfium2, which ships no types

UNKNOWN = "\ufffd"  # stands for a glyph whose character the file does not tell
_MAX_SEGMENTS = 12  # a path with more is a drawing, no rule
_MAX_PATHS = 40_000
_THIN = 3.0  # points: a box thinner than this is a rule
_ASCENT, _DESCENT = 0.88, 0.12  # of the size: the square that a Chinese character fills


class Glyph(NamedTuple):
    """``base`` is the baseline's y, ``font`` an index of ``FontTable.fonts``."""

    char: str
    x0: float
    x1: float
    base: float
    size: float
    font: int


class Font(NamedTuple):
    name: str
    bold: bool


class Rule(NamedTuple):
    """A horizontal (``at`` is y) or vertical (``at`` is x) line from ``lo`` to ``hi``."""

    at: float
    lo: float
    hi: float


@dataclass(slots=True)
class FontTable:
    """The fonts of a document, each once."""

    fonts: list[Font] = field(default_factory=list)
    _index: dict[Font, int] = field(default_factory=dict)

    def add(self, font: Font) -> int:
        if font not in self._index:
            self._index[font] = len(self.fonts)
            self.fonts.append(font)
        return self._index[font]


@dataclass(slots=True)
class Sheet:
    """What stands on a page.

    ``turned`` holds the text that does not run along the page (seals, watermarks), lies off it or is hidden
    among visible text; ``images`` is the share of the page that pictures cover, ``unmapped`` how many glyphs have no character, ``hidden`` how many of the
    characters are drawn invisibly (the text layer of a scan).
    """

    number: int
    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)
    turned: list[tuple[str, BBox]] = field(default_factory=list)
    images: float = 0.0
    unmapped: int = 0
    hidden: int = 0


class _Affine(NamedTuple):
    """x' = a·x + c·y + e, y' = b·x + d·y + f."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def box(self, left: float, bottom: float, right: float, top: float) -> BBox:
        ax, ay = self.point(left, bottom)
        bx, by = self.point(right, top)
        return BBox(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))

    def then(self, after: _Affine) -> _Affine:
        a, b = after.a * self.a + after.c * self.b, after.b * self.a + after.d * self.b
        c, d = after.a * self.c + after.c * self.d, after.b * self.c + after.d * self.d
        e, f = after.point(self.e, self.f)
        return _Affine(a, b, c, d, e, f)


class _Run(NamedTuple):
    """What the characters of one text object share: size in points, font, direction of the text in page space."""

    key: int
    size: float
    font: int
    dx: float
    dy: float
    hidden: bool


class _Char(NamedTuple):
    char: str
    box: tuple[float, float, float, float]  # left, bottom, right, top in page space
    x: float
    y: float
    run: _Run


def _raw(name: str, result: Handle, *arguments: Handle) -> Callable[..., Handle]:
    """Pdfium's function with plain integers for pointers, so that an object can be a key of a dict."""
    address = ctypes.cast(getattr(pdfium_c, name), ctypes.c_void_p).value
    if address is None:
        raise ImportError(f"pdfium has no function {name}")
    return ctypes.CFUNCTYPE(result, *arguments)(address)


_text_object = _raw("FPDFText_GetTextObject", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)


def read_sheet(page: Handle, number: int, fonts: FontTable) -> Sheet:
    """``page`` is a ``pypdfium2.PdfPage``; the caller closes it."""
    to_sheet, width, height = _frame(page)
    text_page = page.get_textpage()
    try:
        chars, unmapped = _chars(text_page, fonts)
    finally:
        text_page.close()
    turn = _main_turn(chars, to_sheet)
    if turn:
        to_sheet, width, height = to_sheet.then(_turning(turn, width, height)), *_turned_size(turn, width, height)
    sheet = Sheet(number, width, height, unmapped=unmapped, hidden=sum(c.run.hidden for c in chars))
    _place(chars, to_sheet, sheet)
    _Paths(sheet, to_sheet).collect(page.raw)
    return sheet


def _frame(page: Handle) -> tuple[_Affine, float, float]:
    """From page space (origin bottom left, unturned) to the sheet as shown; its width and height."""
    left, bottom, right, top = page.get_bbox()
    upright = _Affine(1, 0, 0, -1, -left, top)
    width, height = right - left, top - bottom
    turn = page.get_rotation()
    if not turn:
        return upright, width, height
    return upright.then(_turning(turn, width, height)), *_turned_size(turn, width, height)


def _turning(degrees: int, width: float, height: float) -> _Affine:
    """Turns a sheet of that size clockwise about its corner so that it lies at the origin again."""
    if degrees == 90:
        return _Affine(0, 1, -1, 0, height, 0)
    if degrees == 180:
        return _Affine(-1, 0, 0, -1, width, height)
    return _Affine(0, -1, 1, 0, 0, width)


def _turned_size(degrees: int, width: float, height: float) -> tuple[float, float]:
    return (width, height) if degrees == 180 else (height, width)


def _main_turn(chars: list[_Char], to_sheet: _Affine) -> int:
    """Clockwise degrees that bring most of the text upright: tables are often set across the page."""
    seen: Counter[int] = Counter()
    for item in chars:
        seen[_quarter(item.run, to_sheet)] += 1
    quarter, count = seen.most_common(1)[0] if seen else (0, 0)
    return (360 - quarter) % 360 if quarter > 0 and count * 2 > len(chars) else 0


def _quarter(run: _Run, to_sheet: _Affine) -> int:
    """Clockwise degrees by which the text is turned on the sheet: 0, 90, 180, 270, or -1 for askew."""
    x = to_sheet.a * run.dx + to_sheet.c * run.dy
    y = to_sheet.b * run.dx + to_sheet.d * run.dy
    degrees = math.degrees(math.atan2(y, x)) % 360
    nearest = round(degrees / 90) * 90
    return nearest % 360 if abs(degrees - nearest) < 3 else -1


def _chars(text_page: Handle, fonts: FontTable) -> tuple[list[_Char], int]:
    raw = text_page.raw
    handle = ctypes.cast(raw, ctypes.c_void_p).value
    box = pdfium_c.FS_RECTF()
    box_ref = ctypes.byref(box)
    x, y = ctypes.c_double(), ctypes.c_double()
    x_ref, y_ref = ctypes.byref(x), ctypes.byref(y)
    is_unmapped = pdfium_c.FPDFText_HasUnicodeMapError
    get_char, is_made = pdfium_c.FPDFText_GetUnicode, pdfium_c.FPDFText_IsGenerated
    get_box, get_origin = pdfium_c.FPDFText_GetLooseCharBox, pdfium_c.FPDFText_GetCharOrigin
    runs: dict[int, _Run] = {}
    chars: list[_Char] = []
    unmapped = shared = 0
    last_key = None
    for index in range(text_page.count_chars()):
        code = get_char(raw, index)
        if code <= 32 or 0xD800 <= code < 0xE000 or code >= 0xFFFE:
            if is_made(raw, index) == 1:
                continue
            code = _repair(raw, index, code)
            if code is None:
                continue
        if is_unmapped(raw, index) == 1:  # pdfium then hands out the glyph's number as if it were a character
            code = 0xFFFD
        unmapped += code == 0xFFFD
        key = _text_object(handle, index)
        if not key:
            continue
        run = runs.get(key)
        if run is None:
            run = runs[key] = _run(raw, index, key, fonts)
        get_box(raw, index, box_ref)
        get_origin(raw, index, x_ref, y_ref)
        edges = (box.left, box.bottom, box.right, box.top)
        item = _Char(chr(code), edges, x.value, y.value, run)
        twin = key == last_key and chars[-1].x == item.x and chars[-1].y == item.y
        shared = shared + 1 if twin else 1
        chars.append(item)
        if twin:
            _share_box(chars, shared, edges)
        last_key = key
    return chars, unmapped


def _share_box(chars: list[_Char], count: int, box: tuple[float, float, float, float]) -> None:
    """One glyph that stands for several characters (a ligature, a drawn-out dash): each gets its part of the box."""
    left, bottom, right, top = box
    step = (right - left) / count
    for index in range(count):
        part = (left + index * step, bottom, left + (index + 1) * step, top)
        chars[index - count] = chars[index - count]._replace(box=part)


def _repair(raw: Handle, index: int, code: int) -> int | None:
    """The code point to keep for a character that is no plain one; None drops it (line ends, control codes)."""
    if code in (9, 32):
        return 32
    if pdfium_c.FPDFText_IsHyphen(raw, index) == 1:
        return 0x2D
    return 0xFFFD if code == 0 or code >= 0xD800 or pdfium_c.FPDFText_HasUnicodeMapError(raw, index) == 1 else None


def _run(raw: Handle, index: int, key: int, fonts: FontTable) -> _Run:
    matrix = pdfium_c.FS_MATRIX()
    pdfium_c.FPDFText_GetMatrix(raw, index, ctypes.byref(matrix))
    size = pdfium_c.FPDFText_GetFontSize(raw, index) * math.hypot(matrix.c, matrix.d)
    name = ctypes.create_string_buffer(256)
    flags = ctypes.c_int()
    pdfium_c.FPDFText_GetFontInfo(raw, index, name, 256, ctypes.byref(flags))
    weight = pdfium_c.FPDFText_GetFontWeight(raw, index)
    mode = pdfium_c.FPDFTextObj_GetTextRenderMode(ctypes.cast(key, pdfium_c.FPDF_PAGEOBJECT))
    font = make_font(name.value.decode("utf-8", "replace"), weight)
    return _Run(
        key, abs(size) or 1.0, fonts.add(font), matrix.a, matrix.b, mode == pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE
    )


_BOLD = ("bold", "black", "heavy", "hei", "黑", "小标宋", "xiaobiaosong", "xbs")


def make_font(name: str, weight: int = 0) -> Font:
    """``name`` may carry a subset's prefix (ABCDEF+SimHei)."""
    bare = name.partition("+")[2] if name[6:7] == "+" else name
    low = bare.lower().replace("heiti", "hei").replace("yahei", "")
    return Font(bare, weight >= 600 or any(word in low for word in _BOLD))


def _place(chars: list[_Char], to_sheet: _Affine, sheet: Sheet) -> None:
    """Upright characters on the sheet become glyphs; those askew, off the sheet or hidden among visible ones don't."""
    hides = 0 < sheet.hidden * 2 < len(chars)
    is_upright: dict[int, bool] = {}
    aside: dict[int, tuple[list[str], BBox]] = {}
    for item in chars:
        run = item.run
        upright = is_upright.get(run.key)
        if upright is None:
            upright = is_upright[run.key] = not _quarter(run, to_sheet) and not (hides and run.hidden)
        box = to_sheet.box(*item.box)
        if upright and -1 < box.x0 <= box.x1 < sheet.width + 1:
            base = to_sheet.point(item.x, item.y)[1]
            if 0 <= base <= sheet.height + 1:
                sheet.glyphs.append(Glyph(item.char, box.x0, box.x1, base, run.size, run.font))
                continue
        words, area = aside.get(run.key, ([], box))
        words.append(item.char)
        aside[run.key] = (words, area.union(box))
    sheet.turned = [("".join(words), area) for words, area in aside.values()]


class _Paths:
    """Collects rules and the area of pictures from a page's objects, forms included."""

    def __init__(self, sheet: Sheet, to_sheet: _Affine) -> None:
        self.sheet = sheet
        self.to_sheet = to_sheet
        self.left = _MAX_PATHS

    def collect(self, page: Handle) -> None:
        for index in range(pdfium_c.FPDFPage_CountObjects(page)):
            self._object(pdfium_c.FPDFPage_GetObject(page, index), self.to_sheet, 0)

    def _object(self, item: Handle, frame: _Affine, depth: int) -> None:
        kind = pdfium_c.FPDFPageObj_GetType(item)
        if kind == pdfium_c.FPDF_PAGEOBJ_PATH and self.left > 0:
            self.left -= 1
            self._path(item, frame)
        elif kind == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            self._image(item, frame)
        elif kind == pdfium_c.FPDF_PAGEOBJ_FORM and depth < 6:
            inner = _matrix(item).then(frame)
            for index in range(pdfium_c.FPDFFormObj_CountObjects(item)):
                self._object(pdfium_c.FPDFFormObj_GetObject(item, index), inner, depth + 1)

    def _image(self, item: Handle, frame: _Affine) -> None:
        box = self._bounds(item, frame)
        if box is None:
            return
        area = (box.x1 - box.x0) * (box.bottom - box.top)
        self.sheet.images += area / max(self.sheet.width * self.sheet.height, 1.0)
        self._thin(box)

    def _bounds(self, item: Handle, frame: _Affine) -> BBox | None:
        sides = [ctypes.c_float() for _ in range(4)]
        if not pdfium_c.FPDFPageObj_GetBounds(item, *(ctypes.byref(side) for side in sides)):
            return None
        return frame.box(*(side.value for side in sides))

    def _thin(self, box: BBox) -> bool:
        """Adds a box that is thin as a rule."""
        width, height = box.x1 - box.x0, box.bottom - box.top
        if height <= _THIN and width > 2 * height:
            self.sheet.across.append(Rule((box.top + box.bottom) / 2, box.x0, box.x1))
        elif width <= _THIN and height > 2 * width:
            self.sheet.down.append(Rule((box.x0 + box.x1) / 2, box.top, box.bottom))
        else:
            return max(width, height) <= 2 * _THIN
        return True

    def _path(self, item: Handle, frame: _Affine) -> None:
        box = self._bounds(item, frame)
        if box is None or self._thin(box):
            return
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium_c.FPDFPath_GetDrawMode(item, ctypes.byref(fill), ctypes.byref(stroke))
        if stroke.value:
            self._strokes(item, _matrix(item).then(frame))

    def _strokes(self, item: Handle, frame: _Affine) -> None:
        count = pdfium_c.FPDFPath_CountSegments(item)
        if not 2 <= count <= _MAX_SEGMENTS:
            return
        x, y = ctypes.c_float(), ctypes.c_float()
        first = last = None
        for index in range(count):
            segment = pdfium_c.FPDFPath_GetPathSegment(item, index)
            kind = pdfium_c.FPDFPathSegment_GetType(segment)
            pdfium_c.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
            point = frame.point(x.value, y.value)
            if kind == pdfium_c.FPDF_SEGMENT_MOVETO:
                first = point
            elif kind == pdfium_c.FPDF_SEGMENT_LINETO and last is not None:
                self._segment(last, point)
            last = point
            if first is not None and pdfium_c.FPDFPathSegment_GetClose(segment):
                self._segment(point, first)
                last = first

    def _segment(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self._thin(BBox(min(start[0], end[0]), min(start[1], end[1]), max(start[0], end[0]), max(start[1], end[1])))


def _matrix(item: Handle) -> _Affine:
    matrix = pdfium_c.FS_MATRIX()
    if not pdfium_c.FPDFPageObj_GetMatrix(item, ctypes.byref(matrix)):
        return _Affine(1, 0, 0, 1, 0, 0)
    return _Affine(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)
