"""What must hold of every document, whatever it says: places are true, ids are unique, two runs agree."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extractor import Result, extract
from extractor.types.geometry import Span
from extractor.types.record import Evidence, ExtractionFile

CORPUS = Path(__file__).parents[1] / "corpus"
FILES = [CORPUS / json.loads(line)["file"] for line in (CORPUS / "manifest.jsonl").read_text("utf-8").splitlines()]


def squeeze(text: str) -> str:
    return "".join(text.split())


def names_of(path: Path) -> str:
    return f"{path.parent.name}-{path.stem[:2]}"


@pytest.fixture(scope="module", params=FILES, ids=names_of)
def result(request: pytest.FixtureRequest) -> Result:
    return extract(request.param)


def places(result: Result) -> list[Evidence]:
    found = []
    for record in result.records:
        found += [record.evidence, *(place for field in record.field_evidence.values() for place in field)]
        for part in (*record.targets, *record.deadlines, *record.responsible):
            found += [part.evidence] if part.evidence else []
    return found


def test_text_stands_where_the_evidence_says(result: Result) -> None:
    assert result.records
    for record in result.records:
        place = record.evidence
        assert squeeze(result.document.text[place.start : place.end]) == squeeze(record.text)


def test_every_place_is_in_the_document(result: Result) -> None:
    size, pages = len(result.document.text), {page.number for page in result.document.pages}
    for place in places(result):
        assert 0 <= place.start <= place.end <= size
        assert place.page is None or place.page in pages
        if place.cell is not None:
            table, row, column = place.cell
            grid = result.document.tables[table]
            assert row < grid.n_rows
            assert column < grid.n_cols


def test_raw_words_are_those_of_their_place(result: Result) -> None:
    for record in result.records:
        for part in (*record.targets, *record.deadlines):
            if part.raw and part.evidence:
                words = squeeze(result.document.text[part.evidence.start : part.evidence.end])
                assert squeeze(part.raw) == words, record.text


def test_ids_are_unique_and_order_is_that_of_the_text(result: Result) -> None:
    ids = [record.record_id for record in result.records]
    assert len(set(ids)) == len(ids)


def test_kind_agrees_with_targets(result: Result) -> None:
    for record in result.records:
        assert (record.kind == "target") <= bool(record.targets), record.text
        assert (record.kind == "task") <= (not record.targets), record.text


def test_json_reads_back(result: Result) -> None:
    assert ExtractionFile.model_validate_json(result.to_json()) == result.to_contract()


def test_paragraphs_do_not_overlap_and_cells_lie_in_their_table(result: Result) -> None:
    end = 0
    for block in result.document.blocks:
        assert block.span.start >= end
        end = block.span.end
    for table in result.document.tables:
        for cell in table.cells:
            assert cell.span.start == cell.span.end or Span(*table.span).contains(cell.span)


@pytest.mark.parametrize("path", FILES[::7], ids=names_of)
def test_two_runs_agree(path: Path) -> None:
    assert extract(path).to_json() == extract(path).to_json()
