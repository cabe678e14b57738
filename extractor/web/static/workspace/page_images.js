// @ts-check
/** Images of the pages in and near the view: the seen ones first, neighbours after them, those scrolled past given up. */

import { t } from "./i18n.js";
import { make } from "./pane_dom.js";
import { imageScale } from "./geometry.js";

/** @typedef {import("./page_view.js").PageView} PageView */
/** @typedef {{view: PageView, shown: HTMLImageElement | null, coming: HTMLImageElement | null, scale: number, tries: number, alert: HTMLElement | null}} Slot */

const PASSING = 70; // ms that a page must stay in view while scrolling before its image is asked for
const RESTING = 150; // ms after the seen pages have come before neighbours are asked for, one at a time
const TRIES = 3;
const POOL = 8;

export class PageImages {
  /** @param {(page: number, scale: number) => string} url */
  constructor(url) {
    this.url = url;
    /** @type {Map<number, Slot>} */
    this.slots = new Map();
    /** @type {HTMLImageElement[]} */
    this.pool = [];
    /** @type {readonly PageView[]} */
    this.seen = [];
    /** @type {readonly PageView[]} */
    this.near = [];
    this.timer = 0;
    this.rest = 0;
  }

  /**
   * @param {readonly PageView[]} seen
   * @param {readonly PageView[]} near in the order of use
   * @param {boolean} now false while scrolling
   */
  want(seen, near, now) {
    this.seen = seen;
    this.near = near;
    const kept = new Set([...seen, ...near].map((view) => view.page.number));
    for (const [number, slot] of this.slots) if (!kept.has(number)) this.drop(number, slot);
    window.clearTimeout(this.timer);
    window.clearTimeout(this.rest);
    if (now) this.load();
    else this.timer = window.setTimeout(() => this.load(), PASSING);
  }

  load() {
    for (const view of this.seen) this.ask(view);
    window.clearTimeout(this.rest);
    if (![...this.slots.values()].some((slot) => slot.coming)) this.rest = window.setTimeout(() => this.loadNear(), RESTING);
  }

  loadNear() {
    const next = this.near.find((view) => this.lacks(view));
    if (next) this.ask(next);
  }

  /** @param {PageView} view */
  lacks(view) {
    const slot = this.slots.get(view.page.number);
    return !slot || (slot.scale !== scaleOf(view) && slot.tries < TRIES);
  }

  /** @param {PageView} view */
  ask(view) {
    const number = view.page.number;
    const scale = scaleOf(view);
    const slot = this.slots.get(number) || { view, shown: null, coming: null, scale: 0, tries: 0, alert: null };
    this.slots.set(number, slot);
    if (slot.scale === scale || slot.tries >= TRIES) return;
    this.stop(slot);
    slot.scale = scale;
    slot.coming = this.take(number);
    slot.coming.onload = () => this.arrived(slot);
    slot.coming.onerror = () => this.failed(slot);
    slot.coming.src = this.url(number, scale);
  }

  /** @param {Slot} slot */
  arrived(slot) {
    const image = slot.coming;
    if (!image) return;
    slot.coming = null;
    slot.tries = 0;
    slot.view.element.prepend(image);
    slot.view.element.dataset.sharp = String(slot.scale);
    this.recycle(slot.shown);
    slot.shown = image;
    if (slot.alert) slot.alert.remove();
    slot.alert = null;
    this.load();
  }

  /** @param {Slot} slot */
  failed(slot) {
    this.stop(slot);
    slot.scale = 0;
    slot.tries += 1;
    if (slot.tries < TRIES) {
      window.setTimeout(() => this.load(), 500 * slot.tries);
      return;
    }
    if (!slot.shown && !slot.alert) this.offerRetry(slot);
    this.load();
  }

  /** @param {Slot} slot */
  offerRetry(slot) {
    const alert = make("p", "pane-page-failed");
    const again = make("button", "pane-button", { type: "button" });
    again.textContent = t("ws.pane.retry");
    again.addEventListener("click", () => {
      alert.remove();
      slot.alert = null;
      slot.tries = 0;
      this.load();
    });
    alert.append(t("ws.pane.imageFailed", { n: slot.view.page.number }), " ", again);
    slot.alert = alert;
    slot.view.element.append(alert);
  }

  /** @param {number} number */
  take(number) {
    const image = this.pool.pop() || make("img", "pane-page-image", { draggable: "false" });
    image.alt = t("ws.pane.pageImage", { n: number });
    return image;
  }

  /**
   * Gives up a request under way. The element is not used again: its events may still be on their way.
   * @param {Slot} slot
   */
  stop(slot) {
    const image = slot.coming;
    slot.coming = null;
    if (!image) return;
    image.onload = image.onerror = null;
    image.removeAttribute("src");
  }

  /** @param {HTMLImageElement | null} image one that has come: its decoded picture is let go */
  recycle(image) {
    if (!image) return;
    image.onload = image.onerror = null;
    image.remove();
    image.removeAttribute("src");
    if (this.pool.length < POOL) this.pool.push(image);
  }

  /**
   * @param {number} number
   * @param {Slot} slot
   */
  drop(number, slot) {
    this.stop(slot);
    this.recycle(slot.shown);
    if (slot.alert) slot.alert.remove();
    delete slot.view.element.dataset.sharp;
    this.slots.delete(number);
  }

  close() {
    this.want([], [], false);
    window.clearTimeout(this.timer);
  }
}

/** @param {PageView} view */
function scaleOf(view) {
  return imageScale(view.place.scale * (window.devicePixelRatio || 1));
}
