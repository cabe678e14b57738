"""Reviewing replayed: does work get less as corrections are learnt from, and does the order of documents matter?

Documents of a *pool* arrive; each is drafted with the components trained so far, and reviewed (``training.reviewer``).
After every few documents the recipes are trained on all that was reviewed, and from nothing else. Two figures come of it:

- the *learning curve*: inputs per approved record over *held-out* documents, the same ones throughout and for every
  order, never trained on. It is what the next document would cost, whatever came first;
- the inputs spent on the pool itself. An order that puts the hard documents first pays for them with poorer drafts.

Records may be accepted unread only by what the reviewed documents have shown: each keeps the drafts with which it
arrived, made before it was learnt from; confidence is trained on these, and the threshold set on parts of them that
the confidence did not see. What is accepted unread is taken for right by nobody: training sees the gold, a liberty of at
most ``TOLERATED`` of the records.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from extractor.components import RULES, Components
from extractor.errors import ConfigError
from extractor.learned.artifacts import Artifact
from extractor.training.recipe import SEED, Recipe, Trained
from extractor.training.reviewer import NEVER, TOLERATED, Cost, accept_threshold, answers, review
from extractor.training.rightness import judge
from extractor.training.traces import Say, Trace, retraced

CONFIDENCE = "confidence"
PARTS = 3  # of the reviewed documents, for the threshold
Rank = Callable[[Trace], float]  # the documents with the highest come first
Memory = dict[tuple[str, ...], Artifact]  # recipe and documents → what was trained on them, to share between runs


@dataclass(frozen=True, slots=True)
class Point:
    """After ``documents`` of the pool, which took ``inputs``. ``held``: the cost of the held-out documents now."""

    documents: int
    inputs: int
    held: Cost
    threshold: float


@dataclass(frozen=True, slots=True)
class Run:
    """``points``: one for each training, the first before any. ``arrived``: documents in order with their cost."""

    order: str
    points: tuple[Point, ...]
    arrived: tuple[tuple[str, Cost], ...]

    @property
    def spent(self) -> Cost:
        """On the whole pool."""
        return sum((cost for _, cost in self.arrived), Cost())


@dataclass(slots=True)
class _State:
    components: Components = RULES
    threshold: float = NEVER
    memory: Memory = field(default_factory=dict)
    arrived: list[tuple[Trace, Cost]] = field(default_factory=list)


def simulate(
    pool: Sequence[Trace],
    held: Sequence[Trace],
    recipes: Sequence[Recipe],
    order: str,
    *,
    rank: Rank | None = None,
    seed: int = SEED,
    every: int = 4,
    memory: Memory | None = None,
    say: Say = lambda _: None,
) -> Run:
    """One run over ``pool`` (traces of the rules). Documents come by ``rank`` of their present drafts, highest first
    and anew after each training; at random where there is none. ``order`` is the run's name.

    ``recipes`` are trained in turn after every ``every`` documents; that of ``confidence`` should be the last. Runs that
    are given the same ``memory`` train the others only once on the same documents.
    """
    rules = {each.example.name: each for each in (*pool, *held)}
    lots = np.random.default_rng(seed).permutation(len(pool)).tolist()
    waiting = [pool[at] for at in lots]
    state, drafts = _State(memory={} if memory is None else memory), dict(rules)
    points = [_point(state, held, drafts)]
    while waiting:
        if rank is not None:
            waiting.sort(key=lambda each: -rank(drafts[each.example.name]))
        now, waiting = waiting[:every], waiting[every:]
        for each in now:
            draft = drafts[each.example.name]
            state.arrived.append((draft, review(draft, state.threshold)))
        _learn(state, rules, recipes)
        drafts = {each.example.name: retraced(each, state.components) for each in (*waiting, *held)}
        points.append(_point(state, held, drafts))
        say(f"{order}: {points[-1].documents} → {points[-1].held.per_record:.2f}")
    return Run(order, tuple(points), tuple((each.example.name, cost) for each, cost in state.arrived))


def folds(traces: Sequence[Trace], count: int, seed: int = SEED) -> list[tuple[list[Trace], list[Trace]]]:
    """``count`` times (pool, held-out), each document held out once."""
    order = np.random.default_rng(seed).permutation(len(traces)).tolist()
    held = [sorted(order[at::count]) for at in range(count)]
    return [
        ([each for at, each in enumerate(traces) if at not in chosen], [traces[at] for at in chosen]) for chosen in held
    ]


def mean_curve(runs: Sequence[Run]) -> list[tuple[int, float]]:
    """(documents reviewed, inputs per approved record of the held-out ones), over runs of as many documents each; the
    inputs and records of all runs are added up.
    """
    found: list[tuple[int, float]] = []
    for points in zip(*(run.points for run in runs), strict=True):
        found.append((points[0].documents, sum((each.held for each in points), Cost()).per_record))
    return found


def _point(state: _State, held: Sequence[Trace], drafts: Mapping[str, Trace]) -> Point:
    cost = sum((review(drafts[each.example.name], state.threshold) for each in held), Cost())
    inputs = sum(cost.inputs for _, cost in state.arrived)
    return Point(len(state.arrived), inputs, cost, state.threshold)


def _learn(state: _State, rules: Mapping[str, Trace], recipes: Sequence[Recipe]) -> None:
    """What the rules made teaches what to choose; what was drafted teaches how sure to be of it."""
    made, threshold = RULES, None
    drafted = [each for each, _ in state.arrived]
    names = sorted(each.example.name for each in drafted)
    for recipe in recipes:
        if recipe.name == CONFIDENCE:
            trained = recipe.train(drafted, _unheard)
            made = made.with_part(CONFIDENCE, trained.artifact())
            threshold = NEVER if _hopeless(trained) else _crossed(drafted, recipe)
            continue
        key = (recipe.name, *names)
        with suppress(ConfigError):  # too few documents yet to learn that from: the rules go on
            if key not in state.memory:
                state.memory[key] = recipe.train([rules[name] for name in names], _unheard).artifact()
            made = made.with_part(recipe.name, state.memory[key])
    state.components = made
    state.threshold = _uncrossed(drafted) if threshold is None else threshold


def _unheard(_: str) -> None:
    pass


def _hopeless(trained: Trained) -> bool:
    """Whether the recipe's own figures, over documents held out, say that none can be accepted unread."""
    told: Any = trained.figures
    for key in ("records", "pooled", "accepted", f"{TOLERATED:.2f}", "records"):
        if not isinstance(told, Mapping) or key not in told:
            return False
        told = told[key]
    return bool(told == 0)


def _uncrossed(drafted: Sequence[Trace]) -> float:
    """By the confidences that the drafts came with, where none is trained."""
    said = [each.record.confidence for draft in drafted for each in draft.made]
    return accept_threshold(said, [right for draft in drafted for right in _right(draft)])


def _crossed(drafted: Sequence[Trace], recipe: Recipe) -> float:
    """By the confidences of a recipe trained on the other documents."""
    said: list[float] = []
    right: list[bool] = []
    for part in range(PARTS):
        others = [each for at, each in enumerate(drafted) if at % PARTS != part]
        if not others or part >= len(drafted):
            continue
        sure = RULES.with_part(CONFIDENCE, recipe.train(others, _unheard).artifact()).records.confidence
        for draft in drafted[part::PARTS]:
            said += [sure(each.record, each.item, each.drafts).record for each in draft.made]
            right += _right(draft)
    return accept_threshold(said, right)


def _right(draft: Trace) -> list[bool]:
    return answers(judge(draft.example.gold, draft.output))
