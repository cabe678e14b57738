"""Results of the sample documents, each extracted once a test run, and what must hold for every result."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

from extractor import Result, extract
from extractor.config import Config, load_config
from extractor.text.view import make_view
from extractor.types.record import Evidence, EvidencePart, IndicatorRecord

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpus"
FOLDERS = ("txt", "docx", "xlsx", "html", "pdf")
MANIFEST = [json.loads(line) for line in (CORPUS / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
# What the rules are held to; documents of the split "train" are for learned parts, and rules were not written with them.
RULED = sorted({entry["document"] for entry in MANIFEST if entry["split"] != "train"})
FILES = sorted(path for folder in FOLDERS for path in (CORPUS / folder).glob("*.*"))


@cache
def result_of(path: Path) -> Result:
    """As a user gets it, with the components that are shipped."""
    return extract(path)


def rules_only() -> Config:
    """Settings with which no trained component is used. What the rules are held to is measured so: the components have
    learnt from the very documents that it is measured on.
    """
    config = load_config()
    rules = dict.fromkeys(("columns", "record", "metric", "confidence"), "rules")
    return config.model_copy(update={"models": config.models.model_copy(update=rules)})


@cache
def by_rules(path: Path) -> Result:
    return extract(path, config=rules_only())


def squeeze(text: str) -> str:
    return re.sub(r"[\s\u3000\u00a0\ufeff\u200b]+", "", text)


def normal(text: str) -> str:
    return squeeze(make_view(text).text)


def problems(result: Result) -> list[str]:
    """What does not hold, told by record number, field and offsets alone."""
    found = [f"record {at}: {each}" for at, record in enumerate(result.records) for each in _of_record(result, record)]
    starts = [record.evidence.start for record in result.records]
    found.extend(f"records {at}, {at + 1}: not in reading order" for at, (a, b) in enumerate(pairwise(starts)) if b < a)
    ids = [record.record_id for record in result.records]
    if len(set(ids)) != len(ids):
        found.append("record ids are not unique")
    for name, evidence in result.info.evidence.items():
        found.extend(f"document.{name}: {each}" for each in _of_place(result, evidence))
    for at, each in enumerate(result.unclaimed):
        found.extend(f"unclaimed {at}: {problem}" for problem in _of_place(result, each.evidence))
        if squeeze(each.text) != squeeze(_words(result, each.evidence)):
            found.append(f"unclaimed {at}: text is not at its evidence")
    return found


def _words(result: Result, at: EvidencePart) -> str:
    return result.document.text[at.start : at.end]


def _of_record(result: Result, record: IndicatorRecord) -> Iterator[str]:
    yield from _of_place(result, record.evidence)
    if squeeze(record.text) != squeeze(_words(result, record.evidence)):
        yield "text is not at its evidence"
    if not record.text:
        yield "empty"
    for target in record.targets:
        if target.evidence is None or squeeze(str(target.raw)) != normal_if(
            target.raw, _words(result, target.evidence)
        ):
            yield f"target raw is not at its evidence {target.evidence and target.evidence.start}"
        yield from _of_date(target.due)
    if bool(record.targets) != (record.kind == "target"):
        yield f"kind {record.kind} with {len(record.targets)} targets"
    for deadline in record.deadlines:
        if deadline.evidence is None or squeeze(deadline.raw) != squeeze(_words(result, deadline.evidence)):
            yield "deadline raw is not at its evidence"
        for day in (deadline.start, deadline.end):
            yield from _of_date(day)
        if not (deadline.start or deadline.end or deadline.recurrence):
            yield "deadline says nothing"
    for each in record.responsible:
        if each.evidence is None or normal(each.name) not in normal(_words(result, each.evidence)):
            yield "name is not at its evidence"
    yield from _of_fields(result, record)


def normal_if(raw: str | None, words: str) -> str:
    """A quota cell's raw is normalised, an item's is verbatim: both stand at their evidence."""
    return squeeze(words) if squeeze(str(raw)) == squeeze(words) else normal(words)


def _of_fields(result: Result, record: IndicatorRecord) -> Iterator[str]:
    checks: dict[str, Callable[[str, str], bool]] = {
        "path": lambda said, words: normal(said) in normal(words),
        "points": lambda said, words: said in normal(words),
        "row_points": lambda said, words: said in normal(words),
        "scoring_text": lambda said, words: squeeze(said) == squeeze(words),
        "notes": lambda said, words: squeeze(words) in squeeze(said),
        "assessed": lambda said, words: normal(said) in normal(words),
    }
    for name, places in record.field_evidence.items():
        value = getattr(record, name)
        said = list(value) if isinstance(value, tuple) else [value] * len(places)
        for one, place in zip(said, places, strict=False):
            yield from (f"{name}: {each}" for each in _of_place(result, place))
            if one is not None and not checks[name](
                f"{one:g}" if isinstance(one, int | float) else one, _words(result, place)
            ):
                yield f"{name} is not at its evidence {place.start}"


def _of_place(result: Result, at: Evidence) -> Iterator[str]:
    if not 0 <= at.start <= at.end <= len(result.document.text):
        yield f"evidence {at.start}-{at.end} outside the text"
    for part in at.parts:
        if not at.start <= part.start < part.end <= at.end:
            yield f"part {part.start}-{part.end} outside {at.start}-{at.end}"
    if any(b.start < a.end for a, b in pairwise(at.parts)):
        yield f"parts overlap at {at.start}"
    if at.parts:
        inside = "".join(squeeze(_words(result, part)) for part in at.parts)
        if inside != squeeze(_words(result, at)):
            yield f"parts leave out words at {at.start}"
    sizes = {page.number: page for page in result.document.pages}
    for place in (at, *at.parts):
        if place.bbox is not None:
            x0, top, x1, bottom = place.bbox
            page = sizes.get(place.page or 0)
            if page is None or not (-1 <= x0 <= x1 <= page.width + 1 and -1 <= top <= bottom <= page.height + 1):
                yield f"box outside its page at {place.start}"
    if result.document.source.format == "pdf" and at.end > at.start and at.page is None:
        yield f"no page at {at.start}"


def _of_date(day: str | None) -> Iterator[str]:
    if day is not None:
        try:
            date.fromisoformat(day)
        except ValueError:
            yield f"{day} is no day"
