"""Which parts a run is made of: the rules, or a trained component in place of one of them, as the settings say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from extractor.config import ModelsConfig, load_config
from extractor.items.parts import RULES as ITEM_RULES
from extractor.items.parts import ItemParts
from extractor.learned.artifacts import Artifact, open_artifact
from extractor.records.parts import RULES as RECORD_RULES
from extractor.records.parts import RecordParts

# Component to the module whose ``load(artifact)`` gives what takes the rule part's place, and the part it takes.
BUILTIN: dict[str, tuple[str, str]] = {
    "columns": ("extractor.items.learned_columns", "columns"),
    "record": ("extractor.items.learned_record", "judge"),
    "metric": ("extractor.records.learned_metric", "metric"),
    "confidence": ("extractor.records.learned_confidence", "confidence"),
}


@dataclass(frozen=True, slots=True)
class Components:
    """``versions``: of each trained component in use, by name; empty where the rules do it all."""

    items: ItemParts = ITEM_RULES
    records: RecordParts = RECORD_RULES
    versions: dict[str, str] = field(default_factory=dict)

    def with_part(self, name: str, artifact: Artifact) -> Components:
        """With the component ``name`` as ``artifact`` has it."""
        module, part = BUILTIN[name]
        load: Callable[[Artifact], Any] = import_module(module).load
        versions = {**self.versions, name: artifact.version}
        if part in ItemParts.__dataclass_fields__:
            return replace(self, items=replace(self.items, **{part: load(artifact)}), versions=versions)
        return replace(self, records=replace(self.records, **{part: load(artifact)}), versions=versions)


RULES = Components()


@cache
def load_components(models: ModelsConfig | None = None) -> Components:
    """The components that ``models`` (default: the settings' own) names; each read once in a process.

    Raises ``ArtifactError`` where one is damaged, or set to ``learned`` and not there.
    """
    models = models or load_config().models
    site = Path(models.site) if models.site else None
    made = RULES
    for name in BUILTIN:
        said = getattr(models, name)
        if said == "rules":
            continue
        artifact = open_artifact(name, site)
        if artifact is not None:
            made = made.with_part(name, artifact)
    return made
