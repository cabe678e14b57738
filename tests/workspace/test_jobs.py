"""Extraction by real processes: what a document goes through, and what kills, limits and restarts make of it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from extractor import __version__, extract
from extractor.store import documents, drafts
from extractor.workspace.errors import NotReady
from extractor.workspace.notify import Notice
from extractor.workspace.service import Workspace, open_workspace
from tests.workspace.pdf_samples import marked, pages_pdf
from tests.workspace.samples import RECORDS, decide, finished, ids, notice, operation_id, ready, wait

ROOT = Path(__file__).parents[2]


def busy(workspace: Workspace, id: str) -> int:
    """The worker's process id, once it is reading the document."""

    def under_way() -> int | None:
        row = workspace.document(id)
        assert row.state in ("queued", "running"), row
        return workspace.jobs.worker_pid if row.state == "running" and row.done else None

    pid: int = wait(under_way)
    return pid


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


class Listener:
    """Collects a document's notices in an event loop of its own."""

    def __init__(self, workspace: Workspace, id: str | None) -> None:
        self.notices: list[Notice] = []
        self._ready, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._listen(workspace, id)), daemon=True)
        self._thread.start()
        assert self._ready.wait(10)

    async def _listen(self, workspace: Workspace, id: str | None) -> None:
        with workspace.bus.watch(id) as watcher:
            self._ready.set()
            while not self._stop.is_set():
                notice = await watcher.next(0.05)
                if notice is not None:
                    self.notices.append(notice)

    def stop(self) -> list[Notice]:
        time.sleep(0.2)
        self._stop.set()
        self._thread.join(10)
        return self.notices


def test_the_draft_is_what_the_library_extracts(served: Workspace) -> None:
    data = notice()
    id = ready(served, data, "安排.txt")
    expected = extract(data, name="安排.txt")
    with served.database.read() as connection:
        draft = drafts.load(connection, id)
    assert draft is not None
    assert draft.complete
    assert draft.extractor_version == __version__
    assert draft.records == expected.records
    assert (draft.info, draft.unclaimed, draft.issues) == (expected.info, expected.unclaimed, expected.issues)
    row = served.document(id)
    assert (row.records, row.decided, row.format, row.stage, row.error) == (RECORDS, 0, "text", None, None)
    assert (row.title, row.year, row.kind) == (expected.info.title, 2026, "work_points")
    assert served.core.read(row) == expected.document


def test_stages_and_drafts_are_told_as_they_come(shared: Workspace) -> None:
    data = marked(pages_pdf(40), "told")
    listener = Listener(shared, None)
    row, _ = shared.upload("长.pdf", data, "li")
    seen = 0
    while shared.document(row.id).state != "ready":
        found = shared.records(row.id, "li")
        assert found["complete"] or found["info"] is None
        seen = max(seen, 0 if found["complete"] else len(found["records"]))
        time.sleep(0.01)
    notices = [notice for notice in listener.stop() if notice.document_id == row.id]
    assert seen > 0, "no draft was to be seen before all were there"
    stages = list(dict.fromkeys(each.data["stage"] for each in notices if each.kind == "progress"))
    assert stages == ["reading", "outline", "items", "records", "checks"]
    reading = [each.data for each in notices if each.kind == "progress" and each.data["stage"] == "reading"]
    assert any(0 < int(str(each["done"])) <= 40 == each["total"] for each in reading)
    counts = [int(str(each.data["count"])) for each in notices if each.kind == "drafts"]
    assert counts == sorted(counts)
    assert counts[-1] == shared.document(row.id).records
    assert notices[-1].kind == "ready"


def test_pages_are_shown_before_the_extraction_ends(running: Workspace) -> None:
    row, _ = running.upload("长.pdf", pages_pdf(60), "li")
    pages = running.pages(row.id)
    image = running.page_image(row.id, 1, 1.0)
    assert running.document(row.id).state in ("queued", "running")
    assert len(pages) == 60
    assert image.startswith(b"\x89PNG")


def test_a_worker_killed_is_replaced_and_the_document_done(running: Workspace) -> None:
    row, _ = running.upload("长.pdf", pages_pdf(60), "li")
    pid = busy(running, row.id)
    os.kill(pid, signal.SIGKILL)
    assert finished(running, row.id).state == "ready"
    assert running.jobs.worker_pid != pid
    with running.database.read() as connection:
        draft = drafts.load(connection, row.id)
    assert draft is not None
    assert draft.records == extract(pages_pdf(60), name="长.pdf").records


def test_a_document_that_kills_three_workers_is_given_up(running: Workspace) -> None:
    row, _ = running.upload("长.pdf", pages_pdf(60), "li")
    listener = Listener(running, row.id)
    killed = set()
    for _ in range(documents.ATTEMPTS):
        pid = wait(lambda: (found := busy(running, row.id)) not in killed and found)
        killed.add(pid)
        os.kill(pid, signal.SIGKILL)
        wait(lambda pid=pid: running.jobs.worker_pid not in (pid, None))
    failed = finished(running, row.id)
    assert (failed.state, failed.error_code) == ("failed", "crashed")
    assert failed.error
    wait(lambda: any(each.kind == "failed" for each in listener.notices))
    listener.stop()
    other = ready(running)  # the next document does not suffer
    assert running.document(other).records == RECORDS
    running.retry(row.id, "li")
    assert finished(running, row.id).state == "ready"


@pytest.mark.parametrize(("limit", "code"), [({"time_limit": 0.3}, "timeout"), ({"memory_limit_mb": 100}, "memory")])
def test_the_watchdog_ends_what_takes_too_much(running: Workspace, limit: dict[str, float], code: str) -> None:
    running.put_settings(limit, "admin")
    row, _ = running.upload("长.pdf", pages_pdf(60), "li")
    begun = time.monotonic()
    failed = finished(running, row.id)
    assert (failed.state, failed.error_code) == ("failed", code)
    assert " / " in (failed.error or "")
    assert time.monotonic() - begun < 20
    path, name = running.original(row.id)
    assert (path.read_bytes(), name) == (pages_pdf(60), "长.pdf")
    running.put_settings({"time_limit": 600, "memory_limit_mb": 3000}, "admin")
    running.retry(row.id, "li")
    assert finished(running, row.id).state == "ready"


_SERVER = """
import sys, time
from pathlib import Path
from extractor.workspace.service import open_workspace
def main():
    workspace = open_workspace(Path(sys.argv[1]))
    workspace.start()
    done, _ = workspace.upload("短.txt", Path(sys.argv[3]).read_bytes(), "li")
    while workspace.document(done.id).state != "ready":
        time.sleep(0.01)
    row, _ = workspace.upload("长.pdf", Path(sys.argv[2]).read_bytes(), "li")
    while not workspace.document(row.id).done:
        time.sleep(0.01)
    print(row.id, done.id, workspace.jobs.worker_pid, flush=True)
    time.sleep(600)
if __name__ == "__main__":
    main()
"""


def test_a_server_killed_goes_on_after_its_restart(tmp_path: Path) -> None:
    (tmp_path / "long.pdf").write_bytes(pages_pdf(60))
    (tmp_path / "short.txt").write_bytes(notice())
    (tmp_path / "server.py").write_text(_SERVER)
    command = [tmp_path / "server.py", tmp_path / "data", tmp_path / "long.pdf", tmp_path / "short.txt"]
    server = subprocess.Popen(
        [sys.executable, *map(str, command)], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stdout is not None
    long, short, worker = server.stdout.readline().split()
    server.kill()
    server.wait(10)
    wait(lambda: not alive(int(worker)), 10)  # the worker does not outlive its server
    workspace = open_workspace(tmp_path / "data")
    assert workspace.document(long).state == "running"
    begun = time.monotonic()
    workspace.start()
    try:
        assert finished(workspace, long).state == "ready"
        assert time.monotonic() - begun < 20, "waited for the lease of a server that is dead"
        assert workspace.document(short).records == RECORDS
    finally:
        workspace.stop()
        workspace.database.close()


def test_an_orderly_stop_puts_the_document_back(own: Workspace) -> None:
    own.start()
    row, _ = own.upload("长.pdf", pages_pdf(60), "li")
    pid = busy(own, row.id)
    own.stop()
    assert not alive(pid)
    assert own.document(row.id).state == "queued"
    for _ in range(documents.ATTEMPTS + 1):  # an orderly stop counts as no attempt
        again = open_workspace(own.core.folder)
        again.start()
        busy(again, row.id)
        again.stop()
        again.database.close()
    again = open_workspace(own.core.folder)
    again.start()
    assert finished(again, row.id).state == "ready"
    again.stop()
    again.database.close()


def test_a_document_deleted_under_way_is_gone(running: Workspace) -> None:
    row, _ = running.upload("长.pdf", pages_pdf(60), "li")
    busy(running, row.id)
    running.delete(row.id, "li")
    other = ready(running)
    assert running.document(other).records == RECORDS
    assert not list((running.core.folder / "parsed").glob(f"{row.sha256}*"))
    assert not running.core.blobs.path(row.sha256).exists()
    again, created = running.upload("长.pdf", pages_pdf(60), "li")
    assert created
    assert finished(running, again.id).state == "ready"


def test_two_servers_on_one_directory_share_one_worker(own: Workspace) -> None:
    own.start()
    wait(lambda: own.jobs.worker_pid)
    second = open_workspace(own.core.folder)
    second.start()
    time.sleep(0.5)
    assert second.jobs.worker_pid is None
    id = ready(second)
    assert own.document(id).records == RECORDS
    own.stop()
    assert wait(lambda: second.jobs.worker_pid)
    assert second.document(ready(second)).records == RECORDS
    second.stop()
    second.database.close()


def test_a_lost_parsed_file_is_made_anew_without_touching_the_draft(running: Workspace) -> None:
    id = ready(running)
    record = ids(running, id)[0]
    running.perform(id, decide(record), "li")
    row = running.document(id)
    running.core.parsed.delete(row.sha256)
    with pytest.raises(NotReady):
        running.content(id)
    assert len(running.records(id, "li")["records"]) == RECORDS  # the review goes on meanwhile
    assert finished(running, id).state == "ready"
    assert running.content(id)["blocks"]
    found = running.document(id)
    assert (found.decided, found.records, found.seq) == (1, RECORDS, 1)
    assert running.core.read(found).text
    assert running.perform(id, decide(ids(running, id)[1], client_op_id=operation_id()), "li")["seq"] == 2
