"""A normalised view of a stretch of text whose every character knows where it stands in the original.

The document's characters are never rewritten. Rules read the view: full-width digits, letters and brackets
have one form, and white space between Chinese characters is gone, so that ``１０　０％`` reads ``100%``.
"""

from __future__ import annotations

import unicodedata

from extractor.types.geometry import Span
from extractor.types.view import View

__all__ = ["View", "make_view"]

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # ！ to ～, U+FF01..FF5E
_FORMS = {
    "　": " ", " ": " ", "\u2002": " ", "\u2003": " ", "\u2009": " ", "\ufeff": " ", "\u200b": " ", "\t": " ",
    "﹪": "%", "％": "%", "﹒": ".", "﹐": ",", "﹑": "、", "﹔": ";", "﹕": ":", "﹙": "(", "﹚": ")",
    "－": "-", "–": "-", "‒": "-", "‑": "-", "−": "-", "﹣": "-", "～": "~", "〜": "~", "∼": "~",
    "―": "—", "─": "—", "≧": "≥", "≦": "≤", "⩾": "≥", "⩽": "≤", "＜": "<", "＞": ">",
    "\r": "\n", "\u2028": "\n", "\u2029": "\n", "\x0b": "\n", "\x0c": "\n",
}  # fmt: skip
# Radicals that some PDF fonts print for whole characters (⼀ for 一, ⽤ for 用).
_RADICALS = {
    code: folded
    for code in (*range(0x2E80, 0x2FE0),)
    if len(folded := unicodedata.normalize("NFKC", chr(code))) == 1 and folded != chr(code)
}
_TABLE = _RADICALS | _FULL_WIDTH | {ord(a): b for a, b in _FORMS.items()}


def _is_wide(char: str) -> bool:
    return char > "\u2e7f" or char in "“”‘’—…·"


def make_view(text: str, span: Span | None = None) -> View:
    """The view of ``text[span]``; offsets of the view's spans count in ``text``.

    Blanks stay, one for a run, only between two narrow characters (``GB 18030``); line feeds stay, one
    for a run, as a break that the author made; blank runs next to them go.
    """
    start, end = span if span is not None else (0, len(text))
    normal = text[start:end].translate(_TABLE)
    if " " not in normal and "\n" not in normal:
        return View(normal, range(start, end), end)
    chars: list[str] = []
    origin: list[int] = []
    at, size = 0, len(normal)
    while at < size:
        char = normal[at]
        if char not in " \n":
            chars.append(char)
            origin.append(start + at)
            at += 1
            continue
        stop = at
        feed = False
        while stop < size and normal[stop] in " \n":
            feed = feed or normal[stop] == "\n"
            stop += 1
        if chars and stop < size:
            if feed:
                chars.append("\n")
                origin.append(start + at)
            elif not _is_wide(chars[-1]) and not _is_wide(normal[stop]):
                chars.append(" ")
                origin.append(start + at)
        at = stop
    return View("".join(chars), tuple(origin), end)
