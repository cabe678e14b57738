"""Many small sets of weighted features side by side, and what pairs of them share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

Coded = tuple[np.ndarray, np.ndarray]  # (row, code of a feature of it), repeats allowed
_CHARACTERS = np.uint64(1 << 21)  # more than there are code points


@dataclass(frozen=True, slots=True)
class Weights:
    """How much a feature tells: by its code, ascending; ``other`` where it was never met."""

    codes: np.ndarray
    values: np.ndarray
    other: float

    def of(self, codes: np.ndarray) -> np.ndarray:
        if not len(self.codes):
            return np.full(len(codes), self.other)
        at = np.minimum(np.searchsorted(self.codes, codes), len(self.codes) - 1)
        made: np.ndarray = np.where(self.codes[at] == codes, self.values[at], self.other)
        return made


EQUAL = Weights(np.zeros(0, np.uint64), np.zeros(0), 1.0)


def weights_of(coded: Coded, count: int, rarest: int = 1) -> Weights:
    """Logarithm of how rare a feature is among ``count`` rows; those of fewer rows than ``rarest`` are left out, and count
    as ``other`` like any that was not met.
    """
    known, times = np.unique(_once(coded)[1], return_counts=True)
    values = np.log((count + 1) / (times + 1)) + 1
    kept = times >= rarest
    return Weights(known[kept], values[kept].astype(np.float32), float(np.log((count + 1) / max(1.5, rarest)) + 1))


def bigrams(texts: Sequence[str]) -> Coded:
    """Every two neighbouring characters of each text, its ends counted as one."""
    joined = "".join(f"\x00{text}\x00" for text in texts)
    points = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    rows = np.repeat(np.arange(len(texts)), [len(text) + 2 for text in texts])
    inside = rows[1:] == rows[:-1]
    codes: np.ndarray = points[:-1] * _CHARACTERS + points[1:]
    return rows[:-1][inside], codes[inside]


def coded(words: Sequence[Iterable[str]]) -> Coded:
    """Whole words by a code that is the same on every machine."""
    from zlib import crc32

    pairs = [(row, crc32(word.encode())) for row, each in enumerate(words) for word in each]
    made = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return made[:, 0], made[:, 1].astype(np.uint64)


def _once(found: Coded) -> Coded:
    known, index = np.unique(found[1], return_inverse=True)
    pairs = np.unique(found[0].astype(np.int64) * max(1, len(known)) + index)
    row, at = np.divmod(pairs, max(1, len(known)))
    return row, known[at]


def bags(kinds: Sequence[Coded], count: int, weights: Weights) -> list[csr_matrix]:
    """For each kind ``count`` rows of weighted features, each once; all kinds over the same columns."""
    known = np.unique(np.concatenate([codes for _, codes in kinds])) if kinds else np.zeros(0, np.uint64)
    value = weights.of(known)
    made = []
    for kind in kinds:
        rows, codes = _once(kind)
        columns = np.searchsorted(known, codes).astype(np.int32)
        made.append(csr_matrix((value[columns], (rows, columns)), shape=(count, len(known))))
    return made


def placed(kind: Coded, count: int, codes: np.ndarray) -> csr_matrix:
    """``count`` rows of ones over the columns ``codes`` (ascending); features of other codes are left out."""
    if not len(codes):
        return csr_matrix((count, 0))
    rows, found = _once(kind)
    at = np.minimum(np.searchsorted(codes, found), len(codes) - 1)
    known = codes[at] == found
    return csr_matrix((np.ones(int(known.sum())), (rows[known], at[known])), shape=(count, len(codes)))


def union(one: csr_matrix, other: csr_matrix) -> csr_matrix:
    """Rows that hold what either holds."""
    return csr_matrix(one.maximum(other))


@dataclass(frozen=True, slots=True)
class Shared:
    """Of pairs of rows: the weight of what both hold, of what each holds, and the greatest weight that the left, the
    right alone holds.
    """

    both: np.ndarray
    left: np.ndarray
    right: np.ndarray
    left_only: np.ndarray
    right_only: np.ndarray


def shared(left: csr_matrix, i: np.ndarray, right: csr_matrix, j: np.ndarray) -> Shared:
    """What rows ``i`` of ``left`` and ``j`` of ``right`` share, pair by pair."""
    one, other = left[i], right[j]
    common = one.multiply(other > 0)
    back = other.multiply(one > 0)
    return Shared(
        both=_sums(common), left=_sums(one), right=_sums(other),
        left_only=_greatest(one - common), right_only=_greatest(other - back),
    )  # fmt: skip


def _sums(rows: csr_matrix) -> np.ndarray:
    return np.asarray(rows.sum(axis=1), dtype=np.float64).ravel()


def _greatest(rows: csr_matrix) -> np.ndarray:
    if not rows.shape[1]:
        return np.zeros(rows.shape[0])
    return np.asarray(rows.max(axis=1).todense(), dtype=np.float64).ravel()
