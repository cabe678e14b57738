"""An archive aligned: from many documents' results to indicators, conflicts and what the pages and analysts read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractor.archive.clusters import align
from extractor.archive.contradictions import contradictions
from extractor.archive.observations import observations
from extractor.store import archive
from extractor.store.database import Database
from extractor.types.archive import Conflict, Indicator, Observation
from extractor.types.record import ExtractionFile


@dataclass(frozen=True, slots=True)
class Aligned:
    documents: int
    observations: Sequence[Observation]
    indicators: Sequence[Indicator]
    conflicts: Sequence[Conflict]


def align_archive(database: Database, files: Iterable[ExtractionFile]) -> Aligned:
    """Aligns what the files say, heeding every decision that people took before, and puts it in the place of the last
    alignment; readers see the old one or the new one. Raises StoreError.
    """
    count = 0
    found: list[Observation] = []
    for file in files:
        count += 1
        found += observations(file)
    with database.read() as connection:
        decisions = archive.decisions(connection)
    indicators = align(found, decisions)
    conflicts = contradictions(indicators, found)
    with database.write() as connection:
        archive.replace_alignment(connection, found, indicators, conflicts)
    return Aligned(count, found, indicators, conflicts)
