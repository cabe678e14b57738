"""Numerals: every form that notices print, and a round trip over generated ones."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.text.numerals import iter_numerals, parse_numeral, parse_numeral_or_scale

DIGITS = "零一二三四五六七八九"


def spell(number: int) -> str:
    """``number`` below 10**12 in Chinese characters, the usual way."""
    if number == 0:
        return "零"
    words, zero = "", False
    for scale, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part, number = divmod(number, scale)
        if part == 0:
            zero = bool(words)
            continue
        if words and (zero or part < 1000):
            words += "零"
        words += _below_ten_thousand(part) + name
        zero = False
    return words


def _below_ten_thousand(number: int) -> str:
    words, zero = "", False
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, scale)
        if digit == 0:
            zero = bool(words)
            continue
        words += ("零" if zero else "") + DIGITS[digit] + name
        zero = False
    return words


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_spelled_numbers_read_back(number: int) -> None:
    assert parse_numeral(spell(number)) == number


@given(st.integers(min_value=0, max_value=10**12), st.integers(min_value=0, max_value=4))
def test_arabic_numbers_read_back_with_and_without_separators(number: int, places: int) -> None:
    value = Decimal(number).scaleb(-places)
    assert parse_numeral(f"{value:f}") == value
    assert parse_numeral(f"{value:,f}") == value


@given(st.text(alphabet="零一二两三四五六七八九十百千万亿廿点半几余多分之又-负0123456789,./ ", max_size=30))
def test_anything_is_a_number_or_none(text: str) -> None:
    value = parse_numeral(text)
    assert value is None or value.is_finite()
    end = 0
    for numeral in iter_numerals(text):
        assert end <= numeral.start < numeral.end <= len(text)
        end = numeral.end


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("35", "35"),
        ("1,050,000.5", "1050000.5"),
        (".5", "0.5"),
        ("-22.2", "-22.2"),
        ("负一百二十", "-120"),
        ("负的二十", "-20"),
        ("十", "10"),
        ("廿五", "25"),
        ("卅", "30"),
        ("两千三百五", "2350"),
        ("一百五", "150"),
        ("一百零五", "105"),
        ("一万三", "13000"),
        ("一百二十万三", "1203000"),
        ("三千五百万", "35000000"),
        ("四万万", "400000000"),
        ("五兆六十二亿", "5006200000000"),
        ("一千零十", "1010"),
        ("3千5百", "3500"),
        ("25万6千", "256000"),
        ("3万4000", "34000"),
        ("1.3万亿", "1300000000000"),
        ("二点五", "2.5"),
        ("六点四二万", "64200"),
        ("零点零零五", "0.005"),
        ("二〇二三", "2023"),
        ("一七二零", "1720"),
        ("壹佰捌拾壹", "181"),
        ("貳佰零參", "203"),
        ("兩萬", "20000"),
        ("十余", "10"),
        ("二十几", "20"),
        ("数百", "100"),
        ("四百多", "400"),
        ("半", "0.5"),
        ("三个半".replace("个", ""), "3.5"),
        ("十分之三", "0.3"),
        ("百分之六", "0.06"),
        ("一又二分之一", "1.5"),
        ("3/4", "0.75"),
        ("1又1/4", "1.25"),
    ],
)
def test_values(text: str, value: str) -> None:
    assert parse_numeral(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "甲",
        "十三五",
        "三十两",
        "两两",
        "一点两",
        "点五",
        "三点",
        "一又",
        "分之一",
        "零分之一",
        "3个",
        "千百",
        "五十千",
        "1一",
        "一" * 65,
    ],
)
def test_no_numbers(text: str) -> None:
    assert parse_numeral(text) is None


def test_a_bare_scale_stands_for_one() -> None:
    assert parse_numeral_or_scale("百") == 100
    assert parse_numeral_or_scale("千万") == 10**7
    assert parse_numeral_or_scale("甲") is None


def test_numerals_in_running_text_keep_their_places() -> None:
    text = "完成三千五百户,新增1.2万人;千方百计"
    assert [(text[n.start : n.end], n.value) for n in iter_numerals(text)] == [
        ("三千五百", Decimal(3500)),
        ("1.2万", Decimal(12000)),
    ]
