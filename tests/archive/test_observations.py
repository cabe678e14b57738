"""Observations of small documents of our own, read by the whole pipeline, and of records made by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from extractor import extract
from extractor.archive.observations import observations
from extractor.types.archive import Observation, Place
from extractor.types.record import (
    Deadline,
    DocumentInfo,
    Evidence,
    EvidencePart,
    ExtractionFile,
    IndicatorRecord,
    Target,
)
from tests.extracted import CORPUS, result_of

PLAN = """澄州省溪宁市“十四五”民政事业发展规划

一、养老服务
到2023年，每千名老年人拥有养老床位达到35张以上。
养老机构护理型床位占比达到55%。
二、社会救助
农村低保标准每年增长6%以上。
"""

NOTICE = """溪宁市民政局2024年工作要点

一、养老服务
6月底前，新建村级养老服务站20个。
二、殡葬管理
遗体火化率达到95%以上。
"""

QUOTA = """关于下达溪宁市2024年养老服务任务的通知

附件：溪宁市2024年养老服务任务分解表

地区\t新增养老床位（张）\t建设助餐点（个）
观海区\t300\t12
望舒县\t250\t8
合计\t550\t20
"""


def of(text: str) -> list[Observation]:
    return observations(extract(text.encode(), name="甲.txt").to_contract())


def test_a_plan_gives_its_targets_with_place_year_field_and_quantity() -> None:
    beds, nursing, relief = of(PLAN)
    assert {each.place for each in (beds, nursing, relief)} == {Place("溪宁市", "city", "澄州省")}
    assert (beds.quantity.dimension, beds.quantity.base, beds.quantity.value) == ("count:张", "老年人", 0.035)
    assert (beds.year, nursing.year) == (2023, 2025)  # its own date; else the plan's last year
    assert {each.document_year for each in (beds, nursing, relief)} == {2021}
    assert [each.domain for each in (beds, nursing, relief)] == ["养老服务", "养老服务", "社会救助"]
    assert nursing.path[-1] == "养老服务"
    assert (nursing.metric, nursing.op, nursing.value, nursing.unit) == ("养老机构护理型床位占比", "ge", 55, "%")
    assert relief.quantity.base == "/年"


def test_a_yearly_notice_is_for_its_year() -> None:
    stations, burned = of(NOTICE)
    assert (stations.year, burned.year) == (2024, 2024)
    assert stations.due is None or stations.due.startswith("2024")
    assert burned.place == Place("溪宁市", "city")
    assert burned.domain == "婚姻殡葬"


def test_the_rows_of_a_quota_table_are_places_below_the_documents() -> None:
    rows = {(each.place and each.place.name, each.value): each for each in of(QUOTA)}
    sea = rows["观海区", 300]
    assert sea.place == Place("观海区", "county", "溪宁市")
    assert sea.object is None
    assert "床位" in sea.metric
    total = rows["溪宁市", 550]
    assert (total.place, total.object) == (Place("溪宁市", "city"), None)


def test_offsets_are_those_of_the_record_in_the_text() -> None:
    result = extract(PLAN.encode(), name="甲.txt")
    made = observations(result.to_contract())
    for each in made:
        assert result.document.text[each.start : each.end].replace("\n", "") == each.text
    records = {record.record_id: record for record in result.records}
    for each in made:
        assert records[each.record_id].targets[each.target].raw == each.raw
    assert len({each.id for each in made}) == len(made)


def test_the_result_read_back_from_json_gives_the_same() -> None:
    result = extract(PLAN.encode(), name="甲.txt")
    read = ExtractionFile.model_validate_json(result.to_json())
    assert observations(read) == observations(result.to_contract())


# --- by hand --------------------------------------------------------------------------------------------

INFO = DocumentInfo(
    source_name="乙.pdf", sha256="1" * 64, title="溪宁市2024年民政工作要点", issuer="溪宁市民政局", year=2024
)


def record(*targets: Target, **more: Any) -> IndicatorRecord:
    made: dict[str, Any] = {
        "record_id": "r1", "path": ("养老服务",), "text": "甲", "kind": "target", "targets": targets,
        "evidence": Evidence(start=3, end=4, page=7), "confidence": 0.9, **more,
    }  # fmt: skip
    return IndicatorRecord(**made)


def target(metric: str = "护理型床位占比", value: float = 55, unit: str = "%", **more: Any) -> Target:
    return Target(metric=metric, op="ge", value=value, unit=unit, **more)


def made_of(*records: IndicatorRecord, **more: Any) -> list[Observation]:
    info = INFO.model_copy(update=more)
    return observations(ExtractionFile(extractor_version="1", document=info, records=records))


def test_rejected_records_are_left_out_and_approved_ones_stay() -> None:
    kept = record(target(), status="approved", record_id="r2")
    assert [each.record_id for each in made_of(record(target(), status="rejected"), kept)] == ["r2"]


def test_a_record_without_targets_gives_none() -> None:
    assert made_of(record(kind="task")) == []


YEARS: list[tuple[str, dict[str, Any], list[Deadline], dict[str, Any], int | None]] = [
    ("its own date", {"due": "2026-12-31"}, [Deadline(raw="6月底前", end="2025-06-30")], {"period": (2021, 2025)}, 2026),
    ("the record's", {}, [Deadline(raw="6月底前", end="2025-06-30")], {"period": (2021, 2030)}, 2025),
    ("the last", {}, [Deadline(raw="甲", end="2024-06-30"), Deadline(raw="乙", end="2025-12-31")], {}, 2025),
    ("a rhythm is no day", {}, [Deadline(raw="每年", end="2030-12-31", recurrence="yearly")], {}, 2024),
    ("a start is no end", {}, [Deadline(raw="4月起", start="2023-04-01")], {}, 2024),
    ("the plan's end", {}, [], {"period": (2021, 2025), "year": 2021}, 2025),
    ("the document's", {}, [], {}, 2024),
    ("when it was issued", {}, [], {"year": None, "issued_on": "2019-03-01"}, 2019),
    ("nothing says it", {}, [], {"year": None}, None),
]  # fmt: skip


@pytest.mark.parametrize(("more", "deadlines", "info", "year"), [case[1:] for case in YEARS], ids=[c[0] for c in YEARS])
def test_the_year_is_that_of_the_nearest_date(
    more: dict[str, Any], deadlines: list[Deadline], info: dict[str, Any], year: int | None
) -> None:
    (made,) = made_of(record(target(**more), deadlines=tuple(deadlines)), **info)
    assert made.year == year


def test_a_later_stage_does_not_date_the_one_before() -> None:
    later = Deadline(raw="到2030年", end="2030-12-31")
    now, then = made_of(record(target(), target(due="2030-12-31"), deadlines=(later,)))
    assert (now.year, then.year) == (2024, 2030)


@pytest.mark.parametrize(
    ("scope", "assessed", "place", "bound"),
    [
        (None, (), "溪宁市", None),
        ("观海区", (), "观海区", None),
        ("观海区", ("县（市、区）",), "观海区", None),
        ("规模以上企业", ("县（市、区）",), "溪宁市", "规模以上企业"),
        ("澄湖区、东陵区", (), "溪宁市", "澄湖区、东陵区"),
        ("全市合计", (), "溪宁市", None),
        ("合计", (), "溪宁市", None),
        ("市区", (), "溪宁市", "市区"),
        (None, ("各派出所", "交警大队"), "溪宁市", "各派出所、交警大队"),
    ],
)
def test_whom_it_binds(scope: str | None, assessed: tuple[str, ...], place: str, bound: str | None) -> None:
    (made,) = made_of(record(target(scope=scope), assessed=assessed))
    assert (made.place and made.place.name, made.object) == (place, bound)


@pytest.mark.parametrize(
    ("metrics", "path", "completed"),
    [
        (["建筑业总产值", "同比增长"], ("主要目标",), ["建筑业总产值", "建筑业总产值同比增长"]),
        (
            ["建筑业总产值", "同比增长", "年均增速"],
            (),
            ["建筑业总产值", "建筑业总产值同比增长", "建筑业总产值年均增速"],
        ),
        (["面积"], ("2024年高标准农田建设任务分解表",), ["高标准农田面积"]),
        (["面积"], ("主要目标",), ["面积"]),
        (["面积"], (), ["面积"]),
        (["同比增长"], ("建筑业",), ["建筑业同比增长"]),
        (["护理型床位占比"], ("养老服务",), ["护理型床位占比"]),
    ],
)
def test_a_bare_measure_takes_the_thing_that_it_is_of(
    metrics: list[str], path: tuple[str, ...], completed: list[str]
) -> None:
    made = made_of(record(*(target(metric) for metric in metrics), path=path))
    assert [each.metric for each in made] == completed


def test_where_the_record_stands() -> None:
    (made,) = made_of(record(target()))
    assert (made.start, made.end, made.page, made.source, made.document) == (3, 4, 7, "乙.pdf", "1" * 64)
    parts = (EvidencePart(start=3, end=4, page=None), EvidencePart(start=5, end=6, page=2))
    (split,) = made_of(record(target(), evidence=Evidence(start=3, end=6, parts=parts)))
    assert split.page == 2


def test_no_place_where_no_name_is_printed() -> None:
    (made,) = made_of(record(target()), title="2024年工作要点", issuer="市民政局")
    assert made.place is None


SAMPLES = ["07_water-quota.txt", "41_civil-affairs-145.txt", "61_civil-tiered-assessment.txt", "85_transport-annual-task-table.txt"]  # fmt: skip
HELD: dict[str, Callable[[Observation], bool]] = {
    "dimension": lambda each: not each.quantity.dimension.startswith("other:"),
    "place": lambda each: each.place is not None,
    "year": lambda each: each.year is not None,
    "domain": lambda each: each.domain != "其他",
}


@pytest.mark.parametrize("name", SAMPLES)
def test_sample_documents_are_covered(name: str) -> None:
    made = observations(result_of(CORPUS / "txt" / name).to_contract())
    assert len(made) >= 40
    for what, holds in HELD.items():
        assert sum(map(holds, made)) >= 0.99 * len(made), what
