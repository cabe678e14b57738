"""Values in units that can be compared: scale words, prefixes and what a number is counted by are reduced away."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from importlib.resources import files
from math import prod
from typing import Any, NamedTuple

from extractor.mentions.lexicon import load, one_of
from extractor.mentions.units import canonical_unit
from extractor.text.view import make_view
from extractor.types.archive import Observation, Quantity
from extractor.types.record import Op

_DATA: dict[str, Any] = tomllib.loads(files("extractor.archive").joinpath("units.toml").read_text("utf-8"))
_PERIODS = {word: Fraction(times) for word, times in _DATA["period"].items()}
_LEVELS = frozenset(_DATA["level"]["words"])
# What is no sum over a place: the levels, and how long something may take. Those but for what grows with a place.
STEADY = _LEVELS | {"time"}
EVERYWHERE = STEADY - frozenset(_DATA["level"]["growing"])
_CHANGES = frozenset({"share", "change", "multiple"})
_SHOWN: dict[str, tuple[str, Fraction]] = {name: (unit, Fraction(by)) for name, (unit, by) in _DATA["shown"].items()}
_SCALE = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_DAYS = frozenset({"日", "天", "工作日"})


class _Unit(NamedTuple):
    """One of it is ``factor`` in ``unit``. ``thing``, ``period``: what it is counted by, under the stroke (人, 月)."""

    dimension: str
    unit: str
    factor: Fraction
    thing: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class _Every:
    """What a metric counts by: ``number`` of ``thing``, or of a physical ``unit`` (每亩); ``period`` beside it."""

    thing: str = ""
    number: Fraction = Fraction(1)
    unit: _Unit | None = None
    period: str = ""


def quantity(
    value: float | None,
    upper: float | None,
    unit: str | None,
    per: str | None,
    metric: str,
    op: Op,
    raw: str | None = None,
) -> Quantity:
    """A target's value in the base unit of its dimension, for one of what it is counted by and for one year.

    What it is counted by is read from ``unit`` (张/千人) and ``metric`` (每千名老年人拥有养老床位), the period from ``unit``
    (元/月), ``per`` and ``metric`` (月人均). Months, quarters and weeks become years; days stay (``/日``): whether they are
    working days the text rarely says. Shares and other levels keep the period as a mark, unscaled. ``raw`` tells a rank
    (前3名) from a number of people. An unknown unit keeps its value in a dimension of its own, ``other:<unit>``; no unit
    at all is the dimension ``number``.
    """
    words = make_view(metric).text
    read = _business(_ranked(_read(unit or ""), op, words, raw), words)
    if read.dimension == "number":
        read = _unitless(read, value, words, raw or "")
    every = _every(words)
    level = read.dimension in _LEVELS
    read = read if level else _apiece(read, every)
    rhythm = read.period or per or (every.period if not level or _is_change(read, words) else "")
    period, times = _period(rhythm)
    factor = read.factor if level else read.factor * times
    if read.dimension in _SHOWN:
        shown, by = _SHOWN[read.dimension]
        read, factor = read._replace(unit=shown), factor * by
    base = read.thing + (f"/{rhythm if level else period}" if period else "")
    return Quantity(read.dimension, base, read.unit, _times(value, factor), _times(upper, factor))


def comparable(a: Quantity, b: Quantity) -> bool:
    """Whether the values, where there are any, may be held against each other."""
    return a.dimension == b.dimension and a.base == b.base


def same_measure(one: Observation, other: Observation) -> bool:
    """Whether their quantities are comparable. A count to be reached within its document's year (新增1500张) is one for a
    year (全年新增1500张).
    """
    a, b = one.quantity, other.quantity
    if a.dimension in _LEVELS or a.base == b.base:
        return comparable(a, b)
    plain, yearly = (one, b) if len(a.base) < len(b.base) else (other, a)
    within = plain.year is not None and plain.year == plain.document_year
    return within and a.dimension == b.dimension and yearly.base == f"{plain.quantity.base}/年"


def _number(words: str | None) -> Fraction:
    """Of how many something is counted; 1 where that is not said, or said to be none."""
    return Fraction(_NUMBERS.get(words or "") or words or 1) or Fraction(1)


def _scaled(words: str) -> int:
    """百万 is a million."""
    return prod(_SCALE[char] for char in words)


def _times(value: float | None, factor: Fraction) -> float | None:
    return None if value is None else float(Fraction(str(value)) * factor)


# --- units ----------------------------------------------------------------------------------------------


def _known() -> dict[str, _Unit]:
    """Every unit by its canonical name, without scale words."""
    known: dict[str, _Unit] = {}
    for group, table in load("units").items():
        for word in table.get("words", ()) if group != "per" else ():
            name = canonical_unit(word) or word
            if not name.startswith("个"):
                known[name] = _Unit(f"{group}:{name}", name, Fraction(1))
    classes: list[list[str]] = _DATA["count"]["words"]
    for first, *others in classes:
        for word in (first, *others) if first != "次" else ():
            known[f"{word}次"] = _Unit(f"count:{first}次", f"{first}次", Fraction(1))
    for first, *others in classes:
        for word in (first, *others):
            known[word] = _Unit(f"count:{first}", first, Fraction(1))
    for dimension, table in _DATA["dimension"].items():
        for word, factor in table["units"].items():
            known[word] = _Unit(dimension, table["base"], Fraction(factor))
    return known


_KNOWN = _known()


@lru_cache(maxsize=4096)
def _read(printed: str) -> _Unit:
    """万吨/年, 张/千人, 元/人·月, /10万, 台(套)."""
    text = re.sub(r"\([^()]*\)|\s", "", make_view(printed).text).replace("kW·h", "千瓦时").replace("每", "/")
    head, *below = re.split(r"/+", text)
    under = [part for piece in below for part in re.split(r"[·•.*×](?!\d)", piece) if part]
    if head in ("", "1") and under:
        number, unit = _under(under[0])
        if unit is None or unit.dimension in ("count:人", "count:个"):
            return _Unit("share", "%", 100 / number)
    made = _word(head)
    for part in under:
        number, unit = _under(part)
        name = part.removeprefix("个")
        if name in _PERIODS or name in _DAYS:
            made = made._replace(period=name)
        elif unit is None or unit.dimension.startswith("count:"):
            thing = "人" if unit is None else _label(unit.unit)
            made = made._replace(factor=made.factor / number, thing=thing)
        else:
            made = _over(made, unit._replace(factor=unit.factor * number))
    return made


def _over(above: _Unit, below: _Unit) -> _Unit:
    return above._replace(
        dimension=f"{above.dimension}/{below.dimension}",
        unit=f"{above.unit}/{below.unit}",
        factor=above.factor / below.factor,
    )


def _under(part: str) -> tuple[Fraction, _Unit | None]:
    """How many stand under the stroke, and of what: 千人 is 1000 and 人; of a bare 10万 the unit is None.

    A physical unit keeps its scale word itself; of a thing (村, 县区) the unit is its name.
    """
    match = re.match(r"\d+(?:\.\d+)?", part)
    number = _number(match.group() if match else None)
    rest = part[match.end() :] if match else part
    name = rest.lstrip("".join(_SCALE))
    scale, name = rest[: len(rest) - len(name)], name.removeprefix("个")
    if name in _LABELS:
        return number * _scaled(scale), _Unit(f"count:{_label(name)}", name, Fraction(1))
    unit = _word(rest)
    if unit.dimension == "number":
        return number * unit.factor, None
    if unit.dimension.startswith("count:"):
        return number * unit.factor, unit._replace(factor=Fraction(1))
    return number, unit


def _word(word: str) -> _Unit:
    """A unit without stroke; scale words may stand before it."""
    scale = 1
    for cut in range(len(word)):
        rest = word[cut:]
        for name in (rest, rest[1:] if rest[0] == "个" else ""):
            found = _KNOWN.get(canonical_unit(name) or "")
            if found is not None:
                return found._replace(factor=found.factor * scale)
        if rest[0] not in _SCALE:
            return _Unit(f"other:{word}", word, Fraction(1))
        scale *= _SCALE[rest[0]]
    return _Unit("number", "", Fraction(scale))


_RANK = re.compile(r"前[\d一二三四五六七八九十百]|排名|位次|名次")
_SHARE_NAMED = re.compile(r"(?:比例|占比|比重)$")
_UNIT_NAMED = re.compile(
    r"\(([^()]{1,12})\)$|((?:人|户|家|件|辆|车)次|床位|[人户株头张辆件家个次所处座台套篇](?=数))数?$"
)
_BUSINESS = re.compile(one_of(_DATA["count"]["business"]))


def _ranked(read: _Unit, op: Op, metric: str, raw: str | None) -> _Unit:
    """A place in an order where the words say so; a number of people otherwise."""
    if op in ("ge", "gt", "approx") or read.dimension not in ("count:人", "number"):
        return read
    named = read.dimension == "count:人" and _RANK.search(metric[-6:])
    return _Unit("rank", "名", Fraction(1)) if named or _RANK.match(raw or "") else read


def _unitless(read: _Unit, value: float | None, metric: str, raw: str) -> _Unit:
    """三分之一 is 0.3333 of a whole; of 接待人次 and 株数(万株) the metric says what is counted. ``read`` is the scale."""
    if value is not None and 0 < value < 1 and ("分之" in raw or _SHARE_NAMED.search(metric)):
        return _Unit("share", "%", Fraction(100))
    named = _UNIT_NAMED.search(metric)
    found = _read(named[1] or named[2]) if named else None
    if found is None or found.dimension.startswith("other:"):
        return read
    return found._replace(factor=found.factor * read.factor)


def _business(read: _Unit, metric: str) -> _Unit:
    """新增市场主体2万户 counts businesses, not households."""
    if read.dimension == f"count:{_DATA['count']['household']}" and _BUSINESS.search(metric):
        return read._replace(dimension="count:个", unit="个")
    return read


# --- what is counted by ---------------------------------------------------------------------------------

_LABELS: dict[str, str] = {word: words[0] for words in _DATA["things"]["words"] for word in words}
_APIECE: dict[str, str] = _DATA["things"]["apiece"]
_PERSONS = frozenset(_DATA["things"]["persons"])
_THING = re.compile(one_of(word for word in _LABELS if len(word) > 1))
_SHORT_THING = re.compile(rf"[{''.join(word for word in _LABELS if len(word) == 1)}](?!级)")
_PERSON = re.compile(one_of(word for word, label in _LABELS.items() if label in _PERSONS and len(word) > 1))
_NOT_THING = re.compile(  # what stands between a thing and what each has of it
    r"城[市镇乡]|(?:配[备建有]|拥有|建[立成设有]|设[置立有]|安排|开展|组织|举办|持有|选[派择]|联系|管护|指导(?!站)|承担|带动|培[育养]|明确|储备|查处|掌握"
    r"|参加|接受|操作|结对|更新|发[放布车]|派驻|落实|实施|完成|入户|随机|至少|不少于|不低于|达到|有).*"
)
_PHYSICAL = {name: unit for name, unit in _KNOWN.items() if unit.dimension in ("money", "area", "volume", "length", "mass", "power", "energy", "mass:标准煤")}  # fmt: skip
_PHYSICAL |= {"千克": _KNOWN["公斤"], "千米": _KNOWN["公里"], "平方千米": _KNOWN["平方公里"]}
_EVERY = re.compile(
    r"每(?P<number>\d+(?:\.\d+)?|[两二三四五六七八九])?(?:"
    r"(?P<period>个?(?:季度|学期|学年|半年|年度?|月|周|日|天|旬|季)(?![均])|个?(?:工作[日时]|工日|小时|分钟|秒|采暖季|自然[月年]))"
    rf"|(?P<scale>[十百千万亿]*?)(?P<unit>{one_of(_PHYSICAL)})(?![均])"
    r"|(?P<large>[十百千万亿]*)(?P<measure>[人户张辆]|[名位个家所座处台支条件项](?![有在]))?(?P<noun>[^,，、;；。]{0,14}))"
)
_MEAN = re.compile(
    rf"(?<![每各])(?P<one>[{''.join(_APIECE)}])均"
    r"(?![达为有已能须应要衡等匀可按在设安]|(?:纳入|建立|建成|配备|开展|参加|参与|享受|完成|实现|接受|得到|落实|符合|组建|制定|成立))"
)
_OUTPUT = re.compile(  # 万元GDP用水量; not 亿元产值企业
    r"(?<![\d.十百千万亿])(?P<number>\d+)?(?P<scale>[十百千万亿]*)元(?=[^,，、;；。]{0,6}(?:GDP|生产总值|增加值|产值)"
    r"[^,，、;；。]{0,8}(?:耗|水量|用能|排放|排污|死亡|事故|强度))",
    re.IGNORECASE,
)
_RHYTHM = re.compile(r"每个?(?P<every>季度|学期|学年|半年|年|月|周|日|天|旬|季)|(?P<mean>[年月日周季])均|(?P<beside>[年月日])(?=[人户生]均)|(?<=[人户生]均)(?P<after>[年月日])(?![龄均])")  # fmt: skip
_CHANGING = re.compile(r"[年月季]均?(?:复合|累计|递)?(?:增|提高|提升|上升|下降|降|减|递)")
_NUMBERS = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


@lru_cache(maxsize=16384)
def _every(metric: str) -> _Every:
    """The first 每 with a number before its thing (每千名老年人), else the first with a thing, else 万元GDP, 人均, 亩均."""
    rhythm = _RHYTHM.search(metric)
    period = next((word for word in rhythm.groups() if word), "") if rhythm else ""
    found = [made for match in _EVERY.finditer(metric) if (made := _counted(match)) is not None]
    best = next((made for made in found if made.number != 1), found[0] if found else None)
    if best is None and (output := _OUTPUT.search(metric)) is not None:
        number = _number(output["number"]) * _scaled(output["scale"])
        best = _Every(unit=_KNOWN["元"]._replace(factor=number), number=number)
    if best is None:
        mean = _MEAN.search(metric)
        one = mean["one"] if mean else ""
        if one == "亩":
            best = _Every(unit=_KNOWN["亩"])
        else:
            best = _Every(thing=_APIECE.get(one, ""))
    return replace(best, period=period)


def _counted(match: re.Match[str]) -> _Every | None:
    if match["period"]:
        return None
    number = _number(match["number"]) * _scaled(match["scale"] or match["large"] or "")
    if match["unit"]:
        physical = _PHYSICAL[match["unit"]]
        return _Every(unit=physical._replace(factor=physical.factor * number), number=number)
    measure = match["measure"] or ""
    if measure in ("人", "户", "张", "辆"):
        return _Every(_label(measure), number)
    thing = _thing(match["noun"] or "", measure)
    return _Every(thing, number) if thing else None


def _thing(words: str, measure: str) -> str:
    """The name of the first thing in ``words``, or of the last of several without a gap: 家庭医生团队 is a team."""
    words = _NOT_THING.sub("", words)
    if measure in ("名", "位"):
        person = _PERSON.search(words)
        return _label(person.group()) if person else "人"
    first = found = _SHORT_THING.match(words) or _THING.search(words)
    if first is None or _label(first.group()) in _PERSONS:
        return _label(first.group() if first is not None else measure)
    while found is not None and (found := _THING.match(words, found.end())) is not None:
        first = found if _label(found.group()) not in _PERSONS else first
    return _label(first.group())


def _label(word: str) -> str:
    return _LABELS.get("床" if word == "张" else word, word)


def _apiece(read: _Unit, every: _Every) -> _Unit:
    """``read`` for one of what the metric counts by, unless the unit says it: then the metric only names it better."""
    if read.thing:
        return read._replace(thing=every.thing) if read.thing == "人" and every.thing else read
    if every.unit is not None:
        return read if "/" in read.dimension else _over(read, every.unit)
    return read._replace(thing=every.thing, factor=read.factor / every.number) if every.thing else read


def _is_change(read: _Unit, metric: str) -> bool:
    """年均增长7% is a change a year; 年均合格率 is a level."""
    return read.dimension in _CHANGES and _CHANGING.search(metric) is not None


def _period(rhythm: str) -> tuple[str, Fraction]:
    """What the base says of a period, and how often it comes in that: 月 is 年 and 12, 2周 is 年 and 26."""
    match = re.match(r"(\d{1,2})?个?(\D*)$", rhythm)
    number, name = (_number(match[1]), match[2]) if match else (Fraction(1), "")
    if name in _PERIODS:
        return "年", _PERIODS[name] / number
    return (("日" if name in _DAYS else name), 1 / number) if name else ("", Fraction(1))
