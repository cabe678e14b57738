"""Quota and indicator tables: one item a row, each filled cell a value to be reached."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from extractor.items.columns import PLACE_CELL, UNIT_WORDS, Column
from extractor.items.table_grid import DITTO, Grid, Row, fold, is_empty
from extractor.items.table_layout import Layout
from extractor.items.table_rows import Filler, read_cell_who
from extractor.text.view import View, make_view
from extractor.types.geometry import Span
from extractor.types.item import Item, QuotaCell, Words
from extractor.types.table import Cell

_YEAR_PART = re.compile(
    r"^(?:到|至|截至)?\(?(?P<year>20\d\d)\s?(?:年度?)?(?:[底末前]|年底)?\)?"
    r"(?:规划|计划|预期|发展|工作|年度|考核|控制|基期|基准|现状|预计|实际|完成)*(?:目标|任务|指标|要求|情况)*[值数量]?$"
)
_PLAN_PART = re.compile(r"^[“\"]?十(?P<plan>[三四五六])五[”\"]?(?:期?[末间]|时期)?(?:目标值?|规划目标?|规划值|任务)?$")
_PLAN_END = {"三": 2020, "四": 2025, "五": 2030, "六": 2035}
_AIM_PART = re.compile(
    r"^(?:(?:目标|指标|计划|规划|预期|标准|要求|考核|控制|约束|达标|年度)+(?:值|数|任务|目标)?|现状值?|基期值?|任务|全年目标|年度目标|目标任务|工作目标|(?:年度)?(?:目标|任务|指标)分解|分年度目标|分解目标|年度计划|其中:?)$"
)
_GENERIC = re.compile(
    r"^(?:合计|总计|共计|小计|任务(?:数|量|指标|目标)?|目标(?:值|任务|数)?|年度(?:任务|目标)|数量|计划(?:数|任务)?|指标(?:数|值)?|[个户套亩人]数|面积|金额|规模|下达(?:数|任务)|总(?:数|量|任务)|全年任务|分配数|名额)$"
)
_LEAD = re.compile(r"^其\s?中\s?[:]?\s?")
_UNIT_END = re.compile(r"\s?[(〔\[](?:单位\s?[:]\s?)?([^()\[\]〔〕]{1,12})[)〕\]]$")
_OUTER = re.compile(r"^(?:(?:全[省市县区州国]|各\S{1,4}|.{2,8}?[省市县区州])(?:的)?)?")
_TABLE_END = re.compile(
    r"(?:任务|目标|指标|计划)?(?:分解|安排|计划|分配|下达|汇总|明细|一览|清单|情况|落实|对照|控制)*(?:表|一览|计划|清单)(?:\([^)]*\))?$"
)
_DATED = re.compile(r"20\d\d\s?(?:年度?)?(?:[-—~至]20\d\d\s?年)?|[“\"]十[三四五六]五[”\"](?:时期|期间)?")
_TOTAL = re.compile(r"^(?:合计|总计|共计|小计|总数)$")


@dataclass(frozen=True, slots=True)
class _Place:
    """A column of values: the measure its header adds, its unit, year and scope."""

    column: Column
    measure: tuple[Words, ...]
    unit: str | None
    year: int | None
    scope: str | None
    base: bool


@dataclass(frozen=True, slots=True)
class Values:
    """The value columns of a table, read once for all its rows; ``by_place``: the rows are places."""

    places: tuple[_Place, ...]
    by_place: bool


def read_values(grid: Grid, layout: Layout, year: int | None, period: tuple[int, int] | None) -> Values:
    """``year`` and ``period`` are the document's: they tell base years from years to come."""
    return Values(tuple(_places(grid, layout, year, period)), _rows_are_places(grid, layout))


def quota_items(
    grid: Grid,
    layout: Layout,
    base: tuple[Words, ...],
    *,
    title: str | None = None,
    year: int | None = None,
    period: tuple[int, int] | None = None,
) -> list[Item]:
    """One item a row that has a value: its span the row's heading cell, ``quota`` the filled cells.

    A row without value whose own words state a number, or that is assigned to somebody, is an item all the same.
    """
    if layout.heading is None:
        return []
    filler = Filler(grid, layout, base)
    items: list[Item] = []
    parent: Words | None = None
    values = read_values(grid, layout, year, period)
    stated = _stated_year([*(words.text for words in reversed(base)), title or ""])
    for row in grid.rows:
        cell = grid.at(row.index, layout.heading.index)
        beside = filler.read(row, (cell,))
        if is_empty(grid.say(cell)):
            cell = next((c for g in reversed(layout.groups) if grid.say(c := grid.at(row.index, g.index))), cell)
        if is_empty(grid.say(cell)) or (cell.row != row.index and not row.total):
            continue
        heading = fold(grid.text, cell.span)
        under = parent if _LEAD.match(grid.say(cell)) else None
        if not under and not _GENERIC.match(grid.say(cell)):
            parent = heading
        own_year = None if beside.when else stated  # the row's own 完成时限 dates its values
        quota = value_cells(grid, layout, values, row, cell.span, beside.path, stated=own_year, under=under)
        if not quota and not (beside.who or beside.when or re.search(r"\d", grid.say(cell).lstrip("0123456789.、()"))):
            continue
        read = [read_cell_who(grid.text, span, column) for span, column in beside.who]
        path = tuple(words for words in beside.path if words.span != heading.span)
        items.append(
            Item(
                span=heading.span,
                path=path,
                number=beside.number,
                points=beside.row_points,
                row_points=beside.row_points,
                who=tuple(who for names, _ in read for who in names),
                when=(*(fold(grid.text, s).span for s in beside.when), *(when for _, spans in read for when in spans)),
                assessed=beside.assessed,
                scoring=beside.scoring,
                notes=beside.notes,
                quota=quota,
                origin="quota",
                cell=(cell.row, cell.col),
            )
        )
    return items


def value_cells(
    grid: Grid,
    layout: Layout,
    values: Values,
    row: Row,
    heading: Span,
    path: tuple[Words, ...],
    *,
    stated: int | None = None,
    under: Words | None = None,
) -> tuple[QuotaCell, ...]:
    """The filled value cells of a row. ``heading``: the words that name it; ``under``: the row it is a part of."""
    places, by_place = values.places, values.by_place
    name, row_unit, strength = _row_name(grid, heading)
    topic = _topic(path) if by_place or _GENERIC.match(name.text) else None
    strength = _strength(grid, layout, row) or strength
    row_unit = _unit_cell(grid, layout, row) or row_unit or _unit_of_group(path)
    found: list[QuotaCell] = []
    for place in places:
        if place.base:
            continue
        cell = grid.at(row.index, place.column.index)
        said = grid.say(cell)
        if is_empty(said) or DITTO.match(said) or (cell.row != row.index):
            continue
        subject = path[-1] if layout.heading is None and path and place.measure else name
        measure = _measure(place, subject, topic, under, by_place, cumulative=bool(re.match(r"[〔\[(【]", said)))
        scope = place.scope
        if by_place:
            squeezed = re.sub(r"\s", "", name.text)
            scope = None if _TOTAL.match(squeezed) else squeezed
        grows = (
            not by_place and bool(re.search(r"年均|增速|增长", place.column.head)) and not re.match(r"[〔\[(【]", said)
        )
        unit = (place.unit or row_unit) if by_place else (row_unit or place.unit)
        unit = "%" if grows else unit
        found.append(
            QuotaCell(
                span=fold(grid.text, cell.span).span,
                measure=measure,
                unit=unit or grid.unit or _unit_before(grid),
                scope=scope,
                year=place.year or stated,
                baseline=None if grows else _baseline(grid, row, place, places, unit or grid.unit),
                strength=strength,
            )
        )
    return tuple(found)


def _measure(
    place: _Place, name: Words, topic: Words | None, under: Words | None, by_place: bool, cumulative: bool
) -> tuple[Words, ...]:
    if not by_place:
        own = tuple(words for words in (topic, under, name) if words is not None)
        added = tuple(words for words in place.measure if not _AIM_PART.match(words.text))
        return own if cumulative else (*own, *added)
    if not place.measure:
        return (topic,) if topic is not None else (name,)
    if topic is not None and len(place.measure) == 1 and _GENERIC.match(place.measure[0].text):
        trimmed = _without_overlap(topic, place.measure[0].text)
        return (trimmed, *place.measure) if trimmed.text else place.measure
    return place.measure


def _without_overlap(topic: Words, heading: str) -> Words:
    """改造任务 + 任务数 → 改造, so that the two read on."""
    for size in range(min(len(topic.text), len(heading)), 0, -1):
        if topic.text.endswith(heading[:size]):
            return Words(topic.text[: len(topic.text) - size], topic.span)
    return topic


# --- columns ----------------------------------------------------------------------------------------------


def _places(grid: Grid, layout: Layout, year: int | None, period: tuple[int, int] | None) -> list[_Place]:
    places = [_place(grid, column) for column in layout.values]
    for at, place in enumerate(places):
        if place.unit is None and at and any(_LEAD.match(grid.say(cell)) for cell in grid.heads[place.column.index]):
            places[at] = replace(place, unit=places[at - 1].unit)
    base = _base_years(places, year, period)
    last = max((p.year for p in places if p.year and not p.base and p.year not in base), default=None)
    return [
        replace(
            place,
            base=place.base or (place.year in base if place.year else False),
            year=place.year or (last if re.search(r"年均|累计|增速|增长", place.column.head) else None),
        )
        for place in places
    ]


def _place(grid: Grid, column: Column) -> _Place:
    measure: list[Words] = []
    unit: str | None = None
    year: int | None = column.year
    scope: str | None = None
    heads = grid.heads[column.index]
    for at, cell in enumerate(heads):
        words, own_unit = _head_words(grid.text, cell)
        unit = own_unit or unit
        said = make_view(words.text).text.replace(" ", "")
        dated, plan = _YEAR_PART.match(said), _PLAN_PART.match(said)
        if dated:
            year = int(dated["year"])
        elif plan:
            year = _PLAN_END[plan["plan"]]
        elif not said or (_AIM_PART.match(said) and len(heads) > 1):
            continue
        elif PLACE_CELL.match(said) and not _GENERIC.match(said) and len(heads) == 1:
            scope = said
        else:
            parent_only = at < len(heads) - 1 and _TOTAL.match(said)
            if not parent_only:
                measure.append(words)
    return _Place(column, tuple(measure), unit, year, scope, column.kind == "baseline")


def _head_words(text: str, cell: Cell) -> tuple[Words, str | None]:
    """A header cell's words without 其中: before and a unit bracket after."""
    view = make_view(text, cell.span)
    start, end = _bounds(view)
    unit = _unit_at_end(view.text[start:end])
    if unit is not None:
        end = start + unit[0]
    return fold(text, view.span(start, end)), unit[1] if unit else None


def _bounds(view: View) -> tuple[int, int]:
    lead = _LEAD.match(view.text)
    return (lead.end() if lead and lead.end() < len(view.text) else 0), len(view.text.rstrip("★*※:\n "))


def _unit_at_end(words: str) -> tuple[int, str] | None:
    match = _UNIT_END.search(words)
    unit = re.sub(r"\s", "", match[1]) if match else ""
    if match and (UNIT_WORDS.match(unit) or "单位" in match[0]):
        return match.start(), unit
    return None


def _base_years(places: list[_Place], year: int | None, period: tuple[int, int] | None) -> set[int]:
    """Years that lie before what the table lays down."""
    plain = [
        p for p in places if p.year and not p.base and not re.search(r"目标|计划|规划|预期|任务|下达", p.column.head)
    ]
    years = sorted({place.year for place in places if place.year and not place.base})
    loose = sorted({place.year for place in plain if place.year})
    first = period[0] if period else year
    if first is not None:
        return {one for one in loose if one < first and one != years[-1]}
    if any(place.base for place in places) or len(years) < 2 or not loose or loose[0] != years[0]:
        return set()
    return {years[0]} if years[1] - years[0] >= 3 else set()


def _baseline(grid: Grid, row: Row, place: _Place, places: tuple[_Place, ...], unit: str | None) -> str | None:
    for other in reversed(places):
        if not other.base:
            continue
        if [words.text for words in other.measure] not in ([], [words.text for words in place.measure]):
            shared = {w.span for w in other.measure} & {w.span for w in place.measure}
            if not shared and len([p for p in places if not p.base]) > 1:
                continue
        said = fold(grid.text, grid.at(row.index, other.column.index).span).text
        if is_empty(said):
            continue
        head = grid.say(grid.heads[other.column.index][-1]) if grid.heads[other.column.index] else ""
        head = _UNIT_END.sub("", head) if _unit_at_end(head) else head
        suffix = unit if unit and not re.search(r"[%\u4e00-\u9fa5]$", said) else ""
        return f"{head}{said}{suffix}"
    return None


# --- rows -------------------------------------------------------------------------------------------------


def _rows_are_places(grid: Grid, layout: Layout) -> bool:
    if layout.heading is None:
        return False
    if layout.heading.kind == "place":
        return True
    said = [re.sub(r"\s", "", grid.say(cell)) for cell in grid.body_cells(layout.heading.index)]
    return sum(bool(PLACE_CELL.match(words)) and not _GENERIC.match(words) for words in said) * 2 > len(said)


def _row_name(grid: Grid, heading: Span) -> tuple[Words, str | None, Literal["must", "strive"] | None]:
    """A row's heading without unit and 约束性 bracket."""
    view = make_view(grid.text, heading)
    start, end = _bounds(view)
    strength: Literal["must", "strive"] | None = None
    kind = re.search(r"\((约束|预期)性?(?:指标)?\)$", view.text[:end])
    if kind:
        strength = "must" if kind[1] == "约束" else "strive"
        end = kind.start()
    unit = _unit_at_end(view.text[start:end])
    if unit is not None:
        end = start + unit[0]
    return fold(grid.text, view.span(start, end)), unit[1] if unit else None, strength


def _strength(grid: Grid, layout: Layout, row: Row) -> Literal["must", "strive"] | None:
    for column in layout.of("strength"):
        said = grid.say(grid.at(row.index, column.index))
        if "约束" in said:
            return "must"
        if "预期" in said:
            return "strive"
    return None


def _unit_cell(grid: Grid, layout: Layout, row: Row) -> str | None:
    for column in layout.of("unit"):
        said = grid.say(grid.at(row.index, column.index)).strip("()")
        if not is_empty(said):
            return said
    return None


def _unit_of_group(path: tuple[Words, ...]) -> str | None:
    """普及程度（%） over a group of rows gives their unit."""
    found = _unit_at_end(make_view(path[-1].text).text) if path else None
    return found[1] if found else None


def _unit_before(grid: Grid) -> str | None:
    """``单位：万亩`` on one of the lines right above the table."""
    above = grid.text[max(0, grid.table.span.start - 80) : grid.table.span.start].rstrip().split("\n")[-2:]
    for line in reversed(above):
        match = re.search(r"单位\s?:\s?([^\s,;。、()]{1,12})\)?$", make_view(line).text)
        if match:
            return match[1]
    return None


def _stated_year(words: list[str]) -> int | None:
    """The one year that a caption or title names; the end of a range of years."""
    for said in words:
        ends = re.findall(r"20\d\d(?:\s?年)?\s?[-—~至到]{1,2}\s?(20\d\d)", said)
        years = set(ends) or set(re.findall(r"20\d\d(?=\s?年|[^\d])", said))
        if len(years) == 1:
            return int(years.pop())
        plan = re.search(r"十([三四五六])五", said)
        if plan and not years:
            return _PLAN_END[plan[1]]
    return None


def _topic(path: tuple[Words, ...]) -> Words | None:
    """What a caption says the table is about: 2022年全省营造林任务安排表 → 营造林任务."""
    for words in reversed(path):
        title = make_view(words.text).text
        end = _TABLE_END.search(title)
        if end is None or end.start() == 0:
            continue
        kept = re.match(r"(?:任务|目标|指标)", title[end.start() :])
        said = title[: end.start() + (len(kept[0]) if kept else 0)]
        dated = _DATED.search(said)
        said = said[dated.end() :] if dated else said
        outer = _OUTER.match(said)
        said = said[outer.end() :] if outer else said
        if 0 < len(said) <= 24:
            return Words(said, words.span)
    return None
