"""Paragraphs with their headings, read by the prose reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractor.items.prose import ProseReader
from extractor.text.marks import parse_mark
from extractor.text.view import make_view
from extractor.types.document import Block, Document, Source
from extractor.types.geometry import Span
from extractor.types.item import Item
from extractor.types.outline import Heading, Section


@dataclass(frozen=True)
class Cut:
    """An item in words."""

    text: str
    path: tuple[str, ...] = ()
    number: str | None = None
    who: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    points: float | None = None
    scoring: str | None = None
    lead_in: str | None = None


def read_prose(*paragraphs: str | tuple[Sequence[str], str], year: int | None = 2024) -> tuple[Document, list[Item]]:
    """Items of paragraphs; a paragraph with headings is ``([titles], words)``, each title a block of its own."""
    text = ""
    blocks: list[Block] = []
    sections: list[Section] = []
    known: dict[tuple[str, ...], Heading] = {}
    for each in paragraphs:
        titles, words = ((), each) if isinstance(each, str) else each
        for depth in range(1, len(titles) + 1):
            key = tuple(titles[:depth])
            if key not in known:
                printed = titles[depth - 1]
                mark = parse_mark(make_view(printed).text)
                number = printed[: mark.end] if mark else ""
                span = Span(len(text), len(text) + len(printed))
                known[key] = Heading(
                    printed[len(number) :], Span(span.start + len(number), span.end), depth, number or None
                )
                blocks.append(Block(span))
                text += printed + "\n"
        headings = tuple(known[tuple(titles[:depth])] for depth in range(1, len(titles) + 1))
        span = Span(len(text), len(text) + len(words))
        sections.append(Section(len(blocks), headings, span))
        blocks.append(Block(span))
        text += words + "\n"
    document = Document(Source("通知.txt", "0" * 64, "text", len(text)), text, tuple(blocks))
    reader = ProseReader(document, year)
    for section in sections:
        reader.read(section)
    return document, reader.items


def cut(*paragraphs: str | tuple[Sequence[str], str], year: int | None = 2024) -> list[Cut]:
    """The items that are records, in words."""
    document, items = read_prose(*paragraphs, year=year)

    def words(span: Span) -> str:
        return document.text[span.start : span.end]

    return [
        Cut(
            words(item.span),
            tuple(part.text for part in item.path),
            item.number,
            tuple(words(who.span).strip() for who in item.who),
            tuple(words(span).strip() for span in item.when),
            float(item.points.value) if item.points else None,
            words(item.scoring) if item.scoring else None,
            words(item.lead_in) if item.lead_in else None,
        )
        for item in items
        if item.dropped is None
    ]
