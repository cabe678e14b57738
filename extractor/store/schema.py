"""The tables. Times are UTC texts (see ``values.now``), truth values 0 and 1, JSON is text.

``migrations`` makes them; a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, TypedColumns, UniqueConstraint

from extractor.store import archive_schema as archive_schema  # its tables are among those of the metadata
from extractor.store import batch_schema as batch_schema  # its tables are among those of the metadata
from extractor.store.columns import DOUBLE, SafeText
from extractor.store.columns import metadata as metadata


def _document() -> ForeignKey:
    return ForeignKey("documents.id", ondelete="CASCADE")


class DossierColumns(TypedColumns):
    id = Column(SafeText, primary_key=True)
    name: Column[str] = Column(SafeText, nullable=False)
    created_at: Column[str] = Column(SafeText, nullable=False)


dossiers = Table("dossiers", metadata, DossierColumns, sqlite_strict=True)


class DocumentColumns(TypedColumns):
    id = Column(SafeText, primary_key=True)
    sha256: Column[str] = Column(SafeText, nullable=False, unique=True)
    name: Column[str] = Column(SafeText, nullable=False)
    format: Column[str | None] = Column(SafeText)
    size: Column[int] = Column(Integer, nullable=False)
    state: Column[str] = Column(SafeText, nullable=False)
    stage: Column[str | None] = Column(SafeText)
    done: Column[int] = Column(Integer, nullable=False)
    total: Column[int] = Column(Integer, nullable=False)
    error_code: Column[str | None] = Column(SafeText)
    error: Column[str | None] = Column(SafeText)
    uploaded_at: Column[str] = Column(SafeText, nullable=False, index=True)
    uploaded_by: Column[str] = Column(SafeText, nullable=False)
    dossier: Column[str | None] = Column(SafeText, ForeignKey("dossiers.id"), index=True)
    title: Column[str | None] = Column(SafeText)
    issuer: Column[str | None] = Column(SafeText)
    document_number: Column[str | None] = Column(SafeText)
    year: Column[int | None] = Column(Integer)
    kind: Column[str | None] = Column(SafeText)
    pages: Column[int] = Column(Integer, nullable=False)
    records: Column[int] = Column(Integer, nullable=False)
    decided: Column[int] = Column(Integer, nullable=False)
    rejected: Column[int] = Column(Integer, nullable=False)
    blocking: Column[int] = Column(Integer, nullable=False)
    unclaimed: Column[int] = Column(Integer, nullable=False)
    risk: Column[float | None] = Column(DOUBLE)
    approval: Column[str] = Column(SafeText, nullable=False)
    reviewer: Column[str | None] = Column(SafeText)
    extractor_version: Column[str | None] = Column(SafeText)
    seq: Column[int] = Column(Integer, nullable=False)
    updated_at: Column[str] = Column(SafeText, nullable=False, index=True)
    # not part of a DocumentRow: the queue, and what ``find`` looks words up in
    queued_at: Column[str] = Column(SafeText, nullable=False)
    worker: Column[str | None] = Column(SafeText)
    lease_until: Column[str | None] = Column(SafeText)
    attempts: Column[int] = Column(Integer, nullable=False)
    folded: Column[str] = Column(SafeText, nullable=False)


documents = Table("documents", metadata, DocumentColumns, sqlite_strict=True)
Index("ix_documents_state_queued_at", documents.c.state, documents.c.queued_at)


class DraftColumns(TypedColumns):
    id = Column(Integer, primary_key=True)
    document_id: Column[str] = Column(SafeText, _document(), nullable=False)
    extractor_version: Column[str] = Column(SafeText, nullable=False)
    complete: Column[int] = Column(Integer, nullable=False)
    info: Column[str | None] = Column(SafeText)
    unclaimed: Column[str] = Column(SafeText, nullable=False)
    issues: Column[str] = Column(SafeText, nullable=False)
    created_at: Column[str] = Column(SafeText, nullable=False)


drafts = Table(
    "drafts",
    metadata,
    DraftColumns,
    UniqueConstraint("document_id", "extractor_version"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)


class DraftRecordColumns(TypedColumns):
    draft_id: Column[int] = Column(Integer, ForeignKey("drafts.id", ondelete="CASCADE"), primary_key=True)
    position: Column[int] = Column(Integer, primary_key=True, autoincrement=False)
    data: Column[str] = Column(SafeText, nullable=False)


draft_records = Table("draft_records", metadata, DraftRecordColumns, sqlite_strict=True)


class EventColumns(TypedColumns):
    document_id: Column[str] = Column(SafeText, _document(), primary_key=True)
    seq: Column[int] = Column(Integer, primary_key=True, autoincrement=False)
    at: Column[str] = Column(SafeText, nullable=False, index=True)
    actor: Column[str] = Column(SafeText, nullable=False)
    op: Column[str] = Column(SafeText, nullable=False)
    changes: Column[str] = Column(SafeText, nullable=False)
    client_op_id: Column[str] = Column(SafeText, nullable=False)
    undoes: Column[int | None] = Column(Integer)
    note: Column[str | None] = Column(SafeText)
    previous: Column[str] = Column(SafeText, nullable=False)
    hash: Column[str] = Column(SafeText, nullable=False)


events = Table(
    "events", metadata, EventColumns, UniqueConstraint("document_id", "client_op_id"), sqlite_strict=True
)  # fmt: skip


class AuditColumns(TypedColumns):
    id = Column(Integer, primary_key=True)
    at: Column[str] = Column(SafeText, nullable=False, index=True)
    actor: Column[str] = Column(SafeText, nullable=False)
    action: Column[str] = Column(SafeText, nullable=False)
    subject: Column[str] = Column(SafeText, nullable=False)
    detail: Column[str] = Column(SafeText, nullable=False)


audit = Table("audit", metadata, AuditColumns, sqlite_strict=True, sqlite_autoincrement=True)


class RecordColumns(TypedColumns):
    document_id: Column[str] = Column(SafeText, _document(), primary_key=True)
    record_id: Column[str] = Column(SafeText, primary_key=True)
    position: Column[float] = Column(DOUBLE, nullable=False)
    status: Column[str] = Column(SafeText, nullable=False)
    data: Column[str] = Column(SafeText, nullable=False)
    version: Column[int] = Column(Integer, nullable=False)


records = Table("records", metadata, RecordColumns, sqlite_strict=True)


class SearchEntryColumns(TypedColumns):
    id = Column(Integer, primary_key=True)
    document_id: Column[str] = Column(SafeText, _document(), nullable=False)
    record_id: Column[str | None] = Column(SafeText)
    start: Column[int | None] = Column(Integer)
    words: Column[str] = Column(SafeText, nullable=False)
    folded: Column[str] = Column(SafeText, nullable=False)


# AUTOINCREMENT: an id is never given twice, so a stale row of the full-text index could never point at other words
search_entries = Table(
    "search_entries", metadata, SearchEntryColumns, sqlite_strict=True, sqlite_autoincrement=True
)  # fmt: skip
Index("ix_search_entries_document_id_record_id", search_entries.c.document_id, search_entries.c.record_id)


class UserColumns(TypedColumns):
    name = Column(SafeText, primary_key=True)
    display: Column[str] = Column(SafeText, nullable=False)
    role: Column[str] = Column(SafeText, nullable=False)
    password_hash: Column[str] = Column(SafeText, nullable=False)
    active: Column[int] = Column(Integer, nullable=False)
    created_at: Column[str] = Column(SafeText, nullable=False)


users = Table("users", metadata, UserColumns, sqlite_strict=True)


def _user() -> ForeignKey:
    return ForeignKey("users.name", ondelete="CASCADE")


class SessionColumns(TypedColumns):
    token_hash = Column(SafeText, primary_key=True)
    user: Column[str] = Column(SafeText, _user(), nullable=False, index=True)
    created_at: Column[str] = Column(SafeText, nullable=False)
    expires_at: Column[str] = Column(SafeText, nullable=False)
    last_seen: Column[str] = Column(SafeText, nullable=False)


sessions = Table("sessions", metadata, SessionColumns, sqlite_strict=True)


class TokenColumns(TypedColumns):
    id = Column(Integer, primary_key=True)
    token_hash: Column[str] = Column(SafeText, nullable=False, unique=True)
    user: Column[str] = Column(SafeText, _user(), nullable=False, index=True)
    name: Column[str] = Column(SafeText, nullable=False)
    created_at: Column[str] = Column(SafeText, nullable=False)
    last_used: Column[str | None] = Column(SafeText)
    revoked_at: Column[str | None] = Column(SafeText)


tokens = Table("tokens", metadata, TokenColumns, sqlite_strict=True, sqlite_autoincrement=True)


class LoginFailureColumns(TypedColumns):
    id = Column(Integer, primary_key=True)
    key: Column[str] = Column(SafeText, nullable=False)
    at: Column[str] = Column(SafeText, nullable=False)


login_failures = Table("login_failures", metadata, LoginFailureColumns, sqlite_strict=True)
Index("ix_login_failures_key_at", login_failures.c.key, login_failures.c.at)


class SettingColumns(TypedColumns):
    key = Column(SafeText, primary_key=True)
    value: Column[str] = Column(SafeText, nullable=False)
    updated_at: Column[str] = Column(SafeText, nullable=False)


settings = Table("settings", metadata, SettingColumns, sqlite_strict=True)


class DeliveryColumns(TypedColumns):
    id = Column(SafeText, primary_key=True)
    document_id: Column[str] = Column(SafeText, _document(), nullable=False, index=True)
    url: Column[str] = Column(SafeText, nullable=False)
    state: Column[str] = Column(SafeText, nullable=False)
    attempts: Column[int] = Column(Integer, nullable=False)
    created_at: Column[str] = Column(SafeText, nullable=False)
    created_by: Column[str] = Column(SafeText, nullable=False)
    next_at: Column[str | None] = Column(SafeText)
    detail: Column[str] = Column(SafeText, nullable=False)


deliveries = Table("deliveries", metadata, DeliveryColumns, sqlite_strict=True)
Index("ix_deliveries_state_next_at", deliveries.c.state, deliveries.c.next_at)


class DeliveryTryColumns(TypedColumns):
    delivery_id: Column[str] = Column(SafeText, ForeignKey("deliveries.id", ondelete="CASCADE"), primary_key=True)
    attempt: Column[int] = Column(Integer, primary_key=True, autoincrement=False)
    at: Column[str] = Column(SafeText, nullable=False)
    status: Column[int | None] = Column(Integer)
    error: Column[str | None] = Column(SafeText)
    ms: Column[int] = Column(Integer, nullable=False)
    excerpt: Column[str | None] = Column(SafeText)


delivery_tries = Table("delivery_tries", metadata, DeliveryTryColumns, sqlite_strict=True)


class PlaceColumns(TypedColumns):
    document_id: Column[str] = Column(SafeText, _document(), primary_key=True)
    actor: Column[str] = Column(SafeText, primary_key=True)
    data: Column[str] = Column(SafeText, nullable=False)
    updated_at: Column[str] = Column(SafeText, nullable=False)


places = Table("places", metadata, PlaceColumns, sqlite_strict=True)
