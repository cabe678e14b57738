"""Web pages and HTML fragments."""

from __future__ import annotations
