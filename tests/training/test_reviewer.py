"""What reviewing takes, act by act, with documents of one or a few records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from extractor.training.examples import Example
from extractor.training.reviewer import NEVER, Cost, accept_threshold, review, review_with
from extractor.training.traces import Trace, trace

TEXT = """云溪市2023年水利工作要点

一、河湖治理

1.建成农村供水工程12处以上，城市供水保证率达到95%以上。

2.建立河湖长巡查台账并按月通报。（责任单位：市水利局）
"""
METRIC = "城市供水保证率"


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Trace:
    """The rules' own draft as gold: nothing to correct."""
    source = tmp_path_factory.mktemp("review") / "云溪.txt"
    source.write_text(TEXT, encoding="utf-8")
    made = trace(Example("own/云溪", Path(source), {"document": {}, "records": []}))
    assert len(made.made) == 2
    assert [each["metric"] for each in made.output["records"][0]["targets"]][-1] == METRIC
    return against(made, made.output["records"])


def against(made: Trace, golds: Sequence[dict[str, Any]]) -> Trace:
    example = replace(made.example, gold={"document": {}, "records": list(golds)})
    return replace(made, example=example)


def with_target(made: Trace, **more: Any) -> Trace:
    """Another gold: the last target of the first record changed."""
    first, *rest = made.output["records"]
    *targets, last = first["targets"]
    return against(made, [{**first, "targets": [*targets, {**last, **more}]}, *rest])


def test_a_right_draft_is_a_key_a_record(drafted: Trace) -> None:
    assert review(drafted) == Cost(inputs=2, records=2)


@pytest.mark.parametrize(
    ("more", "inputs", "typed"),
    [
        ({"op": "gt"}, 2, 0),
        ({"unit": "个百分点", "op": "gt"}, 4, 0),
        ({"metric": "农村供水"}, 2, 0),  # its words stand in the document
        ({"metric": "乡镇集中饮用水覆盖情况"}, 2 + 11, 11),
        ({"baseline": "2022年"}, 2, 0),
        ({"due": "2023-06-30"}, 2, 0),
    ],
)
def test_a_wrong_field_of_a_target(drafted: Trace, more: dict[str, Any], inputs: int, typed: int) -> None:
    assert review(with_target(drafted, **more)) == Cost(inputs=2 + inputs, records=2, typed=typed)


@pytest.mark.parametrize(
    ("more", "inputs"),
    [
        ({"kind": "veto"}, 2),
        ({"points": 3}, 2),
        ({"responsible": []}, 1),  # one too many
        ({"responsible": [{"name": "市生态环境局", "role": "lead"}]}, 2),  # one turned into another
        ({"responsible": [{"name": "市生态环境局", "optional": True, "role": "lead"}]}, 0),
        ({"deadlines": [{"raw": "6月底", "end": "2023-06-30"}]}, 0 + 2),
    ],
)
def test_a_wrong_field_of_a_record(drafted: Trace, more: dict[str, Any], inputs: int) -> None:
    first, last = drafted.output["records"]
    last = {**last, "deadlines": []} if "deadlines" in more else last
    made = replace(drafted, output={**drafted.output, "records": [first, last]})
    assert review(against(made, [first, {**last, **more}])).inputs == 2 + inputs


def test_an_extra_and_a_missed_record(drafted: Trace) -> None:
    first, last = drafted.output["records"]
    assert review(against(drafted, [first])) == Cost(inputs=2, records=1)
    missed = {"text": "完成水土流失治理八平方公里以上的年度任务", "kind": "task", "path": [], "targets": [],
              "responsible": [{"name": "市林业局", "role": "lead"}]}  # fmt: skip
    assert review(against(drafted, [first, last, missed])) == Cost(inputs=2 + 2 + 2, records=3)
    assert review(against(drafted, [first, last, {**missed, "optional": True}])) == Cost(inputs=2, records=2)


def test_bulk_takes_two_inputs_and_leaves_errors(tmp_path: Path) -> None:
    source = tmp_path / "清单.txt"
    lines = "\n\n".join(f"{n}.建成第{n}批农村供水工程{n}0处以上。" for n in range(1, 6))
    source.write_text(f"云溪市2023年水利工作要点\n\n一、供水\n\n{lines}\n", encoding="utf-8")
    made = trace(Example("own/清单", source, {"document": {}, "records": []}))
    golds = made.output["records"]
    count = len(golds)
    assert count == 5
    wrong = against(made, [{**golds[0], "kind": "veto"}, *golds[1:]])
    assert review_with(wrong, [0.99] * 5, 0.98) == Cost(inputs=2, records=5, unread=5, left=1)
    assert review_with(wrong, [0.5, 0.99, 0.99, 0.99, 0.5], 0.98) == Cost(inputs=2 + 1 + 3, records=5, unread=3)
    assert review_with(wrong, [0.5, 0.5, 0.5, 0.99, 0.99], 0.98).unread == 0  # two keys would do as well
    assert review_with(wrong, [1.0] * 5, NEVER) == Cost(inputs=4 + 3, records=5)


@pytest.mark.parametrize(
    ("said", "right", "threshold"),
    [
        ([], [], NEVER),
        ([0.9] * 47, [True] * 47, NEVER),  # too few to say
        ([0.9] * 48, [True] * 48, 0.9),
        ([0.9] * 48 + [0.8] * 4, [True] * 48 + [False] * 4, 0.9),
        ([0.9] * 48 + [0.8] * 60, [True] * 108, 0.8),
        ([0.9] * 200, [False] * 4 + [True] * 196, NEVER),  # 5 of 202
        ([0.9] * 300, [False] * 4 + [True] * 296, 0.9),
        ([0.99, *[0.9] * 300], [False, *[True] * 300], 0.9),  # the surest being wrong rules out nothing
    ],
)
def test_threshold(said: list[float], right: list[bool], threshold: float) -> None:
    assert accept_threshold(said, right) == threshold
