"""What the item stage asks of others: which column is what, and whether a stretch is a record. Rules answer by default."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from extractor.items.columns import Column, read_columns
from extractor.items.table_grid import Grid
from extractor.types.document import Document
from extractor.types.item import Item
from extractor.types.outline import Outline


class ColumnReader(Protocol):
    """Says what each column of a table holds."""

    def __call__(self, grid: Grid) -> tuple[Column, ...]: ...


class Judge(Protocol):
    """Looks at all items of a document once more: may set or clear ``dropped``, never the words or their place."""

    def __call__(self, document: Document, outline: Outline, items: Sequence[Item]) -> tuple[Item, ...]: ...


def rules_judge(document: Document, outline: Outline, items: Sequence[Item]) -> tuple[Item, ...]:
    """The rules have judged each item as they cut it."""
    return tuple(items)


@dataclass(frozen=True, slots=True)
class ItemParts:
    columns: ColumnReader = read_columns
    judge: Judge = rules_judge


RULES = ItemParts()
