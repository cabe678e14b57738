"""Cuts a document into items: what becomes a record, with what stands around it."""

from __future__ import annotations

from extractor.items.captions import caption_blocks
from extractor.items.parts import RULES, ItemParts
from extractor.items.prose import ProseReader
from extractor.items.tables import table_items
from extractor.types.document import Document
from extractor.types.item import Item
from extractor.types.outline import Outline

__all__ = ["ItemParts", "find_items"]


def find_items(document: Document, outline: Outline, parts: ItemParts = RULES) -> tuple[Item, ...]:
    """All items in reading order; those that are no record carry the reason in ``dropped``."""
    official = outline.official
    prose = ProseReader(document, official.year, captions=caption_blocks(document, outline))
    for section in outline.sections:
        table = document.blocks[section.block].table
        if table is None or document.tables[table].is_box:
            prose.read(section)
        else:
            prose.items.extend(
                table_items(
                    document,
                    table,
                    section,
                    title=official.title,
                    year=official.year,
                    period=official.period,
                    columns=parts.columns,
                    known=parts.known,
                )
            )
    return parts.judge(document, outline, prose.items)
