"""The current records of a document: the draft with the events of its log applied, one after the other."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar, cast

from pydantic import JsonValue

from extractor.review import fields, risk
from extractor.review.checks import BLOCKING, Known, check
from extractor.types.issue import Issue
from extractor.types.record import DocumentInfo, IndicatorRecord
from extractor.types.review import OF_DOCUMENT, WHOLE, Approval, Change, Event

T = TypeVar("T")
WAIVED = "waived/"
Origin = Literal["machine", "person"]


@dataclass(frozen=True, slots=True)
class SetBy:
    actor: str
    at: str
    seq: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A record with its history in short.

    ``set_by`` holds the fields that a person set, by path, for as long as that setting stands. ``waived``: failed
    checks that a person lets stand, by code. ``version``: ``seq`` of the last event that touched it, 0 for none.
    """

    record: IndicatorRecord
    position: float
    origin: Origin = "machine"
    set_by: Mapping[str, SetBy] = field(default_factory=dict)
    waived: Mapping[str, str] = field(default_factory=dict)
    version: int = 0


@dataclass(frozen=True, slots=True)
class ApprovalState:
    state: Approval = "open"
    by: tuple[str, ...] = ()

    def as_json(self) -> dict[str, JsonValue]:
        return {"state": self.state, "by": list(self.by)}

    @classmethod
    def from_json(cls, value: JsonValue) -> ApprovalState:
        held = cast(dict[str, list[str]], value)
        return cls(cast(Approval, held["state"]), tuple(held["by"]))


@dataclass(frozen=True, slots=True)
class _Saved:
    """What one change displaced, so that taking it back restores it whole."""

    entry: Entry | None = None
    set_by: Mapping[str, SetBy] = field(default_factory=dict)
    sure: Mapping[str, float] = field(default_factory=dict)


class ReviewState:
    """``records`` is the draft in order, ``info`` None while extraction goes on, ``text`` the document's text (without
    it no check compares a record's words with the source).
    """

    def __init__(
        self,
        records: Sequence[IndicatorRecord],
        info: DocumentInfo | None,
        events: Iterable[Event] = (),
        *,
        text: str | None = None,
    ) -> None:
        self.info = info
        self.text = text
        self.approval = ApprovalState()
        self.seq = 0
        self.records_seq = 0  # the last event that touched a record
        self.known: set[str] = set()  # every id that a record ever had here
        self._entries: dict[str, Entry] = {}
        self._order: list[tuple[float, str]] = []
        self._drafts = 0
        self._saved: dict[int, list[_Saved]] = {}
        self._done: dict[str, list[Event]] = {}
        self._undone: dict[str, list[Event]] = {}
        self._reached: dict[str, list[tuple[int, str, str]]] = {}  # record → (seq, actor, list) of whole lists set
        self._issues: dict[str, tuple[Issue, ...]] | None = None
        self._known_issues: Known = {}
        self._risks: dict[str, risk.Risk] | None = None
        self.extend(records)
        for event in events:
            self.apply(event)

    def extend(self, records: Sequence[IndicatorRecord]) -> None:
        """Drafts that arrive while the document is read stand after those before them."""
        for record in records:
            self._put(Entry(record, float(self._drafts)))
            self._drafts += 1
        self._issues = self._risks = None

    # --- reading ----------------------------------------------------------------------------------------

    @property
    def entries(self) -> list[Entry]:
        """By position."""
        return [self._entries[name] for _, name in self._order]

    def entry(self, record_id: str) -> Entry | None:
        return self._entries.get(record_id)

    def issues(self) -> dict[str, tuple[Issue, ...]]:
        """``checks.check`` of the current records, kept until the next change."""
        if self._issues is None:
            self._issues = check(self.entries, self.info, self.text, self._known_issues)
        return self._issues

    def risks(self) -> dict[str, risk.Risk]:
        """``risk.risks`` of the current records, kept until the next change."""
        if self._risks is None:
            self._risks = risk.risks(self.entries, self.issues())
        return self._risks

    def risk(self) -> float:
        """Of the document: the share of its points that hang on undecided records which may be wrong."""
        return risk.share(self._entries.values(), self.risks())

    def open_issues(self, record_id: str) -> list[Issue]:
        """What blocks approval: failed blocking checks that nobody has waived."""
        waived = self._entries[record_id].waived
        found = self.issues().get(record_id, ())
        return [issue for issue in found if issue.code in BLOCKING and issue.code not in waived]

    def counts(self) -> dict[str, int]:
        """``records`` (rejected ones too), ``decided``, ``rejected``, ``blocking`` (records with an open blocking
        check), and for each kind how many are not rejected.
        """
        status = Counter(entry.record.status for entry in self._entries.values())
        kinds = Counter(entry.record.kind for entry in self._entries.values() if entry.record.status != "rejected")
        return {
            "records": len(self._entries),
            "decided": status["approved"] + status["rejected"],
            "rejected": status["rejected"],
            "blocking": sum(bool(self.open_issues(name)) for name in self.issues()),
            **{kind: kinds[kind] for kind in ("target", "task", "bonus", "penalty", "veto")},
        }

    def value(self, change_of: Change | tuple[str, str]) -> JsonValue:
        """What stands where a change is about. Raises ``Refused`` for an unknown field; None for an unknown record."""
        name, path = change_of if isinstance(change_of, tuple) else (change_of.record, change_of.field)
        if name == OF_DOCUMENT:
            return self.approval.as_json()
        entry = self._entries.get(name)
        if entry is None:
            return None
        if path == WHOLE:
            return {"position": entry.position, "record": entry.record.model_dump(mode="json")}
        if path.startswith(WAIVED):
            return entry.waived.get(path.removeprefix(WAIVED))
        return fields.read(entry.record, path)

    def set_by(self, record_id: str, path: str) -> SetBy | None:
        """Who set what stands there: the field, what it lies in or, latest first, a part of it."""
        entry = self._entries.get(record_id)
        if entry is None:
            return None
        near = [
            by for key, by in entry.set_by.items() if fields.under(key, path) or fields.under(path, key) or not path
        ]
        return max(near, key=lambda by: by.seq, default=None)

    def undoable(self, actor: str) -> Event | None:
        return next(reversed(self._done.get(actor, [])), None)

    def redoable(self, actor: str) -> Event | None:
        return next(reversed(self._undone.get(actor, [])), None)

    def reached_since(self, record_id: str, path: str, event: Event) -> bool:
        """Whether a later change by another person, which still stands, replaced the whole list that ``path`` lies in.

        The same index may then be another element. The actor's own later changes are undone before, redone after.
        """
        return any(
            seq > event.seq and actor != event.actor and name != path and fields.under(name, path)
            for seq, actor, name in self._reached.get(record_id, ())
        )

    def slots(self, after: str | None, count: int) -> list[float]:
        """``count`` ascending positions behind a record (None: before all) and before what follows it now."""
        at = -1 if after is None else bisect_left(self._order, (self._entries[after].position, after))
        if after is None:
            high = self._order[0][0] if self._order else 1.0
            low = high - 1.0
        else:
            low = self._order[at][0]
            high = self._order[at + 1][0] if at + 1 < len(self._order) else float(int(low) + 1)
        return [low + (high - low) * (step + 1) / (count + 1) for step in range(count)]

    def before(self, start: int) -> str | None:
        """The last record whose words begin at or before ``start``."""
        found = [entry for entry in self.entries if entry.record.evidence.start <= start]
        return found[-1].record.record_id if found else None

    # --- applying ---------------------------------------------------------------------------------------

    def apply(self, event: Event) -> frozenset[str]:
        """The ids touched, of removed records too. Events are taken as they are: ``plan`` made them."""
        saved: list[_Saved] = []
        restored: list[_Saved] = []
        if event.undoes is not None:
            restored = list(reversed(self._saved.get(event.undoes, [])))
        for at, change in enumerate(event.changes):
            back = restored[at] if at < len(restored) else None
            saved.append(self._apply(change, event, back))
        self._saved[event.seq] = saved
        self._keep(event)
        self.seq = event.seq
        self._issues = self._risks = None
        touched = frozenset(change.record for change in event.changes if change.record != OF_DOCUMENT)
        if touched:
            self.records_seq = event.seq
        return touched

    def _apply(self, change: Change, event: Event, back: _Saved | None) -> _Saved:
        if change.record == OF_DOCUMENT:
            self.approval = ApprovalState.from_json(change.after)
            return _Saved()
        if change.field == WHOLE:
            return self._whole(change, event, back)
        entry = self._entries[change.record]
        if change.field.startswith(WAIVED):
            waived = {code: actor for code, actor in entry.waived.items() if WAIVED + code != change.field}
            if change.after is not None:
                waived[change.field.removeprefix(WAIVED)] = str(change.after)
            self._entries[change.record] = replace(entry, waived=waived, version=event.seq)
            return _Saved()
        return self._field(entry, change, event, back)

    def _whole(self, change: Change, event: Event, back: _Saved | None) -> _Saved:
        old = self._entries.get(change.record)
        if old is not None:
            self._drop(change.record)
        if change.after is not None:
            made = cast(dict[str, JsonValue], change.after)
            entry = back.entry if back is not None else None
            if entry is None:
                record = IndicatorRecord.model_validate(made["record"])
                entry = Entry(record, float(cast(float, made["position"])), "person")
            self._put(replace(entry, version=event.seq))
        return _Saved(entry=old)

    def _field(self, entry: Entry, change: Change, event: Event, back: _Saved | None) -> _Saved:
        path = change.field
        touched = {key: by for key, by in entry.set_by.items() if fields.under(path, key)}
        sure = {key: value for key, value in entry.record.field_confidence.items() if fields.under(path, key)}
        record = fields.write(entry.record, path, change.after)
        set_by = {key: by for key, by in entry.set_by.items() if key not in touched}
        now = SetBy(event.actor, event.at, event.seq)
        if back is not None:
            set_by.update(back.set_by)
            if sure or back.sure:
                kept = {key: value for key, value in record.field_confidence.items() if key not in sure}
                record = record.model_copy(update={"field_confidence": {**kept, **back.sure}})
        elif path in fields.LISTS:
            moved = _moved(getattr(entry.record, path), getattr(record, path))
            set_by.update(_renamed(touched, path, moved))
            set_by.update({f"{path}/{at}": now for at, origin in enumerate(moved) if origin is None})
            if len(moved) < len(getattr(entry.record, path)):
                set_by[path] = now
            kept = {key: value for key, value in record.field_confidence.items() if key not in sure}
            record = record.model_copy(update={"field_confidence": {**kept, **dict(_renamed(sure, path, moved))}})
        else:
            set_by[path] = now
        self._entries[change.record] = replace(entry, record=record, set_by=set_by, version=event.seq)
        return _Saved(set_by=touched, sure=sure)

    def _keep(self, event: Event) -> None:
        """The stacks of what can be undone and redone, one pair for each actor; and which changes stand."""
        done, undone = self._done.setdefault(event.actor, []), self._undone.setdefault(event.actor, [])
        if event.undoes is None:
            done.append(event)
            undone.clear()
        else:
            source, target = (done, undone) if event.op == "undo" else (undone, done)
            source[:] = [each for each in source if each.seq != event.undoes]
            target.append(event)
            for name in {change.record for change in event.changes}:
                self._reached[name] = [each for each in self._reached.get(name, []) if each[0] != event.undoes]
        if event.op != "undo":
            for change in event.changes:
                if change.field in fields.LISTS:
                    self._reached.setdefault(change.record, []).append((event.seq, event.actor, change.field))

    def _put(self, entry: Entry) -> None:
        name = entry.record.record_id
        self._entries[name] = entry
        insort(self._order, (entry.position, name))
        self.known.add(name)

    def _drop(self, name: str) -> None:
        entry = self._entries.pop(name)
        del self._order[bisect_right(self._order, (entry.position, name)) - 1]


def _moved(old: Sequence[object], new: Sequence[object]) -> list[int | None]:
    """For each element of the new list where it stood in the old one; None for what is new."""
    free = set(range(len(old)))
    found: list[int | None] = []
    for at, element in enumerate(new):
        places = [at] if at in free and old[at] == element else [each for each in free if old[each] == element]
        place = min(places, default=None)
        if place is not None:
            free.discard(place)
        found.append(place)
    return found


def _renamed(kept: Mapping[str, T], path: str, moved: Sequence[int | None]) -> Iterator[tuple[str, T]]:
    """The entries below ``path/i`` where element ``i`` has moved to."""
    for at, origin in enumerate(moved):
        if origin is None:
            continue
        for key, value in kept.items():
            if fields.under(f"{path}/{origin}", key):
                yield f"{path}/{at}" + key.removeprefix(f"{path}/{origin}"), value
