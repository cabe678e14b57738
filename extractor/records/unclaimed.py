"""Sentences that look like obligations but that no record claims: misses are the costliest error."""

from __future__ import annotations

import re

from extractor.records.assemble import fold
from extractor.records.evidence import EvidenceFinder
from extractor.text.clauses import sentences
from extractor.text.view import make_view
from extractor.types.document import Document
from extractor.types.geometry import Span
from extractor.types.item import Item
from extractor.types.outline import Outline
from extractor.types.record import Unclaimed

_LOOKS = re.compile(
    r"(?:不低于|不少于|不超过|达到|以上|以内|力争|确保|必须|务必|应当|责任单位|牵头|底前|年内|全覆盖)|\d(?:\.\d+)?\s*(?:%|个百分点|万元|亿元)|百分之"
)
_SILENT = frozenset({"too short", "introduces a list", "notes", "definition", "repeats its heading"})


def find_unclaimed(document: Document, outline: Outline, items: tuple[Item, ...]) -> tuple[Unclaimed, ...]:
    """Dropped items and uncut sentences with a threshold, a deadline or a word of duty, in reading order."""
    finder = EvidenceFinder(document)
    found = [
        _unclaimed(document, finder, item.span, item.dropped)
        for item in items
        if item.dropped is not None and item.dropped not in _SILENT and _looks(document, item.span)
    ]
    claimed = sorted({span for item in items for span in (item.span, *(who.span for who in item.who), *item.when)})
    found.extend(
        _unclaimed(document, finder, span, "no item was cut here") for span in _uncut(document, outline, claimed)
    )
    found.extend(
        _unclaimed(document, finder, span, "no column of tasks or values was recognised")
        for span in _unread(document, items)
    )
    return tuple(sorted(found, key=lambda each: each.evidence.start))


def _unread(document: Document, items: tuple[Item, ...]) -> list[Span]:
    """The first telling cell of each table that gave no item."""
    read = {item.table for item in items}
    cells = (
        next((cell.span for cell in table.cells if _looks(document, cell.span)), None)
        for at, table in enumerate(document.tables)
        if at not in read and not table.is_box
    )
    return [span for span in cells if span is not None]


def _looks(document: Document, span: Span) -> bool:
    return _LOOKS.search(document.text, span.start, span.end) is not None


def _unclaimed(document: Document, finder: EvidenceFinder, span: Span, reason: str) -> Unclaimed:
    return Unclaimed(text=fold(document.text[span.start : span.end]), evidence=finder.evidence(span), reason=reason)


def _uncut(document: Document, outline: Outline, claimed: list[Span]) -> list[Span]:
    """Sentences of section bodies that touch no item."""
    found: list[Span] = []
    at = 0
    for section in sorted(outline.sections, key=lambda section: section.body):
        if not _looks(document, section.body):
            continue
        view = make_view(document.text, section.body)
        for start, end in sentences(view.text):
            span = view.span(start, end)
            while at < len(claimed) and claimed[at].end <= span.start:
                at += 1
            if at < len(claimed) and claimed[at].start < span.end:
                continue
            if _looks(document, span):
                found.append(span)
    return found
