// @ts-check
/** Starts the workspace: document left, records right, one keyboard. */

import { Actions } from "./actions.js";
import { announce, mountAnnouncer, note } from "./announce.js";
import { Api } from "./api.js";
import { ApproveBar } from "./approve.js";
import { openBulk } from "./bulk.js";
import { openConflict } from "./conflict.js";
import { listen } from "./events.js";
import { RecordForm } from "./form.js";
import { Header } from "./header.js";
import { openHelp } from "./help.js";
import { HistoryPanel } from "./history.js";
import { loadWords, ownLanguage, t } from "./i18n.js";
import { openImport } from "./import.js";
import { actionFor, modeOf } from "./keys.js";
import { Layout } from "./layout.js";
import { createPane } from "./pane.js";
import { RecordList } from "./records.js";
import { PlaceKeeper, wanted } from "./resume.js";
import { Review } from "./review.js";
import { Store } from "./store.js";
import { onceAFrame } from "./ui.js";

/** @typedef {import("./types").DocumentInfo} DocumentInfo */

async function start() {
  loadWords();
  const doc = /** @type {DocumentInfo} */ (JSON.parse(document.getElementById("document")?.textContent ?? "{}"));
  const actor = document.querySelector('meta[name="actor"]')?.getAttribute("content") || "local";
  const api = new Api(doc.id);
  mountAnnouncer(document.body);

  const store = new Store({
    send: (operation) => api.operate(operation), storage: localStorage, prefix: `ws.op.${actor}.${doc.id}.`, actor,
    hooks: {
      records: (touched, structural) => review.changed(touched, structural),
      state: () => drawState(),
      conflict: () => showConflict(),
      refused: (_, error) => note(error.message === "conflict" ? t("ws.undo_conflict") : ownLanguage(error.message), { kind: "bad", seconds: 8 }),
      answer: (operation, answer) => answered(operation, answer),
      stale: () => void refresh(),
    },
  });
  const list = new RecordList({ entry: (id) => store.entry(id), saveState: (id) => store.saveState(id), pick: (id) => review.focus(id) });
  /** @type {RecordForm} */
  const form = new RecordForm({
    act: (action) => actions.run(action),
    focused: (path) => review.focus(review.id, path, { keyboard: false, scroll: false }),
    choose: (path) => actions.choose(path),
    edit: (path, value) => actions.setValue(path, value),
    addRow: (name) => actions.addRow(name),
    removeRow: (name, at) => actions.removeRow(name, at),
    save: (id) => store.saveState(id),
    editing: (on) => review.filling(on),
    unclaimed: () => review.unclaimed.current,
  });
  const places = new PlaceKeeper(api, `ws.place.${actor}.${doc.id}`);
  const bar = new ApproveBar(store, {
    can: doc.can ?? {}, jump: (id) => review.focus(id), unclaimed: () => actions.run("unclaimed"),
    act: (op) => void store.perform({ op }).then((answer) => answer && note(t(`ws.op.${op}`), { kind: "good" })),
  });
  store.readOnly = doc.can?.review === false;
  /** @type {Review} */
  const review = new Review({ store, list, form, moved: () => places.later() });
  const history = new HistoryPanel({ actor, pick: (id) => review.focus(store.entry(id) ? id : review.id), words: (id) => {
    const record = store.entry(id)?.record;
    return record ? `${record.number ?? ""} ${record.text}`.trim() : t("ws.history.gone");
  } });
  const header = new Header(doc, { send: () => void deliver(), load: () => openImport(api, (answer) => imported(answer)) });
  const layout = new Layout({ list, form, bar, history, changed: (filter) => review.setFilter(filter), entered: () => review.enterList(), order: () => actions.run("order"), act: (action) => actions.run(action) });
  const actions = new Actions(review, {
    order: () => {
      review.order = review.order === "risk" ? "document" : "risk";
      layout.setOrder(review.order);
      note(t(`ws.order.${review.order}`));
      places.later();
    },
    filter: () => layout.focusFilter(), export: () => header.openExport(), history: () => history.focus(), help: () => openHelp(),
    region: () => layout.region(1), regionBack: () => layout.region(-1),
    bulk: () => {
      const first = review.entry() ?? store.entry(store.order[0] ?? "");
      if (first) openBulk({ path: first.record.path, entry: (id) => store.entry(id), preview: (section, confidence) => api.bulk(section, confidence), accept: (records) => void store.perform({ op: "accept_many", records }) });
    },
  });

  // Figures and save states: once a frame, however much happened in it.
  const drawState = onceAFrame(() => {
    header.update(store);
    bar.update(review.unclaimed.left.length);
    list.update(list.drawnIds());
    form.updateSave();
    layout.update(store);
  });

  /** @param {import("./optimistic.js").Operation} operation @param {import("./types").OperationAnswer} answer */
  function answered(operation, answer) {
    const record = operation.record ?? answer.focus ?? operation.records?.[0] ?? null;
    history.add(operation, record, operation.op === "accept_many" ? operation.records.length : 1);
    const structural = ["add", "split", "merge", "duplicate"].includes(operation.op);
    const step = ["undo", "redo"].includes(operation.op) ? store.lastStep(operation.op === "undo" ? "redo" : "undo") : undefined;
    const unknown = ["undo", "redo"].includes(operation.op) && !step?.changes;
    const own = unknown ? step?.operation.record ?? step?.operation.records?.[0] : null;
    const target = own && store.entry(own) ? own : answer.focus;
    if (target && (structural || unknown) && store.entry(target)) review.focus(target, null, { keyboard: modeOf(document.activeElement) === "navigate" });
    if (structural) note(t(`ws.did.${operation.op}`, { count: answer.records.length }), { kind: "good" });
    if (operation.op === "accept_many") note(t("ws.did.accept_many", { count: operation.records.length }), { kind: "good" });
  }

  let conflictOpen = false;
  function showConflict() {
    const conflict = store.conflicts[0];
    if (!conflict || conflictOpen || modeOf(document.activeElement) === "edit") return;
    conflictOpen = true;
    const node = openConflict(conflict, { name: (id) => history.words(id), resolve: (mine) => store.resolve(conflict, mine) });
    node.addEventListener("close", () => {
      conflictOpen = false;
      review.keyboard();
    });
  }
  header.onConflict = showConflict;

  /** @param {any} answer */
  function imported(answer) {
    note(t("ws.import.done"), { kind: "good" });
    if (answer?.seq) void refresh();
  }

  async function deliver() {
    try {
      await api.send();
      note(t("ws.sent"), { kind: "good" });
    } catch (error) {
      note(error instanceof Error ? ownLanguage(error.message) : String(error), { kind: "bad", seconds: 8 });
    }
  }

  let loading = false;
  let again = false;
  /** What others did, or all while the draft still grows. @param {boolean} [whole] */
  async function refresh(whole = !store.complete) {
    if (loading) {
      again = true;
      return;
    }
    loading = true;
    try {
      const all = whole || !store.complete;
      store.merge(await api.records(all ? undefined : store.seq), all);
      if (!review.id && !review.unclaimed.current && store.order.length) review.focus(store.order[0], null, { keyboard: false });
    } catch {
      // The next news or the next connection asks again.
    } finally {
      loading = false;
      if (again) {
        again = false;
        setTimeout(() => void refresh(), 300);
      }
    }
  }

  document.addEventListener("keydown", (event) => {
    const action = actionFor(event, modeOf(event.target instanceof Element ? event.target : null));
    if (!action) return;
    event.preventDefault();
    actions.run(action);
  });
  for (const name of ["online", "focus"]) window.addEventListener(name, () => store.queue.start());
  window.addEventListener("hashchange", () => {
    const { record, at } = wanted(location.hash);
    if (record && store.entry(record)) review.focus(record);
    else if (at !== null) review.pane?.focus([{ start: at, end: at + 1 }], null);
  });
  list.node.addEventListener("scroll", () => places.later(), { passive: true });

  const paneReady = createPane(/** @type {HTMLElement} */ (document.getElementById("pane")), doc, api).then((pane) => {
    review.pane = pane;
    pane.onMark = ([id]) => {
      if (id.startsWith("u:")) {
        review.unclaimed.current = review.unclaimed.left.find((sentence) => `u:${sentence.evidence.start}` === id) ?? null;
        if (review.unclaimed.current) review.focus(null);
      } else review.focus(id);
    };
    pane.onFill = (range) => void actions.fill(range);
    document.getElementById("pane")?.addEventListener("mouseup", () => setTimeout(() => {
      // With a field in focus a drag fills it; a plain click still chooses a record.
      const range = review.field && !form.editor ? pane.selection() : null;
      if (range && range.end > range.start) void actions.fill(range);
    }, 0));
    return pane;
  });

  const [answer, place] = await Promise.all([api.records().catch(() => null), places.load()]);
  if (answer) {
    store.merge(answer, true);
    store.resume();
  }
  void api.history().then((events) => history.load(Array.isArray(events) ? events : events.events ?? [])).catch(() => undefined);
  const first = place?.record && store.entry(place.record) ? place.record : store.order.find((id) => store.entry(id)?.record.status === "draft") ?? store.order[0] ?? null;
  const link = wanted(location.hash);
  const linked = link.record !== null && store.entry(link.record) ? link.record : null;
  const known = !linked && place?.record === first;
  review.focus(linked ?? first, known ? place?.field ?? null : null, { evidence: false });
  if (place) {
    review.order = place.order === "document" ? "document" : "risk";
    layout.setOrder(review.order);
    const filter = { words: place.words ?? "", which: place.which ?? "all" };
    layout.setFilter(filter);
    if (filter.words || filter.which !== "all") review.setFilter(filter);
  }
  if (known && place) list.scrollTo(place.scroll);
  const pane = await paneReady;
  review.mark();
  review.evidence();
  if (link.at !== null) pane.focus([{ start: link.at, end: link.at + 1 }], null);
  else if (known && place?.pane) pane.restore(place.pane);
  places.start(() => ({ record: review.id, field: review.field, scroll: list.scrolled, pane: review.pane?.place() ?? null, ...review.filter, order: review.order }));
  document.documentElement.dataset.ready = "true";

  let drafts = 0;
  listen(doc.id, {
    progress: (progress) => header.progress(progress),
    drafts: () => {
      clearTimeout(drafts);
      drafts = window.setTimeout(() => void refresh(true), 200);
    },
    changed: (seq, who) => {
      if (seq <= store.seq || (who === actor && store.queue.waiting.length)) return;
      void refresh();
      if (who && who !== actor) announce(t("ws.changed_by", { who }));
    },
    settled: (state) => {
      header.progress({ state, stage: null, done: 0, total: 0, records: store.order.length });
      const finished = doc.state !== state || !store.complete;
      doc.state = state;
      if (finished) {
        void refresh(true);
        void review.pane?.refresh().then(() => review.mark());
      }
    },
    online: () => {
      store.queue.start();
      void refresh();
    },
  });
}

void start();
