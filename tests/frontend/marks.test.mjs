// Marks found by place, and the turn of overlapping ones.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Cycle, innermostFirst, MarkIndex } from "../../extractor/web/static/workspace/marks.js";

const mark = (id, ...parts) => ({ id, record: id, kind: "record", status: "draft", parts: parts.map(([start, end, page]) => ({ start, end, page })) });
const ids = (found) => found.map((each) => each.mark.id).sort();

/** A fixed sequence of whole numbers below `most`. */
function* numbers(seed, most) {
  for (let x = seed; ; ) yield (x = (x * 1103515245 + 12345) % 2147483648) % most;
}

test("the parts found are those that share a character", () => {
  const next = numbers(7, 1000);
  const all = Array.from({ length: 300 }, (_, i) => {
    const start = next.next().value;
    return mark(`m${i}`, [start, start + 1 + (next.next().value % (i % 10 ? 20 : 400)), 1]);
  });
  const index = new MarkIndex();
  index.replace(all);
  for (let i = 0; i < 200; i += 1) {
    const start = next.next().value;
    const end = start + 1 + (next.next().value % 30);
    const meant = all.filter(({ parts: [part] }) => part.start < end && part.end > start).map((each) => each.id).sort();
    assert.deepEqual(ids(index.within(start, end)), meant);
  }
});

test("a change of one mark is seen at once", () => {
  const index = new MarkIndex();
  index.replace([mark("a", [0, 5, 1]), mark("b", [3, 9, 2])]);
  assert.deepEqual(ids(index.onPage(2)), ["b"]);
  index.put(mark("a", [7, 8, 2]));
  assert.deepEqual(ids(index.onPage(2)), ["a", "b"]);
  assert.deepEqual(ids(index.onPage(1)), []);
  assert.deepEqual(ids(index.within(0, 4)), ["b"]);
  index.remove("b");
  assert.deepEqual(ids(index.within(0, 99)), ["a"]);
});

test("the shortest mark comes first, a mark of several parts once", () => {
  const index = new MarkIndex();
  index.replace([mark("whole", [0, 50, 1], [60, 90, 1]), mark("row", [0, 30, 1]), mark("field", [10, 20, 1])]);
  assert.deepEqual(innermostFirst(index.all()).map((each) => each.id), ["field", "row", "whole"]);
});

test("repeated clicks at one place turn, a click elsewhere begins anew", () => {
  const cycle = new Cycle();
  const at = { clientX: 100, clientY: 100 };
  assert.deepEqual(cycle.next(["a", "b", "c"], at), ["a", "b", "c"]);
  assert.deepEqual(cycle.next(["a", "b", "c"], { clientX: 104, clientY: 97 }), ["b", "c", "a"]);
  assert.deepEqual(cycle.next(["a", "b", "c"], at), ["c", "a", "b"]);
  assert.deepEqual(cycle.next(["a", "b", "c"], at), ["a", "b", "c"]);
  assert.deepEqual(cycle.next(["a", "b", "c"], { clientX: 300, clientY: 100 }), ["a", "b", "c"]);
  assert.deepEqual(cycle.next(["b"], at), ["b"]);
});
