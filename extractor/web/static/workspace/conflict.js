// @ts-check
/** Two people, one field: both values side by side, one key to choose. Nothing is overwritten unseen. */

import { fieldAt, labelOf, shown } from "./fields.js";
import { t } from "./i18n.js";
import { composing } from "./keys.js";
import { button, dialog, h } from "./ui.js";

/** @typedef {import("./store.js").Conflict} Conflict */

/**
 * @param {Conflict} conflict
 * @param {{name: (record: string) => string, resolve: (mine: boolean) => void}} hooks
 */
export function openConflict(conflict, { name, resolve }) {
  /** @param {boolean} mine */
  const choose = (mine) => {
    node.close();
    resolve(mine);
  };
  const rows = conflict.differences.map((difference) => h("tbody", {},
    h("tr", {}, h("th", { colspan: "2", scope: "colgroup" }, `${name(difference.record)} · ${fieldName(difference.field)}`)),
    h("tr", {}, h("td", { class: "mine" }, valueWords(difference.field, difference.yours)),
      h("td", { class: "theirs" }, valueWords(difference.field, difference.current),
        h("small", {}, [difference.actor, difference.at ? new Date(difference.at).toLocaleString() : ""].filter(Boolean).join(" · "))))));
  const node = dialog({ title: t("ws.conflict.title"), close: t("ws.conflict.later") },
    h("p", {}, t("ws.conflict.why")),
    h("table", { class: "ws-table conflict" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("ws.conflict.mine")), h("th", { scope: "col" }, t("ws.conflict.theirs")))), ...rows),
    h("p", { class: "ws-dialog-actions" },
      button({ label: t("ws.conflict.keep_mine"), key: "1", run: () => choose(true) }),
      button({ label: t("ws.conflict.keep_theirs"), key: "2", class: "primary", run: () => choose(false) }),
      button({ label: t("ws.conflict.later"), key: "Esc", run: () => node.close() })));
  node.addEventListener("keydown", (event) => {
    if (composing(event) || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "1" || event.key === "2") {
      event.preventDefault();
      choose(event.key === "1");
    }
  });
  return node;
}

/** @param {string} field */
function fieldName(field) {
  return field === "status" ? t("ws.field.record.status") : field ? labelOf(field) : t("ws.field.record.whole");
}

/** @param {string} field @param {any} value @returns {string} */
export function valueWords(field, value) {
  if (value === null || value === undefined) return t("ws.none");
  if (field === "status") return t(`ws.status.${value}`);
  const known = fieldAt(field);
  if (known) return shown(known, value) || t("ws.none");
  if (Array.isArray(value)) return value.map((one) => valueWords("", one)).join("、") || t("ws.none");
  if (typeof value !== "object") return String(value);
  return [value.metric, value.raw ?? value.name ?? value.text].filter(Boolean).join(" ") || JSON.stringify(value);
}
