"""The asking person, accounts, tokens, settings, the audit: JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Path, Query, Response
from pydantic import JsonValue

from extractor.store.accounts import ApiToken, User
from extractor.web import answers
from extractor.web.errors import WebError
from extractor.web.people_models import (
    AuditAnswer,
    MeAnswer,
    NewPassword,
    PasswordBody,
    TokenBody,
    TokenList,
    TokenMade,
    UserAnswer,
    UserBody,
    UserChange,
    UserList,
)
from extractor.web.routes import Asking, InWorkspace, api_router
from extractor.workspace.settings import Settings

router = api_router("people")
limited_router = api_router("people", 429)
one_router = api_router("people", 404, 409)
Name = Annotated[str, Path(max_length=64)]


def _user(user: User) -> dict[str, Any]:
    """Without what nobody needs to see."""
    return {name: getattr(user, name) for name in UserAnswer.model_fields}


def _own_account(person: Asking) -> str:
    """The account's name. In local mode there is none to change."""
    if person.way == "local":
        raise WebError(409, "no_account", "本机模式没有账号 / there are no accounts in local mode")
    return person.name


@router.get("/api/me", response_model=MeAnswer)
def me(person: Asking) -> dict[str, Any]:
    """Who asks, and what that person's role allows."""
    return {
        "name": person.name, "display": person.display, "role": person.role, "local": person.way == "local",
        "can": answers.can(person),
    }  # fmt: skip


@limited_router.post("/api/me/password", status_code=204, response_class=Response, responses=answers.NO_ACCOUNT)
def own_password(workspace: InWorkspace, person: Asking, body: PasswordBody) -> None:
    """Ends all sessions of the account, this one too."""
    workspace.people.change_own_password(_own_account(person), body.old, body.new)


@router.get("/api/tokens", response_model=TokenList)
def tokens(workspace: InWorkspace, person: Asking) -> dict[str, Any]:
    """The asking person's own tokens that are not revoked."""
    own = workspace.people.tokens(person.name)
    return {"tokens": [asdict(token) for token in own if token.revoked_at is None]}


@router.post("/api/tokens", status_code=201, response_model=TokenMade, responses=answers.NO_ACCOUNT)
def make_token(workspace: InWorkspace, person: Asking, body: TokenBody) -> dict[str, Any]:
    """A token for scripts, with the role of its owner. Its secret is in this answer only."""
    secret, token = workspace.people.make_token(_own_account(person), body.name)
    return _token(token) | {"token": secret}


def _token(token: ApiToken) -> dict[str, Any]:
    return asdict(token)


@one_router.delete("/api/tokens/{token_id}", status_code=204, response_class=Response)
def revoke_token(workspace: InWorkspace, person: Asking, token_id: Annotated[int, Path(ge=1, le=2**31 - 1)]) -> None:
    """One's own; an administrator anybody's."""
    workspace.people.revoke_token(token_id, person.name, user=None if person.may("admin") else person.name)


@router.get("/api/users", response_model=UserList)
def users(workspace: InWorkspace) -> dict[str, Any]:
    """All accounts, also those that may not log in."""
    return {"users": [_user(user) for user in workspace.people.users()]}


@one_router.post("/api/users", status_code=201, response_model=UserAnswer)
def add_user(workspace: InWorkspace, person: Asking, body: UserBody) -> dict[str, Any]:
    """The first account must be an administrator's; from then on everybody logs in."""
    return _user(workspace.people.add(body.name, body.password, body.role, person.name, body.display))


@one_router.put("/api/users/{name}", response_model=UserAnswer)
def change_user(workspace: InWorkspace, person: Asking, name: Name, body: UserChange) -> dict[str, Any]:
    """What is left out stays; one active administrator must remain."""
    user = workspace.people.change(name, person.name, display=body.display, role=body.role, active=body.active)
    return _user(user)


@one_router.post("/api/users/{name}/password", status_code=204, response_class=Response)
def reset_password(workspace: InWorkspace, person: Asking, name: Name, body: NewPassword) -> None:
    """By the administrator, without the old one. Ends the user's sessions and revokes the tokens."""
    workspace.people.set_password(name, body.password, person.name)


@router.get("/api/settings", response_model=dict[str, JsonValue])
def settings(workspace: InWorkspace) -> dict[str, JsonValue]:
    """Of a secret only whether there is one."""
    return workspace.settings().shown()


@router.put("/api/settings", response_model=dict[str, JsonValue])
def change_settings(workspace: InWorkspace, person: Asking, body: Settings) -> dict[str, JsonValue]:
    """Sets those named and leaves the others."""
    return workspace.put_settings(body.model_dump(exclude_unset=True), person.name).shown()


@router.get("/api/audit", response_model=AuditAnswer)
def audit(
    workspace: InWorkspace,
    document: Annotated[str | None, Query(max_length=64)] = None,
    actor: Annotated[str | None, Query(max_length=64)] = None,
    action: Annotated[str | None, Query(max_length=40)] = None,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> dict[str, Any]:
    """Everything that was done, newest first: log-ins, settings, deletions, and every event of every document."""
    rows, total = workspace.audit(document_id=document, actor=actor, action=action, offset=offset, limit=limit)
    return {"total": total, "entries": [asdict(row) for row in rows]}


routers = (router, limited_router, one_router)
