"""Kinds of records, and the points they carry, give or take."""

from __future__ import annotations

import pytest

from tests.records.samples import record_of

KINDS = {
    "target": ("工单办结率达到98%。", "target"),
    "task": ("健全工单办理机制。", "task"),
    "bonus": ("获得省级以上表彰的，加5分。", "bonus"),
    "bonus, to be worded so": ("经验做法被省级媒体刊发，奖励加2分。", "bonus"),
    "penalty": ("发生较大安全事故的，扣10分。", "penalty"),
    "veto": ("发生重大安全事故的，实行一票否决。", "veto"),
    "veto as a system's name": ("落实安全生产一票否决制。", "task"),
}


@pytest.mark.parametrize(("sentence", "kind"), KINDS.values(), ids=KINDS)
def test_kind(sentence: str, kind: str) -> None:
    record = record_of(sentence)
    assert record.kind == kind
    assert bool(record.targets) == (kind == "target")


EVENTS = {
    "once": ("获得省级以上表彰的，加5分。", 5, False, None),
    "each time": ("每发生一起扣3分。", 3, True, None),
    "by occurrence": ("被上级通报的，一次扣1.5分。", 1.5, True, None),
    "with a cap": ("每承办一次现场会加2分，最高加10分。", 2, True, 10),
    "several grades have no single number": ("获国家、省、市表彰的，分别奖10分、5分、3分。", None, False, None),
}


@pytest.mark.parametrize(("sentence", "points", "each", "cap"), EVENTS.values(), ids=EVENTS)
def test_points_by_event(sentence: str, points: float | None, each: bool, cap: float | None) -> None:
    record = record_of(sentence)
    assert record.kind in ("bonus", "penalty")
    assert (record.points, record.per_occurrence, record.points_cap) == (points, each, cap)


def test_points_of_a_scored_item_are_those_it_carries() -> None:
    record = record_of("工单办结率达到98%。", around=["8分", "15分"], points=("8分", "8"), row_points=("15分", "15"))
    assert (record.kind, record.points, record.row_points, record.per_occurrence) == ("target", 8, 15, False)


def test_an_item_that_carries_points_is_no_penalty_though_points_can_be_lost() -> None:
    record = record_of("按时报送信息，少一次扣1分。", around=["8分"], points=("8分", "8"))
    assert (record.kind, record.points) == ("task", 8)


def test_a_heading_of_bonuses_makes_a_bonus_of_an_item_with_points() -> None:
    record = record_of("承办省级现场会的，加3分。", path=["加分项"], around=["3分"], points=("3分", "3"))
    assert (record.kind, record.points) == ("bonus", 3)


def test_a_heading_of_penalties_makes_a_penalty() -> None:
    record = record_of("工作不力被通报的，每次扣2分。", path=["扣分事项"], around=["2分"], points=("2分", "2"))
    assert (record.kind, record.points, record.per_occurrence) == ("penalty", 2, True)


def test_a_heading_of_vetoes_makes_a_veto() -> None:
    assert record_of("发生群死群伤事故。", path=["一票否决事项"]).kind == "veto"
    assert record_of("发生群死群伤事故。", path=["一票否决"]).kind == "veto"


def test_events_keep_their_deadlines_but_have_no_targets() -> None:
    record = record_of("年底前获评国家级示范县的，加5分。")
    assert record.targets == ()
    assert [deadline.end for deadline in record.deadlines] == ["2024-12-31"]
