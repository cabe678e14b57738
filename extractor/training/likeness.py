"""How alike two fields are, in the eyes of the figures: spacing, forms of punctuation and scales of units aside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np

Fields = Mapping[str, Any]  # a record, target, deadline or name in the contract's shape; gold may leave fields out
Amount = tuple[float | str | None, float | str | None, str]

METRIC_ALIKE = 0.75
SCOPE_ALIKE = 0.7
BASELINE_ALIKE = 0.6
_HOPELESS = 0.25  # with no more characters in common than this, order is not looked at

_SPACE = re.compile(r"\s+")
_FORMS = str.maketrans("，；：％“”‘’（〔[【）〕]】", ",;:%\"\"''(((())))")
_EDGE, _PATH_EDGE = "。,;.、\"'", "。,;.:\"'"
_SAME_UNIT = {"百分点": "个百分点", "㎡": "平方米", "m2": "平方米", "平米": "平方米"}
_SCALES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_SCALE_WORDS = re.compile(r"(?:[十百千](?=.)|[万亿])*")  # 十 alone is a unit, 万 alone a scale of nothing


@lru_cache(maxsize=1 << 16)
def squeeze(words: str | None) -> str:
    """Without white space and with one form for each punctuation mark; "" for None."""
    return _SPACE.sub("", words).translate(_FORMS) if words else ""


def likeness(gold: str | None, made: str | None) -> float:
    """0…1: the share of characters that stand in both in the same order (Ratcliff & Obershelp), ends trimmed.

    Not symmetric to the last digit: gold goes first.
    """
    return _ordered(core(gold), core(made))


def core(words: str | None) -> str:
    """What ``likeness`` compares of the words."""
    return squeeze(words).strip(_EDGE)


@lru_cache(maxsize=1 << 17)
def _ordered(gold: str, made: str) -> float:
    if gold == made:
        return 1.0
    shared = sum((Counter(gold) & Counter(made)).values())
    if 2.0 * shared / (len(gold) + len(made)) <= _HOPELESS:
        return 0.0
    return SequenceMatcher(None, gold, made, autojunk=False).ratio()


def ceilings(golds: Sequence[str | None], mades: Sequence[str | None]) -> np.ndarray:
    """(golds, mades): what ``likeness`` of each two can be at most, by the characters they share in any order.

    Thousands of times faster than the likeness itself, which so is asked of few pairs only.
    """
    rows, columns = [core(words) for words in golds], [core(words) for words in mades]
    slots = {char: at for at, char in enumerate(dict.fromkeys("".join(columns)))}
    counts = np.zeros((len(slots), len(columns)), dtype=np.int32)
    for at, words in enumerate(columns):
        for char, count in Counter(words).items():
            counts[slots[char], at] = count
    lengths = np.array([len(words) for words in columns], dtype=np.int64)
    most = np.zeros((len(rows), len(columns)))
    for at, words in enumerate(rows):
        own = {slots[char]: count for char, count in Counter(words).items() if char in slots}
        each = np.fromiter(own.values(), dtype=np.int32, count=len(own))
        shared = np.minimum(counts[list(own)], each[:, None]).sum(axis=0)
        both = lengths + len(words)
        most[at] = np.where(both == 0, 1.0, 2.0 * shared / np.maximum(both, 1))
    return most


def number(value: object, scale: int = 1) -> float | str | None:
    """In one scale, to three places; None for None, and the words themselves where they are no number."""
    if value is None:
        return None
    try:
        return round(float(value) * scale, 3)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return str(value)


def amount(target: Fields) -> Amount:
    """(value, upper, unit): 1000万元 is 10000000元, 三成 is 30 %, ㎡ is 平方米."""
    unit, scale = _unit(target.get("unit"))
    return number(target.get("value"), scale), number(target.get("upper"), scale), unit


@lru_cache(maxsize=1 << 12)
def _unit(printed: str | None) -> tuple[str, int]:
    """A unit and what its scale words multiply by."""
    words = squeeze(printed)
    words = _SAME_UNIT.get(words, words)
    found = _SCALE_WORDS.match(words)
    taken = found.group() if found else ""
    unit = words[len(taken) :]
    if unit == "成":
        return "%", 10
    return unit, prod(_SCALES[word] for word in taken)


def path_key(record: Fields) -> tuple[str, ...]:
    """The path as it is compared."""
    return tuple(squeeze(part).strip(_PATH_EDGE) for part in record.get("path") or ())


def deadline_key(deadline: Fields) -> tuple[object, ...]:
    """The days and the rhythm: what is printed may differ."""
    return deadline.get("start"), deadline.get("end"), deadline.get("recurrence")


def name_key(who: Fields) -> tuple[object, ...]:
    """Name and role as they are compared."""
    return squeeze(who.get("name")), who.get("role")


def optional_among(fields: Iterable[object] | None) -> bool:
    """Whether one of them is ``optional``, so that two careful readers may differ over the list."""
    return any(isinstance(each, Mapping) and bool(each.get("optional")) for each in fields or ())


def same(gold: Fields, made: Fields, name: str) -> bool:
    """Whether both have the same word or date in the field, or both none."""
    return (gold.get(name) or None) == (made.get(name) or None)


def metric_right(gold_target: Fields, metric: str | None, gold_record: Fields) -> bool:
    """Whether ``metric`` names what ``gold_target`` does: alike by 0.75, and no more like the metric of another
    target of ``gold_record`` (农村 for 城市).
    """
    own = likeness(gold_target["metric"], metric)
    if own < METRIC_ALIKE:
        return False
    return all(likeness(other["metric"], metric) <= own for other in gold_record.get("targets") or ())


def target_right(gold_target: Fields, made: Fields, gold_record: Fields) -> bool:
    """Value, unit, comparator, period and metric, and the scope where the gold record has the metric for several.
    The date is a figure of its own.
    """
    if made.get("op") != gold_target["op"] or not same(gold_target, made, "per") or amount(gold_target) != amount(made):
        return False
    if not metric_right(gold_target, made.get("metric"), gold_record):
        return False
    return not _scope_matters(gold_target, gold_record) or (
        likeness(gold_target.get("scope"), made.get("scope")) >= SCOPE_ALIKE
    )


def _scope_matters(target: Fields, record: Fields) -> bool:
    """Whether the record has the same metric for other places, as the row of a quota table does."""
    metric, scope = squeeze(target["metric"]), squeeze(target.get("scope"))
    return any(
        squeeze(other["metric"]) == metric and squeeze(other.get("scope")) != scope
        for other in record.get("targets") or ()
    )


def targets_agree(gold: Fields, made: Fields) -> bool:
    """Whether the targets of two records are right one by one with their dates, none too many, optional ones aside."""
    dated = not optional_among(gold.get("deadlines"))
    left = list(made.get("targets") or ())
    wanted = gold.get("targets") or ()
    for target in (each for each in wanted if not each.get("optional")):
        fit = [at for at, each in enumerate(left) if _fits(target, each, gold, dated)]
        if not fit:
            return False
        del left[fit[0]]
    for target in (each for each in wanted if each.get("optional")):
        fit = [at for at, each in enumerate(left) if _fits(target, each, gold, dated)]
        fit = fit or [at for at, each in enumerate(left) if amount(each) == amount(target)]
        if fit:
            del left[fit[0]]
    return not left


def _fits(target: Fields, made: Fields, record: Fields, dated: bool) -> bool:
    return target_right(target, made, record) and (not dated or same(target, made, "due"))


def baselines_agree(gold: Fields, made: Fields) -> bool:
    """Whether each baseline of the gold record is given by some target of the other, alike by 0.6."""
    given = [target.get("baseline") for target in made.get("targets") or ()]
    return all(
        any(likeness(target["baseline"], each) >= BASELINE_ALIKE for each in given)
        for target in gold.get("targets") or ()
        if target.get("baseline") and not target.get("optional")
    )
