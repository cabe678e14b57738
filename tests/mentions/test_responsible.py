"""Who is responsible: names, roles, and how lists of names are cut."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.mentions.responsible import Hint, find_responsible, whole_names
from extractor.text.view import make_view


def read(text: str, hint: Hint = None, *, first_leads: bool = False) -> list[tuple[str, str]]:
    words = make_view(text).text
    found = find_responsible(words, 0, len(words), hint, first_leads=first_leads)
    assert all(words[m.span.start : m.span.end] == m.name for m in found)
    return [(mention.name, mention.role) for mention in found]


WORDS = {
    "lead and support": ("县民政局牵头，县财政局、县人社局配合", [("县民政局", "lead"), ("县财政局", "support"), ("县人社局", "support")]),
    "由 lead": ("由县民政局牵头", [("县民政局", "lead")]),
    "role in brackets": ("市交通局(牵头)、市财政局(配合)", [("市交通局", "lead"), ("市财政局", "support")]),
    "role in brackets, one of many": ("市交通局(牵头单位)、市财政局", [("市交通局", "lead"), ("市财政局", "support")]),
    "lead without a comma": ("县民政局牵头、县财政局配合", [("县民政局", "lead"), ("县财政局", "support")]),
    "joint work by duty": ("县民政局、县财政局等按职责分工负责", [("县民政局", "duty"), ("县财政局", "duty")]),
    "responsible alone": ("县民政局负责", [("县民政局", "duty")]),
    "label duty": ("责任单位:县民政局、县财政局", [("县民政局", "duty"), ("县财政局", "duty")]),
    "labels": ("牵头单位:县民政局;配合单位:县财政局、县人社局", [("县民政局", "lead"), ("县财政局", "support"), ("县人社局", "support")]),
    "a lead beside duty": ("牵头单位:县民政局;责任单位:县财政局", [("县民政局", "lead"), ("县财政局", "support")]),
    "leader": ("责任领导:周远;责任单位:县民政局", [("周远", "leader"), ("县民政局", "duty")]),
    "person responsible": ("责任人:周远", [("周远", "leader")]),
    "together with": ("县民政局会同县财政局办理", [("县民政局", "lead"), ("县财政局", "support")]),
    "full width": ("责任单位：县民政局　县财政局", [("县民政局", "duty"), ("县财政局", "duty")]),
    "main lead": ("主办单位:县民政局;协办单位:县财政局", [("县民政局", "lead"), ("县财政局", "support")]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), WORDS.values(), ids=WORDS)
def test_roles_in_words(text: str, expected: list[tuple[str, str]]) -> None:
    """``duty`` is settled by the assembler; a view joins blanks between Chinese words, the reader parts them."""
    if "　" in text:
        found = find_responsible("责任单位:县民政局 县财政局", 0, 14, None)
        assert [(m.name, m.role) for m in found] == expected
    else:
        assert read(text) == expected


LISTS = {
    "、": ("县民政局、县财政局", ["县民政局", "县财政局"]),
    "comma": ("县民政局，县财政局", ["县民政局", "县财政局"]),
    "semicolon": ("县民政局；县财政局", ["县民政局", "县财政局"]),
    "及 between units": ("县民政局及县财政局", ["县民政局", "县财政局"]),
    "和 between units": ("县民政局和县财政局", ["县民政局", "县财政局"]),
    "等 is dropped": ("县民政局、县财政局等", ["县民政局", "县财政局"]),
    "等 with a number": ("县民政局、县财政局等5个部门", ["县民政局", "县财政局"]),
    "等省有关部门": ("省民政厅、省财政厅等省有关部门", ["省民政厅", "省财政厅"]),
    "departments and regions are two": ("国务院相关部门及各地区", ["国务院相关部门", "各地区"]),
    "departments and units are one": ("国务院相关部门和单位", ["国务院相关部门和单位"]),
    "departments of the State Council are a name": ("国务院有关部门", ["国务院有关部门"]),
    "各 is not split": ("各区、市政府", ["各区、市政府"]),
    "各 of three": ("各市、县、区政府", ["各市、县、区政府"]),
    "各 with a bracket": ("各县（市、区）政府", ["各县(市、区)政府"]),
    "各 beside a unit": ("县民政局、各乡镇", ["县民政局", "各乡镇"]),
    "和 inside a name": ("人力资源和社会保障局", ["人力资源和社会保障局"]),
    "与 inside a name": ("工业与信息化局", ["工业与信息化局"]),
    "a name's own bracket": ("县委宣传部（县新闻办）、县民政局", ["县委宣传部(县新闻办)", "县民政局"]),
    "slash": ("县民政局/县财政局", ["县民政局", "县财政局"]),
    "dash is no name": ("—", []),
    "none": ("无", []),
    "the same twice": ("县民政局、县民政局", ["县民政局"]),
    "stop at the end": ("县民政局。", ["县民政局"]),
}


@pytest.mark.parametrize(("text", "names"), LISTS.values(), ids=LISTS)
def test_lists_of_names(text: str, names: list[str]) -> None:
    assert [name for name, _ in read(text, "duty")] == names


def test_a_column_says_the_role() -> None:
    assert read("县民政局、县财政局", "lead") == [("县民政局", "lead"), ("县财政局", "lead")]
    assert read("县民政局", "support") == [("县民政局", "support")]
    assert read("周远、李青", "leader") == [("周远", "leader"), ("李青", "leader")]
    assert read("县民政局牵头，县财政局配合", "duty") == [("县民政局", "lead"), ("县财政局", "support")]


def test_first_named_leads_where_the_document_says_so() -> None:
    expected = [("县民政局", "lead"), ("县财政局", "support"), ("县人社局", "support")]
    assert read("县民政局、县财政局、县人社局", "duty", first_leads=True) == expected
    assert read("县民政局配合，县财政局牵头", "duty", first_leads=True) == [
        ("县民政局", "support"),
        ("县财政局", "lead"),
    ]
    assert read("周远、李青", "leader", first_leads=True) == [("周远", "leader"), ("李青", "leader")]


def test_only_the_stretch_asked_for() -> None:
    text = "责任单位:县民政局;完成时限:9月底前"
    found = find_responsible(text, 5, 9, "duty")
    assert [mention.name for mention in found] == ["县民政局"]


@settings(deadline=None)
@given(st.text(alphabet="县民政局、，；和及与等各区市(): 牵头配合责任单位负责", max_size=30))
def test_names_stand_where_they_say(text: str) -> None:
    for mention in find_responsible(text, 0, len(text), None):
        assert text[mention.span.start : mention.span.end] == mention.name
        assert 2 <= len(mention.name) <= 40


WHOLE = {
    "和 inside": ("园区和企业服务中心、县财政局", ["园区和企业服务中心", "县财政局"]),
    "behind 和": ("县财政局和园区和企业服务中心", ["县财政局", "园区和企业服务中心"]),
    "before 和": ("园区和企业服务中心和县财政局", ["园区和企业服务中心", "县财政局"]),
    "with the place before it": ("县园区和企业服务中心牵头,县财政局配合", ["县园区和企业服务中心", "县财政局"]),
    "with a 、 inside": ("第七、八专班及县财政局", ["第七、八专班", "县财政局"]),
    "a word for together inside": ("示例县联合执法大队", ["示例县联合执法大队"]),
    "part of it": ("园区和县财政局", ["园区", "县财政局"]),
    "a list of units that are known": ("县民政局、县财政局", ["县民政局", "县财政局"]),
}
UNITS = frozenset({
    "园区和企业服务中心", "第七、八专班", "示例县联合执法大队", "县民政局", "县财政局", "县民政局、县财政局", "园区",
})  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), WHOLE.values(), ids=WHOLE)
def test_known_units_stay_whole(text: str, expected: list[str]) -> None:
    found = find_responsible(text, 0, len(text), "duty", whole=whole_names(UNITS))
    assert [mention.name for mention in found] == expected
    assert [text[mention.span.start : mention.span.end] for mention in found] == expected


def test_only_names_that_would_be_cut_are_looked_for() -> None:
    assert whole_names({"县民政局", "人力资源和社会保障局"}) is None
    found = whole_names(UNITS)
    assert found is not None
    assert found.pattern.split("|") == ["园区和企业服务中心", "示例县联合执法大队", "第七、八专班"]
