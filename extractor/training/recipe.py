"""How a component is made: what each module of ``training.recipes`` offers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from extractor.learned.artifacts import FORMAT, Arrays, Artifact, pack
from extractor.training.traces import Say, Trace

SEED = 20260101  # of everything that draws lots; the same input gives the same weights


@dataclass(frozen=True, slots=True)
class Trained:
    """A component before it is written: ``files`` hold config.json and weights, ``figures`` what its card tells."""

    name: str
    files: Mapping[str, bytes]
    figures: Mapping[str, Any]

    def artifact(self) -> Artifact:
        return Artifact(self.name, "trained", dict(self.files))


class Recipe(Protocol):
    """``name`` is the component's; ``train`` learns from ``traces`` and nothing else."""

    name: str

    def train(self, traces: Sequence[Trace], say: Say) -> Trained: ...


def packed(name: str, config: Mapping[str, Any], arrays: Arrays, figures: Mapping[str, Any]) -> Trained:
    """A component of one ``weights.npz`` and a ``config.json``."""
    said = {"component": name, "format": FORMAT, **config}
    files = {
        "config.json": (json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode(),
        "weights.npz": pack(arrays),
    }
    return Trained(name, files, figures)
