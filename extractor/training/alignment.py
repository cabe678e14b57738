"""The model that tells which observations measure the same: trained, chosen and calibrated on the tuning half alone.

Folds hold out pairs with all that share a wording with them, and whole families of the series. What the test half says
is worked out at the end, for the card, and nothing is chosen by it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from extractor.archive.bags import Weights, bigrams, coded, weights_of
from extractor.archive.features import NAMES, Tables, rows, sides, worded
from extractor.archive.leftovers import STATES, columns, kinds
from extractor.archive.matching import NAME, Matcher
from extractor.archive.wording import wording
from extractor.errors import ConfigError
from extractor.learned.artifacts import Arrays
from extractor.training.alignment_card import write_card
from extractor.training.alignment_data import (
    HELPING,
    IMPLIED,
    MORE,
    PAIRS,
    TUNE,
    WORDINGS,
    Pair,
    implied,
    read_pairs,
    read_series,
    read_wordings,
    series_pairs,
)
from extractor.training.alignment_scores import measure, pair_figures
from extractor.training.boosting import boosted, prefixed
from extractor.training.recipe import Trained, packed
from extractor.training.sources import project_root
from extractor.training.traces import Say

FOLDS = 5
_HASHED = {PAIRS, *HELPING}  # kinds whose groups fall into folds by chance; the others are one each
_NEAR = NAMES.index("bigrams")  # two of a series that share less are told apart by anything
_TREES, _LEAVES, _STRENGTH = 150, 12, 0.1
_OFTEN = 3  # wordings that a word is in, for its weight to be learnt


@dataclass(frozen=True, slots=True)
class Rows:
    """``weight``: a pair of ``pairs.jsonl`` counts 1, the many easy ones of a series little. ``fold``: by which a
    row is held out.
    """

    features: np.ndarray
    told: csr_matrix  # columns of ``leftovers``
    same: np.ndarray
    weight: np.ndarray
    fold: np.ndarray
    kind: np.ndarray

    @property
    def measured(self) -> np.ndarray:
        """The rows that figures and calibration go by."""
        made: np.ndarray = ~np.isin(self.kind, HELPING)
        return made

    def part(self, kept: np.ndarray) -> Rows:
        return Rows(*(getattr(self, name)[kept] for name in self.__dataclass_fields__))


def train_alignment(say: Say, root: Path | None = None) -> Trained:
    """The component with its card, from the labelled pairs of a checkout (default: the one this runs from). Raises
    ``ConfigError`` where there is none.
    """
    root = root or project_root()
    if root is None:
        raise ConfigError("只能在源码目录里训练 / can be trained in a checkout only")
    say("读取 / reading …")
    pairs = labelled(root)
    tables = tables_of(metrics(root), pairs)
    table = rows_of(pairs, tables)
    say(f"{len(table.same)} 对，其中相同 {int(table.same.sum())} / pairs, the same")
    scores = held_out(table, say)
    slope, shift = calibrated(scores, table)
    chances = 1 / (1 + np.exp(-(slope * scores + shift)))
    arrays = {**fitted(table), **packed_tables(tables)}
    config: dict[str, Any] = {"features": list(NAMES), "slope": slope, "shift": shift}
    matcher = Matcher.from_arrays(arrays, config)
    held = table.measured
    tuned = pair_figures(chances[held], table.same[held], table.kind[held])
    tested = measure(root, matcher)
    config["figures"] = {"tune": _rounded(tuned), "test": _rounded(tested)}
    trained = packed(NAME, config, arrays, config["figures"])
    card = write_card(counts(table), tuned, tested)
    return Trained(NAME, {**trained.files, "card.md": card.encode()}, trained.figures)


def labelled(root: Path) -> list[Pair]:
    """All that is learnt from."""
    found = read_pairs(root, TUNE)
    own = [pair for pair in found if pair.kind == PAIRS]
    return [*found, *implied(own), *series_pairs(read_series(root, TUNE)), *read_wordings(root)]


# --- rows -------------------------------------------------------------------------------------------------


def metrics(root: Path) -> list[str]:
    """The wordings of all gold of the project, without labels: how rare words are."""
    found: set[str] = set()
    for path in sorted((root / "annotations").glob("*.json")):
        for record in json.loads(path.read_text(encoding="utf-8"))["records"]:
            found.update(target["metric"] for target in record.get("targets", ()))
    return sorted(found)


def tables_of(words: Sequence[str], pairs: Sequence[Pair]) -> Tables:
    """How rare bigrams and words are among the wordings ``words``, where what stands in one alone counts as never met; and
    what is met often enough in ``pairs`` for its weight to be learnt.
    """
    said = list({each.core: each for each in map(wording, words)}.values())
    cores = [each.core for each in said]
    met = {each.core: each for pair in pairs for each in (worded(pair.a), worded(pair.b))}
    codes, times = np.unique(np.concatenate([codes for _, codes in kinds(list(met.values()))]), return_counts=True)
    return Tables(
        weights_of(bigrams(cores), len(said), 2),
        weights_of(coded([each.words for each in said]), len(said), 2),
        codes[times >= _OFTEN],
    )


def rows_of(pairs: Sequence[Pair], tables: Tables) -> Rows:
    """Features and weights of labelled pairs, and the fold that holds each out."""
    met = {each.id: each for pair in pairs for each in (pair.a, pair.b)}
    at = {name: place for place, name in enumerate(met)}
    made = sides([[each] for each in met.values()], tables)
    i, j = (
        np.array([at[each.id] for each in some]) for some in zip(*((pair.a, pair.b) for pair in pairs), strict=True)
    )
    features = rows(made, i, j)
    same = np.array([pair.same for pair in pairs])
    kind = np.array([pair.kind for pair in pairs])
    near = (features[:, _NEAR] > 0.25) | same
    weight = np.where(near, 0.3, 0.015)
    weight[kind == WORDINGS] *= 0.3  # there are ten times as many, and none of a document
    for name, value in ((PAIRS, 1.0), (IMPLIED, 0.5), (MORE, 0.3)):
        weight[kind == name] = value
    families = sorted({pair.kind for pair in pairs} - _HASHED)
    fold = [
        crc32(pair.group.encode()) % FOLDS if pair.kind in _HASHED else FOLDS + families.index(pair.kind)
        for pair in pairs
    ]
    return Rows(features, columns(made.told, i, j), same, weight, np.array(fold), kind)


# --- models -----------------------------------------------------------------------------------------------


def fitted(table: Rows) -> Arrays:
    """Trees and linear model on all rows, as ``Matcher`` reads them."""
    trees = boosted(table.features, table.same, weights=table.weight, trees=_TREES, leaves=_LEAVES)
    scaler = StandardScaler().fit(table.features)
    size = len(NAMES)
    # Stopped early, weights would differ by a percent between processors and numbers of threads.
    model = LogisticRegression(C=_STRENGTH, tol=1e-6, max_iter=10_000)
    model.fit(
        hstack([csr_matrix(scaler.transform(table.features)), table.told]), table.same, sample_weight=table.weight
    )
    weights = model.coef_[0, :size] / scaler.scale_
    bias = float(model.intercept_[0] - weights @ scaler.mean_)
    return {
        **prefixed(trees, "trees/"),
        "linear/weights": weights,
        "linear/bias": np.array([bias]),
        "leftover/weights": model.coef_[0, size:].reshape(STATES, -1).T.astype(np.float32),
    }


def held_out(table: Rows, say: Say) -> np.ndarray:
    """The score of each row by models that have not seen its fold."""
    made = np.zeros(len(table.same))
    for fold in sorted(set(table.fold.tolist())):
        say(f"{fold + 1}/{len(set(table.fold.tolist()))} 折 / folds")
        out = table.fold == fold
        made[out] = scored(fitted(table.part(~out)), table.part(out))
    return made


def scored(arrays: Arrays, table: Rows) -> np.ndarray:
    """Before calibration, by what ``fitted`` made."""
    nothing = Weights(np.zeros(0), np.zeros(0), 0.0)
    plain = {**arrays, **packed_tables(Tables(nothing, nothing, np.zeros(0)))}
    matcher = Matcher.from_arrays(plain, {"features": list(NAMES), "slope": 1.0, "shift": 0.0})
    return matcher.score(table.features, table.told @ arrays["leftover/weights"].T.ravel())


def calibrated(scores: np.ndarray, table: Rows) -> tuple[float, float]:
    """Slope and shift (Platt) by what was held out; rows count as in training."""
    held = table.measured
    model = LogisticRegression(C=1e6, max_iter=1000).fit(
        scores[held, None], table.same[held], sample_weight=table.weight[held]
    )
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def packed_tables(tables: Tables) -> Arrays:
    """As ``Matcher`` reads them."""
    made: Arrays = {"leftover/codes": tables.alone}
    for name, table in (("bigram", tables.bigrams), ("word", tables.words)):
        made |= {
            f"{name}/codes": table.codes,
            f"{name}/values": table.values.astype(np.float32),
            f"{name}/other": np.array([table.other]),
        }
    return made


def _rounded(figures: object) -> Any:  # noqa: ANN401 - as deep as the figures are
    if isinstance(figures, Mapping):
        return {key: _rounded(value) for key, value in figures.items()}
    return round(figures, 2) if isinstance(figures, float) else figures


def counts(table: Rows) -> Mapping[str, tuple[int, int]]:
    """For the card: kind → pairs, and how many are the same."""
    return {
        str(kind): (int((table.kind == kind).sum()), int(table.same[table.kind == kind].sum()))
        for kind in dict.fromkeys(table.kind.tolist())
    }
