"""Tables in plain text: cells parted by tabs, rows by line feeds, both also inside cells.

Text saved from a page or a word processor keeps a tab only between cells of one line. A cell of several
paragraphs starts on the line after a tab and ends with no mark at all, and cells merged from above leave
nothing behind. Such a table is read by finding the likeliest column for each piece (``text_align``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractor.formats.grid import build_table
from extractor.formats.text_align import Atom, align
from extractor.formats.text_header import DATUM, SENTENCE, SHORT, merge_header
from extractor.types.geometry import Span
from extractor.types.table import Cell, Table

BLANK = " \t\u3000\xa0\u2002\u2003\u2009\ufeff\u200b"
_GAP = 40  # lines without a tab that a row may run over
_SECTION = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十百]+[章节条]|附\s*[件表录]|抄送|主题词)"
)
_COUNTED = re.compile(r"[附续]?表\s*[一二三四五六七八九十\d]")
_CLOSING = re.compile(r"[局厅委院部会府办室]$|\d{4}年|日$|^[注备说附抄印主]|[。；：]|[一二三四五六七八九十]、")
_PAGE = re.compile(r"\d{1,4}")


@dataclass(frozen=True, slots=True)
class Found:
    """A table and the lines (indices, half-open) that it takes up; ``guessed`` where tabs alone don't give its columns."""

    table: Table
    first: int
    last: int
    guessed: bool = False


def strip(text: str, span: Span) -> Span:
    """The stretch without blanks at its ends."""
    words = text[span.start : span.end]
    start = span.start + len(words) - len(words.lstrip(BLANK))
    return Span(start, max(start, span.start + len(words.rstrip(BLANK))))


def has_tab(text: str, line: Span) -> bool:
    """Whether a line has a tab that is no indentation; a line of blanks and tabs alone is an empty row."""
    words = text[line.start : line.end]
    return ("\t" in words and "\t" in words.lstrip(BLANK.replace("\t", "")).lstrip("\t")) or words.endswith("\t")


def find_tables(text: str, lines: Sequence[Span]) -> list[Found]:
    """All tables in the lines of a text, in order."""
    tabbed = [has_tab(text, line) for line in lines]
    found: list[Found] = []
    at = 0
    while at < len(lines):
        if not tabbed[at]:
            at += 1
            continue
        run = _run_end(tabbed, at)
        end = _region_end(text, lines, tabbed, at)
        below = any(tabbed[run:end])
        table = _regular(text, lines[at:run], may_open=below) if run - at > 1 else None
        if table is not None:
            found.append(Found(table, at, run))
            at = run
            continue
        ragged = (
            _folded(text, lines, at, end, tabbed)
            or _ragged(text, lines, at, end, tabbed)
            or _padded(text, lines, at, run)
        )
        if ragged is not None:
            found.append(ragged)
        at = max(ragged.last if ragged else 0, run)
    return found


def _run_end(tabbed: Sequence[bool], at: int) -> int:
    while at < len(tabbed) and tabbed[at]:
        at += 1
    return at


def _pieces(text: str, line: Span) -> list[Span]:
    start = line.start
    spans = []
    for words in text[line.start : line.end].split("\t"):
        spans.append(_unquote(text, strip(text, Span(start, start + len(words)))))
        start += len(words) + 1
    return spans


def _unquote(text: str, span: Span) -> Span:
    """Without the quotes that a spreadsheet puts around a cell with line feeds."""
    quoted = span.end - span.start >= 2 and text[span.start] == '"' == text[span.end - 1]
    return Span(span.start + 1, span.end - 1) if quoted and "\n" in text[span.start : span.end] else span


def join_quoted(text: str, lines: Sequence[Span]) -> list[Span]:
    """The lines, with those joined that one quoted cell of a spreadsheet runs over."""
    joined: list[Span] = []
    at = 0
    while at < len(lines):
        words = text[lines[at].start : lines[at].end]
        last = at
        if '\t"' in words or (words.startswith('"') and "\t" not in words):
            last = _quote_end(text, lines, at)
        joined.append(Span(lines[at].start, lines[last].end))
        at = last + 1
    return joined


def _quote_end(text: str, lines: Sequence[Span], at: int) -> int:
    """The line at which all quotes are closed; ``at`` itself where they are or where none closes them."""
    quotes = 0
    for i in range(at, min(at + _GAP, len(lines))):
        quotes += text.count('"', lines[i].start, lines[i].end)
        if quotes % 2 == 0:
            return i
    return at


def _regular(text: str, lines: Sequence[Span], *, may_open: bool = False) -> Table | None:
    """A table whose lines all have the same number of cells; None for others and for contents lists.

    ``may_open``: the lines below may be the last row's last cell.
    """
    rows = [_pieces(text, line) for line in lines]
    n_cols = len(rows[0])
    if any(len(row) != n_cols for row in rows) or (may_open and _opens_below(rows)):
        return None
    if _is_contents(text, rows):
        return None
    kept = _drop_empty_columns([Cell(r, c, span) for r, row in enumerate(rows) for c, span in enumerate(row)])
    n_cols = max((cell.col for cell in kept), default=-1) + 1
    if n_cols < 2:
        return None
    kept = merge_header(kept, text)
    return _merge_from_above(build_table(kept, len(rows), n_cols, span=_extent(lines)), text)


def _folded(text: str, lines: Sequence[Span], first: int, end: int, tabbed: Sequence[bool]) -> Found | None:
    """A table whose rows all have the same number of tabs, with line feeds inside cells: rows end where the tabs
    are full. Lines that follow a full row belong to its last cell; after the last row they are text.
    """
    last = max((i for i in range(first, end) if tabbed[i]), default=first)
    counts = [text.count("\t", line.start, line.end) for line in lines[first : last + 1]]
    full = max(counts)
    rows: list[Span] = []
    have = full
    for line, count in zip(lines[first : last + 1], counts, strict=True):
        if have == full and count:
            rows.append(line)
            have = count
        else:
            rows[-1] = Span(rows[-1].start, line.end)
            have += count
        if have > full:
            return None
    if have != full or len(rows) < 2 or full < 2:
        return None
    last = _closing_lines(text, lines, last + 1)
    rows[-1] = Span(rows[-1].start, lines[last - 1].end)
    table = _regular(text, rows)
    return Found(table, first, last) if table is not None else None


def _closing_lines(text: str, lines: Sequence[Span], after: int) -> int:
    """Where the last cell ends: one or two short lines right below it that end the text are still in it,
    unless they look like a signature, date, note or heading.
    """
    rest = lines[after:]
    if not 1 <= len(rest) <= 2 or "\n\n" in text[lines[after - 1].end : rest[-1].start + 1]:
        return after
    words = [text[line.start : line.end].strip(BLANK) for line in rest]
    return after if any(len(word) > SHORT or _CLOSING.search(word) for word in words) else len(lines)


def _opens_below(rows: list[list[Span]]) -> bool:
    """Whether the last row alone ends in a tab, so that its last cell stands below."""
    ends = [row[-1].start == row[-1].end for row in rows]
    return ends[-1] and not any(ends[:-1])


def _is_contents(text: str, rows: list[list[Span]]) -> bool:
    """A table of contents (a title and a page number on each line), or labels with their values."""
    if all(len(row) == 2 and text[row[0].start : row[0].end].endswith(("：", ":")) for row in rows):
        return True
    return all(len(row) == 2 and _PAGE.fullmatch(text[row[1].start : row[1].end]) for row in rows)


def _drop_empty_columns(cells: list[Cell]) -> list[Cell]:
    """Without trailing columns that are empty throughout (a tab at each line's end)."""
    last = max((cell.col for cell in cells if cell.span.start < cell.span.end), default=-1)
    return [cell for cell in cells if cell.col <= last]


def _extent(lines: Sequence[Span]) -> Span:
    return Span(lines[0].start, lines[-1].end)


def _merge_from_above(table: Table, text: str) -> Table:
    """Leading cells left empty below a filled one continue it, as vertically merged cells are saved.

    Not in the row under the header: an empty cell there has no group above. A first column that only counts
    the rows is passed over.
    """
    grid = table.grid()
    heights: dict[tuple[int, int], int] = {}
    owners: list[tuple[int, int] | None] = [None] * table.n_cols
    gone: set[tuple[int, int]] = set()
    first = 1 if _is_counter(table, text) else 0
    for r in range(1, table.n_rows):
        leading = r > 1
        for c in range(first, table.n_cols):
            cell = grid[r][c]
            empty = cell.span.start == cell.span.end and (cell.rowspan, cell.colspan) == (1, 1)
            leading = leading and empty and owners[c] is not None
            owner = owners[c]
            if leading and owner is not None and c < table.n_cols - 1:
                heights[owner] = r - owner[0] + 1
                gone.add((r, c))
            else:
                owners[c] = (r, c) if not empty and cell.colspan == 1 and cell.col == c else None
                leading = False
    if not _rows_keep_words(table, gone):
        return table
    cells = [
        replace(cell, rowspan=max(cell.rowspan, heights.get((cell.row, cell.col), 1)))
        for cell in table.cells
        if (cell.row, cell.col) not in gone
    ]
    return build_table(cells, table.n_rows, table.n_cols, span=table.span)


def _is_counter(table: Table, text: str) -> bool:
    """Whether the first column holds 1, 2, 3 … in every row under the header."""
    words = [text[cell.span.start : cell.span.end] for cell in table.cells if cell.col == 0 and cell.row > 0]
    numbers = [word for word in words if word]
    return len(numbers) == len(words) and numbers == [str(n) for n in range(1, len(numbers) + 1)]


def _rows_keep_words(table: Table, gone: set[tuple[int, int]]) -> bool:
    filled = {cell.row for cell in table.cells if cell.span.start < cell.span.end}
    return all(row in filled for row, _ in gone)


def _region_end(text: str, lines: Sequence[Span], tabbed: Sequence[bool], at: int) -> int:
    """Where a ragged table must be over: at a heading, above another table, or after too many lines without a tab."""
    last = at
    for i in range(at, len(lines)):
        if tabbed[i]:
            last = i
        elif (
            i - last > _GAP
            or _SECTION.match(text[lines[i].start : lines[i].end].strip(BLANK))
            or _is_caption(text, lines, tabbed, at, i)
        ):
            return i
    return min(last + _GAP + 1, len(lines))


def _is_caption(text: str, lines: Sequence[Span], tabbed: Sequence[bool], first: int, at: int) -> bool:
    """Whether the line stands right above another table: the one below it is a header, with names of columns that the
    table from ``first`` on has too, or the line counts tables (表二).
    """
    below = next((i for i in range(at + 1, len(lines)) if text[lines[i].start : lines[i].end].strip()), at)
    if not tabbed[below]:
        return False
    names = [text[span.start : span.end] for span in _pieces(text, lines[below])]
    if len(names) < 3 or any(not 0 < len(n) <= SHORT or SENTENCE.search(n) or DATUM.fullmatch(n) for n in names):
        return False
    known = {text[span.start : span.end] for span in _pieces(text, lines[first])}
    counted = _COUNTED.match(text[lines[at].start : lines[at].end].strip(BLANK))
    return bool(counted) or len(known.intersection(names)) >= 2


def _ragged(text: str, lines: Sequence[Span], first: int, end: int, tabbed: Sequence[bool]) -> Found | None:
    counts = [len(_pieces(text, lines[i])) for i in range(first, end) if tabbed[i]]
    header = _header(text, lines, first, end, tabbed)
    n_cols = max(counts)
    if len(counts) < 3 or n_cols < 3 or header is None:
        return None
    top, sub = header
    if sub and len(top) + len(sub) - 1 > n_cols and _is_once(counts, n_cols):
        n_cols = len(top) + len(sub) - 1
    if len(top) + max(len(sub) - 1, 0) != n_cols:
        return None
    n_head = 2 if sub else 1
    atoms = _atoms(text, lines, first + n_head, end, tabbed)
    placed = align(atoms, n_cols)
    if placed is None:
        return None
    rows, used = placed
    body = [Cell(r + n_head, c, span) for r, row in enumerate(rows) for c, span in row.items()]
    head = _header_cells(text, top, sub, rows)
    last = next((i + 1 for i in range(end - 1, first, -1) if lines[i].start < used), first + 1)
    table = build_table([*head, *body], n_head + len(rows), n_cols, span=Span(lines[first].start, used))
    return Found(_merge_from_above(table, text), first, last, guessed=True)


def _padded(text: str, lines: Sequence[Span], first: int, last: int) -> Found | None:
    """Lines of unequal length without a header to go by: cells from the left."""
    rows = [_pieces(text, line) for line in lines[first:last]]
    if len(rows) < 2 or _is_contents(text, rows):
        return None
    kept = _drop_empty_columns([Cell(r, c, span) for r, row in enumerate(rows) for c, span in enumerate(row)])
    n_cols = max((cell.col for cell in kept), default=-1) + 1
    if n_cols < 2:
        return None
    return Found(build_table(kept, len(rows), n_cols, span=_extent(lines[first:last])), first, last, guessed=True)


def _is_once(counts: Sequence[int], n_cols: int) -> bool:
    return counts.count(n_cols) <= 1


def _header(
    text: str, lines: Sequence[Span], first: int, end: int, tabbed: Sequence[bool]
) -> tuple[list[Span], list[Span]] | None:
    """The header's cells: of the first line, and of the second where it names the parts of a wide column."""
    top = _pieces(text, lines[first])
    if not all(0 < s.end - s.start <= SHORT and not SENTENCE.search(text[s.start : s.end]) for s in top):
        return None
    if first + 1 >= end or not tabbed[first + 1]:
        return top, []
    sub = _pieces(text, lines[first + 1])
    words = [text[s.start : s.end] for s in sub]
    is_sub = len(sub) < len(top) and all(0 < len(w) <= SHORT and not SENTENCE.search(w) for w in words)
    return top, sub if is_sub and not words[0].isdigit() else []


def _header_cells(text: str, top: list[Span], sub: list[Span], rows: Sequence[dict[int, Span]]) -> list[Cell]:
    if not sub:
        return [Cell(0, c, span) for c, span in enumerate(top)]
    wide = _wide_column(text, len(top), len(sub), rows)
    cells = []
    for c, span in enumerate(top):
        col = c if c <= wide else c + len(sub) - 1
        cells.append(Cell(0, col, span, 1 if c == wide else 2, len(sub) if c == wide else 1))
    return cells + [Cell(1, wide + c, span) for c, span in enumerate(sub)]


def _wide_column(text: str, n_top: int, n_sub: int, rows: Sequence[dict[int, Span]]) -> int:
    """Which header cell has the parts: the one whose columns below are most alike in words."""

    def alike(col: int) -> float:
        scores = []
        for row in rows[:200]:
            words = [text[row[c].start : row[c].end] for c in range(col, col + n_sub) if c in row]
            sets = [{word[i : i + 2] for i in range(len(word) - 1)} for word in words]
            if len(sets) == n_sub and all(sets):
                scores.append(len(set.intersection(*sets)) / len(set.union(*sets)))
        return sum(scores) / len(scores) if scores else 0.0

    return max(range(n_top), key=alike)


def _atoms(text: str, lines: Sequence[Span], first: int, end: int, tabbed: Sequence[bool]) -> list[Atom]:
    atoms: list[Atom] = []
    for i in range(first, end):
        pieces = _pieces(text, lines[i])
        if not tabbed[i]:
            span = strip(text, lines[i])
            if span.start < span.end:
                atoms.append(Atom(span, text[span.start : span.end], block=text[lines[i].start] in BLANK))
            continue
        opens = pieces[-1].start == pieces[-1].end
        for span in pieces[:-1] if opens else pieces:
            atoms.append(Atom(span, text[span.start : span.end], tab_after=True))
        if not opens:
            atoms[-1] = replace(atoms[-1], tab_after=False)
    return atoms
