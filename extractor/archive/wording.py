"""The words of a metric made comparable: without whose, when and how earnestly, and with one form for what says the
same. What the words are is Chinese official usage in general, in ``wording.toml``.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from extractor.mentions.units import match_unit
from extractor.text.words import cut

_DATA: dict[str, Any] = tomllib.loads(files("extractor.archive").joinpath("wording.toml").read_text(encoding="utf-8"))
_YEAR = re.compile(
    r"[\"“”]?十[二三四五六七八九]五[\"“”]?(?:期间|时期|末|以来|规划)?|(?:19|20)\d\d(?:[-—~至](?:19|20)?\d\d)?年?(?:度|底|末|以前|前)?"
)
_BRACKET = re.compile(r"\(([^()]*)\)")
_MARKS = re.compile(r"[\s、，,。；;：:\"“”'‘’《》〈〉〔〕\[\]()·•/\-—_~+*#!！?？]+")
_EACH = re.compile(r"每(?:[\d一二三四五六七八九十百千万亿]+)?(?:[名位个户](?![外均]))?")
_NUMBER = re.compile(r"[A-Za-z]*\d+(?:\.\d+)?[A-Za-z]*|[A-Za-z]+")
_SHARE_OF = re.compile(r"^(?P<main>.{2,}?)占(?!比|地|用|道|有)(?P<of>.{2,}?)(?:比例|比重|比率|百分比|率|比)?$")
_SHARE_IN = re.compile(
    r"^(?P<of>.{2,}?)(?<![初高集其空水途之年期])中(?![小医心央级等职度学型药西期国间标长考])(?P<main>.{2,}?)(?:占比|比例|比重|比率)$"
)
# What says a change at the end, or that one is insured, says other things elsewhere (技能提升培训, 参加活动).
_TURNS = (
    (re.compile(r"(?:同比|年均)?(?:提高|提升|上升|增加|增长|增)(?:率|幅度|比例|速度|速|幅|目标)?$"), "增长"),
    (re.compile(r"(?:同比|累计|总量)?(?:下降|降低|减少|压减|削减|压降)(?:率|幅度|比例|目标|幅)?$|降幅$"), "下降"),
    (re.compile(r"^增加"), "新增"),
    (re.compile(r"参加(?=.{0,8}(?:保险|医保))"), "参保"),
)
RISES, FALLS = "增长", "下降"
SHARE, COUNT = "share", "count"


def _one_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("每每", "每")


def _squeezed(text: str) -> str:
    return _MARKS.sub("", _plain(text))


_FORMS: dict[str, str] = {
    form: one
    for one, forms in _DATA["same"].items()
    for said in (one, *forms)
    for form in (_plain(said), _squeezed(said))
}
_EMPTY = {_squeezed(word) for word in _DATA["empty"]["anywhere"]}
_SINGLE: dict[str, list[str]] = _DATA["empty"]["single"]
_WHOLE = frozenset(_DATA["whole"]["words"])
_KEPT = {word for words in _SINGLE.values() for word in words}
_ONE_FORM = re.compile(_one_of({*_FORMS, *_EMPTY, *_KEPT, *_SINGLE}))
_FRONT = re.compile(rf"^(?:{_one_of(_DATA['empty']['front'])})+(?=..)")
_BACK = re.compile(rf"(?<=..)(?:{_one_of(_DATA['empty']['back'])})+$")
_COUNT = re.compile(rf"(?<=..)(?:{_one_of(_DATA['measure']['count'])})$")
_SHARE = re.compile(rf"(?<=..)(?:{_one_of(_DATA['measure']['share'])})$")

AGAINST: dict[str, list[str]] = {row: [_squeezed(word) for word in words] for row, words in _DATA["against"].items()}
_BITS: dict[str, list[tuple[int, int]]] = {}
for _at, _row in enumerate(AGAINST.values()):
    for _bit, _word in enumerate(_row):
        _BITS.setdefault(_word, []).append((_at, 1 << _bit))
_STOCK = re.compile(
    _one_of(AGAINST["stock"])
)  # left out of the core, and yet they tell what there is from what is added
_AGAINST = re.compile(_one_of(_BITS))


@dataclass(frozen=True, slots=True)
class Wording:
    """``name``: as written, without place and year. ``core``: what is compared; ``of``: what a share is taken of, where
    it is said (占……的比例). ``head``: what it ends in: ``count`` or ``share``, else its last word. ``against``: for each
    row of ``AGAINST`` the words of it that stand in the metric, as bits. ``change``: 1 it is told how much it rises, -1
    falls, 0 neither. ``numbers``: figures and letters in it, which tell PM2.5 from PM10.
    """

    name: str
    core: str
    of: str
    head: str
    words: tuple[str, ...]
    against: tuple[int, ...]
    change: int
    numbers: frozenset[str]


@lru_cache(maxsize=200_000)
def wording(metric: str, places: tuple[str, ...] = ()) -> Wording:
    """``places``: names that are left out of it, the document's own and those above it."""
    name = _named(metric, places)
    text = _squeezed(_BRACKET.sub(_without_unit, _one_form(_plain(name))))
    main, of = _share_of(_EACH.sub("每", _one_form(text)))
    main = _one_form(_trimmed(main))
    core, head = _measured(main)
    return Wording(
        name=name, core=core, of=_measured(_trimmed(of))[0], head=head or _words(core)[-1], words=_words(core),
        against=_against(main + "\n" + "\n".join(_STOCK.findall(_squeezed(name)))), change=_change(main), numbers=frozenset(_NUMBER.findall(core)),
    )  # fmt: skip


def _named(metric: str, places: tuple[str, ...]) -> str:
    """Without place and year; where nothing else is left, the metric as it is."""
    text = _YEAR.sub("", metric)
    for place in sorted(places, key=len, reverse=True):
        text = text.replace(place, "")
    text = re.sub(r"^(?:全|我|本)(?:市|省|县|区|州|旗|盟|国)的?", "", text).strip(" \u3000、，,：:的")
    return text or metric


def _without_unit(match: re.Match[str]) -> str:
    inside = match[1].lstrip("单位：:")
    unit = match_unit(inside, 0)
    return "" if inside in ("%", "‰") or (unit is not None and unit.end == len(inside)) else match[1]


def _one_form(text: str) -> str:
    """Some short forms count as whole words only: 师资 is no part of 医师资格."""
    for words, form in _TURNS:
        text = words.sub(form, text)
    borders: set[int] = set()

    def one(match: re.Match[str]) -> str:
        found = match[0]
        if found in _EMPTY or found in _SINGLE:
            return ""
        form = _FORMS.get(found, found)
        if form == found or found not in _WHOLE:
            return form
        if not borders:
            borders.update(border for word in cut(text) for border in word)
        return form if borders.issuperset(match.span()) else found

    return _ONE_FORM.sub(one, text)


def _trimmed(text: str) -> str:
    return _BACK.sub("", _FRONT.sub("", text))


def _share_of(text: str) -> tuple[str, str]:
    """护理型床位占养老床位比例, 养老床位中护理型床位比例 → 护理型床位比例, 养老床位."""
    match = _SHARE_OF.match(text) or _SHARE_IN.match(text)
    return (f"{match['main']}比例", match["of"]) if match else (text, "")


def _measured(text: str) -> tuple[str, str]:
    """Without the words that only say that it is counted, or that a share is taken; and which of the two they say."""
    if match := _SHARE.search(text):
        return _COUNT.sub("", text[: match.start()]), SHARE
    if match := _COUNT.search(text):
        return _COUNT.sub("", text[: match.start()]), COUNT
    return text, ""


@lru_cache(maxsize=100_000)
def _words(core: str) -> tuple[str, ...]:
    return tuple(core[start:end] for start, end in cut(core)) or ("",)


def _against(text: str) -> tuple[int, ...]:
    found = [0] * len(AGAINST)
    for match in _AGAINST.finditer(text):
        for row, bit in _BITS[match[0]]:
            found[row] |= bit
    return tuple(found)


def _change(text: str) -> int:
    if text.endswith(FALLS) or FALLS in text[-5:]:
        return -1
    return 1 if RISES in text[-5:] else 0
