from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError

import pytest
from sqlalchemy import text, update

from extractor.errors import StoreError
from extractor.store import accounts, schema
from extractor.store.accounts import User
from extractor.store.database import Database
from extractor.store.values import now


@pytest.fixture
def li(database: Database) -> User:
    with database.write() as connection:
        return accounts.add_user(connection, name="li", display="李四", role="reviewer", password_hash="$argon2id$x")


def test_users(database: Database, li: User) -> None:
    with database.write() as connection:
        assert accounts.get_user(connection, "li") == li
        assert (li.active, li.role, li.password_hash) == (True, "reviewer", "$argon2id$x")
        assert "argon2" not in repr(li)  # a user in a log line tells no hash
        assert accounts.get_user(connection, "nobody") is None
        accounts.add_user(connection, name="admin", display="管理员", role="admin", password_hash="h")
        changed = accounts.update_user(connection, "li", display="李司", role="approver")
        assert (changed.display, changed.role, changed.active) == ("李司", "approver", True)
        assert accounts.update_user(connection, "li", active=False).active is False
        assert [user.name for user in accounts.all_users(connection)] == ["admin", "li"]
        with pytest.raises(StoreError) as told:
            accounts.update_user(connection, "nobody", display="x")
        assert told.value.code == "not_found"


@pytest.mark.parametrize("name", ["li", "LI", " ｌｉ "])
def test_a_name_is_taken_however_it_is_written(database: Database, li: User, name: str) -> None:
    with database.write() as connection:
        with pytest.raises(StoreError) as told:
            accounts.add_user(connection, name=name, display="x", role="admin", password_hash="h")
        assert told.value.code == "exists"
        assert accounts.get_user(connection, name) == li
        accounts.add_user(connection, name="王五", display="x", role="admin", password_hash="h")  # still usable
        with pytest.raises(StoreError):
            accounts.add_user(connection, name="  ", display="x", role="admin", password_hash="h")


def test_sessions_end(database: Database, li: User) -> None:
    with database.write() as connection:
        session = accounts.add_session(connection, token_hash="h1", user="li", seconds=60)
        assert accounts.get_session(connection, "h1") == session
        assert session.user == li
        assert "h1" not in repr(session)
        assert accounts.get_session(connection, "h2") is None
        accounts.touch_session(connection, "h1", 3600)
        touched = accounts.get_session(connection, "h1")
        assert touched is not None and touched.expires_at > now(3500)
        accounts.end_session(connection, "h1")
        assert accounts.get_session(connection, "h1") is None
        for number, end in enumerate(
            (
                lambda: accounts.update_user(connection, "li", password_hash="new"),
                lambda: accounts.end_sessions(connection, "LI"),
                lambda: connection.execute(update(schema.sessions).values(expires_at=now(-1))),
                lambda: accounts.update_user(connection, "li", active=False),
            )
        ):
            accounts.add_session(connection, token_hash=f"s{number}", user="li", seconds=60)
            end()
            assert accounts.get_session(connection, f"s{number}") is None
        with pytest.raises(StoreError):
            accounts.add_session(connection, token_hash="s9", user="li", seconds=60)


def test_tokens(database: Database, li: User) -> None:
    with database.write() as connection:
        token = accounts.add_token(connection, user="li", name="脚本", token_hash="t1")
        other = accounts.add_token(connection, user="li", name="另一个", token_hash="t2")
        assert accounts.get_token(connection, "t1") == (token, li)
        assert accounts.get_token(connection, "t3") is None
        assert token.last_used is None
        accounts.use_token(connection, token.id)
        assert accounts.all_tokens(connection, "li")[1].last_used is not None
        assert not accounts.revoke_token(connection, token.id, "wang")
        assert accounts.revoke_token(connection, token.id, "li")
        assert not accounts.revoke_token(connection, token.id, "li")
        assert accounts.get_token(connection, "t1") is None
        assert [one.id for one in accounts.all_tokens(connection)] == [other.id, token.id]
        assert accounts.all_tokens(connection, "wang") == []
        accounts.update_user(connection, "li", active=False)
        assert accounts.get_token(connection, "t2") is None


def test_failed_log_ins_count_within_their_time_and_key(database: Database) -> None:
    with database.write() as connection:
        for _ in range(3):
            accounts.add_failure(connection, "user:li")
        accounts.add_failure(connection, "address:127.0.0.1")
        assert accounts.failures(connection, "user:li", 60) == 3
        connection.execute(text("UPDATE login_failures SET at = :at WHERE id = 1"), {"at": now(-61)})
        assert accounts.failures(connection, "user:li", 60) == 2
        accounts.clear_failures(connection, "user:li")
        assert accounts.failures(connection, "user:li", 3600) == 0
        assert accounts.failures(connection, "address:127.0.0.1", 60) == 1


def test_purge_takes_what_has_ended(database: Database, li: User) -> None:
    with database.write() as connection:
        accounts.add_session(connection, token_hash="runs", user="li", seconds=60)
        accounts.add_session(connection, token_hash="ended", user="li", seconds=60)
        connection.execute(text("UPDATE sessions SET expires_at = :at WHERE token_hash = 'ended'"), {"at": now(-1)})
        accounts.add_failure(connection, "a")
        accounts.add_failure(connection, "a")
        connection.execute(text("UPDATE login_failures SET at = :at WHERE id = 1"), {"at": now(-90000)})
        accounts.purge(connection)
        assert connection.execute(text("SELECT token_hash FROM sessions")).scalars().all() == ["runs"]
        assert connection.execute(text("SELECT id FROM login_failures")).scalars().all() == [2]


def test_two_administrators_who_demote_each_other_at_once_leave_one(database: Database) -> None:
    with database.write() as connection:
        for name in ("a", "b"):
            accounts.add_user(connection, name=name, display=name, role="admin", password_hash="h")

    def demote(name: str) -> bool:
        with database.write() as connection:
            if accounts.active_admins(connection) < 2:
                return False
            accounts.update_user(connection, name, role="reviewer")
            return True

    with ThreadPoolExecutor(1) as pool:
        with database.write() as connection:
            assert accounts.active_admins(connection) == 2
            second = pool.submit(demote, "b")
            with pytest.raises(FutureTimeoutError):  # it waits for what this transaction will do
                second.result(timeout=0.3)
            accounts.update_user(connection, "a", role="reviewer")
        assert second.result(timeout=30) is False
    with database.write() as connection:
        assert accounts.active_admins(connection) == 1
