// Places on pages: characters by their edges, boxes, the column of pages, scrolling to evidence.
import assert from "node:assert/strict";
import { test } from "node:test";

import {
  around, boxesOf, boxOf, caretAt, characterAt, edgesOf, imageScale, inBox, lastAtMost, layOut, lineNear, lineUnder, sentenceAround, sideFor, thirdFor,
} from "../../extractor/web/static/workspace/geometry.js";

// 甲乙丙90%: wide and narrow characters
const line = { start: 100, end: 106, text: "甲乙丙90%", bbox: [50, 200, 98, 212], edges: [50, 62, 74, 86, 90, 94, 98] };
const below = { start: 106, end: 108, text: "丁戊", bbox: [50, 220, 74, 232], edges: [50, 62, 74] };
const beside = { start: 300, end: 302, text: "己庚", bbox: [150, 200, 174, 212], edges: [150, 162, 174] };

test("lastAtMost is the last value not above", () => {
  assert.deepEqual([0, 1, 2, 5, 9].map((x) => lastAtMost([1, 2, 2, 5], x)), [-1, 0, 2, 3, 3]);
  assert.equal(lastAtMost([], 1), -1);
});

test("each character is found at its own middle, the nearest one beside the line", () => {
  for (let i = 0; i < 6; i += 1) assert.equal(characterAt(line, (line.edges[i] + line.edges[i + 1]) / 2), 100 + i);
  assert.equal(characterAt(line, 0), 100);
  assert.equal(characterAt(line, 999), 105);
});

test("a caret goes to the nearer border of a character", () => {
  assert.equal(caretAt(line, 55), 100);
  assert.equal(caretAt(line, 57), 101);
  assert.equal(caretAt(line, 87.9), 103);
  assert.equal(caretAt(line, 88.1), 104);
  assert.equal(caretAt(line, -5), 100);
  assert.equal(caretAt(line, 500), 106);
});

test("a line without edges is spread evenly", () => {
  const bare = { ...line, edges: [] };
  assert.deepEqual(edgesOf(bare), [50, 58, 66, 74, 82, 90, 98]);
  assert.equal(characterAt(bare, 60), 101);
});

test("boxes hold just the characters asked for, line by line", () => {
  assert.deepEqual(boxOf(line, 101, 104), [62, 200, 90, 212]);
  assert.equal(boxOf(line, 106, 120), null);
  assert.deepEqual(boxesOf([line, below, beside], 105, 107), [[94, 200, 98, 212], [50, 220, 62, 232]]);
  assert.deepEqual(around(boxesOf([line, below], 105, 107)), [50, 200, 98, 232]);
  assert.equal(around([]), null);
});

test("a drag means the line at its height, a click only one under the mouse", () => {
  const lines = [line, below, beside];
  assert.equal(lineNear(lines, 120, 205), line);
  assert.equal(lineNear(lines, 140, 205), beside);
  assert.equal(lineNear(lines, 400, 231), below);
  assert.equal(lineNear([], 1, 1), null);
  assert.equal(lineUnder(lines, 60, 206, 3), line);
  assert.equal(lineUnder(lines, 120, 206, 3), null);
  assert.ok(inBox([0, 0, 10, 10], 12, 5, 2) && !inBox([0, 0, 10, 10], 12.1, 5, 2));
});

test("images are asked for at the coarsest scale that is sharp", () => {
  assert.deepEqual([0.5, 1, 1.05, 1.27, 1.6, 2.1, 2.2, 9].map(imageScale), [1, 1, 1, 1.5, 2, 2, 3, 3]);
});

const A4 = { width: 600, height: 800 };
const WIDE = { width: 1200, height: 600 };

test("pages fit the width, wide ones too, and stand below each other", () => {
  const places = layOut([A4, A4, WIDE, A4], 900, null, 10);
  assert.deepEqual(places.map((place) => place.scale), [1.5, 1.5, 0.75, 1.5]);
  assert.deepEqual(places.map((place) => place.top), [10, 1220, 2430, 2890]);
  assert.ok(places.every((place) => place.left === 10 && place.width === 900));
});

test("zoomed out pages are centred, zoomed in ones start at the left", () => {
  assert.equal(layOut([A4], 900, 1, 10)[0].left, 160);
  assert.equal(layOut([A4], 900, 2, 10)[0].left, 10);
});

test("evidence comes to one third of the view", () => {
  assert.equal(thirdFor(5000, 5020, { scroll: 0, height: 900 }, false), 4700);
  assert.equal(thirdFor(100, 120, { scroll: 700, height: 900 }, false), 0);
});

test("evidence that stands well in view stays, unless it is to move always", () => {
  const view = { scroll: 1000, height: 900 };
  assert.equal(thirdFor(1500, 1520, view, false), 1000);
  assert.equal(thirdFor(1500, 1520, view, true), 1200);
  assert.equal(thirdFor(1010, 1030, view, false), 710, "too close to the upper border");
  assert.equal(thirdFor(1500, 1900, view, false), 1200, "its end is out of view");
});

test("the view moves sideways only as far as needed", () => {
  const view = { scroll: 100, width: 400 };
  assert.equal(sideFor(150, 300, view), 100);
  assert.equal(sideFor(20, 80, view), 0);
  assert.equal(sideFor(600, 700, view), 340);
  assert.equal(sideFor(150, 300, view, 80), 30, "from under a column that stays in place");
  assert.equal(sideFor(600, 1200, view), 560, "what is wider than the view begins at its left");
});

test("a sentence runs from stop to stop", () => {
  const of = (text, at) => {
    const { start, end } = sentenceAround(Array.from(text), at);
    return Array.from(text).slice(start, end).join("");
  };
  assert.equal(of("新增10家。𠮷林达到5%； 其余。", 7), "𠮷林达到5%；");
  assert.equal(of("新增10家。𠮷林达到5%； 其余。", 13), "其余。");
  assert.equal(of("标题\n正文不低于3次\n", 4), "正文不低于3次");
  assert.equal(of("没有句号", 3), "没有句号");
});
