// UTF-16 units of the DOM against code points of Document.text.
import assert from "node:assert/strict";
import { test } from "node:test";

import { boundaryAt, lengthOf, pieceAfter, TextMap, toCodePoints, toUnits } from "../../extractor/web/static/workspace/offsets.js";

const TEXTS = ["", "不低于90%", "𠮷野家达到5家", "末尾是𠮷", "𠮷𠮷𠮷", "á組合e\u0301", "全角１２３　空格", "👨‍👩‍👧家庭", "行一\r\n行二", "孤\ud842立"];

test("offsets agree with the characters that iteration gives", () => {
  for (const text of TEXTS) {
    const characters = Array.from(text);
    assert.equal(lengthOf(text), characters.length);
    for (let points = 0; points <= characters.length; points += 1) {
      const units = characters.slice(0, points).join("").length;
      assert.equal(toUnits(text, points), units, `${text} ${points}`);
      assert.equal(toCodePoints(text, units), points, `${text} ${units}`);
    }
  }
});

test("a place inside a surrogate pair is the place before it", () => {
  assert.equal(toCodePoints("甲𠮷乙", 2), 1);
  assert.equal(toCodePoints("甲𠮷乙", 3), 2);
});

test("places beyond the text are its end", () => {
  assert.equal(toUnits("甲𠮷", 9), 3);
  assert.equal(toCodePoints("甲𠮷", 9), 2);
  assert.equal(toUnits("甲乙", 9), 2);
  assert.equal(toUnits("甲乙", -1), 0);
});

const pieces = (map) => [
  map.add({ data: "𠮷甲" }, 10, 1), // 10–12
  map.add({ data: "乙" }, 13, 1), // 13–14, a gap before it
  map.add({ data: "丙丁" }, 14, 2), // 14–16
];

test("a text node holds as many offsets as it has code points", () => {
  const map = new TextMap();
  const [first] = pieces(map);
  assert.deepEqual([first.start, first.end], [10, 12]);
  assert.equal(map.offset(first.node, 2), 11);
  assert.equal(map.offset({ data: "未知" }, 1), null);
});

test("boundaries go to the right text node", () => {
  const [a, b, c] = pieces(new TextMap());
  const all = [a, b, c];
  assert.deepEqual(boundaryAt(all, 11, false), { node: a.node, units: 2 });
  assert.deepEqual(boundaryAt(all, 14, false), { node: c.node, units: 0 }, "a start goes to the piece that begins there");
  assert.deepEqual(boundaryAt(all, 14, true), { node: b.node, units: 1 }, "an end stays in the piece that ends there");
  assert.deepEqual(boundaryAt(all, 99, false), { node: c.node, units: 2 });
  assert.equal(boundaryAt([], 3, false), null);
});

test("the first piece that ends after an offset", () => {
  const all = pieces(new TextMap());
  assert.deepEqual([0, 11, 12, 13, 15, 16].map((offset) => pieceAfter(all, offset)), [0, 0, 1, 1, 2, 3]);
});
