// @ts-check
/** Accepting many at once: only those of one section, above a confidence, all checks green, and only after a look at them. */

import { t } from "./i18n.js";
import { composing } from "./keys.js";
import { button, dialog, h } from "./ui.js";

/** @typedef {import("./types").Entry} Entry */

const LEVELS = [0.95, 0.9, 0.85, 0.75, 0.6];

/**
 * @param {{
 *   path: string[], entry: (id: string) => Entry | undefined,
 *   preview: (section: string[] | null, confidence: number) => Promise<{records: string[], skipped: number}>,
 *   accept: (records: string[]) => void,
 * }} options `path`: of the focused record
 */
export function openBulk({ path, entry, preview, accept }) {
  /** @type {string[]} */
  let records = [];
  let asked = 0;
  const depths = path.map((_, at) => path.slice(0, path.length - at));
  const section = h("select", { id: "bulk-section" }, ...depths.map((own, at) => h("option", { value: String(at) }, own.join(" › "))), h("option", { value: "all" }, t("ws.bulk.whole")));
  const level = h("select", { id: "bulk-level" }, ...LEVELS.map((value) => h("option", { value: String(value) }, t("ws.bulk.level", { percent: Math.round(value * 100) }))));
  level.value = "0.9"; // what the list calls high
  const summary = h("p", { class: "ws-bulk-summary", role: "status" });
  const list = h("ol", { class: "ws-bulk-list" });
  const run = button({ label: t("ws.bulk.accept"), key: "Enter", class: "primary", run: () => take() });

  const take = () => {
    if (!records.length) return;
    node.close();
    accept(records);
  };
  const look = async () => {
    const turn = (asked += 1);
    run.disabled = true;
    summary.textContent = t("ws.loading");
    const chosen = section.value === "all" ? null : depths[Number(section.value)] ?? null;
    try {
      const answer = await preview(chosen, Number(level.value));
      if (turn !== asked) return;
      records = answer.records;
      summary.textContent = t("ws.bulk.summary", { count: records.length, skipped: answer.skipped });
    } catch (error) {
      if (turn !== asked) return;
      records = [];
      summary.textContent = error instanceof Error ? error.message : String(error);
    }
    run.disabled = !records.length;
    list.replaceChildren(...records.slice(0, 200).map((id) => {
      const record = entry(id)?.record;
      return h("li", {}, record?.number ? `${record.number} ` : "", record?.text ?? id, h("small", {}, record ? ` ${Math.round(record.confidence * 100)}%` : ""));
    }));
    if (records.length > 200) list.append(h("li", { class: "more" }, t("ws.bulk.more", { count: records.length - 200 })));
  };
  const node = dialog({ title: t("ws.bulk.title"), class: "wide", close: t("ws.close") },
    h("div", { class: "ws-form-line" }, h("label", { for: "bulk-section" }, t("ws.bulk.section")), section, h("label", { for: "bulk-level" }, t("ws.bulk.confidence")), level),
    summary, list, h("p", { class: "ws-dialog-actions" }, run, button({ label: t("ws.cancel"), key: "Esc", run: () => node.close() })));
  section.addEventListener("change", () => void look());
  level.addEventListener("change", () => void look());
  node.addEventListener("keydown", (event) => {
    if (composing(event) || event.key !== "Enter" || (event.target instanceof Element && event.target.closest("button"))) return;
    event.preventDefault();
    take();
  });
  section.focus();
  void look();
  return node;
}
