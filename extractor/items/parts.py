"""What the item stage asks of others: which column is what, and whether a stretch is a record. Rules answer by default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, get_args

from extractor.items.columns import KNOWN, Column, as_label, head_words, read_columns
from extractor.items.table_grid import Grid, Heads
from extractor.text.brackets import Role
from extractor.text.vocabulary import head_key
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
class NamedColumns:
    """Columns by their header's words, where ``holds`` has them; all others as ``otherwise`` says.

    ``holds``: a header's words to a kind of column, or to the role of those whom a column names (lead, support, leader;
    who for 责任单位). Of a header of several rows the lowest part that is known decides.
    """

    holds: Mapping[str, str]
    otherwise: ColumnReader = read_columns

    def __call__(self, grid: Grid) -> tuple[Column, ...]:
        """As a ``ColumnReader``."""
        return tuple(self._named(grid, column) for column in self.otherwise(grid))

    def _named(self, grid: Grid, column: Column) -> Column:
        parts = reversed(head_words(grid, column.index))
        said = next((self.holds[part] for part in parts if part in self.holds), None)
        if said is None or not column.filled:
            return column
        return as_label(column, "who_duty" if said == "who" else f"who_{said}" if said in get_args(Role) else said)


@dataclass(frozen=True, slots=True)
class NamedHeads:
    """``holds``, and what ``otherwise`` matches."""

    holds: frozenset[str]
    otherwise: Heads

    def search(self, words: str, /) -> bool:
        return head_key(words) in self.holds or bool(self.otherwise.search(words))


@dataclass(frozen=True, slots=True)
class ItemParts:
    """``known`` matches words of headers: by them the header of a table is told from its body."""

    columns: ColumnReader = read_columns
    judge: Judge = rules_judge
    known: Heads = KNOWN

    def with_columns(self, holds: Mapping[str, str]) -> ItemParts:
        """With ``holds`` (see ``NamedColumns``) before the columns' reader as it is."""
        return replace(self, columns=NamedColumns(holds, self.columns), known=NamedHeads(frozenset(holds), self.known))


RULES = ItemParts()
