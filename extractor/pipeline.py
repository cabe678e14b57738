"""The ordered stages: read → outline → items → mentions → records. Everything else calls ``extract``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from extractor import __version__
from extractor.components import Components, load_components
from extractor.config import Config, load_config
from extractor.formats import ReadOptions, read_document
from extractor.items import find_items
from extractor.mentions.reader import ItemReader
from extractor.outline import build_outline
from extractor.records.assemble import each_record
from extractor.records.canonical import with_canonical
from extractor.records.checks import check_records
from extractor.records.info import document_info
from extractor.records.unclaimed import find_unclaimed
from extractor.text.vocabulary import NO_WORDS, Words
from extractor.types.document import Document
from extractor.types.issue import Issue
from extractor.types.outline import Outline
from extractor.types.record import DocumentInfo, ExtractionFile, IndicatorRecord, Unclaimed

Stage = Literal["outline", "items", "records", "checks"]


@dataclass(frozen=True, slots=True)
class Result:
    """What one document gave. ``words``: the bureau's own, by which short names get their whole ones."""

    document: Document
    outline: Outline
    info: DocumentInfo
    records: tuple[IndicatorRecord, ...]
    unclaimed: tuple[Unclaimed, ...] = ()
    issues: tuple[Issue, ...] = ()
    words: Words = NO_WORDS

    @property
    def status(self) -> Literal["ok", "partial"]:
        """``partial`` where one of the document's ``issues`` is an error; those of single records do not count.

        No reader of this version reports such an issue: what it can't read it refuses with ``ReadError``.
        """
        return "partial" if any(issue.severity == "error" for issue in self.issues) else "ok"

    def to_contract(self) -> ExtractionFile:
        """The contract's object, as it is written to JSON."""
        return ExtractionFile(
            extractor_version=__version__,
            document=self.info,
            records=with_canonical(self.records, self.words),
            unclaimed=self.unclaimed,
            issues=self.issues,
        )

    def to_json(self, *, indent: int | None = 1) -> str:
        return self.to_contract().model_dump_json(indent=indent)


class Watch:
    """Whoever wants to see an extraction under way derives from this; each method does nothing by itself."""

    def stage(self, name: Stage, done: int, total: int) -> None:
        """A stage begins; ``total`` is 0 where it can't be told beforehand."""

    def record(self, record: IndicatorRecord, done: int, total: int) -> None:
        """A record is made, the ``done``-th of ``total``; what the checks find on it comes only with the result."""


def extract(
    source: str | Path | bytes,
    *,
    name: str | None = None,
    options: ReadOptions | None = None,
    config: Config | None = None,
) -> Result:
    """Records out of a file (PDF, DOCX, XLSX, HTML, text; told by content) or its bytes.

    ``name`` is shown as the source's name where bytes are given. Raises ``ReadError`` where there is nothing
    to extract from (missing, damaged, locked, scanned …); what could be read but not understood comes as
    ``issues`` and ``unclaimed``. ``config`` gives the defaults of ``options`` and the components: to pass both
    is a ``TypeError``.
    """
    if options is not None and config is not None:
        raise TypeError("extract() takes options or config, not both")
    options = options or ReadOptions(max_chars=(config or load_config()).read.max_chars)
    components = load_components(config.models if config else None)
    return extract_document(read_document(source, name=name, options=options), components=components)


def extract_document(document: Document, *, watch: Watch | None = None, components: Components | None = None) -> Result:
    """Records out of a document already read; ``watch`` learns how far it is, and of the records as they are made.

    ``components``: the parts to use; by default those of the settings.
    """
    watch = watch or Watch()
    parts = components or load_components()
    watch.stage("outline", 0, 0)
    outline = build_outline(document)
    watch.stage("items", 0, 0)
    items = find_items(document, outline, parts.items)
    total = sum(item.dropped is None for item in items)
    watch.stage("records", 0, total)
    made = []
    readings = ItemReader(document, outline.official.year, whole=parts.whole).read(items)
    for record in each_record(document, outline.official, readings, parts.records):
        made.append(record)
        watch.record(record, len(made), total)
    watch.stage("checks", total, total)
    return Result(
        document=document,
        outline=outline,
        info=document_info(document, outline.official),
        records=check_records(tuple(made), outline.official),
        unclaimed=find_unclaimed(document, outline, items),
        issues=document.issues,
        words=parts.words,
    )
