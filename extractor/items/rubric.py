"""Cells that say what is to be done and, after it, how points are given or lost."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from extractor.text.brackets import Stripped
from extractor.text.marks import parse_mark
from extractor.text.view import make_view
from extractor.types.geometry import Span
from extractor.types.item import Points

_CLAUSE = re.compile(r"[^,;。\n]+")
_LOSS = re.compile(
    r"扣|不得分|不给分|不计分|不加分|零分|得?0分|为止|^(?:可?得|计|给)?(?:满分|全分|\d+(?:\.\d+)?分)$|^否则|^酌情|^(?:累计|最[高多])|^(?:每|按).{0,12}(?:扣|减|得)"
)
_PURE = re.compile(r"^(?:的?可?得|计|给)\s?(?:\d+(?:\.\d+)?\s?分|满分|全分)$")
_EVENT = re.compile(r"^(?:发生|出现|被|因|受到|存在|凡|获|荣获|在.{1,20}(?:获|受|发生))|(?:的|批评|通报|事故|事件)$")
_EARNS = re.compile(r"[,;]?(?:的)?(?:可?得|计|给)\s?(?:(\d+(?:\.\d+)?)\s?分|满分|全分)$")


def _is_grade(said: list[str], at: int) -> bool:
    """A lower threshold with what it earns (90%以上，计3分), after one that was named before."""
    if at == 0 or at + 1 >= len(said) or not _PURE.match(said[at + 1]):
        return False
    return any(_PURE.match(one) for one in said[1:at]) and bool(re.search(r"\d", said[at]))


def split_rubric(text: str, stripped: Stripped) -> Stripped:
    """The words without the clauses at their end that say how points are lost; these become the scoring span.

    An event that itself is scored (发生事故的，每起扣5分) stays whole.
    """
    stripped = _without_rules(text, stripped)
    view = make_view(text, stripped.span)
    clauses = list(_CLAUSE.finditer(view.text))
    said = [clause.group().strip() for clause in clauses]
    cut = len(said)
    while cut > 0 and (_LOSS.search(said[cut - 1]) or _is_grade(said, cut - 1)):
        cut -= 1
    if cut == 0 or not clauses or _EVENT.search(said[cut - 1]):
        return stripped
    end = clauses[cut - 1].end()
    points = stripped.points
    earned = list(re.finditer(r"(?:得|计|给)\s?(?:\d|满分|全分)", view.text[:end]))
    earns = _EARNS.search(view.text[:end])
    scoring_start = clauses[cut].start() if cut < len(clauses) else end
    if earns and len(earned) == 1 and earns.start() > 0:
        if earns[1] and points is None:
            points = Points(Decimal(earns[1]), view.span(earns.start(), earns.end()))
        scoring_start = earns.start() + len(earns[0]) - len(earns[0].lstrip(",;"))
        end = earns.start()
    scoring = stripped.scoring
    if scoring_start < len(view.text.rstrip()):
        lost = view.span(scoring_start, len(view.text.rstrip()))
        scoring = Span(lost.start, scoring.end) if scoring is not None and scoring.start >= lost.end else lost
    return replace(stripped, span=Span(stripped.span.start, view.span(0, end).end), points=points, scoring=scoring)


_RULE = re.compile(r"扣\s?\d|扣完|不得分|不给分|不计分")


def _without_rules(text: str, stripped: Stripped) -> Stripped:
    """Sentences at the end that only take points away (未按节点完成的，每项扣1分) are scoring words."""
    view = make_view(text, stripped.span)
    found = [match.span() for match in re.finditer(r"[^。;\n]+[。;]?", view.text)]
    cut = len(found)
    while cut > 1 and _RULE.search(view.text, *found[cut - 1]):
        cut -= 1
    if cut == len(found) or _RULE.search(view.text[: found[cut][0]]):
        return stripped
    end = len(view.text[: found[cut][0]].rstrip("。; \n"))
    scoring = stripped.scoring or view.span(found[cut][0], len(view.text.rstrip()))
    return replace(stripped, span=Span(stripped.span.start, view.span(0, end).end), scoring=scoring)


_SENTENCE = re.compile(r"[^。;\n]+")
_ADDS = re.compile(r"(?:另|再|可|额外|予以|给予|酌情|各|分别)*(?:加|奖励?)\s?(?:\d|[一二三四五六七八九十]+分)")
_SUBTRACTS = re.compile(r"扣|减\s?\d|不得分|不加分")
_NO_EVENT = re.compile(
    r"每(?:多|高|超过?|增加?|项|次|个|起|篇|人|家|件|条|提高|上升|新增)|\d[\d.]*|[个项次%]|百分点|最高|最多|[,的]|一|给|以上"
)


def bonus_rules(text: str, scoring: Span) -> tuple[Span, ...]:
    """Sentences of a scoring cell that give extra points for something they name (获市级表彰的加2分).

    每项加3分 alone names nothing: it says what the item beside it earns.
    """
    view = make_view(text, scoring)
    if "加" not in view.text and "奖" not in view.text:
        return ()
    found: list[Span] = []
    for sentence in _SENTENCE.finditer(view.text):
        words = sentence.group()
        adds = _ADDS.search(words)
        if adds is None or _SUBTRACTS.search(words):
            continue
        if len(_NO_EVENT.sub("", words[: adds.start()])) < 4:
            continue
        start = sentence.start() + len(words) - len(words.lstrip())
        mark = parse_mark(view.text, start)
        found.append(view.span(mark.end if mark else start, sentence.start() + len(words.rstrip())))
    return tuple(found)
