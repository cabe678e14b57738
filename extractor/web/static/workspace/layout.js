// @ts-check
/** Puts the parts of the record side together: filter, list, form, history, bar; and the splitter between both sides. */

import { t } from "./i18n.js";
import { composing, keyOf } from "./keys.js";
import { button, h, setText } from "./ui.js";

const FILTERS = ["all", "undecided", "failed", "unsure", "rejected"];
const WIDE = 640; // from here on list and form stand side by side

export class Layout {
  /**
   * @param {{
   *   list: import("./records.js").RecordList, form: import("./form.js").RecordForm, bar: import("./approve.js").ApproveBar,
   *   history: import("./history.js").HistoryPanel, changed: (filter: import("./review.js").Filter) => void, entered: () => void, order: () => void, act: (action: string) => void,
   * }} options
   */
  constructor({ list, form, bar, history, changed, entered, order, act }) {
    this.list = list;
    this.words = h("input", { type: "search", class: "ws-filter", placeholder: t("ws.filter.words"), "aria-label": t("ws.filter.words"), autocomplete: "off" });
    this.which = h("select", { class: "ws-which", "aria-label": t("ws.filter.which") }, ...FILTERS.map((name) => h("option", { value: name }, t(`ws.filter.${name}`))));
    this.order = button({ label: "", key: keyOf("order"), class: "small", run: order });
    this.undo = button({ label: t("ws.action.undo"), key: keyOf("undo"), class: "small", run: () => act("undo") });
    this.redo = button({ label: t("ws.action.redo"), key: keyOf("redo"), class: "small", run: () => act("redo") });
    const tools = h("div", { class: "ws-tools" }, this.words, h("kbd", { class: "ws-filter-key", "aria-hidden": "true" }, "/"), this.which, this.order,
      h("span", { class: "ws-spring" }), this.undo, this.redo, button({ label: t("ws.action.bulk"), key: keyOf("bulk"), class: "small", run: () => act("bulk") }),
      button({ label: t("ws.action.add"), key: keyOf("add"), class: "small", run: () => act("add") }));
    this.root = /** @type {HTMLElement} */ (document.getElementById("records"));
    this.root.replaceChildren(tools, h("div", { class: "ws-columns" }, h("div", { class: "ws-left" }, list.node, history.node), form.node), bar.node);
    this.setOrder("risk");
    const tell = () => changed({ words: this.words.value.trim(), which: this.which.value });
    this.words.addEventListener("input", (event) => {
      if (!(/** @type {InputEvent} */ (event).isComposing)) tell();
    });
    this.words.addEventListener("compositionend", tell);
    this.words.addEventListener("keydown", (event) => {
      if (composing(event) || (event.key !== "Enter" && event.key !== "Escape")) return;
      if (event.key === "Escape" && this.words.value) {
        this.words.value = "";
        tell();
      }
      event.preventDefault();
      event.stopPropagation();
      entered();
    });
    this.which.addEventListener("change", () => {
      tell();
      entered();
    });
    const resized = () => this.root.classList.toggle("wide", this.root.clientWidth >= WIDE);
    new ResizeObserver(resized).observe(this.root);
    resized();
    splitter();
  }

  /** @param {import("./order.js").OrderMode} order */
  setOrder(order) {
    setText(/** @type {Element} */ (this.order.firstElementChild), t(`ws.order.${order}.short`));
  }

  /** @param {import("./review.js").Filter} filter */
  setFilter(filter) {
    this.words.value = filter.words;
    this.which.value = FILTERS.includes(filter.which) ? filter.which : "all";
  }

  focusFilter() {
    this.words.focus();
    this.words.select();
  }

  /** @param {import("./store.js").Store} store */
  update(store) {
    this.undo.disabled = !store.canUndo();
    this.redo.disabled = !store.canRedo();
  }

  /** F6: from one region of the page to the next. @param {1 | -1} step */
  region(step) {
    const regions = [this.list.node, /** @type {HTMLElement | null} */ (this.root.querySelector(".ws-form .ws-value")), /** @type {HTMLElement | null} */ (this.root.querySelector(".ws-bar button:not(:disabled)")),
      document.getElementById("back"), paneTarget()];
    const holders = [this.list.node, this.root.querySelector(".ws-form"), this.root.querySelector(".ws-bar"), document.getElementById("bar"), document.getElementById("pane")];
    const at = holders.findIndex((holder) => holder?.contains(document.activeElement));
    for (let turn = 1; turn <= regions.length; turn += 1) {
      const node = regions[(((at + step * turn) % regions.length) + regions.length) % regions.length];
      if (!node) continue;
      node.focus({ preventScroll: true });
      if (document.activeElement === node) return;
    }
  }
}

/** @returns {HTMLElement | null} */
function paneTarget() {
  const pane = document.getElementById("pane");
  const inside = /** @type {HTMLElement | null} */ (pane?.querySelector("[tabindex='0'], button, a[href]") ?? null);
  if (!inside && pane) pane.tabIndex = -1;
  return inside ?? pane;
}

/** The share of the width that the document has: by mouse and by arrow keys, kept in the browser. */
function splitter() {
  const bar = document.getElementById("splitter");
  const main = document.getElementById("workspace");
  if (!bar || !main || bar.dataset.wired) return;
  bar.dataset.wired = "true";
  /** @param {number} share */
  const set = (share) => {
    const own = Math.round(Math.min(80, Math.max(20, share)));
    main.style.setProperty("--split", `${own}%`);
    bar.setAttribute("aria-valuenow", String(own));
    localStorage.setItem("ws.split", String(own));
  };
  const kept = Number(localStorage.getItem("ws.split"));
  set(kept || 46);
  bar.addEventListener("keydown", (event) => {
    const now = Number(bar.getAttribute("aria-valuenow"));
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    event.stopPropagation();
    set(now + (event.key === "ArrowLeft" ? -2 : 2));
  });
  bar.addEventListener("pointerdown", (event) => {
    bar.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  bar.addEventListener("pointermove", (event) => {
    if (!bar.hasPointerCapture(event.pointerId)) return;
    const box = main.getBoundingClientRect();
    set(((event.clientX - box.left) / box.width) * 100);
  });
}
