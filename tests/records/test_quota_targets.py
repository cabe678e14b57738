"""Cells of a quota table as targets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from extractor.types.item import QuotaCell, Words
from extractor.types.record import IndicatorRecord
from tests.records.samples import brief, document_of, item_of, place, records_of

HEADS = "造林面积\n漏损率\n能耗下降率\n床位\n合格率"


def row(cells: Sequence[tuple[str, str, dict[str, Any]]], name: str = "青石县") -> IndicatorRecord:
    """A row ``name`` with cells (printed, measure, fields)."""
    document = document_of("\n".join([HEADS, name, *(printed for printed, *_ in cells)]))
    at = document.text.index(name) + len(name)
    made = []
    for printed, measure, fields in cells:
        span = place(document, printed, at)
        at = span.end
        made.append(QuotaCell(span, (Words(measure, place(document, measure)),), **fields))
    item = item_of(document, name, quota=tuple(made), origin="quota")
    (record,) = records_of(document, item)
    return record


CELLS = {
    "plain": ("12.5", "造林面积", {"unit": "万亩"}, "造林面积 ge 12.5 万亩"),
    "thousands": ("1,250", "造林面积", {"unit": "亩"}, "造林面积 ge 1250 亩"),
    "scope and year": ("12", "造林面积", {"unit": "亩", "scope": "青石县", "year": 2025}, "造林面积 ge 12 亩 scope=青石县 due=2025-12-31"),
    "comparator sign": ("≥95", "合格率", {"unit": "%"}, "合格率 ge 95 %"),
    "sign with equals": ("<=9.5", "漏损率", {"unit": "%"}, "漏损率 le 9.5 %"),
    "words": ("不低于90%", "合格率", {}, "合格率 ge 90 %"),
    "full width": ("＞９０％", "合格率", {}, "合格率 gt 90 %"),
    "own unit goes before the heading's": ("35%", "合格率", {"unit": "张"}, "合格率 ge 35 %"),
    "unit in the cell": ("35张", "床位", {}, "床位 ge 35 张"),
    "以上": ("35张以上", "床位", {}, "床位 ge 35 张"),
    "以内": ("9%以内", "漏损率", {}, "漏损率 le 9 %"),
    "约": ("约9%", "合格率", {}, "合格率 approx 9 %"),
    "range": ("8-10", "造林面积", {"unit": "万亩"}, "造林面积 between 8-10 万亩"),
    "less is better": ("9", "漏损率", {"unit": "%"}, "漏损率 le 9 %"),
    "a decrease": ("14", "能耗下降率", {"unit": "%"}, "能耗下降率 ge 14 %"),
    "a cumulative figure in brackets": ("[14]", "能耗下降率", {"unit": "%"}, "能耗下降率 ge 14 %"),
    "baseline and strength": ("50", "床位", {"unit": "张", "baseline": "38", "strength": "must"}, "床位 ge 50 张 baseline=38 strength=must"),
}  # fmt: skip


@pytest.mark.parametrize(("printed", "measure", "fields", "expected"), CELLS.values(), ids=CELLS)
def test_cell(printed: str, measure: str, fields: dict[str, Any], expected: str) -> None:
    record = row([(printed, measure, fields)])
    assert [brief(target) for target in record.targets] == [expected]
    assert record.kind == "target"


@pytest.mark.parametrize("printed", ["—", "持续改善", "〃", "/", "完成省下达任务"])
def test_cells_without_a_number_give_none(printed: str) -> None:
    record = row([(printed, "造林面积", {})])
    assert record.targets == ()
    assert record.kind == "task"


def test_a_row_gives_a_target_for_each_cell_and_raw_is_what_it_prints() -> None:
    record = row([("8-10", "造林面积", {}), ("9%以内", "漏损率", {}), ("—", "床位", {})])
    assert [target.raw for target in record.targets] == ["8-10", "9%以内"]
    assert record.text == "青石县"


def test_a_part_takes_the_thing_that_the_caption_names() -> None:
    document = document_of("2024年充电桩建设任务分解表\n新建\n青石县\n35")
    cell = QuotaCell(place(document, "35"), (Words("新建", place(document, "新建")),), unit="个")
    item = item_of(document, "青石县", path=["2024年充电桩建设任务分解表"], quota=(cell,), origin="quota")
    (target,) = records_of(document, item)[0].targets
    assert "充电桩" in target.metric
    assert "新建" in target.metric
