"""Settings: the defaults of ``default_config.toml``, with a TOML file of the user's over them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from extractor.errors import ConfigError


class Section(BaseModel):
    """A table of settings: immutable, and without room for a misspelt name."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ReadConfig(Section):
    """``max_chars``: a document whose text is longer (in characters) is refused."""

    max_chars: int = Field(gt=0)


Choice = Literal["rules", "learned"]


class ModelsConfig(Section):
    """For each part of the pipeline: the rules alone, or the trained component where there is one.

    ``site``: a folder that ``extractor train`` wrote; its components go before the shipped ones. ``vocabulary``: a file
    of a bureau's own words, see ``text.vocabulary``. "" for none.
    """

    site: str
    vocabulary: str
    columns: Choice
    record: Choice
    metric: Choice
    confidence: Choice


class Config(Section):
    """All settings; ``load_config()`` makes one."""

    read: ReadConfig
    models: ModelsConfig


def load_config(path: str | Path | None = None) -> Config:
    """The defaults, overlaid with the TOML file at ``path``.

    Raises ``ConfigError`` where the file can't be read, is no TOML, names an unknown setting (the message
    lists the known ones) or gives a value that is out of range.
    """
    settings = tomllib.loads(files("extractor").joinpath("default_config.toml").read_text(encoding="utf-8"))
    if path is not None:
        _overlay(settings, _user_file(Path(path)), str(path), ())
    try:
        return Config.model_validate(settings)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"{path}: 设置 {name} 的值不对 / bad value for {name}: {first['msg']}") from error


def _user_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{path}: 设置文件打不开 / can't open the settings: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: 设置文件不是有效的TOML / the settings are not valid TOML: {error}") from error


def _overlay(base: dict[str, Any], user: Mapping[str, Any], path: str, above: tuple[str, ...]) -> None:
    """Lays ``user`` over ``base`` in place; both are nested tables, and ``base`` holds every known name."""
    for key, value in user.items():
        name = ".".join((*above, key))
        if key not in base:
            near = get_close_matches(key, base, n=1)
            known = ", ".join(sorted(base))
            chinese, english = (f"，是否指 {near[0]}", f"; did you mean {near[0]}?") if near else ("", "")
            raise ConfigError(
                f"{path}: 没有 {name} 这一设置，可用的有 {known}{chinese} / "
                f"unknown setting {name}; known here: {known}{english}"
            )
        if isinstance(base[key], dict) and isinstance(value, Mapping):
            _overlay(base[key], value, path, (*above, key))
        else:
            base[key] = value
