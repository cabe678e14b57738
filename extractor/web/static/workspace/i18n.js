// @ts-check
/** The words of the interface; the page carries the table of its language as JSON in `#messages`. */

/** @type {{[key: string]: string}} */
let table = {};

/** @param {{[key: string]: string}} words */
export function setWords(words) {
  table = words;
}

export function loadWords() {
  const source = document.getElementById("messages");
  if (source) setWords(JSON.parse(source.textContent || "{}"));
}

/** @param {string} key @param {{[name: string]: string | number}} [values] filled in for `{name}` @returns {string} */
export function t(key, values) {
  const words = table[key] ?? key;
  return values ? words.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole)) : words;
}

/** A key that the table may lack: the words, or the given ones. @param {string} key @param {string} fallback */
export function tOr(key, fallback) {
  return table[key] ?? fallback;
}

/** The part of a two-language message in the page's language. @param {string} message */
export function ownLanguage(message) {
  const parts = message.split(" / ");
  if (parts.length !== 2) return message;
  return (document.documentElement.lang || "zh").startsWith("en") ? parts[1] : parts[0];
}

/** @param {number | null | undefined} value @returns {string} */
export function number(value) {
  return value === null || value === undefined ? "" : String(value);
}
