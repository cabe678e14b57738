"""The measure of use: a scripted reviewer goes from upload to approved export; the export scores 100."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import planted
from tests.e2e.correcting import Correcting
from tests.e2e.gold import compare, gold_of, wrong_fields
from tests.e2e.reviewer import Reviewer
from tests.e2e.server import Server
from tests.extracted import CORPUS
from tests.scorer import SCORER, scorer

SAMPLES = {
    "pdf": "04_education-work-points",
    "docx": "12_housing-renewal-plan",
    "xlsx": "02_health-tiered-table",
    "txt": "10_labor-cover-plan",
}
MEAN_INPUTS = 2.0


def file_of(suffix: str) -> Path:
    (path,) = (CORPUS / suffix).glob(f"{SAMPLES[suffix]}.*")
    return path


@pytest.fixture(scope="module", params=list(SAMPLES))
def prepared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, list[str], Server]]:
    """A server over drafts with planted errors: the format, what was planted, the server."""
    folder = tmp_path_factory.mktemp(request.param) / "data"
    planted_here = planted.store(folder, file_of(request.param), planted.plant)
    server = Server(folder).start()
    yield request.param, planted_here, server
    server.stop()


def upload(page: Page, server: Server, path: Path) -> Reviewer:
    """From the queue page: the file is chosen, the document's page opens by itself."""
    page.goto(f"{server.url}/")
    page.set_input_files("input[type=file]", path)
    page.wait_for_url("**/documents/*")
    expect(page.locator("html[data-ready]")).to_be_attached(timeout=30_000)
    expect(page.locator(".ws-row.active").first).to_be_visible(timeout=30_000)
    reviewer = Reviewer(page)
    reviewer.inputs = 1  # the drop of the file
    return reviewer


def export(reviewer: Reviewer, which: str = "approved") -> dict[str, Any]:
    """Approves the document and takes the JSON."""
    page = reviewer.page
    reviewer.click(".ws-bar .primary")
    reviewer.saved()
    expect(page.locator("#approval")).to_have_class("badge ok")
    reviewer.key("e")
    with page.expect_download() as download:
        reviewer.click(f'#export-menu a[href*="format=json&"][href*="records={which}"]')
    made: dict[str, Any] = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    return made


def remaining(gold: list[dict[str, Any]], made: dict[str, Any]) -> list[str]:
    found = compare(gold, made["records"])
    wrong = [f"{record['text'][:24]}: {one.path}" for record in made["records"] if record["record_id"] in found.pairs
             for one in wrong_fields(found.pairs[record["record_id"]], record)]  # fmt: skip
    return wrong + [f"missed: {one['text'][:24]}" for one in found.missed] + [f"extra: {one}" for one in found.extra]


def review(page: Page, server: Server, suffix: str) -> tuple[Reviewer, dict[str, Any], str]:
    """The whole flow; the reviewer, the export, one line of figures."""
    began = time.monotonic()
    gold = gold_of(SAMPLES[suffix])
    reviewer = upload(page, server, file_of(suffix))
    id = page.url.rsplit("/", 1)[-1]
    server.wait(id)
    work = Correcting(reviewer, server, id, gold["records"])
    work.run()
    inputs = reviewer.inputs
    made = export(reviewer)
    approved = len(made["records"])
    line = (f"{suffix}: {approved} records, {inputs} inputs ({reviewer.keys} keys, {reviewer.clicks} clicks), {inputs / approved:.2f} a record, "
            f"{time.monotonic() - began:.0f} s of the script, {len(remaining(gold['records'], made))} errors left")  # fmt: skip
    return reviewer, made, line


def scores(suffix: str, made: dict[str, Any]) -> dict[str, float | None]:
    if not SCORER.is_file():
        pytest.skip("no shared scorer beside this clone")
    tallies, _ = scorer().score(gold_of(SAMPLES[suffix]), made)
    figures: dict[str, float | None] = scorer().figures(tallies)
    return figures


def test_from_upload_to_approved_export_with_planted_errors(
    page: Page, prepared: tuple[str, list[str], Server]
) -> None:
    suffix, planted_here, server = prepared
    drafts = [entry["record"] for entry in server.records(server.upload(file_of(suffix)))["records"]]
    errors = remaining(gold_of(SAMPLES[suffix])["records"], {"records": drafts})
    assert len(errors) >= len(planted_here) >= 8
    _, made, line = review(page, server, suffix)
    say(f"{len(planted_here)} planted, {len(errors)} wrong fields; {line}")
    assert remaining(gold_of(SAMPLES[suffix])["records"], made) == []
    assert {record["status"] for record in made["records"]} == {"approved"}
    assert {name: value for name, value in scores(suffix, made).items() if value not in (100, None)} == {}


@pytest.mark.parametrize("suffix", SAMPLES)
def test_mean_inputs_over_a_whole_document_as_the_extractor_drafts_it(page: Page, server: Server, suffix: str) -> None:
    reviewer, made, line = review(page, server, suffix)
    say(f"as drafted; {line}")
    assert reviewer.inputs / len(made["records"]) <= MEAN_INPUTS
    assert remaining(gold_of(SAMPLES[suffix])["records"], made) == []


def say(line: str) -> None:
    """Past pytest's capture: the measure is printed, not only held."""
    sys.__stderr__.write(f"\n{line}\n")
