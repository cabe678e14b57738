"""What the workspace must reach, row by row: inputs are counted, times are left to the benchmark."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.reviewer import Reviewer, open_document
from tests.e2e.server import Server

NOTICE = """关于做好2025年度重点工作的通知

各有关单位：
现将2025年度重点工作安排如下。
一、教育工作
（一）新建公办幼儿园12所，新增学位不少于3600个。（责任单位：市教育局）
（二）12月底前，学前三年毛入园率达到98%以上。（责任单位：市教育局、市财政局）
（三）培训骨干教师不少于260人次。（责任单位：市教育局）
二、民政工作
（一）6月底前，建成社区食堂8个，建立服务质量评价制度。（责任单位：市民政局）
（二）农村低保标准提高不低于5%。（责任单位：市民政局）
市民政局每季度通报工作进展情况。
2025年1月8日
"""


@pytest.fixture
def notice(server: Server, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A small notice of its own for each test: a document is known by its bytes."""
    path = tmp_path / "通知.txt"
    path.write_text(NOTICE + f"\n附注：{request.node.name}\n", encoding="utf-8")
    id = server.upload(path)
    server.wait(id)
    return id


@pytest.fixture
def reviewer(page: Page, server: Server, notice: str) -> Reviewer:
    return open_document(page, server.url, notice)


def records(server: Server, id: str) -> list[dict[str, Any]]:
    entries = server.records(id)["records"]
    return [{name: value for name, value in entry.items() if name != "review"} for entry in entries]


def one(server: Server, id: str, words: str) -> dict[str, Any]:
    (found,) = [record for record in records(server, id) if words in record["text"]]
    return found


def go_to(reviewer: Reviewer, server: Server, id: str, words: str) -> dict[str, Any]:
    """Puts the focus on a record; what it takes is not counted."""
    record = one(server, id, words)
    reviewer.page.locator(f'.ws-row[data-id="{record["record_id"]}"]').click()
    assert reviewer.record == record["record_id"]
    reviewer.inputs = 0
    return record


def test_a_correct_record_is_one_key(reviewer: Reviewer, server: Server, notice: str) -> None:
    first = reviewer.record
    reviewer.key("a")
    reviewer.saved()
    state = {record["record_id"]: record["status"] for record in records(server, notice)}
    assert state[str(first)] == "approved"
    assert reviewer.record != first
    assert state[str(reviewer.record)] == "draft"
    assert (reviewer.inputs, reviewer.clicks) == (1, 0)


def test_all_records_of_a_correct_document_take_a_key_each(reviewer: Reviewer, server: Server, notice: str) -> None:
    count = len(records(server, notice))
    for _ in range(count):
        reviewer.key("a")
    reviewer.saved()
    assert {record["status"] for record in records(server, notice)} == {"approved"}
    assert reviewer.inputs == count


def test_a_wrong_number_that_stands_in_the_document_is_filled_by_a_click(
    reviewer: Reviewer, server: Server, notice: str
) -> None:
    record = one(server, notice, "毛入园率")
    wrong = {
        "op": "edit",
        "record": record["record_id"],
        "changes": [{"field": "targets/0/value", "before": 98, "after": 89}],
    }
    assert server.operate(notice, **wrong).status_code == 200
    reviewer.page.reload()
    reviewer = open_document(reviewer.page, server.url, notice)
    go_to(reviewer, server, notice, "毛入园率")
    reviewer.key("v")
    reviewer.fill_by_click("98", record["text"])
    reviewer.saved()
    mended = one(server, notice, "毛入园率")["targets"][0]
    assert (mended["value"], mended["unit"]) == (98, "%")
    assert reviewer.inputs <= 3


def test_wrong_words_that_stand_in_the_document_are_filled_by_a_drag(
    reviewer: Reviewer, server: Server, notice: str
) -> None:
    record = go_to(reviewer, server, notice, "低保标准")
    reviewer.key("q")
    reviewer.drag("农村低保", record["text"])
    reviewer.saved()
    assert one(server, notice, "低保标准")["targets"][0]["metric"] == "农村低保"
    assert reviewer.inputs <= 3


@pytest.mark.parametrize(("key", "digit", "read", "wanted"), [
    ("c", "2", lambda record: record["targets"][0]["op"], "gt"),
    ("u", None, lambda record: record["targets"][0]["unit"], "个"),
    ("r", "3", lambda record: record["responsible"][0]["role"], "support"),
    ("t", "2", lambda record: record["kind"], "task"),
], ids=["comparator", "unit", "role", "kind"])  # fmt: skip
def test_a_vocabulary_field_takes_two_keys(
    reviewer: Reviewer,
    server: Server,
    notice: str,
    key: str,
    digit: str | None,
    read: Callable[[Any], str],
    wanted: str,
) -> None:
    go_to(reviewer, server, notice, "毛入园率")
    reviewer.key(key)
    if digit is None:
        option = reviewer.page.locator(".ws-picker [role=option]", has=reviewer.page.get_by_text(wanted, exact=True))
        digit = (option.locator("kbd").first.text_content() or "").strip()
    reviewer.key(digit)
    reviewer.saved()
    assert read(one(server, notice, "毛入园率")) == wanted
    assert (reviewer.inputs, reviewer.clicks) == (2, 0)


def test_a_missed_record_is_two_inputs(reviewer: Reviewer, server: Server, notice: str) -> None:
    record = one(server, notice, "骨干教师")
    assert server.operate(notice, op="reject", record=record["record_id"], before="draft").status_code == 200
    before = len(records(server, notice))
    reviewer.drag("培训骨干教师不少于260人次", "培训骨干教师不少于260人次")
    reviewer.key("n")
    reviewer.saved()
    (made,) = [one for one in records(server, notice) if "骨干教师" in one["text"] and one["status"] == "draft"]
    assert len(records(server, notice)) == before + 1
    target = made["targets"][0]
    assert (target["op"], target["value"], target["unit"]) == ("ge", 260, "人次")
    assert [who["name"] for who in made["responsible"]] == ["市教育局"]
    assert made["path"] == record["path"]
    assert reviewer.record == made["record_id"]
    assert reviewer.inputs <= 2


def test_split_and_merge_are_a_key_each(reviewer: Reviewer, server: Server, notice: str) -> None:
    before = records(server, notice)
    go_to(reviewer, server, notice, "毛入园率")
    reviewer.key("m")
    reviewer.saved()
    merged = records(server, notice)
    assert len(merged) == len(before) - 1
    (joined,) = [record for record in merged if "毛入园率" in record["text"]]
    assert "骨干教师" in joined["text"]
    assert reviewer.record == joined["record_id"]
    assert (reviewer.inputs, reviewer.clicks) == (1, 0)
    reviewer.key("s")
    reviewer.saved()
    assert [squeezed(record) for record in records(server, notice)] == [squeezed(record) for record in before]
    assert (reviewer.inputs, reviewer.clicks) == (2, 0)


def squeezed(record: dict[str, Any]) -> tuple[str, str]:
    return re.sub(r"[。；\s]", "", record["text"]), record["kind"]


def bodies(server: Server, id: str) -> list[dict[str, Any]]:
    """Everything of the records but the ids of those made anew."""
    return [{name: value for name, value in record.items() if name != "record_id"} for record in records(server, id)]


def test_everything_is_undone_and_redone_after_a_reload_and_a_restart(
    page: Page, own_server: Callable[..., Server], tmp_path: Path
) -> None:
    server = own_server()
    path = tmp_path / "通知.txt"
    path.write_text(NOTICE, encoding="utf-8")
    id = server.upload(path)
    server.wait(id)
    states = [bodies(server, id)]
    reviewer = open_document(page, server.url, id)

    def did() -> None:
        reviewer.saved()
        states.append(bodies(server, id))

    reviewer.key("a")
    did()
    reviewer.key("x")
    did()
    go_to(reviewer, server, id, "毛入园率")
    reviewer.key("m")
    did()
    reviewer.key("s")
    did()
    reviewer.key("d")
    did()
    reviewer.key("c")
    reviewer.key("2")
    did()
    reviewer.key("b")
    page.select_option("#bulk-section", "all")
    page.select_option("#bulk-level", "0.75")
    expect(page.locator("dialog[open] .primary")).to_be_enabled()
    page.keyboard.press("Enter")
    did()
    assert len({str(state) for state in states}) == len(states)
    page.reload()
    server.kill()
    server.start()
    reviewer = open_document(page, server.url, id)
    for state in reversed(states[:-1]):
        reviewer.key("z")
        reviewer.saved()
        assert bodies(server, id) == state
    page.reload()
    reviewer = open_document(page, server.url, id)
    for state in states[1:]:
        reviewer.key("y")
        reviewer.saved()
        assert bodies(server, id) == state


def test_the_page_opens_where_the_reviewer_left(reviewer: Reviewer, server: Server, notice: str) -> None:
    record = go_to(reviewer, server, notice, "骨干教师")
    reviewer.page.wait_for_timeout(1200)
    again = open_document(reviewer.page, server.url, notice)
    assert again.record == record["record_id"]


def test_single_letters_in_a_field_are_text(reviewer: Reviewer, server: Server, notice: str) -> None:
    go_to(reviewer, server, notice, "骨干教师")
    reviewer.key("q")
    reviewer.type("axsz")
    reviewer.key("Enter")
    reviewer.saved()
    record = one(server, notice, "骨干教师")
    assert record["targets"][0]["metric"] == "axsz"
    assert record["status"] == "draft"
