"""The pages: whole, in both languages, without inline script or style, and safe with hostile names and texts."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from extractor.web.app import STATIC
from tests.web.serving import NOTICE, Site

NAME = '"><img src=x onerror=alert(3)>{{6*7}}.txt'
HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(2)>'{{7*7}}</script>"
PAGES = ("/", "/help", "/account", "/users", "/settings", "/audit", "/nowhere", "/?q=养老", "/?state=ready&sort=name")
OF_DOCUMENT = ("", "/history", "/diff")


class Page(HTMLParser):
    """What could run or load: every script, style, handler and address; ids and the text besides."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.labelled: list[str] = []
        self.data: dict[str, str] = {}
        self.text = ""
        self._open: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in found and found.get("type") != "application/json"):
            self.wrong.append(f"inline {tag}")
        for name, value in attrs:
            if name == "style" or name.startswith(("on", "hx-on")) or "javascript:" in (value or ""):
                self.wrong.append(f"{tag} {name}={value}")
            if name in {"src", "href", "action", "hx-get", "hx-post", "poster", "data"}:
                self.addresses.append(value or "")
        if found.get("id"):
            self.ids.append(str(found["id"]))
        self._open.append((tag, found))

    def handle_data(self, data: str) -> None:
        tag, found = self._open[-1] if self._open else ("", {})
        if tag == "script":
            self.data[str(found.get("id"))] = self.data.get(str(found.get("id")), "") + data
        else:
            self.text += data


def page(site: Site, path: str) -> Page:
    answer = site.api.get(path)
    assert answer.headers["content-type"] == "text/html; charset=utf-8", path
    return Page(answer.text)


def check(found: Page) -> None:
    assert found.wrong == []
    assert [address for address in found.addresses if re.match(r"(?i)([a-z]+:)?//|data:", address)] == []
    assert len(found.ids) == len(set(found.ids))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_nothing_inline_and_nothing_from_elsewhere(
    local: Site, notice: str, path: str, language: str
) -> None:
    found = page(local, path + ("&" if "?" in path else "?") + f"lang={language}")
    check(found)


def test_the_english_pages_are_english(own: Site) -> None:
    admin = own.with_session("admin")
    made = own.upload("plan.txt", b"1. Reach 95 % by June.", admin)["id"]
    for path in (*PAGES, "/login", *(f"/documents/{made}{part}" for part in OF_DOCUMENT)):
        text = Page(admin.get(path, params={"lang": "en"}, follow_redirects=True).text).text
        assert re.findall(r"[\u4e00-\u9fff]+", text.replace("中文", "").replace("标", "")) == [], path


@pytest.mark.parametrize("path", OF_DOCUMENT)
def test_a_page_of_a_document_has_nothing_inline(local: Site, notice: str, path: str) -> None:
    check(page(local, f"/documents/{notice}{path}"))


def test_the_log_in_page_has_nothing_inline(guarded: Site) -> None:
    check(page(guarded, "/login?next=/users"))


def test_every_local_file_that_a_page_loads_is_there(local: Site, notice: str) -> None:
    for path in ("/", f"/documents/{notice}"):
        for address in page(local, path).addresses:
            if address.startswith("/static/"):
                assert (STATIC / address.removeprefix("/static/")).is_file(), address


def test_the_workspace_page_carries_the_document_and_the_words(local: Site, notice: str) -> None:
    found = page(local, f"/documents/{notice}")
    assert json.loads(found.data["document"]) == local.api.get(f"/api/documents/{notice}").json()
    assert json.loads(found.data["messages"])["ws.page.done"] == "已完成"
    assert {"workspace", "pane", "records", "splitter", "export-menu"} <= set(found.ids)


@pytest.fixture(scope="module")
def hostile(local: Site) -> str:
    """A document whose name, title and words would run if anything read them as markup."""
    text = NOTICE.replace("云湖市", HOSTILE).replace("市民政局", HOSTILE)
    answer = local.api.post("/api/documents/text", json={"name": NAME, "text": text})
    assert answer.status_code == 201, answer.text
    made = str(answer.json()["id"])
    ended = local.ready(made)
    assert ended["state"] == "ready", ended
    record = local.api.get(f"/api/documents/{made}/records").json()["records"][0]
    edit = {
        "op": "edit", "client_op_id": "hostile-edit-1", "record": record["record_id"],
        "changes": [{"field": "notes", "before": record["notes"], "after": HOSTILE}],
    }  # fmt: skip
    assert local.api.post(f"/api/documents/{made}/operations", json=edit).status_code == 200
    return made


def test_hostile_names_and_texts_stay_text(local: Site, hostile: str) -> None:
    for path in (
        "/",
        f"/?q={HOSTILE[2:10]}",
        "/?q=alert",
        f"/?reviewer={HOSTILE}",
        "/audit",
        f"/audit?actor={HOSTILE}",
        "/help",
    ):
        check(page(local, path))
    for path in OF_DOCUMENT:
        found = page(local, f"/documents/{hostile}{path}")
        check(found)
    assert "<script>alert" not in local.api.get(f"/documents/{hostile}/history").text
    assert "alert(1)" in page(local, f"/documents/{hostile}/history").text
    assert "{{7*7}}" in page(local, f"/documents/{hostile}/history").text
    assert NAME in page(local, "/audit").text


def test_a_refusal_repeats_nothing_of_the_request_as_markup(local: Site) -> None:
    for path in ("/documents/<script>alert(1)</script>", "/<script>alert(1)</script>", "/login?next=<script>"):
        assert "<script>alert" not in local.api.get(path, follow_redirects=True).text


def test_json_in_a_page_can_not_end_its_script(local: Site, hostile: str) -> None:
    html = local.api.get(f"/documents/{hostile}").text
    assert json.loads(Page(html).data["document"])["name"] == NAME
    assert html.count("</script>") == html.count("<script")


def test_downloads_are_attachments_that_no_browser_interprets(local: Site, hostile: str) -> None:
    for what in ("export?format=json", "export?format=csv", "export?format=xlsx", "export?format=units", "original"):
        answer = local.api.get(f"/api/documents/{hostile}/{what}")
        assert answer.status_code == 200, answer.text
        disposition = answer.headers["content-disposition"]
        assert re.fullmatch(r"attachment; filename=\"[\w.\-]+\"; filename\*=UTF-8''[\w.%\-~]+", disposition), (
            disposition
        )
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "html" not in answer.headers["content-type"]


def test_a_chinese_name_comes_back_whole(local: Site, notice: str) -> None:
    disposition = local.api.get(f"/api/documents/{notice}/original").headers["content-disposition"]
    assert disposition.endswith("filename*=UTF-8''%E8%A6%81%E7%82%B9.txt")


def test_the_language_is_kept_in_a_cookie(local: Site) -> None:
    client = local.client()
    assert '<html lang="zh-CN">' in client.get("/help").text
    assert '<html lang="en">' in client.get("/help?lang=en").text
    assert '<html lang="en">' in client.get("/help").text
    assert '<html lang="en">' in client.get("/help?lang=xx").text
    assert '<html lang="zh-CN">' in client.get("/help?lang=zh").text


def test_the_queue_finds_two_and_one_character_words_and_marks_them(local: Site, notice: str) -> None:
    for words in ("探访", "床"):
        html = local.api.get("/", params={"q": words}).text
        assert f'id="open-{notice}"' in html
        assert f"<mark>{words}</mark>" in html
    assert "没有符合条件的文件" in local.api.get("/", params={"q": "不存在的词"}).text


def test_the_queue_shows_risk_and_can_be_ordered_by_it(local: Site, notice: str) -> None:
    risk = local.api.get(f"/api/documents/{notice}").json()["risk"]
    html = local.api.get("/?sort=-risk").text
    assert '<option value="-risk" selected>风险最大</option>' in html
    (row,) = (row for row in html.split("<tr>") if f'id="open-{notice}"' in row)
    assert f'<td class="number">{risk:.0%}</td>' in row
    assert '<option value="-uploaded_at" selected>' in local.api.get("/").text


def test_an_unknown_filter_filters_nothing(local: Site, notice: str) -> None:
    html = local.api.get("/?state=nonsense&year=abcd&sort=drop&kind=x").text
    assert f'id="open-{notice}"' in html


def test_pages_of_the_queue(local: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractor.web.routes.pages.PER_PAGE", 1)
    first = local.api.get("/").text
    assert 'rel="next"' in first
    assert 'rel="prev"' not in first
    second = local.api.get("/?offset=1").text
    assert 'rel="prev"' in second
    opened = re.compile(r'id="open-(\w+)"')
    assert opened.findall(first) != opened.findall(second)


def test_the_history_page_says_what_was_done_in_words(local: Site, hostile: str) -> None:
    text = page(local, f"/documents/{hostile}/history").text
    assert "修改" in text
    assert "日志完整" in text
    assert "（空）" in text


def test_a_failed_document_says_why_and_can_be_tried_again(local: Site) -> None:
    made = local.upload("坏.pdf", b"%PDF-1.7\nnothing\n")
    assert local.ready(made["id"])["state"] == "failed"
    html = local.api.get("/").text
    assert f'id="retry-{made["id"]}"' in html
    assert local.api.get(f"/documents/{made['id']}/diff").status_code == 200
    assert local.api.delete(f"/api/documents/{made['id']}").status_code == 204
