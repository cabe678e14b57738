"""The measure of use: inputs, time and remaining errors of a scripted reviewer on four sample documents.

    python tests/benchmarks/reviewer.py [--json] [--write]

From upload to approved export, on the drafts as the extractor makes them and on drafts with planted errors. Seconds
are those of the script, which neither reads nor thinks. ``--write`` puts the table into docs/workspace.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from playwright.sync_api import Browser, sync_playwright

from tests.benchmarks.browser import write
from tests.benchmarks.common import emit, note, say, table
from tests.browser import ARGUMENTS, VIEW
from tests.e2e import planted, use
from tests.e2e.server import Server
from tests.house.left_out import chromium


def runs(browser: Browser, folder: Path) -> Iterator[tuple[str, use.Use]]:
    for suffix in use.SAMPLES:
        for errors in (False, True):
            data = folder / f"{suffix}-{errors}"
            if errors:
                planted.store(data, use.file_of(suffix), planted.plant)
            server = Server(data).start()
            context = browser.new_context(viewport=VIEW, locale="zh-CN")  # type: ignore[arg-type]
            try:
                done = use.review(context.new_page(), server, suffix)
            finally:
                context.close()
                server.stop()
            note(str(done))
            yield ("有植入的错误 / with planted errors" if errors else "提取所得 / as drafted"), done


def rendered(made: list[tuple[str, use.Use]]) -> str:
    head = (
        "文件 / document",
        "记录 / records",
        "错误 / errors",
        "操作 / inputs",
        "每条 / a record",
        "鼠标 / by mouse",
        "脚本秒 / script s",
        "剩余 / left",
    )
    rows = [
        (f"{done.suffix.upper()}，{kind}", len(done.export["records"]), len(done.wrong), done.inputs, f"{done.mean:.2f}", done.clicks,
         f"{done.seconds:.0f}", len(done.left))
        for kind, done in made
    ]  # fmt: skip
    return table(head, rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    parser.add_argument("--write", action="store_true", help="put the table into docs/workspace.md")
    arguments = parser.parse_args()
    path = chromium()
    if path is None:
        say("没有Chromium，未测量 / no Chromium, nothing measured")
        return 2
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        made = list(runs(browser, Path(folder)))
        browser.close()
    text = rendered(made)
    emit(
        {f"{done.suffix} {kind}": {"mean": done.mean, "left": len(done.left)} for kind, done in made},
        text,
        as_json=arguments.json,
    )
    if arguments.write:
        write("reviewer", text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
