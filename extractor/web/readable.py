"""Events and audit lines as sentences for people: names of fields, values, actions in the reader's language."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

from pydantic import JsonValue

from extractor.store.events import AuditRow
from extractor.types.review import WHOLE
from extractor.web.roles import ROLES

MOST_CHANGES = 12  # of one event that are shown; the API has all
_LONGEST = 160
_LABEL = 24
_LISTS = ("targets", "deadlines", "responsible")
_CLOSED = ("op", "role", "kind", "recurrence", "strength", "status")
AUDITED = (
    "accept", "reject", "reopen", "edit", "fill", "add", "split", "merge", "duplicate", "accept_many", "waive", "import",
    "approve", "withdraw", "undo", "redo", "upload", "retry", "assign", "dossier", "delete", "send", "login",
    "login_failed", "logout", "password", "settings", "token_made", "token_revoked", "user_added", "user_changed",
    "archive_merge", "archive_split", "archive_rename",
)  # fmt: skip

OF_DOCUMENT = ("upload", "retry", "assign", "send", "delete")
_LINKED = ("upload", "retry", "assign", "send")
_OF_EVIDENCE = re.compile(r"^field_evidence|(?:^|/)evidence(?:/|$)")
_UNTOLD = ("name", "sha256", "size")
_DETAILS = (
    "active",
    "address",
    "count",
    "decision",
    "delivery",
    "display",
    "name",
    "other",
    "reviewer",
    "role",
    "token",
    "url",
)

Translate = Callable[..., str]


def field(path: str, t: Translate) -> str:
    """``targets/0/value`` as 指标 1 · 目标值."""
    if path == WHOLE:
        return t("history.record")
    parts = path.split("/")
    if parts[0] in _LISTS and len(parts) > 1:
        element = f"{t('ws.list.' + parts[0])} {int(parts[1]) + 1 if parts[1].isdecimal() else parts[1]}"
        if len(parts) == 2:
            return element
        return f"{element} · {t('history.evidence' if parts[2] == 'evidence' else f'ws.field.{parts[0]}.{parts[2]}')}"
    if parts[0] in _LISTS:
        return t(f"ws.list.{parts[0]}")
    if parts[0] in {"waived", "field_evidence", "field_confidence", "evidence", "approval"}:
        rest = f" · {parts[1]}" if len(parts) > 1 else ""
        return t(f"history.{parts[0]}") + rest
    return t(f"ws.field.record.{parts[0]}")


def value(path: str, said: JsonValue, t: Translate) -> str:
    """One line, cut where it is long."""
    if said is None or said == "":
        return t("history.nothing")
    if isinstance(said, bool):
        return t("history.yes") if said else t("history.no")
    name = path.split("/")[-1]
    if isinstance(said, str):
        return t(f"ws.{name}.{said}") if name in _CLOSED else _cut(said)
    if isinstance(said, dict):
        return _of_object(path, said, t)
    if isinstance(said, list):
        return _cut("、".join(value(path, one, t) for one in said)) if said else t("history.nothing")
    return f"{said:g}" if isinstance(said, float) else str(said)


def _of_object(path: str, said: Mapping[str, JsonValue], t: Translate) -> str:
    if path == WHOLE and isinstance(said.get("record"), dict):
        said = said["record"]  # type: ignore[assignment]  # just looked
        return _cut(str(said.get("text", "")))
    if path == "approval":
        by = said.get("by")
        names = "、".join(str(one) for one in by) if isinstance(by, list) else ""
        return t(f"approval.{said.get('state')}") + (f"（{names}）" if names else "")
    for telling in ("raw", "name", "metric", "text"):
        if isinstance(said.get(telling), str):
            return _cut(str(said[telling]))
    if "start" in said and "end" in said:
        return f"{said['start']}–{said['end']}"
    return _cut(json.dumps(said, ensure_ascii=False))


def _cut(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"


def labels(entries: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Record id → its number and how its words begin, from the entries of the API."""
    return {
        record["record_id"]: " ".join(part for part in (record["number"], record["text"]) if part)[:_LABEL]
        for record in (entry["record"] for entry in entries)
    }


def changes(found: Sequence[Mapping[str, Any]], t: Translate) -> tuple[list[dict[str, str]], int]:
    """The first changes of an event, and how many more there are; those of evidence, which nobody can read, only
    where there are no others.
    """
    telling = [one for one in found if not _OF_EVIDENCE.search(one["field"])] or list(found)
    shown = [
        {
            "record": one["record"],
            "field": field(one["field"], t),
            "before": value(one["field"], one["before"], t),
            "after": value(one["field"], one["after"], t),
        }
        for one in telling[:MOST_CHANGES]
    ]
    return shown, len(telling) - len(shown)


def action(name: str, t: Translate) -> str:
    """What was done, in a word; an action of a later version by its own name."""
    return t(f"op.{name}") if name in AUDITED else name


def event(row: Mapping[str, Any], t: Translate) -> dict[str, Any]:
    """One line of a document's history; ``more``: changes that are not shown."""
    shown, more = changes(row["changes"], t)
    return {
        "seq": row["seq"], "at": row["at"], "actor": row["actor"], "action": action(row["op"], t),
        "undoes": row["undoes"], "note": row["note"], "changes": shown, "more": more,
    }  # fmt: skip


def audit(row: AuditRow, name: str | None, t: Translate) -> dict[str, Any]:
    """One line of the audit; an event tells its first changes. ``name``: of the document, where it is there still."""
    if row.seq is not None:
        shown, _ = changes(cast("list[Mapping[str, Any]]", row.detail["changes"]), t)
        detail = "；".join(f"{one['field']}：{one['before']} → {one['after']}" for one in shown[:2])
        if len(shown) > 2:
            detail += " …"
    else:
        untold = _UNTOLD if row.action in OF_DOCUMENT else ()
        told = ((key, said) for key, said in row.detail.items() if key not in untold)
        detail = "；".join(f"{_detail(row.action, key, t)}：{_plain(key, said, t)}" for key, said in told)
    if name is None and isinstance(row.detail.get("name"), str) and row.action in OF_DOCUMENT:
        name = str(row.detail["name"])  # deleted since
    return {
        "at": row.at, "actor": row.actor, "action": action(row.action, t), "subject": name or row.subject,
        "document_id": row.subject if row.seq is not None or row.action in _LINKED else None, "detail": _cut(detail),
    }  # fmt: skip


def _detail(action: str, key: str, t: Translate) -> str:
    if action == "settings":
        return t(f"settings.{key}")
    return t(f"audited.{key}") if key in _DETAILS else key


def _plain(key: str, said: JsonValue, t: Translate) -> str:
    if isinstance(said, dict) and said.keys() == {"before", "after"}:
        return f"{_plain(key, said['before'], t)} → {_plain(key, said['after'], t)}"
    if said is None or isinstance(said, bool):
        return value("", said, t)
    if key == "role" and said in ROLES:
        return t(f"role.{said}")
    return said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)


def difference(found: Mapping[str, Any], names: Mapping[str, str], t: Translate) -> list[dict[str, Any]]:
    """``Workspace.diff`` record by record: what changed, what was added, what is gone."""
    by_record: dict[str, list[dict[str, str]]] = {}
    for one in found["changes"]:
        accepted = one["field"] == "status" and one["final"] == "approved"  # agreed with the machine: no difference
        if accepted or _OF_EVIDENCE.search(one["field"]) or one["field"].startswith("field_confidence"):
            continue
        by_record.setdefault(one["record"], []).append(
            {
                "field": field(one["field"], t),
                "before": value(one["field"], one["draft"], t),
                "after": value(one["field"], one["final"], t),
            }
        )
    changed = [
        {"id": name, "label": names.get(name, name), "text": "", "change": "changed", "fields": fields}
        for name, fields in by_record.items()
    ]
    added = [_whole(one["record"], "added") for one in found["added"]]
    return [*changed, *added, *(_whole(one, "removed") for one in found["removed"])]


def _whole(record: Mapping[str, Any], change: str) -> dict[str, Any]:
    return {
        "id": record["record_id"], "label": record.get("number") or record["record_id"], "text": _cut(record["text"]), "change": change,
        "fields": [],
    }  # fmt: skip
