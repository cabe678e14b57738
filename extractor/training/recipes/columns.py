"""``columns``: which column of a table is what, for headers that no rule knows.

A linear model over hashed n-grams of the header, shares of what the cells look like, and the neighbours' roles. Learnt
from made-up tables (``column_tables``: thousands of header wordings over cells of the right kind) and from the tables
of the traces, labelled by their gold (``column_truth``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from extractor.items.column_features import column_features, word_features
from extractor.items.columns import read_columns
from extractor.items.learned_columns import BODY, HEAD
from extractor.items.table_grid import Grid
from extractor.learned.artifacts import Arrays
from extractor.learned.linear import Linear, hashed
from extractor.training.recipe import SEED, Trained, packed
from extractor.training.recipes.column_tables import Wording, made_tables, read_headers
from extractor.training.recipes.column_truth import true_labels
from extractor.training.traces import Say, Trace

NAME = "columns"
HEAD_SIZE = 4096
SIZE = 8192  # columns of the weights: 22 roles of them in 16 bits are 360 KB
TABLES = 3000
WEIGHT = 3.0  # of a column of a real table beside one of a made-up table
STRENGTH = 1.0  # inverse of the penalty on large weights
# How probable a role must be to be believed: see items.learned_columns.
SURE, TOLD, SURER, HEAD_SURE = 0.6, 0.9, 0.97, 0.8


@dataclass(frozen=True, slots=True)
class Sample:
    """One column to learn from. ``head``: its header's own words, to hold wordings out by."""

    features: Mapping[str, float]
    label: str
    head: str
    weight: float = 1.0


def made_samples(wordings: Sequence[Wording] | None = None, count: int = TABLES, seed: int = SEED) -> list[Sample]:
    """The filled columns of ``count`` made-up tables."""
    found: list[Sample] = []
    for table in made_tables(count, read_headers() if wordings is None else wordings, seed):
        columns = read_columns(table.grid)
        found += [
            Sample(column_features(table.grid, columns, at), wording.role, wording.levels[-1])
            for at, wording in enumerate(table.wordings)
            if columns[at].filled
        ]
    return found


def real_samples(traces: Iterable[Trace]) -> list[Sample]:
    """The columns of the documents' tables whose role the gold or a rule tells."""
    return [
        Sample(column_features(grid, columns, at), label, columns[at].head.rsplit("/", 1)[-1], WEIGHT)
        for trace in traces
        for grid, columns, labels in true_labels(trace)
        for at, label in enumerate(labels)
        if label is not None and columns[at].filled
    ]


def fit(samples: Sequence[Sample], size: int = SIZE) -> Linear:
    """``size``: columns of the weights. The same for the same samples in the same order."""
    table = DictVectorizer()
    rows = table.fit_transform([hashed(sample.features, size) for sample in samples])
    model = LogisticRegression(C=STRENGTH, max_iter=100, tol=1e-3)
    model.fit(rows, [sample.label for sample in samples], sample_weight=[sample.weight for sample in samples])
    weights = np.zeros((len(model.coef_), size), dtype=np.float16)
    weights[:, table.get_feature_names_out().astype(int)] = model.coef_
    return Linear.from_arrays({"weights": weights, "bias": model.intercept_}, [str(label) for label in model.classes_])


def made_words(count: int = TABLES, seed: int = SEED) -> list[Sample]:
    """What the header and body cells of made-up tables say, each wording once, labelled ``head`` or ``body``."""
    return _words(table.grid for table in made_tables(count, read_headers(), seed + 1))


def real_words(traces: Iterable[Trace]) -> list[Sample]:
    """The same of the documents' tables that have a header."""
    grids = (grid for trace in traces for grid, _ in trace.grids if len(grid.header))
    return [replace(sample, weight=WEIGHT) for sample in _words(grids)]


def _words(grids: Iterable[Grid]) -> list[Sample]:
    said: dict[str, str] = {}
    heads: dict[str, str] = {}
    for grid in grids:
        columns = range(grid.table.n_cols)
        heads |= {grid.say(cell): HEAD for col in columns for cell in grid.heads[col]}
        said |= {grid.say(cell): BODY for col in columns for cell in grid.body_cells(col)}
    found = [(words, label, word_features(words)) for words, label in (said | heads).items()]
    return [Sample(features, label, words) for words, label, features in found if features]


@dataclass(frozen=True, slots=True)
class Columns:
    """See ``training.recipe.Recipe``. ``tables``: how many made-up ones to learn from."""

    name: str = NAME
    tables: int = TABLES

    def train(self, traces: Sequence[Trace], say: Say) -> Trained:
        made, real = made_samples(count=self.tables), real_samples(traces)
        say(f"{NAME}: {len(made)} made-up columns, {len(real)} of {len(traces)} documents")
        model = fit([*made, *real])
        heads = fit([*made_words(self.tables), *real_words(traces)], HEAD_SIZE)
        arrays: Arrays = {
            "weights": model.weights.astype(np.float16), "bias": model.bias.astype(np.float32),
            "head_weights": heads.weights.astype(np.float16), "head_bias": heads.bias.astype(np.float32),
        }  # fmt: skip
        config = {"classes": list(model.classes), "sure": SURE, "told": TOLD, "surer": SURER, "head": HEAD_SURE}
        figures = {"wordings": len(read_headers()), "made_columns": len(made), "real_columns": len(real)}
        return packed(NAME, config, arrays, figures)


RECIPE = Columns()
