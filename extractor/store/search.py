"""Words in texts and records: Chinese by single characters and pairs, other words by their beginning.

Each entry is indexed by *grams*, tokens of ASCII letters and digits only, so nothing that a user types can be read
as query syntax. The index names candidates; the folded words themselves decide, so what is found does contain what
was asked for. Whoever changes ``grams`` adds a migration that calls ``rebuild``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, delete, func, insert, select, text

from extractor.store.schema import documents, search_entries
from extractor.store.values import clean, natural

_PIECE = 2000  # characters of one entry; longer chunks are cut
_OVERLAP = 64  # characters that two pieces of a chunk share, so that no expression is lost at the cut
_LONGEST = 32  # characters of a word that count in the index
_TERMS = 16  # terms of a query that count
_TOKENS = 48  # tokens that the index is asked for: more would only burden the parser of the query
_BEFORE, _AFTER = 24, 56  # characters of a snippet before and after the beginning of the first term

# What counts is told by fixed ranges, not by Unicode's tables: those differ between versions of Python, and the
# grams of an entry must come out alike when it is taken from the index again.
_RUNS = re.compile(
    "([0-9a-z]+)"
    "|([\u00c0-\u1fff\u2070-\u2bff\u2e80-\u2fff\u3005-\u3007\u3021-\u302f\u3031-\ud7ff\uf900-\ufaff\U00010000-\U0003ffff]+)"
)
_QUOTES = "\"'`“”‘’「」『』《》〈〉"


@dataclass(frozen=True, slots=True)
class Hit:
    """``start``: offset in ``Document.text`` of the first term (None for a record's words).

    ``marks``: (start, end) of each term in ``snippet``.
    """

    document_id: str
    record_id: str | None
    start: int | None
    snippet: str
    marks: tuple[tuple[int, int], ...] = ()


class _Folds(dict[int, str]):
    """Per character: half width, lower case, white space as a blank; the length of a text never changes."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = unicodedata.normalize("NFKC", char).lower()
        folded = folded if len(folded) == 1 else char
        self[code] = " " if folded.isspace() else folded
        return self[code]


_FOLDS = _Folds()


def fold(words: str) -> str:
    """What is compared: ``ＧＤＰ`` as ``gdp``; each character stays at its place."""
    return clean(words).translate(_FOLDS)


def terms(words: str) -> list[str]:
    """The folded terms of a query, parted by white space, without quotation marks around them; all must be found."""
    found = (term.strip(_QUOTES) or term for term in fold(words).split())
    return list(dict.fromkeys(found))[:_TERMS]


def grams(folded: str) -> list[str]:
    """The index's tokens of folded words, each once: ``w…`` a word, ``x…`` a character, ``x…x…`` a pair."""
    return list(dict.fromkeys(_grams(folded)))


def _grams(folded: str) -> Iterator[str]:
    for run in _RUNS.finditer(folded):
        if run[1]:
            yield f"w{run[1][:_LONGEST]}"
            continue
        codes = [f"x{ord(char):x}" for char in run[2]]
        yield from codes
        yield from (first + second for first, second in pairwise(codes))


def _asked(term: str) -> Iterator[tuple[str, bool]]:
    """The tokens that an entry must have to hold the term; True where a token may go on."""
    for run in _RUNS.finditer(term):
        if run[1]:
            yield f"w{run[1][:_LONGEST]}", True
            continue
        codes = [f"x{ord(char):x}" for char in run[2]]
        pairs = [first + second for first, second in pairwise(codes)]
        yield from ((token, False) for token in pairs or codes)


def index_text(connection: Connection, document_id: str, chunks: Sequence[tuple[int, str]]) -> None:
    """Replaces what is indexed of the document's text; a chunk is (its offset in ``Document.text``, its words)."""
    _remove(connection, (search_entries.c.document_id == document_id) & search_entries.c.record_id.is_(None))
    pieces = ((None, start + at, words[at : at + _PIECE]) for start, words in chunks for at in _cuts(len(words)))
    _add(connection, document_id, pieces)


def index_records(connection: Connection, document_id: str, words: Sequence[tuple[str, str]]) -> None:
    """Replaces what is indexed of the records named, (record id, words); empty words take a record out."""
    ids = [record_id for record_id, _ in words]
    for first in range(0, len(ids), 500):
        of_records = search_entries.c.record_id.in_(ids[first : first + 500])
        _remove(connection, (search_entries.c.document_id == document_id) & of_records)
    pieces = ((record_id, None, text[at : at + _PIECE]) for record_id, text in words for at in _cuts(len(text)))
    _add(connection, document_id, pieces)


def drop(connection: Connection, document_id: str) -> None:
    """Takes all words of a document and of its records out of the index."""
    _remove(connection, search_entries.c.document_id == document_id)


def rebuild(connection: Connection) -> None:
    """Makes the grams of all entries anew (after a restore, or a change of ``grams``)."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("INSERT INTO search_grams(search_grams) VALUES ('delete-all')"))
    else:
        connection.execute(text("DELETE FROM search_grams"))
    last = 0
    columns = search_entries.c.id, search_entries.c.folded
    while rows := connection.execute(select(*columns).where(columns[0] > last).order_by(columns[0]).limit(2000)).all():
        _index(connection, [(row.id, row.folded) for row in rows])
        last = rows[-1].id


def search(connection: Connection, words: str, limit: int = 50, offset: int = 0) -> list[Hit]:
    """Entries that hold all terms, newest document first; in a document its records, then its text in order."""
    wanted = terms(words)
    condition = _holds(connection, wanted)
    if condition is None:
        return []
    found = (
        select(search_entries)
        .join(documents, documents.c.id == search_entries.c.document_id)
        .where(condition)
        .order_by(
            documents.c.uploaded_at.desc(),
            documents.c.id,
            search_entries.c.record_id.is_(None),
            search_entries.c.start,
            search_entries.c.id,
        )
        .limit(natural(limit))
        .offset(natural(offset))
    )
    hits: dict[tuple[str, str | None, int | None], Hit] = {}
    for row in connection.execute(found):
        hit = _hit(row.document_id, row.record_id, row.start, row.words, row.folded, wanted)
        hits.setdefault((hit.document_id, hit.record_id, hit.start), hit)  # two pieces may hold the same place
    return list(hits.values())


def holding(connection: Connection, term: str) -> Select[str] | None:
    """The ids of the documents with an entry that holds one folded term; None for a term of punctuation only."""
    condition = _holds(connection, [term])
    return None if condition is None else select(search_entries.c.document_id).where(condition)


def contains(connection: Connection, column: ColumnElement[str], term: str) -> ColumnElement[bool]:
    """Whether folded words hold a folded term, letter by letter: no wildcards."""
    find = func.instr if connection.dialect.name == "sqlite" else func.strpos
    return find(column, term) > 0


def _holds(connection: Connection, wanted: Sequence[str]) -> ColumnElement[bool] | None:
    tokens = list(dict.fromkeys(token for term in wanted for token in _asked(term)))[:_TOKENS]
    if not tokens:
        return None
    if connection.dialect.name == "sqlite":
        query = " AND ".join(f"{token}*" if open_ended else token for token, open_ended in tokens)
        sql = "SELECT rowid FROM search_grams WHERE search_grams MATCH :grams"
    else:
        query = " & ".join(f"{token}:*" if open_ended else token for token, open_ended in tokens)
        sql = "SELECT id FROM search_grams WHERE grams @@ CAST(:grams AS tsquery)"
    candidates = text(sql).bindparams(bindparam("grams", query, unique=True)).columns(search_entries.c.id)
    held = (contains(connection, search_entries.c.folded, term) for term in wanted)
    return and_(search_entries.c.id.in_(candidates), *held)


def _hit(
    document_id: str, record_id: str | None, start: int | None, words: str, folded: str, wanted: Sequence[str]
) -> Hit:
    at = folded.find(wanted[0])
    first = max(0, at - _BEFORE)
    snippet = re.sub(r"\s", " ", words[first : at + _AFTER])
    shown = folded[first : first + len(snippet)]
    marks = sorted((found.start(), found.end()) for term in wanted for found in re.finditer(re.escape(term), shown))
    return Hit(document_id, record_id, None if start is None else start + at, snippet, tuple(marks))


def _cuts(length: int) -> Iterable[int]:
    """Where the pieces of a chunk begin."""
    return range(0, max(length - _OVERLAP, min(length, 1)), _PIECE - _OVERLAP)


def _add(connection: Connection, document_id: str, pieces: Iterable[tuple[str | None, int | None, str]]) -> None:
    rows = [
        {"document_id": document_id, "record_id": record_id, "start": start, "words": words, "folded": fold(words)}
        for record_id, start, words in pieces
        if words.strip()
    ]
    if not rows:
        return
    statement = insert(search_entries).returning(search_entries.c.id, sort_by_parameter_order=True)
    ids = connection.scalars(statement, rows).all()
    _index(connection, [(entry, str(row["folded"])) for entry, row in zip(ids, rows, strict=True)])


def _index(connection: Connection, entries: Sequence[tuple[int, str]]) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(
            text("INSERT INTO search_grams(rowid, grams) VALUES (:id, :grams)"),
            [{"id": entry, "grams": " ".join(grams(folded))} for entry, folded in entries],
        )
        return
    connection.execute(
        text("INSERT INTO search_grams(id, grams) VALUES (:id, array_to_tsvector(:grams))"),
        [{"id": entry, "grams": grams(folded)} for entry, folded in entries],
    )


def _remove(connection: Connection, condition: ColumnElement[bool]) -> None:
    if connection.dialect.name == "sqlite":  # a contentless index wants the words again to forget them
        rows = connection.execute(select(search_entries.c.id, search_entries.c.folded).where(condition)).all()
        if not rows:
            return
        connection.execute(
            text("INSERT INTO search_grams(search_grams, rowid, grams) VALUES ('delete', :id, :grams)"),
            [{"id": row.id, "grams": " ".join(grams(row.folded))} for row in rows],
        )
    connection.execute(delete(search_entries).where(condition))
