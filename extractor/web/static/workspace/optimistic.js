// @ts-check
/** What an operation will change, as far as the client can tell before the server answers. Pure. */

import { getField, same, withField } from "./paths.js";

/** @typedef {import("./types").Entry} Entry */
/**
 * @typedef {{record: string, field: string, before: unknown, after: unknown}} Change
 * @typedef {{client_op_id: string, op: string, [other: string]: any}} Operation
 */

const STATUS = /** @type {{[op: string]: string}} */ ({ accept: "approved", reject: "rejected", reopen: "draft" });

/**
 * @param {Operation} operation
 * @param {(id: string) => Entry | undefined} entry
 * @returns {Change[] | null} null: only the server knows (split, merge, fill …)
 */
export function predict(operation, entry) {
  const { op } = operation;
  if (op in STATUS) return [{ record: operation.record, field: "status", before: operation.before, after: STATUS[op] }];
  if (op === "edit") {
    return operation.changes.map((/** @type {any} */ change) => ({ record: operation.record, field: change.field, before: change.before, after: change.after }));
  }
  if (op === "waive") {
    return [{ record: operation.record, field: `waived/${operation.code}`, before: !operation.waived, after: operation.waived }];
  }
  if (op === "accept_many") {
    return operation.records
      .filter((/** @type {string} */ id) => entry(id)?.record.status === "draft")
      .map((/** @type {string} */ id) => ({ record: id, field: "status", before: "draft", after: "approved" }));
  }
  return null;
}

/** @param {Change[]} changes @returns {Change[]} what takes them back */
export function inverse(changes) {
  return changes.map(({ record, field, before, after }) => ({ record, field, before: after, after: before })).reverse();
}

/**
 * @param {Entry} entry @param {Change[]} changes of any records; others' are passed over
 * @param {string} actor @returns {Entry} a copy, or the entry itself where nothing concerns it
 */
export function applyChanges(entry, changes, actor) {
  let next = entry;
  for (const change of changes) {
    if (change.record !== entry.record.record_id) continue;
    if (change.field.startsWith("waived/")) {
      const code = change.field.slice("waived/".length);
      next = { ...next, checks: next.checks.map((check) => (check.code === code ? { ...check, waived: Boolean(change.after) } : check)) };
      continue;
    }
    if (same(getField(next.record, change.field), change.after)) continue;
    const element = change.after === null ? /^(targets|deadlines|responsible)\/(\d+)$/.exec(change.field) : null;
    const record = element
      ? withField(next.record, element[1], getField(next.record, element[1]).filter((/** @type {unknown} */ _, /** @type {number} */ at) => at !== Number(element[2])))
      : withField(next.record, change.field, change.after);
    const setBy = change.field === "status" ? next.set_by : { ...next.set_by, [change.field]: { actor, at: new Date().toISOString(), seq: -1 } };
    next = { ...next, record, set_by: setBy };
  }
  return next;
}
