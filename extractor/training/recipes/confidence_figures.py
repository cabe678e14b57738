"""What confidence on documents held out is worth: calibration, precision, and how much needs no reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from extractor.learned.calibration import expected_calibration_error
from extractor.training.traces import Trace

LIMITS = (0.02, 0.05)  # share of mistakes among records accepted unread
RECALLS = (0.8, 0.9, 0.95)
COVERAGES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0)
PROSE = 0.1  # of a document's records that stand in tables, at most, for it to be prose
_LEAST = 20  # records on which a threshold may rest
POOLED = "pooled"


@dataclass(frozen=True, slots=True)
class Held:
    """One family, each array by sample: ``said`` the calibrated confidence of models that did not see the sample's
    document, ``right`` 0 or 1, ``fold``, ``owner`` the document's index, ``paired`` whether its record has a partner in
    the gold, ``rules`` what the heuristic says. ``where``: its group.
    """

    said: np.ndarray
    right: np.ndarray
    fold: np.ndarray
    owner: np.ndarray
    paired: np.ndarray
    rules: np.ndarray
    where: tuple[str, ...]

    def groups(self) -> dict[str, np.ndarray]:
        """Name to mask: all of them first."""
        names = np.array(self.where)
        return {POOLED: np.ones(len(names), dtype=bool), **{name: names == name for name in sorted(set(self.where))}}


def told(
    families: Mapping[str, Held], tried: Mapping[str, Held], traces: Sequence[Trace], whole: str, found: str
) -> dict[str, Any]:
    """``tried``: the record's own by the weight of tuned documents; ``whole`` and ``found`` name the families that say
    whether all of a record is right, and whether it is one.
    """
    return {
        "documents": len(traces),
        "records": {name: _of_records(families[whole], mask) for name, mask in families[whole].groups().items()},
        "fields": {name: _of_field(held) for name, held in families.items() if name != whole},
        "indicator": indicator(families[found], traces),
        "weights": {
            weight: {name: _rounded(expected_calibration_error(held.said[mask], held.right[mask])) for name, mask in held.groups().items()}
            for weight, held in tried.items()
        },
    }  # fmt: skip


def _of_records(held: Held, mask: np.ndarray) -> dict[str, Any]:
    said, right = held.said[mask], held.right[mask]
    return {
        "records": len(said),
        "right": _rounded(right.mean()) if len(right) else None,
        "ece": _rounded(expected_calibration_error(said, right)),
        "ece_rules": _rounded(expected_calibration_error(held.rules[mask], right)),
        "reliability": reliability(said, right),
        "accepted": {f"{limit:.2f}": accepted(said, right, held.fold[mask], limit) for limit in LIMITS},
        "curve": curve(said, right),
        "curve_rules": curve(held.rules[mask], right),
    }


def _of_field(held: Held) -> dict[str, Any]:
    return {
        "samples": len(held.said),
        "wrong": int(len(held.right) - held.right.sum()),
        "ece": {
            name: _rounded(expected_calibration_error(held.said[mask], held.right[mask]))
            for name, mask in held.groups().items()
        },
    }


def reliability(said: np.ndarray, right: np.ndarray, bins: int = 10) -> list[dict[str, float]]:
    """For each bin of equal width that holds any: from where, how many, the mean said, the share right."""
    at = np.minimum((said * bins).astype(int), bins - 1)
    return [
        {"from": each / bins, "count": int(here.sum()), "said": _rounded(said[here].mean()), "right": _rounded(right[here].mean())}
        for each in range(bins)
        if (here := at == each).any()
    ]  # fmt: skip


def accepted(said: np.ndarray, right: np.ndarray, fold: np.ndarray, limit: float) -> dict[str, float | int | None]:
    """The share at or above a threshold, and the mistakes among them. The threshold of each fold is the lowest at which
    the other folds keep to ``limit``.
    """
    taken = np.zeros(len(said), dtype=bool)
    for each in np.unique(fold):
        here = fold == each
        taken[here] = said[here] >= threshold(said[~here], right[~here], limit)
    return {
        "share": _rounded(taken.mean()) if len(taken) else 0.0,
        "error": _rounded(1 - right[taken].mean()) if taken.any() else None,
        "records": int(taken.sum()),
    }


def threshold(said: np.ndarray, right: np.ndarray, limit: float) -> float:
    """The lowest confidence from which on at most ``limit`` are wrong; above 1 where there is none."""
    order = np.argsort(-said, kind="stable")
    ranked = said[order]
    errors = np.cumsum(1 - right[order]) / np.arange(1, len(order) + 1)
    last = np.append(ranked[1:] < ranked[:-1], True)[: len(ranked)]  # equal ones are taken together
    good = np.flatnonzero(last & (errors <= limit) & (np.arange(1, len(order) + 1) >= _LEAST))
    return float(ranked[good[-1]]) if len(good) else 2.0


def curve(said: np.ndarray, right: np.ndarray) -> list[dict[str, float]]:
    """The share wrong among the surest, for growing shares of all."""
    if not len(said):
        return []
    wrong = 1 - right[np.argsort(-said, kind="stable")]
    counts = [(share, max(round(share * len(wrong)), 1)) for share in COVERAGES]
    return [{"share": share, "wrong": _rounded(wrong[:count].mean())} for share, count in counts]


def indicator(held: Held, traces: Sequence[Trace]) -> dict[str, Any]:
    """Precision of records by confidence that they are some, in documents of prose; recall counts the missed ones too."""
    groups = dict(zip(held.owner.tolist(), held.where, strict=True))
    prose = {at for at in groups if is_prose(traces[at])}
    made: dict[str, Any] = {}
    for name in (POOLED, *sorted(set(groups.values()))):
        among = {at for at in prose if name in (POOLED, groups[at])}
        here = np.array([owner in among for owner in held.owner.tolist()], dtype=bool)
        if here.any():
            wanted = sum(_wanted(traces[at]) for at in sorted(among))
            made[name] = _precision(held.said[here], held.paired[here], wanted) | {"documents": len(among)}
    return made


def is_prose(trace: Trace) -> bool:
    """Whether hardly any of its records stands in a table."""
    tables = sum(each.item.origin in ("table", "quota") for each in trace.made)
    return tables <= PROSE * len(trace.made)


def _wanted(trace: Trace) -> int:
    """Gold records that must be found: optional ones aside."""
    return sum(not gold.get("optional") for gold in trace.example.gold["records"])


def _precision(said: np.ndarray, paired: np.ndarray, wanted: int) -> dict[str, Any]:
    order = np.argsort(-said, kind="stable")
    hits = np.cumsum(paired[order])
    found: dict[str, Any] = {"recall": _rounded(hits[-1] / max(wanted, 1)), "precision": _rounded(paired.mean())}
    for recall in RECALLS:
        at = int(np.searchsorted(hits, recall * wanted))
        found[f"at {recall:.2f}"] = _rounded(hits[at] / (at + 1)) if at < len(hits) else None
    return found


def _rounded(value: float) -> float:
    return round(float(value), 4)
