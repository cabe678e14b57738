"""What was acknowledged survives kill -9 of server and browser; of two reviewers on one record neither is overwritten."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import ARGUMENTS, VIEW
from tests.e2e.reviewer import Reviewer, open_document
from tests.e2e.server import Server
from tests.e2e.test_measures import NOTICE, go_to, one
from tests.house.left_out import need_chromium


def uploaded(server: Server, folder: Path) -> str:
    path = folder / "通知.txt"
    path.write_text(NOTICE, encoding="utf-8")
    id = server.upload(path)
    server.wait(id)
    return id


def kill_browser(profile: Path) -> None:
    """Every process of the browser that this test started on its own profile."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if str(profile).encode() in (entry / "cmdline").read_bytes():
                    os.kill(int(entry.name), signal.SIGKILL)
            except (OSError, ProcessLookupError):
                continue


def open_browser(browser: Browser, profile: Path) -> BrowserContext:
    return browser.browser_type.launch_persistent_context(
        profile, executable_path=need_chromium(), args=ARGUMENTS, viewport=VIEW, locale="zh-CN"
    )  # type: ignore[arg-type]


def test_an_acknowledged_edit_survives_kill_9_of_server_and_browser(
    browser: Browser, own_server: Callable[..., Server], tmp_path: Path
) -> None:
    server = own_server()
    id = uploaded(server, tmp_path)
    profile = tmp_path / "profile"
    context = open_browser(browser, profile)
    reviewer = open_document(context.pages[0], server.url, id)
    accepted = reviewer.record
    reviewer.key("a")
    go_to(reviewer, server, id, "毛入园率")
    reviewer.key("c")
    reviewer.key("2")
    reviewer.saved()
    server.kill()
    kill_browser(profile)
    server.start()
    assert one(server, id, "毛入园率")["targets"][0]["op"] == "gt"
    status = {entry["record_id"]: entry["status"] for entry in server.records(id)["records"]}
    assert status[str(accepted)] == "approved"
    again = open_browser(browser, tmp_path / "profile-2")
    reviewer = open_document(again.pages[0], server.url, id)
    go_to(reviewer, server, id, "毛入园率")
    expect(reviewer.value("targets/0/op")).to_contain_text("高于")
    again.close()


def test_edits_made_while_the_server_is_away_are_kept_and_sent_once(
    page: Page, own_server: Callable[..., Server], tmp_path: Path
) -> None:
    server = own_server()
    id = uploaded(server, tmp_path)
    reviewer = open_document(page, server.url, id)
    server.kill()
    first = reviewer.record
    reviewer.key("a")
    second = reviewer.record
    reviewer.key("a")
    server.start()
    page.reload()
    reviewer = open_document(page, server.url, id)
    reviewer.saved()
    status = {entry["record_id"]: entry["status"] for entry in server.records(id)["records"]}
    assert (status[str(first)], status[str(second)]) == ("approved", "approved")
    events: list[Any] = server.api.get(f"/api/documents/{id}/history").json()
    events = events["events"] if isinstance(events, dict) else events
    assert [event["op"] for event in events] == ["accept", "accept"]


def test_two_reviewers_on_one_field_see_both_values(
    browser: Browser, own_server: Callable[..., Server], tmp_path: Path
) -> None:
    server = own_server()
    id = uploaded(server, tmp_path)
    contexts = [browser.new_context(viewport=VIEW, locale="zh-CN") for _ in range(2)]
    mine, other = (open_document(context.new_page(), server.url, id) for context in contexts)
    go_to(mine, server, id, "毛入园率")
    contexts[0].set_offline(True)
    write_number(mine, "97")
    go_to(other, server, id, "毛入园率")
    write_number(other, "99")
    other.saved()
    contexts[0].set_offline(False)
    dialog = mine.page.locator("dialog[open]")
    expect(dialog).to_be_visible(timeout=20_000)
    expect(dialog).to_contain_text("97")
    expect(dialog).to_contain_text("99")
    assert one(server, id, "毛入园率")["targets"][0]["value"] == 99
    for context in contexts:
        context.close()


def test_two_reviewers_on_different_fields_both_stand(
    browser: Browser, own_server: Callable[..., Server], tmp_path: Path
) -> None:
    server = own_server()
    id = uploaded(server, tmp_path)
    contexts = [browser.new_context(viewport=VIEW, locale="zh-CN") for _ in range(2)]
    mine, other = (open_document(context.new_page(), server.url, id) for context in contexts)
    for reviewer in (mine, other):
        go_to(reviewer, server, id, "毛入园率")
    write_number(mine, "97")
    other.key("r")
    other.key("1")
    mine.saved()
    other.saved()
    record = one(server, id, "毛入园率")
    assert (record["targets"][0]["value"], record["responsible"][0]["role"]) == (97, "leader")
    expect(mine.value("responsible/0/role")).to_contain_text("领导", timeout=10_000)
    for context in contexts:
        context.close()


def write_number(reviewer: Reviewer, number: str) -> None:
    reviewer.key("v")
    reviewer.type(number)
    reviewer.key("Enter")
    time.sleep(0.1)
