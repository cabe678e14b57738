"""Headings in force and official elements, on small documents of many styles."""

from __future__ import annotations

import pytest

from extractor.formats import read_document
from extractor.outline import build_outline
from extractor.types.document import Document
from extractor.types.outline import Outline
from tests.outline.more_samples import MORE_SAMPLES
from tests.outline.samples import SAMPLES as FIRST_SAMPLES

SAMPLES = FIRST_SAMPLES | MORE_SAMPLES
WITH_PATHS = [(name, words) for name, sample in SAMPLES.items() for words in sample.paths]
WITH_FIELDS = [(name, field) for name, sample in SAMPLES.items() for field in sample.official]


@pytest.fixture(scope="module")
def outlines() -> dict[str, tuple[Document, Outline]]:
    read = {name: read_document(sample.text.encode(), name="sample.txt") for name, sample in SAMPLES.items()}
    return {name: (document, build_outline(document)) for name, document in read.items()}


@pytest.mark.parametrize(("name", "words"), WITH_PATHS, ids=[f"{name}: {words}" for name, words in WITH_PATHS])
def test_the_headings_above_a_paragraph(outlines: dict[str, tuple[Document, Outline]], name: str, words: str) -> None:
    document, outline = outlines[name]
    bodies = {document.text[s.body.start : s.body.end]: [h.title for h in s.headings] for s in outline.sections}
    found = [path for body, path in bodies.items() if body.startswith(words)]
    assert found == [SAMPLES[name].paths[words]], bodies


@pytest.mark.parametrize(("name", "field"), WITH_FIELDS, ids=[f"{name}: {field}" for name, field in WITH_FIELDS])
def test_official_elements(outlines: dict[str, tuple[Document, Outline]], name: str, field: str) -> None:
    assert getattr(outlines[name][1].official, field) == SAMPLES[name].official[field]


@pytest.mark.parametrize("name", [name for name, sample in SAMPLES.items() if sample.frame])
def test_the_frame_holds_no_section(outlines: dict[str, tuple[Document, Outline]], name: str) -> None:
    document, outline = outlines[name]
    bodies = [document.text[s.body.start : s.body.end] for s in outline.sections if s.body.start < s.body.end]
    for words in SAMPLES[name].frame:
        assert not [body for body in bodies if body.startswith(words)]


@pytest.mark.parametrize("name", SAMPLES)
def test_spans_stand_in_the_text(outlines: dict[str, tuple[Document, Outline]], name: str) -> None:
    document, outline = outlines[name]
    last = 0
    for section in outline.sections:
        assert document.blocks[section.block].span.contains(section.body)
        assert section.body.start >= last or section.body.start == section.body.end
        last = max(last, section.body.end)
        for level, heading in enumerate(section.headings, start=1):
            assert heading.level == level
            printed = document.text[heading.span.start : heading.span.end]
            assert "".join(printed.split()).startswith("".join(heading.title.split())[:4])
    for place in outline.official.spans.values():
        assert 0 <= place.start < place.end <= len(document.text)


@pytest.mark.parametrize("name", SAMPLES)
def test_no_paragraph_is_lost(outlines: dict[str, tuple[Document, Outline]], name: str) -> None:
    document, outline = outlines[name]
    kept = {section.block for section in outline.sections}
    for index, block in enumerate(document.blocks):
        if block.layer == "body":
            assert index in kept or index in outline.official.covered


def test_reading_twice_gives_the_same() -> None:
    document = read_document(SAMPLES["annexes"].text.encode(), name="sample.txt")
    assert build_outline(document) == build_outline(document)
