"""From documents to indicators, tables and queries, by the commands that an analyst types."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from extractor.archive.analysts import QueryRefused, query
from extractor.archive.gather import gathered
from extractor.cli import main
from extractor.errors import StoreError
from extractor.store.database import Database, sqlite_url

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def archive(tmp_path_factory) -> Path:
    """The series of two fields of work, with two documents that contradict, extracted and aligned."""
    folder = tmp_path_factory.mktemp("archive")
    files = [
        str(path)
        for field in ("civil", "education")
        for path in sorted((ROOT / "corpus" / "series").glob(f"{field}-*.txt"))
    ]
    assert main(["batch", *files, "--out", str(folder), "--quiet"]) == 0
    assert main(["align", "--data", str(folder)]) == 0
    return folder


def _rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    return query(folder, sql)[1]


def test_the_same_indicator_over_years_and_places(archive):
    found = _rows(
        archive,
        "select count(distinct sha256), count(distinct place), count(distinct year) from observations "
        "where indicator = (select indicator from observations where metric like '%护理型床位%' and unit = '%' "
        "group by 1 order by count(*) desc limit 1)",
    )
    documents, places, years = found[0]
    assert documents >= 4 and places >= 2 and years >= 2


def test_what_contradicts_is_listed_with_both_sides(archive):
    found = _rows(
        archive,
        "select c.kind, a.place, a.value, b.place, b.value from conflicts c join observations a "
        "on a.observation = c.first join observations b on b.observation = c.second order by all",
    )
    assert ("laxer", "溪宁市", 92.0, "澄州省", 93.0) in found  # the gross enrolment rate of the senior stage in 2025
    assert ("differs", "溪宁市", 54.0, "溪宁市", 52.0) in found  # two documents of 2023 on nursing beds


def test_every_target_of_the_batch_is_an_observation(archive):
    (targets,), (observed,) = (
        _rows(archive, "select count(*) from targets")[0],
        _rows(archive, "select count(*) from observations")[0],
    )
    assert targets == observed > 100
    assert _rows(archive, "select count(*) from observations where indicator is null") == [(0,)]


def test_an_observation_stands_where_it_says(archive):
    database = Database(sqlite_url(archive))
    texts = {
        record.record_id: record.text for file in gathered(database, archive) for record in file.records
    }  # fmt: skip
    database.close()
    rows = _rows(archive, "select observation, text from observations")
    assert all(texts[str(name).rpartition("/")[0]] == text for name, text in rows)


def test_the_tables_for_spreadsheets(archive):
    with (archive / "aligned" / "observations.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == _rows(archive, "select count(*) from observations")[0][0]
    assert {row["indicator"] for row in rows} == {
        row[0] for row in duckdb.execute(f"select indicator from '{archive}/aligned/indicators.parquet'").fetchall()
    }  # fmt: skip


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('/etc/passwd')",
        "copy (select 1) to 'x.csv'",
        "attach 'x.db'",
        "create table x as select 1",
        "set enable_external_access = true",
        "select 1; select 2",
        "install httpfs",
        "selec nonsense",
        "select * from nowhere",
    ],
)
def test_a_query_reads_the_archive_and_nothing_else(archive, sql, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(QueryRefused):
        query(archive, sql)
    assert not list(tmp_path.iterdir())


def test_there_must_be_something_to_query(tmp_path, capsys):
    with pytest.raises(QueryRefused):
        query(tmp_path, "select 1")
    assert main(["query", "select 1", "--data", str(tmp_path)]) == 1
    assert "extractor batch" in capsys.readouterr().err


def test_answers_as_csv_and_as_json(archive, capsys):
    sql = "select metric, value from targets where value = 1500 limit 1"
    assert main(["query", sql, "--data", str(archive)]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "metric,value"
    assert main(["query", sql, "--data", str(archive), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["value"] == 1500


def test_an_answer_keeps_columns_of_one_name_and_is_json_whatever_it_holds(archive, capsys):
    sql = (
        "select 1 as a, 2 as a, 3 as a_2, 'NaN'::float as nan, ['inf'::float, 1.5] as many, {'x': 'NaN'::double} as one"
    )
    assert main(["query", sql, "--data", str(archive), "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out, parse_constant=lambda word: pytest.fail(word))
    assert said == {"a": 1, "a_3": 2, "a_2": 3, "nan": None, "many": [None, 1.5], "one": {"x": None}}


def test_an_answer_in_a_file_is_for_spreadsheets(archive, tmp_path):
    command = [
        sys.executable,
        "-m",
        "extractor",
        "query",
        "select '=1+1' as \"=cmd\", '3-5' as said",
        "--data",
        str(archive),
    ]
    with (tmp_path / "answer.csv").open("wb") as file:
        subprocess.run(command, stdout=file, check=True, env=os.environ | {"PYTHONUTF8": "1"})
    said = "'=cmd,said\r\n'=1+1,'3-5\r\n"
    assert (tmp_path / "answer.csv").read_bytes().decode() == "\ufeff" + said
    piped = subprocess.run(command, capture_output=True, check=True, env=os.environ | {"PYTHONUTF8": "1"})
    assert piped.stdout.decode() == said


def test_a_table_of_ones_own_and_a_damaged_one(tmp_path, capsys):
    own = tmp_path / "aligned"
    own.mkdir()
    with duckdb.connect() as database:
        database.execute(f"COPY (SELECT 7 AS n) TO '{own / 'my table.parquet'}' (FORMAT parquet)")
    assert query(tmp_path, 'select n from "my table"') == (["n"], [(7,)])
    (own / "other.parquet").write_bytes(b"PAR1 cut short")
    assert main(["query", "select 1", "--data", str(tmp_path)]) == 1
    told = capsys.readouterr().err
    assert "other.parquet" in told
    assert "内部错误" not in told


def test_aligning_again_changes_nothing(archive):
    before = _rows(archive, "select observation, indicator from observations order by 1")
    assert main(["align", "--data", str(archive)]) == 0
    assert _rows(archive, "select observation, indicator from observations order by 1") == before


def test_a_shard_that_is_cut_short_is_told(tmp_path):
    source = ROOT / "corpus" / "series" / "civil-xining-2023.txt"
    assert main(["batch", str(source), "--out", str(tmp_path / "out"), "--quiet", "--in-process"]) == 0
    (shard,) = (tmp_path / "out").glob("results/*/jsonl/*.jsonl")
    shard.write_bytes(shard.read_bytes()[:100])
    database = Database(sqlite_url(tmp_path / "out"))
    with pytest.raises(StoreError) as refused:
        list(gathered(database, tmp_path / "out"))
    database.close()
    assert refused.value.code == "damaged"


def test_an_archive_that_was_moved_is_found(tmp_path):
    source = ROOT / "corpus" / "series" / "civil-xining-2023.txt"
    assert main(["batch", str(source), "--out", str(tmp_path / "out"), "--quiet", "--in-process"]) == 0
    (tmp_path / "out").rename(tmp_path / "moved")
    database = Database(sqlite_url(tmp_path / "moved"))
    (file,) = gathered(database, tmp_path / "moved")
    database.close()
    assert file.document.source_name == source.name
