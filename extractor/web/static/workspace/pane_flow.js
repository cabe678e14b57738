// @ts-check
/**
 * Text that flows: a list of chunks, each holding blocks or rows. Chunks far from the view are empty boxes of the height
 * they had (or are guessed to have); when one above the view is filled, the scroll position is set so that nothing seen moves.
 */

import { t } from "./i18n.js";
import { make, onceAFrame } from "./pane_dom.js";
import { sideFor, thirdFor } from "./geometry.js";
import { makeDrawer } from "./marks_draw.js";
import { styleOf } from "./marks.js";
import { rangesOf } from "./offsets.js";
import { PaneBase } from "./pane_base.js";
import { FlowPointer } from "./flow_pointer.js";

/** @typedef {import("./types").Part} Part */
/** @typedef {import("./types").Content} Content */
/** @typedef {import("./offsets.js").Piece} Piece */
/** @typedef {import("./marks_draw.js").Stroke} Stroke */
/**
 * @typedef {object} Chunk
 * @property {HTMLElement} element
 * @property {number} start
 * @property {number} end
 * @property {boolean} filled
 * @property {Piece[]} pieces by start
 * @property {() => {content: HTMLElement[], pieces: Piece[]}} build
 */
/** @typedef {{start?: number, dy?: number}} Place the chunk at the top of the view and the pixels of it above */

const KEEP = 5; // heights of the view beyond which filled chunks are emptied
const AHEAD = 1; // heights of the view that are kept filled beyond it

export class FlowPane extends PaneBase {
  /**
   * @param {HTMLElement} container
   * @param {import("./types").DocumentInfo} doc
   * @param {import("./pane_source.js").Source} source
   * @param {string} kind
   * @param {string | null} drawing "rects" to do without the Custom Highlight API
   */
  constructor(container, doc, source, kind, drawing) {
    super(container, doc, source, kind);
    this.drawer = makeDrawer(drawing);
    this.flow = make("div", "pane-flow");
    this.scroller.append(this.flow);
    /** @type {Chunk[]} */
    this.chunks = [];
    /** @type {Set<Chunk>} */
    this.filled = new Set();
    /** @type {Set<Chunk>} */
    this.lit = new Set();
    this.loading = 0;
    /** @type {Promise<void>} resolves when all blocks are loaded */
    this.loaded = Promise.resolve();
    this.waiting = false; // for a place that is not loaded yet
    this.width = 0;
    /** @type {Place} */
    this.kept = {};
    this.pointer = new FlowPointer(this);
    this.listen();
  }

  listen() {
    const frame = onceAFrame(() => this.scrolled());
    this.scroller.addEventListener("scroll", frame, { passive: true });
    this.resizer = new ResizeObserver(() => this.resized());
    this.resizer.observe(this.scroller);
    this.scroller.addEventListener("copy", (event) => this.copy(event));
  }

  /** Resolves when the first blocks are shown; the rest comes after. */
  async refresh() {
    const turn = (this.loading += 1);
    const content = await this.load(0, turn);
    if (!content) {
      if (turn === this.loading && !this.chunks.length) this.say(t("ws.pane.waiting"));
      return;
    }
    const place = this.place();
    this.clear();
    this.add(content);
    this.say(this.chunks.length ? "" : t("ws.pane.empty"));
    this.begin(place);
    this.loaded = this.loadRest(content, turn);
  }

  /**
   * @param {Content} content the first blocks
   * @param {number} turn
   */
  async loadRest(content, turn) {
    let next = content.blocks.length;
    while (next > 0 && next < content.total) {
      const more = await this.load(next, turn);
      if (!more || !more.blocks.length) return;
      this.add(more);
      this.arrived();
      next += more.blocks.length;
    }
  }

  /**
   * @param {number} first
   * @param {number} turn of loading; null is given when another has begun or the server has nothing
   * @returns {Promise<Content | null>}
   */
  async load(first, turn) {
    try {
      const content = await this.source.content(first);
      return turn === this.loading && !this.closed ? content : null;
    } catch {
      return null;
    }
  }

  clear() {
    for (const chunk of this.filled) this.drawer.erase(chunk);
    this.flow.replaceChildren();
    this.chunks = [];
    this.filled.clear();
    this.lit.clear();
  }

  /**
   * @param {Content} _content the next blocks: to be made chunks
   */
  add(_content) {}

  /** @param {Place} place */
  begin(place) {
    this.width = this.scroller.clientWidth;
    if (place.start !== undefined) this.restore(place);
    else this.arrived();
  }

  /** More blocks have come: evidence asked for before may be among them. */
  arrived() {
    if (this.waiting) this.showFocus(true);
    else this.fill(null);
  }

  /**
   * @param {HTMLElement} parent
   * @param {number} start
   * @param {number} end
   * @param {number} height guessed, in em
   * @param {Chunk["build"]} build
   */
  addChunk(parent, start, end, height, build) {
    const element = make("div", "ws-chunk");
    element.style.height = `${height}em`;
    parent.append(element);
    this.chunks.push({ element, start, end, filled: false, pieces: [], build });
  }

  /** @param {Chunk} chunk */
  fillOne(chunk) {
    if (chunk.filled) return;
    const { content, pieces } = chunk.build();
    chunk.pieces = pieces;
    chunk.element.append(...content);
    chunk.element.style.height = "";
    chunk.filled = true;
    this.filled.add(chunk);
    this.drawMarks(chunk);
    this.drawFocus(chunk);
  }

  /** @param {Chunk} chunk */
  emptyOne(chunk) {
    chunk.element.style.height = `${chunk.element.getBoundingClientRect().height}px`;
    this.drawer.erase(chunk);
    chunk.element.replaceChildren();
    chunk.pieces = [];
    chunk.filled = false;
    this.filled.delete(chunk);
  }

  /**
   * Index of the first chunk whose lower border is below `y` of the screen.
   * @param {number} y
   */
  chunkBelow(y) {
    let low = 0;
    let high = this.chunks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.chunks[middle].element.getBoundingClientRect().bottom > y) high = middle;
      else low = middle + 1;
    }
    return Math.min(low, this.chunks.length - 1);
  }

  /**
   * Fills what is in and near the view and empties what is far, holding `held` (or what is at the top) where it is.
   * @param {Chunk | null} held
   * @param {number} [share] of `AHEAD` that is filled beyond the view
   */
  fill(held, share = 1) {
    if (!this.chunks.length || this.closed) return;
    const view = this.scroller.getBoundingClientRect();
    const ahead = Math.max(200, view.height) * AHEAD * share;
    const first = held ? this.chunks.indexOf(held) : this.chunkBelow(view.top);
    let anchor = this.chunks[first];
    const next = this.chunks[first + 1];
    if (!anchor.filled && next && next.filled) anchor = next;
    const before = anchor.element.getBoundingClientRect().top;
    for (let i = first; i < this.chunks.length; i += 1) {
      if (this.chunks[i].element.getBoundingClientRect().top > view.bottom + ahead) break;
      this.fillOne(this.chunks[i]);
    }
    const shifted = anchor.element.getBoundingClientRect().top - before;
    for (let i = first - 1; i >= 0; i -= 1) {
      if (this.chunks[i].element.getBoundingClientRect().bottom < view.top + shifted - ahead) break;
      this.fillOne(this.chunks[i]);
    }
    this.emptyFar(view.top - KEEP * view.height, view.bottom + KEEP * view.height);
    const moved = anchor.element.getBoundingClientRect().top - before;
    if (Math.abs(moved) > 0.5) this.scroller.scrollTop += moved;
  }

  /**
   * @param {number} top
   * @param {number} bottom
   */
  emptyFar(top, bottom) {
    for (const chunk of [...this.filled]) {
      const rect = chunk.element.getBoundingClientRect();
      if ((rect.bottom < top || rect.top > bottom) && !this.holdsSelection(chunk)) this.emptyOne(chunk);
    }
  }

  /** @param {Chunk} chunk */
  holdsSelection(chunk) {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed) return false;
    return chunk.element.contains(selection.anchorNode) || chunk.element.contains(selection.focusNode);
  }

  scrolled() {
    this.fill(null);
    this.kept = this.place();
  }

  resized() {
    if (this.scroller.clientWidth !== this.width && this.chunks.length) {
      this.width = this.scroller.clientWidth;
      this.restore(this.kept);
    } else this.fill(null);
    for (const chunk of this.filled) this.drawMarks(chunk);
    for (const chunk of this.lit) this.drawFocus(chunk);
  }

  /** @param {Chunk} chunk */
  drawMarks(chunk) {
    /** @type {Stroke[]} */
    const strokes = [];
    for (const { mark, part } of this.marks.within(chunk.start, chunk.end)) {
      if (this.isFocused(mark)) continue;
      for (const range of rangesOf(chunk.pieces, part.start, part.end)) strokes.push({ range, style: styleOf(mark), id: mark.id });
    }
    this.drawer.draw(chunk, "marks", strokes);
  }

  /** @param {Chunk} chunk */
  drawFocus(chunk) {
    /** @type {Stroke[]} */
    const strokes = [];
    for (const style of /** @type {const} */ (["record", "field"])) {
      for (const part of this.focused[style]) {
        if (part.start >= chunk.end || part.end <= chunk.start) continue;
        for (const range of rangesOf(chunk.pieces, part.start, part.end)) strokes.push({ range, style, id: null });
      }
    }
    this.drawer.draw(chunk, "focus", strokes);
    if (strokes.length) this.lit.add(chunk);
    else this.lit.delete(chunk);
  }

  redraw() {
    for (const chunk of this.filled) this.drawMarks(chunk);
  }

  /**
   * @param {Part[]} record
   * @param {Part[] | null} field
   */
  focus(record, field) {
    const before = [...this.lit];
    this.showFocus(!this.setFocused(record, field));
    const now = [...this.filled].filter((chunk) => this.focused.record.some((part) => part.start < chunk.end && part.end > chunk.start));
    for (const chunk of new Set([...before, ...now, ...this.lit])) {
      if (!chunk.filled) continue;
      this.drawMarks(chunk);
      this.drawFocus(chunk);
    }
  }

  /**
   * The chunk that holds `offset`; undefined where it is not loaded.
   * @param {number} offset
   */
  chunkOf(offset) {
    return this.chunks.find((chunk) => chunk.start <= offset && offset < chunk.end);
  }

  /** @param {boolean} always whether to scroll even where the evidence stands well in view */
  showFocus(always) {
    const lead = this.focused.field[0] || this.focused.record[0];
    const chunk = lead ? this.chunkOf(lead.start) : undefined;
    this.waiting = Boolean(lead) && !chunk;
    if (!lead || !chunk) return;
    this.fillOne(chunk);
    this.bring(chunk, lead, always);
    this.fill(chunk, 0);
    this.bring(chunk, lead, false);
    window.setTimeout(() => this.fill(null), 0); // what is beyond the view after the highlight is seen
  }

  /**
   * @param {Chunk} chunk
   * @param {Part} part
   * @param {boolean} always
   */
  bring(chunk, part, always) {
    const ranges = rangesOf(chunk.pieces, part.start, part.end);
    const rect = (ranges[0] || chunk.element).getBoundingClientRect();
    const view = this.scroller.getBoundingClientRect();
    const { scrollTop, scrollLeft, clientHeight, clientWidth } = this.scroller;
    const top = rect.top - view.top + scrollTop;
    const left = rect.left - view.left + scrollLeft;
    this.scroller.scrollTop = thirdFor(top, top + rect.height, { scroll: scrollTop, height: clientHeight }, always);
    this.scroller.scrollLeft = sideFor(left, left + rect.width, { scroll: scrollLeft, width: clientWidth }, this.covered());
  }

  /** Pixels at the left of the view that a column in place of its own hides. */
  covered() {
    return 0;
  }

  /** @param {ClipboardEvent} event */
  copy(event) {
    const selected = this.selection();
    if (!selected || !event.clipboardData) return;
    event.clipboardData.setData("text/plain", selected.text);
    event.preventDefault();
  }

  /** @returns {Place} */
  place() {
    if (!this.chunks.length) return this.kept;
    const top = this.scroller.getBoundingClientRect().top;
    const chunk = this.chunks[this.chunkBelow(top)];
    return { start: chunk.start, dy: top - chunk.element.getBoundingClientRect().top };
  }

  /** @param {object} place */
  restore(place) {
    const { start, dy = 0 } = /** @type {Place} */ (place);
    this.kept = place;
    const chunk = start === undefined ? undefined : this.chunkOf(start);
    if (!chunk) return this.fill(null);
    this.fillOne(chunk);
    this.scroller.scrollTop += chunk.element.getBoundingClientRect().top - this.scroller.getBoundingClientRect().top + dy;
    return this.fill(chunk);
  }

  close() {
    super.close();
    this.drawer.close();
    if (this.resizer) this.resizer.disconnect();
  }
}
