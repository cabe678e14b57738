// @ts-check
/** Upload on the queue page: files dropped or chosen, each with its progress, or pasted text. */
import { call } from "./calls.js";
import { message, refusal } from "./words.js";

const AT_ONCE = 2;

/** @typedef {{id: string, name: string}} Uploaded */

/** @param {number} bytes */
function megabytes(bytes) {
  return `${Math.max(1, Math.round(bytes / 1048576))} MB`;
}

/**
 * @param {string} name
 * @returns {{item: HTMLLIElement, bar: HTMLProgressElement, note: HTMLSpanElement}}
 */
function line(name) {
  const item = document.createElement("li");
  const file = document.createElement("span");
  file.className = "file";
  file.textContent = name;
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", name);
  const note = document.createElement("span");
  note.className = "muted";
  item.append(file, bar, note);
  document.getElementById("uploads")?.append(item);
  return { item, bar, note };
}

/**
 * @param {File} file
 * @param {string | null} dossier
 * @param {(share: number) => void} progress
 * @returns {Promise<{document: Uploaded, created: boolean}>}
 */
function send(file, dossier, progress) {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    if (dossier) form.append("dossier", dossier);
    form.append("file", file, file.name);
    const request = new XMLHttpRequest(); // fetch tells nothing of an upload's progress
    request.open("POST", "/api/documents");
    const csrf = /** @type {HTMLMetaElement | null} */ (document.querySelector('meta[name="csrf"]'));
    if (csrf) request.setRequestHeader("X-CSRF-Token", csrf.content);
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.onload = () => {
      if (request.status !== 200 && request.status !== 201) reject(new Error(refusal(request.status, request.responseText)));
      else resolve({ document: JSON.parse(request.responseText), created: request.status === 201 });
    };
    request.onerror = () => reject(new Error(message("ws.page.offline")));
    request.send(form);
  });
}

/**
 * @param {File} file
 * @param {string | null} dossier
 * @returns {Promise<Uploaded | null>}
 */
async function upload(file, dossier) {
  const { item, bar, note } = line(file.name);
  const limit = Number(document.getElementById("upload")?.dataset.max);
  try {
    if (limit && file.size > limit) throw new Error(message("ws.page.too_large_file", { limit: megabytes(limit) }));
    const answer = await send(file, dossier, (share) => {
      bar.value = share;
      note.textContent = share < 1 ? `${Math.round(share * 100)} %` : message("ws.page.storing");
    });
    bar.remove();
    note.className = "done";
    note.textContent = message(answer.created ? "ws.page.uploaded" : "ws.page.there_already");
    const link = document.createElement("a");
    link.href = `/documents/${answer.document.id}`;
    link.textContent = message("ws.page.open");
    item.append(link);
    return answer.document;
  } catch (error) {
    bar.remove();
    note.className = "failed";
    note.textContent = /** @type {Error} */ (error).message;
    return null;
  }
}

/** @param {File[]} files */
async function uploadAll(files) {
  if (!files.length) return;
  const together = /** @type {HTMLInputElement} */ (document.getElementById("together")).checked;
  let dossier = null;
  if (together && files.length > 1) {
    try {
      const name = files[0].name.replace(/\.[^.]*$/, "");
      dossier = /** @type {{id: string}} */ (await call("POST", "/api/dossiers", { name })).id;
    } catch (error) {
      line(files[0].name).note.textContent = /** @type {Error} */ (error).message;
      return;
    }
  }
  const waiting = files.slice();
  /** @type {(Uploaded | null)[]} */
  const done = [];
  const lane = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) done.push(await upload(file, dossier));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  const [only] = done;
  if (files.length === 1 && only) location.assign(`/documents/${only.id}`);
  else refreshQueue();
}

function refreshQueue() {
  const { htmx } = /** @type {{htmx?: {ajax: (method: string, path: string, how: object) => void}}} */ (
    /** @type {unknown} */ (window)
  );
  if (htmx) htmx.ajax("GET", location.pathname + location.search, { target: "#queue", select: "#queue", swap: "outerHTML" });
}

/** @param {HTMLElement} zone */
function startDrop(zone) {
  let depth = 0; // a drag enters and leaves each child too
  const over = (/** @type {boolean} */ on) => zone.classList.toggle("over", on);
  const holdsFiles = (/** @type {DragEvent} */ event) => Array.from(event.dataTransfer?.types || []).includes("Files");
  document.addEventListener("dragenter", (event) => {
    if (holdsFiles(event)) over(++depth > 0);
  });
  document.addEventListener("dragleave", (event) => {
    if (holdsFiles(event)) over(--depth > 0);
  });
  document.addEventListener("dragover", (event) => {
    if (holdsFiles(event)) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    depth = 0;
    over(false);
    uploadAll(Array.from(event.dataTransfer?.files || []));
  });
}

function startPaste() {
  const open = /** @type {HTMLButtonElement} */ (document.getElementById("paste-open"));
  const form = /** @type {HTMLFormElement} */ (document.getElementById("paste"));
  open.addEventListener("click", () => {
    form.hidden = !form.hidden;
    open.setAttribute("aria-expanded", String(!form.hidden));
    if (!form.hidden) /** @type {HTMLElement} */ (form.elements.namedItem("name")).focus();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const value = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value;
    const { item, bar, note } = line(value("name"));
    try {
      const answer = await call("POST", "/api/documents/text", { name: value("name"), text: value("text") });
      location.assign(`/documents/${/** @type {Uploaded} */ (answer).id}`);
    } catch (error) {
      bar.remove();
      note.className = "failed";
      note.textContent = /** @type {Error} */ (error).message;
      item.scrollIntoView({ block: "nearest" });
    }
  });
}

export function startUpload() {
  const zone = document.getElementById("drop");
  const input = /** @type {HTMLInputElement | null} */ (document.getElementById("files"));
  if (!zone || !input) return;
  startDrop(zone);
  startPaste();
  input.addEventListener("change", () => {
    uploadAll(Array.from(input.files || []));
    input.value = ""; // the same file chosen again is a change again
  });
  const button = zone.querySelector('label[for="files"]');
  input.addEventListener("focus", () => button?.classList.add("files-focus"));
  input.addEventListener("blur", () => button?.classList.remove("files-focus"));
}
