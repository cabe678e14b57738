"""A reviewer at the page whose every input is counted: a key press, a click, a drag is 1, a text as many as its keys.

Typed Chinese is counted by its characters; an input method takes more.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Locator, Page, expect

FOUND = """
([near, words, pane]) => {
  const clean = (text) => text.replace(/[\\s\\u3000\\u00a0\\u200b]+/g, "");
  const root = document.querySelector(pane);
  const view = root.getBoundingClientRect();
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const chars = [];
  let text = "";
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (let at = 0; at < node.data.length; at += 1) {
      if (clean(node.data[at]) === "") continue;
      text += node.data[at];
      chars.push([node, at]);
    }
  }
  const box = (from, to) => {
    const range = document.createRange();
    range.setStart(chars[from][0], chars[from][1]);
    range.setEnd(chars[to][0], chars[to][1] + 1);
    return range.getBoundingClientRect();
  };
  const seen = (rect) => rect.bottom > view.top && rect.top < view.bottom && rect.width > 0;
  const places = (wanted) => {
    const found = [];
    for (let at = text.indexOf(wanted); wanted && at >= 0; at = text.indexOf(wanted, at + 1)) found.push(at);
    return found;
  };
  const wanted = clean(words);
  const around = places(clean(near)).filter((at) => seen(box(at, at)));
  const from = around.length ? around[0] : 0;
  const inside = (at) => around.some((one) => at >= one && at + wanted.length <= one + clean(near).length);
  const rank = (at) => (inside(at) ? 0 : 1e6) + Math.abs(at - from);
  const best = places(wanted).sort((a, b) => rank(a) - rank(b))[0];
  if (best === undefined) return null;
  const [first, last] = [box(best, best), box(best + wanted.length - 1, best + wanted.length - 1)];
  return {
    first: { left: first.left, right: first.right, y: (first.top + first.bottom) / 2 },
    last: { left: last.left, right: last.right, y: (last.top + last.bottom) / 2 },
    seen: seen(first) && seen(last),
  };
}
"""


class Reviewer:
    """``inputs`` counts from the page's opening; what only looks (``record``, ``field``, ``seen``) counts nothing."""

    PANE = "#pane"

    def __init__(self, page: Page) -> None:
        self.page = page
        self.inputs = 0
        self.keys = 0
        self.clicks = 0

    # --- inputs -----------------------------------------------------------------------------------------

    def key(self, name: str) -> None:
        self.page.keyboard.press(name)
        self.inputs += 1
        self.keys += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.inputs += len(text)
        self.keys += len(text)

    def click(self, what: Locator | str) -> None:
        (self.page.locator(what) if isinstance(what, str) else what).first.click()
        self.inputs += 1
        self.clicks += 1

    def drop(self, field: str, path: Path) -> None:
        """A file dropped on the page: one input."""
        self.page.set_input_files(field, path)
        self.inputs += 1
        self.clicks += 1

    def fill_by_click(self, words: str, near: str = "") -> None:
        """Ctrl+click in the middle of the words where they stand nearest to ``near``: one input."""
        place = self.words(words, near)
        self.page.keyboard.down("Control")
        self.page.mouse.click((place["first"]["left"] + place["first"]["right"]) / 2, place["first"]["y"])
        self.page.keyboard.up("Control")
        self.inputs += 1
        self.clicks += 1

    def drag(self, words: str, near: str = "") -> None:
        """Selects the words with the mouse: one input."""
        place = self.words(words, near)
        mouse = self.page.mouse
        mouse.move(place["first"]["left"] + 1, place["first"]["y"])
        mouse.down()
        mouse.move(place["last"]["left"] + 2, place["last"]["y"], steps=4)
        mouse.move(place["last"]["right"] - 1, place["last"]["y"], steps=2)
        mouse.up()
        self.inputs += 1
        self.clicks += 1

    # --- looks ------------------------------------------------------------------------------------------

    def place(self, words: str, near: str = "") -> dict[str, Any] | None:
        """Where the words stand in the document's pane, nearest to ``near``; None where they do not."""
        found: dict[str, Any] | None = self.page.evaluate(FOUND, [near, words, self.PANE])
        return found

    def words(self, words: str, near: str = "") -> dict[str, Any]:
        """Where on the screen the words are; scrolled to where they lie outside (a turn of the wheel, an input)."""
        place = self.place(words, near)
        assert place is not None, f"not on the page: {words}"
        if not place["seen"]:
            middle = self.page.locator(self.PANE).bounding_box()
            assert middle is not None
            self.page.mouse.move(middle["x"] + middle["width"] / 2, middle["y"] + middle["height"] / 2)
            self.page.mouse.wheel(0, place["first"]["y"] - middle["y"] - middle["height"] / 2)
            self.inputs += 1
            self.page.wait_for_timeout(150)
            place = self.place(words, near)
            assert place is not None
        return place

    @property
    def record(self) -> str | None:
        """The id of the record in focus."""
        rows = self.page.locator(".ws-row.active")
        return rows.first.get_attribute("data-id") if rows.count() else None

    @property
    def field(self) -> str | None:
        fields = self.page.locator(".ws-field.focused")
        return fields.first.get_attribute("data-field") if fields.count() else None

    def value(self, path: str) -> Locator:
        """The place of a field in the form."""
        return self.page.locator(f'[data-field="{path}"] .ws-value')

    def status(self, state: Literal["approved", "rejected", "draft"]) -> Locator:
        return self.page.locator(f".ws-row.{state}")

    def saved(self) -> None:
        """Waits until the server has acknowledged everything."""
        self.page.wait_for_function("() => !Object.keys(localStorage).some((name) => name.startsWith('ws.op.'))")


def open_document(page: Page, url: str, id: str) -> Reviewer:
    """The document's page once its records are there and the first has the focus."""
    page.goto(f"{url}/documents/{id}")
    expect(page.locator("html[data-ready]")).to_be_attached()
    expect(page.locator(".ws-row.active").first).to_be_visible()
    return Reviewer(page)
