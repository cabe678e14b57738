"""A scripted reviewer goes from upload to approved export on four sample documents; the export scores 100."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.e2e import planted, use
from tests.e2e.gold import gold_of
from tests.e2e.server import Server
from tests.scorer import SCORER, scorer

MEAN_INPUTS = 2.0


@pytest.fixture(scope="module", params=list(use.SAMPLES))
def prepared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, list[str], Server]]:
    """A server over drafts with planted errors: the format, what was planted, the server."""
    folder = tmp_path_factory.mktemp(request.param) / "data"
    names = planted.store(folder, use.file_of(request.param), planted.plant)
    server = Server(folder).start()
    yield request.param, names, server
    server.stop()


def below_100(done: use.Use) -> dict[str, float | None]:
    """The figures of the shared scorer that are not full; skips where it does not lie beside the clone."""
    if not SCORER.is_file():
        pytest.skip("no shared scorer beside this clone")
    tallies, _ = scorer().score(gold_of(use.SAMPLES[done.suffix]), done.export)
    return {name: value for name, value in scorer().figures(tallies).items() if value not in (100, None)}


def say(line: str) -> None:
    """Past pytest's capture: the measure is printed, not only held."""
    sys.__stderr__.write(f"\n{line}\n")


def test_planted_errors_are_corrected_and_the_export_scores_100(
    page: Page, prepared: tuple[str, list[str], Server]
) -> None:
    suffix, names, server = prepared
    done = use.review(page, server, suffix)
    say(f"{len(names)} planted; {done}")
    assert len(done.wrong) >= len(names) >= 8
    assert done.left == []
    assert {record["status"] for record in done.export["records"]} == {"approved"}
    assert below_100(done) == {}


@pytest.mark.parametrize("suffix", use.SAMPLES)
def test_mean_inputs_over_a_whole_document_as_drafted(page: Page, server: Server, suffix: str) -> None:
    done = use.review(page, server, suffix)
    say(f"as drafted; {done}")
    assert done.mean <= MEAN_INPUTS
    assert done.left == []
    assert below_100(done) == {}
