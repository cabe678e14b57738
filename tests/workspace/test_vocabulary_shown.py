"""What an approved document shows of its bureau's words, and what it does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from extractor.components import RULES
from extractor.pipeline import Result, extract, extract_document
from extractor.text.vocabulary import Entry, Words
from extractor.types.record import IndicatorRecord, Responsible, Role
from extractor.workspace.vocabulary import gathered
from extractor.workspace.vocabulary_shown import Shown, shown_by

HEADS = {
    "攻坚清单": "hard",
    "抓总部门": "lead",
    "帮办部门": "support",
    "挂帅": "leader",
    "销号时点": "when",
    "计数": "points",
}
ALL = extract(
    """<h1>示例市2026年攻坚任务清单</h1><table>
<tr><th>序号</th><th>攻坚清单</th><th>抓总部门</th><th>帮办部门</th><th>挂帅</th><th>销号时点</th><th>计数</th><th>备注</th></tr>
<tr><td>1</td><td>新建公共停车泊位，完善停车诱导系统</td><td>市城管局</td><td>市财政局</td><td>李明</td><td>6月底前</td><td>5</td><td>无</td></tr>
<tr><td>2</td><td>改造农村公路，提升农村出行条件</td><td>市交通局</td><td>市财政局</td><td>王方</td><td>9月底前</td><td>3</td><td>续建</td></tr>
</table>""".encode(),
    name="清单.html",
)


def read_as(result: Result, holds: dict[str, str]) -> Result:
    """As a reviewer would have filled it in: read by words that the rules lack."""
    return extract_document(result.document, components=RULES.with_words(Words(columns=holds)))


def columns(result: Result, approved: tuple[IndicatorRecord, ...] | None = None) -> dict[str, str]:
    found = shown_by(result.document, result.records, result.records if approved is None else approved)
    return {each.name: each.means for each in found if each.section == "columns"}


def test_each_kind_of_column() -> None:
    assert columns(read_as(ALL, HEADS)) == HEADS


def test_a_single_cell_shows_nothing() -> None:
    whole = read_as(ALL, HEADS)
    assert columns(whole, whole.records[:1]) == {}
    assert columns(whole, ()) == {}


def without_support(record: IndicatorRecord) -> IndicatorRecord:
    return record.model_copy(update={"responsible": tuple(one for one in record.responsible if one.role != "support")})


def some_support(record: IndicatorRecord) -> IndicatorRecord:
    update: dict[str, Any] = {"role": "support"}
    changed = tuple(
        one.model_copy(update=update) if one.name == "市城管局" else one for one in without_support(record).responsible
    )
    return record.model_copy(update={"responsible": changed})


@pytest.mark.parametrize(
    ("change", "holds"), [(without_support, "who"), (some_support, "who")], ids=["nobody supports", "they differ"]
)
def test_who_leads_is_told_by_who_supports(change: Callable[[IndicatorRecord], IndicatorRecord], holds: str) -> None:
    whole = read_as(ALL, HEADS)
    assert columns(whole, tuple(map(change, whole.records)))["抓总部门"] == holds


def test_a_column_in_which_few_approved_fields_stand_is_not_learned() -> None:
    rows = "".join(
        f"<tr><td>{at}</td><td>改造背街小巷{at}条，规范沿街店招</td><td>{'6月底前' if at < 3 else '按批次'}</td></tr>"
        for at in range(1, 9)
    )
    head = "<tr><th>序号</th><th>工作任务</th><th>推进批次</th></tr>"
    result = extract(f"<h1>示例市2026年攻坚任务清单</h1><table>{head}{rows}</table>".encode(), name="清单.html")
    dated = read_as(result, {"推进批次": "when"})
    assert sum(bool(record.deadlines) for record in dated.records) == 2
    assert columns(dated) == {}
    assert columns(dated, dated.records[:2]) == {"推进批次": "when"}


def test_what_stands_beside_the_text_in_its_cell_says_nothing_of_the_column() -> None:
    rows = "".join(
        f"<tr><td>{at}</td><td>改造背街小巷{at}条，规范沿街店招（责任单位：市城管局；完成时限：9月底前）</td></tr>"
        for at in range(1, 4)
    )
    table = f"<table><tr><th>序号</th><th>攻坚清单</th></tr>{rows}</table>"
    result = read_as(extract(f"<h1>攻坚任务清单</h1>{table}".encode(), name="清单.html"), {"攻坚清单": "hard"})
    assert [len(record.responsible) for record in result.records] == [1, 1, 1]
    assert columns(result) == {"攻坚清单": "hard"}


def test_the_heading_column_of_a_quota_table_holds_no_tasks() -> None:
    rows = "".join(f"<tr><td>{name}</td><td>{at}0</td></tr>" for at, name in enumerate(("东片", "西片", "南片"), 1))
    table = f"<table><tr><th>责任片</th><th>2026年目标（个）</th></tr>{rows}</table>"
    result = extract(f"<h1>2026年充电桩建设任务分解表</h1>{table}".encode(), name="分解.html")
    assert [len(record.targets) for record in result.records] == [1, 1, 1]
    assert columns(result) == {}


def test_a_document_that_is_no_longer_there_still_shows_its_units() -> None:
    whole = read_as(ALL, HEADS)
    found = shown_by(None, whole.records, whole.records)
    assert {each.section for each in found} == {"units"}
    assert {each.name: each.count for each in found} == {"市城管局": 1, "市财政局": 2, "市交通局": 1}


def with_names(*names: tuple[str, Role]) -> IndicatorRecord:
    who = tuple(Responsible(name=name, role=role) for name, role in names)
    return ALL.records[0].model_copy(update={"responsible": who})


REPLACED = {
    "written out": ([("市发改委", "lead")], [("市发展和改革委员会", "lead")], {"发改委": "发展和改革委员会"}),
    "with another role": ([("市发改委", "lead")], [("市发展和改革委员会", "support")], {"发改委": "发展和改革委员会"}),
    "beside others": (
        [("市教体局", "lead"), ("市财政局", "support")],
        [("市教育体育局", "lead"), ("市司法局", "support")],
        {"教体局": "教育体育局"},
    ),
    "shortened": ([("市发展和改革委员会", "lead")], [("市发改委", "lead")], {}),
    "added beside it": ([("市发改委", "lead")], [("市发改委", "lead"), ("市发展和改革委员会", "lead")], {}),
    "two that fit": ([("市教局", "lead")], [("市教育局", "lead"), ("市教体局", "lead")], {}),
    "a cut mended": ([("旅游局", "lead")], [("文化和旅游局", "lead")], {}),
    "a person": ([("李明", "leader")], [("李小明", "leader")], {}),
}


@pytest.mark.parametrize(("before", "after", "expected"), REPLACED.values(), ids=REPLACED)
def test_names_that_a_reviewer_replaced(
    before: list[tuple[str, Role]], after: list[tuple[str, Role]], expected: dict[str, str]
) -> None:
    found = shown_by(None, [with_names(*before)], [with_names(*after)])
    assert {each.name: each.means for each in found if each.section == "aliases"} == expected


def learned(**documents: list[Shown]) -> dict[str, dict[str, Entry]]:
    return {**gathered({name: (1, tuple(shown)) for name, shown in documents.items()})}


def test_most_documents_decide() -> None:
    long, short = Shown("aliases", "教体局", "教育体育局", 1), Shown("aliases", "教体局", "教育和体育局", 5)
    assert learned(a=[long], b=[long], c=[short])["aliases"] == {
        "教体局": Entry("教育体育局", 2, 2, (("a", 1), ("b", 1)))
    }
    when, points = Shown("columns", "节点", "when", 4), Shown("columns", "节点", "points", 9)
    assert learned(a=[when], b=[points])["columns"] == {}
    assert learned(a=[when], b=[points], c=[when])["columns"] == {"节点": Entry("when", 8, 2, (("a", 4), ("c", 4)))}


def test_an_introduced_name_needs_both_forms_approved() -> None:
    introduced = Shown("introduced", "市局", "由示例市市场监督管理局", 1)
    units = [Shown("units", name, "", 1) for name in ("市局", "市场监督管理局", "示例市市场监督管理局")]
    assert learned(a=[introduced, units[0]], b=units[1:])["aliases"]["市局"].means == "示例市市场监督管理局"
    assert learned(a=[introduced], b=units[1:])["aliases"] == {}
    assert learned(a=[introduced, units[0]])["aliases"] == {}
