"""The archive's pages and API: whole in both languages, safe with hostile words, and what is decided shows at once."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode
from xml.etree import ElementTree

import httpx
import pytest

from extractor.store import archive_pages, documents
from extractor.web import i18n
from tests.archive.aligned import ALL, INDICATORS, RATIO, ROADS, SHARE, fill
from tests.archive.observed import BEDS, indicator, observation, place
from tests.web.serving import Site
from tests.web.test_pages import Page, check

MAIN, ALIKE, ROAD = (one.id for one in INDICATORS)
HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(2)>'{{7*7}}"
MANY = [
    observation(30 + number, year, place(f"云{number}市", "city", "云岭省"), metric="公交准点率", domain="交通运输")
    for number in range(12)
    for year in (2020, 2025)
]
CROWD = indicator(*MANY).id
SVG = "{http://www.w3.org/2000/svg}"


def of(id: str, **more: str) -> str:
    return f"/archive/indicators/{id}" + (f"?{urlencode(more)}" if more else "")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Accounts, a small archive, one of whose documents the workspace has. Tests leave it as it is."""
    site = Site(tmp_path_factory.mktemp("archive"), started=False)
    site.add_people()
    fill(site.workspace.database, [*ALL, *MANY], [*INDICATORS, indicator(*MANY)])
    with site.workspace.database.write() as connection:
        documents.insert(connection, sha256=SHARE[0].document, name="要点.docx", size=1, uploaded_by="li")
    yield site
    site.stop()


@pytest.fixture
def own_archive(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path / "data", started=False)
    site.add_people()
    fill(site.workspace.database)
    yield site
    site.stop()


@pytest.fixture(scope="module")
def reviewer(archive: Site) -> httpx.Client:
    return archive.with_session("reviewer")


def page(client: httpx.Client, path: str) -> Page:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.text[:300])
    return Page(answer.text)


def links(found: Page) -> set[str]:
    return {unquote(one) for one in found.addresses}


# --- pages --------------------------------------------------------------------------------------------------

PATHS = (
    "/archive", "/archive?q=床位&sort=-conflicts&contradicted=1", "/archive?domain=交通运输&place=溪宁市&first=2020&last=2030",
    "/archive?sort=nonsense&first=abcd&domain=x", "/archive/conflicts", "/archive/conflicts?kind=laxer&domain=养老服务",
    "/archive/conflicts?kind=nonsense", of(MAIN), of(MAIN, place="溪宁市", q="公交"), of(CROWD, place="云3市"), of(ROAD),
)  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_a_page_has_nothing_inline_and_nothing_from_elsewhere(reviewer: httpx.Client, path: str, language: str) -> None:
    found = page(reviewer, path + ("&" if "?" in path else "?") + f"lang={language}")
    check(found)
    reviewer.cookies.delete("lang")


@pytest.mark.parametrize("path", ["/archive", "/archive/conflicts"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_without_an_archive_a_page_says_how_to_make_one(own: Site, path: str, language: str) -> None:
    found = page(own.with_session("uploader"), f"{path}?lang={language}")
    check(found)
    for command in ("extractor batch … --out DIR", "extractor align --data DIR", "extractor serve --data DIR"):
        assert command in found.text
    if language == "en":
        assert re.findall(r"[\u4e00-\u9fff]+", found.text.replace("中文", "").replace("标", "")) == []


def test_the_words_of_the_english_pages_are_english(reviewer: httpx.Client) -> None:
    """What is left of the Chinese is the documents' own."""
    said = "".join(one for each in ALL for one in (each.metric, each.text, each.source, *each.path, str(each.place)))
    said += "".join(map(str, MANY)) + "中文标力争其他相对于"
    for path in ("/archive", "/archive/conflicts", of(MAIN), of(CROWD)):
        text = page(reviewer, path + ("&" if "?" in path else "?") + "lang=en").text
        assert set(re.findall(r"[\u4e00-\u9fff]", text)) - set(said) == set(), path
    reviewer.cookies.delete("lang")


def test_the_overview_counts_by_domain_and_links(reviewer: httpx.Client) -> None:
    found = page(reviewer, "/archive")
    wanted = {"/archive?domain=养老服务#indicators", "/archive/conflicts", of(MAIN)}
    assert wanted <= links(found)
    assert "2020–2026" in " ".join(found.text.split())


def test_indicators_are_filtered_and_paged(reviewer: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def listed(path: str) -> set[str]:
        return {one.rsplit("/", 1)[1] for one in links(page(reviewer, path)) if one.startswith("/archive/indicators/")}

    assert listed("/archive?q=护理型") == {MAIN, ALIKE}
    assert listed("/archive?place=云3市") == {CROWD}
    assert listed("/archive?contradicted=1") == {MAIN}
    assert listed("/archive?last=2019") == set()
    assert "没有符合条件的指标" in page(reviewer, "/archive?q=没有的词").text
    monkeypatch.setattr("extractor.web.routes.archive.PER_PAGE", 3)
    assert len(listed("/archive")) == 3
    assert len(listed("/archive?offset=3")) == 1
    assert 'rel="next"' in reviewer.get("/archive").text


def test_an_indicator_shows_its_plot_and_where_each_target_stands(reviewer: httpx.Client) -> None:
    html = reviewer.get(of(MAIN)).text
    drawn = re.search(r"<svg.*?</svg>", html, re.S)
    assert drawn is not None
    root = ElementTree.fromstring(drawn[0])
    assert {group[0].text for group in root.iter(f"{SVG}g") if group.get("class") == "plot-place"} == {
        "云岭省", "溪宁市", "岚川市", "青禾县",
    }  # fmt: skip
    found = Page(html)
    kept = f"/documents/{SHARE[0].document[:20]}#record={SHARE[0].record_id}"
    assert [one for one in found.addresses if one.startswith("/documents/")] == [kept]
    text = " ".join(found.text.split())
    assert "≥60%" in text and "50—60%" in text and "力争" in text
    assert "第3页 （2016年文件）" in text
    assert "溪宁市2023年工作要点" in text


def test_a_target_without_page_or_place_is_shown_as_such(own_archive: Site) -> None:
    bare = observation(None, None, None, unit="一批", page=None, title=None, document="某文件.pdf", document_year=None)
    fill(own_archive.workspace.database, [bare], [indicator(bare)])
    html = own_archive.with_session("uploader").get(of(indicator(bare).id)).text
    assert "<svg" not in html
    text = " ".join(Page(html).text.split())
    assert "未注明地区" in text and "某文件.pdf" in text and "另有 1 个目标未画出" in text
    assert "第" not in text[text.index("某文件.pdf") :][:20]


def test_of_many_places_those_asked_for_are_brought_out_and_listed(reviewer: httpx.Client) -> None:
    html = reviewer.get(of(CROWD, place="云3市") + "&place=云5市").text
    assert html.count('class="plot-place"') == 2
    assert html.count('class="plot-other"') == 10
    rows = html.split('id="targets"')[1].split("</table>")[0]
    assert rows.count('name="members"') == 4
    assert of(CROWD, place="云5市") in Page(html).addresses  # the link that drops the other


def test_targets_are_paged(reviewer: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractor.web.routes.archive.ROWS", 5)
    html = reviewer.get(of(MAIN)).text
    assert html.count('name="members"') == 5
    assert of(MAIN, offset="5") in Page(html).addresses


def test_past_the_end_is_the_last_page(reviewer: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PER_PAGE", "ROWS"):
        monkeypatch.setattr(f"extractor.web.routes.archive.{name}", 2)
    for path in ("/archive?offset=9999", "/archive?offset=4"):
        assert any(one.startswith("/archive/indicators/") for one in page(reviewer, path).addresses), path
        assert "没有符合条件的指标" not in reviewer.get(path).text
    assert reviewer.get(of(MAIN, offset="9999")).text.count('name="members"') in (1, 2)
    assert "没有符合条件的指标" in reviewer.get("/archive?q=nothing-like-it&offset=9").text
    assert "没有发现矛盾" not in reviewer.get("/archive/conflicts?offset=9999").text


def test_candidates_are_looked_for_where_one_may_merge_alone(archive: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    alike = archive_pages.alike
    monkeypatch.setattr(archive_pages, "alike", lambda *given: asked.append(given) or alike(*given))
    assert archive.with_session("uploader").get(of(MAIN)).status_code == 200
    assert asked == []
    assert archive.with_session("reviewer").get(of(MAIN)).status_code == 200
    assert len(asked) == 1


def test_english_counts_have_no_plural_of_one(reviewer: httpx.Client) -> None:
    assert f"Targets: {len(ROADS)} · documents: " in reviewer.get(of(ROAD, lang="en")).text
    reviewer.cookies.delete("lang")


def test_contradictions_are_said_in_words(reviewer: httpx.Client) -> None:
    text = " ".join(page(reviewer, of(MAIN)).text.split())
    assert "2025年：岚川市的两份文件分别为 ≥58% 和 ≥56%" in text
    assert "2023年：岚川市 ≥45%，宽于上级要求的 ≥50%" in text
    assert of(MAIN) in page(reviewer, "/archive/conflicts?kind=differs").addresses
    assert "没有发现矛盾" in page(reviewer, f"/archive/conflicts?domain={quote('交通运输')}").text


def test_who_may_not_decide_sees_no_way_to(archive: Site) -> None:
    uploader = archive.with_session("uploader").get(of(MAIN)).text
    assert "data-call" not in uploader
    assert 'name="members"' not in uploader
    assert "/api/archive/decisions" in archive.with_session("reviewer").get(of(MAIN)).text


def test_an_unknown_indicator_is_a_page_that_says_so(reviewer: httpx.Client) -> None:
    answer = reviewer.get(of("none"))
    assert answer.status_code == 404
    assert "没有这个指标" in answer.text


def test_hostile_words_stay_words(own_archive: Site) -> None:
    where = place(HOSTILE, "city", HOSTILE)
    bad = [
        observation(
            value, year, where, metric=HOSTILE, document=f"{HOSTILE}{year}.docx", document_year=2021, unit=HOSTILE, text=HOSTILE,
            object=HOSTILE, path=(HOSTILE,), baseline=HOSTILE, domain=HOSTILE,
        )
        for value, year in ((1, 2024), (2, 2025))
    ]  # fmt: skip
    clash = observation(3, 2025, where, metric=HOSTILE, document=f"{HOSTILE}.pdf", unit=HOSTILE, domain=HOSTILE)
    other = observation(1, metric=HOSTILE + "另", domain=HOSTILE)
    fill(own_archive.workspace.database, [*bad, clash, other], [indicator(*bad, clash), indicator(other)])
    client = own_archive.with_session("reviewer")
    client.post(
        "/api/archive/decisions", json={"kind": "rename", "indicator": indicator(other).id, "name": HOSTILE}
    ).raise_for_status()
    ids = [one["id"] for one in client.get("/api/archive/indicators").json()["indicators"]]
    paths = [
        "/archive",
        f"/archive?q={quote(HOSTILE[:90])}",
        f"/archive?place={quote(HOSTILE)}",
        "/archive/conflicts",
        *map(of, ids),
    ]
    for path in (*paths, of(ids[0], place=HOSTILE, q=HOSTILE)):
        html = client.get(path).text
        check(Page(html))
        assert "<script>alert" not in html and "<img" not in html
        assert "49" not in Page(html).text.replace("2049", "")
    audit = own_archive.with_session("admin").get("/audit").text
    check(Page(audit))
    assert "<script>alert" not in audit


# --- the API ------------------------------------------------------------------------------------------------


def told(client: httpx.Client, id: str) -> dict[str, Any]:
    answer: dict[str, Any] = client.get(f"/api/archive/indicators/{id}").raise_for_status().json()
    return answer


def test_the_api_tells_what_the_pages_tell(archive: Site) -> None:
    client = archive.with_token("uploader")
    overview = client.get("/api/archive").json()
    assert overview["at"].endswith("Z")
    assert overview["whole"]["observations"] == len(ALL) + len(MANY)
    assert {one["name"] for one in overview["domains"]} == {"养老服务", "交通运输"}
    found = client.get("/api/archive/indicators", params={"q": "护理型", "sort": "name", "limit": 1}).json()
    assert (found["total"], len(found["indicators"])) == (2, 1)
    whole = told(client, MAIN)
    assert whole["indicator"]["name"] == BEDS
    assert {one["id"] for one in whole["observations"]} == {one.id for one in SHARE}
    assert {one["document_id"] for one in whole["observations"]} == {SHARE[0].document[:20], None}
    assert client.get("/api/archive/conflicts", params={"kind": "differs"}).json()["total"] == 1
    assert client.get("/api/archive/decisions").json() == {"total": 0, "decisions": []}


def test_the_api_tells_of_a_large_indicator_in_parts(archive: Site) -> None:
    client = archive.with_token("uploader")
    whole = told(client, CROWD)
    assert (whole["total"], len(whole["observations"])) == (len(MANY), len(MANY))
    parts = [
        client.get(f"/api{of(CROWD, offset=str(at), limit='10')}").raise_for_status().json() for at in (0, 10, 20, 30)
    ]
    assert [len(one["observations"]) for one in parts] == [10, 10, 4, 0]
    assert {one["total"] for one in parts} == {len(MANY)}
    assert [one for part in parts for one in part["observations"]] == whole["observations"]
    some = told(client, MAIN)
    first = client.get(f"/api/archive/indicators/{MAIN}?limit=1").json()
    assert some["conflicts_total"] == len(some["conflicts"]) > 1
    assert (first["conflicts_total"], first["conflicts"]) == (some["conflicts_total"], some["conflicts"][:1])
    assert client.get(f"/api/archive/indicators/{MAIN}?limit=0").status_code == 422


def test_downloads_are_attachments_for_spreadsheets(archive: Site) -> None:
    client = archive.with_token("uploader")
    for path, rows in (("", len(ALL) + len(MANY)), (f"?indicator={MAIN}", len(SHARE))):
        answer = client.get(f"/api/archive/observations.csv{path}")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert answer.headers["content-disposition"].startswith("attachment;")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.content.startswith(b"\xef\xbb\xbf")
        assert len(list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))) == rows
    assert client.get("/api/archive/observations.csv?indicator=none").status_code == 404


def test_a_decision_is_made_shown_and_taken_back(own_archive: Site) -> None:
    client = own_archive.with_session("reviewer")
    merge = {"kind": "merge", "indicator": MAIN, "other": ALIKE}
    made = client.post("/api/archive/decisions", json=merge)
    assert made.status_code == 201, made.text
    merged = made.json()["indicator"]
    shown = " ".join(page(client, of(merged)).text.split())
    assert f"把 {len(SHARE) + len(RATIO)} 个目标归为同一指标" in shown
    assert "reviewer" in shown
    gone = ({MAIN, ALIKE} - {merged}).pop()
    assert client.get(of(gone)).status_code == 404
    undone = client.post("/api/archive/decisions", json={"kind": "undo", "seq": made.json()["seq"]}).json()
    assert len(undone["indicators"]) == 2
    split = {"kind": "split", "indicator": MAIN, "members": [SHARE[0].id]}
    small = client.post("/api/archive/decisions", json=split).json()["indicator"]
    assert [one["id"] for one in told(client, small)["observations"]] == [SHARE[0].id]
    rename = {"kind": "rename", "indicator": ROAD, "name": "农村公路"}
    road = client.post("/api/archive/decisions", json=rename).json()["indicator"]
    assert "<h1>农村公路" in client.get(of(road)).text
    assert "人工命名" in client.get(of(road)).text
    assert client.post("/api/archive/decisions", json={"kind": "undo", "seq": 4}).status_code == 201
    assert "人工命名" not in client.get(of(road)).text
    assert "恢复目标原有的名称" in client.get(of(road)).text
    kinds = [one["kind"] for one in client.get("/api/archive/decisions").json()["decisions"]]
    assert kinds == ["rename", "rename", "split", "split", "merge"]
    assert ROADS[0].id in {one["id"] for one in told(client, road)["observations"]}
    audit = " ".join(page(own_archive.with_session("admin"), "/audit").text.split())
    assert "合并指标" in audit and "拆分指标" in audit and "指标改名" in audit
    assert "另一个指标：护理型养老床位比例" in audit


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"kind": "merge", "indicator": MAIN, "other": MAIN}, 422, "same"),
        ({"kind": "merge", "indicator": MAIN, "other": "none"}, 404, "not_found"),
        ({"kind": "split", "indicator": MAIN, "members": []}, 422, "invalid"),
        ({"kind": "split", "indicator": MAIN, "members": [ROADS[0].id]}, 422, "not_members"),
        ({"kind": "split", "indicator": MAIN, "members": [one.id for one in SHARE]}, 422, "all"),
        ({"kind": "rename", "indicator": MAIN, "name": " "}, 422, "bad_name"),
        ({"kind": "rename", "indicator": MAIN, "name": "新名", "extra": 1}, 422, "invalid"),
        ({"kind": "undo", "seq": 7}, 404, "not_found"),
        ({"kind": "undo", "seq": 10**12}, 422, "invalid"),
        ({"kind": "drop", "indicator": MAIN}, 422, "invalid"),
        ({}, 422, "invalid"),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(archive: Site, body: dict[str, Any], status: int, code: str) -> None:
    answer = archive.with_token("reviewer").post("/api/archive/decisions", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert " / " in answer.json()["error"]["message"]
    assert archive.workspace.archive.decisions()[1] == 0


def test_deciding_needs_the_page_s_own_token(archive: Site) -> None:
    client = archive.with_session("reviewer")
    del client.headers["X-CSRF-Token"]
    answer = client.post("/api/archive/decisions", json={"kind": "rename", "indicator": MAIN, "name": "新名"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "csrf")


def test_the_plot_speaks_both_languages(reviewer: httpx.Client) -> None:
    assert "护理型床位占比：各年目标</title>" in reviewer.get(of(MAIN)).text
    assert "护理型床位占比: targets by year</title>" in reviewer.get(of(MAIN), params={"lang": "en"}).text
    reviewer.cookies.delete("lang")
    assert "{" not in "".join(i18n.translate(language, "archive.plot.title", name="x") for language in i18n.LANGUAGES)
