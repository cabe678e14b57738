"""Confidence as learned: how often records and fields that look like this one were right, in documents held out.

One linear model with a row of weights for each *family* of fields and one for the record as a whole; a row's score is
turned into a probability by the family's isotonic curve. A family with too few mistakes to learn from has one figure
for each origin instead. Never 0 or 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from extractor.errors import ArtifactError
from extractor.learned.artifacts import Artifact
from extractor.learned.calibration import Isotonic
from extractor.learned.linear import Linear
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
from extractor.types.record import IndicatorRecord

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
_NONE = np.zeros(0)
_DATE = ("by", "start", "end", "recurrence")


@dataclass(frozen=True, slots=True)
class Family:
    """``curve`` for scores; where that is None ``constant``, by origin (``""``: any other)."""

    curve: Isotonic | None
    constant: Mapping[str, float]

    def sure(self, score: float, origin: str) -> float:
        """0.01 … 0.99."""
        made = self.constant.get(origin, self.constant[""]) if self.curve is None else self.curve(score)
        return min(max(made, LEAST), MOST)


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
    """``model`` has a row for each of ``FAMILIES``."""

    model: Linear
    families: Mapping[str, Family]

    def __call__(self, record: IndicatorRecord, item: Item, drafts: Sequence[Draft | None]) -> Sureness:
        """See ``records.parts.Confidence``."""
        seen = looks(record, item, drafts)
        bias = self.model.bias
        common = self.model.scores(seen.record)
        targets = [self.model.scores(each) - bias for each in seen.targets]
        whole = common + np.sum(targets, axis=0) if targets else common
        fields = dict(self._of_record(record, item, common))
        for at, scores in enumerate(targets):
            sure = {name: self._sure(name, common + scores, item) for name in OF_TARGET}
            target = record.targets[at]
            fields.update((f"targets/{at}/{name}", sure[name]) for name in ("metric", "op", "value"))
            if target.value is not None:
                fields[f"targets/{at}/unit"] = sure["value"]
            if target.due is not None:
                fields[f"targets/{at}/due"] = sure["due"]
        fields.update(self._of_lists(record, item, seen, common - bias))
        return Sureness(self._sure(WHOLE, whole, item), fields)

    def _of_record(self, record: IndicatorRecord, item: Item, common: np.ndarray) -> Iterator[tuple[str, float]]:
        sure = {name: self._sure(name, common, item) for name in OF_RECORD}
        for name, like in _LIKE.items():
            if name in ("text", "kind") or getattr(record, name) not in (None, ()):
                yield name, sure[like]

    def _of_lists(
        self, record: IndicatorRecord, item: Item, seen: Looks, common: np.ndarray
    ) -> Iterator[tuple[str, float]]:
        for at, (deadline, features) in enumerate(zip(record.deadlines, seen.deadlines, strict=True)):
            sure = self._sure("deadlines", common + self.model.scores(features), item)
            yield f"deadlines/{at}/raw", sure
            yield from ((f"deadlines/{at}/{name}", sure) for name in _DATE if getattr(deadline, name) is not None)
        for at, features in enumerate(seen.responsible):
            sure = self._sure("responsible", common + self.model.scores(features), item)
            yield f"responsible/{at}/name", sure
            yield f"responsible/{at}/role", sure

    def _sure(self, family: str, scores: np.ndarray, item: Item) -> float:
        return round(self.families[family].sure(float(scores[FAMILIES.index(family)]), item.origin), 3)


def load(artifact: Artifact) -> LearnedConfidence:
    """As ``training.recipes.confidence`` packs it; ArtifactError where the weights can't be read."""
    arrays, config = artifact.arrays(), artifact.config
    if arrays.get("weights", _NONE).shape[:1] != (len(FAMILIES),) or arrays.get("bias", _NONE).shape != (
        len(FAMILIES),
    ):
        raise ArtifactError(f"{artifact.name}: 权重的形状不对，请重新训练 / weights of another shape: train it again")
    families = {
        name: Family(
            Isotonic.from_arrays(arrays, f"{name}_") if f"{name}_knots" in arrays else None,
            config["constants"].get(name, {}),
        )
        for name in FAMILIES
    }
    return LearnedConfidence(Linear.from_arrays(arrays, FAMILIES), families)
