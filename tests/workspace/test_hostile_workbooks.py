"""Workbooks that are sent back to harm: refused by their size before they are read, and read one at a time."""

from __future__ import annotations

import io
import random
import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from extractor.workspace import imports
from extractor.workspace.service import Workspace
from extractor.workspace.xlsx_back import WorkbookRefused, read_back
from tests.workspace.samples import ready


def swollen(data: bytes) -> bytes:
    """The export with 60 MB of rows below it, of numbers that pack no better than honest ones."""
    chance, out = random.Random(1), io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                cell = b"<c><v>%d</v></c>"
                rows = (
                    b"<row>" + b"".join(cell % chance.randrange(10**6) for _ in range(20)) + b"</row>"
                    for _ in range(140_000)
                )
                content = content.replace(b"</sheetData>", b"".join(rows) + b"</sheetData>")
            new.writestr(part, content)
    return out.getvalue()


def test_a_workbook_far_larger_than_any_export_is_not_read(shared: Workspace) -> None:
    id = ready(shared)
    data = swollen(shared.export(id, "xlsx")[0])
    begun = time.monotonic()
    with pytest.raises(WorkbookRefused) as refused:
        shared.import_preview(id, data)
    assert refused.value.code == "too_large"
    assert time.monotonic() - begun < 10


def test_workbooks_are_read_one_at_a_time(shared: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    id = ready(shared)
    data = shared.export(id, "xlsx")[0]
    lock, now, most = threading.Lock(), 0, 0

    def counted(*arguments: Any, **more: Any) -> Any:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.02)
        try:
            return read_back(*arguments, **more)
        finally:
            with lock:
                now -= 1

    monkeypatch.setattr(imports, "read_back", counted)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: shared.import_preview(id, data), range(4)))
    assert all(each["changes"] == [] for each in found)
    assert most == 1
