// @ts-check
/** A list to choose a controlled word from: a digit takes it at once, letters narrow by pinyin initials. */

import { announce } from "./announce.js";
import { t } from "./i18n.js";
import { composing } from "./keys.js";
import { h, kbd } from "./ui.js";
import { filterChoices } from "./vocabulary.js";

/** @typedef {import("./vocabulary.js").Choice} Choice */

/**
 * The list takes key presses itself and is no input, so that an input method cannot swallow the letters.
 * @param {{
 *   anchor: HTMLElement, title: string, choices: Choice[], current: string | null,
 *   choose: (value: string | null) => void, other?: () => void, closed: (taken: boolean) => void, again?: () => void,
 * }} options `other`: a word of one's own; `again`: Tab pressed
 * @returns {(taken?: boolean) => void} closes it
 */
export function openPicker({ anchor, title, choices, current, choose, other, closed, again }) {
  let typed = "";
  let found = choices;
  let active = Math.max(0, choices.findIndex((choice) => choice.last) >= 0 ? choices.findIndex((choice) => choice.last) : choices.findIndex((choice) => choice.value === current));
  let open = true;
  const hint = h("p", { class: "ws-picker-hint" });
  const list = h("ul", { class: "ws-picker-list", role: "listbox", id: "ws-picker-list", tabindex: "0", "aria-label": title });
  const node = h("div", { class: "ws-picker" }, h("p", { class: "ws-picker-title" }, title), list, hint);

  const close = (taken = false) => {
    if (!open) return;
    open = false;
    node.remove();
    document.removeEventListener("mousedown", outside, true);
    closed(taken);
  };
  /** @param {Event} event */
  const outside = (event) => {
    if (!(event.target instanceof Node) || !node.contains(event.target)) close();
  };
  /** @param {Choice} choice */
  const take = (choice) => {
    close(true);
    choose(choice.value);
  };
  const draw = () => {
    found = filterChoices(choices, typed);
    active = Math.min(active, Math.max(found.length - 1, 0));
    list.replaceChildren(...found.map((choice, at) => {
      const item = h("li", { role: "option", id: `ws-choice-${at}`, "aria-selected": String(at === active), class: choice.value === current ? "current" : "" },
        choice.digit ? kbd(choice.digit) : h("span", { class: "no-key" }), h("span", { class: "word" }, choice.label),
        choice.last ? h("span", { class: "last" }, `${t("ws.picker.last")} ↵`) : null);
      item.addEventListener("mousedown", (event) => event.preventDefault());
      item.addEventListener("click", () => take(choice));
      return item;
    }));
    if (found.length) list.setAttribute("aria-activedescendant", `ws-choice-${active}`);
    else list.removeAttribute("aria-activedescendant");
    list.children[active]?.scrollIntoView({ block: "nearest" });
    hint.textContent = typed ? t("ws.picker.typed", { typed }) : t(other ? "ws.picker.hint_other" : "ws.picker.hint");
  };
  /** @param {KeyboardEvent} event */
  const press = (event) => {
    if (composing(event) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.stopPropagation();
    const { key } = event;
    const direct = /^[0-9]$/.test(key) ? choices.find((choice) => choice.digit === key) : undefined;
    if (direct) take(direct);
    else if (key === "0" && other) {
      close(true);
      other();
    } else if (key === "Enter") {
      if (found[active]) take(found[active]);
      else if (other) {
        close(true);
        other();
      }
    } else if (key === "Escape") close();
    else if (key === "Tab") {
      close(true);
      if (!event.shiftKey) again?.();
    } else if (key === "ArrowDown" || key === "ArrowUp") {
      active = (active + (key === "ArrowDown" ? 1 : found.length - 1)) % Math.max(found.length, 1);
      draw();
    } else if (key === "Backspace") {
      typed = typed.slice(0, -1);
      draw();
    } else if (key.length === 1 && key !== " ") {
      typed += key.toLowerCase();
      active = 0;
      draw();
      announce(t("ws.picker.found", { count: found.length }));
    } else return;
    event.preventDefault();
  };
  list.addEventListener("keydown", press);
  draw();
  document.body.append(node);
  place(node, anchor);
  document.addEventListener("mousedown", outside, true);
  list.focus({ preventScroll: true });
  return close;
}

/** Under the field, or above it where there is no room. @param {HTMLElement} node @param {HTMLElement} anchor */
function place(node, anchor) {
  const box = anchor.getBoundingClientRect();
  const own = node.getBoundingClientRect();
  const below = box.bottom + own.height + 8 <= window.innerHeight || box.top < own.height;
  node.style.left = `${Math.max(8, Math.min(box.left, window.innerWidth - own.width - 8))}px`;
  node.style.top = `${Math.max(8, below ? Math.min(box.bottom + 4, window.innerHeight - own.height - 8) : box.top - own.height - 4)}px`;
}
