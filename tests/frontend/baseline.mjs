// The oldest browser that the pages must run in, and what the compatibility data say it lacks.
import { createRequire } from "node:module";

const data = createRequire(import.meta.url)("@mdn/browser-compat-data");

export const CHROME = 90;

// Interfaces that a page of forms, lists and pictures meets; a member of any other is found by its global's name.
const INTERFACES = /^(HTML\w*Element|SVGElement|Element|Document|DocumentFragment|ShadowRoot|Node|NodeList|Window|Range|Selection|(UI|Keyboard|Mouse|Pointer|Input|Drag|Composition)?Event|EventTarget|Navigator|Clipboard|Response|Request|Headers|URL|URLSearchParams|AbortSignal|Crypto|CSS|CSSStyleSheet|DataTransfer|FormData|Blob|File|DOMTokenList|DOMRect\w*|Storage|History|Location|Performance|PerformanceObserver|\w*Observer|\w*ObserverEntry|CanvasRenderingContext2D|ReadableStream|ElementInternals|CustomStateSet|Animation)$/;

/** True where Chrome `CHROME` has a feature of the data without prefix or flag. */
function has(feature) {
  const support = feature.__compat?.support?.chrome;
  if (!support) return true; // a group, not a feature
  return [support].flat().some((one) => {
    const since = parseInt(String(one.version_added).replace("≤", ""), 10); // NaN where there is none
    const until = one.version_removed ? parseInt(one.version_removed, 10) : Infinity;
    return since <= CHROME && until > CHROME && !one.flags && !one.prefix && !one.alternative_name;
  });
}

const inside = (owner) => Object.entries(owner ?? {}).filter(([name]) => name !== "__compat");

/** True for `owner.name` where the interface `owner` has the member, but not in Chrome `CHROME`. */
export function isLate(owner, name) {
  const members = data.api[owner] ?? {};
  const found = members[`${name}_static`] ?? members[name];
  return found !== undefined && !has(found);
}

/** Names of members (`element.checkVisibility`) that no interface of Chrome `CHROME` has, but a later browser's has. */
export function newMembers() {
  const old = new Set();
  const late = new Set();
  for (const [owner, members] of inside(data.api)) {
    for (const [name, member] of inside(members)) {
      const plain = name.replace(/_(static|event)$/, "");
      if (has(member)) old.add(plain);
      else if (INTERFACES.test(owner) && /^[a-z]\w+$/i.test(plain)) late.add(plain);
    }
  }
  for (const [, members] of inside(data.javascript.builtins)) for (const [name] of inside(members)) old.add(name); // es-x knows them
  return new Set([...late].filter((name) => !old.has(name)));
}

/** What of CSS Chrome `CHROME` lacks; keywords as `property: keyword`, functions without bracket. */
export function newCss() {
  const names = (owner) => new Set(inside(owner).filter(([, one]) => !has(one)).map(([name]) => name));
  const keywords = new Set();
  for (const [name, property] of inside(data.css.properties)) {
    for (const [word, value] of inside(property)) if (!has(value)) keywords.add(`${name}: ${word}`);
  }
  const functions = new Set();
  const walk = (owner) => {
    for (const [name, one] of inside(owner)) {
      if (!has(one)) functions.add(name);
      walk(one);
    }
  };
  walk(data.css.types);
  for (const name of ["color", "element", "position", "progress", "rect", "shape", "text", "type", "url"]) functions.delete(name); // words of older grammar too
  const { selectors, properties, "at-rules": atRules } = data.css;
  return { atRules: names(atRules), selectors: names(selectors), properties: names(properties), keywords, functions };
}
