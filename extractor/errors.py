"""The errors a user may meet. Each message says what to do, in Chinese and English, on one line."""

from __future__ import annotations


class ExtractorError(Exception):
    """Root of all errors that this package raises on purpose."""


class ReadError(ExtractorError):
    """A document can't be read: missing, damaged, locked, too large or of an unknown format.

    ``code`` is stable and machine-readable (``not_found``, ``is_folder``, ``empty``, ``binary``,
    ``damaged``, ``encrypted``, ``scanned``, ``too_large``, ``unsupported``, ``unsafe``).
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code

    def __reduce__(self) -> tuple[type[ReadError], tuple[str, str]]:
        return type(self), (self.code, str(self))


class ConfigError(ExtractorError):
    """A setting is unknown or out of range."""


class ArtifactError(ExtractorError):
    """A trained component is missing, changed since it was made, or of another version."""


class OutputError(ExtractorError):
    """The result can't be written where it was asked for."""


class StoreError(ExtractorError):
    """The database or the files beside it can't do what was asked.

    ``code`` is stable and machine-readable (``newer``, ``busy``, ``unavailable``, ``not_found``, ``immutable``,
    ``exists``, ``invalid``, ``damaged``, ``not_empty``).
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code

    def __reduce__(self) -> tuple[type[StoreError], tuple[str, str]]:
        return type(self), (self.code, str(self))
