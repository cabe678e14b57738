"""Reads words that a person points at, by the rules that read the whole document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pydantic import JsonValue

from extractor.components import Components, load_components
from extractor.mentions.reader import ItemReader
from extractor.records.assemble import assemble
from extractor.review import filling, joining
from extractor.review.places import Places
from extractor.types.document import Document
from extractor.types.geometry import Span
from extractor.types.item import Item
from extractor.types.record import IndicatorRecord

_KEPT = 64  # readings of single records kept for the next clicks


@dataclass(frozen=True, slots=True)
class Filled:
    """``changes`` in order, values as JSON; ``start`` and ``end`` are the words they were read from."""

    changes: list[tuple[str, JsonValue]]
    start: int
    end: int


class SpanReader:
    """Reads spans of one document. The outline and items are found at the first use and kept (thread-safe as long
    as one thread uses it at a time). ``components``: those that read the whole document; by default the settings'.
    """

    def __init__(self, document: Document, components: Components | None = None) -> None:
        self.document = document
        self.components = components or load_components()
        self.places = Places(document, self.components)
        self._known: dict[Item, IndicatorRecord] = {}

    @property
    def year(self) -> int | None:
        return self.places.outline.official.year

    @cached_property
    def _reader(self) -> ItemReader:
        return ItemReader(self.document, self.year, whole=self.components.whole)

    def warm(self) -> None:
        """Works out the outline, items and places of evidence, so that the first click need not wait for them."""
        _ = self.places.outline, self.places.items, self.places.finder, self.places.touching(Span(0, 1))

    def record(self, start: int, end: int, *, like: IndicatorRecord | None = None) -> IndicatorRecord:
        """The draft that the pipeline would make of these words.

        Its path comes from the headings above or the table's row, as do points, names and times that hold for it;
        what it lacks is taken from ``like`` (the record that the words are part of). Raises ``Refused`` where
        nothing is selected.
        """
        made = self.read(self.places.item(self.places.trimmed(start, end)))
        return made if like is None else joining.inherited(made, like)

    def read(self, item: Item) -> IndicatorRecord:
        if item not in self._known:
            if len(self._known) >= _KEPT:
                self._known.pop(next(iter(self._known)))
            (self._known[item],) = assemble(
                self.document, self.places.outline.official, self._reader.read([item]), self.components.records
            )
        return self._known[item]

    def value(self, start: int, end: int, field: str, record: IndicatorRecord) -> Filled:
        """What the words there say of a field of ``record``, normalised, with its evidence.

        ``start == end`` is a click, widened to the expression around it. Raises ``Refused`` with what was expected.
        """
        changes, span = filling.fill(self, start, end, field, record)
        return Filled(changes, span.start, span.end)

    def split_points(self, record: IndicatorRecord) -> list[int]:
        """Offsets where list marks, else sentences, propose that a new record begins; [] where nothing does."""
        return joining.split_points(self, record)

    def split(self, record: IndicatorRecord, at: Sequence[int]) -> list[IndicatorRecord]:
        """The parts as drafts of their own. Raises ``Refused`` where fewer than two parts hold words."""
        return joining.split(self, record, at)

    def merge(self, records: Sequence[IndicatorRecord]) -> IndicatorRecord:
        """One record of several: the words from the first to the last, targets, times and names of all."""
        return joining.merge(self, records)

    def own_reading(self, record: IndicatorRecord) -> IndicatorRecord:
        """How the rules read the record's own words, whatever has been corrected in it since."""
        return self.read(self.places.item(Span(record.evidence.start, record.evidence.end)))
