"""The rules of the house that no other tool holds: sizes, pinned versions, what is in the package."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.size_gate import FUNCTION_LINES, MODULE_LINES, main, oversized

ROOT = Path(__file__).parents[2]
# Lexicons, schema, words; pages, styles, scripts and pictures of the workspace; templates of migrations.
PACKAGED = (".toml", ".json", ".txt", ".typed", ".html", ".css", ".js", ".svg", ".mako", ".ini")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_size_gate_finds_what_is_too_long(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body = "    x = 1\n" * FUNCTION_LINES
    (tmp_path / "long.py").write_text(f"def f():\n{body}" + "\n" * MODULE_LINES)
    (tmp_path / "fine.py").write_text("async def f():\n" + "    x = 1\n" * (FUNCTION_LINES - 1))
    assert len(list(oversized(tmp_path / "long.py"))) == 2
    assert not list(oversized(tmp_path / "fine.py"))
    assert main([str(tmp_path)]) == 1
    assert "f has 61 lines" in capsys.readouterr().err


def test_no_module_or_function_is_too_long() -> None:
    assert main([str(ROOT / "extractor")]) == 0


def test_constraints_hold_versions_and_hashes_and_no_addresses() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        assert re.fullmatch(r"(#.*)?|[a-z0-9][a-z0-9.-]*==[\w.!+]+ \\|    --hash=sha256:[0-9a-f]{64}( \\)?", line), line
    pinned = {line.split("==")[0] for line in lines if "==" in line}
    wanted = PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["dev"]
    assert {re.split(r"[\[><=]", need)[0] for need in wanted} <= pinned


def test_every_dependency_has_a_lower_bound() -> None:
    for need in PROJECT["project"]["dependencies"]:
        assert ">=" in need


def test_version_is_told_once() -> None:
    from extractor import __version__

    assert PROJECT["project"]["version"] == __version__
    assert f"## [{__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_goldens_are_compared_not_rewritten() -> None:
    assert "UPDATE_GOLDEN" not in os.environ


def test_ci_runs_the_checks() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "make check" in script.read_text()
    assert "CI=true" in script.read_text()
    assert subprocess.run(["bash", "-n", str(script)]).returncode == 0


def test_schema_agrees_with_the_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from extractor.records import contract

    assert contract.main(["--check"]) == 0
    monkeypatch.setattr(contract, "SCHEMA_FILE", tmp_path / "schema.json")
    assert contract.main(["--check"]) == 1
    assert contract.main([]) == 0
    assert contract.main(["--check"]) == 0


def test_wheel_holds_lexicons_schema_and_types(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    import zipfile

    names = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    data = {path.relative_to(ROOT).as_posix() for path in (ROOT / "extractor").rglob("*")
            if path.suffix in PACKAGED}  # fmt: skip
    assert {"extractor/records/schema.json", "extractor/default_config.toml", "extractor/py.typed"} <= data <= names
