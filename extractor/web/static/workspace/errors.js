// @ts-check

/** An answer of the server that is not the one asked for. */
export class ApiError extends Error {
  /** @param {number} status @param {any} body the JSON of the answer, or null */
  constructor(status, body) {
    super(body?.error?.message ?? `HTTP ${status}`);
    this.status = status;
    this.body = body;
    this.code = /** @type {string} */ (body?.error?.code ?? "http");
  }
}
