"""What one approved document shows of its bureau's words: units, short names, columns that no rule knows."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from extractor.items.columns import by_head, head_words
from extractor.items.table_grid import Grid, is_empty, is_value
from extractor.items.tables import grids
from extractor.text.vocabulary import alias_of, head_key, normal
from extractor.types.document import Document
from extractor.types.record import Evidence, IndicatorRecord, Responsible

Place = tuple[int, int, int]  # table, row, column
_INTRODUCED = re.compile(
    r"[（(]\s*以下(?:统一)?简称(?:为)?[:：]?\s*[“\"‘「『]?([^“”\"‘’「」『』（）(),，。；;、\s]{2,15})[”\"’」』]?\s*[）)]"
)
_BEFORE = 30  # characters in which a whole name stands before its short one
_LONGEST_HEAD = 20
_ROLES = frozenset({"leader", "lead", "support"})


@dataclass(frozen=True, slots=True)
class Shown:
    """``introduced``: ``name`` is the short form that the text gives to a name at the end of ``means``."""

    section: Literal["units", "aliases", "columns", "introduced"]
    name: str
    means: str
    count: int


def shown_by(
    document: Document | None, drafted: Sequence[IndicatorRecord], approved: Sequence[IndicatorRecord]
) -> list[Shown]:
    """What the ``approved`` records show, beside the draft that they come from.

    Without ``document`` (its parsed form is no longer there) nothing is known of columns and introductions.
    """
    units = Counter(normal(one.name) for record in approved for one in _units(record))
    found = [Shown("units", name, "", count) for name, count in sorted(units.items()) if 2 <= len(name) <= 40]
    aliases = Counter(pair for before, after in _pairs(drafted, approved) for pair in _replaced(before, after))
    found += [Shown("aliases", short, long, count) for (short, long), count in sorted(aliases.items())]
    if document is not None:
        found += [Shown("introduced", short, before, 1) for short, before in _introduced(document.text)]
        found += _columns(document, approved)
    return found


def _units(record: IndicatorRecord) -> list[Responsible]:
    return [one for one in record.responsible if one.role != "leader"]


# --- short names ------------------------------------------------------------------------------------------


def _pairs(
    drafted: Sequence[IndicatorRecord], approved: Sequence[IndicatorRecord]
) -> Iterator[tuple[IndicatorRecord, IndicatorRecord]]:
    """Records as drafted and as approved; those split, merged or added have no draft of their own."""
    drafts = {record.record_id: record for record in drafted}
    return ((drafts[record.record_id], record) for record in approved if record.record_id in drafts)


def _replaced(before: IndicatorRecord, after: IndicatorRecord) -> list[tuple[str, str]]:
    """Drafted names that a reviewer wrote out: each with the one new name that it abbreviates."""
    old, new = ({normal(one.name) for one in _units(record)} for record in (before, after))
    found = []
    for short in sorted(old - new):
        whole = {pair for long in new - old if (pair := alias_of(short, long)) is not None}
        if len(whole) == 1:
            found.append(whole.pop())
    return found


def _introduced(text: str) -> Iterator[tuple[str, str]]:
    """A short name and the words before it: 示例市发展和改革委员会（以下简称市发改委）."""
    for match in _INTRODUCED.finditer(text):
        yield normal(match[1]), normal(text[max(match.start() - _BEFORE, 0) : match.start()])


# --- columns ----------------------------------------------------------------------------------------------


def _columns(document: Document, approved: Sequence[IndicatorRecord]) -> list[Shown]:
    """Headers that the rules do not know, over cells in which approved fields stand."""
    votes = _votes(approved)
    found: Counter[tuple[str, str]] = Counter()
    for table in sorted({place[0] for place in votes}):
        for offset, grid in grids(document, table):
            rows = range(offset, offset + grid.table.n_rows)
            here = {(at[1] - offset, at[2]): said for at, said in votes.items() if at[0] == table and at[1] in rows}
            for head, holds, count in _of_grid(grid, here):
                found[head, holds] += count
    return [Shown("columns", head, holds, count) for (head, holds), count in sorted(found.items())]


def _votes(approved: Sequence[IndicatorRecord]) -> dict[Place, set[str]]:
    """Of each cell that approved fields stand in: what stands there. A field beside the record's text says nothing."""
    votes: dict[Place, set[str]] = defaultdict(set)
    for record in approved:
        own = record.evidence.cell
        said: list[tuple[str, Evidence | None]] = [(one.role, one.evidence) for one in record.responsible]
        said += [("when", one.evidence) for one in record.deadlines]
        said += [
            ("points", place) for name in ("points", "row_points") for place in record.field_evidence.get(name, ())
        ]
        for what, place in said:
            if place is not None and place.cell is not None and place.cell != own:
                votes[place.cell].add(what)
        of_targets = {one.evidence.cell for one in record.targets if one.evidence is not None}
        if own is not None and of_targets <= {own, None}:  # else the text is but the heading of a quota row
            votes[own].add("hard")
    return votes


def _of_grid(grid: Grid, votes: Mapping[tuple[int, int], set[str]]) -> Iterator[tuple[str, str, int]]:
    """Header, what its column holds, in how many cells."""
    rows = {row for row, _ in votes}
    led = any("support" in said for said in votes.values())
    for col in range(grid.table.n_cols):
        head = _unknown_head(grid, col, rows)
        if head is None:
            continue
        said = [_one(each) for (_, at), each in votes.items() if at == col]
        holds, count = Counter(what for what in said if what).most_common(1)[0] if any(said) else ("", 0)
        filled = {cell.row for row in rows if not is_empty(grid.say(cell := grid.at(row, col)))}
        if count < 2 or count * 10 < 6 * len(said) or count * 2 < len(filled):
            continue
        roles = {role for (_, at), each in votes.items() if at == col for role in each & _ROLES}
        yield head, _role(roles, led) if holds == "names" else holds, count


def _one(said: set[str]) -> str:
    """What a cell holds: names, one other thing, or "" where it can't be told."""
    if "hard" in said:
        return "hard"
    return "names" if said <= _ROLES else next(iter(said)) if len(said) == 1 else ""


def _role(roles: set[str], led: bool) -> str:
    """lead only where others support: a column of 责任单位 leads where nobody else does."""
    if roles == {"lead"}:
        return "lead" if led else "who"
    return next(iter(roles)) if len(roles) == 1 else "who"


def _unknown_head(grid: Grid, col: int, rows: set[int]) -> str | None:
    """The header's words where no rule knows them. A first row of short words over the records is a header, too,
    where the rules saw none: they tell it by the words that they know.
    """
    if grid.heads[col]:
        head = head_words(grid, col)[-1] if by_head(grid, col).kind == "plain" else ""
    else:
        first = [grid.say(cell) for cell in grid.cells[0]]
        looks = 0 not in rows and all(word and len(word) <= _LONGEST_HEAD and "。" not in word for word in first)
        head = head_key(first[col]) if looks else ""
    return head if 2 <= len(head) <= _LONGEST_HEAD and not is_value(head) else None
