"""Which record of the gold is which of those made, and so with targets; no offset is looked at."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from extractor.training.likeness import Fields, amount, ceilings, likeness, path_key, same, squeeze

Place = tuple[int, int]  # of a target: index of its record, index in it
_RECORD_LEAST = 0.5
_PLACE_LEAST = 0.3
_TARGET_LEAST = 0.1
_INSIDE = 6  # characters that a text must have for standing inside another to mean anything


def best_first(
    candidates: Iterable[tuple[float, int, int]], exact: Callable[[int, int], float], least: float
) -> dict[int, int]:
    """One-to-one pairs, the best score first; between equal scores the nearer, then the earlier.

    ``candidates`` are (what the score can be at most, gold index, made index). ``exact`` is asked only of pairs whose
    turn comes while both are free, which leaves out nearly all.
    """
    queue = [(-most, False, abs(gold - made), made, gold) for most, gold, made in candidates if most >= least]
    heapq.heapify(queue)
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    while queue:
        _, known, apart, made, gold = heapq.heappop(queue)
        if gold in pairs or made in taken:
            continue
        if known:
            pairs[gold] = made
            taken.add(made)
            continue
        score = exact(gold, made)
        if score >= least:  # back in the queue behind all that may still score as much
            heapq.heappush(queue, (-score, True, apart, made, gold))
    return pairs


@dataclass(frozen=True)
class Pairing:
    """Two lists of records, of the gold and as made, and what belongs together. Each part is worked out when asked."""

    golds: Sequence[Fields]
    mades: Sequence[Fields]

    @cached_property
    def records(self) -> dict[int, int]:
        """Gold index → made index, of records whose texts are alike by 0.5; tier and path decide between equals."""

        def bonus(text: float, gold: int, made: int) -> float:
            return text + 0.1 * same(self.golds[gold], self.mades[made], "tier") + 0.05 * (paths[gold] == others[made])

        def exact(gold: int, made: int) -> float:
            text = likeness(self.golds[gold]["text"], self.mades[made].get("text"))
            return bonus(text, gold, made) if text >= _RECORD_LEAST else 0.0

        paths, others = [path_key(each) for each in self.golds], [path_key(each) for each in self.mades]
        most = self._texts
        near = zip(*(side.tolist() for side in np.nonzero(most >= _RECORD_LEAST)), strict=True)
        return best_first(((bonus(float(most[g, m]), g, m), g, m) for g, m in near), exact, _RECORD_LEAST)

    @cached_property
    def targets(self) -> dict[Place, Place]:
        """Gold place → made place, of targets with the same amount in records whose texts are alike by 0.3 or one
        inside the other, over the whole document: a target in the wrong record is still found.
        """
        golds, mades = _targets(self.golds), _targets(self.mades)
        metrics = ceilings([t["metric"] for _, t in golds], [t.get("metric") for _, t in mades])

        def score(gold: int, made: int, metric: float, text: float) -> float:
            (gold_place, wanted), (made_place, given) = golds[gold], mades[made]
            tier = same(self.golds[gold_place[0]], self.mades[made_place[0]], "tier")
            scope = squeeze(wanted.get("scope")) == squeeze(given.get("scope"))
            due = wanted.get("due") == given.get("due")
            return 0.1 + 0.4 * metric + 0.2 * text + 0.1 * tier + 0.1 * scope + 0.1 * due

        def exact(gold: int, made: int) -> float:
            (gold_place, wanted), (made_place, given) = golds[gold], mades[made]
            text = self._nearness(gold_place[0], made_place[0])
            metric = likeness(wanted["metric"], given.get("metric"))
            return score(gold, made, metric, text) if text >= _PLACE_LEAST else 0.0

        def candidates() -> Iterable[tuple[float, int, int]]:
            for gold, made in _same_amount(golds, mades):
                text = self._at_most(golds[gold][0][0], mades[made][0][0])
                if text >= _PLACE_LEAST:
                    yield score(gold, made, float(metrics[gold, made]), text), gold, made

        found = best_first(candidates(), exact, _TARGET_LEAST)
        return {golds[gold][0]: mades[made][0] for gold, made in found.items()}

    @cached_property
    def gold_of(self) -> dict[int, int]:
        """``records`` the other way round."""
        return {made: gold for gold, made in self.records.items()}

    @cached_property
    def stretches(self) -> list[int | None]:
        """For each record made, the gold record in whose stretch of the document it stands: its own, or that of the
        record before it; the first for those before all. None where there is no gold record.
        """
        here: int | None = 0 if self.golds else None
        found = []
        for made in range(len(self.mades)):
            here = self.gold_of.get(made, here)
            found.append(here)
        return found

    @cached_property
    def _texts(self) -> np.ndarray:
        return ceilings([each["text"] for each in self.golds], [each.get("text") for each in self.mades])

    @cached_property
    def _squeezed(self) -> tuple[list[str], list[str]]:
        return [squeeze(each["text"]) for each in self.golds], [squeeze(each.get("text")) for each in self.mades]

    def _inside(self, gold: int, made: int) -> bool:
        a, b = self._squeezed[0][gold], self._squeezed[1][made]
        return a == b or (min(len(a), len(b)) >= _INSIDE and (a in b or b in a))

    def _at_most(self, gold: int, made: int) -> float:
        return 1.0 if self._inside(gold, made) else float(self._texts[gold, made])

    def _nearness(self, gold: int, made: int) -> float:
        if self._inside(gold, made):
            return 1.0
        return likeness(self._squeezed[0][gold], self._squeezed[1][made])


def pairing(gold: Fields, made: Fields) -> Pairing:
    """Of two files in the contract's shape."""
    return Pairing(gold["records"], made.get("records") or ())


def _targets(records: Sequence[Fields]) -> list[tuple[Place, Fields]]:
    return [
        ((at, n), target) for at, record in enumerate(records) for n, target in enumerate(record.get("targets") or ())
    ]


def _same_amount(golds: list[tuple[Place, Fields]], mades: list[tuple[Place, Fields]]) -> Iterable[tuple[int, int]]:
    by_amount = defaultdict(list)
    for at, (_, target) in enumerate(mades):
        by_amount[amount(target), bool(target.get("implicit"))].append(at)
    for gold, (_, target) in enumerate(golds):
        for made in by_amount.get((amount(target), bool(target.get("implicit"))), ()):
            yield gold, made
