// @ts-check
/** The document pane: which of the three views shows a document. */

import { PagesPane } from "./pane_pages.js";
import { BlocksPane } from "./pane_blocks.js";
import { GridPane } from "./pane_grid.js";
import { Source, serverApi } from "./pane_source.js";

/** @typedef {PagesPane | BlocksPane | GridPane} AnyPane */

/**
 * Shows the document in `container` in place of what is there. Resolves when the first part of it can be seen; the rest
 * is loaded after that.
 * @param {HTMLElement} container
 * @param {import("./types").DocumentInfo} doc
 * @param {import("./pane_source.js").PaneApi | object} api asked where it reads for the pane, else the server is asked directly
 * @param {{drawing?: "rects" | null}} [options] `rects`: highlights as rectangles even where the browser has an API for them
 * @returns {Promise<AnyPane>}
 */
export async function createPane(container, doc, api, options = {}) {
  const source = new Source("pageText" in api ? api : serverApi(doc.id));
  const drawing = options.drawing || null;
  /** @type {AnyPane} */
  let pane;
  if (doc.view === "pages") pane = new PagesPane(container, doc, source);
  else if (doc.view === "grid") pane = new GridPane(container, doc, source, drawing);
  else pane = new BlocksPane(container, doc, source, drawing);
  await pane.refresh();
  return pane;
}
