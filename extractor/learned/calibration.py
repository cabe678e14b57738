"""From scores to probabilities that hold: isotonic regression as its knots (Zadrozny & Elkan, KDD 2002)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Isotonic:
    """Scores ``knots`` (rising) and the share right at each (rising); between them straight lines."""

    knots: np.ndarray
    shares: np.ndarray


def expected_calibration_error(said: np.ndarray, right: np.ndarray, bins: int = 10) -> float:
    """Mean distance of confidence and share right over ``bins`` of equal width, weighted by how many fall in each
    (Guo et al., ICML 2017). ``said`` in 0…1, ``right`` 0 or 1, both of shape (n,).
    """
    if len(said) == 0:
        return 0.0
    at = np.minimum((said * bins).astype(int), bins - 1)
    total = 0.0
    for each in range(bins):
        here = at == each
        if here.any():
            total += here.sum() * abs(float(said[here].mean()) - float(right[here].mean()))
    return total / len(said)
