"""What obliges and what is frame, background, definition or past; near misses beside each reason."""

from __future__ import annotations

import pytest

from extractor.items.obligation import no_obligation
from extractor.text.view import make_view


def reason(sentence: str, *headings: str, year: int | None = 2024) -> str | None:
    return no_obligation(make_view(sentence).text, headings, year)


NONE = {
    "too short": "如下。",
    "introduces a list": "主要任务如下：",
    "introduces measures": "重点抓好以下措施：",
    "purpose": "为进一步规范养老服务，根据有关规定，结合我县实际，制定本方案。",
    "purpose, worded so": "根据市级部署，现就有关事项提出如下意见。",
    "transmittal": "现将《工作要点》印发给你们，请认真贯彻落实。",
    "notice hereby": "特此通知。",
    "copy to": "抄送：县委办公室、县人大办公室。",
    "contact": "联系人：李青，电话见附件。",
    "note": "注：表中数据为年度累计。",
    "definition": "本办法所称小微企业，是指符合划型标准的企业。",
    "scope": "本细则适用于全县各类养老机构。",
    "in force": "本办法自印发之日起施行。",
    "in force for": "有效期五年。",
    "source of data": "数据来源为统计部门年报。",
    "form": "考核时间：2024年12月",
    "past result": "近年来，全县累计建成养老机构35家，服务能力明显提升。",
    "past year": "2022年，全县新建驿站12个，完成了年度任务。",
    "past plan": "“十二五”时期，全县床位达到3000张，实现了翻番。",
    "already there": "全县已建成示范站点35个，覆盖12个乡镇。",
    "present state": "当前，养老服务仍存在短板。",
    "challenge": "随着人口老龄化加快，养老事业面临严峻形势。",
    "key period": "今后五年是养老事业发展的关键时期。",
}  # fmt: skip

OBLIGE = {
    "short duty": "建立台账。",
    "duty with a purpose clause": "为老年人提供助餐服务，建立补贴制度。",
    "according to the plan, act": "根据年度计划开展专项检查。",
    "named list": "完善以下制度：登记制度、巡查制度和通报制度，并抓好落实。",
    "definition-like duty": "明确本单位所称重点对象范围，建立动态台账。",
    "by a year": "到2027年，全县建成养老机构50家。",
    "this year": "2024年，新建驿站12个。",
    "current five-year plan": "“十四五”末，全县床位达到5000张。",
    "already begun and to be finished": "已建成的站点要在6月底前完成验收。",
    "state that calls for action": "针对存在的短板，加强养老护理员培训。",
    "improve": "持续改善农村居住环境，9月底前完成整治。",
    "threshold": "困难群众救助率达到100%。",
    "duty with data": "核实数据来源，统一统计口径。",
    "prohibition": "不得以任何理由拒绝受理。",
}  # fmt: skip


@pytest.mark.parametrize("sentence", NONE.values(), ids=NONE)
def test_no_record(sentence: str) -> None:
    assert reason(sentence) is not None


@pytest.mark.parametrize("sentence", OBLIGE.values(), ids=OBLIGE)
def test_record(sentence: str) -> None:
    assert reason(sentence) is None


BACKGROUND = [
    "发展基础",
    "现状与形势",
    "面临的机遇和挑战",
    "“十三五”时期发展成就",
    "存在的主要问题",
    "指导思想",
    "基本原则",
    "主要成效",
]
WORK = ["主要任务", "工作目标", "问题整改措施", "巩固基础设施", "保障措施", "挑战赛组织", "经验推广"]
DUTY = "统筹推进养老服务体系建设，优化机构布局。"


@pytest.mark.parametrize("heading", BACKGROUND)
def test_sections_of_background_hold_no_record(heading: str) -> None:
    assert reason(DUTY, "总体要求", heading) == "background section"
    assert reason(DUTY, heading, "养老服务") == "background section"


@pytest.mark.parametrize("heading", WORK)
def test_sections_of_work_do(heading: str) -> None:
    assert reason(DUTY, "总体要求", heading) is None


def test_the_year_decides_what_is_past() -> None:
    sentence = "2022年，全县新建驿站12个。"
    assert reason(sentence, year=2024) is not None
    assert reason(sentence, year=2022) is None
    assert reason(sentence, year=None) is None


def test_the_period_decides_which_plan_is_past() -> None:
    sentence = "“十三五”期间，全县床位数增长了35%。"
    assert reason(sentence, year=2022) is not None
    assert reason("“十四五”期间，全县床位数增长35%。", year=2022) is None


def test_a_guiding_thought_without_a_duty_is_none() -> None:
    thought = "坚持以人民为中心的发展思想为指导，" + "立足新的发展阶段，贯彻新的发展理念，融入新的发展格局，" * 3
    assert reason(thought) is not None
