"""One module for each component: how it is trained."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from extractor.errors import ConfigError
from extractor.training.recipe import Recipe

# Component → the module, and the object in it where the module itself is no ``training.recipe.Recipe``. In the order in
# which they are trained: confidence judges what the others made.
BUILTIN: dict[str, str] = {
    "columns": "extractor.training.recipes.columns:RECIPE",
    "record": "extractor.training.recipes.record",
    "metric": "extractor.training.recipes.metric:RECIPE",
    "confidence": "extractor.training.recipes.confidence:RECIPE",
}


def load_recipe(name: str) -> Recipe:
    """Imports the recipe of the component ``name``; ``ConfigError`` where there is none of that name."""
    if name not in BUILTIN:
        known = ", ".join(BUILTIN)
        raise ConfigError(f"{name}: 没有这个部件，可用的有 {known} / no such component; known: {known}")
    module, _, attribute = BUILTIN[name].partition(":")
    try:
        found = import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        raise ConfigError(f"{name}: 本版本还不能训练这个部件 / this version can't train this component yet") from error
    return cast(Recipe, getattr(found, attribute, found) if attribute else found)


def available() -> tuple[str, ...]:
    """The components that this version can train, in the order in which that is done."""
    from importlib.util import find_spec

    return tuple(name for name, place in BUILTIN.items() if find_spec(place.partition(":")[0]) is not None)
