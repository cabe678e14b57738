// What is looked at next.
import assert from "node:assert/strict";
import { test } from "node:test";

import { checksOf, nextUndecided, openChecks, RiskWalk, risksOf } from "../../extractor/web/static/workspace/order.js";
import { entry } from "./samples.js";

const book = (...entries) => new Map(entries.map((one) => [one.record.record_id, one]));
const next = (all, current, mode, visible, skipped) => nextUndecided(Array.from(all.keys()), (id) => all.get(id), current, mode, visible, skipped);

test("document order goes on from the current record and round the end", () => {
  const all = book(entry("a", 0), entry("b", 1, { status: "approved" }), entry("c", 2));
  assert.equal(next(all, "a", "document"), "c");
  assert.equal(next(all, "c", "document"), "a");
  assert.equal(next(book(entry("a", 0)), "a", "document"), null);
});

test("risk order: the worst band first, in document order among themselves", () => {
  const banded = (id, position, band, record) => entry(id, position, { risk: { band, record } });
  const all = book(banded("a", 0, 2, 0.05), banded("b", 1, 0, 0.4), banded("c", 2, 2, 0.09), banded("d", 3, 0, 3), banded("e", 4, 1, 0.2));
  const way = [];
  let at = "a";
  for (; at; at = next(all, at, "risk")) {
    way.push(at);
    all.set(at, entry(at, 0, { status: "approved" }));
  }
  assert.deepEqual(way, ["a", "b", "d", "e", "c"]);
});

test("within a band the page moves on from where it is", () => {
  const all = book(...["a", "b", "c"].map((id, at) => entry(id, at, { risk: { band: 0 } })));
  assert.equal(next(all, "b", "risk"), "c");
  assert.equal(next(all, "c", "risk"), "a");
});

test("what was skipped waits until there is nothing else", () => {
  const all = book(entry("a", 0, { risk: { band: 0 } }), entry("b", 1, { risk: { band: 0 } }), entry("c", 2), entry("d", 3));
  const skipped = new Set(["a", "b"]);
  assert.equal(next(all, "b", "risk", undefined, skipped), "c");
  all.set("d", entry("d", 3, { status: "approved" }));
  assert.equal(next(all, "c", "risk", undefined, skipped), "a");
});

test("records outside the filter are passed over", () => {
  assert.equal(next(book(entry("a", 0), entry("b", 1), entry("c", 2)), "a", "document", (id) => id !== "b"), "c");
});

test("open checks are shown at the fields that they speak of", () => {
  const check = { code: "points_do_not_add_up", severity: "warning", message: "", blocking: true, waived: false, fields: ["points"] };
  const one = entry("a", 0, { checks: [check] });
  assert.deepEqual(checksOf(one, "points"), [check]);
  assert.deepEqual(checksOf(one, "kind"), []);
  const waived = entry("a", 0, { checks: [{ ...check, waived: true }] });
  assert.deepEqual([openChecks(waived), checksOf(waived, "points")], [[], []]);
});

test("fields by the server's risk, over all records; what a person set is verified", () => {
  const low = { text: 0.02, kind: 0.05, "targets/0/metric": 0.05 };
  const small = entry("a", 0, { risk: { fields: { ...low, "targets/0/unit": 0.3 } } });
  const risky = { fields: { ...low, "targets/0/value": 3, kind: 2 } };
  const large = entry("b", 1, { points: 10, risk: risky });
  const walk = new RiskWalk();
  const way = [];
  let current = null;
  for (let turn = 0; turn < 3; turn += 1) {
    const { risk } = walk.next([small, large], current, "risk");
    current = { record: risk.record, field: risk.field };
    way.push(`${risk.record} ${risk.field}`);
  }
  assert.deepEqual(way, ["b targets/0/value", "b kind", "a targets/0/unit"]);
  const set = entry("b", 1, { risk: risky, set_by: { kind: { actor: "me", at: "", seq: 1 } } });
  assert.ok(!risksOf(set).some((risk) => risk.field === "kind"));
  assert.deepEqual(risksOf(entry("a", 0, { status: "approved" })), []);
});

test("no field is visited that the form does not show or the server knows no risk of", () => {
  const one = entry("a", 0, { risk: { fields: { kind: 0.1, "targets/0/raw": 0.9, "targets/0/due": 0.8 } } });
  assert.deepEqual(risksOf(one).map((risk) => risk.field), ["kind"]);
});

test("each field once, then all over again, and back the way it came", () => {
  const one = entry("a", 0);
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
  const one = entry("a", 0, { risk: { fields: { "targets/0/unit": 0.5, text: 0.02, kind: 0.05 } } });
  const walk = new RiskWalk();
  assert.equal(walk.next([one], null, "document").risk.field, "text");
  assert.equal(walk.next([one], { record: "a", field: "text" }, "document").risk.field, "kind");
});
