"""Small documents made by hand, and records read from them by the real functions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from extractor.mentions.reader import ItemReader
from extractor.records.assemble import assemble
from extractor.types.document import Block, Document, Source
from extractor.types.geometry import Span
from extractor.types.item import Item, Points, Who, Words
from extractor.types.outline import Official
from extractor.types.record import IndicatorRecord, Target


def document_of(text: str, name: str = "通知.txt") -> Document:
    """One block for each line of ``text``."""
    blocks: list[Block] = []
    at = 0
    for line in text.split("\n"):
        if line:
            blocks.append(Block(Span(at, at + len(line))))
        at += len(line) + 1
    raw = text.encode()
    return Document(Source(name, hashlib.sha256(raw).hexdigest(), "text", len(raw)), text, tuple(blocks))


def place(document: Document, words: str, start: int = 0) -> Span:
    """Where ``words`` stand first at or after ``start``."""
    at = document.text.index(words, start)
    return Span(at, at + len(words))


def item_of(document: Document, words: str, *, path: Sequence[str] = (), **given: Any) -> Item:
    """An item at ``words``. ``who`` is a list of (words, role), ``when`` and ``lead_in`` are words, ``points``
    (words, value): all looked up in the document's text."""
    for name in ("lead_in", "scoring"):
        if isinstance(given.get(name), str):
            given[name] = place(document, given[name])
    for name in ("when", "thresholds", "notes", "context"):
        given[name] = tuple(place(document, each) for each in given.get(name, ()))
    given["who"] = tuple(Who(place(document, each), role) for each, role in given.get("who", ()))
    given["assessed"] = tuple(Words(each, place(document, each)) for each in given.get("assessed", ()))
    for name in ("points", "row_points"):
        if name in given:
            printed, value = given[name]
            given[name] = Points(Decimal(value), place(document, printed))
    return Item(place(document, words), path=tuple(Words(part, place(document, part)) for part in path), **given)


def records_of(document: Document, *items: Item, year: int | None = 2024) -> tuple[IndicatorRecord, ...]:
    return assemble(document, Official(year=year), ItemReader(document, year).read(items))


def record_of(
    sentence: str, *, year: int | None = 2024, path: Sequence[str] = (), around: Sequence[str] = (), **given: Any
) -> IndicatorRecord:
    """The record of one sentence below headings ``path``; ``around`` are other lines that ``given`` speaks of."""
    document = document_of("\n".join([*path, *around, sentence]))
    item = item_of(document, sentence, path=path, **given)
    (record,) = records_of(document, item, year=year)
    return record


def targets_of(sentence: str, *, year: int | None = 2024, path: Sequence[str] = ()) -> list[str]:
    """``brief`` of each target of a sentence that stands alone."""
    return [brief(target) for target in record_of(sentence, year=year, path=path).targets]


def brief(target: Target) -> str:
    """``metric op value[-upper] unit`` and then each other field that is set: what is not printed is not set."""
    value = "?" if target.value is None else f"{target.value:g}"
    words = [target.metric, target.op, value if target.upper is None else f"{value}-{target.upper:g}"]
    if target.unit is not None:
        words.append(target.unit)
    if target.implicit:
        words.append("implicit")
    for name in ("per", "baseline", "scope", "due", "strength"):
        if getattr(target, name) is not None:
            words.append(f"{name}={getattr(target, name)}")
    if target.alternative:
        words.append(f"way={target.alternative}")
    return " ".join(words)


def squeeze(text: str) -> str:
    return "".join(text.split())


def alike(one: str, other: str) -> float:
    """0 to 1, order of characters counted."""
    return SequenceMatcher(None, squeeze(one), squeeze(other), autojunk=False).ratio()


def disagree(found: Sequence[str], expected: Sequence[str]) -> str | None:
    """What differs between two lists of briefs, None where they agree: metrics may differ by a quarter of their
    words, all else must be equal, and no metric may be nearer to another target's than to its own."""
    if len(found) != len(expected):
        return f"{len(expected)} targets expected, found {list(found)}"
    wanted = [each.partition(" ")[0] for each in expected]
    for got, want in zip(found, expected, strict=True):
        metric, _, rest = got.partition(" ")
        own, _, fields = want.partition(" ")
        if rest != fields:
            return f"{got!r} is not {want!r}"
        if alike(metric, own) < max(0.75, *(alike(metric, other) for other in wanted)):
            return f"metric {metric!r} is not {own!r}"
    return None
