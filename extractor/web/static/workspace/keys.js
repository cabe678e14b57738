// @ts-check
/** The keymap as data, and which action a key press means where. Letters never change their meaning. */

/**
 * @typedef {{action: string, keys: string[], shown: string, group: "decide" | "move" | "field" | "structure" | "document"}} Binding
 * @typedef {Pick<KeyboardEvent, "key" | "ctrlKey" | "shiftKey" | "altKey" | "metaKey" | "isComposing" | "keyCode">} Press
 * @typedef {"navigate" | "edit" | "control" | "closed"} Mode
 */

/** @type {Binding[]} `keys`: letters in lower case; `Ctrl+`, `Shift+` before them */
export const KEYMAP = [
  { action: "accept", keys: ["a"], shown: "A", group: "decide" },
  { action: "reject", keys: ["x"], shown: "X", group: "decide" },
  { action: "skip", keys: ["Space"], shown: "Space", group: "decide" },
  { action: "waive", keys: ["w"], shown: "W", group: "decide" },
  { action: "bulk", keys: ["b"], shown: "B", group: "decide" },
  { action: "undo", keys: ["z", "Ctrl+z"], shown: "Z", group: "decide" },
  { action: "redo", keys: ["y", "Ctrl+y", "Ctrl+Shift+z"], shown: "Y", group: "decide" },
  { action: "next", keys: ["j", "ArrowDown"], shown: "J ↓", group: "move" },
  { action: "previous", keys: ["k", "ArrowUp"], shown: "K ↑", group: "move" },
  { action: "nextField", keys: ["Tab"], shown: "Tab", group: "move" },
  { action: "previousField", keys: ["Shift+Tab"], shown: "Shift+Tab", group: "move" },
  { action: "order", keys: ["f"], shown: "F", group: "move" },
  { action: "unclaimed", keys: ["g"], shown: "G", group: "move" },
  { action: "filter", keys: ["/", "／"], shown: "/", group: "move" },
  { action: "region", keys: ["F6"], shown: "F6", group: "move" },
  { action: "regionBack", keys: ["Shift+F6"], shown: "Shift+F6", group: "move" },
  { action: "edit", keys: ["Enter"], shown: "Enter", group: "field" },
  { action: "leave", keys: ["Escape"], shown: "Esc", group: "field" },
  { action: "op", keys: ["c"], shown: "C", group: "field" },
  { action: "unit", keys: ["u"], shown: "U", group: "field" },
  { action: "role", keys: ["r"], shown: "R", group: "field" },
  { action: "kind", keys: ["t"], shown: "T", group: "field" },
  { action: "value", keys: ["v"], shown: "V", group: "field" },
  { action: "metric", keys: ["q"], shown: "Q", group: "field" },
  { action: "deadline", keys: ["l"], shown: "L", group: "field" },
  { action: "responsible", keys: ["o"], shown: "O", group: "field" },
  { action: "points", keys: ["p"], shown: "P", group: "field" },
  { action: "split", keys: ["s"], shown: "S", group: "structure" },
  { action: "merge", keys: ["m"], shown: "M", group: "structure" },
  { action: "duplicate", keys: ["d"], shown: "D", group: "structure" },
  { action: "add", keys: ["n"], shown: "N", group: "structure" },
  { action: "export", keys: ["e"], shown: "E", group: "document" },
  { action: "history", keys: ["h"], shown: "H", group: "document" },
  { action: "help", keys: ["?", "？"], shown: "?", group: "document" },
];

/** @type {Map<string, string>} */
const ACTIONS = new Map();
for (const binding of KEYMAP) for (const key of binding.keys) ACTIONS.set(key, binding.action);

/** @param {string} action @returns {string} the key printed on its button */
export function keyOf(action) {
  return KEYMAP.find((binding) => binding.action === action)?.shown ?? "";
}

/** An input method is at work: the key belongs to it, even where the browser says so only by the code 229. @param {Press} press */
export function composing(press) {
  return press.isComposing || press.keyCode === 229;
}

/** @param {Press} press @returns {string} as written in the keymap */
export function nameOf(press) {
  const { key } = press;
  const letter = /^[a-z]$/i.test(key);
  let name = key === " " || key === "\u3000" ? "Space" : letter ? key.toLowerCase() : key;
  const printed = key.length === 1 && !letter && key !== " " && key !== "\u3000"; // Shift is part of how ? is typed
  if (press.shiftKey && !printed) name = `Shift+${name}`;
  if (press.ctrlKey) name = `Ctrl+${name}`;
  return name;
}

/**
 * @param {Press} press
 * @param {Mode} mode `navigate`: single letters are commands; `edit`: they are text; `control`: a button or link outside the
 * review has the focus and keeps Tab, Enter and Space; `closed`: a dialog or picker has the keys to itself
 * @returns {string | null} the action
 */
export function actionFor(press, mode) {
  if (composing(press) || press.altKey || press.metaKey || mode === "closed") return null;
  const action = ACTIONS.get(nameOf(press)) ?? null;
  if (mode === "edit") return action === "region" || action === "regionBack" ? action : null;
  if (mode === "control" && ["nextField", "previousField", "edit", "skip", "next", "previous"].includes(action ?? "")) return null;
  return action;
}

/**
 * @param {Element | null} target of the key press
 * @returns {Mode}
 */
export function modeOf(target) {
  if (document.querySelector("dialog[open], .ws-picker")) return "closed";
  if (!target || target === document.body) return "navigate";
  const input = target.closest("input, textarea, select");
  if (input || (target instanceof HTMLElement && target.isContentEditable)) {
    const kind = input instanceof HTMLInputElement ? input.type : "text";
    return ["checkbox", "radio", "button"].includes(kind) ? "control" : "edit";
  }
  if (target.closest("[data-review]")) return "navigate";
  return target.closest("button, a[href], summary, [role=separator]") ? "control" : "navigate";
}
