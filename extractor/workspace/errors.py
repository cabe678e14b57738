"""What the workspace refuses, in one line for the user; ``code`` is stable and machine-readable."""

from __future__ import annotations

from extractor.errors import ExtractorError


class WorkspaceError(ExtractorError):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code

    def __reduce__(self) -> tuple[type[WorkspaceError], tuple[str, str]]:
        return type(self), (self.code, str(self))


class NotFound(WorkspaceError):
    """No such document, page, dossier, user or token."""


class NotReady(WorkspaceError):
    """What is asked for comes out of the extraction, which has not got there (``not_ready``) or failed (``failed``)."""


class UploadRefused(WorkspaceError):
    """``empty``, ``too_large``, ``bad_name`` or ``bad_text``."""


class SettingRefused(WorkspaceError):
    """``unknown_setting`` or ``bad_value``."""


class DecisionRefused(WorkspaceError):
    """Of what the archive measures: ``same``, ``not_members``, ``all`` or ``bad_name``."""


class PersonRefused(WorkspaceError):
    """``bad_name``, ``bad_password``, ``bad_role``, ``exists`` or ``last_admin``."""


class LoginRefused(WorkspaceError):
    """``wrong`` (name or password, never which), ``disabled`` is told as ``wrong`` too."""


class TooManyTries(WorkspaceError):
    """Log-ins of this name or from this address failed too often; ``seconds`` until the next try."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            "rate_limited", f"尝试次数过多，请{seconds}秒后再试 / too many attempts: try again in {seconds} seconds"
        )
        self.seconds = seconds

    def __reduce__(self) -> tuple[type[TooManyTries], tuple[int]]:  # type: ignore[override]
        return type(self), (self.seconds,)


def no_document() -> NotFound:
    """The error for an id that no document has."""
    return NotFound("not_found", "没有这份文件，可能已被删除 / no such document: it may have been deleted")
