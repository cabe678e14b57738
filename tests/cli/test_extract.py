"""``extractor extract`` as a user runs it: where results go, what is said, and how it ends."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
from openpyxl import load_workbook

from extractor import __version__, extract
from extractor.cli import main
from extractor.cli.output import stems, write_whole
from extractor.errors import OutputError
from extractor.export import render
from extractor.export.base import Layout
from extractor.types.record import ExtractionFile


def test_table_on_stdout(notice: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extract", str(notice)]) == 0
    shown = capsys.readouterr()
    assert "2023年养老服务工作要点" in shown.out
    assert "≥55%" in shown.out
    assert shown.err == ""


def test_folder_gets_the_contract_of_each_document(notice: Path, page: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    assert main(["extract", str(notice), str(page), "-o", str(out), "--format", "json", "--quiet"]) == 0
    assert sorted(path.name for path in out.iterdir()) == ["任务表.json", "工作要点.json"]
    file = ExtractionFile.model_validate_json((out / "工作要点.json").read_bytes())
    assert file.extractor_version == __version__
    assert file.document.source_name == "工作要点.txt"
    assert file.records == extract(notice).records


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        pytest.param(["a.pdf", "b.pdf"], ["a", "b"], id="stems"),
        pytest.param(["a.pdf", "x/a.docx", "b.txt"], ["a.pdf", "a.docx", "b"], id="one stem twice"),
        pytest.param(["A.pdf", "a.docx"], ["A.pdf", "a.docx"], id="names that one file system takes for one"),
        pytest.param(["x/a.pdf", "y/a.pdf"], ["a.pdf", "a.pdf.2"], id="one name twice"),
        pytest.param(["-", "2023.计划.txt"], ["stdin", "2023.计划"], id="stdin, and a dot in the name"),
    ],
)
def test_names_of_results(names: list[str], expected: list[str]) -> None:
    assert stems(names) == expected


@pytest.mark.parametrize("suffix", [".json", ".jsonl", ".csv", ".xlsx", ".txt"])
def test_format_by_suffix(suffix: str, notice: Path, tmp_path: Path) -> None:
    target = tmp_path / f"结果{suffix}"
    assert main(["extract", str(notice), "-o", str(target)]) == 0
    data = target.read_bytes()
    if suffix == ".json":
        assert json.loads(data)["schema_version"] == "1.0"
    elif suffix == ".jsonl":
        assert json.loads(data.splitlines()[0])["document"]["source_name"] == "工作要点.txt"
    elif suffix == ".csv":
        assert data.decode("utf-8-sig").startswith("source_name,")
    elif suffix == ".xlsx":
        assert load_workbook(io.BytesIO(data)).worksheets[0]["A1"].value == "2023年养老服务工作要点任务分解表"
    else:
        assert data.decode().startswith("■ 2023年养老服务工作要点")


@pytest.mark.parametrize("format", ["csv", "jsonl", "json"])
def test_format_on_stdout(format: str, notice: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["extract", str(notice), "--format", format]) == 0
    assert "护理型床位占比".encode() in capsysbinary.readouterr().out


def test_several_documents_in_one_file(notice: Path, page: Path, tmp_path: Path) -> None:
    target = tmp_path / "all.xlsx"
    assert main(["extract", str(notice), str(page), "-o", str(target)]) == 0
    assert [sheet.sheet_state for sheet in load_workbook(target).worksheets] == ["visible", "visible", "veryHidden"]


def test_stdin(notice: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(notice.read_bytes())))
    assert main(["extract", "-", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["document"]["source_name"] == "-"


def test_progress_is_a_line_a_file_where_stderr_is_no_terminal(
    notice: Path, page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["extract", str(notice), str(page), "-o", str(tmp_path / "out")])
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(" ")[0] for line in lines[:2]] == ["[1/2]", "[2/2]"]
    assert "已写入 2 个文件" in lines[-1]


def test_show_prints_the_table_beside_the_files(
    notice: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["extract", str(notice), "-o", str(tmp_path / "out"), "--show", "--rows", "1", "--quiet"]) == 0
    shown = capsys.readouterr()
    assert "更多" in shown.out or "more" in shown.out
    assert shown.err == ""
    assert (tmp_path / "out" / "工作要点.json").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param([], "required", id="no command"),
        pytest.param(["extract"], "required", id="no file"),
        pytest.param(["extract", "{a}", "--format", "pdf"], "invalid choice", id="unknown format"),
        pytest.param(["extract", "{a}", "--max-chars", "0"], "must be 1 or more", id="no room"),
        pytest.param(["extract", "{a}", "--max-chars", "many"], "must be 1 or more", id="no number"),
        pytest.param(["extract", "{a}", "{b}", "--format", "json"], "several documents", id="two as one JSON"),
        pytest.param(["extract", "{a}", "{b}", "-o", "x.json"], "several documents", id="two in one JSON file"),
        pytest.param(["extract", "-", "-"], "stdin can be read only once", id="stdin twice"),
        pytest.param(["extract", "{a}", "-o", "{a}"], "overwrite the source", id="onto the source"),
        pytest.param(["extract", "{a}", "-o", "{in}", "--format", "table"], "overwrite the source", id="beside it"),
        pytest.param(["extract", "{a}", "-o", "name.xyz"], "unknown suffix .xyz", id="unknown suffix"),
        pytest.param(
            ["extract", "{a}", "-o", "r.csv", "--format", "xlsx"], "not that of --format xlsx", id="two formats"
        ),
        pytest.param(["extract", "{a}", "-o", ""], "-o needs the name", id="no name"),
        pytest.param(["extract", "{a}", "-o", os.devnull], "this is a file", id="a file as a folder"),
        pytest.param(["extract", "{a}", "--max-chars", "abc"], "abc：要大于0的整数", id="letters"),
        pytest.param(["extract", "{a}", "--config", "none.toml"], "can't open the settings", id="no settings"),
    ],
)
def test_usage_errors_end_with_2(
    arguments: list[str], words: str, notice: Path, page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = {"{a}": str(notice), "{b}": str(page), "{in}": str(notice.parent)}
    before = notice.read_bytes()
    with pytest.raises(SystemExit) as end:
        raise SystemExit(main([places.get(word, word) for word in arguments]))
    assert end.value.code == 2
    assert words in capsys.readouterr().err
    assert notice.read_bytes() == before


def test_a_bad_file_is_named_and_the_others_are_done(
    notice: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing, empty, out = tmp_path / "没有.pdf", tmp_path / "空.docx", tmp_path / "out"
    empty.touch()
    assert main(["extract", str(missing), str(notice), str(empty), str(tmp_path), "-o", str(out), "--quiet"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[0] for line in lines] == [str(missing), str(empty), str(tmp_path)]
    assert all(" / " in line for line in lines)
    assert [path.name for path in out.iterdir()] == ["工作要点.json"]


def test_all_bad_writes_nothing(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    assert main(["extract", str(tmp_path / "没有.pdf"), "-o", str(target)]) == 1
    assert list(tmp_path.iterdir()) == []


def test_settings_and_options_limit_the_size(notice: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = tmp_path / "my.toml"
    settings.write_text("[read]\nmax_chars = 10\n")
    assert main(["extract", str(notice), "--config", str(settings)]) == 1
    assert "max_chars" in capsys.readouterr().err
    assert main(["extract", str(notice), "--config", str(settings), "--max-chars", "9000"]) == 0


@pytest.mark.parametrize("command", ["extract", "inspect"])
def test_debug_shows_the_traceback_and_does_the_others(
    command: str, notice: Path, page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, str(notice), str(tmp_path / "没有.pdf"), str(page), "--debug"]) == 1
    shown = capsys.readouterr()
    assert "Traceback" in shown.err
    assert "ReadError: " in shown.err
    assert "养老服务" in shown.out
    assert "低保对象" in shown.out


@pytest.mark.parametrize("place", ["out", "all.csv", None])
def test_an_exporter_that_fails_on_one_document_does_the_others(
    place: str | None,
    notice: Path,
    page: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def breaks(format: str, files: Sequence[ExtractionFile], layout: Layout) -> bytes:
        if any(file.document.source_name == notice.name for file in files):
            raise RuntimeError("odd")
        return render(format, files, layout)

    monkeypatch.setattr("extractor.cli.output.render", breaks)
    where = ["-o", str(tmp_path / place)] if place else []
    assert main(["extract", str(notice), str(page), "--format", "csv" if place else "table", *where, "--quiet"]) == 1
    shown = capsys.readouterr()
    assert [line.split(": ")[0] for line in shown.err.splitlines()] == [str(notice)]
    written = [path.read_text("utf-8") for path in tmp_path.glob("*/*.csv")] + [
        path.read_text("utf-8") for path in tmp_path.glob("*.csv")
    ]
    assert "低保对象" in "".join(written or [shown.out])


def test_a_table_in_a_file_holds_all_rows(notice: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    assert main(["extract", str(notice), "-o", str(target), "--rows", "1"]) == 0
    assert "另有" not in target.read_text("utf-8")


def test_an_unforeseen_error_is_one_line(
    notice: Path, page: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr("extractor.pipeline.extract", breaks)
    assert main(["extract", str(notice), str(page)]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert "internal error" in lines[0]
    assert "RuntimeError: two lines" in lines[0]
    assert main(["extract", str(notice), "--debug"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_interrupted(notice: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("extractor.pipeline.extract", stop)
    assert main(["extract", str(notice)]) == 130
    assert "interrupted" in capsys.readouterr().err


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.json"
    target.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("extractor.cli.output.os.replace", full)
    with pytest.raises(OutputError, match="No space left"):
        write_whole(target, b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.json", b"old")]


def test_a_place_that_cannot_be_written_is_named(
    notice: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert main(["extract", str(notice), "-o", str(tmp_path / "file" / "out.json")]) == 1
    assert "can't write" in capsys.readouterr().err


def test_a_device_is_written_to(notice: Path) -> None:
    write_whole(Path(os.devnull), b"x")
    assert not Path(os.devnull).is_file()
