"""The workspace without HTTP: upload to first drafts, page images, operations, parsed documents.

    python tests/benchmarks/workspace.py [--json] [--repeat 30]

One workspace on SQLite with its real worker, warm; times are wall clock. PDFs of 20 and of 300 pages with
1 000 records are made on the spot. The bars: first drafts within 5 s (20 pages) and 15 s (300 pages).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.common import emit, table

BARS = {20: 5.0, 300: 15.0}


def milliseconds(work: Callable[[int], object], repeat: int) -> tuple[float, float]:
    """Median and 95th percentile."""
    taken = []
    for at in range(repeat):
        begun = time.perf_counter()
        work(at)
        taken.append(1000 * (time.perf_counter() - begun))
    return median(taken), quantiles(taken, n=20)[-1]


def uploaded(workspace: Any, pages: int, data: bytes) -> tuple[str, dict[str, float]]:
    """The document's id; seconds to the first page's image, the first drafts, and the end."""
    begun = time.perf_counter()
    row, _ = workspace.upload(f"{pages}.pdf", data, "li")
    workspace.page_image(row.id, 1, 2.0)
    times = {"first page": time.perf_counter() - begun}
    while not (row := workspace.document(row.id)).records:
        time.sleep(0.005)
    times["first drafts"] = time.perf_counter() - begun
    while (row := workspace.document(row.id)).state != "ready":
        time.sleep(0.005)
    return row.id, times | {"ready": time.perf_counter() - begun, "records": row.records}


def operations(workspace: Any, id: str, repeat: int) -> dict[str, tuple[float, float]]:
    """On a document of 1 000 records."""
    from extractor.store.parsed import decode
    from extractor.types.review import Decide, Edit, FieldEdit, Step
    from extractor.workspace.service import Workspace

    shown = workspace.records(id, "li")["records"]

    def accept(at: int) -> Decide:
        record = shown[at]["record"]["record_id"]
        return Decide(op="accept", client_op_id=f"accept-{at:08}", record=record, before="draft")

    def edit(at: int) -> Edit:
        change = FieldEdit(field="notes", before=None, after=f"核对{at}")
        record = shown[at]["record"]["record_id"]
        return Edit(op="edit", client_op_id=f"edit-{at:08}", record=record, changes=(change,))

    def undo(at: int) -> Step:
        return Step(op="undo", client_op_id=f"undo-{at:08}")

    row = workspace.document(id)
    path = workspace.core.parsed.path(row.sha256, row.extractor_version)
    return {
        "perform accept": milliseconds(lambda at: workspace.perform(id, accept(at), "li"), repeat),
        "perform edit": milliseconds(lambda at: workspace.perform(id, edit(at), "li"), repeat),
        "perform undo": milliseconds(lambda at: workspace.perform(id, undo(at), "li"), repeat),
        "preview": milliseconds(lambda at: workspace.preview(id, accept(500 + at), "li"), repeat),
        "all records": milliseconds(lambda _: workspace.records(id, "li"), repeat),
        "records since": milliseconds(lambda _: workspace.records(id, "li", since=3 * repeat - 1), repeat),
        "400 blocks": milliseconds(lambda _: workspace.content(id, 0, 400), repeat),
        "a page's lines": milliseconds(lambda at: workspace.page_text(id, at + 1), repeat),
        "page image x1, not kept": milliseconds(lambda at: workspace.page_image(id, 100 + at, 1.0), repeat),
        "page image x2, not kept": milliseconds(lambda at: workspace.page_image(id, 100 + at, 2.0), repeat),
        "page image x2, kept": milliseconds(lambda at: workspace.page_image(id, 100 + at, 2.0), repeat),
        "parsed document loaded": milliseconds(lambda _: decode(path.read_bytes()), min(repeat, 10)),
        "state after a restart": milliseconds(
            lambda _: Workspace(workspace.core.folder, workspace.database).records(id, "li"), min(repeat, 5)
        ),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--repeat", type=int, default=30)
    options = parser.parse_args()
    from extractor.workspace.service import open_workspace
    from tests.e2e.long_documents import long_pdf

    with tempfile.TemporaryDirectory() as folder:
        workspace = open_workspace(Path(folder))
        workspace.start()
        try:
            uploaded(workspace, 1, long_pdf(1, 3))  # warm
            uploads = {}
            for pages, records in ((20, 66), (300, 1000)):
                id, uploads[pages] = uploaded(workspace, pages, long_pdf(pages, records))
            done = operations(workspace, id, options.repeat)
        finally:
            workspace.stop()
            workspace.database.close()
    first = [
        (f"{pages} 页 / pages", *(f"{times[key]:.2f}" for key in ("first page", "first drafts", "ready")), int(times["records"]), f"≤ {BARS[pages]:g}")
        for pages, times in uploads.items()
    ]  # fmt: skip
    header = (
        "上传 / upload",
        "首页 s / first page",
        "首批草稿 s / first drafts",
        "完成 s / ready",
        "记录 / records",
        "目标 / bar",
    )
    rows = [(name, f"{middle:.1f}", f"{late:.1f}") for name, (middle, late) in done.items()]
    rendered = table(header, first) + "\n\n" + table(("300 页、1 000 条 / pages, records", "ms", "p95"), rows)
    emit({"uploads": uploads, "operations": done}, rendered, as_json=options.json)
    return 0 if all(times["first drafts"] <= BARS[pages] for pages, times in uploads.items()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
