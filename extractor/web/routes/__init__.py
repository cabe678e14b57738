"""The routes, by subject. Blocking work runs in FastAPI's thread pool: endpoints are plain functions."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request

from extractor.web.identity import GuardedRoute, Person
from extractor.web.identity import actor as _actor
from extractor.web.refusals import responses
from extractor.workspace.service import Workspace


def _workspace(request: Request) -> Workspace:
    workspace: Workspace = request.app.state.workspace
    return workspace


InWorkspace = Annotated[Workspace, Depends(_workspace)]
Asking = Annotated[Person, Depends(_actor)]
DocumentId = Annotated[str, Path(max_length=64, description="The first 20 hexadecimal digits of the file's SHA-256")]


def api_router(tag: str, *statuses: int) -> APIRouter:
    """A router whose routes pass the gate and document the refusals of all and of ``statuses``."""
    return APIRouter(route_class=GuardedRoute, tags=[tag], responses=responses(*statuses))


def page_router() -> APIRouter:
    """A router of pages, which OpenAPI does not describe."""
    return APIRouter(route_class=GuardedRoute, include_in_schema=False)


def documented(model: Any, description: str = "Successful Response") -> dict[int | str, dict[str, Any]]:  # noqa: ANN401 - a type
    """OpenAPI of an answer that is written as bytes."""
    return {200: {"model": model, "description": description}}
