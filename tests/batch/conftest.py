from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the sources count from."""
    folder = tmp_path / "at"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder
