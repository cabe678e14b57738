"""Observations made up for tests: a record each, of invented places and documents."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any, cast

from extractor.types.archive import Indicator, Observation, Place, PlaceLevel, Quantity
from extractor.types.record import Op

NATION = Place("全国", "national")
PROVINCE = Place("云岭省", "province")
CITY = Place("溪宁市", "city", "云岭省")
OTHER_CITY = Place("岚川市", "city", "云岭省")
COUNTY = Place("青禾县", "county", "溪宁市")
BEDS = "护理型床位占比"


def sha(name: str) -> str:
    return hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()


def observation(
    value: float | None,
    year: int | None = 2025,
    place: Place | None = CITY,
    *,
    document: str | None = None,
    document_year: int | None = 2021,
    op: str = "ge",
    upper: float | None = None,
    unit: str = "%",
    metric: str = BEDS,
    quantity: Quantity | None = None,
    **more: Any,
) -> Observation:
    """``document``: its name, else one of the place and the year. Without ``quantity`` value and unit stand for one."""
    source = document or f"{place.name if place else '某地'}{document_year}年工作要点.docx"
    raw = f"{value:g}{unit}" if value is not None else unit
    said = f"{metric}达到{raw}"
    told = (source, metric, place, year, value, op, upper, more.get("object"))
    of = {
        "document": sha(source), "source": source, "title": source.removesuffix(".docx"),
        "record_id": sha(repr(told))[:16], "target": 0, "place": place, "year": year, "document_year": document_year,
        "domain": "养老服务", "object": None, "path": ("一、养老服务",), "text": said, "metric": metric,
        "op": cast("Op", op), "value": value, "upper": upper, "unit": unit, "per": None, "baseline": None, "raw": raw,
        "due": None if year is None else f"{year}-12-31", "strength": None, "start": 20, "end": 20 + len(said), "page": 3,
        "quantity": quantity or Quantity("share", "", unit, value, upper),
    }  # fmt: skip
    return Observation(**{**of, **more})


def indicator(*members: Observation, name: str | None = None, certainty: float = 0.9) -> Indicator:
    """Called as an alignment would call it."""
    first = members[0]
    ids = tuple(sorted(one.id for one in members))
    return Indicator(sha(ids[0])[:16], name or first.metric, first.domain, first.unit, ids, certainty)


def place(name: str, level: str, parent: str | None = None) -> Place:
    return Place(name, cast("PlaceLevel", level), parent)


def again(one: Observation, **changes: Any) -> Observation:
    """The same target in a record of its own."""
    return replace(one, record_id=sha(one.record_id + repr(changes))[:16], **changes)
