"""The stretches that are judged as heading, item or plain text: paragraphs, cut where one line holds several.

Some sources run a whole document, or several numbered paragraphs, into one line. Such a block is cut where the
numbering 一、 （一） goes on, at the salutation that opens it and at the signature that closes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from extractor.outline.patterns import ADDRESSEE, SIGNED_END, TITLE_AND_NUMBER
from extractor.text.marks import Mark, MarkKind, parse_mark
from extractor.text.view import View, make_view
from extractor.types.document import Block, Document, Layer, Style
from extractor.types.geometry import Span
from extractor.types.table import Table

HEAD = 160  # characters of a unit that are looked at


@dataclass(frozen=True, slots=True)
class Unit:
    """A table, or a stretch of a paragraph block. ``head`` is the view of its first ``HEAD`` characters.

    ``whole``: the head is all of it. ``closes``: the closing words of a document that runs on in one line.
    """

    block: int
    span: Span
    head: View
    whole: bool
    mark: Mark | None = None
    layer: Layer = "body"
    style: Style | None = None
    page: int | None = None
    table: Table | None = None
    boxed: bool = False
    closes: bool = False
    piece: bool = False

    @property
    def text(self) -> str:
        return self.head.text

    def words(self, document: Document, start: int, end: int) -> tuple[str, Span]:
        """What the source prints for ``head.text[start:end]``, white space folded, and where."""
        origin, source = self.head.origin, document.text
        shown = "".join(
            " " if self.head.text[at] in " \n" else source[origin[at]] for at in range(start, min(end, len(origin)))
        )
        return shown.strip(), self.head.span(start, end)


@dataclass
class _Running:
    """The last number of each kind seen, over the whole document."""

    last: dict[MarkKind, int] = field(default_factory=dict)

    def see(self, mark: Mark | None) -> None:
        if mark is not None and mark.number is not None:
            self.last[mark.kind] = mark.number


def units_of(document: Document) -> list[Unit]:
    """All units of the document in reading order, chrome left out."""
    running = _Running()
    units: list[Unit] = []
    for index, block in enumerate(document.blocks):
        if block.layer == "chrome":
            continue
        if block.kind == "table":
            units.extend(_table_units(document, index, block, running))
            continue
        for line in _lines(document.text, block.span):
            units.extend(_line_units(document.text, index, block, line, running))
    if any(unit.mark is not None and unit.mark.kind == "dotted2" for unit in units):
        return [_bare_number(document.text, unit) for unit in units]
    return units


_BARE = re.compile(r"(\d{1,2})[ \t\u3000\u00a0]+(?=[\u4e00-\u9fff])(?![年月日个%])")


def _bare_number(text: str, unit: Unit) -> Unit:
    """Where sections count 1.1, 1.2 a line ``1 总则`` is numbered too; the view has lost its blank."""
    if unit.mark is not None or unit.table is not None or not unit.whole or len(unit.text) > 30:
        return unit
    match = _BARE.match(text, unit.span.start, unit.span.end)
    if match is None or "。" in unit.text:
        return unit
    return replace(unit, mark=Mark("arabic", int(match.group(1)), match.group(1), 0, len(match.group(1))))


def make_unit(text: str, index: int, block: Block, span: Span, *, boxed: bool = False, closes: bool = False) -> Unit:
    """The unit of ``span``, its mark parsed."""
    head = make_view(text, Span(span.start, min(span.end, span.start + HEAD)))
    return Unit(
        index,
        span,
        head,
        span.end - span.start <= HEAD,
        mark=parse_mark(head.text),
        layer=block.layer,
        style=block.style,
        page=block.page,
        boxed=boxed or block.framed,
        closes=closes,
        piece=span != block.span,
    )


def _table_units(document: Document, index: int, block: Block, running: _Running) -> Iterator[Unit]:
    """A table is one unit; one of a single column (a ruled box round prose, 专栏) is read line by line."""
    table = document.tables[block.table] if block.table is not None else None
    boxed = table is not None and table.is_box
    if not boxed or table is None:
        yield Unit(
            index, block.span, View("", (), block.span.start), True, layer=block.layer, page=block.page, table=table
        )
        return
    for cell in table.cells:
        for line in _lines(document.text, cell.span):
            yield from _line_units(document.text, index, block, line, running, boxed=True)


def _lines(text: str, span: Span) -> Iterator[Span]:
    """The lines of a stretch, without the blanks around them; empty ones left out."""
    start = span.start
    while start < span.end:
        stop = text.find("\n", start, span.end)
        stop = span.end if stop < 0 else stop
        piece = text[start:stop]
        stripped = piece.strip()
        if stripped:
            low = start + len(piece) - len(piece.lstrip())
            yield Span(low, low + len(stripped))
        start = stop + 1


_EMBEDDED = re.compile(r"[（(〔]\s?[一二三四五六七八九十]{1,3}\s?[)）〕]|[一二三四五六七八九十]{1,3}、")
_FRONT = re.compile(r"[:：]|号$")


def _line_units(
    text: str, index: int, block: Block, span: Span, running: _Running, *, boxed: bool = False
) -> Iterator[Unit]:
    cuts = _cuts(text, span, running)
    closing = _closing(text, span, cuts)
    edges = sorted({span.start, *cuts, *([closing] if closing else []), span.end})
    for start, end in pairwise(edges):
        piece = text[start:end]
        end -= len(piece) - len(piece.rstrip())
        start += len(piece) - len(piece.lstrip())
        if start < end:
            unit = make_unit(text, index, block, Span(start, end), boxed=boxed, closes=start == closing)
            running.see(unit.mark)
            yield unit


def _cuts(text: str, span: Span, running: _Running) -> list[int]:
    """Where a line is cut: after a salutation or a title, before numbered paragraphs, before the signature."""
    if span.end - span.start < 12:
        return []
    found: list[int] = []
    if not running.last and _FRONT.search(text, span.start, min(span.end, span.start + HEAD)):
        head = make_view(text, Span(span.start, min(span.end, span.start + HEAD)))
        front = ADDRESSEE.match(head.text) or TITLE_AND_NUMBER.match(head.text)
        if front is not None and front.end(1) < len(head.text):
            found.append(head.span(front.end(1), front.end(1) + 1).start)
    if text[span.end - 1] in "日)）":
        low = max(span.start, span.end - 70)
        tail = make_view(text, Span(low, span.end))
        signed = SIGNED_END.search(tail.text)
        if signed is not None and (low > span.start or signed.start(1) > 0):
            found.append(tail.span(signed.start(1), signed.start(1) + 1).start)
    if span.end - span.start > 60 and _EMBEDDED.search(text, span.start + 4, span.end):
        found.extend(_embedded(make_view(text, span), running))
    return sorted(set(found))


def _embedded(view: View, running: _Running) -> list[int]:
    """Where further numbered paragraphs start within a line: the count goes on, and a sentence ended before."""
    first = parse_mark(view.text)
    last = dict(running.last)
    if first is not None and first.number is not None:
        last[first.kind] = first.number
    marks = [
        mark
        for match in _EMBEDDED.finditer(view.text, first.end if first else 1)
        if (mark := parse_mark(view.text, match.start())) is not None and mark.kind in ("cn", "cn_paren")
    ]
    cuts: list[int] = []
    above = first if first is not None and first.kind == "cn" else None
    for at, mark in enumerate(marks):
        if not _goes_on(mark, marks[at + 1 : at + 40], last) or not _parted(view.text, mark, above):
            continue
        last[mark.kind] = mark.number or 0
        above = mark if mark.kind == "cn" else None
        cuts.append(view.span(mark.start, mark.end).start)
    return cuts


def _goes_on(mark: Mark, later: list[Mark], last: dict[MarkKind, int]) -> bool:
    if mark.number == last.get(mark.kind, 0) + 1 and mark.number != 1:
        return True
    return mark.number == 1 and any(
        (other.kind == mark.kind and other.number == 2) or (mark.kind == "cn" and other.kind == "cn_paren")
        for other in later
    )


def _parted(text: str, mark: Mark, above: Mark | None) -> bool:
    if text[mark.start - 1] in "。)”!":
        return True
    between = text[above.end : mark.start] if above is not None else ""
    return mark.kind == "cn_paren" and 0 < len(between) <= 70 and "。" not in between and ";" not in between


_BRACKET_END = re.compile(r"(?:负责|参与|牵头|配合|落实)[)）]")


def _closing(text: str, span: Span, cuts: list[int]) -> int | None:
    """In a line of many items that all end with a who-bracket, where the words after the last one begin."""
    pieces = [(start, end) for start, end in pairwise([*cuts, span.end]) if text.find("。", start, end) >= 0]
    numbered = [piece for piece in pieces if _EMBEDDED.match(text, piece[0])]
    ended = sum(1 for _, end in numbered if _BRACKET_END.search(text, end - 6, end))
    if len(numbered) < 4 or ended < 0.6 * len(numbered):
        return None
    start, end = numbered[-1]
    brackets = list(_BRACKET_END.finditer(text, start, end))
    return brackets[-1].end() if brackets and end - brackets[-1].end() > 12 else None
