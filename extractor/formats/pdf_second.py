"""A page's characters as pdfplumber reads them: the second opinion where pdfium knows too few of them."""

from __future__ import annotations

import io
import re
from typing import Any

import pdfplumber

from extractor.formats.pdf_page import UNKNOWN, FontTable, Glyph, make_font

_CID = re.compile(r"\(cid:\d+\)")


def read_glyphs(data: bytes, password: str | None, number: int, fonts: FontTable) -> tuple[list[Glyph], int]:
    """The upright glyphs of page ``number`` (from 1) and how many of them have no character; none if it fails."""
    try:
        with pdfplumber.open(io.BytesIO(data), pages=[number], password=password or "") as document:
            chars = document.pages[0].chars
        return _glyphs(chars, fonts)
    except Exception:  # noqa: BLE001 -- the first opinion stands; pdfminer raises nearly anything on odd files
        return [], 0


def _glyphs(chars: list[dict[str, Any]], fonts: FontTable) -> tuple[list[Glyph], int]:
    glyphs = []
    for char in chars:
        if not char["upright"]:
            continue
        text = _CID.sub(UNKNOWN, char["text"])
        step = (char["x1"] - char["x0"]) / max(len(text), 1)
        font = fonts.add(make_font(char["fontname"]))
        base = char["bottom"] - 0.12 * char["size"]
        for place, letter in enumerate(text):
            left = char["x0"] + place * step
            glyphs.append(Glyph(letter, left, left + step, base, char["size"], font))
    return glyphs, sum(glyph.char == UNKNOWN for glyph in glyphs)
