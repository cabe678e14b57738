// @ts-check
/** Workbooks: each sheet a section with column letters and row numbers, and the address of the cell in hand above. */

import { t } from "./i18n.js";
import { make } from "./pane_dom.js";
import { Grid } from "./grid_table.js";
import { BlocksPane } from "./pane_blocks.js";
import { FlowPane } from "./pane_flow.js";

/** @typedef {import("./types").Part} Part */
/** @typedef {import("./pane_flow.js").Chunk} Chunk */

export class GridPane extends BlocksPane {
  /**
   * @param {HTMLElement} container
   * @param {import("./types").DocumentInfo} doc
   * @param {import("./pane_source.js").Source} source
   * @param {string | null} drawing
   */
  constructor(container, doc, source, drawing) {
    super(container, doc, source, drawing);
    this.root.classList.replace("pane-blocks", "pane-grid");
    this.address = make("output", "pane-address", { "aria-label": t("ws.pane.cell") });
    this.tabs = make("span", "pane-sheets");
    this.widest = 0; // em
    this.bar.append(this.address, this.tabs);
    this.bar.hidden = false;
    this.scroller.addEventListener("mousedown", (event) => this.showAddress(event.target));
  }

  clear() {
    super.clear();
    this.tabs.replaceChildren();
  }

  /** @param {Grid} plain */
  addTable(plain) {
    const grid = new Grid(plain.table, plain.index, true);
    const name = plain.table.title || t("ws.pane.table", { n: plain.index + 1 });
    const section = make("section", "pane-sheet", { "aria-label": name });
    const heading = make("h3", "pane-table-title");
    heading.textContent = name;
    section.style.width = `${grid.width()}em`;
    this.widest = Math.max(this.widest, grid.width());
    this.flow.style.minWidth = `${this.widest + 2}em`; // said rather than measured: the browser would lay out all to know
    section.append(heading, grid.letters());
    this.flow.append(section);
    const first = this.chunks.length;
    for (const stretch of grid.stretches()) {
      const height = (stretch.end - stretch.first) * 2 + stretch.letters / 14;
      this.addChunk(section, stretch.start, stretch.stop, height, () => {
        const { table, pieces } = grid.build(stretch, this.map);
        return { content: [table], pieces };
      });
    }
    this.addTab(name, first);
  }

  /**
   * @param {string} name
   * @param {number} first index of the sheet's first chunk
   */
  addTab(name, first) {
    const tab = make("button", "pane-button pane-sheet-tab", { type: "button" });
    tab.textContent = name;
    tab.addEventListener("click", () => {
      const chunk = this.chunks[first];
      if (chunk) this.restore({ start: chunk.start, dy: -64 });
    });
    this.tabs.append(tab);
  }

  /**
   * @param {Part[]} record
   * @param {Part[] | null} field
   */
  focus(record, field) {
    super.focus(record, field);
    const lead = (field && field[0]) || record[0];
    if (lead && lead.address) this.address.value = lead.address;
  }

  /** @param {Chunk} chunk */
  drawFocus(chunk) {
    FlowPane.prototype.drawFocus.call(this, chunk);
    for (const cell of Array.from(chunk.element.querySelectorAll(".pane-cell-record, .pane-cell-field"))) {
      cell.classList.remove("pane-cell-record", "pane-cell-field");
    }
    for (const style of /** @type {const} */ (["record", "field"])) {
      for (const { cell } of this.focused[style]) {
        const found = cell ? chunk.element.querySelector(`[data-cell="${cell.join(",")}"]`) : null;
        if (found) found.classList.add(`pane-cell-${style}`);
      }
    }
  }

  covered() {
    const name = this.flow.querySelector("th.pane-row-name");
    return name ? name.getBoundingClientRect().width : 0;
  }

  /** @param {EventTarget | null} target */
  showAddress(target) {
    const cell = target instanceof Element ? target.closest("[data-address]") : null;
    if (cell instanceof HTMLElement) this.address.value = cell.dataset.address || "";
  }
}
