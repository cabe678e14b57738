// @ts-check
/** Making elements without HTML text. */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} [classes]
 * @param {{[attribute: string]: string}} [attributes]
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, classes = "", attributes = {}) {
  const element = document.createElement(tag);
  if (classes) element.className = classes;
  for (const name of Object.keys(attributes)) element.setAttribute(name, attributes[name]);
  return element;
}

/**
 * @param {HTMLElement} element
 * @param {{left: number, top: number, width: number, height: number}} place
 * @param {"px" | "%"} unit
 */
export function put(element, place, unit) {
  element.style.left = `${place.left}${unit}`;
  element.style.top = `${place.top}${unit}`;
  element.style.width = `${place.width}${unit}`;
  element.style.height = `${place.height}${unit}`;
}

/**
 * Calls `work` once in the next frame however often asked.
 * @param {() => void} work
 */
export function onceAFrame(work) {
  let asked = 0;
  return () => {
    if (asked) return;
    asked = requestAnimationFrame(() => {
      asked = 0;
      work();
    });
  };
}
