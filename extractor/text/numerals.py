"""Chinese and Arabic numerals, also mixed (3千5百, 1.3万亿), in old forms (壹佰, 廿) and traditional ones (萬, 兩)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, localcontext
from typing import NamedTuple

_VARIANTS = {
    "〇": "零", "○": "零", "Ｏ": "零", "壹": "一", "弌": "一", "贰": "二", "貳": "二", "弍": "二", "叁": "三", "參": "三",
    "叄": "三", "参": "三", "肆": "四", "伍": "五", "陆": "六", "陸": "六", "柒": "七", "捌": "八", "玖": "九", "拾": "十",
    "佰": "百", "仟": "千", "萬": "万", "億": "亿", "兩": "两", "俩": "两", "倆": "两", "點": "点", "負": "负", "幾": "几",
    "餘": "余", "數": "数",
}  # fmt: skip
_TABLE = {ord(a): b for a, b in _VARIANTS.items()}

DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_TENS = {"廿": 20, "卅": 30, "卌": 40}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8, "兆": 10**12}
_APPROXIMATE = "余多几来数"
MAX_LENGTH = 64  # longer runs are no numbers that anybody prints

_ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+"
_TOKEN = re.compile(
    rf"(?P<arabic>{_ARABIC})|(?P<digits>[零一二两三四五六七八九]+)|(?P<other>[十百千万亿兆廿卅卌点余多几来数半])"
)
_FRACTION = re.compile(r"(?:(?P<whole>.+)又)?(?P<below>.+?)分之(?P<above>.+)")
_SLASH = re.compile(rf"(?:(?P<whole>\d+)[又 ])?(?P<above>{_ARABIC})/(?P<below>{_ARABIC})")

_CN = "零〇○一二两三四五六七八九十百千万亿兆廿卅卌壹贰叁肆伍陆柒捌玖拾佰仟貳參陸萬億兩俩"
# A run that may be a numeral; whether it is one, parse_numeral says.
_RUN = re.compile(
    rf"[-负負]?(?:(?:{_ARABIC})(?:[余多餘]?[十百千万亿拾佰仟萬億](?:[{_CN}\d]*))?|[几幾数數半]?[{_CN}]+(?:[点點][{_CN}]+)?)"
)


class Numeral(NamedTuple):
    """A numeral in ``text[start:end]``."""

    start: int
    end: int
    value: Decimal


def simplify(text: str) -> str:
    """Old and traditional numeral characters in their plain form; the length stays."""
    return text.translate(_TABLE)


def parse_numeral(text: str) -> Decimal | None:
    """The value of a whole numeral, or None where ``text`` is none.

    Marks of vagueness count as their floor: 十余 10, 数百 100, 四百多 400; 半 is 0.5; 三分之一 has 28 digits.
    """
    if not text or len(text) > MAX_LENGTH:
        return None
    plain = simplify(text.replace(" ", ""))
    if plain.isdecimal() and plain.isascii():
        return Decimal(plain)
    sign = 1
    for mark in ("负的", "负", "-", "+"):
        if plain.startswith(mark):
            sign, plain = (1 if mark == "+" else -1), plain[len(mark) :]
            break
    value = _unsigned(plain)
    return None if value is None else value.copy_negate() if sign < 0 else value


def iter_numerals(text: str) -> Iterator[Numeral]:
    """The numerals of running text, left to right, each as long as it reads as one number."""
    at = 0
    while match := _RUN.search(text, at):
        start, end = match.span()
        end = min(end, start + MAX_LENGTH)
        value = None
        while end > start and (value := parse_numeral(text[start:end])) is None:
            end -= 1
        if value is None or all(c in "百千万亿" for c in simplify(text[start:end])):
            at = match.start() + 1
            continue
        yield Numeral(start, end, value)
        at = end


def _unsigned(plain: str) -> Decimal | None:
    if "分之" in plain:
        return _fraction(_FRACTION.fullmatch(plain))
    if "/" in plain:
        return _fraction(_SLASH.fullmatch(plain))
    whole, point, tail = plain.partition("点")
    if not point:
        return _whole(plain)
    head = _whole(whole)
    # 一点五万: the scale after the decimals multiplies the lot
    scale = 1
    while tail and tail[-1] in _LARGE:
        scale *= _LARGE[tail[-1]]
        tail = tail[:-1]
    digits = "".join(
        str(DIGITS[c]) if c in DIGITS and c != "两" else c if c.isascii() and c.isdecimal() else "x" for c in tail
    )
    if head is None or not digits or "x" in digits:
        return None
    return (head + Decimal("0." + digits)) * scale


def _fraction(match: re.Match[str] | None) -> Decimal | None:
    if match is None:
        return None
    below, above = parse_numeral_or_scale(match["below"]), _unsigned(match["above"].removeprefix("负"))
    whole = _unsigned(match["whole"]) if match["whole"] else Decimal(0)
    if not below or above is None or whole is None:
        return None
    with localcontext() as context:
        context.prec = 28
        return whole + above / below


def parse_numeral_or_scale(text: str) -> Decimal | None:
    """Like a numeral, but a bare scale stands for one of it: 百 (of 百分之) is 100."""
    value = parse_numeral(text)
    if value is None and text and all(c in _SMALL or c in _LARGE for c in simplify(text)):
        value = _whole("一" + simplify(text))
    return value


def _whole(plain: str) -> Decimal | None:
    """A number without decimals in Chinese characters, or Arabic digits with scale characters."""
    if plain == "半":
        return Decimal("0.5")
    half = plain.endswith("半") and plain[-2:-1] not in _SMALL
    tokens = list(_TOKEN.finditer(plain.removesuffix("半") if half else plain))
    if not tokens or sum(len(t[0]) for t in tokens) != len(plain) - half:
        return None
    reader = _Reader()
    for token in tokens:
        if not reader.feed(token):
            return None
    value = reader.value()
    return value + Decimal("0.5") if half and value is not None else value


class _Reader:
    """Adds up digits, tens and scales from left to right; ``feed`` says False where that can't be a number."""

    def __init__(self) -> None:
        self.parts: list[tuple[Decimal, int]] = []  # (value, scale) of what is closed by 万, 亿
        self.section = Decimal(0)  # what stands before the next 万, 亿
        self.pending: Decimal | None = None
        self.last = 0  # the last scale, for 一百五 = 150
        self.zero = False
        self.loose = False  # the pending digit may be short for a ten of the last scale
        self.seen = False
        self.pair = False  # 两 counts only before a scale or alone: 三十两 is thirty of a unit

    def feed(self, token: re.Match[str]) -> bool:
        word = token[0]
        if token["arabic"]:
            if self.pending is not None:
                return False
            self.pending = Decimal(word.replace(",", ""))
            self.loose = len(word) == 1
        elif token["digits"]:
            return self._digits(word)
        elif word in _TENS:
            if self.pending is not None:
                return False
            self.section, self.last, self.loose = self.section + _TENS[word], 10, False
        elif word in _SMALL:
            return self._small(_SMALL[word])
        elif word in _LARGE:
            return self._large(_LARGE[word])
        elif word in _APPROXIMATE:
            return self._vague(word)
        else:
            return False
        self.seen = True
        return True

    def _digits(self, word: str) -> bool:
        if self.pending is not None:
            return False
        bare = word.lstrip("零")
        self.zero = self.zero or len(bare) < len(word)
        if len(word) > 1 and len(bare) > 1:
            if self.last and self.section:
                return False  # 十三五
            bare = word
        if "两" in bare and (len(bare) > 1 or self.zero):
            return False
        if not bare:
            self.seen = True
            return True
        self.pending = Decimal("".join(str(DIGITS[c]) for c in bare))
        self.pair = bare == "两"
        self.loose = len(word) == 1
        self.seen = True
        return True

    def _small(self, scale: int) -> bool:
        if self.pending is None:
            if self.section and not self.zero and scale != 10:
                return False
            if self.section and scale == 10 and not self.zero and self.last not in (100, 1000):
                return False
        elif self.pending > 999 or (self.last and scale >= self.last and self.section):
            return False
        self.section += (1 if self.pending is None else self.pending) * scale
        self.pending, self.last, self.zero, self.loose, self.seen = None, scale, False, False, True
        return True

    def _large(self, scale: int) -> bool:
        below = [value for value, own in self.parts if own < scale]
        here = self.section + (self.pending or 0)
        if self.pending is None and not self.section:
            if not below and self.parts:
                below = [self.parts[-1][0]]
                self.parts.pop()
            elif not below:
                here = Decimal(1)
            else:
                self.parts = [p for p in self.parts if p[1] >= scale]
        else:
            self.parts = [p for p in self.parts if p[1] >= scale]
        self.parts.append(((sum(below, Decimal(0)) + here) * scale, scale))
        self.section, self.pending, self.last = Decimal(0), None, scale
        self.zero = self.loose = False
        self.seen = True
        return True

    def _vague(self, word: str) -> bool:
        if word in "几数" and self.pending is None:
            # 几十, 数百: one of the next scale; 十几: nothing more
            self.seen = True
            return True
        return word in "余多来" and self.seen

    def value(self) -> Decimal | None:
        if not self.seen:
            return None
        total = sum((value for value, _ in self.parts), Decimal(0)) + self.section
        if self.pending is None:
            return total
        if self.pair and total:
            return None
        if self.loose and not self.zero and self.last >= 100:
            return total + self.pending * (self.last // 10)
        return total + self.pending
