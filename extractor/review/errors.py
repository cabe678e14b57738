"""Why an operation was not done. Neither error leaves anything changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from extractor.errors import ExtractorError


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that somebody else has set meanwhile. ``yours`` is what the request wanted there; ``actor`` and
    ``at`` tell who set ``current`` (None: the machine).
    """

    record: str
    field: str
    yours: JsonValue
    current: JsonValue
    actor: str | None = None
    at: str | None = None


class ReviewError(ExtractorError):
    """Root of the two below."""


class Conflict(ReviewError):
    """What the client saw is no longer what stands there."""

    def __init__(self, differences: Sequence[Difference]) -> None:
        super().__init__(
            "别人已改过这里，请看两个值再决定 / somebody else has changed this meanwhile: compare both values"
        )
        self.differences = tuple(differences)

    def __reduce__(self) -> tuple[type[Conflict], tuple[tuple[Difference, ...]]]:
        return type(self), (self.differences,)


class Refused(ReviewError):
    """The operation makes no sense here. ``code`` is stable and machine-readable (``unknown_record``,
    ``unknown_field``, ``bad_value``, ``not_understood``, ``unchanged``, ``approved``, ``blocking`` …).
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code

    def __reduce__(self) -> tuple[type[Refused], tuple[str, str]]:
        return type(self), (self.code, str(self))
