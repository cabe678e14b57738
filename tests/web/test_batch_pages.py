"""How far batches are, and two documents compared, as the browser gets them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from extractor.batch.run import Batch, Order
from extractor.batch.show import Lines
from extractor.workspace.service import Workspace
from tests.batch.samples import config, write_notices
from tests.web.serving import Site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path / "data", started=False)
    yield site
    site.stop()


@pytest.fixture
def client(site: Site) -> httpx.Client:
    return site.client()


@pytest.fixture
def workspace(site: Site) -> Workspace:
    return site.workspace


@pytest.fixture
def batched(workspace, tmp_path):
    """A batch whose output is the workspace's own folder, with one file that can't be read."""
    write_notices(tmp_path / "in", 3)
    (tmp_path / "in" / "<b>空.txt").write_bytes(b"")
    order = Order([str(tmp_path / "in")], workspace.core.folder, config(), executor="inprocess")
    return Batch(order, Lines(sys.stderr, quiet=True)).run()


def test_no_batches_yet(client):
    assert "extractor batch" in client.get("/batches").text
    assert client.get("/api/batches").json() == []
    assert client.get("/batches/none").status_code == 404


def test_a_batch_with_what_failed(client, batched):
    (told,) = client.get("/api/batches").json()
    assert (told["state"], told["counts"]["done"], told["counts"]["failed"]) == ("done", 3, 1)
    assert told["counts"]["failures"] == {"empty": 1}
    assert "已完成" in client.get("/batches").text
    page = client.get(f"/batches/{told['id']}").text
    assert "&lt;b&gt;空.txt" in page and "<b>空.txt" not in page
    assert "every 2s" not in page  # it is done: nothing to renew


def test_progress_of_a_run_that_is_under_way(client, workspace, tmp_path):
    from extractor.store import ledger
    from extractor.store.values import now

    with workspace.database.write() as connection:
        run = ledger.start_run(
            connection, sources=["/archive"], out=str(tmp_path), version="v", parser_version="p", at=now()
        )
        ledger.note_progress(
            connection, run, json.dumps({"at": now(), "seconds": 61, "documents_per_second": 2.5, "eta": 90})
        )
    page = client.get(f"/batches/{run.id}").text
    assert "进行中" in page and "每秒2.5份" in page and "约剩1m30s" in page and "every 2s" in page
    with workspace.database.write() as connection:
        ledger.note_progress(connection, run, '{"at": "2020-01-01T00:00:00.000000Z"}')
    assert "似已中断" in client.get(f"/batches/{run.id}").text


OLD = "溪宁市民政局2023年工作要点\n一、养老服务\n（一）年底前，护理型床位占比达到50%以上。\n（二）新建社区食堂3家。\n"
NEW = "溪宁市民政局2024年工作要点\n一、养老服务\n（一）年底前，护理型床位占比达到55%以上。\n（二）<b>走访</b>率达到100%。\n"


@pytest.fixture(scope="module")
def pair(local: Site) -> dict[str, str]:
    return {
        "old": local.extracted("去年.txt", OLD.encode())["id"],
        "new": local.extracted("今年.txt", NEW.encode())["id"],
    }


def test_two_documents_compared(local, pair):
    client = local.client()
    chosen = client.get("/compare", params={"new": pair["new"]}).text
    assert f'value="{pair["new"]}" selected' in chosen
    page = client.get("/compare/view", params=pair).text
    assert "50" in page and "55" in page and 'href="/compare.css"' in page
    assert "<style" not in page and "<b>走访" not in page and "&lt;b&gt;走访" in page
    assert "raised" in client.get("/compare.css").text
    rows = client.get("/api/compare", params=pair).json()["rows"]
    assert {row["category"] for row in rows} >= {"raised", "dropped", "added"}
    assert client.get("/api/compare", params={**pair, "format": "xlsx"}).content[:2] == b"PK"
    assert "<style" in client.get("/api/compare", params={**pair, "format": "html"}).text


@pytest.mark.parametrize("path", ["/compare/view", "/api/compare"])
def test_a_document_that_is_not_there_can_not_be_compared(local, pair, path):
    assert local.client().get(path, params={**pair, "old": "nowhere"}).status_code == 404
