"""Text whose lines were broken at a fixed width: the breaks are not the author's and are taken out."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

_BREAK = re.compile(r"\r\n?|\n")
_OPENS = re.compile(
    r"[\s\u3000]|[（(]?[一二三四五六七八九十]{1,3}[)）、.．]|[（(]?\d{1,2}[)）、.．](?!\d)|[①-⑳]|第[一二三四五六七八九十百\d]+[章节条]|附件|[•·●▪■◆*—-]"
)
_CLOSED = "。！？：；!?:;"
_NARROWEST, _WIDEST = 40, 160  # columns; a Chinese character takes two
_MIN_LINES = 12
_SLACK = 4  # columns: a closing mark may not open a line, so a character moves down with it


def unwrap(text: str) -> str | None:
    """The text with the breaks taken out that only end a full line; None where no fixed width is evident."""
    lines = _BREAK.split(text)
    widths = [_width(line.rstrip()) for line in lines]
    limit = _limit(lines, widths)
    if limit is None:
        return None
    pieces: list[str] = []
    for i, line in enumerate(lines):
        pieces.append(line.rstrip() if i + 1 < len(lines) else line)
        if i + 1 == len(lines):
            break
        following = lines[i + 1]
        runs_on = widths[i] >= limit - _SLACK and bool(following.strip()) and not _OPENS.match(following)
        pieces.append(_glue(line.rstrip(), following) if runs_on else "\n")
    return "".join(pieces)


def _glue(line: str, following: str) -> str:
    narrow = line[-1:].isascii() and following[:1].isascii()
    return " " if narrow else ""


def _width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in line)


def _limit(lines: list[str], widths: list[int]) -> int | None:
    """The width that lines were filled to: no line is wider, most reach it, and most of those end in mid-sentence."""
    filled = [width for width in widths if width]
    if len(filled) < _MIN_LINES or "\t" in "".join(lines[:200]):
        return None
    limit = max(filled)
    full = [i for i, width in enumerate(widths) if width >= limit - _SLACK]
    near = Counter(width // 2 for width in filled)
    if not _NARROWEST <= limit <= _WIDEST or len(full) < 0.4 * len(filled) or near.most_common(1)[0][1] < 4:
        return None
    open_ends = sum(1 for i in full if not lines[i].rstrip().endswith(tuple(_CLOSED)))
    return limit if open_ends >= 0.7 * len(full) else None
