// Entries as the server sends them, for the tests of the record side.
import { webcrypto } from "node:crypto";

if (!globalThis.crypto) globalThis.crypto = webcrypto; // node 18, which Debian 12 has

/** `risk`: what differs from a record that is hardly in doubt. */
export function entry(id, position, fields = {}) {
  const { checks = [], set_by = {}, version = 0, risk = {}, ...record } = fields;
  return {
    record: {
      record_id: id, path: ["民生"], number: null, text: `新建养老服务站${position}个`, kind: "target", tier: null, points: null, row_points: null,
      per_occurrence: false, points_cap: null, deadlines: [], responsible: [], assessed: [], scoring_text: null, notes: null,
      targets: [{ metric: "新建养老服务站", op: "ge", value: 5, upper: null, unit: "个", per: null, baseline: null, implicit: false, alternative: 0, due: null, scope: null, raw: "5个", strength: null, evidence: null }],
      evidence: { start: position * 100, end: position * 100 + 20 }, field_evidence: {}, field_confidence: {}, confidence: 0.95, status: "draft", issues: [], ...record,
    },
    position, origin: "machine", set_by, inherited: [], checks, version,
    risk: { stake: 1, record: 0.05, band: 2, fields: { text: 0.02, kind: 0.05, "targets/0/metric": 0.05, "targets/0/op": 0.05, "targets/0/value": 0.05, "targets/0/unit": 0.05 }, ...risk },
  };
}

export function records(entries, more = {}) {
  return { seq: 0, complete: true, info: null, records: entries, removed: [], unclaimed: [], counts: {}, undo: null, redo: null, approval: { state: "open", by: [] }, ...more };
}

export function answer(op, entries = [], more = {}) {
  return { seq: 1, op, records: entries, removed: [], counts: {}, undo: null, redo: null, approval: { state: "open", by: [] }, focus: null, ...more };
}

/** A localStorage of its own. */
export class Memory {
  #values = new Map();
  get length() { return this.#values.size; }
  key(at) { return Array.from(this.#values.keys())[at] ?? null; }
  getItem(name) { return this.#values.get(name) ?? null; }
  setItem(name, value) { this.#values.set(name, String(value)); }
  removeItem(name) { this.#values.delete(name); }
}

/** A server that answers when told to: `sent` holds what came, `settle` and `fail` answer the oldest. */
export class Wire {
  sent = [];
  #open = [];
  send = (operation) => {
    this.sent.push(operation);
    return new Promise((resolve, reject) => this.#open.push({ resolve, reject }));
  };
  async settle(value) {
    this.#open.shift().resolve(value);
    await this.turn();
  }
  async fail(error) {
    this.#open.shift().reject(error);
    await this.turn();
  }
  turn() {
    return new Promise((resolve) => setImmediate(resolve));
  }
}
