"""Gold metrics laid over the words they are composed of: the tags that the CRF learns."""

from __future__ import annotations

import re

from extractor.records.learned_metric import NAMED
from extractor.records.metric_sequence import Around

_WIDE = str.maketrans("，；：（）％", ",;:()%")


def tags_of(here: Around, metric: str) -> list[str]:
    """``1`` for each character that ``metric`` takes: its longest pieces first, each where it stands nearest the number."""
    words = here.words.translate(_WIDE)
    wanted = re.sub(r"\s|的", "", metric.translate(_WIDE))
    tags = ["0"] * len(words)

    def lay(start: int, end: int) -> None:
        piece = _nearest(words, wanted, start, end, here.number)
        if piece is None:
            return
        at, size, place = piece
        tags[place : place + size] = [NAMED] * size
        lay(start, at)
        lay(at + size, end)

    lay(0, len(wanted))
    return tags


def _nearest(words: str, wanted: str, start: int, end: int, number: int) -> tuple[int, int, int] | None:
    """(place in ``wanted``, length, place in ``words``) of the longest piece of ``wanted[start:end]`` that is there."""
    for size in range(end - start, 0, -1):
        if size == 1 and end - start > 1:
            return None  # a single character of a longer rest says nothing
        found = []
        for at in range(start, end - size + 1):
            part = wanted[at : at + size]
            left = words.rfind(part, 0, number)
            right = words.find(part, number)
            found += [(number - left - size, at, left)] if left >= 0 else []
            found += [(right - number, at, right)] if right >= 0 else []
        if found:
            _, at, place = min(found)
            return at, size, place
    return None
