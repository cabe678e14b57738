// @ts-check
/**
 * Offsets: UTF-16 units of the DOM ⇄ code points of Document.text, DOM ranges ⇄ offsets.
 * A text node is known to a TextMap with the offset of its first character; it is never split.
 */

/** @typedef {{node: Text, start: number, end: number, group: number}} Piece a known text node and the offsets it holds */
/** @typedef {{start: number, end: number, text: string}} Selected */

const SURROGATE = /[\ud800-\udfff]/;

/**
 * Code points in the first `units` UTF-16 units of `text`; a place inside a surrogate pair counts as before it.
 * @param {string} text
 * @param {number} units
 * @returns {number}
 */
export function toCodePoints(text, units) {
  const limit = Math.max(0, Math.min(units, text.length));
  if (!SURROGATE.test(text)) return limit;
  let points = 0;
  for (let at = 0; at < limit; points += 1) {
    at += widthAt(text, at);
    if (at > limit) break;
  }
  return points;
}

/**
 * UTF-16 units in the first `points` code points of `text`.
 * @param {string} text
 * @param {number} points
 * @returns {number}
 */
export function toUnits(text, points) {
  if (!SURROGATE.test(text)) return Math.max(0, Math.min(points, text.length));
  let at = 0;
  for (let left = points; left > 0 && at < text.length; left -= 1) at += widthAt(text, at);
  return at;
}

/**
 * @param {string} text
 * @returns {number} code points
 */
export function lengthOf(text) {
  return toCodePoints(text, text.length);
}

/**
 * @param {string} text
 * @param {number} at
 * @returns {1 | 2}
 */
function widthAt(text, at) {
  return /** @type {number} */ (text.codePointAt(at)) > 0xffff ? 2 : 1;
}

export class TextMap {
  constructor() {
    /** @type {WeakMap<Node, Piece>} */
    this.pieces = new WeakMap();
  }

  /**
   * @param {Text} node
   * @param {number} start offset of its first character
   * @param {number} group pieces of one group stand in one row: a gap between them reads as a tab
   * @returns {Piece}
   */
  add(node, start, group) {
    const piece = { node, start, end: start + lengthOf(node.data), group };
    this.pieces.set(node, piece);
    return piece;
  }

  /**
   * @param {Node} node
   * @returns {Piece | undefined}
   */
  get(node) {
    return this.pieces.get(node);
  }

  /**
   * The offset at a DOM boundary inside a known text node, else null.
   * @param {Node} node
   * @param {number} units
   * @returns {number | null}
   */
  offset(node, units) {
    const piece = this.pieces.get(node);
    return piece ? piece.start + toCodePoints(piece.node.data, units) : null;
  }

  /**
   * What of `range` lies in known text nodes under `root`; null where that is nothing.
   * @param {Range} range
   * @param {Node} root
   * @returns {Selected | null}
   */
  selected(range, root) {
    if (range.collapsed || !range.intersectsNode(root)) return null;
    /** @type {Selected | null} */
    let found = null;
    let group = -1;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const piece = this.pieces.get(node);
      const part = piece && range.intersectsNode(node) ? cut(piece, range) : null;
      if (!piece || !part) continue;
      found = found ? join(found, part, piece.group === group) : part;
      group = piece.group;
    }
    return found;
  }
}

/**
 * @param {Piece} piece
 * @param {Range} range
 * @returns {Selected | null}
 */
function cut(piece, range) {
  const text = piece.node.data;
  const from = range.startContainer === piece.node ? range.startOffset : 0;
  const to = range.endContainer === piece.node ? range.endOffset : text.length;
  if (from >= to) return null;
  const start = piece.start + toCodePoints(text, from);
  return { start, end: piece.start + toCodePoints(text, to), text: text.slice(from, to) };
}

/**
 * @param {Selected} a
 * @param {Selected} b what follows in the document
 * @param {boolean} sameRow
 * @returns {Selected}
 */
function join(a, b, sameRow) {
  const gap = b.start === a.end ? "" : sameRow ? "\t" : "\n";
  return { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end), text: a.text + gap + b.text };
}

/**
 * The first of `pieces` (by start) that ends after `offset`.
 * @param {readonly Piece[]} pieces
 * @param {number} offset
 * @returns {number} its index; `pieces.length` where there is none
 */
export function pieceAfter(pieces, offset) {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pieces[middle].end > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * One DOM range for each piece that holds characters of start…end: none runs over a gap between cells.
 * @param {readonly Piece[]} pieces by start
 * @param {number} start
 * @param {number} end
 * @returns {Range[]}
 */
export function rangesOf(pieces, start, end) {
  const ranges = [];
  for (let i = pieceAfter(pieces, start); i < pieces.length && pieces[i].start < end; i += 1) {
    const { node, start: first, end: last } = pieces[i];
    if (first === last) continue;
    const range = document.createRange();
    range.setStart(node, toUnits(node.data, Math.max(0, start - first)));
    range.setEnd(node, toUnits(node.data, Math.min(last, end) - first));
    ranges.push(range);
  }
  return ranges;
}

/**
 * The DOM boundary at `offset`; `after` prefers the end of a piece to the start of the next.
 * @param {readonly Piece[]} pieces by start
 * @param {number} offset
 * @param {boolean} after
 * @returns {{node: Text, units: number} | null}
 */
export function boundaryAt(pieces, offset, after) {
  if (!pieces.length) return null;
  const at = Math.min(pieceAfter(pieces, after ? offset - 1 : offset), pieces.length - 1);
  const { node, start, end } = pieces[at];
  const inside = Math.max(0, Math.min(offset, end) - start);
  return { node, units: toUnits(node.data, inside) };
}
