"""What axe finds on a page: rules of WCAG 2.1 A and AA and its best practices, serious and critical alone."""

from __future__ import annotations

from functools import cache
from typing import Any

from playwright.sync_api import Page

from tests.house.left_out import need_node_tools


@cache
def _source() -> str:
    return (need_node_tools() / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def problems(page: Page) -> list[str]:
    """One line for each rule broken, with the first element that breaks it.

    The script runs outside the page's Content-Security-Policy, as an extension's would."""
    page.evaluate(_source())
    answer: dict[str, Any] = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{found['impact']} {found['id']} ×{len(found['nodes'])}: {found['nodes'][0]['html'][:160]} | {found['nodes'][0]['failureSummary'][:200]}"
        for found in answer["violations"]
        if found["impact"] in ("serious", "critical")
    ]
