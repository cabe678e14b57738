"""Number marks: 一、 （一） 1. (1) ① 1.1 第一章 第X条 一是 A. —— ● 专栏1 附件1 表1.

All functions read normalised text (``extractor.text.view``): brackets, digits and dots are half width, and a
blank stands only between two narrow characters, so that ``1. 100%`` still differs from ``1.100%``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

MarkKind = Literal[
    "part",  # 第一编, 第一篇, 第一部分
    "chapter",  # 第一章
    "section",  # 第一节
    "article",  # 第一条
    "cn",  # 一、
    "cn_paren",  # (一)
    "cn_half",  # 一)
    "arabic",  # 1. 1、
    "arabic_paren",  # (1)
    "arabic_half",  # 1)
    "circle",  # ①
    "dotted2",  # 1.1
    "dotted3",  # 1.1.1
    "dotted4",  # 1.1.1.1
    "ordinal",  # 一是, 一要, 第一，
    "letter",  # A. a) (a)
    "roman",  # Ⅰ. II.
    "label",  # 任务一： 行动1：
    "dash",  # —— -
    "bullet",  # ● ■ •
    "box",  # 专栏1
    "annex",  # 附件1
    "table",  # 表1, 附表2
]


@dataclass(frozen=True, slots=True)
class Mark:
    """``text`` is the mark as the view prints it, ``start`` and ``end`` its place there.

    ``number`` is the count the mark states (the last part of ``1.2.3``), None for dashes, bullets and a
    label without number.
    """

    kind: MarkKind
    number: int | None
    text: str
    start: int
    end: int


_CN = "一二三四五六七八九十百零〇两"
_DIGIT = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_ROMAN = {char: value for value, char in enumerate("ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ", start=1)}
_ROMAN_ASCII = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10}
_CIRCLES = {
    chr(first + at): at + base
    for first, size, base in ((0x2460, 20, 1), (0x3251, 15, 21), (0x32B1, 15, 36), (0x2776, 10, 1), (0x24F5, 10, 1))
    for at in range(size)
}
_RINGED = {chr(0x2474 + at): at + 1 for at in range(20)}  # ⑴
_DOTTED_CHAR = {chr(0x2488 + at): at + 1 for at in range(20)}  # ⒈
_RINGED_CN = {chr(0x3220 + at): at + 1 for at in range(10)}  # ㈠
_BULLETS = "•●■◆▪▫○◎□▲△◇➢►▶▸✓✔\uf06c\uf06e\uf0b2\uf0b7\uf0d8\uf0fc\uf075"

# What makes "1.5" a quantity and no section number: a measure word or a sign after it.
_MEASURE = (
    r"[%‰°℃〜~×]|个百分点|个(?![性体])|百分|万|亿|[千百十](?!家)|元|吨|倍|公里|公顷|平方|立方|亩|米|千|度|克|升|小时|分钟|"
    r"分(?![析类级布工解步阶配散别区])|人次|人(?![才口员民文居工力大])|户(?!籍)|家(?!庭|政)|张|所(?!有)|件|次|年|月|日|天|周(?!边|期)|成(?![立果效长])|"
    r"[:,;)。/~-]|以上|以下|以内|左右"
)
_DECIMAL_TAIL = re.compile(rf"\s?(?:{_MEASURE}|[A-Za-z]|$)")
_CLASS = r"[类级线等期批档次季年月日号#楼层产型组]"

_RULES: tuple[tuple[MarkKind, re.Pattern[str]], ...] = (
    ("part", re.compile(rf"第([{_CN}]+|\d{{1,3}})(?:编|篇|部分|板块)(?!.?[的、])[:、.]?")),
    ("chapter", re.compile(rf"第([{_CN}]+|\d{{1,3}})章(?![的、和至第]|规定)[:、.]?")),
    ("section", re.compile(rf"第([{_CN}]+|\d{{1,3}})节(?![的、和至第课车]|规定)[:、.]?")),
    ("article", re.compile(rf"第([{_CN}]+|\d{{1,3}})条(?![的、和至到及款或第]|规定|生产线|措施|线|所)[:、.]?")),
    ("ordinal", re.compile(rf"第([{_CN}]+)[,、:](?!第?[{_CN}])")),
    ("ordinal", re.compile(r"([一二三四五六七八九十]+)[是要](?![否个种求素件闻])[,:]?")),
    ("cn", re.compile(rf"([{_CN}]+)(?:[、.:]|,(?=[^{_CN}\d]))\.?")),
    ("cn_paren", re.compile(rf"[(〔【\[]([{_CN}]+)[)〕】\]][、.:]?")),
    ("cn_half", re.compile(rf"([{_CN}]+)\)[、.]?")),
    ("dotted4", re.compile(r"\d{1,2}\.\d{1,2}\.\d{1,2}\.(\d{1,2})(?![\d.])[、:]?")),
    ("dotted3", re.compile(r"\d{1,2}\.\d{1,2}\.(\d{1,2})(?!\d|\.\d)[.、:]?")),
    ("dotted2", re.compile(r"[1-9]\d?\.([1-9]\d?)(?!\d|\.\d)[.、:]?")),
    ("arabic", re.compile(rf"(\d{{1,3}})(?:[、．]|\.(?![\d.])|\.(?=\d{{3,4}}(?:千伏|(?!\d|\.\d|{_MEASURE})[\u4e00-\u9fff]))|\.(?=(?:19|20)\d\d(?:年|[-~—]))|\.(?=\d{{1,2}}月(?:[底末份初中上下前]|\d))|:(?=[^\d\s]))")),
    ("arabic_paren", re.compile(r"\((\d{1,3})\)[、.:]?")),
    ("arabic_half", re.compile(r"(\d{1,3})\)[、.]?")),
    ("letter", re.compile(r"\(?([A-Za-z])(?:\)|、(?![A-Za-z])|\.(?![A-Za-z\d]))")),
    ("roman", re.compile(r"(VIII|VII|VI|IV|IX|III|II|I|V|X|[Ⅰ-Ⅻ])[.、]")),
    ("label", re.compile(rf"(?:重点)?(?:任务|行动|工程|举措|措施|专项|目标|项目)([{_CN}]+|\d{{1,2}})[:、.]")),
    ("box", re.compile(rf"专栏(?:([{_CN}]+|\d{{1,3}})(?:-\d+)?(?![个项中])[:、.]?|[:])")),
    ("annex", re.compile(rf"附件(?:([{_CN}]+|\d{{1,2}})(?:-\d+)?(?![所中的)])[:、.]?|:|(?=\n|$))")),
    ("table", re.compile(r"(?:附表|表|附录)(?:([一二三四五六七八九十]+|\d{1,3}|[A-Z])(?:[-—.]\d+)*(?![所中的)])[:、.]?|:|(?=\n|$))")),
    ("dash", re.compile(r"(?:[—]{1,3}|--?)[ ]?(?=[^\d\s—\-%])")),
    ("bullet", re.compile(rf"[{_BULLETS}]+|·+(?=\S)")),
)  # fmt: skip


def _index_rules() -> dict[str, tuple[tuple[MarkKind, re.Pattern[str]], ...]]:
    """Which rules can apply to a first character; keeps the common case (a plain sentence) at one look-up."""
    heads: dict[str, str] = {
        "part": "第", "chapter": "第", "section": "第", "article": "第", "ordinal": "第" + _CN, "cn": _CN,
        "cn_paren": "(〔【[", "cn_half": _CN, "dotted4": "0123456789", "dotted3": "0123456789",
        "dotted2": "0123456789", "arabic": "0123456789", "arabic_paren": "(", "arabic_half": "0123456789",
        "letter": "(ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "roman": "IVX" + "".join(_ROMAN),
        "label": "任行工举措专目项重", "box": "专", "annex": "附", "table": "附表", "dash": "—-",
        "bullet": _BULLETS + "·",
    }  # fmt: skip
    starts: dict[str, tuple[tuple[MarkKind, re.Pattern[str]], ...]] = {}
    for kind, pattern in _RULES:
        for char in heads[kind]:
            starts[char] = (*starts.get(char, ()), (kind, pattern))
    return starts


_STARTS = _index_rules()


def cn_number(words: str) -> int | None:
    """The value of a Chinese numeral below 1000 (十二, 二十, 一百零三, 一〇); None where it is none."""
    if words.isdigit() and words.isascii():
        return int(words)
    if not words or any(char not in _DIGIT and char not in "十百" for char in words):
        return None
    if "十" not in words and "百" not in words:
        return int("".join(str(_DIGIT[char]) for char in words))
    total, pending = 0, None
    for char in words:
        if char in _DIGIT:
            pending = _DIGIT[char]
            continue
        total += (1 if pending is None else pending) * (100 if char == "百" else 10)
        pending = None
    return total + (pending or 0)


def parse_mark(text: str, at: int = 0) -> Mark | None:
    """The number mark that stands at ``text[at]``, or None.

    Decimals (1.5亿元), enumerations (一、二类目标), classes (（一）类) and years are no marks. Whether a mark
    of a list really belongs to it is for the sequence to tell (``iter_marks``).
    """
    if at >= len(text):
        return None
    char = text[at]
    single = _single(char)
    if single is not None:
        end = at + 1
        if end < len(text) and text[end] in ".、":
            end += 1
        return Mark(single[0], single[1], text[at:end], at, end)
    for kind, pattern in _STARTS.get(char, ()):
        match = pattern.match(text, at)
        if match is not None and _holds(kind, match, text):
            return Mark(kind, _number(kind, match), match.group().rstrip(), at, match.end())
    return None


def _single(char: str) -> tuple[MarkKind, int] | None:
    if char < "\u2460":
        return None
    if char in _CIRCLES:
        return "circle", _CIRCLES[char]
    if char in _RINGED:
        return "arabic_paren", _RINGED[char]
    if char in _DOTTED_CHAR:
        return "arabic", _DOTTED_CHAR[char]
    if char in _RINGED_CN:
        return "cn_paren", _RINGED_CN[char]
    return None


def _number(kind: MarkKind, match: re.Match[str]) -> int | None:
    if match.re.groups == 0 or match.group(1) is None:
        return None
    words = match.group(1)
    if kind == "letter":
        return ord(words.lower()) - ord("a") + 1
    if kind == "roman":
        return _ROMAN.get(words) or _ROMAN_ASCII.get(words)
    return cn_number(words)


_NEXT_CN = re.compile(rf"([{_CN}]+)({_CLASS}|、|三)?")
_NEXT_ARABIC = re.compile(rf"(\d{{1,3}})({_CLASS}|、)")
_NEXT_PAREN = re.compile(r"[和至到或及—-]?[(〔]")
_AFTER_PAREN = re.compile(
    r"类(?!别)|级(?!别)|[款项](?![目规])|档(?!案)|型(?!号)|[)%,。;]|[年月](?![度])|日(?![常间照均托])"
)


def _holds(kind: MarkKind, match: re.Match[str], text: str) -> bool:
    """Whether what follows lets the words be a mark."""
    end = match.end()
    if kind == "cn":
        after = _NEXT_CN.match(text, end)
        number = cn_number(match.group(1))
        return not (after and after.group(2) and number is not None and cn_number(after.group(1)) == number + 1)
    if kind == "arabic":
        after = _NEXT_ARABIC.match(text, end)
        return not (after and int(after.group(1)) == int(match.group(1)) + 1) and not text.startswith("%", end)
    if kind in ("cn_paren", "arabic_paren"):
        if text.startswith(("类别", "分"), end):
            return True
        closed = match.group()[-1] in ")〕】]"
        return not (closed and _AFTER_PAREN.match(text, end)) and not _NEXT_PAREN.match(text, end)
    if kind == "dotted2":
        return match.group()[-1] in ".、:" or not _DECIMAL_TAIL.match(text, end)
    return True


# --- marks inside a stretch -------------------------------------------------------------------------------

_ANYWHERE = re.compile(
    rf"(?<![\d.第])\d{{1,3}}(?:[.、):]|\.\d)|\(\d{{1,3}}\)|[①-⑳㉑-㉟㊱-㊿❶-❿⓵-⓾⑴-⒇⒈-⒛㈠-㈩]|"
    rf"(?<![{_CN}第])[{_CN}]+[、.)是要]|[(〔][{_CN}]+[)〕]|(?<=\n)[A-Za-z][.、)]|(?<=[\n。;:])(?:[—]{{1,2}}|-)(?=[^\d—-])|"
    rf"[{_BULLETS}]|(?<=\n)第[{_CN}\d]+[章节条]"
)
_LOOSE = frozenset({"circle", "arabic", "arabic_paren", "arabic_half"})  # may follow a word without punctuation
_BREAKS = "\n。;:,!?)”、"
_INNER = frozenset(
    {"cn", "cn_paren", "cn_half", "arabic", "arabic_paren", "arabic_half", "circle", "ordinal", "letter", "dotted2",
     "dotted3", "dash", "bullet", "article"}
)  # fmt: skip


def iter_marks(text: str) -> list[Mark]:
    """The marks that cut ``text`` (a cell or paragraph, as a view) into items, in order.

    Numbers must run on: a list starts at 1 (or with the text itself), each next mark counts one more; at the
    start of a line a small gap is allowed. A 1 in mid-line counts only where a 2 of its kind follows. A stray
    ``2.`` or a decimal is left alone. Lists of several kinds may be nested; all their marks are given.
    """
    found = [mark for match in _ANYWHERE.finditer(text) if (mark := _candidate(text, match.start())) is not None]
    if not found:
        first = parse_mark(text)
        return [first] if first is not None and first.kind in _INNER else []
    if found[0].start > 0:
        first = parse_mark(text)
        if first is not None and first.kind in _INNER:
            found = [first, *(mark for mark in found if mark.start >= first.end)]
    return _in_sequence(text, found)


def _candidate(text: str, at: int) -> Mark | None:
    mark = parse_mark(text, at)
    if mark is None or mark.kind not in _INNER:
        return None
    if at == 0 or text[at - 1] in _BREAKS or mark.kind in _LOOSE:
        return mark
    return None


def _in_sequence(text: str, found: list[Mark]) -> list[Mark]:
    followed = _followed(found)
    last: dict[MarkKind, int] = {}
    kept: list[Mark] = []
    for at, mark in enumerate(found):
        opens_line = mark.start == 0 or text[mark.start - 1] == "\n"
        if mark.number is None:
            if opens_line or text[mark.start - 1] in "。;:":
                kept.append(mark)
            continue
        before = last.get(mark.kind)
        runs_on = before is not None and mark.number == before + 1
        gap = before is not None and opens_line and before < mark.number <= before + 3
        begins = mark.number == 1 and (opens_line or followed[at])
        if mark.start == 0 or runs_on or gap or begins:
            kept.append(mark)
            last[mark.kind] = mark.number
    return kept


def _followed(found: list[Mark]) -> list[bool]:
    """For each mark, whether the next count of its kind comes before that kind starts anew."""
    upcoming: dict[MarkKind, set[int]] = {}
    result = [False] * len(found)
    for at in range(len(found) - 1, -1, -1):
        mark = found[at]
        if mark.number is None:
            continue
        later = upcoming.setdefault(mark.kind, set())
        result[at] = mark.number + 1 in later
        if mark.number == 1:
            later.clear()
        later.add(mark.number)
    return result
