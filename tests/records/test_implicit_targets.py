"""Targets that print no number: the contract's closed list, and what stands just outside it."""

from __future__ import annotations

import pytest

from tests.records.samples import disagree, record_of, targets_of

SOME = {
    "cover": ("实现村级警务室全覆盖。", ["村级警务室覆盖 ge 100 % implicit"]),
    "cover, wide": ("推动5G网络全域覆盖。", ["5G网络覆盖 ge 100 % implicit"]),
    "cover, the thing a clause before": ("建设乡镇消防站，实现全覆盖。", ["乡镇消防站覆盖 ge 100 % implicit"]),
    "应X尽X": ("困难家庭学生应助尽助。", ["困难家庭学生资助 ge 100 % implicit"]),
    "应X尽X after 的": ("符合条件的老年人应享尽享。", ["符合条件的老年人享受 ge 100 % implicit"]),
    "all with a verb": ("排查发现的隐患全部整改。", ["排查发现的隐患整改 ge 100 % implicit"]),
    "all with 完成": ("年底前安置房全部完成交付。", ["安置房交付 ge 100 % implicit due=2024-12-31"]),
    "each with a verb": ("各街道办均成立工作专班。", ["成立工作专班的街道办 ge 100 % implicit"]),
    "every with 均": ("所有学校均配备急救设备。", ["配备急救设备的学校 ge 100 % implicit"]),
    "every with a bare verb": ("所有乡镇建立巡防队伍。", ["建立巡防队伍的乡镇 ge 100 % implicit"]),
    "no event": ("全年无重大安全事故。", ["重大安全事故 eq 0 implicit"]),
    "no event happens": ("不发生重大环境污染事件。", ["重大环境污染事件 eq 0 implicit"]),
    "杜绝": ("杜绝食品安全事故。", ["食品安全事故 eq 0 implicit"]),
    "zero event": ("实现森林防火零事故。", ["森林防火事故 eq 0 implicit"]),
    "three listed events": (
        "无重大舆情、群体性事件或越级上访。",
        ["重大舆情 eq 0 implicit", "群体性事件 eq 0 implicit", "越级上访 eq 0 implicit"],
    ),
    "several predicates of one thing": (
        "无行政许可被撤销、变更、确认违法。",
        ["行政许可被撤销、变更、确认违法 eq 0 implicit"],
    ),
    "positive growth": ("农产品出口额保持正增长。", ["农产品出口额增长 gt 0 % implicit"]),
    "strive": ("力争社区食堂全覆盖。", ["社区食堂覆盖 ge 100 % implicit strength=strive"]),
    "beside a number": (
        "社区食堂全覆盖，就餐满意度达到90%。",
        ["社区食堂覆盖 ge 100 % implicit", "就餐满意度 ge 90 %"],
    ),
}  # fmt: skip

NONE = {
    "全面完成": "全面完成年度造林任务。",
    "全面达标": "推动乡镇污水处理设施全面达标。",
    "全额": "对困难学生全额资助。",
    "一人一岗": "落实一人一岗、责任到人。",
    "逐年缩小": "城乡居民收入差距逐年缩小。",
    "有所提高": "群众安全感有所提高。",
    "national standard": "水质达到国家标准。",
    "as advised": "按上级建议数安排床位。",
    "stay ahead": "主要经济指标增速保持前列。",
    "一律": "对违规行为一律严肃处理。",
    "严禁": "严禁新增地方政府隐性债务。",
    "不得": "不得擅自提高收费标准。",
    "基本消除": "基本消除城镇污水直排口。",
    "应X尽X inside a name": "严格执行重点人群应检尽检政策。",
    "人均": "合理确定人均用水定额。",
    "均衡": "推动义务教育均衡发展。",
    "无障碍": "推进无障碍环境建设。",
    "无人": "发展无人机巡检。",
    "no growth": "扭转用电量负增长局面。",
    "cover as an adjective": "开展全覆盖检查。",
    "所有制": "支持所有制企业公平竞争。",
    "安全部门": "会同安全部门开展检查。",
}


@pytest.mark.parametrize(("sentence", "expected"), SOME.values(), ids=SOME)
def test_implicit_targets(sentence: str, expected: list[str]) -> None:
    assert disagree(targets_of(sentence), expected) is None


@pytest.mark.parametrize("sentence", NONE.values(), ids=NONE)
def test_no_implicit_target(sentence: str) -> None:
    record = record_of(sentence)
    assert record.targets == ()
    assert record.kind == "task"


def test_a_number_in_the_clause_states_what_all_only_repeats() -> None:
    (target,) = record_of("各窗口服务满意率全部达到95%以上。").targets
    assert (target.value, target.unit, target.implicit) == (95, "%", False)


def test_raw_and_value_of_cover() -> None:
    (target,) = record_of("实现村级警务室全覆盖。").targets
    assert (target.raw, target.value, target.unit, target.op) == ("全覆盖", 100, "%", "ge")


def test_events_have_no_unit() -> None:
    (target,) = record_of("全年无重大安全事故。").targets
    assert (target.value, target.unit, target.op, target.per) == (0, None, "eq", None)
