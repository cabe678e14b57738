"""Settings, retention and the bus."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from extractor.store import events
from extractor.workspace.errors import NotFound, SettingRefused
from extractor.workspace.notify import Bus
from extractor.workspace.retention import delete_expired
from extractor.workspace.service import Workspace, open_workspace
from tests.workspace.samples import notice


def test_settings_are_kept_and_audited_without_secrets(own: Workspace) -> None:
    assert own.settings().max_upload_mb == 100
    assert own.settings().max_pages == 3000
    own.put_settings({"webhook_url": "https://scoring.example/in", "webhook_secret": "sehr geheim"}, "admin")
    own.put_settings({"retention_days": 30}, "admin")
    own.put_settings({"retention_days": 30}, "admin")  # nothing changes: no line
    again = open_workspace(own.core.folder)
    assert again.settings().webhook_secret == "sehr geheim"
    assert again.settings().retention_days == 30
    assert again.settings().shown()["webhook_secret"] is True
    again.database.close()
    rows, total = own.audit(action="settings")
    assert total == 2
    assert rows[0].detail == {"retention_days": {"before": None, "after": 30}}
    assert "geheim" not in repr(rows)


@pytest.mark.parametrize(
    "values",
    [
        {"max_pages": 0},
        {"max_pages": "many"},
        {"webhook_url": "javascript:alert(1)"},
        {"webhook_url": "file:///etc/passwd"},
        {"webhook_secret": "short"},
        {"retention_days": -1},
        {"time_limit": 0},
        {"unknown": 1},
        {"max_upload_mb": None},
    ],
)
def test_what_is_no_setting_is_refused(own: Workspace, values: dict[str, object]) -> None:
    before = own.settings()
    with pytest.raises(SettingRefused) as told:
        own.put_settings({"two_person_approval": True, **values}, "admin")
    assert " / " in str(told.value)
    assert own.settings() == before


def test_retention_deletes_what_is_old_and_nothing_else(own: Workspace) -> None:
    from sqlalchemy import text

    old, _ = own.upload("旧.txt", notice(), "li")
    new, _ = own.upload("新.txt", notice(), "li")
    with own.database.write() as connection:
        connection.execute(
            text("UPDATE documents SET updated_at = '2020-01-01T00:00:00.000000Z' WHERE id = :id"), {"id": old.id}
        )
    assert delete_expired(own.core, own.delete) == 0  # by default all is kept
    own.put_settings({"retention_days": 365}, "admin")
    assert delete_expired(own.core, own.delete) == 1
    with pytest.raises(NotFound):
        own.document(old.id)
    assert own.document(new.id).name == "新.txt"
    with own.database.read() as connection:
        rows, _ = events.audit_page(connection, action="delete")
    assert [row.actor for row in rows] == ["retention"]


def test_watchers_hear_of_their_document_only_and_slow_ones_lose_the_oldest() -> None:
    async def main() -> None:
        bus = Bus()
        with bus.watch("a") as mine, bus.watch("b") as other, bus.watch() as all_:
            await asyncio.to_thread(bus.tell, "a", "changed", seq=1, actor="li")
            notice_ = await mine.next(5)
            assert notice_ is not None
            assert (notice_.kind, notice_.data) == ("changed", {"seq": 1, "actor": "li"})
            assert await other.next(0.05) is None
            assert await all_.next(5) == notice_
            for number in range(300):
                bus.tell("a", "drafts", count=number)
            await asyncio.sleep(0.05)
            first = await mine.next(1)
            assert first is not None
            assert first.data["count"] == 300 - 256
        bus.tell("a", "changed", seq=2)  # nobody listens any more
        assert await mine.next(0.01) is not None  # what was waiting
        assert not bus._watchers

    # In a thread: where the browser's tests ran before, this one has a loop of theirs.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, main()).result()
