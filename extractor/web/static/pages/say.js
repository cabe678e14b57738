// @ts-check
/** Short messages at the page's lower edge, read out by screen readers. */

/**
 * @param {string} words
 * @param {"ok" | "bad"} kind
 */
export function say(words, kind) {
  const box = document.getElementById("toast");
  if (!box) return;
  const line = document.createElement("p");
  line.className = `notice ${kind}`;
  line.textContent = words;
  box.append(line);
  setTimeout(() => line.remove(), kind === "bad" ? 12000 : 4000);
}
