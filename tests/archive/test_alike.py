"""How alike short texts are, and which go together."""

from __future__ import annotations

import random

import numpy as np
import pytest

from extractor.archive.alike import Pair, assign, below, cosines, nearest, squeeze, vectors


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("新增床位 500张。", "新增床位500张", id="white space and marks"),
        pytest.param("达到９５％", "达到95%", id="width"),
        pytest.param("PM2.5浓度", "pm2.5浓度", id="case"),
    ],
)
def test_squeezed_alike(one: str, other: str) -> None:
    assert squeeze(one) == squeeze(other)


def alike(one: str, other: str, *rest: str) -> float:
    return float(cosines(*vectors([one, *rest], [other]), [(0, 0)])[0])


def test_numbers_and_years_make_no_difference() -> None:
    assert alike("2023年新增床位500张", "2024年新增床位1000张") == pytest.approx(1)
    assert alike("护理型床位占比达到55%", "社会组织年检率达到55%") < 0.4


def test_words_that_all_texts_share_count_less() -> None:
    rest = [f"持续推进{thing}工作" for thing in ("养老", "殡葬", "救助", "婚姻", "社工")]
    assert alike("持续推进养老工作", "持续推进婚姻工作", *rest) < alike("持续推进养老工作", "持续推进婚姻工作")


@pytest.mark.parametrize("text", ["", " ", "。", "县", "12"])
def test_texts_of_hardly_anything(text: str) -> None:
    assert alike(text, text) == pytest.approx(1)


def test_headings_tell_equal_words_apart() -> None:
    words = vectors(["云溪县", "云溪县"], ["云溪县"])
    paths = vectors(["床位", "资金"], ["资金"])
    found = cosines(*below(words, paths), [(0, 0), (1, 0)])
    assert found[0] < 0.99
    assert found[1] == pytest.approx(1)


def test_the_nearest_of_either_side_are_looked_at() -> None:
    olds, news = ["养老床位建设", "殡葬改革", "社工站建设"], ["养老床位新建", "社工站新建"]
    assert nearest(*vectors(olds, news), 1) == [(0, 0), (2, 1)]
    assert nearest(*vectors([], news), 3) == nearest(*vectors(olds, []), 3) == nearest(*vectors([], []), 3) == []


def test_the_sum_counts_not_the_best_single_pair() -> None:
    assert assign({(0, 0): 0.9, (0, 1): 0.92, (1, 1): 0.9}, 2, 2) == [(0, 0), (1, 1)]


def test_equals_go_in_order() -> None:
    assert assign({(i, j): 0.8 for i in range(4) for j in range(4)}, 4, 4) == [(i, i) for i in range(4)]
    assert assign({}, 3, 3) == []


@pytest.mark.parametrize("seed", range(5))
def test_as_good_as_the_best_assignment(seed: int) -> None:
    from scipy.optimize import linear_sum_assignment

    chance = random.Random(seed)
    weights: dict[Pair, float] = {
        (i, j): chance.uniform(0.1, 1) for i in range(30) for j in range(25) if chance.random() < 0.2
    }
    dense = np.zeros((30, 25))
    for pair, weight in weights.items():
        dense[pair] = weight
    found = assign(weights, 30, 25)
    rows, columns = linear_sum_assignment(dense, maximize=True)
    assert sum(weights[pair] for pair in found) == pytest.approx(dense[rows, columns].sum(), abs=1e-2)
    assert len({i for i, _ in found}) == len({j for _, j in found}) == len(found)
