"""The first tables of the review workspace."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes all tables in an empty database."""
    _general()
    _people()
    _documents()
    _drafts()
    _review()
    _deliveries()
    _search()
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def _text(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _integer(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _double(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Double().with_variant(sa.REAL(), "sqlite"), nullable=nullable)


def _table(name: str, *parts: sa.Column[Any] | sa.Constraint, **options: Any) -> None:  # noqa: ANN401
    op.create_table(name, *parts, sqlite_strict=True, **options)


def _general() -> None:
    _table(
        "audit",
        _integer("id"),
        _text("at"),
        _text("actor"),
        _text("action"),
        _text("subject"),
        _text("detail"),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    _table(
        "settings",
        _text("key"),
        _text("value"),
        _text("updated_at"),
        sa.PrimaryKeyConstraint("key", name="pk_settings"),
    )
    _table(
        "login_failures",
        _integer("id"),
        _text("key"),
        _text("at"),
        sa.PrimaryKeyConstraint("id", name="pk_login_failures"),
    )
    op.create_index("ix_login_failures_key_at", "login_failures", ["key", "at"])


def _people() -> None:
    _table(
        "users",
        _text("name"),
        _text("display"),
        _text("role"),
        _text("password_hash"),
        _integer("active"),
        _text("created_at"),
        sa.PrimaryKeyConstraint("name", name="pk_users"),
    )
    _table(
        "sessions",
        _text("token_hash"),
        _text("user"),
        _text("created_at"),
        _text("expires_at"),
        _text("last_seen"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sessions"),
        sa.ForeignKeyConstraint(["user"], ["users.name"], name="fk_sessions_user", ondelete="CASCADE"),
    )
    op.create_index("ix_sessions_user", "sessions", ["user"])
    _table(
        "tokens",
        _integer("id"),
        _text("token_hash"),
        _text("user"),
        _text("name"),
        _text("created_at"),
        _text("last_used", nullable=True),
        _text("revoked_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sa.ForeignKeyConstraint(["user"], ["users.name"], name="fk_tokens_user", ondelete="CASCADE"),
        sa.UniqueConstraint("token_hash", name="uq_tokens_token_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_tokens_user", "tokens", ["user"])


def _documents() -> None:
    _table(
        "dossiers",
        _text("id"),
        _text("name"),
        _text("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_dossiers"),
    )
    _table(
        "documents",
        _text("id"),
        _text("sha256"),
        _text("name"),
        _text("format", nullable=True),
        _integer("size"),
        _text("state"),
        _text("stage", nullable=True),
        _integer("done"),
        _integer("total"),
        _text("error_code", nullable=True),
        _text("error", nullable=True),
        _text("uploaded_at"),
        _text("uploaded_by"),
        _text("dossier", nullable=True),
        _text("title", nullable=True),
        _text("issuer", nullable=True),
        _text("document_number", nullable=True),
        _integer("year", nullable=True),
        _text("kind", nullable=True),
        _integer("pages"),
        _integer("records"),
        _integer("decided"),
        _integer("rejected"),
        _integer("blocking"),
        _integer("unclaimed"),
        _text("approval"),
        _text("reviewer", nullable=True),
        _text("extractor_version", nullable=True),
        _integer("seq"),
        _text("updated_at"),
        _text("queued_at"),
        _text("worker", nullable=True),
        _text("lease_until", nullable=True),
        _integer("attempts"),
        _text("folded"),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
        sa.ForeignKeyConstraint(["dossier"], ["dossiers.id"], name="fk_documents_dossier"),
        sa.UniqueConstraint("sha256", name="uq_documents_sha256"),
    )
    op.create_index("ix_documents_dossier", "documents", ["dossier"])
    op.create_index("ix_documents_state_queued_at", "documents", ["state", "queued_at"])
    op.create_index("ix_documents_updated_at", "documents", ["updated_at"])
    op.create_index("ix_documents_uploaded_at", "documents", ["uploaded_at"])


def _drafts() -> None:
    _table(
        "drafts",
        _integer("id"),
        _text("document_id"),
        _text("extractor_version"),
        _integer("complete"),
        _text("info", nullable=True),
        _text("unclaimed"),
        _text("issues"),
        _text("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_drafts_document_id", ondelete="CASCADE"),
        sa.UniqueConstraint("document_id", "extractor_version", name="uq_drafts_document_id"),
        sqlite_autoincrement=True,
    )
    _table(
        "draft_records",
        _integer("draft_id"),
        _integer("position"),
        _text("data"),
        sa.PrimaryKeyConstraint("draft_id", "position", name="pk_draft_records"),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_draft_records_draft_id", ondelete="CASCADE"),
    )


def _review() -> None:
    _table(
        "events",
        _text("document_id"),
        _integer("seq"),
        _text("at"),
        _text("actor"),
        _text("op"),
        _text("changes"),
        _text("client_op_id"),
        _integer("undoes", nullable=True),
        _text("note", nullable=True),
        _text("previous"),
        _text("hash"),
        sa.PrimaryKeyConstraint("document_id", "seq", name="pk_events"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_events_document_id", ondelete="CASCADE"),
        sa.UniqueConstraint("document_id", "client_op_id", name="uq_events_document_id"),
    )
    op.create_index("ix_events_at", "events", ["at"])
    _table(
        "records",
        _text("document_id"),
        _text("record_id"),
        _double("position"),
        _text("status"),
        _text("data"),
        _integer("version"),
        sa.PrimaryKeyConstraint("document_id", "record_id", name="pk_records"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_records_document_id", ondelete="CASCADE"),
    )
    _table(
        "places",
        _text("document_id"),
        _text("actor"),
        _text("data"),
        _text("updated_at"),
        sa.PrimaryKeyConstraint("document_id", "actor", name="pk_places"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_places_document_id", ondelete="CASCADE"),
    )


def _deliveries() -> None:
    _table(
        "deliveries",
        _text("id"),
        _text("document_id"),
        _text("url"),
        _text("state"),
        _integer("attempts"),
        _text("created_at"),
        _text("created_by"),
        _text("next_at", nullable=True),
        _text("detail"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_deliveries_document_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_deliveries_document_id", "deliveries", ["document_id"])
    op.create_index("ix_deliveries_state_next_at", "deliveries", ["state", "next_at"])
    _table(
        "delivery_tries",
        _text("delivery_id"),
        _integer("attempt"),
        _text("at"),
        _integer("status", nullable=True),
        _text("error", nullable=True),
        _integer("ms"),
        _text("excerpt", nullable=True),
        sa.PrimaryKeyConstraint("delivery_id", "attempt", name="pk_delivery_tries"),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name="fk_delivery_tries_delivery_id", ondelete="CASCADE"
        ),
    )


def _search() -> None:
    _table(
        "search_entries",
        _integer("id"),
        _text("document_id"),
        _text("record_id", nullable=True),
        _integer("start", nullable=True),
        _text("words"),
        _text("folded"),
        sa.PrimaryKeyConstraint("id", name="pk_search_entries"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_search_entries_document_id", ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_search_entries_document_id_record_id", "search_entries", ["document_id", "record_id"])


# An event, or a record of a complete draft, is never changed, and goes only with its document: when the deletion
# of a document reaches them the document's own row is gone already.
_EVENT = "an event is never changed and goes only with its document"
_DRAFT = "a complete draft is never changed and goes only with its document"
_DOCUMENT_STANDS = "EXISTS (SELECT 1 FROM documents WHERE id = OLD.document_id)"
_DRAFT_STANDS = "EXISTS (SELECT 1 FROM drafts WHERE id = OLD.draft_id AND complete = 1)"

# name, table, statement, condition, message
_GUARDS = (
    ("events_no_update", "events", "UPDATE", None, _EVENT),
    ("events_no_delete", "events", "DELETE", _DOCUMENT_STANDS, _EVENT),
    ("audit_no_update", "audit", "UPDATE", None, "an entry of the audit log is never changed"),
    ("drafts_no_update", "drafts", "UPDATE", "OLD.complete = 1", _DRAFT),
    ("draft_records_no_update", "draft_records", "UPDATE", _DRAFT_STANDS, _DRAFT),
    ("draft_records_no_delete", "draft_records", "DELETE", _DRAFT_STANDS, _DRAFT),
)


def _sqlite() -> None:
    # Contentless and without positions, a third of the size: search.py keeps the words itself and checks each hit.
    op.execute("CREATE VIRTUAL TABLE search_grams USING fts5(grams, content='', detail=none, tokenize='ascii')")
    for name, table, statement, condition, message in _GUARDS:
        when = f"WHEN {condition} " if condition else ""
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {statement} ON {table} {when}BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )


def _postgresql() -> None:
    op.execute(
        "CREATE TABLE search_grams ("
        "id INTEGER PRIMARY KEY REFERENCES search_entries (id) ON DELETE CASCADE, grams TSVECTOR NOT NULL)"
    )
    op.execute("CREATE INDEX ix_search_grams_grams ON search_grams USING gin (grams)")
    for name, table, statement, condition, message in _GUARDS:
        test = condition or "TRUE"
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {test} THEN RAISE EXCEPTION '{message}'; END IF; "
            f"IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
        )
        op.execute(f"CREATE TRIGGER {name} BEFORE {statement} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
