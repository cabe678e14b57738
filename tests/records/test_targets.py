"""Targets: metric, comparator, value and the other fields, case by case as the contract says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from extractor.records.lexicon import LEADING
from extractor.text.view import make_view
from tests.records.samples import brief, disagree, record_of, targets_of

OPS = {
    "不低于": ("危险废物规范处置率不低于96%。", ["危险废物规范处置率 ge 96 %"]),
    "以上": ("农村公路列养率保持在99%以上。", ["农村公路列养率 ge 99 %"]),
    "不少于": ("县级储备粮规模不少于2.4万吨。", ["县级储备粮规模 ge 2.4 万吨"]),
    "至少": ("每个街道至少建成2个日间照料中心。", ["每个街道日间照料中心 ge 2 个"]),
    "达到": ("村级卫生室标准化率达到88%。", ["村级卫生室标准化率 ge 88 %"]),
    "达": ("公共机构垃圾分类参与率达95%。", ["公共机构垃圾分类参与率 ge 95 %"]),
    "a count to be made": ("年内完成老旧小区改造46个。", ["老旧小区改造 ge 46 个 due=2024-12-31"]),
    "a count newly made": ("新培育专精特新企业3家。", ["新培育专精特新企业 ge 3 家"]),
    "the thing behind the count": ("建设12个口袋公园。", ["口袋公园 ge 12 个"]),
    "超过": ("数字经济规模超过300亿元。", ["数字经济规模 gt 300 亿元"]),
    "高于": ("居民满意度高于85%。", ["居民满意度 gt 85 %"]),
    "大于": ("森林覆盖率大于41.5%。", ["森林覆盖率 gt 41.5 %"]),
    "突破": ("数字经济核心产业产值突破500亿元。", ["数字经济核心产业产值 gt 500 亿元"]),
    "不超过": ("单位产品电耗不超过32千瓦时。", ["单位产品电耗 le 32 千瓦时"]),
    "以内": ("城镇调查失业率控制在5.5%以内。", ["城镇调查失业率 le 5.5 %"]),
    "内": ("公共供水管网漏损率控制在8%内。", ["公共供水管网漏损率 le 8 %"]),
    "rank": ("综合考核排名进入全市前3名。", ["综合考核排名 le 3 名"]),
    "低于": ("药品不良反应漏报率低于2%。", ["药品不良反应漏报率 lt 2 %"]),
    "小于": ("路面裂缝宽度小于3毫米。", ["路面裂缝宽度 lt 3 毫米"]),
    "a specification": ("其中群众测评权重为60%。", ["群众测评权重 eq 60 %"]),
    "bare share": ("食品抽检合格率100%。", ["食品抽检合格率 ge 100 %"]),
    "bare share of a whole": ("清洁能源公交车占总数的60%。", ["清洁能源公交车占总数 ge 60 %"]),
    "bare change": ("单位生产总值能耗下降14%。", ["单位生产总值能耗下降 ge 14 %"]),
    "压减到": ("行政许可平均办理时限压减到6个工作日。", ["行政许可平均办理时限 le 6 个工作日"]),
    "降至": ("亩均化肥用量降至21公斤。", ["亩均化肥用量 le 21 公斤"]),
    "bare, less is better": ("单位工业增加值能耗1.2吨标准煤。", ["单位工业增加值能耗 le 1.2 吨标准煤"]),
    "bare, more is better": ("千人拥有医师3.1人。", ["千人拥有医师 ge 3.1 人"]),
    "左右": ("地区生产总值增速达到6%左右。", ["地区生产总值增速 approx 6 %"]),
    "约": ("规模养殖场存栏约20万头。", ["规模养殖场存栏 approx 20 万头"]),
    "range": ("项目资本金比例为20%—25%。", ["项目资本金比例 between 20-25 %"]),
    "range of counts": ("遴选2-3个试点乡镇。", ["遴选试点乡镇 between 2-3 个"]),
}  # fmt: skip

VALUES = {
    "the scale word stays in the unit": ("职业培训补贴资金投入不少于1000万元。", ["职业培训补贴资金投入 ge 1000 万元"]),
    "times": ("注册用户规模扩大到2倍以上。", ["注册用户规模 ge 2 倍"]),
    "doubling": ("到2027年，电商交易额翻一番。", ["电商交易额 ge 2 倍 due=2027-12-31"]),
    "tenths": ("办理环节压减三成。", ["办理环节压减 ge 30 %"]),
    "per thousand": ("重复投诉率控制在千分之五以内。", ["重复投诉率 le 0.5 %"]),
    "a third": ("中小学体育活动时间占比不低于三分之一。", ["中小学体育活动时间占比 ge 0.3333"]),
    "百分之": ("电子证照归集率达到百分之九十五。", ["电子证照归集率 ge 95 %"]),
    "percentage points": ("民营经济占比提高3个百分点。", ["民营经济占比提高 ge 3 个百分点"]),
    "full width": ("秸秆综合利用率达到９６．５％以上。", ["秸秆综合利用率 ge 96.5 %"]),
    "spaced": ("秸秆综合利用率 达到 96.5 % 以上。", ["秸秆综合利用率 ge 96.5 %"]),
    "another quantity": ("城乡低保标准增速不低于居民人均消费支出增速。", ["城乡低保标准增速 ge ? baseline=居民人均消费支出增速"]),
    "capacity keeps its period": ("污水处理能力达到10万吨/日。", ["污水处理能力 ge 10 万吨/日"]),
    "a level": ("空气质量综合指数达到4.2以下。", ["空气质量综合指数 le 4.2"]),
    "money to be raised": ("筹集公益资金300万元。", ["筹集公益资金 ge 300 万元"]),
    "time": ("企业开办时间压缩至2个工作日以内。", ["企业开办时间 le 2 个工作日"]),
    "several in one sentence": (
        "低保核查准确率达到98%，核查覆盖面不低于30%，信访件办结率100%。",
        ["低保核查准确率 ge 98 %", "核查覆盖面 ge 30 %", "信访件办结率 ge 100 %"],
    ),
    "one number for two measures": (
        "政务事项网办率、按时办结率均达到95%以上。",
        ["政务事项网办率 ge 95 %", "政务事项按时办结率 ge 95 %"],
    ),
    "a group that does something": ("60%以上的社区建立议事协商制度。", ["建立议事协商制度的社区 ge 60 %"]),
    "a qualifier that narrows stays": ("培育产值1000万元以上的特色产业基地5个。", ["培育产值1000万元以上的特色产业基地 ge 5 个"]),
}  # fmt: skip

PERIODS = {
    "month": ("每月报送信息不少于3条。", ["报送信息 ge 3 条 per=月"]),
    "year": ("全年开展应急演练不少于8次。", ["开展应急演练 ge 8 次 per=年"]),
    "each year": ("每年新增养老床位400张。", ["新增养老床位 ge 400 张 per=年"]),
    "weeks": ("河道保洁员每2周巡查1次。", ["河道保洁员巡查 ge 1 次 per=2周"]),
    "quarter": ("每季度召开调度会1次。", ["召开调度会 ge 1 次 per=季度"]),
    "half year": ("每半年开展评估不少于1次。", ["开展评估 ge 1 次 per=半年"]),
    "day": ("每日巡河不少于2次。", ["巡河 ge 2 次 per=日"]),
    "money a year": ("县财政每年安排专项资金不少于1000万元。", ["县财政安排专项资金 ge 1000 万元 per=年"]),
    "not a rate of growth": ("年增幅不低于10%。", ["年增幅 ge 10 %"]),
    "not a yearly rate": ("年度任务完成率达到98%。", ["年度任务完成率 ge 98 %"]),
    "not a yearly income": ("脱贫户人均年收入达到1.6万元。", ["脱贫户人均年收入 ge 1.6 万元"]),
}  # fmt: skip

BASELINES = {
    "year": ("二氧化碳排放强度比2020年下降18%。", ["二氧化碳排放强度下降 ge 18 % baseline=2020年"]),
    "year before": ("社会消费品零售总额较上年增长8%。", ["社会消费品零售总额增长 ge 8 % baseline=上年"]),
    "other quantity": (
        "农村低保标准不低于当地上一年度农村居民人均消费支出的40%。",
        ["农村低保标准 ge 40 % baseline=当地上一年度农村居民人均消费支出"],
    ),
    "total": ("抽查数量不低于本级登记社会组织总数的5%。", ["抽查数量 ge 5 % baseline=本级登记社会组织总数"]),
    "none where the share is the metric": ("女职工占职工总数的比例不低于35%。", ["女职工占职工总数的比例 ge 35 %"]),
}  # fmt: skip

STAGES = {
    "two stages": (
        "到2026年，村卫生室达标率达到60%，到2030年达到80%。",
        ["村卫生室达标率 ge 60 % due=2026-12-31", "村卫生室达标率 ge 80 % due=2030-12-31"],
    ),
    "a month": ("9月底前完成危房改造120户。", ["危房改造 ge 120 户 due=2024-09-30"]),
    "end of the year": ("年底前市场主体突破8万户。", ["市场主体 gt 8 万户 due=2024-12-31"]),
    "end of a five-year plan": ("“十四五”末，常住人口城镇化率达到65%。", ["常住人口城镇化率 ge 65 % due=2025-12-31"]),
    "date behind the number": ("新增停车位2000个，6月底前全面开工。", ["新增停车位 ge 2000 个"]),
    "none": ("政务服务网办率达到90%。", ["政务服务网办率 ge 90 %"]),
}  # fmt: skip

SCOPES = {
    "a bracket": (
        "每年刊发经验材料3篇（山区县、库区县1篇）。",
        ["刊发经验材料 ge 3 篇 per=年", "山区县、库区县刊发经验材料 ge 1 篇 per=年 scope=山区县、库区县"],
    ),
    "none": ("各县刊发经验材料不少于3篇。", ["各县刊发经验材料 ge 3 篇"]),
}  # fmt: skip

STRENGTH = {
    "力争": ("力争培训合格率达到90%。", ["培训合格率 ge 90 % strength=strive"]),
    "争取": ("争取新增国家级试点2个。", ["新增国家级试点 ge 2 个 strength=strive"]),
    "鼓励": ("鼓励企业研发投入占比达到3%以上。", ["企业研发投入占比 ge 3 % strength=strive"]),
    "必须": ("必须确保考核合格率100%。", ["考核合格率 ge 100 % strength=must"]),
    "约束性": ("约束性指标：湿地保护率达到55%。", ["湿地保护率 ge 55 % strength=must"]),
    "plain": ("考核合格率达到100%。", ["考核合格率 ge 100 %"]),
    "does not reach over a semicolon": (
        "必须确保考核合格率100%；培训覆盖率达到90%。",
        ["考核合格率 ge 100 % strength=must", "培训覆盖率 ge 90 %"],
    ),
}  # fmt: skip

DISTRIBUTED = {
    "城乡": (
        "城乡社区养老设施配建率分别达到70%、50%。",
        ["城市社区养老设施配建率 ge 70 %", "农村社区养老设施配建率 ge 50 %"],
    ),
    "two subjects, one measure": (
        "城区、镇区小学供餐率分别达到80%和60%。",
        ["城区小学供餐率 ge 80 %", "镇区小学供餐率 ge 60 %"],
    ),
    "three subjects": (
        "小学、初中、高中近视率分别控制在38%、60%、70%以内。",
        ["小学近视率 le 38 %", "初中近视率 le 60 %", "高中近视率 le 70 %"],
    ),
    "two measures": (
        "养老机构备案率、合格率分别达到100%、95%。",
        ["养老机构备案率 ge 100 %", "养老机构合格率 ge 95 %"],
    ),
    "years": (
        "2024年、2025年分别完成管网改造30公里、45公里。",
        ["管网改造 ge 30 公里 due=2024-12-31", "管网改造 ge 45 公里 due=2025-12-31"],
    ),
}  # fmt: skip

ALTERNATIVES = {
    "another way": (
        "入园企业年产值不低于2000万元，或年纳税额不低于80万元。",
        ["入园企业年产值 ge 2000 万元", "年纳税额 ge 80 万元 way=1"],
    ),
    "joined by and": ("年产值不低于2000万元，且年纳税额不低于80万元。", ["年产值 ge 2000 万元", "年纳税额 ge 80 万元"]),
}  # fmt: skip

GROUPS = {
    "op": OPS, "value": VALUES, "per": PERIODS, "baseline": BASELINES, "due": STAGES, "scope": SCOPES, "strength": STRENGTH,
    "distributed": DISTRIBUTED, "alternative": ALTERNATIVES,
}  # fmt: skip
CASES = [
    pytest.param(sentence, expected, id=f"{group}: {name}")
    for group, cases in GROUPS.items()
    for name, (sentence, expected) in cases.items()
]


@pytest.mark.parametrize(("sentence", "expected"), CASES)
def test_targets(sentence: str, expected: list[str]) -> None:
    assert disagree(targets_of(sentence), expected) is None


@pytest.mark.parametrize(("sentence", "expected"), CASES)
def test_metric_has_only_printed_words_and_no_verb_of_effort(sentence: str, expected: list[str]) -> None:
    record = record_of(sentence)
    for target in record.targets:
        printed = re.sub(r"城[市乡]|农村", "", target.metric)
        assert set(printed) <= {*make_view(record.text).text, *"的"}, target.metric
        assert not re.match(r"实现|达到|力争|确保|推动", target.metric)


RAW = {
    "comparator before": ("平均水耗不超过38立方米。", ["不超过38立方米"]),
    "comparator behind": ("绿地率达到38%以上。", ["达到38%以上"]),
    "words between": ("低保标准不低于当地居民人均消费支出的40%。", ["不低于当地居民人均消费支出的40%"]),
    "bare": ("建设12个口袋公园。", ["12个"]),
    "range": ("培训10—15名骨干。", ["10—15名"]),
    "implicit": ("实现村级警务室全覆盖。", ["全覆盖"]),
    "as the source prints it": ("平均水耗 不超过 ３８ 立方米。", ["不超过３８立方米"]),
}


@pytest.mark.parametrize(("sentence", "raw"), RAW.values(), ids=RAW)
def test_raw_is_verbatim_and_contiguous(sentence: str, raw: list[str]) -> None:
    targets = record_of(sentence).targets
    assert [(target.raw or "").replace(" ", "") for target in targets] == raw


def test_ranks_of_two_kinds_of_places_are_scopes_and_no_alternatives() -> None:
    targets = record_of("平安建设测评进入市（州）前3名或县（市）前10名。").targets
    assert [(t.op, t.value, t.scope, t.alternative) for t in targets] == [
        ("le", 3, "市(州)", 0),
        ("le", 10, "县(市)", 0),
    ]


def test_context_completes_a_bare_measure() -> None:
    (target,) = record_of("完好率达到95%以上。", path=["消防设施管护"]).targets
    assert brief(target).endswith("ge 95 %")
    assert "完好率" in target.metric
    assert "消防设施" in target.metric


def test_threshold_of_scoring_words_is_a_target_of_the_item() -> None:
    record = record_of("开展督导检查。", around=["全年不少于4次，少一次扣1分"], thresholds=["全年不少于4次"])
    (target,) = record.targets
    assert (target.op, target.value, target.unit, target.per) == ("ge", 4, "次", "年")
    assert "督导检查" in target.metric
    assert record.kind == "target"


def test_lexicon_does_not_eat_words_that_only_begin_like_an_effort() -> None:
    for words in ("要素市场化配置", "对口支援", "并网容量", "应急演练"):
        assert not LEADING.match(words)


def sentences() -> list[tuple[str, list[str]]]:
    """The cases of ``sentences.txt``."""
    cases: list[tuple[str, list[str]]] = []
    for line in Path(__file__).with_name("sentences.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith(" "):
            cases[-1][1].append(line.strip())
        elif line and not line.startswith("#"):
            cases.append((line, []))
    return cases


@pytest.mark.parametrize(("sentence", "expected"), [pytest.param(*case, id=case[0][:12]) for case in sentences()])
def test_sentences_of_many_departments(sentence: str, expected: list[str]) -> None:
    assert disagree(targets_of(sentence), expected) is None


def test_a_metric_may_be_what_the_clause_before_is_about() -> None:
    (target,) = record_of("对农村饮用水进行水质监测，合格率达到98%。").targets
    assert target.metric == "农村饮用水水质监测合格率"
    (target,) = record_of("把垃圾分类纳入年度考核，覆盖率达到95%。").targets
    assert target.metric == "垃圾分类覆盖率"


def test_words_that_end_one_and_begin_the_other_are_said_once() -> None:
    (target,) = record_of("开展综合责任保险，保险覆盖率达到90%。").targets
    assert target.metric == "综合责任保险覆盖率"
