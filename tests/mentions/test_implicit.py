"""Implicit expressions: kind, the words that state them, and what they are about."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.mentions.implicit import find_implicit
from extractor.text.view import make_view


def brief(text: str) -> list[tuple[str, str, str]]:
    words = make_view(text).text
    return [
        (m.kind, words[m.span.start : m.span.end], words[m.object.start : m.object.end]) for m in find_implicit(words)
    ]


FOUND = {
    "cover": ("警务室实现全覆盖。", [("cover", "全覆盖", "覆盖")]),
    "cover of all people": ("参保扩面，全员覆盖。", [("cover", "全员覆盖", "覆盖")]),
    "should": ("符合条件的应保尽保。", [("should", "应保尽保", "保")]),
    "should of two characters": ("信息应公开尽公开。", [("should", "应公开尽公开", "公开")]),
    "all": ("问题全部整改到位。", [("all", "全部整改", "整改到位")]),
    "each": ("各单位均建立台账。", [("all", "均建立", "建立台账")]),
    "every": ("所有网点均完成改造。", [("all", "所有网点均完成", "网点均完成改造")]),
    "none": ("全年无安全事故。", [("none", "无安全事故", "安全事故")]),
    "zero": ("实现零投诉。", [("none", "零投诉", "投诉")]),
    "杜绝": ("坚决杜绝瞒报行为。", [("none", "坚决杜绝瞒报行为", "瞒报行为")]),
    "positive": ("出口正增长。", [("positive", "正增长", "正增长")]),
}

NOTHING = {
    "nothing at all": "加强监管。",
    "coverage rate": "全覆盖率达到90%。",
    "cover as an adjective": "开展全覆盖检查。",
    "a policy's name": "落实应检尽检政策。",
    "a slogan in quotes": "按照“应减尽减”原则办理。",
    "安全部门": "公安全部门。",
    "健全部门": "健全部门机制。",
    "平均": "平均增长。",
    "均衡": "均衡配置。",
    "均 before a number": "覆盖率均达到90%。",
    "所有权": "所有权归村集体。",
    "无人机": "推广无人机。",
    "无偿": "无偿提供场地。",
    "无 inside a word": "若无特殊情况不得延期。",
    "all of": "全部的资料。",
    "negative growth is a state": "实现非正增长。",
    "无 with a plain noun behind 的": "关心无生活来源的人员。",
}


@pytest.mark.parametrize(("text", "expected"), FOUND.values(), ids=FOUND)
def test_found(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert brief(text) == expected


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_nothing(text: str) -> None:
    assert brief(text) == []


def test_listed_events_are_one_mention_each_with_one_span() -> None:
    found = brief("无重大舆情、群体事件或越级上访。")
    assert [about for *_, about in found] == ["重大舆情", "群体事件", "越级上访"]
    assert {words for _, words, _ in found} == {"无重大舆情、群体事件或越级上访"}


def test_several_predicates_of_one_thing_are_one_mention() -> None:
    assert len(brief("无行政复议决定被撤销、变更或确认违法。")) == 1


def test_left_to_right() -> None:
    text = "所有网点均完成改造，服务全覆盖，全年无安全事故，收入正增长。"
    starts = [mention.span.start for mention in find_implicit(make_view(text).text)]
    assert starts == sorted(starts)
    assert len(starts) == 4


@settings(deadline=None)
@given(st.text(alphabet="无零全部均所有应保尽覆盖事故发生、或，。的被正增长杜绝()", max_size=30))
def test_spans_lie_in_the_text(text: str) -> None:
    for mention in find_implicit(text):
        assert 0 <= mention.span.start < mention.span.end <= len(text)
        assert 0 <= mention.object.start < mention.object.end <= len(text)
