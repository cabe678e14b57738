"""Which numbers are targets, and which only name, date, describe or look back. Near misses stand side by side."""

from __future__ import annotations

import pytest

from tests.records.samples import record_of, targets_of

NONE = {
    "plan's name": "实施城市更新三年行动计划。",
    "named list": "办好十件民生实事。",
    "code name in quotes": "落实“12345”工作思路。",
    "hotline": "及时办理12345热线工单。",
    "census": "做好第五次经济普查。",
    "grade as a condition": "组织3A以上等级社会组织参加交流。",
    "document number": "按照《关于加强治理的意见》（青政发〔2021〕18号）要求抓好落实。",
    "statute": "依据条例第二十三条开展检查。",
    "title with a number": "贯彻《2021—2025年发展规划》。",
    "who is meant, time": "做好滞留超过3个月人员的安置。",
    "who is meant, age": "为60周岁以上的老年人建立健康档案。",
    "who is meant, size": "对投资5000万元以上的项目实行专班服务。",
    "who is meant, area": "做好建筑面积300平方米以上的场所登记造册。",
    "money given to others": "对达标企业给予不超过50万元奖励。",
    "already reached": "目前建成各类驿站35个。",
    "ways and aspects": "从三个方面抓好统筹。",
    "principle": "坚持两个确保的要求。",
    "two days to act": "接到举报后2个工作日内核查处理。",
    "called after its voltage": "推进500千伏变电站建设。",
    "day of the year": "开展6·26国际禁毒日宣传。",
    "time of the day": "保障24小时值班。",
    "points of a scheme": "每少一次扣2分。",
    "a condition": "完成率未达到90%的单位由县政府约谈。",
    "example in a bracket": "完善配套设施（如公厕2座）。",
}  # fmt: skip

SOME = {
    "next to a plan's name": ("实施三年行动计划，建成项目20个。", [20]),
    "next to a document number": ("按照青政发〔2021〕18号文件要求，建成项目20个。", [20]),
    "next to who is meant": ("60周岁以上老年人健康管理率达到72%。", [72]),
    "size of what is counted": ("新增投资5000万元以上的项目12个。", [12]),
    "size of what is built": ("新建停车场面积不少于800平方米。", [800]),
    "money invested beside money given": ("财政投入不少于80万元，对达标企业给予奖励。", [80]),
    "after what was reached": ("目前建成驿站35个，年底前达到50个。", [50]),
    "time that is measured": ("工单办结时限压缩至3个工作日。", [3]),
    "hours of training": ("培训时间不少于40学时。", [40]),
    "days in stock": ("应急成品粮储备不少于10天。", [10]),
    "a score as a measure": ("群众满意度评分达到92分以上。", [92]),
    "one for each place": ("每个乡镇至少打造一个示范点。", [1]),
    "a count in words that is made": ("新建三个产业园。", [3]),
    "length made": ("新建燃气管网35公里。", [35]),
    "listed things, counted": ("培育国家级示范社3家、省级示范社12家、市级示范社40家。", [3, 12, 40]),
    "percentages in a list": ("一、二、三产业增速分别为3%、6%、8%。", [3, 6, 8]),
}


@pytest.mark.parametrize("sentence", NONE.values(), ids=NONE)
def test_no_target(sentence: str) -> None:
    assert targets_of(sentence) == []


@pytest.mark.parametrize(("sentence", "values"), SOME.values(), ids=SOME)
def test_near_misses_are_targets(sentence: str, values: list[float]) -> None:
    assert [target.value for target in record_of(sentence).targets] == values
