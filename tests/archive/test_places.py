"""Whose plan a document is, which place a row is of, and who is above whom; real places and invented ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.archive.places import above, parents_of, place_named, place_of
from extractor.types.archive import Place
from extractor.types.record import DocumentInfo


def info(title: str | None = None, issuer: str | None = None, number: str | None = None) -> DocumentInfo:
    return DocumentInfo(source_name="a.txt", sha256="0" * 64, title=title, issuer=issuer, document_number=number)


TITLES: list[tuple[str, tuple[str, str, str | None] | None]] = [
    # invented: the endings alone tell
    ("溪宁市“十四五”民政事业发展规划", ("溪宁市", "city", None)),
    ("澄州省溪宁市人民政府关于推进养老服务的意见", ("溪宁市", "city", "澄州省")),
    ("澄州省溪宁市观海区2024年工作要点", ("观海区", "county", "溪宁市")),
    ("澄州省“十四五”教育规划", ("澄州省", "province", None)),
    ("蓼州市2023年考核办法", ("蓼州市", "city", None)),
    ("阳曲州民政局2020年工作要点", ("阳曲州", "city", None)),
    ("云岭自治县教育局关于控辍保学的通知", ("云岭自治县", "county", None)),
    ("2024年度岚谷县民政重点任务分解表", ("岚谷县", "county", None)),
    ("关于下达溪宁市2023年任务的通知", ("溪宁市", "city", None)),
    ("关于印发《澄州省溪宁市水利规划》的通知", ("溪宁市", "city", "澄州省")),
    ("中共溪宁市委关于加强基层治理的意见", ("溪宁市", "city", None)),
    ("望舒县雷池乡2024年工作要点", ("雷池乡", "township", "望舒县")),
    ("澄水区双溪街道办事处工作计划", ("双溪街道", "township", "澄水区")),
    ("平湖镇2024年工作要点", ("平湖镇", "township", None)),
    ("溪宁市高新区2024年工作要点", ("高新区", "county", "溪宁市")),
    ("溪宁市工业园区管委会工作要点", ("工业园区", "county", "溪宁市")),
    ("江汉新区管委会2024年工作要点", ("江汉新区", "county", None)),
    # real: the gazetteer knows level and superior
    ("江苏省南京市玄武区2024年工作要点", ("玄武区", "county", "南京市")),
    ("南京市养老服务规划", ("南京市", "city", "江苏省")),
    ("昆山市人民政府工作报告", ("昆山市", "county", "苏州市")),
    ("望江县人民政府工作报告", ("望江县", "county", "安庆市")),
    ("景德镇市2024年工作要点", ("景德镇市", "city", "江西省")),
    ("津市市民政局工作要点", ("津市市", "county", "常德市")),
    ("济宁市市中区2024年工作要点", ("市中区", "county", "济宁市")),
    ("苏州工业园区管委会工作要点", ("苏州工业园区", "county", "苏州市")),
    ("恩施州民政局2020年工作要点", ("恩施土家族苗族自治州", "city", "湖北省")),
    ("长阳县民政局工作要点", ("长阳土家族自治县", "county", "宜昌市")),
    ("海东地区民政局工作要点", ("海东市", "city", "青海省")),
    ("内蒙古自治区兴安盟行署工作报告", ("兴安盟", "city", "内蒙古自治区")),
    ("上海市浦东新区民政局工作要点", ("浦东新区", "county", "上海市")),
    ("天津市电力发展规划", ("天津市", "province", None)),
    ("神农架林区2020年工作要点", ("神农架林区", "county", "湖北省")),
    ("和平区2024年工作要点", ("和平区", "county", None)),  # four cities have one
    ("易县人民政府工作报告", ("易县", "county", "保定市")),
    # the whole country
    ("国务院办公厅关于优化营商环境的意见", ("全国", "national", None)),
    ("民政部关于推进养老服务的意见", ("全国", "national", None)),
    ("住房和城乡建设部关于绿色建筑的通知", ("全国", "national", None)),
    ("国家发展改革委关于下达计划的通知", ("全国", "national", None)),
    # 市 and 区 that are no place
    ("栖霞岭市市场监督管理局工作要点", ("栖霞岭市", "city", None)),
    ("溪宁市场监管局工作要点", ("溪宁市", "city", None)),
    ("溪宁市区域养老服务方案", ("溪宁市", "city", None)),
    ("溪宁市重点镇建设方案", ("溪宁市", "city", None)),
    ("溪宁市城乡社区治理方案", ("溪宁市", "city", None)),
    ("溪宁市工业园区高质量发展规划", ("溪宁市", "city", None)),
    ("市场监管局2024年工作要点", None),
    ("农贸市场改造方案", None),
    ("全市养老服务方案", None),
    ("省民政厅2021年工作要点", None),
    ("县级公立医院综合改革方案", None),
    ("城市社区治理方案", None),
    ("城镇老旧小区改造方案", None),
    ("区域协调发展方案", None),
    ("住房城乡建设局2024年工作要点", None),
    ("国家级经开区考核办法", None),
    ("新县城建设方案", None),
    ("美丽乡村建设方案", None),
    ("易地扶贫搬迁安置区治理方案", None),
    ("革命老区振兴方案", None),
    ("2023年度县区退役军人工作考核标准", None),
    ("2020年度设区市民政工作绩效目标表", None),
]


@pytest.mark.parametrize(("title", "expected"), TITLES)
def test_a_title_tells_the_place(title: str, expected: tuple[str, str, str | None] | None) -> None:
    place = place_of(info(title))
    assert (place and (place.name, place.level, place.parent)) == expected


@pytest.mark.parametrize(
    ("title", "issuer", "number", "expected"),
    [
        ("2024年工作目标", "溪宁市民政局、溪宁市财政局", None, ("溪宁市", "city", None)),
        ("2024年工作目标", "中共溪宁市委办公室", None, ("溪宁市", "city", None)),
        ("溪宁市2024年工作目标", "澄州省民政厅", None, ("溪宁市", "city", "澄州省")),
        ("澄州省养老服务实施方案", "溪宁市民政局", None, ("溪宁市", "city", "澄州省")),
        ("全国文明城市创建任务", "溪宁市人民政府", None, ("溪宁市", "city", None)),
        ("养老服务任务分工", "国务院办公厅", None, ("全国", "national", None)),
        ("省生态环境厅2021年工作计划", "省生态环境厅", "苏环办〔2021〕1号", ("江苏省", "province", None)),
        ("市生态环境局2021年工作计划", "市生态环境局", "苏环办〔2021〕1号", None),
        ("省生态环境厅2021年工作计划", "省生态环境厅", None, None),
        (None, None, None, None),
    ],
)
def test_title_and_issuer_together(
    title: str | None, issuer: str | None, number: str | None, expected: tuple[str, str, str | None] | None
) -> None:
    place = place_of(info(title, issuer, number))
    assert (place and (place.name, place.level, place.parent)) == expected


def test_other_texts_are_asked_last() -> None:
    texts = ["各县（区）民政局", "溪宁市2024年任务表"]
    assert place_of(info("2024年任务"), texts) == Place("溪宁市", "city")
    assert place_of(info("澄水区2024年任务"), texts) == Place("澄水区", "county")


HOME = Place("溪宁市", "city", "澄州省")
PROVINCE = Place("澄州省", "province")


@pytest.mark.parametrize(
    ("text", "within", "expected"),
    [
        ("观海区", HOME, ("观海区", "county", "溪宁市")),
        ("其中：望舒县", HOME, ("望舒县", "county", "溪宁市")),
        ("双溪镇人民政府", Place("望舒县", "county"), ("双溪镇", "township", "望舒县")),
        ("高新区", HOME, ("高新区", "county", "溪宁市")),
        ("开发区管委会", HOME, ("开发区", "county", "溪宁市")),
        ("青阳市", HOME, ("青阳市", "county", "溪宁市")),
        ("青阳市", PROVINCE, ("青阳市", "city", "澄州省")),
        ("临州市", PROVINCE, ("临州市", "city", "澄州省")),
        ("石家庄", Place("河北省", "province"), ("石家庄市", "city", "河北省")),
        ("正定县", Place("河北省", "province"), ("正定县", "county", "石家庄市")),
        ("朝阳区", Place("长春市", "city", "吉林省"), ("朝阳区", "county", "长春市")),
        ("朝阳区", HOME, ("朝阳区", "county", "溪宁市")),
        ("江苏", Place("全国", "national"), ("江苏省", "province", None)),
        ("恩施州", None, ("恩施土家族苗族自治州", "city", "湖北省")),
        ("溪宁市望舒县", PROVINCE, ("望舒县", "county", "溪宁市")),
        ("平原县", Place("德州市", "city", "山东省"), ("平原县", "county", "德州市")),
        ("平原县", HOME, None),
        ("山区县", HOME, None),
        ("合计", HOME, None),
        ("全市合计", HOME, None),
        ("全省", PROVINCE, None),
        ("市区", HOME, None),
        ("城区", HOME, None),
        ("各县（市、区）", HOME, None),
        ("县（市、区）", HOME, None),
        ("其他县", HOME, None),
        ("澄湖区、东陵区", HOME, None),
        ("溪宁能源集团", HOME, None),
        ("行政村", HOME, None),
        ("省属国有林场", PROVINCE, None),
        ("南京", PROVINCE, None),
        ("", HOME, None),
    ],
)
def test_a_rows_heading_is_a_place_or_none(
    text: str, within: Place | None, expected: tuple[str, str, str | None] | None
) -> None:
    place = place_named(text, within)
    assert (place and (place.name, place.level, place.parent)) == expected


@pytest.mark.parametrize(
    ("a", "b", "is_above"),
    [
        (Place("全国", "national"), Place("溪宁市", "city"), True),
        (Place("全国", "national"), Place("全国", "national"), False),
        (Place("江苏省", "province"), Place("南京市", "city"), True),
        (Place("江苏省", "province"), Place("玄武区", "county", "南京市"), True),
        (Place("江苏省", "province"), Place("昆山市", "county"), True),
        (Place("浙江省", "province"), Place("南京市", "city"), False),
        (Place("南京市", "city"), Place("江苏省", "province"), False),
        (Place("南京市", "city"), Place("苏州市", "city"), False),
        (Place("澄州省", "province"), Place("溪宁市", "city", "澄州省"), True),
        (Place("澄州省", "province"), Place("溪宁市", "city"), False),
        (Place("澄州省", "province"), Place("望舒县", "county", "溪宁市"), False),
        (Place("吉林省", "province"), Place("朝阳区", "county"), False),  # Beijing has one too
        (Place("吉林省", "province"), Place("朝阳区", "county", "长春市"), True),
    ],
)
def test_who_is_above_whom(a: Place, b: Place, is_above: bool) -> None:
    assert above(a, b) is is_above


def test_what_other_documents_say_of_a_place_is_used() -> None:
    said = parents_of(
        [HOME, Place("溪宁市", "city"), Place("望舒县", "county", "溪宁市"), Place("高新区", "county", "溪宁市"),
         Place("高新区", "county", "临州市")]
    )  # fmt: skip
    assert said == {"溪宁市": "澄州省", "望舒县": "溪宁市"}
    assert above(PROVINCE, Place("溪宁市", "city"), said)
    assert above(PROVINCE, Place("望舒县", "county"), said)
    assert above(PROVINCE, Place("高新区", "county", "溪宁市"), said)
    assert not above(PROVINCE, Place("高新区", "county"), said)


def test_places_above_each_other_end() -> None:
    circle = {"甲市": "乙市", "乙市": "甲市"}
    assert not above(PROVINCE, Place("丙县", "county", "甲市"), circle)


WORDS = st.text(
    alphabet="中共省市县区州旗盟镇乡街道自治开发高新南京溪宁关于2024年“十四五”（）、的国务院全各", max_size=20
)


@given(title=st.none() | WORDS, issuer=st.none() | WORDS, number=st.none() | WORDS)
def test_no_words_make_it_fail(title: str | None, issuer: str | None, number: str | None) -> None:
    home = place_of(info(title, issuer, number), [title or ""])
    row = place_named(title or "", home)
    for place in (home, row):
        assert place is None or (place.name and place.name != place.parent)
