"""Many rows as one parameter: a statement for each costs several times as much on either database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnClause, Connection, FromClause, Text, cast, column, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB

_Value = TypeVar("_Value")


def batches(values: Iterable[_Value], size: int = 500) -> Iterator[list[_Value]]:
    """In order, ``size`` at a time."""
    rest = iter(values)
    while batch := list(islice(rest, size)):
        yield batch


def rows_of(
    connection: Connection, rows: Sequence[Mapping[str, str | int | None]], columns: Iterable[ColumnClause[Any]]
) -> FromClause:
    """These rows, to select from; their names are those of the columns, whose types they have.

    Texts must be ``clean`` (or ``escaped``) already.
    """
    given = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    if connection.dialect.name == "sqlite":
        each = func.json_each(given).table_valued("value")
        of = [func.json_extract(each.c.value, f"$.{one.name}", type_=one.type).label(one.name) for one in columns]
        return select(*of).subquery("given")
    records = func.jsonb_to_recordset(cast(literal(given, Text()), JSONB))
    named = [column(one.name, one.type) for one in columns]
    return records.table_valued(*named, name="given").render_derived(with_types=True)
