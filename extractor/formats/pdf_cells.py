"""The words of a table's cell: which line breaks are the author's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from extractor.formats.pdf_grid import GridCell
from extractor.formats.pdf_join import (
    Composed,
    compose,
    ends_sentence,
    fits,
    follows,
    item_number,
    splits_word,
    starts_item,
    word_width,
)
from extractor.formats.pdf_lines import TextLine

_SLACK = 0.2  # of the size: play in measuring whether a word had room
_SLACK_AT_STOP = 0.05  # the same behind a full stop, where a break is likely
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
    """The cell's words; a line feed only where the author broke the line. Words set one under another are one line."""
    if len(cell.lines) > 1 and all(len(line.text) == 1 for line in cell.lines):
        return compose(cell.lines, [False] * (len(cell.lines) - 1))
    width = room.of(cell)
    breaks = []
    last = _first_number(cell)
    for line, after in zip(cell.lines, cell.lines[1:], strict=False):
        last = item_number(line.text) or last
        breaks.append(is_break(line, after, width, last))
    return compose(cell.lines, breaks)


def _first_number(cell: GridCell) -> tuple[str, int] | None:
    """The number of a list's head; ``1.6月底前`` may be one too, and is where a line goes on with ``2.``."""
    match = re.match(r"1([.．、])", cell.lines[0].text) if cell.lines else None
    return (f"#{match.group(1)}", 1) if match else None


def is_break(line: TextLine, after: TextLine, width: float, last: tuple[str, int] | None = None) -> bool:
    """Whether the author ended ``line``. ``width``: what a line may take; ``last``: the list's number so far."""
    if splits_word(line, after) and word_width(line, after) > width:
        return False
    done = ends_sentence(line.text)
    if fits(line, after, width - line.width, _SLACK_AT_STOP if done else _SLACK):
        return True
    if last is not None and follows(last, after.text):
        return True
    return done and starts_item(after.text)
