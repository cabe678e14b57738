"""How fast the workspace answers, in a real browser on a real server.

    python tests/benchmarks/browser.py [--json] [--keys 200] [--jumps 60] [--write]

On a made PDF of 300 pages and 1,000 records: from a key to the next painted frame, from a click on a record anywhere
to its highlight and to the sharp image of its page, and from an operation to the server's answer (p50 and p95, in
milliseconds); from the end of an upload to the first drafts, for 20 and 300 pages. ``--write`` puts the table into
docs/workspace.md. Chromium must be installed.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from playwright.sync_api import Browser, Page, sync_playwright

from tests.benchmarks.common import ROOT, emit, note, say, table
from tests.browser import ARGUMENTS, VIEW
from tests.e2e import timing
from tests.e2e.long_documents import long_pdf
from tests.e2e.reviewer import Reviewer, open_document
from tests.e2e.server import Server
from tests.house.left_out import chromium

PAGES, RECORDS = 300, 1000
DOC = ROOT / "docs" / "workspace.md"
SCROLL = "(share) => { const list = document.querySelector('#ws-list'); list.scrollTop = share * (list.scrollHeight - list.clientHeight); }"
ROW = """() => {
  const list = document.querySelector("#ws-list").getBoundingClientRect();
  const rows = Array.from(document.querySelectorAll(".ws-row:not(.active)"), (row) => row.getBoundingClientRect());
  const row = rows.find((one) => one.top > list.top + 60 && one.bottom < list.bottom);
  return { x: row.left + row.width / 3, y: (row.top + row.bottom) / 2 };
}"""
Figures = dict[str, Any]


def spread(values: list[float]) -> dict[str, float]:
    return {"p50": timing.percentile(values, 0.5), "p95": timing.percentile(values, 0.95), "n": len(values)}


def uploads(server: Server, folder: Path) -> Figures:
    """Seconds from the server's answer to the upload until the first drafts, and until all."""
    made: Figures = {}
    server.wait(_put(server, folder, 2, 6))  # the worker is warm, as on any day but the first minute
    for pages, records in ((20, 70), (PAGES, RECORDS)):
        began = time.perf_counter()
        id = _put(server, folder, pages, records)
        answered = time.perf_counter()
        first = image = None
        while True:
            if image is None and server.api.get(f"/api/documents/{id}/pages/1.png?scale=1").status_code == 200:
                image = time.perf_counter() - began
            document = server.document(id)
            if first is None and document["records"]:
                first = time.perf_counter() - began
            if document["state"] == "ready":
                break
            time.sleep(0.02)
        assert document["records"] == records, document["records"]
        made[f"upload_{pages}"] = {
            "answered": answered - began, "image": image, "first": first, "all": time.perf_counter() - began, "id": id,
        }  # fmt: skip
    return made


def _put(server: Server, folder: Path, pages: int, records: int) -> str:
    path = folder / f"{pages}.pdf"
    path.write_bytes(long_pdf(pages, records))
    return server.upload(path)


def acknowledgements(reviewer: Reviewer, work: Any) -> list[float]:
    """Milliseconds from each operation's request to the server's answer while ``work`` runs."""
    times: list[float] = []

    def finished(request: Any) -> None:
        if request.method == "POST" and request.url.endswith("/operations"):
            times.append(request.timing["responseEnd"])

    reviewer.page.on("requestfinished", finished)
    work()
    reviewer.saved()
    reviewer.page.remove_listener("requestfinished", finished)
    return times


def keys(reviewer: Reviewer, count: int) -> Figures:
    """Accept, step, look at fields and write, as in a day's work, a key each 60 ms."""
    page = reviewer.page
    timing.watch_keys(page)
    cycle = ["a", "a", "ArrowDown", "Tab", "Tab", "a", "ArrowUp", "a", "c", "Escape", "x", "z"]

    def work() -> None:
        for at in range(count):
            reviewer.key(cycle[at % len(cycle)])
            page.wait_for_timeout(60)

    acks = acknowledgements(reviewer, work)
    return {"key": spread(timing.paints(page)), "ack": spread(acks)}


def jumps(page: Page, count: int, seed: int = 7) -> Figures:
    """Clicks on records anywhere in the list; pages come up that were not seen before, and some that were."""
    lit, sharp = [], []
    chance = random.Random(seed)
    for _ in range(count):
        page.evaluate(SCROLL, chance.random())
        page.wait_for_timeout(80)
        place = page.evaluate(ROW)
        timing.watch_jump(page)
        page.mouse.click(place["x"], place["y"])
        found = timing.jump(page)
        assert found["lit"] is not None, "no highlight within five seconds"
        lit.append(found["lit"])
        sharp.append(found["sharp"] if found["sharp"] is not None else 5000.0)
    return {"lit": spread(lit), "sharp": spread(sharp)}


def opening(browser: Browser, server: Server, id: str) -> tuple[Reviewer, float]:
    page = browser.new_context(viewport=VIEW, locale="zh-CN").new_page()  # type: ignore[arg-type]
    began = time.perf_counter()
    reviewer = open_document(page, server.url, id)
    return reviewer, 1000 * (time.perf_counter() - began)


def measure(count_keys: int, count_jumps: int) -> Figures:
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        server = Server(folder / "data").start()
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        try:
            figures = uploads(server, folder)
            note("uploads measured")
            reviewer, opened = opening(browser, server, figures[f"upload_{PAGES}"].pop("id"))
            figures["open"] = opened
            figures |= jumps(reviewer.page, count_jumps)
            note("jumps measured")
            figures |= keys(reviewer, count_keys)
        finally:
            browser.close()
            server.stop()
    return figures


def rendered(figures: Figures) -> str:
    def ms(name: str) -> tuple[str, str]:
        return f"{figures[name]['p50']:.0f} ms", f"{figures[name]['p95']:.0f} ms"

    def first(pages: int) -> tuple[str, str]:
        return "", f"{figures[f'upload_{pages}']['first']:.1f} s"

    rows = [
        ("按键到画面 / key to paint", *ms("key"), "100 ms"),
        ("跳到证据：高亮 / jump to evidence: highlight", *ms("lit"), "50 ms"),
        ("跳到证据：清晰页面 / jump to evidence: sharp page", *ms("sharp"), "300 ms"),
        ("操作到确认 / operation to acknowledgement", *ms("ack"), "200 ms"),
        ("打开文件页面 / opening the document's page", "", f"{figures['open']:.0f} ms", ""),
        ("上传20页到首批草稿 / upload to first drafts, 20 pages", *first(20), "5 s"),
        (f"上传{PAGES}页到首批草稿 / upload to first drafts, {PAGES} pages", *first(PAGES), "15 s"),
        (
            f"上传{PAGES}页到首页图像 / upload to the first page's image",
            "",
            f"{figures[f'upload_{PAGES}']['image']:.1f} s",
            "1 s",
        ),
        (f"上传{PAGES}页到全部草稿 / upload to all drafts", "", f"{figures[f'upload_{PAGES}']['all']:.1f} s", ""),
    ]
    head = (f"{PAGES}页、{RECORDS}条 / {PAGES} pages, {RECORDS} records", "p50", "p95", "要求 / asked")
    return table(head, rows)


def write(name: str, text: str) -> None:
    """Between the marks of that name in the doc."""
    begin, end = f"<!-- figures:{name} -->", "<!-- /figures -->"
    before, rest = DOC.read_text(encoding="utf-8").split(begin, 1)
    DOC.write_text(f"{before}{begin}\n{text}\n{end}{rest.split(end, 1)[1]}", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    parser.add_argument("--keys", type=int, default=200)
    parser.add_argument("--jumps", type=int, default=60)
    parser.add_argument("--write", action="store_true", help="put the table into docs/workspace.md")
    arguments = parser.parse_args()
    if chromium() is None:
        say("没有Chromium，未测量 / no Chromium, nothing measured")
        return 2
    figures = measure(arguments.keys, arguments.jumps)
    text = rendered(figures)
    emit(figures, text, as_json=arguments.json)
    if arguments.write:
        write("workspace", text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
