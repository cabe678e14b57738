"""The archive's pages in a browser: decisions by mouse, the plot under the real policy, axe, 200 % zoom."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from extractor.store.database import Database, sqlite_url
from tests.archive.aligned import ALL, INDICATORS, SHARE, fill
from tests.archive.observed import BEDS, indicator, observation, place
from tests.e2e import axe
from tests.e2e.server import Server
from tests.e2e.test_pages import ZOOMED

MAIN, ALIKE, _ = (one.id for one in INDICATORS)
MANY = [
    observation(30 + number, year, place(f"云{number}市", "city", "云岭省"), metric="公交准点率", domain="交通运输")
    for number in range(12)
    for year in (2020, 2025)
]
CROWD = indicator(*MANY).id


def of(id: str, more: str = "") -> str:
    return f"/archive/indicators/{id}{more}"


PAGES = ("/archive", of(MAIN), of(CROWD, "?place=云3市"), "/archive/conflicts")


@pytest.fixture
def filled(own_server: Callable[..., Server]) -> Server:
    server = own_server()
    database = Database(sqlite_url(server.data))
    fill(database, [*ALL, *MANY], [*INDICATORS, indicator(*MANY)])
    database.close()
    return server


def test_axe_finds_nothing_serious_and_nothing_is_cut_off(browser: Browser, filled: Server) -> None:
    for language in ("zh", "en"):
        context = browser.new_context(viewport=ZOOMED, device_scale_factor=2)  # type: ignore[arg-type]
        page = context.new_page()
        for path in PAGES:
            page.goto(f"{filled.url}{path}{'&' if '?' in path else '?'}lang={language}")
            assert axe.problems(page) == [], path
            assert page.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        context.close()


def test_the_plot_is_drawn_where_no_inline_style_may_be(page: Page, filled: Server) -> None:
    page.goto(filled.url + of(MAIN))
    plot = page.get_by_role("img", name=f"{BEDS}：各年目标")
    expect(plot).to_be_visible()
    box = plot.bounding_box()
    assert box is not None
    assert box["width"] > 600
    colours = page.eval_on_selector_all(".plot-step", "(all) => all.map((one) => getComputedStyle(one).stroke)")
    assert len(set(colours)) == len(colours) == 3
    lowest, highest = (page.locator(".plot-point", has_text=f"≥{value}%").bounding_box() for value in (30, 60))
    assert lowest is not None
    assert highest is not None
    assert lowest["y"] > highest["y"]


def test_indicators_are_found_while_one_types(page: Page, filled: Server) -> None:
    page.goto(filled.url + "/archive")
    page.locator("#q").fill("护理型")
    expect(page.locator("#indicators tbody tr")).to_have_count(2)
    page.get_by_label("只看有矛盾的").check()
    expect(page.locator("#indicators tbody tr")).to_have_count(1)
    page.locator("#indicators").get_by_role("link", name=BEDS).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(BEDS)


def test_split_rename_merge_and_undo(page: Page, filled: Server) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(filled.url + of(MAIN))
    for row in (0, 1):
        page.locator("#targets tbody input[type=checkbox]").nth(row).check()
    page.get_by_role("button", name="拆出所选目标").click()
    expect(page.locator("#targets tbody tr")).to_have_count(2)
    page.get_by_label("指标名称").fill("早年的床位占比")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("早年的床位占比")
    page.wait_for_load_state("load")  # the search listens once its script has run
    page.locator("#merge-words").fill("护理型养老")
    page.get_by_role("button", name="与“护理型养老床位比例”合并").click()
    expect(page.locator("#targets tbody tr")).to_have_count(4)
    page.get_by_role("button", name="撤销第3号判定").click()
    expect(page.locator("#targets tbody tr")).to_have_count(2)
    page.get_by_role("button", name="撤销第1号判定").click()
    expect(page.locator("#targets tbody tr")).to_have_count(len(SHARE))
    kept = filled.api.get("/api/archive/decisions").json()["decisions"]
    assert [one["kind"] for one in kept] == ["merge", "split", "merge", "rename", "split"]


def test_a_split_of_nothing_is_told_and_changes_nothing(page: Page, filled: Server) -> None:
    page.goto(filled.url + of(MAIN))
    page.get_by_role("button", name="拆出所选目标").click()
    expect(page.locator("#toast .bad")).to_be_visible()
    expect(page.locator("#targets tbody tr")).to_have_count(len(SHARE))
    assert filled.api.get("/api/archive/decisions").json()["total"] == 0


def test_the_download_is_a_file(page: Page, filled: Server) -> None:
    page.goto(filled.url + of(ALIKE))
    with page.expect_download() as download:
        page.get_by_role("link", name="下载（CSV）").click()
    assert download.value.suggested_filename == "indicator.csv"
