"""The aligned archive: indicators over years and places, what contradicts, what people decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlencode

from fastapi import Body, Path, Query, Request, Response
from markupsafe import Markup
from starlette.responses import StreamingResponse

from extractor.archive.plot import MOST, plot
from extractor.store.archive import DecisionRow
from extractor.store.archive_pages import IndicatorRow, Wanted
from extractor.types.archive import ConflictKind, Observation
from extractor.web import archive_words
from extractor.web.archive_models import (
    ContradictionList,
    DecidedAnswer,
    DecisionBody,
    DecisionList,
    IndicatorList,
    IndicatorWhole,
    MergeBody,
    OverviewAnswer,
    RenameBody,
    SplitBody,
)
from extractor.web.roles import TABLE
from extractor.web.routes import Asking, InWorkspace, api_router, page_router
from extractor.web.templating import language_of, render, translator
from extractor.workspace.archive import Archive, Shown

router = page_router()
api = api_router("archive")
one_api = api_router("archive", 404)
deciding_api = api_router("archive", 404, 409)

PER_PAGE = 50
ROWS = 200  # targets of an indicator on one page
CANDIDATES = 12  # to merge with
FEW = 20  # contradictions on an indicator's own page
KINDS = get_args(ConflictKind)
SORTS = ("-observations", "name", "-places", "-documents", "-last_year", "-conflicts", "certainty")
Sort = Literal["-observations", "name", "-places", "-documents", "-last_year", "-conflicts", "certainty"]
Words = Annotated[str, Query(max_length=200)]
From = Annotated[int, Query(ge=0, le=1_000_000)]
Year = Annotated[int | None, Query(ge=1900, le=2200)]
IndicatorId = Annotated[str, Path(max_length=200, description="As in the list; it may change with a decision")]
_CSV: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "UTF-8 with a byte order mark, as an attachment",
        "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the form asks for; an unknown choice asks for nothing, as a stale bookmark should."""

    q: str
    domain: str
    place: str
    first: int | None
    last: int | None
    contradicted: bool
    sort: str
    offset: int

    @classmethod
    def of(cls, values: Mapping[str, str], offset: int) -> Filters:
        return cls(
            q=values.get("q", "")[:200].strip(),
            domain=values.get("domain", "")[:100],
            place=values.get("place", "")[:100].strip(),
            first=_year(values.get("first", "")),
            last=_year(values.get("last", "")),
            contradicted=values.get("contradicted") == "1",
            sort=values["sort"] if values.get("sort") in SORTS else SORTS[0],
            offset=offset,
        )

    @property
    def narrow(self) -> bool:
        return any((self.q, self.domain, self.place, self.first, self.last, self.contradicted))

    def wanted(self) -> Wanted:
        return Wanted(
            words=self.q or None, domain=self.domain or None, place=self.place or None, first_year=self.first,
            last_year=self.last, contradicted=self.contradicted, sort=self.sort, offset=self.offset, limit=PER_PAGE,
        )  # fmt: skip

    def link(self, offset: int) -> str:
        kept = {name: value for name, value in asdict(self).items() if value and name != "offset"}
        kept |= {"contradicted": "1"} if self.contradicted else {}
        if kept.get("sort") == SORTS[0]:
            del kept["sort"]
        return "/archive?" + urlencode(kept | ({"offset": offset} if offset else {}))


def _year(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdecimal() and len(said) == 4 else None


def _within(offset: int, total: int, limit: int) -> int:
    """``offset``, or where the last page begins: a bookmark may be older than the archive."""
    return offset if offset < total else max(0, total - 1) // limit * limit


# --- pages --------------------------------------------------------------------------------------------------


@router.get("/archive")
def overview(request: Request, workspace: InWorkspace, offset: From = 0) -> Response:
    """What there is by domain, and the indicators."""
    filters = Filters.of(request.query_params, offset)
    rows, total = workspace.archive.find(filters.wanted())
    if not rows and total:
        filters = replace(filters, offset=_within(offset, total, PER_PAGE))
        rows, total = workspace.archive.find(filters.wanted())
    return render(
        request,
        "archive.html",
        overview=workspace.archive.overview(),
        filters=filters,
        indicators=rows,
        total=total,
        limit=PER_PAGE,
        sorts=SORTS,
        link=filters.link,
        domain_name=archive_words.domain_in(language_of(request)),
    )


@router.get("/archive/indicators/{indicator_id}")
def indicator(
    request: Request,
    workspace: InWorkspace,
    person: Asking,
    indicator_id: IndicatorId,
    place: Annotated[list[str] | None, Query(max_length=50)] = None,
    q: Words | None = None,
    offset: From = 0,
) -> Response:
    """One indicator: its plot, its targets, what contradicts, and what may be decided about it."""
    shown = workspace.archive.indicator(indicator_id)
    language = language_of(request)
    t = translator(language)
    chosen = list(dict.fromkeys(one.strip() for one in place or () if one.strip()))
    rows = _rows(shown, chosen)
    offset = _within(offset, len(rows), ROWS)
    may_decide = person.may(TABLE["POST /api/archive/decisions"])
    return render(
        request,
        "indicator.html",
        shown=shown,
        plot=Markup(plot(shown.timeline, chosen=chosen, words=archive_words.plot_words(t))),  # escaped by its writer
        crowded=len(shown.timeline.series) > MOST,
        labels=[one.label for one in shown.timeline.series if one.label],
        chosen=chosen,
        rows=[archive_words.target(one, shown.documents, t) for one in rows[offset : offset + ROWS]],
        total=len(rows),
        offset=offset,
        limit=ROWS,
        without=lambda label: _here(indicator_id, [one for one in chosen if one != label]),
        link=lambda at: _here(indicator_id, chosen, at),
        conflicts=_conflicts(shown, t),
        q=q or "",
        candidates=_candidates(workspace.archive, shown.row, (q or "").strip()) if may_decide else [],
        decisions=[archive_words.decided(one, t) for one in shown.decisions],
        may_decide=may_decide,
        domain_name=archive_words.domain_in(language),
    )


def _rows(shown: Shown, chosen: list[str]) -> list[Observation]:
    """The targets by year and place; those of the places chosen alone, where any is."""
    if not chosen:
        return shown.observations
    kept = {
        point.observation.id
        for one in shown.timeline.series
        if one.label in chosen
        for point in (*one.points, *one.besides)
    }
    return [one for one in shown.observations if one.id in kept or (one.place is not None and one.place.name in chosen)]


def _here(indicator_id: str, chosen: list[str], offset: int = 0) -> str:
    asked = [*(("place", one) for one in chosen), *([("offset", offset)] if offset else [])]
    return archive_words.page_of(indicator_id) + (f"?{urlencode(asked)}" if asked else "")


def _conflicts(shown: Shown, t: archive_words.Translate) -> list[dict[str, Any]]:
    by_id = {one.id: one for one in shown.observations}
    return [
        archive_words.conflict(one, by_id[one.first], by_id[one.second], shown.documents, t)
        for one in shown.conflicts[:FEW]
    ]


def _candidates(archive: Archive, row: IndicatorRow, words: str) -> list[IndicatorRow]:
    """What it could be merged with: found by the words asked for, else named alike."""
    if not words:
        return archive.alike(row, CANDIDATES)
    found, _ = archive.find(Wanted(words=words, limit=CANDIDATES + 1))
    return [one for one in found if one.id != row.id][:CANDIDATES]


@router.get("/archive/conflicts")
def conflicts(
    request: Request, workspace: InWorkspace, kind: Words = "", domain: Words = "", offset: From = 0
) -> Response:
    """What contradicts, indicator by indicator."""
    wanted: ConflictKind | None = next((one for one in KINDS if one == kind), None)
    found, total = workspace.archive.conflicts(domain=domain or None, kind=wanted, offset=offset, limit=PER_PAGE)
    if not found and total:
        offset = _within(offset, total, PER_PAGE)
        found, total = workspace.archive.conflicts(domain=domain or None, kind=wanted, offset=offset, limit=PER_PAGE)
    documents = workspace.archive.documents(sorted({o.document for one in found for o in (one.first, one.second)}))
    language = language_of(request)
    t = translator(language)
    asked = {name: value for name, value in (("kind", wanted or ""), ("domain", domain)) if value}
    return render(
        request,
        "conflicts.html",
        overview=workspace.archive.overview(),
        rows=[
            archive_words.conflict(one.conflict, one.first, one.second, documents, t) | {"indicator": one.indicator}
            for one in found
        ],
        total=total,
        offset=offset,
        limit=PER_PAGE,
        kinds=KINDS,
        kind=wanted or "",
        domain=domain,
        link=lambda at: "/archive/conflicts?" + urlencode(asked | ({"offset": at} if at else {})),
        domain_name=archive_words.domain_in(language),
    )


# --- the API ------------------------------------------------------------------------------------------------


@api.get("/api/archive", response_model=OverviewAnswer)
def archive_overview(workspace: InWorkspace) -> dict[str, Any]:
    """How much the archive has, in all and by domain."""
    found = workspace.archive.overview()
    places = [{"name": name, "observations": count} for name, count in found.places]
    return {"at": found.at, "whole": asdict(found.whole), "domains": [*map(asdict, found.domains)], "places": places}


@api.get("/api/archive/indicators", response_model=IndicatorList)
def indicators(
    workspace: InWorkspace,
    q: Annotated[str | None, Query(max_length=200)] = None,
    domain: Annotated[str | None, Query(max_length=100)] = None,
    place: Annotated[str | None, Query(max_length=100)] = None,
    first_year: Year = None,
    last_year: Year = None,
    contradicted: bool = False,
    sort: Sort = "-observations",
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> dict[str, Any]:
    """All filters must fit. ``q``: words in the name or in a wording; ``place`` and years: of one of its targets."""
    wanted = Wanted(q or None, domain, place, first_year, last_year, contradicted, sort, offset, limit)
    rows, total = workspace.archive.find(wanted)
    return {"total": total, "indicators": [*map(asdict, rows)]}


@one_api.get("/api/archive/indicators/{indicator_id}", response_model=IndicatorWhole)
def one_indicator(
    workspace: InWorkspace,
    indicator_id: IndicatorId,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=5000)] = 1000,
) -> dict[str, Any]:
    """With its observations, what contradicts among them, and what was decided about them. ``offset`` and ``limit`` are of
    the observations and of the contradictions alike; ``total`` and ``conflicts_total`` say how many of them there are.
    """
    shown = workspace.archive.part(indicator_id, offset, limit)
    return {
        "total": shown.row.observations,
        "conflicts_total": shown.row.conflicts,
        "indicator": asdict(shown.row),
        "observations": [
            asdict(one) | {"id": one.id, "document_id": shown.documents.get(one.document)} for one in shown.observations
        ],
        "conflicts": [*map(asdict, shown.conflicts)],
        "decisions": [*map(_decision, shown.decisions)],
    }


@api.get("/api/archive/conflicts", response_model=ContradictionList)
def contradictions(
    workspace: InWorkspace,
    domain: Annotated[str | None, Query(max_length=100)] = None,
    kind: ConflictKind | None = None,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> dict[str, Any]:
    """Pairs of observations that contradict each other."""
    found, total = workspace.archive.conflicts(domain=domain, kind=kind, offset=offset, limit=limit)
    return {"total": total, "conflicts": [asdict(one.conflict) for one in found]}


@one_api.get("/api/archive/observations.csv", response_class=Response, responses=_CSV)
def observations_csv(
    workspace: InWorkspace, indicator: Annotated[str | None, Query(min_length=1, max_length=200)] = None
) -> Response:
    """The observations of one indicator, or all of the archive."""
    name = "observations.csv" if indicator is None else "indicator.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(workspace.archive.csv(indicator), media_type="text/csv; charset=utf-8", headers=headers)


@api.get("/api/archive/decisions", response_model=DecisionList)
def decisions(
    workspace: InWorkspace,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> dict[str, Any]:
    """What people decided, newest first."""
    rows, total = workspace.archive.decisions(offset, limit)
    return {"total": total, "decisions": [*map(_decision, rows)]}


def _decision(row: DecisionRow) -> dict[str, Any]:
    return asdict(row.decision) | {"seq": row.seq}


@deciding_api.post("/api/archive/decisions", status_code=201, response_model=DecidedAnswer)
def decide(workspace: InWorkspace, person: Asking, body: Annotated[DecisionBody, Body()]) -> dict[str, Any]:
    """Merges two indicators, splits one, gives it a name, or takes an earlier decision back. It holds for every later
    alignment too; what it touches is aligned anew at once.
    """
    archive, actor = workspace.archive, person.name
    if isinstance(body, MergeBody):
        return asdict(archive.merge(body.indicator, body.other, actor))
    if isinstance(body, SplitBody):
        return asdict(archive.split(body.indicator, body.members, actor))
    if isinstance(body, RenameBody):
        return asdict(archive.rename(body.indicator, body.name, actor))
    return asdict(archive.undo(body.seq, actor))


routers = (router, api, one_api, deciding_api)
