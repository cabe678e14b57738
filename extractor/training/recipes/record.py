"""How the model is trained that says whether a stretch is a record, and of what kind.

Every item that the rules looked at is an example, the dropped ones too: a record where its words are those of one of
the gold's, none where they are not, unknown (and left out) where the gold calls the record optional, or lists only
some tasks and the item has no target; of these, what the rules dropped is taken for none with half the weight. Each example is shown three times: as it is; without what the rules said of it
and its neighbours, else the model would learn to repeat the rules, which are right on the documents they were written
for; and as words alone, else it would believe that all results stand before the first heading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_curve, roc_auc_score

from extractor.errors import ConfigError
from extractor.items.learned_record import KINDS, SETTLED, LearnedJudge, Opinion
from extractor.items.record_features import Features, features_of, without_rules, words_alone
from extractor.learned.linear import Linear, hashed
from extractor.training.folds import shuffled_parts
from extractor.training.likeness import likeness
from extractor.training.pairing import Pairing
from extractor.training.recipe import SEED, Trained, packed
from extractor.training.scoring import FOUND_ALIKE
from extractor.training.traces import Say, Trace
from extractor.types.item import Item

NAME = "record"
NONE, DOUBTFUL = "none", "perhaps none"
SIZE = 1 << 16  # columns
STRENGTH = 1.0  # inverse of the L2 penalty
DOUBT = 0.5  # weight of an example that is perhaps none
VIEWS = (1.0, 0.5, 0.2)  # weights of an example as it is, without the rules' word, as words alone
SPREAD = 3  # documents that must show a feature: what only one paper says is no cue
FOLDS = 6
LOST = 3  # false records that must go for one true record that is lost
DROPS = tuple(at / 100 for at in range(2, 32, 2))
RESCUES = tuple(at / 100 for at in range(98, 78, -2))
NEVER = (0.0, 1.0)
_NO_RECORD = (NONE, DOUBTFUL)
_Rows = Any  # a sparse matrix, whose library ships no types


@dataclass(frozen=True, slots=True)
class Study:
    """Documents as examples. ``traces``, ``features`` and ``labels`` (see ``labels_of``) by document.

    ``rows`` is sparse, (views · known items, columns): each item whose label is known, in the first view, then all again
    in the others; ``columns`` are their places among ``SIZE``; ``owners`` (known items,) the document of each, ``truth``
    its label.
    """

    traces: tuple[Trace, ...]
    features: tuple[tuple[Features, ...], ...]
    labels: tuple[tuple[str | None, ...], ...]
    rows: _Rows
    columns: np.ndarray
    owners: np.ndarray
    truth: np.ndarray


@dataclass(frozen=True, slots=True)
class Guess:
    """What a model that never saw the document said of one of its items."""

    document: str
    item: Item
    label: str | None
    opinion: Opinion

    @property
    def told(self) -> bool:
        """Whether the gold tells what it is."""
        return self.label not in (None, DOUBTFUL)


def labels_of(trace: Trace) -> tuple[str | None, ...]:
    """For each item of the trace the kind of its record, ``NONE``, or where the gold does not tell None, ``DOUBTFUL`` for
    what the rules dropped.
    """
    golds = trace.example.gold["records"]
    words = [trace.document.text[item.span.start : item.span.end] for item in trace.items]
    mades = [
        {"text": said, "tier": item.tier, "path": [part.text for part in item.path]}
        for said, item in zip(words, trace.items, strict=True)
    ]
    partner = Pairing(golds, mades).gold_of
    some_tasks = trace.example.gold.get("tasks") == "partial"
    measured = {made.item.span for made in trace.made if made.record.targets}

    def label(at: int) -> str | None:
        gold = golds[partner[at]] if at in partner else None
        if gold is not None and likeness(gold["text"], words[at]) >= FOUND_ALIKE:
            return None if gold.get("optional") else str(gold["kind"])
        if not some_tasks or trace.items[at].span in measured:
            return NONE
        return None if trace.items[at].dropped is None else DOUBTFUL

    return tuple(label(at) for at in range(len(words)))


def study(traces: Sequence[Trace]) -> Study:
    """Reads each document once."""
    features = tuple(tuple(features_of(each.document, each.outline, each.items)) for each in traces)
    labels = tuple(labels_of(each) for each in traces)
    known = [
        (at, shown, label)
        for at, (rows, said) in enumerate(zip(features, labels, strict=True))
        for shown, label in zip(rows, said, strict=True)
        if label is not None
    ]
    if len({label in _NO_RECORD for _, _, label in known}) < 2:
        raise ConfigError(
            "训练文件中要既有记录又有非记录，才学得会 / nothing to learn: all stretches are records, or none is"
        )
    reader = DictVectorizer(dtype=np.float32)
    views = (dict, without_rules, words_alone)
    rows = reader.fit_transform([_by_name(view(shown)) for view in views for _, shown, _ in known])
    columns = np.array([int(column) for column in reader.feature_names_])
    owners = np.array([at for at, _, _ in known])
    return Study(tuple(traces), features, labels, rows, columns, owners, np.array([label for _, _, label in known]))


def fit(studied: Study, documents: Sequence[int], *, kinds: bool = True) -> Linear:
    """On those of the documents that ``documents`` names by index. Without ``kinds`` all are called equally likely,
    which halves the time.
    """
    chosen = np.flatnonzero(np.isin(studied.owners, documents))
    full = studied.rows[chosen]
    kept = np.flatnonzero(_spread(full, studied.owners[chosen]) >= min(SPREAD, len(documents)))
    shown = studied.rows[np.concatenate([chosen + at * len(studied.owners) for at in range(len(VIEWS))])][:, kept]
    truth = studied.truth[chosen]
    is_record = ~np.isin(truth, _NO_RECORD)
    weights, bias = np.zeros((1 + len(KINDS), SIZE), dtype=np.float32), np.zeros(1 + len(KINDS))
    emphasis = np.outer(VIEWS, np.where(truth == DOUBTFUL, DOUBT, 1.0)).ravel()
    weights[0, studied.columns[kept]], bias[0] = _told_apart(shown, np.tile(is_record, len(VIEWS)), emphasis)
    records = full[np.flatnonzero(is_record)][:, kept]
    for at, kind in enumerate(KINDS, 1) if kinds else ():
        weights[at, studied.columns[kept]], bias[at] = _told_apart(records, truth[is_record] == kind)
    return Linear(weights, bias, (NAME, *KINDS))


def out_of_fold(studied: Study, documents: Sequence[int], folds: int = FOLDS) -> Iterator[Guess]:
    """What is said of each of ``documents``, but for kinds, by a model trained on those in other folds."""
    for held in shuffled_parts(range(len(documents)), folds):
        model = fit(studied, [each for at, each in enumerate(documents) if at not in held], kinds=False)
        for at in held:
            yield from guesses_of(studied, documents[at], model)


def guesses_of(studied: Study, document: int, model: Linear) -> Iterator[Guess]:
    """On each item of one document, in order."""
    judge = LearnedJudge(model, *NEVER)
    trace = studied.traces[document]
    for item, features, label in zip(trace.items, studied.features[document], studied.labels[document], strict=True):
        yield Guess(trace.example.name, item, label, judge.opinion(features))


def thresholds(guesses: Sequence[Guess]) -> tuple[float, float]:
    """Below which to drop and above which to take back: the most gained, the more cautious of equals. Where nothing
    is gained, never. What is perhaps none counts by ``DOUBT`` where it would be taken back, else not.
    """
    drop, gained = NEVER[0], 0
    for threshold in DROPS:
        gain = 0
        for guess in guesses:
            if guess.item.dropped is None and guess.told and guess.opinion.record < threshold:
                gain += 1 if guess.label == NONE else -LOST
        if gain > gained:
            drop, gained = threshold, gain
    rescue, most = NEVER[1], 0.0
    for threshold in RESCUES:
        worth = 0.0
        for guess in guesses:
            open_to = guess.item.dropped is not None and guess.item.dropped not in SETTLED
            if open_to and guess.label is not None and guess.opinion.record > threshold:
                worth += {NONE: -1.0, DOUBTFUL: -DOUBT}.get(guess.label, 1.0)
        if worth > most:
            rescue, most = threshold, worth
    return drop, rescue


def figures(guesses: Sequence[Guess]) -> dict[str, float]:
    """Of items whose label is known: ``auc`` and ``precision at 80/90/95`` (% recall) of "is a record"."""
    known = [guess for guess in guesses if guess.told]
    truth = np.array([guess.label != NONE for guess in known])
    said = np.array([guess.opinion.record for guess in known])
    told = {"examples": float(len(known)), "records": float(truth.sum())}
    if truth.all() or not truth.any():
        return told
    told["auc"] = float(roc_auc_score(truth, said))
    precision, recall, _ = precision_recall_curve(truth, said)
    return told | {f"precision at {level}": float(precision[recall >= level / 100].max()) for level in (80, 90, 95)}


def kinds_right(guesses: Sequence[Guess]) -> float:
    """The share of records whose likeliest kind is the gold's; 0 where there is none."""
    said = [(guess.opinion.kinds, guess.label) for guess in guesses if guess.told and guess.label != NONE]
    return sum(max(kinds, key=lambda kind: kinds[kind]) == label for kinds, label in said) / max(len(said), 1)


def _by_name(features: Features) -> dict[str, float]:
    """The columns as words, in whose order ``DictVectorizer`` puts them."""
    return {str(column): value for column, value in hashed(features, SIZE).items()}


def _spread(rows: _Rows, owners: np.ndarray) -> np.ndarray:
    """(columns,): how many documents show each column."""
    count = np.zeros(rows.shape[1], dtype=np.int64)
    for owner in np.unique(owners):
        count[np.unique(rows[np.flatnonzero(owners == owner)].indices)] += 1
    return count


def _told_apart(rows: _Rows, is_it: np.ndarray, emphasis: np.ndarray | None = None) -> tuple[np.ndarray, float]:
    """Weights and bias that tell those rows from the others; what never or always is so needs no weights."""
    if is_it.all() or not is_it.any():
        return np.zeros(rows.shape[1]), 8.0 if is_it.all() else -8.0
    model = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=SEED, max_iter=300)
    model.fit(rows, is_it, sample_weight=emphasis)
    return model.coef_[0], float(model.intercept_[0])


class Record:
    """See ``training.recipe.Recipe``."""

    name = NAME

    def train(self, traces: Sequence[Trace], say: Say) -> Trained:
        """``figures`` are of the inner folds, whole documents held out."""
        studied = study(traces)
        say(f"{NAME}: {len(studied.truth)} 条 / examples")
        everything = range(len(traces))
        guesses = list(out_of_fold(studied, everything))
        drop, rescue = thresholds(guesses)
        model = fit(studied, everything)
        config = {"kinds": list(KINDS), "size": SIZE, "drop": drop, "rescue": rescue}
        told = {**figures(guesses), "drop": drop, "rescue": rescue}
        say(f"{NAME}: " + ", ".join(f"{key} {value:g}" for key, value in told.items()))
        return packed(NAME, config, {"weights": model.weights, "bias": model.bias}, told)


RECIPE = Record()
