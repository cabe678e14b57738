// @ts-check
/** What all panes share: the frame, the marks, the evidence in focus, clicks and filling. */

import { t } from "./i18n.js";
import { make } from "./pane_dom.js";
import { Cycle, MarkIndex, innermostFirst } from "./marks.js";
import { TextMap } from "./offsets.js";

/** @typedef {import("./types").Mark} Mark */
/** @typedef {import("./types").Part} Part */
/** @typedef {import("./types").Range} Offsets */
/** @typedef {import("./types").DocumentInfo} DocumentInfo */
/** @typedef {import("./pane_source.js").Source} Source */
/** @typedef {import("./marks.js").Found} Found */
/** @typedef {{record: readonly Part[], field: readonly Part[]}} Focus */

const CLICK = 4; // pixels that a mouse may move between press and release of one click

export class PaneBase {
  /**
   * @param {HTMLElement} container
   * @param {DocumentInfo} doc
   * @param {Source} source
   * @param {string} kind
   */
  constructor(container, doc, source, kind) {
    this.doc = doc;
    this.source = source;
    this.marks = new MarkIndex();
    this.map = new TextMap();
    this.cycle = new Cycle();
    this.filling = false;
    this.closed = false;
    this.stale = false; // whether a change of the marks waits to be drawn
    /** @type {Focus} */
    this.focused = { record: [], field: [] };
    /** @type {(ids: string[], event: MouseEvent) => void} */
    this.onMark = () => {};
    /** @type {(range: Offsets) => void} */
    this.onFill = () => {};
    this.root = make("div", `pane pane-${kind}`);
    this.bar = make("div", "pane-bar", { role: "toolbar", "aria-label": t("ws.pane.tools") });
    this.bar.hidden = true;
    this.scroller = make("div", "pane-scroll", { tabindex: "0", role: "document", "aria-label": t("ws.pane.label", { name: doc.name }) });
    this.note = make("p", "pane-note", { role: "status" });
    this.root.append(this.note, this.scroller, this.bar); // the bar is seen above; the keyboard comes to the document first
    container.replaceChildren(this.root);
    this.say("");
  }

  /** @param {string} words "" for none */
  say(words) {
    this.note.textContent = words;
    this.note.hidden = !words;
  }

  /** @param {Mark[]} marks */
  setMarks(marks) {
    this.marks.replace(marks);
    this.later();
  }

  /** @param {Mark} mark */
  updateMark(mark) {
    this.marks.put(mark);
    this.later();
  }

  /** @param {string} id */
  removeMark(id) {
    this.marks.remove(id);
    this.later();
  }

  /**
   * @param {Part[]} record
   * @param {Part[] | null} field
   * @returns {boolean} whether the record was in focus before
   */
  setFocused(record, field) {
    const was = this.focused.record;
    this.focused = { record, field: field || [] };
    return record.length > 0 && isSame(was, record);
  }

  /**
   * Whether the mark is that of the record in focus, whose own colours take its place.
   * @param {Mark} mark
   */
  isFocused(mark) {
    return this.focused.record.length > 0 && isSame(mark.parts, this.focused.record);
  }

  /** @param {boolean} on */
  setFilling(on) {
    this.filling = on;
    this.root.classList.toggle("pane-filling", on);
  }

  selection() {
    const selection = document.getSelection();
    if (!selection || !selection.rangeCount) return null;
    return this.map.selected(selection.getRangeAt(0), this.scroller);
  }

  clearSelection() {
    const selection = document.getSelection();
    if (!selection || !selection.rangeCount) return;
    if (selection.getRangeAt(0).intersectsNode(this.scroller)) selection.removeAllRanges();
  }

  /** Draws anew at the end of the running task, once for all changes of it. */
  later() {
    if (this.stale) return;
    this.stale = true;
    queueMicrotask(() => {
      this.stale = false;
      if (!this.closed) this.redraw();
    });
  }

  /** Draws the marks of what is seen anew. */
  redraw() {}

  /**
   * A click that is no drag: fills, or brings the marks under it.
   * @param {number | null} offset of the character under the mouse
   * @param {readonly Found[]} found
   * @param {MouseEvent} event
   */
  clicked(offset, found, event) {
    if (this.filling || event.ctrlKey || event.metaKey) {
      if (offset !== null) this.onFill({ start: offset, end: offset });
      return;
    }
    if (!found.length || event.shiftKey) return;
    const ids = innermostFirst(found).map((mark) => mark.id);
    this.onMark(this.cycle.next(ids, event), event);
  }

  /**
   * A drag that selected start…end.
   * @param {Offsets | null} range
   * @param {MouseEvent} event
   */
  dragged(range, event) {
    if (!range || !(this.filling || event.ctrlKey || event.metaKey)) return;
    this.clearSelection();
    this.onFill({ start: range.start, end: range.end });
  }

  close() {
    this.closed = true;
    this.root.remove();
  }
}

/**
 * @param {readonly Part[]} a
 * @param {readonly Part[]} b
 */
function isSame(a, b) {
  return a.length === b.length && a.every((part, i) => part.start === b[i].start && part.end === b[i].end);
}

/**
 * @param {{clientX: number, clientY: number}} a
 * @param {{clientX: number, clientY: number}} b
 */
export function isClick(a, b) {
  return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY) <= CLICK;
}

/**
 * Moves a view by `dy` while the mouse is held beyond its border.
 * @param {HTMLElement} scroller
 * @param {number} clientY
 * @returns {boolean} whether it is beyond
 */
export function creep(scroller, clientY) {
  const { top, bottom } = scroller.getBoundingClientRect();
  const beyond = clientY < top ? clientY - top : clientY > bottom ? clientY - bottom : 0;
  if (beyond) scroller.scrollTop += Math.max(-60, Math.min(60, beyond / 2));
  return beyond !== 0;
}
