"""What only one of two wordings says, and how much that tells: one more 中医药 measures something else, one more 全年 does
not. How much each word and character tells is learnt; of those never met, nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, hstack

from extractor.archive.bags import Coded, coded, placed
from extractor.archive.wording import Wording

Told = tuple[csr_matrix, ...]  # for each of ``kinds`` a row of ones for each wording, over the known codes
STATES = 3


def kinds(wordings: Sequence[Wording]) -> tuple[Coded, ...]:
    """Words, characters, the last word, the first: each kind with codes of its own."""
    return (
        coded([[f"w{word}" for word in each.words] for each in wordings]),
        coded([[f"c{char}" for char in each.core] for each in wordings]),
        coded([[f"<{each.words[-1]}"] for each in wordings]),
        coded([[f">{each.words[0]}"] for each in wordings]),
    )


def told(wordings: Sequence[Wording], codes: np.ndarray) -> Told:
    """What the wordings say of ``codes`` (ascending)."""
    return tuple(placed(kind, len(wordings), codes) for kind in kinds(wordings))


@dataclass(frozen=True, slots=True)
class Leftovers:
    """``weights`` (codes, ``STATES``): of a code that one side has and the other, saying nothing more, has not; that one
    side has where the other says something else instead; that both have.
    """

    codes: np.ndarray
    weights: np.ndarray

    def score(self, said: Told, i: np.ndarray, j: np.ndarray) -> np.ndarray:
        """Log-odds of pairs of rows, (pairs,); as ``columns(said, i, j)`` times the weights, without making them."""
        made = np.zeros(len(i))
        for rows in said:
            both, one, other = _parts(rows, i, j)
            common, sums = both @ self.weights, rows @ self.weights
            alone = sums[i] + sums[j] - 2 * common
            made += np.where(_bare(both, one, other), alone[:, 0], alone[:, 1]) + common[:, 2]
        return made


def columns(said: Told, i: np.ndarray, j: np.ndarray) -> csr_matrix:
    """What a linear model learns the weights from: (pairs, codes × ``STATES``), state by state."""
    made = [csr_matrix((len(i), STATES * said[0].shape[1]))]
    for rows in said:
        both, one, other = _parts(rows, i, j)
        alone, bare = one + other - 2 * both, _bare(both, one, other)
        made.append(hstack([alone.multiply(bare[:, None]), alone.multiply(~bare[:, None]), both]))
    return csr_matrix(sum(made[1:], made[0]))


def _parts(rows: csr_matrix, i: np.ndarray, j: np.ndarray) -> tuple[csr_matrix, csr_matrix, csr_matrix]:
    one, other = rows[i], rows[j]
    return csr_matrix(one.multiply(other)), one, other


def _bare(both: csr_matrix, one: csr_matrix, other: csr_matrix) -> np.ndarray:
    """Whether one of the two says nothing that the other does not."""
    common, left, right = (np.asarray(each.sum(axis=1)).ravel() for each in (both, one, other))
    made: np.ndarray = common >= np.minimum(left, right)
    return made
