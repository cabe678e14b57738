// @ts-check
/** One page: its image, its transparent text and its marks. Everything in it is placed in points or percent, so zoom moves nothing. */

import { t } from "./i18n.js";
import { make, put } from "./pane_dom.js";
import { boxesOf } from "./geometry.js";
import { styleOf } from "./marks.js";

/** @typedef {import("./types").Box} Box */
/** @typedef {import("./types").Page} Page */
/** @typedef {import("./types").Part} Part */
/** @typedef {import("./types").TextLine} TextLine */
/** @typedef {import("./geometry.js").PagePlace} PagePlace */
/** @typedef {import("./marks.js").Found} Found */
/** @typedef {import("./offsets.js").TextMap} TextMap */
/** @typedef {import("./offsets.js").Piece} Piece */
/** @typedef {{box: Box, style: string, id: string | null}} Drawn */

const LINES = 100000; // more than a page has
const FINE = 2; // text is laid out at this many pixels a point: browsers with a smallest font size would widen small print

export class PageView {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.element = make("div", "pane-page", { role: "group", "aria-label": t("ws.pane.page", { n: page.number }), "data-page": String(page.number) });
    /** @type {PagePlace} */
    this.place = { left: 0, top: 0, width: 0, height: 0, scale: 1 };
    /** @type {HTMLElement | null} */
    this.text = null;
    /** @type {Piece[]} by start */
    this.pieces = [];
    /** @type {TextLine[] | null} */
    this.lines = null;
    /** @type {Map<string, HTMLElement>} */
    this.layers = new Map();
  }

  /** @param {PagePlace} place */
  setPlace(place) {
    this.place = place;
    put(this.element, place, "px");
    this.fitText();
  }

  fitText() {
    if (this.text) this.text.style.transform = `scale(${this.place.scale / FINE})`;
  }

  /**
   * @param {TextLine[]} lines by start
   * @param {TextMap} map
   */
  setLines(lines, map) {
    this.lines = lines;
    const text = make("div", "pane-text");
    const spans = lines.map((line) => lineSpan(line));
    text.append(...spans);
    const rows = rowsOf(lines, this.page.number);
    this.pieces = spans.map((span, i) => map.add(/** @type {Text} */ (span.firstChild), lines[i].start, rows[i]));
    this.element.append(text);
    const widths = spans.map((span) => span.offsetWidth);
    spans.forEach((span, i) => {
      const wanted = (lines[i].bbox[2] - lines[i].bbox[0]) * FINE;
      if (widths[i] > 0) span.style.transform = `scaleX(${wanted / widths[i]})`;
    });
    this.text = text;
    this.fitText();
  }

  dropText() {
    if (this.text) this.text.remove();
    this.text = null;
    this.lines = null;
    this.pieces = [];
  }

  /**
   * @param {"marks" | "focus" | "selection"} layer
   * @param {readonly Drawn[]} drawn
   */
  draw(layer, drawn) {
    const old = this.layers.get(layer);
    if (!drawn.length) {
      if (old) old.remove();
      this.layers.delete(layer);
      return;
    }
    const over = make("div", `ws-layer ws-layer-${layer}`, { "aria-hidden": "true" });
    for (const each of drawn) over.append(this.boxElement(each));
    if (old) old.replaceWith(over);
    else this.element.append(over);
    this.layers.set(layer, over);
  }

  /** @param {Drawn} drawn */
  boxElement({ box, style, id }) {
    const element = make("div", `ws-mark ws-mark-${style}`);
    if (id !== null) element.dataset.mark = id;
    const { width, height } = this.page;
    const place = {
      left: (box[0] / width) * 100,
      top: (box[1] / height) * 100,
      width: ((box[2] - box[0]) / width) * 100,
      height: ((box[3] - box[1]) / height) * 100,
    };
    put(element, place, "%");
    return element;
  }

  /**
   * The point of the page (in points) under the mouse.
   * @param {{clientX: number, clientY: number}} at
   */
  pointAt(at) {
    const rect = this.element.getBoundingClientRect();
    return { x: ((at.clientX - rect.left) / rect.width) * this.page.width, y: ((at.clientY - rect.top) / rect.height) * this.page.height };
  }

  /** Forgets all but the page's place. */
  empty() {
    this.dropText();
    for (const layer of this.layers.values()) layer.remove();
    this.layers.clear();
  }
}

/**
 * A number for each line, the same for lines that follow each other to the right: cells of one row.
 * @param {readonly TextLine[]} lines
 * @param {number} page
 */
function rowsOf(lines, page) {
  let row = page * LINES;
  return lines.map((line, i) => {
    const before = i > 0 ? lines[i - 1].bbox : line.bbox;
    if (line.bbox[0] < before[2] || line.bbox[1] >= before[3]) row += 1;
    return row;
  });
}

/** @param {TextLine} line */
function lineSpan(line) {
  const span = make("span");
  const [x0, top, , bottom] = line.bbox;
  const height = Math.max(1, bottom - top);
  span.textContent = line.text;
  span.style.left = `${x0 * FINE}px`;
  span.style.top = `${top * FINE}px`;
  span.style.fontSize = `${height * FINE * 0.9}px`;
  span.style.lineHeight = `${height * FINE}px`;
  return span;
}

/**
 * The boxes of a part: its own, else from the page's lines where these are known.
 * @param {Part} part
 * @param {TextLine[] | null} lines
 * @returns {Box[]}
 */
export function boxesOfPart(part, lines) {
  if (part.bbox) return [part.bbox];
  return lines ? boxesOf(lines, part.start, part.end) : [];
}

/**
 * @param {readonly Found[]} found
 * @param {TextLine[] | null} lines
 * @returns {Drawn[]}
 */
export function drawnMarks(found, lines) {
  const drawn = [];
  for (const { mark, part } of found) {
    for (const box of boxesOfPart(part, lines)) drawn.push({ box, style: styleOf(mark), id: mark.id });
  }
  return drawn;
}
