"""The measure of use: the scripted reviewer's way from upload to approved export, and its figures."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.correcting import Correcting
from tests.e2e.gold import Record, compare, gold_of, wrong_fields
from tests.e2e.reviewer import Reviewer
from tests.e2e.server import Server
from tests.extracted import CORPUS

SAMPLES = {
    "pdf": "04_education-work-points",
    "docx": "12_housing-renewal-plan",
    "xlsx": "02_health-tiered-table",
    "txt": "10_labor-cover-plan",
}


@dataclass(frozen=True)
class Use:
    """``wrong``: fields and records that were wrong at first; ``left``: those at the end; ``seconds`` are the script's."""

    suffix: str
    wrong: list[str]
    left: list[str]
    inputs: int
    keys: int
    clicks: int
    seconds: float
    export: dict[str, Any]

    @property
    def mean(self) -> float:
        """Inputs for each approved record, upload, approval and export counted in."""
        return self.inputs / len(self.export["records"])

    def __str__(self) -> str:
        return (
            f"{self.suffix}: {len(self.export['records'])} records, {len(self.wrong)} errors; {self.inputs} inputs ({self.keys} keys, "
            f"{self.clicks} clicks), {self.mean:.2f} a record, {self.seconds:.0f} s of the script, {len(self.left)} errors left"
        )


def file_of(suffix: str) -> Path:
    (path,) = (CORPUS / suffix).glob(f"{SAMPLES[suffix]}.*")
    return path


def errors(gold: Sequence[Record], records: Sequence[Record]) -> list[str]:
    """Fields that differ from the gold, records missed and records too many."""
    found = compare(gold, records)
    wrong = [
        f"{record['text'][:24]}: {one.path}"
        for record in records
        if record["record_id"] in found.pairs
        for one in wrong_fields(found.pairs[record["record_id"]], record)
    ]
    return wrong + [f"missed: {one['text'][:24]}" for one in found.missed] + [f"extra: {one}" for one in found.extra]


def upload(page: Page, server: Server, path: Path) -> Reviewer:
    """From the queue page: the file is chosen, the document's page opens by itself."""
    page.goto(f"{server.url}/")
    reviewer = Reviewer(page)
    reviewer.drop("input[type=file]", path)
    page.wait_for_url("**/documents/*")
    expect(page.locator("html[data-ready]")).to_be_attached(timeout=30_000)
    expect(page.locator(".ws-row.active").first).to_be_visible(timeout=30_000)
    return reviewer


def export(reviewer: Reviewer) -> dict[str, Any]:
    """Approves the document and takes the JSON of its approved records."""
    page = reviewer.page
    reviewer.click(".ws-bar .primary")
    reviewer.saved()
    expect(page.locator("#approval.ok")).to_be_visible()
    reviewer.key("e")
    with page.expect_download() as download:
        reviewer.click('#export-menu a[href*="format=json&"][href*="records=approved"]')
    made: dict[str, Any] = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    return made


def review(page: Page, server: Server, suffix: str) -> Use:
    """The whole flow on one sample document."""
    began = time.monotonic()
    gold = gold_of(SAMPLES[suffix])["records"]
    reviewer = upload(page, server, file_of(suffix))
    id = page.url.rsplit("/", 1)[-1]
    server.wait(id)
    drafts = list(server.records(id)["records"])
    Correcting(reviewer, server, id, gold).run()
    made = export(reviewer)
    return Use(
        suffix=suffix, wrong=errors(gold, drafts), left=errors(gold, made["records"]), inputs=reviewer.inputs,
        keys=reviewer.keys, clicks=reviewer.clicks, seconds=time.monotonic() - began, export=made,
    )  # fmt: skip
