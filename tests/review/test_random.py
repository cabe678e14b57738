"""Whatever is done can be undone and redone, by whoever did it, and the log alone gives the same state."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractor.review.errors import Conflict, Refused
from extractor.review.fields import leaves, read
from extractor.types.record import IndicatorRecord
from tests.review.samples import FILES, Log, picture, result_of

Wish = tuple[str, dict[str, Any]]
_TYPED = {
    "value": ["≥35%", "60%—70%", 12, None, "全覆盖"], "metric": ["城乡低保标准", ""], "unit": ["%", None], "due": ["年底前"],
    "end": ["12月底", "2024-06-30"], "name": ["市民政局、市财政局", "市卫生健康委"], "points": [5, "2分", None],
    "number": ["3.", ""], "kind": ["task", "target", "veto"], "text": ["改过的文字"], "path": [["甲", "乙"]],
}  # fmt: skip


def _of_list(record: IndicatorRecord, op: str, pick: random.Random) -> Wish:
    name = record.record_id
    root = pick.choice(["targets", "deadlines", "responsible"])
    count = len(getattr(record, root))
    if op == "remove" and count:
        field = f"{root}/{pick.randrange(count)}"
        return "edit", {"record": name, "changes": [{"field": field, "before": read(record, field), "after": None}]}
    field, after = {
        "targets": ("value", "≥3个"),
        "deadlines": ("raw", "9月底前"),
        "responsible": ("name", "市教育局"),
    }[root]
    return "edit", {
        "record": name,
        "changes": [{"field": f"{root}/{count}/{field}", "before": None, "after": after}],
    }


def _of_record(log: Log, pick: random.Random) -> Wish:
    record = pick.choice(log.records[:8])  # few, so that two reviewers meet
    name = record.record_id
    op = pick.choice(
        [
            "accept",
            "reject",
            "reopen",
            "edit",
            "edit",
            "remove",
            "append",
            "fill",
            "fill",
            "split",
            "duplicate",
            "waive",
        ]
    )
    if op in ("accept", "reject", "reopen"):
        return op, {"record": name, "before": record.status}
    if op == "edit":
        field = pick.choice([each for each in leaves(record) if each.rsplit("/", 1)[-1] in _TYPED])
        after = pick.choice(_TYPED[field.rsplit("/", 1)[-1]])
        return "edit", {"record": name, "changes": [{"field": field, "before": read(record, field), "after": after}]}
    if op in ("remove", "append"):
        return _of_list(record, op, pick)
    if op == "fill":
        field = pick.choice(
            [
                "text",
                "points",
                "targets/0/value",
                "targets/0/metric",
                "deadlines/0",
                "responsible",
                "responsible/0/name",
            ]
        )
        start = pick.randrange(record.evidence.start, record.evidence.end)
        end = pick.choice([start, min(start + pick.randrange(1, 30), len(log.result.document.text))])
        return "fill", {"record": name, "field": field, "start": start, "end": end, "before": read(record, field)}
    if op == "waive":
        failed = [(each, issue.code) for each, issues in log.state.issues().items() for issue in issues]
        name, code = pick.choice([*failed, (name, "range_reversed")])
        return "waive", {"record": name, "code": code, "waived": pick.random() < 0.7}
    if op == "split" and record.evidence.end - record.evidence.start > 2 and pick.random() < 0.6:
        return op, {"record": name, "at": [pick.randrange(record.evidence.start + 1, record.evidence.end)]}
    return op, {"record": name}


def _wish(log: Log, pick: random.Random) -> Wish:
    records = log.records
    roll = pick.random()
    if roll < 0.08:
        start = pick.randrange(len(log.result.document.text) - 40)
        return "add", {"start": start, "end": start + pick.randrange(5, 40)}
    if roll < 0.16 and len(records) > 2:
        at = pick.randrange(min(len(records) - 1, 8))
        return "merge", {"records": [each.record_id for each in records[at : at + 2]]}
    if roll < 0.22:
        return "accept_many", {"records": [each.record_id for each in pick.sample(records, min(5, len(records)))]}
    if roll < 0.26:
        return pick.choice(["approve", "withdraw"]), {}
    return _of_record(log, pick)


def _try(log: Log, wish: Wish, actor: str) -> bool:
    before = picture(log.state) if wish[0] in ("merge", "undo") else None
    try:
        log.do(wish[0], actor, **wish[1])
    except (Conflict, Refused):
        assert before is None or picture(log.state) == before
        return False
    return True


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9), steps=st.integers(3, 30))
def test_as_many_undos_give_the_draft_back_and_redos_the_end(name: str, seed: int, steps: int) -> None:
    pick = random.Random(seed)
    log = Log(result_of(name))
    start = picture(log.state)
    done = sum(_try(log, _wish(log, pick), "li") for _ in range(steps))
    end = picture(log.state)
    for _ in range(done):
        log.do("undo")
    assert picture(log.state) == start
    assert log.state.undoable("li") is None
    for _ in range(done):
        log.do("redo")
    assert picture(log.state) == end
    for _ in range(done):
        log.do("undo")
    assert picture(log.state) == start
    assert picture(log.fresh(events=True)) == start


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10**9), steps=st.integers(5, 40))
def test_two_reviewers_the_log_folds_to_the_same_state_and_conflicts_change_nothing(
    name: str, seed: int, steps: int
) -> None:
    pick = random.Random(seed)
    log = Log(result_of(name))
    for _ in range(steps):
        actor = pick.choice(["li", "wang"])
        step: Callable[[], Wish] = pick.choice(
            [lambda: _wish(log, pick), lambda: _wish(log, pick), lambda: (pick.choice(["undo", "redo"]), {})]
        )
        events, before = len(log.events), picture(log.state)
        if not _try(log, step(), actor):
            assert len(log.events) == events
            assert picture(log.state) == before
    folded = log.fresh(events=True)
    assert picture(folded) == picture(log.state)
    assert [entry.version for entry in folded.entries] == [entry.version for entry in log.state.entries]
    for actor in ("li", "wang"):
        assert folded.undoable(actor) == log.state.undoable(actor)
        assert folded.redoable(actor) == log.state.redoable(actor)
