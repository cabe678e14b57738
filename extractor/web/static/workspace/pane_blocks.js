// @ts-check
/** DOCX, HTML and text as what they mean: headings, paragraphs, tables. */

import { make } from "./pane_dom.js";
import { Grid } from "./grid_table.js";
import { FlowPane } from "./pane_flow.js";

/** @typedef {import("./types").Content} Content */
/** @typedef {import("./types").ContentBlock} ContentBlock */
/** @typedef {import("./offsets.js").Piece} Piece */

const BLOCKS = 30;
const LETTERS = 1500; // of one chunk
const A_LINE = 36; // letters, for a guess of height

export class BlocksPane extends FlowPane {
  /**
   * @param {HTMLElement} container
   * @param {import("./types").DocumentInfo} doc
   * @param {import("./pane_source.js").Source} source
   * @param {string | null} drawing
   */
  constructor(container, doc, source, drawing) {
    super(container, doc, source, "blocks", drawing);
  }

  /** @param {Content} content */
  add(content) {
    /** @type {ContentBlock[]} */
    let run = [];
    let letters = 0;
    for (const block of content.blocks) {
      const table = block.kind === "table" && block.table !== null ? content.tables[block.table] : undefined;
      if (table || run.length >= BLOCKS || letters > LETTERS) {
        this.addRun(run);
        run = [];
        letters = 0;
      }
      if (table) this.addTable(new Grid(table, block.table || 0, false));
      else {
        run.push(block);
        letters += block.end - block.start;
      }
    }
    this.addRun(run);
  }

  /** @param {ContentBlock[]} run */
  addRun(run) {
    if (!run.length) return;
    const lines = run.reduce((sum, block) => sum + Math.ceil((block.end - block.start + 2) / A_LINE) * 1.8 + 0.6, 0);
    const last = run[run.length - 1];
    this.addChunk(this.flow, run[0].start, Math.max(last.end, run[0].start + 1), lines, () => {
      /** @type {Piece[]} */
      const pieces = [];
      const content = run.map((block) => this.block(block, pieces));
      pieces.sort((a, b) => a.start - b.start);
      return { content, pieces };
    });
  }

  /** @param {Grid} grid */
  addTable(grid) {
    const { title } = grid.table;
    if (title) {
      const heading = make("h3", "pane-table-title");
      heading.textContent = title;
      this.flow.append(heading);
    }
    for (const stretch of grid.stretches()) {
      const height = (stretch.end - stretch.first) * 2.2 + stretch.letters / 12;
      this.addChunk(this.flow, stretch.start, stretch.stop, height, () => {
        const { table, pieces } = grid.build(stretch, this.map);
        return { content: [table], pieces };
      });
    }
  }

  /**
   * @param {ContentBlock} block
   * @param {Piece[]} pieces
   */
  block(block, pieces) {
    const { layer, level } = block;
    const element = level === null ? make("p", "pane-block") : make(headingTag(level), "pane-block pane-heading");
    element.classList.add(`pane-in-${layer}`);
    element.classList.toggle("pane-centered", block.centered);
    element.classList.toggle("pane-bold", block.bold);
    const node = document.createTextNode(block.text);
    element.append(node);
    pieces.push(this.map.add(node, block.start, -1 - block.index));
    return element;
  }
}

/**
 * Under the page's own h1.
 * @param {number} level from 1
 */
function headingTag(level) {
  return /** @type {"h2" | "h3" | "h4" | "h5" | "h6"} */ (`h${Math.min(6, Math.max(2, level + 1))}`);
}
