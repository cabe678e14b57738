"""Indicator records out of Chinese policy documents.

``extract("通知.pdf").records`` is the short way; ``read`` stops at the parsed document. Names are imported
when first used, so that ``import extractor`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractor.config import Config, load_config
    from extractor.formats import ReadOptions, read
    from extractor.pipeline import Result, extract
    from extractor.types.document import Document
    from extractor.types.record import IndicatorRecord

__version__ = "0.1.0"

__all__ = [
    "Config",
    "Document",
    "IndicatorRecord",
    "ReadOptions",
    "Result",
    "__version__",
    "extract",
    "load_config",
    "read",
]

_HOME = {
    "Config": "extractor.config",
    "Document": "extractor.types.document",
    "IndicatorRecord": "extractor.types.record",
    "ReadOptions": "extractor.formats",
    "Result": "extractor.pipeline",
    "extract": "extractor.pipeline",
    "load_config": "extractor.config",
    "read": "extractor.formats",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
