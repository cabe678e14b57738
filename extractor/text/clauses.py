"""Sentences, clauses and bracket nesting of Chinese official prose (a normalised view's text)."""

from __future__ import annotations

import re
from collections.abc import Iterator

_OPEN = {"(": ")", "《": "》", "【": "】", "〔": "〕", "[": "]", "“": "”", "‘": "’", "「": "」"}
_STOPS = frozenset("。;！!？?\n")
_TOKEN = re.compile(r"[()《》【】〔〕\[\]“”‘’「」。;！!？?\n]")
_CLAUSE = re.compile(r"[,，。;:!?！？\n]|——")
_DEEP = 300  # an opening bracket that finds no partner within so many characters is a slip of the typist


def nesting(text: str) -> list[tuple[int, int]]:
    """The outermost bracketed stretches ``(start, end)``, brackets included; unpaired ones are passed over."""
    spans: list[tuple[int, int]] = []
    stack: list[tuple[str, int]] = []
    for match in _TOKEN.finditer(text):
        char, at = match.group(), match.start()
        if stack and char == stack[-1][0]:
            start = stack.pop()[1]
            if not stack:
                spans.append((start, at + 1))
        elif stack and at - stack[0][1] > _DEEP:
            stack.clear()
        elif char in _OPEN:
            stack.append((_OPEN[char], at))
        elif char in _STOPS and stack and stack[-1][0] not in "”》)】]〕":
            stack.clear()
        elif stack:
            for depth in range(len(stack) - 1, -1, -1):  # a closing mark of an outer level ends the inner slips
                if stack[depth][0] == char:
                    start = stack[depth][1]
                    del stack[depth:]
                    if not stack:
                        spans.append((start, at + 1))
                    break
    return spans


def sentences(text: str) -> list[tuple[int, int]]:
    """``(start, end)`` of each sentence, its closing 。；！？ included, none cut inside brackets or quotes."""
    inside = nesting(text)
    found: list[tuple[int, int]] = []
    start = at = 0
    cover = iter([*inside, (len(text), len(text))])
    low, high = next(cover)
    for match in _TOKEN.finditer(text):
        if match.group() not in _STOPS:
            continue
        at = match.start()
        while at >= high and high < len(text):
            low, high = next(cover)
        if low <= at < high:
            continue
        end = match.end()
        if text[start:end].strip(" \n。;！!？?"):
            found.append((start, end))
        start = end
    if text[start:].strip(" \n。;！!？?"):
        found.append((start, len(text)))
    return found


_LONGEST = 400  # what runs on longer is no clause but a table or list that lost its marks


def clauses(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """``(start, end)`` of the stretches between commas and stronger marks, brackets and quotes kept whole.

    Stretches of more than 400 characters are cut, at a 、 where there is one, so that rules stay linear.
    """
    end = len(text) if end is None else end
    inside = nesting(text[start:end])
    found: list[tuple[int, int]] = []
    begin = start
    for match in _CLAUSE.finditer(text, start, end):
        at = match.start()
        if any(low <= at - start < high for low, high in inside):
            continue
        found.extend(_pieces(text, begin, at))
        begin = match.end()
    found.extend(_pieces(text, begin, end))
    return found


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > _LONGEST:
        at = text.rfind("、", start + _LONGEST // 2, start + _LONGEST) + 1
        cut = at or start + _LONGEST
        yield start, cut
        start = cut
    if end > start:
        yield start, end
