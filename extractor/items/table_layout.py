"""Which columns of a table hold the items, and which say something of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from extractor.items.columns import PLACE_CELL, YEAR, Column, is_contact_list
from extractor.items.table_grid import Grid, is_empty
from extractor.text.marks import iter_marks
from extractor.text.view import make_view

_STRONG = re.compile(r"内容|措施|举措|要求|要点|标准|做法|细则")
_TASK = re.compile(r"任务|目标|事项|工作|重点")
_PLAN = re.compile(
    r"任务|计划|目标|指标|分解|下达|安排|规划|名额|配额|额度|控制|考核|建设|实施|改造|项目表|进度|年度|责任|十[三四五六]五|指导"
)
_PAST_TABLE = re.compile(
    r"资金(?:预算|安排|分配|下达|拨付|补助|明细|计划)*(?:情况)?表|补助(?:资金)?\S{0,4}表|经费\S{0,4}表|完成情况|统计表|现状(?:表|情况)?$|名单|通讯录|花名册|排名|成绩|得分|汇总情况|基本情况|人员表|联系表|结果(?:表)?$|公示|获奖|名录|收费|价格|补贴标准|申报表|登记表|审批表|申请表|记录表|签到|测评表$"
)
_AIMS = re.compile(r"(?<!类)目标(?:要求)?(?:\([^)]*\))?$|成果|成效")
_MARKED_POINTS = re.compile(
    r"[(（](?:计|得)?\s?\d+(?:\.\d+)?\s?分[)）][。;；]?$|(?:得|计)\s?\d+(?:\.\d+)?\s?分[。;；]?$"
)


@dataclass(frozen=True, slots=True)
class Layout:
    """``items``: the columns whose cells are cut into records, left to right; none in a quota table, whose
    ``heading`` column names the rows. ``values`` hold what is to be reached.
    """

    columns: tuple[Column, ...]
    items: tuple[Column, ...] = ()
    groups: tuple[Column, ...] = ()
    heading: Column | None = None
    values: tuple[Column, ...] = ()

    def of(self, *kinds: str) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.kind in kinds)


def read_layout(grid: Grid, about: str, columns: tuple[Column, ...]) -> Layout | None:
    """The layout, or None where the table holds no records. ``about``: the words of caption and headings."""
    caption = about.rsplit("/", 1)[-1]
    if not grid.rows or is_contact_list(columns) or _PAST_TABLE.search(caption):
        return None
    return _quota(grid, columns, about) or _tasks(grid, columns)


# --- tables of tasks and scoring schemes ------------------------------------------------------------------


def _tasks(grid: Grid, columns: tuple[Column, ...]) -> Layout | None:
    items, groups, columns = _settle(grid, columns)
    if not items or not _worth(grid, columns, items):
        return None
    values = tuple(column for column in columns if column.kind == "target")
    return Layout(columns, items, groups, None, values)


_Settled = tuple[tuple[Column, ...], tuple[Column, ...], tuple[Column, ...]]


def _settle(grid: Grid, columns: tuple[Column, ...]) -> _Settled:
    """Item columns, grouping columns, and all columns with what is now known of them."""
    columns = tuple(_unit_or_place(grid, column) for column in columns)
    if sum(column.kind == "tier" for column in columns) == 1:  # 达标要求: one grade is none
        columns = tuple(replace(c, kind="hard", tier=None) if c.kind == "tier" else c for c in columns)
    tiers = tuple(column for column in columns if column.kind == "tier" and column.values < 0.6)
    soft = [column for column in columns if column.kind in ("hard", "soft") and column.filled]
    if tiers and not (soft and _is_scoring(grid, tiers)):
        return tiers, _left(columns, tiers[0].index), columns
    columns = tuple(replace(c, kind="scoring") if c.kind == "tier" else c for c in columns)
    scoring = [column for column in columns if column.kind == "scoring" and column.filled]
    if soft:
        return _settle_tasks(grid, columns, soft, scoring)
    plain = [column for column in columns if column.kind == "plain" and column.filled and column.values < 0.5]
    longest = max(plain, key=lambda column: column.mean, default=None)
    if longest is not None and longest.mean >= 10:
        return (longest,), _left(columns, longest.index), columns
    groups = [column for column in columns if column.kind in ("group", "place") and column.filled]
    if scoring and (
        not groups or (scoring[0].mean >= 12 and (groups[-1].mean <= 10 or _lists_items(grid, scoring[0])))
    ):
        return _from_scoring(columns, scoring[0])
    if scoring and groups[-1].merged and _scored_by_row(grid, columns, groups[-1], scoring[0]):
        return _from_scoring(columns, scoring[0])
    if groups:
        return (groups[-1],), _left(columns, groups[-1].index), columns
    return (), (), columns


def _settle_tasks(grid: Grid, columns: tuple[Column, ...], soft: list[Column], scoring: list[Column]) -> _Settled:
    soft = [c for c in soft if not _heads_rows(c, soft)] or soft
    dated = [column for column in soft if column.dated]
    others = [column for column in soft if not column.dated]
    if len(dated) > 1:
        items = tuple(c for c in soft if c.dated or (_rank(c) > 1 and c.index < dated[0].index and c is others[-1]))
        return items, _left(columns, items[0].index, items), columns
    main = max(soft, key=lambda column: (_rank(column), column.index))
    if scoring and main.mean <= 14 and _lists_items(grid, scoring[0]):
        return _from_scoring(columns, scoring[0])
    if scoring and main.mean <= 10 and _asks(grid, scoring[0]):
        return _from_scoring(columns, scoring[0])
    if scoring and main.merged and not scoring[0].merged and _scored_by_row(grid, columns, main, scoring[0]):
        return _from_scoring(columns, scoring[0])
    items = tuple(column for column in soft if column is main or _is_second(column, main))
    return items, _left(columns, items[0].index, items), columns


def _heads_rows(column: Column, soft: list[Column]) -> bool:
    """举措 merged over rows, each with a longer 重点任务 of its own: a group, whatever its header says."""
    return column.merged and any(
        other.index > column.index and not other.merged and other.mean >= column.mean for other in soft
    )


def _from_scoring(columns: tuple[Column, ...], scoring: Column) -> _Settled:
    item = replace(scoring, kind="hard", rubric=True)
    columns = tuple(item if column is scoring else column for column in columns)
    return (item,), _left(columns, scoring.index), columns


def _scored_by_row(grid: Grid, columns: tuple[Column, ...], main: Column, scoring: Column) -> bool:
    """One requirement over several rows, each with rules and points of its own: the rows are what is scored."""
    cells = grid.body_cells(scoring.index)
    said = [words for cell in cells if not is_empty(words := grid.say(cell))]
    losses = sum(bool(re.search(r"扣|不得分", words)) for words in said)
    pointed = any(c.kind == "points" and c.filled >= len(said) for c in columns)
    return pointed and len(said) >= 1.5 * main.filled and losses * 2 < len(said)


def _unit_or_place(grid: Grid, column: Column) -> Column:
    """单位 over names of offices says who is responsible."""
    if column.kind != "place" or not re.match(r"^(?:单位|单位名称|部门)$", column.head.split("/")[-1].replace(" ", "")):
        return column
    said = [words for cell in grid.body_cells(column.index) if not is_empty(words := grid.say(cell))]
    offices = sum(bool(re.search(r"(?:局|委|办|厅|科|股|处|室|部|院|中心|公司|会)$", words)) for words in said)
    return replace(column, kind="who", role="duty") if offices * 2 > len(said) else column


def _left(columns: tuple[Column, ...], first: int, items: tuple[Column, ...] = ()) -> tuple[Column, ...]:
    """The grouping columns: those left of the first item column that name what the row is about."""
    last = items[-1].index if items else first
    return tuple(
        column
        for column in columns
        if column.index < last
        and column not in items
        and column.filled
        and (column.kind in ("group", "soft", "hard", "place") or (column.kind == "plain" and column.values < 0.5))
        and (column.index < first or column.kind != "plain")
    )


def _rank(column: Column) -> int:
    part = column.head.split("/")[-1]
    if _STRONG.search(part):
        return 3 if column.mean >= 8 else 1
    return 2 if _TASK.search(part) and column.mean >= 6 else 0


def _is_second(column: Column, main: Column) -> bool:
    """Another column that holds obligations of its own beside the main one."""
    if column.index > main.index:
        return column.mean >= 8 and column.kind == "hard"
    if _AIMS.search(column.head) and not column.merged and column.mean >= 6 and not _AIMS.search(main.head):
        return True  # 整改目标 | 整改措施: both oblige
    return column.mean >= 30 and not column.merged and column.mean * 2 >= main.mean


def _is_scoring(grid: Grid, tiers: tuple[Column, ...]) -> bool:
    """优 良 中 差 over what earns how many points."""
    said = [grid.say(cell) for column in tiers for cell in grid.body_cells(column.index)]
    return sum("分" in words and bool(re.search(r"\d\s?分", words)) for words in said) * 2 > len(said)


def _lists_items(grid: Grid, scoring: Column) -> bool:
    """The scoring column lists numbered items with points of their own: they are the scored items."""
    cells = [grid.at(row.index, scoring.index) for row in grid.rows]
    lists = [iter_marks(make_view(grid.text, cell.span).text) for cell in cells]
    marked = sum(len(marks) >= 2 and _ends_in_points(grid, cell.span) for cell, marks in zip(cells, lists, strict=True))
    return marked * 2 >= len(cells)


def _asks(grid: Grid, scoring: Column) -> bool:
    """Most cells of the scoring column open with what is to be done, not with what it earns or costs."""
    said = [words for cell in grid.body_cells(scoring.index) if not is_empty(words := grid.say(cell))]
    opens = [re.split(r"[,;。]", words)[0] for words in said]
    asking = sum(len(one) >= 8 and not re.search(r"分|扣|未|不符|缺|符合要求|达标|满意", one) for one in opens)
    return asking * 10 > len(said) * 6


def _ends_in_points(grid: Grid, span: tuple[int, int]) -> bool:
    lines = re.split(r"[\n。；;]", grid.text[span[0] : span[1]].strip())
    return sum(bool(_MARKED_POINTS.search(line.strip())) for line in lines if line.strip()) >= 2


def _worth(grid: Grid, columns: tuple[Column, ...], items: tuple[Column, ...]) -> bool:
    """A table without any column that assigns, dates or scores needs a clear task column."""
    beside = [
        c
        for c in columns
        if c.kind in ("who", "when", "points", "scoring", "tier", "grade", "assessed", "target") and c.filled
    ]
    if any(column.kind == "tier" for column in items) or (
        beside and any(c.kind != "who" or c.mean <= 60 for c in beside)
    ):
        return True
    if not grid.header:
        return False
    return any(
        column.kind == "hard"
        and column.mean >= (4 if re.search(r"任务|目标|举措", column.head) else 10)
        and not re.search(r"数据|核算|排放|参数|纳入|收费|申请|办理|服务|审批|存在|变更", column.head)
        for column in items
    )


# --- quota and indicator tables ---------------------------------------------------------------------------


def _quota(grid: Grid, columns: tuple[Column, ...], about: str) -> Layout | None:
    named = [c for c in columns if c.kind in ("target", "baseline")]
    loose = [c for c in columns if c.kind == "plain" and c.values >= 0.6 and c.filled]
    places = [c for c in columns if c.kind == "place" and c.filled]
    long_text = [c for c in columns if c.kind in ("hard", "tier") and c.values < 0.4 and c.mean >= 16]
    if not named and not loose:
        return None
    if long_text and not (places and places[0].index == 0 and len(loose) + len(named) >= 2):
        return None
    if any(_says_more(grid, column, [*named, *loose]) for column in columns):
        return None
    heading = _heading(columns, first=min(c.index for c in [*named, *loose]))
    if heading is None:
        return None
    if not named and not _planned(grid, columns, about, heading):
        return None
    values = _pick_values(named, loose, heading.kind == "place" or _names_places(grid, heading))
    if not any(column.kind != "baseline" for column in values):
        return None
    groups = tuple(
        c
        for c in columns
        if c.index < heading.index
        and c.filled
        and c.kind in ("group", "soft", "hard", "place", "plain")
        and c.values < 0.5
    )
    columns = tuple(replace(c, kind="target") if c in loose and c in values else c for c in columns)
    by_index = {column.index: column for column in columns}
    return Layout(columns, (), groups, heading, tuple(by_index[c.index] for c in values))


def _says_more(grid: Grid, column: Column, values: list[Column]) -> bool:
    """A column of words to the right of a value says what is to be done (形象进度目标 beside 计划投资)."""
    return (
        column.kind in ("hard", "soft")
        and column.values < 0.4
        and column.mean >= 4
        and column.index > min(value.index for value in values)
        and column.filled * 2 > len(grid.rows)
    )


def _pick_values(named: list[Column], loose: list[Column], by_place: bool) -> list[Column]:
    """All numeric columns over places; over measures not what stands beside aims that are named as such."""
    if any(column.kind == "target" for column in named):
        other = r"人口|资金|投资|补助|户数$|基数|得分" if by_place else r"^(?!.*(?:年均|累计|增速|增长|变化))"
        beside = [c for c in loose if not re.search(other, c.head)]
        return sorted([*named, *beside], key=lambda column: column.index)
    return sorted([*named, *loose], key=lambda column: column.index)


def _heading(columns: tuple[Column, ...], first: int) -> Column | None:
    """The column that names the rows: the last text column before the first value."""
    names = [
        c
        for c in columns
        if c.index < first and c.filled and c.values < 0.5 and c.kind in ("place", "soft", "hard", "group", "plain")
    ]
    return names[-1] if names else None


def _planned(grid: Grid, columns: tuple[Column, ...], about: str, heading: Column) -> bool:
    """Numbers alone may be statistics: a plan says so in its caption, or its rows are places with a task over them."""
    heads = "".join(column.head for column in columns)
    are_places = _names_places(grid, heading)
    if re.search(r"系数|单价|电话|编码|得分|排名|人口数|金额\(元\)|补助|标准\(元|投资额?$", heads) and not _PLAN.search(
        about.rsplit("/", 1)[-1]
    ):
        return False
    return bool(_PLAN.search(about.rsplit("/", 1)[-1] + heads)) or (are_places and bool(YEAR.search(about)))


def _names_places(grid: Grid, heading: Column) -> bool:
    said = [words for cell in grid.body_cells(heading.index) if not is_empty(words := grid.say(cell))]
    return sum(bool(PLACE_CELL.match(words.replace(" ", ""))) for words in said) * 2 > len(said)
