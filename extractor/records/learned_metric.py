"""Which words name what a number measures, where the rules may be wrong.

Three steps. *Doubt*: trees over the target's features, with a linear model on how the rules' metric begins and ends
(年开放时间 of what?), give the chance that the rules are right; most targets end here. *Tags*: a linear-chain CRF marks the
characters around the number that name what it measures. *Choice*: trees give each choice (an owner said before put in
front, a shorter piece, what the tagger marked) its chance; the best is taken where it beats the rules' own clearly.
No word is made up: every choice consists of words that the document prints.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from threading import Lock

import numpy as np
import pycrfsuite

from extractor.learned.artifacts import Artifact
from extractor.learned.linear import Linear
from extractor.learned.trees import Trees
from extractor.records.draft import Draft
from extractor.records.frame import Frame
from extractor.records.metric_choices import Choice, choices
from extractor.records.metric_features import doubt_words, of_choice, of_tags, of_target, tagged_choices
from extractor.records.metric_sequence import Around, around, tag_features
from extractor.records.parts import MetricChooser

NAMED = "1"  # the tag of characters that name what is measured


@dataclass(frozen=True, slots=True)
class Tagger:
    """A CRF opened from its bytes; one at a time may use it."""

    model: pycrfsuite.Tagger
    lock: Lock = field(default_factory=Lock)

    @classmethod
    def from_bytes(cls, content: bytes) -> Tagger:
        model = pycrfsuite.Tagger()
        model.open_inmemory(content)
        return cls(model)

    def marginals(self, rows: list[list[str]]) -> np.ndarray:
        """For each character the chance that it is part of the name."""
        with self.lock:
            self.model.set(rows)
            return np.array([self.model.marginal(NAMED, at) for at in range(len(rows))])


def choice_rows(
    found: Sequence[Choice], here: Around, marginals: np.ndarray, frame: Frame, draft: Draft, drafts: Sequence[Draft], near: str
) -> np.ndarray:  # fmt: skip
    """Features of each choice, (choices, n), without what the lexical models add."""
    shared = of_target(frame, draft, drafts, near)
    return np.array(
        [
            [*shared, *of_choice(each, frame, draft, drafts, near), *of_tags(each, here, marginals, draft.metric)]
            for each in found
        ]
    )


def lexical(found: Sequence[Choice], doubt: Linear, owners: Linear) -> np.ndarray:
    """(choices, 4): how complete the rules' metric and the choice read, the difference, how the owner reads as one."""
    complete = [float(doubt.scores(doubt_words(each.text))[0]) for each in found]
    owned = [float(owners.scores(doubt_words(each.owner or "-"))[0]) for each in found]
    return np.array([[complete[0], said, said - complete[0], own] for said, own in zip(complete, owned, strict=True)])


def possible(frame: Frame, draft: Draft, drafts: Sequence[Draft], marginals: np.ndarray, here: Around) -> list[Choice]:
    """The rules' own metric first, then all that it may be instead."""
    found = choices(frame, draft, drafts)
    return found + tagged_choices(here, marginals, draft.metric, {each.text for each in found})


@dataclass(frozen=True, slots=True)
class LearnedMetric:
    """``gate``: rules surer than this are not questioned; ``margin``: by how much another choice must be likelier."""

    doubt_trees: Trees
    doubt: Linear
    choice_trees: Trees
    owners: Linear
    tagger: Tagger
    gate: float
    margin: float

    def __call__(self, frame: Frame, drafts: Sequence[Draft], near: str) -> tuple[Draft, ...]:
        return tuple(self._chosen(frame, draft, drafts, near) for draft in drafts)

    def _chosen(self, frame: Frame, draft: Draft, drafts: Sequence[Draft], near: str) -> Draft:
        row = [*of_target(frame, draft, drafts, near), float(self.doubt.scores(doubt_words(draft.metric))[0])]
        sure = float(self.doubt_trees.probability(np.array([row]))[0])
        if sure >= self.gate:
            return replace(draft, sure=sure)
        here = around(frame, draft)
        marginals = self.tagger.marginals(tag_features(here, frame, draft, drafts))
        found = possible(frame, draft, drafts, marginals, here)
        if len(found) < 2:
            return replace(draft, sure=sure)
        rows = np.hstack(
            [choice_rows(found, here, marginals, frame, draft, drafts, near), lexical(found, self.doubt, self.owners)]
        )
        chances = self.choice_trees.probability(rows[1:])
        best = int(np.argmax(chances))
        if float(chances[best]) - sure <= self.margin:
            return replace(draft, sure=sure)
        return replace(draft, metric=found[best + 1].text, certain=False, sure=float(chances[best]))


def load(artifact: Artifact) -> MetricChooser:
    """The chooser of a trained component ``metric``."""
    config, arrays = artifact.config, artifact.arrays()
    return LearnedMetric(
        doubt_trees=Trees.from_arrays(arrays, "doubt_"),
        doubt=Linear.from_arrays(
            {"weights": arrays["words_weights"], "bias": arrays["words_bias"]}, ("lacks", "stands")
        ),
        choice_trees=Trees.from_arrays(arrays, "choice_"),
        owners=Linear.from_arrays(
            {"weights": arrays["owners_weights"], "bias": arrays["owners_bias"]}, ("no", "owner")
        ),
        tagger=Tagger.from_bytes(artifact.files["tagger.crfsuite"]),
        gate=float(config["gate"]),
        margin=float(config["margin"]),
    )
