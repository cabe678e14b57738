// @ts-check
/** What the pane asks of the server, each answer kept: page sizes, lines of a page, blocks of the text. */

/** @typedef {import("./types").Page} Page */
/** @typedef {import("./types").TextLine} TextLine */
/** @typedef {import("./types").Content} Content */
/**
 * Where the pane reads from.
 * @typedef {object} PaneApi
 * @property {() => Promise<{pages: Page[]}>} pages
 * @property {(page: number) => Promise<{lines: TextLine[]}>} pageText
 * @property {(page: number, scale: number) => string} pageImageUrl
 * @property {(first: number, count: number) => Promise<Content>} content
 */

export const BLOCKS_A_LOAD = 400;
const PAGES_KEPT = 400;

/**
 * The server's own answers for one document.
 * @param {string} id
 * @returns {PaneApi}
 */
export function serverApi(id) {
  const base = `/api/documents/${encodeURIComponent(id)}`;
  return {
    pages: () => getJson(`${base}/pages`),
    pageText: (page) => getJson(`${base}/pages/${page}/text`),
    pageImageUrl: (page, scale) => `${base}/pages/${page}.png?scale=${scale}`,
    content: (first, count) => getJson(`${base}/content?first=${first}&count=${count}`),
  };
}

/**
 * @param {string} path
 * @returns {Promise<any>} rejects where the answer is not 2xx
 */
async function getJson(path) {
  const answer = await fetch(path, { credentials: "same-origin", headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status} ${path}`);
  return answer.json();
}

export class Source {
  /** @param {PaneApi} api */
  constructor(api) {
    this.api = api;
    /** @type {Map<number, TextLine[]>} the oldest first */
    this.lines = new Map();
    /** @type {Map<number, Promise<TextLine[] | null>>} */
    this.asked = new Map();
  }

  /** @returns {Promise<Page[]>} */
  async pages() {
    return (await this.api.pages()).pages;
  }

  /**
   * @param {number} page
   * @param {number} scale
   */
  image(page, scale) {
    return this.api.pageImageUrl(page, scale);
  }

  /**
   * Lines of a page by start; null while the document is not read yet.
   * @param {number} page
   * @returns {Promise<TextLine[] | null>}
   */
  text(page) {
    const known = this.lines.get(page);
    if (known) return Promise.resolve(known);
    const asked = this.asked.get(page);
    if (asked) return asked;
    const promise = this.askText(page).finally(() => this.asked.delete(page));
    this.asked.set(page, promise);
    return promise;
  }

  /** @param {number} page */
  async askText(page) {
    /** @type {{lines: TextLine[]}} */
    let answer;
    try {
      answer = await this.api.pageText(page);
    } catch {
      return null;
    }
    const lines = answer.lines.sort((a, b) => a.start - b.start);
    this.lines.set(page, lines);
    if (this.lines.size > PAGES_KEPT) this.lines.delete(this.lines.keys().next().value || 0);
    return lines;
  }

  /**
   * @param {number} first
   * @returns {Promise<Content>}
   */
  content(first) {
    return this.api.content(first, BLOCKS_A_LOAD);
  }
}
