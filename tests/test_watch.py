"""An extraction that is watched: stages, records as they are made, pages as they are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.formats import ReadOptions, read_document
from extractor.pipeline import Stage, Watch, extract_document
from extractor.types.record import IndicatorRecord
from tests.extracted import FILES

CORPUS = Path(__file__).parents[1] / "corpus"


class Seen(Watch):
    def __init__(self) -> None:
        self.stages: list[tuple[Stage, int, int]] = []
        self.records: list[IndicatorRecord] = []
        self.counts: list[tuple[int, int]] = []

    def stage(self, name: Stage, done: int, total: int) -> None:
        self.stages.append((name, done, total))

    def record(self, record: IndicatorRecord, done: int, total: int) -> None:
        self.records.append(record)
        self.counts.append((done, total))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_is_seen_is_what_comes_out(path: Path) -> None:
    document = read_document(path)
    seen = Seen()
    watched = extract_document(document, watch=seen)
    assert watched == extract_document(document)
    total = len(watched.records)
    assert seen.stages == [("outline", 0, 0), ("items", 0, 0), ("records", 0, total), ("checks", total, total)]
    assert seen.counts == [(number, total) for number in range(1, total + 1)]
    assert seen.records == [record.model_copy(update={"issues": ()}) for record in watched.records]


def test_pages_are_counted_as_they_are_read() -> None:
    told: list[tuple[int, int]] = []
    options = ReadOptions(progress=lambda done, total: told.append((done, total)))
    document = read_document(CORPUS / "pdf" / "05_ecology-plan.pdf", options=options)
    pages = len(document.pages)
    assert told == [(number, pages) for number in range(1, pages + 1)]
