"""Which record of the gold is which of those made, and so with targets."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.training.likeness import ceilings, likeness, squeeze
from extractor.training.pairing import best_first, pairing
from tests.training.samples import (
    document,
    record,
    target,
)


def test_twins_are_told_apart_by_tier_then_path_then_place() -> None:
    gold = document(
        record("床位使用率达到85%", tier="优秀"), record("床位使用率达到85%", tier="良好"),
        record("床位使用率达到85%", path=["医院"]), record("床位使用率达到85%"),
    )  # fmt: skip
    made = document(*(gold["records"][at] for at in (3, 1, 2, 0)))
    assert pairing(gold, made).records == {0: 3, 1: 1, 2: 2, 3: 0}
    assert pairing(document(*[record("同一句")] * 3), document(*[record("同一句")] * 2)).records == {0: 0, 1: 1}


def test_unlike_records_are_not_paired() -> None:
    assert pairing(document(record("新增养老床位500张")), document(record("完成造林绿化任务"))).records == {}
    assert pairing(document(record("")), document(record("甲"))).records == {}


def test_targets_are_paired_by_amount_then_metric() -> None:
    gold = document(record("甲率、乙率均达到90%", target("甲率", 90), target("乙率", 90), target("丙率", 80)))
    made = document(record("甲率、乙率均达到90%", target("乙率", 90), target("甲率", 90), target("丙率", 85)))
    assert pairing(gold, made).targets == {(0, 0): (0, 1), (0, 1): (0, 0)}


def test_a_target_far_away_is_another() -> None:
    gold = document(record("新增养老床位不少于90张", target("新增养老床位", 90, "张")))
    made = document(record("全市公办幼儿园学位占比提升", target("新增养老床位", 90, "张")))
    assert pairing(gold, made).targets == {}


words = st.text(alphabet="城乡垃圾处理率达到，、。98% ％（）", max_size=14)


@given(st.lists(words, max_size=5), st.lists(words, max_size=5))
@settings(max_examples=150, deadline=None)
def test_no_likeness_is_above_its_ceiling(golds: list[str], mades: list[str]) -> None:
    most = ceilings(golds, mades)
    assert most.shape == (len(golds), len(mades))
    for (at, gold), (to, made) in product(enumerate(golds), enumerate(mades)):
        assert 0 <= likeness(gold, made) <= most[at, to] <= 1


@given(words)
def test_squeezing_twice_is_squeezing_once(said: str) -> None:
    assert squeeze(squeeze(said)) == squeeze(said)
    assert likeness(said, said) == 1


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_lazy_pairs_are_those_of_sorting_all(data: st.DataObject) -> None:
    golds, mades = data.draw(st.integers(0, 5)), data.draw(st.integers(0, 5))
    scale = st.sampled_from([0.0, 0.2, 0.5, 0.7, 1.0])
    exact = {place: data.draw(scale) for place in product(range(golds), range(mades))}
    most = {place: max(value, data.draw(scale)) for place, value in exact.items()}
    made = best_first(((most[place], *place) for place in exact), lambda g, m: exact[g, m], 0.5)
    wanted: dict[int, int] = {}
    for (gold, other), value in sorted(exact.items(), key=lambda e: (-e[1], abs(e[0][0] - e[0][1]), e[0][1])):
        if value >= 0.5 and gold not in wanted and other not in wanted.values():
            wanted[gold] = other
    assert made == wanted
