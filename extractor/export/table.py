"""Records as a table on a terminal, where a Chinese character is two columns wide."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from extractor.export.base import Layout
from extractor.export.words import KINDS, TargetWords, deadline_lines, names, place, points_words, targets_words
from extractor.types.record import ExtractionFile, IndicatorRecord

_GAP = "  "
_PIECE = re.compile(r"\n|[（《〔“‘【≥≤]?(?:[0-9A-Za-z.%+\-/]+|[^\n])[，。；：、！？）》〕】”’]{0,2}")
_PART = re.compile(r"[0-9A-Za-z.%+\-/]+|.")
_CELL_LINES = 4  # a cell that needs more is cut with …, though never so that a target's value is lost
_TARGET_LINES = 2  # at least, of a target among many
_ENDLESS = sys.maxsize
# Title, least width, and share of the columns that are left over.
_COLUMNS = (
    ("序号", 4, 0), ("指标", 14, 8), ("目标", 12, 6), ("时限", 10, 3), ("责任", 8, 3), ("分值", 6, 1),
    ("可信度", 6, 0), ("位置", 6, 2),
)  # fmt: skip
_TARGETS = 2  # the place of 目标 among them


def render(files: Sequence[ExtractionFile], layout: Layout) -> bytes:
    """UTF-8 text, each document under its title, records grouped under their path."""
    return "".join(line + "\n" for file in files for line in document_lines(file, layout)).encode()


def document_lines(file: ExtractionFile, layout: Layout) -> Iterator[str]:
    """The lines of one document's table, none wider than ``layout.width`` (80 at least)."""
    most = 1 if layout.cut else _ENDLESS
    width = max(layout.width, 80)
    widths = _widths(width)
    info = file.document
    yield from wrap(" ".join(f"■ {info.title or info.source_name}".split()), width, most)
    facts = [info.source_name, info.document_number, info.issuer, info.issued_on, f"{len(file.records)} 条记录"]
    yield from wrap("  " + " · ".join(fact for fact in facts if fact), width, most)
    if not file.records:
        yield ""
        return
    yield "─" * width
    yield _line([title for title, _, _ in _COLUMNS], widths)
    yield "─" * width
    above: tuple[str, ...] | None = None
    for record in file.records[: layout.rows]:
        if record.path != above and (record.path or above):
            yield from wrap("▸ " + (" › ".join(record.path) or "（无上级标题 / no heading）"), width, most)
        above = record.path
        yield from _record_lines(record, widths, cut=layout.cut)
    left = len(file.records) - (layout.rows or len(file.records))
    if left > 0:
        yield f"  … 另有 {left} 条 / {left} more"
    yield ""


def _record_lines(record: IndicatorRecord, widths: Sequence[int], *, cut: bool) -> Iterator[str]:
    who = [names(record, "leader"), names(record, "lead"), names(record, "support")]
    text = record.text if record.kind in ("target", "task") else f"【{KINDS[record.kind]}】{record.text}"
    cells = [
        record.number or "·",
        f"〔{record.tier}〕{text}" if record.tier else text,
        "",  # targets, below
        deadline_lines(record),
        "\n".join(one for one in who if one),
        points_words(record),
        f"{record.confidence:.2f}",
        place(record.evidence),
    ]
    most = _CELL_LINES if cut else _ENDLESS
    wrapped = [wrap(cell, size, most) for cell, size in zip(cells, widths, strict=True)]
    wrapped[_TARGETS] = _target_lines(targets_words(record), widths[_TARGETS], most) or ["—"]
    for parts in zip_longest(*wrapped, fillvalue=""):
        yield _line(parts, widths)


def _target_lines(targets: Sequence[TargetWords], width: int, most: int) -> list[str]:
    """All targets' lines where ``most`` will do; else each is shortened, and some more lines taken if need be."""
    lines = [line for target in targets for line in wrap(target.line, width, _ENDLESS)]
    if len(lines) <= most:
        return lines
    share = max(_TARGET_LINES, most // len(targets))
    return [line for target in targets for line in _shortened(target, width, share)]


def _shortened(target: TargetWords, width: int, most: int) -> list[str]:
    """The target in ``most`` lines: its aside is cut first, then the middle of its metric, its value never."""
    metric, end = target.metric, "…" if target.aside else ""
    if len(wrap(f"{target.lead}{metric} {target.threshold}{end}", width, _ENDLESS)) <= most:
        return wrap(target.line, width, most)
    for kept in range(len(metric) - 1, 1, -1):
        metric = target.metric[: (kept + 1) // 2] + "…" + target.metric[-(kept // 2) :]
        lines = wrap(f"{target.lead}{metric} {target.threshold}{end}", width, _ENDLESS)
        if len(lines) <= most:
            return lines
    value = f"{target.lead}{target.threshold}"
    return wrap(f"{value} {target.metric}", width, len(wrap(value + " …", width, _ENDLESS)))


def _widths(width: int) -> list[int]:
    free = width - sum(least for _, least, _ in _COLUMNS) - len(_GAP) * (len(_COLUMNS) - 1)
    shares = sum(share for _, _, share in _COLUMNS)
    return [least + max(free, 0) * share // shares for _, least, share in _COLUMNS]


def _line(parts: Sequence[str], widths: Sequence[int]) -> str:
    return _GAP.join(part + " " * (size - columns(part)) for part, size in zip(parts, widths, strict=True)).rstrip()


def columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Cf", "Cc"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def clip(text: str, width: int) -> str:
    """The text on one line, cut with … where it is wider than ``width``."""
    return wrap(text.replace("\n", " "), width, 1)[0]


def wrap(text: str, width: int, most: int) -> list[str]:
    """The text in at most ``most`` lines of ``width`` columns (2 at least), the last cut with … if need be.

    Numbers and Latin words stay whole, and no line opens with a closing mark, where the width allows it.
    """
    lines = [""]
    for piece in _pieces(text, width):
        if piece == "\n" or columns(lines[-1]) + columns(piece) > width:
            if len(lines) == most:
                return [*lines[:-1], _cut(lines[-1], width)]
            lines.append("")
            piece = piece.lstrip()
        lines[-1] += piece
    return lines


def _pieces(text: str, width: int) -> Iterator[str]:
    """What a line break does not part: a word, a number, a character with the marks that cling to it."""
    shown = "".join(char for char in text if char == "\n" or char.isprintable())
    for piece in _PIECE.findall(shown):
        if columns(piece) <= width:
            yield piece
            continue
        for part in _PART.findall(piece):
            yield from [part] if columns(part) <= width else part


def _cut(line: str, width: int) -> str:
    while columns(line) + 1 > width:
        line = line[:-1]
    return line + "…"
