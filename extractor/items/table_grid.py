"""A table as rules read it: words of every cell, caption rows, header rows, and what each body row is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from extractor.text.view import make_view
from extractor.types.geometry import Span
from extractor.types.item import Words
from extractor.types.table import Cell, Table

NOTHING = re.compile(r"^(?:[—\-–/／\\\\无×*.…·~〃″\"“”]{1,4}|\.{2,}|N/?A|\$\{.*\})?$", re.IGNORECASE)
DITTO = re.compile(r"^(?:同上|[〃″]|[\"“”]{1,2}|同左)$")
_BLANK = re.compile(r"[\s\u3000\u00a0]")
NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?")
_COMPARATOR = (
    r"(?:[≥≤><=±约]|不低于|不少于|不超过|不高于|至少|达到|大于|小于|低于|高于|超过|控制在|稳定在|保持在?|力争)"
)
UNIT = (
    r"(?:[%‰]|个百分点|[万亿千百]{0,3}(?:[个所家户人次件亩吨元台套张座处条例名项辆起里米顷千克升日天月年床位岁倍册部集站点间栋口宗批期班场篇份度立支只头只棵株孔眼艘架根片组队村镇校分员]|人次|公里|公顷|平方米|立方米"
    r"|平方公里|千米|千瓦时?|兆瓦|小时|分钟|标准煤|吨标煤|床位|标箱|标准箱|周岁|辆次|课时|学时|学位|车位|㎡|㎥|kWh|kW|MW|km|m[²³23]?|hm[²2]|kg|t|mg|μg|g|L|ml|TEU|dB)"
    r"(?:/[\u4e00-\u9fa5A-Za-z²³㎡㎥0-9]{1,6})?(?:\([^()]{1,8}\))?)"
)
VALUE = re.compile(
    rf"^{_COMPARATOR}{{0,2}}[(\[〔【]?[-+]?\d[\d,]*(?:\.\d+)?(?:[-—~至到]\d[\d,]*(?:\.\d+)?)?"
    rf"[)\]〕】]?\s?{UNIT}?(?:[)\]〕】])?(?:\s?(?:及?以上|以内|左右|以下))?$"
)
_UNIT_LINE = re.compile(r"(?:^|(?<=[\s(;,。]))(?:计量|数量|金额)?单位\s?[:]\s?([^\s,;。、)]{1,12})(?![、,])")
_FORM_LINE = re.compile(
    r"^(?:填报|填表|制表|编制|报送|审核|被(?:考核|检查|评估)|检查|考核)(?:单位|人|日期|时间)?[:]|^(?:日期|时间)[:]"
)
NOTE_ROW = re.compile(r"^(?:备注|注释?|说明|填表说明|填报说明|附注)\d?[:.、\n]|^注\d?$")
TOTAL = re.compile(r"^(?:合计|小计|总计|共计|总分|满分|总得分|得分合计|分值合计|累计)(?:\(?\d*分?\)?|[:].*)?$")
FORM_ROW = re.compile(
    r"(?:签名|签字|签章|盖章)|^(?:专家姓名|评估(?:专家|日期|人员)|检查(?:人员?|日期)|考核(?:人员?|日期|组)|填表人|制表人|审核人|负责人|联系(?:人|电话)|存在问题|意见建议|总体评价|综合评价|评语|整改意见|日期)[:]?$"
)


class Heads(Protocol):
    """Matches words that head columns; a compiled pattern is one."""

    def search(self, words: str, /) -> object: ...


class CellWords(dict[tuple[int, int], str]):
    """Normal form of each cell by its place, read when first asked for."""

    def __init__(self, text: str, table: Table) -> None:
        super().__init__()
        self._text = text
        self._spans = {(cell.row, cell.col): cell.span for cell in table.cells}

    def __missing__(self, place: tuple[int, int]) -> str:
        self[place] = words = squeeze(self._text, self._spans[place])
        return words


@dataclass(frozen=True, slots=True)
class Row:
    """A body row that may hold items. ``sections``: titles of the section rows in force above it; ``total``: 合计."""

    index: int
    sections: tuple[Words, ...]
    total: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """``cells[r][c]`` is the cell that covers the place; ``words`` its text in normal form without breaks.

    ``heads[c]`` are the header cells over column ``c`` from the top; ``captions`` titles printed in rows of
    their own above the header; ``unit`` what ``单位：万亩`` there says.
    """

    text: str
    table: Table
    cells: list[list[Cell]]
    words: dict[tuple[int, int], str]
    captions: tuple[Words, ...]
    unit: str | None
    header: range
    heads: tuple[tuple[Cell, ...], ...]
    rows: tuple[Row, ...]

    def at(self, row: int, col: int) -> Cell:
        return self.cells[row][col]

    def say(self, cell: Cell) -> str:
        return self.words[cell.row, cell.col]

    def head(self, col: int) -> str:
        """The header of a column, its cells joined from the top."""
        return "/".join(self.say(cell) for cell in self.heads[col])

    def fold(self, cell: Cell) -> Words:
        return fold(self.text, cell.span)

    def body_cells(self, col: int) -> list[Cell]:
        """The distinct cells that start in a column's body, from the top."""
        return [cell for row in self.rows if (cell := self.cells[row.index][col]).row == row.index and cell.col == col]


def squeeze(text: str, span: Span) -> str:
    """Normal form without line breaks: what rules match."""
    return make_view(text, span).text.replace("\n", "").strip()


def fold(text: str, span: Span) -> Words:
    """The words of a stretch with white space folded, characters as printed."""
    raw = text[span.start : span.end]
    if not _BLANK.search(raw):
        return Words(raw, span)
    stripped = raw.strip(" \n\t\r\u3000\u00a0")
    start = span.start + (len(raw) - len(raw.lstrip(" \n\t\r\u3000\u00a0")))
    shown = re.sub(r"(?<=[^\x00-\x7f])[\s\u3000\u00a0]+|[\s\u3000\u00a0]+(?=[^\x00-\x7f])", "", stripped)
    return Words(re.sub(r"[\s\u3000\u00a0]+", " ", shown), Span(start, start + len(stripped)))


def is_value(words: str) -> bool:
    """A quantity and no more: 12, ≥98%, 60%—70%, 30个以上, 〔14〕."""
    return bool(VALUE.match(words)) and not re.match(r"^\d+[、.)]\D", words)


def is_empty(words: str) -> bool:
    """Nothing, or a sign for it: —, /, 无, …"""
    return bool(NOTHING.match(words))


def make_grid(text: str, table: Table, known: Heads) -> Grid:
    """``known`` matches header words of any role; see ``columns``."""
    cells = table.grid()
    words = CellWords(text, table)
    top, captions, unit = _captions(text, table, cells, words, known)
    stop = _header_end(table, cells, words, top, known)
    heads = tuple(_heads(cells, words, range(top, stop), col) for col in range(table.n_cols))
    rows = _body(text, table, cells, words, range(top, stop))
    return Grid(text, table, cells, words, captions, unit, range(top, stop), heads, rows)


def distinct_cells(row: list[Cell]) -> list[Cell]:
    """The cells of a grid row, one that covers several columns once."""
    return [cell for at, cell in enumerate(row) if at == 0 or row[at - 1] is not cell]


def filled_cells(row: list[Cell], words: dict[tuple[int, int], str]) -> list[Cell]:
    """The distinct cells of a grid row that print something."""
    return [cell for cell in distinct_cells(row) if words[cell.row, cell.col]]


def _captions(
    text: str, table: Table, cells: list[list[Cell]], words: dict[tuple[int, int], str], known: Heads
) -> tuple[int, tuple[Words, ...], str | None]:
    """Rows above the header: titles, 单位：万亩, form lines."""
    top, captions, unit = 0, [], None
    while top < table.n_rows - 1 and table.n_cols > 1:
        filled = filled_cells(cells[top], words)
        lines = [words[cell.row, cell.col] for cell in filled]
        found = next((match[1] for line in lines if (match := _UNIT_LINE.search(line))), None)
        is_form = bool(lines) and all(_FORM_LINE.match(line) or _UNIT_LINE.match(line) for line in lines)
        if found or is_form:
            unit = found or unit
            captions += [
                fold(text, c.span) for c in filled if not _UNIT_LINE.search(words[c.row, c.col]) and not is_form
            ]
        elif len(filled) == 1 and not (known.search(lines[0]) and filled[0].colspan == 1 and len(lines[0]) < 8):
            if filled[0].colspan == 1 and len(lines[0]) < 4:
                break
            captions += [fold(text, filled[0].span)]
        elif filled:
            break
        top += 1
    return top, tuple(captions), unit


def _header_end(
    table: Table, cells: list[list[Cell]], words: dict[tuple[int, int], str], top: int, known: Heads
) -> int:
    if top >= table.n_rows or not _is_header(table, cells, words, top, known):
        return top
    stop = top + 1
    while stop < table.n_rows and stop - top < 5 and _goes_on(cells, words, top, stop, known):
        stop += 1
    return max(stop, min(table.header_rows, table.n_rows - 1))


def _is_header(
    table: Table, cells: list[list[Cell]], words: dict[tuple[int, int], str], row: int, known: Heads
) -> bool:
    lines = [words[cell.row, cell.col] for cell in filled_cells(cells[row], words)]
    if not lines:
        return False
    if any(len(line) > 40 or "。" in line.rstrip("。") for line in lines):
        return False
    hits = sum(bool(known.search(line)) and len(line) <= 25 for line in lines)
    if hits * 2 >= len(lines) and hits:
        return True
    if hits >= 2 and max(map(len, lines)) <= 25:
        return True
    if any(is_value(line) and not re.match(r"^20\d\d年?$", line) for line in lines) or max(map(len, lines)) > 20:
        return False
    return row < table.header_rows or _numbers_below(table, cells, words, row)


def _numbers_below(table: Table, cells: list[list[Cell]], words: dict[tuple[int, int], str], row: int) -> bool:
    below = cells[row + 1 : row + 8]
    columns = [
        sum(is_value(words[cell.row, cell.col]) for cell in column) * 2 > len(column)
        for column in ([line[col] for line in below] for col in range(1, table.n_cols))
        if column
    ]
    return sum(columns) * 2 >= table.n_cols - 1 and any(columns)


def _goes_on(cells: list[list[Cell]], words: dict[tuple[int, int], str], top: int, row: int, known: Heads) -> bool:
    """Whether ``row`` is a further header row: header cells reach into it, or it fills in under a wide one."""
    line = distinct_cells(cells[row])
    own = [words[cell.row, cell.col] for cell in line if cell.row == row and words[cell.row, cell.col]]
    if any(cell.row < row for cell in line):
        return all(len(said) <= 40 for said in own)
    if not own or max(map(len, own)) > 16 or any(is_value(said) and not re.match(r"^20\d\d", said) for said in own):
        return False
    above = cells[row - 1]
    first = words[line[0].row, line[0].col]
    if first and first != words[above[0].row, above[0].col]:
        return False
    under = [cell for cell in line if words[cell.row, cell.col]]
    return all(
        _under_wide(above, words, cell) for cell in under if words[cell.row, cell.col] not in _said(above, words)
    )


def _said(row: list[Cell], words: dict[tuple[int, int], str]) -> set[str]:
    return {words[cell.row, cell.col] for cell in row}


def _under_wide(above: list[Cell], words: dict[tuple[int, int], str], cell: Cell) -> bool:
    """Above it stands a cell over several columns, or one with an empty neighbour (spans lost)."""
    up = above[cell.col]
    if up.colspan > 1 or not words[up.row, up.col]:
        return True
    after = above[cell.col + 1] if cell.col + 1 < len(above) else None
    return after is not None and not words[after.row, after.col]


def _heads(cells: list[list[Cell]], words: dict[tuple[int, int], str], header: range, col: int) -> tuple[Cell, ...]:
    heads: list[Cell] = []
    for row in header:
        cell = cells[row][col]
        at = col
        while (
            not words[cell.row, cell.col]
            and at > 0
            and row < header.stop - 1
            and words[cells[row + 1][col].row, cells[row + 1][col].col]
        ):
            # a wide header whose span is lost: the words stand to the left
            at -= 1
            cell = cells[row][at]
        said = words[cell.row, cell.col]
        if said and (not heads or (heads[-1] is not cell and words[heads[-1].row, heads[-1].col] != said)):
            heads.append(cell)
    return tuple(heads)


def _body(
    text: str, table: Table, cells: list[list[Cell]], words: dict[tuple[int, int], str], header: range
) -> tuple[Row, ...]:
    titles = [_said(cells[row], words) - {""} for row in header]
    rows: list[Row] = []
    known = set().union(*titles)
    breaks = {
        index: title
        for index in range(header.stop, table.n_rows)
        if len(_said(cells[index][1:], words) & known) > 1
        and (title := _header_break(cells, words, header, index)) is not None
    }
    sections: tuple[Words, ...] = ()
    if breaks:
        sections = (fold(text, cells[header.start][0].span),)
    for index in range(header.stop, table.n_rows):
        line = cells[index]
        filled = filled_cells(line, words)
        own = [cell for cell in filled if cell.row == index]
        if not own:
            if filled and any(cell.rowspan > 1 for cell in filled):
                rows.append(Row(index, sections))
            continue
        said = words[own[0].row, own[0].col]
        if (title := breaks.get(index)) is not None:
            sections = (fold(text, title.span),)
            continue
        if any({words[cell.row, cell.col] for cell in own} == title for title in titles):
            continue
        if TOTAL.match(said) and _only_numbers(own[1:], words):
            rows.append(Row(index, sections, total=True))
        elif NOTE_ROW.match(said) or (FORM_ROW.search(said) and len(said) <= 20):
            continue
        elif _is_section(table, filled, words) or _is_numbered_section(table, own, words):
            named = fold(text, own[-1].span)
            sections = _deeper(sections, Words(said + named.text, named.span) if len(own) == 2 else named)
        else:
            rows.append(Row(index, sections))
    return tuple(rows)


def _header_break(cells: list[list[Cell]], words: dict[tuple[int, int], str], header: range, row: int) -> Cell | None:
    """The title in a header row that comes again with another title in its first cell (硬环境建设 | 评价方法 | 得分)."""
    if not len(header):
        return None
    first, line = cells[header.start], distinct_cells(cells[row])
    same = [
        c for c in line[1:] if words[c.row, c.col] and words[c.row, c.col] == words[first[c.col].row, first[c.col].col]
    ]
    filled = [c for c in line[1:] if words[c.row, c.col]]
    title = line[0]
    if len(same) < 2 or len(same) < len(filled) or title.row != row or not words[title.row, title.col]:
        return None
    return title if words[title.row, title.col] != words[first[0].row, first[0].col] else None


def _only_numbers(cells: list[Cell], words: dict[tuple[int, int], str]) -> bool:
    return all(is_empty(words[c.row, c.col]) or bool(re.match(r"^[\d.,%分]+$", words[c.row, c.col])) for c in cells)


def _is_numbered_section(table: Table, own: list[Cell], words: dict[tuple[int, int], str]) -> bool:
    """The number in a cell of its own before the title (一、 | 基本保障)."""
    if len(own) != 2 or table.n_cols < 3 or own[0].col != 0:
        return False
    mark, title = (words[cell.row, cell.col] for cell in own)
    wide = own[1].colspan >= table.n_cols - own[0].colspan
    return (
        wide
        and bool(re.match(r"^[(]?[一二三四五六七八九十]+[)、.]{0,2}$", mark))
        and len(title) <= 40
        and "。" not in title
    )


def _is_section(table: Table, filled: list[Cell], words: dict[tuple[int, int], str]) -> bool:
    """One title over the whole row: 一、基本保障（30分）."""
    if len(filled) != 1 or table.n_cols < 2:
        return False
    said = words[filled[0].row, filled[0].col]
    wide = filled[0].colspan * 2 > table.n_cols
    marked = bool(
        re.match(r"^(?:[(]?[一二三四五六七八九十]+[)、.]|第[一二三四五六七八九十]+[部章类]|[A-ZⅠ-Ⅻ][.、])", said)
    )
    return (
        1 < len(said) <= 50
        and "。" not in said.rstrip("。")
        and (wide or (marked and filled[0].col == 0 and filled[0].rowspan == 1))
    )


_RANKS = (r"^第?[一二三四五六七八九十]+[、.部章]", r"^[(][一二三四五六七八九十]+[)]", r"^\d+[.、]", r"^[(]\d+[)]")


def _rank(title: str) -> int | None:
    title = title.replace("（", "(").replace("）", ")")
    return next((rank for rank, pattern in enumerate(_RANKS) if re.match(pattern, title)), None)


def _deeper(sections: tuple[Words, ...], title: Words) -> tuple[Words, ...]:
    """（一） under 一、 goes deeper; the same kind of mark, or none, takes the place of the last."""
    rank = _rank(title.text)
    kept = tuple(one for one in sections if rank is not None and (own := _rank(one.text)) is not None and own < rank)
    return (*kept, title)
