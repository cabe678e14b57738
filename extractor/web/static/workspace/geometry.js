// @ts-check
/** Places on pages: lines with character edges, boxes, layout of the page column. Points unless said otherwise; no DOM. */

/** @typedef {import("./types").TextLine} TextLine */
/** @typedef {import("./types").Box} Box */
/** @typedef {import("./types").Page} Page */
/** @typedef {{left: number, top: number, width: number, height: number, scale: number}} PagePlace pixels; `scale` is pixels a point */

export const IMAGE_SCALES = [1, 1.5, 2, 3];

/**
 * Index of the last of ascending `values` that is ≤ `x`; -1 where there is none.
 * @param {readonly number[]} values
 * @param {number} x
 */
export function lastAtMost(values, x) {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] <= x) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * The line's character edges; evenly spread where the source gives none.
 * @param {TextLine} line
 * @returns {readonly number[]} one more than characters
 */
export function edgesOf(line) {
  const count = line.end - line.start;
  if (line.edges.length === count + 1) return line.edges;
  const [x0, , x1] = line.bbox;
  return Array.from({ length: count + 1 }, (_, i) => x0 + ((x1 - x0) * i) / Math.max(1, count));
}

/**
 * Offset of the character under `x`, the nearest one beside the line.
 * @param {TextLine} line
 * @param {number} x
 */
export function characterAt(line, x) {
  const last = line.end - line.start - 1;
  return line.start + Math.max(0, Math.min(last, lastAtMost(edgesOf(line), x)));
}

/**
 * Offset of the boundary between characters that is nearest to `x`.
 * @param {TextLine} line
 * @param {number} x
 */
export function caretAt(line, x) {
  const edges = edgesOf(line);
  const at = Math.max(0, Math.min(edges.length - 2, lastAtMost(edges, x)));
  return line.start + at + (x - edges[at] > edges[at + 1] - x ? 1 : 0);
}

/**
 * The box of the characters of start…end that stand in the line; null where none does.
 * @param {TextLine} line
 * @param {number} start
 * @param {number} end
 * @returns {Box | null}
 */
export function boxOf(line, start, end) {
  const from = Math.max(start, line.start);
  const to = Math.min(end, line.end);
  if (from >= to) return null;
  const edges = edgesOf(line);
  return [edges[from - line.start], line.bbox[1], edges[to - line.start], line.bbox[3]];
}

/**
 * @param {readonly TextLine[]} lines by start
 * @param {number} start
 * @param {number} end
 * @returns {Box[]} one a line
 */
export function boxesOf(lines, start, end) {
  /** @type {Box[]} */
  const boxes = [];
  for (const line of lines) {
    const box = line.start < end ? boxOf(line, start, end) : null;
    if (box) boxes.push(box);
  }
  return boxes;
}

/**
 * Whether (x, y) is in the box, widened by `slack` on all sides.
 * @param {Box} box
 * @param {number} x
 * @param {number} y
 * @param {number} [slack]
 */
export function inBox(box, x, y, slack = 0) {
  return x >= box[0] - slack && x <= box[2] + slack && y >= box[1] - slack && y <= box[3] + slack;
}

/**
 * The line nearest to a point, as a drag means it: height first, then side. Null without lines.
 * @param {readonly TextLine[]} lines
 * @param {number} x
 * @param {number} y
 * @returns {TextLine | null}
 */
export function lineNear(lines, x, y) {
  let best = null;
  let least = Infinity;
  for (const line of lines) {
    const [x0, top, x1, bottom] = line.bbox;
    const above = Math.max(top - y, y - bottom, 0);
    const beside = Math.max(x0 - x, x - x1, 0);
    const distance = above * 10000 + beside;
    if (distance < least) {
      least = distance;
      best = line;
    }
  }
  return best;
}

/**
 * The line under a point (within `slack`), else null.
 * @param {readonly TextLine[]} lines
 * @param {number} x
 * @param {number} y
 * @param {number} slack
 */
export function lineUnder(lines, x, y, slack) {
  const near = lineNear(lines, x, y);
  return near && inBox(near.bbox, x, y, slack) ? near : null;
}

/**
 * The smallest box round all of `boxes`; null without boxes.
 * @param {readonly Box[]} boxes
 * @returns {Box | null}
 */
export function around(boxes) {
  if (!boxes.length) return null;
  return boxes.reduce((a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]);
}

/**
 * The coarsest image that is sharp at this many device pixels a point (5 % of stretching is not seen).
 * @param {number} pixels
 */
export function imageScale(pixels) {
  return IMAGE_SCALES.find((scale) => scale >= pixels * 0.95) || IMAGE_SCALES[IMAGE_SCALES.length - 1];
}

/**
 * Where each page stands in a column, in pixels. `zoom` null fits the commonest width; no page gets wider than that.
 * `width` is free for pages, a `gap` on both sides of it not counted.
 * @param {readonly Page[]} pages
 * @param {number} width
 * @param {number | null} zoom pixels a point
 * @param {number} gap between pages
 * @returns {PagePlace[]}
 */
export function layOut(pages, width, zoom, gap) {
  const common = commonest(pages.map((page) => page.width));
  const places = [];
  let top = gap;
  for (const page of pages) {
    const scale = zoom === null ? width / Math.max(common, page.width) : zoom;
    const size = { width: page.width * scale, height: page.height * scale };
    places.push({ left: gap + Math.max(0, (width - size.width) / 2), top, ...size, scale });
    top += size.height + gap;
  }
  return places;
}

/**
 * @param {readonly number[]} values
 * @returns {number} 0 without values
 */
function commonest(values) {
  const counts = new Map();
  for (const value of values) counts.set(Math.round(value), (counts.get(Math.round(value)) || 0) + 1);
  let best = 0;
  for (const [value, count] of counts) if (count > (counts.get(best) || 0)) best = value;
  return best;
}

/**
 * Scroll position that brings top…bottom to one third of the view. Without `always` the present one is kept where
 * the whole stretch already stands in the middle of the view.
 * @param {number} top
 * @param {number} bottom
 * @param {{scroll: number, height: number}} view
 * @param {boolean} always
 */
export function thirdFor(top, bottom, view, always) {
  const first = view.scroll + view.height * 0.08;
  const last = view.scroll + view.height * 0.85;
  if (!always && top >= first && bottom <= last) return view.scroll;
  return Math.max(0, top - view.height / 3);
}

/**
 * Scroll position on the other axis: moved no further than needed. `covered`: pixels at the left that hide what is below.
 * @param {number} low
 * @param {number} high
 * @param {{scroll: number, width: number}} view
 * @param {number} [covered]
 */
export function sideFor(low, high, view, covered = 0) {
  const margin = Math.min(40, view.width / 10);
  if (low >= view.scroll + covered && high <= view.scroll + view.width) return view.scroll;
  if (low < view.scroll + covered || high - low > view.width - covered - 2 * margin) return Math.max(0, low - covered - margin);
  return Math.max(0, high - view.width + margin);
}

const STOPS = "。；！？;!?";

/**
 * The sentence round `at` in `characters` (one code point each), its closing mark included, white space cut off.
 * @param {readonly string[]} characters
 * @param {number} at
 * @returns {{start: number, end: number}}
 */
export function sentenceAround(characters, at) {
  let start = Math.min(at, characters.length - 1);
  let end = start;
  while (start > 0 && !isStop(characters[start - 1])) start -= 1;
  while (end < characters.length && !isStop(characters[end])) end += 1;
  if (end < characters.length && characters[end] !== "\n") end += 1;
  while (start < end && !characters[start].trim()) start += 1;
  while (end > start && !characters[end - 1].trim()) end -= 1;
  return { start: Math.max(0, start), end: Math.max(0, end) };
}

/** @param {string} character */
function isStop(character) {
  return character === "\n" || STOPS.includes(character);
}
