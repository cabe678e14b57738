"""Printed lines → paragraphs: which line goes on with the one before it, also over a page break."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

from extractor.formats.pdf_join import ends_sentence, first_unit, fits, item_number, starts_item
from extractor.formats.pdf_lines import TextLine

_INDENT = 1.2  # of the size: a line set in by more starts a paragraph
_HANGING = 3.2  # of the size: set in by more, it hangs under the line before or stands on its own
_SLACK = 0.5  # of the size: play in measuring whether a word had room
_SLACK_AT_STOP = 0.05  # the same behind a full stop or before an indent, where an end is likely
_WIDE = 0.6  # of the measure: how far a title's first line reaches, if nothing but its place shows it to be one
_TABLE_OVERHANG = 6.0  # points: Word's tables reach beyond the text by their padding
_LEADER = re.compile(r"[.．·…・‥\s]{4,}[0-9０-９ivxIVX]{1,4}\s*$")  # of a line in a table of contents
_BRACKETED = re.compile(r"[（(〔\[][^（）()]*[）)〕\]]")
_STUMP = re.compile(r"[。；）][\u4e00-\u9fff]{1,2}$")
_LABEL = re.compile(r"[^，。；、]{1,8}[：:]")
_DATE = re.compile(r"\s*[0-9〇○零一二三四五六七八九十]{2,4}\s*年\s*[0-9一二三四五六七八九十]{1,3}\s*月.{0,6}")


@dataclass(slots=True)
class Placed:
    """A line with the edges of the column it stands in; ``frame`` names the box round it, if there is one.

    ``width`` is its page's.
    """

    line: TextLine
    left: float = 0.0
    right: float = 0.0
    frame: tuple[int, int, int] | None = None
    width: float = 0.0


@dataclass(slots=True)
class Paragraph:
    lines: list[Placed] = field(default_factory=list)
    centered: bool = False


@dataclass(frozen=True, slots=True)
class Habits:
    """How a document sets its text: size in points, distance of baselines, whether paragraphs are set in."""

    size: float
    pitch: float
    indented: bool


def set_margins(lines: list[Placed], widths: dict[int, float], tables: dict[int, tuple[float, float]]) -> None:
    """Fills ``left`` and ``right`` of the lines that stand in no frame.

    ``widths``: page → its width; ``tables``: page → left and right end of the widest table on it, which shows
    how far the text of a page with few lines could have run.
    """
    groups: defaultdict[tuple[int, int], list[Placed]] = defaultdict(list)
    for item in lines:
        if item.frame is None:
            groups[round(widths[item.line.page]), item.line.page % 2].append(item)
    found = {key: _margins(group) for key, group in groups.items()}
    for (width, odd), group in groups.items():
        left, right = found[width, odd]
        other = found.get((width, 1 - odd))
        if other is not None and abs(other[0] - left) < 8 and abs(other[1] - right) < 16:
            left, right = min(left, other[0]), max(right, other[1])
        elif other is not None and len(group) < 8:
            left, right = min(other[0], left), max(other[1], right)
        for item in group:
            item.left, item.right, item.width = left, right, widths[item.line.page]
            table = tables.get(item.line.page)
            if table is not None and len(group) < 8 and -12 < left - table[0] < 40:
                item.left, item.right = min(left, table[0] + _TABLE_OVERHANG), max(right, table[1] - _TABLE_OVERHANG)


def _margins(items: list[Placed]) -> tuple[float, float]:
    """The outermost ends that several lines share; of few lines, the outermost ends."""
    need = 1 if len(items) < 8 else max(2, len(items) // 40)
    left = _shared([i.line.box.x0 for i in items], need)
    right = -_shared([-i.line.box.x1 for i in items], need)
    return left, right


def _shared(values: list[float], need: int) -> float:
    """The least value that has ``need`` values within 6 points above it."""
    ordered = sorted(values)
    for index, value in enumerate(ordered):
        if index + need <= len(ordered) and ordered[index + need - 1] - value <= 6.0:
            return value
    return ordered[0]


def learn_habits(lines: list[Placed]) -> Habits:
    """What most lines do; of a document without lines, usual values."""
    sizes: Counter[float] = Counter()
    pitches: list[float] = []
    starts = set_in = 0
    for before, item in zip([None, *lines], lines, strict=False):
        line = item.line
        sizes[round(line.size * 2) / 2] += len(line.text)
        if before is None or before.line.page != line.page:
            continue
        pitch = line.base - before.line.base
        if 0 < pitch < 5 * line.size and abs(before.line.size - line.size) < 0.6:
            pitches.append(pitch / line.size)
        if _is_open(before, item) and not is_centered(item) and item.frame is None:
            starts += 1
            set_in += line.box.x0 - item.left > _INDENT * line.size
    return Habits(
        size=sizes.most_common(1)[0][0] if sizes else 12.0,
        pitch=median(pitches) if pitches else 1.6,
        indented=starts >= 3 and set_in >= 0.75 * starts,
    )


def is_centered(item: Placed, size: float = 0.0) -> bool:
    """Both margins alike and clearly wider than a paragraph's indent (less so for type larger than ``size``)."""
    line = item.line
    left, right = line.box.x0 - item.left, item.right - line.box.x1
    em = line.size
    if line.text[:1].isdecimal() and item_number(line.text) is not None:
        return False
    least = 0.8 if size and em > 1.12 * size else 2.6
    return left > least * em and abs(left - right) < max(1.2 * em, 0.08 * (left + right))


def _is_open(before: Placed, item: Placed) -> bool:
    """There was room for more in the line before: it was ended on purpose."""
    room = before.right - before.line.box.x1
    likely = ends_sentence(before.line.text) or item.line.box.x0 - item.left > _INDENT * item.line.size
    return fits(before.line, item.line, room, _SLACK_AT_STOP if likely else _SLACK)


def join_paragraphs(lines: Iterable[Placed], habits: Habits) -> list[Paragraph]:
    """Lines in reading order, with their margins set, into paragraphs."""
    paragraphs: list[Paragraph] = []
    before: Placed | None = None
    for item in lines:
        if before is not None and _goes_on(before, item, paragraphs[-1], habits):
            paragraphs[-1].lines.append(item)
        else:
            paragraphs.append(Paragraph([item], is_centered(item, habits.size)))
        before = item
    return paragraphs


def _goes_on(before: Placed, item: Placed, paragraph: Paragraph, habits: Habits) -> bool:
    if not _same_place(before, item) or not _same_type(before, item) or _stands_right(before):
        return False
    if _LEADER.search(before.line.text):
        return False
    if is_centered(item, habits.size) and _is_display(before, habits):
        return _title_goes_on(before, item, habits)
    if paragraph.centered and len(paragraph.lines) == 1 and not _fills(before, item):
        return False
    shift = item.line.box.x0 - item.left
    em = item.line.size
    is_new = starts_item(item.line.text)
    if shift > _HANGING * em:
        return not is_new and _hangs(before, item)
    if shift > _INDENT * em:
        return not is_new and (
            _set_in_alike(before, item, paragraph, habits) or (habits.indented and _breaks_off(paragraph, item))
        )
    if _is_open(before, item):
        return habits.indented and _was_torn(before, item, paragraph, habits)
    if is_new and ends_sentence(before.line.text):
        return False
    return not _far(before, item, 1.45 * habits.pitch) or habits.indented


def _same_place(before: Placed, item: Placed) -> bool:
    """In one column: both in the running text, or in one row of a frame, or in frames that a page break parts."""
    if before.frame == item.frame:
        return abs(before.width - item.width) < 10  # no paragraph runs from an upright page to one across
    if before.frame is None or item.frame is None or before.line.page + 1 != item.line.page:
        return False
    return abs((before.right - before.left) - (item.right - item.left)) < 1.5 * item.line.size  # short lines tell less


def _stands_right(item: Placed) -> bool:
    """A signature or date in the right half, that is not centred."""
    left, measure = item.line.box.x0 - item.left, item.right - item.left
    return left > 0.4 * measure and not is_centered(item)


def _same_type(before: Placed, item: Placed) -> bool:
    """Sizes alike, with some play for a line that is full: converters measure letters unevenly."""
    small, large = sorted((before.line.size, item.line.size))
    play = 1.12 if _is_open(before, item) else 1.25
    return large <= play * small


def _is_display(item: Placed, habits: Habits) -> bool:
    return is_centered(item, habits.size) or item.line.size > 1.2 * habits.size


def _title_goes_on(before: Placed, item: Placed, habits: Habits) -> bool:
    text = item.line.text
    if starts_item(text) or _BRACKETED.fullmatch(text) or _DATE.fullmatch(text):
        return False
    if before.line.bold != item.line.bold or ends_sentence(before.line.text):
        return False
    if _LABEL.match(text) or _LABEL.match(before.line.text):
        return False
    is_plain = not before.line.bold and before.line.size < 1.1 * habits.size
    if is_plain and before.line.width < _WIDE * (before.right - before.left):
        return False
    small, large = sorted((before.line.size, item.line.size))
    return large < 1.06 * small and not _far(before, item, max(1.6 * habits.pitch, 2.6))


def _far(before: Placed, item: Placed, pitch: float) -> bool:
    """Further apart than ``pitch`` (in parts of the size), on one page."""
    apart = item.line.base - before.line.base
    return before.line.page == item.line.page and apart > pitch * item.line.size


def _fills(before: Placed, item: Placed) -> bool:
    return before.right - before.line.box.x1 < first_unit(item.line) + _SLACK * before.line.size


def _hangs(before: Placed, item: Placed) -> bool:
    """The line goes on under the words, not under the number, of the line before: 附件：1. …"""
    if _is_open(before, item):
        return False
    shift = item.line.box.x0 - before.line.box.x0
    return shift > -0.5 * item.line.size if starts_item(before.line.text) else abs(shift) < 0.5 * item.line.size


def _set_in_alike(before: Placed, item: Placed, paragraph: Paragraph, habits: Habits) -> bool:
    """A whole paragraph set in: the line before begins at the same place, is full and breaks off."""
    if _is_open(before, item) or ends_sentence(before.line.text) or _LABEL.match(item.line.text):
        return False
    shift = item.line.box.x0 - before.line.box.x0
    if item_number(before.line.text) is not None and 0.5 * item.line.size < shift < 3 * item.line.size:
        return True
    if habits.indented and len(paragraph.lines) < 2:
        return False  # where first lines are set in, a second line set in alike is another first line
    return abs(shift) < 0.3 * item.line.size


def _was_torn(before: Placed, item: Placed, paragraph: Paragraph, habits: Habits) -> bool:
    """Where paragraphs are set in, a flush line after one that breaks off goes on with it (converters tear lines)."""
    text = before.line.text.rstrip()
    if starts_item(item.line.text) or ends_sentence(text) or text[-1:] in "）)》" or item.frame is not None:
        return False
    if _far(before, item, 1.7 * habits.pitch) or before.line.bold != item.line.bold or _LABEL.match(item.line.text):
        return False
    first = paragraph.lines[0]
    if first.line.box.x0 - first.left < _INDENT * first.line.size:
        return False
    began_flush = before.line.box.x0 - before.left < _INDENT * before.line.size
    return began_flush and not is_centered(before, habits.size)


def _breaks_off(paragraph: Paragraph, item: Placed) -> bool:
    """A paragraph of several lines ends a character or two after a full stop; no label or number follows."""
    words = "".join(placed.line.text for placed in paragraph.lines).rstrip()
    if len(paragraph.lines) < 2 or paragraph.centered or item.frame is not None:
        return False
    follows = item.line.text
    return _STUMP.search(words) is not None and not starts_item(follows) and not _LABEL.match(follows)
