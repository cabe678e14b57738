"""The shared scorer, where it lies beside this clone."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from extractor import Result

SCORER = Path(__file__).parents[2] / "shared" / "eval" / "score.py"


@lru_cache(maxsize=1)
def scorer() -> ModuleType:
    """Raises ``FileNotFoundError`` where there is none."""
    if not SCORER.is_file():
        raise FileNotFoundError(SCORER.name)
    spec = importlib.util.spec_from_file_location("shared_score", SCORER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.alike = lru_cache(maxsize=None)(module.alike)  # the same words come back from every format of a document
    return module


def rows(pairs: Mapping[str, tuple[Mapping[str, Any], Result]]) -> dict[str, dict[str, float | None]]:
    """Figures of each document (gold, result) and in rows ``ALL`` and ``MEAN``, in percent; None where nothing is
    there to measure."""
    score = scorer()
    total, documents, made = score.new_tallies(), [], {}
    for name, (gold, result) in pairs.items():
        tallies, _ = score.score(gold, json.loads(result.to_json()))
        made[name] = score.figures(tallies)
        documents.append(tallies)
        for key, tally in tallies.items():
            total[key].add(tally.hit, tally.missed, tally.extra)
    return {**made, "ALL": score.figures(total), "MEAN": score.mean(documents)}
