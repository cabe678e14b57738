// Vocabularies and their filter; values as written and as read; paths; what is left unclaimed.
import assert from "node:assert/strict";
import { test } from "node:test";

import { valueWords } from "../../extractor/web/static/workspace/conflict.js";
import { fieldAt, labelOf, read, shown } from "../../extractor/web/static/workspace/fields.js";
import { setWords } from "../../extractor/web/static/workspace/i18n.js";
import { cellsOf } from "../../extractor/web/static/workspace/import.js";
import { evidenceOf, ownConfidence, same, withField } from "../../extractor/web/static/workspace/paths.js";
import { UnclaimedWalk } from "../../extractor/web/static/workspace/unclaimed.js";
import { byFrequency, closedChoices, filterChoices, initials, openChoices } from "../../extractor/web/static/workspace/vocabulary.js";
import { entry } from "./samples.js";

const words = { ge: "不低于 ≥", gt: "高于 >", le: "不高于 ≤", lt: "低于 <", eq: "等于 =", approx: "约 ≈", between: "介于 –" };

test("pinyin initials", () => {
  assert.equal(initials("个工作日"), "ggzr");
  assert.equal(initials("平方公里"), "pfgl");
  assert.equal(initials("亿元"), "yy");
  assert.equal(initials("不低于"), "bdy");
  assert.equal(initials("牵头"), "qt");
  assert.equal(initials("责任领导"), "zrld");
  assert.equal(initials("一票否决"), "ypfj");
});

test("digits of a closed vocabulary stay, whatever was used last", () => {
  const choices = closedChoices("op", (value) => words[value], "le");
  assert.deepEqual(choices.map((choice) => choice.digit), ["1", "2", "3", "4", "5", "6", "7"]);
  assert.deepEqual(choices.map((choice) => choice.value), ["ge", "gt", "le", "lt", "eq", "approx", "between"]);
  assert.deepEqual(choices.filter((choice) => choice.last).map((choice) => choice.value), ["le"]);
});

test("letters narrow by initials, by English and by the characters themselves", () => {
  const choices = closedChoices("op", (value) => words[value], null);
  const found = (typed) => filterChoices(choices, typed).map((choice) => choice.value);
  assert.deepEqual(found("bg"), ["le"]);
  assert.deepEqual(found("b"), ["ge", "le", "between"]);
  assert.deepEqual(found("≥"), ["ge"]);
  assert.deepEqual(found("xyz"), []);
  const units = openChoices("unit", [], null);
  assert.equal(filterChoices(units, "pfgl")[0].value, "平方公里");
  assert.equal(filterChoices(units, "wy")[0].value, "万元");
});

test("units: the one used last on top, digits by how often the document has them", () => {
  const own = byFrequency(["户", "%", "户", null, "%", "户"]);
  assert.deepEqual(own, ["户", "%"]);
  const choices = openChoices("unit", own, "亿元");
  assert.equal(choices[0].value, "亿元");
  assert.equal(choices.find((choice) => choice.value === "户").digit, "1");
  assert.equal(choices.find((choice) => choice.value === "%").digit, "2");
  assert.equal(new Set(choices.map((choice) => choice.value)).size, choices.length);
});

test("numbers as people type them; what else they mean the server reads", () => {
  const value = fieldAt("targets/0/value");
  assert.deepEqual(read(value, " １，０００ "), { value: 1000 });
  assert.deepEqual(read(value, "-3.5"), { value: -3.5 });
  assert.deepEqual(read(value, ""), { value: null });
  assert.deepEqual(read(value, "35%以上"), { value: "35%以上" });
});

test("dates", () => {
  const due = fieldAt("targets/0/due");
  assert.deepEqual(read(due, "2026年6月30日"), { value: "2026-06-30" });
  assert.deepEqual(read(due, "2026.6.3"), { value: "2026-06-03" });
  assert.deepEqual(read(due, "2026-02-30"), { problem: "ws.problem.date" });
  assert.deepEqual(read(due, "9月底前"), { value: "9月底前" });
});

test("lists, paths and what may not be empty", () => {
  assert.deepEqual(read(fieldAt("assessed"), "东县、西区；南镇"), { value: ["东县", "西区", "南镇"] });
  assert.deepEqual(read(fieldAt("path"), "民生 > 养老"), { value: ["民生", "养老"] });
  assert.deepEqual(read(fieldAt("responsible/0/name"), "  "), { problem: "ws.problem.empty" });
  assert.deepEqual(read(fieldAt("notes"), "  "), { value: null });
});

test("values as shown", () => {
  setWords({ "ws.kind.target": "目标", "ws.yes": "是", "ws.no": "否" });
  assert.equal(shown(fieldAt("kind"), "target"), "目标");
  assert.equal(shown(fieldAt("per_occurrence"), true), "是");
  assert.equal(shown(fieldAt("points"), 0), "0");
  assert.equal(shown(fieldAt("path"), ["民生", "养老"]), "民生 › 养老");
  assert.equal(fieldAt("targets/0/nonsense"), null);
});

test("a field set leaves the original alone", () => {
  const before = { targets: [{ value: 1, unit: "个" }], points: null };
  const after = withField(before, "targets/0/value", 2);
  assert.equal(before.targets[0].value, 1);
  assert.deepEqual(after, { targets: [{ value: 2, unit: "个" }], points: null });
  assert.ok(same({ a: [1, { b: null }] }, { a: [1, {}] }));
  assert.ok(!same([1], [1, 2]));
  assert.ok(!same([], {}));
});

test("confidence and evidence of a field, else of what it lies in", () => {
  const { record } = entry("a", 0, { field_confidence: { "targets/0/value": 0.6 }, field_evidence: { points: [{ start: 3, end: 4, parts: [{ start: 3, end: 4, page: 1 }] }] } });
  assert.equal(ownConfidence(record, "targets/0/value"), 0.6);
  assert.equal(ownConfidence(record, "points"), null);
  assert.equal(ownConfidence(entry("a", 0).record, "points"), record.confidence);
  assert.deepEqual(evidenceOf(record, "points"), [{ start: 3, end: 4, page: 1 }]);
  assert.equal(evidenceOf(record, "notes"), null);
});

test("a sentence is unclaimed until records cover most of it", () => {
  const walk = new UnclaimedWalk();
  const sentences = [{ text: "一", reason: "", evidence: { start: 0, end: 10 } }, { text: "二", reason: "", evidence: { start: 50, end: 60 } }];
  const covering = (...spans) => spans.map(([start, end], at) => entry(`r${at}`, at, { evidence: { start, end } }));
  walk.update(sentences, covering([100, 120]));
  assert.deepEqual([walk.next(null)?.text, walk.next(null)?.text, walk.next(null)?.text], ["一", "二", "一"]);
  walk.update(sentences, covering([0, 4]));
  assert.equal(walk.left.length, 2);
  walk.update(sentences, covering([0, 4], [4, 7]));
  assert.deepEqual(walk.left.map((sentence) => sentence.text), ["二"]);
  assert.equal(walk.current, null);
});

test("whole lists have a name and words, in the preview of a workbook too", () => {
  setWords({ "ws.list.targets": "目标", "ws.field.record.status": "状态", "ws.status.draft": "未决", "ws.status.rejected": "已拒绝", "ws.none": "（无）" });
  assert.equal(labelOf("targets"), "目标");
  assert.equal(valueWords("targets", [{ metric: "床位", raw: "不少于5张" }, { name: "市民政局" }]), "床位 不少于5张、市民政局");
  const change = { number: "3", text: "新增床位", action: "edit", field: "targets", column: "目标值", before: [], after: [], current: "床位 ≥5张", wanted: "床位 ≥6张", problem: null, message: null };
  assert.deepEqual(cellsOf(change), ["3 新增床位", "目标值", "床位 ≥5张", "床位 ≥6张"]);
  assert.equal(cellsOf({ ...change, problem: "unreadable", message: "读不懂" })[3], "床位 ≥6张：读不懂");
  const gone = { ...change, action: "reject", field: "status", column: null, before: "draft", after: "rejected", current: null, wanted: null };
  assert.deepEqual(cellsOf(gone), ["3 新增床位", "状态", "未决", "已拒绝"]);
});
