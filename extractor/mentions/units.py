"""Units and measure words after a number."""

from __future__ import annotations

import re

from extractor.mentions.lexicon import load, one_of

_DATA = load("units")
_GROUPS = {name: frozenset(table["words"]) for name, table in _DATA.items() if "words" in table}
_GUARD: dict[str, str] = _DATA["guard"]
SHARES = _GROUPS["share"]
TIMES = _GROUPS["time"]
COUNTS = _GROUPS["count"]
_ALIASES: dict[str, str] = _DATA["alias"]
_NO_COUNT = {"次": ("性",), "所": ("示", "述"), "分": tuple(_GUARD["分"])}
SCALES = {"十万": 10**5, "百万": 10**6, "千万": 10**7, "万亿": 10**12, "万": 10**4, "亿": 10**8}

_PLAIN = one_of(word for name, words in _GROUPS.items() if name not in ("share", "per") for word in words)
_BELOW = one_of(word for name, words in _GROUPS.items() if name != "share" for word in words)
_SCALE = r"个?(?:万亿|[十百千]万|万|亿)"
_UNDER = rf"(?:每)?(?:百|千|万|十万|百万|亿)?{_BELOW}(?:[·•.*]{_BELOW})?"
# 个百分点 | 万吨/年, 元/人·月, 张/千人 | 万 alone (a scale with its noun after it: 3万农户)
_UNIT = re.compile(
    rf"[万亿]?(?P<share>{one_of(SHARES)})"
    rf"|(?:(?P<scale>{_SCALE})[余多]?)?(?P<unit>{_PLAIN})(?P<per>(?:[/／](?:{_UNDER}|\({_UNDER}\)))*)"
    rf"|(?P<bare>{_SCALE})"
)


class Unit:
    """A unit in the text: ``name`` as printed without marks of vagueness, ``scale`` the factor of its scale word."""

    __slots__ = ("base", "end", "name", "scale")

    def __init__(self, end: int, name: str, base: str, scale: int) -> None:
        self.end, self.name, self.base, self.scale = end, name, base, scale


def match_unit(text: str, at: int, *, digits: bool = False) -> Unit | None:
    """The unit that starts at ``at``, or None. After ``digits`` a measure word rarely is part of a longer word."""
    match = _UNIT.match(text, at)
    if match is None:
        return None
    share = match["share"]
    if share:
        if _goes_on(text, match.end(), share):
            return None
        return Unit(match.end(), share, share, SCALES.get(text[at], 1))
    scale_word = (match["scale"] or match["bare"] or "").removeprefix("个")
    scale = SCALES.get(scale_word, 1)
    base = match["unit"]
    if base is None:
        return Unit(match.end(), scale_word, "", scale)
    per = match["per"] or ""
    end = match.end()
    while not per and _goes_on(text, end, base, lenient=digits and base in COUNTS):
        shorter = next((base[:cut] for cut in range(len(base) - 1, 0, -1) if base[:cut] in _ALL), None)
        if shorter is None:
            return Unit(match.end("scale"), scale_word, "", scale) if scale_word else None
        end -= len(base) - len(shorter)
        base = shorter
    return Unit(end, scale_word + base + per, base, scale)


_ALL = frozenset().union(*(words for name, words in _GROUPS.items() if name != "per"))


def canonical_unit(name: str | None) -> str | None:
    """``name`` with other spellings of a unit replaced by one: ㎡ → 平方米, 万kW → 万千瓦. For comparing, not printing."""
    if name is None:
        return None
    head, slash, tail = name.partition("/")
    scale = next((word for word in ("万亿", "百万", "千万", "十万", "万", "亿") if head.startswith(word)), "")
    base = head[len(scale) :]
    return scale + _ALIASES.get(base, base) + slash + "/".join(_ALIASES.get(part, part) for part in tail.split("/"))


def _goes_on(text: str, end: int, base: str, *, lenient: bool = False) -> bool:
    following = text[end : end + 1]
    if lenient:
        return following in _NO_COUNT.get(base, ())
    if not following:
        return False
    if following.isascii() and following.isalpha() and base[-1].isascii() and base[-1].isalpha():
        return True
    return following in _GUARD.get(base, "")
