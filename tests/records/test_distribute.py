"""Subjects that share words: each complete, each its own."""

from __future__ import annotations

import pytest

from extractor.records.distribute import own_heads, split_heads

HEADS = {
    "城乡": ("城乡供水普及率", 2, ["城市供水普及率", "农村供水普及率"]),
    "城镇和农村": ("城镇和农村居民收入", 2, ["城镇居民收入", "农村居民收入"]),
    "市县": ("市县医院床位数", 2, ["市医院床位数", "县医院床位数"]),
    "subjects that share a measure": ("城区、镇区小学供餐率", 2, ["城区小学供餐率", "镇区小学供餐率"]),
    "joined by 和": ("男生和女生体质达标率", 2, ["男生体质达标率", "女生体质达标率"]),
    "three": ("小学、初中、高中近视率", 3, ["小学近视率", "初中近视率", "高中近视率"]),
    "measures that share a subject": ("养老机构备案率、合格率", 2, ["养老机构备案率", "养老机构合格率"]),
    "measures that name all": ("新建公路里程、改造桥梁数量", 2, ["新建公路里程", "改造桥梁数量"]),
    "the place holds for all": ("全市城区、镇区绿地率", 2, ["全市城区绿地率", "全市镇区绿地率"]),
    "a 和 inside a thing": ("规划和建设管理满意度、整改率", 2, ["规划和建设管理满意度", "整改率"]),
    "fewer things than numbers": ("城区绿地率", 2, None),
    "trailing 分别": ("小学、初中近视率分别", 2, ["小学近视率", "初中近视率"]),
}


@pytest.mark.parametrize(("words", "count", "heads"), HEADS.values(), ids=HEADS)
def test_split_heads(words: str, count: int, heads: list[str] | None) -> None:
    assert split_heads(words, count) == heads


@pytest.mark.parametrize(
    ("words", "owns"),
    [("城市、农村供电可靠率", ["城市", "农村"]), ("供电可靠率", None)],
)
def test_own_heads(words: str, owns: list[str] | None) -> None:
    assert own_heads(words, 2) == owns
