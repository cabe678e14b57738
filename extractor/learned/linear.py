"""A linear model on named features, hashed: no vocabulary is stored, and a word never seen does no harm."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from extractor.learned.artifacts import Arrays


def slot(name: str, size: int) -> int:
    """The column of a feature among ``size``; the same on every machine."""
    return zlib.crc32(name.encode()) % size


def hashed(features: Mapping[str, float], size: int) -> dict[int, float]:
    """Features by their column; those that share one add up, as they do when a model reads them."""
    found: dict[int, float] = {}
    for name, value in features.items():
        at = slot(name, size)
        found[at] = found.get(at, 0.0) + value
    return found


@dataclass(frozen=True, slots=True)
class Linear:
    """``weights`` (classes, size) and ``bias`` (classes); ``classes`` their names."""

    weights: np.ndarray
    bias: np.ndarray
    classes: tuple[str, ...]

    @classmethod
    def from_arrays(cls, arrays: Arrays, classes: Sequence[str]) -> Linear:
        return cls(arrays["weights"].astype(np.float32), arrays["bias"].astype(np.float64), tuple(classes))

    def scores(self, features: Mapping[str, float]) -> np.ndarray:
        """Log-odds of each class."""
        if not features:
            return self.bias
        size = self.weights.shape[1]
        columns = [slot(name, size) for name in features]
        values = np.fromiter(features.values(), dtype=np.float32, count=len(columns))
        made: np.ndarray = self.weights[:, columns] @ values + self.bias
        return made

    def probabilities(self, features: Mapping[str, float]) -> dict[str, float]:
        scores = self.scores(features)
        if len(self.classes) == 2 and len(scores) == 1:
            yes = float(1.0 / (1.0 + np.exp(-scores[0])))
            return {self.classes[0]: 1.0 - yes, self.classes[1]: yes}
        raised = np.exp(scores - scores.max())
        return dict(zip(self.classes, (raised / raised.sum()).tolist(), strict=True))


def ngrams(words: str, sizes: Iterable[int], prefix: str) -> Iterable[str]:
    """Character n-grams with the ends marked."""
    marked = f"^{words}$"
    return (f"{prefix}{marked[i : i + n]}" for n in sizes for i in range(len(marked) - n + 1))
