"""Where an offset of a document lies: its paragraph or cell, the items cut there, the headings above it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from functools import cached_property

from extractor.components import RULES, Components
from extractor.items import find_items
from extractor.items.captions import caption_blocks
from extractor.items.prose import ProseReader
from extractor.outline import build_outline
from extractor.records.evidence import EvidenceFinder
from extractor.review.errors import Refused
from extractor.text.brackets import Stripped, strip_item
from extractor.text.marks import Mark, parse_mark
from extractor.text.view import make_view
from extractor.types.document import Document
from extractor.types.geometry import Span
from extractor.types.item import Item, Who, Words
from extractor.types.outline import Outline, Section
from extractor.types.table import Cell

_HEADING_MARKS = frozenset({"part", "chapter", "section", "label", "box", "annex", "table"})
BLANK = " \n\r\t\u3000\u00a0\ufeff\u200b"


class Places:
    """Everything is worked out at its first use and kept: a click must not read the whole document anew."""

    def __init__(self, document: Document, components: Components = RULES) -> None:
        self.document = document
        self.text = document.text
        self.components = components

    @cached_property
    def outline(self) -> Outline:
        return build_outline(self.document)

    @cached_property
    def finder(self) -> EvidenceFinder:
        return EvidenceFinder(self.document)

    @cached_property
    def items(self) -> tuple[Item, ...]:
        return find_items(self.document, self.outline, self.components.items)

    @cached_property
    def _by_start(self) -> tuple[list[Item], list[int], int]:
        items = sorted(self.items, key=lambda item: item.span)
        return (
            items,
            [item.span.start for item in items],
            max((end - at for at, end in (i.span for i in items)), default=0),
        )

    @cached_property
    def _stretches(self) -> tuple[list[tuple[Span, int, Cell | None]], list[int]]:
        found: list[tuple[Span, int, Cell | None]] = []
        for at, block in enumerate(self.document.blocks):
            if block.kind == "paragraph":
                found.append((block.span, at, None))
            elif block.table is not None:
                cells = self.document.tables[block.table].cells
                found.extend((cell.span, at, cell) for cell in cells if cell.span.start < cell.span.end)
        found.sort(key=lambda each: each[0])
        return found, [span.start for span, _, _ in found]

    def trimmed(self, start: int, end: int) -> Span:
        """The selection without outer blanks. Raises ``Refused`` where nothing is left or it lies outside the text."""
        if not 0 <= start <= end <= len(self.text):
            raise Refused("outside", "所选位置不在文件内 / the place lies outside the document")
        words = self.text[start:end]
        left = len(words) - len(words.lstrip(BLANK))
        span = Span(start + left, start + len(words.rstrip(BLANK)))
        if span.start >= span.end:
            raise Refused("nothing_selected", "没有选中文字 / no words are selected")
        return span

    def at(self, offset: int) -> tuple[Span, int, Cell | None] | None:
        """The paragraph or cell at an offset (its end counts too), the block's index, and the cell."""
        found, starts = self._stretches
        place = bisect_right(starts, offset) - 1
        if place >= 0 and offset <= found[place][0].end:
            return found[place]
        return None

    def stretch(self, offset: int) -> Span:
        found = self.at(offset)
        if found is None:
            raise Refused("nothing_selected", "这里没有文字 / there are no words at this place")
        return found[0]

    def touching(self, span: Span) -> list[Item]:
        """Items that share a character with ``span``, in order."""
        items, starts, longest = self._by_start
        low = bisect_right(starts, span.start - longest - 1)
        high = bisect_right(starts, span.end - 1)
        return [item for item in items[low:high] if item.span.end > span.start]

    def who_at(self, span: Span) -> Who | None:
        """The shortest bracket, label line or cell read as names that shares a character with ``span``."""
        found = {who for item in self.items for who in item.who if _shared(who.span, span)}
        return min(found, key=lambda who: who.span.end - who.span.start, default=None)

    # --- items ------------------------------------------------------------------------------------------

    def item(self, span: Span) -> Item:
        """The item that the pipeline would make of these words, were they cut as one."""
        span, mark = self.without_mark(span)
        stripped = strip_item(self.text, span)
        if stripped.span.start >= stripped.span.end:
            stripped = Stripped(span)
        number = mark.text if mark is not None else None
        touching = self.touching(stripped.span)
        if touching:
            return self._as_part(touching, stripped, number)
        place = self.at(span.start)
        if place is not None and place[2] is not None:
            return self._in_row(place[1], place[2], stripped, number)
        return self._in_prose(stripped, number)

    def without_mark(self, span: Span) -> tuple[Span, Mark | None]:
        """The words behind a number that opens them, and the number."""
        view = make_view(self.text, span)
        mark = parse_mark(view.text)
        if (
            mark is None
            or mark.number is None
            or mark.kind in _HEADING_MARKS
            or not view.text[mark.end :].strip(" \n。;")
        ):
            return span, None
        rest = make_view(self.text, Span(view.span(mark.start, mark.end).end, span.end))
        at = len(rest.text) - len(rest.text.lstrip())
        return Span(rest.span(at, len(rest.text)).start, span.end), mark

    def _as_part(self, touching: list[Item], stripped: Stripped, number: str | None) -> Item:
        span = stripped.span
        best = max(touching, key=lambda item: (item.dropped is None, _shared(item.span, span)))
        who = [one for item in touching for one in item.who] + list(stripped.who)
        when = [one for item in touching for one in item.when] + list(stripped.when)
        whole = 2 * _shared(best.span, span) >= best.span.end - best.span.start
        quota = tuple(cell for cell in best.quota if cell.span.overlaps(span)) or best.quota
        if number is None and span.start <= best.span.start:
            number = best.number
        return replace(
            best,
            span=span,
            number=number,
            points=stripped.points or (best.points if whole else None),
            who=tuple(dict.fromkeys(who)),
            when=tuple(dict.fromkeys(when)),
            scoring=stripped.scoring or best.scoring,
            quota=quota,
            dropped=None,
        )

    def _in_row(self, block: int, cell: Cell, stripped: Stripped, number: str | None) -> Item:
        """Another cell of a row that an item stands in: what the row says holds for these words too."""
        table = self.document.blocks[block].table
        rows = range(cell.row, cell.row + cell.rowspan)
        mates = [item for item in self.items if item.table == table and item.cell and item.cell[0] in rows]
        if not mates:
            near = [item for item in self.items if item.table == table]
            path = near[0].path[:1] if near else self._headings(block, stripped.span)
            base = Item(stripped.span, path=path)
        else:
            base = min(mates, key=lambda item: (item.dropped is not None, abs((item.cell or (0, 0))[1] - cell.col)))
        quota = tuple(each for each in base.quota if each.span.overlaps(stripped.span))
        return replace(
            base,
            span=stripped.span,
            number=number,
            points=stripped.points,
            who=tuple(dict.fromkeys((*base.who, *stripped.who))),
            when=tuple(dict.fromkeys((*base.when, *stripped.when))),
            scoring=stripped.scoring or base.scoring,
            thresholds=(),
            quota=quota,
            origin="quota" if quota else "table",
            table=table,
            cell=(cell.row, cell.col),
            dropped=None,
        )

    def _in_prose(self, stripped: Stripped, number: str | None) -> Item:
        """Words that no item was cut from: cut now as a paragraph of their own under the headings there."""
        span = stripped.span
        section = self._section(span)
        if section is not None:
            reader = ProseReader(
                self.document, self.outline.official.year, captions=caption_blocks(self.document, self.outline)
            )
            reader.read(replace(section, body=span))
            if reader.items:
                return self._as_part(reader.items, stripped, number)
        path = tuple(Words(heading.title, heading.span) for heading in section.headings) if section else ()
        return Item(
            span, path=path, number=number, points=stripped.points, who=stripped.who, when=stripped.when,
            scoring=stripped.scoring,
        )  # fmt: skip

    def _headings(self, block: int, span: Span) -> tuple[Words, ...]:
        section = next((each for each in self.outline.sections if each.block == block), None) or self._section(span)
        return tuple(Words(heading.title, heading.span) for heading in section.headings) if section else ()

    def _section(self, span: Span) -> Section | None:
        """The section whose words these are, else the last one before them."""
        place = self.at(span.start)
        found: Section | None = None
        for section in self.outline.sections:
            if section.body.start <= span.start < section.body.end:
                return section
            if place is not None and section.block <= place[1] and section.body.start <= span.start:
                found = section
        return found


def _shared(one: Span, other: Span) -> int:
    return max(min(one.end, other.end) - max(one.start, other.start), 0)
