// @ts-check
/** The list of records: grouped by path, drawn only where it is seen, one tab stop whose active option follows the focus. */

import { t } from "./i18n.js";
import { band } from "./paths.js";
import { openChecks } from "./order.js";
import { h, setAttribute, setText } from "./ui.js";

/** @typedef {import("./types").Entry} Entry */
/** @typedef {import("./store.js").SaveState} SaveState */
/** @typedef {{key: string, id: string | null, path: string, top: number, height: number, at: number}} Row */
/** @typedef {{node: HTMLElement, number: HTMLElement, text: HTMLElement, kind: HTMLElement, sure: HTMLElement, checks: HTMLElement, status: HTMLElement, save: HTMLElement, spoken: HTMLElement}} Parts */

export const RECORD_HEIGHT = 52;
export const GROUP_HEIGHT = 26;
const BEYOND = 260; // pixels drawn above and below what is seen

export class RecordList {
  /** @type {Row[]} */
  #rows = [];
  /** @type {Map<string, Row>} */
  #byId = new Map();
  /** @type {Map<string, Parts | null>} */
  #drawn = new Map();
  /** @type {Map<string, HTMLElement>} */
  #nodes = new Map();
  /** @type {string | null} */
  active = null;
  #frame = 0;
  // Where it is scrolled to and how high it is: kept, since asking after a change makes the browser lay out at once.
  #top = 0;
  #height = 600;

  /**
   * @param {{entry: (id: string) => Entry | undefined, saveState: (id: string) => SaveState, pick: (id: string) => void}} options
   */
  constructor({ entry, saveState, pick }) {
    this.entry = entry;
    this.saveState = saveState;
    this.space = h("div", { class: "ws-list-space", role: "none" });
    this.node = h("div", { class: "ws-list", role: "listbox", tabindex: "0", "aria-label": t("ws.list.label"), id: "ws-list", "data-review": true }, this.space);
    this.node.addEventListener("scroll", () => {
      this.#top = this.node.scrollTop;
      this.#later();
    }, { passive: true });
    this.node.addEventListener("click", (event) => {
      const row = event.target instanceof Element ? event.target.closest("[data-id]") : null;
      const id = row?.getAttribute("data-id");
      if (id) pick(id);
    });
    new ResizeObserver(() => {
      this.#height = this.node.clientHeight;
      this.#later();
    }).observe(this.node);
  }

  /** @param {string[]} ids those to be listed, in order */
  setRows(ids) {
    this.#rows = [];
    this.#byId.clear();
    let top = 0;
    let path = "\0";
    let at = 0;
    for (const id of ids) {
      const entry = this.entry(id);
      if (!entry) continue;
      const own = entry.record.path.join(" › ");
      if (own !== path) {
        path = own;
        this.#rows.push({ key: `g${id}`, id: null, path, top, height: GROUP_HEIGHT, at: 0 });
        top += GROUP_HEIGHT;
      }
      at += 1;
      const row = { key: id, id, path, top, height: RECORD_HEIGHT, at };
      this.#rows.push(row);
      this.#byId.set(id, row);
      top += RECORD_HEIGHT;
    }
    this.total = at;
    this.space.style.height = `${top}px`;
    this.draw(true);
  }

  /** @param {string} id @returns {boolean} */
  has(id) {
    return this.#byId.has(id);
  }

  /** Ids as listed. */
  ids() {
    return Array.from(this.#byId.keys());
  }

  /** Ids of the rows that exist in the page. */
  drawnIds() {
    return Array.from(this.#drawn.keys());
  }

  /** @param {string | null} id @param {boolean} [scroll] */
  setActive(id, scroll = true) {
    const before = this.active;
    this.active = id;
    if (before && before !== id) this.update([before]);
    if (id) {
      const row = this.#byId.get(id);
      if (row && scroll) this.#show(row);
      this.draw();
      this.update([id]);
    }
    setAttribute(this.node, "aria-activedescendant", id && this.#byId.has(id) ? `r-${id}` : null);
  }

  /** @param {Iterable<string>} ids */
  update(ids) {
    for (const id of ids) {
      const parts = this.#drawn.get(id);
      const row = this.#byId.get(id);
      if (parts && row) this.#fill(parts, row);
    }
  }

  /** @param {Row} row */
  #show(row) {
    if (row.top < this.#top + GROUP_HEIGHT) this.scrollTo(row.top - this.#height / 3);
    else if (row.top + row.height > this.#top + this.#height) this.scrollTo(row.top - (this.#height * 2) / 3);
  }

  /** @param {number} top pixels */
  scrollTo(top) {
    const end = this.#rows.length ? this.#rows[this.#rows.length - 1].top + RECORD_HEIGHT : 0;
    this.#top = Math.round(Math.max(0, Math.min(top, end - this.#height)));
    this.node.scrollTop = this.#top;
  }

  /** Pixels from the top. */
  get scrolled() {
    return this.#top;
  }

  #later() {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.draw();
    });
  }

  /** @param {boolean} [anew] also what is drawn already */
  draw(anew = false) {
    const from = this.#top - BEYOND;
    const to = this.#top + this.#height + BEYOND;
    /** @type {Map<string, Row>} */
    const wanted = new Map();
    for (let at = this.#firstBelow(from); at < this.#rows.length && this.#rows[at].top < to; at += 1) wanted.set(this.#rows[at].key, this.#rows[at]);
    const kept = this.active ? this.#byId.get(this.active) : undefined;
    if (kept) wanted.set(kept.key, kept); // the active option must exist for a screen reader
    for (const [key, node] of this.#nodes) {
      if (wanted.has(key)) continue;
      node.remove();
      this.#nodes.delete(key);
      this.#drawn.delete(key);
    }
    for (const row of wanted.values()) {
      let node = this.#nodes.get(row.key);
      const fresh = !node;
      if (!node) {
        node = row.id ? this.#make(row) : h("div", { class: "ws-group", role: "presentation" });
        this.#nodes.set(row.key, node);
        this.space.append(node);
      }
      if (fresh || anew) {
        node.style.transform = `translateY(${row.top}px)`;
        const parts = this.#drawn.get(row.key);
        if (parts) this.#fill(parts, row);
        else {
          setText(node, shortPath(row.path) || t("ws.list.no_path"));
          setAttribute(node, "title", row.path);
        }
      }
    }
  }

  /** @param {number} top @returns {number} */
  #firstBelow(top) {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#rows[middle].top + this.#rows[middle].height < top) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** @param {Row} row */
  #make(row) {
    const number = h("span", { class: "ws-number" });
    const text = h("span", { class: "ws-text" });
    const kind = h("span", { class: "ws-kind" });
    const sure = h("span", { class: "ws-sure" });
    const checks = h("span", { class: "ws-failed", "aria-hidden": "true" });
    const status = h("span", { class: "ws-status", "aria-hidden": "true" });
    const spoken = h("span", { class: "visually-hidden" }); // what the signs mean
    const save = h("span", { class: "ws-save" });
    const node = h("div", { class: "ws-row", role: "option", id: `r-${row.id}`, "data-id": row.id },
      status, h("span", { class: "ws-row-words" }, number, text), h("span", { class: "ws-row-side" }, h("span", {}, kind, checks), h("span", {}, save, h("span", { class: "visually-hidden" }, t("ws.sure")), sure)), spoken);
    this.#drawn.set(row.key, { node, number, text, kind, sure, checks, status, save, spoken });
    return node;
  }

  /** @param {Parts} parts @param {Row} row */
  #fill(parts, row) {
    const entry = row.id ? this.entry(row.id) : undefined;
    if (!entry || !row.id) return;
    const { record } = entry;
    const failed = openChecks(entry);
    const blocking = failed.some((check) => check.blocking);
    const sure = band(record.confidence);
    const save = this.saveState(row.id);
    const active = row.id === this.active;
    setText(parts.number, record.number ?? "");
    setText(parts.text, record.text);
    setText(parts.kind, t(`ws.kind.${record.kind}`));
    setText(parts.status, STATUS_MARK[record.status]);
    setText(parts.checks, failed.length ? `⚠${failed.length}` : "");
    setText(parts.save, save && save !== "saved" ? t(`ws.save.${save}`) : "");
    setText(parts.sure, t(`ws.band.${sure}`));
    setAttribute(parts.sure, "class", `ws-sure ${sure}`);
    setAttribute(parts.save, "class", `ws-save ${save ?? ""}`);
    setAttribute(parts.checks, "class", `ws-failed ${blocking ? "blocking" : ""}`);
    setAttribute(parts.node, "class", `ws-row ${record.status} kind-${record.kind}${active ? " active" : ""}${blocking && record.status !== "rejected" ? " blocked" : ""}`);
    setAttribute(parts.node, "aria-selected", String(active));
    setAttribute(parts.node, "aria-setsize", String(this.total));
    setAttribute(parts.node, "aria-posinset", String(row.at));
    setText(parts.spoken, [t(`ws.status.${record.status}`), failed.length ? t("ws.checks.count", { count: failed.length }) : ""].filter(Boolean).join("，"));
  }

  total = 0;
}

/** The innermost two headings: the outer ones repeat from group to group. @param {string} path */
function shortPath(path) {
  const names = path.split(" › ");
  return names.length > 2 ? `… › ${names.slice(-2).join(" › ")}` : path;
}

const STATUS_MARK = { draft: "○", approved: "✓", rejected: "✕" };
