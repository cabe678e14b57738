"""Titles that run over several lines, and the lines that could be part of one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractor.outline.patterns import (
    ADDRESSEE,
    CHROME,
    CONTENTS,
    DATE_LINE,
    DOTS,
    IMPRINT,
    LABEL,
    META_KEY,
    NUMBER_LINE,
    ORG_LINE,
    RED_HEAD,
    TITLE_END,
    UNIT_LINE,
)
from extractor.outline.units import Unit

_PUNCTUATION = re.compile(r"[\s\W_]+")
_VERSION = re.compile(
    r"[(〔【][^()〔〕【】]{0,12}(?:试行|暂行|修订|修正|草案|稿|版|本|\d{4})[^()〔〕【】]{0,8}[)〕】]$"
)
_NO_TITLE = (
    DATE_LINE, NUMBER_LINE, ADDRESSEE, CHROME, IMPRINT, UNIT_LINE, LABEL, CONTENTS, DOTS, RED_HEAD, META_KEY,
)  # fmt: skip
_MAX_LINES = 5
_MIN_LINE = 5
_MAX_TITLE = 130
_CONTINUES = ("的", "——", "—", "暨", "和", "及", "与", "、")


@dataclass(frozen=True, slots=True)
class Title:
    """Units ``first`` to ``last`` (inclusive) print it; ``text`` is the joined view."""

    first: int
    last: int
    text: str


def squeeze(text: str) -> str:
    """Letters and digits alone: what two printings of one title have in common."""
    return _PUNCTUATION.sub("", text)


def is_title_line(unit: Unit) -> bool:
    """Whether the unit could be a line of a title."""
    text = unit.text
    if unit.table is not None or not unit.whole or not 2 <= len(text) <= 90 or unit.layer != "body":
        return False
    if unit.mark is not None and unit.mark.kind not in ("table", "dash"):
        return False
    if any(char in text for char in "。;?|>") or text.endswith((",", ":")):
        return False
    return not any(pattern.search(text) for pattern in _NO_TITLE)


def alike_style(one: Unit, other: Unit) -> bool:
    """Whether two lines are set alike and apart from body text."""
    a, b = one.style, other.style
    if a is None or b is None:
        return False
    apart = a.centered or a.level is not None or a.bold
    return (
        apart
        and (a.level, a.centered, a.bold, a.font) == (b.level, b.centered, b.bold, b.font)
        and (a.size is None or b.size is None or abs(a.size - b.size) < 0.6)
    )


def title_at(units: list[Unit], at: int, *, wanted: str | None = None) -> Title | None:
    """The title whose first line is unit ``at``: lines joined until they end as titles do.

    With ``wanted`` the joined lines must be that title (punctuation, blanks and a closing bracket aside).
    """
    joined = ""
    best: Title | None = None
    goal = squeeze(wanted) if wanted is not None else ""
    for last in range(at, min(at + _MAX_LINES, len(units))):
        unit = units[last]
        if not is_title_line(unit) or len(joined) + len(unit.text) > _MAX_TITLE:
            break
        if last == at + 1 and len(joined) < _MIN_LINE and wanted is None:
            break
        if best is not None and not _extends(units[last - 1], unit):
            break
        joined += unit.text
        if wanted is not None:
            if _same(squeeze(joined), goal, joined):
                best = Title(at, last, joined)
            elif not goal.startswith(squeeze(joined)) and best is None:
                break
        elif TITLE_END.search(joined) or (best is not None and _VERSION.match(unit.text)):
            best = Title(at, last, joined)
        elif best is None and last > at and not _runs_on(units[last - 1], unit):
            break
    return best


def _same(found: str, goal: str, printed: str) -> bool:
    if found == goal:
        return True
    if len(goal) < 4:
        return False
    rest = found[len(goal) :] if found.startswith(goal) else ""
    return bool(rest) and len(rest) <= 14 and _VERSION.search(printed) is not None


def _extends(before: Unit, unit: Unit) -> bool:
    """Whether a line goes on with a title that could end on the line before."""
    if unit.text.startswith(_CONTINUES) or _VERSION.match(unit.text):
        return True
    return alike_style(before, unit) and before.style is not None and before.style.centered


def _runs_on(before: Unit, unit: Unit) -> bool:
    """Whether a line that ends no title may be followed by its rest: not where their looks differ."""
    if ORG_LINE.match(before.text) and not unit.text.startswith(("关于", "印发", "转发")):
        return False
    return before.style is None or unit.style is None or (before.style.centered == unit.style.centered)
