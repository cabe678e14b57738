"""Units reduced to what can be compared: own cases, and that no words whatever make it fail."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.archive.quantities import comparable, quantity
from extractor.types.archive import Quantity
from extractor.types.record import Op


def of(value: float | None, unit: str | None, metric: str = "指标", per: str | None = None, **more: Any) -> Quantity:
    op: Op = more.get("op", "ge")
    return quantity(value, more.get("upper"), unit, per, metric, op, more.get("raw"))


# value, unit → dimension, value, base unit
UNITS = [
    (35, "%", "share", 35, "%"), (5, "‰", "share", 0.5, "%"), (3, "成", "share", 30, "%"), (12, "/10万", "share", 0.012, "%"),
    (12, "1/10万", "share", 0.012, "%"), (9, "/10万人", "share", 0.009, "%"),
    (2, "个百分点", "change", 2, "个百分点"), (2, "百分点", "change", 2, "个百分点"), (2, "倍", "multiple", 2, "倍"), (92, "分", "score", 92, "分"),
    (1, "元", "money", 1, "元"), (2, "千元", "money", 2000, "元"), (1.5, "万元", "money", 15000, "元"), (3, "百万元", "money", 3e6, "元"),
    (0.2, "亿元", "money", 2e7, "元"), (1.2, "万亿元", "money", 1.2e12, "元"), (5, "亿美元", "money:美元", 5e8, "美元"),
    (3, "亩", "area", 2000, "平方米"), (300, "万亩", "area", 2e9, "平方米"), (2, "公顷", "area", 20000, "平方米"), (1, "平方千米", "area", 1e6, "平方米"),
    (1, "平方公里", "area", 1e6, "平方米"), (5, "㎡", "area", 5, "平方米"), (3, "万平方米", "area", 30000, "平方米"), (2, "平米", "area", 2, "平方米"),
    (2, "公里", "length", 2000, "米"), (2, "千米", "length", 2000, "米"), (2, "里", "length", 1000, "米"), (3, "万公里", "length", 3e7, "米"),
    (2, "吨", "mass", 2000, "公斤"), (2, "千克", "mass", 2, "公斤"), (7, "斤", "mass", 3.5, "公斤"), (2, "万吨标准煤", "mass:标准煤", 20000, "吨标准煤"),
    (500, "千克标准煤", "mass:标准煤", 0.5, "吨标准煤"), (6, "亿立方米", "volume", 6e8, "立方米"), (1.5, "升", "volume", 0.0015, "立方米"),
    (2, "万千瓦", "power", 20000, "千瓦"), (3, "兆瓦", "power", 3000, "千瓦"), (1, "GW", "power", 1e6, "千瓦"),
    (2, "亿千瓦时", "energy", 2e8, "千瓦时"), (2, "万千瓦时", "energy", 20000, "千瓦时"), (36, "吉焦", "energy", 10000, "千瓦时"), (5, "kW·h", "energy", 5, "千瓦时"),
    (3, "人", "count:人", 3, "人"), (3, "名", "count:人", 3, "人"), (3, "位", "count:人", 3, "人"), (3, "万人", "count:人", 30000, "人"),
    (3, "万人次", "count:人次", 30000, "人次"), (2, "万户", "count:户", 20000, "户"), (2, "户次", "count:户次", 2, "户次"),
    (7, "个", "count:个", 7, "个"), (7, "家", "count:个", 7, "个"), (7, "所", "count:个", 7, "个"), (7, "处", "count:个", 7, "个"), (7, "座", "count:个", 7, "个"),
    (2, "万张", "count:张", 20000, "张"), (4, "床", "count:张", 4, "张"), (4, "辆", "count:辆", 4, "辆"), (4, "台（套）", "count:辆", 4, "辆"),
    (4, "篇", "count:件", 4, "件"), (4, "场次", "count:次", 4, "次"), (2, "批次", "count:次", 2, "次"), (2, "个次", "count:个次", 2, "个次"),
    (2, "天", "time", 2, "天"), (48, "小时", "time", 2, "天"), (6, "个月", "time", 180, "天"), (1, "年", "time", 360, "天"), (30, "分钟", "time", 1 / 48, "天"),
    (5, "个工作日", "time:工作日", 5, "工作日"), (8, "个工作小时", "time:工作日", 1, "工作日"), (40, "课时", "time:学时", 40, "学时"), (6, "个半天", "time", 3, "天"),
    (35, "微克/立方米", "mass/volume", 35, "微克/立方米"), (0.035, "毫克/立方米", "mass/volume", 35, "微克/立方米"), (30, "mg/L", "mass/volume", 3e7, "微克/立方米"),
    (300, "克标准煤/千瓦时", "mass:标准煤/energy", 300, "克标准煤/千瓦时"), (0.5, "吨/万元", "mass/money", 0.05, "公斤/元"),
    (12, "千克标准煤/平方米", "mass:标准煤/area", 0.012, "吨标准煤/平方米"), (6, "万元/亩", "money/area", 90, "元/平方米"), (9, "公里/平方公里", "length/area", 0.009, "米/平方米"),
    (50, "年一遇", "return", 50, "年一遇"), (1000, "兆", "bandwidth", 1000, "Mbps"), (2, "PB", "data", 2e6, "GB"),
    (4, None, "number", 4, ""), (60, "万", "number", 600000, ""), (3, "咕噜", "other:咕噜", 3, "咕噜"), (3, "万咕噜", "other:万咕噜", 3, "万咕噜"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "unit", "dimension", "reduced", "base_unit"), UNITS)
def test_a_unit_is_reduced_to_its_dimension(
    value: float, unit: str | None, dimension: str, reduced: float, base_unit: str
) -> None:
    made = of(value, unit)
    assert (made.dimension, made.unit, made.base) == (dimension, base_unit, "")
    assert made.value == pytest.approx(reduced, rel=1e-12)


# value, unit, metric, per → dimension, base, value
COUNTED = [
    (35, "张", "每千名老年人拥有养老床位", None, "count:张", "老年人", 0.035),
    (35, "张/千人", "每千名老年人养老床位数", None, "count:张", "老年人", 0.035),
    (36, "张", "每千老年人口养老床位数", None, "count:张", "老年人", 0.036),
    (7.2, "张", "每千人口医疗卫生机构床位数", None, "count:张", "人", 0.0072),
    (7.2, "张/千人", "床位数", None, "count:张", "人", 0.0072),
    (6.8, "件", "每万人口高价值发明专利拥有量", None, "count:件", "人", 0.00068),
    (18, "人", "每万城镇常住人口社区工作者", None, "count:人", "人", 0.0018),
    (3, "个", "每10万常住人口配备坐席", None, "count:个", "人", 3e-5),
    (20, "平方米", "每百户居民拥有综合服务设施面积", None, "area", "户", 0.2),
    (20, "平方米/百户", "居民综合服务设施面积", None, "area", "户", 0.2),
    (14.5, "平方米", "人均公园绿地面积", None, "area", "人", 14.5),
    (14.5, "平方米/人", "人均公园绿地面积", None, "area", "人", 14.5),
    (2.8, "千伏安", "农村户均配变容量", None, "transformer", "户", 2.8),
    (30, "册", "小学生均图书", None, "count:册", "学生", 30),
    (28, "平方米", "床均建筑面积", None, "area", "床", 28),
    (10, "个", "每个城市社区拥有社区社会组织", None, "count:个", "社区", 10),
    (1, "处", "每个县（市、区）城市公益性公墓", None, "count:个", "县", 1),
    (1, "名", "每150名幼儿专职保健人员", None, "count:人", "儿童", 1 / 150),
    (5, "名", "每名带教医师指导培训对象", None, "count:人", "医师", 5),
    (5, "名", "每百名卫生技术人员配备", None, "count:人", "人员", 0.05),
    (4.4, "人", "每百张病床药师人数", None, "count:人", "床", 0.044),
    (2, "天", "每个家庭医生团队下沉服务", "月", "time", "队伍/年", 24),
    (6, "起/每万枚", "事故年发生率", None, "count:件", "枚", 0.0006),
    (25, "万元", "开发区亩均税收", None, "money/area", "", 375),
    (25, "万元/亩", "开发区亩均税收", None, "money/area", "", 375),
    (80, "亿元", "高新区每平方公里产出强度", None, "money/area", "", 8000),
    (2, "件", "每亿元营业收入有效发明专利", None, "count:件/money", "", 2e-8),
    (1, "人/村", "配备协管员", None, "count:人", "村", 1),
    (3, "人/县", "配备监管员", None, "count:人", "县", 3),
    (3, "人/县区", "配备监管员", None, "count:人", "县", 3),
    (2, "人/班", "配备保育员", None, "count:人", "班", 2),
    (1, "个/乡镇", "综合服务站", None, "count:个", "乡镇", 1),
    (1, "个", "每个乡镇综合服务站", None, "count:个", "乡镇", 1),
    (4, "人/百张", "药师人数", None, "count:人", "床", 0.04),
    (5, "人/百个村", "农技人员", None, "count:人", "村", 0.05),
    (2, "次/家", "检查", None, "count:次", "个", 2),
    (30, "立方米", "万元GDP用水量", None, "volume/money", "", 0.003),
    (35, "立方米/万元", "万元国内生产总值用水量", None, "volume/money", "", 0.0035),
    (0.5, "吨标准煤", "规模以上万元工业增加值能耗", None, "mass:标准煤/money", "", 5e-5),
    (0.02, "人", "亿元地区生产总值生产安全事故死亡率", None, "count:人/money", "", 2e-10),
    (14, "%", "万元地区生产总值能耗降低", None, "share", "", 14),
    (5, "家", "培育亿元产值企业", None, "count:个", "", 5),
    (30, "立方米", "100万元产值取水量", None, "volume/money", "", 3e-5),
    (20, "万吨", "实现2亿元产值、减少排放", None, "mass", "", 2e8),
    # periods
    (1, "次", "督查", "月", "count:次", "/年", 12),
    (1, "次", "督查", "季度", "count:次", "/年", 4),
    (1, "次", "督查", "半年", "count:次", "/年", 2),
    (1, "次", "督查", "2周", "count:次", "/年", 26),
    (1, "次", "评估", "3年", "count:次", "/年", 1 / 3),
    (2, "次", "演练", "学期", "count:次", "/年", 4),
    (690, "元/月", "低保标准", None, "money", "/年", 8280),
    (690, "元", "低保标准", "月", "money", "/年", 8280),
    (6, "千元", "每人每年低保标准", None, "money", "人/年", 6000),
    (380, "元/人·月", "最低生活保障补差", None, "money", "人/年", 4560),
    (380, "元", "最低生活保障月人均补差", None, "money", "人/年", 4560),
    (100, "场", "演出场次年均", None, "count:次", "/年", 100),
    (200, "人", "日均进场人数", None, "count:人", "/日", 200),
    (15, "万吨/日", "污水处理能力", None, "mass", "/日", 1.5e8),
    (800, "万吨/年", "粗钢产能", None, "mass", "/年", 8e9),
    (5, "吨/平方公里·月", "降尘量", None, "mass/area", "/年", 0.06),
    (5, "吨/月·平方公里", "降尘量", None, "mass/area", "/年", 0.06),
    # levels are not added up
    (7, "%", "收入年均增长", None, "share", "/年", 7),
    (2, "个百分点", "占比提高", "年", "change", "/年", 2),
    (95, "%", "年均合格率", None, "share", "", 95),
    (5, "%", "人均体育消费支出增长", None, "share", "", 5),
    (35, "微克/立方米", "细颗粒物年均浓度", None, "mass/volume", "", 35),
    (98, "%", "设备在线率", "月", "share", "/月", 98),
    (78.5, "岁", "人均预期寿命", None, "age", "", 78.5),
    # words that are no base
    (100, "%", "小学生均达到标准", None, "share", "", 100),
    (46, "台", "淘汰每小时35蒸吨以下燃煤锅炉", None, "count:辆", "", 46),
    (5, "个", "平均每县", None, "count:个", "县", 5),
    (1.2, "万户", "新增市场主体", None, "count:个", "", 12000),
    (1.2, "万户", "新增农户", None, "count:户", "", 12000),
    # the metric says what the unit does not
    (0.3333, None, "农业产值占总产值的比例", None, "share", "", 33.33),
    (600, "万", "旅游年接待人次", None, "count:人次", "", 6e6),
    (420, None, "义务植树株数（万株）", None, "count:株", "", 4.2e6),
    (0.565, None, "农田灌溉水有效利用系数", None, "number", "", 0.565),
]  # fmt: skip


@pytest.mark.parametrize(("value", "unit", "metric", "per", "dimension", "base", "reduced"), COUNTED)
def test_what_a_number_is_counted_by_becomes_one_of_it(
    value: float, unit: str | None, metric: str, per: str | None, dimension: str, base: str, reduced: float
) -> None:
    made = of(value, unit, metric, per)
    assert (made.dimension, made.base) == (dimension, base)
    assert made.value == pytest.approx(reduced, rel=1e-12)


def test_a_range_is_reduced_at_both_ends_and_no_value_stays_none() -> None:
    made = of(2, "万元", upper=3)
    assert (made.value, made.upper) == (20000, 30000)
    assert of(None, "%").value is None


@pytest.mark.parametrize(
    ("unit", "op", "metric", "raw", "dimension"),
    [
        ("名", "le", "信息采用量", "前3名", "rank"),
        ("位", "le", "空气质量综合指数", "前10位", "rank"),
        ("名", "le", "考核排名", None, "rank"),
        ("名", "le", "每名带教医师指导培训对象", "不超过2名", "count:人"),
        ("名", "ge", "引进博士", "3名以上", "count:人"),
    ],
)
def test_a_rank_is_no_number_of_people(unit: str, op: Op, metric: str, raw: str | None, dimension: str) -> None:
    assert quantity(3, None, unit, None, metric, op, raw).dimension == dimension


def test_a_fraction_in_words_is_a_share() -> None:
    made = quantity(0.3333, None, None, None, "建成示范村的行政村", "ge", "三分之一以上")
    assert (made.dimension, made.value) == ("share", pytest.approx(33.33))
    assert quantity(0.58, None, None, None, "利用系数", "ge", "0.58").dimension == "number"


@pytest.mark.parametrize(
    ("one", "other", "may"),
    [
        (of(35, "张", "每千名老年人养老床位"), of(0.4, "张/百人", "老年人养老床位"), False),  # one base is 人
        (of(35, "张", "每千名老年人养老床位"), of(350, "张", "每万名老年人养老床位"), True),
        (of(1, "次", "督查", "季度"), of(4, "次", "督查", "年"), True),
        (of(3, "个工作日"), of(5, "天"), False),
        (of(5, "%"), of(5, "个百分点"), False),
        (of(5, "处"), of(5, "个"), True),
        (of(5, "人"), of(5, "人次"), False),
    ],
)
def test_comparable_where_dimension_and_base_agree(one: Quantity, other: Quantity, may: bool) -> None:
    assert comparable(one, other) is may
    assert comparable(other, one) is may


def test_the_same_share_of_beds_has_the_same_value_however_it_is_counted() -> None:
    assert of(35, "张", "每千名老年人养老床位").value == of(350, "张", "每万名老年人养老床位").value == 0.035


WORDS = st.text(
    alphabet="每千百万亿0123456789.元人户张/·年月日个名亩吨平方公里立米克%‰均次(（）)小时天位每老年学生", max_size=14
)


@given(
    value=st.none() | st.floats(allow_nan=False, allow_infinity=False, width=32) | st.integers(-(10**12), 10**12),
    unit=st.none() | WORDS | st.text(max_size=8), per=st.none() | WORDS, metric=WORDS | st.text(max_size=12), raw=st.none() | WORDS,
)  # fmt: skip
def test_no_words_make_it_fail(
    value: float | None, unit: str | None, per: str | None, metric: str, raw: str | None
) -> None:
    made = quantity(value, None, unit, per, metric, "le", raw)
    assert made.dimension
    assert (made.value is None) == (value is None)
