// @ts-check
/**
 * The mouse on pages. Characters are found by their edges, not by the browser's own text: what is selected is exact
 * however the browser's fonts differ from the document's. Touch and keyboard keep the browser's selection.
 */

import { creep, isClick } from "./pane_base.js";
import { caretAt, characterAt, inBox, lineNear, lineUnder, sentenceAround } from "./geometry.js";
import { boundaryAt } from "./offsets.js";
import { boxesOfPart } from "./page_view.js";

/** @typedef {import("./pane_pages.js").PagesPane} PagesPane */
/** @typedef {import("./page_view.js").PageView} PageView */
/** @typedef {import("./types").Range} Offsets */

const SLACK = 3; // points round a line or mark that still hit it

export class PagePointer {
  /** @param {PagesPane} pane */
  constructor(pane) {
    this.pane = pane;
    /** @type {MouseEvent | null} */
    this.pressed = null;
    /** @type {MouseEvent | null} */
    this.last = null;
    /** @type {number | null} the offset where the drag began */
    this.anchor = null;
    this.move = this.move.bind(this);
    this.release = this.release.bind(this);
    pane.scroller.addEventListener("mousedown", (event) => this.press(event));
  }

  /** @param {MouseEvent} event */
  press(event) {
    const view = this.pane.viewOf(event.target);
    if (event.button !== 0 || !view || (event.target instanceof Element && event.target.closest("button"))) return;
    event.preventDefault();
    this.pane.scroller.focus({ preventScroll: true });
    this.pressed = this.last = event;
    const kept = event.shiftKey ? this.pane.selection() : null;
    this.anchor = kept ? kept.start : this.caret(event);
    document.addEventListener("mousemove", this.move);
    document.addEventListener("mouseup", this.release);
    if (kept) this.extend(event);
    else if (event.detail === 2) this.selectWord(event);
    else if (event.detail >= 3) this.selectSentence(event);
    else this.pane.clearSelection();
    this.crawl();
  }

  /** @param {MouseEvent} event */
  move(event) {
    this.last = event;
    if (this.pressed && !isClick(this.pressed, event)) this.extend(event);
  }

  /** @param {MouseEvent} event */
  release(event) {
    document.removeEventListener("mousemove", this.move);
    document.removeEventListener("mouseup", this.release);
    const pressed = this.pressed;
    this.pressed = this.last = null;
    if (!pressed) return;
    if (!isClick(pressed, event)) this.pane.dragged(this.pane.selection(), event);
    else if (event.detail < 2 || event.ctrlKey || event.metaKey) this.click(event);
    else this.pane.dragged(this.pane.filling ? this.pane.selection() : null, event);
  }

  /** @param {MouseEvent} event */
  click(event) {
    const view = this.pane.viewOf(event.target);
    if (!view) return;
    const { x, y } = view.pointAt(event);
    const line = view.lines && lineUnder(view.lines, x, y, SLACK);
    const found = this.pane.marks.onPage(view.page.number);
    const hit = found.filter(({ part }) => boxesOfPart(part, view.lines).some((box) => inBox(box, x, y, 1)));
    this.pane.clicked(line ? characterAt(line, x) : null, hit, event);
  }

  /** @param {MouseEvent} event */
  extend(event) {
    const caret = this.caret(event);
    if (caret === null) return;
    if (this.anchor === null) this.anchor = caret;
    this.select(this.anchor, caret);
  }

  /** Keeps scrolling while the mouse is held above or below the view. */
  crawl() {
    if (!this.pressed || !this.last) return;
    if (!isClick(this.pressed, this.last) && creep(this.pane.scroller, this.last.clientY)) this.extend(this.last);
    requestAnimationFrame(() => this.crawl());
  }

  /**
   * The boundary between characters nearest to the mouse, on the nearest page with text.
   * @param {MouseEvent} event
   */
  caret(event) {
    const view = this.pane.viewNear(event.clientY);
    if (!view || !view.lines || !view.lines.length) return null;
    const { x, y } = view.pointAt(event);
    const line = lineNear(view.lines, x, y);
    return line && caretAt(line, x);
  }

  /**
   * @param {number} anchor
   * @param {number} focus
   */
  select(anchor, focus) {
    const pieces = this.pane.pieces();
    const from = boundaryAt(pieces, anchor, focus < anchor);
    const to = boundaryAt(pieces, focus, focus > anchor);
    const selection = document.getSelection();
    if (from && to && selection) selection.setBaseAndExtent(from.node, from.units, to.node, to.units);
  }

  /** @param {MouseEvent} event */
  selectWord(event) {
    this.selectAround(event, (characters, at) => wordAround(characters.join(""), characters, at));
  }

  /** @param {MouseEvent} event */
  selectSentence(event) {
    this.selectAround(event, sentenceAround);
  }

  /**
   * @param {MouseEvent} event
   * @param {(characters: string[], at: number) => Offsets} around
   */
  selectAround(event, around) {
    const view = this.pane.viewOf(event.target);
    const point = view && view.pointAt(event);
    const line = view && point && view.lines && lineUnder(view.lines, point.x, point.y, SLACK);
    if (!line || !point) return;
    const { characters, start } = this.pane.charactersRound(characterAt(line, point.x));
    const found = around(characters, characterAt(line, point.x) - start);
    this.anchor = start + found.start;
    this.select(start + found.start, start + found.end);
  }
}

/**
 * The word round a place: by the browser's own segmenter where it has one.
 * @param {string} text
 * @param {readonly string[]} characters its code points
 * @param {number} at
 * @returns {Offsets}
 */
function wordAround(text, characters, at) {
  const units = characters.slice(0, at).join("").length;
  /** @type {any} */
  const Segmenter = Reflect.get(Intl, "Segmenter");
  const segment = Segmenter && new Segmenter("zh", { granularity: "word" }).segment(text).containing(units);
  if (!segment) return { start: at, end: at + 1 };
  const start = at - Array.from(text.slice(segment.index, units)).length;
  return { start, end: start + Array.from(segment.segment).length };
}
