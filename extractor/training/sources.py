"""The documents that lie with the project: its own, and the public ones beside a clone where they are."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from extractor.errors import ConfigError
from extractor.training.examples import Example, read_examples

OWN, SEEN, SHARED = "corpus", "corpus-seen", "shared"  # groups
PROJECT = (OWN, SEEN, SHARED)
TUNED = (SEEN, SHARED)  # rules were written with these documents: they do better there than on any other
_UNSEEN = "train"  # the split of ``corpus/manifest.jsonl`` that nobody wrote rules for


def project_root() -> Path | None:
    """The checkout that the package runs from; None for an installed package, which carries no documents."""
    root = Path(str(files("extractor"))).parent
    return root if (root / "annotations").is_dir() and (root / "corpus" / "txt").is_dir() else None


def project_examples(root: Path | None = None) -> list[Example]:
    """The project's documents, none where there is no checkout.

    Groups: ``corpus``, which the rules have never been held to; ``corpus-seen`` and ``shared`` (``../shared/gold``, left
    out where it is absent), which they were written with.
    """
    root = root or project_root()
    if root is None:
        return []
    seen = {stem for stem, split in _splits(root / "corpus" / "manifest.jsonl").items() if split != _UNSEEN}
    own = read_examples(root / "annotations", [root / "corpus" / "txt"], OWN)
    found = [_in_group(each, SEEN) if each.source.stem in seen else each for each in own]
    shared = root.parent / "shared"
    if (shared / "gold").is_dir():
        folders = [shared / "corpus" / "seeds", shared / "corpus" / "real"]
        found = [*read_examples(shared / "gold", folders, SHARED), *found]
    return found


def without_doubles(examples: Iterable[Example]) -> list[Example]:
    """Each document once, whatever it is called: folds would hold out one copy and learn from the other. The project's
    copy gives way to the user's. ``ConfigError`` where two have one name, or the user gives one document twice.
    """
    found = list(examples)
    for name, times in Counter(each.name for each in found).items():
        if times > 1:
            raise ConfigError(f"{name}: 有两份标准答案，请改文件夹的名字 / gold twice: rename one of the folders")
    given: dict[bytes, str] = {}
    for each in found:
        if each.group not in PROJECT:
            other = given.setdefault(_bytes_of(each), each.name)
            if other != each.name:
                raise ConfigError(
                    f"{other}、{each.name}: 同一份文件有两份标准答案，请去掉一份 / one document, gold twice: leave one out"
                )
    if not given:
        return found
    return [each for each in found if each.group not in PROJECT or _bytes_of(each) not in given]


def _bytes_of(example: Example) -> bytes:
    return hashlib.sha256(example.source.read_bytes()).digest()


def _splits(manifest: Path) -> dict[str, str]:
    """Document → split."""
    lines = manifest.read_text(encoding="utf-8").splitlines() if manifest.is_file() else []
    return {said["document"]: said["split"] for said in map(json.loads, lines)}


def _in_group(example: Example, group: str) -> Example:
    return replace(example, name=f"{group}/{example.name.partition('/')[2]}")
