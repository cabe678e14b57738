from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.samples import HTML, NOTICE


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "工作要点.txt"
    path.parent.mkdir()
    path.write_text(NOTICE, encoding="utf-8")
    return path


@pytest.fixture
def page(notice: Path) -> Path:
    path = notice.with_name("任务表.html")
    path.write_text(HTML, encoding="utf-8")
    return path
