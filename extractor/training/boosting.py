"""Boosted trees trained by scikit-learn, taken apart into the plain arrays that ``learned.trees`` runs."""

from __future__ import annotations

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from extractor.errors import ConfigError
from extractor.learned.artifacts import Arrays
from extractor.training.recipe import SEED


def boosted(
    rows: np.ndarray, right: np.ndarray, *, weights: np.ndarray | None = None, trees: int = 150, leaves: int = 12
) -> Arrays:
    """Trees that give the chance of ``right`` (0 or 1) for ``rows`` (n, features), as arrays of ``Trees``.

    Raises ``ConfigError`` where all are right, or none is.
    """
    if not (right > 0).any() or (right > 0).all():
        raise ConfigError(
            "训练文件中要既有读对的又有读错的，才学得会 / nothing to learn: all that was read is right, or all is wrong"
        )
    model = HistGradientBoostingClassifier(
        max_iter=trees, learning_rate=0.05, max_leaf_nodes=leaves, min_samples_leaf=20, l2_regularization=1.0,
        early_stopping=False, random_state=SEED,
    )  # fmt: skip
    model.fit(rows, right, sample_weight=weights)
    parts = [stage[0].nodes for stage in model._predictors]
    starts = np.cumsum([0, *(len(nodes) for nodes in parts)])[:-1]
    leaf = np.concatenate([nodes["is_leaf"].astype(bool) for nodes in parts])
    shift = np.concatenate([np.full(len(nodes), start) for nodes, start in zip(parts, starts, strict=True)])
    whole = {name: np.concatenate([nodes[name] for nodes in parts]) for name in parts[0].dtype.names}
    return {
        "feature": np.where(leaf, -1, whole["feature_idx"]).astype(np.int16),
        "threshold": whole["num_threshold"].astype(np.float64),
        "left": (whole["left"] + shift).astype(np.int32),
        "right": (whole["right"] + shift).astype(np.int32),
        "value": np.where(leaf, whole["value"], 0.0).astype(np.float32),
        "roots": starts.astype(np.int32),
        "base": np.array([float(model._baseline_prediction.ravel()[0])]),
        "depth": np.array([int(whole["depth"].max())]),
    }


def prefixed(arrays: Arrays, prefix: str) -> Arrays:
    """The same arrays under longer names, so that several models share one file."""
    return {f"{prefix}{name}": value for name, value in arrays.items()}
