"""Quantities: number, unit, comparator, and what is no quantity at all."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.mentions.comparators import find_cues
from extractor.mentions.quantities import find_quantities
from extractor.mentions.units import canonical_unit, match_unit
from extractor.text.view import make_view
from extractor.types.mention import Quantity


def read(text: str, *, bare: bool = False) -> list[Quantity]:
    return find_quantities(make_view(text).text, bare=bare)


def brief(text: str) -> list[str]:
    """``words op value[-upper] unit`` of each quantity."""
    plain = make_view(text).text
    lines = []
    for q in find_quantities(plain):
        upper = "" if q.upper is None else f"-{q.upper:f}"
        lines.append(f"{plain[q.span.start : q.span.end]} {q.op} {q.value:f}{upper} {q.unit}")
    return lines


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # comparators before
        ("公办园在园幼儿占比不低于56%", ["不低于56% ge 56 %"]),
        ("县级财政投入不得少于1.5亿元", ["不得少于1.5亿元 ge 1.5 亿元"]),
        ("场所面积不小于260平方米", ["不小于260平方米 ge 260 平方米"]),
        ("处理率达97%", ["达97% ge 97 %"]),
        ("覆盖面超过45%", ["超过45% gt 45 %"]),
        ("优良天数比例大于82.5%", ["大于82.5% gt 82.5 %"]),
        ("不合格率低于2%", ["低于2% lt 2 %"]),
        ("平均办理时限不超过6个工作日", ["不超过6个工作日 le 6 个工作日"]),
        ("重复投诉率降至千分之五以下", ["降至千分之五以下 le 0.5 %"]),
        ("用水量下降到38立方米以内", ["下降到38立方米以内 le 38 立方米"]),
        ("研发强度提高到2.8%", ["提高到2.8% ge 2.8 %"]),
        ("审查周期压缩至4个月以内", ["压缩至4个月以内 le 4 个月"]),
        ("考试通过力争过千人", ["过千人 gt 1000 人"]),
        ("投资额超百亿元", ["超百亿元 gt 100 亿元"]),
        ("协同数量不应超过3个", ["不应超过3个 le 3 个"]),
        ("收治病人≥3400人次", ["≥3400人次 ge 3400 人次"]),
        ("得分 ≥ 95 %", ["≥ 95 % ge 95 %"]),
        ("浓度≤12 mg/L", ["≤12 mg/L le 12 mg/L"]),
        ("均值不高于28\u00b5g/m³", ["不高于28\u00b5g/m³ le 28 \u00b5g/m³"]),  # the micro sign, not the Greek letter
        ("死亡率不超过9人/10万", ["不超过9人/10万 le 9 人/10万"]),
        ("处理能力达到3万m³/d", ["达到3万m³/d ge 3 万m³/d"]),
        ("用水定额不高于110升/（人·日）", ["不高于110升/(人·日) le 110 升/(人·日)"]),
        ("配备不少于2人/村", ["不少于2人/村 ge 2 人/村"]),
        ("用电量超过60亿度", ["超过60亿度 gt 60 亿度"]),
        ("2024年度不少于3次", ["不少于3次 ge 3 次"]),
        ("压缩至12个工作小时", ["压缩至12个工作小时 le 12 个工作小时"]),
        ("综合评分达到85", ["达到85 ge 85 None"]),
        ("容积率不低于1.5", ["不低于1.5 ge 1.5 None"]),
        # after
        ("新增绿道120公里以上", ["120公里以上 ge 120 公里"]),
        ("带教医师3年及以上经历", ["3年及以上 ge 3 年"]),
        ("住户达到2000户(含)以上", ["达到2000户(含)以上 ge 2000 户"]),
        ("完成三分之一以上任务", ["三分之一以上 ge 0.3333333333333333333333333333 None"]),
        ("失业率控制在4.2%以内", ["控制在4.2%以内 le 4.2 %"]),
        ("增速达到7%左右", ["达到7%左右 approx 7 %"]),
        ("办理时间达到3天以内", ["达到3天以内 le 3 天"]),
        ("约100万吨", ["约100万吨 approx 100 万吨"]),
        ("材料减少一半", ["减少一半 None 50 %"]),
        ("占比过半", ["过半 gt 50 %"]),
        ("另一半", []),
        ("6个月零5天以上", ["6个月 None 6 个月", "零5天以上".lstrip("零") + " ge 5 天"]),
        ("清偿一半以上", ["一半以上 ge 50 %"]),
        ("粮食面积稳定在90%以上", ["稳定在90%以上 ge 90 %"]),
        ("粮食面积稳定在8000万亩", ["稳定在8000万亩 None 8000 万亩"]),
        # ranges
        ("资本金比例为20%—25%", ["20%—25% between 20-25 %"]),
        ("培育2—3家企业", ["2—3家 between 2-3 家"]),
        ("遴选15至20个试点村", ["15至20个 between 15-20 个"]),
        ("给予5万元~10万元奖励", ["5万元~10万元 between 5-10 万元"]),
        ("给予5000元至2万元奖励", ["5000元至2万元 between 5000-20000 元"]),
        ("增幅保持在百分之六到百分之八之间", ["保持在百分之六到百分之八之间 between 6-8 %"]),
        ("培训三至五家企业", ["三至五家 between 3-5 家"]),
        ("打造两三个典型", ["两三个 between 2-3 个"]),
        ("建设0.5—1万个车位", ["0.5—1万个 between 0.5-1 万个"]),
        ("介于10与20之间", ["10与20之间 between 10-20 None"]),
        ("3年以上7年以下", ["3年以上7年以下 between 3-7 年"]),
        ("不大于50不小于20", ["不大于50不小于20 between 20-50 None"]),
        # shares, multiples
        ("提升三成", ["提升三成 None 30 %"]),
        ("三成半", ["三成半 None 35 %"]),
        ("提高6个百分点", ["提高6个百分点 None 6 个百分点"]),
        ("较上年翻一番", ["翻一番 None 2 倍"]),
        ("翻两番", ["翻两番 None 4 倍"]),
        ("占比5‰", ["5‰ None 5 ‰"]),
        ("占比百分之百", ["百分之百 None 100 %"]),
        ("增长1倍以上", ["增长1倍以上 ge 1 倍"]),
        # units and scales
        ("新增能力130万吨/日", ["130万吨/日 None 130 万吨/日"]),
        ("标准不低于630元/月", ["不低于630元/月 ge 630 元/月"]),
        ("能耗3.2吨标准煤/万元", ["3.2吨标准煤/万元 None 3.2 吨标准煤/万元"]),
        ("装机增加400万千瓦", ["增加400万千瓦 None 400 万千瓦"]),
        ("补助8千元", ["8千元 None 8000 元"]),
        ("达到三千五百万元", ["达到三千五百万元 ge 3500 万元"]),
        ("达到一亿五千万元", ["达到一亿五千万元 ge 150000000 元"]),
        ("组织500余家企业", ["500余家 None 500 家"]),
        ("培训3万多人", ["3万多人 None 3 万人"]),
        ("周期不超过17个多月", ["不超过17个多月 le 17 个月"]),
        ("年限不少于两个半月", ["不少于两个半月 ge 2.5 个月"]),
        ("不少于半年", ["不少于半年 ge 0.5 年"]),
        ("奖励123元1角5分", ["123元1角5分 None 123.15 元"]),
        ("纳入交易的220家电力企业", ["220家 None 220 家"]),
        # ranks
        ("排名全省前5名", ["前5名 le 5 名"]),
        ("第六名至第十名", ["第六名至第十名 between 6-10 名"]),
        # counts in words need something to be made or an explicit comparator
        ("完成两条县级界线联检", ["两条 None 2 条"]),
        ("每个乡镇建立一个平台", ["一个 None 1 个"]),
        ("每村至少有一名村医", ["至少有一名 ge 1 名"]),
        ("完成一次风险企业排查", ["一次 None 1 次"]),
        ("三百户", ["三百户 None 300 户"]),
    ],
)
def test_read(text: str, expected: list[str]) -> None:
    assert brief(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "全面加强组织领导",
        "(某政办〔2022〕17号)第八条要求",
        "持续巩固“三个一批”成果,落实“一岗双责”",
        "一、加强组织领导(二)强化督导考核",
        "“44211”提升计划,96345中心,12345热线",
        "3A级景区、5G基站、PM2.5、GB/T 9704-2012、IPv6",
        "三年行动计划,五年规划,3年滚动计划",
        "坚持两个维护,落实八项规定,办好十件实事",
        "统一、进一步、一些、一批、一定、一体化、一户一策、三农、千方百计",
        "2023年3月5日前,1-9月,三月底前,二〇二三年",
        "第三方、第二批、第5次会议、七届四中全会",
        "三年内完成",
        "加5分,每发生一起扣3分,最高不超过6分,(2分)",
        "师生比不高于1:15,15分钟生活圈,7×24小时",
        "1+6+9行动体系,1.2.3版",
        "取近三年平均值",
        "黄河三角洲",
        "如表2所示",
        "《十四五2000个项目清单》",
        "每千名老年人,每百户,每10万人口",
        "推行一次性告知,最多跑一次",
        "优良(一、二类)水质",
    ],
)
def test_no_quantity(text: str) -> None:
    assert brief(text) == []


def test_the_number_before_提高到_is_no_quantity() -> None:
    assert brief("研发投入强度由2.1%提高到2.8%") == ["提高到2.8% ge 2.8 %"]
    assert brief("时限由20个工作日压缩至5个工作日") == ["压缩至5个工作日 le 5 个工作日"]


@pytest.mark.parametrize(
    ("text", "between"),
    [
        ("至少打造3条示范街区", "打造"),
        ("标准不低于当地上一年度居民人均消费支出的30%", "当地上一年度居民人均消费支出的"),
        ("标准达到当地上年度居民人均消费支出80%", "当地上年度居民人均消费支出"),
        ("按不低于人均3元标准", "人均"),
        ("床位达到每千名老年人35张以上", "每千名老年人"),
        ("满意度控制在差评0.3%以内", "差评"),
        ("达到2015年的2.5倍", "2015年的"),
        ("至少每周1次", "每周"),
    ],
)
def test_what_stands_between_comparator_and_number(text: str, between: str) -> None:
    (found,) = read(text)
    assert found.between is not None
    assert text[found.between.start : found.between.end] == between
    assert found.op in ("ge", "le")


@pytest.mark.parametrize(
    "text", ["达到国家标准的企业3家", "超过规划要求,新建3家", "不低于低保标准。完成50%", "超标企业3家", "通过考核3家"]
)
def test_a_comparator_reaches_no_number_of_something_else(text: str) -> None:
    assert [q.op for q in read(text)] == [None]


def test_a_list_shares_its_comparator() -> None:
    one, two = read("覆盖率分别达70%、50%")
    assert (one.op, one.follows, two.op, two.follows) == ("ge", False, "ge", True)
    low, high = read("分别控制在差评0.3%、0.5%以内")
    assert (low.op, high.op) == ("le", "le")
    assert [q.op for q in read("分别新建300个、200个和120个")] == [None, None, None]
    assert not any(q.follows for q in read("达到70%、床位50张"))


@pytest.mark.parametrize(
    ("text", "per"),
    [
        ("每月至少开展1次检查", "月"),
        ("每季度不少于2次", "季度"),
        ("全年不少于8次", "年"),
        ("每半年组织1次演练", "半年"),
        ("至少2周1次", "2周"),
        ("至少1周1次", "周"),
        ("每周走访不低于10户", "周"),
        ("每两年至少1次", "2年"),
        ("每个学期不少于4课时", "学期"),
        ("每年度至少组织1次", "年"),
        ("平均每日≥5人次", "日"),
        ("每年增长8%", None),
        ("每年抽取不低于20%的渔港", "年"),
        ("年新建3家", "年"),
        ("每月调度,全市不少于3次", None),
        ("新建3家", None),
    ],
)
def test_periods(text: str, per: str | None) -> None:
    (found,) = read(text)
    assert found.per == per


def test_the_verb_of_a_change_belongs_to_the_expression() -> None:
    text = "碳排放强度下降4.2%,新增绿地5公顷,巩固提升5条河流"
    change, new, lifted = read(text)
    assert change.change is not None
    assert text[slice(*change.change)] == "下降"
    assert change.span.start == change.change.start
    assert new.change is None
    assert lifted.change is None


def test_places_and_flags() -> None:
    text = "制定四项措施"
    (found,) = read(text)
    assert found.hedged
    (rank,) = read("进入前10名")
    assert rank.rank
    assert rank.cue == "前"


def test_bare_numbers_for_cells() -> None:
    assert [(q.value, q.unit) for q in read("600", bare=True)] == [(Decimal(600), None)]
    assert [q.value for q in read("12.5", bare=True)] == [Decimal("12.5")]
    assert read("600") == []
    assert [q.value for q in read("1/4", bare=True)] == [Decimal("0.25")]
    assert [q.value for q in read("第十四", bare=True)] == [Decimal(14)]


@pytest.mark.parametrize(
    ("name", "canonical"),
    [("㎡", "平方米"), ("万kW", "万千瓦"), ("mg/L", "毫克/升"), ("元/㎡", "元/平方米"), ("个", "个"), (None, None)],
)
def test_canonical_units(name: str | None, canonical: str | None) -> None:
    assert canonical_unit(name) == canonical


def test_units_end_where_a_longer_word_begins() -> None:
    unit = match_unit("成立", 0)
    assert unit is None
    unit = match_unit("米饭", 0)
    assert unit is None
    unit = match_unit("万户籍", 0)
    assert unit is not None
    assert unit.name == "万"


def test_cues_without_number_are_still_found() -> None:
    (cue,) = find_cues("增速不低于居民消费支出增速")
    assert (cue.op, cue.start, cue.end) == ("ge", 2, 5)


ALPHABET = "不低于达到控制在以上内下左右约前第每至少和、,。:;()%万亿元个名家次年月日周一二三十百千两半点分之成翻番0123456789.-—~ ABg/《》“”"


@given(st.text(alphabet=ALPHABET, max_size=60), st.booleans())
@settings(max_examples=300)
def test_spans_are_ordered_and_inside(text: str, bare: bool) -> None:
    plain = make_view(text).text
    end = 0
    for q in find_quantities(plain, bare=bare):
        assert end <= q.span.start <= q.number.start < q.number.end <= q.span.end <= len(plain)
        assert q.upper is None or q.op == "between"
        end = q.span.end


@pytest.mark.parametrize("unit", ["不低于35%,", "一", "1", "《", "三千五百", "达到", "每", "1.", "第"])
def test_time_grows_with_length_only(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        start = time.process_time()
        find_quantities(text)
        return time.process_time() - start

    # Ten times the text: a quadratic rule takes a hundred times as long, and a busy machine is no rule.
    small, large = (min(seconds(size) for _ in range(3)) for size in (2_000, 20_000))
    assert large <= max(small * 60, 0.2)
