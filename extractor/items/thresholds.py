"""Thresholds that stand only in the words on scoring (年内至少开展3次，少一次扣1分)."""

from __future__ import annotations

import re

from extractor.text.view import View, make_view
from extractor.types.geometry import Span

_CLAUSE = re.compile(r"[^,;。\n]+")
_THRESHOLD = re.compile(
    r"(?:≥|>=|不低于|不少于|不得少于|不得低于|至少|达到?|≤|<=|不超过|不高于|控制在)[^,;。\n]{0,6}?\d|\d[\d.]*(?:%|[\u4e00-\u9fa5]{1,2})(?:及?以上|以内)|100%"
)
_SCORES = re.compile(r"扣|不得分|不给分|不计分|\d\s?分(?![钟类之析级])|零分")
_FULL = re.compile(r"满分|全分|得该项分")
_NEGATIVE = re.compile(r"低于|未|不足|少于|不够|超过|<|＜|每(?:少|低|下降|降低|增|超|缺|发)|缺")


def find_thresholds(text: str, item: Span, scoring: Span) -> tuple[Span, ...]:
    """The clause of ``scoring`` that says what earns the full points, where the item itself prints no threshold."""
    if _states(make_view(text, item).text):
        return ()
    view = make_view(text, scoring)
    clauses = list(_CLAUSE.finditer(view.text))
    for at, clause in enumerate(clauses):
        words = clause.group()
        if not _THRESHOLD.search(words):
            continue
        following = clauses[at + 1].group() if at + 1 < len(clauses) else ""
        if _FULL.search(words):
            return (_cut(view, clause),)
        if _SCORES.search(words) or _NEGATIVE.search(
            words.replace("不低于", "").replace("不少于", "").replace("不超过", "")
        ):
            continue
        if _FULL.search(following) or re.match(r"(?:每?[少缺低未]|否则|不足|达不到|没有|每(?:降|下|差))", following):
            return (_cut(view, clause),)
    return ()


def _states(words: str) -> bool:
    return bool(_THRESHOLD.search(words)) or bool(re.search(r"\d[\d.]*\s?(?:%|‰)", words))


def _cut(view: View, clause: re.Match[str]) -> Span:
    """The clause without what it earns (完成率≥90%得满分 → 完成率≥90%)."""
    words = clause.group()
    full = re.search(r"(?:的)?(?:可?得|计|给)?(?:满分|全分|该项分)", words)
    end = clause.start() + (full.start() if full else len(words))
    return view.span(clause.start(), end)
