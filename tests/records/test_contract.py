"""The checked-in JSON Schema is that of the models, and a fresh record fits it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from extractor.records import contract
from extractor.types.record import ExtractionFile, IndicatorRecord
from tests.records.samples import record_of


def test_checked_in_schema_is_the_models() -> None:
    assert contract.SCHEMA_FILE.read_text(encoding="utf-8") == contract.schema_text()


def test_schema_names_every_field_of_the_contract() -> None:
    fields = json.loads(contract.schema_text())["$defs"]["IndicatorRecord"]["properties"]
    assert set(fields) >= {
        "record_id", "path", "number", "text", "kind", "tier", "points", "row_points", "per_occurrence", "points_cap",
        "targets", "deadlines", "responsible", "assessed", "scoring_text", "notes", "evidence", "confidence", "status",
    }  # fmt: skip


def test_command_checks_and_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "schema.json"
    monkeypatch.setattr(contract, "SCHEMA_FILE", path)
    assert contract.main(["--check"]) == 1
    assert "make schema" in capsys.readouterr().err
    assert contract.main([]) == 0
    assert contract.main(["--check"]) == 0
    path.write_text("{}", encoding="utf-8")
    assert contract.main(["--check"]) == 1


def test_record_survives_json() -> None:
    record = record_of("9月底前合格率达到95%以上，全年无安全事故。")
    assert IndicatorRecord.model_validate_json(record.model_dump_json()) == record


def test_unknown_fields_and_wrong_values_are_refused() -> None:
    plain = json.loads(record_of("合格率达到95%。").model_dump_json())
    for wrong in ({"extra": 1}, {"kind": "goal"}, {"confidence": 2}, {"status": "done"}):
        with pytest.raises(ValidationError):
            IndicatorRecord.model_validate({**plain, **wrong})
    with pytest.raises(ValidationError):
        ExtractionFile.model_validate({"extractor_version": "0", "document": {"source_name": "a"}, "records": []})
