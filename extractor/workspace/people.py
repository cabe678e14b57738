"""Accounts: passwords (argon2id), roles, sessions, API tokens, and how often a log-in may fail."""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
from typing import Literal, NoReturn, get_args

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection

from extractor.errors import StoreError
from extractor.store import accounts, events
from extractor.store.accounts import ApiToken, Role, User
from extractor.store.database import Database
from extractor.workspace.errors import LoginRefused, NotFound, PersonRefused, TooManyTries

ROLES: tuple[Role, ...] = get_args(Role)
SESSION_SECONDS = 12 * 3600.0  # without a request
LEAST_PASSWORD = 8
_MOST_PASSWORD = 1024  # characters: more would only make the hashing dear
_WINDOW = 900.0  # seconds in which failures count
_MOST_HERE = 5  # of one name from one address
_MOST = 50  # of one name from anywhere, and from one address for any name
_HASHINGS = 2  # at a time
_TOUCH_AFTER = 60.0  # seconds between two notes that a session is in use
_NAME = re.compile(r"[^\s/\\<>\"'&]{1,64}")
_HASHER = PasswordHasher()  # argon2id with the library's current defaults

Way = Literal["session", "token"]


class People:
    """All methods may be called from any thread; hashing takes some 50 ms of one core on purpose."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # A hash takes 64 MB: a crowd of log-ins must not take them all at once, nor slip past the limits together.
        self._hashing = threading.BoundedSemaphore(_HASHINGS)
        self._nobody = _HASHER.hash(secrets.token_urlsafe())  # so that an unknown name takes as long as a known one

    def any(self) -> bool:
        """Whether there are accounts; while there are none, the workspace is in local mode."""
        with self._database.read() as connection:
            return bool(accounts.all_users(connection))

    def users(self) -> list[User]:
        with self._database.read() as connection:
            return accounts.all_users(connection)

    def add(
        self, name: str, password: str, role: str, actor: str, display: str | None = None, *, by_hand: bool = False
    ) -> User:
        """Raises ``PersonRefused``. The first account must be an administrator's, since nobody else could make more;
        not so ``by_hand``, on the command line, which can always make more.
        """
        name = name.strip()
        if not _NAME.fullmatch(name):
            raise PersonRefused(
                "bad_name",
                "用户名为1至64个字，不含空格和 / \\ < > 引号 / a name has 1 to 64 characters, no blanks or slashes".replace(
                    " / \\ < >", "斜杠尖括号"
                ),
            )
        hashed = self._hash(password)
        with self._database.write() as connection:
            if not by_hand and role != "admin" and not accounts.all_users(connection):
                raise PersonRefused(
                    "bad_role", "第一个账号必须是管理员（admin） / the first account must be an administrator's (admin)"
                )
            try:
                user = accounts.add_user(
                    connection,
                    name=name,
                    display=(display or "").strip() or name,
                    role=_role(role),
                    password_hash=hashed,
                )
            except StoreError as error:
                raise PersonRefused(error.code, str(error)) from error
            events.audit(connection, actor, "user_added", user.name, {"role": user.role})
        return user

    def change(
        self,
        name: str,
        actor: str,
        *,
        display: str | None = None,
        role: str | None = None,
        active: bool | None = None,
    ) -> User:
        """Raises ``NotFound``, and ``PersonRefused`` (``last_admin``) where no administrator would be left."""
        with self._database.write() as connection:
            before = _existing(connection, name)
            loses = before.role == "admin" and before.active and (role not in (None, "admin") or active is False)
            if loses and accounts.active_admins(connection) < 2:
                raise PersonRefused("last_admin", "至少要保留一个启用的管理员 / one active administrator must remain")
            after = accounts.update_user(
                connection, name, display=display, role=_role(role) if role is not None else None, active=active
            )
            detail = {"role": after.role, "active": after.active, "display": after.display}
            events.audit(connection, actor, "user_changed", after.name, detail)
        return after

    def set_password(self, name: str, password: str, actor: str) -> None:
        """A reset: ends the user's sessions and revokes the tokens, which whoever had the old password may have made.

        Raises ``NotFound``, ``PersonRefused`` (``bad_password``).
        """
        self._set_password(name, password, actor, keep_tokens=False)

    def _set_password(self, name: str, password: str, actor: str, *, keep_tokens: bool) -> None:
        hashed = self._hash(password)
        with self._database.write() as connection:
            user = _existing(connection, name)
            accounts.update_user(connection, user.name, password_hash=hashed)
            if not keep_tokens:
                accounts.revoke_tokens(connection, user.name)
            events.audit(connection, actor, "password", user.name)

    def change_own_password(self, name: str, old: str, new: str) -> None:
        """Ends the sessions; the tokens, which their owner sees beside it, stay.

        Raises ``LoginRefused`` where ``old`` is not the password, and as ``set_password`` and ``log_in``.
        """
        self._verified(name, old, "own password")
        self._set_password(name, new, name, keep_tokens=True)

    # --- coming in --------------------------------------------------------------------------------------

    def log_in(self, name: str, password: str, address: str) -> tuple[str, User]:
        """The new session's secret token. Raises ``LoginRefused`` and ``TooManyTries``.

        ``address``: where the request comes from; failures are counted by name and by address.
        """
        user = self._verified(name, password, address)
        token = secrets.token_urlsafe(32)
        with self._database.write() as connection:
            accounts.purge(connection)
            accounts.add_session(connection, token_hash=_digest(token), user=user.name, seconds=SESSION_SECONDS)
            events.audit(connection, user.name, "login", user.name, {"address": address})
        return token, user

    def log_out(self, token: str) -> None:
        with self._database.write() as connection:
            session = accounts.get_session(connection, _digest(token))
            if session is not None:
                accounts.end_session(connection, session.token_hash)
                events.audit(connection, session.user.name, "logout", session.user.name)

    def by_session(self, token: str) -> User | None:
        """The active user whose running session this is; using it prolongs it."""
        with self._database.read() as connection:
            session = accounts.get_session(connection, _digest(token))
        if session is None:
            return None
        if _age(session.last_seen) > _TOUCH_AFTER:
            with self._database.write() as connection:
                accounts.touch_session(connection, session.token_hash, SESSION_SECONDS)
        return session.user

    def _verified(self, name: str, password: str, address: str) -> User:
        key = accounts.user_name(name)[:64]
        both = f"both:{key}@{address}"
        limits = ((both, _MOST_HERE), (f"name:{key}", _MOST), (f"address:{address}", _MOST))
        with self._database.read() as connection:
            if any(accounts.failures(connection, limited, _WINDOW) >= most for limited, most in limits):
                raise TooManyTries(int(_WINDOW))
        # Counted, and counted again, before the hashing: tries at once must not slip through together.
        with self._database.write() as connection:
            accounts.add_failure(connection, both)
        with self._database.read() as connection:
            if accounts.failures(connection, both, _WINDOW) > _MOST_HERE:
                raise TooManyTries(int(_WINDOW))
            user = accounts.get_user(connection, name)
        with self._hashing:
            with self._database.read() as connection:  # others failed while this one waited for its turn
                if any(accounts.failures(connection, limited, _WINDOW) >= _MOST for limited, _ in limits[1:]):
                    raise TooManyTries(int(_WINDOW))
            good = self._matches(user.password_hash if user is not None else self._nobody, password)
            if user is None or not user.active or not good:
                self._failed(key, user, address)
        with self._database.write() as connection:
            accounts.clear_failures(connection, both)
            if _HASHER.check_needs_rehash(user.password_hash):
                accounts.update_user(connection, user.name, password_hash=_HASHER.hash(_bytes(password)))
        return user

    def _failed(self, key: str, user: User | None, address: str) -> NoReturn:
        with self._database.write() as connection:
            accounts.add_failure(connection, f"name:{key}")
            accounts.add_failure(connection, f"address:{address}")
            # A name that nobody has may be a password typed into the wrong field: it is not written down.
            known = user.name if user is not None else "?"
            events.audit(connection, known, "login_failed", known, {"address": address})
        raise LoginRefused("wrong", "用户名或密码不对 / wrong name or password")

    # --- tokens of scripts ------------------------------------------------------------------------------

    def make_token(self, user: str, name: str) -> tuple[str, ApiToken]:
        """The secret, which is shown this once only."""
        label = name.strip()[:80]
        if not label:
            raise PersonRefused("bad_name", "请给令牌起个名字 / give the token a name")
        token = f"pie_{secrets.token_urlsafe(32)}"
        with self._database.write() as connection:
            made = accounts.add_token(connection, user=user, name=label, token_hash=_digest(token))
            events.audit(connection, user, "token_made", user, {"token": made.id, "name": label})
        return token, made

    def tokens(self, user: str | None = None) -> list[ApiToken]:
        with self._database.read() as connection:
            return accounts.all_tokens(connection, user)

    def revoke_token(self, token_id: int, actor: str, *, user: str | None) -> None:
        """``user``: whose it must be, None for anybody's. Raises ``NotFound``."""
        with self._database.write() as connection:
            if not accounts.revoke_token(connection, token_id, user):
                raise NotFound("not_found", "没有这个令牌 / no such token")
            events.audit(connection, actor, "token_revoked", actor, {"token": token_id})

    def by_token(self, token: str) -> User | None:
        with self._database.read() as connection:
            found = accounts.get_token(connection, _digest(token))
        if found is None:
            return None
        made, user = found
        if made.last_used is None or _age(made.last_used) > _TOUCH_AFTER:
            with self._database.write() as connection:
                accounts.use_token(connection, made.id)
        return user

    @staticmethod
    def _hash(password: str) -> str:
        if not LEAST_PASSWORD <= len(password) <= _MOST_PASSWORD:
            raise PersonRefused(
                "bad_password",
                f"密码至少{LEAST_PASSWORD}个字符 / a password has at least {LEAST_PASSWORD} characters",
            )
        return _HASHER.hash(_bytes(password))

    @staticmethod
    def _matches(hashed: str, password: str) -> bool:
        try:
            return len(password) <= _MOST_PASSWORD and _HASHER.verify(hashed, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False


def _existing(connection: Connection, name: str) -> User:
    user = accounts.get_user(connection, name)
    if user is None:
        raise NotFound("not_found", "没有这个用户 / no such user")
    return user


def _role(role: str) -> Role:
    if role not in ROLES:
        raise PersonRefused("bad_role", f"角色只能是 {'、'.join(ROLES)} / a role is one of {', '.join(ROLES)}")
    return role


def _bytes(password: str) -> bytes:
    """Also of what a browser can't have sent but a script can: lone surrogates."""
    return password.encode("utf-8", "surrogatepass")


def _digest(token: str) -> str:
    """What is kept of a secret of 256 random bits: a quick hash is enough for those."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def _age(at: str) -> float:
    from datetime import UTC, datetime

    return (datetime.now(UTC) - datetime.fromisoformat(at)).total_seconds()
