"""The field of work of an indicator: own cases of every field, and what decides where words say different things."""

from __future__ import annotations

import pytest

from extractor.archive.domains import DOMAINS, OTHER, domain_name, domain_of
from extractor.types.record import DocumentInfo

NOWHERE = DocumentInfo(source_name="a.txt", sha256="0" * 64)

METRICS = [
    ("护理型床位占比", "养老服务"), ("每千名老年人拥有养老床位", "养老服务"), ("农村低保标准", "社会救助"), ("特困人员集中供养率", "社会救助"),
    ("村（社区）儿童主任配备率", "儿童福利"), ("孤儿基本生活养育标准", "儿童福利"), ("困难残疾人生活补贴发放率", "残疾人福利"),
    ("社会组织年检率", "社会组织"), ("每万城镇常住人口社区工作者", "基层治理"), ("界桩完好率", "区划地名"), ("遗体火化率", "婚姻殡葬"),
    ("婚姻登记合格率", "婚姻殡葬"), ("乡镇（街道）社工站覆盖率", "慈善社工"), ("福利彩票销量", "慈善社工"), ("退役士兵安置率", "退役军人"),
    ("城镇新增就业人数", "就业"), ("零工市场求职登记数", "就业"), ("基本养老保险参保率", "社会保险"), ("婴儿死亡率", "医疗卫生"),
    ("每千人口执业（助理）医师数", "医疗卫生"), ("医保基金支出占比", "医疗保障"), ("基本医疗保险参保率", "医疗保障"), ("学前教育毛入园率", "教育"),
    ("义务教育巩固率", "教育"), ("公共图书馆藏书", "文化旅游"), ("人均体育场地面积", "体育"), ("细颗粒物年均浓度", "生态环境"),
    ("地表水国控断面优良比例", "生态环境"), ("风电装机", "能源双碳"), ("单位地区生产总值二氧化碳排放下降", "能源双碳"), ("粮食播种面积", "农业农村"),
    ("卫生户厕普及率", "农业农村"), ("森林覆盖率", "林业草原"), ("用水总量", "水利"), ("病险水库除险加固完成率", "水利"),
    ("永久基本农田面积", "自然资源"), ("改造城镇老旧小区", "住房城建"), ("公路总里程", "交通运输"), ("规模以上工业增加值增速", "工业"),
    ("高新技术企业数量", "科技创新"), ("实际使用外资", "商务外贸"), ("食品抽检合格率", "市场监管"), ("企业开办时间", "营商环境"),
    ("生产安全事故死亡人数下降", "应急安全"), ("刑事案件破案率", "公安司法"), ("一般公共预算收入增长", "财政税务"),
    ("政务服务事项网上可办率", "数字政府"), ("党员教育培训覆盖率", "党建机关"), ("若干事项", "其他"),
]  # fmt: skip


@pytest.mark.parametrize(("metric", "domain"), METRICS)
def test_a_metric_tells_its_field(metric: str, domain: str) -> None:
    assert domain_of(metric, (), metric, NOWHERE) == domain


def test_every_field_is_tried() -> None:
    assert {domain for _, domain in METRICS} == set(DOMAINS)


@pytest.mark.parametrize(
    ("metric", "path", "text", "title", "issuer", "domain"),
    [
        # the metric before the heading, the nearest heading before the farther ones, those before the title
        ("遗体火化率", ("养老服务",), "遗体火化率达到90%", None, None, "婚姻殡葬"),
        ("覆盖率", ("养老服务", "殡葬改革"), "覆盖率达到90%", None, None, "婚姻殡葬"),
        ("覆盖率", ("殡葬改革",), "覆盖率达到90%", "溪宁市养老服务规划", None, "婚姻殡葬"),
        ("覆盖率", (), "养老机构覆盖率达到90%", None, None, "养老服务"),
        ("覆盖率", (), "覆盖率达到90%", "溪宁市养老服务规划", None, "养老服务"),
        ("覆盖率", (), "覆盖率达到90%", None, "溪宁市水利局", "水利"),
        ("覆盖率", (), "覆盖率达到90%", None, None, OTHER),
        # the longest word counts alone
        ("养老保险参保人数", (), "", None, None, "社会保险"),
        ("第三方电话测评样本", (), "", None, None, OTHER),
        ("义务教育阶段残疾儿童入学率", (), "", None, None, "教育"),
    ],
)
def test_what_decides(
    metric: str, path: tuple[str, ...], text: str, title: str | None, issuer: str | None, domain: str
) -> None:
    said = NOWHERE.model_copy(update={"title": title, "issuer": issuer})
    assert domain_of(metric, path, text, said) == domain


def test_a_tie_goes_to_the_earlier_field() -> None:
    assert domain_of("低保和殡葬", (), "", NOWHERE) == "社会救助"
    assert domain_of("殡葬和低保", (), "", NOWHERE) == "社会救助"


def test_full_width_words_are_read_like_others() -> None:
    assert domain_of("ＰＭ２.５浓度", (), "", NOWHERE) == domain_of("PM2.5浓度", (), "", NOWHERE) == "生态环境"


def test_every_field_has_a_name_in_both_languages() -> None:
    assert [domain_name(domain) for domain in DOMAINS] == list(DOMAINS)
    english = [domain_name(domain, "en") for domain in DOMAINS]
    assert all(name.isascii() for name in english)
    assert len(set(english)) == len(DOMAINS)
    with pytest.raises(KeyError):
        domain_name("没有的领域", "en")
