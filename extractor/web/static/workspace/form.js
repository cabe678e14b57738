// @ts-check
/** The focused record: every field with its value, how sure it is, who set it and what is wrong with it. */

import { fieldAt, isEmpty, labelOf, LISTS, RECORD_FIELDS, REST_FIELDS, shown } from "./fields.js";
import { openEditor } from "./editor.js";
import { ownLanguage, t, tOr } from "./i18n.js";
import { keyOf } from "./keys.js";
import { checksOf, openChecks } from "./order.js";
import { ancestors, band, getField, ownConfidence } from "./paths.js";
import { button, h, kbd, setAttribute, setText } from "./ui.js";

/** @typedef {import("./types").Entry} Entry */
/** @typedef {import("./fields.js").Field} Field */
/**
 * @typedef {{
 *   act: (action: string) => void,
 *   focused: (path: string | null) => void,
 *   choose: (path: string) => void,
 *   edit: (path: string, value: unknown) => void,
 *   addRow: (list: string) => void,
 *   removeRow: (list: string, at: number) => void,
 *   save: (id: string) => import("./store.js").SaveState,
 *   editing: (on: boolean) => void,
 *   unclaimed: () => import("./types").Unclaimed | null,
 * }} FormHooks
 */

const DECIDE = ["accept", "reject", "skip", "split", "merge", "duplicate"];

export class RecordForm {
  /** @type {Entry | null} */
  entry = null;
  /** @type {string | null} */
  field = null;
  /** @type {import("./editor.js").Editor | null} */
  editor = null;
  /** The list with an empty row at its end, not yet the record's. @type {string | null} */
  #extra = null;
  #stale = false;
  #keepOpen = new Set();

  /** @param {FormHooks} hooks */
  constructor(hooks) {
    this.hooks = hooks;
    this.head = h("div", { class: "ws-form-head" });
    this.body = h("div", { class: "ws-form-body" });
    this.actions = h("div", { class: "ws-actions", role: "toolbar", "aria-label": t("ws.form.actions") });
    for (const action of DECIDE) {
      this.actions.append(button({ label: t(`ws.action.${action}`), key: keyOf(action), title: t(`ws.key.${action}`), class: `act-${action}`, run: () => hooks.act(action) }));
    }
    this.node = h("section", { class: "ws-form", "aria-label": t("ws.form.label"), "data-review": true }, this.actions, h("div", { class: "ws-form-scroll", tabindex: "-1" }, this.head, this.body));
    this.body.addEventListener("focusin", (event) => {
      const path = event.target instanceof Element ? event.target.closest("[data-field]")?.getAttribute("data-field") : null;
      if (path && path !== this.field && !this.editor) hooks.focused(path);
    });
    this.body.addEventListener("click", (event) => this.#clicked(event));
  }

  /** @param {Entry | null} entry @param {string | null} field */
  show(entry, field) {
    this.closeEditor();
    const other = entry?.record.record_id !== this.entry?.record.record_id;
    const anew = other || entry !== this.entry;
    this.entry = entry;
    this.field = field;
    if (other) {
      this.#keepOpen.clear();
      this.#extra = null;
      this.node.lastElementChild?.scrollTo(0, 0);
    }
    if (anew || !entry) this.#draw(); // a sentence without record is shown where the form was
    this.#mark();
  }

  /** The same record after a change; an open editor is left alone until it closes. @param {Entry | null} entry */
  update(entry) {
    if (this.editor) {
      this.#stale = true;
      this.entry = entry;
      return;
    }
    if (entry !== this.entry) this.#extra = null; // it has become the record's
    const within = document.activeElement instanceof HTMLElement && this.body.contains(document.activeElement);
    this.entry = entry;
    this.#draw();
    this.#mark();
    if (within) this.focusField();
  }

  /** @returns {HTMLElement | null} */
  valueNode(path = this.field) {
    return path ? this.body.querySelector(`[data-field="${path}"] .ws-value`) : null;
  }

  /** Puts the keyboard focus on the field. @returns {boolean} */
  focusField() {
    const node = this.valueNode();
    node?.focus({ preventScroll: true });
    node?.closest(".ws-field")?.scrollIntoView({ block: "nearest" });
    return Boolean(node);
  }

  /** @param {string} path @returns {boolean} whether the field can be edited */
  edit(path) {
    const field = fieldAt(path);
    const entry = this.entry;
    if (!field || !entry) return false;
    if (field.optional && isEmpty(getField(entry.record, path))) {
      this.#keepOpen.add(path);
      this.#draw();
      this.#mark();
    }
    const place = this.valueNode(path);
    if (!place) return false;
    if (field.type === "vocabulary" || field.type === "open") {
      this.hooks.choose(path);
      return true;
    }
    if (field.type === "flag") {
      this.hooks.edit(path, !getField(entry.record, path));
      return true;
    }
    this.write(path);
    return true;
  }

  /** @param {string} list */
  addRow(list) {
    this.closeEditor();
    this.#extra = list;
    this.#draw();
  }

  /** The row just added is not wanted. */
  dropRow() {
    if (!this.#extra) return;
    this.#extra = null;
    this.#draw();
    this.#mark();
  }

  /** Opens an input in the field's place. @param {string} path */
  write(path) {
    const field = fieldAt(path);
    const place = this.valueNode(path);
    if (!field || !place || !this.entry) return;
    this.closeEditor();
    this.editor = openEditor({
      field, place, value: getField(this.entry.record, path), label: labelOf(path),
      commit: (value) => this.hooks.edit(path, value),
      closed: (how) => this.#editorClosed(how),
    });
    this.hooks.editing(true);
  }

  closeEditor() {
    this.editor?.close(false);
  }

  /** @param {"enter" | "escape" | "tab" | "backtab" | "blur" | "closed"} how */
  #editorClosed(how) {
    this.editor = null;
    this.hooks.editing(false);
    if (this.#stale || this.#extra) {
      this.#stale = false;
      this.#extra = null;
      this.#draw();
      this.#mark();
    }
    if (how === "blur" || how === "closed") return;
    if (!this.focusField()) this.hooks.act("leave"); // its empty row is gone
    if (how === "tab") this.hooks.act("nextField");
    if (how === "backtab") this.hooks.act("previousField");
  }

  /** @param {Event} event */
  #clicked(event) {
    const target = event.target instanceof Element ? event.target : null;
    const add = target?.closest("[data-add]")?.getAttribute("data-add");
    if (add) return add.includes("/") || !(add in LISTS) ? this.#openOptional(add) : this.hooks.addRow(add);
    const remove = target?.closest("[data-remove]")?.getAttribute("data-remove");
    if (remove) return this.hooks.removeRow(remove.split("/")[0], Number(remove.split("/")[1]));
    const place = target?.closest(".ws-value");
    const path = place?.closest("[data-field]")?.getAttribute("data-field");
    if (path) this.edit(path);
  }

  /** @param {string} path */
  #openOptional(path) {
    this.hooks.focused(path);
    this.edit(path);
  }

  #mark() {
    for (const node of this.body.querySelectorAll(".ws-field.focused")) if (node.getAttribute("data-field") !== this.field) node.classList.remove("focused");
    if (!this.field) return;
    this.body.querySelector(`[data-field="${this.field}"]`)?.classList.add("focused");
  }

  #draw() {
    const { entry } = this;
    this.actions.hidden = !entry;
    if (!entry) {
      this.head.replaceChildren();
      const sentence = this.hooks.unclaimed();
      this.body.replaceChildren(sentence ? this.#card(sentence) : h("p", { class: "ws-empty" }, t("ws.form.empty")));
      return;
    }
    this.#drawHead(entry);
    const { record } = entry;
    /** @type {HTMLElement[]} */
    const parts = [this.#grid("record", RECORD_FIELDS, record, "")];
    for (const list of Object.keys(LISTS)) parts.push(this.#list(list, entry));
    parts.push(this.#grid("rest", REST_FIELDS, record, ""));
    this.body.replaceChildren(...parts);
  }

  /** @param {import("./types").Unclaimed} sentence */
  #card(sentence) {
    return h("div", { class: "ws-card" }, h("h2", {}, t("ws.unclaimed.title")), h("blockquote", {}, sentence.text), h("p", { class: "ws-hint" }, tOr(`ws.reason.${sentence.reason.replace(/ /g, "_")}`, sentence.reason)),
      h("p", { class: "ws-dialog-actions" }, button({ label: t("ws.action.add"), key: keyOf("add"), class: "primary", run: () => this.hooks.act("add") }),
        button({ label: t("ws.unclaimed.next"), key: keyOf("unclaimed"), run: () => this.hooks.act("unclaimed") }),
        button({ label: t("ws.unclaimed.back"), key: keyOf("next"), run: () => this.hooks.act("next") })));
  }

  /** @param {Entry} entry */
  #drawHead(entry) {
    const { record } = entry;
    const sure = band(record.confidence);
    const save = this.hooks.save(record.record_id);
    const checks = openChecks(entry);
    const waived = entry.checks.filter((check) => check.waived);
    this.head.replaceChildren(
      h("p", { class: "ws-badges" },
        h("span", { class: `ws-badge status-${record.status}` }, t(`ws.status.${record.status}`)),
        h("span", { class: `ws-badge sure-${sure}`, title: t("ws.confidence", { percent: Math.round(record.confidence * 100) }) }, `${t("ws.sure")} ${t(`ws.band.${sure}`)}`),
        entry.origin === "person" ? h("span", { class: "ws-badge person" }, t("ws.origin.person")) : null,
        h("span", { class: `ws-badge ws-form-save ${save ?? ""}` }, save ? t(`ws.save.${save}`) : "")),
      checks.length || waived.length ? h("ul", { class: "ws-checks" },
        ...checks.map((check, at) => h("li", { class: check.blocking ? "blocking" : check.severity }, h("span", {}, ownLanguage(check.message)),
          button({ label: t("ws.action.waive"), key: at === 0 ? keyOf("waive") : undefined, class: "small", run: () => this.hooks.act(`waive:${check.code}`) }))),
        ...waived.map((check) => h("li", { class: "waived" }, h("span", {}, ownLanguage(check.message)),
          button({ label: t("ws.action.unwaive"), class: "small", run: () => this.hooks.act(`unwaive:${check.code}`) })))) : "");
  }

  /** Only the save state changed. */
  updateSave() {
    const node = this.head.querySelector(".ws-form-save");
    if (!node || !this.entry) return;
    const save = this.hooks.save(this.entry.record.record_id);
    setText(node, save ? t(`ws.save.${save}`) : "");
    setAttribute(node, "class", `ws-badge ws-form-save ${save ?? ""}`);
  }

  /** @param {string} list @param {Entry} entry */
  #list(list, entry) {
    const own = /** @type {any[]} */ (/** @type {any} */ (entry.record)[list]);
    const rows = this.#extra === list ? [...own, {}] : own;
    return h("fieldset", { class: `ws-rows ${list}` },
      h("legend", {}, t(`ws.list.${list}`), rows.length > 1 ? ` ${rows.length}` : ""),
      ...rows.map((row, at) => h("div", { class: "ws-item", role: "group", "aria-label": `${t(`ws.list.${list}`)} ${at + 1}` },
        this.#grid(list, LISTS[list], row, `${list}/${at}/`),
        h("button", { type: "button", class: "ws-remove", "data-remove": `${list}/${at}`, "aria-label": t("ws.remove", { what: `${t(`ws.list.${list}`)} ${at + 1}` }), title: t("ws.remove", { what: "" }) }, "×"))),
      h("button", { type: "button", class: "ws-add", "data-add": list }, `＋ ${t(`ws.add.${list}`)}`));
  }

  /** @param {string} name @param {import("./fields.js").FieldSpec[]} specs @param {any} holder @param {string} prefix */
  #grid(name, specs, holder, prefix) {
    const filled = specs.filter((spec) => !spec.optional || !isEmpty(holder[spec.name]) || this.#keepOpen.has(prefix + spec.name));
    const empty = specs.filter((spec) => !filled.includes(spec));
    return h("div", { class: `ws-fields ${name}` },
      ...filled.map((spec) => this.#field({ ...spec, path: prefix + spec.name }, holder[spec.name])),
      empty.length ? h("p", { class: "ws-more" }, ...empty.map((spec) => h("button", { type: "button", class: "ws-add", "data-add": prefix + spec.name }, `＋${labelOf(prefix + spec.name)}`))) : null);
  }

  /** @param {Field} field @param {unknown} value */
  #field(field, value) {
    const entry = /** @type {Entry} */ (this.entry);
    const { path } = field;
    const own = checksOf(entry, path);
    const who = origin(entry, path);
    const confidence = ownConfidence(entry.record, path);
    const sure = who.kind === "person" || isEmpty(value) || confidence === null ? "none" : band(confidence);
    const words = shown(field, value);
    const why = [who.words, sure === "none" || confidence === null ? "" : t("ws.confidence", { percent: Math.round(confidence * 100) }), ...own.map((check) => ownLanguage(check.message))].filter(Boolean).join("，");
    const id = `f-${path.replace(/\//g, "-")}`;
    return h("div", { class: `ws-field type-${field.type} name-${field.name} sure-${sure} by-${who.kind}${own.some((check) => check.blocking) ? " blocking" : own.length ? " failed" : ""}`, "data-field": path, title: why },
      h("span", { class: "ws-label", id: `${id}-l` }, labelOf(path), field.key ? kbd(field.key) : null),
      h("button", { type: "button", class: "ws-value", id, "aria-labelledby": `${id}-l ${id}`, "aria-describedby": `${id}-w` }, words || h("span", { class: "ws-blank" }, "—")),
      h("span", { class: "ws-why", "aria-hidden": "true" }, h("span", { class: "ws-dot" }), h("span", { class: "ws-by" }, t(`ws.by.${who.kind}.short`))),
      h("span", { class: "visually-hidden", id: `${id}-w` }, why));
  }
}

/** Who set a field. @param {Entry} entry @param {string} path @returns {{kind: "machine" | "inherited" | "person", words: string}} */
function origin(entry, path) {
  for (const step of ancestors(path)) {
    const by = entry.set_by[step];
    if (by) return { kind: "person", words: t("ws.by.person", { who: by.actor, at: new Date(by.at).toLocaleString() }) };
  }
  if (ancestors(path).some((step) => entry.inherited.includes(step))) return { kind: "inherited", words: t("ws.by.inherited") };
  return { kind: "machine", words: t("ws.by.machine") };
}
