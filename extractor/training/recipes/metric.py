"""``metric``: which words name what a number measures. See ``records.learned_metric`` for what is trained.

The choice must learn from tags and lexical scores as they are on documents not trained on, so those are made by models
of the other documents (cross-fitting): documents fall into ``PARTS`` parts, each scored by models of the other parts.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
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
from extractor.records.learned_metric import NAMED, Tagger, choice_rows, lexical, possible
from extractor.records.metric_choices import words_of
from extractor.records.metric_features import doubt_words, of_target
from extractor.records.metric_sequence import Around, around, tag_features
from extractor.training.boosting import boosted, prefixed
from extractor.training.likeness import metric_right
from extractor.training.pairing import pairing
from extractor.training.recipe import Trained, packed
from extractor.training.recipes.metric_tags import tags_of
from extractor.training.traces import Asked, Say, Trace

NAME = "metric"
PARTS = 3
GATE = 0.55  # rules surer than this are not questioned: the rest would cost time and gain nothing
SLOTS = 2**15
_MARGINS = (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5)
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
    """The models that the choice builds on."""

    tagger: bytes
    doubt: Linear
    owners: Linear


def lower_models(learnt: Sequence[Sample]) -> Lower:
    """Trained on all of ``learnt``."""
    doubt = _doubt(learnt)
    return Lower(_tagger(learnt), doubt, _owners(learnt))


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
        flat = np.zeros(len(each.here.chars))
        for choice in possible(each.asked.frame, each.draft, each.asked.drafts, flat, each.here):
            if choice.mode == "owner":
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


@dataclass(frozen=True, slots=True)
class Scored:
    """A sample as models that did not see its document see it. ``sure``: that the rules are right, and ``stands``
    whether they are. ``choices`` (n, features) and ``right`` (n) of all but the rules' own, where worth asking.
    """

    sample: Sample
    target: np.ndarray
    sure: float
    stands: bool
    choices: np.ndarray
    right: np.ndarray


def crossed(learnt: Sequence[Sample]) -> list[Scored]:
    """Every sample scored by models of other documents; choices only where the rules are doubted or wrong."""
    parts = _parts(sorted({each.document for each in learnt}))
    models = [lower_models([each for each in learnt if each.document not in held]) for held in parts]
    of = [next(at for at, held in enumerate(parts) if each.document in held) for each in learnt]
    targets = np.array([_target_row(each, models[at].doubt) for each, at in zip(learnt, of, strict=True)])
    stands = np.array([each.right(each.draft.metric) for each in learnt])
    sure = np.zeros(len(learnt))
    for at in range(len(parts)):
        held = np.array(of) == at
        if held.any() and not held.all():
            sure[held] = Trees.from_arrays(boosted(targets[~held], stands[~held])).probability(targets[held])
    taggers = [Tagger.from_bytes(each.tagger) for each in models]
    found = []
    for n, (each, at) in enumerate(zip(learnt, of, strict=True)):
        rows, right = np.zeros((0, 0)), np.zeros(0)
        if sure[n] < GATE or not stands[n]:
            rows, right = _choices(each, models[at], taggers[at])
        found.append(Scored(each, targets[n], float(sure[n]), bool(stands[n]), rows, right))
    return found


def _parts(documents: Sequence[str]) -> list[set[str]]:
    return [held for part in range(PARTS) if (held := set(documents[part::PARTS]))]


def _target_row(each: Sample, doubt: Linear) -> list[float]:
    said = float(doubt.scores(doubt_words(each.draft.metric))[0])
    return [*of_target(each.asked.frame, each.draft, each.asked.drafts, each.asked.near), said]


def _choices(each: Sample, models: Lower, tagger: Tagger) -> tuple[np.ndarray, np.ndarray]:
    frame, drafts = each.asked.frame, each.asked.drafts
    marginals = tagger.marginals(each.features)
    found = possible(frame, each.draft, drafts, marginals, each.here)
    rows = choice_rows(found, each.here, marginals, frame, each.draft, drafts, each.asked.near)
    rows = np.hstack([rows, lexical(found, models.doubt, models.owners)])
    return rows[1:], np.array([each.right(choice.text) for choice in found[1:]], float)


def choice_trees(known: Sequence[Scored]) -> Arrays:
    """Learnt where the rules are wrong and another choice is right: which one."""
    useful = [each for each in known if not each.stands and each.right.any()]
    rows = np.vstack([each.choices for each in useful])
    weights = np.concatenate([np.full(len(each.right), len(each.right) ** -0.5) for each in useful])
    return boosted(rows, np.concatenate([each.right for each in useful]), weights=weights, trees=200, leaves=15)


def best_margin(known: Sequence[Scored]) -> tuple[float, float]:
    """The margin that gains most on documents held out from the trees too, and its gain in targets."""
    gains = np.zeros(len(_MARGINS))
    for held in _parts(sorted({each.sample.document for each in known})):
        trees = Trees.from_arrays(choice_trees([each for each in known if each.sample.document not in held]))
        for each in known:
            if each.sample.document not in held or each.sure >= GATE or not len(each.right):
                continue
            chances = trees.probability(each.choices)
            best = int(np.argmax(chances))
            gains += (float(chances[best]) - each.sure > np.array(_MARGINS)) * (each.right[best] - each.stands)
    best = int(np.argmax(gains))
    return _MARGINS[best], float(gains[best])


class Metric:
    """See ``training.recipe.Recipe``."""

    name = NAME

    def train(self, traces: Sequence[Trace], say: Say) -> Trained:
        learnt = samples(traces)
        say(f"{NAME}: {len(learnt)} targets of {len(traces)} documents")
        known = crossed(learnt)
        margin, gain = best_margin(known)
        say(f"{NAME}: margin {margin}, {gain:+.0f} targets on documents held out")
        doubt = boosted(np.array([each.target for each in known]), np.array([each.stands for each in known]))
        models = lower_models(learnt)
        arrays = {
            **prefixed(doubt, "doubt_"), **prefixed(choice_trees(known), "choice_"),
            "words_weights": models.doubt.weights.astype(np.float16), "words_bias": models.doubt.bias,
            "owners_weights": models.owners.weights.astype(np.float16), "owners_bias": models.owners.bias,
        }  # fmt: skip
        made = packed(
            NAME, {"gate": GATE, "margin": margin, "tag": NAMED}, arrays, {"targets": len(learnt), "gain": gain}
        )
        return Trained(NAME, {**made.files, "tagger.crfsuite": models.tagger}, made.figures)


RECIPE = Metric()
