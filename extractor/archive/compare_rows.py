"""What became of a demand: which way its number went, whether more is asked, and which of its other parts differ."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractor.archive.alike import squeeze
from extractor.archive.compare_amounts import Amounts, compare_amounts, same_op
from extractor.archive.compare_pairs import Link, Reading, Spot
from extractor.archive.places import place_of
from extractor.export.words import KINDS, deadline_words, names, points_words, threshold
from extractor.text.vocabulary import place_of as opening_place
from extractor.types.comparison import Aspect, Category, Difference, Note, Row, Side
from extractor.types.record import IndicatorRecord, Role, Target

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_ROLES: dict[Role, str] = {"leader": "责任领导", "lead": "牵头", "support": "配合"}
_STRENGTHS = {"must": "必须", "strive": "力争", None: None}
_SIGNS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<", "eq": "=", "approx": "约", "between": "范围"}
_SCORED = ("bonus", "penalty", "veto")
_NO_AMOUNTS = Amounts(0)


@dataclass(frozen=True, slots=True)
class _Part:
    """One aspect in the words of both sides. ``moved``: the same but for years that moved with the documents'."""

    aspect: Aspect
    old: str | None
    new: str | None
    same: bool
    moved: bool = False


class Rows:
    """Makes the rows of a comparison of two documents."""

    def __init__(self, old: Reading, new: Reading) -> None:
        self._old, self._new = old, new
        self._silent = {*old.silent, *new.silent}
        homes = [place_of(old.info), place_of(new.info)]
        self._homes = ["" if home is None else home.name for home in homes]
        self._apart = None not in homes and self._homes[0] != self._homes[1]

    def row(self, link: Link) -> Row:
        old, new = _side(self._old, link.old), _side(self._new, link.new)
        if old is None or new is None:
            return Row("dropped" if new is None else "added", old, new)
        amounts = self._amounts(old.target, new.target)
        parts = [*self._of_targets(old, new, amounts), *self._of_records(old, new)]
        parts = [each for each in parts if each.aspect not in self._silent]
        differences = tuple(Difference(each.aspect, each.old, each.new) for each in parts if not each.same)
        moved = any(each.moved for each in parts)
        return Row(
            _category(amounts, differences), old, new, link.similarity, amounts.change, amounts.unit,
            self._stricter(old, new, amounts, {each.aspect for each in differences}), differences,
            tuple(_notes(old, new, amounts, moved=moved)),
        )  # fmt: skip

    def _amounts(self, old: Target | None, new: Target | None) -> Amounts:
        """A count of a notice for one year is the same with 每年 and without."""
        if old is None or new is None:
            return _NO_AMOUNTS
        if new.per == "年" and old.per is None and self._old.yearly:
            old = old.model_copy(update={"per": "年"})
        if old.per == "年" and new.per is None and self._new.yearly:
            new = new.model_copy(update={"per": "年"})
        return compare_amounts(old, new)

    # --- what differs -------------------------------------------------------------------------------------

    def _of_targets(self, old: Side, new: Side, amounts: Amounts) -> Iterator[_Part]:
        a, b = old.target, new.target
        ends = [0 if each is None else 1 if each.upper is None else 2 for each in (a, b)]
        yield _Part("value", _threshold(a), _threshold(b), ends[0] == ends[1] and amounts.direction == 0)
        if a is None or b is None:
            return
        yield _Part("unit", a.unit, b.unit, not amounts.other_unit or a.unit == b.unit)
        yield _Part("per", a.per, b.per, not amounts.other_unit or a.per == b.per)
        yield _Part("op", _SIGNS[a.op], _SIGNS[b.op], same_op(a, b))
        yield self._words("baseline", a.baseline, b.baseline)
        yield self._words("scope", a.scope, b.scope)
        yield _Part("strength", _STRENGTHS[a.strength], _STRENGTHS[b.strength], a.strength == b.strength)

    def _of_records(self, old: Side, new: Side) -> Iterator[_Part]:
        a, b = old.record, new.record
        scored = a.kind in _SCORED or b.kind in _SCORED
        yield _Part("kind", KINDS[a.kind], KINDS[b.kind], a.kind == b.kind or not scored)
        yield self._when(old, new)
        yield self._who(a, b)
        yield _Part("points", points_words(a) or None, points_words(b) or None, points_words(a) == points_words(b))
        if old.at is None and new.at is None:
            yield self._words("text", a.text, b.text)

    def _words(self, aspect: Aspect, old: str | None, new: str | None) -> _Part:
        same = squeeze(old or "") == squeeze(new or "")
        moved = not same and self._told(old, self._old) == self._told(new, self._new)
        return _Part(aspect, old, new, same or moved, moved)

    def _told(self, words: str | None, reading: Reading) -> str:
        """Years as the document's own and those before and after it."""
        year = reading.info.year
        return squeeze(
            words or "" if year is None else _YEAR.sub(lambda found: _offset(int(found[0]) - year), words or "")
        )

    def _when(self, old: Side, new: Side) -> _Part:
        a, b = ([*_ends(side, reading), *_loose(side)] for side, reading in ((old, self._old), (new, self._new)))
        same = {*a} == {*b}
        moved = not same and {self._told(day, self._old) for day in a} == {self._told(day, self._new) for day in b}
        words = _due_words(old), _due_words(new)
        return _Part("due", *words, same or moved, moved and None not in words)

    def _who(self, old: IndicatorRecord, new: IndicatorRecord) -> _Part:
        same = self._named(old, 0) == self._named(new, 1)
        return _Part("responsible", _who_words(old), _who_words(new), same)

    def _named(self, record: IndicatorRecord, side: int) -> set[tuple[Role, str]]:
        """Units of the issuer's own place without it; between two places a 厅 above is what a 局 is below."""
        found = set()
        for one in record.responsible:
            name = squeeze(one.canonical or one.name)
            place = opening_place(name)
            name = name[len(place) :] if place and self._homes[side].endswith(place) else name
            found.add((one.role, re.sub("厅$", "局", name) if self._apart else name))
        return found

    # --- which way ----------------------------------------------------------------------------------------

    def _stricter(self, old: Side, new: Side, amounts: Amounts, differing: set[Aspect]) -> bool | None:
        """The threshold decides where it differs and earnestness doesn't contradict it, else day and earnestness, if they
        don't contradict each other. What a whole place is
        to reach says nothing against another place.
        """
        if (old.at is None) != (new.at is None):
            return new.at is not None
        if differing & {"value", "unit", "per", "op"}:
            unlike = "baseline" in differing or (amounts.total and self._apart)
            if amounts.stricter is not None and _firmer(old, new) is (not amounts.stricter):
                return None
            return None if unlike else self._in_time(old, new, amounts.stricter)
        found = {self._sooner(old, new)} if "due" in differing else set()
        firmer = _firmer(old, new)
        found |= set() if firmer is None else {firmer}
        return found.pop() if len(found) == 1 else None

    def _in_time(self, old: Side, new: Side, stricter: bool | None) -> bool | None:
        """A step on the way to what a plan asks is not less, nor is the plan's end more than the step."""
        if stricter is None or self._old.yearly == self._new.yearly:
            return stricter
        a, b = self._last(old, new)
        return stricter if a and b and (a >= b if stricter else b >= a) else None

    def _last(self, old: Side, new: Side) -> tuple[str | None, str | None]:
        return max(_ends(old, self._old), default=None), max(_ends(new, self._new), default=None)

    def _sooner(self, old: Side, new: Side) -> bool | None:
        """Sooner in the documents' own years; where one is a plan also by the calendar."""
        a, b = self._last(old, new)
        if a is None or b is None:
            return None if a == b else a is None
        first, second = self._old.info.year, self._new.info.year
        shift = second - first if first and second else 0
        moved = f"{int(a[:4]) + shift}{a[4:]}"
        if self._old.yearly and self._new.yearly:
            return b < moved
        return b < a if (b < a) == (b < moved) else None


def _side(reading: Reading, spot: Spot | None) -> Side | None:
    if spot is None:
        return None
    record = reading.records[spot[0]]
    return Side(record, spot[1], None if spot[1] is None else _mark(record, record.targets[spot[1]]))


def _mark(record: IndicatorRecord, target: Target) -> tuple[int, int] | None:
    """Of several places with the same words the one nearest to where the target stands in the source."""
    if not target.raw:
        return None
    near = target.evidence.start - record.evidence.start if target.evidence else 0
    found = [match.span() for match in re.finditer(re.escape(target.raw), record.text)]
    return min(found, key=lambda span: abs(span[0] - near), default=None)


def _firmer(old: Side, new: Side) -> bool | None:
    """Whether what was to be striven for now must be; None where neither changed to the other."""
    if old.target is None or new.target is None:
        return None
    before, after = (target.strength == "strive" for target in (old.target, new.target))
    return before if before != after else None


def _category(amounts: Amounts, differences: tuple[Difference, ...]) -> Category:
    if amounts.direction:
        return "raised" if amounts.direction > 0 else "lowered"
    return "changed" if differences else "same"


def _notes(old: Side, new: Side, amounts: Amounts, *, moved: bool) -> Iterator[Note]:
    if old.target and new.target and old.target.implicit != new.target.implicit:
        yield "implicit"
    elif amounts.converted:
        yield "unit_written"
    if moved:
        yield "years_moved"


def _offset(years: int) -> str:
    return f"{'后' if years >= 0 else '前'}{abs(years)}"


# --- words ------------------------------------------------------------------------------------------------


def _threshold(target: Target | None) -> str | None:
    return None if target is None else threshold(target)


def _ends(side: Side, reading: Reading) -> list[str]:
    """Last days; where none is said, the document's own, unless there is another sort of deadline."""
    target, deadlines = side.target, side.record.deadlines
    said = [target.due] if target is not None else [one.end for one in deadlines]
    found = [day for day in said if day]
    if not found and reading.last_day and (target is not None or not deadlines):
        found = [reading.last_day]
    return found


def _loose(side: Side) -> list[str]:
    """Deadlines without a last day: 每月5日前."""
    return [one.raw for one in side.record.deadlines if not one.end]


def _due_words(side: Side) -> str | None:
    if side.target is not None:
        return "、".join(filter(None, (side.target.due, *_loose(side)))) or None
    return "、".join(map(deadline_words, side.record.deadlines)) or None


def _who_words(record: IndicatorRecord) -> str | None:
    return "；".join(f"{word}：{who}" for role, word in _ROLES.items() if (who := names(record, role))) or None
