"""Work without a network, with others on the same document, and after a break: nothing lost, nothing moved, same place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import VIEW
from tests.e2e.reviewer import Reviewer, open_document
from tests.e2e.server import Server
from tests.e2e.test_review_keys import NOTICE, choose, record, state


@pytest.fixture
def notice(server: Server, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    path = tmp_path / "任务分解.txt"
    path.write_text(NOTICE + f"\n附注：{request.node.name}\n", encoding="utf-8")
    id = server.upload(path)
    server.wait(id)
    return id


@pytest.fixture
def reviewer(page: Page, server: Server, notice: str) -> Reviewer:
    return open_document(page, server.url, notice)


def test_offline_work_goes_on_and_is_sent_once(reviewer: Reviewer, server: Server, notice: str) -> None:
    page = reviewer.page
    before = server.records(notice)["seq"]
    page.context.set_offline(True)
    for key in ("a", "a", "x"):
        reviewer.key(key)
    expect(reviewer.status("approved")).to_have_count(2)
    expect(page.locator("#saved")).to_have_text(re.compile("离线.*3"))
    expect(page.locator(".ws-save.offline").first).to_be_attached()
    assert server.records(notice)["seq"] == before
    page.context.set_offline(False)
    reviewer.saved()
    expect(page.locator("#saved")).to_have_text("已保存")
    answer = server.records(notice)
    assert answer["seq"] == before + 3
    assert sorted(each["status"] for each in answer["records"] if each["status"] != "draft") == [
        "approved", "approved", "rejected",
    ]  # fmt: skip


def test_offline_work_survives_a_closed_page(reviewer: Reviewer, server: Server, notice: str) -> None:
    page = reviewer.page
    page.context.set_offline(True)
    reviewer.key("a")
    expect(page.locator("#saved")).to_have_text(re.compile("离线"))
    context = page.context
    page.close()
    context.set_offline(False)
    again = open_document(context.new_page(), server.url, notice)
    again.saved()
    assert [each["status"] for each in server.records(notice)["records"]].count("approved") == 1


@pytest.mark.parametrize(("key", "stands"), [("1", 61), ("2", 72)])
def test_a_conflict_shows_both_values_and_one_key_settles_it(
    browser: Browser, reviewer: Reviewer, server: Server, notice: str, key: str, stands: int
) -> None:
    one = choose(reviewer, server, notice, "供养率")
    # The other browser's change has not arrived when this one writes: its news and reads are held back.
    reviewer.page.route("**/stream", lambda route: route.abort())
    reviewer.page.route("**/records?since*", lambda route: route.abort())
    reviewer.page.reload()
    expect(reviewer.page.locator("html[data-ready]")).to_be_attached()
    other_context = browser.new_context(viewport=VIEW, locale="zh-CN")  # type: ignore[arg-type]
    other = open_document(other_context.new_page(), server.url, notice)
    choose(other, server, notice, "供养率")
    other.key("v")
    other.type("72")
    other.key("Enter")
    other.saved()
    reviewer.key("v")
    reviewer.type("61")
    reviewer.key("Enter")
    dialog = reviewer.page.locator("dialog[open]")
    expect(dialog).to_contain_text("61")
    expect(dialog).to_contain_text("72")
    assert record(server, notice, "供养率")["targets"][0]["value"] == 72
    reviewer.key(key)
    expect(dialog).to_have_count(0)
    expect(reviewer.value("targets/0/value")).to_have_text(str(stands))
    reviewer.saved()
    assert record(server, notice, "供养率")["targets"][0]["value"] == stands
    assert reviewer.record == one["record_id"]
    other_context.close()


def test_what_another_does_appears_and_the_focus_stays(reviewer: Reviewer, server: Server, notice: str) -> None:
    one = choose(reviewer, server, notice, "供养率")
    reviewer.key("Tab")
    place = (reviewer.record, reviewer.field, state(reviewer)["focus"])
    for each in ("危桥", "断头路"):
        other = record(server, notice, each)
        assert server.operate(notice, op="accept", record=other["record_id"], before="draft").status_code == 200
    expect(reviewer.status("approved")).to_have_count(2)
    assert (reviewer.record, reviewer.field, state(reviewer)["focus"]) == place
    assert one["status"] == "draft"


def test_the_page_opens_exactly_where_it_was_left(reviewer: Reviewer, server: Server, notice: str) -> None:
    choose(reviewer, server, notice, "危桥")
    reviewer.key("f")
    reviewer.key("q")
    reviewer.key("Escape")
    reviewer.key("/")
    reviewer.type("道路")
    reviewer.key("Enter")
    reviewer.key("v")
    reviewer.key("Escape")
    rows = reviewer.page.locator(".ws-row").count()
    place = (reviewer.record, reviewer.field)
    with reviewer.page.expect_response(lambda answer: answer.url.endswith("/place") and answer.request.method == "PUT"):
        pass
    reviewer.page.evaluate("() => localStorage.clear()")  # the server's copy alone, as on another machine
    reviewer.page.reload()
    expect(reviewer.page.locator("html[data-ready]")).to_be_attached()
    assert (reviewer.record, reviewer.field) == place
    assert reviewer.page.locator(".ws-row").count() == rows
    assert reviewer.page.locator(".ws-filter").input_value() == "道路"
    expect(reviewer.page.locator(".ws-tools")).to_contain_text("原文序")


def test_nothing_moves_while_records_are_decided(reviewer: Reviewer) -> None:
    reviewer.page.evaluate("""() => {
      window.shifts = [];
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          for (const source of entry.sources) if (source.node?.closest?.("#records, #bar")) window.shifts.push(source.node.className);
        }
      }).observe({ type: "layout-shift", buffered: false });
    }""")
    for key in ("a", "a", "x", "z", "j"):
        reviewer.key(key)
        reviewer.page.wait_for_timeout(120)
    reviewer.saved()
    reviewer.page.wait_for_timeout(200)
    moved = [
        name
        for name in reviewer.page.evaluate("() => window.shifts")
        if "ws-field" not in name and "ws-rows" not in name
    ]
    assert moved == []


def test_a_link_to_a_record_opens_it(reviewer: Reviewer, server: Server, notice: str) -> None:
    last = server.records(notice)["records"][-1]["record_id"]
    page = reviewer.page.context.new_page()
    page.goto(f"{server.url}/documents/{notice}#record={last}")
    expect(page.locator(".ws-row.active")).to_have_attribute("data-id", last)
