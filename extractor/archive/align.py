"""An archive aligned: from many documents' results to indicators, conflicts and what the pages and analysts read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractor.archive.clusters import align
from extractor.archive.contradictions import contradictions
from extractor.archive.observations import observations
from extractor.errors import StoreError
from extractor.store import archive
from extractor.store.database import Database
from extractor.types.archive import Conflict, Indicator, Observation
from extractor.types.record import ExtractionFile

_TRIES = 5


@dataclass(frozen=True, slots=True)
class Aligned:
    documents: int
    observations: Sequence[Observation]
    indicators: Sequence[Indicator]
    conflicts: Sequence[Conflict]


def align_archive(database: Database, files: Iterable[ExtractionFile]) -> Aligned:
    """Aligns what the files say, heeding every decision that people took before, and puts it in the place of the last
    alignment; readers see the old one or the new one. Raises StoreError; ``changed`` where people decide faster than it aligns.
    """
    count = 0
    found: list[Observation] = []
    for file in files:
        count += 1
        found += observations(file)
    for _ in range(_TRIES):
        with database.read() as connection:
            decisions, heeded = archive.decisions(connection), archive.last_decision(connection)
        indicators = align(found, decisions)
        conflicts = contradictions(indicators, found)
        try:
            with database.write() as connection:
                archive.replace_alignment(connection, found, indicators, conflicts, heeded=heeded)
        except StoreError as error:
            if error.code != "changed":
                raise
            refused = error  # somebody decided meanwhile: once more, with that
        else:
            return Aligned(count, found, indicators, conflicts)
    raise refused
