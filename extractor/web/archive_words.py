"""Targets, contradictions and decisions of the archive as the pages say them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal
from urllib.parse import quote, urlencode

from extractor.archive.domains import DOMAINS, domain_name
from extractor.archive.plot import Words
from extractor.archive.scale import figure
from extractor.store.archive import DecisionRow
from extractor.types.archive import Conflict, Observation
from extractor.types.record import Op

Translate = Callable[..., str]
_SIGNS: dict[Op, str] = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<", "eq": "=", "approx": "≈", "between": ""}
_LONGEST = 240


def domain_in(language: str) -> Callable[[str], str]:
    """Names of domains in the language of the reader."""
    known: Literal["zh", "en"] = "en" if language == "en" else "zh"
    return lambda domain: domain_name(domain, known) if domain in DOMAINS else domain


def plot_words(t: Translate) -> Words:
    """The plot's own words; what is in braces the plot fills in."""
    return Words(
        title=t("archive.plot.title"), axes=t("archive.plot.axes"), series=t("archive.plot.series"),
        point=t("archive.plot.point"), others=t("archive.plot.others"), rest=t("archive.plot.rest"),
        nowhere=t("archive.nowhere"), number=t("archive.plot.number"),
    )  # fmt: skip


def page_of(indicator_id: str) -> str:
    """The address of an indicator's page."""
    return f"/archive/indicators/{quote(indicator_id, safe='')}"


def value(one: Observation) -> str:
    """≥55%, 60—70%; as printed where it has no number."""
    if one.value is None:
        return one.raw or ""
    ends = [one.value] if one.upper is None else [one.value, one.upper]
    per = f"/{one.per}" if one.per else ""
    return f"{_SIGNS[one.op]}{'—'.join(map(figure, ends))}{one.unit or ''}{per}"


def target(one: Observation, documents: Mapping[str, str], t: Translate) -> dict[str, Any]:
    """One row of an indicator's table. ``link``: to its record, where the workspace has its document."""
    document = documents.get(one.document)
    record = urlencode({"record": one.record_id})
    return {
        "id": one.id, "year": one.year, "document_year": one.document_year, "place": one.place.name if one.place else t("archive.nowhere"),
        "parent": one.place.parent if one.place else None, "object": one.object, "value": value(one), "raw": one.raw,
        "metric": one.metric, "strive": one.strength == "strive", "baseline": one.baseline, "text": _cut(one.text), "path": " / ".join(one.path),
        "title": one.title or one.source, "source": one.source, "page": one.page,
        "link": f"/documents/{document}#{record}" if document is not None else None,
    }  # fmt: skip


def conflict(
    one: Conflict, first: Observation, second: Observation, documents: Mapping[str, str], t: Translate
) -> dict[str, Any]:
    """Both sides as ``target`` has them, and a sentence that says what is wrong."""
    ours, theirs = target(first, documents, t), target(second, documents, t)
    said = t(
        f"archive.conflict.{one.kind}",
        year=one.year, place=ours["place"], value=ours["value"], other=theirs["value"],
    )  # fmt: skip
    return {"kind": one.kind, "year": one.year, "said": said, "sides": [ours, theirs], "link": page_of(one.indicator)}


def decided(row: DecisionRow, t: Translate) -> dict[str, Any]:
    """One line of what was decided about an indicator."""
    one = row.decision
    kind = "unname" if one.kind == "rename" and not one.name else one.kind
    said = t(f"archive.decided.{kind}", name=one.name or "", count=len(one.members), others=len(one.others))
    return {"seq": row.seq, "at": one.at, "actor": one.actor, "said": said}


def _cut(words: str) -> str:
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
