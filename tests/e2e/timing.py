"""Times as the reviewer has them, taken inside the page: from a key or click to the frame that shows its effect."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Page

# Each key press and click: milliseconds from the moment the browser had it to after the next frame was painted.
WATCH_KEYS = """
() => {
  window.paints = [];
  for (const kind of ["keydown", "click"]) {
    window.addEventListener(kind, (event) => {
      const began = event.timeStamp;
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => window.paints.push(performance.now() - began);
        port2.postMessage(0);
      });
    }, true);
  }
}
"""

# From the next key press or click to a highlight in view, and to its page's sharp image (null where there are no pages).
WATCH_JUMP = """
() => {
  const pane = document.querySelector("#pane");
  const frame = pane.getBoundingClientRect();
  const inView = (rect) => rect.height > 0 && rect.bottom > frame.top && rect.top < frame.bottom;
  const before = new Set(pane.querySelectorAll(".ws-layer-focus"));
  window.jump = new Promise((resolve) => {
    const begin = (event) => {
      const began = event.timeStamp;
      let lit = null;
      const look = () => {
        const marks = Array.from(pane.querySelectorAll(".ws-layer-focus .ws-mark")).filter((mark) => !before.has(mark.parentElement) && inView(mark.getBoundingClientRect()));
        if (marks.length && lit === null) lit = performance.now() - began;
        const page = marks.length ? marks[0].closest("[data-page]") : null;
        const image = page ? page.querySelector("img") : null;
        if (lit !== null && page && page.dataset.sharp && image && image.complete) return resolve({ lit, sharp: performance.now() - began });
        if (performance.now() - began > 5000) return resolve({ lit, sharp: null });
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    };
    window.addEventListener("keydown", begin, { once: true, capture: true });
    window.addEventListener("click", begin, { once: true, capture: true });
  });
}
"""


def watch_keys(page: Page) -> None:
    page.evaluate(WATCH_KEYS)


def paints(page: Page) -> list[float]:
    """Milliseconds of each input since ``watch_keys``."""
    made: list[float] = page.evaluate("() => window.paints")
    return made


def watch_jump(page: Page) -> None:
    page.evaluate(WATCH_JUMP)


def jump(page: Page) -> dict[str, float | None]:
    """``lit`` and ``sharp`` in milliseconds since the input that followed ``watch_jump``."""
    made: dict[str, Any] = page.evaluate("() => window.jump")
    return made


def percentile(values: Sequence[float], share: float) -> float:
    """The least value that ``share`` of the values do not exceed (0.95: p95)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]
