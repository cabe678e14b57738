"""What people made of the drafts, as gold: documents with their records as approved, for training and for measuring.

Nothing here writes to the workspace, and no server need be stopped for it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractor.errors import OutputError, StoreError
from extractor.review.state import ReviewState
from extractor.store import documents, drafts, events, migrations
from extractor.store.blobs import Blobs
from extractor.store.database import Database, sqlite_url
from extractor.store.documents import DocumentRow, Query
from extractor.store.drafts import Draft
from extractor.training.examples import Example, read_examples
from extractor.types.record import DocumentInfo
from extractor.types.review import Event
from extractor.workspace import exports
from extractor.workspace.errors import NotFound, WorkspaceError

MANIFEST = "manifest.jsonl"
_PARTS = ("gold", "documents", MANIFEST)
_ALL = 2**31 - 1
_CORRECTS = frozenset({"reject", "edit", "fill", "add", "split", "merge", "duplicate", "import"})
_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,4}$")
_SUFFIX_OF = {"pdf": ".pdf", "docx": ".docx", "xlsx": ".xlsx", "html": ".html", "text": ".txt"}
_NO_NAME = re.compile(r'[<>:"/\\|?*\x00-\x1f]')  # what some file system takes in no name
_LONGEST = 150  # bytes of a stem; a name may have 255


@dataclass(frozen=True, slots=True)
class Source:
    """A workspace as far as it is read here."""

    database: Database
    blobs: Blobs


@dataclass(frozen=True, slots=True)
class Annotated:
    """A document's gold. ``records``: those decided; ``undecided``: those written as optional; ``corrections``: events
    that changed something and still stand (accepting changes nothing).
    """

    row: DocumentRow
    gold: dict[str, Any]
    approved: bool
    records: int
    undecided: int
    corrections: int


@dataclass(frozen=True, slots=True)
class Exported:
    """``unfinished``: how many documents were left out; ``failed``: names of those whose file can't be read, and why."""

    documents: tuple[Annotated, ...]
    unfinished: int
    failed: tuple[tuple[str, str], ...]


@contextmanager
def reading(data: Path, database_url: str | None = None) -> Iterator[Source]:
    """The workspace in the folder ``data``, unchanged: no table is made or brought up to date.

    Raises ``NotFound`` where there is none, ``StoreError`` (``newer``, or ``older``) where its tables are another
    version's.
    """
    none = f"{data} 里没有工作台，请用 --data 指明 / no workspace in {data}: name it with --data"
    if not (data.is_dir() if database_url else (data / "extractor.db").exists()):
        raise NotFound("not_found", none)
    database = Database(database_url or sqlite_url(data))
    try:
        with database.read() as connection:
            revision = migrations.current(connection)
        if revision is None:
            raise NotFound("not_found", none)
        if not migrations.is_latest(revision):
            raise _other_version(revision)
        yield Source(database, Blobs(data / "blobs"))
    finally:
        database.close()


def _other_version(revision: str) -> StoreError:
    if migrations.knows(revision):
        return StoreError(
            "older",
            "数据库是旧版本的，请先用本版本启动一次工作台（extractor serve） / "
            "the database is an earlier version's: start the workspace once with this one (extractor serve)",
        )
    return StoreError(
        "newer",
        "数据库由更新版本的程序写成，请升级本程序 / a newer version of this program has written the database: upgrade",
    )


def workspace_examples(source: Source, folder: Path, *, unfinished: bool = False) -> list[Example]:
    """The workspace's gold as examples of the group ``site``. ``folder`` holds their files and must outlive them.

    Raises as ``export_annotations`` does, and ``StoreError`` where a document's file is lost: what is learned from
    half the documents would look like what is learned from all.
    """
    made = export_annotations(source, folder, unfinished=unfinished)
    for name, reason in made.failed:
        raise StoreError("damaged", f"{name}: {reason}")
    return read_examples(folder / "gold", [folder / "documents"], group="site")


def export_annotations(source: Source, out: Path, *, unfinished: bool = False) -> Exported:
    """Writes ``gold/``, ``documents/`` and ``manifest.jsonl`` below ``out``, in place of an earlier export.

    Approved documents; with ``unfinished`` also those of which some records are decided: their undecided records are
    written as ``optional``, so that nobody learns from them either way. Raises ``WorkspaceError``
    (``nothing_approved``) and then writes nothing; ``OutputError`` where ``out`` can't be written, or holds gold
    that is not as an export wrote it.
    """
    found = list(_annotated(source, unfinished))
    with source.database.read() as connection:
        total = documents.find(connection, Query(state="ready", limit=0))[1]
    if not found:
        more = "" if unfinished else "；--all 也写未批准的文件中已审核的记录 / --all writes records decided so far, too"
        raise WorkspaceError(
            "nothing_approved",
            f"还没有批准的文件，什么也没有写 / no document is approved yet, nothing was written{more}",
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
        _refuse_others_work(out)
        with tempfile.TemporaryDirectory(dir=out, prefix=".export-") as name:
            written, failed = _write(source, found, Path(name) / "new")
            if not written:
                raise StoreError("damaged", ": ".join(failed[0]))
            _put_in_place(Path(name), out)
    except OSError as error:
        raise OutputError(f"{out}: 写不了，请检查路径、权限和空间 / can't write: {error.strerror}") from error
    return Exported(tuple(written), max(total - len(found), 0), tuple(failed))


# --- what is said of a document ---------------------------------------------------------------------------


def _annotated(source: Source, unfinished: bool) -> Iterator[Annotated]:
    """In the order of the uploads. Each document is one snapshot; one that is deleted meanwhile is not there."""
    with source.database.read() as connection:
        query = Query(approval=None if unfinished else "approved", state="ready", sort="uploaded_at", limit=_ALL)
        names = [row.id for row in documents.find(connection, query)[0]]
    for name in names:
        with source.database.read() as connection:
            row, draft = documents.get(connection, name), drafts.load(connection, name)
            log = events.after(connection, name)
        if row is None or draft is None or draft.info is None:
            continue
        made = _of_log(row, draft, draft.info, log)
        if made.approved or (unfinished and made.row.decided):
            yield made


def _of_log(row: DocumentRow, draft: Draft, info: DocumentInfo, log: Sequence[Event]) -> Annotated:
    state = ReviewState(draft.records, info, log)
    approved = state.approval.state == "approved"
    records = [entry.record for entry in state.entries]
    file = exports.contract(info, records, [], "approved" if approved else "current", draft.extractor_version)
    gold = exports.annotated(file)
    for record, said in zip(file.records, gold["records"], strict=True):
        if record.status != "approved":
            said["optional"] = True
    gold["tasks"] = "exhaustive" if approved else "partial"
    undecided = sum(record.status != "approved" for record in file.records)
    return Annotated(row, gold, approved, len(file.records) - undecided, undecided, _corrections(log))


def _corrections(log: Sequence[Event]) -> int:
    taken_back: set[int] = set()
    for event in reversed(log):  # an undo that was itself taken back takes nothing back
        if event.undoes is not None and event.seq not in taken_back:
            taken_back.add(event.undoes)
    return sum(event.op in _CORRECTS and event.seq not in taken_back for event in log)


# --- files ------------------------------------------------------------------------------------------------


def _write(source: Source, found: Iterable[Annotated], folder: Path) -> tuple[list[Annotated], list[tuple[str, str]]]:
    written: list[Annotated] = []
    failed: list[tuple[str, str]] = []
    lines: list[str] = []
    taken: set[str] = set()
    for part in ("gold", "documents"):
        (folder / part).mkdir(parents=True)
    for each in found:
        try:
            data = source.blobs.read(each.row.sha256)
        except StoreError as error:
            failed.append((each.row.name, str(error)))
            continue
        stem, suffix = _file_name(each.row, taken)
        gold = _gold_bytes(each.gold, stem + suffix)
        (folder / "documents" / (stem + suffix)).write_bytes(data)
        (folder / "gold" / f"{stem}.json").write_bytes(gold)
        lines.append(json.dumps(_line(each, stem, suffix, gold), ensure_ascii=False) + "\n")
        written.append(each)
    (folder / MANIFEST).write_text("".join(lines), encoding="utf-8")
    return written, failed


def _line(each: Annotated, stem: str, suffix: str, gold: bytes) -> dict[str, object]:
    """No word of who did it: what is learned from is the text and what was decided of it."""
    return {
        "document": each.row.id,
        "sha256": each.row.sha256,
        "name": each.row.name,
        "extractor_version": each.row.extractor_version,
        "approved": each.approved,
        "records": each.records,
        "undecided": each.undecided,
        "corrections": each.corrections,
        "source": f"documents/{stem}{suffix}",
        "gold": f"gold/{stem}.json",
        "gold_sha256": hashlib.sha256(gold).hexdigest(),
    }


def _gold_bytes(gold: dict[str, Any], source_name: str) -> bytes:
    """One record a line, as in ``annotations/``. Of the document only its name: nobody corrects title, number or year
    in the workspace, and what nobody checked is no gold.
    """
    records = ",\n".join("  " + json.dumps(record, ensure_ascii=False) for record in gold["records"])
    named = json.dumps({"source_name": source_name}, ensure_ascii=False)
    body = f"[\n{records}\n ]" if records else "[]"
    return f'{{\n "document": {named},\n "tasks": "{gold["tasks"]}",\n "records": {body}\n}}\n'.encode()


def _file_name(row: DocumentRow, taken: set[str]) -> tuple[str, str]:
    """Stem and suffix as uploaded, the stem with digits of the document's id behind it where another has it already."""
    name = unicodedata.normalize("NFC", row.name)
    found = _SUFFIX.search(name)
    suffix = found[0] if found and found[0].lower() != ".json" else _SUFFIX_OF.get(row.format or "", ".txt")
    stem = _NO_NAME.sub("_", name.removesuffix(suffix))
    stem = stem.encode()[:_LONGEST].decode(errors="ignore").strip(" .") or row.id
    chosen = next(
        each for each in (stem, f"{stem}.{row.id[:8]}", f"{stem}.{row.id}", row.id) if each.casefold() not in taken
    )
    taken.add(chosen.casefold())
    return chosen, suffix


def _refuse_others_work(out: Path) -> None:
    """Raises ``OutputError`` where gold lies there that no export wrote, or that somebody has changed since."""
    known: dict[str, str | None] = {}
    try:
        for line in (out / MANIFEST).read_text(encoding="utf-8").splitlines():
            said = json.loads(line)
            known |= {said["gold"]: said["gold_sha256"], said["source"]: said["sha256"]}
    except FileNotFoundError:
        pass
    except (ValueError, KeyError, TypeError):
        known = {}
    for part in ("gold", "documents"):
        for path in (out / part).rglob("*") if (out / part).exists() else ():
            if path.is_file() and known.get(f"{part}/{path.name}") != hashlib.sha256(path.read_bytes()).hexdigest():
                raise OutputError(
                    f"{path}: 不是导出写的，或后来改过；请换一个文件夹 / "
                    "not written by an export, or changed since: choose another folder"
                )


def _put_in_place(staging: Path, out: Path) -> None:
    """All of the new export, or the old one as it was."""
    (staging / "old").mkdir()
    moved: list[tuple[Path, Path]] = []
    try:
        for part in _PARTS:
            for origin, place in ((out / part, staging / "old" / part), (staging / "new" / part, out / part)):
                if origin.exists():
                    os.replace(origin, place)
                    moved.append((origin, place))
    except OSError:
        for origin, place in reversed(moved):
            os.replace(place, origin)
        raise
