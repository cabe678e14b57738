"""Numbers as lists print them: 1, a, iv, 三, ③ …"""

from __future__ import annotations

import re

_DIGITS = "〇一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_MARK = re.compile(
    r"\s*(?:[（(]?(?:\d{1,3}|[一二三四五六七八九十百]{1,4})[)）.．、]|[①-⑳]|第[一二三四五六七八九十百\d]+[章节条])"
)


def starts_with_mark(text: str) -> bool:
    """Whether a line opens with a number of its own."""
    return _MARK.match(text) is not None


def list_mark(number: int, kind: str) -> str:
    """What a browser prints before item ``number`` of a list of ``type`` 1, a, A, i or I."""
    if kind in ("a", "A"):
        mark = letters(number)
    elif kind in ("i", "I"):
        mark = roman(number)
    else:
        mark = str(number)
    return f"{mark.upper() if kind.isupper() else mark}. "


def letters(number: int) -> str:
    """1 → a, 26 → z, 27 → aa, as HTML counts."""
    if number < 1:
        return str(number)
    found = ""
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(ord("a") + rest) + found
    return found


def roman(number: int) -> str:
    """Lower-case Roman numerals of 1 to 3999; other numbers in digits."""
    if not 0 < number < 4000:
        return str(number)
    found = ""
    for value, mark in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
        strict=True,
    ):
        count, number = divmod(number, value)
        found += mark * count
    return found


def chinese(number: int) -> str:
    """Counting numerals (一, 十二, 一百零五) of 0 to 9999; other numbers in digits."""
    if number == 0:
        return "〇"
    if not 0 < number < 10_000:
        return str(number)
    found, gap = "", False
    digits = str(number)
    for place, digit in enumerate(digits):
        unit = _UNITS[len(digits) - 1 - place]
        if digit == "0":
            gap = True
            continue
        found += ("零" if gap and found else "") + _DIGITS[int(digit)] + unit
        gap = False
    return found[1:] if 10 <= number < 20 else found


def chinese_digits(number: int) -> str:
    """Digit by digit: 12 → 一二, 10 → 一〇."""
    return "".join(_DIGITS[int(digit)] if digit.isdigit() else digit for digit in str(number))
