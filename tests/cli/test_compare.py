"""``extractor compare`` as a user runs it: what it reads, where results go, how it ends."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from openpyxl import load_workbook

from extractor.cli import main
from tests.archive.notices import LAST_YEAR, THIS_YEAR


@pytest.fixture
def notices(tmp_path: Path) -> tuple[str, str]:
    paths = tmp_path / "2023年要点.txt", tmp_path / "2024年要点.txt"
    for path, text in zip(paths, (LAST_YEAR, THIS_YEAR), strict=True):
        path.write_text(text, encoding="utf-8")
    return str(paths[0]), str(paths[1])


def counts_of(path: Path) -> dict[str, int]:
    return dict(json.loads(path.read_bytes())["counts"])


def test_a_table_on_the_terminal(notices: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", *notices]) == 0
    shown = capsys.readouterr()
    assert "▸ 数值提高 / raised" in shown.out
    assert "+5个百分点" in shown.out
    assert "改造资金" not in shown.out
    assert shown.err == ""
    assert main(["compare", *notices, "--same"]) == 0
    assert "改造资金" in capsys.readouterr().out


@pytest.mark.parametrize("suffix", [".html", ".htm", ".json", ".xlsx", ".txt"])
def test_format_by_suffix(
    suffix: str, notices: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "new" / f"对比{suffix}"
    assert main(["compare", *notices, "-o", str(target)]) == 0
    assert str(target) in capsys.readouterr().err
    data = target.read_bytes()
    if suffix == ".json":
        assert json.loads(data)["comparison_version"] == "1.0"
    elif suffix == ".xlsx":
        assert load_workbook(io.BytesIO(data)).sheetnames == ["对比", "概况"]
    elif suffix == ".txt":
        assert "改造资金" in data.decode()  # a file holds all rows
    else:
        assert data.startswith(b"<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("format", "start"), [("json", b"{"), ("html", b"<!DOCTYPE"), ("xlsx", b"PK"), ("table", "■".encode())]
)
def test_format_on_stdout(
    format: str, start: bytes, notices: tuple[str, str], capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["compare", *notices, "--format", format, "-o", "-"]) == 0
    assert capsysbinary.readouterr().out.startswith(start)


def test_results_of_extract_do_as_well_as_the_documents(notices: tuple[str, str], tmp_path: Path) -> None:
    assert main(["extract", *notices, "-o", str(tmp_path / "out"), "--quiet"]) == 0
    results = [str(tmp_path / "out" / f"{Path(name).stem}.json") for name in notices]
    pairs = [notices, results, (notices[0], results[1])]
    made = [tmp_path / f"{at}.json" for at in range(len(pairs))]
    for pair, target in zip(pairs, made, strict=True):
        assert main(["compare", *pair, "-o", str(target)]) == 0
    assert len({target.read_bytes() for target in made}) == 1
    found = counts_of(made[0])
    assert found.keys() == {"raised", "lowered", "changed", "added", "dropped", "same"}
    assert found["raised"] and found["lowered"] and found["same"]


def test_one_document_from_stdin(notices: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(LAST_YEAR.encode())))
    target = tmp_path / "a.json"
    assert main(["compare", "-", notices[0], "-o", str(target)]) == 0
    assert {name for name, count in counts_of(target).items() if count} == {"same"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["compare", "{old}"], "required: NEW", id="one document"),
        pytest.param(["compare", "{old}", "{new}", "--format", "csv"], "invalid choice", id="unknown format"),
        pytest.param(["compare", "{old}", "{new}", "-o", "x.csv"], "end the file's name in one of", id="unknown suffix"),
        pytest.param(["compare", "{old}", "{new}", "-o", "x.json", "--format", "html"], "not that of --format html", id="two formats"),
        pytest.param(["compare", "{old}", "{new}", "-o", "{new}"], "overwrite the source", id="onto the source"),
        pytest.param(["compare", "-", "-"], "stdin can be read only once", id="stdin twice"),
    ],
)  # fmt: skip
def test_usage_errors_end_with_2(
    arguments: list[str], words: str, notices: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    places = {"{old}": notices[0], "{new}": notices[1]}
    with pytest.raises(SystemExit) as end:
        raise SystemExit(main([places.get(word, word) for word in arguments]))
    assert end.value.code == 2
    assert words in capsys.readouterr().err
    assert Path(notices[1]).read_text(encoding="utf-8") == THIS_YEAR


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        pytest.param("没有.pdf", None, "没有.pdf", id="no document"),
        pytest.param("没有.json", None, "can't open: No such file", id="no result"),
        pytest.param("空.docx", b"", "empty", id="an empty document"),
        pytest.param("坏.json", b"{", "no result of extractor extract", id="no JSON"),
        pytest.param("别的.json", b'{"records": []}', "no result of extractor extract (extractor_version)", id="another JSON"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(
    name: str, content: bytes | None, words: str, notices: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    path, target = tmp_path / name, tmp_path / "对比.html"
    if content is not None:
        path.write_bytes(content)
    assert main(["compare", notices[0], str(path), "-o", str(target)]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert str(path) in lines[0]
    assert words in lines[0]
    assert " / " in lines[0]
    assert not target.exists()
