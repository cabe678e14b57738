"""Two documents against each other: this year's notice and last year's, the province's and the city's."""

from __future__ import annotations

from extractor.archive.compare_pairs import Link, Reading, Similar, Spot, link
from extractor.archive.compare_rows import Rows
from extractor.types.comparison import Comparison, Party
from extractor.types.record import ExtractionFile

__all__ = ["Similar", "compare"]


def compare(old: ExtractionFile, new: ExtractionFile, similar: Similar) -> Comparison:
    """Every target of either document stands in one row, every record without targets in one at least; rejected records
    in none. ``similar`` gives for pairs of observations the probability that they measure the same.
    """
    a, b = Reading(old, "old"), Reading(new, "new")
    rows = Rows(a, b)
    links = _ordered(a, b, link(a, b, similar))
    return Comparison(_party(a, b), _party(b, a), tuple(rows.row(one) for one in links))


def _party(reading: Reading, other: Reading) -> Party:
    silent = tuple(aspect for aspect in reading.silent if aspect not in other.silent)
    return Party(reading.info, len(reading.records), len(reading.goals), silent)


def _ordered(old: Reading, new: Reading, links: list[Link]) -> list[Link]:
    """In the order of ``new``; what only ``old`` has comes behind what went before it there."""
    olds: dict[Spot, int] = {spot: at for at, spot in enumerate(old.spots())}
    news: dict[Spot, int] = {spot: at for at, spot in enumerate(new.spots())}
    partners = {olds[one.old]: news[one.new] for one in links if one.old is not None and one.new is not None}
    before, anchor = [], -1
    for at in range(len(olds)):
        anchor = partners.get(at, anchor)
        before.append(anchor)

    def key(one: Link) -> tuple[int, int]:
        at = olds[one.old] if one.old is not None else -1
        return (news[one.new], -1) if one.new is not None else (before[at], at)

    return sorted(links, key=key)
