"""Two documents of the workspace compared as their records stand now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractor.archive.compare import compare
from extractor.archive.matching import load
from extractor.types.comparison import Comparison

if TYPE_CHECKING:
    from extractor.workspace.service import Workspace


def compared(workspace: Workspace, old: str, new: str) -> Comparison:
    """Raises ``NotFound`` and ``NotReady`` as ``Workspace.contract``."""
    return compare(workspace.contract(old), workspace.contract(new), load().probability)


def rendered(comparison: Comparison, format: str) -> tuple[bytes, str]:
    """Bytes and media type of ``json``, ``xlsx`` or ``html``."""
    if format == "xlsx":
        from extractor.export import comparison_xlsx

        return comparison_xlsx.render(comparison), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    if format == "html":
        from extractor.archive import compare_html

        return compare_html.render(comparison), "text/html; charset=utf-8"
    from extractor.export import comparison_json

    return comparison_json.render(comparison), "application/json"
