"""What a row, a label or a heading says reaches a record, or shows as unclaimed; end to end on small documents."""

from __future__ import annotations

from extractor import Result, extract


def page(rows: str, title: str = "2024年重点工作任务分解表") -> Result:
    table = "".join(
        f"<tr>{''.join(f'<td>{cell}' for cell in row.split('|'))}</tr>" for row in rows.strip().splitlines()
    )
    return extract(f"<meta charset=utf-8><h1>{title}</h1><table border=1>{table}</table>".encode())


def text(*lines: str) -> Result:
    return extract("\n".join(("2024年工作要点", "", *lines)).encode())


def test_a_row_without_a_value_is_a_record_and_its_own_time_dates_the_values() -> None:
    found = page(
        """
序号|重点工作|具体任务|目标值|完成时限|牵头科室
1|基层服务|签约服务覆盖率|45%|6月底|基层科
2|妇幼健康|孕产妇死亡率控制在8/10万以下||11月底|妇幼科
3|人口家庭|新增托位1200个||9月底|人口科
"""
    ).records
    assert [(record.text, [target.due for target in record.targets]) for record in found] == [
        ("签约服务覆盖率", ["2024-06-30"]),
        ("孕产妇死亡率控制在8/10万以下", ["2024-11-30"]),
        ("新增托位1200个", ["2024-09-30"]),
    ]


def test_short_tasks_under_a_task_header_are_records() -> None:
    assert [record.text for record in page("序号|工作任务\n1|建成11所\n2|新增学位300个").records] == [
        "建成11所",
        "新增学位300个",
    ]


def test_a_table_that_gives_no_record_shows_as_unclaimed() -> None:
    found = page("样品|读数\n甲|合格率达到95%\n乙|合格率达到96%", title="检测记录")
    assert not found.records
    assert [each.reason for each in found.unclaimed] == ["no column of tasks or values was recognised"]


def test_a_cell_merged_over_the_unit_column_names_no_unit() -> None:
    html = (
        "<meta charset=utf-8><h1>2024年考核细则</h1><table border=1><tr><td>项目<td>考核内容<td>分值<td>责任单位"
        "<tr><td>养老<td>机构护理型床位占比达到55%<td>10<td>养老股<tr><td>加分项<td colspan=3>获省级表彰的每项加2分，最高6分</table>"
    )
    found = extract(html.encode()).records
    assert [[unit.name for unit in record.responsible] for record in found] == [["养老股"], []]
    assert found[1].kind == "bonus"


def test_labels_after_the_last_sentence_hold_for_the_paragraph() -> None:
    (record,) = text(
        "一、抓好培训", "", "（一）全员轮训。培训率达到100%。责任单位：人事科、安监科。完成时限：9月底前"
    ).records
    assert [unit.name for unit in record.responsible] == ["人事科", "安监科"]
    assert [deadline.end for deadline in record.deadlines] == ["2024-09-30"]


def test_labels_after_numbered_items_hold_for_them_all() -> None:
    found = text("一、消防", "", "1.强化治理。（1）完成隐患整治120处。（2）新建消防站3个。牵头单位：应急局").records
    assert [[unit.name for unit in record.responsible] for record in found] == [["应急局"], ["应急局"]]


def test_a_number_may_stand_before_a_date_or_before_日常() -> None:
    found = text("一、任务", "", "（一）日常养护经费不低于20万元。", "", "（二）3月15日前完成审批12项。").records
    assert [record.number for record in found] == ["（一）", "（二）"]


def test_an_unnumbered_heading_stands_between_a_heading_and_a_count_that_runs_through() -> None:
    html = (
        "<meta charset=utf-8><h1>2025年工作要点</h1><h3>推动产业升级</h3><div>加快设备更新</div><h4>17. 推进改造</h4><p>完成技术改造项目40个。</p>"
        "<div>强化示范引领</div><h4>18. 打造样板</h4><p>建成示范车间6个。</p>"
    )
    found = extract(html.encode()).records
    assert [record.path for record in found] == [
        ("推动产业升级", "加快设备更新", "推进改造"),
        ("推动产业升级", "强化示范引领", "打造样板"),
    ]


def test_what_leads_into_a_list_keeps_its_own_target() -> None:
    found = text("一、指标", "", "1.事故死亡人数控制在25人以内。其中：", "", "（1）建筑领域控制在7人以内；").records
    assert [target.value for record in found for target in record.targets] == [25, 7]
