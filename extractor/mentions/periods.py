"""Periods that something is counted in: 每月3条, 全年不少于8次, 2周1次."""

from __future__ import annotations

import re

_NAMES = {
    "天": "日",
    "日": "日",
    "周": "周",
    "星期": "周",
    "月": "月",
    "季度": "季度",
    "季": "季度",
    "半年": "半年",
    "年": "年",
    "年度": "年",
    "学期": "学期",
    "学年": "学年",
    "旬": "旬",
}
_EVERY = re.compile(
    r"(?:每|平均每)(?P<count>\d+|[两二三四五六半])?个?(?P<unit>工作日|学期|学年|季度|星期|半年|年度?|[天日周月季旬])(?![均级])"
    r"|(?P<whole>全年)|(?P<bare>\d+|[一两二三四])?个?(?P<bareunit>季度|半年|[周月年天])$"
)
_STOP = re.compile(r"[。;!?\n]")
_SMALL = {"一": "", "1": "", "两": "2", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6"}


def counted_per(text: str, floor: int, cue: int, number: int, base: str) -> str | None:
    """The period before ``number`` that its count is for (日, 周, 月, 季度, 半年, 年, 2周), or None.

    ``floor`` is where the quantity before ends, ``cue`` where the comparator starts.
    """
    if base in ("%", "‰", "个百分点", "百分点", "倍", ""):
        return None
    start = max(floor, cue - 16)
    for stop in _STOP.finditer(text, start, number):
        start = stop.end()
    found = None
    for match in _EVERY.finditer(text, start, number):
        found = match
    if found is None:
        return None
    if found["whole"]:
        return "年" if not re.search(r"[,:]", text[found.end() : number]) else None
    if found["bareunit"]:
        if not found["bare"] or found.end() != number:
            return None
        return _SMALL.get(found["bare"], found["bare"]) + _NAMES[found["bareunit"]]
    if "," in text[found.end() : number] or "、" in text[found.end() : number]:
        return None
    count = found["count"] or ""
    unit = found["unit"]
    if count == "半":
        return "半年" if unit == "年" else None
    return _SMALL.get(count, count) + _NAMES.get(unit, unit)


def is_period(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` (a stretch of time) is the rhythm of something: 每3天, 2周(1次)."""
    return text[max(0, start - 1) : start] == "每" or text[max(0, start - 2) : start] == "每隔"
