// @ts-check
/** The last ten decisions, always in sight; a click goes to the record. */

import { t, tOr } from "./i18n.js";
import { h, setText } from "./ui.js";

const SHOWN = 10;

/** @typedef {{key: string, op: string, record: string | null, words: string, actor: string, at: string, pending: boolean}} Line */

export class HistoryPanel {
  /** @type {Line[]} */
  lines = [];

  /** @param {{pick: (record: string) => void, words: (record: string) => string, actor: string}} hooks */
  constructor({ pick, words, actor }) {
    this.words = words;
    this.actor = actor;
    this.list = h("ol", { class: "ws-history-list", "aria-label": t("ws.history.title") });
    this.node = h("section", { class: "ws-history", "aria-label": t("ws.history.title"), "data-review": true }, h("h2", {}, t("ws.history.title"), h("kbd", { "aria-hidden": "true" }, "H")), this.list);
    this.list.addEventListener("click", (event) => {
      const id = event.target instanceof Element ? event.target.closest("[data-record]")?.getAttribute("data-record") : null;
      if (id) pick(id);
    });
  }

  /** @param {any[]} events newest first */
  load(events) {
    this.lines = events.slice(0, SHOWN).map((event) => {
      const change = (event.changes ?? []).find((/** @type {any} */ candidate) => candidate.record);
      return { key: event.client_op_id, op: event.op, record: change?.record ?? null, words: this.#words(change?.record ?? null, countRecords(event.changes ?? [])), actor: event.actor, at: event.at, pending: false };
    });
    this.draw();
  }

  /** @param {import("./optimistic.js").Operation} operation @param {string | null} record @param {number} [count] */
  add(operation, record, count = 1) {
    if (this.lines.some((line) => line.key === operation.client_op_id)) return;
    this.lines.unshift({ key: operation.client_op_id, op: operation.op, record, words: this.#words(record, count), actor: this.actor, at: new Date().toISOString(), pending: true });
    this.lines.length = Math.min(this.lines.length, SHOWN);
    this.draw();
  }

  /** @param {string | null} record @param {number} count */
  #words(record, count) {
    if (count > 1) return t("ws.history.many", { count });
    return record ? this.words(record) : "";
  }

  draw() {
    while (this.list.children.length > this.lines.length) this.list.lastElementChild?.remove();
    this.lines.forEach((line, at) => {
      let item = /** @type {HTMLElement | undefined} */ (this.list.children[at]);
      if (!item) {
        item = h("li", {}, h("button", { type: "button" }, h("span", { class: "op" }), h("span", { class: "words" }), h("span", { class: "when" })));
        this.list.append(item);
      }
      const button = /** @type {HTMLElement} */ (item.firstElementChild);
      if (line.record) button.setAttribute("data-record", line.record);
      else button.removeAttribute("data-record");
      setText(button.children[0], tOr(`ws.op.${line.op}`, line.op));
      setText(button.children[1], line.words);
      setText(button.children[2], `${line.actor === this.actor ? "" : `${line.actor} `}${clock(line.at)}`);
    });
  }

  focus() {
    this.list.querySelector("button")?.focus();
  }
}

/** @param {any[]} changes */
function countRecords(changes) {
  return new Set(changes.map((change) => change.record).filter(Boolean)).size;
}

/** @param {string} at */
function clock(at) {
  const time = new Date(at);
  return `${String(time.getHours()).padStart(2, "0")}:${String(time.getMinutes()).padStart(2, "0")}`;
}
