"""The words of a table's cell: which line breaks are the author's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from extractor.formats.pdf_grid import GridCell
from extractor.formats.pdf_join import Composed, compose, ends_sentence, fits, splits_word, starts_item, word_width
from extractor.formats.pdf_lines import TextLine

_SLACK = 0.35
_LEAST_PADDING, _MOST_PADDING = 0.5, 9.0  # points


@dataclass(frozen=True, slots=True)
class Room:
    """How wide the lines of a table's cells may run: a cell's width less ``padding``, points for both sides."""

    padding: float

    def of(self, cell: GridCell) -> float:
        inside = cell.box.x1 - cell.box.x0 - self.padding
        return max(inside, max((line.width for line in cell.lines), default=0.0))


def measure_room(cells: Iterable[GridCell]) -> Room:
    """The padding of left-aligned cells shows in the least distance of words from the rule."""
    gaps = sorted(
        min(line.box.x0 for line in cell.lines) - cell.box.x0
        for cell in cells
        if cell.lines and cell.box.x1 - cell.box.x0 > 12
    )
    least = gaps[len(gaps) // 20] if gaps else 4.0
    return Room(2 * min(max(least, _LEAST_PADDING), _MOST_PADDING))


def cell_text(cell: GridCell, room: Room) -> Composed:
    width = room.of(cell)
    listed = sum(starts_item(line.text) for line in cell.lines) > 1
    pairs = zip(cell.lines, cell.lines[1:], strict=False)
    return compose(cell.lines, [is_break(one, two, width, listed) for one, two in pairs])


def is_break(line: TextLine, after: TextLine, width: float, listed: bool) -> bool:
    """Whether the author ended ``line``. ``width``: what a line may take; ``listed``: the cell counts its items."""
    if splits_word(line, after) and word_width(line, after) > width:
        return False
    if fits(line, after, width - line.width, _SLACK):
        return True
    return starts_item(after.text) and (listed or ends_sentence(line.text))
