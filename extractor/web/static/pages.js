// @ts-check
/** Entry of the list, form and reading pages: upload, calls to the API, htmx's refusals. */
import { startCalls } from "./pages/calls.js";
import { startForms } from "./pages/forms.js";
import { say } from "./pages/say.js";
import { startUpload } from "./pages/upload.js";
import { message, refusal } from "./pages/words.js";

startCalls(document);
startForms(document);
startUpload();

document.body.addEventListener("htmx:responseError", (event) => {
  const { xhr } = /** @type {CustomEvent<{xhr: XMLHttpRequest}>} */ (event).detail;
  say(refusal(xhr.status, xhr.responseText), "bad");
});
document.body.addEventListener("htmx:sendError", () => say(message("ws.page.offline"), "bad"));

// The session cookie is not sent with a link from another site: whoever comes so and is logged in goes on at once.
const login = /** @type {HTMLFormElement | null} */ (document.querySelector("form#login"));
if (login && !document.querySelector("[role=alert]")) {
  fetch("/api/me", { credentials: "same-origin" })
    .then((answer) => {
      const next = /** @type {HTMLInputElement} */ (login.elements.namedItem("next")).value;
      if (answer.ok) location.replace(next);
    })
    .catch(() => undefined);
}
