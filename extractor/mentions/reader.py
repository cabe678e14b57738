"""Reads every item of a document: its own words, and the brackets, columns and headings that hold for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from extractor.mentions import find_mentions
from extractor.mentions.dates import find_dates
from extractor.mentions.responsible import Hint, find_responsible
from extractor.text.view import make_view
from extractor.types.document import Document
from extractor.types.geometry import Span
from extractor.types.item import Item
from extractor.types.reading import Dated, Named, Reading

_FIRST_LEADS = re.compile(
    r"(?:排(?:名|列|序)?在?(?:第一位?|首位|最前)|列(?:第一位|首位)|第一(?:个|位))的?(?:单位|部门)?(?:为|是)(?:牵头|主办|主责)"
)


class ItemReader:
    """Keeps what several items share (one bracket may hold for twenty sentences) from being read twice."""

    def __init__(self, document: Document, year: int | None, *, whole: re.Pattern[str] | None = None) -> None:
        """``whole`` matches names of units that are not to be cut."""
        self._document = document
        self._year = year
        self._whole = whole
        self._who: dict[tuple[Span, Hint], tuple[Named, ...]] = {}
        self._when: dict[Span, tuple[Dated, ...]] = {}

    @cached_property
    def _first_leads(self) -> bool:
        return _FIRST_LEADS.search(self._document.text) is not None

    def read(self, items: Iterable[Item]) -> Iterator[Reading]:
        for item in items:
            yield self._read(item)

    def _read(self, item: Item) -> Reading:
        view = make_view(self._document.text, item.span)
        thresholds = tuple(make_view(self._document.text, span) for span in item.thresholds)
        return Reading(
            item=item,
            view=view,
            mentions=find_mentions(view.text, year=self._year),
            who=tuple(named for who in item.who for named in self._named(who.span, who.role)),
            when=tuple(dated for span in item.when for dated in self._dated(span)),
            lead_in=self._dated(item.lead_in) if item.lead_in is not None else (),
            thresholds=tuple((each, find_mentions(each.text, year=self._year)) for each in thresholds),
            context=tuple(make_view(self._document.text, span).text for span in item.context),
        )

    def _named(self, span: Span, role: Hint) -> tuple[Named, ...]:
        key = (span, role)
        if key not in self._who:
            view = make_view(self._document.text, span)
            words = view.text.replace("\n", " ")
            found = find_responsible(words, 0, len(words), role, first_leads=self._first_leads, whole=self._whole)
            self._who[key] = tuple(Named(mention, view.span(*mention.span)) for mention in found)
        return self._who[key]

    def _dated(self, span: Span) -> tuple[Dated, ...]:
        if span not in self._when:
            view = make_view(self._document.text, span)
            self._when[span] = tuple(
                Dated(mention, view.text[mention.span.start : mention.span.end], view.span(*mention.span))
                for mention in find_dates(view.text, year=self._year)
                if mention.role not in ("baseline", "duration")
            )
        return self._when[span]
