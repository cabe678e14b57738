"""The block of 索引号 / 文号 / 发文单位 that government web pages print beside a document."""

from __future__ import annotations

import re

from extractor.outline.patterns import META_KEY, META_KEYS
from extractor.outline.units import Unit
from extractor.text.view import make_view
from extractor.types.document import Document
from extractor.types.geometry import Span

_NONE = frozenset({"", "无", "暂无", "空", "/", "-", "—", "null"})
_KEY_CELL = re.compile(rf"^[\[【]?(?:{'|'.join(sorted(META_KEYS, key=len, reverse=True))})[\]】]?:?$")
_HEAD_UNITS = 30


def read_metadata(document: Document, units: list[Unit]) -> tuple[dict[str, tuple[str, Span]], set[int]]:
    """Values by key with their places, and which units hold them. An entry 无 is left out."""
    found: dict[str, tuple[str, Span]] = {}
    used: set[int] = set()
    for at, unit in enumerate(units):
        if unit.table is not None:
            pairs = _table_pairs(document, unit) if at < _HEAD_UNITS else {}
        elif unit.layer == "metadata" or (at < _HEAD_UNITS and is_metadata_line(unit.text)):
            pairs = _line_pairs(unit)
        else:
            continue
        if pairs or unit.layer == "metadata":
            used.add(at)
        for key, value in pairs.items():
            found.setdefault(key, value)
    return found, used


def is_metadata_line(text: str) -> bool:
    """Whether a line prints such keys: at its start, and short or several of them."""
    keys = sum(1 for _ in META_KEY.finditer(text))
    if META_KEY.match(text) is None:
        return keys > 2  # behind a breadcrumb, where the page ran lines together
    return keys > 1 or len(text) <= 60


def _line_pairs(unit: Unit) -> dict[str, tuple[str, Span]]:
    text = unit.text
    keys = list(META_KEY.finditer(text))
    pairs: dict[str, tuple[str, Span]] = {}
    for at, match in enumerate(keys):
        end = keys[at + 1].start() if at + 1 < len(keys) else len(text)
        value = text[match.end() : end].strip(" \n|,;")
        if value not in _NONE:
            start = text.index(value, match.end())
            pairs[match.group(1)] = (value, unit.head.span(start, start + len(value)))
    return pairs


def _table_pairs(document: Document, unit: Unit) -> dict[str, tuple[str, Span]]:
    """Pairs of a table whose cells hold a key, and its value in the same or the next cell."""
    table = unit.table
    if table is None or table.n_rows > 14 or table.n_cols > 8:
        return {}
    views = [make_view(document.text, cell.span) for cell in table.cells]
    keyed = [at for at, view in enumerate(views) if _KEY_CELL.match(view.text) or META_KEY.match(view.text)]
    if len(keyed) < 3 and not (unit.layer == "metadata" and keyed):
        return {}
    pairs: dict[str, tuple[str, Span]] = {}
    for at in keyed:
        view = views[at]
        match = META_KEY.match(view.text)
        if match is not None and view.text[match.end() :].strip() not in _NONE:
            pairs.setdefault(match.group(1), (view.text[match.end() :].strip(), view.span(match.end(), len(view.text))))
        elif at + 1 < len(views) and at + 1 not in keyed and views[at + 1].text.strip() not in _NONE:
            following = views[at + 1]
            pairs.setdefault(
                view.text.strip("[]【】:"), (following.text.strip(), following.span(0, len(following.text)))
            )
    return pairs
