"""The workspace's vocabulary: learned from what is approved, edited by hand, undone entry by entry.

``vocabulary.toml`` in the data folder is for people. ``vocabulary.json`` beside it is the program's: what each approved
document shows, and what was written when, by which an entry that somebody deleted is told from one that is new.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field, replace
from difflib import get_close_matches

from sqlalchemy import Connection

from extractor.errors import ExtractorError
from extractor.review.state import ReviewState
from extractor.store import documents, drafts, events
from extractor.store.blobs import write
from extractor.store.documents import DocumentRow
from extractor.text.vocabulary import (
    SECTIONS,
    SOURCES_SHOWN,
    Entry,
    Section,
    Vocabulary,
    alias_of,
    dump,
    is_shortened,
    normal,
    read_vocabulary,
)
from extractor.workspace.core import VOCABULARY, Core
from extractor.workspace.errors import NotFound, WorkspaceError
from extractor.workspace.lock import DirectoryLock
from extractor.workspace.vocabulary_shown import Shown, shown_by

_KEPT = "vocabulary.json"
_WAIT = 30.0  # seconds for another process that is writing
_PAGE = 500

log = logging.getLogger(__name__)

Learned = dict[Section, dict[str, Entry]]
ByDocument = dict[str, tuple[int, tuple[Shown, ...]]]


@dataclass(frozen=True, slots=True)
class Change:
    """``before`` is None for an entry that is new, ``after`` for one that is gone."""

    section: Section
    name: str
    before: Entry | None
    after: Entry | None


@dataclass(frozen=True, slots=True)
class Kept:
    """``written``: of each entry that documents show its meaning, and the revision of the file that first had it so;
    those by hand too, for to delete one is to refuse it. ``shown``: of each
    document the ``seq`` of its log at its approval, and what it shows.
    """

    revision: int = 0
    written: Mapping[Section, Mapping[str, tuple[str, int]]] = field(default_factory=dict)
    shown: ByDocument = field(default_factory=dict)


class VocabularyKeeper:
    """All methods may be called from any thread and process; one works at a time."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self.path = core.folder / VOCABULARY
        self._mutex = threading.Lock()

    def load(self) -> Vocabulary:
        """The file as it stands; empty where there is none. Raises ``ConfigError``, which names the line."""
        return read_vocabulary(self.path) if self.path.exists() else Vocabulary()

    def follow(self) -> None:
        """After an approval was given or withdrawn. An approval stands whether or not something can be learned from
        it: what can't be done now is done at the next.
        """
        try:
            self._renew()
        except (ExtractorError, OSError) as error:
            log.warning("vocabulary: %s", error)

    def learn(self) -> list[Change]:
        """Everything anew from all approved documents; what changed. Raises ``ConfigError``."""
        return self._renew(anew=True)

    def undo(self, name: str) -> list[Change]:
        """Takes the entry out of every section that has it, for good. Raises ``NotFound`` and ``ConfigError``."""
        return self._renew(dropped=name)

    def _renew(self, *, anew: bool = False, dropped: str | None = None) -> list[Change]:
        with self._alone():
            kept = self._kept()
            shown = self._shown(kept.shown, anew)
            file = self.load()  # last: what an editor saves while documents are read is not lost
            new, written = renewed(file if dropped is None else without(file, dropped), kept, gathered(shown))
            changed = dump(replace(new, revision=file.revision)) != dump(file)
            made = Kept(new.revision if changed else kept.revision, written, shown)
            if made != kept:
                self._keep(made)  # before the file: what this says to be in a later file counts as not yet written
            if changed:
                self._write(dump(new))
        return changes(file, new)

    def _write(self, text: str) -> None:
        """Whoever could edit the file still can."""
        mode = self.path.stat().st_mode & 0o777 if self.path.exists() else None
        write(self.path, text.encode())
        if mode is not None:
            self.path.chmod(mode)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        lock = DirectoryLock(self._core.folder / "vocabulary.lock")
        with self._mutex:
            limit = time.monotonic() + _WAIT
            while not lock.take():
                if time.monotonic() > limit:
                    raise WorkspaceError("busy", "词汇表正由另一进程写入，请稍后再试 / another process is writing it")
                time.sleep(0.05)
            try:
                yield
            finally:
                lock.release()

    # --- what approved documents show -------------------------------------------------------------------

    def _shown(self, before: ByDocument, anew: bool) -> ByDocument:
        """Of all approved documents, and of those deleted since: only a withdrawal takes back what was learned."""
        found: ByDocument = {}
        with self._core.database.read() as connection:
            for row in _approved(connection):
                old = None if anew else before.get(row.id)
                fits = old is not None and old[0] == row.seq
                found[row.id] = old if old is not None and fits else (row.seq, self._of_document(connection, row))
            gone = [name for name in before if name not in found and documents.get(connection, name) is None]
        return {**{name: before[name] for name in gone}, **found}

    def _of_document(self, connection: Connection, row: DocumentRow) -> tuple[Shown, ...]:
        draft = drafts.load(connection, row.id)
        if draft is None:
            return ()
        state = ReviewState(draft.records, draft.info, events.after(connection, row.id))
        approved = [entry.record for entry in state.entries if entry.record.status == "approved"]
        document = self._core.parsed.load(row.sha256, draft.extractor_version)
        return tuple(shown_by(document, draft.records, approved))

    # --- the program's own file -------------------------------------------------------------------------

    def _kept(self) -> Kept:
        """As it was left. One that is missing or damaged is made anew; then nothing counts as deleted by hand."""
        try:
            said = json.loads((self._core.folder / _KEPT).read_text(encoding="utf-8"))
            return Kept(
                int(said["revision"]),
                {
                    section: {
                        name: (str(means), int(since)) for name, (means, since) in said["written"][section].items()
                    }
                    for section in SECTIONS
                },
                {
                    document: (int(seq), tuple(Shown(*each) for each in shown))
                    for document, (seq, shown) in said["shown"].items()
                },
            )
        except FileNotFoundError:
            return Kept()
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            log.warning("%s is not what was written (%s): made anew", _KEPT, error)
            return Kept()

    def _keep(self, kept: Kept) -> None:
        shown = {name: [seq, [astuple(each) for each in found]] for name, (seq, found) in kept.shown.items()}
        said = {"revision": kept.revision, "written": kept.written, "shown": shown}
        write(self._core.folder / _KEPT, json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode())


def _approved(connection: Connection) -> Iterator[DocumentRow]:
    offset = 0
    while True:
        query = documents.Query(approval="approved", sort="uploaded_at", offset=offset, limit=_PAGE)
        rows, _ = documents.find(connection, query)
        yield from rows
        if len(rows) < _PAGE:
            return
        offset += _PAGE


# --- from what documents show to entries ------------------------------------------------------------------


def gathered(shown: ByDocument) -> Learned:
    """The entries that documents show together. Where they differ on an alias most documents decide; a header that
    does not hold one thing in more than half of them is none.
    """
    counts: dict[str, dict[tuple[str, str], Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for document, (_, found) in sorted(shown.items()):
        for each in found:
            counts[each.section][each.name, each.means][document] += each.count
    units = {name: _entry("", seen) for (name, _), seen in counts["units"].items()}
    for (short, before), seen in counts["introduced"].items():
        pair = _introduced(short, before, units)
        if pair is not None:
            counts["aliases"][pair].update(seen)
    return {"units": units, "aliases": _chosen(counts["aliases"], 0.0), "columns": _chosen(counts["columns"], 0.5)}


def _entry(means: str, seen: Counter[str]) -> Entry:
    first = sorted(seen.items(), key=lambda each: (-each[1], each[0]))[:SOURCES_SHOWN]
    return Entry(means, seen.total(), len(seen), tuple(first))


def _introduced(short: str, before: str, units: Mapping[str, Entry]) -> tuple[str, str] | None:
    """Both forms must be approved names; of those that end there the longest is meant."""
    fitting = [unit for unit in units if before.endswith(unit) and is_shortened(short, unit)]
    if short not in units or not fitting:
        return None
    whole = max(fitting, key=len)
    return alias_of(short, whole) or (short, whole)


def _chosen(counts: Mapping[tuple[str, str], Counter[str]], more_than: float) -> dict[str, Entry]:
    by_name: dict[str, list[tuple[str, Counter[str]]]] = defaultdict(list)
    for (name, means), seen in counts.items():
        by_name[name].append((means, seen))
    found: dict[str, Entry] = {}
    for name, said in by_name.items():
        means, seen = max(said, key=lambda each: (len(each[1]), each[1].total(), each[0]))
        if len(seen) > more_than * sum(len(each) for _, each in said):
            found[name] = _entry(means, seen)
    return found


def without(file: Vocabulary, name: str) -> Vocabulary:
    """The file without the entry, which is ignored from now on. Raises ``NotFound``."""
    sections = [section for section in SECTIONS if name in file.of(section)]
    if not sections:
        near = get_close_matches(name, {each for section in SECTIONS for each in file.of(section)}, n=3, cutoff=0.3)
        chinese, english = (f"，是否指 {'、'.join(near)}", f"; did you mean {', '.join(near)}?") if near else ("", "")
        said = f"词汇表中没有“{name}”{chinese} / the vocabulary has no such entry{english}"
        raise NotFound("not_found", said)
    ignored = {**file.ignored, **{each: file.ignored.get(each, frozenset()) | {name} for each in sections}}
    units, aliases, columns = (
        {each: entry for each, entry in file.of(section).items() if each != name} for section in SECTIONS
    )
    return Vocabulary(file.revision, units, aliases, columns, ignored)


def renewed(
    file: Vocabulary, kept: Kept, learned: Learned
) -> tuple[Vocabulary, dict[Section, dict[str, tuple[str, int]]]]:
    """The next file, and what of it is learned. What was written by hand, or changed there, stays as it is; what was
    learned and is no longer in the file was deleted, so it is ignored.

    An entry that was written only after the revision that ``file`` bears (somebody saved an older copy, or the file is
    gone) is no deleted one.
    """
    revision = max(file.revision, kept.revision) + 1
    sections: Learned = {}
    ignored: dict[Section, frozenset[str]] = {}
    written: dict[Section, dict[str, tuple[str, int]]] = {}
    for section in SECTIONS:
        ours, stands, shown = kept.written.get(section, {}), file.of(section), learned[section]
        known = {name: means for name, (means, since) in ours.items() if since <= file.revision}
        hand = {
            name: Entry(entry.means)
            for name, entry in stands.items()
            if entry.by_hand or known.get(name, entry.means) != entry.means or (name not in ours and name not in shown)
        }
        deleted = known.keys() - stands.keys()
        ignored[section] = (file.ignored.get(section, frozenset()) | deleted) - hand.keys()
        taken = {normal(name) for name in (*hand, *ignored[section])}
        mine = {name: entry for name, entry in shown.items() if name not in taken}
        sections[section] = {**hand, **mine}
        written[section] = {
            name: (entry.means, _since(name, entry, ours, stands, file.revision, revision))
            for name, entry in {**mine, **{name: entry for name, entry in hand.items() if name in shown}}.items()
        }
    return Vocabulary(revision, sections["units"], sections["aliases"], sections["columns"], ignored), written


def _since(
    name: str,
    entry: Entry,
    ours: Mapping[str, tuple[str, int]],
    stands: Mapping[str, Entry],
    present: int,
    following: int,
) -> int:
    """The revision of the file that first has the entry with this meaning."""
    if name not in stands or stands[name].means != entry.means:
        return following
    means, since = ours.get(name, (entry.means, present))
    return min(since, present) if means == entry.means else present


def changes(old: Vocabulary, new: Vocabulary) -> list[Change]:
    """What came, went, or means something else; by section, then by name. How often it was seen does not count."""
    found: list[Change] = []
    for section in SECTIONS:
        before, after = old.of(section), new.of(section)
        for name in sorted({**before, **after}):
            one, other = before.get(name), after.get(name)
            if one is None or other is None or (one.means, one.by_hand) != (other.means, other.by_hand):
                found.append(Change(section, name, one, other))
    return found
