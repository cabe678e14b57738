"""Observations put together into indicators, and what people decided kept whatever comes after."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest

from extractor.archive.clusters import align
from extractor.archive.decided import Decided, opposed
from extractor.archive.linking import link
from extractor.archive.quantities import quantity
from extractor.types.archive import Decision, Indicator, Observation, Place
from tests.archive.observed import CITY, OTHER_CITY, observation


def target(
    metric: str, document: str, *, value: float = 50, unit: str = "%", place: Place = CITY, **more: object
) -> Observation:
    made = quantity(value, None, unit, None, metric, "ge", None)
    return observation(value, metric=metric, document=document, unit=unit, quantity=made, place=place, **more)


NURSING = [
    target("护理型床位占比", "甲.txt"),
    target("养老床位中护理型床位比重", "乙.txt", value=54),
    target("护理型床位占养老床位总数的比例", "丙.txt", value=55, place=OTHER_CITY),
]
FOREST = [target("森林覆盖率", "甲.txt", value=48), target("全市森林覆盖率", "丁.txt", value=49, place=OTHER_CITY)]
BEDS = [
    target("养老床位总数", "甲.txt", value=2, unit="万张"),
    target("养老床位总量", "乙.txt", value=19000, unit="张"),
]
JOBLESS = [target("城镇登记失业率", "戊.txt", value=4)]
ALL = [*NURSING, *FOREST, *BEDS, *JOBLESS]


def groups(indicators: Sequence[Indicator]) -> set[frozenset[str]]:
    return {frozenset(each.members) for each in indicators}


def ids(observations: Sequence[Observation]) -> frozenset[str]:
    return frozenset(each.id for each in observations)


def holder(indicators: Sequence[Indicator], one: Observation) -> Indicator:
    (found,) = [each for each in indicators if one.id in each.members]
    return found


def together(indicators: Sequence[Indicator], *some: Observation) -> bool:
    return len({holder(indicators, each).id for each in some}) == 1


def merge(*some: Observation, at: str = "") -> Decision:
    return Decision("merge", tuple(each.id for each in some), at=at)


def split(some: Sequence[Observation], others: Sequence[Observation], at: str = "") -> Decision:
    return Decision("split", tuple(each.id for each in some), tuple(each.id for each in others), at=at)


# --- without decisions ------------------------------------------------------------------------------------


def test_indicators_of_several_documents() -> None:
    made = align(ALL)
    assert groups(made) == {ids(each) for each in (NURSING, FOREST, BEDS, JOBLESS)}
    assert [each.id for each in made] == sorted(each.id for each in made)
    assert all(list(each.members) == sorted(each.members) for each in made)


def test_nothing_to_align() -> None:
    assert align([]) == []
    assert align([], [merge(*NURSING)]) == []


def test_the_order_of_the_observations_does_not_matter() -> None:
    wanted = align(ALL)
    for seed in range(5):
        mixed = random.Random(seed).sample(ALL, len(ALL))
        assert align(mixed) == wanted


def test_names_are_without_place_and_year() -> None:
    (made,) = align([target("2025年溪宁市森林覆盖率", "甲.txt"), target("森林覆盖率", "乙.txt", value=40)])
    assert made.name == "森林覆盖率"
    assert not made.renamed
    assert made.unit == "%"


def test_the_most_common_metric_names_it() -> None:
    made = holder(align([*NURSING, target("护理型床位占比", "己.txt", value=60)]), NURSING[0])
    assert made.name == "护理型床位占比"


def test_units_of_one_dimension_meet_and_others_do_not() -> None:
    share = target("老旧小区改造", "己.txt", value=100)
    count = target("老旧小区改造", "庚.txt", value=20, unit="个")
    assert not together(align([*BEDS, share, count]), share, count)
    assert together(align([*BEDS, share, count]), *BEDS)


def test_levels_and_changes_are_two_indicators() -> None:
    level = target("居民人均可支配收入", "己.txt", value=30000, unit="元")
    change = target("居民人均可支配收入增长", "庚.txt", value=7)
    assert not together(align([level, change]), level, change)


def test_a_vague_metric_is_told_by_its_heading() -> None:
    one = target("覆盖率", "己.txt", path=("社区养老服务设施",))
    other = target("覆盖率", "庚.txt", path=("农村自来水",))
    assert not together(align([one, other]), one, other)


def test_certainty_is_that_of_the_weakest_link() -> None:
    made = align(ALL)
    assert holder(made, JOBLESS[0]).certainty == 1.0
    assert holder(made, FOREST[0]).certainty == 1.0  # one wording
    assert 0.5 <= holder(made, NURSING[0]).certainty < 1.0


def test_further_documents_keep_the_id_while_the_first_member_stays() -> None:
    before = {each.id: each for each in align(ALL)}
    more = [target("护理型床位占比", f"{number}.txt", value=40 + number) for number in range(20)]
    grown = align([*ALL, *more])
    found = holder(grown, NURSING[0])
    first = min(found.members)
    assert (found.id in before) == (first in ids(NURSING))
    assert ids([*NURSING, *more]) == frozenset(found.members)
    assert {each.id for each in grown} - {found.id} == set(before) - {holder(align(ALL), NURSING[0]).id}


# --- decisions --------------------------------------------------------------------------------------------


def test_a_merge_holds_even_over_dimensions() -> None:
    made = align(ALL, [merge(NURSING[0], BEDS[0], at="2026-01-01")])
    assert together(made, *NURSING, *BEDS)
    assert not together(made, NURSING[0], FOREST[0])


def test_a_split_holds_and_divides_one_wording() -> None:
    made = align(ALL, [split(FOREST[:1], FOREST[1:])])
    assert not together(made, *FOREST)
    assert len(made) == 5


def test_the_undecided_of_a_divided_wording_are_kept() -> None:
    third = target("森林覆盖率", "己.txt", value=50)
    made = align([*ALL, third], [split(FOREST[:1], FOREST[1:])])
    assert not together(made, *FOREST)
    assert sum(together(made, third, each) for each in FOREST) <= 1
    assert sorted(name for each in made for name in each.members) == sorted(ids([*ALL, third]))


@pytest.mark.parametrize("swapped", [False, True])
def test_the_latest_word_wins(swapped: bool) -> None:
    pair = NURSING[0], FOREST[0]
    first, last = ("2026-01-02", "2026-01-01") if swapped else ("2026-01-01", "2026-01-02")
    decided = [merge(*pair, at=first), split(NURSING, FOREST, at=last)]
    for order in (decided, decided[::-1]):
        assert together(align(ALL, order), *pair) is swapped


def test_an_older_merge_holds_as_far_as_the_split_leaves_it() -> None:
    decided = [merge(NURSING[0], FOREST[0], JOBLESS[0], at="1"), split(FOREST, NURSING[:1], at="2")]
    made = align(ALL, decided)
    assert together(made, NURSING[0], JOBLESS[0])
    assert not together(made, FOREST[0], NURSING[0])


def test_decisions_outlive_further_documents() -> None:
    more = [target(each.metric, f"再{number}.txt", value=60) for number, each in enumerate(ALL)]
    decided = [split(NURSING[:1], NURSING[1:], at="1"), merge(FOREST[0], JOBLESS[0], at="2")]
    for observed in (ALL, [*ALL, *more], [*more, *ALL]):
        made = align(observed, decided)
        assert not together(made, NURSING[0], NURSING[1])
        assert not together(made, NURSING[0], NURSING[2])
        assert together(made, *FOREST, *JOBLESS)
    assert together(align([*ALL, *more], decided), more[0], NURSING[0])  # what is worded alike goes along


def test_decisions_on_observations_that_are_gone_are_of_no_consequence() -> None:
    gone = target("森林覆盖率", "走了.txt")
    decided = [merge(gone, NURSING[0], at="1"), split([gone], FOREST, at="2"), merge(gone, at="3")]
    assert align(ALL, decided) == align(ALL)


def test_a_new_name_goes_to_who_holds_most_of_it() -> None:
    named = Decision("rename", tuple(each.id for each in [*NURSING[:2], JOBLESS[0]]), name="护理床位", at="1")
    made = align(ALL, [named])
    assert (holder(made, NURSING[0]).name, holder(made, NURSING[0]).renamed) == ("护理床位", True)
    assert holder(made, JOBLESS[0]).name == "城镇登记失业率"
    again = Decision("rename", (NURSING[2].id,), name="护理型床位", at="2")
    assert holder(align(ALL, [named, again]), NURSING[0]).name == "护理型床位"
    back = Decision("rename", named.members, at="3")
    assert align(ALL, [named, again, back]) == align(ALL)


def test_many_decisions_leave_every_observation_in_one_indicator() -> None:
    draw = random.Random(7)
    for _ in range(40):
        decided = []
        for at in range(6):
            some = draw.sample(ALL, draw.randint(2, 4))
            cut = draw.randint(1, len(some) - 1)
            kind = merge(*some, at=str(at)) if draw.random() < 0.5 else split(some[:cut], some[cut:], at=str(at))
            decided.append(kind)
        made = align(ALL, decided)
        assert sorted(name for each in made for name in each.members) == sorted(ids(ALL))
        last = decided[-1]
        held = {name: each.id for each in made for name in each.members}
        if last.kind == "merge":
            assert len({held[name] for name in last.members}) == 1
        else:
            assert not {held[name] for name in last.members} & {held[name] for name in last.others}


def test_sides_are_kept_as_groups_grow() -> None:
    decided = Decided([split(NURSING[:1], FOREST[:1], at="1")], ids(ALL))
    assert decided.join(NURSING[0].id, BEDS[0].id)
    assert not decided.join(BEDS[0].id, FOREST[0].id)
    assert opposed(decided.sides(BEDS[0].id), decided.sides(FOREST[0].id))


# --- average link -----------------------------------------------------------------------------------------


def linked(chance: np.ndarray, asked: list[tuple[int, int]] | None = None) -> np.ndarray:
    """By all pairs of a symmetric table; only the likely ones are given beforehand."""
    i, j = np.triu_indices(len(chance), 1)
    given = chance[i, j] >= 0.5

    def more(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        if asked is not None:
            asked.extend(zip(a.tolist(), b.tolist(), strict=True))
        return np.asarray(chance[a, b])

    return link(np.arange(len(chance)), i[given], j[given], chance[i, j][given], more, {}).group


def slowly(chance: np.ndarray) -> set[frozenset[int]]:
    """The two nearest groups after one another."""
    groups = [frozenset([at]) for at in range(len(chance))]
    while True:
        means = {(a, b): np.mean([chance[x, y] for x in a for y in b]) for a, b in combinations(groups, 2)}
        best = max(means, key=lambda pair: means[pair], default=None)
        if best is None or means[best] < 0.5:
            return set(groups)
        groups = [each for each in groups if each not in best] + [best[0] | best[1]]


@pytest.mark.parametrize("seed", range(20))
def test_many_at_once_is_the_same_as_one_by_one(seed: int) -> None:
    draw = np.random.default_rng(seed)
    table = draw.random((9, 9))
    table = (table + table.T) / 2 + 0.1
    found = linked(table)
    assert {frozenset(np.flatnonzero(found == each).tolist()) for each in set(found.tolist())} == slowly(table)


def test_a_chain_is_not_one_group() -> None:
    """Each is like the next, the ends are not alike: the average tells."""
    size = 6
    table = np.full((size, size), 0.05)
    for at in range(size - 1):
        table[at, at + 1] = table[at + 1, at] = 0.9
    assert len(set(linked(table).tolist())) == 3
    asked: list[tuple[int, int]] = []
    linked(table, asked)
    assert len(asked) == len(set(asked))  # nothing is worked out twice
