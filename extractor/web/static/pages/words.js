// @ts-check
/** The page's phrases, and refusals of the server in the page's language. */

const english = document.documentElement.lang.startsWith("en");

/** @type {{[key: string]: string}} */
const phrases = JSON.parse(document.getElementById("messages")?.textContent || "{}");

/**
 * @param {string} key
 * @param {{[name: string]: string | number}} [values]
 */
export function message(key, values = {}) {
  let phrase = phrases[key] || key;
  for (const name of Object.keys(values)) phrase = phrase.split(`{${name}}`).join(String(values[name]));
  return phrase;
}

/**
 * The half of "中文 / English" in the page's language. A file name quoted in both halves may hold the mark itself,
 * so the middle one parts them.
 * @param {string} both
 */
export function inLanguage(both) {
  const parts = both.split(" / ");
  if (parts.length % 2) return both;
  const half = parts.length / 2;
  return (english ? parts.slice(half) : parts.slice(0, half)).join(" / ");
}

/**
 * What the server said to a request that it refused.
 * @param {number} status
 * @param {string} text body of the answer
 */
export function refusal(status, text) {
  try {
    return inLanguage(JSON.parse(text).error.message);
  } catch {
    return message(status === 413 ? "ws.page.too_large" : "ws.page.failed", { status });
  }
}
