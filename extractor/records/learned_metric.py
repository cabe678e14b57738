"""Which words name what a number measures, where the rules may be wrong.

*Doubt*: trees over the target's features, with a linear model on how the rules' metric begins and ends (年开放时间 of
what?), give the chance that the rules are right; most targets end here. *Tags*: a linear-chain CRF marks the characters
around the number that name what it measures. *Choice*: trees give each choice (an owner said before put in front, the
words that the tagger marked) its chance. *Switch*: trees tell whether the best of them is to replace the rules' own,
which it does where that is surely for the better.
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
from extractor.records.metric_features import Marks, doubt_words, of_choice, of_tags, of_target, tagged_choices
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
    found: Sequence[Choice], marks: Marks, frame: Frame, draft: Draft, drafts: Sequence[Draft], near: str, words: Words
) -> np.ndarray:  # fmt: skip
    """Features of each choice but the rules' own, which is the first; (choices, n)."""
    shared = of_target(frame, draft, drafts, near)
    first = words.complete(draft.metric)
    owns = {owner: words.owns(owner) for owner in {each.owner for each in found[1:]}}
    return np.array(
        [
            [
                *shared, *of_choice(each, frame, draft, drafts, near), *of_tags(each, marks, draft.metric),
                first, said := words.complete(each.text), said - first, owns[each.owner],
            ]
            for each in found[1:]
        ]
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """Linear models on words alone: does a metric stand by itself, do words read as the owner of a measure."""

    doubt: Linear
    owners: Linear

    def complete(self, metric: str) -> float:
        return float(self.doubt.scores(doubt_words(metric))[0])

    def owns(self, owner: str) -> float:
        return float(self.owners.scores(doubt_words(owner))[0])


def target_row(frame: Frame, draft: Draft, drafts: Sequence[Draft], near: str, words: Words) -> list[float]:
    """What the doubt is told by."""
    return [*of_target(frame, draft, drafts, near), words.complete(draft.metric)]


def switch_row(sure: float, chance: float, choice: np.ndarray) -> list[float]:
    """What a change is judged by: that the rules are right, that the best choice is, and the features of that choice."""
    return [sure, chance, chance - sure, *choice]


def possible(frame: Frame, draft: Draft, drafts: Sequence[Draft], marks: Marks, here: Around) -> list[Choice]:
    """The rules' own metric first, then all that it may be instead."""
    found = choices(frame, draft, drafts)
    return found + tagged_choices(here, marks, draft.metric, {each.text for each in found})


@dataclass(frozen=True, slots=True)
class LearnedMetric:
    """``gate``: rules surer than this are not questioned; ``sure``: how likely a change must be one for the better."""

    doubt: Trees
    choice: Trees
    switch: Trees
    words: Words
    tagger: Tagger
    gate: float
    sure: float

    def __call__(self, frame: Frame, drafts: Sequence[Draft], near: str) -> tuple[Draft, ...]:
        if not drafts:
            return ()
        rows = [target_row(frame, draft, drafts, near, self.words) for draft in drafts]
        right = self.doubt.probability(np.array(rows)).tolist()
        return tuple(
            replace(draft, sure=sure) if sure >= self.gate else self._chosen(frame, draft, drafts, near, sure)
            for draft, sure in zip(drafts, right, strict=True)
        )

    def _chosen(self, frame: Frame, draft: Draft, drafts: Sequence[Draft], near: str, sure: float) -> Draft:
        here = around(frame, draft)
        marks = Marks.of(here, self.tagger.marginals(tag_features(here, frame, draft, drafts)))
        found = possible(frame, draft, drafts, marks, here)
        if len(found) < 2:
            return replace(draft, sure=sure)
        rows = choice_rows(found, marks, frame, draft, drafts, near, self.words)
        chances = self.choice.probability(rows)
        best = int(np.argmax(chances))
        row = switch_row(sure, float(chances[best]), rows[best])
        if float(self.switch.probability(np.array([row]))[0]) < self.sure:
            return replace(draft, sure=sure)
        return replace(draft, metric=found[best + 1].text, certain=False, sure=float(chances[best]))


def load(artifact: Artifact) -> MetricChooser:
    """The chooser of a trained component ``metric``."""
    config, arrays = artifact.config, artifact.arrays()

    def linear(prefix: str) -> Linear:
        return Linear.from_arrays(
            {"weights": arrays[f"{prefix}_weights"], "bias": arrays[f"{prefix}_bias"]}, ("no", "yes")
        )

    return LearnedMetric(
        doubt=Trees.from_arrays(arrays, "doubt_"),
        choice=Trees.from_arrays(arrays, "choice_"),
        switch=Trees.from_arrays(arrays, "switch_"),
        words=Words(linear("words"), linear("owners")),
        tagger=Tagger.from_bytes(artifact.files["tagger.crfsuite"]),
        gate=float(config["gate"]),
        sure=float(config["sure"]),
    )
