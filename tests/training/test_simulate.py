"""Reviewing replayed over some of the project's own documents."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extractor.training.examples import Example, read_examples
from extractor.training.recipes import load_recipe
from extractor.training.reviewer import NEVER, Cost, review
from extractor.training.simulate import Memory, Point, Run, folds, mean_curve, simulate
from extractor.training.traces import Trace, trace_all
from tests.extracted import ROOT

SMALL = {"23_housing-notice", "27_education-action", "46_gov-service-scoring", "48_task-ledger"}


def doubt(drafted: Trace) -> float:
    return sum(1 - each.record.confidence for each in drafted.made)


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return read_examples(ROOT / "annotations", [ROOT / "corpus/txt"], "own")


@pytest.fixture(scope="module")
def traces(examples: list[Example]) -> list[Trace]:
    return trace_all(each for each in examples if each.name.partition("/")[2] in SMALL)


def test_every_document_is_held_out_once(traces: list[Trace]) -> None:
    parts = folds(traces, 3)
    held = sorted(each.example.name for _, kept in parts for each in kept)
    assert held == sorted(each.example.name for each in traces)
    for pool, kept in parts:
        assert len(pool) + len(kept) == len(traces)
        assert not {each.example.name for each in pool} & {each.example.name for each in kept}


def test_a_run_tells_what_was_spent(traces: list[Trace]) -> None:
    pool, held = traces[:3], traces[3:]
    run = simulate(pool, held, (), "random", every=2)
    assert [point.documents for point in run.points] == [0, 2, 3]
    assert [point.inputs for point in run.points] == [
        0, sum(cost.inputs for _, cost in run.arrived[:2]), run.spent.inputs,
    ]  # fmt: skip
    assert run.points[0].held == review(held[0])
    assert {name for name, _ in run.arrived} == {each.example.name for each in pool}
    assert simulate(pool, held, (), "random", every=2) == run
    others = [simulate(pool, held, (), "random", every=3, seed=seed).arrived for seed in range(4)]
    assert len({tuple(name for name, _ in each) for each in others}) > 1


def test_by_rank_the_highest_come_first(traces: list[Trace]) -> None:
    run = simulate(traces, traces[:1], (), "doubt", rank=doubt, every=2)
    ranked = sorted(traces, key=lambda each: -doubt(each))
    assert [name for name, _ in run.arrived] == [each.example.name for each in ranked]


def test_reading_everything_never_gets_cheaper_by_itself(traces: list[Trace]) -> None:
    run = simulate(traces[:3], traces[3:], (), "random")
    assert {point.threshold for point in run.points} == {NEVER}
    assert len({point.held for point in run.points}) == 1


def test_once_enough_was_right_the_next_is_accepted_unread(traces: list[Trace]) -> None:
    right = [replace(each, example=replace(each.example, gold=each.output)) for each in traces]
    before, after = simulate(right[:3], right[3:], (), "random", every=3).points
    assert (before.threshold, before.held.per_record) == (NEVER, 1.0)
    assert after.threshold < 1
    assert after.held.unread > 2
    assert after.held.per_record < 1
    assert (after.held.records, after.held.left) == (before.held.records, 0)


def test_recipes_learn_from_what_was_reviewed_alone(traces: list[Trace]) -> None:
    memory: Memory = {}
    recipe = load_recipe("record")
    run = simulate(traces[:3], traces[3:], [recipe], "random", every=3, memory=memory)
    assert list(memory) == [("record", *sorted(each.example.name for each in traces[:3]))]
    assert simulate(traces[:3], traces[3:], [recipe], "doubt", rank=doubt, every=3, memory=memory).points[-1].held == (
        run.points[-1].held
    )
    assert len(memory) == 1


def test_the_mean_is_over_all_records() -> None:
    first = Run("a", (Point(0, 0, Cost(10, 5), NEVER), Point(4, 20, Cost(5, 5), NEVER)), ())
    second = Run("a", (Point(0, 0, Cost(60, 15), NEVER), Point(4, 30, Cost(25, 15), NEVER)), ())
    assert mean_curve([first, second]) == [(0, 3.5), (4, 1.5)]
    assert mean_curve([]) == []
