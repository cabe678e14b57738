"""The field of government work that an indicator belongs to, by weighted words."""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from extractor.mentions.lexicon import one_of
from extractor.text.view import make_view
from extractor.types.record import DocumentInfo

_DATA: dict[str, Any] = tomllib.loads(files("extractor.archive").joinpath("domains.toml").read_text("utf-8"))
DOMAINS: tuple[str, ...] = tuple(_DATA)
OTHER = "其他"
_STRONG, _WEAK, _OFFICE = 3, 1, 4
_OF_METRIC, _OF_HEADING, _OF_PATH, _OF_TEXT, _OF_TITLE = 12, 6, 3, 3, 3  # what a word counts where it stands
_TEXT = 400  # characters of a record that are read; what follows in a long one is about other things


def _weights() -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for domain, table in _DATA.items():
        for kind, weight in (("weak", _WEAK), ("strong", _STRONG)):
            for word in table.get(kind, ()):
                found[make_view(word).text][domain] = weight
    for word in _DATA[OTHER]["neutral"]:
        found.setdefault(word, {})
    return found


_WEIGHTS = _weights()
_WORD = re.compile(one_of(_WEIGHTS))
_OFFICES = {word: domain for domain, table in _DATA.items() for word in table.get("office", ())}
_OFFICE_WORD = re.compile(one_of(_OFFICES))


def domain_of(metric: str, path: Sequence[str], text: str, info: DocumentInfo) -> str:
    """One of ``DOMAINS``. The metric's words count most, then the headings from the nearest outwards, then the record's
    text, the title and the office that issued it; 其他 where none of them says anything.
    """
    total: Counter[str] = Counter()
    parts = [(metric, _OF_METRIC), (text[:_TEXT], _OF_TEXT), (info.title or "", _OF_TITLE)]
    parts += [(heading, _OF_HEADING if at == 0 else _OF_PATH) for at, heading in enumerate(reversed(path))]
    for words, factor in parts:
        for domain, weight in _scores(words):
            total[domain] += weight * factor
    for domain in _offices(info.issuer or ""):
        total[domain] += _OFFICE
    return max(DOMAINS, key=total.__getitem__) if total else OTHER  # the first of equals


def domain_name(domain: str, language: Literal["zh", "en"] = "zh") -> str:
    """A domain's name as it is shown; KeyError where it is none."""
    name: str = _DATA[domain]["en"] if language == "en" else domain
    return name


@lru_cache(maxsize=8192)
def _scores(words: str) -> tuple[tuple[str, int], ...]:
    found: Counter[str] = Counter()
    for word in dict.fromkeys(_WORD.findall(make_view(words).text)):
        found.update(_WEIGHTS[word])
    return tuple(found.items())


@lru_cache(maxsize=4096)
def _offices(issuer: str) -> frozenset[str]:
    return frozenset(_OFFICES[word] for word in _OFFICE_WORD.findall(make_view(issuer).text))
