// @ts-check
/** One field being written: an ordinary input in the value's place, which leaves an input method's keys alone. */

import { read, written } from "./fields.js";
import { t } from "./i18n.js";
import { composing } from "./keys.js";
import { announce } from "./announce.js";
import { h } from "./ui.js";

/** @typedef {{close: (commit: boolean) => boolean}} Editor */
/** @typedef {"enter" | "escape" | "tab" | "backtab" | "blur" | "closed"} How */

/**
 * @param {{
 *   field: import("./fields.js").Field, place: HTMLElement, value: unknown, label: string,
 *   commit: (value: unknown) => void, closed: (how: How) => void,
 * }} options
 * @returns {Editor}
 */
export function openEditor({ field, place, value, label, commit, closed }) {
  const before = written(field, value);
  const long = field.type === "long";
  const input = h(long ? "textarea" : "input", { class: "ws-input", "aria-label": label, autocomplete: "off", spellcheck: "false", rows: long ? "3" : null,
    type: long ? null : "text", inputmode: field.type === "number" ? "decimal" : null, placeholder: field.type === "date" ? "2026-12-31" : null });
  const problem = h("span", { class: "ws-problem", role: "alert" });
  input.value = before;
  let open = true;

  /** @param {boolean} keep @param {How} how @returns {boolean} */
  const finish = (keep, how) => {
    if (!open) return true;
    if (keep && input.value.trim() !== before.trim()) {
      const found = read(field, input.value);
      if (found.problem !== undefined) {
        if (how === "blur") return finish(false, how);
        problem.textContent = t(found.problem);
        announce(t(found.problem));
        input.setAttribute("aria-invalid", "true");
        return false;
      }
      open = false;
      restore();
      commit(found.value);
    } else {
      open = false;
      restore();
    }
    closed(how);
    return true;
  };
  const restore = () => {
    input.remove();
    problem.remove();
    place.hidden = false;
  };
  input.addEventListener("keydown", (event) => {
    const press = /** @type {KeyboardEvent} */ (event);
    if (composing(press)) return;
    if (press.key === "Enter" && !press.shiftKey && !press.altKey) {
      press.preventDefault();
      press.stopPropagation();
      finish(true, "enter");
    } else if (press.key === "Escape") {
      press.preventDefault();
      press.stopPropagation();
      finish(false, "escape");
    } else if (press.key === "Tab") {
      press.preventDefault();
      press.stopPropagation();
      finish(true, press.shiftKey ? "backtab" : "tab");
    }
  });
  input.addEventListener("blur", () => setTimeout(() => {
    // A click into the document fills the field: the editor waits for it.
    if (open && document.activeElement !== input && !document.getElementById("pane")?.contains(document.activeElement) && document.activeElement !== document.body) finish(true, "blur");
  }, 0));
  place.hidden = true;
  place.after(input, problem);
  input.focus({ preventScroll: true });
  input.select();
  input.closest(".ws-field")?.scrollIntoView({ block: "nearest" });
  return { close: (keep) => finish(keep, "closed") };
}
