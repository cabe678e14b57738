"""What a single unit looks like: a heading that runs into its text, a line that stands alone, plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from extractor.outline.patterns import BRACKETED_DUTY, LABEL, UNIT_LINE
from extractor.outline.units import Unit

Form = Literal["run_in", "colon", "alone", "text"]

RUN_IN_MAX = 32  # the contract: some 30 characters at most
PLAIN_RUN_IN_MAX = 24
COLON_MAX = 20
ALONE_MAX = 45
TOP_ALONE_MAX = 75


@dataclass(frozen=True, slots=True)
class Shape:
    """``start`` and ``end``: the would-be title in the unit's head; ``after``: where the text goes on.

    ``stop`` is what closes the title (empty at the unit's end), ``tail`` the length of a bracket that ends it.
    """

    form: Form
    start: int
    end: int
    after: int
    stop: str = ""
    comma: bool = False

    tail: int = 0

    @property
    def length(self) -> int:
        """Characters of the title, a closing bracket (责任单位：…) aside."""
        return self.end - self.start - self.tail


_STOP = re.compile(r"[。;:!?！？\n]")
_CLOSING_BRACKET = re.compile(r"(?<=[^()])\((?:[^()]|\([^()]*\))*\)$")
_ASSIGNED = re.compile(  # a title with its bracket of units, and the text right after it in one line
    r"([^,。;:!?()《》]{2,32})\((?:责任|牵头|主办|承办|完成|落实|配合)[^():]{0,6}:[^()]{2,110}\)(?=[\u4e00-\u9fff“《\d])"
)
_POINTS = re.compile(r"\s?[(（](?:共|满分|计|总计|合计|分值)?[:]?\s?\d+(?:\.\d+)?\s?分[)）]$")
_MEASURED = re.compile(
    r"\d\s?%|百分之|不低于|不少于|不超过|不高于|不得|以上|以内|以下|达到?\d|(?:完成|新增|新建|建成|改造|培育|创建|举办|开展)[^,。]{0,8}\d|应\w尽\w|"
    r"\d[万亿]?(?:[名个家张所座户人次处台亩件]|公里|平方米|万元|亿元)$"
)
_LEAD_IN = re.compile(
    r"以下|如下|下列|包括|具体(?:为|是)|(?:为|是|有|要|即)$|其中$|^(?:到|至|截至|力争到)?\d{4}年|做到$|实现$|(?:具体|下列|有效)措施$|其(?:一|二|三)$|一律$|主要$"
)
_QUOTED = re.compile(r"《[^》]*》|“[^”]*”|\([^)]*\)|〔[^〕]*〕")


def shape_of(unit: Unit, start: int | None = None) -> Shape:
    """The form of a unit, read from ``start`` (after its mark by default)."""
    text = unit.text
    begin = start if start is not None else unit.mark.end if unit.mark else 0
    while begin < len(text) and text[begin] in " \n.、,":
        begin += 1
    assigned = _ASSIGNED.match(text, begin) if unit.mark is not None else None
    if assigned is not None:
        tail = len(assigned.group()) - len(assigned.group(1))
        return Shape("run_in", begin, assigned.end(), assigned.end(), "", tail=tail)
    stop = _first_stop(text, begin)
    if stop is None:
        bare = _CLOSING_BRACKET.sub("", text[begin:])
        tail = len(text) - begin - len(bare)
        return Shape("alone" if unit.whole else "text", begin, len(text), len(text), "", has_comma(bare), tail)
    at, end = stop, stop + 1
    title = text[begin:at]
    comma = has_comma(title)
    rest = text[end:].strip(" \n”")
    sign = text[at]
    if not rest and unit.whole:
        return Shape("alone", begin, at, len(text), sign, comma)
    if sign in "。!！" and 2 <= len(title) <= RUN_IN_MAX and not comma and not _only_bracket(unit, rest):
        return Shape("run_in", begin, at, end, sign, comma)
    if sign == ":" and 2 <= len(title) <= COLON_MAX and not comma and not is_lead_in(title):
        return Shape("colon", begin, at, end, sign, comma)
    if sign in "。!！" and _only_bracket(unit, rest):
        return Shape("alone", begin, at, end, sign, comma)
    return Shape("text", begin, at, end, sign, comma)


def _first_stop(text: str, begin: int) -> int | None:
    """The first 。；： that is not inside brackets or quotes (those that are closed)."""
    hidden = [match.span() for match in _QUOTED.finditer(text, begin)]
    for match in _STOP.finditer(text, begin):
        if not any(low < match.start() < high - 1 for low, high in hidden):
            return match.start()
    return None


def has_comma(title: str) -> bool:
    """Whether a title holds a comma; those inside 《》 belong to a name."""
    return "," in re.sub(r"《[^》]*》", "", title)


def is_lead_in(title: str) -> bool:
    """Whether words before a colon open a list (到2020年, 具体措施如下) or name a column (责任单位)."""
    return bool(_LEAD_IN.search(title)) or bool(LABEL.match(title + ":"))


def is_label(text: str) -> bool:
    """Whether a paragraph only says who, when or in what unit (责任单位：…, （市民政局牵头）)."""
    return bool(LABEL.match(text) or UNIT_LINE.match(text) or BRACKETED_DUTY.match(text))


def is_measured(title: str) -> bool:
    """Whether the words state a threshold; such words are an item, never only its heading."""
    return bool(_MEASURED.search(_CLOSING_BRACKET.sub("", title)))


def _only_bracket(unit: Unit, rest: str) -> bool:
    """Whether what follows the first sentence is one bracket (责任单位：…) up to the end."""
    if not rest.startswith("("):
        return False
    close = rest.find(")")
    return unit.whole and (close < 0 or rest[close + 1 :].strip(" 。;") == "") and rest.count("(") <= 2


def trim_points(title: str) -> str:
    """The title without a points mark （8分） at its end."""
    return _POINTS.sub("", title)


_NO_HEADING = re.compile(
    r"^\(.*\)$|[。;:,!?…=×]|^[\d\W]+$|^第?\d+页|^\d{4}[-年./]\d{0,2}[-月./]?\d{0,2}日?$|\d分$|"
    r"^(?:联系人|电话|注$|备注|单位$|来源|日期|地址)"
)


def plain_title(unit: Unit, longest: int = 28) -> bool:
    """Whether an unnumbered line could be a heading by its form alone (一类目标, 主要任务)."""
    text = unit.text
    if not unit.whole or unit.mark is not None or not 2 <= len(text) <= longest:
        return False
    if _NO_HEADING.search(text) or is_label(text):
        return False
    return sum(1 for char in text if "\u4e00" <= char <= "\u9fff") >= max(2, len(text) // 2)
