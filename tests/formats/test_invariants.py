"""What holds for every document, whatever its format."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.errors import ReadError
from extractor.formats import read
from extractor.types.document import Document
from extractor.types.geometry import Span

CORPUS = Path(__file__).parents[2] / "corpus"
FILES = sorted(path for folder in ("txt", "docx", "xlsx", "html") for path in (CORPUS / folder).glob("*.*"))
ALL_SHARED = ("seeds/*", "rendered/docx/*", "rendered/xlsx/*", "rendered/html/*", "real/*.txt", "real/2[89]*.html")


def check(document: Document) -> None:
    whole = Span(0, len(document.text))
    end = 0
    for block in document.blocks:
        assert whole.contains(block.span) and block.span.start < block.span.end
        assert block.span.start >= end, "blocks stand in order and apart"
        end = block.span.end
        assert (block.kind == "table") == (block.table is not None)
    assert [b.table for b in document.blocks if b.table is not None] == list(range(len(document.tables)))
    for table in document.tables:
        filled = [cell.span for cell in table.cells if cell.span.start < cell.span.end]
        assert all(table.span.contains(cell.span) for cell in table.cells)
        assert all(a.end <= b.start for a, b in zip(sorted(filled), sorted(filled)[1:], strict=False))
        assert [(c.row, c.col) for c in table.cells] == sorted((c.row, c.col) for c in table.cells)
        assert table.grid()
    for issue in document.issues:
        assert issue.start is None or issue.end is None or 0 <= issue.start <= issue.end <= len(document.text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_own_documents(path: Path) -> None:
    document = read(path)
    check(document)
    assert read(path) == document
    assert pickle.loads(pickle.dumps(document)) == document


def test_shared_documents(shared: Path) -> None:
    paths = [path for pattern in ALL_SHARED for path in sorted((shared / "corpus").glob(pattern))]
    assert len(paths) > 15
    for path in paths:
        check(read(path))


PIECES = [
    "指标",
    "1.",
    "2.完成；",
    "90%",
    "县（市）",
    "\t",
    "\t",
    "\n",
    "\n",
    "\n\u3000",
    "。",
    " ",
    '"',
    "\r\n",
    "5",
    "附件",
]


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=60).map("".join))
@settings(max_examples=300, deadline=None)
def test_any_mix_of_tabs_and_lines(text: str) -> None:
    try:
        document = read(text.encode())
    except ReadError as error:
        assert error.code == "empty"
        return
    check(document)
    covered = "".join(squeezed(document.text[b.span.start : b.span.end]) for b in document.blocks)
    assert covered == squeezed(text), "every word stands in a block"


TAGS = [
    "<p>",
    "</p>",
    "<table>",
    "</table>",
    "<tr>",
    "<td rowspan=2>",
    "<td colspan=3>",
    "<th>",
    "<br>",
    "<div>",
    "</div>",
    "<ol>",
    "<li>",
]


@given(
    st.lists(st.sampled_from([*TAGS, "指标", "完成90%。", " ", "<b>", "<h1>", "<a href=1>"]), max_size=60).map("".join)
)
@settings(max_examples=300, deadline=None)
def test_any_mix_of_tags(markup: str) -> None:
    document = read(f"<html><body>甲{markup}</body></html>".encode())
    check(document)
    words = re.sub(r"<[^>]*>", "", markup)
    assert document.text.count("指标") == words.count("指标"), "no word lost or doubled"


def squeezed(text: str) -> str:
    return "".join(text.split())


def grids(document: Document) -> list[list[list[str]]]:
    return [
        [[squeezed(document.text[c.span.start : c.span.end]) for c in row] for row in table.grid()]
        for table in document.tables
    ]


def body(document: Document) -> list[str]:
    return [
        squeezed(document.text[b.span.start : b.span.end])
        for b in document.blocks
        if b.kind == "paragraph" and b.layer == "body"
    ]


STEMS = sorted(path.stem for path in (CORPUS / "docx").glob("*.docx"))


@pytest.mark.parametrize("stem", STEMS)
def test_own_documents_read_the_same_from_each_format(stem: str) -> None:
    """Text files lose merges of cells in the middle of a row: there an empty cell stands for the one above."""
    expected = read(CORPUS / "docx" / f"{stem}.docx")
    for folder in ("html", "xlsx", "txt"):
        for path in (CORPUS / folder).glob(f"{stem}.*"):
            found = read(path)
            assert body(found) == body(expected), path.name
            if folder != "txt":
                assert grids(found) == grids(expected), path.name
            else:
                assert lowered(grids(found), grids(expected)) == grids(expected), path.name


def lowered(found: list[list[list[str]]], expected: list[list[list[str]]]) -> list[list[list[str]]]:
    """``found`` with those empty cells filled from above that ``expected`` has filled so."""
    for table, wanted in zip(found, expected, strict=True):
        for r, (row, right) in enumerate(zip(table, wanted, strict=True)):
            for c, word in enumerate(row):
                if not word and r and right[c] == table[r - 1][c]:
                    row[c] = right[c]
    return found


@pytest.mark.parametrize("seed", ["000", "001", "003", "004"])
def test_seeds_read_the_same_from_each_format(shared: Path, seed: str) -> None:
    """Rendered copies have the title first, whatever stands above it in the text."""
    expected = read(next((shared / "corpus/seeds").glob(f"{seed}*")))
    for folder in ("docx", "html", "xlsx"):
        for path in (shared / "corpus/rendered" / folder).glob(f"{seed}*"):
            found = read(path)
            assert sorted(body(found)) == sorted(body(expected)), path.name
            assert lowered(grids(expected), grids(found)) == grids(found), path.name


def test_tiered_seed_reads_nearly_the_same_from_each_format(shared: Path) -> None:
    """The rendered copies have two rows broken in two, one without its second tier, and notes in wrong cells."""
    expected = grids(read(next((shared / "corpus/seeds").glob("002*"))))[0]
    for folder in ("docx", "html", "xlsx"):
        found = grids(read(next((shared / "corpus/rendered" / folder).glob("002*"))))[0]
        missing = [row for row in expected if row not in found]
        assert (len(expected), len(expected[0])) == (46, 6)
        assert len(missing) <= 6, folder
