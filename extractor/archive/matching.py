"""How likely two observations measure the same indicator: boosted trees and a linear model on features of the pair, the
linear one on what only one of them says, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from extractor.archive.bags import Weights
from extractor.archive.features import NAMES, Sides, Tables, rows, sides
from extractor.archive.leftovers import Leftovers
from extractor.errors import ArtifactError
from extractor.learned.artifacts import Arrays, open_artifact
from extractor.learned.trees import Trees
from extractor.types.archive import Observation

NAME = "alignment"
_AT_ONCE = 20_000  # pairs whose features are held at a time


@dataclass(frozen=True, slots=True)
class Matcher:
    """Log-odds are ``slope`` times ``score``, plus ``shift``: calibrated, so that of pairs at 0.7 seven in ten are the
    same.
    """

    tables: Tables
    trees: Trees
    weights: np.ndarray
    bias: float
    leftovers: Leftovers
    slope: float
    shift: float

    @classmethod
    def from_arrays(cls, arrays: Arrays, config: Mapping[str, Any]) -> Matcher:
        """Raises ``ArtifactError`` where the weights are of other features than this version's."""
        if tuple(config.get("features", ())) != NAMES:
            raise ArtifactError(
                f"{NAME}: 模型的特征与本版本不符，请重新安装 / made for another version of the extractor: install again"
            )
        leftovers = Leftovers(arrays["leftover/codes"], arrays["leftover/weights"].astype(np.float64))
        return cls(
            Tables(_weights(arrays, "bigram"), _weights(arrays, "word"), leftovers.codes), Trees.from_arrays(arrays, "trees/"),
            arrays["linear/weights"].astype(np.float64), float(arrays["linear/bias"][0]), leftovers,
            float(config["slope"]), float(config["shift"]),
        )  # fmt: skip

    def probability(self, pairs: Sequence[tuple[Observation, Observation]]) -> np.ndarray:
        """For each pair the probability that both measure the same, (pairs,); whichever comes first."""
        if not pairs:
            return np.zeros(0)
        at: dict[str, int] = {}
        met: list[list[Observation]] = []
        for each in (each for pair in pairs for each in pair):
            if at.setdefault(each.document + each.id, len(at)) == len(met):
                met.append([each])
        places = np.array([[at[each.document + each.id] for each in pair] for pair in pairs])
        return self.between(sides(met, self.tables), places[:, 0], places[:, 1])

    def between(self, all_sides: Sides, i: np.ndarray, j: np.ndarray) -> np.ndarray:
        """The same for rows ``i`` and ``j`` of ``all_sides``."""
        made = np.empty(len(i))
        for first in range(0, len(i), _AT_ONCE):
            part = slice(first, first + _AT_ONCE)
            alone = self.leftovers.score(all_sides.told, i[part], j[part])
            made[part] = self._judged(rows(all_sides, i[part], j[part]), alone)
        return made

    def _judged(self, features: np.ndarray, alone: np.ndarray) -> np.ndarray:
        made: np.ndarray = 1.0 / (1.0 + np.exp(-(self.slope * self.score(features, alone) + self.shift)))
        return made

    def score(self, features: np.ndarray, alone: np.ndarray) -> np.ndarray:
        """Before calibration. The linear model counts twice: trees stick closer to the fields that they were trained on."""
        linear = features @ self.weights + self.bias + alone
        made: np.ndarray = (self.trees.score(features) + 2 * linear) / 3
        return made


def _weights(arrays: Arrays, name: str) -> Weights:
    return Weights(
        arrays[f"{name}/codes"], arrays[f"{name}/values"].astype(np.float64), float(arrays[f"{name}/other"][0])
    )


@cache
def load() -> Matcher:
    """The shipped model, read once in a process. Raises ``ArtifactError`` where it is missing or damaged."""
    found = open_artifact(NAME)
    if found is None:
        raise ArtifactError(f"{NAME}: 缺少模型，请重新安装 / the model is missing: install again")
    return Matcher.from_arrays(found.arrays(), found.config)
