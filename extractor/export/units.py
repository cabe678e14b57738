"""责任单位任务清单: for each responsible unit a sheet with its tasks, and an index in front."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from openpyxl import Workbook

from extractor.export import sheet as paper
from extractor.export.base import Layout
from extractor.export.columns import (
    DEADLINES,
    LEADER,
    PLACE,
    POINTS,
    SERIAL,
    TARGETS,
    TEXT,
    Column,
    Value,
)
from extractor.types.record import ExtractionFile, IndicatorRecord

INDEX, NOBODY = "目录", "未明确责任单位"
_ROLES = {"lead": "牵头", "support": "配合", None: None}
_ROLE = Column("role", "角色", 7, lambda _: None, "centre")
_SOURCE = Column("source", "文件", 24, lambda _: None)
_TASKS = (SERIAL, TEXT, TARGETS, DEADLINES, _ROLE, LEADER, POINTS, PLACE, _SOURCE)
_INDEX = (
    SERIAL,
    Column("unit", "责任单位", 40, lambda _: None),
    Column("lead", "牵头", 10, lambda _: None, "centre"),
    Column("support", "配合", 10, lambda _: None, "centre"),
    Column("all", "合计", 10, lambda _: None, "centre"),
)


@dataclass(frozen=True, slots=True)
class _Task:
    record: IndicatorRecord
    role: str | None
    source: str


@dataclass(slots=True)
class _Unit:
    """``sheet``: the name of its sheet."""

    name: str
    sheet: str
    tasks: list[_Task] = field(default_factory=list)


def render(files: Sequence[ExtractionFile], layout: Layout) -> bytes:
    """A workbook: the index, a sheet for each unit in the order of the documents, last the records without a unit."""
    book = Workbook()
    book.remove(book.worksheets[0])
    units = _units(files)
    index = book.create_sheet(INDEX)
    title = files[0].document.title or files[0].document.source_name if len(files) == 1 else f"{len(files)}份文件"
    paper.head(index, "责任单位任务清单", title if files else "", _INDEX)
    for row, unit in enumerate(units, start=paper.HEADER_ROW + 1):
        roles = [task.role for task in unit.tasks]
        lead, support = (None, None) if unit.name == NOBODY else (roles.count("lead"), roles.count("support"))
        values = (row - paper.HEADER_ROW, unit.name, lead, support, len(unit.tasks))
        for at, (column, value) in enumerate(zip(_INDEX, values, strict=True), start=1):
            paper.write(index, row, at, value, column)
        paper.link(paper.cell_at(index, row, 2), unit.sheet)
        _fill(book, unit)
    paper.print_setup(index, len(_INDEX), 0)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _units(files: Sequence[ExtractionFile]) -> list[_Unit]:
    """A unit that leads a record and supports it too has it once, as its lead; short names count as the whole ones."""
    taken = {INDEX, NOBODY}
    units: dict[str, _Unit] = {}
    nobody = _Unit(NOBODY, NOBODY)
    for file in files:
        source = file.document.title or file.document.source_name
        for record in file.records:
            found: dict[str, str] = {}
            for one in record.responsible:
                name = one.canonical or one.name
                if one.role != "leader" and found.get(name) != "lead":
                    found[name] = one.role
            for name, role in found.items():
                if name not in units:
                    units[name] = _Unit(name, paper.sheet_name(name, len(units) + 1, taken))
                units[name].tasks.append(_Task(record, role, source))
            if not found:
                nobody.tasks.append(_Task(record, None, source))
    return [*units.values(), *([nobody] if nobody.tasks else [])]


def _fill(book: Workbook, unit: _Unit) -> None:
    sheet = book.create_sheet(unit.sheet)
    paper.head(
        sheet,
        unit.name if unit.name == NOBODY else f"{unit.name}任务清单",
        f"共{len(unit.tasks)}项    返回{INDEX}",
        _TASKS,
    )
    paper.link(paper.cell_at(sheet, 2, 1), INDEX)
    needs: list[float] = []
    for row, task in enumerate(unit.tasks, start=paper.HEADER_ROW + 1):
        own: dict[str, Value] = {
            SERIAL.key: row - paper.HEADER_ROW, _ROLE.key: _ROLES[task.role], _SOURCE.key: task.source
        }  # fmt: skip
        values = [own.get(column.key, column.value(task.record)) for column in _TASKS]
        for at, (column, value) in enumerate(zip(_TASKS, values, strict=True), start=1):
            paper.write(sheet, row, at, value, column)
        needs.append(paper.height(_TASKS, values))
    paper.set_heights(sheet, needs)
    paper.print_setup(sheet, len(_TASKS), 2)
