"""Pictures of the pages for the docs: ``make screenshots`` writes ``docs/images/*.png``.

Small on purpose: colours are reduced to a palette of 128, which halves a page's picture and can't be seen.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser import ARGUMENTS
from tests.e2e.reviewer import open_document
from tests.e2e.server import Server
from tests.extracted import CORPUS
from tests.house.left_out import chromium

FOLDER = Path(__file__).parents[2] / "docs" / "images"
FILES = (
    "pdf/04_education-work-points.pdf",
    "docx/12_housing-renewal-plan.docx",
    "xlsx/02_health-tiered-table.xlsx",
    "txt/10_labor-cover-plan.txt",
)
SIZE = {"width": 1280, "height": 800}


def keep(page: Page, name: str) -> None:
    page.wait_for_timeout(400)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(128, dither=Image.Dither.NONE)
    picture.save(FOLDER / f"{name}.png", optimize=True)
    sys.stdout.write(f"{name}.png {(FOLDER / f'{name}.png').stat().st_size // 1024} kB\n")


def workspaces(page: Page, server: Server, ids: list[str]) -> None:
    reviewer = open_document(page, server.url, ids[0])
    expect(page.locator("#pane img").first).to_be_visible()
    for _ in range(7):
        reviewer.key("a")
    reviewer.key("Tab")
    keep(page, "workspace-pdf")
    reviewer.key("Escape")
    reviewer.key("c")
    keep(page, "workspace-vocabulary")
    reviewer.key("Escape")
    reviewer.key("?")
    keep(page, "workspace-keys")
    reviewer.key("Escape")
    reviewer.key("b")
    keep(page, "workspace-bulk")
    for id, name in ((ids[1], "workspace-docx"), (ids[2], "workspace-xlsx")):
        reviewer = open_document(page, server.url, id)
        for _ in range(9):
            reviewer.key("a")
        reviewer.saved()
        keep(page, name)


def main() -> int:
    path = chromium()
    if path is None:
        sys.stderr.write("没有Chromium / no Chromium\n")
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder) / "data").start()
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            ids = [server.upload(CORPUS / name) for name in FILES]
            for id in ids:
                server.wait(id)
            page = browser.new_context(viewport=SIZE, locale="zh-CN").new_page()  # type: ignore[arg-type]
            workspaces(page, server, ids)
            for name in ("help", "settings", "audit"):
                page.goto(f"{server.url}/{name}")
                keep(page, name)
            page.goto(f"{server.url}/")
            keep(page, "queue")
            page.goto(f"{server.url}/documents/{ids[0]}/history")
            keep(page, "history")
        finally:
            browser.close()
            server.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
