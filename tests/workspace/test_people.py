"""Accounts on both databases: roles, passwords, sessions, tokens, and tries that fail."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from extractor.store import accounts
from extractor.store.database import Database, sqlite_url
from extractor.workspace.errors import LoginRefused, NotFound, PersonRefused, TooManyTries
from extractor.workspace.people import People
from tests.store.conftest import database, url  # noqa: F401 - fixtures

PASSWORD = "又长又好记的密码"


@pytest.fixture
def people(database: Database) -> People:  # noqa: F811
    people = People(database)
    people.add("admin", PASSWORD, "admin", "test")
    return people


def test_nobody_at_first_then_an_administrator(tmp_path: Path) -> None:
    fresh = Database(sqlite_url(tmp_path))
    fresh.migrate()
    people = People(fresh)
    assert not people.any()
    with pytest.raises(PersonRefused) as told:
        people.add("li", PASSWORD, "reviewer", "test")
    assert told.value.code == "bad_role"
    people.add("li", PASSWORD, "reviewer", "command line", by_hand=True)
    assert people.any()
    fresh.close()


def test_the_password_is_hashed_by_argon2id_and_never_kept(people: People, database: Database) -> None:  # noqa: F811
    with database.read() as connection:
        user = accounts.get_user(connection, "admin")
    assert user is not None
    assert user.password_hash.startswith("$argon2id$")
    assert PASSWORD not in repr(user) + user.password_hash


@pytest.mark.parametrize(
    ("name", "password", "role", "code"),
    [
        ("", PASSWORD, "reviewer", "bad_name"),
        ("a b", PASSWORD, "reviewer", "bad_name"),
        ("<b>", PASSWORD, "reviewer", "bad_name"),
        ("a/b", PASSWORD, "reviewer", "bad_name"),
        ("li", "short", "reviewer", "bad_password"),
        ("li", "x" * 2000, "reviewer", "bad_password"),
        ("li", PASSWORD, "root", "bad_role"),
        ("ADMIN", PASSWORD, "reviewer", "exists"),
    ],
)
def test_what_is_refused_as_an_account(people: People, name: str, password: str, role: str, code: str) -> None:
    with pytest.raises(PersonRefused) as told:
        people.add(name, password, role, "admin")
    assert told.value.code == code
    assert len(people.users()) == 1


def test_a_session_from_log_in_to_log_out(people: People, database: Database) -> None:  # noqa: F811
    people.add("李梅", PASSWORD, "reviewer", "admin")
    token, user = people.log_in("李梅", PASSWORD, "10.0.0.1")
    assert (user.name, user.role) == ("李梅", "reviewer")
    found = people.by_session(token)
    assert found is not None
    assert found.name == "李梅"
    with database.read() as connection:
        assert accounts.get_session(connection, token) is None, "the token itself must not be in the database"
    assert people.by_session(token + "x") is None
    assert people.by_session("") is None
    other, _ = people.log_in("李梅", PASSWORD, "10.0.0.1")
    people.log_out(token)
    assert people.by_session(token) is None
    assert people.by_session(other) is not None


def test_wrong_name_and_wrong_password_look_alike(people: People) -> None:
    said = set()
    for name, password in (("admin", "wrong password"), ("nobody", PASSWORD), ("", ""), ("\x00", "\ud800")):
        with pytest.raises(LoginRefused) as told:
            people.log_in(name, password, "10.0.0.1")
        said.add((told.value.code, str(told.value)))
    assert len(said) == 1


def test_tries_are_limited_by_name_and_address(people: People) -> None:
    for _ in range(5):
        with pytest.raises(LoginRefused):
            people.log_in("admin", "wrong password", "10.0.0.1")
    with pytest.raises(TooManyTries) as told:
        people.log_in("admin", PASSWORD, "10.0.0.1")
    assert 0 < told.value.seconds <= 900
    assert people.log_in("admin", PASSWORD, "10.0.0.2")[1].name == "admin", "somebody else must not lock him out"


def test_a_good_try_is_forgiven_the_bad_ones_before(people: People) -> None:
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(LoginRefused):
                people.log_in("admin", "wrong password", "10.0.0.1")
        assert people.log_in("admin", PASSWORD, "10.0.0.1")


def test_tries_at_once_do_not_slip_through(people: People) -> None:
    def attempt(_: int) -> str:
        try:
            people.log_in("admin", "wrong password", "10.0.0.1")
        except (LoginRefused, TooManyTries) as error:
            return error.code
        return "in"

    with ThreadPoolExecutor(10) as pool:
        codes = list(pool.map(attempt, range(10)))
    assert codes.count("wrong") <= 5
    assert "in" not in codes


def test_many_names_from_one_address_are_limited_too(people: People, database: Database) -> None:  # noqa: F811
    with database.write() as connection:
        for _ in range(50):
            accounts.add_failure(connection, "address:10.0.0.9")
    with pytest.raises(TooManyTries):
        people.log_in("whoever", PASSWORD, "10.0.0.9")


def test_a_new_password_ends_the_sessions(people: People) -> None:
    token, _ = people.log_in("admin", PASSWORD, "a")
    people.set_password("admin", "ein neues Kennwort", "admin")
    assert people.by_session(token) is None
    with pytest.raises(LoginRefused):
        people.log_in("admin", PASSWORD, "a")
    people.change_own_password("admin", "ein neues Kennwort", PASSWORD)
    assert people.log_in("admin", PASSWORD, "a")
    with pytest.raises(LoginRefused):
        people.change_own_password("admin", "wrong", "whatever it is")
    with pytest.raises(NotFound):
        people.set_password("nobody", PASSWORD, "admin")


def test_who_is_switched_off_is_out_at_once(people: People) -> None:
    people.add("li", PASSWORD, "reviewer", "admin")
    token, _ = people.log_in("li", PASSWORD, "a")
    secret, _ = people.make_token("li", "script")
    people.change("li", "admin", active=False)
    assert people.by_session(token) is None
    assert people.by_token(secret) is None
    with pytest.raises(LoginRefused):
        people.log_in("li", PASSWORD, "a")
    people.change("li", "admin", active=True, role="approver", display="李")
    user = people.log_in("li", PASSWORD, "a")[1]
    assert (user.role, user.display) == ("approver", "李")


def test_the_last_administrator_stays(people: People) -> None:
    for change in ({"active": False}, {"role": "reviewer"}):
        with pytest.raises(PersonRefused) as told:
            people.change("admin", "admin", **change)
        assert told.value.code == "last_admin"
    people.add("second", PASSWORD, "admin", "admin")
    people.change("admin", "second", role="reviewer")
    with pytest.raises(PersonRefused):
        people.change("second", "second", active=False)


def test_tokens_of_scripts(people: People, database: Database) -> None:  # noqa: F811
    people.add("li", PASSWORD, "reviewer", "admin")
    secret, token = people.make_token("li", " 夜间任务 ")
    assert token.name == "夜间任务"
    assert token.last_used is None
    user = people.by_token(secret)
    assert user is not None
    assert user.name == "li"
    (kept,) = people.tokens("li")
    assert kept.last_used is not None
    assert secret not in repr(kept)
    assert people.tokens("admin") == []
    with pytest.raises(NotFound):
        people.revoke_token(token.id, "admin", user="admin")
    assert people.by_token(secret) is not None
    people.revoke_token(token.id, "li", user="li")
    assert people.by_token(secret) is None
    with pytest.raises(NotFound):
        people.revoke_token(token.id, "admin", user=None)
    with pytest.raises(PersonRefused):
        people.make_token("li", "  ")


def test_what_happened_is_in_the_audit_and_no_password_is(people: People, database: Database) -> None:  # noqa: F811
    people.log_in("admin", PASSWORD, "10.0.0.7")
    with pytest.raises(LoginRefused):
        people.log_in("MeinGeheimnis", "admin", "10.0.0.7")
    from extractor.store import events

    with database.read() as connection:
        rows, _ = events.audit_page(connection)
    assert [row.action for row in rows] == ["login_failed", "login", "user_added"]
    assert rows[1].detail["address"] == "10.0.0.7"
    assert "eheimnis" not in repr(rows)
    assert PASSWORD not in repr(rows)
