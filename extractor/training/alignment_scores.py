"""How good the alignment is: pairs and whole clusters against the labels, beside the cosine of characters alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from extractor.archive.clusters import align
from extractor.archive.matching import Matcher
from extractor.learned.calibration import expected_calibration_error
from extractor.training.alignment_data import PAIRS, TEST, TUNE, Labelled, Pair, read_pairs, read_series, series_pairs

SERIES, POOLED = "series", "pooled"
Figures = Mapping[str, Any]


def measure(root: Path, matcher: Matcher) -> Figures:
    """The test half: by set the model's figures and the cosine's, whose threshold is the best on the tuning half of the
    same set; and the clusters of the series' test families.
    """
    tune, test = (_labelled_pairs(root, split) for split in (TUNE, TEST))
    chances = matcher.probability([(pair.a, pair.b) for pair in test])
    series = read_series(root, TEST)
    return {
        "model": pair_figures(chances, *_told(test)),
        "cosine": _cosine_figures(tune, test),
        "clusters": cluster_figures(series, _groups(series, matcher)),
        "families": sorted({each.family for each in series}),
    }


def pair_figures(chances: np.ndarray, same: np.ndarray, kind: np.ndarray) -> dict[str, dict[str, float]]:
    """By set precision, recall and F1 (percent) of what is called the same from one half on, and the calibration error."""
    made = {}
    for name, inside in _sets(kind).items():
        made[name] = _figures(chances[inside] >= 0.5, same[inside]) | {
            "ece": 100 * expected_calibration_error(chances[inside], same[inside]),
            "pairs": int(inside.sum()),
            "same": int(same[inside].sum()),
        }
    return made


def cluster_figures(found: Sequence[Labelled], groups: Sequence[int]) -> dict[str, float]:
    """B-cubed (Bagga and Baldwin, 1998) and F1 over pairs, percent."""
    told = [each.indicator for each in found]
    both, ours, theirs = Counter(zip(groups, told, strict=True)), Counter(groups), Counter(told)
    shares = [
        (both[group, slug] / ours[group], both[group, slug] / theirs[slug])
        for group, slug in zip(groups, told, strict=True)
    ]
    precision, recall = (100 * float(np.mean(each)) for each in zip(*shares, strict=True))
    hit, made, wanted = (sum(n * (n - 1) / 2 for n in each.values()) for each in (both, ours, theirs))
    return {
        "observations": len(found), "indicators": len(theirs), "clusters": len(ours),
        "b3_precision": precision, "b3_recall": recall, "b3_f1": 2 * precision * recall / (precision + recall),
        "pairs_f1": 100 * 2 * hit / (made + wanted),
    }  # fmt: skip


def _labelled_pairs(root: Path, split: str) -> list[Pair]:
    pairs = [pair for pair in read_pairs(root, split) if pair.kind == PAIRS]
    return [*pairs, *series_pairs(read_series(root, split))]


def _told(pairs: Sequence[Pair]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([pair.same for pair in pairs]), np.array([pair.kind for pair in pairs])


def _sets(kind: np.ndarray) -> dict[str, np.ndarray]:
    alone = {str(name): kind == name for name in sorted(set(kind.tolist())) if name != PAIRS}
    return {PAIRS: kind == PAIRS, SERIES: kind != PAIRS, POOLED: np.ones(len(kind), dtype=bool), **alone}


def _figures(said: np.ndarray, same: np.ndarray) -> dict[str, float]:
    hit = float((said & same).sum())
    precision, recall = hit / max(1.0, float(said.sum())), hit / max(1.0, float(same.sum()))
    f1 = 2 * hit / max(1.0, float(said.sum() + same.sum()))
    return {"precision": 100 * precision, "recall": 100 * recall, "f1": 100 * f1}


def _cosine_figures(tune: Sequence[Pair], test: Sequence[Pair]) -> dict[str, dict[str, float]]:
    """Of one- and two-character grams weighted by how rare they are; the threshold by set from the tuning half."""
    grams = TfidfVectorizer(analyzer="char", ngram_range=(1, 2)).fit(
        sorted({each.metric for pair in tune for each in (pair.a, pair.b)})
    )
    (tuned, same, kind), (tested, wanted, tested_kind) = (
        (_cosines(grams, pairs), *_told(pairs)) for pairs in (tune, test)
    )
    made = {}
    for name in (PAIRS, SERIES, POOLED):
        inside, held = _sets(kind)[name], _sets(tested_kind)[name]
        steps = np.linspace(0.0, 1.0, 201)
        best = max(steps, key=lambda step: _figures(tuned[inside] >= step, same[inside])["f1"])
        made[name] = _figures(tested[held] >= best, wanted[held]) | {"threshold": float(best)}
    return made


def _cosines(grams: TfidfVectorizer, pairs: Sequence[Pair]) -> np.ndarray:
    left = grams.transform([pair.a.metric for pair in pairs])
    right = grams.transform([pair.b.metric for pair in pairs])
    return np.asarray(left.multiply(right).sum(axis=1)).ravel()


def _groups(found: Sequence[Labelled], matcher: Matcher) -> list[int]:
    """The cluster of each observation, of all families aligned at once."""
    made: dict[str, int] = defaultdict(int)
    for number, indicator in enumerate(align([each.observation for each in found], (), matcher)):
        made.update(dict.fromkeys(indicator.members, number))
    return [made[each.observation.id] for each in found]
