"""The scripts of the list and form pages in a real browser: upload, paste, search, accounts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.house.left_out import need_chromium
from tests.web.serving import NOTICE, PASSWORDS, Site

ROOT = Path(__file__).parents[2]
DROP = """([files, zone]) => {
  const data = new DataTransfer();
  for (const [name, text] of files) data.items.add(new File([text], name, { type: "text/plain" }));
  const at = document.querySelector(zone);
  for (const kind of ["dragenter", "dragover", "drop"])
    at.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


def say(number: int) -> str:
    return f"通知{number}\\n1．年底前办结率达到9{number}%以上。".replace("\\n", "\n")


def test_one_file_chosen_opens_its_page_at_once(page: Page, local: Site, tmp_path: Path) -> None:
    path = tmp_path / "选择.txt"
    path.write_text(say(1), encoding="utf-8")
    page.goto(local.url)
    page.set_input_files("#files", path)
    page.wait_for_url("**/documents/*")
    assert local.api.get(f"/api/documents/{page.url.rsplit('/', 1)[1]}").json()["name"] == "选择.txt"


def test_files_dropped_together_become_a_dossier_and_appear_in_the_queue(page: Page, local: Site) -> None:
    page.goto(local.url)
    page.check("#together")
    page.evaluate(DROP, [[[f"下发件{number}.txt", say(number)] for number in (2, 3, 4)], "#queue"])
    expect(page.locator("#uploads li .done")).to_have_count(3)
    rows = page.locator("#queue tbody tr").filter(has_text="下发件").filter(has=page.locator("a[href^='/?dossier=']"))
    expect(rows).to_have_count(3)
    expect(page.locator("#queue .badge.ok")).not_to_have_count(0, timeout=30_000)  # refreshed by itself
    page.evaluate(DROP, [[["副本.txt", say(2)], ["空.txt", ""]], "#drop"])
    expect(page.locator("#uploads li", has_text="副本.txt")).to_contain_text("已有这份文件")
    expect(page.locator("#uploads li", has_text="空.txt")).to_contain_text("文件是空的")


def test_a_file_above_the_limit_is_refused_before_it_is_sent(page: Page, local: Site) -> None:
    page.goto(local.url)
    page.evaluate("() => { document.getElementById('upload').dataset.max = '10'; }")
    page.evaluate(DROP, [[["大.txt", "十个字节以上的文字"]], "#drop"])
    expect(page.locator("#uploads .failed")).to_contain_text("限制")


def test_pasted_text_becomes_a_document(page: Page, local: Site) -> None:
    page.goto(local.url)
    page.click("#paste-open")
    expect(page.locator("#paste input[name=name]")).to_be_focused()
    page.fill("#paste input[name=name]", "粘贴的通知")
    page.fill("#paste textarea", say(5))
    page.click("#paste button[type=submit]")
    page.wait_for_url("**/documents/*")
    assert "粘贴的通知" in local.api.get(f"/api/documents/{page.url.rsplit('/', 1)[1]}").json()["name"]


def test_the_search_answers_while_one_types_and_keeps_the_focus(page: Page, local: Site, notice: str) -> None:
    page.goto(local.url)
    page.locator("#q").press_sequentially("探访")
    expect(page.locator("#queue mark").first).to_have_text("探访")
    expect(page.locator("#q")).to_be_focused()
    assert "q=%E6%8E%A2%E8%AE%BF" in page.url
    expect(page.locator("#queue .clear")).to_be_visible()
    page.locator("select[name=state]").select_option("failed")
    expect(page.locator("#queue .empty")).to_be_visible()


def test_deletion_asks_first(page: Page, local: Site) -> None:
    made = local.upload("删我.txt", say(6).encode())["id"]
    page.goto(local.url)
    asked: list[str] = []
    answers = iter([False, True])

    def answer(dialog: object) -> None:
        asked.append(dialog.message)  # type: ignore[attr-defined]
        dialog.accept() if next(answers) else dialog.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", answer)
    page.click(f"#delete-{made}")
    assert local.api.get(f"/api/documents/{made}").status_code == 200
    page.click(f"#delete-{made}")
    expect(page.locator(f"#open-{made}")).to_have_count(0)
    assert "删我.txt" in asked[0]
    assert local.api.get(f"/api/documents/{made}").status_code == 404


def test_the_language_is_one_click_away(page: Page, local: Site) -> None:
    page.goto(f"{local.url}/?state=ready")
    page.click("a.language")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert "state=ready" in page.url
    page.goto(f"{local.url}/help")
    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.fixture
def people(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path / "data", started=False)
    yield site
    site.stop()


def log_in(page: Page, name: str, password: str) -> None:
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", password)
    page.click("#login button")


def test_from_the_first_account_to_a_reset_password(page: Page, people: Site) -> None:
    page.goto(f"{people.url}/users")
    form = page.locator("form[data-call='POST /api/users']")
    form.locator("input[name=name]").fill("王管理")
    form.locator("input[name=password]").fill(PASSWORDS["admin"])
    form.locator("button[type=submit]").click()
    page.wait_for_url("**/login?next=%2Fusers")
    log_in(page, "王管理", "wrong password")
    expect(page.locator("[role=alert]")).to_be_visible()
    log_in(page, "王管理", PASSWORDS["admin"])
    page.wait_for_url("**/users")
    form.locator("input[name=name]").fill("张三")
    form.locator("input[name=password]").fill("短")
    form.locator("button[type=submit]").click()  # the browser refuses: too short
    assert len(people.workspace.people.users()) == 1
    form.locator("input[name=password]").fill(PASSWORDS["reviewer"])
    form.locator("button[type=submit]").click()
    row = page.locator("tbody tr", has_text="张三")
    expect(row).to_be_visible()
    row.locator("select[name=role]").select_option("approver")
    row.get_by_role("button", name="保存").click()
    expect(page.locator("#toast")).to_contain_text("已保存")
    row.locator("input[name=password]").fill("张三的 新的口令")
    row.get_by_role("button", name="重置密码").click()
    expect(page.locator("#toast")).to_contain_text("密码已重置")
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/login")
    log_in(page, "张三", "张三的 新的口令")
    page.wait_for_url(f"{people.url}/")
    expect(page.locator(".who")).to_contain_text("批准员")
    page.goto(f"{people.url}/account")
    page.fill("form[data-call='POST /api/tokens'] input", "评分脚本")
    page.click("form[data-call='POST /api/tokens'] button")
    expect(page.locator("#token-new code")).to_contain_text("pie_")
    token = page.locator("#token-new code").inner_text()
    script = people.client(headers={"Authorization": f"Bearer {token}"})
    assert script.get("/api/me").json()["name"] == "张三"


def test_a_reviewer_is_assigned_in_the_queue(page: Page, people: Site) -> None:
    people.add_people()
    made = people.upload("分派.txt", say(7).encode(), people.with_token("admin"))["id"]
    page.goto(people.url)
    log_in(page, "admin", PASSWORDS["admin"])
    page.wait_for_url(f"{people.url}/")
    page.locator(f"#reviewer-{made}").select_option("reviewer")
    expect(page.locator("#toast .ok")).to_be_visible()
    assert people.workspace.document(made).reviewer == "reviewer"
    page.locator(f"#reviewer-{made}").select_option("")
    expect(page.locator("#toast .ok")).to_have_count(2)
    assert people.workspace.document(made).reviewer is None


def test_log_in_over_plain_http_on_a_network_name(browser: Browser, tmp_path: Path) -> None:
    """There browsers send no Sec-Fetch-Site: the Origin alone must tell that the form is ours."""
    site = Site(tmp_path / "data", started=False, names=["review.test"])
    site.add_people()
    other = browser.browser_type.launch(
        executable_path=need_chromium(), args=["--no-sandbox", "--host-resolver-rules=MAP review.test 127.0.0.1"]
    )
    try:
        page = other.new_page()
        asked: list[dict[str, str]] = []
        page.on("request", lambda request: asked.append(request.all_headers()) if request.method == "POST" else None)
        page.goto(f"http://review.test:{site.port}/login")
        log_in(page, "admin", PASSWORDS["admin"])
        page.wait_for_url(f"http://review.test:{site.port}/")
        assert asked
        assert "sec-fetch-site" not in asked[0]
        page.get_by_role("button", name="退出").click()
        page.wait_for_url("**/login")
    finally:
        other.close()
        site.stop()


def test_settings_are_saved_and_a_secret_is_left_alone_where_nothing_is_typed(page: Page, people: Site) -> None:
    people.workspace.put_settings({"webhook_secret": "keep-this-secret"}, "test")
    page.goto(f"{people.url}/settings")
    page.check("input[name=two_person_approval]")
    page.fill("input[name=webhook_url]", "http://127.0.0.1:9/scores")
    page.fill("input[name=retention_days]", "400")
    page.click("form button[type=submit]")
    expect(page.locator("#toast")).to_contain_text("已保存")
    kept = people.workspace.settings()
    assert (kept.two_person_approval, kept.retention_days) == (True, 400)
    assert kept.webhook_secret == "keep-this-secret"
    page.fill("input[name=webhook_url]", "ftp://nowhere")
    page.click("form button[type=submit]")
    expect(page.locator("#toast .bad")).to_be_visible()
    page.fill("input[name=webhook_url]", "")
    page.click("form button[type=submit]")
    expect(page.locator("#toast .ok")).to_have_count(2)
    assert people.workspace.settings().webhook_url is None


def test_a_hostile_document_runs_nothing(page: Page, browser: Browser, local: Site) -> None:
    """The fixtures fail the test where a script of the page errs, or another host is asked."""
    name = '"><img src=//evil.example/x onerror=window.ran=1>.txt'
    made = local.upload(name, NOTICE.replace("民政", "<script>window.ran=1</script>").encode())["id"]
    local.ready(made)
    for path in ("/", "/?q=script", "/audit", f"/documents/{made}", f"/documents/{made}/history"):
        page.goto(local.url + path)
        page.wait_for_timeout(300)
        assert page.evaluate("() => window.ran") is None, path
    assert browser.version


def test_nothing_runs_though_it_were_on_the_page(browser: Browser, local: Site) -> None:
    """The policy holds even where escaping failed."""
    tab = browser.new_page()
    tab.goto(local.url)
    tab.evaluate(
        """() => { const box = document.createElement('div'); box.innerHTML = '<img src=x onerror="window.ran=1">';
        document.body.append(box); const script = document.createElement('script'); script.textContent = 'window.ran=2';
        document.body.append(script); }"""
    )
    tab.wait_for_timeout(300)
    assert tab.evaluate("() => window.ran") is None
    tab.close()
