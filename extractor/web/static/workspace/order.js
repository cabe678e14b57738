// @ts-check
/** What to look at next: fields by risk, records by risk band or by place in the document. Pure. */

import { fieldAt, filledFields } from "./fields.js";
import { band, confidenceOf } from "./paths.js";

/** @typedef {import("./types").Entry} Entry */
/** @typedef {{record: string, field: string, risk: number, position: number}} Risk */
/** @typedef {"risk" | "document"} OrderMode */

// Where a failed check is to be looked at.
const CHECKED = /** @type {{[code: string]: (path: string) => boolean}} */ ({
  points_do_not_add_up: (path) => path === "points",
  share_over_100: (path) => /^targets\/\d+\/value$/.test(path),
  range_reversed: (path) => /^targets\/\d+\/(value|upper)$/.test(path),
  due_before_issue: (path) => /^targets\/\d+\/due$/.test(path),
  deadline_before_issue: (path) => /^deadlines\/\d+\/(raw|end)$/.test(path),
});

/** Checks of an entry that still stand against it. @param {Entry} entry */
export function openChecks(entry) {
  return entry.checks.filter((check) => !check.waived);
}

/** @param {Entry} entry @param {string} path @returns {import("./types").Check[]} the open checks that speak of the field */
export function checksOf(entry, path) {
  return openChecks(entry).filter((check) => /** @type {any} */ (check).field === path || CHECKED[check.code]?.(path));
}

/** @param {Entry} entry @returns {number} how much hangs on it: its points, at least one */
function stake(entry) {
  const points = entry.record.points ?? entry.record.row_points ?? 0;
  return 1 + Math.min(Math.abs(points), 20) / 5;
}

/** @param {Entry} entry @returns {Risk[]} its unverified fields */
export function risksOf(entry) {
  if (entry.record.status !== "draft") return [];
  const id = entry.record.record_id;
  const weight = stake(entry);
  /** @type {Risk[]} */
  const risks = [];
  const known = entry.record.field_confidence ?? {};
  const measured = Object.keys(known).length > 0;
  for (const field of filledFields(entry.record)) {
    if (entry.set_by[field] || !fieldAt(field)) continue;
    const failed = checksOf(entry, field);
    if (measured && known[field] === undefined && !failed.length) continue; // follows from others, such as a flag
    const factor = failed.some((check) => check.blocking) ? 6 : failed.length ? 3 : 1;
    const doubt = Math.max(1 - confidenceOf(entry.record, field), failed.length ? 0.25 : 0.001);
    risks.push({ record: id, field, risk: doubt * weight * factor, position: entry.position });
  }
  return risks;
}

/** @param {Entry} entry @returns {0 | 1 | 2} 0: look here first */
export function riskBand(entry) {
  if (openChecks(entry).some((check) => check.blocking || check.severity !== "info")) return 0;
  const known = Object.values(entry.record.field_confidence ?? {});
  const least = band(Math.min(entry.record.confidence, ...known));
  return least === "low" ? 0 : least === "mid" ? 1 : 2;
}

/**
 * The next undecided record: by document order from the current one on, round the end; in risk order the worst
 * band first and document order within it, so that the page moves little.
 * @param {string[]} order @param {(id: string) => Entry | undefined} entry @param {string | null} current @param {OrderMode} mode
 * @param {(id: string) => boolean} [visible]
 * @returns {string | null}
 */
export function nextUndecided(order, entry, current, mode, visible = () => true) {
  const start = current === null ? -1 : order.indexOf(current);
  /** @type {string | null} */
  let best = null;
  let bestBand = 3;
  for (let step = 1; step <= order.length; step += 1) {
    const id = order[(start + step + order.length) % order.length];
    const found = entry(id);
    if (!found || id === current || found.record.status !== "draft" || !visible(id)) continue;
    if (mode === "document") return id;
    const own = riskBand(found);
    if (own < bestBand) {
      best = id;
      bestBand = own;
      if (own === 0) break;
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
