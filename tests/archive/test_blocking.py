"""Which wordings are compared: bounded, within a dimension, and hardly any of the right ones missed."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from extractor.archive.blocking import MOST, Worded, candidates
from extractor.archive.features import worded
from extractor.archive.wording import wording
from extractor.training.alignment import metrics
from extractor.training.alignment_data import TUNE, read_pairs, read_series, series_pairs
from extractor.types.archive import Observation

ROOT = Path(__file__).parents[2]


def of(*said: str, dimension: str = "share") -> list[Worded]:
    return [Worded(wording(each).core, wording(each).words, dimension) for each in sorted(said)]


def named(rows: list[Worded], most: int = MOST) -> set[tuple[int, int]]:
    i, j = candidates(rows, most)
    assert (i < j).all()
    pairs = list(zip(i.tolist(), j.tolist(), strict=True))
    assert pairs == sorted(set(pairs))
    return set(pairs)


@cache
def recombined(count: int) -> list[Worded]:
    """Beginnings of real wordings with the ends of others."""
    draw = random.Random(count)
    parts = [wording(each).words for each in metrics(ROOT)]
    made = {"".join((*one[: (len(one) + 1) // 2], *other[len(other) // 2 :])) for one, other in
            ((draw.choice(parts), draw.choice(parts)) for _ in range(3 * count))}  # fmt: skip
    return of(*sorted(made)[:count])


@pytest.mark.parametrize("rows", [[], of("森林覆盖率")])
def test_nothing_to_compare(rows: list[Worded]) -> None:
    assert named(rows) == set()


def test_what_is_alike_is_compared_and_nothing_else() -> None:
    rows = of("护理型床位占比", "护理型养老床位占比", *(f"第{number}号事项" for number in range(40)))
    alike = tuple(at for at, each in enumerate(rows) if "护理" in each.core)
    pairs = named(rows, most=2)
    assert alike in pairs
    assert len(pairs) <= len(rows) * (2 + 6)


def test_dimensions_are_never_mixed() -> None:
    rows = sorted([*of("新增养老床位", dimension="count:张"), *of("新增养老床位", "新增养老床位占比")], key=repr)
    assert all(rows[i].dimension == rows[j].dimension for i, j in named(rows))


@pytest.mark.parametrize("count", [500, 4000])
def test_pairs_are_bounded_by_the_wordings(count: int) -> None:
    rows = recombined(count)
    i, _ = candidates(rows)
    beside = 6  # neighbours from the front and from the back, three each
    assert len(i) <= len(rows) * (MOST + beside)
    assert len(i) >= len(rows)  # and yet there is something to compare


def test_crowded_wordings_still_meet() -> None:
    """Every feature of theirs is common, so that only two together tell."""
    rows = of(*(f"{a}{b}建设数量" for a in "甲乙丙丁戊己庚辛壬癸" for b in map(chr, range(0x4E00, 0x4E00 + 120))))
    pairs = named(rows)
    met = np.zeros(len(rows), dtype=int)
    for i, j in pairs:
        met[[i, j]] += 1
    assert (met > 0).all()


def test_the_order_of_equals_is_fixed() -> None:
    rows = recombined(500)
    assert named(rows) == named(rows)


def test_hardly_a_labelled_pair_is_missed() -> None:
    pairs = [*read_pairs(ROOT, TUNE), *series_pairs(read_series(ROOT, TUNE))]
    wanted = [pair for pair in pairs if pair.same and pair.a.quantity.dimension == pair.b.quantity.dimension]

    def key(each: Observation) -> tuple[str, tuple[str, ...], str]:
        said = worded(each)
        return said.core, said.words, each.quantity.dimension

    real = {key(each) for pair in pairs for each in (pair.a, pair.b)}
    crowd = {(each.core, each.words, each.dimension) for each in recombined(4000)}
    keys = sorted(real | crowd)
    at = {each: place for place, each in enumerate(keys)}
    found = named([Worded(*each) for each in keys])
    met = [key(pair.a) == key(pair.b) or tuple(sorted((at[key(pair.a)], at[key(pair.b)]))) in found for pair in wanted]
    assert len(met) > 400
    assert np.mean(met) >= 0.97
