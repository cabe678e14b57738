// @ts-check
/** A workbook that was exported and edited comes back as corrections, after a look at what would change. */

import { labelOf } from "./fields.js";
import { ownLanguage, t } from "./i18n.js";
import { valueWords } from "./conflict.js";
import { button, dialog, h } from "./ui.js";

/**
 * A proposed change as the table's cells: record, field, before, after. A changed cell is told in the workbook's words.
 * @param {any} change @returns {string[]}
 */
export function cellsOf({ number, text, action, field, column, before, after, current, wanted, problem, message }) {
  const edit = action === "edit";
  const then = edit ? (wanted ?? t("ws.none")) : action === "add" ? t("ws.action.add") : after === null ? "" : valueWords(field, after);
  return [
    [number, text].filter(Boolean).join(" "),
    column ?? (field ? labelOf(field) : ""),
    edit ? (current ?? t("ws.none")) : field ? valueWords(field, before) : "",
    problem ? [then, ownLanguage(message ?? problem)].filter(Boolean).join("：") : then,
  ];
}

/**
 * @param {import("./api.js").Api} api
 * @param {(answer: any) => void} applied
 */
export function openImport(api, applied) {
  /** @type {File | null} */
  let file = null;
  let token = "";
  const input = h("input", { type: "file", accept: ".xlsx", id: "import-file" });
  const result = h("div", { class: "ws-import", role: "status" });
  const run = button({ label: t("ws.import.apply"), class: "primary", run: () => void apply() });
  run.disabled = true;

  /** @param {unknown} error */
  const failed = (error) => result.replaceChildren(h("p", { class: "ws-bad" }, error instanceof Error ? ownLanguage(error.message) : String(error)));
  const look = async () => {
    run.disabled = true;
    file = input.files?.[0] ?? null;
    if (!file) return;
    result.replaceChildren(h("p", {}, t("ws.loading")));
    try {
      const answer = await api.importWorkbook(file, false);
      token = answer.token ?? "";
      const changes = /** @type {any[]} */ (answer.changes);
      run.disabled = !changes.some((change) => !change.problem);
      result.replaceChildren(h("p", {}, t("ws.import.summary", { count: changes.filter((change) => !change.problem).length, problems: changes.filter((change) => change.problem).length })),
        changes.length ? h("table", { class: "ws-table" },
          h("thead", {}, h("tr", {}, ...["record", "field", "before", "after"].map((name) => h("th", { scope: "col" }, t(`ws.import.${name}`))))),
          h("tbody", {}, ...changes.slice(0, 500).map((change) => h("tr", { class: change.problem ? "problem" : "" },
            ...cellsOf(change).map((words) => h("td", {}, words)))))) : "");
    } catch (error) {
      failed(error);
    }
  };
  const apply = async () => {
    if (!file) return;
    run.disabled = true;
    try {
      const answer = await api.importWorkbook(file, true, token);
      node.close();
      applied(answer);
    } catch (error) {
      failed(error);
    }
  };
  const node = dialog({ title: t("ws.import.title"), class: "wide", close: t("ws.close") },
    h("p", {}, h("label", { for: "import-file" }, t("ws.import.file")), " ", input), result,
    h("p", { class: "ws-dialog-actions" }, run, button({ label: t("ws.cancel"), key: "Esc", run: () => node.close() })));
  input.addEventListener("change", () => void look());
  input.focus();
  return node;
}
