"""Comparator words before and after a number: which relation they state and how far they reach."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple, cast

from extractor.mentions.lexicon import load, one_of
from extractor.types.mention import Comparator

Force = Literal["strong", "weak"]


class Cue(NamedTuple):
    """A comparator in ``text[start:end]``; a ``tight`` one must touch its number.

    ``op`` is None where the words only tie a number to its measure (保持在).
    """

    start: int
    end: int
    op: Comparator | None
    force: Force
    tight: bool


_DATA = load("comparators")
_NEGATED = ("不得", "不能", "不应", "不宜", "不可", "不会", "不准", "不允许")


def _spread(word: str) -> list[str]:
    """不低于 also as 不得低于, 不应低于 …"""
    if word.startswith("不") and len(word) > 2 and word not in ("不亚于",):
        return [word, *(mark + word[1:] for mark in _NEGATED)]
    return [word]


def _table() -> dict[str, tuple[Comparator | None, Force, bool]]:
    table: dict[str, tuple[Comparator | None, Force, bool]] = {}
    for op, entry in _DATA["before"].items():
        name = None if op == "none" else cast(Comparator, op)
        for word in entry.get("weak", ()):
            table[word] = (name, "weak", word in entry.get("tight", ()))
        for word in entry.get("strong", ()):
            for form in _spread(word):
                table[form] = (name, "strong", word in entry.get("tight", ()))
        for verb in (*entry.get("rise", ()), *entry.get("fall", ())):
            for link in ("到", "至", "为"):
                if link == "为" and len(verb) < 2:
                    continue
                table[verb + link] = (name, "weak", False)
    return table


_BEFORE = _table()
_AFTER: dict[str, Comparator] = {word: cast(Comparator, op) for op, words in _DATA["after"].items() for word in words}
_BEFORE_PATTERN = re.compile(rf"(?:分别)?(?:应|须|需|要)?(?P<word>{one_of(_BEFORE)})(?:或)?")
_AFTER_PATTERN = re.compile(
    rf"(?P<word>{one_of(_AFTER)}|内(?![部容地外设涵控需资蒙科河陆含在生])|间(?!隔))(?:\(含[^()]{{0,8}}\))?"
)
# 超3A级, 过程, 超标: tight words need a number at once; what they can't be part of is settled by that.
_NOT_CUE = re.compile(r"(?:[通经越透不]过|[日曾太错难]过|高超|提升至关|[临附靠邻最]近)$")


def find_cues(text: str) -> list[Cue]:
    """All comparators that stand before what they compare, left to right."""
    cues = []
    for match in _BEFORE_PATTERN.finditer(text):
        word = match["word"]
        op, force, tight = _BEFORE[word]
        start, end = match.start(), match.end()
        if tight:
            start = match.start("word") if not match[0].startswith("分别") else start
            if _NOT_CUE.search(text, max(0, end - 4), end):
                continue
        cues.append(Cue(start, end, op, force, tight))
    return cues


def match_suffix(text: str, at: int) -> tuple[int, Comparator | None] | None:
    """The comparator that follows a number: (its end, its relation; None for 之间), or None."""
    match = _AFTER_PATTERN.match(text, at)
    if match is None:
        return (at + 2, None) if text.startswith("之间", at) else None
    if match["word"] == "内":
        return match.end(), "le"
    if match["word"] == "间":
        return match.end(), None
    return match.end(), _AFTER[match["word"]]
