from __future__ import annotations

from pathlib import Path

import pytest

from extractor.cli import main


def test_shows_what_the_parser_saw(notice: Path, page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(notice), str(page)]) == 0
    out = capsys.readouterr().out
    assert "发文字号: 云民〔2023〕12号" in out
    assert "    (一)加强设施建设" in out.replace("（", "(").replace("）", ")")
    assert "表1（3行×4列）" in out
    assert "| 社会救助 | 低保对象认定准确率达到98%以上 | 5 " in " ".join(out.split())
    assert "| ↑ | 每月走访困难群众不少于2次" in " ".join(out.split())


def test_rows_limits_tables(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(page), "--rows", "1"]) == 0
    assert "另有 2 行" in capsys.readouterr().out


def test_a_bad_file_is_named(tmp_path: Path, notice: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = tmp_path / "没有.pdf"
    assert main(["inspect", str(missing), str(notice)]) == 1
    shown = capsys.readouterr()
    assert shown.err.startswith(f"{missing}: 找不到文件")
    assert "云民〔2023〕12号" in shown.out
