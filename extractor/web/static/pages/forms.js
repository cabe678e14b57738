// @ts-check
/**
 * Forms that change page (`data-send`: log-in, log-out) are sent by fetch: with our Referrer-Policy a form sent by the
 * browser itself names its origin "null", and on plain HTTP nothing else tells the server that it is one of ours.
 */
import { say } from "./say.js";
import { message } from "./words.js";

/** @param {HTMLFormElement} form */
async function send(form) {
  /** @type {Response} */
  let answer;
  /** @type {string[][]} */
  const fields = [];
  new FormData(form).forEach((value, name) => fields.push([name, String(value)]));
  try {
    answer = await fetch(form.action, { method: "POST", credentials: "same-origin", body: new URLSearchParams(fields) });
  } catch {
    say(message("ws.page.offline"), "bad");
    return;
  }
  if (answer.redirected) {
    location.assign(answer.url);
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [now, next] = [document.querySelector("main"), page.querySelector("main")];
  if (now && next) now.replaceWith(document.adoptNode(next));
  /** @type {HTMLElement | null} */ (document.querySelector("main [autofocus]"))?.focus();
}

/** @param {Document} root */
export function startForms(root) {
  root.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (form.dataset.send === undefined) return;
    event.preventDefault();
    void send(form);
  });
}
