"""What the pipeline knows of a document before it looks for items: its headings and its official elements."""

from __future__ import annotations

from dataclasses import dataclass, field

from extractor.types.geometry import Span


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that stands alone in its block or opens it (run-in).

    ``span`` is the title's words without number, points mark and closing punctuation; ``mark`` the number as
    printed (``一、``, ``（二）``), ``level`` counts from 1. ``body`` is where the block's text goes on after a
    run-in heading (an empty span at the end where nothing follows).
    """

    title: str
    span: Span
    level: int
    mark: str | None = None
    run_in: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One paragraph block with what stands above it.

    ``headings`` are those in force, outermost first, the block's own run-in heading included. ``body`` is the
    part of the block that is not heading (empty for a block that is heading only).
    """

    block: int
    headings: tuple[Heading, ...]
    body: Span


@dataclass(frozen=True, slots=True)
class Official:
    """Elements after GB/T 9704-2012 and of web metadata blocks, each with its place (``spans`` by field name).

    ``issued_on`` is ISO; ``document_number`` has its brackets normalised to 〔〕; ``covered`` are the indices
    of the blocks that belong to the frame (head, salutation, transmittal, signature, contents, imprint) and
    so hold no item.
    """

    title: str | None = None
    document_number: str | None = None
    issuer: str | None = None
    issued_on: str | None = None
    year: int | None = None
    period: tuple[int, int] | None = None
    kind: str = "other"
    addressee: str | None = None
    attachments: tuple[str, ...] = ()
    spans: dict[str, Span] = field(default_factory=dict)
    covered: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Outline:
    """``sections`` holds one entry for each paragraph and table block that is not ``official.covered`` or chrome,
    in reading order (a table's section: the headings above it, its caption last, an empty body).
    """

    official: Official
    sections: tuple[Section, ...]
