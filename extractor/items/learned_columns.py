"""Columns whose headers no rule knows, told by a linear model on header words and cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from extractor.items.column_features import column_features, word_features
from extractor.items.columns import KNOWN, Column, as_label, head_words, read_columns
from extractor.items.table_grid import Grid
from extractor.learned.artifacts import Artifact
from extractor.learned.linear import Linear

BODY, HEAD = "body", "head"
# Roles that say the same of a record's shape: the model never moves a column the rules know from one to the other.
_ALIKE = ({"group", "soft", "hard", "place", "plain"}, {"notes", "blank", "plain"}, {"target", "baseline", "plain"})


@dataclass(frozen=True, slots=True)
class HeadWords:
    """Tells words that head columns from words of a table's body, as ``columns.KNOWN`` does: those that the rules know,
    and those that the model takes for a header's with the probability ``sure``.
    """

    model: Linear
    sure: float

    def search(self, words: str, /) -> bool:
        if KNOWN.search(words):
            return True
        features = word_features(words)
        return bool(features) and self.model.probabilities(features)[HEAD] >= self.sure


@dataclass(frozen=True, slots=True)
class LearnedColumns:
    """How probable a role must be to be believed. ``sure``: where the rules say nothing; ``told``: where they went by
    the cells alone; ``surer``: where a rule knows the header and says otherwise (above 1: never).
    ``known``: what a table's header is found by, before there are columns to read.
    """

    model: Linear
    sure: float
    told: float
    surer: float
    known: HeadWords

    def __call__(self, grid: Grid) -> tuple[Column, ...]:
        columns = read_columns(grid)
        return tuple(self._read(grid, columns, column) for column in columns)

    def _read(self, grid: Grid, columns: Sequence[Column], column: Column) -> Column:
        known = knows_head(grid, column)
        if not column.filled or not column.head or (known and self.surer > 1):
            return column
        said = self.model.probabilities(column_features(grid, columns, column.index))
        label = max(said, key=said.__getitem__)
        if said[label] < self._asked(label, column, known) or (known and _alike(label, column)):
            return column
        return as_label(column, label)

    def _asked(self, label: str, column: Column, known: bool) -> float:
        if known:
            return self.surer
        told = column.kind != "plain" and not (column.kind == "who" and label.startswith("who"))
        # Cells tell names of units, not who of them leads; what is taken for a base value or a form is lost as a target.
        return self.told if told or label in ("baseline", "blank") else self.sure


def knows_head(grid: Grid, column: Column) -> bool:
    """Whether a rule told the column's role from its header."""
    return column.kind != "plain" and any(KNOWN.search(part) for part in head_words(grid, column.index))


def _alike(label: str, column: Column) -> bool:
    """Whether ``label`` says no more than the rules: 2024年目标 dates what its cells ask for, 牵头及配合单位 leaves it to
    the cells who leads.
    """
    if column.dated or (column.kind == "who" and column.role is None and label.startswith("who")):
        return True
    return any(label in kinds and column.kind in kinds for kinds in _ALIKE)


def load(artifact: Artifact) -> LearnedColumns:
    """The reader that a trained component makes; see ``training.recipes.columns``."""
    config, arrays = artifact.config, artifact.arrays()
    model = Linear.from_arrays(arrays, config["classes"])
    heads = Linear(arrays["head_weights"].astype(np.float32), arrays["head_bias"].astype(np.float64), (BODY, HEAD))
    known = HeadWords(heads, float(config["head"]))
    return LearnedColumns(model, float(config["sure"]), float(config["told"]), float(config["surer"]), known)
