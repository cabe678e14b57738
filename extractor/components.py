"""Which parts a run is made of: the rules, or a trained component in place of one of them, as the settings say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from re import Pattern
from typing import Any

from extractor.config import ModelsConfig, load_config
from extractor.items.parts import RULES as ITEM_RULES
from extractor.items.parts import ItemParts
from extractor.learned.artifacts import SITE_MANIFEST, Artifact, open_artifact
from extractor.mentions.responsible import whole_names
from extractor.records.parts import RULES as RECORD_RULES
from extractor.records.parts import RecordParts
from extractor.text.vocabulary import NO_WORDS, Words, read_vocabulary

# Component to the module whose ``load(artifact)`` gives what takes the rule part's place, and the part it takes.
BUILTIN: dict[str, tuple[str, str]] = {
    "columns": ("extractor.items.learned_columns", "columns"),
    "record": ("extractor.items.learned_record", "judge"),
    "metric": ("extractor.records.learned_metric", "metric"),
    "confidence": ("extractor.records.learned_confidence", "confidence"),
}


@dataclass(frozen=True, slots=True)
class Components:
    """``versions``: of each trained component in use, by name; empty where the rules do it all.

    ``words``: the bureau's own; ``whole`` matches those of its units that the rules would cut.
    """

    items: ItemParts = ITEM_RULES
    records: RecordParts = RECORD_RULES
    versions: dict[str, str] = field(default_factory=dict)
    words: Words = NO_WORDS
    whole: Pattern[str] | None = None

    def with_part(self, name: str, artifact: Artifact) -> Components:
        """With the component ``name`` as ``artifact`` has it."""
        module, part = BUILTIN[name]
        load: Callable[[Artifact], Any] = import_module(module).load
        versions = {**self.versions, name: artifact.version}
        if part in ItemParts.__dataclass_fields__:
            made = load(artifact)
            more = {"known": made.known} if part == "columns" else {}  # what reads columns also finds their header
            return replace(self, items=replace(self.items, **{part: made}, **more), versions=versions)
        return replace(self, records=replace(self.records, **{part: load(artifact)}), versions=versions)

    def with_words(self, words: Words) -> Components:
        """With a bureau's vocabulary: its columns go before the rules and before what was trained."""
        items = self.items.with_columns(words.columns) if words.columns else self.items
        return replace(self, items=items, words=words, whole=whole_names(words.units))


RULES = Components()


def load_components(models: ModelsConfig | None = None) -> Components:
    """The components that ``models`` (default: the settings' own) names; each read once in a process, and again when
    the site's manifest or the vocabulary has changed.

    A part whose component is nowhere stays with the rules. Raises ``ArtifactError`` where one is damaged, ``ConfigError``
    where the vocabulary can't be read.
    """
    models = models or load_config().models
    trained = models.model_copy(update={"vocabulary": ""})
    manifest = _stamp(str(Path(models.site) / SITE_MANIFEST)) if models.site else None
    if not models.vocabulary:
        return _trained(trained, manifest)
    return _with_words(trained, manifest, models.vocabulary, _stamp(models.vocabulary))


_Stamp = tuple[int, int, int] | None


def _stamp(path: str) -> _Stamp:
    """Tells one content of a file from the next; None where there is none."""
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


@lru_cache(maxsize=4)
def _with_words(trained: ModelsConfig, manifest: _Stamp, vocabulary: str, _: _Stamp) -> Components:
    return _trained(trained, manifest).with_words(read_vocabulary(Path(vocabulary)).words())


@lru_cache(maxsize=4)
def _trained(models: ModelsConfig, _: _Stamp) -> Components:
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
