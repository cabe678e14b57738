"""The archive as tables for those who work with their own tools: CSV and Parquet files, and SQL over them."""

from __future__ import annotations

import csv
import json
import math
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import StringIO
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from extractor.errors import ExtractorError
from extractor.export.csv import harmless
from extractor.types.archive import Conflict, Indicator, Observation

if TYPE_CHECKING:
    from extractor.archive.align import Aligned

FOLDER = "aligned"
Cell = str | float | int | bool | None

_OBSERVATION: dict[str, tuple[str, Callable[[Observation], Cell]]] = {
    "observation": ("VARCHAR", lambda one: one.id),
    "sha256": ("VARCHAR", lambda one: one.document),
    "source": ("VARCHAR", lambda one: one.source),
    "title": ("VARCHAR", lambda one: one.title),
    "place": ("VARCHAR", lambda one: one.place.name if one.place else None),
    "place_level": ("VARCHAR", lambda one: one.place.level if one.place else None),
    "place_parent": ("VARCHAR", lambda one: one.place.parent if one.place else None),
    "year": ("INTEGER", lambda one: one.year),
    "document_year": ("INTEGER", lambda one: one.document_year),
    "domain": ("VARCHAR", lambda one: one.domain),
    "object": ("VARCHAR", lambda one: one.object),
    "path": ("VARCHAR", lambda one: " / ".join(one.path)),
    "text": ("VARCHAR", lambda one: one.text),
    "metric": ("VARCHAR", lambda one: one.metric),
    "op": ("VARCHAR", lambda one: one.op),
    "value": ("DOUBLE", lambda one: one.value),
    "upper": ("DOUBLE", lambda one: one.upper),
    "unit": ("VARCHAR", lambda one: one.unit),
    "per": ("VARCHAR", lambda one: one.per),
    "baseline": ("VARCHAR", lambda one: one.baseline),
    "raw": ("VARCHAR", lambda one: one.raw),
    "due": ("DATE", lambda one: one.due),
    "strength": ("VARCHAR", lambda one: one.strength),
    "dimension": ("VARCHAR", lambda one: one.quantity.dimension),
    "base": ("VARCHAR", lambda one: one.quantity.base),
    "base_unit": ("VARCHAR", lambda one: one.quantity.unit),
    "base_value": ("DOUBLE", lambda one: one.quantity.value),
    "base_upper": ("DOUBLE", lambda one: one.quantity.upper),
    "start": ("BIGINT", lambda one: one.start),
    "end": ("BIGINT", lambda one: one.end),
    "page": ("INTEGER", lambda one: one.page),
}
_INDICATOR: dict[str, tuple[str, Callable[[Indicator], Cell]]] = {
    "indicator": ("VARCHAR", lambda one: one.id),
    "name": ("VARCHAR", lambda one: one.name),
    "domain": ("VARCHAR", lambda one: one.domain),
    "unit": ("VARCHAR", lambda one: one.unit),
    "observations": ("INTEGER", lambda one: len(one.members)),
    "certainty": ("DOUBLE", lambda one: one.certainty),
    "renamed": ("BOOLEAN", lambda one: one.renamed),
}
_CONFLICT: dict[str, tuple[str, Callable[[Conflict], Cell]]] = {
    "kind": ("VARCHAR", lambda one: one.kind),
    "indicator": ("VARCHAR", lambda one: one.indicator),
    "year": ("INTEGER", lambda one: one.year),
    "first": ("VARCHAR", lambda one: one.first),
    "second": ("VARCHAR", lambda one: one.second),
    "gap": ("DOUBLE", lambda one: one.gap),
}


_READING = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)


class QueryRefused(ExtractorError):
    """The SQL can't be run, or there is nothing to run it over."""


def write_tables(aligned: Aligned, folder: Path) -> list[Path]:
    """``observations``, ``indicators`` and ``conflicts``, each as CSV (UTF-8 with BOM) and Parquet, in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    of = {member: one.id for one in aligned.indicators for member in one.members}
    observed: dict[str, tuple[str, Callable[[Observation], Cell]]] = {
        "indicator": ("VARCHAR", lambda one: of.get(one.id)), **_OBSERVATION
    }  # fmt: skip
    return [
        *_write(folder / "observations", observed, aligned.observations),
        *_write(folder / "indicators", _INDICATOR, aligned.indicators),
        *_write(folder / "conflicts", _CONFLICT, aligned.conflicts),
    ]


def _write(stem: Path, columns: dict[str, tuple[str, Callable[[Any], Cell]]], rows: Iterable[Any]) -> list[Path]:
    """CSV for people, whose words never become formulas; Parquet for programs, from the words as they are."""
    shown, parquet = stem.with_suffix(".csv"), stem.with_suffix(".parquet")
    exact = stem.with_name(f".{stem.name}.{os.getpid()}.part")
    with shown.open("w", encoding="utf-8-sig", newline="") as people, exact.open("w", encoding="utf-8") as raw:
        writer = csv.writer(people)
        writer.writerow(columns)
        for row in rows:
            values = {name: value(row) for name, (_, value) in columns.items()}
            writer.writerow([harmless(each) for each in values.values()])
            raw.write(json.dumps(values, ensure_ascii=False) + "\n")
    try:
        types = {name: kind for name, (kind, _) in columns.items()}
        with duckdb.connect(config={"threads": 1}) as database:
            database.execute(
                f"COPY (SELECT * FROM read_json({_quoted(exact)}, format = 'newline_delimited', columns = {types!r})) "
                f"TO {_quoted(parquet)} (FORMAT parquet, COMPRESSION zstd)"
            )
    finally:
        exact.unlink(missing_ok=True)
    return [shown, parquet]


def query(folder: Path, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Names of columns, those of one name numbered (a, a_2), and rows. Tables: ``documents``, ``records``, ``targets`` of the newest batch below ``folder``, and
    ``observations``, ``indicators``, ``conflicts`` once it is aligned. Nothing outside these files can be read, and none
    be written. Raises ``QueryRefused``.
    """
    with duckdb.connect(config={"threads": 2}) as database:
        named = _tables(folder)
        if not named:
            raise QueryRefused(
                f"{folder} 里没有可查询的表，请先运行 extractor batch 与 extractor align / no tables there: run extractor batch "
                "and extractor align first"
            )
        try:
            for name, pattern in named.items():
                view = '"' + name.replace('"', '""') + '"'
                database.execute(f"CREATE VIEW {view} AS SELECT * FROM read_parquet({_quoted(pattern)})")
            allowed = ", ".join(_quoted(each) for each in {pattern.parent for pattern in named.values()})
            database.execute(f"SET allowed_directories = [{allowed}]")
            database.execute("SET enable_external_access = false")
            database.execute("SET lock_configuration = true")
            statements = duckdb.extract_statements(sql)
            if len(statements) != 1 or statements[0].type not in _READING:
                raise QueryRefused("只能查询，一次一条 / one query at a time, and nothing that writes")
            found = database.execute(statements[0])
            return _apart([column[0] for column in found.description or ()]), found.fetchall()
        except duckdb.Error as error:
            raise QueryRefused(" ".join(str(error).split())[:500]) from error


def _apart(names: Sequence[str]) -> list[str]:
    made: list[str] = []
    for name in names:
        others = (f"{name}_{number}" for number in count(2))
        made.append(name if name not in made else next(one for one in others if one not in made and one not in names))
    return made


def _tables(folder: Path) -> dict[str, Path]:
    results = sorted(folder.glob("results/*/parquet"), key=lambda one: one.stat().st_mtime)
    named: dict[str, Path] = {}
    for inner in sorted(results[-1].iterdir()) if results else ():
        if any(inner.glob("*.parquet")):
            named[inner.name] = inner / "*.parquet"
    for path in sorted((folder / FOLDER).glob("*.parquet")):
        named[path.stem] = path
    return named


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def as_csv(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """The answer of a query as CSV text, whose words never become formulas."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([harmless(name) for name in names])
    writer.writerows([harmless(value) for value in row] for row in rows)
    return out.getvalue()


def as_json(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """An object a row; what JSON has no number for (NaN, infinity) is null."""
    for row in rows:
        said = {name: _finite(value) for name, value in zip(names, row, strict=True)}
        yield json.dumps(said, ensure_ascii=False, default=str, allow_nan=False)


def _finite(value: Any) -> Any:  # noqa: ANN401 - whatever a cell holds
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key if isinstance(key, str) else str(key): _finite(each) for key, each in value.items()}
    return [_finite(each) for each in value] if isinstance(value, list | tuple) else value
