from __future__ import annotations

import json
from typing import Any

from extractor.review.view import as_json
from extractor.types.record import IndicatorRecord
from tests.review.samples import FILES, Log, result_of


def shown(log: Log, name: str) -> dict[str, Any]:
    entry = log.state.entry(name)
    assert entry is not None
    made = as_json(entry, log.state.issues().get(name, ()), log.state.risks()[name])
    assert json.loads(json.dumps(made)) == made
    return made  # type: ignore[return-value]


def test_a_draft() -> None:
    log = Log(result_of(FILES[4]))
    record = log.find("应用场景拓展")
    made = shown(log, record.record_id)
    assert IndicatorRecord.model_validate(made["record"]) == record
    assert (made["origin"], made["set_by"], made["checks"], made["version"]) == ("machine", {}, [], 0)
    assert {"path", "deadlines/0/end", "responsible/0/name", "responsible/1", "targets/0/due"} <= set(made["inherited"])
    assert not {"text", "targets/0/value", "targets/0"} & set(made["inherited"])
    risk = made["risk"]
    assert (risk["stake"], risk["record"]) == (1, round(1 - record.confidence, 4))
    assert risk["fields"].keys() == record.field_confidence.keys()
    assert risk["fields"]["targets/0/value"] == round(1 - record.field_confidence["targets/0/value"], 4)


def test_cells_of_the_own_row_are_not_inherited_and_merged_ones_above_are() -> None:
    log = Log(result_of(FILES[1]))
    made = shown(log, log.records[4].record_id)  # the second row: its leader stands in the first
    names = [who["name"] for who in made["record"]["responsible"]]
    inherited = [names[at] for at in range(len(names)) if f"responsible/{at}" in made["inherited"]]
    assert inherited == ["何志远", "社会救助股"]
    assert "row_points" not in made["inherited"]


def test_who_set_what_and_what_fails() -> None:
    log = Log(result_of(FILES[4]))
    record = log.find("应用场景拓展")
    name = record.record_id
    log.do("edit", record=name, changes=[{"field": "text", "before": record.text, "after": "别的"}])
    log.do("edit", "wang", record=name, changes=[{"field": "responsible/2/name", "before": None, "after": "市教育局"}])
    made = shown(log, name)
    assert not {"text", "responsible/2/name"} & made["risk"]["fields"].keys()
    assert made["risk"]["record"] == made["risk"]["stake"]
    assert made["set_by"]["text"] == {"actor": "li", "at": log.events[0].at, "seq": 1}
    assert made["set_by"]["responsible/2/role"]["actor"] == "wang"
    assert "responsible/1/name" not in made["set_by"]
    (failed,) = made["checks"]
    assert (failed["code"], failed["blocking"], failed["waived"]) == ("text_not_at_evidence", True, False)
    assert failed["fields"] == []
    assert made["record"]["issues"][0]["code"] == "text_not_at_evidence"
    log.do("waive", record=name, code="text_not_at_evidence")
    waived = shown(log, name)
    (failed,) = waived["checks"]
    assert (failed["blocking"], failed["waived"]) == (False, True)
    assert waived["risk"]["record"] < made["risk"]["record"]
    assert made["version"] == 2
