"""Each page for everybody: axe, the keyboard alone, 200 % zoom, no other host, no error of a script."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import axe
from tests.e2e.reviewer import open_document
from tests.e2e.server import Server
from tests.extracted import CORPUS

SAMPLES = {
    "pages": CORPUS / "pdf" / "03_emergency-target-notice.pdf",
    "blocks": CORPUS / "docx" / "08_business-bracket-tasks.docx",
    "grid": CORPUS / "xlsx" / "11_division-table.xlsx",
}
LISTS = ("/", "/help", "/settings", "/audit", "/users", "/account", "/?q=社区")
ZOOMED = {"width": 720, "height": 450}  # a screen of 1440 × 900 at 200 %


@pytest.fixture(scope="module")
def documents(server: Server) -> dict[str, str]:
    ids = {view: server.upload(path) for view, path in SAMPLES.items()}
    for id in ids.values():
        server.wait(id)
    return ids


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.usefixtures("documents")
def test_axe_finds_nothing_serious_on_lists(browser: Browser, server: Server, path: str, language: str) -> None:
    context = browser.new_context(locale=language)
    page = context.new_page()
    answer = page.goto(server.url + path)
    assert answer is not None
    assert answer.ok
    assert axe.problems(page) == []
    context.close()


def test_axe_finds_nothing_serious_on_an_error(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/documents/{'0' * 20}")
    assert axe.problems(page) == []


@pytest.mark.parametrize("view", SAMPLES)
def test_axe_finds_nothing_serious_in_the_workspace(
    page: Page, server: Server, documents: dict[str, str], view: str
) -> None:
    reviewer = open_document(page, server.url, documents[view])
    assert server.document(documents[view])["view"] == view
    expect(page.locator("#pane :is(img, .ws-chunk, table):visible").first).to_be_visible()
    assert axe.problems(page) == []
    reviewer.key("Tab")
    reviewer.key("Enter")
    assert axe.problems(page) == []


@pytest.mark.parametrize("key", ["?", "b", "u", "e"], ids=["help", "bulk", "picker", "export"])
def test_axe_finds_nothing_serious_in_what_opens(
    page: Page, server: Server, documents: dict[str, str], key: str
) -> None:
    reviewer = open_document(page, server.url, documents["pages"])
    reviewer.key(key)
    expect(page.locator("dialog[open], .ws-picker, #export-menu[open]").first).to_be_visible()
    page.wait_for_timeout(200)
    assert axe.problems(page) == []


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.usefixtures("documents")
def test_lists_at_200_percent(browser: Browser, server: Server, path: str) -> None:
    context = browser.new_context(viewport=ZOOMED, device_scale_factor=2, locale="zh-CN")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(server.url + path)
    assert page.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    context.close()


@pytest.mark.parametrize("view", SAMPLES)
def test_the_workspace_at_200_percent(browser: Browser, server: Server, documents: dict[str, str], view: str) -> None:
    """Nothing is cut off sideways; document, list, form and the bar can all be seen and used."""
    context = browser.new_context(viewport=ZOOMED, device_scale_factor=2, locale="zh-CN")  # type: ignore[arg-type]
    page = context.new_page()
    reviewer = open_document(page, server.url, documents[view])
    assert page.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    for part in ("#pane", "#ws-list", ".ws-form", ".ws-bar"):
        page.locator(part).scroll_into_view_if_needed()
        box = page.locator(part).bounding_box()
        assert box is not None, part
        assert box["x"] >= 0, part
        assert box["x"] + box["width"] <= ZOOMED["width"] + 1, part
        assert box["width"] >= 100, part
        assert box["height"] >= 28, part
    first = reviewer.record
    reviewer.key("a")
    reviewer.saved()
    assert reviewer.record != first
    reviewer.key("z")
    reviewer.saved()
    context.close()


def focused(page: Page, selector: str) -> bool:
    return bool(
        page.evaluate(
            "(selector) => Boolean(document.activeElement && document.activeElement.matches(selector))", selector
        )
    )


def tab_to(page: Page, selector: str, most: int = 60) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if focused(page, selector):
            return
    raise AssertionError(f"Tab does not reach {selector}")


def test_the_whole_flow_by_keyboard(page: Page, own_server: Callable[..., Server], tmp_path: Path) -> None:
    """From the queue over text pasted to the approved export without a mouse."""
    server = own_server()
    page.goto(server.url + "/")
    tab_to(page, "a[href*='/documents/'], summary, button, textarea, input[type=file]")
    path = tmp_path / "通知.txt"
    path.write_text(
        "2025年度重点工作\n一、教育\n（一）12月底前，新建幼儿园12所。\n（二）毛入园率达到98%以上。\n", encoding="utf-8"
    )
    id = server.upload(path)
    server.wait(id)
    page.reload()
    tab_to(page, f"a[href$='/documents/{id}']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/documents/{id}")
    expect(page.locator("html[data-ready]")).to_be_attached()
    expect(page.locator(".ws-row.active").first).to_be_visible()
    reviewer = open_document(page, server.url, id)
    reviewer.key("Tab")
    assert reviewer.field
    reviewer.key("Escape")
    while page.locator(".ws-row.draft").count():
        reviewer.key("a")
    reviewer.saved()
    for _ in range(6):
        page.keyboard.press("F6")
        if focused(page, ".ws-bar *"):
            break
    assert focused(page, ".ws-bar *")
    for _ in range(8):
        if focused(page, ".ws-bar .primary"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#approval.ok")).to_be_visible()
    assert server.document(id)["approval"] == "approved"
    page.keyboard.press("e")
    with page.expect_download() as download:
        tab_to(page, "#export-menu a[href*='format=json&']")
        page.keyboard.press("Enter")
    assert '"schema_version"' in Path(download.value.path()).read_text(encoding="utf-8")
    assert reviewer.clicks == 0
