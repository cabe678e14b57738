"""A document's records as they stand, as a file: contract formats, workbooks, and the form of the annotations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, get_args

from extractor import __version__
from extractor.errors import OutputError
from extractor.types.record import DocumentInfo, ExtractionFile, IndicatorRecord, Unclaimed

Which = Literal["current", "approved"]
MEDIA = {
    "json": "application/json",
    "jsonl": "application/jsonl",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "units": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_NOT_ANNOTATED = {
    "record_id", "evidence", "field_evidence", "field_confidence", "confidence", "status", "issues",
    "row_points", "scoring_text", "notes",
}  # fmt: skip


def contract(
    info: DocumentInfo,
    records: Sequence[IndicatorRecord],
    unclaimed: list[Unclaimed],
    which: str,
    extractor_version: str | None,
) -> ExtractionFile:
    """``current``: all that nobody rejected; ``approved``: only those accepted. Raises ``OutputError`` for others."""
    if which not in get_args(Which):
        raise OutputError("records 只能是 current 或 approved / records is current or approved")
    kept = [
        record
        for record in records
        if record.status == "approved" or (which == "current" and record.status != "rejected")
    ]
    return ExtractionFile(
        extractor_version=extractor_version or __version__,
        document=info,
        records=tuple(kept),
        unclaimed=tuple(unclaimed),
    )


def rendered(file: ExtractionFile, format: str) -> tuple[bytes, str, str]:
    """The bytes, their media type and a file name. Raises ``OutputError`` for an unknown format."""
    from extractor.export import render, suffix_of

    if format not in MEDIA:
        known = "、".join(MEDIA)
        raise OutputError(f"没有 {format[:20]} 格式，可用的有 {known} / unknown format; known: {', '.join(MEDIA)}")
    stem = file.document.source_name.rpartition(".")[0] or file.document.source_name
    part = "-责任单位" if format == "units" else ""
    return render(format, [file]), MEDIA[format], f"{stem}{part}{suffix_of(format)}"


def annotated(file: ExtractionFile) -> dict[str, Any]:
    """As the gold annotations are written: what a record says, without where it stands and how sure we are."""
    head = file.document
    return {
        "document": {
            "source_name": head.source_name,
            "title": head.title,
            "document_number": head.document_number,
        },
        "tasks": "exhaustive",
        "records": [_of_record(record) for record in file.records],
    }


def _of_record(record: IndicatorRecord) -> dict[str, Any]:
    made = record.model_dump(mode="json", exclude=_NOT_ANNOTATED, exclude_defaults=True)
    for name in ("targets", "deadlines", "responsible"):
        for element in made.get(name, ()):
            element.pop("evidence", None)
            element.pop("canonical", None)
    return made
