"""``confidence``: how often a record, and each field of it, that looks like this one is right.

Truth is what ``training.rightness`` finds right of the pipeline's own records; a row of weights is fitted for each
family of fields by penalised logistic regression, and its scores are brought to probabilities by an isotonic curve
over scores of documents held out. Documents that the rules were written with are right far more often than a user's
will be, so that they count less (``TUNED``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from extractor.learned.artifacts import Arrays
from extractor.learned.calibration import Isotonic
from extractor.learned.linear import hashed
from extractor.records.confidence import confidence_of
from extractor.records.confidence_features import Features
from extractor.records.learned_confidence import FAMILIES, LEAST, MOST, OF_RECORD, OF_TARGET, WHOLE, Looks, looks
from extractor.training.examples import Example
from extractor.training.recipe import Trained, packed
from extractor.training.recipes.confidence_figures import Held, told
from extractor.training.rightness import Answer, Judged, judge
from extractor.training.sources import TUNED as TUNED_GROUPS
from extractor.training.traces import Say, Trace

NAME = "confidence"
SIZE = 8192  # columns of the weights
FOLDS = 10
TUNED = 0.1  # weight of a record of a document that the rules were written with, beside 1 of any other
OTHERS = (0.3, 1.0)  # tried too, and told in the figures
STRENGTH = 0.2  # inverse of the penalty on large weights
SPREAD = 3  # documents that must show a feature: what only one says is no cue
FEWEST = 25  # mistakes that a family needs for a model of its own
BINS, BIN_LEAST = 20, 25  # of the curve: how many, and how many samples in each at least
PRIOR = 4.0  # samples that a share of an origin is drawn towards the overall share by
FOUND = "text"  # the family that says whether it is a record at all
_OF_VALUE = ("value", "unit", "per")
_Rows = Any  # a sparse matrix, whose library ships no types


@dataclass(frozen=True, slots=True)
class Sample:
    """Something made whose truth is known. ``owner``: index of its document; ``rules``: the heuristic's figure."""

    features: Features
    right: bool
    origin: str
    owner: int
    paired: bool
    rules: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """One family: ``weights`` (SIZE,), ``curve`` None where there is only ``constant``; ``held`` scores by sample."""

    weights: np.ndarray
    bias: float
    curve: Isotonic | None
    constant: Mapping[str, float]
    held: Held


def tuned(example: Example) -> bool:
    """Whether the rules were written with it."""
    return example.group in TUNED_GROUPS


def standing(example: Example) -> str:
    """The group that its figures are told in."""
    return f"{example.group} {'tuned' if tuned(example) else 'unseen'}"


def samples(traces: Iterable[Trace]) -> dict[str, list[Sample]]:
    """By family; in the order of the documents."""
    found: dict[str, list[Sample]] = {family: [] for family in FAMILIES}
    for owner, trace in enumerate(traces):
        for made, judged in zip(trace.made, judge(trace.example.gold, trace.output), strict=True):
            seen = looks(made.record, made.item, made.drafts)
            for family, features, right in _answers(seen, judged):
                if right is not None:
                    rules = confidence_of(made.record, made.item)
                    paired = judged.gold is not None
                    found[family].append(Sample(features, right, made.item.origin, owner, paired, rules))
    return found


def _answers(seen: Looks, judged: Judged) -> Iterator[tuple[str, Features, Answer]]:
    fields = judged.fields
    yield WHOLE, added(seen.record, *seen.targets), judged.whole
    for name in OF_RECORD:
        yield name, seen.record, fields.get(name)
    for at, features in enumerate(seen.targets):
        all_of = added(seen.record, features)
        for name in OF_TARGET:
            asked = _OF_VALUE if name == "value" else (name,)
            said = [fields.get(f"targets/{at}/{each}") for each in asked]
            yield name, all_of, None if None in said else all(said)
    for name, parts in (("deadlines", seen.deadlines), ("responsible", seen.responsible)):
        for at, features in enumerate(parts):
            yield name, added(seen.record, features), fields.get(f"{name}/{at}")


def added(*parts: Features) -> Features:
    """All of them in one, the same names summed."""
    found: Features = {}
    for part in parts:
        for name, value in part.items():
            found[name] = found.get(name, 0.0) + value
    return found


def spread(groups: Sequence[str], folds: int = FOLDS) -> np.ndarray:
    """The fold of each document, of which ``groups`` says the group; each group goes round the folds."""
    order = sorted(range(len(groups)), key=lambda at: (groups[at], at))
    found = np.zeros(len(groups), dtype=int)
    found[order] = np.arange(len(groups)) % folds
    return found


def fit_family(found: Sequence[Sample], groups: Sequence[str], weights: np.ndarray, folds: int = FOLDS) -> Fitted:
    """``groups`` and ``weights`` by document."""
    owners = np.array([sample.owner for sample in found], dtype=int)
    right = np.array([sample.right for sample in found], dtype=float)
    weight = weights[owners] if len(owners) else np.zeros(0)
    constant = _constant(found, weight)
    fold = spread(groups, folds)[owners] if len(owners) else owners
    if not enough(right, fold):
        said = np.array([constant.get(sample.origin, constant[""]) for sample in found])
        return Fitted(np.zeros(SIZE), 0.0, None, constant, _held(found, said, right, fold, groups))
    table = DictVectorizer()
    rows = table.fit_transform(_columns(found))
    scores = _held_out(rows, right, weight, fold)
    said = np.zeros(len(right))
    for each in np.unique(fold):
        here = fold == each
        curve = fit_curve(scores[~here], right[~here], weight[~here])
        said[here] = np.clip(np.interp(scores[here], curve.knots, curve.shares), LEAST, MOST)
    model = _logistic(rows, right, weight)
    full = np.zeros(SIZE)
    full[table.get_feature_names_out().astype(int)] = model.coef_[0]
    held = _held(found, said, right, fold, groups)
    return Fitted(full, float(model.intercept_[0]), fit_curve(scores, right, weight), constant, held)


def _held(
    found: Sequence[Sample], said: np.ndarray, right: np.ndarray, fold: np.ndarray, groups: Sequence[str]
) -> Held:
    owner = np.array([sample.owner for sample in found], dtype=int)
    paired = np.array([sample.paired for sample in found], dtype=float)
    rules = np.array([sample.rules for sample in found], dtype=float)
    return Held(said, right, fold, owner, paired, rules, tuple(groups[at] for at in owner.tolist()))


def enough(right: np.ndarray, fold: np.ndarray) -> bool:
    """Whether there are mistakes to learn from, and some of each answer wherever one fold is left out."""
    if min(len(right) - right.sum(), right.sum()) < FEWEST or len(np.unique(fold)) < 2:
        return False
    return all(0 < right[fold != each].mean() < 1 for each in np.unique(fold))


def _constant(found: Sequence[Sample], weight: np.ndarray) -> dict[str, float]:
    """Share right by origin, drawn towards that of all (``""``), which is drawn towards 0.9."""
    right, total = Counter[str](), Counter[str]()
    for sample, each in zip(found, weight.tolist(), strict=True):
        for key in ("", sample.origin):
            right[key] += each * sample.right
            total[key] += each
    overall = (right[""] + PRIOR * 0.9) / (total[""] + PRIOR)
    shares = {key: (right[key] + PRIOR * overall) / (total[key] + PRIOR) for key in total}
    return {key: round(float(share), 4) for key, share in {**shares, "": overall}.items()}


def _held_out(rows: _Rows, right: np.ndarray, weight: np.ndarray, fold: np.ndarray) -> np.ndarray:
    scores = np.zeros(len(right))
    for each in np.unique(fold):
        here = fold == each
        scores[here] = _logistic(rows[~here], right[~here], weight[~here]).decision_function(rows[here])
    return scores


def _logistic(rows: _Rows, right: np.ndarray, weight: np.ndarray) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=300, tol=1e-4).fit(rows, right > 0, sample_weight=weight)


def fit_curve(scores: np.ndarray, right: np.ndarray, weight: np.ndarray) -> Isotonic:
    """Isotonic over the means of bins of equal weight, so that no knot rests on a handful and there are no cliffs; the
    two bins at each end are half as wide, for what is surest is asked most.
    """
    order = np.argsort(scores, kind="stable")
    bins = max(min(BINS, len(scores) // BIN_LEAST), 2)
    edges = np.unique([*np.arange(bins) / bins, 0.5 / bins, 1 - 0.5 / bins])[1:]
    passed = np.cumsum(weight[order]) / weight.sum()
    parts = [part for part in np.split(order, np.searchsorted(passed, edges)) if len(part)]
    knots = np.array([np.average(scores[part], weights=weight[part]) for part in parts])
    mass = np.array([weight[part].sum() for part in parts])
    overall = float(np.average(right, weights=weight))
    shares = np.array([(right[part] @ weight[part] + overall) / (weight[part].sum() + 1.0) for part in parts])
    rising = IsotonicRegression(y_min=LEAST, y_max=MOST).fit(knots, shares, sample_weight=mass).predict(knots)
    return Isotonic(knots, np.asarray(rising))


def _columns(found: Sequence[Sample]) -> list[dict[int, float]]:
    """The features as columns of the weights, without those that too few documents show."""
    shown: dict[str, set[int]] = {}
    for sample in found:
        for name in sample.features:
            shown.setdefault(name, set()).add(sample.owner)
    least = min(SPREAD, len({sample.owner for sample in found}))
    kept = {name for name, owners in shown.items() if len(owners) >= least}
    return [hashed({name: value for name, value in sample.features.items() if name in kept}, SIZE) for sample in found]


def figures(traces: Sequence[Trace]) -> dict[str, Any]:
    """Of documents held out: calibration, precision of ``is an indicator``, records that need no reading."""
    traces = list(traces)
    found = samples(traces)
    groups, weights = _documents(traces, TUNED)
    return _figures(traces, found, {name: fit_family(found[name], groups, weights) for name in FAMILIES})


def _documents(traces: Sequence[Trace], weight: float) -> tuple[list[str], np.ndarray]:
    groups = [standing(trace.example) for trace in traces]
    return groups, np.array([weight if tuned(trace.example) else 1.0 for trace in traces])


def _figures(
    traces: Sequence[Trace], found: Mapping[str, Sequence[Sample]], fitted: Mapping[str, Fitted]
) -> dict[str, Any]:
    tried = {str(TUNED): fitted[WHOLE].held}
    for weight in OTHERS:
        groups, weights = _documents(traces, weight)
        tried[str(weight)] = fit_family(found[WHOLE], groups, weights).held
    return told({name: each.held for name, each in fitted.items()}, tried, traces, WHOLE, FOUND)


class Confidence:
    """See ``training.recipe.Recipe``."""

    name = NAME

    def train(self, traces: Sequence[Trace], say: Say) -> Trained:
        traces = list(traces)
        found = samples(traces)
        groups, weights = _documents(traces, TUNED)
        fitted: dict[str, Fitted] = {}
        for name in FAMILIES:
            fitted[name] = fit_family(found[name], groups, weights)
            wrong = sum(not sample.right for sample in found[name])
            say(f"{NAME}: {name}: {len(found[name])} 个样本，{wrong} 个有误 / samples, {wrong} wrong")
        arrays: Arrays = {
            "weights": np.stack([fitted[name].weights for name in FAMILIES]).astype(np.float16),
            "bias": np.array([fitted[name].bias for name in FAMILIES], dtype=np.float32),
        }
        for name, each in fitted.items():
            if each.curve is not None:
                arrays[f"{name}_knots"] = each.curve.knots.astype(np.float32)
                arrays[f"{name}_shares"] = each.curve.shares.astype(np.float32)
        constants = {name: dict(each.constant) for name, each in fitted.items() if each.curve is None}
        return packed(NAME, {"constants": constants, "tuned": TUNED}, arrays, _figures(traces, found, fitted))


RECIPE = Confidence()
