"""Wordings made comparable: what is left out, what has one form, what stays apart."""

from __future__ import annotations

import pytest

from extractor.archive.wording import AGAINST, wording


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("养老床位总数", "养老床位总量", id="only counted"),
        pytest.param("节地生态安葬率", "节地生态安葬比例", id="only a share"),
        pytest.param("社区养老服务设施全覆盖", "社区养老服务设施覆盖率", id="covered wholly"),
        pytest.param("到2025年粮食总产量（万吨）", "粮食产量", id="year and unit"),
        pytest.param("单位GDP能耗降低", "单位地区生产总值能源消耗下降率", id="abbreviation and change"),
        pytest.param("达到或好于III类水体比例", "达到或好于Ⅲ类水体比例", id="Roman numerals of either kind"),
        pytest.param("“十四五”末森林覆盖率", "全市森林覆盖率", id="period and own place"),
        pytest.param("乡镇（街道）社工站覆盖率", "街道（乡镇）社会工作服务站覆盖率", id="either order"),
        pytest.param("每千人口注册护士数", "每万人口护士数", id="per thousand, per ten thousand"),
    ],
)
def test_what_says_the_same_has_one_core(one: str, other: str) -> None:
    assert wording(one).core == wording(other).core


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("城市低保标准", "农村低保标准"),
        ("养老床位总数", "新增养老床位"),
        ("PM2.5浓度", "PM10浓度"),
        ("化学需氧量减排量", "氨氮减排量"),
        ("网上可办率", "全程网办率"),
    ],
)
def test_what_differs_has_two(one: str, other: str) -> None:
    assert wording(one).core != wording(other).core


@pytest.mark.parametrize(
    ("metric", "core"),
    [
        ("医师资格考试通过率", "医师资格考试合格"),  # 师资 is a word by itself only
        ("参与率", "参与"),
        ("普及率", "普及"),
        ("数", "数"),
        ("率", "率"),
        ("完成率", "完成"),
        ("2025年", "2025年"),  # nothing else would be left
    ],
)
def test_words_are_not_cut_apart_nor_lost(metric: str, core: str) -> None:
    assert wording(metric).core == core


def test_shares_tell_what_they_are_taken_of() -> None:
    assert (wording("护理型床位占养老床位总数的比例").core, wording("护理型床位占养老床位总数的比例").of) == (
        "护理型床位",
        "养老床位",
    )
    assert wording("养老床位中护理型床位比重").core == "护理型床位"
    assert wording("初中毕业生升学比例").of == ""


def test_change_is_told_from_level() -> None:
    assert wording("居民人均可支配收入年均增速").change == 1
    assert wording("煤炭消费总量降幅").change == -1
    assert wording("技能提升培训人次").change == 0


def test_qualifiers_are_told_by_row() -> None:
    rows = list(AGAINST)
    city, village = (wording(f"{where}低保标准").against[rows.index("settlement")] for where in ("城市", "农村"))
    assert city and village and not city & village
    assert wording("养老床位总数").against[rows.index("stock")]
    assert not wording("养老床位").against[rows.index("stock")]


def test_places_given_are_left_out() -> None:
    assert wording("溪宁市森林覆盖率", ("溪宁市", "云岭省")).name == "森林覆盖率"
    assert wording("溪宁市", ("溪宁市",)).name == "溪宁市"


@pytest.mark.parametrize("metric", ["", " ", "。", "％", "😀", "A" * 5000, "的的的", "\x00", "占", "中"])
def test_anything_can_be_read(metric: str) -> None:
    said = wording(metric)
    assert len(said.against) == len(AGAINST) and said.words
