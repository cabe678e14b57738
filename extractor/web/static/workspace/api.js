// @ts-check
/** The server's JSON interface for one document. */

import { ApiError } from "./errors.js";

/** @typedef {import("./types").RecordsAnswer} RecordsAnswer */
/** @typedef {import("./types").OperationAnswer} OperationAnswer */
/** @typedef {import("./optimistic.js").Operation} Operation */

const TIMEOUT = 30000;

/** @param {string} url @param {RequestInit} [options] @returns {Promise<Response>} @throws {ApiError} unless 2xx */
async function call(url, options = {}) {
  const headers = new Headers(options.headers);
  headers.set("Accept", "application/json");
  const csrf = document.querySelector('meta[name="csrf"]');
  if (csrf && options.method && options.method !== "GET") headers.set("X-CSRF-Token", csrf.getAttribute("content") ?? "");
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), TIMEOUT);
  try {
    const answer = await fetch(url, { credentials: "same-origin", signal: stop.signal, ...options, headers });
    if (answer.ok) return answer;
    let body = null;
    try {
      body = entries(await answer.json());
    } catch {
      // Not JSON: a proxy's own page. The status says enough.
    }
    throw new ApiError(answer.status, body);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The server's records are the contract's, with what reviewing adds under `review`; the pages hold both side by side.
 * @param {any} answer @returns {any}
 */
export function entries(answer) {
  if (answer && Array.isArray(answer.records) && answer.records.length && answer.records[0].review) {
    answer.records = answer.records.map(function (/** @type {any} */ { review, ...record }) {
      return { record, ...review };
    });
  }
  return answer;
}

/** @param {string} url @returns {Promise<any>} */
async function get(url) {
  return entries(await (await call(url)).json());
}

/** @param {string} method @param {string} url @param {unknown} body @param {boolean} [keepalive] @returns {Promise<any>} */
async function send(method, url, body, keepalive = false) {
  const answer = await call(url, { method, keepalive, body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
  return answer.status === 204 ? null : entries(await answer.json());
}

export class Api {
  /** @param {string} id the document's */
  constructor(id) {
    this.id = id;
    this.base = `/api/documents/${encodeURIComponent(id)}`;
  }

  document() {
    return get(this.base);
  }

  me() {
    return get("/api/me");
  }

  /** @param {number} [since] @returns {Promise<RecordsAnswer>} */
  records(since) {
    return get(`${this.base}/records${since ? `?since=${since}` : ""}`);
  }

  /** @param {Operation} operation @returns {Promise<OperationAnswer>} */
  operate(operation) {
    const { steps: _, ...body } = operation; // which operation an undo takes back: the client's own note
    return send("POST", `${this.base}/operations`, body);
  }

  /** @param {Operation} operation */
  preview(operation) {
    return send("POST", `${this.base}/preview`, operation);
  }

  /** @param {string[] | null} section @param {number} confidence @returns {Promise<{records: string[], skipped: number}>} */
  bulk(section, confidence) {
    const query = new URLSearchParams({ confidence: String(confidence) });
    if (section) query.set("section", JSON.stringify(section));
    return get(`${this.base}/bulk?${query}`);
  }

  /** @returns {Promise<any>} the events, newest first */
  history() {
    return get(`${this.base}/history`);
  }

  place() {
    return get(`${this.base}/place`);
  }

  /** @param {unknown} place @param {boolean} leaving the page is going away */
  putPlace(place, leaving) {
    return send("PUT", `${this.base}/place`, place, leaving);
  }

  send() {
    return send("POST", `${this.base}/send`, {});
  }

  /** @param {string} format @param {string} which @returns {string} an address to download from */
  exportUrl(format, which) {
    return `${this.base}/export?format=${format}&records=${which}`;
  }

  /** @param {File} file @param {boolean} apply @param {string} [token] the preview's */
  async importWorkbook(file, apply, token) {
    const form = new FormData();
    form.set("file", file);
    const query = `apply=${apply}${token ? `&token=${encodeURIComponent(token)}` : ""}`;
    return entries(await (await call(`${this.base}/import?${query}`, { method: "POST", body: form })).json());
  }

  /** Any other address, for the document pane. @param {string} path @returns {Promise<any>} */
  get(path) {
    return get(path);
  }
}
