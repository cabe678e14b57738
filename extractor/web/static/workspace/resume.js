// @ts-check
/** Where the reviewer is, kept on the server, so that the page opens again exactly there, after a restart too. */

/**
 * @typedef {{record: string | null, field: string | null, scroll: number, pane: object | null, words: string, which: string, order: string, unclaimed?: number | null}} Place
 */

const QUIET = 700;

/**
 * What a link asks for: `#record=ID` or `#at=OFFSET` (an offset in the document's text).
 * @param {string} hash @returns {{record: string | null, at: number | null}}
 */
export function wanted(hash) {
  const asked = new URLSearchParams(hash.replace(/^#/, ""));
  const at = asked.get("at");
  return { record: asked.get("record"), at: at !== null && /^\d+$/.test(at) ? Number(at) : null };
}

export class PlaceKeeper {
  #last = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #ready = false;

  /** @param {import("./api.js").Api} api @param {string} key in local storage: the copy for when the page goes before the server hears of it */
  constructor(api, key) {
    this.api = api;
    this.key = key;
    /** @type {() => Place} */
    this.read = () => ({ record: null, field: null, scroll: 0, pane: null, words: "", which: "all", order: "risk" });
    const leave = () => this.save(true);
    window.addEventListener("pagehide", leave);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") leave();
    });
  }

  /** @returns {Promise<Place | null>} */
  async load() {
    /** @type {any} */
    let place = null;
    try {
      place = await this.api.place();
    } catch {
      // Without the server's copy the browser's own serves.
    }
    const own = this.#stored();
    if (own && (!place?.saved || own.saved > place.saved)) place = own;
    return place && typeof place === "object" && "record" in place ? place : null;
  }

  /** @returns {any} */
  #stored() {
    try {
      return JSON.parse(localStorage.getItem(this.key) ?? "null");
    } catch {
      return null;
    }
  }

  /** From here on changes are kept. @param {() => Place} read */
  start(read) {
    this.read = read;
    this.#ready = true;
  }

  later() {
    if (!this.#ready) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(false), QUIET);
  }

  /** @param {boolean} leaving */
  save(leaving) {
    if (!this.#ready) return;
    clearTimeout(this.#timer);
    const place = this.read();
    const words = JSON.stringify(place);
    if (words === this.#last) return;
    this.#last = words;
    const stamped = { ...place, saved: Date.now() };
    try {
      localStorage.setItem(this.key, JSON.stringify(stamped));
    } catch {
      // The server's copy is the one that counts.
    }
    this.api.putPlace(stamped, leaving).catch(() => {
      this.#last = "";
    });
  }
}
