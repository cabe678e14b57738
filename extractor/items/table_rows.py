"""What the columns beside an item say for its row: path, points, who, when, whom it binds, scoring, notes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from extractor.items.columns import ORG_CELL, Column
from extractor.items.table_grid import DITTO, Grid, Row, fold, is_empty
from extractor.items.table_layout import Layout
from extractor.text.brackets import read_who, strip_points
from extractor.text.marks import iter_marks, parse_mark
from extractor.text.view import make_view
from extractor.types.geometry import Span
from extractor.types.item import Points, Who, Words
from extractor.types.table import Cell

_PATH_MARKS = frozenset(
    {"part", "chapter", "section", "article", "cn", "cn_paren", "cn_half", "arabic", "arabic_paren", "arabic_half", "circle",
     "dotted2", "dotted3", "dotted4", "letter", "roman", "label", "box", "annex", "table", "dash", "bullet"}
)  # fmt: skip
_POINTS_CELL = re.compile(r"^(?:[-+]\s?)?(\d+(?:\.\d+)?)\s?分?$")


@dataclass(frozen=True, slots=True)
class Beside:
    """Fields of one row. ``points_key`` tells rows under one points cell from others."""

    path: tuple[Words, ...] = ()
    number: str | None = None
    tier: str | None = None
    row_points: Points | None = None
    points_lines: tuple[Points, ...] = ()
    who: tuple[tuple[Span, Column], ...] = ()
    when: tuple[Span, ...] = ()
    assessed: tuple[Words, ...] = ()
    scoring: Span | None = None
    notes: tuple[Span, ...] = ()


@dataclass(slots=True)
class Filler:
    """Goes down the rows and fills merged or empty cells from above."""

    grid: Grid
    layout: Layout
    base: tuple[Words, ...]
    _groups: dict[int, Cell] = field(default_factory=dict)
    _who: tuple[tuple[Span, Column], ...] = ()
    _names: dict[int, Span] = field(default_factory=dict)
    _when: tuple[Span, ...] = ()
    _assessed: tuple[Words, ...] = ()
    _points: tuple[Points, tuple[Cell, ...]] | None = None
    _titles: dict[Span, tuple[Words, Points | None]] = field(default_factory=dict)

    def read(self, row: Row, skip: tuple[Cell, ...]) -> Beside:
        """``skip``: the row's item cells, which are no part of its path."""
        groups = self._path_cells(row)
        path: list[Words] = [*self.base, *(self._title(words.span)[0] for words in row.sections)]
        section = path[-1].text if row.sections else None
        marked: Points | None = None
        for cell in groups:
            if cell in skip:
                continue
            words, points = self._title(cell.span)
            if words.text and words.text != section:
                path.append(words)
            marked = points or marked
        if marked is None and row.sections:
            marked = self._title(row.sections[-1].span)[1]
        points, lines = self._row_points(row, groups)
        self._fill_who(row)
        return Beside(
            path=tuple(path),
            number=self._number(row),
            tier=self._tier(row),
            row_points=points or marked,
            points_lines=lines,
            who=self._who,
            when=self._when,
            assessed=self._fill_assessed(row),
            scoring=self._scoring(row),
            notes=self._notes(row),
        )

    def _title(self, span: Span) -> tuple[Words, Points | None]:
        found = self._titles.get(span)
        if found is None:
            found = self._titles[span] = path_words(self.grid.text, span, scored=bool(self.layout.of("points")))
        return found

    def _path_cells(self, row: Row) -> tuple[Cell, ...]:
        found: list[Cell] = []
        same = True  # whether all grouping cells to the left are those of the row above
        for column in self.layout.groups:
            cell = self.grid.at(row.index, column.index)
            before = self._groups.get(column.index)
            if is_empty(self.grid.say(cell)) or DITTO.match(self.grid.say(cell)):
                if same and before is not None:
                    cell = before
                else:
                    self._groups.pop(column.index, None)
                    continue
            same = same and cell is before
            self._groups[column.index] = cell
            if cell not in found:
                found.append(cell)
        return tuple(found)

    def _row_points(self, row: Row, groups: tuple[Cell, ...]) -> tuple[Points | None, tuple[Points, ...]]:
        lines: tuple[Points, ...] = ()
        for column in self.layout.of("points"):
            cell = self.grid.at(row.index, column.index)
            lines = lines or _points_lines(self.grid, cell)
            points = _points(self.grid, cell) if not lines else None
            if points is not None:
                self._points = (points, groups)
                return points, ()
            if is_empty(self.grid.say(cell)) and not column.merged and self._points and self._points[1] == groups:
                return self._points[0], ()
        self._points = None
        return None, lines

    def _fill_who(self, row: Row) -> None:
        columns = self.layout.of("who")
        own = {column.index: cell.span for column in columns if (cell := self._filled(row, column)) is not None}
        who: list[tuple[Span, Column]] = []
        for column in columns:
            span = own.get(column.index)
            if span is None and self._is_covered(row, column):
                continue
            if span is None and not column.merged and (column.role != "support" or not own):
                span = self._names.get(column.index)  # an empty cell: the one above holds on
            if span is not None:
                who.append((span, column))
        self._names = {column.index: span for span, column in who}
        self._who = tuple(who)
        when = [cell.span for column in self.layout.of("when") if (cell := self._filled(row, column)) is not None]
        dated = any(column.merged for column in self.layout.of("when"))
        if when or dated or own or not columns:
            self._when = tuple(when)

    def _is_covered(self, row: Row, column: Column) -> bool:
        """Whether a cell of another kind of column reaches over this one."""
        cell = self.grid.at(row.index, column.index)
        return cell.col != column.index and self.layout.columns[cell.col].kind != column.kind

    def _filled(self, row: Row, column: Column) -> Cell | None:
        """The row's cell of a column; one merged across from a column of another kind is that one's."""
        if self._is_covered(row, column):
            return None
        cell = self.grid.at(row.index, column.index)
        said = self.grid.say(cell)
        return None if is_empty(said) or DITTO.match(said) else cell

    def _fill_assessed(self, row: Row) -> tuple[Words, ...]:
        for column in self.layout.of("assessed"):
            cell = self.grid.at(row.index, column.index)
            if not is_empty(said := self.grid.say(cell)) and not DITTO.match(said):
                self._assessed = split_names(self.grid.text, cell.span)
        return self._assessed

    def _scoring(self, row: Row) -> Span | None:
        return next(iter(self._spans(row, "scoring")), None)

    def _notes(self, row: Row) -> tuple[Span, ...]:
        used = {column.index for column in (*self.layout.items, *self.layout.groups)}
        plain = tuple(
            column for column in self.layout.of("plain", "soft", "hard", "group", "place") if column.index not in used
        )
        heading = self.layout.heading
        extra = [
            self.grid.at(row.index, column.index).span
            for column in plain
            if column is not heading and not is_empty(self.grid.say(self.grid.at(row.index, column.index)))
        ]
        return (*self._spans(row, "scoring")[1:], *self._spans(row, "notes"), *extra)

    def _spans(self, row: Row, kind: str) -> tuple[Span, ...]:
        cells = [self.grid.at(row.index, column.index) for column in self.layout.of(kind)]
        return tuple(dict.fromkeys(fold(self.grid.text, c.span).span for c in cells if not is_empty(self.grid.say(c))))

    def _tier(self, row: Row) -> str | None:
        for column in self.layout.of("grade"):
            said = self.grid.say(self.grid.at(row.index, column.index))
            if not is_empty(said):
                return said
        return None

    def _number(self, row: Row) -> str | None:
        for column in self.layout.of("number"):
            cell = self.grid.at(row.index, column.index)
            said = self.grid.say(cell)
            if cell.rowspan == 1 and cell.colspan == 1 and 0 < len(said) <= 8:
                return fold(self.grid.text, cell.span).text
        return None


_BARE_POINTS = re.compile(r"\((\d{1,3}(?:\.\d)?)\)$")


def path_words(text: str, span: Span, *, scored: bool = False) -> tuple[Words, Points | None]:
    """A heading or grouping cell without its number, points mark and closing colon.

    ``scored``: the table has a column of points, so that a bare number in brackets is a points mark too.
    """
    inner, points = strip_points(text, span)
    if scored and points is None:
        whole = make_view(text, inner)
        bare = _BARE_POINTS.search(whole.text)
        if bare is not None and bare.start() > 0:
            points = Points(Decimal(bare[1]), whole.span(*bare.span()))
            inner = whole.span(0, bare.start())
    view = make_view(text, inner)
    start = 0
    while (mark := parse_mark(view.text, start)) is not None and mark.kind in _PATH_MARKS and mark.end < len(view.text):
        start = mark.end
        while start < len(view.text) and view.text[start] in " \n":
            start += 1
    words = fold(text, view.span(start, len(view.text)))
    shown = words.text.rstrip("：:")
    return Words(shown, Span(words.span.start, words.span.end - (len(words.text) - len(shown)))), points


def split_names(text: str, span: Span) -> tuple[Words, ...]:
    """Names of a cell, parted by line breaks and 、 outside brackets."""
    pieces: list[Words] = []
    depth, at = 0, span.start
    for index in range(span.start, span.end + 1):
        char = text[index] if index < span.end else "\n"
        depth += (char in "（(") - (char in "）)")
        if char in "\n\r" or (depth <= 0 and char in "、，,；; \t\u3000"):
            words = fold(text, Span(at, index))
            if depth <= 0:
                at = index + 1
                if words.text and not words.text.endswith("除外"):
                    pieces.append(words)
    return tuple(pieces)


def read_cell_who(text: str, span: Span, column: Column) -> tuple[tuple[Who, ...], tuple[Span, ...]]:
    """Who a cell names: by its own labels (牵头单位：A 责任单位：B), else as the column's header says."""
    view = make_view(text, span)
    if ":" in view.text:
        labelled = read_who(text, span)
        if labelled is not None and (labelled.who or labelled.when):
            return labelled.who, labelled.when
    if re.search(r"第一|首位|首个|排在?前", column.head):
        names = split_names(text, span)
        if len(names) > 1:
            return (Who(names[0].span, "lead"), Who(Span(names[1].span.start, names[-1].span.end), "support")), ()
    role = None if re.search(r"牵头|配合|负责", view.text) and column.role in ("duty", "lead") else column.role
    return tuple(Who(name, role) for name in _spaced_names(text, span)), ()


def _spaced_names(text: str, span: Span) -> list[Span]:
    """A cell's names where blanks or line breaks alone part them; the whole cell where a break may be a mere fold."""
    parts = [
        Span(span.start + m.start(), span.start + m.end()) for m in re.finditer(r"\S+", text[span.start : span.end])
    ]
    said = [text[part.start : part.end].strip("、，,；;") for part in parts]
    persons = all(2 <= len(one) <= 3 for one in said)
    offices = all(ORG_CELL.search(one) and len(one) > 2 for one in said)
    if len(parts) > 1 and (persons or offices):
        return parts
    words = fold(text, span)
    return [words.span] if words.text else []


def share_out(text: str, span: Span, count: int) -> list[Span]:
    """A cell that numbers its parts like the items of its row gives each item its part, else each the whole."""
    if count > 1:
        view = make_view(text, span)
        marks = iter_marks(view.text)
        kinds = {mark.kind for mark in marks}
        if len(marks) == count and len(kinds) == 1 and marks[0].start == 0:
            stops = [*(mark.start for mark in marks[1:]), len(view.text)]
            ends = [len(view.text[:stop].rstrip(" \n;,。")) for stop in stops]
            return [fold(text, view.span(m.end, max(m.end, end))).span for m, end in zip(marks, ends, strict=True)]
    return [fold(text, span).span] * count


def _points(grid: Grid, cell: Cell) -> Points | None:
    match = _POINTS_CELL.match(grid.say(cell))
    return Points(Decimal(match[1]), fold(grid.text, cell.span).span) if match else None


def _points_lines(grid: Grid, cell: Cell) -> tuple[Points, ...]:
    """Points printed one a line, for items that stand one a line beside them."""
    found: list[Points] = []
    at = cell.span.start
    for line in grid.text[cell.span.start : cell.span.end].split("\n"):
        words = fold(grid.text, Span(at, at + len(line)))
        match = _POINTS_CELL.match(words.text)
        if match:
            found.append(Points(Decimal(match[1]), words.span))
        elif words.text:
            return ()
        at += len(line) + 1
    return tuple(found) if len(found) > 1 else ()
