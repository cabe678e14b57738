"""Which wordings are worth comparing: those that share something rare, a bounded number for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.sparse import csr_matrix, diags, hstack

MOST = 16  # wordings that each may name
_CROWD = 200  # a feature of more wordings than this says little by itself
_COMMON = 6  # of such features of a wording that are looked at two by two, the rarest first
_BESIDE = 3  # neighbours in alphabetical order, from the front and from the back
_AT_ONCE = 2_000  # rows of a product


@dataclass(frozen=True, slots=True)
class Worded:
    """A distinct wording: ``core`` and ``words`` as in ``Wording``. Two of different ``dimension`` are never compared."""

    core: str
    words: tuple[str, ...]
    dimension: str


def candidates(worded: Sequence[Worded], most: int = MOST) -> tuple[np.ndarray, np.ndarray]:
    """Pairs ``(i, j)`` with i < j of rows of ``worded``, sorted; each row names ``most`` at most, so that they grow with the
    rows, not with their square. Rows ought to be in an order of their own (sorted): among equals the first are taken.
    """
    if len(worded) < 2:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    keys = _keys(worded)
    named = [*_nearest(keys, most), *_beside(worded)]
    i = np.concatenate([np.minimum(*pair) for pair in named])
    j = np.concatenate([np.maximum(*pair) for pair in named])
    codes = np.unique(i * len(worded) + j)
    return codes // len(worded), codes % len(worded)


def _keys(worded: Sequence[Worded]) -> csr_matrix:
    """Rows of weighted features, of length 1: what is rare, and what is common two by two."""
    plain = [sorted(_features(each)) for each in worded]
    names: dict[str, int] = {}
    columns = [[names.setdefault(name, len(names)) for name in found] for found in plain]
    times = np.bincount(np.concatenate([np.array(each, dtype=np.int64) for each in columns]), minlength=len(names))
    rare = _matrix([[at for at in each if times[at] <= _CROWD] for each in columns])
    pairs: dict[tuple[int, int], int] = {}
    both = [[pairs.setdefault(two, len(pairs)) for two in combinations(_rarest(each, times), 2)] for each in columns]
    return _weighted(rare, _few(_matrix(both)), np.log(len(worded) / times) + 1, columns)


def _features(each: Worded) -> set[str]:
    marked = f"^{each.core}$"
    grams = {marked[at : at + 2] for at in range(len(marked) - 1)}
    return {f"{each.dimension} {feature}" for feature in grams.union(each.words)}


def _rarest(columns: Sequence[int], times: np.ndarray) -> list[int]:
    common = [at for at in columns if times[at] > _CROWD]
    return sorted(sorted(common, key=lambda at: (times[at], at))[:_COMMON])


def _matrix(rows: Sequence[Sequence[int]]) -> csr_matrix:
    starts = np.cumsum([0, *map(len, rows)])
    index = np.fromiter((at for row in rows for at in row), np.int64, int(starts[-1]))
    return csr_matrix(
        (np.ones(len(index)), index, starts), shape=(len(rows), int(index.max()) + 1 if len(index) else 1)
    )


def _few(rows: csr_matrix) -> csr_matrix:
    """Without the columns that too many rows hold, or one alone."""
    times = np.asarray(rows.sum(axis=0)).ravel()
    return csr_matrix(rows[:, (times > 1) & (times <= _CROWD)])


def _weighted(rare: csr_matrix, both: csr_matrix, weight: np.ndarray, columns: Sequence[Sequence[int]]) -> csr_matrix:
    times = np.asarray(both.sum(axis=0)).ravel()
    size = rare.shape[0]
    parts = hstack([rare @ diags(weight[: rare.shape[1]]), both @ diags(np.log(size / np.maximum(times, 1)) + 1)])
    norms = np.sqrt([sum(weight[at] ** 2 for at in each) for each in columns])
    return csr_matrix(diags(1 / norms) @ parts)


def _nearest(keys: csr_matrix, most: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """For each row the rows with the greatest products, itself left out."""
    made = []
    turned = csr_matrix(keys.T)
    for first in range(0, keys.shape[0], _AT_ONCE):
        product = csr_matrix(keys[first : first + _AT_ONCE] @ turned)
        row = np.repeat(np.arange(product.shape[0]), np.diff(product.indptr)) + first
        kept = row != product.indices
        row, other, value = row[kept], product.indices[kept].astype(np.int64), product.data[kept]
        order = np.lexsort((other, -np.round(value, 9), row))
        row, other = row[order], other[order]
        rank = np.arange(len(row)) - np.searchsorted(row, row)
        made.append((row[rank < most], other[rank < most]))
    return made


def _beside(worded: Sequence[Worded]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Neighbours by how a wording begins, and by how it ends, within a dimension."""
    made = []
    for turn in (1, -1):
        order = np.array(sorted(range(len(worded)), key=lambda at: (worded[at].dimension, worded[at].core[::turn], at)))
        for step in range(1, _BESIDE + 1):
            one, other = order[:-step], order[step:]
            same = np.array(
                [worded[a].dimension == worded[b].dimension for a, b in zip(one, other, strict=True)], dtype=bool
            )
            made.append((one[same], other[same]))
    return made
