"""Automatic numbers of a DOCX as Word prints them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml.etree import _Element

from extractor.formats.docx_styles import Numbered, Styles, W, is_on, natural, value
from extractor.formats.marks import chinese, chinese_digits, roman

_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_LEGAL = str.maketrans("〇零一二三四五六七八九十百千", "零零壹贰叁肆伍陆柒捌玖拾佰仟")
_PLACE = re.compile(r"%([1-9])")
_BULLET = "•"


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list. ``restart``: the level (from 1) after which it starts anew, 0 for never."""

    start: int
    format: str
    text: str
    gap: str
    restart: int
    legal: bool


@dataclass(slots=True)
class _List:
    """A list as ``w:num`` names it: its abstract definition, levels of its own, and restarts."""

    abstract: str
    own: dict[int, Level] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Numbering:
    """Counts through a document. Lists that share a definition share its counters, as in Word."""

    abstracts: dict[str, dict[int, Level]] = field(default_factory=dict)
    lists: dict[str, _List] = field(default_factory=dict)
    _counters: dict[str, list[int | None]] = field(default_factory=dict)
    _used: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def of(cls, root: _Element | None, styles: Styles) -> Numbering:
        numbering = cls()
        if root is None:
            return numbering
        linked: dict[str, str] = {}
        for abstract in root.iterchildren(W + "abstractNum"):
            key = abstract.get(W + "abstractNumId", "")
            levels = {_index(level): _level(level) for level in abstract.iterchildren(W + "lvl")}
            numbering.abstracts[key] = levels
            style = value(abstract, "numStyleLink")
            if style and not levels:
                linked[key] = style
        for num in root.iterchildren(W + "num"):
            numbering.lists[num.get(W + "numId", "")] = _list(num)
        for key, style in linked.items():
            numbering.abstracts[key] = numbering._behind(style, styles)
        return numbering

    def _behind(self, style: str, styles: Styles) -> dict[int, Level]:
        """The levels of the list that a numbering style stands for."""
        for source in styles.chain(style):
            number = value(source.find(f"{W}pPr/{W}numPr"), "numId")
            if number in self.lists:
                return self.abstracts.get(self.lists[number].abstract, {})
        return {}

    def mark(self, place: Numbered) -> str:
        """The next number of that list and level with what follows it (a blank or nothing); empty for none."""
        found = self.lists.get(place.num)
        if found is None:
            return ""
        levels = {**self.abstracts.get(found.abstract, {}), **found.own}
        level = levels.get(place.level)
        if level is None:
            return ""
        counters = self._counters.setdefault(found.abstract, [None] * 9)
        self._count(place, found, levels, counters)
        if level.format == "bullet":
            return _bullet(level.text) + " "
        printed = _PLACE.sub(lambda match: self._part(int(match[1]) - 1, level, levels, counters), level.text)
        return printed + level.gap if printed.strip() else ""

    def _count(self, place: Numbered, found: _List, levels: dict[int, Level], counters: list[int | None]) -> None:
        at = place.level
        key = (place.num, at)
        if at in found.starts and key not in self._used:
            counters[at] = found.starts[at] - 1
        self._used.add(key)
        now = counters[at]
        counters[at] = levels[at].start if now is None else now + 1
        for higher in range(at):
            if counters[higher] is None and higher in levels:
                counters[higher] = levels[higher].start
        for lower in range(at + 1, 9):
            if lower in levels and at < levels[lower].restart:
                counters[lower] = None

    def _part(self, at: int, level: Level, levels: dict[int, Level], counters: list[int | None]) -> str:
        number = counters[at]
        if number is None or at not in levels:
            return ""
        return format_number(number, "decimal" if level.legal else levels[at].format)


def _index(level: _Element) -> int:
    return natural(level.get(W + "ilvl")) or 0


def _integer(text: str | None, default: int) -> int:
    return int(text) if text is not None and re.fullmatch(r"-?\d{1,9}", text) else default


def _level(level: _Element) -> Level:
    at = _index(level)
    return Level(
        start=_integer(value(level, "start"), 0 if level.find(W + "start") is None else 1),
        format=_format(level),
        text=value(level, "lvlText") or "",
        gap="" if value(level, "suff") == "nothing" else " ",
        restart=_integer(value(level, "lvlRestart"), at),
        legal=bool(is_on(level, "isLgl")),
    )


def _format(level: _Element) -> str:
    """The number format, also where it stands in an alternative for newer programs."""
    found = level.find(W + "numFmt")
    if found is None:
        found = next(level.iter(W + "numFmt"), None)
    return "decimal" if found is None else found.get(W + "val", "decimal")


def _list(num: _Element) -> _List:
    found = _List(value(num, "abstractNumId") or "")
    for override in num.iterchildren(W + "lvlOverride"):
        at = _index(override)
        own = override.find(W + "lvl")
        if own is not None:
            found.own[at] = _level(own)
        start = value(override, "startOverride")
        if start is not None:
            found.starts[at] = _integer(start, 1)
    return found


def _bullet(text: str) -> str:
    """Bullets from symbol fonts are private characters: a plain bullet stands for them."""
    return _BULLET if not text or "\ue000" <= text[0] <= "\uf8ff" else text


def format_number(number: int, kind: str) -> str:
    """``number`` in a ``w:numFmt``; formats without a rule here are printed in digits."""
    if number < 0:
        return str(number)
    simple = _SIMPLE.get(kind)
    if simple is not None:
        return simple(number)
    if kind in _RANGES:
        first, last, base = _RANGES[kind]
        return chr(base + number - first) if first <= number <= last else str(number)
    return str(number)


def _repeated(number: int) -> str:
    """Word counts z, aa, bb: the letter is repeated."""
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if number else "0"


def _circled(number: int) -> str:
    for first, last, base in ((1, 20, 0x2460), (21, 35, 0x3251), (36, 50, 0x32B1)):
        if first <= number <= last:
            return chr(base + number - first)
    return str(number)


def _plain_ten(number: int) -> str:
    """As ``chinese`` to 99; above, digit by digit, as Word counts in this format."""
    return chinese(number) if number < 100 else chinese_digits(number)


def _cycle(signs: str, number: int) -> str:
    return signs[(number - 1) % len(signs)] if number else "0"


_SIMPLE: dict[str, Callable[[int], str]] = {
    "none": lambda n: "",
    "decimalZero": lambda n: f"{n:02d}",
    "upperRoman": lambda n: roman(n).upper(),
    "lowerRoman": roman,
    "upperLetter": lambda n: _repeated(n).upper(),
    "lowerLetter": _repeated,
    "ordinal": lambda n: f"{n}{'th' if 10 <= n % 100 <= 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}",
    "chineseCounting": _plain_ten,
    "chineseCountingThousand": chinese,
    "taiwaneseCounting": _plain_ten,
    "taiwaneseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "koreanCounting": chinese,
    "ideographDigital": chinese_digits,
    "japaneseDigitalTenThousand": chinese_digits,
    "taiwaneseDigital": chinese_digits,
    "koreanDigital2": chinese_digits,
    "chineseLegalSimplified": lambda n: _legal(n),
    "ideographLegalTraditional": lambda n: _legal(n).translate(str.maketrans("贰叁陆", "貳參陸")),
    "japaneseLegal": lambda n: _legal(n),
    "decimalFullWidth": lambda n: "".join(chr(ord(digit) + 0xFEE0) for digit in str(n)),
    "decimalFullWidth2": lambda n: "".join(chr(ord(digit) + 0xFEE0) for digit in str(n)),
    "decimalHalfWidth": str,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "ideographTraditional": lambda n: _cycle(_STEMS, n),
    "ideographZodiac": lambda n: _cycle(_BRANCHES, n),
    "numberInDash": lambda n: f"- {n} -",
}
_RANGES = {
    "decimalEnclosedParen": (1, 20, 0x2474),
    "decimalEnclosedFullstop": (1, 20, 0x2488),
    "ideographEnclosedCircle": (1, 10, 0x3280),
}


def _legal(number: int) -> str:
    printed = chinese(number)
    return (f"一{printed}" if 10 <= number < 20 else printed).translate(_LEGAL)
