"""The columns of the 任务分解表: what stands in each for a record, and how wide. Pure data, read back as well as written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from extractor.export.words import KINDS, deadline_lines, names, place, points_words, target_lines
from extractor.types.record import IndicatorRecord

Value = str | float | int | None
Align = Literal["left", "centre", "top"]
MOST_LEVELS = 5  # a deeper path is joined into the last grouping column
PATH_JOINT = " / "
MOST_CHARS = 32_000  # a cell of a spreadsheet holds 32 767
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML can't hold
_LEVELS = "一二三四五"


@dataclass(frozen=True, slots=True)
class Column:
    """``key`` names the column for the way back, ``width`` counts characters of the body type.

    ``value`` is what the cell of a record holds; ``align`` holds for the cells below the title.
    """

    key: str
    title: str
    width: float
    value: Callable[[IndicatorRecord], Value]
    align: Align = "left"
    number_format: str | None = None
    hidden: bool = False


SERIAL = Column("serial", "序号", 6, lambda _: None, "centre")  # a running number, set where rows are written
NUMBER = Column("number", "原编号", 8, lambda r: r.number, "centre")
TEXT = Column("text", "指标内容", 40, lambda r: r.text)
TARGETS = Column("targets", "目标值", 30, lambda r: "\n".join(target_lines(r)))
DEADLINES = Column("deadlines", "完成时限", 15, deadline_lines, "centre")
LEADER = Column("leader", "责任领导", 10, lambda r: names(r, "leader"), "centre")
POINTS = Column("points", "分值", 7, lambda r: _points(r), "centre")
PLACE = Column("place", "来源", 12, lambda r: place(r.evidence), "centre")
OPTIONAL = (  # left out where no record fills it
    Column("kind", "类别", 7, lambda r: KINDS[r.kind], "centre"),
    Column("tier", "等次", 8, lambda r: r.tier, "centre"),
    TARGETS,
    DEADLINES,
    LEADER,
    Column("lead", "牵头单位", 14, lambda r: names(r, "lead"), "centre"),
    Column("support", "责任（配合）单位", 18, lambda r: names(r, "support")),
    POINTS,
    Column("assessed", "考核对象", 12, lambda r: "、".join(r.assessed), "centre"),
    Column("scoring_text", "评分办法", 22, lambda r: r.scoring_text),
    Column("notes", "备注", 14, lambda r: r.notes),
    PLACE,
    Column("confidence", "可信度", 7, lambda r: r.confidence, "centre", number_format="0.00"),
)
# What a column may be called in a workbook that comes back.
TITLES: Mapping[str, str] = {column.title: column.key for column in (SERIAL, NUMBER, TEXT, *OPTIONAL)} | {
    f"{numeral}级": f"path/{at}" for at, numeral in enumerate(_LEVELS)
}


def levels_of(records: Sequence[IndicatorRecord]) -> int:
    """How many grouping columns the records need."""
    return min(max((len(record.path) for record in records), default=0), MOST_LEVELS)


def group_columns(levels: int) -> list[Column]:
    """The grouping columns 一级, 二级 …"""
    return [
        Column(f"path/{i}", f"{_LEVELS[i]}级", 13, lambda r, i=i: level(r, i, levels), "top")  # type: ignore[misc]
        for i in range(levels)
    ]


def level(record: IndicatorRecord, at: int, levels: int) -> str | None:
    """The words of one grouping column; the last of ``levels`` takes the rest of the path."""
    if at >= len(record.path):
        return None
    return PATH_JOINT.join(record.path[at:]) if at == levels - 1 else record.path[at]


def used(columns: Sequence[Column], records: Sequence[IndicatorRecord]) -> list[Column]:
    """Those that some record has words or a number for."""
    return [column for column in columns if any(column.value(record) not in (None, "") for record in records)]


def cells(record: IndicatorRecord, levels: int) -> dict[str, Value]:
    """What each column that can be edited holds for the record, by the column's key."""
    columns = (*group_columns(levels), NUMBER, TEXT, *OPTIONAL)
    values = ((column.key, column.value(record)) for column in columns)
    return {key: fit(value) if isinstance(value, str) else value for key, value in values}


def fit(words: str) -> str:
    """The words as far as a cell can hold them."""
    return _UNFIT.sub("", words)[:MOST_CHARS]


def _points(record: IndicatorRecord) -> Value:
    plain = record.kind in ("target", "task") and not record.per_occurrence and record.points_cap is None
    return record.points if plain else points_words(record)
