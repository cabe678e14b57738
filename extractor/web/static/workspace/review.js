// @ts-check
/** Where the reviewer is, and that list, form and document all show it. */

import { announce } from "./announce.js";
import { fieldAt } from "./fields.js";
import { t } from "./i18n.js";
import { RiskWalk } from "./order.js";
import { evidenceOf, partsOf } from "./paths.js";
import { markId, UnclaimedWalk } from "./unclaimed.js";

/** @typedef {import("./types").Entry} Entry */
/** @typedef {import("./types").Pane} Pane */
/** @typedef {import("./types").Mark} Mark */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./records.js").RecordList} RecordList */
/** @typedef {import("./form.js").RecordForm} RecordForm */
/** @typedef {{words: string, which: string}} Filter */

export class Review {
  /** @type {string | null} */
  id = null;
  /** @type {string | null} */
  field = null;
  /** @type {import("./order.js").OrderMode} */
  order = "risk";
  /** @type {Filter} */
  filter = { words: "", which: "all" };
  /** @type {Pane | null} */
  pane = null;
  walk = new RiskWalk();
  unclaimed = new UnclaimedWalk();
  #index = 0;
  #marked = new Set();
  /** @type {import("./types").Unclaimed[] | null} */
  #sentences = null;

  /**
   * @param {{store: Store, list: RecordList, form: RecordForm, moved: () => void}} options
   */
  constructor({ store, list, form, moved }) {
    this.store = store;
    this.list = list;
    this.form = form;
    this.moved = moved;
  }

  entry() {
    return this.id ? this.store.entry(this.id) : undefined;
  }

  /**
   * @param {string | null} id
   * @param {string | null} [field]
   * @param {{keyboard?: boolean, scroll?: boolean, evidence?: boolean}} [options] what follows: keyboard focus, the list, the document
   */
  focus(id, field = null, { keyboard = true, scroll = true, evidence = true } = {}) {
    const entry = id ? this.store.entry(id) : undefined;
    this.id = entry ? id : null;
    this.field = entry ? field : null;
    if (entry) {
      this.unclaimed.current = null;
      this.#index = Math.max(0, this.store.order.indexOf(/** @type {string} */ (id)));
    }
    if (this.id && !this.list.has(this.id)) this.list.setRows(this.store.order.filter((other) => this.#listed(other)));
    this.list.setActive(this.id, scroll);
    this.form.show(entry ?? null, this.field);
    if (keyboard) this.keyboard();
    if (entry && evidence) this.evidence();
    this.moved();
  }

  /** The keyboard focus goes to the field, or to the list. */
  keyboard() {
    if (this.field && this.form.focusField()) return;
    this.list.node.focus({ preventScroll: true });
  }

  evidence() {
    const entry = this.entry();
    if (!entry || !this.pane) return;
    this.pane.focus(partsOf(entry.record.evidence), this.field ? evidenceOf(entry.record, this.field) : null);
  }

  /** While a field is being written, a plain click in the document fills it. @param {boolean} on */
  filling(on) {
    this.pane?.setFilling(on && Boolean(this.field && fieldAt(this.field)?.fill));
  }

  /** @param {string | null} field */
  focusField(field) {
    if (this.id) this.focus(this.id, field, { scroll: false });
  }

  /** @param {number} step 1 or -1, in the list's order */
  step(step) {
    const ids = this.list.ids();
    if (!ids.length) return;
    if (!this.id) return this.focus(this.store.order[this.#index] ?? ids[0]); // back from an unclaimed sentence
    const next = ids.indexOf(this.id) + step;
    if (next < 0 || next >= ids.length) announce(t(next < 0 ? "ws.first" : "ws.last"));
    else this.focus(ids[next]);
  }

  /** @returns {import("./types").Unclaimed | null} */
  nextUnclaimed() {
    const after = this.unclaimed.current ? null : this.entry()?.record.evidence.start ?? null;
    const found = this.unclaimed.next(after);
    if (!found) {
      announce(t("ws.unclaimed.none"));
      return null;
    }
    this.focus(null, null);
    this.pane?.focus(partsOf(found.evidence), null);
    announce(`${t("ws.unclaimed.title")}：${found.text}`);
    return found;
  }

  /** @param {Filter} filter */
  setFilter(filter) {
    this.filter = filter;
    this.list.setRows(this.store.order.filter((id) => this.#listed(id)));
    this.list.setActive(this.id, true);
    announce(t("ws.filter.found", { count: this.list.total }));
    this.moved();
  }

  /** From the filter into the list: to the focused record if it is among those sought, else to the first that is. */
  enterList() {
    const ids = this.list.ids();
    const id = this.id && this.#sought(this.id) ? this.id : ids.find((other) => this.#sought(other)) ?? this.id;
    if (id) this.focus(id, null);
    else this.keyboard();
    this.setFilter(this.filter);
  }

  /** @param {string} id */
  #listed(id) {
    return id === this.id || this.#sought(id); // the focused record never falls out from under the reviewer
  }

  /** @param {string} id */
  #sought(id) {
    const entry = this.store.entry(id);
    if (!entry) return false;
    const { words, which } = this.filter;
    const { record } = entry;
    if (which === "undecided" && record.status !== "draft") return false;
    if (which === "failed" && !entry.checks.some((check) => !check.waived)) return false;
    if (which === "unsure" && record.confidence >= 0.9) return false;
    if (which === "rejected" && record.status !== "rejected") return false;
    if (!words) return true;
    const sought = words.toLowerCase().split(/\s+/).filter(Boolean);
    const own = [record.number, record.text, ...record.path, record.tier, record.notes, ...record.targets.map((target) => `${target.metric} ${target.unit ?? ""}`),
      ...record.responsible.map((who) => who.name)].join(" ").toLowerCase();
    return sought.every((word) => own.includes(word));
  }

  /** Called by the store. @param {Set<string>} touched @param {boolean} structural */
  changed(touched, structural) {
    if (structural) {
      this.list.setRows(this.store.order.filter((id) => this.#listed(id)));
    } else this.list.update(touched);
    if (structural || this.#sentences !== this.store.unclaimed) {
      this.#sentences = this.store.unclaimed;
      this.unclaimed.update(this.store.unclaimed, this.store.entries.values());
    }
    this.#marks(touched, structural);
    if (this.id && !this.store.entry(this.id)) {
      // Gone (merged, split, taken back): the focus stays at its place.
      const near = this.store.order[Math.min(this.#index, this.store.order.length - 1)] ?? null;
      const inside = this.#hasFocus();
      this.focus(near, null, { keyboard: inside });
    } else if (this.id && touched.has(this.id)) {
      const entry = this.entry() ?? null;
      this.#index = this.store.order.indexOf(this.id);
      if (structural) this.list.setActive(this.id, false);
      this.form.update(entry);
    }
  }

  #hasFocus() {
    const active = document.activeElement;
    return !active || active === document.body || Boolean(active.closest("[data-review]"));
  }

  /** All marks anew, as the pane comes up. */
  mark() {
    this.#marked.clear();
    if (!this.pane) return;
    /** @type {Mark[]} */
    const marks = [];
    for (const id of this.store.order) marks.push(markOf(/** @type {Entry} */ (this.store.entry(id))));
    for (const sentence of this.unclaimed.left) {
      marks.push({ id: markId(sentence), record: null, kind: "unclaimed", status: "unclaimed", parts: partsOf(sentence.evidence) });
      this.#marked.add(markId(sentence));
    }
    this.pane.setMarks(marks);
  }

  /** @param {Set<string>} touched @param {boolean} structural */
  #marks(touched, structural) {
    if (!this.pane) return;
    const left = this.unclaimed.left.map(markId);
    if ((structural && touched.size > 20) || left.length !== this.#marked.size || left.some((id) => !this.#marked.has(id))) {
      this.mark();
      return;
    }
    for (const id of touched) {
      const entry = this.store.entry(id);
      if (entry) this.pane.updateMark(markOf(entry));
      else this.pane.removeMark(id);
    }
  }
}

/** @param {Entry} entry @returns {Mark} */
function markOf({ record }) {
  return { id: record.record_id, record: record.record_id, kind: "record", status: record.status, parts: partsOf(record.evidence) };
}
