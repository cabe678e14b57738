// @ts-check
/**
 * Two ways to draw marks over flowing text: the Custom Highlight API (Chromium 105), or rectangles in an overlay.
 * A chunk is a positioned element whose text nodes are known; its marks come and go with it.
 */

/** @typedef {"draft" | "approved" | "rejected" | "unclaimed" | "record" | "field"} Style `record`, `field`: in focus */
/** @typedef {{element: HTMLElement}} Chunk */
/** @typedef {{style: Style, range: Range, id: string | null}} Stroke */
/** @typedef {{draw(chunk: Chunk, layer: string, strokes: readonly Stroke[]): void, erase(chunk: Chunk): void, close(): void}} Drawer */
/** @typedef {{priority: number, add(range: AbstractRange): void, delete(range: AbstractRange): void, clear(): void}} HighlightSet */
/** @typedef {{set(name: string, highlight: HighlightSet): void, delete(name: string): void}} HighlightRegistry */

/** @type {readonly Style[]} the later lies over the earlier */
export const STYLES = ["rejected", "approved", "draft", "unclaimed", "record", "field"];

/**
 * @param {string | null} wanted "rects" to do without the API
 * @returns {Drawer}
 */
export function makeDrawer(wanted) {
  /** @type {HighlightRegistry | undefined} */
  const registry = Reflect.get(CSS, "highlights");
  /** @type {(new () => HighlightSet) | undefined} */
  const make = Reflect.get(window, "Highlight");
  return registry && make && wanted !== "rects" ? new ByHighlight(registry, make) : new ByRects();
}

/** @implements {Drawer} */
class ByHighlight {
  /**
   * @param {HighlightRegistry} registry
   * @param {new () => HighlightSet} make
   */
  constructor(registry, make) {
    this.registry = registry;
    /** @type {Map<Style, HighlightSet>} */
    this.sets = new Map();
    /** @type {Map<HTMLElement, Map<string, readonly Stroke[]>>} */
    this.drawn = new Map();
    STYLES.forEach((style, priority) => {
      const set = new make();
      set.priority = priority;
      this.sets.set(style, set);
      registry.set(`pane-${style}`, set);
    });
  }

  /**
   * @param {Chunk} chunk
   * @param {string} layer
   * @param {readonly Stroke[]} strokes
   */
  draw(chunk, layer, strokes) {
    const layers = this.drawn.get(chunk.element) || new Map();
    this.drawn.set(chunk.element, layers);
    for (const old of layers.get(layer) || []) this.setOf(old).delete(old.range);
    for (const stroke of strokes) this.setOf(stroke).add(stroke.range);
    layers.set(layer, strokes);
  }

  /** @param {Chunk} chunk */
  erase(chunk) {
    for (const strokes of (this.drawn.get(chunk.element) || new Map()).values()) {
      for (const stroke of strokes) this.setOf(stroke).delete(stroke.range);
    }
    this.drawn.delete(chunk.element);
  }

  close() {
    for (const style of STYLES) this.registry.delete(`pane-${style}`);
  }

  /** @param {Stroke} stroke */
  setOf(stroke) {
    return /** @type {HighlightSet} */ (this.sets.get(stroke.style));
  }
}

/** @implements {Drawer} */
class ByRects {
  /**
   * @param {Chunk} chunk
   * @param {string} layer
   * @param {readonly Stroke[]} strokes
   */
  draw(chunk, layer, strokes) {
    const old = chunk.element.querySelector(`:scope > .ws-layer-${layer}`);
    if (!strokes.length) {
      if (old) old.remove();
      return;
    }
    const over = document.createElement("div");
    over.className = `ws-layer ws-layer-${layer}`;
    over.setAttribute("aria-hidden", "true");
    const from = chunk.element.getBoundingClientRect();
    const rects = strokes.map(({ range }) => Array.from(range.getClientRects()));
    strokes.forEach((stroke, i) => {
      for (const rect of rects[i]) over.append(markBox(stroke, rect, from));
    });
    if (old) old.replaceWith(over);
    else chunk.element.append(over);
  }

  /** @param {Chunk} chunk */
  erase(chunk) {
    for (const layer of Array.from(chunk.element.querySelectorAll(":scope > .ws-layer"))) layer.remove();
  }

  close() {}
}

/**
 * @param {Stroke} stroke
 * @param {DOMRect} rect
 * @param {DOMRect} from
 */
function markBox(stroke, rect, from) {
  const box = document.createElement("div");
  box.className = `ws-mark ws-mark-${stroke.style}`;
  if (stroke.id !== null) box.dataset.mark = stroke.id;
  box.style.left = `${rect.left - from.left}px`;
  box.style.top = `${rect.top - from.top}px`;
  box.style.width = `${rect.width}px`;
  box.style.height = `${rect.height}px`;
  return box;
}
