// @ts-check
/** PDF: a column of pages. All pages have their place from the start; only those in and near the view hold anything. */

import { t } from "./i18n.js";
import { make, onceAFrame } from "./pane_dom.js";
import { boxesOf, lastAtMost, layOut, sideFor, thirdFor, around } from "./geometry.js";
import { PaneBase } from "./pane_base.js";
import { PageImages } from "./page_images.js";
import { PagePointer } from "./page_pointer.js";
import { PageTools } from "./page_tools.js";
import { PageView, boxesOfPart, drawnMarks } from "./page_view.js";

/** @typedef {import("./types").Part} Part */
/** @typedef {import("./types").Box} Box */
/** @typedef {import("./offsets.js").Piece} Piece */
/** @typedef {import("./geometry.js").PagePlace} PagePlace */
/** @typedef {{page?: number, y?: number, x?: number, zoom?: number | null}} Place `y`, `x`: points of that page at the view's corner */

const GAP = 12;
const NEAR = 2; // pages kept ready on each side of those in view

export class PagesPane extends PaneBase {
  /**
   * @param {HTMLElement} container
   * @param {import("./types").DocumentInfo} doc
   * @param {import("./pane_source.js").Source} source
   */
  constructor(container, doc, source) {
    super(container, doc, source, "pages");
    /** @type {PageView[]} */
    this.views = [];
    /** @type {PagePlace[]} */
    this.places = [];
    /** @type {number[]} */
    this.tops = [];
    /** @type {number | null} pixels a point; null fits the width */
    this.zoom = null;
    this.column = make("div", "pane-column");
    this.scroller.append(this.column);
    this.images = new PageImages((page, scale) => source.image(page, scale));
    this.tools = new PageTools(this);
    this.pointer = new PagePointer(this);
    /** @type {Set<PageView>} */
    this.live = new Set();
    this.width = 0;
    this.listen();
  }

  listen() {
    const frame = onceAFrame(() => this.render(false));
    this.scroller.addEventListener("scroll", frame, { passive: true });
    this.resizer = new ResizeObserver(() => this.resized());
    this.resizer.observe(this.scroller);
    this.selected = onceAFrame(() => this.drawSelection());
    document.addEventListener("selectionchange", this.selected);
    this.scroller.addEventListener("copy", (event) => this.copy(event));
  }

  async refresh() {
    if (!this.views.length) {
      try {
        this.open(await this.source.pages());
      } catch {
        this.say(t("ws.pane.failed"));
        return;
      }
      this.say("");
    }
    for (const view of this.live) this.fillText(view);
  }

  /** @param {import("./types").Page[]} pages */
  open(pages) {
    if (this.closed) return;
    this.views = pages.map((page) => new PageView(page));
    this.column.replaceChildren(...this.views.map((view) => view.element));
    this.bar.hidden = false;
    this.arrange();
    this.showFocus(true);
    this.render(true);
  }

  arrange() {
    this.width = this.scroller.clientWidth;
    this.places = layOut(this.views.map((view) => view.page), Math.max(60, this.width - 2 * GAP), this.zoom, GAP);
    this.tops = this.places.map((place) => place.top);
    this.places.forEach((place, i) => this.views[i].setPlace(place));
    const last = this.places[this.places.length - 1];
    this.column.style.height = last ? `${last.top + last.height + GAP}px` : "";
    this.column.style.width = `${Math.max(0, ...this.places.map((place) => place.left + place.width)) + GAP}px`;
  }

  resized() {
    if (!this.views.length || this.scroller.clientWidth === this.width) {
      if (this.views.length) this.render(true);
      return;
    }
    const place = this.place();
    this.arrange();
    this.restore(place);
  }

  /** @param {number | null} zoom */
  setZoom(zoom) {
    const place = this.place();
    this.zoom = zoom;
    this.arrange();
    this.restore({ ...place, zoom });
  }

  /** First and last page in view. */
  range() {
    const top = this.scroller.scrollTop;
    const first = Math.max(0, lastAtMost(this.tops, top));
    return { first, last: Math.max(first, lastAtMost(this.tops, top + this.scroller.clientHeight)) };
  }

  /** @param {boolean} now whether images are asked for at once */
  render(now) {
    if (!this.views.length || this.closed) return;
    const { first, last } = this.range();
    const seen = this.views.slice(first, last + 1);
    const near = [];
    for (let i = 1; i <= NEAR; i += 1) near.push(this.views[last + i], this.views[first - i]);
    const beside = near.filter((view) => view !== undefined);
    const live = new Set([...seen, ...beside]);
    for (const view of this.live) {
      if (this.holdsSelection(view)) live.add(view);
      else if (!live.has(view)) view.empty();
    }
    const fresh = [...live].filter((view) => !this.live.has(view));
    this.live = live;
    for (const view of fresh) this.drawPage(view);
    this.images.want(seen, beside, now);
    window.setTimeout(() => fresh.forEach((view) => this.fillText(view)), 0);
    this.tools.show(first);
  }

  /** @param {PageView} view */
  drawPage(view) {
    this.drawMarks(view);
    this.drawFocus(view);
  }

  /** @param {PageView} view */
  drawMarks(view) {
    const found = this.marks.onPage(view.page.number).filter(({ mark }) => !this.isFocused(mark));
    view.draw("marks", drawnMarks(found, view.lines));
  }

  /** @param {PageView} view */
  drawFocus(view) {
    const drawn = [];
    for (const style of /** @type {const} */ (["record", "field"])) {
      for (const part of this.focused[style]) {
        if (part.page !== view.page.number) continue;
        for (const box of boxesOfPart(part, view.lines)) drawn.push({ box, style, id: null });
      }
    }
    view.draw("focus", drawn);
  }

  /** @param {PageView} view */
  async fillText(view) {
    if (!this.live.has(view) || view.lines) return;
    const lines = await this.source.text(view.page.number);
    if (!lines || !this.live.has(view) || this.closed || view.lines) return;
    view.setLines(lines, this.map);
    this.drawPage(view);
  }

  redraw() {
    for (const view of this.live) this.drawMarks(view);
  }

  /**
   * @param {Part[]} record
   * @param {Part[] | null} field
   */
  focus(record, field) {
    this.showFocus(!this.setFocused(record, field));
    this.render(true);
    for (const view of this.live) this.drawPage(view);
  }

  /** @param {boolean} always whether to scroll even where the evidence stands well in view */
  showFocus(always) {
    const parts = this.focused.field.some(isPlaced) ? this.focused.field : this.focused.record;
    const lead = parts.find(isPlaced);
    const index = lead ? this.indexOf(lead.page) : -1;
    if (!lead || index < 0) return;
    const boxes = parts.filter((part) => part.page === lead.page).map((part) => part.bbox || null);
    const box = around(/** @type {Box[]} */ (boxes.filter((each) => each !== null)));
    this.scrollTo(this.places[index], box || [0, 0, 0, 0], always);
  }

  /**
   * @param {PagePlace} place
   * @param {Box} box
   * @param {boolean} always
   */
  scrollTo(place, box, always) {
    const { scrollTop, scrollLeft, clientHeight, clientWidth } = this.scroller;
    const top = place.top + box[1] * place.scale;
    const bottom = place.top + box[3] * place.scale;
    const left = place.left + box[0] * place.scale;
    this.scroller.scrollTop = thirdFor(top, bottom, { scroll: scrollTop, height: clientHeight }, always);
    this.scroller.scrollLeft = sideFor(left, place.left + box[2] * place.scale, { scroll: scrollLeft, width: clientWidth });
  }

  /**
   * @param {number | null | undefined} page
   * @returns {number} index of its view, -1 where there is none
   */
  indexOf(page) {
    const guess = (page || 0) - 1;
    if (this.views[guess] && this.views[guess].page.number === page) return guess;
    return this.views.findIndex((view) => view.page.number === page);
  }

  /** @param {EventTarget | null} target */
  viewOf(target) {
    const element = target instanceof Element ? target.closest(".pane-page") : null;
    return element instanceof HTMLElement ? this.views[this.indexOf(Number(element.dataset.page))] : undefined;
  }

  /**
   * The page in view nearest to a height of the screen.
   * @param {number} clientY
   */
  viewNear(clientY) {
    const inside = clientY - this.scroller.getBoundingClientRect().top;
    const y = Math.max(0, Math.min(inside, this.scroller.clientHeight)) + this.scroller.scrollTop;
    const view = this.views[Math.max(0, lastAtMost(this.tops, y))];
    return view && view.lines ? view : undefined;
  }

  /** @returns {Piece[]} of all pages that hold text, by start */
  pieces() {
    const pieces = this.views.filter((view) => view.pieces.length).map((view) => view.pieces);
    return /** @type {Piece[]} */ ([]).concat(...pieces).sort((a, b) => a.start - b.start);
  }

  /**
   * The characters of the stretch of lines without a gap round `offset`.
   * @param {number} offset
   */
  charactersRound(offset) {
    const pieces = this.pieces();
    let first = pieces.findIndex((piece) => piece.start <= offset && offset < piece.end);
    if (first < 0) return { characters: [], start: offset };
    let last = first;
    while (first > 0 && pieces[first - 1].end === pieces[first].start) first -= 1;
    while (last + 1 < pieces.length && pieces[last + 1].start === pieces[last].end) last += 1;
    const text = pieces.slice(first, last + 1).map((piece) => piece.node.data);
    return { characters: Array.from(text.join("")), start: pieces[first].start };
  }

  /** @param {PageView} view */
  holdsSelection(view) {
    const selection = document.getSelection();
    if (!selection || !selection.rangeCount || selection.isCollapsed || !view.lines) return false;
    return view.element.contains(selection.anchorNode) || view.element.contains(selection.focusNode);
  }

  drawSelection() {
    const selected = this.selection();
    for (const view of this.views) {
      if (!view.lines && !view.layers.size) continue;
      const boxes = selected && view.lines ? boxesOf(view.lines, selected.start, selected.end) : [];
      view.draw("selection", boxes.map((box) => ({ box, style: "selection", id: null })));
    }
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
    const { first } = this.range();
    const at = this.places[first];
    if (!at) return { zoom: this.zoom };
    const y = (this.scroller.scrollTop - at.top) / at.scale;
    return { page: this.views[first].page.number, y, x: (this.scroller.scrollLeft - at.left) / at.scale, zoom: this.zoom };
  }

  /** @param {object} place */
  restore(place) {
    const { page, y = 0, x = 0, zoom = this.zoom } = /** @type {Place} */ (place);
    if (zoom !== this.zoom) {
      this.zoom = zoom;
      this.arrange();
    }
    const at = this.places[this.indexOf(page)];
    if (at) {
      this.scroller.scrollTop = at.top + y * at.scale;
      this.scroller.scrollLeft = at.left + x * at.scale;
    }
    this.render(true);
  }

  close() {
    super.close();
    this.images.close();
    if (this.resizer) this.resizer.disconnect();
    if (this.selected) document.removeEventListener("selectionchange", this.selected);
  }
}

/** @param {Part} part */
function isPlaced(part) {
  return part.page !== null && part.page !== undefined;
}
