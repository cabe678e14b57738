"""The API's answers and bodies about people, settings and the audit."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, JsonValue

from extractor.store.accounts import Role
from extractor.web.models import Body


class MeAnswer(BaseModel):
    """``local``: no accounts, no log-in; ``can``: what the role may do."""

    name: str
    display: str
    role: Role
    local: bool
    can: dict[str, bool]


class PasswordBody(Body):
    old: Annotated[str, Field(min_length=1, max_length=1024)]
    new: Annotated[str, Field(min_length=1, max_length=1024)]


class TokenBody(Body):
    name: Annotated[str, Field(min_length=1, max_length=80)]


class TokenAnswer(BaseModel):
    id: int
    name: str
    user: str
    created_at: str
    last_used: str | None
    revoked_at: str | None


class TokenList(BaseModel):
    tokens: list[TokenAnswer]


class TokenMade(TokenAnswer):
    """``token``: the secret, told this once only."""

    token: str


class UserAnswer(BaseModel):
    name: str
    display: str
    role: Role
    active: bool
    created_at: str


class UserList(BaseModel):
    users: list[UserAnswer]


class UserBody(Body):
    name: Annotated[str, Field(min_length=1, max_length=64)]
    display: Annotated[str, Field(max_length=64)] = ""
    role: Role
    password: Annotated[str, Field(min_length=1, max_length=1024)]


class UserChange(Body):
    """None leaves as it is."""

    display: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    role: Role | None = None
    active: bool | None = None


class NewPassword(Body):
    password: Annotated[str, Field(min_length=1, max_length=1024)]


class AuditLine(BaseModel):
    """``seq`` and ``document_id`` where it is an event of a document's log."""

    at: str
    actor: str
    action: str
    subject: str
    document_id: str | None
    seq: int | None
    detail: dict[str, JsonValue]


class AuditAnswer(BaseModel):
    total: int
    entries: list[AuditLine]
