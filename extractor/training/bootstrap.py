"""Whether one run is better than another, or only luckier: a paired bootstrap over gold records.

Both runs are over the same gold. Gold records are drawn with replacement, the same ones for both, with all that was hit,
missed and falsely alarmed in each; the figure is computed anew for both and the difference noted (Efron & Tibshirani,
An Introduction to the Bootstrap, 1993; Berg-Kirkpatrick et al., EMNLP 2012).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from extractor.training.recipe import SEED
from extractor.training.scoring import F1S, DocumentScore

DRAWS = 10_000
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """``before`` and ``after`` in percent, their ``gain`` in points with its 95 % interval ``low`` … ``high``; ``p`` is
    the share of draws in which after was no better, one-sided. All of it over ``records`` gold records.
    """

    figure: str
    before: float
    after: float
    gain: float
    low: float
    high: float
    p: float
    records: int


def paired_bootstrap(
    before: Sequence[DocumentScore], after: Sequence[DocumentScore], figure: str, draws: int = DRAWS, seed: int = SEED
) -> Difference:
    """Pooled ``figure`` (any but ``document``) of two runs over the same documents, in any order.

    Raises ``ValueError`` where the runs are not over the same gold, or nothing in it has to do with the figure.
    """
    first, second = _units(before, after, figure)
    records = len(first)
    gains = np.empty(draws)
    lots = np.random.default_rng(seed)
    for start in range(0, draws, _AT_ONCE):
        size = min(_AT_ONCE, draws - start)
        times = lots.multinomial(records, np.full(records, 1 / records), size=size)
        gains[start : start + size] = _percent(times @ second, figure) - _percent(times @ first, figure)
    was, now = float(_percent(first.sum(axis=0), figure)), float(_percent(second.sum(axis=0), figure))
    low, high = np.percentile(gains, [2.5, 97.5])
    p = (1 + int((gains <= 1e-9).sum())) / (1 + draws)  # the runs themselves count as a draw: p is never 0
    return Difference(figure, was, now, now - was, float(low), float(high), min(p, 1.0), records)


def _units(
    before: Sequence[DocumentScore], after: Sequence[DocumentScore], figure: str
) -> tuple[np.ndarray, np.ndarray]:
    """(records, 3) for each run: those gold records that have to do with the figure in either."""
    runs = [{each.name: each for each in scores} for scores in (before, after)]
    if {name: each.records for name, each in runs[0].items()} != {name: each.records for name, each in runs[1].items()}:
        raise ValueError("the two runs are not over the same documents and gold")
    first, second = (
        np.concatenate([run[name].by_record(figure) for name in sorted(run)] or [np.zeros((0, 3), dtype=np.int64)])
        for run in runs
    )
    asked = first.any(axis=1) | second.any(axis=1)
    if not asked.any():
        raise ValueError(f"nothing in the gold has to do with {figure}")
    return first[asked], second[asked]


def _percent(sums: np.ndarray, figure: str) -> np.ndarray:
    """(…, 3) → (…): F1 or share in percent; 0 where a draw has nothing to measure."""
    weight = 2 if figure in F1S else 1
    hits = weight * sums[..., 0]
    out_of = hits + sums[..., 1] + (sums[..., 2] if figure in F1S else 0)
    made: np.ndarray = 100.0 * hits / np.maximum(out_of, 1)
    return made
