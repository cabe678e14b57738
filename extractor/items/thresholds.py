"""Thresholds that stand only in the words on scoring (年内至少开展3次，少一次扣1分)."""

from __future__ import annotations

import re
from decimal import Decimal

from extractor.text.view import View, make_view
from extractor.types.geometry import Span
from extractor.types.item import Points

_CLAUSE = re.compile(r"[^,;。\n]+")
_THRESHOLD = re.compile(
    r"(?:≥|>=|不低于|不少于|不得少于|不得低于|至少|达到?|≤|<=|不超过|不高于|控制在|下降|增长|提高|提升|降低|压减|减少)[^,;。\n]{0,6}?\d"
    r"|\d[\d.]*(?:%|[\u4e00-\u9fa5]{1,2})(?:及?以上|以内)|100%"
)
_SCORES = re.compile(r"扣|不得分|不给分|不计分|\d\s?分(?![钟类之析级])|零分")
_EARNS = re.compile(r"(?:的)?(?:可?得|计|给)?\s?(?:满分|全分|该项分)|(?:的)?(?:可?得|计|给)\s?(\d+(?:\.\d+)?)\s?分")
_NEGATIVE = re.compile(r"(?<!不)低于|未|不足|(?<![不得])少于|不够|(?<!不)超过|<|每(?:少|低|下降|降低|增|超|缺|发)|缺")
_FALLS_SHORT = re.compile(r"(?:每?[少缺低未差]|每?下降|否则|不足|达不到|没有|每(?:降|下|高|超))")


def find_thresholds(text: str, item: Span, scoring: Span, points: Points | None = None) -> tuple[Span, ...]:
    """The clauses of ``scoring`` that say what earns the full points, where the item itself prints no threshold.

    ``points`` are the item's: what earns as many earns all.
    """
    if _states(make_view(text, item).text):
        return ()
    view = make_view(text, scoring)
    clauses = list(_CLAUSE.finditer(view.text))
    run: list[re.Match[str]] = []
    for at, clause in enumerate(clauses):
        words = clause.group()
        following = clauses[at + 1].group() if at + 1 < len(clauses) else ""
        if not _THRESHOLD.search(words) or _NEGATIVE.search(words):
            run = []
            continue
        earned = _EARNS.search(words)
        if earned is not None:
            return (_cut(view, [*run, clause], earned),) if _is_full(earned, points) else ()
        if _SCORES.search(words):
            run = []
            continue
        run.append(clause)
        earned = _EARNS.match(following)
        if earned is not None:
            return (_cut(view, run),) if _is_full(earned, points) else ()
        if _FALLS_SHORT.match(following):
            return (_cut(view, run),)
    return ()


def _is_full(earned: re.Match[str], points: Points | None) -> bool:
    return earned[1] is None or (points is not None and Decimal(earned[1]) == points.value)


def _states(words: str) -> bool:
    return bool(_THRESHOLD.search(words)) or bool(re.search(r"\d[\d.]*\s?(?:%|‰)", words))


def _cut(view: View, run: list[re.Match[str]], earned: re.Match[str] | None = None) -> Span:
    """From the first clause to the last, without what it earns (完成率≥90%得满分 → 完成率≥90%)."""
    end = run[-1].start() + earned.start() if earned is not None else run[-1].end()
    return view.span(run[0].start(), end)
