"""``metric``: which words name what a number measures. See ``records.learned_metric`` for what is trained.

The choice must learn from tags and lexical scores as they are on documents not trained on, so those are made by models
of the other documents (cross-fitting): documents fall into ``PARTS`` parts, each scored by models of the other parts.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pycrfsuite
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from extractor.learned.artifacts import Arrays
from extractor.learned.linear import Linear, slot
from extractor.learned.trees import Trees
from extractor.records.draft import Draft
from extractor.records.learned_metric import NAMED, Tagger, Words, choice_rows, possible, switch_row, target_row
from extractor.records.metric_choices import words_of
from extractor.records.metric_features import Marks, doubt_words
from extractor.records.metric_sequence import Around, around, tag_features
from extractor.training.boosting import boosted, prefixed
from extractor.training.likeness import metric_right
from extractor.training.pairing import pairing
from extractor.training.recipe import Trained, packed
from extractor.training.recipes.metric_tags import tags_of
from extractor.training.traces import Asked, Say, Trace

NAME = "metric"
PARTS = 3
GATE = 0.45  # rules surer than this are not questioned: the rest would cost time and gain nothing
SURE = 0.9  # of changes nine in ten must be for the better: what the rules had right is not to be lost
SLOTS = 2**15
_SUFFIX_WEIGHT, _GOLD_WEIGHT = 0.3, 0.5


@dataclass(frozen=True, slots=True)
class Sample:
    """A target of the rules with the gold's metric: ``document`` names where from."""

    document: str
    asked: Asked
    draft: Draft
    wanted: dict[str, Any]
    record: dict[str, Any]
    here: Around
    features: list[list[str]]

    def right(self, metric: str) -> bool:
        return metric_right(self.wanted, metric, self.record)


def samples(traces: Sequence[Trace]) -> list[Sample]:
    """The targets that have a partner in the gold; optional ones teach nothing."""
    found = []
    for trace in traces:
        asked = {id(draft): each for each in trace.asked for draft in each.answered}
        golds = trace.example.gold["records"]
        for (gold, n), (made, m) in pairing(trace.example.gold, trace.output).targets.items():
            record, draft = golds[gold], trace.made[made].drafts[m]
            wanted = record["targets"][n]
            if draft is None or record.get("optional") or wanted.get("optional"):
                continue
            one = asked[id(draft)]
            here = around(one.frame, draft)
            rows = tag_features(here, one.frame, draft, one.drafts)
            found.append(Sample(trace.example.name, one, draft, wanted, record, here, rows))
    return found


@dataclass(frozen=True, slots=True)
class Lower:
    """The models that doubt and choice build on."""

    tagger: bytes
    words: Words


def lower_models(learnt: Sequence[Sample]) -> Lower:
    """Trained on all of ``learnt``."""
    return Lower(_tagger(learnt), Words(_doubt(learnt), _owners(learnt)))


def _tagger(learnt: Sequence[Sample]) -> bytes:
    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.set_params(
        {"c1": 0.05, "c2": 1.0, "max_iterations": 60, "feature.possible_transitions": True, "feature.minfreq": 3}
    )
    for each in learnt:
        trainer.append(each.features, tags_of(each.here, each.wanted["metric"]))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tagger.crfsuite"
        trainer.train(str(path))
        return path.read_bytes()


def _doubt(learnt: Sequence[Sample]) -> Linear:
    """Does a metric stand alone? From the rules' right and too short ones, and from cut gold metrics."""
    words: list[str] = []
    stands: list[int] = []
    weights: list[float] = []
    for each in learnt:
        right = each.right(each.draft.metric)
        if right or len(each.wanted["metric"]) > len(each.draft.metric):
            words.append(each.draft.metric)
            stands.append(int(right))
            weights.append(1.0)
    for metric in sorted({each.wanted["metric"] for each in learnt}):
        words.append(metric)
        stands.append(1)
        weights.append(_GOLD_WEIGHT)
        at = 0
        for word in words_of(metric)[:-1]:
            at += len(word)
            rest = metric[at:]
            if len(rest) >= 2 and 2 * len(rest) / (len(rest) + len(metric)) < 0.75:
                words.append(rest)
                stands.append(0)
                weights.append(_SUFFIX_WEIGHT)
    return _linear(words, stands, weights, 0.3)


def _owners(learnt: Sequence[Sample]) -> Linear:
    """Does this read as the owner of a measure? From what the gold puts before the rules' metric, and what it does not."""
    words: list[str] = []
    owner: list[int] = []
    for each in learnt:
        if each.right(each.draft.metric):
            continue
        blank = Marks.of(each.here, np.zeros(len(each.here.chars)))
        for choice in possible(each.asked.frame, each.draft, each.asked.drafts, blank, each.here):
            if choice.found:
                words.append(choice.owner)
                owner.append(int(each.right(choice.text)))
    return _linear(words, owner, [1.0] * len(words), 0.1)


def _linear(words: Sequence[str], labels: Sequence[int], weights: Sequence[float], strength: float) -> Linear:
    if len(set(labels)) < 2:
        return Linear(np.zeros((1, SLOTS), np.float32), np.zeros(1), ("0", "1"))
    rows = [[slot(name, SLOTS) for name in doubt_words(each)] for each in words]
    ends = np.cumsum([0, *map(len, rows)])
    table = csr_matrix((np.ones(ends[-1]), np.concatenate(rows), ends), shape=(len(rows), SLOTS))
    model = LogisticRegression(C=strength, max_iter=200).fit(table, labels, sample_weight=weights)
    return Linear(model.coef_.astype(np.float32), model.intercept_, ("0", "1"))


@dataclass(slots=True)
class Scored:
    """A sample as models that did not see its document see it. ``part``: which models. ``sure``: that the rules are
    right, and ``stands`` whether they are. Where the rules are doubted or wrong, of all choices but their own:
    ``choices`` (n, features), ``right`` (n), and ``chances`` (n) that they are.
    """

    sample: Sample
    part: int
    target: list[float]
    stands: bool
    sure: float = 0.0
    choices: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    right: np.ndarray = field(default_factory=lambda: np.zeros(0))
    chances: np.ndarray = field(default_factory=lambda: np.zeros(0))


def crossed(learnt: Sequence[Sample]) -> list[Scored]:
    """Every sample scored by models of other documents."""
    names = {name: at % PARTS for at, name in enumerate(sorted({each.document for each in learnt}))}
    known = []
    for part in sorted(set(names.values())):
        models = lower_models([each for each in learnt if names[each.document] != part])
        known += [(_scored(each, part, models.words), models) for each in learnt if names[each.document] == part]
    found = [each for each, _ in known]
    for held, others in _held(found):
        chances = Trees.from_arrays(doubt_trees(others)).probability(np.array([each.target for each in held]))
        for each, sure in zip(held, chances.tolist(), strict=True):
            each.sure = sure
    taggers = {id(models): Tagger.from_bytes(models.tagger) for _, models in known}
    for each, models in known:
        if each.sure < GATE or not each.stands:
            _choose(each, models, taggers[id(models)])
    for held, others in _held(found):
        trees = Trees.from_arrays(choice_trees(others))
        for each in held:
            if len(each.right):
                each.chances = trees.probability(each.choices)
    return found


def _held(known: Sequence[Scored]) -> Iterator[tuple[list[Scored], list[Scored]]]:
    """Each part, and the others."""
    for part in sorted({each.part for each in known}):
        yield [each for each in known if each.part == part], [each for each in known if each.part != part]


def _scored(each: Sample, part: int, words: Words) -> Scored:
    row = target_row(each.asked.frame, each.draft, each.asked.drafts, each.asked.near, words)
    return Scored(each, part, row, each.right(each.draft.metric))


def _choose(known: Scored, models: Lower, tagger: Tagger) -> None:
    each, frame, drafts = known.sample, known.sample.asked.frame, known.sample.asked.drafts
    marks = Marks.of(each.here, tagger.marginals(each.features))
    found = possible(frame, each.draft, drafts, marks, each.here)
    known.choices = choice_rows(found, marks, frame, each.draft, drafts, each.asked.near, models.words)
    known.right = np.array([each.right(choice.text) for choice in found[1:]], float)


def doubt_trees(known: Sequence[Scored]) -> Arrays:
    """Whether the rules are right."""
    return boosted(np.array([each.target for each in known]), np.array([each.stands for each in known]))


def choice_trees(known: Sequence[Scored]) -> Arrays:
    """Learnt where the rules are wrong and another choice is right: which one."""
    useful = [each for each in known if not each.stands and each.right.any()]
    rows = np.array([row for each in useful for row in each.choices])
    right = np.array([one for each in useful for one in each.right])
    weights = np.array([len(each.right) ** -0.5 for each in useful for _ in each.right])
    return boosted(rows, right, weights=weights, trees=200, leaves=15)


def switch_trees(known: Sequence[Scored]) -> Arrays:
    """Learnt where the rules are doubted and the best choice would gain or lose: which of the two."""
    rows, gains = [], []
    for each in known:
        if each.sure >= GATE or not len(each.right):
            continue
        best = int(np.argmax(each.chances))
        if each.right[best] != each.stands:
            rows.append(switch_row(each.sure, float(each.chances[best]), each.choices[best]))
            gains.append(each.right[best])
    return boosted(np.array(rows), np.array(gains), trees=60, leaves=8)


class Metric:
    """See ``training.recipe.Recipe``."""

    name = NAME

    def train(self, traces: Sequence[Trace], say: Say) -> Trained:
        learnt = samples(traces)
        say(f"{NAME}: {len(learnt)} targets of {len(traces)} documents")
        known = crossed(learnt)
        models = lower_models(learnt)
        words = {"words": models.words.doubt, "owners": models.words.owners}
        arrays = {
            **prefixed(doubt_trees(known), "doubt_"), **prefixed(choice_trees(known), "choice_"),
            **prefixed(switch_trees(known), "switch_"),
            **{f"{name}_weights": each.weights.astype(np.float16) for name, each in words.items()},
            **{f"{name}_bias": each.bias for name, each in words.items()},
        }  # fmt: skip
        made = packed(NAME, {"gate": GATE, "sure": SURE, "tag": NAMED}, arrays, {"targets": len(learnt)})
        return Trained(NAME, {**made.files, "tagger.crfsuite": models.tagger}, made.figures)


RECIPE = Metric()
