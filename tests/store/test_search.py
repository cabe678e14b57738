from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from extractor.store import documents, search
from extractor.store.database import Database
from tests.store import samples

CHUNKS = [
    (0, "关于做好城镇就业工作的通知"),
    (100, "全年新增城镇就业3万人以上，登记失业率控制在4.5%以内。"),
    (200, "加快老旧小区改造；“放管服”改革 AND 营商环境（NEAR 前列）。\n责任单位：市住建局、12345热线"),
    (300, "ＧＤＰ增长６％左右，R&D投入强度达到2.8%，Wi-Fi覆盖"),
    (400, "it's 100% \"quoted\" and a*b"),
]  # fmt: skip


@pytest.fixture
def document_id(database: Database) -> str:
    with database.write() as connection:
        row = samples.document(connection)
        search.index_text(connection, row.id, CHUNKS)
        search.index_records(connection, row.id, [("r1", "登记失业率 ≤4.5%"), ("r2", "老旧小区改造 市住建局")])
        return row.id


def _found(database: Database, words: str) -> list[int | str | None]:
    """Where the words are: a record's id, or the offset of the first of them."""
    with database.read() as connection:
        return [hit.record_id or hit.start for hit in search.search(connection, words)]


# what is asked for, and where it stands: a record's id, or the offset of the chunk that holds it
PLACES: list[tuple[str, list[int | str]]] = [
    ("岗", []),
    ("镇", [0, 100]),  # one character
    ("就业", [0, 100]),
    ("失业率", ["r1", 100]),
    ("登记失业率控制在4.5%以内", [100]),
    ("业就", []),
    ("老旧小区 住建局", ["r2", 200]),
    ("老旧小区 失业率", []),
    ("改造；“放", [200]),  # across punctuation
    ("gdp", [300]),
    ("GDP增长6%", [300]),
    ("ＧＤＰ　增长", [300]),
    ("gd", [300]),  # the beginning of a word
    ("dp", []),
    ("R&D", [300]),
    ("wi-fi", [300]),
    ("4.5%", ["r1", 100]),
    ("12345", [200]),
    ("123", [200]),
    ("“放管服”", [200]),
    ('"放管服"', [200]),
]


def test_words_are_found_where_they_are(database: Database, document_id: str) -> None:
    for words, where in PLACES:
        expected = [place if isinstance(place, str) else place + _place(place, words) for place in where]
        assert _found(database, words) == expected, words


def _place(chunk: int, words: str) -> int:
    return search.fold(dict(CHUNKS)[chunk]).index(search.terms(words)[0])


SYNTAX = [
    '"', "'", "*", "''", '""', "AND", "OR", "NOT", "NEAR", "NEAR(就业 工作, 2)", "grams:就业", "就业*", "^就业", "就业)", "(",
    "-就业", "+就业", "a AND", "AND b", '就业"', "{a b}:c", "&", "|", "!", "<->", ":*", "就业:*", "\\", "\\'", "%", "_", "$$",
    ":grams", "%(grams)s", "\x00", "\x00就业", "\ud800", "；DROP TABLE documents", "'; DROP TABLE documents; --", " ", "", "　",
    "就" * 5000, "a" * 5000, " ".join(["就业"] * 500), " ".join(chr(0x4E00 + n) for n in range(300)),
]  # fmt: skip


def test_nothing_typed_is_read_as_syntax(database: Database, document_id: str) -> None:
    plain = [text for _, text in CHUNKS] + ["登记失业率 ≤4.5%", "老旧小区改造 市住建局"]
    for words in SYNTAX:
        terms = search.terms(words)
        holding = [one for one in plain if all(term in search.fold(one) for term in terms)] if terms else []
        with database.read() as connection:
            hits = search.search(connection, words)
            rows, total = documents.find(connection, documents.Query(words=words))
        assert len(rows) == total
        if any(character.isalnum() for character in "".join(terms)):
            assert len(hits) == len(holding), words
        else:
            assert hits == [], words  # punctuation alone is not indexed


def test_operators_are_words(database: Database, document_id: str) -> None:
    assert _found(database, "AND") == [217, 419]
    assert _found(database, "near") == [226]
    assert _found(database, "改革 AND 营商") == [214]
    assert _found(database, "it's") == [400]
    assert _found(database, "100%") == [405]
    assert _found(database, '"quoted"') == [411]
    assert _found(database, "a*b") == [423]


def test_a_hit_shows_its_words(database: Database, document_id: str) -> None:
    with database.read() as connection:
        (hit,) = search.search(connection, "责任单位 12345")
    start = CHUNKS[2][1].index("责任单位")
    assert (hit.document_id, hit.record_id, hit.start) == (document_id, None, 200 + start)
    assert "\n" not in hit.snippet
    assert [hit.snippet[first:last] for first, last in hit.marks] == ["责任单位", "12345"]


def test_long_chunks_are_found_throughout_and_each_place_once(database: Database) -> None:
    words = list("计划" * 5000)
    places = [0, 1932, 1990, 1998, 5777, 9995]
    for number, place in enumerate(places):
        words[place : place + 5] = f"绿色建筑{'甲乙丙丁戊己'[number]}"
    with database.write() as connection:
        row = samples.document(connection)
        search.index_text(connection, row.id, [(10, "".join(words))])
        for number, place in enumerate(places):
            hits = search.search(connection, f"绿色建筑{'甲乙丙丁戊己'[number]}")
            assert [hit.start for hit in hits] == [10 + place]


def test_astral_and_odd_characters(database: Database) -> None:
    with database.write() as connection:
        row = samples.document(connection)
        search.index_text(connection, row.id, [(0, "地名𠮷林\x00与㎡、①号、İstanbul、ﬁn")])
        for words, start in (("𠮷林", 2), ("𠮷", 2), ("与", 5), ("㎡", 6), ("1号", 8), ("①", 8)):
            assert [hit.start for hit in search.search(connection, words)] == [start], words


def test_indexing_again_replaces(database: Database, document_id: str) -> None:
    with database.write() as connection:
        search.index_text(connection, document_id, [(5, "重新识别的正文")])
        assert search.search(connection, "通知") == []
        assert [hit.start for hit in search.search(connection, "正文")] == [10]
        assert [hit.record_id for hit in search.search(connection, "失业率")] == ["r1"]  # records stay
        search.index_records(connection, document_id, [("r1", "改过的记录"), ("r2", "")])
        assert search.search(connection, "失业率") == []
        assert search.search(connection, "住建局") == []
        assert [hit.record_id for hit in search.search(connection, "改过")] == ["r1"]


def test_nothing_is_found_after_deletion(database: Database, document_id: str) -> None:
    with database.write() as connection:
        other = samples.document(connection, 2)
        search.index_text(connection, other.id, [(0, "城镇就业")])
        assert len(search.search(connection, "就业")) == 3
        documents.delete(connection, document_id)
        assert [hit.document_id for hit in search.search(connection, "就业")] == [other.id]
        assert search.search(connection, "失业率") == []
        search.drop(connection, other.id)
        assert search.search(connection, "就业") == []
        again = samples.document(connection)  # an id of the index is not given again to other words
        search.index_text(connection, again.id, [(0, "完全不同")])
        assert search.search(connection, "就业") == []
        _sound(connection)


def test_order_and_pages(database: Database) -> None:
    with database.write() as connection:
        old, new = samples.document(connection, 1), samples.document(connection, 2)
        for row in (new, old):
            search.index_text(connection, row.id, [(50, "绩效考核二"), (0, "绩效考核一")])
            search.index_records(connection, row.id, [("r1", "绩效考核")])
        everything = search.search(connection, "考核")
        assert [(hit.document_id, hit.record_id, hit.start) for hit in everything] == [
            (row.id, record, start) for row in (new, old) for record, start in (("r1", None), (None, 2), (None, 52))
        ]
        assert search.search(connection, "考核", limit=2, offset=1) == everything[1:3]


def test_rebuilding_changes_nothing(database: Database, document_id: str) -> None:
    with database.write() as connection:
        before = search.search(connection, "就业")
        search.rebuild(connection)
        assert search.search(connection, "就业") == before != []
        _sound(connection)


def test_random_words_agree_with_a_plain_scan(database: Database) -> None:
    """Index and removal against the simplest search that there is, in a small alphabet so that much is found."""
    chance = random.Random(7)
    alphabet = "甲乙丙，a1 Ａ１%"
    texts: dict[str, list[str]] = {}
    with database.write() as connection:
        for number in range(12):
            row = samples.document(connection, number)
            texts[row.id] = ["".join(chance.choices(alphabet, k=chance.randint(1, 30))) for _ in range(5)]
            search.index_text(connection, row.id, [(100 * at, one) for at, one in enumerate(texts[row.id])])
        for gone in list(texts)[::3]:
            search.drop(connection, gone)
            del texts[gone]
        for _ in range(300):
            words = "".join(chance.choices("甲乙丙，%", k=chance.randint(1, 4)))
            if not set(words) & set("甲乙丙"):
                continue
            hits = {(hit.document_id, hit.start) for hit in search.search(connection, words, limit=1000)}
            expected = {
                (document_id, 100 * at + one.index(words))
                for document_id, chunks in texts.items()
                for at, one in enumerate(chunks)
                if words in one
            }
            assert hits == expected, words


@given(st.text())
def test_folding_keeps_places_and_grams_are_plain(words: str) -> None:
    folded = search.fold(words)
    assert len(folded) == len(words)
    assert search.fold(folded) == folded
    assert all(gram.isascii() and gram.isalnum() for gram in search.grams(folded))


def _sound(connection: Connection) -> None:
    """SQLite checks its own index."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("INSERT INTO search_grams(search_grams) VALUES ('integrity-check')"))
        assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
