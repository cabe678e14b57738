from __future__ import annotations

from typing import Any

import pytest

from extractor.export.words import deadline_words, place, points_words, target_line, threshold
from extractor.types.record import Deadline, Evidence, EvidencePart, Target
from tests.export.samples import make_record


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"op": "ge", "value": 35.0, "unit": "%"}, "≥35%"),
        ({"op": "le", "value": 3, "unit": "名"}, "≤3名"),
        ({"op": "gt", "value": 0.5, "unit": "%"}, ">0.5%"),
        ({"op": "between", "value": 60, "upper": 70, "unit": "%"}, "60–70%"),
        ({"op": "approx", "value": 8, "unit": "%"}, "约8%"),
        ({"op": "ge", "value": 3, "unit": "条", "per": "月"}, "≥3条/月"),
        ({"op": "eq", "value": 0}, "=0"),
        ({"op": "ge", "value": None, "raw": "不低于居民消费支出增速"}, "不低于居民消费支出增速"),
        ({"op": "ge", "value": None}, "≥"),
    ],
)
def test_threshold(fields: dict[str, Any], words: str) -> None:
    assert threshold(Target(metric="m", **fields)) == words


def test_target_line_says_what_narrows_it() -> None:
    target = Target(
        metric="覆盖率", op="ge", value=100, unit="%", implicit=True, raw="全覆盖", due="2025-12-31", scope="县",
        baseline="2020年", strength="strive",
    )  # fmt: skip
    assert target_line(target) == "覆盖率 ≥100%（县；2025-12-31前；基数：2020年；全覆盖；力争）"


@pytest.mark.parametrize(
    ("deadline", "words"),
    [
        (Deadline(raw="9月底前", end="2023-09-30"), "9月底前（2023-09-30）"),
        (Deadline(raw="2023-09-30前", end="2023-09-30"), "2023-09-30前"),
        (Deadline(raw="每月", recurrence="monthly"), "每月"),
    ],
)
def test_deadline(deadline: Deadline, words: str) -> None:
    assert deadline_words(deadline) == words


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, ""),
        ({"points": 5.0}, "5"),
        ({"kind": "bonus", "points": 5, "per_occurrence": True, "points_cap": 10}, "每次加5（最多10）"),
        ({"kind": "penalty", "points": 0.5}, "扣0.5"),
        ({"kind": "bonus", "points_cap": 10}, "（最多10）"),
    ],
)
def test_points(fields: dict[str, Any], words: str) -> None:
    assert points_words(make_record(0, (), "x", **fields)) == words


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"page": 2, "cell": (0, 3, 1)}, "第2页 表1 4行2列"),
        ({"address": "表!B3", "cell": (0, 3, 1)}, "表!B3"),
        ({"paragraph": 0}, "第1段"),
        ({}, "第8字"),
        ({"parts": (EvidencePart(start=7, end=8, page=4),)}, "第4页"),
    ],
)
def test_place_counts_from_one(fields: dict[str, Any], words: str) -> None:
    assert place(Evidence(start=7, end=9, **fields)) == words
