// Stretches of a table's rows and the names of its rows and columns.
import assert from "node:assert/strict";
import { test } from "node:test";

import { addresses, columnName, Grid } from "../../extractor/web/static/workspace/grid_table.js";

const cell = (row, col, more = {}) => ({ row, col, rowspan: 1, colspan: 1, start: row * 10 + col, end: row * 10 + col + 1, text: "字", header: false, address: null, ...more });
const table = (rows, cols, cells) => ({ title: null, rows, cols, header_rows: 0, cells });

test("columns are named as a spreadsheet names them", () => {
  assert.deepEqual([0, 25, 26, 51, 52, 701, 702].map(columnName), ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
});

test("names come from the cells' addresses and are counted on where a row has none", () => {
  const cells = [cell(0, 0, { address: "表一!C5" }), cell(0, 1, { address: "表一!D5" }), cell(2, 0, { address: "表一!C9" })];
  assert.deepEqual(addresses(table(4, 3, cells)), { columns: ["C", "D", "E"], rows: ["5", "6", "9", "10"] });
  assert.deepEqual(addresses(table(2, 2, [])), { columns: ["A", "B"], rows: ["1", "2"] });
});

test("stretches cover all rows and are not cut through merged cells", () => {
  const cells = Array.from({ length: 100 }, (_, row) => cell(row, 1));
  cells.push(cell(25, 0, { rowspan: 20 }));
  const stretches = new Grid(table(100, 2, cells), 0, false).stretches();
  assert.deepEqual(stretches.map(({ first, end }) => [first, end]), [[0, 20], [20, 45], [45, 65], [65, 85], [85, 100]]);
  assert.deepEqual([stretches[0].start, stretches[0].stop], [1, 192]);
});

test("a cell merged over the whole table does not make one stretch of it", () => {
  const cells = Array.from({ length: 1000 }, (_, row) => cell(row, 1));
  cells.push(cell(0, 0, { rowspan: 1000 }));
  const stretches = new Grid(table(1000, 2, cells), 0, false).stretches();
  assert.ok(Math.max(...stretches.map(({ first, end }) => end - first)) <= 60);
  assert.equal(stretches[stretches.length - 1].end, 1000);
});
