"""Which records and targets of two documents go together: records first, then the targets within them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from extractor.archive.alike import Pair, assign, below, cosines, nearest, squeeze, vectors
from extractor.archive.observations import observations
from extractor.types.archive import Observation
from extractor.types.comparison import Aspect
from extractor.types.record import ExtractionFile, IndicatorRecord, Target

Similar = Callable[[Sequence[tuple[Observation, Observation]]], NDArray[np.float64]]
Spot = tuple[int, int | None]  # record, target; None for the record itself
Spots = set[Spot | None]
Goal = tuple[int, int]
Goals = tuple[Goal, Goal]
_MOST = 10  # candidates of a record or target
_MOST_WITHIN = 36  # of a pair of records all pairs of targets are looked at, if they are not more
_SAME = 0.3  # less than an even chance will do where each may go with one other alone
_CONTEXT = 0.2  # what the words around two targets weigh beside the chance that they measure the same
_OTHER_SCOPE, _OTHER_DAY, _OTHER_WORDS, _OTHER_STRENGTH = 0.2, 0.1, 0.1, 0.05
_CLOSER = 0.1  # of the likeness of words where the chances are equal
_NUMBERED = 0.9  # of the likeness of a task and a target: two of a kind go first
_SCORED = ("bonus", "penalty", "veto")


@dataclass(frozen=True, slots=True)
class Link:
    """A row to be: at least one side."""

    old: Spot | None
    new: Spot | None
    similarity: float | None = None


class Reading:
    """A document's records that nobody rejected, and what they measure."""

    def __init__(self, file: ExtractionFile, side: str) -> None:
        """``side`` tells the observations of one document from the other's, also where both are the same file."""
        self.info = file.document
        self.records = tuple(record for record in file.records if record.status != "rejected")
        self.goals = [(at, place) for at, record in enumerate(self.records) for place in range(len(record.targets))]
        self.silent = tuple(_silent(self.records))
        self._seen = {
            (each.record_id, each.target): replace(each, document=f"{side}:{each.document}")
            for each in observations(file)
        }

    @property
    def yearly(self) -> bool:
        """Whether all it asks is for one year: no plan of several."""
        period = self.info.period
        return self.info.kind != "plan" if period is None else period[0] == period[1]

    @property
    def last_day(self) -> str | None:
        """By when what has no day of its own is to be done: the end of the year, or of the plan."""
        period, year = self.info.period, self.info.year
        end = period[1] if period else year if self.yearly else None
        return None if end is None else f"{end}-12-31"

    def target(self, goal: Goal) -> Target:
        return self.records[goal[0]].targets[goal[1]]

    def observation(self, goal: Goal) -> Observation | None:
        return self._seen.get((self.records[goal[0]].record_id, goal[1]))

    def spots(self) -> Iterator[Spot]:
        """Each target, and each record that has none, in reading order."""
        for at, record in enumerate(self.records):
            yield from ((at, place) for place in range(len(record.targets))) if record.targets else [(at, None)]

    def day(self, goal: Goal) -> tuple[str, int | None]:
        """When the target is due: month and day, and how many years after the document's own."""
        due, year = self.target(goal).due or "", self.info.year
        return due[4:], int(due[:4]) - year if due and year is not None else None


def link(old: Reading, new: Reading, similar: Similar) -> list[Link]:
    """Every target of either side, and every record without any, in one link at least; targets in one alone."""
    return _Linker(old, new, similar).links()


class _Linker:
    def __init__(self, old: Reading, new: Reading, similar: Similar) -> None:
        self._old, self._new, self._similar = old, new, similar
        self._chances: dict[Goals, float] = {}
        self._named: dict[Goals, float] = {}  # how alike the metrics are worded
        self._places = [{goal: at for at, goal in enumerate(side.goals)} for side in (old, new)]
        self._names = vectors([_name(old, goal) for goal in old.goals], [_name(new, goal) for goal in new.goals])
        words = vectors([r.text for r in old.records], [r.text for r in new.records])
        paths = vectors([_path(r) for r in old.records], [_path(r) for r in new.records])
        both = below(words, paths)
        pairs = [pair for pair in nearest(*both, _MOST) if self._may(pair)]
        self._words: dict[Pair, float] = dict(zip(pairs, cosines(*words, pairs).tolist(), strict=True))
        self._alike: dict[Pair, float] = dict(zip(pairs, cosines(*both, pairs).tolist(), strict=True))
        self._ask(self._goal_pairs())

    def links(self) -> list[Link]:
        old, new = self._old, self._new
        records = assign(self._record_weights(), len(old.records), len(new.records))
        self._ask(goals for pair in records for goals in self._within(pair))
        made = [one for pair in records for one in self._of_pair(pair)]
        made += self._across(*_taken(made))
        taken_old, taken_new = _taken(made)
        made += [one for pair in records for one in self._half(pair, taken_old, taken_new)]
        taken_old, taken_new = _taken(made)
        made += (Link(spot, None) for spot in old.spots() if spot not in taken_old)
        made += (Link(None, spot) for spot in new.spots() if spot not in taken_new)
        return made

    # --- candidates ---------------------------------------------------------------------------------------

    def _goal_pairs(self) -> Iterator[Goals]:
        """Targets with like metrics, and those of like records."""
        old, new = self._old, self._new
        for i, j in nearest(*self._names, _MOST):
            yield old.goals[i], new.goals[j]
        for i, j in self._alike:
            within = list(self._within((i, j)))
            yield from (
                within if len(within) <= _MOST_WITHIN else [((i, s), (j, t)) for (_, s), (_, t) in within if s == t]
            )

    def _within(self, pair: Pair) -> Iterator[Goals]:
        i, j = pair
        places = product(range(len(self._old.records[i].targets)), range(len(self._new.records[j].targets)))
        return (((i, s), (j, t)) for s, t in places)

    def _ask(self, wanted: Iterable[Goals]) -> None:
        """Asks for all at once, for none twice. What no observation was made of is the same where its metric is."""
        fresh = sorted(
            {goals for goals in wanted if goals not in self._chances and self._may((goals[0][0], goals[1][0]))}
        )
        places = [(self._places[0][one], self._places[1][other]) for one, other in fresh]
        self._named.update(zip(fresh, cosines(*self._names, places).tolist(), strict=True))
        seen: list[tuple[Goals, tuple[Observation, Observation]]] = []
        for goals in fresh:
            a, b = self._old.observation(goals[0]), self._new.observation(goals[1])
            if a is not None and b is not None:
                seen.append((goals, (a, b)))
            else:
                one, other = self._old.target(goals[0]).metric, self._new.target(goals[1]).metric
                self._chances[goals] = float(squeeze(one) == squeeze(other))
        if seen:
            found = self._similar([pair for _, pair in seen])
            self._chances.update(zip((goals for goals, _ in seen), map(float, found), strict=True))

    def _may(self, pair: Pair) -> bool:
        """Not two grades of one indicator, nor a reward and a punishment."""
        a, b = self._old.records[pair[0]], self._new.records[pair[1]]
        if a.tier and b.tier and squeeze(a.tier) != squeeze(b.tier):
            return False
        return a.kind == b.kind or not (a.kind in _SCORED and b.kind in _SCORED)

    # --- records ------------------------------------------------------------------------------------------

    def _record_weights(self) -> dict[Pair, float]:
        """Records that measure the same, by their likest targets; by their words where one has no targets."""
        best: dict[Pair, float] = {}
        for (one, other), chance in self._chances.items():
            if not self._other_scope(one, other):
                near = max(self._nearer(one, other, chance), min(chance, _SAME))
                best[one[0], other[0]] = max(best.get((one[0], other[0]), 0.0), near)
        weights = {}
        for pair in best.keys() | self._alike.keys():
            a, b = self._old.records[pair[0]], self._new.records[pair[1]]
            if a.targets and b.targets:
                score = self._score(pair, best.get(pair, 0.0))
            elif self._words.get(pair, 0.0) >= min(_needed(a.text), _needed(b.text)):
                score = self._alike[pair] * (1.0 if bool(a.targets) == bool(b.targets) else _NUMBERED)
            else:
                continue
            if score >= _SAME:
                weights[pair] = score * (1 - _CLOSER) + self._alike.get(pair, 0.0) * _CLOSER
        return weights

    def _score(self, pair: Pair, chance: float) -> float:
        """Targets that the model is less than sure of may be told by the words around them."""
        return max(chance, (1 - _CONTEXT) * chance + _CONTEXT * self._alike.get(pair, 0.0))

    # --- targets ------------------------------------------------------------------------------------------

    def _of_pair(self, pair: Pair) -> Iterator[Link]:
        """The targets of two records one to one, or two records without any."""
        i, j = pair
        n_old, n_new = len(self._old.records[i].targets), len(self._new.records[j].targets)
        if not (n_old or n_new):
            yield Link((i, None), (j, None), self._alike[pair])
        weights = {}
        for a, b in self._within(pair):
            score = self._score(pair, self._chances[a, b])
            if score >= _SAME:
                weights[a[1], b[1]] = self._nearer(a, b, score)
        for s, t in assign(weights, n_old, n_new):
            yield Link((i, s), (j, t), self._chances[(i, s), (j, t)])

    def _half(self, pair: Pair, taken_old: Spots, taken_new: Spots) -> Iterator[Link]:
        """A record without targets goes with each target of the other's that is left."""
        i, j = pair
        n_old, n_new = len(self._old.records[i].targets), len(self._new.records[j].targets)
        if bool(n_old) != bool(n_new):
            olds = [spot for s in range(n_old) or (None,) if (spot := (i, s)) not in taken_old]
            news = [spot for t in range(n_new) or (None,) if (spot := (j, t)) not in taken_new]
            yield from (Link(a, b, self._alike[pair]) for a, b in product(olds, news))

    def _across(self, taken_old: Spots, taken_new: Spots) -> Iterator[Link]:
        """Targets that moved to another record."""
        at_old, at_new = self._places
        weights = {
            (at_old[a], at_new[b]): self._nearer(a, b, chance)
            for (a, b), chance in self._chances.items()
            if chance >= _SAME and a not in taken_old and b not in taken_new and not self._other_scope(a, b)
        }
        for i, j in assign(weights, len(at_old), len(at_new)):
            a, b = self._old.goals[i], self._new.goals[j]
            yield Link(a, b, self._chances[a, b])

    def _nearer(self, a: Goal, b: Goal, score: float) -> float:
        """The score with what tells targets of like metrics apart: whom they bind, by when, how much, the very words."""
        one, other = self._old.target(a), self._new.target(b)
        day = one.due == other.due or self._old.day(a) == self._new.day(b)
        strength = (one.strength == "strive") == (other.strength == "strive")
        other_words = _OTHER_WORDS * (1 - self._named[a, b])
        scope = self._other_scope(a, b)
        return score - _OTHER_SCOPE * scope - _OTHER_DAY * (not day) - _OTHER_STRENGTH * (not strength) - other_words

    def _other_scope(self, a: Goal, b: Goal) -> bool:
        one, other = self._old.target(a).scope, self._new.target(b).scope
        return bool(one and other) and squeeze(one or "") != squeeze(other or "")


def _silent(records: Sequence[IndicatorRecord]) -> Iterator[Aspect]:
    if not any(record.deadlines or any(target.due for target in record.targets) for record in records):
        yield "due"
    if not any(record.responsible for record in records):
        yield "responsible"
    if not any(record.points is not None or record.points_cap is not None for record in records):
        yield "points"


def _taken(made: Sequence[Link]) -> tuple[Spots, Spots]:
    return {one.old for one in made}, {one.new for one in made}


def _path(record: IndicatorRecord) -> str:
    return " ".join(record.path)


def _name(reading: Reading, goal: Goal) -> str:
    target = reading.target(goal)
    return f"{target.metric} {target.scope or ''}"


def _needed(text: str) -> float:
    """How alike the words of two records must be: the name of a place wholly, a long sentence by half."""
    return 0.5 + 0.4 * min(1.0, 6 / max(len(squeeze(text)), 1))
