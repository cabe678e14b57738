from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from extractor.errors import StoreError
from extractor.store import archive, archive_pages, backup, documents
from extractor.store.archive_pages import Domain, Wanted
from extractor.store.blobs import Blobs
from extractor.store.database import Database, sqlite_url
from extractor.types.archive import Conflict, Decision, Indicator, Observation
from tests.archive.observed import BEDS, again, indicator, observation
from tests.store.archived import ALL, CONFLICTS, INDICATORS, ROADS, SHARE, TOTAL


def put(
    database: Database,
    observations: Sequence[Observation] = ALL,
    indicators: Sequence[Indicator] = INDICATORS,
    conflicts: Sequence[Conflict] = CONFLICTS,
    heeded: int | None = None,
) -> None:
    with database.write() as connection:
        made = archive.replace_alignment(connection, iter(observations), indicators, conflicts, heeded=heeded)
    assert made == len(observations)


@pytest.fixture
def filled(database: Database) -> Database:
    put(database)
    return database


def found(database: Database, **wanted: object) -> list[str]:
    with database.read() as connection:
        rows, total = archive_pages.find(connection, Wanted(**wanted))  # type: ignore[arg-type]
    assert total == len(rows)
    return [row.name for row in rows]


def test_observations_come_back_as_they_were_in_the_order_of_years(filled: Database) -> None:
    with filled.read() as connection:
        assert archive.members(connection, INDICATORS[0].id) == [SHARE[0], *sorted(SHARE[1:], key=_place_first)]
        assert archive.members(connection, INDICATORS[1].id) == TOTAL
        assert archive.members(connection, "none") == []
        told = archive.observations(connection, [ROADS[0].id, "none", SHARE[0].id])
        assert told == {ROADS[0].id: (ROADS[0], INDICATORS[2].id), SHARE[0].id: (SHARE[0], INDICATORS[0].id)}
        everything = list(archive.each_observation(connection))
    assert {one.id for one, _, _ in everything} == {one.id for one in ALL}
    of = {one.id: (id, name) for one, id, name in everything}
    assert of[ROADS[0].id] == (INDICATORS[2].id, "农村公路")


def _place_first(one: Observation) -> bytes:
    assert one.place is not None
    return one.place.name.encode()  # code point order, which both databases sort by


def test_an_indicator_tells_how_much_it_holds(filled: Database) -> None:
    with filled.read() as connection:
        row = archive_pages.indicator(connection, INDICATORS[0].id)
        assert archive_pages.indicator(connection, "none") is None
        assert archive_pages.names(connection, [INDICATORS[2].id, "none"]) == {INDICATORS[2].id: "农村公路"}
        bare = archive_pages.indicator(connection, INDICATORS[1].id)
    assert row is not None
    assert (row.name, row.domain, row.unit, row.certainty, row.renamed) == (BEDS, "养老服务", "%", 0.9, False)
    assert (row.observations, row.documents, row.places, row.conflicts) == (4, 4, 3, 2)
    assert (row.first_year, row.last_year) == (2023, 2025)
    assert bare is not None
    assert (bare.places, bare.first_year, bare.last_year, bare.conflicts) == (1, 2022, 2022, 0)


def test_an_observation_without_an_indicator_is_kept(database: Database) -> None:
    put(database, indicators=INDICATORS[:2])
    with database.read() as connection:
        assert archive.observations(connection, [ROADS[0].id]) == {ROADS[0].id: (ROADS[0], None)}
        assert (ROADS[0], None, None) in list(archive.each_observation(connection))
        whole, domains = archive_pages.overview(connection)
    assert (whole.observations, whole.indicators) == (7, 2)
    assert domains[-1] == Domain("交通", 0, 0, 1, 1, 1, 2024, 2024)


def test_the_overview_counts_by_domain_and_in_all(filled: Database) -> None:
    with filled.read() as connection:
        whole, domains = archive_pages.overview(connection)
        assert archive_pages.aligned_at(connection) is not None
        assert archive_pages.places(connection) == [("溪宁市", 3), ("云岭省", 1), ("岚川市", 1), ("青禾县", 1)]
        assert archive_pages.places(connection, limit=1) == [("溪宁市", 3)]
    assert whole == Domain(None, 3, 2, 7, len({one.document for one in ALL}), 4, 2022, 2025)
    assert domains == [
        Domain("养老服务", 2, 2, 6, len({one.document for one in (*SHARE, *TOTAL)}), 3, 2022, 2025),
        Domain("交通", 1, 0, 1, 1, 1, 2024, 2024),
    ]


def test_an_empty_archive_is_none(database: Database) -> None:
    with database.read() as connection:
        assert archive_pages.aligned_at(connection) is None
        assert archive_pages.overview(connection) == (Domain(None, 0, 0, 0, 0, 0, None, None), [])
        assert archive_pages.find(connection, Wanted()) == ([], 0)
        assert archive_pages.conflicts(connection) == ([], 0)
        assert archive.decisions(connection) == []


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({}, [BEDS, "新增养老床位", "农村公路"]),
        ({"words": "床位"}, [BEDS, "新增养老床位"]),
        ({"words": "床位 比例"}, [BEDS]),  # a wording of one of its members
        ({"words": "％"}, []),
        ({"words": "农村公路"}, ["农村公路"]),
        ({"words": "新改建"}, ["农村公路"]),  # it was named otherwise
        ({"domain": "交通"}, ["农村公路"]),
        ({"domain": "无"}, []),
        ({"place": "云岭省"}, [BEDS]),
        ({"place": "云岭省", "last_year": 2024}, []),
        ({"place": "溪宁市", "last_year": 2022}, ["新增养老床位"]),
        ({"first_year": 2025}, [BEDS]),
        ({"first_year": 2024, "last_year": 2024}, ["农村公路"]),
        ({"first_year": 10**12}, []),
        ({"contradicted": True}, [BEDS]),
        ({"sort": "name"}, [BEDS, "农村公路", "新增养老床位"]),
        ({"sort": "certainty"}, ["农村公路", BEDS, "新增养老床位"]),
        ({"sort": "-first_year"}, ["农村公路", BEDS, "新增养老床位"]),
        ({"sort": "-conflicts", "domain": "养老服务"}, [BEDS, "新增养老床位"]),
    ],
)
def test_indicators_are_found_and_ordered(filled: Database, wanted: dict[str, object], names: list[str]) -> None:
    if wanted.get("sort") == "name":  # by code points, as both databases do
        names = sorted(names)
    assert found(filled, **wanted) == names


def test_indicators_named_alike_are_found_whatever_stands_between(database: Database) -> None:
    some = [
        observation(1, metric=name, unit=unit)
        for name, unit in (
            ("护理型床位占比", "%"), ("护理型养老床位比例", "%"), ("护理型养老床位数", "张"), ("公交准点率", "%"), ("床位", "张"),
        )
    ]  # fmt: skip
    put(database, some, [indicator(one) for one in some], [])
    with database.read() as connection:
        row = archive_pages.indicator(connection, indicator(some[0]).id)
        assert row is not None
        names = [one.name for one in archive_pages.alike(connection, row, 10)]
        assert names == ["护理型养老床位比例", "护理型养老床位数"]
        assert [one.name for one in archive_pages.alike(connection, row, 1)] == names[:1]


def test_pages_follow_each_other(filled: Database) -> None:
    with filled.read() as connection:
        first, total = archive_pages.find(connection, Wanted(limit=2))
        rest, same = archive_pages.find(connection, Wanted(limit=2, offset=2))
        assert archive_pages.find(connection, Wanted(limit=2, offset=-5))[0] == first
    assert (total, same) == (3, 3)
    assert [row.name for row in (*first, *rest)] == [BEDS, "新增养老床位", "农村公路"]


def test_an_unknown_sort_is_refused(filled: Database) -> None:
    for sort in ("folded", "drop table", "-id"):
        with pytest.raises(StoreError) as refused:
            found(filled, sort=sort)
        assert refused.value.code == "invalid"


def test_conflicts_are_paged_and_filtered(filled: Database) -> None:
    with filled.read() as connection:
        every, total = archive_pages.conflicts(connection)
        assert (set(every), total) == (set(CONFLICTS), 2)
        assert archive_pages.conflicts(connection, limit=1, offset=1) == (every[1:], 2)
        assert archive_pages.conflicts(connection, indicator_id=INDICATORS[1].id) == ([], 0)
        assert archive_pages.conflicts(connection, domain="养老服务", kind="laxer") == (every, 2)
        assert archive_pages.conflicts(connection, kind="differs") == ([], 0)


def test_a_new_alignment_takes_the_place_of_the_one_before(filled: Database) -> None:
    fresh = again(ROADS[0], text="另行安排")
    put(filled, [fresh], [indicator(fresh)], [])
    assert found(filled) == ["新改建农村公路"]
    with filled.read() as connection:
        assert archive.observations(connection, [ROADS[0].id]) == {}
        assert archive_pages.conflicts(connection) == ([], 0)
        assert archive_pages.overview(connection)[0].observations == 1


def test_readers_see_one_alignment_whole_while_another_is_written(filled: Database) -> None:
    with filled.read() as reading:
        assert archive_pages.overview(reading)[0].observations == 7
        with ThreadPoolExecutor(1) as pool:
            pool.submit(put, filled, ROADS, [indicator(*ROADS)], []).result()
        assert len(list(archive.each_observation(reading))) == 7
        assert archive_pages.find(reading, Wanted())[1] == 3
        assert archive_pages.conflicts(reading)[1] == 2
    with filled.read() as later:
        assert len(list(archive.each_observation(later))) == 1


def test_an_alignment_that_breaks_off_leaves_the_one_before(filled: Database) -> None:
    def broken() -> Iterator[Observation]:
        yield from ROADS
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"), filled.write() as connection:
        archive.replace_alignment(connection, broken(), [], [])
    with pytest.raises(ValueError, match="3 members"), filled.write() as connection:
        archive.replace_alignment(connection, SHARE[:1], INDICATORS[:1], [])
    assert found(filled) == [BEDS, "新增养老床位", "农村公路"]


def test_thousands_of_observations_at_once(database: Database) -> None:
    many = [observation(number % 100, 2000 + number % 30, document=f"{number}.docx") for number in range(6000)]
    put(database, many, [indicator(*many)], [])
    with database.read() as connection:
        assert len(archive.members(connection, indicator(*many).id)) == 6000
        assert len(archive.observations(connection, [one.id for one in many])) == 6000


def test_what_no_database_holds_is_kept_as_near_as_can_be(database: Database) -> None:
    strange = observation(0.1 + 0.2, metric="含\x00与\ud800的名", text="全角％、“引号”、𠮷")
    put(database, [strange], [indicator(strange)], [])
    with database.read() as connection:
        (kept,) = archive.members(connection, indicator(strange).id)
    assert kept.text == strange.text
    assert kept.quantity.value == 0.1 + 0.2
    assert "\ud800" not in kept.metric


# --- decisions ----------------------------------------------------------------------------------------------

MERGE = Decision("merge", (SHARE[0].id, TOTAL[0].id), actor="li")
SPLIT = Decision("split", (SHARE[0].id,), (TOTAL[0].id,))
RENAME = Decision("rename", (ROADS[0].id,), name="公路里程", actor="wang")


def test_decisions_are_added_and_outlive_a_new_alignment(filled: Database) -> None:
    with filled.write() as connection:
        assert archive.last_decision(connection) == 0
        first = archive.decide(connection, MERGE, SPLIT)
        second = archive.decide(connection, RENAME, Decision("rename", (ROADS[0].id,), name="农村公路"))
    put(filled)
    with filled.read() as connection:
        kept = archive.decision_rows(connection)
        assert archive.decisions(connection) == [first.decision, second.decision]
        assert archive.decision(connection, 1) == first
        assert archive.decision(connection, 3) is None
        assert archive.last_decision(connection) == 2
    assert kept == [first, second]
    assert [row.seq for row in kept] == [1, 2]
    assert replace(kept[0].decision, at="") == MERGE
    assert kept[0].decision.at <= kept[1].decision.at
    assert kept[0].inverse == SPLIT
    assert kept[1].inverse.name == "农村公路"


def test_a_decision_is_never_older_than_the_one_before(filled: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that is set back: who aligns takes decisions by their time."""
    with filled.write() as connection:
        first = archive.decide(connection, MERGE, SPLIT).decision
        monkeypatch.setattr(archive, "now", lambda: "2001-01-01T00:00:00.000000Z")
        second = archive.decide(connection, SPLIT, MERGE).decision
        third = archive.decide(connection, replace(MERGE, at="2099"), SPLIT).decision
    assert first.at == second.at == third.at


def test_decisions_of_many_at_once_are_all_kept(filled: Database) -> None:
    def one(_: int) -> int:
        with filled.write() as connection:
            return archive.decide(connection, MERGE, SPLIT).seq

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(one, range(12)))
    assert sorted(made) == list(range(1, 13))


def test_an_alignment_that_misses_a_decision_is_refused(filled: Database) -> None:
    with filled.write() as connection:
        archive.decide(connection, MERGE, SPLIT)
    with pytest.raises(StoreError) as refused:
        put(filled, ROADS, [indicator(*ROADS)], [], heeded=0)
    assert refused.value.code == "changed"
    assert len(found(filled)) == 3
    put(filled, ROADS, [indicator(*ROADS)], [], heeded=1)
    assert found(filled) == ["新改建农村公路"]


def test_what_a_decision_touches_is_put_in_place(filled: Database) -> None:
    merged = replace(indicator(*SHARE, *TOTAL, name="床位"), renamed=True)
    clash = Conflict("differs", merged.id, 2025, SHARE[1].id, SHARE[2].id, 5.0)
    gone = [INDICATORS[0].id, INDICATORS[1].id]
    with filled.write() as connection:
        archive.realign(connection, gone, [*SHARE, *TOTAL], [merged], [clash])
    assert found(filled) == ["床位", "农村公路"]
    with filled.read() as connection:
        row = archive_pages.indicator(connection, merged.id)
        assert row is not None
        assert (row.observations, row.conflicts, row.renamed) == (6, 1, True)
        assert len(archive.members(connection, merged.id)) == 6
        assert archive_pages.conflicts(connection) == ([clash], 1)
        whole, domains = archive_pages.overview(connection)
    assert (whole.indicators, whole.conflicts, whole.observations) == (2, 1, 7)
    assert [one.indicators for one in domains] == [1, 1]


def test_domains_are_counted_by_the_indicators_that_are_of_them(filled: Database) -> None:
    stray = again(ROADS[0], domain="住房")
    put(filled, [*ALL, stray], [*INDICATORS[:2], indicator(*ROADS, stray)], CONFLICTS)
    with filled.read() as connection:
        whole, domains = archive_pages.overview(connection)
    assert [(one.name, one.observations) for one in domains] == [("养老服务", 6), ("交通", 2)]
    assert whole.observations == 8


def test_domains_are_counted_again_where_a_decision_moves_an_indicator(filled: Database) -> None:
    merged = indicator(*SHARE, *ROADS)
    gone = [INDICATORS[0].id, INDICATORS[2].id]
    with filled.write() as connection:
        archive.realign(connection, gone, [*SHARE, *ROADS], [merged], [])
    with filled.read() as connection:
        _, domains = archive_pages.overview(connection)
    assert domains == [Domain("养老服务", 2, 0, 7, len({one.document for one in ALL}), 4, 2022, 2025)]
    with filled.write() as connection:
        parts = [INDICATORS[0], INDICATORS[2]]
        archive.realign(connection, [merged.id], [*SHARE, *ROADS], parts, [])
    with filled.read() as connection:
        _, domains = archive_pages.overview(connection)
    assert [(one.name, one.observations, one.documents, one.places) for one in domains] == [
        ("养老服务", 6, len({one.document for one in (*SHARE, *TOTAL)}), 3), ("交通", 1, 1, 1),
    ]  # fmt: skip


def test_what_has_changed_meanwhile_is_not_put_in_place(filled: Database) -> None:
    with pytest.raises(StoreError) as refused, filled.write() as connection:
        archive.realign(connection, [INDICATORS[0].id], SHARE[:2], [indicator(*SHARE[:2])], [])
    assert refused.value.code == "changed"
    assert len(found(filled)) == 3


def test_every_document_is_told_with_the_places_that_it_binds(filled: Database) -> None:
    with filled.read() as connection:
        told = archive_pages.placed(connection)
    assert set(told) == {(one.document, one.place) for one in ALL if one.place is not None}
    assert len(told) == len(set(told))


def test_an_observation_that_falls_out_of_its_indicator_is_kept_without_one(filled: Database) -> None:
    rest = indicator(*SHARE[1:])
    with filled.write() as connection:
        archive.realign(connection, [INDICATORS[0].id], SHARE, [rest], [])
    with filled.read() as connection:
        assert archive.observations(connection, [SHARE[0].id]) == {SHARE[0].id: (SHARE[0], None)}
        assert len(archive.members(connection, rest.id)) == 3


def test_a_backup_holds_the_archive_and_what_was_decided(filled: Database, tmp_path: Path) -> None:
    with filled.write() as connection:
        archive.decide(connection, MERGE, SPLIT)
    backup.backup(filled, Blobs(tmp_path / "blobs"), tmp_path / "b.tar.gz")
    backup.restore(tmp_path / "b.tar.gz", tmp_path / "restored")
    restored = Database(sqlite_url(tmp_path / "restored"))
    try:
        with filled.read() as ours, restored.read() as theirs:
            assert archive_pages.overview(theirs) == archive_pages.overview(ours)
            assert archive_pages.conflicts(theirs) == archive_pages.conflicts(ours)
            assert list(archive.each_observation(theirs)) == list(archive.each_observation(ours))
            assert archive.decision_rows(theirs) == archive.decision_rows(ours)
        with restored.write() as connection:
            assert archive.decide(connection, MERGE, SPLIT).seq == 2
    finally:
        restored.close()


def test_documents_that_the_workspace_has_are_told(filled: Database) -> None:
    with filled.write() as connection:
        documents.insert(connection, sha256=SHARE[0].document, name="要点.docx", size=1, uploaded_by="li")
    with filled.read() as connection:
        told = archive_pages.in_workspace(connection, [one.document for one in ALL])
    assert told == {SHARE[0].document: SHARE[0].document[:20]}
