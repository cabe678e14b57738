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
    r"|(?P<whole>全年|(?<![\d每全去今当明上本成整])年(?=新[建增]|完成|组织|举办|开展|培训))|(?P<bare>\d+|[一两二三四])?个?(?P<bareunit>季度|半年|[周月年天])$"
)
_SHARES = frozenset({"%", "‰", "个百分点", "百分点", "倍", ""})
_CHANGING = re.compile(r"[增提升降减递扩]|^$")
_STOP = re.compile(r"[。;!?\n]")
_SMALL = {"一": "", "1": "", "两": "2", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6"}


def counted_per(text: str, floor: int, cue: int, number: int, base: str) -> str | None:
    """The period before ``number`` that its count is for (日, 周, 月, 季度, 半年, 年, 2周), or None.

    ``floor`` is where the quantity before ends, ``cue`` where the comparator starts.
    """
    start = max(floor, cue - 16)
    for stop in _STOP.finditer(text, start, number):
        start = stop.end()
    found = None
    for match in _EVERY.finditer(text, start, number):
        found = match
    if found is None:
        return None
    if found["whole"]:
        if base in _SHARES:
            return None
        return "年" if not re.search(r"[,:]", text[found.end() : number]) else None
    if found["bareunit"]:
        if base in _SHARES or not found["bare"] or found.end() != number:
            return None
        return _SMALL.get(found["bare"], found["bare"]) + _NAMES[found["bareunit"]]
    gap = text[found.end() : number]
    if "," in gap or "、" in gap or (base in _SHARES and _CHANGING.search(gap)):
        return None
    count = found["count"] or ""
    unit = found["unit"]
    if count == "半":
        return "半年" if unit == "年" else None
    return _SMALL.get(count, count) + _NAMES.get(unit, unit)


def is_period(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` (a stretch of time) is the rhythm of something: 每3天, 2周(1次)."""
    return text[max(0, start - 1) : start] == "每" or text[max(0, start - 2) : start] == "每隔"
