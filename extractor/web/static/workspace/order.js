// @ts-check
/** What to look at next: fields by risk, records by risk band or by place in the document. The figures are the server's. Pure. */

import { filledFields } from "./fields.js";

/** @typedef {import("./types").Entry} Entry */
/** @typedef {{record: string, field: string, risk: number, position: number}} Risk */
/** @typedef {"risk" | "document"} OrderMode */

/** Checks of an entry that still stand against it. @param {Entry} entry */
export function openChecks(entry) {
  return entry.checks.filter((check) => !check.waived);
}

/** @param {Entry} entry @param {string} path @returns {import("./types").Check[]} the open checks that speak of the field */
export function checksOf(entry, path) {
  return openChecks(entry).filter((check) => check.fields.includes(path));
}

/** @param {Entry} entry @returns {Risk[]} its unverified fields */
export function risksOf(entry) {
  if (entry.record.status !== "draft") return [];
  const record = entry.record.record_id;
  const { fields } = entry.risk;
  return filledFields(entry.record)
    .filter((field) => fields[field] !== undefined && !entry.set_by[field])
    .map((field) => ({ record, field, risk: fields[field], position: entry.position }));
}

/**
 * The next undecided record: by document order from the current one on, round the end; in risk order the worst
 * band first and document order within it, so that the page moves little. Skipped ones come when there are no others.
 * @param {string[]} order @param {(id: string) => Entry | undefined} entry @param {string | null} current @param {OrderMode} mode
 * @param {(id: string) => boolean} [visible]
 * @param {Set<string>} [skipped]
 * @returns {string | null}
 */
export function nextUndecided(order, entry, current, mode, visible = () => true, skipped = new Set()) {
  const start = current === null ? -1 : order.indexOf(current);
  /** @type {string | null} */
  let best = null;
  let bestBand = 4;
  for (let step = 1; step <= order.length; step += 1) {
    const id = order[(start + step + order.length) % order.length];
    const found = entry(id);
    if (!found || id === current || found.record.status !== "draft" || !visible(id)) continue;
    if (mode === "document") return id;
    const band = skipped.has(id) ? 3 : found.risk.band;
    if (band < bestBand) {
      best = id;
      bestBand = band;
      if (band === 0) break;
    }
  }
  return best;
}

/** Walks the unverified fields, each once, back the way it came. */
export class RiskWalk {
  /** @type {Map<string, {entry: Entry, risks: Risk[]}>} */
  #cache = new Map();
  /** @type {Set<string>} */
  #seen = new Set();
  /** @type {Risk[]} */
  #trail = [];

  /**
   * @param {Iterable<Entry>} entries in document order
   * @param {{record: string, field: string | null} | null} current
   * @param {OrderMode} mode
   * @returns {{risk: Risk, again: boolean} | null} `again`: all were seen and the round begins anew
   */
  next(entries, current, mode) {
    const all = this.#all(entries);
    if (!all.length) return null;
    if (current?.field) this.#seen.add(key(current.record, current.field));
    let left = all.filter((risk) => !this.#seen.has(key(risk.record, risk.field)));
    const again = left.length === 0;
    if (again) {
      this.#seen.clear();
      left = all.filter((risk) => !(risk.record === current?.record && risk.field === current?.field));
      if (!left.length) left = all;
    }
    let risk = left[0];
    if (mode === "document") {
      const at = all.findIndex((candidate) => candidate.record === current?.record);
      const from = current?.field ? all.findIndex((candidate) => candidate.record === current.record && candidate.field === current.field) + 1 : Math.max(at, 0);
      risk = all.slice(from).find((candidate) => left.includes(candidate)) ?? left[0];
    } else {
      for (const candidate of left) if (candidate.risk > risk.risk + 1e-9) risk = candidate;
    }
    this.#trail.push(risk);
    this.#seen.add(key(risk.record, risk.field));
    return { risk, again };
  }

  /** @returns {Risk | null} the field before this one on the way */
  back() {
    const left = this.#trail.pop();
    if (left) this.#seen.delete(key(left.record, left.field));
    return this.#trail[this.#trail.length - 1] ?? null;
  }

  /** @param {Iterable<Entry>} entries @returns {Risk[]} */
  #all(entries) {
    /** @type {Risk[]} */
    const all = [];
    for (const entry of entries) {
      const id = entry.record.record_id;
      let cached = this.#cache.get(id);
      if (!cached || cached.entry !== entry) {
        cached = { entry, risks: risksOf(entry) };
        this.#cache.set(id, cached);
      }
      all.push(...cached.risks);
    }
    return all;
  }
}

/** @param {string} record @param {string} field */
function key(record, field) {
  return `${record} ${field}`;
}
