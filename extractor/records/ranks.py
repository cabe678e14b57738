"""Ranks (前3名) and numbers of places in brackets: whom a target binds."""

from __future__ import annotations

import re

from extractor.records.draft import Draft
from extractor.records.frame import Frame
from extractor.records.metric import clean_left, completed
from extractor.types.mention import Quantity


def ranked(frame: Frame, quantity: Quantity, metrics: list[str]) -> Draft | None:
    """前3名: a rank; a place right before it is the scope."""
    words = frame.text[quantity.span.start : quantity.span.end]
    if not quantity.rank and (quantity.unit not in ("名", "位") or not re.match(r"(?:进入)?(?:[^,]{0,6})?前", words)):
        return None
    start = frame.clauses[frame.clause_at(quantity.span.start)][0]
    left = frame.text[
        max(start, *(q.span.end for q in frame.quantities if q.span.end <= quantity.span.start), 0)
        if frame.quantities[0] is not quantity
        else start : quantity.span.start
    ]
    body = re.sub(r"^(?:且|或者?|和|、)", "", left)
    found = re.search(r"(?<![全])(?:(?:设区|地级|县级|省辖)?[省市县区州](?:\([^)]*\))?|乡镇)$", body)
    scope = found.group() if found else None
    subject = clean_left(
        re.sub(
            r"(?:进入|位居|位列|保持在?|居|列|排名|处于|全[省市国县])+$", "", body[: found.start()] if found else body
        )
    )
    subject = re.sub(r"(?:排名|进入|位居|居|列|且)+$", "", subject) or (
        metrics[-1] if metrics else _first_subject(frame, quantity.span.start)
    )
    subject = completed(frame, subject, frame.clauses[frame.clause_at(quantity.span.start)][0], metrics)
    if scope:
        subject = re.sub(r"^[省市县区州](?:\([^)]*\))", "", subject)
        subject = subject if subject.startswith(scope) else scope + subject
    return Draft(
        subject, "le", quantity.span.start, quantity.span, quantity.value, quantity.upper, quantity.unit, scope=scope
    )


def _first_subject(frame: Frame, at: int) -> str:
    """销量正增长且市前3名: the subject stated before the first predicate."""
    start = frame.sentence_at(at)[0]
    words = frame.text[start:at]
    cut = re.search(r"(?:正增长|增长率?|为正数|排名|达到)", words)
    return clean_left(words[: cut.start()] if cut else words)[:30]


def bracket_scope(frame: Frame, quantity: Quantity) -> str | None:
    """The place that a number in brackets is for: (神农架林区1篇)."""
    if frame.inside(quantity.span.start) != "(":
        return None
    opened = frame.text.rfind("(", 0, quantity.span.start)
    nested = [low for low, high in frame.nested if low < quantity.span.start < high]
    words = frame.text[(nested[0] if nested else opened) + 1 : quantity.span.start].strip("为是: ,")
    return None if re.match(r"其中|每[年月]", words) else words or None
