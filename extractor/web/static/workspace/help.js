// @ts-check
/** The sheet of keys, made from the keymap. */

import { t } from "./i18n.js";
import { KEYMAP } from "./keys.js";
import { dialog, h } from "./ui.js";

const GROUPS = ["decide", "move", "field", "structure", "document"];

export function openHelp() {
  const groups = GROUPS.map((group) => h("section", { class: "ws-keys" }, h("h3", {}, t(`ws.keys.${group}`)),
    h("dl", {}, ...KEYMAP.filter((binding) => binding.group === group).map((binding) => h("div", {},
      h("dt", {}, ...binding.shown.split(" ").map((key) => h("kbd", {}, key))), h("dd", {}, t(`ws.key.${binding.action}`)))))));
  dialog({ title: t("ws.help.title"), class: "wide", close: t("ws.close") }, h("div", { class: "ws-help" }, ...groups), h("p", { class: "ws-hint" }, t("ws.help.fill")), h("p", { class: "ws-hint" }, t("ws.help.tab")));
}
