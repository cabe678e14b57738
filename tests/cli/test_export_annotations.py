"""``extractor export-annotations`` as a process, beside a workspace that runs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractor.types.review import AcceptMany, Step
from extractor.workspace.service import Workspace, open_workspace
from tests.workspace.samples import RECORDS, decide, ids, operation_id, ready


def export(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "extractor", "export-annotations", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    workspace = open_workspace(tmp_path / "data")
    workspace.start()
    yield workspace
    workspace.stop()
    workspace.database.close()


def test_what_was_approved_is_written_and_what_was_not_is_told(workspace: Workspace, tmp_path: Path) -> None:
    approved, half = ready(workspace), ready(workspace)
    workspace.perform(half, decide(ids(workspace, half)[0]), "li")
    arguments = ("--data", tmp_path / "data", "-o", tmp_path / "out")
    none = export(*arguments)
    assert (none.returncode, none.stdout, none.stderr.count("\n")) == (1, "", 1)
    assert "--all" in none.stderr
    assert not (tmp_path / "out").exists()

    accept = AcceptMany(op="accept_many", client_op_id=operation_id(), records=tuple(ids(workspace, approved)))
    workspace.perform(approved, accept, "li")
    workspace.perform(approved, Step(op="approve", client_op_id=operation_id()), "zhao")
    done = export(*arguments)
    assert done.returncode == 0
    assert done.stdout == f"{tmp_path}/out/: 1 份文件 / documents, {RECORDS} 条记录 / records, 0 次更正 / corrections\n"
    assert done.stderr.startswith("1 份没有写入")
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "out").rglob("*")} == {0}, "its owner's alone"

    whole = export(*arguments, "--all")
    assert (whole.returncode, whole.stderr) == (0, "")
    lines = (tmp_path / "out" / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["document"] for line in lines] == [approved, half]


@pytest.mark.parametrize(("arguments", "code"), [
    ([], 2), (["-o", ""], 2), (["-o", "out", "--data", "nowhere"], 1),
    (["-o", "out", "--data", "nowhere", "--database", "mysql://x/y"], 1),
])  # fmt: skip
def test_what_can_not_be_done_is_said(tmp_path: Path, arguments: list[str], code: int) -> None:
    command = [sys.executable, "-m", "extractor", "export-annotations", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=tmp_path)
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())
