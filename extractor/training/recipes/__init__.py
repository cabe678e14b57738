"""One module for each component: how it is trained."""

from __future__ import annotations

from importlib import import_module

from extractor.errors import ConfigError
from extractor.training.recipe import Recipe

# Component → the module whose ``RECIPE`` trains it. In the order in which they are trained: confidence judges what the
# others made.
BUILTIN: dict[str, str] = {
    "columns": "extractor.training.recipes.columns",
    "record": "extractor.training.recipes.record",
    "metric": "extractor.training.recipes.metric",
    "confidence": "extractor.training.recipes.confidence",
}


def load_recipe(name: str) -> Recipe:
    """Imports the recipe of the component ``name``; ``ConfigError`` where there is none of that name."""
    if name not in BUILTIN:
        known = ", ".join(BUILTIN)
        raise ConfigError(f"{name}: 没有这个部件，可用的有 {known} / no such component; known: {known}")
    found: Recipe = import_module(BUILTIN[name]).RECIPE
    return found
