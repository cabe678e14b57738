"""The figures over folders of gold: what to measure, with which parts, and the rows that tell it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from extractor.components import BUILTIN, Components
from extractor.config import ModelsConfig
from extractor.errors import ConfigError
from extractor.formats import read_document
from extractor.learned.artifacts import site_manifest
from extractor.pipeline import extract_document
from extractor.training.examples import Example, read_examples
from extractor.training.scoring import DocumentScore, Row, figures, score, total

GroupRows = dict[str, dict[str, Row]]  # "folder" or "kind" → name → figures


class _Part(BaseModel):
    """Of a gold file, which people write by hand: what the figures rely on; more is allowed."""

    model_config = ConfigDict(extra="allow")


class _Target(_Part):
    metric: str
    op: str
    unit: str | None = None
    due: str | None = None
    per: str | None = None
    scope: str | None = None
    baseline: str | None = None


class _Deadline(_Part):
    start: str | None = None
    end: str | None = None
    recurrence: str | None = None


class _Who(_Part):
    name: str
    role: str | None = None


class _Record(_Part):
    text: str
    kind: Literal["target", "task", "bonus", "penalty", "veto"]
    tier: str | None = None
    path: list[str] | None = None
    targets: list[_Target] | None = None
    deadlines: list[_Deadline] | None = None
    responsible: list[_Who] | None = None


class _GoldFile(_Part):
    document: dict[str, Any]
    records: list[_Record]


@dataclass(frozen=True, slots=True)
class Measured:
    """An example and how near the result came to it."""

    example: Example
    score: DocumentScore


def gold_examples(gold: Path, documents: Sequence[Path]) -> list[Example]:
    """The gold of the folder ``gold`` and of the folders in it, each a group by its name.

    Raises ``ConfigError`` where there is none, where a file is no gold or has no document in ``documents``, and where
    two are for one document of a group.
    """
    folders = [gold, *sorted(each for each in gold.iterdir() if each.is_dir())] if gold.is_dir() else [gold]
    filled = [folder for folder in folders if any(folder.glob("*.json"))]
    examples = [each for folder in filled or [gold] for each in read_examples(folder, documents, folder.resolve().name)]
    seen: set[str] = set()
    for example in examples:
        _check(example)
        if example.name in seen:
            raise ConfigError(f"{example.name}: 有两份标准答案 / there are two gold files for this document")
        seen.add(example.name)
    return examples


def _check(example: Example) -> None:
    try:
        _GoldFile.model_validate(example.gold)
    except ValidationError as error:
        first = error.errors()[0]
        where = "/".join(map(str, first["loc"]))
        raise ConfigError(
            f"{example.name}: 标准答案的 {where} 不对 / the gold's {where} is wrong: {first['msg']}"
        ) from error


def chosen_models(models: ModelsConfig, choice: str | None) -> ModelsConfig:
    """``models`` of the settings, unless ``choice`` is ``rules``, ``learned`` (what is shipped) or a folder that
    ``extractor train`` wrote. Raises ``ConfigError`` for a folder without trained components.
    """
    if choice is None:
        return models
    if choice in ("rules", "learned"):
        return models.model_copy(update={**dict.fromkeys(BUILTIN, choice), "site": ""})
    if not site_manifest(Path(choice)):
        raise ConfigError(
            f"{choice}: 没有训练好的部件；可用 rules、learned 或 extractor train 写的文件夹 / "
            "no trained components there: give rules, learned, or a folder that extractor train wrote"
        )
    return models.model_copy(update={**dict.fromkeys(BUILTIN, "learned"), "site": choice})


def measure(example: Example, components: Components) -> Measured:
    """Extracts anew and scores. Raises what the reading of the document raises."""
    made = extract_document(read_document(example.source), components=components).to_contract()
    return Measured(example, score(example.gold, made.model_dump(mode="json"), example.name))


def unread(example: Example) -> Measured:
    """As if the document had given no record, which is what counts for one that can't be read."""
    return Measured(example, score(example.gold, {"document": {}, "records": []}, example.name))


def group_rows(measured: Iterable[Measured]) -> GroupRows:
    """Pooled figures by folder of the gold, and by the document's kind (the first where the gold takes several)."""
    groups: dict[str, dict[str, list[DocumentScore]]] = {"folder": defaultdict(list), "kind": defaultdict(list)}
    for each in measured:
        kind = each.example.gold["document"].get("kind") or "other"
        groups["folder"][each.example.group].append(each.score)
        groups["kind"][kind[0] if isinstance(kind, list) else kind].append(each.score)
    return {
        name: {group: figures(total(scores)) for group, scores in sorted(found.items())}
        for name, found in groups.items()
    }
