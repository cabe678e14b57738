"""A full shard of JSON lines once more as Parquet: documents, records and targets, a file each."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

TABLES = ("documents", "records", "targets")

_EVIDENCE = 'STRUCT(start BIGINT, "end" BIGINT, page INTEGER)'
_TARGET = (
    "STRUCT(metric VARCHAR, op VARCHAR, value DOUBLE, upper DOUBLE, unit VARCHAR, per VARCHAR, baseline VARCHAR, "
    "implicit BOOLEAN, alternative INTEGER, due DATE, scope VARCHAR, raw VARCHAR, strength VARCHAR, "
    f"evidence {_EVIDENCE})"
)
_RECORD = (
    "STRUCT(record_id VARCHAR, path VARCHAR[], number VARCHAR, text VARCHAR, kind VARCHAR, tier VARCHAR, "
    "points DOUBLE, row_points DOUBLE, per_occurrence BOOLEAN, points_cap DOUBLE, "
    f"targets {_TARGET}[], "
    'deadlines STRUCT(raw VARCHAR, "by" VARCHAR, start DATE, "end" DATE, recurrence VARCHAR)[], '
    "responsible STRUCT(name VARCHAR, role VARCHAR, canonical VARCHAR)[], assessed VARCHAR[], "
    f"scoring_text VARCHAR, notes VARCHAR, evidence {_EVIDENCE}, confidence DOUBLE, status VARCHAR)"
)
_DOCUMENT = (
    "STRUCT(source_name VARCHAR, sha256 VARCHAR, title VARCHAR, document_number VARCHAR, issuer VARCHAR, "
    "issued_on DATE, year INTEGER, period INTEGER[], kind VARCHAR, addressee VARCHAR)"
)
_COLUMNS = {
    "extractor_version": "VARCHAR",
    "document": _DOCUMENT,
    "records": f"{_RECORD}[]",
    "unclaimed": "STRUCT(text VARCHAR)[]",
}
_QUERIES = {
    "documents": "SELECT document.*, extractor_version, len(records) AS records, len(unclaimed) AS unclaimed FROM shard",
    "records": (
        "SELECT document.sha256 AS sha256, r.* EXCLUDE (targets, evidence), len(r.targets) AS targets, "
        'r.evidence.start AS start, r.evidence."end" AS "end", r.evidence.page AS page '
        "FROM shard, unnest(records) AS each(r)"
    ),
    "targets": (
        "SELECT document.sha256 AS sha256, r.record_id AS record_id, place - 1 AS target, t.* EXCLUDE (evidence), "
        'coalesce(t.evidence.start, r.evidence.start) AS start, coalesce(t.evidence."end", r.evidence."end") AS "end", '
        "coalesce(t.evidence.page, r.evidence.page) AS page "
        "FROM (SELECT document, r, unnest(r.targets) AS t, generate_subscripts(r.targets, 1) AS place "
        "FROM (SELECT document, unnest(records) AS r FROM shard))"
    ),
}


def write_parquet(shard: Path, folder: Path, *, memory_mb: int = 1000) -> None:
    """Writes ``folder/<table>/<shard>.parquet`` for each of ``TABLES``, whole or not at all; dates as DATE, offsets as
    in the contract, positions from 0. A shard that is empty or gone gives none. Raises ``duckdb.Error``, and ``OSError``.
    """
    if not shard.is_file() or not (size := shard.stat().st_size):
        return
    with duckdb.connect(config={"threads": 1, "memory_limit": f"{memory_mb}MB"}) as database:
        database.execute("SET preserve_insertion_order = true")
        # One document is one JSON object, however large: at the most the whole shard.
        database.execute(
            "CREATE TEMP VIEW shard AS SELECT * FROM read_json("
            f"{_quoted(shard)}, format = 'newline_delimited', columns = {_COLUMNS!r}, "
            f"maximum_object_size = {max(size, 1 << 24)})"
        )
        for table, query in _QUERIES.items():
            place = folder / table / f"{shard.stem}.parquet"
            place.parent.mkdir(parents=True, exist_ok=True)
            beside = place.with_suffix(f".{os.getpid()}.part")
            try:
                database.execute(f"COPY ({query}) TO {_quoted(beside)} (FORMAT parquet, COMPRESSION zstd)")
                beside.replace(place)
            finally:
                beside.unlink(missing_ok=True)


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
