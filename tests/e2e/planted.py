"""Drafts with errors of every sort, put in by the store before a server opens the data directory.

What the extractor really makes of the file is altered in a dozen places, as a worse extractor might have made it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from extractor import __version__
from extractor.formats import read_document
from extractor.pipeline import extract_document
from extractor.review.reader import SpanReader
from extractor.review.state import ReviewState
from extractor.store import documents, drafts, records, search
from extractor.store.database import Database, sqlite_url
from extractor.store.parsed import encode
from extractor.types.document import Document
from extractor.types.record import IndicatorRecord
from extractor.workspace.core import open_core
from extractor.workspace.rows import fresh_rows, index_words
from extractor.workspace.worker import chunks

Change = Callable[[IndicatorRecord], IndicatorRecord | None]


def _in_row(list_name: str, **values: Any) -> Change:
    """Alters fields of the first row of a list; a value may be a function of the old one. None: nothing to alter."""

    def change(record: IndicatorRecord) -> IndicatorRecord | None:
        rows = list(getattr(record, list_name))
        if not rows:
            return None
        made = {}
        for name, value in values.items():
            old = getattr(rows[0], name)
            made[name] = value(old) if callable(value) else value
            if made[name] is None or made[name] == old:
                return None
        rows[0] = rows[0].model_copy(update=made)
        return record.model_copy(update={list_name: tuple(rows)})

    return change


def _points(record: IndicatorRecord) -> IndicatorRecord | None:
    return None if record.points is None else record.model_copy(update={"points": record.points + 1})


def _no_deadline(record: IndicatorRecord) -> IndicatorRecord | None:
    if (
        len(record.deadlines) != 1
        or not record.evidence.start <= record.deadlines[0].evidence.start < record.evidence.end
    ):  # type: ignore[union-attr]
        return None
    targets = tuple(target.model_copy(update={"due": None}) for target in record.targets)
    return record.model_copy(update={"deadlines": (), "targets": targets})


def _no_unit_named(record: IndicatorRecord) -> IndicatorRecord | None:
    return record.model_copy(update={"responsible": record.responsible[1:]}) if len(record.responsible) > 1 else None


def _kind(record: IndicatorRecord) -> IndicatorRecord | None:
    return record.model_copy(update={"kind": "bonus"}) if record.kind == "task" else None


ALTERED: dict[str, Change] = {
    "comparator": _in_row("targets", op=lambda op: "le" if op == "ge" else None),
    "unit": _in_row("targets", unit=lambda unit: "个百分点" if unit == "%" else None),
    "value": _in_row("targets", value=lambda value: value + 1 if value and value > 12 else None),
    "metric": _in_row("targets", metric=lambda metric: metric[: len(metric) // 3] if len(metric) > 8 else None),
    "role": _in_row("responsible", role=lambda role: "support" if role == "lead" else None),
    "responsible": _no_unit_named,
    "points": _points,
    "deadline": _no_deadline,
    "kind": _kind,
}


def plant(document: Document, found: Sequence[IndicatorRecord]) -> tuple[list[IndicatorRecord], list[str]]:
    """The records with errors, and what was planted; each error in a record of its own, spread over the document."""
    made, planted = list(found), []
    used: set[int] = set()
    for at, (name, change) in enumerate(ALTERED.items()):
        first = at * len(made) // len(ALTERED)
        for place in [*range(first, len(made)), *range(first)]:
            altered = None if place in used else change(made[place])
            if altered is not None:
                made[place] = altered
                used.add(place)
                planted.append(name)
                break
    return _cut_wrongly(SpanReader(document), made, used, planted)


def _cut_wrongly(
    reader: SpanReader, made: list[IndicatorRecord], used: set[int], planted: list[str]
) -> tuple[list[IndicatorRecord], list[str]]:
    """One record missed, one made twice, two made into one: of those that no other error has touched."""
    free = [at for at in range(2, len(made) - 1) if not used & {at, at + 1}]
    apart = [at for at in free if reader.split_points(reader.merge(made[at : at + 2])) == [made[at + 1].evidence.start]]
    steps: list[tuple[int, str]] = []
    if apart:
        steps.append((apart[len(apart) // 2], "merged"))
    for name, share in (("missed", 0.25), ("twice", 0.8)):
        rest = [at for at in free if all(abs(at - other) > 2 for other, _ in steps)]
        steps.append((rest[int(len(rest) * share)], name))
    for at, name in sorted(steps, reverse=True):
        if name == "merged":
            made[at : at + 2] = [reader.merge(made[at : at + 2])]
        elif name == "missed":
            del made[at]
        else:
            made.insert(at + 1, made[at].model_copy(update={"record_id": made[at].record_id + "-2"}))
        planted.append(name)
    return made, planted


def store(
    folder: Path,
    path: Path,
    alter: Callable[[Document, Sequence[IndicatorRecord]], tuple[list[IndicatorRecord], list[str]]],
) -> list[str]:
    """Puts the file and its altered drafts into a data directory that no server has open; what ``alter`` says it did."""
    database = Database(sqlite_url(folder))
    core = open_core(folder, database)
    database.migrate()
    data = path.read_bytes()
    sha256 = core.blobs.put(data)
    document = read_document(data, name=path.name)
    result = extract_document(document)
    altered, planted = alter(document, result.records)
    parsed = core.parsed.path(sha256, __version__)
    parsed.parent.mkdir(parents=True, exist_ok=True)
    parsed.write_bytes(encode(document))
    info, counts = result.info, ReviewState(altered, result.info).counts()
    with database.write() as connection:
        row, _ = documents.insert(connection, sha256=sha256, name=path.name, size=len(data), uploaded_by="test")
        draft = drafts.start(connection, row.id, __version__)
        drafts.finish(connection, draft, info, result.unclaimed, result.issues, altered)
        records.replace(connection, row.id, fresh_rows(altered))
        search.index_text(connection, row.id, chunks(document))
        search.index_records(connection, row.id, index_words(altered))
        documents.update(
            connection, row.id, state="ready", format=document.source.format, pages=len(document.pages), title=info.title,
            issuer=info.issuer, document_number=info.document_number, year=info.year, kind=info.kind,
            extractor_version=__version__, records=counts["records"], blocking=counts["blocking"],
            unclaimed=len(result.unclaimed),
        )  # fmt: skip
    database.close()
    return planted
