// @ts-check
/** The records as the reviewer sees them: what the server has acknowledged, with the operations under way applied on top. */

import { applyChanges, inverse, predict } from "./optimistic.js";
import { getField, same } from "./paths.js";
import { newOperationId, Queue } from "./queue.js";

/** @typedef {import("./types").Entry} Entry */
/** @typedef {import("./types").OperationAnswer} OperationAnswer */
/** @typedef {import("./types").RecordsAnswer} RecordsAnswer */
/** @typedef {import("./types").Difference} Difference */
/** @typedef {import("./optimistic.js").Operation} Operation */
/** @typedef {import("./optimistic.js").Change} Change */
/** @typedef {{operation: Operation, changes: Change[] | null}} Done */
/** @typedef {{operation: Operation, differences: Difference[]}} Conflict */
/** @typedef {"saving" | "saved" | "offline" | "conflict" | null} SaveState */
/**
 * @typedef {{
 *   records: (touched: Set<string>, structural: boolean) => void,
 *   state: () => void,
 *   conflict: () => void,
 *   refused: (operation: Operation, error: Error) => void,
 *   answer: (operation: Operation, answer: OperationAnswer) => void,
 *   stale: () => void,
 * }} StoreHooks
 */

export class Store {
  /** @type {Map<string, Entry>} */
  entries = new Map();
  /** Ids in the document's order. @type {string[]} */
  order = [];
  /** @type {import("./types").Unclaimed[]} */
  unclaimed = [];
  /** @type {{[field: string]: unknown} | null} */
  info = null;
  complete = false;
  readOnly = false; // the role may look, not change
  seq = 0;
  /** @type {import("./types").ApprovalState} */
  approval = { state: "open", by: [] };
  /** @type {import("./types").Step | null} */
  undo = null;
  /** @type {import("./types").Step | null} */
  redo = null;
  /** @type {Conflict[]} */
  conflicts = [];

  /** @type {Map<string, Entry>} */
  #server = new Map();
  /** @type {Map<string, Change[] | null>} */
  #predicted = new Map();
  /** @type {Done[]} */
  #done = [];
  /** @type {Done[]} */
  #undone = [];
  /** @type {Set<string>} */
  #saved = new Set();
  /** @type {Map<string, (answer: OperationAnswer | null) => void>} */
  #waiters = new Map();

  /**
   * @param {{send: (operation: Operation) => Promise<OperationAnswer>, storage: Storage, prefix: string, actor: string, hooks: StoreHooks}} options
   */
  constructor({ send, storage, prefix, actor, hooks }) {
    this.actor = actor;
    this.hooks = hooks;
    this.queue = new Queue(storage, prefix, {
      send,
      done: (operation, answer) => this.#acknowledged(operation, answer),
      conflict: (operation, body) => this.#conflicted(operation, body),
      refused: (operation, error) => this.#refused(operation, error),
      state: () => hooks.state(),
    });
  }

  /** Operations left from an earlier page are applied again and sent. */
  resume() {
    /** @type {Set<string>} */
    const touched = new Set();
    for (const operation of this.queue.restore()) for (const id of this.#expect(operation)) touched.add(id);
    this.#refresh(touched);
    if (this.queue.waiting.length) this.queue.start();
  }

  /** All records, or those changed since. @param {RecordsAnswer} answer @param {boolean} whole */
  merge(answer, whole) {
    /** @type {Set<string>} */
    const touched = new Set(answer.removed);
    if (whole) {
      const present = new Set(answer.records.map((entry) => entry.record.record_id));
      for (const id of this.#server.keys()) if (!present.has(id)) touched.add(id);
    }
    for (const id of touched) this.#server.delete(id);
    for (const entry of answer.records) {
      this.#server.set(entry.record.record_id, entry);
      touched.add(entry.record.record_id);
    }
    if (answer.unclaimed) this.unclaimed = answer.unclaimed;
    if (answer.info) this.info = answer.info;
    this.complete = answer.complete;
    this.seq = Math.max(this.seq, answer.seq);
    this.approval = answer.approval;
    this.undo = answer.undo;
    this.redo = answer.redo;
    this.#refresh(touched);
    this.hooks.state();
  }

  /** @param {string} id */
  entry(id) {
    return this.entries.get(id);
  }

  /** @param {string} id @returns {SaveState} */
  saveState(id) {
    if (this.conflicts.some((conflict) => conflict.differences.some((difference) => difference.record === id))) return "conflict";
    const under = this.queue.waiting.some((operation) => this.#concerns(operation, id));
    if (under) return this.queue.state === "offline" || this.queue.state === "login" ? "offline" : "saving";
    return this.#saved.has(id) ? "saved" : null;
  }

  /** @returns {{records: number, decided: number, rejected: number, blocking: number, undecided: string[], blocked: string[]}} */
  counts() {
    const undecided = [];
    const blocked = [];
    let rejected = 0;
    for (const id of this.order) {
      const entry = /** @type {Entry} */ (this.entries.get(id));
      if (entry.record.status === "rejected") rejected += 1;
      else if (entry.checks.some((check) => check.blocking && !check.waived)) blocked.push(id);
      if (entry.record.status === "draft") undecided.push(id);
    }
    return { records: this.order.length, decided: this.order.length - undecided.length, rejected, blocking: blocked.length, undecided, blocked };
  }

  canUndo() {
    return this.#done.length > 0 || this.undo !== null;
  }

  canRedo() {
    return this.#undone.length > 0 || this.redo !== null;
  }

  /** What the next undo or redo is about, where this page knows. @param {"undo" | "redo"} op @returns {Done | undefined} */
  lastStep(op) {
    const steps = op === "undo" ? this.#done : this.#undone;
    return steps[steps.length - 1];
  }

  /**
   * Applies an operation at once and sends it when its turn comes.
   * @param {{op: string, [other: string]: any}} request without its client_op_id
   * @returns {Promise<OperationAnswer | null>} the server's answer; null where it refused or a conflict is open
   */
  perform(request) {
    /** @type {Operation} */
    const operation = { ...request, client_op_id: newOperationId() };
    const touched = this.#expect(operation);
    const answered = new Promise((/** @type {(answer: OperationAnswer | null) => void} */ resolve) => this.#waiters.set(operation.client_op_id, resolve));
    this.queue.push(operation);
    this.#refresh(touched);
    this.hooks.state();
    return answered;
  }

  /** Keeps what the reviewer wrote over what another person wrote meanwhile, or lets the other stand. @param {Conflict} conflict @param {boolean} mine */
  resolve(conflict, mine) {
    this.conflicts = this.conflicts.filter((other) => other !== conflict);
    this.#refresh(new Set(conflict.differences.map((difference) => difference.record)));
    if (mine) {
      for (const request of renewed(conflict)) void this.perform(request);
    }
    this.hooks.state();
  }

  /** Works out what an operation will do and notes it for undo. @param {Operation} operation @returns {Set<string>} touched records */
  #expect(operation) {
    /** @type {Change[] | null} */
    let changes;
    if (operation.op === "undo" || operation.op === "redo") {
      const [from, to] = operation.op === "undo" ? [this.#done, this.#undone] : [this.#undone, this.#done];
      const last = from.pop();
      changes = last?.changes ? (operation.op === "undo" ? inverse(last.changes) : last.changes) : null;
      if (last) {
        to.push(last);
        operation.steps = last.operation.client_op_id;
      }
    } else {
      changes = predict(operation, (id) => this.entries.get(id));
      this.#done.push({ operation, changes });
      this.#undone = [];
    }
    this.#predicted.set(operation.client_op_id, changes);
    return new Set(changes?.map((change) => change.record));
  }

  /** @param {Operation} operation @param {string} id */
  #concerns(operation, id) {
    if (operation.record === id || (operation.op === "merge" && operation.records.includes(id))) return true;
    return this.#predicted.get(operation.client_op_id)?.some((change) => change.record === id) ?? false;
  }

  /** Shows some records anew from the server's state and the operations under way. @param {Set<string>} touched */
  #refresh(touched) {
    let structural = false;
    for (const id of touched) {
      const base = this.#server.get(id);
      const before = this.entries.get(id);
      if (!base) {
        structural = this.entries.delete(id) || structural;
        continue;
      }
      let entry = base;
      for (const operation of this.queue.waiting) {
        const changes = this.#predicted.get(operation.client_op_id);
        if (changes) entry = applyChanges(entry, changes, this.actor);
      }
      this.entries.set(id, entry);
      if (!before || before.position !== entry.position) structural = true;
    }
    if (structural) {
      this.order = Array.from(this.entries.values())
        .sort((one, other) => one.position - other.position)
        .map((entry) => entry.record.record_id);
    }
    if (touched.size) this.hooks.records(touched, structural);
  }

  /** @param {Operation} operation @returns {Set<string>} the records that it was expected to change */
  #settle(operation) {
    const changes = this.#predicted.get(operation.client_op_id);
    this.#predicted.delete(operation.client_op_id);
    const touched = new Set(changes?.map((change) => change.record));
    if (operation.record) touched.add(operation.record);
    return touched;
  }

  /** @param {Operation} operation @param {OperationAnswer} answer */
  #acknowledged(operation, answer) {
    const touched = this.#settle(operation);
    for (const id of answer.removed) {
      this.#server.delete(id);
      touched.add(id);
    }
    for (const id of touched) this.#saved.add(id);
    for (const entry of answer.records) {
      const id = entry.record.record_id;
      const known = this.#server.get(id);
      if (!known || known.version <= entry.version) this.#server.set(id, entry);
      touched.add(id);
      if (!known || known.version < entry.version) this.#saved.add(id); // others only look different: their checks, their risk
    }
    const missed = answer.seq > this.seq + 1;
    if (!missed) this.seq = Math.max(this.seq, answer.seq);
    this.undo = answer.undo;
    this.redo = answer.redo;
    this.approval = answer.approval;
    this.#refresh(touched);
    this.hooks.state();
    this.hooks.answer(operation, answer);
    if (missed) this.hooks.stale();
    this.#answer(operation, answer);
  }

  /** @param {Operation} operation @param {{conflicts: Difference[], records?: Entry[]}} body */
  #conflicted(operation, body) {
    const touched = this.#settle(operation);
    this.#never(operation);
    for (const entry of body.records ?? []) {
      this.#server.set(entry.record.record_id, entry);
      touched.add(entry.record.record_id);
    }
    const differences = body.conflicts.map((difference) => ({ ...difference, yours: this.#latest(difference) ?? difference.yours }));
    if (operation.op !== "undo" && operation.op !== "redo") this.conflicts.push({ operation, differences });
    this.#refresh(touched);
    this.hooks.state();
    if (operation.op === "undo" || operation.op === "redo") this.hooks.refused(operation, new Error("conflict"));
    else this.hooks.conflict();
    this.#answer(operation, null);
  }

  /** Later edits of a field in conflict, still waiting, give the value to keep and are not sent. @param {Difference} difference */
  #latest(difference) {
    let value;
    const gone = this.queue.drop((other) => {
      if (other.op !== "edit" || other.record !== difference.record) return false;
      return other.changes.length === 1 && other.changes[0].field === difference.field;
    });
    for (const other of gone) {
      value = other.changes[0].after;
      this.#settle(other);
      this.#never(other);
      this.#answer(other, null);
    }
    return value;
  }

  /** @param {Operation} operation @param {Error} error */
  #refused(operation, error) {
    const touched = this.#settle(operation);
    this.#never(operation);
    this.#refresh(touched);
    this.hooks.state();
    this.hooks.refused(operation, error);
    this.#answer(operation, null);
  }

  /** An operation that did not happen has no undo, not even one already under way. @param {Operation} operation */
  #never(operation) {
    const id = operation.client_op_id;
    this.#done = this.#done.filter((done) => done.operation.client_op_id !== id);
    this.#undone = this.#undone.filter((done) => done.operation.client_op_id !== id);
    for (const step of this.queue.drop((other) => other.steps === id)) {
      for (const record of this.#settle(step)) this.#refresh(new Set([record]));
      this.#answer(step, null);
    }
  }

  /** @param {Operation} operation @param {OperationAnswer | null} answer */
  #answer(operation, answer) {
    this.#waiters.get(operation.client_op_id)?.(answer);
    this.#waiters.delete(operation.client_op_id);
  }
}

/** The operations of a conflict over again, starting from the values that stand now. @param {Conflict} conflict */
function renewed({ operation, differences }) {
  const { client_op_id: _, ...request } = operation;
  const current = new Map(differences.map((difference) => [`${difference.record} ${difference.field}`, difference]));
  if (request.op === "edit") {
    const changes = request.changes.map((/** @type {any} */ change) => {
      const difference = current.get(`${request.record} ${change.field}`);
      return difference ? { field: change.field, before: difference.current, after: difference.yours } : change;
    });
    return [{ ...request, changes: changes.filter((/** @type {any} */ change) => !same(change.before, change.after)) }].filter((edit) => edit.changes.length);
  }
  const own = differences[0];
  return [own && "before" in request ? { ...request, before: own.current } : request];
}

/** The value that an edit must name as the one before. @param {Entry} entry @param {string} field */
export function valueBefore(entry, field) {
  const value = getField(entry.record, field);
  return value === undefined ? null : value;
}
