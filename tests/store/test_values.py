from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Connection

from extractor.store import accounts, deliveries, documents, drafts, events, places, records, search, settings
from extractor.store.database import Database
from extractor.store.values import bounded, canonical, dump, natural, now
from tests.store import samples

ODD = "a\x00\ud800𠮷"
HUGE = 10**30

Look = Callable[[Connection], object]


def test_times_sort_as_texts() -> None:
    assert now(-0.5) < now() < now(0.5) < now(3600)
    assert len(now()) == 27 and now().endswith("Z")


def test_json_is_compact_readable_and_can_be_stored() -> None:
    assert dump({"名": ["\x00", 1.0, None]}) == '{"名":["\\u0000",1.0,null]}'
    assert dump("\ud800").encode() == '"\ufffd"'.encode()
    assert canonical({"b": 1, "a": 2}) == '{"a":2,"b":1}'
    with pytest.raises(ValueError, match="JSON"):
        dump(float("nan"))


def test_bounds() -> None:
    assert [bounded(one) for one in (5, HUGE, -HUGE)] == [5, 2**31 - 1, -(2**31)]
    assert [natural(one) for one in (5, -5, HUGE)] == [5, 0, 2**31 - 1]


@pytest.mark.parametrize(
    "look",
    [
        lambda connection: documents.get(connection, ODD),
        lambda connection: documents.lock(connection, ODD),
        lambda connection: documents.get_dossier(connection, ODD),
        lambda connection: documents.claim(connection, ODD, 60),
        lambda connection: drafts.load(connection, ODD),
        lambda connection: events.after(connection, ODD, HUGE),
        lambda connection: records.load(connection, ODD),
        lambda connection: places.get(connection, ODD, ODD),
        lambda connection: settings.get(connection, ODD),
        lambda connection: accounts.get_user(connection, ODD),
        lambda connection: accounts.get_session(connection, ODD),
        lambda connection: accounts.get_token(connection, ODD),
        lambda connection: accounts.revoke_token(connection, HUGE, ODD),
        lambda connection: accounts.failures(connection, ODD, 60),
        lambda connection: deliveries.get(connection, ODD),
        lambda connection: search.search(connection, ODD, limit=HUGE, offset=HUGE),
        lambda connection: search.search(connection, "就业", limit=-1),
        lambda connection: documents.find(connection, documents.Query(offset=-1, limit=-HUGE))[0],
        lambda connection: documents.find(connection, documents.Query(year=HUGE, offset=HUGE, limit=HUGE))[0],
        *(
            lambda connection, name=name: documents.find(connection, documents.Query(**{name: ODD}))[0]
            for name in ("words", "state", "approval", "reviewer", "dossier", "kind")
        ),
        lambda connection: events.audit_page(connection, offset=HUGE, limit=HUGE)[0],
        lambda connection: events.audit_page(connection, document_id=ODD, actor=ODD, action=ODD, offset=-1)[0],
    ],
)
def test_what_no_row_can_hold_is_simply_not_found(database: Database, look: Look) -> None:
    with database.write() as connection:
        samples.with_everything(connection)
        documents.update(connection, samples.sha(1)[:20], state="ready")
        assert not look(connection)


def test_what_no_row_can_hold_is_kept_with_a_mark(database: Database) -> None:
    kept = "a\ufffd\ufffd𠮷"
    with database.write() as connection:
        row = samples.document(connection, name=ODD)
        assert row.name == kept
        assert documents.update(connection, row.id, title=ODD, error=ODD).title == kept
        event, _ = events.append(
            connection, row.id, actor=ODD, op="edit", changes=[samples.change()], client_op_id="abcdefgh", note=ODD
        )
        assert (event.actor, event.note) == (kept, kept)
        assert events.after(connection, row.id) == [event]
        assert events.verify(connection, row.id)
        places.put(connection, row.id, ODD, {"x": ODD})
        assert places.get(connection, row.id, ODD) == {"x": "a\x00\ufffd𠮷"}
        user = accounts.add_user(connection, name=ODD, display=ODD, role="admin", password_hash="h")
        assert (user.name, user.display) == (kept, kept)
        events.audit(connection, ODD, "login", ODD, {"x": ODD})
        assert [one.actor for one in events.audit_page(connection, action="login")[0]] == [kept]
