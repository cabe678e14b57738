"""How alike short texts of two documents are, and which go together one to one. Numbers count as one and the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from extractor.text.view import make_view

Pair = tuple[int, int]
Vectors: TypeAlias = csr_matrix
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_MARKS = re.compile(r"[^\w%‰]|_")
_BLOCK = 256  # rows compared at once, so that memory stays flat
_LEAST = 0.15  # less alike is not worth a look
_PATH = 0.15  # weight of the headings beside the words
_ORDER = 1e-4  # what a place far from the other's costs: decides between equals only


@lru_cache(maxsize=4096)
def squeeze(text: str) -> str:
    """The text without white space and marks, letters in one case and width."""
    return _MARKS.sub("", make_view(text).text).casefold()


def vectors(olds: Sequence[str], news: Sequence[str]) -> tuple[Vectors, Vectors]:
    """A row of length 1 for each text, over pairs of characters weighted by how rare they are in both lists."""
    counts = [Counter(_grams(text)) for text in (*olds, *news)]
    seen = Counter(gram for found in counts for gram in found)
    index = {gram: at for at, gram in enumerate(seen)}
    rarity = np.log((1 + len(counts)) / (1 + np.fromiter(seen.values(), float, len(seen)))) + 1
    starts = np.cumsum([0, *(len(found) for found in counts)])
    columns = np.fromiter((index[gram] for found in counts for gram in found), np.int32, int(starts[-1]))
    values = np.fromiter((n for found in counts for n in found.values()), float, int(starts[-1])) * rarity[columns]
    squares = np.add.reduceat(values**2, starts[:-1]) if len(counts) else np.zeros(0)
    values /= np.repeat(np.sqrt(squares), np.diff(starts))
    made = csr_matrix((values, columns, starts), shape=(len(counts), len(index)))
    return made[: len(olds)], made[len(olds) :]


def below(words: tuple[Vectors, Vectors], paths: tuple[Vectors, Vectors]) -> tuple[Vectors, Vectors]:
    """``words`` with the headings that they stand under; rows are of length 1 again."""
    a, b = (
        csr_matrix(hstack([own, path * np.sqrt(_PATH)]) / np.sqrt(1 + _PATH))
        for own, path in zip(words, paths, strict=True)
    )
    return a, b


def nearest(olds: Vectors, news: Vectors, most: int) -> list[Pair]:
    """For each row of either side the ``most`` rows of the other that are most like it, sorted."""
    return sorted({*_toward(olds, news, most), *((i, j) for j, i in _toward(news, olds, most))})


def cosines(olds: Vectors, news: Vectors, pairs: Sequence[Pair]) -> NDArray[np.float64]:
    """One figure a pair, 0 to 1."""
    if not pairs:
        return np.zeros(0)
    i, j = np.asarray(pairs).T
    found: NDArray[np.float64] = np.asarray(olds[i].multiply(news[j]).sum(axis=1)).ravel()
    return np.minimum(found, 1.0)


def assign(weights: Mapping[Pair, float], n_old: int, n_new: int) -> list[Pair]:
    """One to one so that the sum of ``weights`` (at most 1) is greatest; what gains nothing by it stays alone."""
    if not weights:
        return []
    pairs = np.asarray(sorted(weights))
    worth = np.asarray([weights[i, j] for i, j in pairs.tolist()])
    far = np.abs((pairs[:, 0] + 0.5) / n_old - (pairs[:, 1] + 0.5) / n_new)
    held, rows = np.unique(pairs[:, 0], return_inverse=True)
    alone = np.arange(len(held))
    costs = np.concatenate([2 + _ORDER * (1 + far) - worth, np.full(len(held), 2 + 2 * _ORDER)])
    where = (np.concatenate([rows, alone]), np.concatenate([pairs[:, 1], n_new + alone]))
    graph = csr_matrix((costs, where), shape=(len(held), n_new + len(held)))
    found = zip(*min_weight_full_bipartite_matching(graph), strict=True)
    return [(int(held[row]), int(column)) for row, column in found if column < n_new]


def _grams(text: str) -> list[str]:
    plain = _NUMBER.sub("0", squeeze(text)) or text or " "
    return [plain[at : at + 2] for at in range(max(len(plain) - 1, 1))]


def _toward(a: Vectors, b: Vectors, most: int) -> list[Pair]:
    found: list[Pair] = []
    turned = csr_matrix(b.T)
    for start in range(0, a.shape[0] if b.shape[0] else 0, _BLOCK):
        alike = (a[start : start + _BLOCK] @ turned).toarray()
        kept = np.argsort(-alike, axis=1, kind="stable")[:, :most]
        rows = np.arange(len(alike))[:, None]
        near = alike[rows, kept] > _LEAST
        found += [(start + int(row), int(kept[row, at])) for row, at in zip(*np.nonzero(near), strict=True)]
    return found
