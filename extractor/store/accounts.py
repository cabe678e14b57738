"""Who may come in: users, their sessions and API tokens, failed log-ins. Secrets stand here only as hashes."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import Connection, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from extractor.errors import StoreError
from extractor.store.schema import login_failures, sessions, tokens, users
from extractor.store.values import bounded, clean, now

Role = Literal["uploader", "reviewer", "approver", "admin"]


@dataclass(frozen=True, slots=True)
class User:
    """``name`` is what ``user_name`` makes of it; ``display`` is what people read."""

    name: str
    display: str
    role: Role
    active: bool
    created_at: str
    password_hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Session:
    token_hash: str = field(repr=False)
    user: User
    created_at: str
    expires_at: str
    last_seen: str


@dataclass(frozen=True, slots=True)
class ApiToken:
    """``user``: the name of the user in whose name it acts; revoked where ``revoked_at`` is not None."""

    id: int
    user: str
    name: str
    created_at: str
    last_used: str | None
    revoked_at: str | None


_USER = (users.c.name, users.c.display, users.c.role, users.c.active, users.c.created_at, users.c.password_hash)
_TOKEN = (tokens.c.id, tokens.c.user, tokens.c.name, tokens.c.created_at, tokens.c.last_used, tokens.c.revoked_at)


def user_name(name: str) -> str:
    """The name as it is kept and looked up: full and half width, capitals and small letters are one."""
    return unicodedata.normalize("NFKC", clean(name)).strip().casefold()


def add_user(connection: Connection, *, name: str, display: str, role: Role, password_hash: str) -> User:
    """The new, active user. Raises StoreError ``exists`` where the name is taken, ``invalid`` where it is empty."""
    key = user_name(name)
    if not key:
        raise StoreError("invalid", "用户名不能为空 / The user name must not be empty")
    row = {"name": key, "display": display, "role": role, "active": 1, "created_at": now()}
    try:
        with connection.begin_nested():
            connection.execute(insert(users).values(**row, password_hash=password_hash))
    except IntegrityError as error:
        raise StoreError("exists", f"用户名已被使用：{key} / The user name is taken: {key}") from error
    return _required(connection, key)


def get_user(connection: Connection, name: str) -> User | None:
    """The user, active or not, or None."""
    found = connection.execute(select(*_USER).where(users.c.name == user_name(name))).one_or_none()
    return None if found is None else _user(tuple(found))


def all_users(connection: Connection) -> list[User]:
    """All users by name."""
    return [_user(tuple(row)) for row in connection.execute(select(*_USER).order_by(users.c.name))]


def update_user(
    connection: Connection,
    name: str,
    *,
    display: str | None = None,
    role: Role | None = None,
    active: bool | None = None,
    password_hash: str | None = None,
) -> User:
    """Sets what is not None. A new password, or ``active`` false, ends the user's sessions.

    Raises StoreError ``not_found``.
    """
    key = _required(connection, name).name
    given = {"display": display, "role": role, "active": active, "password_hash": password_hash}
    values = {
        name: int(value) if isinstance(value, bool) else value for name, value in given.items() if value is not None
    }
    if values:
        connection.execute(update(users).where(users.c.name == key).values(values))
    if password_hash is not None or active is False:
        end_sessions(connection, key)
    return _required(connection, key)


def active_admins(connection: Connection) -> int:
    """How many active administrators there are, these rows being held until the transaction ends.

    Two administrators who demote each other at once therefore can't leave none.
    """
    chosen = select(users.c.name).where(users.c.role == "admin", users.c.active == 1).with_for_update()
    return len(connection.scalars(chosen).all())


def add_session(connection: Connection, *, token_hash: str, user: str, seconds: float) -> Session:
    """A session that ends by itself after so many seconds."""
    at = now()
    row = {"token_hash": token_hash, "user": _required(connection, user).name, "created_at": at}
    connection.execute(insert(sessions).values(**row, expires_at=now(seconds), last_seen=at))
    made = get_session(connection, token_hash)
    if made is None:
        raise StoreError("invalid", "账号已停用 / The account is switched off")
    return made


def get_session(connection: Connection, token_hash: str) -> Session | None:
    """The session, while it runs and its user is active; else None."""
    running = (sessions.c.token_hash == token_hash, sessions.c.expires_at > now(), users.c.active == 1)
    chosen = select(sessions.c.created_at, sessions.c.expires_at, sessions.c.last_seen, *_USER)
    found = connection.execute(chosen.join(users, users.c.name == sessions.c.user).where(*running)).one_or_none()
    if found is None:
        return None
    created_at, expires_at, last_seen, *user = found
    return Session(token_hash, _user(tuple(user)), created_at, expires_at, last_seen)


def touch_session(connection: Connection, token_hash: str, seconds: float) -> None:
    """Notes that the session is in use and lets it run for so many seconds from now."""
    seen = update(sessions).where(sessions.c.token_hash == token_hash)
    connection.execute(seen.values(last_seen=now(), expires_at=now(seconds)))


def end_session(connection: Connection, token_hash: str) -> None:
    """Ends one session; nothing happens where there is none."""
    connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))


def end_sessions(connection: Connection, user: str) -> None:
    """Ends all sessions of one user."""
    connection.execute(delete(sessions).where(sessions.c.user == user_name(user)))


def add_token(connection: Connection, *, user: str, name: str, token_hash: str) -> ApiToken:
    """Raises StoreError ``not_found`` without the user."""
    row = {"user": _required(connection, user).name, "name": name, "token_hash": token_hash}
    made = connection.execute(insert(tokens).values(**row, created_at=now()).returning(*_TOKEN)).one()
    return _token(tuple(made))


def get_token(connection: Connection, token_hash: str) -> tuple[ApiToken, User] | None:
    """The token and its user, while it is not revoked and the user is active; else None."""
    valid = (tokens.c.token_hash == token_hash, tokens.c.revoked_at.is_(None), users.c.active == 1)
    chosen = select(*_TOKEN, *_USER).join(users, users.c.name == tokens.c.user).where(*valid)
    found = connection.execute(chosen).one_or_none()
    if found is None:
        return None
    return _token(tuple(found)[: len(_TOKEN)]), _user(tuple(found)[len(_TOKEN) :])


def use_token(connection: Connection, token_id: int) -> None:
    """Notes that the token was used now."""
    connection.execute(update(tokens).where(tokens.c.id == bounded(token_id)).values(last_used=now()))


def all_tokens(connection: Connection, user: str | None = None) -> list[ApiToken]:
    """Tokens of one user or of all, revoked ones too, newest first."""
    chosen = select(*_TOKEN).order_by(tokens.c.id.desc())
    if user is not None:
        chosen = chosen.where(tokens.c.user == user_name(user))
    return [_token(tuple(row)) for row in connection.execute(chosen)]


def revoke_token(connection: Connection, token_id: int, user: str | None = None) -> bool:
    """Revokes the token, if it is the user's where one is given; False where there is none that still works."""
    chosen = update(tokens).where(tokens.c.id == bounded(token_id), tokens.c.revoked_at.is_(None))
    if user is not None:
        chosen = chosen.where(tokens.c.user == user_name(user))
    return connection.execute(chosen.values(revoked_at=now())).rowcount == 1


def revoke_tokens(connection: Connection, user: str) -> None:
    """Revokes all tokens of one user."""
    working = update(tokens).where(tokens.c.user == user_name(user), tokens.c.revoked_at.is_(None))
    connection.execute(working.values(revoked_at=now()))


def add_failure(connection: Connection, key: str) -> None:
    """Notes a failed log-in; ``key`` names what is limited, such as an address or a user name."""
    connection.execute(insert(login_failures).values(key=key, at=now()))


def failures(connection: Connection, key: str, seconds: float) -> int:
    """How many log-ins failed under the key within the last so many seconds."""
    recent = (login_failures.c.key == key, login_failures.c.at > now(-seconds))
    return connection.scalar(select(func.count()).select_from(login_failures).where(*recent)) or 0


def clear_failures(connection: Connection, key: str) -> None:
    """Forgets the failed log-ins of a key."""
    connection.execute(delete(login_failures).where(login_failures.c.key == key))


def purge(connection: Connection, seconds: float = 86400.0) -> None:
    """Takes away the sessions that have ended, and failed log-ins older than so many seconds."""
    ended = or_(sessions.c.expires_at <= now(), sessions.c.user.in_(select(users.c.name).where(users.c.active == 0)))
    connection.execute(delete(sessions).where(ended))
    connection.execute(delete(login_failures).where(login_failures.c.at <= now(-seconds)))


def _required(connection: Connection, name: str) -> User:
    found = get_user(connection, name)
    if found is None:
        raise StoreError("not_found", f"没有这个用户：{clean(name)} / No such user: {clean(name)}")
    return found


def _user(row: tuple[object, ...]) -> User:
    name, display, role, active, created_at, password_hash = row
    return User(str(name), str(display), role, bool(active), str(created_at), str(password_hash))  # type: ignore[arg-type]


def _token(row: tuple[object, ...]) -> ApiToken:
    return ApiToken(*row)  # type: ignore[arg-type]
