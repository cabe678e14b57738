"""What the ledger and the cache are keyed by: versions that change when, and only when, results may."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable

from extractor import __version__
from extractor.components import load_components
from extractor.config import ModelsConfig

# What a parsed document depends on beside our own readers.
_READING = ("pypdfium2", "pdfplumber", "python-docx", "lxml", "openpyxl")
_PARSING = ("formats", "types", "errors.py")
# These make records out of a parsed document; what lies elsewhere in the package can't change one.
_EXTRACTING = ("outline", "items", "mentions", "records", "text", "learned", "components.py", "pipeline.py")
_CODE = (".py", ".toml", ".txt")


@lru_cache(maxsize=1)
def parser_version() -> str:
    """Twelve hexadecimal digits over the readers' code and the versions of the libraries they use.

    From the code itself and not from a number kept by hand: a changed reader that serves yesterday's parse is the kind
    of error that nobody sees.
    """
    digest = _over(_PARSING)
    for library in _READING:
        digest.update(f"{library} {_installed(library)}\0".encode())
    return digest.hexdigest()[:12]


def extractor_version(models: ModelsConfig, max_chars: int) -> str:
    """``0.1.0+`` and twelve digits over parser, code, trained components, vocabulary and the settings that matter.

    Raises ``ArtifactError`` and ``ConfigError`` as ``load_components``.
    """
    components = load_components(models)
    digest = _over(_EXTRACTING)
    digest.update(parser_version().encode())
    digest.update(repr(sorted(components.versions.items())).encode())
    digest.update(repr(components.words).encode())
    digest.update(str(max_chars).encode())
    return f"{__version__}+{digest.hexdigest()[:12]}"


def _over(names: tuple[str, ...]) -> hashlib._Hash:
    digest = hashlib.sha256()
    package = files("extractor")
    for name in names:
        for path, content in _sources(package.joinpath(name), name):
            digest.update(path.encode() + b"\0" + hashlib.sha256(content).digest())
    return digest


def _sources(at: Traversable, path: str) -> list[tuple[str, bytes]]:
    if at.is_file():
        return [(path, at.read_bytes())] if path.endswith(_CODE) else []
    inner = sorted(at.iterdir(), key=lambda one: one.name)
    return [found for one in inner for found in _sources(one, f"{path}/{one.name}")]


def _installed(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "-"
