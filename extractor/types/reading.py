"""An item with everything read in its words and around it: what a record is assembled from."""

from __future__ import annotations

from dataclasses import dataclass

from extractor.types.geometry import Span
from extractor.types.item import Item
from extractor.types.mention import DateMention, Mentions, ResponsibleMention
from extractor.types.view import View


@dataclass(frozen=True, slots=True)
class Dated:
    """A date of a bracket, column, heading or lead-in: ``raw`` as printed, ``span`` in ``Document.text``."""

    mention: DateMention
    raw: str
    span: Span


@dataclass(frozen=True, slots=True)
class Named:
    """A responsible name with its place in ``Document.text``."""

    mention: ResponsibleMention
    span: Span


@dataclass(frozen=True, slots=True)
class Reading:
    """``view`` shows the item's words and ``mentions`` count in it; ``thresholds`` are views of scoring words
    with their mentions; ``context`` are words before the item, nearest last.
    """

    item: Item
    view: View
    mentions: Mentions
    who: tuple[Named, ...] = ()
    when: tuple[Dated, ...] = ()
    lead_in: tuple[Dated, ...] = ()
    thresholds: tuple[tuple[View, Mentions], ...] = ()
    context: tuple[str, ...] = ()
