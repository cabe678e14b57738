"""Where words stand: offsets always; page and box, cell, paragraph as far as the source has them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from extractor.types.document import Block, Document, Line
from extractor.types.geometry import BBox, Span
from extractor.types.record import Evidence, EvidencePart
from extractor.types.table import Cell


@dataclass(frozen=True, slots=True)
class _Place:
    span: Span
    lines: tuple[Line, ...]
    cell: tuple[int, int, int] | None
    paragraph: int | None
    address: str | None


class EvidenceFinder:
    """Looks up blocks and cells of one document by offset; built once a document, O(log n) a look-up."""

    def __init__(self, document: Document) -> None:
        self._places = sorted(_places(document), key=lambda place: place.span)
        self._starts = [place.span.start for place in self._places]
        self._known: dict[Span, Evidence] = {}  # a heading is evidence for every record below it

    def evidence(self, span: Span) -> Evidence:
        """Evidence of ``span``; ``parts`` where it runs over several lines, pages or cells."""
        if span not in self._known:
            self._known[span] = self._find(span)
        return self._known[span]

    def _find(self, span: Span) -> Evidence:
        parts = [part for place in self._touched(span) for part in _parts(place, span)]
        if len(parts) == 1:
            one = parts[0]
            return Evidence(
                start=span.start,
                end=span.end,
                page=one.page,
                bbox=one.bbox,
                cell=one.cell,
                paragraph=one.paragraph,
                address=one.address,
            )
        if not parts:
            return Evidence(start=span.start, end=span.end)
        first = parts[0]
        boxes = [part.bbox for part in parts if part.bbox is not None and part.page == first.page]
        return Evidence(
            start=span.start,
            end=span.end,
            page=first.page,
            bbox=_union(boxes),
            cell=first.cell,
            paragraph=first.paragraph,
            address=first.address,
            parts=tuple(parts),
        )

    def _touched(self, span: Span) -> Iterator[_Place]:
        at = max(bisect_right(self._starts, span.start) - 1, 0)
        while at < len(self._places) and self._places[at].span.start < max(span.end, span.start + 1):
            if self._places[at].span.end > span.start:
                yield self._places[at]
            at += 1


def _places(document: Document) -> Iterator[_Place]:
    for block in document.blocks:
        if block.kind == "paragraph":
            yield _Place(block.span, block.lines, None, block.paragraph, None)
        elif block.table is not None:
            yield from _cells(block, block.table, document.tables[block.table].cells)


def _cells(block: Block, table: int, cells: tuple[Cell, ...]) -> Iterator[_Place]:
    for cell in cells:
        if cell.span.start < cell.span.end:
            yield _Place(cell.span, cell.lines, (table, cell.row, cell.col), block.paragraph, cell.address)


def _parts(place: _Place, span: Span) -> Iterator[EvidencePart]:
    low, high = max(place.span.start, span.start), min(place.span.end, span.end)
    lines = [line for line in place.lines if line.span.start < high and low < line.span.end]
    if not lines:
        yield EvidencePart(start=low, end=high, cell=place.cell, paragraph=place.paragraph, address=place.address)
    for line in lines:
        start, end = max(line.span.start, low), min(line.span.end, high)
        yield EvidencePart(
            start=start, end=end, page=line.page, bbox=_clip(line, start, end), cell=place.cell,
            paragraph=place.paragraph, address=place.address,
        )  # fmt: skip


def _clip(line: Line, start: int, end: int) -> tuple[float, float, float, float]:
    """The box of part of a line, by the places of its characters."""
    x0, top, x1, bottom = line.bbox
    if len(line.edges) == line.span.end - line.span.start + 1:
        x0, x1 = line.edges[start - line.span.start], line.edges[end - line.span.start]
    return round(x0, 2), round(top, 2), round(x1, 2), round(bottom, 2)


def _union(boxes: list[tuple[float, float, float, float]]) -> tuple[float, float, float, float] | None:
    if not boxes:
        return None
    box = BBox(*boxes[0])
    for other in boxes[1:]:
        box = box.union(BBox(*other))
    return box.x0, box.top, box.x1, box.bottom
