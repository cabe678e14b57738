// @ts-check
/** Field paths of a record (`targets/0/value`): reading, and copies with one field set. Nothing is changed in place. */

/** @typedef {import("./types").IndicatorRecord} IndicatorRecord */
/** @typedef {import("./types").Evidence} Evidence */
/** @typedef {import("./types").Part} Part */

/** @param {any} value @param {string} path @returns {any} undefined where the path leads nowhere */
export function getField(value, path) {
  let here = value;
  for (const name of path.split("/")) {
    if (here === null || here === undefined) return undefined;
    here = here[name];
  }
  return here;
}

/**
 * @template T
 * @param {T} value @param {string} path @param {unknown} next
 * @returns {T} a copy that shares all but the way to the field
 */
export function withField(value, path, next) {
  const [name, ...rest] = path.split("/");
  /** @type {any} */
  const copy = Array.isArray(value) ? value.slice() : Object.assign({}, value);
  copy[name] = rest.length ? withField(copy[name] ?? {}, rest.join("/"), next) : next;
  return copy;
}

/** @param {unknown} one @param {unknown} other @returns {boolean} equal as JSON, whatever the order of names */
export function same(one, other) {
  if (one === other) return true;
  if ((one === null || one === undefined) && (other === null || other === undefined)) return true;
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  for (const name of names) {
    if (!same(/** @type {any} */ (one)[name], /** @type {any} */ (other)[name])) return false;
  }
  return true;
}

/** @param {string} path @returns {string[]} the path and all that it lies in, innermost first */
export function ancestors(path) {
  const names = path.split("/");
  return names.map((_, at) => names.slice(0, names.length - at).join("/"));
}

/** @param {IndicatorRecord} record @param {string} path @returns {number | null} 0 to 1; null where the extractor says nothing of the field itself */
export function ownConfidence(record, path) {
  const known = record.field_confidence ?? {};
  const step = ancestors(path).find((candidate) => known[candidate] !== undefined);
  return step ? known[step] : Object.keys(known).length ? null : record.confidence;
}

/** @param {number} confidence @returns {"high" | "mid" | "low"} */
export function band(confidence) {
  return confidence >= 0.9 ? "high" : confidence >= 0.75 ? "mid" : "low";
}

/** @param {Evidence | null | undefined} evidence @returns {Part[]} */
export function partsOf(evidence) {
  if (!evidence) return [];
  return evidence.parts && evidence.parts.length ? evidence.parts : [evidence];
}

/** Where a field stands in the document. @param {IndicatorRecord} record @param {string} path @returns {Part[] | null} */
export function evidenceOf(record, path) {
  for (const step of ancestors(path)) {
    const places = record.field_evidence?.[step];
    if (places && places.length) {
      /** @type {Part[]} */
      const parts = [];
      for (const place of places) parts.push(...partsOf(place));
      return parts;
    }
  }
  const own = /^(targets|deadlines|responsible)\/\d+/.exec(path);
  const holder = own ? getField(record, own[0]) : null;
  return holder?.evidence ? partsOf(holder.evidence) : null;
}
