"""Trained components on disk: a folder each, held to the hashes of a manifest before anything of it is read.

Two places. *Shipped*: ``models/`` of the project, which the wheel carries inside the package; its manifest is
part of the package (``shipped.json``). *Site*: a folder that ``extractor train`` wrote for one bureau; its manifest
lies in it. A component of the site goes before the shipped one of the same name. Weights are ``.npz`` (read with
``allow_pickle=False``) or ``.crfsuite``: neither can run code.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from extractor.errors import ArtifactError

FORMAT = 1  # of config.json; a model of a newer format is refused
SITE_MANIFEST = "manifest.json"
_SUFFIXES = frozenset({".json", ".npz", ".crfsuite", ".md"})
Arrays = dict[str, np.ndarray]


@dataclass(frozen=True, slots=True)
class Artifact:
    """One component's folder as read: file name to checked bytes."""

    name: str
    origin: str  # "shipped" or the site's folder
    files: dict[str, bytes]

    @property
    def config(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(self.files["config.json"])
        return loaded

    @property
    def version(self) -> str:
        """Of the weights: the first twelve digits of the hash over all files but the card."""
        digest = hashlib.sha256()
        for name in sorted(name for name in self.files if not name.endswith(".md")):
            digest.update(name.encode() + b"\0" + hashlib.sha256(self.files[name]).digest())
        return digest.hexdigest()[:12]

    def arrays(self, name: str = "weights.npz") -> Arrays:
        """The arrays of an ``.npz``; ArtifactError where it is none, or holds objects."""
        try:
            with np.load(io.BytesIO(self.files[name]), allow_pickle=False) as stored:
                return {key: stored[key] for key in stored.files}
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile, zlib.error) as error:
            raise _damaged(self.name, name) from error


def shipped_folder() -> Path:
    """``models/`` in the installed package, or beside the package in a checkout."""
    package = Path(str(files("extractor")))
    inside = package / "models"
    return inside if inside.is_dir() else package.parent / "models"


def shipped_manifest() -> dict[str, str]:
    """``component/file`` to sha256, as the package says."""
    said = files("extractor.learned").joinpath("shipped.json")
    loaded: dict[str, str] = json.loads(said.read_text(encoding="utf-8")) if said.is_file() else {}
    return loaded


def site_manifest(folder: Path) -> dict[str, str]:
    """The same of a site's folder; empty where it has none."""
    path = folder / SITE_MANIFEST
    if not path.is_file():
        return {}
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ArtifactError(f"{path}: 清单读不出来 / the manifest can't be read: {error}") from error
    if not isinstance(loaded, dict) or not all(isinstance(value, str) for value in loaded.values()):
        raise ArtifactError(f"{path}: 清单的格式不对 / not a manifest of files and hashes")
    return loaded


def open_artifact(name: str, site: Path | None = None) -> Artifact | None:
    """The site's component ``name``, else the shipped one, else None.

    Raises ``ArtifactError`` where a file is missing, differs from its hash, or is of a newer format: a model that is
    not what was measured is not used, and not silently replaced by another.
    """
    if site is not None:
        manifest = site_manifest(site)
        if any(key.startswith(f"{name}/") for key in manifest):
            return _read(name, str(site), site, manifest)
    return _shipped(name)


@cache
def _shipped(name: str) -> Artifact | None:
    manifest = shipped_manifest()
    if not any(key.startswith(f"{name}/") for key in manifest):
        return None
    return _read(name, "shipped", shipped_folder(), manifest)


def _read(name: str, origin: str, folder: Path, manifest: dict[str, str]) -> Artifact:
    found: dict[str, bytes] = {}
    for key, wanted in manifest.items():
        owner, _, file = key.partition("/")
        if owner != name:
            continue
        if "/" in file or ".." in file or Path(file).suffix not in _SUFFIXES:
            raise ArtifactError(f"{key}: 清单中的文件名不允许 / this file name is not allowed in a manifest")
        try:
            content = (folder / name / file).read_bytes()
        except OSError as error:
            raise ArtifactError(
                f"{folder / name / file}: 模型文件缺失或打不开 / a model file is missing or can't be read"
            ) from error
        if hashlib.sha256(content).hexdigest() != wanted:
            raise _damaged(name, file)
        found[file] = content
    artifact = Artifact(name, origin, found)
    if "config.json" not in found:
        raise ArtifactError(f"{folder / name}: 缺少 config.json / config.json is missing")
    if artifact.config.get("format") != FORMAT:
        raise ArtifactError(
            f"{folder / name}: 模型的格式（{artifact.config.get('format')}）与本版本不符，请重新训练 / "
            f"made for another version of the extractor: train it again (extractor train {name})"
        )
    return artifact


def _damaged(name: str, file: str) -> ArtifactError:
    return ArtifactError(
        f"{name}/{file}: 模型文件与清单中的哈希不符，可能损坏或被改动；请重新安装或重新训练 / "
        "a model file is not what the manifest says (damaged or changed): install or train again"
    )


def write_artifact(folder: Path, name: str, contents: dict[str, bytes]) -> dict[str, str]:
    """Writes a component's files below ``folder`` and gives their lines of a manifest."""
    home = folder / name
    home.mkdir(parents=True, exist_ok=True)
    for old in home.iterdir():
        if old.is_file() and old.name not in contents:
            old.unlink()
    for file, content in contents.items():
        (home / file).write_bytes(content)
    return {f"{name}/{file}": hashlib.sha256(content).hexdigest() for file, content in sorted(contents.items())}


def pack(arrays: Arrays) -> bytes:
    """Arrays as the bytes of an ``.npz``, the same for the same arrays (no times inside)."""
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for key in sorted(arrays):
            stored = io.BytesIO()
            np.lib.format.write_array(stored, np.ascontiguousarray(arrays[key]), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{key}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, stored.getvalue())
    return out.getvalue()
