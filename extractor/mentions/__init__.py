"""Expressions in the words of an item. Every finder reads a normalised view and gives offsets in it."""

from __future__ import annotations

from extractor.mentions.dates import find_dates
from extractor.mentions.implicit import find_implicit
from extractor.mentions.points import find_points
from extractor.mentions.quantities import find_quantities
from extractor.text.variants import simplify_characters
from extractor.types.mention import Mentions

__all__ = ["find_mentions"]


def find_mentions(text: str, *, year: int | None) -> Mentions:
    """All expressions of ``text``, a normalised view; ``year`` completes dates that print none.

    Traditional characters that expressions are made of read as their simplified ones; offsets stay.
    """
    text = simplify_characters(text)
    return Mentions(
        quantities=tuple(find_quantities(text)),
        dates=tuple(find_dates(text, year=year)),
        implicits=tuple(find_implicit(text)),
        points=tuple(find_points(text)),
    )
