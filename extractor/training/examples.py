"""Documents with gold: what components learn from and are measured on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractor.errors import ConfigError

Gold = dict[str, Any]  # in the contract's shape, with the liberties of annotations/guidelines.md


@dataclass(frozen=True, slots=True)
class Example:
    """``name`` is ``group/stem``: whole examples are held out together, groups reported apart."""

    name: str
    source: Path
    gold: Gold

    @property
    def group(self) -> str:
        return self.name.partition("/")[0]


def read_examples(gold: Path, documents: Sequence[Path], group: str) -> list[Example]:
    """Each ``*.json`` of ``gold`` with the document whose name without suffix is that of its ``source_name``.

    ``documents`` are folders, searched in order (not below). Raises ``ConfigError`` for gold that is no gold, or
    whose document is not there: a figure over half the documents would look like one over all.
    """
    found = []
    for path in sorted(gold.glob("*.json")):
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            stem = Path(said["document"]["source_name"]).stem
            _ = said["records"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ConfigError(f"{path}: 不是标准答案文件 / not a gold file: {error!r}") from error
        source = _document(stem, documents)
        if source is None:
            where = "、".join(map(str, documents))
            raise ConfigError(f"{path}: 在 {where} 中找不到文件 {stem}.* / no document {stem}.* there")
        found.append(Example(f"{group}/{stem}", source, said))
    if not found:
        raise ConfigError(f"{gold}: 没有标准答案（*.json）/ no gold (*.json) there")
    return found


def _document(stem: str, folders: Iterable[Path]) -> Path | None:
    for folder in folders:
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.stem == stem and path.is_file() and path.suffix != ".json":
                return path
    return None
