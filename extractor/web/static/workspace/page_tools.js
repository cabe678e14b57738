// @ts-check
/** The bar over the pages: page number, zoom. */

import { t } from "./i18n.js";
import { make } from "./pane_dom.js";

/** @typedef {import("./pane_pages.js").PagesPane} PagesPane */

const STEPS = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 2.5, 3, 4];
const PIXELS_A_POINT = 96 / 72; // 100 %

export class PageTools {
  /** @param {PagesPane} pane */
  constructor(pane) {
    this.pane = pane;
    this.number = make("input", "pane-page-number", { type: "text", inputmode: "numeric", autocomplete: "off", "aria-label": t("ws.pane.pageNumber") });
    this.total = make("span", "pane-page-total");
    this.percent = make("output", "pane-zoom");
    this.number.addEventListener("change", () => this.go());
    pane.bar.append(this.number, this.total, make("span", "pane-space"));
    pane.bar.append(this.button("−", "ws.pane.zoomOut", () => this.step(-1)), this.percent);
    pane.bar.append(this.button("+", "ws.pane.zoomIn", () => this.step(1)));
    this.fit = this.button("↔", "ws.pane.zoomFit", () => pane.setZoom(null));
    pane.bar.append(this.fit);
  }

  /**
   * @param {string} sign
   * @param {string} key
   * @param {() => void} act
   */
  button(sign, key, act) {
    const button = make("button", "pane-button pane-tool", { type: "button", title: t(key), "aria-label": t(key) });
    button.textContent = sign;
    button.addEventListener("click", act);
    return button;
  }

  go() {
    const page = Math.round(Number(this.number.value));
    if (this.pane.indexOf(page) >= 0) this.pane.restore({ page, y: -8 });
    else this.show(this.pane.range().first);
  }

  /** @param {number} direction */
  step(direction) {
    const now = this.factor();
    const next = direction > 0 ? STEPS.find((each) => each > now * 1.02) : [...STEPS].reverse().find((each) => each < now * 0.98);
    if (next) this.pane.setZoom(next * PIXELS_A_POINT);
  }

  factor() {
    const place = this.pane.places[this.pane.range().first];
    return place ? place.scale / PIXELS_A_POINT : 1;
  }

  /** @param {number} first index of the first page in view */
  show(first) {
    const { views, zoom } = this.pane;
    if (document.activeElement !== this.number) this.number.value = views[first] ? String(views[first].page.number) : "";
    this.total.textContent = t("ws.pane.pages", { n: views.length });
    this.percent.textContent = `${Math.round(this.factor() * 100)} %`;
    this.fit.setAttribute("aria-pressed", String(zoom === null));
  }
}
