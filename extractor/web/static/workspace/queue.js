// @ts-check
/** Operations on their way to the server: kept in local storage until acknowledged, sent in order, sent again when offline. */

import { ApiError } from "./errors.js";

/**
 * @typedef {import("./optimistic.js").Operation} Operation
 * @typedef {import("./types").OperationAnswer} OperationAnswer
 * @typedef {"idle" | "saving" | "offline" | "login"} QueueState
 * @typedef {{
 *   send: (operation: Operation) => Promise<OperationAnswer>,
 *   done: (operation: Operation, answer: OperationAnswer) => void,
 *   conflict: (operation: Operation, body: any) => void,
 *   refused: (operation: Operation, error: Error) => void,
 *   state: (state: QueueState) => void,
 * }} Hooks
 */

const FIRST_WAIT = 500;
const LONGEST_WAIT = 30000;
const SERVER_ERRORS_BEFORE_REFUSAL = 6;

/** @returns {string} a name no other operation has */
export function newOperationId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Queue {
  /** @type {Operation[]} */
  waiting = [];
  /** @type {QueueState} */
  state = "idle";
  #sending = false;
  /** @type {Operation | null} */
  #onWire = null;
  #wait = FIRST_WAIT;
  #failures = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer = undefined;
  #count = 0;
  #names = new Map();

  /**
   * @param {Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">} storage
   * @param {string} prefix one for each document and person: each operation has a key of its own, so tabs never overwrite each other
   * @param {Hooks} hooks
   */
  constructor(storage, prefix, hooks) {
    this.storage = storage;
    this.prefix = prefix;
    this.hooks = hooks;
  }

  /** The operations that an earlier page left unacknowledged, oldest first; they wait until `start`. */
  restore() {
    /** @type {string[]} */
    const names = [];
    for (let at = 0; at < this.storage.length; at += 1) {
      const name = this.storage.key(at);
      if (name && name.startsWith(this.prefix)) names.push(name);
    }
    for (const name of names.sort()) {
      try {
        const operation = JSON.parse(this.storage.getItem(name) ?? "");
        if (!operation?.client_op_id || !operation.op) throw new Error("no operation");
        this.waiting.push(operation);
        this.#names.set(operation.client_op_id, name);
      } catch {
        this.storage.removeItem(name);
      }
    }
    return this.waiting.slice();
  }

  /** @param {Operation} operation */
  push(operation) {
    this.#count += 1;
    const name = `${this.prefix}${Date.now().toString().padStart(15, "0")}-${String(this.#count).padStart(6, "0")}`;
    this.#names.set(operation.client_op_id, name);
    try {
      this.storage.setItem(name, JSON.stringify(operation));
    } catch {
      // A full or forbidden storage costs only the safety net; the operation is sent all the same.
    }
    this.waiting.push(operation);
    this.start();
  }

  /** Takes out operations that have lost their sense, such as the undo of a refused one. @param {(operation: Operation) => boolean} unwanted */
  drop(unwanted) {
    const gone = this.waiting.filter((operation) => operation !== this.#onWire && unwanted(operation));
    this.waiting = this.waiting.filter((operation) => !gone.includes(operation));
    for (const operation of gone) this.#forget(operation);
    return gone;
  }

  /** Sends what waits; also called when the network is back. */
  start() {
    clearTimeout(this.#timer);
    if (!this.#sending) void this.#run();
  }

  async #run() {
    this.#sending = true;
    while (this.waiting.length) {
      if (this.state === "idle") this.#setState("saving");
      const operation = this.waiting[0];
      /** @type {OperationAnswer} */
      let answer;
      this.#onWire = operation;
      try {
        answer = await this.hooks.send(operation);
        this.#onWire = null;
      } catch (error) {
        this.#onWire = null;
        if (!this.#failed(operation, /** @type {Error} */ (error))) {
          this.#sending = false;
          this.#timer = setTimeout(() => this.start(), this.#wait);
          this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
          return;
        }
        continue;
      }
      this.#succeeded(operation);
      this.hooks.done(operation, answer);
    }
    this.#sending = false;
    this.#setState("idle");
  }

  /** @param {Operation} operation */
  #succeeded(operation) {
    this.#wait = FIRST_WAIT;
    this.#failures = 0;
    this.waiting.shift();
    this.#forget(operation);
    this.#setState("saving"); // idle comes when the hooks have run and nothing is left
  }

  /** @param {Operation} operation @param {Error} error @returns {boolean} whether the operation is settled and the next can go */
  #failed(operation, error) {
    const status = error instanceof ApiError ? error.status : 0;
    if (status === 500) this.#failures += 1;
    if (status === 401) this.#setState("login");
    else if (!status || status === 408 || status === 429 || (status >= 500 && this.#failures < SERVER_ERRORS_BEFORE_REFUSAL)) {
      this.#setState("offline");
    } else {
      this.#succeeded(operation);
      if (status === 409 && error instanceof ApiError && Array.isArray(error.body?.conflicts)) this.hooks.conflict(operation, error.body);
      else this.hooks.refused(operation, error);
      return true;
    }
    return false;
  }

  /** @param {Operation} operation */
  #forget(operation) {
    const name = this.#names.get(operation.client_op_id);
    if (name) this.storage.removeItem(name);
    this.#names.delete(operation.client_op_id);
  }

  /** @param {QueueState} state */
  #setState(state) {
    if (state === this.state) return;
    this.state = state;
    this.hooks.state(state);
  }
}
