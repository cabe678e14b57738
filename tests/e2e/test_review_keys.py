"""The keys of the review page: each does what it says, none fires inside a field or an input method, nothing is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.reviewer import Reviewer, open_document
from tests.e2e.server import Server

NOTICE = """临河市2025年度民生实事任务分解

一、养老服务
（一）新建社区养老服务站16个，每站床位不少于10张。（责任单位：市民政局）
（二）9月底前，特困老人集中供养率达到55%以上。（责任单位：市民政局、市财政局）
（三）为6000名高龄老人购买意外伤害保险。（责任单位：市民政局）
二、道路交通
（一）改造农村公路85公里，维修危桥7座。（责任单位：市交通运输局）
（二）10月底前，城区公交站点500米覆盖率达到96%。（责任单位：市交通运输局）
（三）打通断头路4条；新增公共停车泊位1500个。（责任单位：市住房城乡建设局）
三、督查通报
市政府督查室每季度通报一次进展。
"""
STATE = """() => ({
  focus: document.activeElement === document.body ? "" : document.activeElement.id || document.activeElement.className,
  picker: document.querySelector(".ws-picker-title")?.textContent ?? null,
  dialog: document.querySelector("dialog[open] h2")?.textContent ?? null,
  input: document.activeElement.matches("input, textarea"),
})"""


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


def state(reviewer: Reviewer) -> dict[str, Any]:
    found: dict[str, Any] = reviewer.page.evaluate(STATE)
    return found


def record(server: Server, id: str, words: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = list(server.records(id)["records"])
    (one,) = [each for each in found if words in each["text"]]
    return one


def choose(reviewer: Reviewer, server: Server, id: str, words: str) -> dict[str, Any]:
    one = record(server, id, words)
    reviewer.page.locator(f'.ws-row[data-id="{one["record_id"]}"]').click()
    return one


def test_next_and_previous_follow_the_list(reviewer: Reviewer, server: Server, notice: str) -> None:
    order = [each["record_id"] for each in server.records(notice)["records"]]
    reviewer.page.locator(".ws-row").first.click()
    for key, wanted in (("j", 1), ("ArrowDown", 2), ("k", 1), ("ArrowUp", 0), ("ArrowUp", 0)):
        reviewer.key(key)
        assert reviewer.record == order[wanted], key
        assert state(reviewer)["focus"] == "ws-list"


def test_decisions_move_on_and_come_back(reviewer: Reviewer, server: Server, notice: str) -> None:
    first = reviewer.record
    reviewer.key("x")
    second = reviewer.record
    reviewer.key(" ")
    third = reviewer.record
    reviewer.key("a")
    assert len({first, second, third, reviewer.record}) == 4
    reviewer.saved()
    found = {each["record_id"]: each["status"] for each in server.records(notice)["records"]}
    assert (found[first or ""], found[second or ""], found[third or ""]) == ("rejected", "draft", "approved")
    for key in ("z", "Control+z"):
        reviewer.key(key)
    assert reviewer.record == first
    expect(reviewer.status("draft")).to_have_count(len(found))
    for key in ("y", "Control+y"):
        reviewer.key(key)
    reviewer.saved()
    expect(reviewer.status("approved")).to_have_count(1)
    expect(reviewer.status("rejected")).to_have_count(1)


@pytest.mark.parametrize(
    ("key", "digit", "field", "value"),
    [("c", "3", "op", "le"), ("t", "2", "kind", "task"), ("r", "1", "role", "leader")],
)
def test_a_letter_and_a_digit_set_a_vocabulary_field(
    reviewer: Reviewer, server: Server, notice: str, key: str, digit: str, field: str, value: str
) -> None:
    one = choose(reviewer, server, notice, "供养率")
    reviewer.key(key)
    assert state(reviewer)["picker"]
    reviewer.key(digit)
    assert state(reviewer)["picker"] is None
    assert state(reviewer)["focus"].startswith("f-")
    reviewer.saved()
    now = record(server, notice, "供养率")
    place = {"op": now["targets"][0]["op"], "kind": now["kind"], "role": now["responsible"][0]["role"]}
    assert place[field] == value
    assert reviewer.record == one["record_id"]


def test_letters_narrow_a_picker_and_the_last_unit_comes_first(reviewer: Reviewer, server: Server, notice: str) -> None:
    choose(reviewer, server, notice, "改造农村公路")
    reviewer.key("u")
    reviewer.type("pfg")
    expect(reviewer.page.locator(".ws-picker .word")).to_have_text(["平方公里"])
    reviewer.key("Enter")
    reviewer.saved()
    assert record(server, notice, "改造农村公路")["targets"][0]["unit"] == "平方公里"
    choose(reviewer, server, notice, "意外伤害保险")
    reviewer.key("u")
    expect(reviewer.page.locator(".ws-picker .word").first).to_have_text("平方公里")
    reviewer.key("Escape")
    assert record(server, notice, "意外伤害保险")["targets"] == []
    expect(reviewer.page.locator('[data-field^="targets/"]')).to_have_count(0)


@pytest.mark.parametrize(
    ("key", "typed", "field", "value"),
    [
        ("v", "60", ("targets", 0, "value"), 60),
        ("q", "集中供养率", ("targets", 0, "metric"), "集中供养率"),
        ("l", "11月底前", ("deadlines", 0, "end"), "2025-11-30"),
        ("o", "市卫生健康委", ("responsible", 0, "name"), "市卫生健康委"),
        ("p", "５分", ("points",), 5),
    ],
)
def test_a_letter_opens_its_field_for_writing(
    reviewer: Reviewer, server: Server, notice: str, key: str, typed: str, field: tuple[str | int, ...], value: object
) -> None:
    choose(reviewer, server, notice, "供养率")
    reviewer.key(key)
    assert state(reviewer)["input"]
    reviewer.type(typed)
    reviewer.key("Enter")
    assert not state(reviewer)["input"]
    reviewer.saved()
    found: Any = record(server, notice, "供养率")
    for step in field:
        found = found[step]
    assert found == value


def test_escape_leaves_a_field_as_it_was(reviewer: Reviewer, server: Server, notice: str) -> None:
    choose(reviewer, server, notice, "供养率")
    reviewer.key("v")
    reviewer.type("77")
    reviewer.key("Escape")
    assert reviewer.field == "targets/0/value"
    reviewer.key("Escape")
    expect(reviewer.page.locator(".ws-field.focused")).to_have_count(0)
    assert state(reviewer)["focus"] == "ws-list"
    reviewer.saved()
    assert record(server, notice, "供养率")["targets"][0]["value"] == 55


def test_an_empty_row_left_is_no_row(reviewer: Reviewer, server: Server, notice: str) -> None:
    choose(reviewer, server, notice, "意外伤害保险")
    reviewer.key("l")
    reviewer.key("Escape")
    reviewer.saved()
    assert record(server, notice, "意外伤害保险")["deadlines"] == []
    expect(reviewer.page.locator('[data-field="deadlines/0/raw"]')).to_have_count(0)
    assert state(reviewer)["focus"] == "ws-list"


def test_tab_goes_by_doubt_and_back(reviewer: Reviewer) -> None:
    reviewer.key("Tab")
    first = (reviewer.record, reviewer.field)
    assert first[1] is not None
    reviewer.key("Tab")
    assert (reviewer.record, reviewer.field) != first
    reviewer.key("Shift+Tab")
    assert (reviewer.record, reviewer.field) == first
    reviewer.key("Enter")
    opened = state(reviewer)
    assert opened["input"] or opened["picker"]


def test_records_and_fields_come_by_what_may_be_lost(reviewer: Reviewer, server: Server, notice: str) -> None:
    """A veto in doubt outweighs the rest: its fields are the first that Tab visits, and A goes to it."""
    veto = record(server, notice, "覆盖率")["record_id"]
    heavy = record(server, notice, "断头路")
    bodies: list[dict[str, Any]] = [
        {"record": heavy["record_id"], "changes": [{"field": "points", "before": None, "after": 30}]},
        {"record": veto, "changes": [{"field": "kind", "before": "target", "after": "veto"}]},
    ]
    for at, body in enumerate(bodies):
        body |= {"op": "edit", "client_op_id": f"by-risk-{at:04}"}
        server.api.post(f"/api/documents/{notice}/operations", json=body).raise_for_status()
    told = {each["record_id"]: each["review"]["risk"] for each in server.records(notice)["records"]}
    assert told[veto]["stake"] == told[heavy["record_id"]]["stake"] == 30
    order = list(told)
    reviewer.page.reload()
    reviewer = open_document(reviewer.page, server.url, notice)
    assert reviewer.record == order[0]

    way = []
    fields = sorted(
        ((risk, name, path) for name, each in told.items() for path, risk in each["fields"].items()), reverse=True
    )
    for _ in range(6):
        reviewer.key("Tab")
        assert reviewer.record is not None
        assert reviewer.field is not None
        way.append(told[reviewer.record]["fields"][reviewer.field])
    assert way == [risk for risk, _, _ in fields[:6]]

    reviewer.page.locator(f'.ws-row[data-id="{order[0]}"]').click()
    visited = []
    for _ in range(len(order) - 1):
        reviewer.key("a")
        visited.append(reviewer.record)
    at = 0
    for count, name in enumerate(visited):
        left = [other for other in order[1:] if other not in visited[:count]]
        worst = [order.index(other) for other in left if told[other]["band"] == min(told[one]["band"] for one in left)]
        at = min(worst, key=lambda other: (other < at, other))  # from here on, round the end
        assert name == order[at], visited
    assert len({told[name]["band"] for name in order}) > 1


def test_split_merge_duplicate(reviewer: Reviewer, server: Server, notice: str) -> None:
    count = len(server.records(notice)["records"])
    choose(reviewer, server, notice, "供养率")
    for key, more in (("m", -1), ("z", 0), ("d", 1), ("z", 0)):
        reviewer.key(key)
        reviewer.saved()
        assert len(server.records(notice)["records"]) == count + more, key
        assert reviewer.record is not None, key


def test_a_split_at_the_words_selected(reviewer: Reviewer, server: Server, notice: str) -> None:
    choose(reviewer, server, notice, "供养率")
    reviewer.key("s")
    expect(reviewer.page.locator(".ws-note.bad")).to_contain_text("选中")
    reviewer.drag("特困老人集中供养率达到55%以上")
    reviewer.key("s")
    reviewer.saved()
    record(server, notice, "9月底前")
    assert record(server, notice, "供养率")["text"].startswith("特困老人")


def test_what_opens_and_closes(reviewer: Reviewer) -> None:
    for key in ("?", "b"):
        reviewer.key(key)
        assert state(reviewer)["dialog"], key
        before = reviewer.record
        reviewer.key("j")  # a dialog has the keys to itself
        assert reviewer.record == before
        reviewer.key("Escape")
        assert state(reviewer)["dialog"] is None
        assert state(reviewer)["focus"] == "ws-list"
    height = "() => document.getElementById('bar').offsetHeight"
    closed = reviewer.page.evaluate(height)
    reviewer.key("e")
    expect(reviewer.page.locator("#export-menu[open]")).to_be_visible()
    assert reviewer.page.evaluate(height) == closed
    reviewer.key("Escape")
    expect(reviewer.page.locator("#export-menu[open]")).to_have_count(0)
    reviewer.key("a")
    reviewer.saved()
    reviewer.key("h")
    assert reviewer.page.evaluate("() => document.activeElement.closest('.ws-history') !== null")


def test_the_help_names_every_key(reviewer: Reviewer) -> None:
    reviewer.key("?")
    shown = " ".join(reviewer.page.locator("dialog kbd").all_text_contents()).split()
    assert {"A", "X", "Space", "J", "K", "Tab", "S", "M", "D", "N", "Z", "Y", "B", "W", "G", "Enter", "Esc", "F"} <= {
        *shown
    }
    assert {"C", "U", "R", "T", "V", "Q", "L", "O", "P", "?", "/", "E", "H"} <= {*shown}
    assert not any(word.startswith("ws.") for word in reviewer.page.locator("dialog").all_inner_texts()[0].split())


def test_bulk_is_scoped_previewed_and_one_undo(reviewer: Reviewer, server: Server, notice: str) -> None:
    choose(reviewer, server, notice, "改造农村公路")
    reviewer.key("b")
    expect(reviewer.page.locator(".ws-bulk-summary")).to_contain_text("将接受")
    reviewer.page.locator("#bulk-level").select_option("0.6")
    expect(reviewer.page.locator(".ws-bulk-list li").first).to_be_visible()
    listed = reviewer.page.locator(".ws-bulk-list li").count()
    reviewer.key("Enter")
    expect(reviewer.status("approved")).to_have_count(listed)
    assert all(row["path"] == ["道路交通"] for row in server.records(notice)["records"] if row["status"] == "approved")
    reviewer.key("z")
    expect(reviewer.status("approved")).to_have_count(0)


def test_the_filter_narrows_and_its_letters_are_text(reviewer: Reviewer) -> None:
    reviewer.key("/")
    reviewer.type("危桥")
    reviewer.key("Enter")
    assert state(reviewer)["focus"] == "ws-list"
    expect(reviewer.page.locator(".ws-row")).to_have_count(1)
    expect(reviewer.page.locator(".ws-row.active")).to_contain_text("危桥")
    reviewer.key("/")
    reviewer.key("Escape")
    assert reviewer.page.locator(".ws-row").count() > 3


def test_an_input_method_keeps_its_keys(reviewer: Reviewer, server: Server, notice: str) -> None:
    """Pinyin: keys with isComposing, the first one before compositionstart and Enter after compositionend with 229."""
    choose(reviewer, server, notice, "供养率")
    before = (reviewer.record, server.records(notice)["seq"])
    press = """([target, key, composing, code]) => {
      const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, isComposing: composing });
      Object.defineProperty(event, "keyCode", { value: code });
      (target ? document.querySelector(target) : document.activeElement).dispatchEvent(event);
    }"""
    for key in ("a", "x", "Process", "Enter"):
        reviewer.page.evaluate(press, ["#ws-list", key, True, 65])
        reviewer.page.evaluate(press, ["#ws-list", key, False, 229])
    assert (reviewer.record, server.records(notice)["seq"]) == before
    reviewer.key("q")
    field = reviewer.page.locator(".ws-input")
    field.fill("集中gongyang")
    for key in ("Enter", "Escape", "Tab"):
        reviewer.page.evaluate(press, [".ws-input", key, True, 229])
        reviewer.page.evaluate(press, [".ws-input", key, False, 229])
    expect(field).to_be_focused()
    field.fill("集中供养")
    reviewer.key("Enter")
    reviewer.saved()
    assert record(server, notice, "供养率")["targets"][0]["metric"] == "集中供养"
