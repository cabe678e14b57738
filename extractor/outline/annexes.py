"""Annexes: the list of them at a document's end, and where each begins."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractor.outline.patterns import DATE_LINE, IMPRINT, ORG_LINE, SIGNED_LINE
from extractor.outline.titles import Title, is_title_line, squeeze, title_at
from extractor.outline.units import Unit

_MAX_LIST = 60


@dataclass(frozen=True, slots=True)
class Annex:
    """Starts at unit ``at``. ``title`` in units, or ``inline``: the offset in the unit's head where it begins;
    neither where no title is printed. ``main``: it is what the cover notice lays down.
    """

    at: int
    number: int | None
    title: Title | None = None
    inline: int | None = None
    main: bool = False


def find_annexes(
    units: list[Unit], start: int, named: str | None, skip: set[int]
) -> tuple[list[Annex], dict[int, tuple[str, tuple[int, ...]]], set[int]]:
    """Annexes in order; the listed titles by number with the units that print them; units of list and labels.

    ``named``: the title that a cover notice announces; ``skip``: units known to print that title.
    """
    marked = [at for at in range(start, len(units)) if _is_annex(units[at])]
    annexes: list[Annex] = []
    listed: dict[int, tuple[str, tuple[int, ...]]] = {}
    lines: set[int] = set()
    for place, at in enumerate(marked):
        if at in lines:
            continue
        entries = _list_lines(units, at)
        if _is_list(units, at, entries, marked[place + 1 :], lines):
            lines.update([at, *(line for _, _, group in entries for line in group)])
            for number, text, group in entries:
                listed.setdefault(number, (text, group))
            continue
        annex = _annex(units, at, listed, skip, named)
        annexes.append(annex)
        lines.add(at)
        if annex.title is not None:
            lines.update(range(annex.title.first, annex.title.last + 1))
    return annexes, listed, lines


def _is_annex(unit: Unit) -> bool:
    mark = unit.mark
    if mark is None or unit.table is not None:
        return False
    if mark.kind == "table" and mark.text.startswith(("附表", "附录")):
        return unit.whole and len(unit.text) <= 60 and "。" not in unit.text
    if mark.kind != "annex":
        return False
    return unit.whole or mark.text.endswith(":")


def _list_lines(units: list[Unit], at: int) -> list[tuple[int, str, tuple[int, ...]]]:
    """Entries of a list that starts with unit ``at``: (number, title, units)."""
    unit = units[at]
    mark = unit.mark
    if mark is None:
        return []
    rest = unit.text[mark.end :].strip(" \n:")
    entries: list[tuple[int, str, list[int]]] = []
    if rest:
        first = re.match(r"(\d{1,2})[.、]\s?", rest)
        entries.append((int(first.group(1)) if first else mark.number or 1, rest[first.end() if first else 0 :], [at]))
    for below in range(at + 1, min(at + _MAX_LIST, len(units))):
        line = units[below]
        if line.table is not None or not line.whole or len(line.text) > 90:
            break
        number = line.mark.number if line.mark is not None else None
        if line.mark is not None and line.mark.kind in ("arabic", "annex") and number == len(entries) + 1:
            entries.append((number, line.text[line.mark.end :].strip(" \n.、:"), [below]))
        elif line.mark is None and entries and not _closes(line) and _goes_on(units[below - 1], line, entries[-1][1]):
            entries[-1] = (entries[-1][0], entries[-1][1] + line.text, [*entries[-1][2], below])
        else:
            break
    return [(number, text.rstrip("。;"), tuple(group)) for number, text, group in entries]


def _closes(unit: Unit) -> bool:
    return bool(
        ORG_LINE.match(unit.text)
        or DATE_LINE.match(unit.text)
        or SIGNED_LINE.match(unit.text)
        or IMPRINT.match(unit.text)
    )


def _goes_on(before: Unit, unit: Unit, so_far: str) -> bool:
    """Whether a line is the rest of a listed title that the line above left open."""
    return is_title_line(unit) and len(so_far) >= 12 and len(unit.text) <= 30 and before.text[-1:] not in "。;表》)"


def _is_list(
    units: list[Unit],
    at: int,
    entries: list[tuple[int, str, tuple[int, ...]]],
    later: list[int],
    lines: set[int],
) -> bool:
    """A list names titles and is followed by a signature, by annexes that begin, or by nothing."""
    label = units[at].mark
    if not entries or label is None:
        return False
    if label.end == len(units[at].text) and not label.text.endswith(":"):
        return False  # the bare word stands above an annex, not above a list
    last = max(line for _, _, group in entries for line in group)
    following = units[last + 1] if last + 1 < len(units) else None
    if following is None or _closes(following):
        return True
    if len(entries) > 1 and all(len(text) <= 60 for _, text, _ in entries):
        goals = {squeeze(text) for _, text, _ in entries}
        return any(other > last for other in later) or any(squeeze(unit.text) in goals for unit in units[last + 1 :])
    own = squeeze(entries[0][1])
    for other in later:
        if other > last and other not in lines:
            mark = units[other].mark
            same = mark is not None and (mark.number in (None, 1)) and not units[other].text[mark.end :].strip(" :")
            return same or squeeze(units[other].text).endswith(own)
    return False


def _annex(
    units: list[Unit], at: int, listed: dict[int, tuple[str, tuple[int, ...]]], skip: set[int], named: str | None
) -> Annex:
    unit = units[at]
    mark = unit.mark
    number = mark.number if mark is not None else None
    inline = mark.end if mark is not None else 0
    while inline < len(unit.text) and unit.text[inline] in " \n:.、":
        inline += 1
    goal = squeeze(named) if named else None
    if inline < len(unit.text):
        return Annex(at, number, None, inline, main=goal is not None and squeeze(unit.text[inline:]).startswith(goal))
    if at + 1 in skip:
        return Annex(at, number, main=True)
    title = _title_below(units, at, listed.get(number or 1, ("", ()))[0])
    main = title is not None and goal is not None and squeeze(title.text).startswith(goal)
    return Annex(at, number, title, main=main)


def _title_below(units: list[Unit], at: int, listed: str) -> Title | None:
    below = at + 1
    if below >= len(units):
        return None
    if listed:
        title = title_at(units, below, wanted=listed)
        if title is not None:
            return title
    title = title_at(units, below)
    if title is not None:
        return title
    line = units[below]
    return Title(below, below, line.text) if is_title_line(line) and len(line.text) <= 50 else None
