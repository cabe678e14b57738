"""A normalised view of a stretch of text whose every character knows where it stands in the original.

The document's characters are never rewritten. Rules read the view: full-width digits, letters and brackets
have one form, and white space between Chinese characters is gone, so that ``１０　０％`` reads ``100%``.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from extractor.types.geometry import Span

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # ！ to ～, U+FF01..FF5E
_FORMS = {
    "　": " ", " ": " ", "\u2002": " ", "\u2003": " ", "\u2009": " ", "\ufeff": " ", "\u200b": " ", "\t": " ",
    "﹪": "%", "％": "%", "﹒": ".", "﹐": ",", "﹑": "、", "﹔": ";", "﹕": ":", "﹙": "(", "﹚": ")",
    "－": "-", "–": "-", "‒": "-", "‑": "-", "−": "-", "﹣": "-", "～": "~", "〜": "~", "∼": "~",
    "―": "—", "─": "—", "≧": "≥", "≦": "≤", "⩾": "≥", "⩽": "≤", "＜": "<", "＞": ">",
    "\r": "\n", "\u2028": "\n", "\u2029": "\n", "\x0b": "\n", "\x0c": "\n",
}  # fmt: skip
_TABLE = _FULL_WIDTH | {ord(a): b for a, b in _FORMS.items()}


@dataclass(frozen=True, slots=True)
class View:
    """``text[i]`` is the normal form of character ``origin[i]`` of the original text."""

    text: str
    origin: range | tuple[int, ...]
    end: int  # where the original stretch ends

    def span(self, start: int, end: int) -> Span:
        """The original characters behind ``text[start:end]``; an empty stretch gives an empty span."""
        if start >= end:
            at = self.origin[start] if start < len(self.origin) else self.end
            return Span(at, at)
        return Span(self.origin[start], self.origin[end - 1] + 1)

    def find(self, original: int) -> int:
        """The first position of the view at or after an original offset."""
        if isinstance(self.origin, range):
            return min(max(original - self.origin.start, 0), len(self.origin))
        return bisect_left(self.origin, original)


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
