"""Where words stand: offsets, pages, boxes, cells, and the parts of what runs over several of them."""

from __future__ import annotations

import pytest

from extractor.records.evidence import EvidenceFinder
from extractor.records.info import document_info
from extractor.types.document import Block, Document, Line, Source
from extractor.types.geometry import BBox, Span
from extractor.types.outline import Official
from extractor.types.record import Evidence
from extractor.types.table import Cell, Table
from tests.records.samples import document_of, item_of, record_of, records_of, squeeze

SOURCE = Source("a.pdf", "0" * 64, "pdf", 1)


def edges(x0: float, count: int) -> tuple[float, ...]:
    return tuple(x0 + 10 * at for at in range(count + 1))


def paged() -> Document:
    """A paragraph of three lines of five characters, the last on page 2; then a table of two cells."""
    text = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰\n天地\n玄黄"
    lines = (
        Line(Span(0, 5), 1, BBox(20, 700, 70, 712), edges(20, 5)),
        Line(Span(5, 10), 1, BBox(20, 720, 70, 732), edges(20, 5)),
        Line(Span(10, 15), 2, BBox(20, 60, 70, 72), edges(20, 5)),
    )
    cells = (
        Cell(0, 0, Span(16, 18), lines=(Line(Span(16, 18), 2, BBox(20, 90, 40, 102)),), address="A1"),
        Cell(0, 1, Span(19, 21)),
    )
    table = Table(Span(16, 21), 1, 2, cells)
    blocks = (Block(Span(0, 15), lines=lines, page=1), Block(Span(16, 21), "table", table=0, paragraph=4))
    return Document(SOURCE, text, blocks, (table,))


def find(start: int, end: int) -> Evidence:
    return EvidenceFinder(paged()).evidence(Span(start, end))


def test_within_a_line_the_box_is_clipped_to_the_characters() -> None:
    found = find(1, 3)
    assert (found.page, found.bbox, found.parts) == (1, (30, 700, 50, 712), ())


def test_over_lines_of_a_page_each_line_is_a_part() -> None:
    found = find(3, 8)
    assert [(part.start, part.end, part.bbox) for part in found.parts] == [
        (3, 5, (50, 700, 70, 712)),
        (5, 8, (20, 720, 50, 732)),
    ]
    assert found.bbox == (20, 700, 70, 732)


def test_over_pages_the_box_is_that_of_the_first_page() -> None:
    found = find(8, 12)
    assert (found.page, found.bbox) == (1, (50, 720, 70, 732))
    assert [(part.page, part.start, part.end) for part in found.parts] == [(1, 8, 10), (2, 10, 12)]


def test_in_a_cell() -> None:
    found = find(16, 18)
    assert (found.cell, found.page, found.address, found.paragraph) == ((0, 0, 0), 2, "A1", 4)
    assert found.bbox == (20, 90, 40, 102)  # a line without edges keeps its whole box


def test_over_cells() -> None:
    found = find(16, 21)
    assert [(part.cell, part.start, part.end) for part in found.parts] == [((0, 0, 0), 16, 18), ((0, 0, 1), 19, 21)]


def test_a_cell_without_lines_has_no_page() -> None:
    assert (find(19, 21).page, find(19, 21).bbox) == (None, None)


def test_in_no_block() -> None:
    document = Document(SOURCE, "甲乙丙", ())
    assert EvidenceFinder(document).evidence(Span(0, 2)) == Evidence(start=0, end=2)


def test_an_empty_span_has_a_place() -> None:
    found = find(1, 1)
    assert (found.start, found.end) == (1, 1)


def test_same_span_same_evidence() -> None:
    finder = EvidenceFinder(paged())
    assert finder.evidence(Span(1, 3)) is finder.evidence(Span(1, 3))


@pytest.mark.parametrize("words", ["完善\n管理 办法。", "完善管理办法，办结率 达到 ９５％。"])
def test_text_stands_at_its_evidence_white_space_aside(words: str) -> None:
    document = document_of("标题\n" + words)
    (record,) = records_of(document, item_of(document, words))
    at = record.evidence
    assert squeeze(document.text[at.start : at.end]) == squeeze(record.text)
    for target in record.targets:
        assert target.evidence is not None
        assert squeeze(document.text[target.evidence.start : target.evidence.end]) == squeeze(str(target.raw))


def test_every_field_knows_its_place() -> None:
    document = document_of("制度建设\n（5分）\n县民政局\n10月底前\n少一次扣1分\n备注：甲\n各乡镇\n完善办法。")
    item = item_of(
        document, "完善办法。", path=["制度建设"], points=("5分", "5"), row_points=("5分", "5"), who=[("县民政局", "duty")],
        when=["10月底前"], scoring="少一次扣1分", notes=["备注：甲"], assessed=["各乡镇"],
    )  # fmt: skip
    (record,) = records_of(document, item)
    assert set(record.field_evidence) == {"path", "points", "row_points", "scoring_text", "notes", "assessed"}
    stands = {name: document.text[at[0].start : at[0].end] for name, at in record.field_evidence.items()}
    assert stands["path"] == "制度建设"
    assert stands["points"] == "5分"
    assert stands["scoring_text"] == record.scoring_text
    for each in (*record.responsible, *record.deadlines):
        assert each.evidence is not None
        assert document.text[each.evidence.start : each.evidence.end] == getattr(each, "name", getattr(each, "raw", ""))


def test_fields_that_are_not_there_have_no_evidence() -> None:
    assert record_of("完善办法。").field_evidence == {}


def test_elements_of_the_document_know_their_place() -> None:
    document = document_of("关于完善办法的通知\n岚政发〔2024〕3号")
    info = document_info(document, Official(title="关于完善办法的通知", year=2024, spans={"title": Span(0, 9)}))
    assert (info.title, info.year, info.kind, info.period) == ("关于完善办法的通知", 2024, "other", None)
    assert document.text[info.evidence["title"].start : info.evidence["title"].end] == info.title
    assert (info.source_name, info.sha256) == (document.source.name, document.source.sha256)
