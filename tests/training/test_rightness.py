"""What is right of each record made, field by field."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extractor.training.rightness import Judged, judge
from extractor.training.scoring import score
from tests.extracted import CORPUS, ROOT, result_of
from tests.training.samples import (
    Change,
    File,
    changed,
    optional,
    put,
    put_target,
    record,
    sample,
    target,
)

OWN = sorted((ROOT / "annotations").glob("*.json"))[::4]


def judged(change: Change, gold: File | None = None) -> tuple[Judged, ...]:
    return judge(gold or sample(), changed(change))


@pytest.mark.parametrize(
    ("change", "at", "paths"),
    [
        (put(0, "path", ["水利"]), 0, {"path"}),
        (put(1, "kind", "veto"), 1, {"kind"}),
        (put(0, "points", None), 0, {"points"}),
        (put(0, "tier", "优秀"), 0, {"tier", "targets/0", "targets/1"}),
        (put_target(0, 1, op="gt"), 0, {"targets/1", "targets/1/op"}),
        (put_target(0, 1, per="年"), 0, {"targets/1", "targets/1/per"}),
        (put_target(0, 1, metric="清运"), 0, {"targets/1", "targets/1/metric"}),
        (put_target(0, 1, value=95), 0, {"targets/1", "targets/1/value"}),
        (put_target(0, 1, value=95, upper=97), 0, {"targets/1", "targets/1/value"}),
        (put_target(2, 1, unit="亩", value=8000.5), 2, {"targets/1", "targets/1/value"}),
        (put_target(0, 1, unit="个百分点"), 0, {"targets/1", "targets/1/unit"}),
        (put_target(0, 1, due=None), 0, {"targets/1/due"}),
        (put_target(3, 0, implicit=False), 3, {"targets/0"}),
        (lambda r: r[1]["deadlines"][0].update(recurrence="yearly"), 1, {"deadlines/0"}),
        (lambda r: r[1]["responsible"][1].update(role="lead"), 1, {"responsible/1"}),
        (lambda r: r[0]["targets"].append(target("清运次数", 3, "次")), 0,
         {"targets/2", *(f"targets/2/{name}" for name in ("metric", "op", "value", "unit", "per", "due"))}),
    ],
)  # fmt: skip
def test_the_field_that_is_wrong(change: Change, at: int, paths: set[str]) -> None:
    made = judged(change)
    assert {path for path, right in made[at].fields.items() if right is False} == paths
    assert made[at].whole is (paths == {"targets/0"})
    assert all(other.whole and all(other.fields.values()) for n, other in enumerate(made) if n != at)


def test_what_was_left_out_makes_the_record_wrong() -> None:
    made = judged(lambda records: records[1].update(responsible=[]))
    assert made[1].whole is False
    assert all(made[1].fields.values())


def test_baselines_count_in_measured_alone() -> None:
    made = judged(put_target(3, 0, baseline=None))[3]
    assert (made.whole, made.measured) == (True, False)
    assert judged(lambda records: None)[1].measured is None  # a plain task


@pytest.mark.parametrize(
    ("tasks", "targets", "whole", "measured"),
    [
        ("exhaustive", [], False, None),
        ("partial", [], None, None),
        ("exhaustive", [target("宣传次数", 3, "次")], False, False),
        ("partial", [target("宣传次数", 3, "次")], False, False),
    ],
)
def test_a_record_that_the_gold_has_not(
    tasks: str, targets: list[File], whole: bool | None, measured: bool | None
) -> None:
    gold = {**sample(), "tasks": tasks}
    made = judged(lambda records: records.append(record("广泛宣传动员", *targets)), gold)[-1]
    assert (made.gold, made.whole, made.measured) == (None, whole, measured)
    assert set(made.fields.values()) == {whole}


def test_an_optional_record_leaves_everything_open() -> None:
    made = judged(put(0, "kind", "task"), changed(optional(0)))[0]
    assert (made.gold, made.whole, made.measured) == (0, None, None)
    assert set(made.fields.values()) == {None}


def test_optional_fields_are_open() -> None:
    gold = changed(lambda r: (r[0]["deadlines"][0].update(optional=True), r[0]["targets"][1].update(optional=True)))
    made = judged(put_target(0, 0, due=None), gold)[0]
    assert made.whole is True
    assert {path for path, right in made.fields.items() if right is None} == {
        "deadlines/0", "targets/0/due", "targets/1", *(f"targets/1/{n}" for n in ("metric", "op", "value", "unit", "per", "due"))
    }  # fmt: skip


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem[:12])
def test_judging_adds_up_to_the_figures(path: Path) -> None:
    gold = json.loads(path.read_text(encoding="utf-8"))
    source = CORPUS / "txt" / f"{path.stem}.txt"
    made = json.loads(result_of(source).to_json())
    tallies, found = score(gold, made).tallies(), judge(gold, made)
    assert len(found) == len(made["records"])
    assert sum(each.whole is True for each in found) == tallies["whole"].hit
    assert sum(each.measured is True for each in found) == tallies["measured"].hit
    of_targets = [
        right
        for each in found
        for name, right in each.fields.items()
        if name.startswith("targets/") and name.count("/") == 1
    ]
    assert sum(right is True for right in of_targets) == tallies["right"].hit
