"""One shape for every refusal: ``{"error": {"code", "message"}}`` below /api, a page elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.exceptions import HTTPException

PHRASES: dict[str, str] = {
    "bad_request": "请求内容无法解析 / The request can't be read",
    "login_required": "请先登录 / Please log in first",
    "forbidden": "当前角色无权进行此操作 / Your role does not allow this",
    "csrf": "页面已过期，请刷新后重试 / This page is out of date: reload it and try again",
    "host": "拒绝访问：主机名不在允许范围内 / Refused: unknown host name",
    "origin": "拒绝访问：请求来自其他网站 / Refused: the request comes from another site",
    "not_found": "未找到 / Not found",
    "method_not_allowed": "不支持该方法 / Method not allowed",
    "too_large": "上传内容超过大小限制 / The upload is larger than allowed",
    "unsupported_media_type": "不支持的内容类型 / Unsupported content type",
    "invalid": "参数有误 / Invalid request",
    "rate_limited": "尝试次数过多，请稍后再试 / Too many attempts: try again later",
    "internal": "服务器内部错误，操作未完成 / Internal error: nothing was changed",
}

BY_STATUS = {
    400: "bad_request",
    401: "login_required",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    429: "rate_limited",
    500: "internal",
}


class WebError(HTTPException):
    """A refusal with a stable ``code``; without ``message`` the phrase of the code is said.

    ``extra`` is merged into the JSON answer beside ``error`` (a conflict's differences).
    """

    def __init__(
        self,
        status: int,
        code: str | None = None,
        message: str | None = None,
        *,
        headers: dict[str, str] | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        self.code = code or BY_STATUS[status]
        self.message = message or PHRASES[self.code]
        self.extra = extra or {}
        super().__init__(status, detail=self.message, headers=headers)


def body(code: str, message: str, details: Sequence[dict[str, Any]] = (), **extra: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """The JSON of a refusal; ``details`` names the wrong parameters of a 422."""
    error: dict[str, Any] = {"code": code, "message": message}
    if details:
        error["details"] = list(details)
    return {"error": error, **extra}


def in_language(message: str, language: str) -> str:
    """The half of a two-language message ``中文 / English``.

    A file name quoted in both halves may hold the parting mark itself, so the middle one parts them.
    """
    parts = message.split(" / ")
    if len(parts) % 2:
        return message
    half = len(parts) // 2
    return " / ".join(parts[:half] if language == "zh" else parts[half:])
