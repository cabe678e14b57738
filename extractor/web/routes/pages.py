"""The pages that people see. Their scripts do everything through the API; these only read."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Annotated, Any, get_args
from urllib.parse import urlencode

from fastapi import Query, Request, Response

from extractor.store.documents import Query as Wanted
from extractor.store.documents import State
from extractor.types.record import DocumentKind
from extractor.types.review import Approval
from extractor.web import answers, readable
from extractor.web.identity import Person
from extractor.web.roles import ROLES
from extractor.web.routes import Asking, DocumentId, InWorkspace, page_router
from extractor.web.routes.documents import SORTS
from extractor.web.routes.exchange import FORMATS
from extractor.web.templating import language_of, marked, render, translator
from extractor.workspace.errors import NotFound, NotReady
from extractor.workspace.people import LEAST_PASSWORD
from extractor.workspace.service import Workspace

router = page_router()
PER_PAGE = 50
HITS = 500
HITS_OF_ONE = 3
_LAST = 1_000_000
Words = Annotated[str, Query(max_length=200)]
From = Annotated[int, Query(ge=0, le=_LAST)]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the queue's form asks for; an unknown choice asks for nothing, as a stale bookmark should."""

    q: str
    state: str
    approval: str
    kind: str
    year: int | None
    reviewer: str
    dossier: str
    sort: str
    offset: int

    @classmethod
    def of(cls, values: dict[str, str], offset: int) -> Filters:
        def one_of(name: str, known: tuple[str, ...]) -> str:
            return values.get(name, "") if values.get(name) in known else ""

        year = values.get("year", "")
        return cls(
            q=values.get("q", "")[:200].strip(),
            state=one_of("state", get_args(State)),
            approval=one_of("approval", get_args(Approval)),
            kind=one_of("kind", get_args(DocumentKind)),
            year=int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else None,
            reviewer=values.get("reviewer", "")[:64],
            dossier=values.get("dossier", "")[:64],
            sort=one_of("sort", SORTS) or SORTS[0],
            offset=offset,
        )

    @property
    def narrow(self) -> bool:
        return any((self.q, self.state, self.approval, self.kind, self.year, self.reviewer, self.dossier))

    def query(self) -> Wanted:
        return Wanted(
            words=self.q or None, state=self.state or None, approval=self.approval or None, kind=self.kind or None,
            year=self.year, reviewer=self.reviewer or None, dossier=self.dossier or None, sort=self.sort,
            offset=self.offset, limit=PER_PAGE,
        )  # fmt: skip

    def link(self, offset: int) -> str:
        kept = {name: value for name, value in asdict(self).items() if value and name != "offset"}
        if kept.get("sort") == SORTS[0]:
            del kept["sort"]
        return "/?" + urlencode(kept | ({"offset": offset} if offset else {}))


@router.get("/")
def queue(request: Request, workspace: InWorkspace, person: Asking, offset: From = 0) -> Response:
    """Upload, the documents, filters, the search."""
    filters = Filters.of(dict(request.query_params), offset)
    rows, total = workspace.documents(filters.query())
    dossiers = workspace.dossiers()
    running = any(row.state in {"queued", "running"} for row in rows)
    return render(
        request,
        "queue.html",
        filters=filters,
        documents=rows,
        total=total,
        limit=PER_PAGE,
        hits=_hits(workspace, filters.q),
        filtered=filters.narrow,
        running=running,
        here=filters.link(offset),
        link=filters.link,
        states=get_args(State),
        approvals=get_args(Approval),
        kinds=get_args(DocumentKind),
        sorts=SORTS,
        reviewers=_reviewers(workspace, person),
        dossiers=dossiers,
        dossier_names={one.id: one.name for one in dossiers},
        max_bytes=workspace.most_upload_bytes(),
        can=answers.can(person),
    )


def _reviewers(workspace: Workspace, person: Person) -> list[str]:
    return [] if person.way == "local" else [user.name for user in workspace.people.users() if user.active]


def _hits(workspace: Workspace, words: str) -> dict[str, list[dict[str, Any]]]:
    """Document id → its first hits, records before text."""
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for hit, _ in workspace.search(words, HITS) if words else ():
        of_document = found[hit.document_id]
        if len(of_document) < HITS_OF_ONE:
            place = {"record": hit.record_id} if hit.record_id is not None else {"at": hit.start or 0}
            link = f"/documents/{hit.document_id}#{urlencode(place)}"
            of_document.append({"link": link, "snippet": marked(hit.snippet, hit.marks)})
    return found


@router.get("/documents/{document_id}")
def workspace_page(request: Request, workspace: InWorkspace, person: Asking, document_id: DocumentId) -> Response:
    """The frame that the scripts of the workspace fill."""
    row = workspace.document(document_id)
    return render(
        request, "workspace.html", document=row, answer=answers.document(row, person), formats=FORMATS,
        can=answers.can(person),
    )  # fmt: skip


@router.get("/documents/{document_id}/history")
def history(
    request: Request, workspace: InWorkspace, person: Asking, document_id: DocumentId, offset: From = 0
) -> Response:
    """The log of one document, readable."""
    row = workspace.document(document_id)
    events = workspace.history(document_id)
    t = translator(language_of(request))
    return render(
        request,
        "history.html",
        document=row,
        tab="history",
        rows=[readable.event(event, t) for event in events[offset : offset + PER_PAGE]],
        names=readable.labels(workspace.records(document_id, person.name)["records"]),
        whole=workspace.verify(document_id),
        total=len(events),
        offset=offset,
        limit=PER_PAGE,
        link=lambda at: f"/documents/{row.id}/history?offset={at}",
    )


@router.get("/documents/{document_id}/diff")
def diff(request: Request, workspace: InWorkspace, person: Asking, document_id: DocumentId) -> Response:
    """The current records against the draft."""
    row = workspace.document(document_id)
    try:
        names = readable.labels(workspace.records(document_id, person.name)["records"])
        found = readable.difference(workspace.diff(document_id), names, translator(language_of(request)))
    except NotReady:
        found = None
    return render(request, "diff.html", document=row, tab="diff", records=found)


@router.get("/help")
def help_page(request: Request) -> Response:
    """How to work here."""
    return render(request, "help.html")


@router.get("/account")
def account(request: Request, workspace: InWorkspace, person: Asking) -> Response:
    """One's own password and tokens."""
    own = workspace.people.tokens(person.name) if person.way != "local" else []
    tokens = [token for token in own if token.revoked_at is None]
    return render(request, "account.html", tokens=tokens, shortest=LEAST_PASSWORD)


@router.get("/users")
def users(request: Request, workspace: InWorkspace) -> Response:
    """Accounts; the first one must be an administrator's."""
    found = workspace.people.users()
    choice = "reviewer" if found else "admin"
    return render(request, "users.html", users=found, roles=ROLES, shortest=LEAST_PASSWORD, first_choice=choice)


@router.get("/settings")
def settings(request: Request, workspace: InWorkspace) -> Response:
    """What the administrator can set."""
    return render(request, "settings.html", settings=workspace.settings().shown())


@router.get("/audit")
def audit(
    request: Request, workspace: InWorkspace, offset: From = 0, actor: Words = "", action: Words = ""
) -> Response:
    """Everything that was done, newest first."""
    rows, total = workspace.audit(actor=actor.strip() or None, action=action or None, offset=offset, limit=PER_PAGE)
    t = translator(language_of(request))
    names = _names(
        workspace, {row.subject for row in rows if row.seq is not None or row.action in readable.OF_DOCUMENT}
    )
    asked = {name: value for name, value in (("actor", actor.strip()), ("action", action)) if value}
    return render(
        request,
        "audit.html",
        rows=[readable.audit(row, names.get(row.subject), t) for row in rows],
        total=total,
        limit=PER_PAGE,
        filters={"actor": actor, "action": action, "offset": offset},
        actions=readable.AUDITED,
        link=lambda at: f"/audit?{urlencode(asked | {'offset': at})}",
    )


def _names(workspace: Workspace, ids: set[str]) -> dict[str, str]:
    """Document id → its name; those that are gone are left out."""
    found = {}
    for one in ids:
        with suppress(NotFound):
            found[one] = workspace.document(one).name
    return found


routers = (router,)
