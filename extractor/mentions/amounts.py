"""Numbers with their units as they stand in the text, before any comparator is read."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from extractor.mentions.units import SCALES, SHARES, Unit, match_unit
from extractor.text.numerals import parse_numeral, parse_numeral_or_scale, simplify

_CN = "零〇一二两三四五六七八九十百千万亿廿卅卌壹贰叁肆伍陆柒捌玖拾佰仟貳參陸萬億兩"
_CN_DIGIT = "零〇一二三四五六七八九"
_ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_MIXED = r"\d+(?:\.\d+)?(?:[百千万亿]零?\d+(?!\d*(?:年|月|日|\.)))+[十百千]?"
_HALF = r"(?<![上下每后前过大])半(?=个?(?:年|月|天|小时|日|工作日|学期|吨|斤|公斤|百))"
_NUMBER = rf"(?:{_MIXED}|{_ARABIC}|{_HALF}|[几数]?[{_CN}]{{1,40}}(?:点[{_CN}]{{1,40}})?)"
_LOOSE = rf"(?:\d+(?:\.\d+)?[百千万亿][{_CN}\d]{{1,40}}|{_NUMBER})"
_YEAR = r"(?:19|20)\d\d"
_GAP = r"[-—~至到]{1,2}"

# Numbers that count nothing: titles, document numbers, ordinals, dates, names with letters, versions.
_NAMES = "|".join(
    (
        r"《[^《》]{0,100}》?",
        rf"[〔\[(]{_YEAR}[〕\])]\s?(?:第?\d+号)?",
        rf"第(?:\d+|[{_CN}]{{1,12}})(?:(?:[-—~、到]|至)第?(?:\d+|[{_CN}]{{1,12}}))?[条章节款项次届号位批期轮类部段季]?",
        rf"{_YEAR}(?:{_GAP}(?:{_YEAR}|\d\d)(?=年))?年度?(?:\d{{1,2}}(?:{_GAP}\d{{1,2}})?月(?:\d{{1,2}}[日号])?)?",
        rf"{_YEAR}[-./]\d{{1,2}}[-./]\d{{1,2}}",
        rf"(?<!\d)\d{{1,2}}(?:(?:{_GAP}|、)\d{{1,2}})?月(?:份|底|初|末|[上中下]旬|[0-3]?\d(?:{_GAP}[0-3]?\d)?[日号])?",
        r"(?<!\d)\d{1,2}日(?=前|起|至|之前|以前|[-—~])|\d{1,2}号",
        r"\d{1,2}:\d{1,2}(?::\d\d)?(?![\d.])|\d+(?:\.\d+)?:\d+(?:\.\d+)?",
        rf"[一二][{_CN_DIGIT}]{{3}}年(?:[一二三四五六七八九十]{{1,2}}月)?",
        r"(?:十[一二]|(?<![一二三四五六七八九十百千])[一二三四五六七八九十])月(?:份|底|初|末|[上中下]旬|[一二三四五六七八九十]{1,3}[日号])?",
        r"每(?:[百千万亿十]{1,4}|\d++[万千百])个?(?:名|人|户|亩|张|元|家|所|平方公里|公里|平方米|立方米|常住|居民|老年|辆|台|件|位)?",
        r"(?<![A-Za-z])[A-Za-z]{1,6}(?:/[A-Z])?[-. ]?\d++(?:\.\d++)*(?!\.\d|[%‰个家项台套名件])",
        r"\d++(?:\.\d++)?\+(?:\d++|[NnXx])",
        r"\d++(?:\.\d++){2,}",
        r"(?<![\d.])\d{1,2}\.(?=(?:19|20)\d\d年|100%)",
        r"最多跑一[次地趟]",
        r"\d++[×xX*]\d++",
        rf"(?:\d++|[{_CN}]{{1,4}})(?:分钟|小时|公里)[^,。;、\d]{{0,8}}圈",
    )
)
_QUOTED = r"[“「『\"][^“”「」『』\"]{1,14}[”」』\"]|‘[^‘’]{1,14}’"
_SHARE = (
    rf"(?:负的?)?(?:(?P<of>[百千万]|十万|百万|佰|仟|萬)分之?(?P<parts>{_NUMBER}|百)"
    rf"|(?:(?P<and>{_NUMBER})又)?(?P<below>{_NUMBER})分之(?P<above>{_NUMBER}))"
)
_DOUBLING = rf"翻(?:(?P<times>[{_CN}]|\d+(?:\.\d+)?)番|番)|(?P<half>(?:一半|半数)(?=以上|以下|左右)|(?<=[少减缩短低降过到于])一半|(?<=[率例数比重]过)半(?![数年月天个]))"
_RANK = rf"第(?P<rank1>{_NUMBER})名?{_GAP}第(?P<rank2>{_NUMBER})名"
_SIGN = r"(?:(?:(?<![\w%)-])|(?<=[于过到为是达在]))-|负)?"
_SCAN = re.compile(rf"{_RANK}|(?P<skip>{_NAMES}|{_QUOTED})|{_SHARE}|{_DOUBLING}|(?P<number>{_SIGN}{_NUMBER})")
_SCAN_BARE = re.compile(
    rf"{_RANK}|(?P<skip>《[^《》]{{0,100}}》)|{_SHARE}|{_DOUBLING}|(?P<slash>(?<![/\d])-?(?:\d+[又 ])?\d+/\d+(?![/\d]))|(?P<number>第?{_SIGN}{_LOOSE})"
)
# Where a match of either may start: looked for first, as one set of characters is found fast.
_START = re.compile(rf"[《〔\[(第\d{_CN}每A-Za-z负翻几数半“「『\"‘最-]")
_ANY = re.compile(r"[\d零〇一二两三四五六七八九十百千万亿廿卅几数半壹贰叁肆伍陆柒捌玖拾貳參陸]")
_PAIR = re.compile(
    r"([一二两三四五六七八])([二三四五六七八九])([十百千万亿]*)|(十)([一二三四五六七八])([二三四五六七八九])"
)
_TO = re.compile(rf" ?(?:{_GAP}|——|-{{2}}) ?(?=[\d{_CN}百])|[与和](?=[^,。;、]{{1,12}}间)")
_LONGEST = 24  # a longer run of numeral characters that is no number is no list of numbers either
_LATIN_UNIT = re.compile(r"[A-Za-zμ%‰℃㎡]")
_PLAIN = re.compile(rf"[-负]?{_ARABIC}")
_COIN = r"(?:\d+|[一二三四五六七八九壹贰叁肆伍陆柒捌玖])"
_ANGLE = re.compile(rf"(?P<jiao>{_COIN})[角毛](?:(?P<fen>{_COIN})分)?|(?P<only>{_COIN})分")
_SMALL_SCALE = {"十": 10, "百": 100, "千": 1000, "佰": 100, "仟": 1000, "拾": 10}


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in ``text[start:end]``; ``unit`` as printed with its scale word, ``base`` without it.

    ``chinese``: written in Chinese numerals of one or two characters, so that it may be no count at all;
    ``scale_only``: a scale stands for the number (千人); ``rank``: places in an order.
    """

    start: int
    end: int
    value: Decimal
    upper: Decimal | None = None
    unit: str | None = None
    base: str | None = None
    scale: int = 1
    chinese: bool = False
    scale_only: bool = False
    vague: bool = False
    rank: bool = False


def has_number(text: str) -> bool:
    """Whether there is anything to read at all; cheap."""
    return _ANY.search(text) is not None


def read_amounts(text: str, *, bare: bool = False) -> list[Amount]:
    """The numbers with units of ``text``, ranges joined, and those without a unit that might have a comparator.

    Numbers in names, dates and citations are left out. With ``bare`` quotations, ordinals and dates count too.
    """
    amounts: list[Amount] = []
    pattern = _SCAN_BARE if bare else _SCAN
    at = 0
    while start := _START.search(text, at):
        match = pattern.match(text, start.start())
        if match is None:
            at = start.end()
            continue
        at = match.end()
        if match["skip"] is not None:
            continue
        amount = _read(text, match)
        if amount is None:
            whole = match["number"] and (match["number"][-1].isdigit() or len(match["number"]) > _LONGEST)
            at = at if whole else match.start() + 1
            continue
        amount = _join(text, amount, pattern)
        at = amount.end
        amounts.append(amount)
    return amounts


def _read(text: str, match: re.Match[str]) -> Amount | None:
    start, end = match.span()
    if match["rank1"]:
        low, high = parse_numeral(match["rank1"]), parse_numeral(match["rank2"])
        return None if low is None or high is None else Amount(start, end, low, high, "名", "名", rank=True)
    if match["of"] or match["below"]:
        return _share(match)
    if match["half"]:
        return Amount(start, end, Decimal(50), None, "%", "%")
    if match["number"] is None:
        if match.groupdict().get("slash"):
            value = parse_numeral(match["slash"])
            return None if value is None else Amount(start, end, value)
        times = parse_numeral(match["times"] or "一")
        return (
            None if times is None or times > 20 else Amount(start, end, 2 ** int(times) * Decimal(1), None, "倍", "倍")
        )
    return _number(text, start, match["number"])


def _share(match: re.Match[str]) -> Amount | None:
    start, end = match.span()
    negative = match[0].startswith("负")
    if match["of"]:
        of = match["of"]
        parts = parse_numeral_or_scale(match["parts"])
        below = parse_numeral_or_scale(of)
        if parts is None or below is None:
            return None
        value = parts * 100 / below
        return Amount(start, end, -value if negative else value, None, "%", "%")
    whole = f"{match['and']}又" if match["and"] else ""
    value_or_none = parse_numeral(f"{whole}{match['below']}分之{match['above']}")
    if value_or_none is None:
        return None
    return Amount(start, end, -value_or_none if negative else value_or_none)


def _number(text: str, start: int, printed: str) -> Amount | None:
    """A number that starts at ``start``: the longest numeral of ``printed``, then its unit."""
    ordinal = printed.startswith("第")
    if ordinal:
        start, printed = start + 1, printed[1:]
    end = start + len(printed)
    digits = printed.lstrip("-负")
    if digits[0].isdecimal():
        return _arabic(text, start, end, printed)
    plain = simplify(digits)
    if pair := _PAIR.fullmatch(plain):
        amount = _pair(text, start, end, pair)
        if amount is not None:
            return amount
    return _chinese(text, start, printed)


def _arabic(text: str, start: int, end: int, printed: str) -> Amount | None:
    value = parse_numeral(printed)
    if value is None and (plain := _PLAIN.match(printed)):
        printed, end = plain[0], start + plain.end()
        value = parse_numeral(printed)
    if value is None:
        return None
    at = end + 1 if text[end : end + 1] in ("余", "多", "几") else end
    if text[end : end + 1] == " " and _LATIN_UNIT.match(text, end + 1):
        at = end + 1
    unit = match_unit(text, at, digits=True)
    if unit is None and at > end and text[end] == " ":
        at = end
    if unit is None and (factor := _SMALL_SCALE.get(text[at : at + 1])) and not text.startswith("分之", at + 1):
        value, at = value * factor, at + 1
        at = at + 1 if text[at : at + 1] in ("余", "多") else at
        unit = match_unit(text, at, digits=True)
        end = at
    return _with_unit(text, start, end, at, value, unit)


def _with_unit(text: str, start: int, end: int, at: int, value: Decimal, unit: Unit | None) -> Amount | None:
    if unit is None:
        if text[at : at + 1].isascii() and text[at : at + 1].isalpha():
            return None
        return Amount(start, at, value, vague=at > end)
    stop = unit.end
    name, base = unit.name, unit.base
    if name == "个" and text.startswith(("多月", "半月"), stop):
        return Amount(start, stop + 2, value + (Decimal("0.5") if text[stop] == "半" else 0), None, "个月", "个月")
    if name == "成":
        return _tenths(text, start, stop, value)
    if base in ("角", "毛") and unit.scale == 1:
        return Amount(start, stop, value / 10, None, "元", "元")
    if base in ("元", "块", "圆") and unit.scale == 1 and (tail := _ANGLE.match(text, stop)):
        jiao = parse_numeral(tail["jiao"] or "零") or Decimal(0)
        fen = parse_numeral(tail["fen"] or tail["only"] or "零") or Decimal(0)
        return Amount(start, tail.end(), value + jiao / 10 + fen / 100, None, name, base)
    if text.startswith("半", stop) and base in ("年", "吨", "斤", "公斤", "亩", "小时", "天", "倍", "米", "里", "公里"):
        return Amount(start, stop + 1, value + Decimal("0.5"), None, name, base)
    if text[stop : stop + 1] in ("多", "余") and base in ("年", "元", "亩", "倍", "公里", "吨"):
        stop += 1
    return Amount(start, stop, value, None, name, base, unit.scale, vague=at > end)


def _tenths(text: str, start: int, stop: int, value: Decimal) -> Amount:
    """三成 is 30 %, 三成半 35 %, 七成六 76 %."""
    value *= 10
    if text.startswith("半", stop):
        return Amount(start, stop + 1, value + 5, None, "%", "%", chinese=True)
    return Amount(start, stop, value, None, "%", "%")


def _pair(text: str, start: int, end: int, pair: re.Match[str]) -> Amount | None:
    """两三个, 三五家, 七八十人, 十五六个: two neighbouring digits give a range."""
    if pair[4]:
        low, high = parse_numeral("十" + pair[5]), parse_numeral("十" + pair[6])
    else:
        low, high = parse_numeral(pair[1] + pair[3].rstrip("万亿")), parse_numeral(pair[2] + pair[3].rstrip("万亿"))
    if low is None or high is None or (high - low != 1 and (pair[1], pair[2]) != ("三", "五")):
        ten = parse_numeral("一" + pair[3].rstrip("万亿")) if pair[3] else None
        if low is None or high is None or ten is None or high - low != ten:
            return None
    tail = len(pair[3] or "") - len((pair[3] or "").rstrip("万亿"))
    unit = match_unit(text, end - tail)
    if unit is None or unit.name in SHARES or unit.base in ("类", "期", "批"):
        return None
    return Amount(start, unit.end, low, high, unit.name, unit.base, unit.scale)


def _chinese(text: str, start: int, printed: str) -> Amount | None:
    shortest = 0 if len(printed) <= _LONGEST else len(printed) - 1
    for length in range(len(printed), shortest, -1):
        head = printed[:length]
        value = parse_numeral(head)
        if value is not None:
            break
    else:
        return None
    end = start + length
    plain = simplify(head)
    scale_only = all(c in "百千万亿" for c in plain.lstrip("几数"))
    # 三千五百万元: the scale belongs to the unit, unless there are two (一亿五千万)
    core = plain.rstrip("万亿")
    scale_word = plain[len(core) :]
    if scale_word == plain and (unit := match_unit(text, start)) is not None and unit.scale > 1:
        return Amount(start, unit.end, Decimal(1), None, unit.name, unit.base, unit.scale, scale_only=True)
    if scale_word in SCALES and core and not set(core) & set("万亿"):
        inner = parse_numeral(core)
        unit = match_unit(text, end - len(scale_word))
        if inner is not None and unit is not None and unit.base in SHARES:
            return Amount(start, unit.end, value, None, unit.name, unit.base)
        if inner is not None and unit is not None and unit.scale == SCALES[scale_word]:
            return Amount(start, unit.end, inner, None, unit.name, unit.base, unit.scale, scale_only=scale_only)
    at = end + 1 if text[end : end + 1] in ("余", "多", "来", "几") else end
    unit = match_unit(text, at)
    amount = _with_unit(text, start, end, at, value, unit)
    if amount is None:
        return None
    return replace(amount, chinese=len(plain) <= 2 and value <= 10, scale_only=scale_only)


def _join(text: str, low: Amount, pattern: re.Pattern[str]) -> Amount:
    """A range, where another number follows at once: 60%—70%, 15至20个, 百分之六到八."""
    if low.upper is not None or low.rank:
        return low
    link = _TO.match(text, low.end)
    if link is None:
        return low
    match = pattern.match(text, link.end())
    if match is None or match["skip"] is not None:
        return low
    high = _read(text, match)
    if high is None or high.upper is not None:
        return low
    if link[0] in "与和" and high.base == "间" and low.unit is None:
        high = replace(high, end=high.end - 1, unit=None, base=None)
    if link[0] in "与和" and not text.startswith(("间", "之间"), high.end):
        return low
    if low.unit is None:
        value = low.value
        if value > high.value and high.scale > 1 and value < high.value * high.scale:
            value = value / high.scale
        if value > high.value:
            return low
        return replace(high, start=low.start, value=value, upper=high.value, chinese=False)
    return _same_unit(low, high)


def _same_unit(low: Amount, high: Amount) -> Amount:
    if (
        high.unit == low.unit
        or (high.unit is None and low.unit == "%")
        or (high.unit or "").startswith(low.unit or "?")
    ):
        if low.value <= high.value:
            unit, base, scale = (high.unit or low.unit), (high.base or low.base), high.scale
            return Amount(low.start, high.end, low.value, high.value, unit, base, scale)
    elif high.base == low.base and low.value * low.scale < high.value * high.scale:
        # 8000元至1万元
        return Amount(low.start, high.end, low.value * low.scale, high.value * high.scale, low.base, low.base)
    return low
