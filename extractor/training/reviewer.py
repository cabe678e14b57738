"""A scripted reviewer: how many inputs it takes to make a draft what the gold says.

An input is a key, a click or a drag; typed words count by their characters. What each act takes was measured in the
workspace (docs/workspace.md, its table of inputs):

| act | inputs |
|---|---|
| accept a record | 1 |
| reject an extra record, remove an element too many | 1 |
| set a field from words of the document (key, drag), or from a vocabulary (key, digit) | 2 |
| a metric whose words do not stand in the document in one piece | 2, and 1 a character |
| add an element: its first word makes it | 2; a target 4, its metric is named too |
| add a missed record (drag, key) | 2, and 2 for each of its deadlines and names, 4 for each target |
| accept in bulk all whose confidence is above the threshold (key, confirmation) | 2 a document, unread |

A missed record is often read right from the selection; that all its fields are set by hand is the upper bound.
Errors in what is accepted unread stay, and are counted as ``left``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from extractor.training.likeness import Fields, metric_right, optional_among, squeeze
from extractor.training.rightness import Judged, judge
from extractor.training.scoring import keys
from extractor.training.traces import Trace

ACCEPT = REJECT = REMOVE = 1
SET = ADD = 2
ADD_TARGET = 4
BULK = 2
NEVER = math.inf  # the threshold of a reviewer who reads everything
TOLERATED = 0.02  # errors among what is accepted unread
_OWN = ("text", "path", "kind", "points", "tier", "per_occurrence")
_OF_TARGET = ("op", "value", "unit", "per", "due")


@dataclass(frozen=True, slots=True)
class Cost:
    """Of reviewing: ``inputs`` for ``records`` approved, ``unread`` of them in bulk and ``left`` of those wrong; of the
    inputs ``typed`` are characters of metrics.
    """

    inputs: int = 0
    records: int = 0
    unread: int = 0
    left: int = 0
    typed: int = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    @property
    def per_record(self) -> float:
        """NaN where there is no record."""
        return self.inputs / self.records if self.records else math.nan


def answers(judged: Sequence[Judged]) -> list[bool]:
    """For each record made whether it could be accepted as it is; what the gold leaves open could."""
    return [(each.whole if each.measured is None else each.measured) is not False for each in judged]


def review(trace: Trace, threshold: float = NEVER) -> Cost:
    """Of one document, drafted as in ``trace``, by the confidences there."""
    return review_with(trace, [each.record.confidence for each in trace.made], threshold)


def review_with(trace: Trace, confidences: Sequence[float], threshold: float) -> Cost:
    """The same by other ``confidences``, one for each record made."""
    judged = judge(trace.example.gold, trace.output)
    right = answers(judged)
    unread = [at for at, said in enumerate(confidences) if said >= threshold]
    if len(unread) <= BULK:
        unread = []  # as many keys one by one, and they are read
    skipped = set(unread)
    text = squeeze(trace.document.text)
    golds, mades = trace.example.gold["records"], trace.output["records"]
    inputs, typed = BULK * bool(unread), 0
    for at, one in enumerate(judged):
        if at not in skipped and right[at]:
            inputs += ACCEPT
        elif at not in skipped:
            inputs += _mending(golds, mades[at], one)
            typed += 0 if one.gold is None else _typed(golds[one.gold], mades[at], text)
    partners = {each.gold for each in judged if each.gold is not None}
    missed = [gold for at, gold in enumerate(golds) if at not in partners and not gold.get("optional")]
    inputs += sum(_adding(gold) for gold in missed)
    typed += sum(_typed(gold, {}, text) for gold in missed)
    kept = sum(each.gold is not None or each.whole is not False for each in judged)
    return Cost(inputs + typed, kept + len(missed), len(unread), sum(not right[at] for at in unread), typed)


def accept_threshold(said: Sequence[float], right: Sequence[bool], tolerated: float = TOLERATED) -> float:
    """The lowest confidence from which on records may be accepted unread, by those whose truth is known; ``NEVER``
    where they are too few to say. The share of errors is estimated by the rule of succession, (errors + 1) / (n + 2):
    at 2 % it takes 48 records without an error before any is accepted unread.
    """
    errors, found = 0, NEVER
    ranked = sorted(zip(said, right, strict=True), key=lambda pair: -pair[0])
    for at, (sure, is_right) in enumerate(ranked):
        errors += not is_right
        last_of_equals = at + 1 == len(ranked) or ranked[at + 1][0] < sure
        if last_of_equals and (errors + 1) / (at + 3) <= tolerated:
            found = sure
    return found


def _mending(golds: Sequence[Fields], made: Fields, judged: Judged) -> int:
    if judged.gold is None:
        return REJECT
    gold = golds[judged.gold]
    own = sum(SET for name in _OWN if judged.fields.get(name) is False)
    lists = sum(_list(gold, made, name) for name in ("deadlines", "responsible"))
    return ACCEPT + own + lists + _targets(gold, made, judged)


def _list(gold: Fields, made: Fields, name: str) -> int:
    if optional_among(gold.get(name)):
        return 0
    asked, given = keys(gold, name), keys(made, name)
    missing, extra = len(asked - given), len(given - asked)
    return SET * missing + REMOVE * max(0, extra - missing)  # one too many is turned into one that is missing


def _targets(gold: Fields, made: Fields, judged: Judged) -> int:
    wanted = _wanted(gold)
    given = made.get("targets") or ()
    strange = [n for n in range(len(given)) if _all_wrong(judged, n)]
    missing = max(0, len(wanted) - (len(given) - len(strange)))
    inputs = ADD_TARGET * missing + REMOVE * max(0, len(strange) - missing)
    for n in set(range(len(given))) - set(strange):
        inputs += sum(SET for name in _OF_TARGET if judged.fields.get(f"targets/{n}/{name}") is False)
    inputs += SET * max(0, len(_unnamed(gold, made)) - missing)
    known = {each.get("baseline") for each in given}
    return inputs + sum(SET for each in wanted if each.get("baseline") and each["baseline"] not in known)


def _typed(gold: Fields, made: Fields, text: str) -> int:
    """Characters of metrics that have to be typed."""
    return sum(len(each["metric"]) for each in _unnamed(gold, made) if squeeze(each["metric"]) not in text)


def _unnamed(gold: Fields, made: Fields) -> list[Fields]:
    """Targets of the gold whose metric no target made has."""
    given = made.get("targets") or ()
    return [each for each in _wanted(gold) if not any(metric_right(each, one.get("metric"), gold) for one in given)]


def _wanted(gold: Fields) -> list[Fields]:
    return [each for each in gold.get("targets") or () if not each.get("optional")]


def _all_wrong(judged: Judged, n: int) -> bool:
    said = [judged.fields.get(f"targets/{n}/{name}") for name in ("metric", *_OF_TARGET)]
    return all(each is False for each in said)


def _adding(gold: Fields) -> int:
    lists = sum(len(gold.get(name) or ()) for name in ("deadlines", "responsible"))
    return ADD + ADD * lists + ADD_TARGET * len(gold.get("targets") or ())
