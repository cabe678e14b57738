// Operations under way: order, persistence, resending, what is settled and what is tried again.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../extractor/web/static/workspace/errors.js";
import { newOperationId, Queue } from "../../extractor/web/static/workspace/queue.js";
import { answer, Memory, Wire } from "./samples.js";

function made(storage = new Memory(), wire = new Wire()) {
  const log = [];
  const queue = new Queue(storage, "ws.op.me.doc.", {
    send: wire.send, done: (operation) => log.push(`done ${operation.n}`), conflict: (operation) => log.push(`conflict ${operation.n}`),
    refused: (operation) => log.push(`refused ${operation.n}`), state: (state) => log.push(state),
  });
  return { queue, log, storage, wire, push: (n) => queue.push({ op: "accept", n, client_op_id: newOperationId() }) };
}

test("one at a time, in order, each gone from storage once acknowledged", async () => {
  const { push, wire, storage, log } = made();
  push(1);
  push(2);
  assert.deepEqual(wire.sent.map((operation) => operation.n), [1]);
  assert.equal(storage.length, 2);
  await wire.settle(answer("accept"));
  assert.deepEqual(wire.sent.map((operation) => operation.n), [1, 2]);
  assert.equal(storage.length, 1);
  await wire.settle(answer("accept"));
  assert.equal(storage.length, 0);
  assert.deepEqual(log, ["saving", "done 1", "done 2", "idle"]);
});

test("without a network nothing is lost and the same id is sent again", async () => {
  const { queue, push, wire, storage, log } = made();
  push(1);
  push(2);
  await wire.fail(new TypeError("Failed to fetch"));
  assert.equal(queue.state, "offline");
  assert.equal(storage.length, 2);
  queue.start(); // as the browser says "online"
  assert.equal(wire.sent.length, 2);
  assert.equal(wire.sent[1].client_op_id, wire.sent[0].client_op_id);
  await wire.settle(answer("accept"));
  await wire.settle(answer("accept"));
  assert.equal(queue.state, "idle");
  assert.deepEqual(log.filter((line) => line.startsWith("done")), ["done 1", "done 2"]);
});

/** A clock that stands still: the runner's own differs between the versions of node. @returns {(ms: number) => void} lets time pass */
function clock(context) {
  const own = [globalThis.setTimeout, globalThis.clearTimeout];
  const due = new Map();
  let now = 0;
  let last = 0;
  globalThis.setTimeout = (work, ms = 0) => {
    last += 1;
    due.set(last, { at: now + ms, work });
    return last;
  };
  globalThis.clearTimeout = (id) => due.delete(id);
  context.after(() => {
    [globalThis.setTimeout, globalThis.clearTimeout] = own;
  });
  return (ms) => {
    now += ms;
    for (const [id, { at, work }] of [...due]) {
      if (at <= now && due.delete(id)) work();
    }
  };
}

test("it tries again by itself after a while", async (context) => {
  const pass = clock(context);
  const { push, wire } = made();
  push(1);
  await wire.fail(new ApiError(503, null));
  assert.equal(wire.sent.length, 1);
  pass(500);
  assert.equal(wire.sent.length, 2);
  await wire.fail(new ApiError(503, null));
  pass(500);
  assert.equal(wire.sent.length, 2, "the second wait is longer");
  pass(500);
  assert.equal(wire.sent.length, 3);
});

test("a page that comes after takes up what was left, oldest first", async () => {
  const first = made();
  first.push(1);
  first.push(2);
  const wire = new Wire();
  const second = made(first.storage, wire);
  first.storage.setItem("ws.op.other.doc.1", "{}");
  assert.deepEqual(second.queue.restore().map((operation) => operation.n), [1, 2]);
  second.queue.start();
  await wire.settle(answer("accept"));
  await wire.settle(answer("accept"));
  assert.equal(first.storage.length, 1, "another person's operation stays");
});

test("what cannot be read in storage is thrown away", () => {
  const storage = new Memory();
  storage.setItem("ws.op.me.doc.000", "{broken");
  assert.deepEqual(made(storage).queue.restore(), []);
  assert.equal(storage.length, 0);
});

test("a conflict and a refusal settle an operation; the next one goes", async () => {
  const { push, wire, log, storage } = made();
  push(1);
  push(2);
  push(3);
  await wire.fail(new ApiError(409, { conflicts: [] }));
  await wire.fail(new ApiError(422, { error: { code: "bad_value", message: "…" } }));
  await wire.settle(answer("accept"));
  assert.deepEqual(log, ["saving", "conflict 1", "refused 2", "done 3", "idle"]);
  assert.equal(storage.length, 0);
});

test("an expired log-in keeps everything", async () => {
  const { push, wire, queue, storage } = made();
  push(1);
  await wire.fail(new ApiError(401, null));
  assert.equal(queue.state, "login");
  assert.equal(storage.length, 1);
});

test("an operation that breaks the server each time gives way in the end", async () => {
  const { queue, push, wire, log } = made();
  push(1);
  for (let turn = 0; turn < 6; turn += 1) {
    await wire.fail(new ApiError(500, null));
    queue.start();
  }
  assert.ok(log.includes("refused 1"));
  assert.equal(queue.waiting.length, 0);
});

test("what waits can be dropped, what is on the wire cannot", () => {
  const { queue, push } = made();
  push(1);
  push(2);
  assert.deepEqual(queue.drop(() => true).map((operation) => operation.n), [2]);
  assert.deepEqual(queue.waiting.map((operation) => operation.n), [1]);
});

test("a full storage does not stop the work", async () => {
  const storage = new Memory();
  storage.setItem = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  const { push, wire, log } = made(storage);
  push(1);
  await wire.settle(answer("accept"));
  assert.ok(log.includes("done 1"));
});
