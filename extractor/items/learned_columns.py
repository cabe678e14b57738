"""Columns whose headers no rule knows, told by a linear model on header words and cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from extractor.items.column_features import column_features, head_parts
from extractor.items.columns import KNOWN, YEAR, Column, Kind, read_columns
from extractor.items.parts import ColumnReader
from extractor.items.table_grid import Grid
from extractor.learned.artifacts import Artifact
from extractor.learned.linear import Linear
from extractor.text.brackets import Role

# Roles that say the same of a record's shape: the model never moves a column the rules know from one to the other.
_ALIKE = ({"group", "soft", "hard", "place", "plain"}, {"notes", "blank", "plain"}, {"target", "baseline", "plain"})


@dataclass(frozen=True, slots=True)
class LearnedColumns:
    """How probable a role must be to be believed. ``sure``: where the rules say nothing; ``told``: where they went by
    the cells alone; ``surer``: where a rule knows the header and says otherwise (above 1: never).
    """

    model: Linear
    sure: float
    told: float
    surer: float

    def __call__(self, grid: Grid) -> tuple[Column, ...]:
        columns = read_columns(grid)
        return tuple(self._read(grid, columns, column) for column in columns)

    def _read(self, grid: Grid, columns: Sequence[Column], column: Column) -> Column:
        known = knows_head(grid, column)
        asked = self.surer if known else self.sure if column.kind == "plain" else self.told
        if not column.filled or not column.head or asked > 1:
            return column
        said = self.model.probabilities(column_features(grid, columns, column.index))
        label = max(said, key=said.__getitem__)
        if said[label] < asked or (known and _alike(label, column)):
            return column
        return as_label(column, label)


def knows_head(grid: Grid, column: Column) -> bool:
    """Whether a rule told the column's role from its header."""
    return column.kind != "plain" and any(KNOWN.search(part) for part in head_parts(grid, column.index))


def label_of(column: Column) -> str:
    """The role as one word: ``hard``, ``who_lead``; a who column whose cells tell is a ``who_duty``."""
    return f"who_{column.role or 'duty'}" if column.kind == "who" else column.kind


def as_label(column: Column, label: str) -> Column:
    """The column with the role ``label``, and what goes with it; ``plain`` says nothing new."""
    kind, _, role = label.partition("_")
    if label in ("plain", label_of(column)):
        return column
    year = YEAR.search(column.head)
    changed = replace(
        column, kind=cast(Kind, kind), role=cast(Role, role) if role else None, tier=None, dated=False, rubric=False
    )
    if kind == "tier":
        return replace(changed, tier=column.head.rsplit("/", 1)[-1])
    if kind in ("target", "baseline"):
        return replace(changed, year=column.year or (int(year[0]) if year else None))
    return changed


def _alike(label: str, column: Column) -> bool:
    return any(label in kinds and column.kind in kinds for kinds in _ALIKE)


def load(artifact: Artifact) -> ColumnReader:
    """The reader that a trained component makes; see ``training.recipes.columns``."""
    config = artifact.config
    model = Linear.from_arrays(artifact.arrays(), config["classes"])
    return LearnedColumns(model, float(config["sure"]), float(config["told"]), float(config["surer"]))
