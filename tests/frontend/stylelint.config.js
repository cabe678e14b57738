// Lint of the pages' styles against Chromium 90: doiuse for what it knows, the compatibility data for the rest.
import stylelint from "stylelint";

import { CHROME, newCss } from "./baseline.mjs";

const ruleName = "chrome90/late";
const LATE = newCss();
const message = (what) => `"${what}" is not in Chrome ${CHROME} (${ruleName})`;

/** True inside `@supports`: the page does without it there. */
function guarded(node) {
  for (let at = node.parent; at; at = at.parent) if (at.type === "atrule" && at.name === "supports") return true;
  return false;
}

function* lateIn(node) {
  if (node.type === "atrule" && LATE.atRules.has(node.name)) yield `@${node.name}`;
  if (node.type === "rule") for (const [, name] of node.selector.matchAll(/:{1,2}([a-z-]+)/g)) if (LATE.selectors.has(name)) yield `:${name}`;
  if (node.type !== "decl") return;
  if (LATE.properties.has(node.prop)) yield node.prop;
  for (const [word] of node.value.matchAll(/(?<![\w-])[a-z][\w-]*/gi)) if (LATE.keywords.has(`${node.prop}: ${word}`)) yield `${node.prop}: ${word}`;
  for (const [, name] of node.value.matchAll(/(?<![\w-])([a-z][\w-]*)\(/gi)) if (LATE.functions.has(name)) yield `${name}()`;
}

const late = stylelint.createPlugin(ruleName, (on) => (root, result) => {
  if (!on) return;
  root.walk((node) => {
    if (guarded(node)) return;
    for (const what of lateIn(node)) stylelint.utils.report({ ruleName, result, node, message: message(what) });
  });
});

export default {
  plugins: ["stylelint-no-unsupported-browser-features", late],
  reportNeedlessDisables: true,
  rules: {
    [ruleName]: true,
    "plugin/no-unsupported-browser-features": [true, { browsers: [`chrome ${CHROME}`], ignorePartialSupport: true }],
    "block-no-empty": true,
    "color-no-invalid-hex": true,
    "declaration-block-no-duplicate-properties": [true, { ignore: ["consecutive-duplicates"] }],
    "no-duplicate-selectors": true,
    "no-invalid-double-slash-comments": true,
    "property-no-unknown": true,
    "selector-pseudo-class-no-unknown": true,
    "selector-pseudo-element-no-unknown": true,
    "unit-no-unknown": true,
    "declaration-property-value-no-unknown": true,
  },
};
