// @ts-check
/** The server's news of the document: progress, drafts arriving, changes by others. */

/**
 * @param {string} id
 * @param {{
 *   progress: (progress: {state: string, stage: string | null, done: number, total: number, records: number}) => void,
 *   drafts: () => void, changed: (seq: number, actor: string) => void, settled: (state: "ready" | "failed") => void, online: () => void,
 * }} hooks
 * @returns {() => void} stops listening
 */
export function listen(id, hooks) {
  /** @type {EventSource | null} */
  let source = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let wait = 1000;
  let stopped = false;

  const open = () => {
    if (stopped) return;
    source?.close();
    const stream = new EventSource(`/api/documents/${encodeURIComponent(id)}/stream`);
    source = stream;
    stream.addEventListener("open", () => {
      wait = 1000;
      hooks.online();
    });
    stream.addEventListener("error", () => {
      // The browser gives up for good on an error status; a server that restarts must be found again.
      if (stream.readyState !== EventSource.CLOSED) return;
      clearTimeout(timer);
      timer = setTimeout(open, wait);
      wait = Math.min(wait * 2, 15000);
    });
    on(stream, "progress", hooks.progress);
    on(stream, "drafts", () => hooks.drafts());
    on(stream, "changed", (data) => hooks.changed(Number(data?.seq ?? 0), String(data?.actor ?? "")));
    on(stream, "ready", () => hooks.settled("ready"));
    on(stream, "failed", () => hooks.settled("failed"));
  };
  window.addEventListener("online", open);
  open();
  return () => {
    stopped = true;
    clearTimeout(timer);
    window.removeEventListener("online", open);
    source?.close();
  };
}

/** @param {EventSource} source @param {string} name @param {(data: any) => void} handle */
function on(source, name, handle) {
  source.addEventListener(name, (event) => {
    let data = null;
    try {
      data = JSON.parse(/** @type {MessageEvent} */ (event).data);
    } catch {
      // An event without data is an event all the same.
    }
    handle(data);
  });
}
