"""Boosted decision trees as plain arrays: trained elsewhere, summed here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from extractor.learned.artifacts import Arrays


@dataclass(frozen=True, slots=True)
class Trees:
    """All trees end to end: node ``i`` asks whether ``x[feature[i]] <= threshold[i]`` and goes ``left[i]`` or
    ``right[i]`` (indices over all nodes); ``feature`` is -1 at a leaf, which adds ``value``. ``roots`` are the
    trees' first nodes, ``base`` the score that all start from. ``depth`` is the longest way down.
    """

    feature: np.ndarray
    threshold: np.ndarray
    left: np.ndarray
    right: np.ndarray
    value: np.ndarray
    roots: np.ndarray
    base: float
    depth: int

    @classmethod
    def from_arrays(cls, arrays: Arrays, prefix: str = "") -> Trees:
        def get(name: str) -> np.ndarray:
            return arrays[prefix + name]

        return cls(
            feature=get("feature").astype(np.int64), threshold=get("threshold").astype(np.float64),
            left=get("left").astype(np.int64), right=get("right").astype(np.int64), value=get("value").astype(np.float64),
            roots=get("roots").astype(np.int64), base=float(get("base")[0]), depth=int(get("depth")[0]),
        )  # fmt: skip

    def score(self, rows: np.ndarray) -> np.ndarray:
        """Log-odds for each row of ``rows`` (n, features)."""
        at = np.broadcast_to(self.roots, (len(rows), len(self.roots))).copy()
        index = np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            feature = self.feature[at]
            inner = feature >= 0
            if not inner.any():
                break
            goes_left = rows[index, np.maximum(feature, 0)] <= self.threshold[at]
            at = np.where(inner, np.where(goes_left, self.left[at], self.right[at]), at)
        total: np.ndarray = self.value[at].sum(axis=1) + self.base
        return total

    def probability(self, rows: np.ndarray) -> np.ndarray:
        made: np.ndarray = 1.0 / (1.0 + np.exp(-self.score(rows)))
        return made
