// @ts-check
/** Says what happened: a line for screen readers and a passing note for the eye that never moves the page. */

import { h } from "./ui.js";

/** @type {HTMLElement | null} */
let live = null;
/** @type {HTMLElement | null} */
let notes = null;

/** @param {HTMLElement} root */
export function mountAnnouncer(root) {
  live = h("div", { class: "visually-hidden", role: "status", "aria-live": "polite", "aria-atomic": "true" });
  notes = h("div", { class: "ws-notes" });
  root.append(live, notes);
}

/** For screen readers only. @param {string} message */
export function announce(message) {
  if (live) live.textContent = live.textContent === message ? `${message}\u00a0` : message;
}

/**
 * @param {string} message
 * @param {{kind?: "info" | "good" | "bad", seconds?: number}} [options]
 */
export function note(message, { kind = "info", seconds = 4 } = {}) {
  announce(message);
  if (!notes) return;
  const line = h("p", { class: `ws-note ${kind}`, "aria-hidden": "true" }, message);
  if (notes.lastElementChild?.textContent === message) notes.lastElementChild.remove();
  notes.append(line);
  while (notes.children.length > 3) notes.firstChild?.remove();
  setTimeout(() => line.remove(), seconds * 1000);
}
