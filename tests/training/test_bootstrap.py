"""Whether a gain is told from luck."""

from __future__ import annotations

import pytest

from extractor.training.bootstrap import paired_bootstrap
from extractor.training.scoring import DocumentScore, score, table
from tests.training.samples import File, document, record, target

SIZE = 120


def run(wrong: set[int], *, extra: int = 0, name: str = "云溪") -> DocumentScore:
    """A document of ``SIZE`` records of one target each; the comparator of those in ``wrong`` is wrong."""

    def one(n: int, op: str) -> File:
        words = f"第{n}类设施改造{n}处"
        return record(words, {**target(f"第{n}类设施改造", n, "处"), "op": op})

    gold = document(*(one(n, "ge") for n in range(SIZE)))
    made = document(*(one(n, "le" if n in wrong else "ge") for n in range(SIZE)))
    for n in range(extra):
        made["records"][n]["targets"].append(target("多出", 1000 + n, "元"))
    return score(gold, made, name)


@pytest.mark.parametrize("figure", ["right", "measured", "whole"])
def test_a_plain_gain_is_told_from_luck(figure: str) -> None:
    before, after = [run(set(range(40)))], [run(set(range(20)))]
    told = paired_bootstrap(before, after, figure)
    assert told.records == SIZE
    assert told.before == table(before)["ALL"][figure]
    assert told.after == table(after)["ALL"][figure]
    assert told.gain == pytest.approx(told.after - told.before)
    assert 0 < told.low < told.gain < told.high
    assert told.p < 0.001


def test_the_interval_is_as_wide_as_theory_says() -> None:
    told = paired_bootstrap([run(set(range(40)))], [run(set(range(20)))], "measured")
    share = 20 / SIZE  # of records that changed from wrong to right
    width = 100 * 2 * 1.96 * (share * (1 - share) / SIZE) ** 0.5
    assert told.high - told.low == pytest.approx(width, rel=0.1)


@pytest.mark.parametrize(
    ("before", "after", "least", "most"),
    [
        pytest.param({1}, set(), 0.2, 0.5, id="one record better"),
        pytest.param({1, 2, 3}, {4, 5, 6}, 0.3, 0.7, id="as many better as worse"),
        pytest.param({1}, {1}, 1, 1, id="no change"),
        pytest.param(set(), set(range(20)), 0.99, 1, id="worse"),
    ],
)
def test_luck_is_no_gain(before: set[int], after: set[int], least: float, most: float) -> None:
    told = paired_bootstrap([run(before)], [run(after)], "right")
    assert least <= told.p <= most
    assert told.low <= told.gain <= told.high


def test_false_alarms_weigh_in_f1() -> None:
    told = paired_bootstrap([run(set(), extra=30)], [run(set())], "right")
    assert told.gain > 5
    assert told.p < 0.001


def test_the_same_runs_give_the_same_numbers_in_any_order_of_documents() -> None:
    first, second = run({1, 2}, name="甲"), run({3}, name="乙")
    better, other = run({1}, name="甲"), run({3, 4}, name="乙")
    told = paired_bootstrap([first, second], [better, other], "right")
    assert told == paired_bootstrap([second, first], [better, other], "right")
    assert told != paired_bootstrap([first, second], [better, other], "right", seed=1)
    assert told.records == 2 * SIZE


def test_runs_over_different_gold_are_not_compared() -> None:
    with pytest.raises(ValueError, match="not over the same"):
        paired_bootstrap([run(set(), name="甲")], [run(set(), name="乙")], "right")
    with pytest.raises(ValueError, match="has to do with points"):
        paired_bootstrap([run(set())], [run(set())], "points")
