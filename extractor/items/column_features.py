"""What a model looks at to say what a column holds: its header, its cells, and the columns beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import sqrt

from extractor.items.columns import ORG_CELL, PLACE_CELL, UNIT_WORDS, YEAR, Column, head_words
from extractor.items.table_grid import Grid, is_empty, is_value
from extractor.learned.linear import ngrams

_LOOK = 60  # cells of a column looked at: more change no share
_HEAD_WEIGHT = 4.0  # of all words of a header together, whatever its length
_ABOVE_WEIGHT = 1.5
_WORD_WEIGHT = 3.0
_NAMES = re.compile(r"[、,;\s]+")
# Shares of a column's cells, each by a pattern searched in the cell.
_SHARES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("date", r"(?:年|月|季度|日)(?:底|末|前|内|完成)|^20\d\d\s?[年.\-/]|[上下]半年|\d月|季度|长期|持续|全年|每[年月季周日]"),
        ("person", r"^[\u4e00-\u9fa5]{2,4}(?:[、,\s][\u4e00-\u9fa5]{2,4})*$"),
        ("small", r"^[-+]?\d{1,2}(?:\.\d{1,2})?\s?分?$"),
        ("counted", r"^(?:\(?(?:\d{1,3}|[一二三四五六七八九十]{1,3})\)?[.、]?)$"),
        ("digits", r"\d{3,}"),
        ("percent", r"[%‰]"),
        ("scores", r"扣\s?\d|扣完|不得分|得\s?[\d.]+\s?分|得满分|加\s?[\d.]+\s?分|不计分|每.{1,12}分|酌情|按比例"),
        ("points", r"\d\s?分"),
        ("strength", r"^(?:约束|预期|引领|指导|参考|必选|可选)性?(?:指标)?$"),
        ("grade", r"^(?:优秀?|良好?|中等?|合格|达标|一般|较[好差]|基本合格|不合格|[A-E甲乙丙]级?|[一二三四五]\s?[级等档星]级?)$"),
        ("unit", UNIT_WORDS.pattern),
        ("place", PLACE_CELL.pattern),
        ("title", r"《"),
        ("numbered", r"^\(?(?:\d{1,2}|[一二三四五六七八九十]+)\)?[.、)]?\s?\D"),
        ("sentence", r"[。;]"),
        ("comma", r","),
        ("looks", r"查阅|查看|检查|抽查|实地|现场|材料|资料|台账|记录|统计|问卷|证明"),
        ("phone", r"1\d{10}|\d{7,8}$"),
        ("rate", r"(?:率|数|量|比例|面积|占比|指数|水平)(?:\([^)]*\))?$"),
        ("reaches", r"达到|不低于|不少于|以上|实现|完成|形成|建成"),
        ("lacks", r"未|不足|缺|滞后|偏低|不到位|不够|隐患|薄弱"),
        ("tick", r"^[√✓是否×]$"),
        ("all", r"^各|有关|相关"),
    )
)  # fmt: skip
_LONGEST_HEAD = 25
_LENGTHS = (1, 2, 4, 6, 9, 14, 20, 30, 50, 80)


def word_features(words: str) -> dict[str, float]:
    """Of a cell's words by themselves: whether they may head a column. Empty where they are too long, or none."""
    said = words.replace(" ", "").strip("★*※:")
    if not 0 < len(said) <= _LONGEST_HEAD:
        return {}
    found = _weighed(said, "w", _WORD_WEIGHT) | {f"len>{least}": 1.0 for least in _LENGTHS if len(said) > least}
    return found | ({"digits": 1.0} if re.search(r"\d", YEAR.sub("", said)) else {})


def column_features(grid: Grid, columns: Sequence[Column], index: int) -> dict[str, float]:
    """Of the column at ``index``. ``columns`` as the rules read them: of this one only what was measured is used."""
    column = columns[index]
    found = _head_features(head_words(grid, index))
    found |= _cell_features(grid, column)
    found |= _place_features(columns, index)
    return found


def _head_features(parts: Sequence[str]) -> dict[str, float]:
    if not any(parts):
        return {"head:none": 1.0}
    found = _weighed(parts[-1], "h", _HEAD_WEIGHT)
    for part in parts[:-1]:
        found |= _weighed(part, "a", _ABOVE_WEIGHT)
    return found


def _weighed(part: str, prefix: str, weight: float) -> dict[str, float]:
    """n-grams of 1 to 4 characters, years as one sign; together of length ``weight``."""
    said = YEAR.sub("Y", part)
    inner = re.sub(r"\([^)]*\)$", "", said)  # 权重(%) is a 权重
    names = {*ngrams(inner or said, (1, 2, 3, 4), f"{prefix}:"), f"{prefix}={inner}"}
    if inner != said:
        names |= set(ngrams(said[len(inner) :], (1, 2), f"{prefix}():"))
    value = weight / sqrt(len(names))
    return dict.fromkeys(sorted(names), value)


def _cell_features(grid: Grid, column: Column) -> dict[str, float]:
    cells = grid.body_cells(column.index)[:_LOOK]
    said = [words for cell in cells if not is_empty(words := grid.say(cell))]
    if not said:
        return {"cells:none": 1.0}
    found = {f"c:{name}": sum(bool(p.search(w)) for w in said) / len(said) for name, p in _SHARES}
    names = [name for words in said for name in _NAMES.split(words) if name]
    found["c:office"] = sum(bool(ORG_CELL.search(name)) for name in names) / max(len(names), 1)
    found["c:value"] = sum(map(is_value, said)) / len(said)
    found["c:same"] = 1.0 - len(set(said)) / len(said) if len(said) > 1 else 0.0
    found["c:empty"] = 1.0 - len(said) / len(cells)
    found["c:rising"] = _rising(said)
    found |= {f"c:{name}:most": 1.0 for name in [n for n, share in found.items() if share > 0.7]}
    mean = sum(map(len, said)) / len(said)
    found |= {f"len>{least}": 1.0 for least in _LENGTHS if mean > least}
    found["merged"] = float(any(cell.rowspan > 1 for cell in cells))
    return {name: value for name, value in found.items() if value}


def _rising(said: Sequence[str]) -> float:
    """The share of steps from cell to cell that count on by one."""
    counted = [int(match[0]) if (match := re.search(r"\d{1,4}(?!.*\d)", words)) else None for words in said]
    steps = list(pairwise(counted))
    return sum(a is not None and b == a + 1 for a, b in steps) / len(steps) if steps else 0.0


def _place_features(columns: Sequence[Column], index: int) -> Mapping[str, float]:
    """Where the column stands, and what the rules say of the others."""
    found = {"bias": 1.0, f"at:{min(index, 3)}": 1.0}
    if index == len(columns) - 1:
        found["last"] = 1.0
    for step, name in ((-1, "left"), (1, "right")):
        if 0 <= index + step < len(columns):
            found[f"{name}:{_kind(columns[index + step])}"] = 1.0
    others = [_kind(column) for column in columns if column.index != index]
    for kind in sorted(set(others)):
        found[f"has:{kind}"] = 1.0
        if any(_kind(column) == kind for column in columns[:index]):
            found[f"before:{kind}"] = 1.0
    longest = max((column.mean for column in columns), default=0.0)
    if columns[index].mean and columns[index].mean >= longest:
        found["longest"] = 1.0
    return found


def _kind(column: Column) -> str:
    return f"who:{column.role}" if column.kind == "who" else column.kind
