// @ts-check
/** Tables as HTML in stretches of rows, all stretches of one table with the same columns. */

import { make } from "./pane_dom.js";

/** @typedef {import("./types").ContentTable} ContentTable */
/** @typedef {import("./types").ContentCell} ContentCell */
/** @typedef {import("./offsets.js").TextMap} TextMap */
/** @typedef {import("./offsets.js").Piece} Piece */
/** @typedef {{first: number, end: number, start: number, stop: number, letters: number}} Stretch rows first…end, offsets start…stop */

const ROWS = 20;
const MOST_ROWS = 60; // a stretch is cut through merged cells rather than longer
const GROUPS_A_TABLE = 2000000; // groups of pieces: one a row, none shared by two tables

export class Grid {
  /**
   * @param {ContentTable} table
   * @param {number} index of the table in the document
   * @param {boolean} lettered whether rows and columns carry numbers and letters
   */
  constructor(table, index, lettered) {
    this.table = table;
    this.index = index;
    this.lettered = lettered;
    /** @type {ContentCell[][]} */
    this.byRow = Array.from({ length: table.rows }, () => []);
    for (const cell of table.cells) this.byRow[cell.row].push(cell);
    this.tall = table.cells.filter((cell) => cell.rowspan > 1);
    this.widths = columnWidths(table);
    this.names = addresses(table);
  }

  /** @returns {Stretch[]} */
  stretches() {
    const crossed = new Uint8Array(this.table.rows + 1);
    for (const cell of this.tall) crossed.fill(1, cell.row + 1, Math.min(cell.row + cell.rowspan, this.table.rows));
    const stretches = [];
    for (let first = 0; first < this.table.rows; ) {
      let end = Math.min(first + ROWS, this.table.rows);
      while (end < this.table.rows && crossed[end] && end - first < MOST_ROWS) end += 1;
      stretches.push(this.stretch(first, end));
      first = end;
    }
    return stretches;
  }

  /**
   * @param {number} first
   * @param {number} end
   * @returns {Stretch}
   */
  stretch(first, end) {
    let start = Infinity;
    let stop = 0;
    let letters = 0;
    for (let row = first; row < end; row += 1) {
      for (const cell of this.byRow[row]) {
        start = Math.min(start, cell.start);
        stop = Math.max(stop, cell.end);
        letters += cell.end - cell.start;
      }
    }
    return { first, end, start, stop, letters };
  }

  /**
   * @param {Stretch} stretch
   * @param {TextMap} map
   * @returns {{table: HTMLTableElement, pieces: Piece[]}}
   */
  build(stretch, map) {
    const table = make("table", "pane-table", { "aria-rowcount": String(this.table.rows) });
    table.append(this.columns());
    const body = make("tbody");
    /** @type {Piece[]} */
    const pieces = [];
    for (let row = stretch.first; row < stretch.end; row += 1) body.append(this.row(row, stretch, map, pieces));
    table.append(body);
    pieces.sort((a, b) => a.start - b.start);
    return { table, pieces };
  }

  columns() {
    const group = make("colgroup");
    const sum = this.widths.reduce((a, b) => a + b, 0) || 1;
    if (this.lettered) group.append(make("col", "pane-row-name"));
    for (const width of this.widths) {
      const column = make("col");
      column.style.width = this.lettered ? `${width}em` : `${(width / sum) * 100}%`;
      group.append(column);
    }
    return group;
  }

  /**
   * @param {number} row
   * @param {Stretch} stretch
   * @param {TextMap} map
   * @param {Piece[]} pieces
   */
  row(row, stretch, map, pieces) {
    const element = make("tr", "", { "aria-rowindex": String(row + 1) });
    if (this.lettered) {
      const name = make("th", "pane-row-name", { scope: "row" });
      name.textContent = this.names.rows[row];
      element.append(name);
    }
    const begun = row === stretch.first ? this.tall.filter((cell) => cell.row < row && cell.row + cell.rowspan > row) : [];
    const cells = [...begun, ...this.byRow[row]].sort((a, b) => a.col - b.col);
    for (const cell of cells) element.append(this.cell(cell, stretch, map, pieces));
    return element;
  }

  /**
   * @param {ContentCell} cell
   * @param {Stretch} stretch
   * @param {TextMap} map
   * @param {Piece[]} pieces
   */
  cell(cell, stretch, map, pieces) {
    const header = cell.header || cell.row < this.table.header_rows;
    const element = header ? make("th", "", { scope: "col" }) : make("td");
    const rows = Math.min(cell.row + cell.rowspan, stretch.end) - Math.max(cell.row, stretch.first);
    if (rows > 1) element.rowSpan = rows;
    if (cell.colspan > 1) element.colSpan = cell.colspan;
    element.dataset.cell = `${this.index},${cell.row},${cell.col}`;
    if (this.lettered) element.dataset.address = cell.address || `${this.names.columns[cell.col]}${this.names.rows[cell.row]}`;
    if (cell.row < stretch.first || !cell.text) return element;
    const node = document.createTextNode(cell.text);
    element.append(node);
    pieces.push(map.add(node, cell.start, this.index * GROUPS_A_TABLE + cell.row));
    return element;
  }

  /** The row of column letters above the first stretch. */
  letters() {
    const table = make("table", "pane-table pane-letters", { "aria-hidden": "true" });
    const row = make("tr");
    row.append(make("td", "pane-row-name"));
    for (const name of this.names.columns) {
      const cell = make("td");
      cell.textContent = name;
      row.append(cell);
    }
    const body = make("tbody");
    body.append(row);
    table.append(this.columns(), body);
    return table;
  }

  /** Width of the lettered table in em, its column of row numbers included. */
  width() {
    return this.widths.reduce((a, b) => a + b, 4);
  }
}

/**
 * Letters of a spreadsheet's column.
 * @param {number} index from 0
 * @returns {string}
 */
export function columnName(index) {
  const rest = Math.floor(index / 26);
  return (rest ? columnName(rest - 1) : "") + String.fromCharCode(65 + (index % 26));
}

/**
 * Names of columns and rows: as the cells' own addresses say, counted on where none does.
 * @param {ContentTable} table
 * @returns {{columns: string[], rows: string[]}}
 */
export function addresses(table) {
  /** @type {number[]} */
  const columns = [];
  /** @type {number[]} */
  const rows = [];
  for (const cell of table.cells) {
    const parts = cell.address ? /([A-Z]+)([0-9]+)$/.exec(cell.address) : null;
    if (!parts) continue;
    columns[cell.col] = [...parts[1]].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
    rows[cell.row] = Number(parts[2]) - 1;
  }
  return { columns: counted(columns, table.cols).map(columnName), rows: counted(rows, table.rows).map((row) => String(row + 1)) };
}

/**
 * @param {readonly (number | undefined)[]} known
 * @param {number} count
 * @returns {number[]}
 */
function counted(known, count) {
  /** @type {number[]} */
  const all = [];
  for (let i = 0; i < count; i += 1) {
    const given = known[i];
    all.push(given !== undefined ? given : i ? all[i - 1] + 1 : 0);
  }
  return all;
}

/**
 * Widths in em by what the cells of one column hold: short columns as wide as their words, long ones growing slowly.
 * @param {ContentTable} table
 * @returns {number[]}
 */
function columnWidths(table) {
  /** @type {number[][]} */
  const lengths = Array.from({ length: table.cols }, () => []);
  for (const cell of table.cells.slice(0, 4000)) if (cell.colspan === 1 && cell.text) lengths[cell.col].push(ems(cell.text));
  return lengths.map((all) => {
    all.sort((a, b) => a - b);
    const usual = all.length ? all[Math.floor((all.length - 1) * 0.9)] : 2;
    return usual <= 6 ? Math.max(3, usual + 1.6) : Math.min(30, 4 + Math.sqrt(usual) * 2.4);
  });
}

/**
 * Width of the longest line, in em.
 * @param {string} text
 */
function ems(text) {
  return Math.max(...text.split("\n").map((line) => [...line].reduce((sum, one) => sum + (one < "\u2000" ? 0.55 : 1), 0)));
}
