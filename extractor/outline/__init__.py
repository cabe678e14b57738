"""Document → Outline: official elements and, for each paragraph and table, the headings above it."""

from __future__ import annotations

from extractor.outline.build import build_outline

__all__ = ["build_outline"]
