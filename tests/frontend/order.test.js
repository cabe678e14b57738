// What is looked at next.
import assert from "node:assert/strict";
import { test } from "node:test";

import { checksOf, nextUndecided, riskBand, RiskWalk, risksOf } from "../../extractor/web/static/workspace/order.js";
import { entry } from "./samples.js";

const sure = { kind: 0.95, text: 0.95, "targets/0/metric": 0.95, "targets/0/op": 0.95, "targets/0/value": 0.95, "targets/0/unit": 0.95 };
const doubtful = (field, value) => ({ ...sure, [field]: value });
const red = (code, blocking = true) => [{ code, severity: "warning", message: "", blocking, waived: false }];
const book = (...entries) => new Map(entries.map((one) => [one.record.record_id, one]));
const next = (all, current, mode, visible) => nextUndecided(Array.from(all.keys()), (id) => all.get(id), current, mode, visible);

test("document order goes on from the current record and round the end", () => {
  const all = book(entry("a", 0), entry("b", 1, { status: "approved" }), entry("c", 2));
  assert.equal(next(all, "a", "document"), "c");
  assert.equal(next(all, "c", "document"), "a");
  assert.equal(next(book(entry("a", 0)), "a", "document"), null);
});

test("risk order: doubtful records first, in document order among themselves", () => {
  const all = book(entry("a", 0, { field_confidence: sure }), entry("b", 1, { field_confidence: doubtful("kind", 0.6) }), entry("c", 2, { field_confidence: sure }),
    entry("d", 3, { checks: red("points_do_not_add_up") }), entry("e", 4, { field_confidence: doubtful("kind", 0.8) }));
  const way = [];
  let at = "a";
  for (; at; at = next(all, at, "risk")) {
    way.push(at);
    all.set(at, entry(at, 0, { status: "approved" }));
  }
  assert.deepEqual(way, ["a", "b", "d", "e", "c"]);
});

test("records outside the filter are passed over", () => {
  assert.equal(next(book(entry("a", 0), entry("b", 1), entry("c", 2)), "a", "document", (id) => id !== "b"), "c");
});

test("a waived check frightens nobody", () => {
  const waived = red("range_reversed").map((check) => ({ ...check, waived: true }));
  assert.equal(riskBand(entry("a", 0, { checks: red("range_reversed"), field_confidence: sure })), 0);
  assert.equal(riskBand(entry("a", 0, { checks: waived, field_confidence: sure })), 2);
});

test("checks are shown at their field", () => {
  const one = entry("a", 0, { checks: red("points_do_not_add_up") });
  assert.equal(checksOf(one, "points").length, 1);
  assert.equal(checksOf(one, "kind").length, 0);
});

test("fields by doubt times what is at stake; what a person set is verified", () => {
  const small = entry("a", 0, { field_confidence: doubtful("targets/0/unit", 0.7), points: 1 });
  const large = entry("b", 1, { field_confidence: doubtful("kind", 0.7), points: 10 });
  const walk = new RiskWalk();
  assert.equal(walk.next([small, large], null, "risk").risk.field, "kind");
  assert.equal(walk.next([small, large], { record: "b", field: "kind" }, "risk").risk.field, "targets/0/unit");
  const set = entry("b", 1, { field_confidence: doubtful("kind", 0.7), points: 10, set_by: { kind: { actor: "me", at: "", seq: 1 } } });
  assert.ok(!risksOf(set).some((risk) => risk.field === "kind"));
  assert.deepEqual(risksOf(entry("a", 0, { status: "approved" })), []);
});

test("a failed check outweighs a doubt", () => {
  const failed = entry("a", 0, { field_confidence: { ...sure, points: 0.95 }, points: 3, checks: red("points_do_not_add_up") });
  const doubt = entry("b", 1, { field_confidence: doubtful("kind", 0.7), points: 3 });
  assert.deepEqual(new RiskWalk().next([doubt, failed], null, "risk").risk.field, "points");
});

test("each field once, then all over again, and back the way it came", () => {
  const one = entry("a", 0, { field_confidence: sure });
  const walk = new RiskWalk();
  const count = risksOf(one).length;
  const way = [];
  let current = null;
  for (let turn = 0; turn < count; turn += 1) {
    const found = walk.next([one], current, "risk");
    assert.equal(found.again, false);
    way.push(found.risk.field);
    current = { record: "a", field: found.risk.field };
  }
  assert.equal(new Set(way).size, count);
  assert.equal(walk.back().field, way[count - 2]);
  assert.equal(walk.next([one], null, "risk").risk.field, way[count - 1]);
  assert.equal(walk.next([one], { record: "a", field: way[count - 1] }, "risk").again, true);
});

test("in document order fields follow the record's own order", () => {
  const one = entry("a", 0, { field_confidence: doubtful("targets/0/unit", 0.5) });
  const walk = new RiskWalk();
  assert.equal(walk.next([one], null, "document").risk.field, "text");
  assert.equal(walk.next([one], { record: "a", field: "text" }, "document").risk.field, "kind");
});
