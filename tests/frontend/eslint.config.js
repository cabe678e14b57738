// Lint of the pages' scripts: what Chromium 90 can't run, and slips that a type checker does not see.
import { readFileSync } from "node:fs";

import compat from "eslint-plugin-compat";
import esx from "eslint-plugin-es-x";

import { CHROME, isLate, newMembers } from "./baseline.mjs";

const LATE = newMembers();
// Names of our own shapes: a value of that name is ours.
const shapes = readFileSync(new URL("../../extractor/web/static/workspace/types.d.ts", import.meta.url), "utf-8");
for (const [, name] of shapes.matchAll(/(\w+)\??:/g)) LATE.delete(name);

/** Members of DOM objects are found by name alone (no type tells whose they are), static ones by owner. */
const members = {
  meta: { type: "problem", schema: [], messages: { late: `"{{name}}" is not in Chrome ${CHROME}` } },
  create: (context) => ({
    CallExpression({ callee }) {
      // es-x takes the bare name for the method; a date is called so too
      if (callee.type === "MemberExpression" && callee.property.name === "at" && !callee.computed) context.report({ node: callee.property, messageId: "late", data: { name: "at()" } });
    },
    MemberExpression({ object, property, computed }) {
      if (!computed && (LATE.has(property.name) || isLate(object.name, property.name))) context.report({ node: property, messageId: "late", data: { name: property.name } });
    },
  }),
};

const names = (list, value) => Object.fromEntries(list.split(" ").map((name) => [name, value]));
const rules = {
  ...esx.configs["flat/restrict-to-es2021"].rules,
  // Of ES2022 Chrome has had these since 72 (fields), 74 (static), 84 (private methods), 89 (await) and 90 (flag d).
  ...names(
    "es-x/no-class-instance-fields es-x/no-class-static-fields es-x/no-class-private-fields es-x/no-class-private-methods es-x/no-top-level-await es-x/no-regexp-d-flag " +
      "es-x/no-array-prototype-at es-x/no-string-prototype-at" /* see members */,
    "off",
  ),
  "compat/compat": "error",
  "chrome90/members": "error",
  ...names(
    "no-redeclare no-dupe-keys no-dupe-args no-unreachable no-const-assign no-self-assign no-fallthrough no-cond-assign no-empty " +
      "no-unsafe-finally no-unsafe-negation no-eval no-implied-eval no-new-func no-var prefer-const use-isnan valid-typeof no-throw-literal",
    "error",
  ),
  eqeqeq: ["error", "always", { null: "ignore" }],
  "no-unused-vars": ["error", { args: "none", caughtErrors: "none", varsIgnorePattern: "^_", ignoreRestSiblings: true }],
  "max-lines": ["error", 400],
  "no-restricted-properties": [
    "error",
    ...["innerHTML", "outerHTML", "insertAdjacentHTML"].map((property) => ({ property, message: "names and texts are never read as HTML" })),
    { object: "document", property: "write" },
  ],
};

export default [
  { ignores: ["**/vendor/**", "**/node_modules/**"] },
  {
    files: ["**/*.js"],
    languageOptions: { ecmaVersion: 2022, sourceType: "module" },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    plugins: { compat, "es-x": esx, chrome90: { rules: { members } } },
    settings: { browsers: [`chrome ${CHROME}`], "es-x": { aggressive: true } },
    rules,
  },
  {
    files: ["tests/frontend/**"],
    rules: names([...Object.keys(rules)].filter((name) => /^(es-x|compat|chrome90)\/|restricted/.test(name)).join(" "), "off"),
  },
];
