"""The year a document's obligations are for, a plan's period, and what kind of document it is."""

from __future__ import annotations

import re
from collections import Counter

from extractor.outline.patterns import NOTICE_END
from extractor.outline.units import Unit
from extractor.text.view import make_view
from extractor.types.document import Document
from extractor.types.table import Table

_FIVE_YEARS = re.compile(r"[“\"‘'《]?第?([十一二三四五六七八九]{1,3})(?:[·.]?五|个五年)[”\"’']?")
_FIVE = {"十": 10, "十一": 11, "十二": 12, "十三": 13, "十四": 14, "十五": 15, "十六": 16}
_RANGE = re.compile(r"(20\d\d)年?\s?(?:-{1,2}|—{1,2}|~|至|到)\s?(20\d\d)年?")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?:年度?|(?=度))(?!前|底前|远景|以前|以来|之前|末)")
_FROM = re.compile(r"面向$|到$|至$|展望$")


def period_of(title: str) -> tuple[int, int] | None:
    """First and last year that a title names: 2021—2023年, “十四五” (2021 to 2025)."""
    text = make_view(title).text
    match = _RANGE.search(text)
    if match is not None and int(match.group(1)) < int(match.group(2)):
        return int(match.group(1)), int(match.group(2))
    for match in _FIVE_YEARS.finditer(text):
        count = _FIVE.get(match.group(1))
        quoted = match.group()[0] in "“\"‘'" or match.group().endswith("个五年")
        if count is not None and (quoted or re.search(r"规划|计划|纲要", text)):
            first = 1951 + 5 * count
            return first, first + 4
    return None


def year_of(
    title: str, notice: str, issued_on: str | None, number: str | None, units: list[Unit], covered: set[int]
) -> int | None:
    """A plan's first year, else the year in the title, the date, the number; at last the one the text opens with."""
    for words in (title, notice):
        period = period_of(words)
        if period is not None:
            return period[0]
        year = _title_year(words)
        if year is not None:
            return year
    if issued_on is not None:
        return int(issued_on[:4])
    if number is not None:
        return int(number[number.index("〔") + 1 :][:4])
    for at, unit in enumerate(units[:12]):
        if at not in covered and unit.table is None and (year := _title_year(unit.text[:40])) is not None:
            return year
    return _usual_year(units)


def _usual_year(units: list[Unit]) -> int | None:
    """Where nothing else says it: the year that most of the dates in the text name."""
    years = Counter(match for unit in units for match in re.findall(r"(?<!\d)(20\d\d)年", unit.text))
    named = years.most_common(1)
    return int(named[0][0]) if named and named[0][1] >= 3 and named[0][1] * 10 >= 6 * years.total() else None


def _title_year(title: str) -> int | None:
    text = make_view(title).text
    outside = re.sub(r"《[^》]*》", "", text)
    for words in (outside, text):
        for match in _YEAR.finditer(words):
            if not _FROM.search(words[: match.start()]):
                return int(match.group(1))
    return None


_SCORING = re.compile(r"评分|考核|考评|评估|评价|测评|目标责任")
_SCORING_HEAD = re.compile(r"分值|评分|得分|扣分|考评标准|考核标准|计分")
_TASKS = re.compile(r"(?:分解|安排|分工|责任|任务|计划|明细|一览)表|清单|台账|任务书")
_POINTS = re.compile(r"要点|重点工作|工作重点|工作计划|工作安排|重点任务|目标任务|民生实事|实事项目|工作打算|工作目标")
_PLAN = re.compile(r"规划|纲要|五年|行动计划|三年行动|发展计划|实施计划")


def document_kind(title: str, notice: str, document: Document, cover: bool) -> str:
    """One of the contract's kinds, from the title's words and whether tables with points stand in the text."""
    text = make_view(title).text
    tables = bool(document.tables)
    scored = tables and any(
        _SCORING_HEAD.search(make_view(document.text, table.cells[0].span).text)
        or any(
            _SCORING_HEAD.search(make_view(document.text, cell.span).text) for cell in table.cells[: 3 * table.n_cols]
        )
        for table in document.tables[:4]
        if table.cells
    )
    if _PLAN.search(text) and not _TASKS.search(text):
        return "plan"
    if scored and _SCORING.search(text):
        return "scoring_table"
    if _TASKS.search(text) and tables:
        return "task_table"
    if tables and _SCORING.search(text) and not NOTICE_END.search(text):
        return "scoring_table"
    if _POINTS.search(text):
        return "work_points"
    if cover or NOTICE_END.search(text) or NOTICE_END.search(make_view(notice).text):
        return "notice"
    if period_of(title) is not None or re.search(r"(?<!工作)计划$", text):
        return "plan"
    if _TASKS.search(text):
        return "task_table"
    if scored:
        return "scoring_table"
    return "task_table" if any(_assigns(document, table) for table in document.tables) else "other"


_ASSIGN_HEAD = re.compile(r"(?:牵头|责任|配合|承办|落实)(?:单位|部门|科室|人|领导)|完成(?:时限|时间|期限)")


def _assigns(document: Document, table: Table) -> bool:
    """Whether a table's head says who does what by when."""
    heads = {make_view(document.text, cell.span).text for cell in table.cells if cell.row < 2}
    return sum(_ASSIGN_HEAD.search(head) is not None for head in heads) >= 2
