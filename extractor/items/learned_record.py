"""Whether a stretch is a record, and of what kind: a linear model looks once more at what the rules kept and dropped.

It drops a stretch that the rules kept only where it is sure that it is none, and takes back one that they dropped
only where it is sure that it is one; how sure is part of its settings, chosen on documents it was not trained on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from extractor.items.parts import Judge
from extractor.items.record_features import Features, features_of
from extractor.learned.artifacts import Artifact
from extractor.learned.linear import Linear
from extractor.types.document import Document
from extractor.types.item import Item
from extractor.types.outline import Outline

KINDS = ("target", "task", "bonus", "penalty", "veto")
REASON = "reads as no record"
# Reasons that are a matter of form: no reading of the words takes them back.
SETTLED = frozenset({"too short", "introduces a list", "repeats its heading", "a name alone", "form", "frame"})


@dataclass(frozen=True, slots=True)
class Opinion:
    """``record``: P(it is one); ``kinds``: of what kind if it is, P by name."""

    record: float
    kinds: dict[str, float]


@dataclass(frozen=True, slots=True)
class LearnedJudge:
    """``model``: log-odds of being a record, then a score for each of ``KINDS``. What was kept is dropped below
    ``drop``; what was dropped is kept above ``rescue``.
    """

    model: Linear
    drop: float
    rescue: float

    def opinion(self, features: Features) -> Opinion:
        scores = self.model.scores(features)
        raised = np.exp(scores[1:] - scores[1:].max())
        kinds = dict(zip(self.model.classes[1:], (raised / raised.sum()).tolist(), strict=True))
        return Opinion(float(1.0 / (1.0 + np.exp(-scores[0]))), kinds)

    def opinions(self, document: Document, outline: Outline, items: Sequence[Item]) -> list[Opinion]:
        """One for each item, in order."""
        return [self.opinion(features) for features in features_of(document, outline, items)]

    def __call__(self, document: Document, outline: Outline, items: Sequence[Item]) -> tuple[Item, ...]:
        """As a ``Judge``."""
        said = self.opinions(document, outline, items)
        return tuple(self.judged(item, opinion.record) for item, opinion in zip(items, said, strict=True))

    def judged(self, item: Item, sure: float) -> Item:
        """The item with ``sure`` and, where that is beyond a threshold, another ``dropped``."""
        dropped = item.dropped
        if dropped is None and sure < self.drop:
            dropped = REASON
        elif dropped is not None and dropped not in SETTLED and sure > self.rescue:
            dropped = None
        return replace(item, dropped=dropped, sure=round(sure, 4))


def load(artifact: Artifact) -> Judge:
    """The judge whose weights ``artifact`` holds. Raises ``ArtifactError`` where they are damaged."""
    config = artifact.config
    model = Linear.from_arrays(artifact.arrays(), ("record", *config["kinds"]))
    return LearnedJudge(model, float(config["drop"]), float(config["rescue"]))
