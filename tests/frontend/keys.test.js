// Which press means what where; an input method keeps its keys.
import assert from "node:assert/strict";
import { test } from "node:test";

import { actionFor, KEYMAP, nameOf } from "../../extractor/web/static/workspace/keys.js";

const press = (key, more = {}) => ({ key, ctrlKey: false, shiftKey: false, altKey: false, metaKey: false, isComposing: false, keyCode: 65, ...more });

test("every key of the map means its action, and none means two", () => {
  const seen = new Set();
  for (const { action, keys } of KEYMAP) {
    for (const name of keys) {
      assert.ok(!seen.has(name), `${name} twice`);
      seen.add(name);
      const parts = name.split("+");
      const key = parts.pop();
      const event = press(key === "Space" ? " " : key, { ctrlKey: parts.includes("Ctrl"), shiftKey: parts.includes("Shift") });
      assert.equal(actionFor(event, "navigate"), action, name);
    }
  }
});

test("letters are text in a field, and nothing while a dialog has the keys", () => {
  for (const { keys } of KEYMAP) {
    for (const name of keys.filter((key) => !key.includes("F6"))) {
      assert.equal(actionFor(press(name), "edit"), null, name);
      assert.equal(actionFor(press(name), "closed"), null, name);
    }
  }
  assert.equal(actionFor(press("F6"), "edit"), "region");
});

test("an input method's keys are never commands", () => {
  assert.equal(actionFor(press("a", { isComposing: true }), "navigate"), null);
  assert.equal(actionFor(press("a", { keyCode: 229 }), "navigate"), null);
  assert.equal(actionFor(press("Process", { keyCode: 229 }), "navigate"), null);
  assert.equal(actionFor(press("Enter", { keyCode: 229 }), "navigate"), null);
});

test("the browser's own keys stay its own", () => {
  for (const more of [{ ctrlKey: true }, { altKey: true }, { metaKey: true }]) assert.equal(actionFor(press("a", more), "navigate"), null);
  assert.equal(actionFor(press("f", { ctrlKey: true }), "navigate"), null);
  assert.equal(actionFor(press("z", { ctrlKey: true }), "navigate"), "undo");
  assert.equal(actionFor(press("Z", { ctrlKey: true, shiftKey: true }), "navigate"), "redo");
  assert.equal(actionFor(press("A", { shiftKey: true }), "navigate"), null);
});

test("caps lock changes nothing, nor how ? is typed", () => {
  assert.equal(actionFor(press("A"), "navigate"), "accept");
  assert.equal(actionFor(press("?", { shiftKey: true }), "navigate"), "help");
  assert.equal(actionFor(press("？", { shiftKey: true }), "navigate"), "help");
  assert.equal(nameOf(press("　")), "Space");
});

test("a button elsewhere keeps Tab, Enter, Space and arrows, not the letters", () => {
  for (const key of ["Tab", "Enter", " ", "ArrowDown"]) assert.equal(actionFor(press(key), "control"), null, key);
  assert.equal(actionFor(press("a"), "control"), "accept");
});
