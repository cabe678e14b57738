"""The figures: how near the records of a document come to its gold. No offset is compared, so one gold serves a text,
a PDF and a DOCX of the same document.

| figure | what it counts |
|---|---|
| ``records`` | F1 of cutting the document into records, texts alike by 0.9 |
| ``found`` ``implicit`` | F1 of targets with a printed number, and without: value and unit, in the right place |
| ``right`` | F1 of targets with amount, comparator, period, tier, metric (and scope, where it tells them apart) |
| ``points`` ``deadlines`` ``responsible`` | F1 on the records found |
| ``due`` | share of targets found that have the right date, or rightly none |
| ``path`` ``kind`` | share of records found that have it exactly |
| ``document`` | share of title, number, issuer, date, year and kind that are right |
| ``whole`` | share of gold records with every field right: what can be accepted unread |
| ``measured`` | the same and the baselines, of the records that are no plain tasks |

What of a result is right seen from each record made, which is what components learn from: ``training.rightness``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from extractor.training.likeness import (
    Fields,
    amount,
    baselines_agree,
    deadline_key,
    likeness,
    metric_right,
    name_key,
    number,
    optional_among,
    path_key,
    same,
    squeeze,
    target_right,
    targets_agree,
)
from extractor.training.pairing import Pairing, Place, pairing

__all__ = [
    "FIGURES", "FOUND_ALIKE", "Count", "DocumentScore", "Mistake", "Tally", "figures", "mean", "metric_right", "record_checks", "score", "table", "total",
]  # fmt: skip

F1S = ("records", "found", "right", "implicit", "points", "deadlines", "responsible")
SHARES = ("due", "path", "kind", "document", "whole", "measured")
FIGURES = F1S + SHARES
FOUND_ALIKE = 0.9
LEAST_ITEMS = 5  # gold items that a document must have to count in the mean of a figure
_OFFICIAL = ("title", "document_number", "issuer", "issued_on", "year", "kind")

Row = dict[str, float | None]  # figure → percent, None where nothing is there to measure


@dataclass(frozen=True, slots=True)
class Tally:
    """``extra`` are false alarms; shares have none."""

    hit: int = 0
    missed: int = 0
    extra: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.hit + other.hit, self.missed + other.missed, self.extra + other.extra)

    def percent(self, figure: str) -> float | None:
        """F1 or share, as ``figure`` is; None where there is nothing to measure."""
        weight = 2 if figure in F1S else 1
        out_of = weight * self.hit + self.missed + (self.extra if figure in F1S else 0)
        return 100 * weight * self.hit / out_of if out_of else None


@dataclass(frozen=True, slots=True)
class Count:
    """What one thing adds to a figure. ``record``: the gold record it belongs to; None for the document's own and
    where the gold has no record at all.
    """

    figure: str
    record: int | None
    tally: Tally


@dataclass(frozen=True, slots=True)
class Mistake:
    """``what``: ``record missed``, ``record extra``, ``target wrong``, ``found missed``, ``due``, ``path``,
    ``document.title`` …; ``where`` the record's first words.
    """

    what: str
    wanted: str
    made: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class DocumentScore:
    """``records``: how many the gold has, optional ones too."""

    name: str
    records: int
    counts: tuple[Count, ...]
    mistakes: tuple[Mistake, ...]

    def tallies(self) -> dict[str, Tally]:
        """By figure, every figure."""
        return total([self])

    def by_record(self, figure: str) -> np.ndarray:
        """(records, 3): hit, missed, extra of each gold record. A false alarm counts with the record in whose stretch
        of the document it stands; what no gold record holds, because there is none, is left out.
        """
        made = np.zeros((self.records, 3), dtype=np.int64)
        for count in self.counts:
            if count.figure == figure and count.record is not None:
                made[count.record] += (count.tally.hit, count.tally.missed, count.tally.extra)
        return made


def score(gold: Fields, made: Fields, name: str = "") -> DocumentScore:
    """``gold`` and ``made`` in the contract's shape; gold may leave out what is empty, and mark as ``optional``
    (records, targets, deadlines, names) what counts neither way.
    """
    book = _Book()
    pairs = pairing(gold, made)
    _document(gold["document"], made.get("document") or {}, book)
    _records(pairs, book, all_tasks=gold.get("tasks") != "partial")
    _targets(pairs, book)
    return DocumentScore(name, len(pairs.golds), tuple(book.counts), tuple(book.mistakes))


def total(scores: Iterable[DocumentScore]) -> dict[str, Tally]:
    """All counts of the documents together, by figure."""
    sums: dict[str, Tally] = dict.fromkeys(FIGURES, Tally())
    for each in scores:
        for count in each.counts:
            sums[count.figure] += count.tally
    return sums


def figures(tallies: Mapping[str, Tally]) -> Row:
    """Every figure in percent."""
    return {figure: tallies[figure].percent(figure) for figure in FIGURES}


def mean(scores: Iterable[DocumentScore]) -> Row:
    """The mean of each figure over the documents with at least five gold items of it, so that neither a large table
    nor one odd item decides.
    """
    values: dict[str, list[float]] = defaultdict(list)
    for tallies in (each.tallies() for each in scores):
        for figure, tally in tallies.items():
            percent = tally.percent(figure)
            if percent is not None and tally.hit + tally.missed >= LEAST_ITEMS:
                values[figure].append(percent)
    return {figure: sum(values[figure]) / len(values[figure]) if values[figure] else None for figure in FIGURES}


def table(scores: Sequence[DocumentScore]) -> dict[str, Row]:
    """A row for each document, by name, then ``ALL`` (counted together) and ``MEAN``."""
    rows = {each.name: figures(each.tallies()) for each in scores}
    return {**rows, "ALL": figures(total(scores)), "MEAN": mean(scores)}


def record_checks(gold: Fields, made: Fields) -> dict[str, bool | None]:
    """Field by field, whether a record that was found is right; None where the gold leaves it open.

    ``path``, ``kind``, ``points``, ``deadlines``, ``responsible``, ``tier``, ``per_occurrence``, ``targets``: the record
    is whole where none is False.
    """
    open_targets = gold["kind"] == "target" and all(each.get("optional") for each in gold.get("targets") or ())
    checks: dict[str, bool | None] = {
        "path": path_key(gold) == path_key(made),
        "kind": made.get("kind") == gold["kind"] or (open_targets and made.get("kind") == "task"),
        "points": number(gold.get("points")) == number(made.get("points")),
        "tier": same(gold, made, "tier"),
        "per_occurrence": bool(gold.get("per_occurrence")) == bool(made.get("per_occurrence")),
        "targets": targets_agree(gold, made),
    }
    for name in ("deadlines", "responsible"):
        open_list = optional_among(gold.get(name))
        checks[name] = None if open_list else keys(gold, name) == keys(made, name)
    return checks


def keys(record: Fields, name: str) -> set[tuple[object, ...]]:
    """The ``deadlines`` or ``responsible`` of a record as they are compared."""
    key = deadline_key if name == "deadlines" else name_key
    return {key(each) for each in record.get(name) or ()}


@dataclass(frozen=True, slots=True)
class _Book:
    counts: list[Count] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)

    def add(self, figure: str, record: int | None, *, hit: int = 0, missed: int = 0, extra: int = 0) -> None:
        if hit or missed or extra:
            self.counts.append(Count(figure, record, Tally(hit, missed, extra)))

    def answer(self, figure: str, record: int | None, right: bool) -> None:
        self.add(figure, record, hit=right, missed=not right)

    def wrong(self, what: str, wanted: object, made: object, where: str = "") -> None:
        self.mistakes.append(Mistake(what, _said(wanted), _said(made), where[:60]))


def _said(value: object) -> str:
    if value is None or value == []:
        return "-"
    return "、".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _document(wanted: Fields, made: Fields, book: _Book) -> None:
    for name in (each for each in _OFFICIAL if each in wanted):
        accepted, given = wanted[name], made.get(name)
        listed = accepted if isinstance(accepted, list) else [accepted]
        right = given == accepted or (
            not isinstance(given, list) and squeeze(str(given)) in {squeeze(str(each)) for each in listed}
        )
        book.answer("document", None, right)
        if not right:
            book.wrong(f"document.{name}", accepted, given)


def _records(pairs: Pairing, book: _Book, *, all_tasks: bool) -> None:
    for at, gold in enumerate(pairs.golds):
        if gold.get("optional"):
            continue
        partner = pairs.records.get(at)
        made = None if partner is None else pairs.mades[partner]
        found = made is not None and likeness(gold["text"], made.get("text")) >= FOUND_ALIKE
        book.add("records", at, hit=found, missed=not found, extra=made is not None and not found)
        if made is not None and found:
            _fields(at, gold, made, book)
            continue
        book.wrong("record missed", gold["text"][:60], made and (made.get("text") or "")[:60])
        book.add("whole", at, missed=1)
        book.add("measured", at, missed=gold["kind"] != "task")
    for at, made in enumerate(pairs.mades):
        if at not in pairs.gold_of and (all_tasks or made.get("kind") != "task"):
            book.add("records", pairs.stretches[at], extra=1)
            book.wrong("record extra", None, (made.get("text") or "")[:60])


def _fields(at: int, gold: Fields, made: Fields, book: _Book) -> None:
    """What is counted of a record that was found, but for its targets."""
    checks = record_checks(gold, made)
    for name in ("path", "kind"):
        book.answer(name, at, bool(checks[name]))
    right, wanted, given = bool(checks["points"]), gold.get("points"), made.get("points")
    book.add(
        "points",
        at,
        hit=right and wanted is not None,
        missed=not right and wanted is not None,
        extra=not right and given is not None,
    )
    for name in (each for each in ("deadlines", "responsible") if checks[each] is not None):
        asked, got = keys(gold, name), keys(made, name)
        book.add(name, at, hit=len(asked & got), missed=len(asked - got), extra=len(got - asked))
    for name in (each for each in ("path", "kind", "points", "deadlines", "responsible") if checks[each] is False):
        book.wrong(name, _shown(gold, name), _shown(made, name), gold["text"])
    whole = all(check is not False for check in checks.values())
    book.answer("whole", at, whole)
    if gold["kind"] != "task":
        given_baselines = baselines_agree(gold, made)
        book.answer("measured", at, whole and given_baselines)
        if not given_baselines:
            book.wrong("baseline", _baselines(gold), _baselines(made), gold["text"])


def _baselines(record: Fields) -> list[str]:
    return [target["baseline"] for target in record.get("targets") or () if target.get("baseline")]


def _shown(record: Fields, name: str) -> object:
    if name in ("deadlines", "responsible"):
        return [" ".join(str(word) for word in key if word) for key in sorted(keys(record, name), key=str)]
    return record.get(name)


def _targets(pairs: Pairing, book: _Book) -> None:
    for at, record in enumerate(pairs.golds):
        for n, target in enumerate(record.get("targets") or ()):
            if not (target.get("optional") or record.get("optional")):
                _target((at, n), pairs.targets.get((at, n)), pairs, book)
    matched = set(pairs.targets.values())
    for at, record in enumerate(pairs.mades):
        for n, target in enumerate(record.get("targets") or ()):
            if (at, n) not in matched:
                for figure in ("implicit" if target.get("implicit") else "found", "right"):
                    book.add(figure, pairs.stretches[at], extra=1)
                book.wrong("target extra", None, said_target(target), record.get("text") or "")


def _target(wanted_at: Place, made_at: Place | None, pairs: Pairing, book: _Book) -> None:
    at, record = wanted_at[0], pairs.golds[wanted_at[0]]
    target = record["targets"][wanted_at[1]]
    figure = "implicit" if target.get("implicit") else "found"
    book.answer(figure, at, made_at is not None)
    if made_at is None:
        book.add("right", at, missed=1)
        book.wrong(f"{figure} missed", said_target(target), None, record["text"])
        return
    holder = pairs.mades[made_at[0]]
    made = holder["targets"][made_at[1]]
    if not optional_among(record.get("deadlines")):
        timely = same(target, made, "due")
        book.answer("due", at, timely)
        if not timely:
            book.wrong("due", target.get("due"), made.get("due"), record["text"])
    right = target_right(target, made, record) and same(record, holder, "tier")
    book.add("right", at, hit=right, missed=not right, extra=not right)
    if not right:
        book.wrong("target wrong", said_target(target), said_target(made), record["text"])


def said_target(target: Fields) -> str:
    """A target on one line: metric, comparator, amount, period."""
    value, upper, unit = amount(target)
    until = "" if upper is None else f"–{upper:g}" if isinstance(upper, float) else f"–{upper}"
    size = f"{value:g}" if isinstance(value, float) else str(value)
    per = f" / {target['per']}" if target.get("per") else ""
    return f"{target.get('metric')} {target.get('op')} {size}{until}{unit}{per}"
