"""The command as a process: what it imports, how it meets terminals and pipes."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from extractor import ReadOptions, __version__, extract
from extractor.cli import main
from extractor.cli.progress import Progress
from extractor.config import load_config
from extractor.errors import ConfigError

HEAVY = ("spacy", "jieba", "sklearn", "pdfplumber", "pydantic", "openpyxl", "docx", "lxml", "numpy")


@pytest.mark.parametrize("command", [["--help"], ["--version"], ["schema"], ["extract", "--help"]])
def test_help_imports_nothing_heavy(command: list[str]) -> None:
    code = (
        "import sys\nfrom extractor.cli import main\n"
        f"try:\n    main({command!r})\nexcept SystemExit:\n    pass\n"
        f"sys.stderr.write(' '.join(name for name in {HEAVY!r} if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert done.stdout


def test_import_of_the_package_imports_nothing_heavy() -> None:
    code = f"import sys, extractor; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_closed_pipe_is_no_error(notice: Path) -> None:
    code = f"{sys.executable} -m extractor schema | head -n 1"
    done = subprocess.run(["bash", "-c", code], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("{\n", "")


def test_python_dash_m_gives_the_exit_code(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "extractor", "extract", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith(f"{tmp_path}: 这是文件夹")


@pytest.mark.parametrize("command", ["schema", "extract {}", "extract {} --format csv", "inspect {}"])
def test_a_full_disk_is_said_plainly(command: str, notice: Path) -> None:
    code = f"{sys.executable} -m extractor {command.format(notice)} > /dev/full"
    done = subprocess.run(["bash", "-c", code], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "can't write to standard output, check the space: No space left" in done.stderr


@pytest.mark.parametrize("command", [["--help"], ["extract", "--help"], ["inspect", "{}"]])
def test_a_terminal_without_chinese(command: list[str], notice: Path) -> None:
    words = [word.format(notice) for word in command]
    settings = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run([sys.executable, "-m", "extractor", *words], capture_output=True, env=settings)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"?" in done.stdout


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out.strip() == f"extractor {__version__}"


def test_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "ExtractionFile"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_a_bar_on_a_terminal() -> None:
    stream = Terminal()
    progress = Progress(4, stream, quiet=False)
    progress.start("甲.pdf")
    progress.done("甲.pdf", "3 条记录")
    progress.start("乙.pdf")
    progress.say("乙.pdf: 坏了", always=True)
    progress.clear()
    shown = stream.getvalue()
    assert "[#####...............] 1/4 乙.pdf" in shown
    assert "\r\x1b[K乙.pdf: 坏了\n" in shown
    assert shown.endswith("\r\x1b[K")
    assert "3 条记录" not in shown


@pytest.mark.parametrize(("total", "quiet"), [(1, False), (4, True)])
def test_progress_says_nothing_for_one_file_or_when_quiet(total: int, quiet: bool) -> None:
    stream = Terminal()
    progress = Progress(total, stream, quiet=quiet)
    progress.start("甲.pdf")
    progress.done("甲.pdf", "3 条记录")
    progress.clear()
    assert stream.getvalue() == ""


def test_the_last_resort_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def breaks(options: object) -> int:
        raise RuntimeError("schema is gone")

    monkeypatch.setattr("extractor.cli.schema.run", breaks)
    assert main(["schema"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert "RuntimeError: schema is gone" in lines[0]


def test_options_and_settings_are_not_both_taken() -> None:
    with pytest.raises(TypeError, match="not both"):
        extract(b"", options=ReadOptions(), config=load_config())


def test_an_unknown_setting_names_the_known_ones_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "my.toml").write_text("[raed]\n")
    with pytest.raises(
        ConfigError, match=r"可用的有 models, read，是否指 read / unknown .*known here: models, read; did you mean read"
    ):
        load_config(tmp_path / "my.toml")
