// @ts-check
/** Builds the controls of the record side without markup: every word from a document goes in as text. */

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {{[name: string]: any}} [attributes] `class`, `on…` listeners, any other attribute; null and false leave it out
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") element.className = value;
    else if (name.startsWith("on") && typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) {
    if (child === null || child === undefined || child === false || child === "") continue;
    element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

/** Writes text only where it differs, so that an unchanged node costs no layout. @param {Node} node @param {string} text */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** @param {Element} node @param {string} name @param {string | null} value */
export function setAttribute(node, name, value) {
  if (value === null) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
  } else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/** A key as printed on a button. @param {string} key */
export function kbd(key) {
  return h("kbd", { "aria-hidden": "true" }, key);
}

/**
 * A button that a mouse click does not focus, so that the keys keep working where the reviewer was.
 * @param {{label: string, key?: string, class?: string, title?: string, run: () => void}} options
 */
export function button({ label, key, class: className, title, run }) {
  const node = h("button", { type: "button", class: `ws-btn ${className ?? ""}`.trim(), title: title ?? null, "aria-keyshortcuts": key ?? null },
    h("span", { class: "ws-btn-label" }, label), key ? kbd(key) : null);
  node.addEventListener("mousedown", (event) => event.preventDefault());
  node.addEventListener("click", run);
  return node;
}

/**
 * A modal dialog in the page; closing hands the focus back to where it was.
 * @param {{title: string, class?: string, close: string, onclose?: () => void}} options
 * @param {...Child} children
 */
export function dialog({ title, class: className, close, onclose }, ...children) {
  const id = `dialog-${Math.random().toString(36).slice(2)}`;
  const before = document.activeElement;
  const node = h("dialog", { class: `ws-dialog ${className ?? ""}`.trim(), "aria-labelledby": id });
  const shut = h("button", { type: "button", class: "ws-dialog-close", "aria-label": close, onclick: () => node.close() }, "×");
  node.append(h("header", { class: "ws-dialog-head" }, h("h2", { id }, title), shut), h("div", { class: "ws-dialog-body" }, ...children));
  node.addEventListener("close", () => {
    node.remove();
    // This event comes late: a key pressed meanwhile may have taken the focus elsewhere.
    const free = !document.activeElement || document.activeElement === document.body;
    if (free && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    onclose?.();
  });
  node.addEventListener("click", (event) => {
    if (event.target === node) node.close();
  });
  document.body.append(node);
  node.showModal();
  return node;
}

/** Calls `work` before the next frame is painted, once however often asked. @param {() => void} work */
export function onceAFrame(work) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      work();
    });
  };
}
