// @ts-check
/**
 * Forms and buttons that call the JSON API: `data-call="METHOD /path"` (on a form its fields are the body), then
 * `data-auto` sends a form as soon as a choice is made; `data-then`: "reload", "say" (`data-said`), "show" (the answer's token in `data-show`), or "go"
 * (to `data-go`, with the answer's values in braces). `data-confirm` asks first. Boxes with `data-many` and one name are a list of those ticked.
 */
import { say } from "./say.js";
import { message, refusal } from "./words.js";

/** @param {HTMLFormElement} form */
function body(form) {
  /** @type {{[name: string]: unknown}} */
  const fields = {};
  for (const element of Array.from(form.elements)) {
    const field = /** @type {HTMLInputElement} */ (element);
    if (!field.name) continue;
    if (field.dataset.many !== undefined) {
      const ticked = /** @type {unknown[]} */ (fields[field.name] || []);
      fields[field.name] = field.checked ? [...ticked, field.value] : ticked;
    } else if (field.type === "checkbox") fields[field.name] = field.checked;
    else if (field.type === "number") fields[field.name] = field.value === "" ? null : Number(field.value);
    else if (field.dataset.list !== undefined) fields[field.name] = field.value.split(/[\s,，]+/).filter(Boolean);
    else if (field.dataset.empty === "keep" && field.value === "") continue;
    else if (field.dataset.empty === "null" && field.value === "") fields[field.name] = null;
    else fields[field.name] = field.value;
  }
  return fields;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [content] JSON body
 * @returns {Promise<unknown>}
 */
export async function call(method, path, content) {
  /** @type {{[name: string]: string}} */
  const headers = {};
  const csrf = /** @type {HTMLMetaElement | null} */ (document.querySelector('meta[name="csrf"]'));
  if (csrf) headers["X-CSRF-Token"] = csrf.content;
  if (content !== undefined) headers["Content-Type"] = "application/json";
  const answer = await fetch(path, {
    method,
    headers,
    credentials: "same-origin",
    body: content === undefined ? undefined : JSON.stringify(content),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(refusal(answer.status, text));
  return text ? JSON.parse(text) : null;
}

/** @param {HTMLElement} element */
async function run(element) {
  const { call: what = "", then, said, show, go = "", confirm: question } = element.dataset;
  if (question && !confirm(question)) return;
  const [method, path] = what.split(" ");
  const form = element instanceof HTMLFormElement ? element : null;
  const buttons = form
    ? Array.from(form.elements).filter((item) => item instanceof HTMLButtonElement)
    : [/** @type {HTMLButtonElement} */ (element)];
  for (const button of buttons) /** @type {HTMLButtonElement} */ (button).disabled = true;
  try {
    const answer = await call(method, path, form ? body(form) : undefined);
    if (form && form.querySelector("input[type=password]")) form.reset();
    if (then === "reload") location.reload();
    else if (then === "go") location.assign(filled(go, /** @type {{[name: string]: unknown}} */ (answer)));
    else if (then === "show" && show) reveal(show, answer);
    else say(said || message("ws.page.done"), "ok");
  } catch (error) {
    say(error instanceof TypeError ? message("ws.page.offline") : /** @type {Error} */ (error).message, "bad");
  } finally {
    for (const button of buttons) /** @type {HTMLButtonElement} */ (button).disabled = false;
  }
}

/**
 * @param {string} path
 * @param {{[name: string]: unknown}} answer
 */
function filled(path, answer) {
  return path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(answer[name])));
}

/**
 * @param {string} id
 * @param {unknown} answer
 */
function reveal(id, answer) {
  const place = document.getElementById(id);
  const code = place && place.querySelector("code");
  if (!place || !code) return;
  code.textContent = /** @type {{token: string}} */ (answer).token;
  place.hidden = false;
}

/** @param {Document} root */
export function startCalls(root) {
  root.addEventListener("change", (event) => {
    const { form } = /** @type {HTMLInputElement} */ (event.target);
    if (form && form.dataset.call && form.dataset.auto !== undefined) run(form);
  });
  root.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("button[data-call]");
    if (button) run(/** @type {HTMLElement} */ (button));
  });
  root.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!form.dataset.call) return;
    event.preventDefault();
    run(form);
  });
}
