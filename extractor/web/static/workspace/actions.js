// @ts-check
/** What each key does. Every action works on the focused record and ends with the focus where the next one is wanted. */

import { announce, note } from "./announce.js";
import { labelOf, shown, fieldAt, vocabularyOf, wordFor } from "./fields.js";
import { t } from "./i18n.js";
import { nextUndecided, openChecks } from "./order.js";
import { getField, same } from "./paths.js";
import { openPicker } from "./picker.js";
import { valueBefore } from "./store.js";
import { byFrequency, closedChoices, CLOSED, openChoices } from "./vocabulary.js";

/** @typedef {import("./review.js").Review} Review */
/** @typedef {{[action: string]: () => void}} Others what other modules do: bulk, filter, export, history, help, region, order */

const PACE_RECORDS = 20;
const PACE_SECONDS = 20;
const PRIMARY = /** @type {{[list: string]: string}} */ ({ targets: "metric", deadlines: "raw", responsible: "name" });

export class Actions {
  /** @type {number[]} */
  #accepts = [];
  /** @type {{[name: string]: string[]}} */
  #own = {};
  /** @type {Set<string>} */
  #skipped = new Set();

  /** @param {Review} review @param {Others} others */
  constructor(review, others) {
    this.review = review;
    this.others = others;
    /** @type {{[action: string]: () => void}} */
    this.table = {
      accept: () => this.decide("accept"), reject: () => this.decide("reject"), skip: () => this.skip(),
      waive: () => this.waive(), undo: () => this.step("undo"), redo: () => this.step("redo"),
      next: () => review.step(1), previous: () => review.step(-1), nextField: () => this.nextField(), previousField: () => this.previousField(),
      unclaimed: () => void review.nextUnclaimed(), edit: () => this.edit(), leave: () => this.leave(),
      op: () => this.inTarget("op"), unit: () => this.inTarget("unit"), value: () => this.inTarget("value"), metric: () => this.inTarget("metric"),
      role: () => this.inList("responsible", "role"), responsible: () => this.inList("responsible", "name"), deadline: () => this.inList("deadlines", "raw"),
      kind: () => this.go("kind"), points: () => this.go("points"),
      split: () => this.split(), merge: () => this.merge(),
      duplicate: () => this.structure({ op: "duplicate", record: review.id }), add: () => this.add(),
    };
  }

  /** @param {string} name */
  run(name) {
    const [action, argument] = name.split(":");
    if (argument) return this.waive(argument, action === "waive");
    (this.table[action] ?? this.others[action])?.();
  }

  /** @returns {boolean} whether the document takes changes */
  #open() {
    if (this.review.store.readOnly) {
      note(t("ws.read_only"), { kind: "bad" });
      return false;
    }
    if (this.review.store.approval.state !== "approved") return true;
    note(t("ws.approved_first"), { kind: "bad" });
    return false;
  }

  /** @param {"accept" | "reject"} op */
  decide(op) {
    const { review } = this;
    const entry = review.entry();
    if (!entry || !this.#open()) return;
    const status = entry.record.status;
    const next = this.#next();
    if (next) review.focus(next); // first, so that only the next record's form is drawn
    if (status !== (op === "accept" ? "approved" : "rejected")) {
      void review.store.perform({ op, record: entry.record.record_id, before: status });
      announce(t(op === "accept" ? "ws.accepted" : "ws.rejected"));
      if (op === "accept") this.#pace();
    }
    if (!next) this.advance();
  }

  #next() {
    const { store, list, id, order } = this.review;
    return nextUndecided(store.order, (other) => store.entry(other), id, order, (other) => list.has(other), this.#skipped);
  }

  /** Twenty records in twenty seconds were not read. */
  #pace() {
    const now = Date.now();
    this.#accepts.push(now);
    if (this.#accepts.length < PACE_RECORDS) return;
    const first = /** @type {number} */ (this.#accepts.shift());
    if (now - first < PACE_SECONDS * 1000) {
      this.#accepts = [];
      note(t("ws.pace", { count: PACE_RECORDS, seconds: Math.max(1, Math.round((now - first) / 1000)) }), { kind: "bad", seconds: 8 });
    }
  }

  skip() {
    if (this.review.id) this.#skipped.add(this.review.id);
    this.advance();
  }

  advance() {
    const { review } = this;
    const { store } = review;
    const next = this.#next();
    if (next) review.focus(next);
    else {
      const current = review.entry();
      if (current?.record.status !== "draft") note(t(store.counts().undecided.length ? "ws.done_here" : "ws.done"), { kind: "good" });
      if (review.id) review.focus(review.id);
    }
  }

  nextField() {
    const { review } = this;
    const { store } = review;
    const entries = store.order.map((id) => /** @type {import("./types").Entry} */ (store.entry(id)));
    const found = review.walk.next(entries, review.id ? { record: review.id, field: review.field } : null, review.order);
    if (!found) return note(t("ws.no_field"), { kind: "good" });
    if (found.again) announce(t("ws.all_seen"));
    review.focus(found.risk.record, found.risk.field);
  }

  previousField() {
    const risk = this.review.walk.back();
    if (risk && this.review.store.entry(risk.record)) this.review.focus(risk.record, risk.field);
    else announce(t("ws.first"));
  }

  edit() {
    const { review } = this;
    if (!review.field) return this.nextFieldHere();
    if (this.#open()) review.form.edit(review.field);
  }

  /** Enter on a record: its riskiest field. */
  nextFieldHere() {
    const entry = this.review.entry();
    if (!entry) return;
    const found = this.review.walk.next([entry], null, this.review.order);
    this.review.focusField(found?.risk.field ?? "text");
  }

  leave() {
    if (this.review.field) this.review.focusField(null);
    else this.review.pane?.clearSelection();
  }

  /** @param {string} path */
  go(path) {
    if (!this.review.entry() || !this.#open()) return;
    this.review.focusField(path);
    this.review.form.edit(path);
  }

  /** @param {string} list @returns {number} the row in focus, else the first */
  #row(list) {
    const at = new RegExp(`^${list}/(\\d+)/`).exec(this.review.field ?? "");
    return at ? Number(at[1]) : 0;
  }

  /** @param {string} name */
  inTarget(name) {
    this.inList("targets", name);
  }

  /** @param {string} list @param {string} name */
  inList(list, name) {
    const entry = this.review.entry();
    if (!entry || !this.#open()) return;
    const rows = /** @type {any} */ (entry.record)[list];
    if (rows.length) this.go(`${list}/${this.#row(list)}/${name}`);
    else this.addRow(list, name);
  }

  /** An empty row in the form; it becomes the record's with its first value. @param {string} list @param {string} [name] of the field to begin with */
  addRow(list, name = PRIMARY[list]) {
    const entry = this.review.entry();
    if (!entry || !this.#open()) return;
    this.review.form.addRow(list);
    this.go(`${list}/${/** @type {any} */ (entry.record)[list].length}/${name}`);
  }

  /** @param {string} list @param {number} at */
  removeRow(list, at) {
    const entry = this.review.entry();
    if (!entry || !this.#open()) return;
    const rows = /** @type {any} */ (entry.record)[list];
    this.change([{ field: list, before: rows, after: rows.filter((/** @type {unknown} */ _, /** @type {number} */ row) => row !== at) }]);
    this.review.focusField(null);
    note(t("ws.removed"));
  }

  /** @param {{field: string, before: unknown, after: unknown}[]} changes */
  change(changes) {
    const { review } = this;
    const real = changes.filter((change) => !same(change.before, change.after));
    if (!review.id || !real.length || !this.#open()) return;
    void review.store.perform({ op: "edit", record: review.id, changes: real });
  }

  /** @param {string} path @param {unknown} value */
  setValue(path, value) {
    const entry = this.review.entry();
    if (!entry) return;
    const before = valueBefore(entry, path);
    if (same(before, value)) return;
    this.change([{ field: path, before, after: value }]);
    announce(t("ws.changed", { field: labelOf(path) }));
  }

  /** @param {string} path of a field with a vocabulary */
  choose(path) {
    const { review } = this;
    const entry = review.entry();
    const field = fieldAt(path);
    const anchor = review.form.valueNode(path);
    if (!entry || !field || !anchor || !this.#open()) return;
    const name = vocabularyOf(path);
    const last = localStorage.getItem(`ws.last.${name}`);
    const current = valueBefore(entry, path);
    openPicker({
      anchor, title: labelOf(path), current,
      choices: field.type === "open" ? openChoices(name, this.#words(name), last) : closedChoices(name, (value) => wordFor(name, value), last),
      choose: (value) => {
        if (value) localStorage.setItem(`ws.last.${name}`, value);
        this.setValue(path, value);
      },
      other: name in CLOSED ? undefined : () => review.form.write(path),
      closed: (taken) => {
        if (!taken) review.form.dropRow();
        review.keyboard();
      },
      again: () => this.#nextRow(path),
    });
  }

  /** Tab in a picker: the same field of the next target. @param {string} path */
  #nextRow(path) {
    const found = /^(\w+)\/(\d+)\/(\w+)$/.exec(path);
    if (!found) return;
    const rows = /** @type {any} */ (this.review.entry()?.record)[found[1]];
    this.go(`${found[1]}/${(Number(found[2]) + 1) % rows.length}/${found[3]}`);
  }

  /** The document's own units, most frequent first, counted once so that their digits stay. @param {string} name */
  #words(name) {
    if (!this.#own[name]) {
      const values = [];
      for (const entry of this.review.store.entries.values()) for (const target of entry.record.targets) values.push(name === "per" ? target.per : target.unit);
      this.#own[name] = byFrequency(values);
    }
    return this.#own[name];
  }

  /** @param {string} [code] @param {boolean} [waived] */
  waive(code, waived = true) {
    const entry = this.review.entry();
    if (!entry || !this.#open()) return;
    const open = openChecks(entry);
    const own = code ?? (open.find((check) => check.blocking) ?? open[0])?.code;
    if (!own) return note(t("ws.no_check"));
    void this.review.store.perform({ op: "waive", record: entry.record.record_id, code: own, waived });
    announce(t(waived ? "ws.waived" : "ws.unwaived"));
  }

  /** @param {"undo" | "redo"} op */
  step(op) {
    const { store } = this.review;
    if (!(op === "undo" ? store.canUndo() : store.canRedo())) return note(t(`ws.nothing_to_${op}`));
    const last = store.lastStep(op);
    const what = last?.operation.op ?? store[op]?.op;
    if (what !== "approve" && what !== "withdraw" && !this.#open()) return;
    void store.perform({ op });
    const record = last?.operation.record;
    const field = last?.changes?.length === 1 && last.operation.op === "edit" ? last.changes[0].field : null;
    if (record && store.entry(record)) this.review.focus(record, field && fieldAt(field) ? field : null);
    note(t(op === "undo" ? "ws.undone" : "ws.redone", { what: what ? t(`ws.op.${what}`) : "" }));
  }

  /** @param {{op: string, record: string | null, [other: string]: unknown}} request */
  structure(request) {
    if (!request.record || !this.#open()) return;
    void this.review.store.perform(request);
  }

  /** At the ends of the words selected in the record; without any, where list marks or sentences begin. */
  split() {
    const { pane, id } = this.review;
    const whole = this.review.entry()?.record.evidence;
    const range = pane?.selection();
    const cuts = range && whole ? [range.start, range.end].filter((at) => at > whole.start && at < whole.end) : [];
    if (cuts.length) pane?.clearSelection();
    this.structure({ op: "split", record: id, at: cuts.length ? cuts : null });
  }

  merge() {
    const { store, id } = this.review;
    if (!id || !this.#open()) return;
    const next = store.order.slice(store.order.indexOf(id) + 1).find((other) => store.entry(other)?.record.status !== "rejected");
    if (next) void store.perform({ op: "merge", records: [id, next] });
    else note(t("ws.last"));
  }

  add() {
    const { pane, unclaimed, store } = this.review;
    const range = pane?.selection() ?? (unclaimed.current ? { start: unclaimed.current.evidence.start, end: unclaimed.current.evidence.end } : null);
    if (!range || range.start === range.end) return note(t("ws.select_first"));
    if (!this.#open()) return;
    pane?.clearSelection();
    void store.perform({ op: "add", start: range.start, end: range.end });
  }

  /** Words of the document into the focused field. @param {{start: number, end: number}} range */
  async fill(range) {
    const { review } = this;
    const entry = review.entry();
    const { field, id } = review;
    const spec = field ? fieldAt(field) : null;
    if (!entry || !field || !spec?.fill) return note(t("ws.field_first"));
    if (!this.#open()) return;
    review.form.closeEditor();
    review.keyboard();
    const answer = await review.store.perform({ op: "fill", record: id, field, start: range.start, end: range.end, before: valueBefore(entry, field) });
    if (!answer) return;
    const value = getField(review.store.entry(/** @type {string} */ (id))?.record, field);
    note(t("ws.filled", { field: labelOf(field), value: shown(spec, value) }), { kind: "good" });
    if (review.id === id && review.field === field) review.evidence();
    review.pane?.clearSelection();
  }
}
