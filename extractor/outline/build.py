"""The stage's one entry."""

from __future__ import annotations

from dataclasses import replace

from extractor.outline.frame import read_frame
from extractor.outline.headings import build_sections
from extractor.outline.metadata import read_metadata
from extractor.outline.official import TITLE_KEYS, read_official
from extractor.outline.units import units_of
from extractor.types.document import Document
from extractor.types.outline import Outline


def build_outline(document: Document) -> Outline:
    """Official elements and sections of a document. Linear in its length, and never fails on odd input.

    A paragraph that holds several numbered paragraphs gives several sections, as does a box (a table of one
    column): their ``body`` tells which part is meant. The body of an item starts with its number.
    """
    units = units_of(document)
    meta, lines = read_metadata(document, units)
    named = next((meta[key][0] for key in TITLE_KEYS if key in meta), None)
    frame = read_frame(units, lines, named)
    official = read_official(document, units, frame, meta)
    sections, used = build_sections(document, units, frame)
    live = {unit.block for at, unit in enumerate(units) if at not in frame.covered or at in used}
    covered = frozenset(unit.block for unit in units) - live
    return Outline(replace(official, covered=covered), sections)
