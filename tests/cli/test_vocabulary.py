"""``extractor vocabulary`` as a process, beside a workspace that runs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractor.types.review import AcceptMany, Step
from extractor.workspace.service import Workspace, open_workspace
from tests.workspace.samples import PARKING, edit, ids, operation_id, ready


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = open_workspace(tmp_path_factory.mktemp("cli") / "data")
    workspace.start()
    yield workspace
    workspace.stop()
    workspace.database.close()


def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "extractor", "vocabulary", *arguments, "--data", str(folder)]
    made = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return made.returncode, made.stdout, made.stderr


def test_list_undo_and_learn(workspace: Workspace) -> None:
    folder = workspace.core.folder
    path = folder / "vocabulary.toml"
    assert run(folder, "list")[1].startswith("词汇表还是空的")
    id = ready(workspace)
    names = ids(workspace, id)
    workspace.perform(id, edit(names[PARKING], "responsible/1/name", "市住建局", "市住房和城乡建设局"), "li")
    workspace.perform(id, AcceptMany(op="accept_many", client_op_id=operation_id(), records=tuple(names)), "li")
    workspace.perform(id, Step(op="approve", client_op_id=operation_id()), "li")
    code, out, _ = run(folder, "list")
    assert code == 0
    assert "住建局 = 住房和城乡建设局  1次 / times, 1份 / documents" in out
    assert "市交通局  2次" in out
    assert out.rstrip().endswith(str(path))
    code, out, _ = run(folder, "undo", "住建局")
    assert (code, out.splitlines()[0]) == (0, "- 简称 / short names: 住建局")
    code, out, _ = run(folder, "list")
    assert "不学 / ignored\n  住建局" in out
    assert workspace.vocabulary.load().aliases == {}
    text = path.read_text(encoding="utf-8").replace('"市交通局"', '"市交通运输局" = true\n"市交通局"', 1)
    path.write_text(text, encoding="utf-8")
    code, out, _ = run(folder, "learn")
    assert (code, out.splitlines()[0]) == (0, "没有变化 / nothing has changed")
    assert "市交通运输局  手写 / by hand" in run(folder, "list")[1]


def test_what_goes_wrong_is_told_on_one_line(workspace: Workspace, tmp_path: Path) -> None:
    code, out, error = run(workspace.core.folder, "undo", "没有的局")
    assert (code, out, error.count("\n")) == (1, "", 1)
    assert "没有“没有的局”" in error
    code, _, error = run(tmp_path, "list")
    assert (code, error.count("\n")) == (1, 1)
    path = workspace.core.folder / "vocabulary.toml"
    kept = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text("[units]\n甲局 = true\n", encoding="utf-8")
    code, _, error = run(workspace.core.folder, "learn")
    path.write_text(kept, encoding="utf-8")
    assert (code, error.count("\n")) == (2, 1)
    assert "vocabulary.toml 第2行" in error
