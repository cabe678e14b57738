// @ts-check
/** The mouse on flowing text: the browser selects, we find the character under a click and the sentence of a triple one. */

import { isClick } from "./pane_base.js";
import { sentenceAround } from "./geometry.js";
import { toCodePoints, toUnits } from "./offsets.js";

/** @typedef {import("./pane_flow.js").FlowPane} FlowPane */
/** @typedef {import("./offsets.js").Piece} Piece */
/** @typedef {{piece: Piece, units: number}} Spot */

export class FlowPointer {
  /** @param {FlowPane} pane */
  constructor(pane) {
    this.pane = pane;
    /** @type {MouseEvent | null} */
    this.pressed = null;
    pane.scroller.addEventListener("mousedown", (event) => this.press(event));
    this.release = this.release.bind(this);
    document.addEventListener("mouseup", this.release);
  }

  /** @param {MouseEvent} event */
  press(event) {
    this.pressed = event.button === 0 ? event : null;
    // Selected words pressed again would be dragged away by the browser instead of selected anew.
    if (this.pressed && event.detail === 1 && !event.shiftKey) this.pane.clearSelection();
  }

  /** @param {MouseEvent} event */
  release(event) {
    const pressed = this.pressed;
    this.pressed = null;
    if (!pressed) return;
    if (this.pane.closed) document.removeEventListener("mouseup", this.release);
    else if (!isClick(pressed, event)) this.pane.dragged(this.pane.selection(), event);
    else if (event.detail === 3) this.selectSentence(event);
    else if (event.detail < 2 || event.ctrlKey || event.metaKey) this.click(event);
    else this.pane.dragged(this.pane.filling ? this.pane.selection() : null, event);
  }

  /** @param {MouseEvent} event */
  click(event) {
    const spot = this.spot(event);
    const cell = event.target instanceof Element ? event.target.closest("td, th") : null;
    if (!spot) {
      const only = cell && this.pieceIn(cell);
      this.pane.clicked(only ? only.end - 1 : null, only ? this.pane.marks.within(only.start, only.end) : [], event);
      return;
    }
    const offset = spot.piece.start + toCodePoints(spot.piece.node.data, spot.units);
    this.pane.clicked(offset, this.pane.marks.within(offset, offset + 1), event);
  }

  /** @param {Element} cell */
  pieceIn(cell) {
    const piece = cell.firstChild ? this.pane.map.get(cell.firstChild) : undefined;
    return piece && piece.end > piece.start ? piece : null;
  }

  /**
   * The character under the mouse; null beside the text.
   * @param {MouseEvent} event
   * @returns {Spot | null}
   */
  spot(event) {
    const caret = document.caretRangeFromPoint(event.clientX, event.clientY);
    const piece = caret ? this.pane.map.get(caret.startContainer) : undefined;
    if (!caret || !piece) return null;
    const before = toUnits(piece.node.data, toCodePoints(piece.node.data, caret.startOffset) - 1);
    for (const units of [caret.startOffset, before]) if (covers(piece.node, units, event)) return { piece, units };
    return null;
  }

  /** @param {MouseEvent} event */
  selectSentence(event) {
    const spot = this.spot(event);
    const selection = document.getSelection();
    if (spot && selection) {
      const text = spot.piece.node.data;
      const found = sentenceAround(Array.from(text), toCodePoints(text, spot.units));
      selection.setBaseAndExtent(spot.piece.node, toUnits(text, found.start), spot.piece.node, toUnits(text, found.end));
    }
    this.pane.dragged(this.pane.filling ? this.pane.selection() : null, event);
  }
}

/**
 * Whether the character at `units` is under the mouse, half a letter of slack above and below.
 * @param {Text} node
 * @param {number} units
 * @param {{clientX: number, clientY: number}} at
 */
function covers(node, units, at) {
  if (units < 0 || units >= node.data.length) return false;
  const range = document.createRange();
  range.setStart(node, units);
  range.setEnd(node, units + (/** @type {number} */ (node.data.codePointAt(units)) > 0xffff ? 2 : 1));
  return Array.from(range.getClientRects()).some(
    ({ left, right, top, bottom }) => at.clientX >= left - 1 && at.clientX <= right + 1 && at.clientY >= top - 4 && at.clientY <= bottom + 4,
  );
}
