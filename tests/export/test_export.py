"""Every format: all records appear, the same bytes each time; and what is each format's own."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest

from extractor.errors import OutputError
from extractor.export import BUILTIN, SUFFIXES, render, suffix_of
from extractor.export.csv import harmless
from extractor.types.record import ExtractionFile
from tests.export.samples import make_file, make_record

BARE = [name for name in BUILTIN if suffix_of(name) != ".xlsx"]  # a workbook holds the time of its making


@pytest.mark.parametrize("format", BARE)
def test_same_bytes_each_time(format: str, sample: ExtractionFile) -> None:
    assert render(format, [sample]) == render(format, [sample])


@pytest.mark.parametrize("format", BARE)
def test_every_record_appears(format: str, sample: ExtractionFile) -> None:
    words = render(format, [sample]).decode("utf-8-sig").replace("\\u0007", "")
    squeezed = "".join(words.split())
    for record in sample.records:
        assert record.text[:6] in squeezed, record.text


@pytest.mark.parametrize("format", [name for name in BUILTIN if name != "json"])
def test_no_record_at_all(format: str) -> None:
    assert render(format, [make_file(())]) is not None


def test_unknown_format_names_the_known_ones(sample: ExtractionFile) -> None:
    with pytest.raises(OutputError, match="table, json, jsonl, csv, xlsx, units"):
        render("pdf", [sample])


def test_each_format_has_one_suffix() -> None:
    assert {suffix_of(name) for name in BUILTIN} == set(SUFFIXES)
    assert all(suffix_of(name) == suffix for suffix, name in SUFFIXES.items())
    assert suffix_of("units") == ".xlsx"


def test_json_is_the_contract_and_reads_back(sample: ExtractionFile) -> None:
    data = render("json", [sample])
    assert ExtractionFile.model_validate_json(data) == sample
    assert json.loads(data)["schema_version"] == "1.0"


@pytest.mark.parametrize("count", [0, 2])
def test_json_holds_one_document(count: int, sample: ExtractionFile) -> None:
    with pytest.raises(OutputError, match="one JSON holds one document"):
        render("json", [sample] * count)


def test_jsonl_has_a_line_a_record_with_its_document(sample: ExtractionFile) -> None:
    lines = [json.loads(line) for line in render("jsonl", [sample, sample]).decode().splitlines()]
    assert len(lines) == 2 * len(sample.records)
    assert lines[0]["document"]["document_number"] == "云民〔2023〕12号"
    assert lines[0]["targets"][0]["value"] == 75


@pytest.fixture
def rows(sample: ExtractionFile) -> list[dict[str, str]]:
    data = render("csv", [sample])
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_csv_has_a_row_a_target(rows: list[dict[str, str]]) -> None:
    assert [row["record_id"][-1] for row in rows] == ["0", "0", "1", "2", "3", "4"]
    assert [row["value"] for row in rows] == ["75", "3", "3", "", "", ""]
    assert rows[0]["support"] == "财务科、办公室"
    assert (rows[0]["per_occurrence"], rows[4]["per_occurrence"]) == ("false", "true")


def test_csv_guards_formulas_but_not_numbers(rows: list[dict[str, str]]) -> None:
    assert rows[0]["notes"] == '\'=HYPERLINK("x")'
    assert rows[3]["text"] == "'-5%以内，建立工作机制。"


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t", "＝", "＋", "－", "＠", "\x01=", "　＝", " @"])
def test_csv_guards_each_mark(mark: str) -> None:
    data = render("csv", [make_file((make_record(0, (), mark + "1"),))]).decode("utf-8-sig")
    assert f",'{mark}1," in data.replace('"', "")


@pytest.mark.parametrize(
    ("words", "guarded"),
    [
        ("3-5", True), ("1/3", True), ("12/2025", True), ("1234567890123456", True), ("123456789012e456", True),
        ("1E5", True), ("95", False), ("3—5", False), ("2025-12-31", False), ("3-5个", False), ("a23456789012e456", False),
    ],
)  # fmt: skip
def test_csv_guards_what_a_spreadsheet_would_write_otherwise(words: str, guarded: bool) -> None:
    assert harmless(words) == ("'" + words if guarded else words)


def test_csv_golden(sample: ExtractionFile, golden: Callable[[str, str], None]) -> None:
    golden("records.csv.txt", render("csv", [sample]).decode("utf-8-sig").replace("\r\n", "\n"))
