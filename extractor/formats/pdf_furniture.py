"""Page headers, footers and page numbers: told by where they stand and that they come back, not by their words."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from extractor.formats.pdf_grid import Grid
from extractor.formats.pdf_join import starts_item
from extractor.formats.pdf_lines import TextLine
from extractor.formats.pdf_page import Rule
from extractor.types.document import Furniture
from extractor.types.geometry import BBox

_ZONE = 0.16  # of the page's height, at top and bottom
_MARGIN = 0.1  # of the page's height: no text stands so near to the edge
_DEPTH = 5  # lines looked at from each end
_DASH = r"[—–\-－﹣─~～·•\s]"
_NUMBERED = re.compile(
    rf"(?:{_DASH}*[—–\-－﹣─~～·•]{_DASH}*\d{{1,4}}{_DASH}*[—–\-－﹣─~～·•]{_DASH}*"
    r"|第\s*\d{1,4}\s*页(?:\s*[,，、/]?\s*共\s*\d{1,4}\s*页)?|共\s*\d{1,4}\s*页\s*[,，、]?\s*第\s*\d{1,4}\s*页"
    r"|[Pp](?:age|\.)\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?|\d{1,4}\s*/\s*\d{1,4})"
)
_BARE = re.compile(r"\d{1,4}|[ivxIVXⅠ-Ⅻ]{1,5}")
_WEB = re.compile(r"https?://\S+.*|\S*\.(?:gov|com|org|net)\.cn/\S*.*")
_ANNEX = re.compile(r"附[件表录]\s*[0-9０-９一二三四五六七八九十]{0,3}\s*[：:]?")  # each annex opens with it: no header
_TAIL = re.compile(r"\s+[—–－-]{1,2}\s?\d{1,3}\s?[—–－-]{1,2}$")


@dataclass(slots=True)
class PageText:
    """A page's words: grids with their cells filled, and the lines outside them from top to bottom.

    ``rules`` are the page's horizontal ones, ``notes`` its footnotes.
    """

    number: int
    width: float
    height: float
    lines: list[TextLine]
    grids: list[Grid] = field(default_factory=list)
    furniture: list[Furniture] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    notes: list[list[TextLine]] = field(default_factory=list)


def strip_furniture(pages: list[PageText]) -> None:
    """Moves headers, footers and page numbers from ``lines`` to ``furniture``, from the page's edges inwards."""
    for at_top in (True, False):
        _peel(pages, at_top)
    for page in pages:
        page.lines = [_without_tail(line, page) for line in page.lines]


def _peel(pages: list[PageText], at_top: bool) -> None:
    open_pages = {page.number for page in pages}
    for _ in range(_DEPTH):
        outer = {p.number: _outer(p, at_top) for p in pages if p.number in open_pages}
        lines = {number: line for number, line in outer.items() if line is not None}
        test = _test(pages, lines, at_top)
        open_pages = {number for number, line in lines.items() if test(number, line)}
        if not open_pages:
            return
        for page in pages:
            if page.number in open_pages:
                line = page.lines.pop(0 if at_top else -1)
                page.furniture.append(Furniture(page.number, line.text, line.box))


def _outer(page: PageText, at_top: bool) -> TextLine | None:
    """The line nearest to the edge, if it stands in the zone and no table stands beyond it."""
    if not page.lines:
        return None
    line = page.lines[0 if at_top else -1]
    if at_top:
        inside = line.box.bottom < _ZONE * page.height
        beyond = any(grid.ys[0] < line.box.top for grid in page.grids)
    else:
        inside = line.box.top > (1 - _ZONE) * page.height
        beyond = any(grid.ys[-1] > line.box.bottom + 2 for grid in page.grids)
    return line if inside and not beyond else None


def _test(pages: list[PageText], lines: dict[int, TextLine], at_top: bool) -> Callable[[int, TextLine], bool]:
    heights = {page.number: page.height for page in pages}
    places: defaultdict[str, dict[int, float]] = defaultdict(dict)
    offsets: Counter[int] = Counter()
    for number, line in lines.items():
        for key in _keys(line.text, number):
            places[key][number] = line.base if at_top else heights[number] - line.base
        if line.text.isdecimal() and len(line.text) < 5:
            offsets[int(line.text) - number] += 1

    def is_furniture(number: int, line: TextLine) -> bool:
        text = line.text.strip()
        if _NUMBERED.fullmatch(text) or _WEB.fullmatch(text):
            return True
        if _BARE.fullmatch(text):
            return not text.isdecimal() or offsets[int(text) - number] >= min(2, len(pages))
        if _ANNEX.fullmatch(text):
            return False
        outer = (line.base if at_top else heights[number] - line.base) < _MARGIN * heights[number]
        least = 2 if outer and len(pages) < 4 else 3
        return any(_comes_back(places[key], number) >= least for key in _keys(text, number))

    return is_furniture


def _comes_back(places: dict[int, float], number: int) -> int:
    """On how many pages the words stand at the height at which page ``number`` has them."""
    return sum(abs(place - places[number]) < 4 for place in places.values())


def _keys(text: str, page: int) -> list[str]:
    """The words, and the words with the number that counts the pages left out (``第3页 共9页``)."""
    bare = re.sub(r"\s+", "", text)
    if starts_item(text):
        return [bare]
    numbers = [m.span() for m in re.finditer(r"(?<!\d)\d{1,3}(?!\d)", bare)]
    return [bare] + [f"{bare[:a]}#{int(bare[a:b]) - page}#{bare[b:]}" for a, b in numbers]


def _without_tail(line: TextLine, page: PageText) -> TextLine:
    """A page number that a conversion left at the end of a line of text goes too."""
    match = _TAIL.search(line.text)
    if match is None or match.start() == 0:
        return line
    cut = match.start()
    box = BBox(line.box.x0, line.box.top, line.edges[cut], line.box.bottom)
    page.furniture.append(Furniture(line.page, match.group().strip(), line.box._replace(x0=line.edges[cut])))
    return replace(line, text=line.text[:cut], edges=line.edges[: cut + 1], box=box)
