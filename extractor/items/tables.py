"""Tables → items: task tables, scoring schemes, graded assessment tables, quota and indicator tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from extractor.items.columns import KNOWN, Column, read_columns
from extractor.items.quota import Values, quota_items, read_values, value_cells
from extractor.items.rubric import bonus_rules, split_rubric
from extractor.items.table_cells import Piece, cut_cell
from extractor.items.table_grid import Grid, Heads, Row, is_empty, is_value, make_grid
from extractor.items.table_layout import Layout, read_layout
from extractor.items.table_rows import Beside, Filler, path_words, read_cell_who, share_out
from extractor.items.table_split import split_columns, split_table
from extractor.items.thresholds import find_thresholds
from extractor.text.brackets import strip_item
from extractor.text.view import make_view
from extractor.types.document import Document
from extractor.types.geometry import Span
from extractor.types.item import Item, Points, Who, Words
from extractor.types.outline import Section
from extractor.types.table import Cell

_LOSES = re.compile(r"[;；。]\s?每[^,，;；。]{1,12}扣\s?\d")
# 达到100%得满分: a threshold without a subject, which the cell beside it names.
_ONLY_RULE = re.compile(r"^(?:达到?|完成|≥|不低于|不少于)?\d[\d.]*\s?%?(?:及?以上)?,?(?:的)?(?:得|计|赋)")
_SPACES = re.compile(r"[\s\u3000\u00a0]+")


def table_items(
    document: Document,
    table_index: int,
    section: Section,
    *,
    title: str | None = None,
    year: int | None = None,
    period: tuple[int, int] | None = None,
    columns: Callable[[Grid], tuple[Column, ...]] = read_columns,
    known: Heads = KNOWN,
) -> tuple[Item, ...]:
    """The items of a table in reading order: row by row, in a row column by column.

    ``title`` is the document's own title, which is no part of a path. ``year`` and ``period`` are the document's:
    they tell base years from years to come. ``columns`` says what each column holds, ``known`` matches words of headers.
    Text boxes, forms, lists of people and statistics give ().
    """
    table = document.tables[table_index]
    if table.is_box:
        return ()
    items: list[Item] = []
    about = _About(title, year, period, columns, known)
    for offset, grid in grids(document, table_index, known):
        found = _grid_items(grid, _base_path(grid, section, title, later=offset > 0), about)
        items += [
            replace(item, table=table_index, cell=item.cell and (item.cell[0] + offset, item.cell[1])) for item in found
        ]
    return tuple(items)


def grids(document: Document, table_index: int, known: Heads = KNOWN) -> Iterator[tuple[int, Grid]]:
    """The table as rules read it: each part with a header of its own, with the row that it begins at."""
    for offset, part in split_table(document.text, document.tables[table_index], known):
        first = offset == 0
        yield (
            offset,
            _grid_with_header(document, table_index, known) if first else make_grid(document.text, part, known),
        )


@dataclass(frozen=True, slots=True)
class _About:
    """What is known of the document when one of its tables is read."""

    title: str | None
    year: int | None
    period: tuple[int, int] | None
    columns: Callable[[Grid], tuple[Column, ...]]
    known: Heads


def _grid_items(grid: Grid, base: tuple[Words, ...], about: _About) -> list[Item]:
    blocks = split_columns(grid)
    if blocks:
        found: list[Item] = []
        for start, table in blocks:
            block = replace(make_grid(grid.text, table, about.known), unit=grid.unit)
            found += [
                replace(item, cell=item.cell and (item.cell[0] + grid.header.start, item.cell[1] + start))
                for item in _grid_items(block, base, about)
            ]
        return found
    above = "/".join([about.title or "", *(words.text for words in base)])
    layout = read_layout(grid, above, about.columns(grid))
    if layout is None:
        return []
    if layout.heading is not None:
        return quota_items(grid, layout, base, title=about.title, year=about.year, period=about.period)
    return _task_items(grid, layout, base, year=about.year, period=about.period)


def _grid_with_header(document: Document, table_index: int, known: Heads) -> Grid:
    """The table's grid; one without header that goes on from the table before it takes that one's header."""
    table = split_table(document.text, document.tables[table_index], known)[0][1]
    grid = make_grid(document.text, table, known)
    if len(grid.header) or table_index == 0:
        return grid
    before = document.tables[table_index - 1]
    between = document.text[before.span.end : table.span.start].strip()
    if before.n_cols != table.n_cols or len(between) > 40:
        return grid
    above = _grid_with_header(document, table_index - 1, known)
    if not above.header and not above.heads:
        return grid
    words = {(cell.row, cell.col): above.words[cell.row, cell.col] for heads in above.heads for cell in heads}
    moved = {(-1 - row, -1 - col): said for (row, col), said in words.items()}
    heads = tuple(tuple(replace(cell, row=-1 - cell.row, col=-1 - cell.col) for cell in heads) for heads in above.heads)
    grid.words.update(moved)
    return replace(grid, heads=heads, unit=grid.unit or above.unit)


def _base_path(grid: Grid, section: Section, title: str | None, *, later: bool) -> tuple[Words, ...]:
    """Headings and captions. ``later``: a table further down a sheet, to which the first one's caption says nothing."""
    path = [Words(heading.title, heading.span) for heading in section.headings]
    captions = [words for caption in grid.captions if (words := path_words(grid.text, caption.span)[0]).text]
    if later and captions and path and re.search(r"(?:表|清单|一览)(?:[(（].*)?$", path[-1].text):
        path.pop()
    path += [
        words
        for words in captions
        if not re.fullmatch(r"(?:附件|附表|表)\s?[\d一二三四五六七八九十]*[：:]?", words.text)
    ]
    own = _SPACES.sub("", title or "")
    kept: list[Words] = []
    for words in path:
        said = _SPACES.sub("", words.text)
        if said and said != own and all(said != _SPACES.sub("", other.text) for other in kept):
            kept.append(words)
    return tuple(kept)


# --- task tables and scoring schemes ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Draft:
    """An item before it is known how many share its points cell."""

    piece: Piece
    beside: Beside
    column: Column
    cell: Cell
    row: Row
    who: tuple[Who, ...]
    when: tuple[Span, ...]
    scoring: Span | None
    own_points: Points | None
    extra: bool = False  # a bonus rule out of the scoring column


def _task_items(
    grid: Grid, layout: Layout, base: tuple[Words, ...], *, year: int | None, period: tuple[int, int] | None
) -> list[Item]:
    filler = Filler(grid, layout, base)
    drafts: list[_Draft] = []
    seen: dict[tuple[object, ...], range] = {}
    for row in grid.rows:
        cells = _item_cells(grid, layout, row)
        beside = filler.read(row, tuple(cell for cell, _ in cells))
        if row.total:
            continue
        ruled = [cell for cell, column in cells if column.rubric and _ONLY_RULE.match(grid.say(cell))]
        if not cells or len(ruled) == len(cells) == 1:
            named = replace(beside, scoring=ruled[0].span) if ruled else beside
            stand_in = _stand_in(grid, layout, row, named)
            if stand_in:
                cells, beside = stand_in, replace(named, path=named.path[:-1])
        for cell, column in cells:
            key = (cell.row, cell.col, column.tier, tuple(words.span for words in beside.path))
            made = _drafts(grid, cut_cell(grid.text, cell.span), beside, column, cell, row)
            if key in seen:
                for at, more in zip(seen[key], made, strict=True):
                    drafts[at] = _joined(drafts[at], more)
                continue
            seen[key] = range(len(drafts), len(drafts) + len(made))
            drafts += made
        if cells:
            drafts += _bonus_drafts(grid, layout, beside, row)
    shared = Counter(_points_key(draft) for draft in drafts if not draft.extra)
    cells_of_row = Counter(draft.row.index for draft in drafts if not draft.extra)
    values = read_values(grid, layout, year, period)
    return [
        _item(grid, layout, draft, shared[_points_key(draft)], cells_of_row[draft.row.index], values)
        for draft in drafts
    ]


def _bonus_drafts(grid: Grid, layout: Layout, beside: Beside, row: Row) -> list[_Draft]:
    """Rules of the row's scoring cells that give extra points are items of their own."""
    drafts: list[_Draft] = []
    plain = replace(beside, number=None, row_points=None, points_lines=(), scoring=None, notes=())
    if re.search(r"[加扣减]分", "".join(words.text for words in beside.path)):
        return drafts
    for column in layout.of("scoring"):
        cell = grid.at(row.index, column.index)
        if cell.row != row.index:
            continue
        for span in bonus_rules(grid.text, cell.span):
            pieces = (Piece(strip_item(grid.text, span)),)
            drafts += [replace(draft, extra=True) for draft in _drafts(grid, pieces, plain, column, cell, row)]
    return drafts


def _joined(draft: _Draft, more: _Draft) -> _Draft:
    """An item over several rows: the rows' units and times add up."""
    who = [one for one in more.who if one not in draft.who]
    when = [one for one in more.when if one not in draft.when]
    return replace(draft, who=(*draft.who, *who), when=(*draft.when, *when)) if who or when else draft


def _points_key(draft: _Draft) -> tuple[object, str | None]:
    points = draft.beside.row_points
    return (points.span if points else draft.row.index), draft.column.tier or draft.beside.tier


def _item_cells(grid: Grid, layout: Layout, row: Row) -> list[tuple[Cell, Column]]:
    """The row's filled requirement cells; one cell over two columns counts once, but once for each grade."""
    found: list[tuple[Cell, Column]] = []
    for column in layout.items:
        cell = grid.at(row.index, column.index)
        said = grid.say(cell)
        if is_empty(said) or (column.tier is None and any(cell is other for other, _ in found)):
            continue
        found.append((cell, column))
    return found


def _stand_in(grid: Grid, layout: Layout, row: Row, beside: Beside) -> list[tuple[Cell, Column]]:
    """A scored row whose requirement cell is empty: its innermost grouping cell is what is scored."""
    if beside.scoring is None and beside.row_points is None:
        return []
    for column in reversed(layout.groups):
        cell = grid.at(row.index, column.index)
        if cell.row == row.index and not is_empty(grid.say(cell)) and cell.rowspan == 1:
            return [(cell, column)]
    return []


def _drafts(
    grid: Grid, pieces: tuple[Piece, ...], beside: Beside, column: Column, cell: Cell, row: Row
) -> list[_Draft]:
    count = len(pieces)
    if count == 0:
        return []
    who_parts = [(share_out(grid.text, span, count), head) for span, head in beside.who]
    when_parts = [share_out(grid.text, span, count) for span in beside.when]
    scoring = share_out(grid.text, beside.scoring, count) if beside.scoring else [None] * count
    drafts: list[_Draft] = []
    if not re.search(r"[加扣减]分|否决", "".join(words.text for words in beside.path)):
        pieces = tuple(
            replace(piece, stripped=split_rubric(grid.text, piece.stripped))
            if column.rubric or _LOSES.search(grid.text, *piece.stripped.span)
            else piece
            for piece in pieces
        )
    for at, piece in enumerate(pieces):
        read = [read_cell_who(grid.text, parts[at], head) for parts, head in who_parts]
        who = [one for names, _ in read for one in names]
        when = [parts[at] for parts in when_parts] + [span for _, spans in read for span in spans]
        lines = beside.points_lines
        drafts.append(
            _Draft(
                piece=piece,
                beside=beside,
                column=column,
                cell=cell,
                row=row,
                who=(*piece.stripped.who, *who),
                when=(*piece.stripped.when, *when),
                scoring=scoring[at],
                own_points=piece.stripped.points or (lines[at] if len(lines) == count else None),
            )
        )
    return drafts


def _item(
    grid: Grid,
    layout: Layout,
    draft: _Draft,
    sharing: int,
    in_row: int,
    values: Values,
) -> Item:
    piece, beside = draft.piece, draft.beside
    row_points = beside.row_points
    points = draft.own_points or (row_points if sharing == 1 and not draft.extra else None)
    in_row = 0 if draft.extra else in_row
    scoring = draft.scoring or piece.stripped.scoring
    notes = beside.notes
    if draft.scoring and piece.stripped.scoring:
        notes = (piece.stripped.scoring, *notes)
    number = piece.number or (beside.number if in_row == 1 else None)
    head = _dated_head(grid, draft.column)
    item = Item(
        span=piece.stripped.span,
        path=(*beside.path, *piece.titles),
        number=number,
        tier=draft.column.tier or beside.tier,
        points=points,
        row_points=row_points or (points if in_row == 1 else None),
        who=draft.who,
        when=(*draft.when, *((head,) if head else ())),
        lead_in=piece.lead_in,
        assessed=beside.assessed,
        scoring=scoring,
        thresholds=find_thresholds(grid.text, piece.stripped.span, scoring, points) if scoring else (),
        notes=notes,
        context=(piece.intro,) if piece.intro else (),
        origin="table",
        cell=(draft.cell.row, draft.cell.col),
    )
    if in_row == 1 and layout.values:
        item = _with_aims(grid, layout, values, draft.row, item)
    return item


_DATED_HEAD = re.compile(
    r"(?:到|至)?20\d\d\s?年(?:[底末]|上半年|下半年|第?[一二三四1-4]\s?季度|\d{1,2}\s?月底?)?前?|第?[一二三四1-4]\s?季度|[上下]半年|\d{1,2}\s?月(?:份|底)?前?"
    r"|[“\"]?十[三四五六]五[”\"]?(?:末|时期|期间)?"
)


def _dated_head(grid: Grid, column: Column) -> Span | None:
    """The date in the header of a column that holds what is due by then (一季度, 2024年目标)."""
    if not column.dated:
        return None
    for cell in reversed(grid.heads[column.index]):
        view = make_view(grid.text, cell.span)
        match = _DATED_HEAD.search(view.text)
        if match:
            return view.span(match.start(), match.end())
    return None


def _with_aims(grid: Grid, layout: Layout, values: Values, row: Row, item: Item) -> Item:
    """What a column of aims says beside the item: plain quantities as quota cells, words as thresholds."""
    cells = [grid.at(row.index, column.index) for column in layout.values]
    said = [grid.say(cell) for cell in cells]
    if any(is_value(words) for words in said):
        return replace(item, quota=value_cells(grid, layout, values, row, item.span, item.path))
    spans = tuple(cell.span for cell, words in zip(cells, said, strict=True) if re.search(r"\d", words))
    return replace(item, thresholds=(*item.thresholds, *spans))
