"""Parsed documents on disk: the very same document comes back, whatever its format."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.formats import read_document
from extractor.store.parsed import ParsedFiles, decode, encode, save, write_whole
from extractor.types.document import Document
from extractor.types.geometry import BBox, Span
from tests.workspace.pdf_samples import pages_pdf

CORPUS = Path(__file__).parents[2] / "corpus"
FILES = sorted(
    path for folder in ("pdf", "docx", "xlsx", "html", "txt") for path in (CORPUS / folder).iterdir() if path.is_file()
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_format_comes_back_whole(path: Path) -> None:
    document = read_document(path)
    again = decode(encode(document))
    assert again == document
    assert repr(again) == repr(document)  # named tuples stay such, which == does not tell from plain ones


def test_types_of_places_are_kept() -> None:
    document: Document = decode(encode(read_document(pages_pdf(3))))
    line = document.blocks[0].lines[0]
    assert (type(line.span), type(line.bbox)) == (Span, BBox)
    assert document.tables[0].cells[0].lines


def test_what_is_no_parsed_document_is_none(tmp_path: Path) -> None:
    files = ParsedFiles(tmp_path)
    document = read_document(CORPUS / "txt" / "03_emergency-target-notice.txt")
    sha = document.source.sha256
    assert files.load(sha, "1") is None
    whole = encode(document)
    for broken in (b"", b"no gzip", whole[: len(whole) // 2], whole[:-20] + bytes(20)):
        files.path(sha, "1").write_bytes(broken)
        assert files.load(sha, "1") is None
    save(document, files.path(sha, "1"))
    assert files.load(sha, "1") == document
    assert files.load(sha, "1") is files.load(sha, "1")
    assert files.load(sha, "2") is None
    files.delete(sha)
    assert files.load(sha, "1") is None
    assert not list(tmp_path.iterdir())


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    target = tmp_path / "folder" / "file"
    write_whole(target, b"one")
    write_whole(target, b"two")
    assert target.read_bytes() == b"two"
    (tmp_path / "blocked").write_text("a file where a folder should be")
    with pytest.raises(OSError, match="blocked"):
        write_whole(tmp_path / "blocked" / "file", b"x")
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["file"]
