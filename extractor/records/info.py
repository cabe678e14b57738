"""``document`` of the contract, from the official elements."""

from __future__ import annotations

from typing import cast

from extractor.records.evidence import EvidenceFinder
from extractor.types.document import Document
from extractor.types.outline import Official
from extractor.types.record import DocumentInfo, DocumentKind


def document_info(document: Document, official: Official) -> DocumentInfo:
    """Each element with its place in the text."""
    finder = EvidenceFinder(document)
    return DocumentInfo(
        source_name=document.source.name,
        sha256=document.source.sha256,
        title=official.title,
        document_number=official.document_number,
        issuer=official.issuer,
        issued_on=official.issued_on,
        year=official.year,
        period=official.period,
        kind=cast(DocumentKind, official.kind),
        addressee=official.addressee,
        attachments=official.attachments,
        evidence={name: finder.evidence(span) for name, span in official.spans.items()},
    )
