"""The project's own trained components: ``models/`` of a checkout, and the manifest that the package holds them to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from extractor.errors import OutputError
from extractor.learned.artifacts import Artifact, write_artifact
from extractor.training.gate import Figures, keep_aside
from extractor.training.sources import project_root

MOST_BYTES = 20_000_000  # of all weights together: the wheel carries them


def ship(name: str, files: Mapping[str, bytes], root: Path | None = None) -> Artifact:
    """Writes ``models/<name>/`` and its lines of ``extractor/learned/shipped.json``. Raises ``OutputError`` where that
    can't be written, or all together would be larger than a package should carry.
    """
    root = _checkout(root)
    manifest = root / "extractor" / "learned" / "shipped.json"
    said: dict[str, str] = json.loads(manifest.read_text(encoding="utf-8")) if manifest.is_file() else {}
    kept = {key: value for key, value in said.items() if not key.startswith(f"{name}/")}
    try:
        size = sum((root / "models" / key).stat().st_size for key in kept) + sum(map(len, files.values()))
        if size > MOST_BYTES:
            raise OutputError(f"{name}: 模型共 {size} 字节，最多 {MOST_BYTES} / the models together are too large")
        lines = write_artifact(root / "models", name, dict(files))
        text = json.dumps({**kept, **lines}, indent=1, sort_keys=True) + "\n"
        manifest.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{root}: 写不了 / can't write: {error.strerror}") from error
    return Artifact(name, str(root / "models" / name), dict(files))


def put_aside(
    name: str, files: Mapping[str, bytes], reasons: Sequence[str], figures: Mapping[str, Mapping[str, Figures]]
) -> Path:
    """As ``gate.keep_aside``, below ``out/``, which no package carries."""
    return keep_aside(_checkout(None) / "out" / "models", name, files, reasons, figures)


def _checkout(root: Path | None) -> Path:
    found = root or project_root()
    if found is None:
        raise OutputError("不在源码目录里 / not a checkout")
    return found
