"""Problems as data: what could not be read or does not add up, and where."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Severity = Literal["info", "warning", "error"]


class Issue(BaseModel):
    """``start`` and ``end`` are offsets in ``Document.text``; ``page`` counts from 1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    severity: Severity
    message: str
    start: int | None = None
    end: int | None = None
    page: int | None = None
