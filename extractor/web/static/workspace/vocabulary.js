// @ts-check
/** Controlled vocabularies and their filter. Numbers of the closed ones never change; letters are pinyin initials or English. */

/** @typedef {{value: string | null, digit: string | null, label: string, initials: string, last?: boolean}} Choice */

/** @type {{[name: string]: (string | null)[]}} */
export const CLOSED = {
  op: ["ge", "gt", "le", "lt", "eq", "approx", "between"],
  role: ["leader", "lead", "support"],
  kind: ["target", "task", "bonus", "penalty", "veto"],
  recurrence: ["daily", "weekly", "monthly", "quarterly", "half-yearly", "yearly", null],
  strength: ["must", "strive", null],
};

const UNITS = ["%", "个", "项", "家", "人", "万人", "户", "亿元", "万元", "元", "公里", "平方公里", "平方米", "万平方米", "亩", "万亩", "吨", "万吨",
  "次", "场", "期", "座", "处", "所", "条", "件", "名", "篇", "套", "辆", "台", "床", "张", "天", "小时", "分钟", "个工作日", "个百分点", "‰", "分", "倍",
  "学时", "微克/立方米", "万千瓦", "起", "例", "宗"];
const PERIODS = ["年", "半年", "季度", "月", "周", "日", "次", "人", "户", "村", "乡镇", "街道", "社区", "县", "项", "家", "所", "万人", "千人", "亩", "元"];

// Characters of units, periods, comparators, roles, kinds by the first letter of their pinyin.
const BY_LETTER = {
  b: "百倍半班包本标不步表部", c: "次场处床车村册层成", d: "吨度点段对队道栋档顿导低等第", e: "额", f: "分方份幅封否", g: "个公工国根股罐高", h: "户毫盒回环合",
  j: "家件间级届斤季加减决奖介街", k: "克科课颗口棵扣", l: "里立例辆楼路轮粒类联领力", m: "米名亩每秒门枚面目", n: "年农", p: "平篇批票片匹排瓶配", q: "期起千区企圈旗群全牵",
  r: "人日任", s: "时所社省束艘双上市数树首升", t: "条套台天头团特", w: "万微瓦位网务", x: "项小学县乡校线型性", y: "亿元月约一于样用应有", z: "座张周支站株组种宗字作镇值钟责争幢",
};
/** @type {Map<string, string>} */
const LETTERS = new Map();
for (const [letter, characters] of Object.entries(BY_LETTER)) for (const character of characters) LETTERS.set(character, letter);

/** @param {string} words @returns {string} pinyin initials of what is known, other letters as they are */
export function initials(words) {
  let found = "";
  for (const character of words.toLowerCase()) found += LETTERS.get(character) ?? (/[a-z0-9%‰]/.test(character) ? character : "");
  return found;
}

/** @param {Choice} choice @param {string} typed @returns {boolean} */
export function matches(choice, typed) {
  if (!typed) return true;
  const wanted = typed.toLowerCase();
  return choice.initials.startsWith(wanted) || choice.label.toLowerCase().includes(wanted) || (choice.value ?? "").toLowerCase().startsWith(wanted);
}

/** @param {Choice[]} choices @param {string} typed @returns {Choice[]} those whose initials begin so first */
export function filterChoices(choices, typed) {
  const wanted = typed.toLowerCase();
  const found = choices.filter((choice) => matches(choice, typed));
  return typed ? found.sort((one, other) => Number(other.initials.startsWith(wanted)) - Number(one.initials.startsWith(wanted))) : found;
}

/**
 * @param {string} name `op`, `role`, `kind`, `recurrence`, `strength`
 * @param {(value: string | null) => string} label
 * @param {string | null} last used last, marked
 * @returns {Choice[]}
 */
export function closedChoices(name, label, last) {
  return CLOSED[name].map((value, at) => {
    const words = label(value);
    return { value, digit: String(at + 1), label: words, initials: initials(words.replace(/^[^\p{L}]+/u, "")), last: last !== null && value === last };
  });
}

/**
 * Units or periods: the one used last first (Enter takes it), then the document's own by how often they stand in it, whose digits stay for
 * the whole visit, then the common ones.
 * @param {string} name `unit` or `per` @param {string[]} own most frequent first @param {string | null} last
 * @returns {Choice[]}
 */
export function openChoices(name, own, last) {
  const all = Array.from(new Set([...own, ...(name === "unit" ? UNITS : PERIODS)]));
  /** @type {Choice[]} */
  const choices = all.map((value, at) => ({ value, digit: at < 9 ? String(at + 1) : null, label: value, initials: initials(value), last: value === last }));
  const first = choices.findIndex((choice) => choice.last);
  if (first > 0) choices.unshift(...choices.splice(first, 1));
  return choices;
}

/** @param {Iterable<string | null>} values @returns {string[]} most frequent first */
export function byFrequency(values) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const value of values) if (value) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Array.from(counts).sort((one, other) => other[1] - one[1]).map(([value]) => value);
}
