"""Merged ranges of a workbook, cut to its filled cells before openpyxl makes a cell for each of their places."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator

from lxml import etree
from openpyxl.utils import column_index_from_string, get_column_letter

from extractor.errors import ReadError

_MERGE = re.compile(r"(<(?:\w+:)?mergeCell\b[^<>]*?\bref\s*=\s*[\"'])([^\"']*)")
_LINK = re.compile(r"(<(?:\w+:)?hyperlink\b[^<>]*?\bref\s*=\s*[\"'])([^\"']*)")
_RANGE = re.compile(r"\$?([A-Za-z]{1,3})?\$?([0-9]{1,7})?:\$?([A-Za-z]{1,3})?\$?([0-9]{1,7})?")
_DECLARED = re.compile(r"\A\ufeff?\s*<\?xml[^>]*\?>")
_FREE = 50_000  # places merged or linked in one sheet that are left as they are
_MAX_PLACES = 500_000  # the same after cutting: each takes a kilobyte


def with_cut_merges(data: bytes) -> bytes:
    """The workbook's bytes with merged and linked ranges ending at the last filled row and column.

    A whole column may be merged, a million places. Raises ``too_large`` where too many are left.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        cut: dict[str, bytes] = {}
        for name in archive.namelist():
            if name.endswith(".xml"):
                changed = _cut(archive.read(name))
                if changed is not None:
                    cut[name] = changed
        if not cut:
            return data
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as new:
            for name in dict.fromkeys(archive.namelist()):
                new.writestr(name, cut.get(name) or archive.read(name))
    return out.getvalue()


def _cut(content: bytes) -> bytes | None:
    """A sheet with its ranges cut; None if they are small."""
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content[:8]
    if not wide and b"mergeCell" not in content and b"hyperlink" not in content:
        return None
    text = content.decode("utf-16" if wide else "utf-8", "surrogateescape" if not wide else "strict")
    if sum(_places(text)) <= _FREE:
        return None
    last_row, last_col = _extent(content)

    def shorter(match: re.Match[str]) -> str:
        corners = _corners(match[2])
        if corners is None:
            return match[0]
        top, left, bottom, right = corners
        bottom, right = min(bottom, max(last_row, top)), min(right, max(last_col, left))
        first, last = f"{get_column_letter(left)}{top}", f"{get_column_letter(right)}{bottom}"
        return f"{match[1]}{first}:{last}"

    text = _LINK.sub(shorter, _MERGE.sub(shorter, text))
    if sum(_places(text)) > _MAX_PLACES:
        raise ReadError(
            "too_large",
            f"合并单元格覆盖超过{_MAX_PLACES}个格子，请取消多余的合并后另存 / merged cells cover more than "
            f"{_MAX_PLACES} places: unmerge those that are not needed",
        )
    return (_DECLARED.sub("", text) if wide else text).encode("utf-8", "surrogateescape")


def _places(text: str) -> Iterator[int]:
    """How many places each merged or linked range covers."""
    for pattern in (_MERGE, _LINK):
        for match in pattern.finditer(text):
            corners = _corners(match[2])
            if corners is not None:
                top, left, bottom, right = corners
                yield max(bottom - top + 1, 0) * max(right - left + 1, 0)


def _corners(reference: str) -> tuple[int, int, int, int] | None:
    """Top, left, bottom and right of a range; None for a single cell and what is no range. C:C is a whole column."""
    match = _RANGE.fullmatch(html.unescape(reference).strip())
    if match is None:
        return None
    left, right = match[1] or "A", match[3] or "XFD"
    top, bottom = int(match[2] or 1), int(match[4] or 1_048_576)
    return top, column_index_from_string(left), bottom, column_index_from_string(right)


def _extent(content: bytes) -> tuple[int, int]:
    """The last row and column with a filled cell. Rows and cells that tell no address follow those before them."""
    last_row = last_col = row = col = 0
    events = etree.iterparse(
        io.BytesIO(content), events=("start", "end"), resolve_entities=False, no_network=True, huge_tree=False
    )
    for event, element in events:
        tag = etree.QName(element).localname if isinstance(element.tag, str) else ""
        if event == "start" and tag == "row":
            told = element.get("r", "")
            row, col = (int(told) if re.fullmatch(r"[0-9]{1,7}", told) else row + 1), 0
        elif event == "end" and tag == "c":
            place = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7})", element.get("r", ""))
            col = column_index_from_string(place[1]) if place else col + 1
            row = int(place[2]) if place else row
            if len(element):
                last_row, last_col = max(last_row, row), max(last_col, col)
        if event == "end" and tag == "row":
            element.clear()
    return last_row, last_col
