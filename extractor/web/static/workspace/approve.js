// @ts-check
/** The bar under the records: how far it is, what stands in the way of approval, and approving. */

import { t } from "./i18n.js";
import { button, h, setText } from "./ui.js";

/** @typedef {import("./store.js").Store} Store */

export class ApproveBar {
  /**
   * @param {Store} store
   * @param {{jump: (id: string) => void, unclaimed: () => void, act: (op: "approve" | "withdraw") => void, can: {[what: string]: boolean}}} hooks
   */
  constructor(store, hooks) {
    this.store = store;
    this.hooks = hooks;
    this.fill = h("span", { class: "ws-progress-fill" });
    this.progress = h("div", { class: "ws-progress", role: "progressbar", "aria-label": t("ws.progress"), "aria-valuemin": "0" }, this.fill);
    this.figures = h("span", { class: "ws-figures" });
    this.undecided = button({ label: "", class: "small", run: () => this.#jump("undecided") });
    this.blocked = button({ label: "", class: "small bad", run: () => this.#jump("blocked") });
    this.unclaimed = button({ label: "", key: "G", class: "small", run: hooks.unclaimed });
    this.state = h("span", { class: "ws-approval" });
    this.approve = button({ label: t("ws.approve"), class: "primary", run: () => hooks.act("approve") });
    this.withdraw = button({ label: t("ws.withdraw"), run: () => hooks.act("withdraw") });
    this.node = h("footer", { class: "ws-bar", "aria-label": t("ws.approve.label"), role: "region" },
      h("div", { class: "ws-bar-line" }, this.progress, this.figures), h("div", { class: "ws-bar-line" }, this.undecided, this.blocked, this.unclaimed, h("span", { class: "ws-spring" }), this.state, this.approve, this.withdraw));
  }

  /** @param {"undecided" | "blocked"} what */
  #jump(what) {
    const ids = this.store.counts()[what];
    if (ids.length) this.hooks.jump(ids[0]);
  }

  /** @param {number} unclaimed */
  update(unclaimed) {
    const { store } = this;
    const counts = store.counts();
    const share = counts.records ? counts.decided / counts.records : 0;
    this.fill.style.transform = `scaleX(${share})`;
    this.progress.setAttribute("aria-valuenow", String(counts.decided));
    this.progress.setAttribute("aria-valuemax", String(counts.records));
    setText(this.figures, t("ws.figures", { decided: counts.decided, records: counts.records, rejected: counts.rejected }));
    label(this.undecided, t("ws.undecided", { count: counts.undecided.length }), counts.undecided.length > 0);
    label(this.blocked, t("ws.blocking", { count: counts.blocked.length }), counts.blocked.length > 0);
    label(this.unclaimed, t("ws.unclaimed", { count: unclaimed }), unclaimed > 0);
    const { state, by } = store.approval;
    const free = counts.undecided.length === 0 && counts.blocked.length === 0 && store.conflicts.length === 0 && counts.records > 0 && store.complete;
    setText(this.state, state === "open" ? (free ? t("ws.approve.ready") : t("ws.approve.blocked")) : t(`ws.approval.${state}`, { by: by.join("、") }));
    this.approve.hidden = state === "approved" || this.hooks.can.approve === false;
    this.approve.disabled = !free || (state === "first" && by.includes(store.actor));
    this.withdraw.hidden = state === "open" || this.hooks.can.approve === false;
  }
}

/** @param {HTMLButtonElement} node @param {string} words @param {boolean} on */
function label(node, words, on) {
  setText(/** @type {Element} */ (node.firstElementChild), words);
  node.disabled = !on;
}
