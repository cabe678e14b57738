// @ts-check
/** The fields of a record: their paths, kinds, keys, how a value is written and read. Pure. */

import { t } from "./i18n.js";
import { CLOSED } from "./vocabulary.js";

/** @typedef {import("./types").IndicatorRecord} IndicatorRecord */
/** @typedef {import("./types").Entry} Entry */
/** @typedef {"text" | "long" | "number" | "vocabulary" | "open" | "words" | "path" | "flag" | "date"} FieldType */
/** @typedef {{name: string, type: FieldType, key?: string, optional?: boolean, fill?: boolean}} FieldSpec */
/** @typedef {FieldSpec & {path: string}} Field */

/** @type {FieldSpec[]} */
export const RECORD_FIELDS = [
  { name: "text", type: "long", fill: true },
  { name: "kind", type: "vocabulary", key: "T" },
  { name: "points", type: "number", key: "P", fill: true },
  { name: "row_points", type: "number", optional: true, fill: true },
  { name: "points_cap", type: "number", optional: true, fill: true },
  { name: "per_occurrence", type: "flag", optional: true },
  { name: "tier", type: "text", optional: true, fill: true },
  { name: "number", type: "text", optional: true, fill: true },
];
/** @type {FieldSpec[]} */
export const TARGET_FIELDS = [
  { name: "metric", type: "text", key: "Q", fill: true },
  { name: "op", type: "vocabulary", key: "C", fill: true },
  { name: "value", type: "number", key: "V", fill: true },
  { name: "upper", type: "number", optional: true, fill: true },
  { name: "unit", type: "open", key: "U", fill: true },
  { name: "per", type: "open", optional: true, fill: true },
  { name: "baseline", type: "text", optional: true, fill: true },
  { name: "due", type: "date", optional: true, fill: true },
  { name: "scope", type: "text", optional: true, fill: true },
  { name: "strength", type: "vocabulary", optional: true },
  { name: "implicit", type: "flag", optional: true },
];
/** @type {FieldSpec[]} */
export const DEADLINE_FIELDS = [
  { name: "raw", type: "text", key: "L", fill: true },
  { name: "start", type: "date", optional: true, fill: true },
  { name: "end", type: "date", fill: true },
  { name: "recurrence", type: "vocabulary", optional: true },
  { name: "by", type: "text", optional: true, fill: true },
];
/** @type {FieldSpec[]} */
export const RESPONSIBLE_FIELDS = [
  { name: "name", type: "text", key: "O", fill: true },
  { name: "role", type: "vocabulary", key: "R" },
];
/** @type {FieldSpec[]} */
export const REST_FIELDS = [
  { name: "path", type: "path", fill: true },
  { name: "assessed", type: "words", optional: true, fill: true },
  { name: "scoring_text", type: "long", optional: true, fill: true },
  { name: "notes", type: "long", optional: true, fill: true },
];
/** @type {{[list: string]: FieldSpec[]}} */
export const LISTS = { targets: TARGET_FIELDS, deadlines: DEADLINE_FIELDS, responsible: RESPONSIBLE_FIELDS };

/** @param {string} path @returns {Field | null} */
export function fieldAt(path) {
  const inList = /^(targets|deadlines|responsible)\/\d+\/(\w+)$/.exec(path);
  const specs = inList ? LISTS[inList[1]] : [...RECORD_FIELDS, ...REST_FIELDS];
  const name = inList ? inList[2] : path;
  const spec = specs.find((candidate) => candidate.name === name);
  return spec ? { ...spec, path } : null;
}

/** @param {IndicatorRecord} record @returns {string[]} paths of all fields that hold something, in reading order */
export function filledFields(record) {
  /** @type {string[]} */
  const paths = [];
  /** @param {any} holder @param {FieldSpec[]} specs @param {string} prefix */
  const collect = (holder, specs, prefix) => {
    for (const spec of specs) if (!spec.optional || !isEmpty(holder[spec.name])) paths.push(prefix + spec.name);
  };
  collect(record, RECORD_FIELDS, "");
  for (const [list, specs] of Object.entries(LISTS)) {
    /** @type {any[]} */ (/** @type {any} */ (record)[list]).forEach((row, at) => collect(row, specs, `${list}/${at}/`));
  }
  collect(record, REST_FIELDS, "");
  return paths;
}

/** @param {unknown} value */
export function isEmpty(value) {
  return value === null || value === undefined || value === "" || value === false || (Array.isArray(value) && value.length === 0);
}

/** @param {string} path @returns {string} the field's name in the interface's language */
export function labelOf(path) {
  const names = path.split("/");
  if (path in LISTS) return t(`ws.list.${path}`);
  const list = names.length > 1 ? names[0] : "record";
  return names.length === 2 ? `${t(`ws.list.${names[0]}`)} ${Number(names[1]) + 1}` : t(`ws.field.${list}.${names[names.length - 1]}`);
}

/** @param {string} path */
export function vocabularyOf(path) {
  const names = path.split("/");
  return names[names.length - 1];
}

/** @param {string} name of a vocabulary @param {string | null} value @returns {string} */
export function wordFor(name, value) {
  if (value === null) return t("ws.none");
  return CLOSED[name]?.includes(value) ? t(`ws.${name}.${value}`) : value;
}

/** @param {Field} field @param {any} value @returns {string} as shown */
export function shown(field, value) {
  if (isEmpty(value)) return field.type === "flag" ? t("ws.no") : "";
  switch (field.type) {
    case "vocabulary": return wordFor(vocabularyOf(field.path), value);
    case "flag": return t("ws.yes");
    case "words": return value.join("、");
    case "path": return value.join(" › ");
    default: return typeof value === "object" ? JSON.stringify(value) : String(value);
  }
}

/** @param {Field} field @param {any} value @returns {string} as put into an input */
export function written(field, value) {
  if (isEmpty(value)) return "";
  if (field.type === "words") return value.join("、");
  if (field.type === "path") return value.join(" > ");
  return String(value);
}

/** @param {string} words @returns {string} full-width digits, signs and commas as ASCII */
export function narrow(words) {
  return words.replace(/[！-～]/g, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0)).replace(/\u3000/g, " ").trim();
}

/**
 * @param {Field} field @param {string} words as typed
 * @returns {{value: unknown, problem?: undefined} | {problem: string}} `problem`: the key of a message
 */
export function read(field, words) {
  const trimmed = words.trim();
  switch (field.type) {
    case "number": {
      const plain = narrow(trimmed).replace(/,/g, "");
      if (!plain) return { value: null };
      return { value: /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : trimmed }; // the server reads 35%以上, 10个
    }
    case "date": {
      const plain = narrow(trimmed);
      if (!plain) return { value: null };
      const found = /^(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?$/.exec(plain);
      if (!found) return { value: trimmed }; // the server reads 9月底前
      const iso = `${found[1]}-${found[2].padStart(2, "0")}-${found[3].padStart(2, "0")}`;
      return isDay(iso) ? { value: iso } : { problem: "ws.problem.date" };
    }
    case "words": return { value: trimmed.split(/[、,，;；\n]/).map((word) => word.trim()).filter(Boolean) };
    case "path": return { value: trimmed.split(/[>›\n]/).map((word) => word.trim()).filter(Boolean) };
    default:
      if (trimmed) return { value: trimmed };
      return /(^|\/)(text|metric|name|raw)$/.test(field.path) ? { problem: "ws.problem.empty" } : { value: null };
  }
}

/** @param {string} iso */
function isDay(iso) {
  const day = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === iso;
}
