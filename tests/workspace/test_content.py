"""The document as data for the browser, for every sample document of every format."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.formats import read_document
from extractor.workspace import content
from extractor.workspace.worker import chunks
from tests.store.test_parsed import FILES
from tests.workspace.pdf_samples import pages_pdf


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_text_is_that_of_its_offsets(path: Path) -> None:
    document = read_document(path)
    shown = content.blocks(document, content.view_of(document.source.format), 0, 10_000)
    assert shown["total"] == len(document.blocks) == len(shown["blocks"])
    assert [each["index"] for each in shown["blocks"]] == list(range(len(document.blocks)))
    for block in shown["blocks"]:
        if block["kind"] == "paragraph":
            assert block["text"] == document.text[block["start"] : block["end"]]
    assert sorted(map(int, shown["tables"])) == list(range(len(document.tables)))
    for number, table in shown["tables"].items():
        assert len(table["cells"]) == len(document.tables[int(number)].cells)
        assert sum(cell["rowspan"] * cell["colspan"] for cell in table["cells"]) == table["rows"] * table["cols"]
        for cell in table["cells"]:
            assert cell["text"] == document.text[cell["start"] : cell["end"]]


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix == ".pdf"], ids=lambda path: path.name)
def test_every_character_of_a_pdf_lies_on_a_line_of_its_page(path: Path) -> None:
    document = read_document(path)
    covered: set[int] = set()
    for page in document.pages:
        for line in content.page_lines(document, page.number):
            assert line["text"] == document.text[line["start"] : line["end"]]
            assert len(line["edges"]) in (0, line["end"] - line["start"] + 1)
            x0, top, x1, bottom = line["bbox"]
            assert -1 <= x0 <= x1 <= page.width + 1
            assert -1 <= top <= bottom <= page.height + 1
            covered.update(range(line["start"], line["end"]))
    missing = [at for at, char in enumerate(document.text) if not char.isspace() and at not in covered]
    assert not missing


def test_parts_come_as_asked_for() -> None:
    document = read_document(pages_pdf(30))
    total = len(document.blocks)
    seen: list[int] = []
    while len(seen) < total:
        part = content.blocks(document, "pages", len(seen), 7)
        assert 0 < len(part["blocks"]) <= 7
        seen.extend(each["index"] for each in part["blocks"])
    assert seen == list(range(total))
    assert content.blocks(document, "pages", total, 7)["blocks"] == []
    assert content.blocks(document, "pages", -5, 2)["blocks"][0]["index"] == 0


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_search_is_given_every_word_of_the_body(path: Path) -> None:
    document = read_document(path)
    found = chunks(document)
    covered: set[int] = set()
    for start, words in found:
        assert document.text[start : start + len(words)] == words
        covered.update(range(start, start + len(words)))
    for block in document.blocks:
        if block.layer != "chrome":
            words_ = {at for at in range(*block.span) if not document.text[at].isspace()}
            assert words_ <= covered
