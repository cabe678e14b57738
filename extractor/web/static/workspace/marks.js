// @ts-check
/** The marks of a document: found by place, drawn only where seen. Drawing never touches text nodes or layout. */

/** @typedef {import("./types").Mark} Mark */
/** @typedef {import("./types").Part} Part */
/** @typedef {{mark: Mark, part: Part, end: number}} Found `end`: the farthest end of any part up to this one, by start */

export class MarkIndex {
  constructor() {
    /** @type {Map<string, Mark>} */
    this.byId = new Map();
    /** @type {Found[] | null} by start; made when first asked for after a change */
    this.sorted = null;
    /** @type {Map<number, Found[]>} */
    this.byPage = new Map();
  }

  /** @param {readonly Mark[]} marks */
  replace(marks) {
    this.byId = new Map(marks.map((mark) => [mark.id, mark]));
    this.sorted = null;
  }

  /** @param {Mark} mark */
  put(mark) {
    this.byId.set(mark.id, mark);
    this.sorted = null;
  }

  /** @param {string} id */
  remove(id) {
    this.byId.delete(id);
    this.sorted = null;
  }

  /** @returns {Found[]} */
  all() {
    if (this.sorted) return this.sorted;
    /** @type {Found[]} */
    const sorted = [];
    for (const mark of this.byId.values()) for (const part of mark.parts) sorted.push({ mark, part, end: part.end });
    sorted.sort((a, b) => a.part.start - b.part.start || b.part.end - a.part.end);
    this.byPage = new Map();
    let farthest = 0;
    for (const found of sorted) {
      farthest = found.end = Math.max(farthest, found.part.end);
      const page = found.part.page;
      if (page === null || page === undefined) continue;
      const list = this.byPage.get(page);
      if (list) list.push(found);
      else this.byPage.set(page, [found]);
    }
    this.sorted = sorted;
    return sorted;
  }

  /**
   * Parts that share a character with start…end, by start.
   * @param {number} start
   * @param {number} end
   * @returns {Found[]}
   */
  within(start, end) {
    const all = this.all();
    let low = 0;
    let high = all.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (all[middle].end > start) high = middle;
      else low = middle + 1;
    }
    const found = [];
    for (let i = low; i < all.length && all[i].part.start < end; i += 1) if (all[i].part.end > start) found.push(all[i]);
    return found;
  }

  /**
   * @param {number} page
   * @returns {readonly Found[]}
   */
  onPage(page) {
    this.all();
    return this.byPage.get(page) || [];
  }
}

/**
 * The marks of `found`, each once, the shortest first: what lies inside another is met before it.
 * @param {readonly Found[]} found
 * @returns {Mark[]}
 */
export function innermostFirst(found) {
  const marks = [...new Set(found.map((each) => each.mark))];
  return marks.sort((a, b) => lengthOf(a) - lengthOf(b));
}

/** @param {Mark} mark */
function lengthOf(mark) {
  return mark.parts.reduce((sum, part) => sum + part.end - part.start, 0);
}

/** Repeated clicks at one place bring the overlapping marks to the front in turn. */
export class Cycle {
  constructor() {
    this.key = "";
    this.turn = 0;
    this.x = 0;
    this.y = 0;
  }

  /**
   * @param {readonly string[]} ids innermost first
   * @param {{clientX: number, clientY: number}} at
   * @returns {string[]} the same ids, the one whose turn it is first
   */
  next(ids, at) {
    const key = ids.join("\n");
    const same = key === this.key && Math.hypot(at.clientX - this.x, at.clientY - this.y) <= 8;
    this.turn = same ? (this.turn + 1) % ids.length : 0;
    this.key = key;
    this.x = at.clientX;
    this.y = at.clientY;
    return [...ids.slice(this.turn), ...ids.slice(0, this.turn)];
  }
}

/** @param {Mark} mark */
export function styleOf(mark) {
  return mark.kind === "unclaimed" ? "unclaimed" : mark.status;
}
