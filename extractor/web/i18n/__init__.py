"""The interface's words: flat JSON dictionaries beside this file, Chinese first."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

LANGUAGES = {"zh": "中文", "en": "English"}
DEFAULT = "zh"
FOR_SCRIPTS = "ws."


@cache
def catalog(language: str) -> dict[str, str]:
    """All phrases of one language by key."""
    text = resources.files(__package__).joinpath(f"{language}.json").read_text(encoding="utf-8")
    phrases: dict[str, str] = json.loads(text)
    return phrases


@cache
def script_catalog(language: str) -> dict[str, str]:
    """The phrases that scripts use, by key."""
    return {key: phrase for key, phrase in catalog(language).items() if key.startswith(FOR_SCRIPTS)}


def translate(language: str, key: str, **values: object) -> str:
    """The phrase with its ``{names}`` filled; an unknown key is shown as it is rather than failing a page."""
    phrase = catalog(language).get(key) or catalog(DEFAULT).get(key) or key
    for name, value in values.items():
        phrase = phrase.replace("{" + name + "}", str(value))
    return phrase
