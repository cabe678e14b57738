"""Spreadsheet values as their cells show them."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

Value = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None
_QUOTED = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')
_DIGITS = re.compile(r"[#0?][#0?,]*(?:\.[#0?]*)?,*|\.[#0?]+,*")
_DATE_PART = re.compile(r"yyyy|yy|e|mmmm|mmm|mm|m|dddd|ddd|dd|d|hh|h|ss|s|am/pm|上午/下午|a/p", re.IGNORECASE)
_LOCAL = {"mm-dd-yy": "yyyy/m/d", "m/d/yy h:mm": "yyyy/m/d h:mm"}  # the formats that follow the user's country
_WEEKDAYS = "一二三四五六日"


def shown(value: Value, number_format: str) -> str:
    """``value`` under a number format such as ``0%``, ``#,##0.00`` or ``yyyy"年"m"月"``.

    Colours, conditions, fractions and exponents are not followed: such numbers are shown as General would.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, number_format)
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return _date(value, number_format)
    return str(value)


def general(value: int | float) -> str:
    """As the format General shows a number: whole numbers without a point, others to ten significant digits."""
    if isinstance(value, int) or (abs(value) < 1e15 and value == int(value)):
        return str(int(value))
    text = f"{value:.10g}"
    return text if "e" in text else str(Decimal(text).normalize().__format__("f"))


@lru_cache(maxsize=256)
def _sections(number_format: str) -> tuple[str, ...]:
    """The parts for positive, negative, zero and text, which semicolons part."""
    return tuple(re.sub(r'("[^"]*"|\\.)|;', lambda match: match[1] or "\0", number_format).split("\0"))


def _number(value: int | float, number_format: str) -> str:
    sections = _sections(number_format)
    if value != value or value in (float("inf"), float("-inf")):
        return general(value)
    section, sign = sections[0], "-" if value < 0 else ""
    if value < 0 and len(sections) > 1:
        section, sign = sections[1], ""
    elif value == 0 and len(sections) > 2:
        section = sections[2]
    pattern = _pattern(section)
    if pattern is None:
        return general(value)
    before, digits, after, percents = pattern
    if not digits:
        return before  # words in place of the number: a dash for zero
    try:
        amount = Decimal(repr(abs(value))) * 100**percents
        return before + sign + _digits(amount, digits) + after
    except InvalidOperation:
        return general(value)


@lru_cache(maxsize=256)
def _pattern(section: str) -> tuple[str, str, str, int] | None:
    """Text before the digits, the digits' pattern, text after, and how many percent signs there are."""
    if re.search(r"general|@|[eE][+-]|[#0?]\s*/\s*[#0?\d]", section, re.IGNORECASE) or "[DBNum" in section:
        return None
    plain = _QUOTED.sub(lambda m: "".join(chr(0xF0000 + ord(c)) for c in m[1] or m[2] or ""), section)
    match = _DIGITS.search(plain)
    if match is None:
        return _restore(plain), "", "", 0
    rest = _DIGITS.sub("", plain[match.end() :])
    percents = plain.count("%")
    return _restore(plain[: match.start()]), match[0], _restore(rest), percents


def _restore(text: str) -> str:
    return "".join(chr(ord(c) - 0xF0000) if ord(c) >= 0xF0000 else c for c in text).strip()


def _digits(amount: Decimal, pattern: str) -> str:
    plain = pattern.rstrip(",")
    amount /= Decimal(1000) ** (len(pattern) - len(plain))
    whole, _, fraction = plain.partition(".")
    thousands = "," in whole
    rounded = amount.quantize(Decimal(1).scaleb(-len(fraction)), rounding=ROUND_HALF_UP)
    text = f"{rounded:,f}" if thousands else f"{rounded:f}"
    head, _, tail = text.partition(".")
    needed = len(fraction.rstrip("#?"))
    tail = tail[:needed] + tail[needed:].rstrip("0")
    head = head.zfill(whole.count("0"))
    return f"{head}.{tail}" if tail else head


def _date(value: dt.datetime | dt.date | dt.time, number_format: str) -> str:
    parts = _date_pattern(number_format)
    if parts is None:
        return _iso(value)
    return "".join(_date_part(value, part) if is_code else part for is_code, part in parts).strip()


def _iso(value: dt.datetime | dt.date | dt.time) -> str:
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return str(value)


@lru_cache(maxsize=256)
def _date_pattern(number_format: str) -> tuple[tuple[bool, str], ...] | None:
    """Codes and literal text in turn; ``m`` next to hours or seconds is told apart as ``min``."""
    section = _sections(_LOCAL.get(number_format.lower(), number_format))[0]
    if section.lower() in ("general", "@"):
        return None
    plain = _QUOTED.sub(lambda m: "".join(chr(0xF0000 + ord(c)) for c in m[1] or m[2] or ""), section)
    parts: list[tuple[bool, str]] = []
    at = 0
    for match in _DATE_PART.finditer(plain):
        if match.start() > at:
            parts.append((False, _restore_all(plain[at : match.start()])))
        parts.append((True, match[0].lower()))
        at = match.end()
    if at < len(plain):
        parts.append((False, _restore_all(plain[at:])))
    if not any(is_code for is_code, _ in parts):
        return None
    return tuple(_minutes(parts))


def _restore_all(text: str) -> str:
    return "".join(chr(ord(c) - 0xF0000) if ord(c) >= 0xF0000 else c for c in text)


def _minutes(parts: list[tuple[bool, str]]) -> list[tuple[bool, str]]:
    codes = [(i, part) for i, (is_code, part) in enumerate(parts) if is_code]
    for place, (i, part) in enumerate(codes):
        before = codes[place - 1][1] if place else ""
        after = codes[place + 1][1] if place + 1 < len(codes) else ""
        if part in ("m", "mm") and (before.startswith("h") or after.startswith("s")):
            parts[i] = (True, "min" if part == "mm" else "mi")
    return parts


def _date_part(value: dt.datetime | dt.date | dt.time, part: str) -> str:
    if isinstance(value, dt.time):
        value = dt.datetime.combine(dt.date(1900, 1, 1), value)
    elif not isinstance(value, dt.datetime):
        value = dt.datetime.combine(value, dt.time())
    shown_parts = {
        "yyyy": f"{value.year}",
        "e": f"{value.year}",
        "yy": f"{value.year % 100:02d}",
        "mmmm": f"{value.month}月",
        "mmm": f"{value.month}月",
        "mm": f"{value.month:02d}",
        "m": f"{value.month}",
        "dddd": f"星期{_WEEKDAYS[value.weekday()]}",
        "ddd": f"周{_WEEKDAYS[value.weekday()]}",
        "dd": f"{value.day:02d}",
        "d": f"{value.day}",
        "hh": f"{value.hour:02d}",
        "h": f"{value.hour}",
        "min": f"{value.minute:02d}",
        "mi": f"{value.minute}",
        "ss": f"{value.second:02d}",
        "s": f"{value.second}",
    }
    return shown_parts.get(part, "")
