// What the reviewer sees while operations are under way, and after acknowledgements, conflicts, refusals, undo.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../extractor/web/static/workspace/errors.js";
import { Store } from "../../extractor/web/static/workspace/store.js";
import { answer, entry, Memory, records, Wire } from "./samples.js";

function made({ storage = new Memory(), entries = [entry("a", 0), entry("b", 1), entry("c", 2)] } = {}) {
  const wire = new Wire();
  const log = [];
  const store = new Store({
    send: wire.send, storage, prefix: "q.", actor: "me",
    hooks: { records: (touched, structural) => log.push([Array.from(touched).sort().join(), structural]), state: () => {}, conflict: () => log.push("conflict"),
      refused: (_, error) => log.push(`refused ${error.message}`), answer: () => {}, stale: () => log.push("stale") },
  });
  store.merge(records(entries), true);
  log.length = 0;
  return { store, wire, log, storage };
}
const accept = (record) => ({ op: "accept", record, before: "draft" });
const edit = (record, field, before, after) => ({ op: "edit", record, changes: [{ field, before, after }] });
const status = (store, id) => store.entry(id).record.status;

test("accepting shows at once, is saving, then saved", async () => {
  const { store, wire, log } = made();
  store.perform(accept("a"));
  assert.equal(status(store, "a"), "approved");
  assert.equal(store.saveState("a"), "saving");
  assert.equal(store.saveState("b"), null);
  assert.deepEqual(log, [["a", false]]);
  await wire.settle(answer("accept", [entry("a", 0, { status: "approved", version: 1 })]));
  assert.equal(store.saveState("a"), "saved");
  assert.equal(store.seq, 1);
});

test("a record that only looks different after another's change is not called saved", async () => {
  const { store, wire } = made();
  store.perform({ op: "reject", record: "a", before: "draft" });
  await wire.settle(answer("reject", [entry("a", 0, { status: "rejected", version: 1 }), entry("b", 1, { risk: { band: 0 } })]));
  assert.equal(store.entry("b").risk.band, 0);
  assert.deepEqual(["a", "b"].map((id) => store.saveState(id)), ["saved", null]);
});

test("an edit keeps the other fields and says who set it", () => {
  const { store } = made();
  store.perform(edit("a", "targets/0/value", 5, 8));
  const { record, set_by } = store.entry("a");
  assert.equal(record.targets[0].value, 8);
  assert.equal(record.targets[0].metric, "新建养老服务站");
  assert.equal(set_by["targets/0/value"].actor, "me");
});

test("news of others does not undo what is under way", () => {
  const { store } = made();
  store.perform(edit("a", "points", null, 4));
  store.merge(records([entry("a", 0, { notes: "由市统计局提供", version: 7 })], { seq: 7 }), false);
  assert.equal(store.entry("a").record.points, 4);
  assert.equal(store.entry("a").record.notes, "由市统计局提供");
});

test("an answer that is older than what is known does not win", async () => {
  const { store, wire } = made();
  store.perform(accept("a"));
  store.merge(records([entry("a", 0, { notes: "新", version: 9 })], { seq: 9 }), false);
  await wire.settle(answer("accept", [entry("a", 0, { status: "approved", version: 1 })]));
  assert.equal(store.entry("a").record.notes, "新");
});

test("undo and redo show at once, also before the first answer", async () => {
  const { store, wire } = made();
  store.perform(edit("a", "points", null, 4));
  store.perform(accept("a"));
  store.perform({ op: "undo" });
  assert.equal(status(store, "a"), "draft");
  assert.equal(store.entry("a").record.points, 4);
  store.perform({ op: "undo" });
  assert.equal(store.entry("a").record.points, null);
  store.perform({ op: "redo" });
  assert.equal(store.entry("a").record.points, 4);
  assert.deepEqual(wire.sent.map((operation) => operation.op), ["edit"]);
});

test("bulk accept touches only undecided records and is one undo", () => {
  const { store } = made({ entries: [entry("a", 0), entry("b", 1, { status: "rejected" }), entry("c", 2)] });
  store.perform({ op: "accept_many", records: ["a", "b", "c"] });
  assert.deepEqual(["a", "b", "c"].map((id) => status(store, id)), ["approved", "rejected", "approved"]);
  store.perform({ op: "undo" });
  assert.deepEqual(["a", "b", "c"].map((id) => status(store, id)), ["draft", "rejected", "draft"]);
});

test("a conflict shows the other's value and keeps mine for the choice", async () => {
  const { store, wire, log } = made();
  store.perform(edit("a", "points", null, 4));
  store.perform(edit("a", "points", 4, 6)); // typed on before the first was answered
  const theirs = entry("a", 0, { points: 9, version: 3 });
  await wire.fail(new ApiError(409, { conflicts: [{ record: "a", field: "points", yours: 4, current: 9, actor: "李", at: null }], records: [theirs] }));
  assert.equal(store.entry("a").record.points, 9);
  assert.equal(store.saveState("a"), "conflict");
  assert.equal(store.conflicts[0].differences[0].yours, 6);
  assert.ok(log.includes("conflict"));
  assert.equal(wire.sent.length, 1, "the later edit of that field is part of the conflict");
  store.resolve(store.conflicts[0], true);
  assert.deepEqual(wire.sent[1].changes, [{ field: "points", before: 9, after: 6 }]);
  assert.notEqual(wire.sent[1].client_op_id, wire.sent[0].client_op_id);
  assert.equal(store.entry("a").record.points, 6);
});

test("theirs: nothing is sent, the other's value stands", async () => {
  const { store, wire } = made();
  store.perform(accept("a"));
  await wire.fail(new ApiError(409, { conflicts: [{ record: "a", field: "status", yours: "approved", current: "rejected", actor: "李", at: null }], records: [entry("a", 0, { status: "rejected", version: 2 })] }));
  store.resolve(store.conflicts[0], false);
  assert.equal(status(store, "a"), "rejected");
  assert.equal(wire.sent.length, 1);
  assert.equal(store.conflicts.length, 0);
});

test("a refused operation is taken back, with the undo that was to take it back", async () => {
  const { store, wire, log } = made();
  store.perform(edit("b", "points", null, 1));
  await wire.settle(answer("edit", [entry("b", 1, { points: 1, version: 1 })]));
  store.perform(edit("a", "kind", "target", "nonsense"));
  store.perform({ op: "undo" });
  await wire.fail(new ApiError(422, { error: { code: "bad_value", message: "不行" } }));
  assert.equal(store.entry("a").record.kind, "target");
  assert.equal(store.entry("b").record.points, 1, "the undo must not reach the operation before");
  assert.equal(wire.sent.length, 2, "the undo is not sent");
  assert.ok(log.includes("refused 不行"));
});

test("split: the old record goes, the new ones come, in their places", async () => {
  const { store, wire, log } = made();
  store.perform({ op: "split", record: "b", at: null });
  assert.deepEqual(store.order, ["a", "b", "c"]);
  await wire.settle(answer("split", [entry("b1", 1, { version: 1 }), entry("b2", 1.5, { version: 1 })], { removed: ["b"] }));
  assert.deepEqual(store.order, ["a", "b1", "b2", "c"]);
  assert.deepEqual(log[log.length - 1], ["b,b1,b2", true]);
});

test("a gap in the numbering asks for what others did", async () => {
  const { store, wire, log } = made();
  store.perform(accept("a"));
  await wire.settle(answer("accept", [entry("a", 0, { status: "approved", version: 4 })], { seq: 4 }));
  assert.ok(log.includes("stale"));
  assert.equal(store.seq, 0);
});

test("what an earlier page left is applied again and sent", async () => {
  const first = made();
  first.store.perform(accept("a"));
  const second = made({ storage: first.storage });
  assert.equal(status(second.store, "a"), "draft");
  second.store.resume();
  assert.equal(status(second.store, "a"), "approved");
  assert.equal(second.wire.sent[0].client_op_id, first.wire.sent[0].client_op_id);
});

test("counts speak of what is shown", () => {
  const red = [{ code: "points_do_not_add_up", severity: "warning", message: "", blocking: true, waived: false }];
  const { store } = made({ entries: [entry("a", 0, { checks: red }), entry("b", 1, { checks: red, status: "rejected" }), entry("c", 2)] });
  store.perform(accept("c"));
  assert.deepEqual(store.counts(), { records: 3, decided: 2, rejected: 1, blocking: 1, undecided: ["a"], blocked: ["a"] });
  store.perform({ op: "waive", record: "a", code: "points_do_not_add_up", waived: true });
  assert.equal(store.counts().blocking, 0);
});

test("a row taken away and a row appended", () => {
  const { store } = made();
  store.perform(edit("a", "targets/1/metric", null, "覆盖率"));
  assert.equal(store.entry("a").record.targets.length, 2);
  store.perform(edit("a", "targets/1", store.entry("a").record.targets[1], null));
  assert.equal(store.entry("a").record.targets.length, 1);
});

test("an undo after an approval is of the approval", () => {
  const { store } = made();
  store.perform(accept("a"));
  store.perform({ op: "approve" });
  assert.equal(store.lastStep("undo").operation.op, "approve");
  store.perform({ op: "undo" });
  assert.equal(status(store, "a"), "approved");
  assert.equal(store.lastStep("redo").operation.op, "approve");
});
