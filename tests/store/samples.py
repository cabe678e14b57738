from __future__ import annotations

import hashlib

from sqlalchemy import Connection

from extractor.store import deliveries, documents, drafts, events, places, records, search
from extractor.store.documents import DocumentRow
from extractor.store.drafts import Draft
from extractor.types.issue import Issue
from extractor.types.record import DocumentInfo, Evidence, IndicatorRecord, Target, Unclaimed
from extractor.types.review import Change, Event

TEXT = "全年新增城镇就业3万人以上。加快老旧小区改造，责任单位：市住建局。"


def sha(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def document(connection: Connection, number: int = 1, name: str = "就业工作要点.pdf") -> DocumentRow:
    return documents.insert(connection, sha256=sha(number), name=name, size=1000 + number, uploaded_by="li")[0]


def record(number: int, text: str = "全年新增城镇就业3万人以上") -> IndicatorRecord:
    place = Evidence(start=0, end=len(text), page=1, bbox=(1.5, 2.0, 3.25, 4.0))
    target = Target(metric="新增城镇就业", op="ge", value=3, unit="万人", evidence=place)
    return IndicatorRecord(
        record_id=f"r{number}",
        path=("一、就业",),
        text=text,
        kind="target",
        points=5.0,
        row_points=3,
        targets=(target,),
        evidence=place,
        field_evidence={"points": (place,)},
        confidence=0.75,
        issues=(Issue(code="sample", severity="warning", message="样例 / sample"),),
    )


def info(sha256: str = "0" * 64) -> DocumentInfo:
    return DocumentInfo(source_name="就业工作要点.pdf", sha256=sha256, title="就业工作要点", period=(2026, 2027))


UNCLAIMED = Unclaimed(text="责任单位：市住建局。", evidence=Evidence(start=20, end=30), reason="responsible")
ISSUE = Issue(code="scanned", severity="info", message="第2页 / page 2", page=2)


def change(record_id: str = "r1", before: str = "draft", after: str = "approved") -> Change:
    return Change(record=record_id, field="status", before=before, after=after)


def event(connection: Connection, document_id: str, number: int, actor: str = "li") -> Event:
    made, _ = events.append(
        connection, document_id, actor=actor, op="accept", changes=[change()], client_op_id=f"client-{number:04}"
    )
    return made


def complete_draft(connection: Connection, document_id: str, version: str = "0.1.0") -> Draft:
    row = documents.get(connection, document_id)
    assert row is not None
    draft = drafts.start(connection, document_id, version)
    drafts.finish(connection, draft, info(row.sha256), [UNCLAIMED], [ISSUE], [record(1), record(2)])
    documents.update(connection, document_id, extractor_version=version)
    loaded = drafts.load(connection, document_id)
    assert loaded is not None
    return loaded


def with_everything(connection: Connection, number: int = 1) -> DocumentRow:
    """A document that has a row in each table that can hold one of it."""
    row = document(connection, number)
    complete_draft(connection, row.id)
    event(connection, row.id, number)
    records.put(connection, row.id, [records.RecordRow("r1", 0.0, "approved", {"record": {"text": "就业"}}, 1)])
    search.index_text(connection, row.id, [(0, TEXT)])
    search.index_records(connection, row.id, [("r1", "全年新增城镇就业")])
    delivery = deliveries.add(connection, row.id, url="http://127.0.0.1:9/in", actor="li", detail={"bytes": 3})
    deliveries.record_try(connection, delivery.id, status=500, error="HTTP 500", ms=12, retry_in=60)
    places.put(connection, row.id, "li", {"record": "r1"})
    updated = documents.get(connection, row.id)
    assert updated is not None
    return updated
