"""What only one of two wordings says: by words and characters, and by whether the other says something else instead."""

from __future__ import annotations

import numpy as np
import pytest

from extractor.archive.leftovers import STATES, Leftovers, columns, kinds, told
from extractor.archive.wording import wording

METRICS = ("老年人健康管理率", "老年人中医药健康管理率", "儿童健康管理率", "森林覆盖率", "老年人健康管理率")
CODES = np.unique(np.concatenate([codes for _, codes in kinds([wording(each) for each in METRICS])]))
SAID = told([wording(each) for each in METRICS], CODES)
LEFT, RIGHT = np.array([0, 0, 0, 0]), np.array([1, 2, 3, 4])


def score(weights: np.ndarray, i: np.ndarray = LEFT, j: np.ndarray = RIGHT) -> list[float]:
    found: list[float] = Leftovers(CODES, weights).score(SAID, i, j).tolist()
    return found


def only(state: int) -> np.ndarray:
    """Every code counts one, in one state only."""
    made = np.zeros((len(CODES), STATES))
    made[:, state] = 1.0
    return made


def test_score_is_columns_times_weights_whichever_comes_first() -> None:
    weights = np.random.default_rng(1).normal(size=(len(CODES), STATES))
    wanted = columns(SAID, LEFT, RIGHT) @ weights.T.ravel()
    assert score(weights) == pytest.approx(wanted)
    assert score(weights, RIGHT, LEFT) == pytest.approx(wanted)


def test_more_is_told_apart_from_something_else() -> None:
    bare, instead, both = (score(only(state)) for state in range(STATES))
    assert bare[0] > 0 and instead[0] == 0  # 中医药 on one side, nothing on the other
    assert instead[1] > 0  # 老年人 against 儿童
    assert bare[3] == instead[3] == 0 and both[3] == both[0] > both[2]


def test_what_was_never_met_tells_nothing() -> None:
    few = CODES[:0]
    assert (
        Leftovers(few, np.zeros((0, STATES)))
        .score(told([wording(each) for each in METRICS], few), LEFT, RIGHT)
        .tolist()
        == [0] * 4
    )
