"""Which observations become one indicator, with the shipped model, and what people decide about it."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from extractor.archive.blocking import MOST, Worded, candidates
from extractor.archive.clusters import align
from extractor.archive.matching import load
from extractor.types.archive import Decision, Indicator, Observation, Quantity
from tests.archive.observed import CITY, OTHER_CITY, PROVINCE, observation


def share(metric: str, year: int = 2025, place=CITY, **more) -> Observation:
    return observation(50, year, place, metric=metric, **more)


def beds(metric: str, year: int = 2025, place=CITY, **more) -> Observation:
    return observation(
        500, year, place, metric=metric, unit="张", quantity=Quantity("count:张", "", "张", 500.0, None), **more
    )


def grouped(indicators: list[Indicator]) -> set[frozenset[str]]:
    return {frozenset(each.members) for each in indicators}


SAME = [
    share("养老机构护理型床位占比", 2023),
    share("养老机构护理型床位占养老床位总数的比例", 2025, OTHER_CITY),
    share("全市养老机构护理型床位占比", 2024),
    share("养老机构护理型床位占比", 2025, PROVINCE),
]
OTHER = [share("农村生活污水治理率"), share("九年义务教育巩固率"), beds("养老床位总数"), beds("新增养老床位")]


def test_one_thing_under_several_wordings_is_one_indicator():
    found = grouped(align([*SAME, *OTHER]))
    assert frozenset(each.id for each in SAME) in found
    assert all(frozenset([each.id]) in found for each in OTHER)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (share("城市生活污水处理率"), share("农村生活污水治理率")),
        (beds("新增养老床位"), beds("养老床位总数")),
        (share("社会组织数量增长率"), beds("社会组织数量")),
        (share("九年义务教育巩固率"), share("高中阶段毛入学率")),
    ],
    ids=["town and country", "added and all", "growth and number", "two stages of school"],
)
def test_what_is_alike_in_words_only_stays_apart(one, other):
    assert len(align([one, other])) == 2


def test_every_observation_is_in_exactly_one_indicator_in_whatever_order():
    every = [*SAME, *OTHER, *(share(f"第{number}类事项办结率", 2020 + number % 5) for number in range(30))]
    made = align(every)
    assert sorted(member for each in made for member in each.members) == sorted(each.id for each in every)
    for seed in range(3):
        Random(seed).shuffle(every)
        assert align(every) == made


def test_different_dimensions_never_meet():
    same_words = [share("护理型床位"), beds("护理型床位")]
    assert len(align(same_words)) == 2


def test_a_merge_and_a_split_hold_and_the_latest_word_counts():
    one, other = share("每百户社区服务设施达标率"), beds("家庭养老床位")
    merge = Decision("merge", (one.id, other.id), at="2026-01-01T00:00:00Z")
    assert len(align([one, other, *SAME], [merge])) == 2
    split = Decision("split", (one.id,), (other.id,), at="2026-02-01T00:00:00Z")
    assert len(align([one, other, *SAME], [merge, split])) == 3
    again = replace(merge, at="2026-03-01T00:00:00Z")
    assert len(align([one, other, *SAME], [again, split, merge])) == 2


def test_what_a_person_parted_stays_apart_when_more_documents_come():
    first, second, *_ = SAME
    split = Decision("split", (first.id,), (second.id,), at="2026-01-01T00:00:00Z")
    later = [share("养老机构护理型床位占比", 2030, OTHER_CITY, document="新.docx"), *OTHER]
    made = align([*SAME, *later], [split])
    holding = [each for each in made if first.id in each.members]
    assert len(holding) == 1 and second.id not in holding[0].members


def test_a_name_that_a_person_gave_outlives_new_members():
    rename = Decision("rename", tuple(each.id for each in SAME[:2]), name="护理型床位占比", at="2026-01-01T00:00:00Z")
    made = align([*SAME, share("养老机构护理型床位占比", 2031)], [rename])
    (named,) = [each for each in made if SAME[0].id in each.members]
    assert (named.name, named.renamed) == ("护理型床位占比", True)


def test_a_decision_on_what_is_gone_changes_nothing():
    gone = Decision("merge", (SAME[0].id, "gone/0"), at="2026-01-01T00:00:00Z")
    assert align([*SAME, *OTHER], [gone]) == align([*SAME, *OTHER])


def test_nothing_to_align():
    assert align([]) == []


def test_probabilities_are_of_a_pair_and_not_of_its_order():
    pairs = [(one, other) for one in SAME for other in OTHER]
    ours, turned = load().probability(pairs), load().probability([(b, a) for a, b in pairs])
    assert ours == pytest.approx(turned)
    assert ((ours >= 0) & (ours <= 1)).all()
    assert load().probability([(SAME[0], SAME[3])])[0] > 0.5
    assert len(load().probability([])) == 0


def test_candidates_grow_with_the_wordings_and_not_with_their_square():
    heads, tails = "养老床位学校医院污水道路社区企业耕地森林", ("覆盖率", "达标率", "总数", "新增数", "占比")
    random = Random(1)

    def wordings(count: int) -> list[Worded]:
        cores = sorted({"".join(random.choices(heads, k=5)) + random.choice(tails) for _ in range(count)})
        return [Worded(core, (core[:2], core[-2:]), "share") for core in cores]

    for count in (500, 4000):
        worded = wordings(count)
        i, j = candidates(worded)
        assert (i < j).all() and len(i) <= len(worded) * (MOST + 6)
        assert len(set(zip(i.tolist(), j.tolist(), strict=True))) == len(i)


def test_different_dimensions_are_no_candidates_of_each_other():
    i, j = candidates([Worded("护理型床位", ("护理",), "share"), Worded("护理型床位数", ("护理",), "count:张")])
    assert len(i) == len(j) == 0
