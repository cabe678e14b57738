from __future__ import annotations

import json

import pytest

from extractor.cli import main


def test_records_and_a_report(tmp_path, notice, capsys):
    assert main(["batch", str(notice.parent), "--out", str(tmp_path / "out"), "--in-process"]) == 0
    told = capsys.readouterr().err
    assert "成功 1" in told and "report.html" in told
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert (report["documents"], report["ok"]) == (1, 1)


def test_a_failure_is_an_exit_code_and_a_line_for_machines(tmp_path, notice, capsys):
    (notice.parent / "空.pdf").write_bytes(b"")
    code = main(
        ["batch", str(notice.parent), "--out", str(tmp_path / "out"), "--in-process", "--quiet", "--json-log", "-"]
    )
    assert code == 1
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["name"] for each in told if each["event"] == "failed"] == ["空.pdf"]
    assert told[-1]["event"] == "end"


def test_the_log_is_appended_to(tmp_path, notice):
    log = tmp_path / "log.jsonl"
    for _ in range(2):
        main(["batch", str(notice), "--out", str(tmp_path / "out"), "--in-process", "--quiet", "--json-log", str(log)])
    assert [json.loads(line)["event"] for line in log.read_text(encoding="utf-8").splitlines()].count("end") == 2


def test_a_cache_that_cannot_be_written_is_told_once(tmp_path, notice, capsys):
    (notice.parent / "又一份.txt").write_bytes(notice.read_bytes() + b"\n")
    out = tmp_path / "out"
    out.mkdir()
    (out / "parsed").write_bytes(b"")
    assert main(["batch", str(notice.parent), "--out", str(out), "--in-process"]) == 0
    told = capsys.readouterr().err
    assert "成功 2" in told and told.count("解析缓存写不了") == 1


def test_a_source_that_is_not_there_is_in_the_report(tmp_path, capsys):
    assert main(["batch", str(tmp_path / "没有"), "--out", str(tmp_path / "out"), "--in-process", "--quiet"]) == 1
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert [each["class"] for each in report["failures"]] == ["missing"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--out", "x"], "--resume"),
        (["a.txt"], "--out"),
        (["a.txt", "--out", "x", "--workers", "0"], "0"),
        (["a.txt", "--out", "x", "--time-limit", "-1"], "-1"),
    ],
    ids=["no source", "nowhere to go", "no workers", "no time"],
)
def test_wrong_usage(arguments, told, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(["batch", *arguments])
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


def test_nothing_to_go_on_with(tmp_path, capsys):
    assert main(["batch", "--resume", "--out", str(tmp_path / "out"), "--quiet"]) == 2
    assert "没有可以继续的批次" in capsys.readouterr().err


def test_a_log_that_can_not_be_written_is_told_in_a_line(tmp_path, notice, capsys):
    log = tmp_path / "nowhere" / "log.jsonl"
    assert main(["batch", str(notice), "--out", str(tmp_path / "out"), "--json-log", str(log)]) == 1
    assert "log.jsonl: 写不了" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_damaged_database_is_told_in_a_line(tmp_path, notice, capsys):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "extractor.db").write_bytes(b"not a database at all, only words " * 50)
    assert main(["batch", str(notice), "--out", str(tmp_path / "out"), "--quiet"]) == 1
    assert "数据库" in capsys.readouterr().err


def test_results_are_not_written_among_the_sources(notice, capsys):
    assert main(["batch", str(notice.parent), "--out", str(notice.parent), "--quiet"]) == 2
    assert "--out" in capsys.readouterr().err
    assert [path.name for path in notice.parent.iterdir()] == [notice.name]
