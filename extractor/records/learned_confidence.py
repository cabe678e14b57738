"""Confidence as learned: how often records and fields that look like this one were right, in documents held out.

One linear model with a row of weights for each *family* of fields and one for the record as a whole; a row's score is
turned into a probability by the family's isotonic curve. A family with too few mistakes to learn from has one figure
for each origin instead. Never 0 or 1.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

import numpy as np

from extractor.errors import ArtifactError
from extractor.learned.artifacts import Artifact
from extractor.learned.linear import slot
from extractor.records.confidence_features import (
    Features,
    date_features,
    name_features,
    record_features,
    target_features,
)
from extractor.records.draft import Draft
from extractor.records.parts import Sureness
from extractor.types.item import Item
from extractor.types.record import IndicatorRecord, Target

LEAST, MOST = 0.01, 0.99
WHOLE = "record"
OF_RECORD = ("text", "kind", "path", "points")
OF_TARGET = ("metric", "op", "value", "due")
FAMILIES = (WHOLE, *OF_RECORD, *OF_TARGET, "deadlines", "responsible")
# Fields that have no figure of their own share that of what they are read with.
_LIKE: Mapping[str, str] = {
    "text": "text", "kind": "kind", "path": "path", "points": "points", "row_points": "points", "points_cap": "points",
    "number": "text", "tier": "text", "scoring_text": "text", "notes": "text", "assessed": "text",
}  # fmt: skip
_ROW = {family: at for at, family in enumerate(FAMILIES)}
_column = lru_cache(maxsize=1 << 14)(slot)
_NONE = np.zeros(0)
_DATE = ("raw", "by", "start", "end", "recurrence")


@dataclass(frozen=True, slots=True)
class Family:
    """``knots`` are scores, rising, and ``shares`` the probability at each, with straight lines between; where there are
    none, ``constant`` by origin (``""``: any other).
    """

    knots: tuple[float, ...]
    shares: tuple[float, ...]
    constant: Mapping[str, float]

    def sure(self, score: float, origin: str) -> float:
        """0.01 … 0.99, three places."""
        if not self.knots:
            made = self.constant.get(origin, self.constant[""])
        elif (at := bisect_right(self.knots, score)) in (0, len(self.knots)):
            made = self.shares[max(at - 1, 0)]
        else:
            low, high = self.knots[at - 1], self.knots[at]
            made = self.shares[at - 1] + (self.shares[at] - self.shares[at - 1]) * (score - low) / (high - low)
        return round(min(max(made, LEAST), MOST), 3)


@dataclass(frozen=True, slots=True)
class Looks:
    """The features of a record and of each of its parts."""

    record: Features
    targets: tuple[Features, ...]
    deadlines: tuple[Features, ...]
    responsible: tuple[Features, ...]


def looks(record: IndicatorRecord, item: Item, drafts: Sequence[Draft | None]) -> Looks:
    """``drafts`` as ``records.parts.Confidence`` has them."""
    return Looks(
        record_features(record, item),
        tuple(
            target_features(record, item, at, target, drafts[at] if at < len(drafts) else None)
            for at, target in enumerate(record.targets)
        ),
        tuple(date_features(record, each) for each in record.deadlines),
        tuple(name_features(record, each) for each in record.responsible),
    )


@dataclass(frozen=True, slots=True)
class LearnedConfidence:
    """``weights`` (columns, families) in the order of ``FAMILIES``."""

    weights: np.ndarray
    bias: Mapping[str, float]
    families: Mapping[str, Family]

    def __call__(self, record: IndicatorRecord, item: Item, drafts: Sequence[Draft | None]) -> Sureness:
        """See ``records.parts.Confidence``."""
        seen = looks(record, item, drafts)
        common, *parts = self._scores((seen.record, *seen.targets, *seen.deadlines, *seen.responsible))
        targets, dated = len(seen.targets), len(seen.targets) + len(seen.deadlines)

        def sure(family: str, *more: Sequence[float]) -> float:
            at = _ROW[family]
            score = self.bias[family] + common[at] + sum(each[at] for each in more)
            return self.families[family].sure(score, item.origin)

        fields = dict(_of_record(record, sure))
        for at, (target, scores) in enumerate(zip(record.targets, parts[:targets], strict=True)):
            fields.update((f"targets/{at}/{name}", value) for name, value in _of_target(target, scores, sure))
        for at, (deadline, scores) in enumerate(zip(record.deadlines, parts[targets:dated], strict=True)):
            value = sure("deadlines", scores)
            fields.update((f"deadlines/{at}/{name}", value) for name in _DATE if getattr(deadline, name) is not None)
        for at, scores in enumerate(parts[dated:]):
            fields[f"responsible/{at}/name"] = fields[f"responsible/{at}/role"] = sure("responsible", scores)
        return Sureness(sure(WHOLE, *parts[:targets]), fields)

    def _scores(self, parts: Sequence[Features]) -> list[list[float]]:
        """Of each part, by family: all looked up at once, for a call of numpy costs more than what it adds up."""
        size = len(self.weights)
        columns = [_column(name, size) for part in parts for name in part]
        values = np.array([value for part in parts for value in part.values()], dtype=np.float32)
        starts = list(accumulate((len(part) for part in parts[:-1]), initial=0))
        added = np.add.reduceat(self.weights[columns] * values[:, None], starts, axis=0)
        made: list[list[float]] = added.tolist()
        return made


_Sure = Callable[..., float]


def _of_record(record: IndicatorRecord, sure: _Sure) -> Iterator[tuple[str, float]]:
    for name, like in _LIKE.items():
        if name in ("text", "kind") or getattr(record, name) not in (None, ()):
            yield name, sure(like)


def _of_target(target: Target, scores: Sequence[float], sure: _Sure) -> Iterator[tuple[str, float]]:
    yield "metric", sure("metric", scores)
    yield "op", sure("op", scores)
    value = sure("value", scores)
    yield "value", value
    if target.value is not None:
        yield "unit", value
    if target.due is not None:
        yield "due", sure("due", scores)


def load(artifact: Artifact) -> LearnedConfidence:
    """As ``training.recipes.confidence`` packs it; ArtifactError where the weights can't be read."""
    arrays, config = artifact.arrays(), artifact.config
    if arrays.get("weights", _NONE).shape[:1] != (len(FAMILIES),) or arrays.get("bias", _NONE).shape != (
        len(FAMILIES),
    ):
        raise ArtifactError(f"{artifact.name}: 权重的形状不对，请重新训练 / weights of another shape: train it again")
    families = {
        name: Family(
            tuple(arrays.get(f"{name}_knots", _NONE).tolist()),
            tuple(arrays.get(f"{name}_shares", _NONE).tolist()),
            config["constants"].get(name, {}),
        )
        for name in FAMILIES
    }
    weights = np.ascontiguousarray(arrays["weights"].T, dtype=np.float32)
    return LearnedConfidence(weights, dict(zip(FAMILIES, arrays["bias"].tolist(), strict=True)), families)
