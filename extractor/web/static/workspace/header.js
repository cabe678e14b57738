// @ts-check
/** The line over the workspace: extraction's progress, what is saved, export, import, sending. */

import { announce } from "./announce.js";
import { t, tOr } from "./i18n.js";
import { h, setAttribute, setText } from "./ui.js";

/** @typedef {import("./store.js").Store} Store */

export class Header {
  /** @type {() => void} */
  onConflict = () => undefined;
  #before = "";

  /** @param {import("./types").DocumentInfo} doc @param {{send: () => void, load: () => void}} hooks */
  constructor(doc, { send, load }) {
    this.saved = document.getElementById("saved") ?? h("span");
    this.saved.setAttribute("aria-live", "off"); // each decision would be spoken twice
    this.state = document.getElementById("state") ?? h("span");
    this.approval = document.getElementById("approval") ?? h("span");
    this.menu = /** @type {HTMLDetailsElement | null} */ (document.getElementById("export-menu"));
    const sheet = this.menu?.querySelector(".sheet");
    sheet?.append(h("p", { class: "ws-menu-more" }, h("button", { type: "button", onclick: () => this.#then(load) }, t("ws.import.title")), h("button", { type: "button", onclick: () => this.#then(send) }, t("ws.send"))));
    this.menu?.addEventListener("keydown", (event) => this.#press(event));
    document.addEventListener("click", (event) => {
      if (this.menu?.open && event.target instanceof Node && !this.menu.contains(event.target)) this.menu.open = false;
    });
    this.saved.addEventListener("click", () => this.onConflict());
    document.getElementById("help-link")?.setAttribute("aria-keyshortcuts", "?");
    this.progress({ state: doc.state, stage: doc.stage, done: doc.done, total: doc.total, records: doc.records });
  }

  /** @param {() => void} run */
  #then(run) {
    if (this.menu) this.menu.open = false;
    run();
  }

  /** @param {Store} store */
  update(store) {
    const waiting = store.queue.waiting.length;
    const kind = store.conflicts.length ? "conflict" : waiting ? (store.queue.state === "offline" || store.queue.state === "login" ? store.queue.state : "saving") : "saved";
    setText(this.saved, t(`ws.saved.${kind}`, { count: kind === "conflict" ? store.conflicts.length : waiting }));
    setAttribute(this.saved, "class", `ws-saved ${kind}`);
    if (kind !== this.#before && (kind === "offline" || kind === "login" || this.#before === "offline")) announce(this.saved.textContent ?? "");
    this.#before = kind;
    setText(this.approval, t(`ws.approval_state.${store.approval.state}`));
    setAttribute(this.approval, "class", `badge ${store.approval.state === "approved" ? "ok" : store.approval.state === "first" ? "info" : ""}`);
  }

  /** @param {{state: string, stage: string | null, done: number, total: number, records: number}} progress */
  progress({ state, stage, done, total }) {
    const words = state === "running" && stage ? `${tOr(`ws.stage.${stage}`, t("ws.state.running"))}${total ? ` ${done}/${total}` : ""}` : t(`ws.state.${state}`);
    setText(this.state, words);
    setAttribute(this.state, "class", `badge ${state === "ready" ? "ok" : state === "failed" ? "bad" : "info"}`);
  }

  openExport() {
    if (!this.menu) return;
    this.menu.open = true;
    /** @type {HTMLElement | null} */ (this.menu.querySelector(".sheet a"))?.focus();
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (!this.menu?.open) return;
    const items = /** @type {HTMLElement[]} */ (Array.from(this.menu.querySelectorAll(".sheet a, .sheet button")));
    const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    if (event.key === "Escape") {
      this.menu.open = false;
      document.getElementById("ws-list")?.focus();
    } else if (event.key === "ArrowDown") items[(at + 1) % items.length]?.focus();
    else if (event.key === "ArrowUp") items[(at - 1 + items.length) % items.length]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
