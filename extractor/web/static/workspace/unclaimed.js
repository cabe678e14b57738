// @ts-check
/** Sentences that look like obligations and that no record claims: which are left, and going through them. */

import { partsOf } from "./paths.js";

/** @typedef {import("./types").Unclaimed} Unclaimed */
/** @typedef {import("./types").Entry} Entry */

export class UnclaimedWalk {
  /** @type {Unclaimed[]} */
  left = [];
  /** @type {Unclaimed | null} */
  current = null;

  /** Those that no record's evidence covers; a rejected record counts: a person has looked there. @param {Unclaimed[]} all @param {Iterable<Entry>} entries */
  update(all, entries) {
    /** @type {[number, number][]} */
    const covered = [];
    for (const { record } of entries) for (const part of partsOf(record.evidence)) covered.push([part.start, part.end]);
    covered.sort((one, other) => one[0] - other[0]);
    this.left = all.filter(({ evidence }) => !isCovered(covered, evidence.start, evidence.end));
    if (this.current && !this.left.includes(this.current)) this.current = null;
  }

  /** @param {number | null} after an offset in the text @returns {Unclaimed | null} */
  next(after) {
    const from = this.current?.evidence.start ?? after ?? -1;
    this.current = this.left.find((sentence) => sentence.evidence.start > from) ?? this.left[0] ?? null;
    return this.current;
  }
}

/** @param {Unclaimed} sentence */
export function markId(sentence) {
  return `u:${sentence.evidence.start}`;
}

/** @param {[number, number][]} covered sorted @param {number} start @param {number} end @returns {boolean} more than half of it */
function isCovered(covered, start, end) {
  let reached = start;
  let total = 0;
  for (const [from, to] of covered) {
    if (to <= reached) continue;
    if (from >= end) break;
    total += Math.min(to, end) - Math.max(from, reached);
    reached = Math.max(reached, Math.min(to, end));
  }
  return total * 2 > end - start;
}
