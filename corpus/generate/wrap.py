"""Line breaking for the PDF renderer: words of Latin letters and digits stay whole, no 。 at a line's start."""

from __future__ import annotations

import re

from reportlab.pdfbase.pdfmetrics import stringWidth

TOKEN = re.compile(r"[0-9A-Za-z.%+\-]+|.", re.S)
NO_START = set("，。、；：？！）》”’％%〉】」…")
NO_END = set("（《“‘〈【「")


def wrap(text: str, width: float, font: str, size: float, first: float = 0) -> list[str]:
    """The lines of ``text`` in ``width`` points; ``first`` is left free before the first line."""
    tokens: list[str] = []
    for token in TOKEN.findall(text):
        tokens += list(token) if stringWidth(token, font, size) > width else [token]
    lines: list[str] = []
    line: list[str] = []
    room = width - first
    for token in tokens:
        size_now = stringWidth("".join(line) + token, font, size)
        if line and size_now > room:
            carried = _carried(line, token)
            lines.append("".join(line))
            line, room = carried, width
        line.append(token)
    return [*lines, "".join(line)] if line else lines or [""]


def _carried(line: list[str], token: str) -> list[str]:
    """Tokens taken from the line's end to the next one, so that neither breaks the rules."""
    carried: list[str] = []
    while len(line) > 2 and ((token[0] in NO_START) or line[-1] in NO_END) and len(carried) < 2:
        token = line.pop()
        carried.insert(0, token)
    return carried
