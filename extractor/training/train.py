"""``extractor train``: components from documents with gold, each held to documents that it has not seen.

A component is trained on all documents. What it is worth is told by folds: for each document it is trained anew without
that document, and the pipeline is run with it and without. Components are tried one after the other, each beside those
that were taken before it; confidence comes last and learns from what the others made of documents they had not seen.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from extractor.components import RULES, Components
from extractor.errors import ConfigError
from extractor.learned.artifacts import Artifact
from extractor.training.bootstrap import Difference, paired_bootstrap
from extractor.training.card import Shown, write_card
from extractor.training.examples import Example
from extractor.training.folds import (
    Fold,
    GroupFigures,
    Parts,
    by_group,
    crossed,
    document_folds,
    group_figures,
    one_thread,
    run,
    scores,
)
from extractor.training.gate import Mistakes, Verdict, decide, mistakes
from extractor.training.recipe import Recipe, Trained
from extractor.training.recipes import load_recipe
from extractor.training.scoring import DocumentScore
from extractor.training.sources import PROJECT, TUNED
from extractor.training.traces import Say, Trace, trace_all

GAINS = ("right", "measured", "whole", "records")
LAST = "confidence"  # judges what the others made
_TOO_FEW = (
    "只有一份文件，无法留出测量；确要用它请加 --quick / one document: nothing to hold out; --quick takes it unmeasured"
)
_NO_GAIN = "没有一项变好 / no figure is better"
HONEST = 0.5  # points of Brier score that a group's confidence may lose


@dataclass(frozen=True, slots=True)
class Outcome:
    """A component trained, with its card among ``files``, none where there was nothing to learn from. ``verdict`` is
    None where nothing was measured. ``runs``: every document without it and with it.
    """

    name: str
    files: dict[str, bytes]
    verdict: Verdict | None = None
    before: GroupFigures = field(default_factory=dict)
    after: GroupFigures = field(default_factory=dict)
    gains: tuple[Difference, ...] = ()
    runs: tuple[Sequence[DocumentScore], Sequence[DocumentScore]] = ((), ())


@dataclass(frozen=True, slots=True)
class Plan:
    """``base``: what is in use, the shipped components that the settings name or rules alone; ``quick``: no folds;
    ``must_gain``: what makes no figure better is not taken either.
    """

    examples: Sequence[Example]
    base: Components = RULES
    shipped: Mapping[str, Artifact] = field(default_factory=dict)
    quick: bool = False
    jobs: int = 1
    must_gain: bool = False


@dataclass(slots=True)
class _Bench:
    """``parts``: for each document the components taken so far, as trained without it; ``runs``: what the pipeline
    makes of the documents with them.
    """

    plan: Plan
    traces: list[Trace]
    folds: list[Fold]
    parts: list[Parts]
    runs: list[Trace]


def train_all(names: Sequence[str], plan: Plan, say: Say) -> list[Outcome]:
    """The components ``names`` in their order; one that finds nothing to learn from comes without files, with the
    reason. Raises ``ConfigError`` where there are no documents, or it is the only one asked for.
    """
    if not plan.examples:
        raise ConfigError(
            "没有可以学习的文件，请用 --gold 与 --documents 或 --from 指明 / "
            "no documents to learn from: name them with --gold and --documents, or with --from"
        )
    recipes = [load_recipe(name) for name in names]
    with one_thread():
        traces = trace_all(plan.examples, RULES, say)
        folds = [] if plan.quick else document_folds(plan.examples)
        nothing: list[Parts] = [{} for _ in traces]
        runs = run(traces, plan.base, nothing) if plan.base.versions else traces
        bench = _Bench(plan, traces, folds, nothing, runs)
        return [_one_or_none(recipe, bench, say, alone=len(recipes) == 1) for recipe in recipes]


def _one_or_none(recipe: Recipe, bench: _Bench, say: Say, *, alone: bool) -> Outcome:
    """A component that finds nothing to learn from is no reason not to train the others."""
    try:
        return _one(recipe, bench, say)
    except ConfigError as error:
        if alone:
            raise
        return Outcome(recipe.name, {}, Verdict((str(error),)))


def _one(recipe: Recipe, bench: _Bench, say: Say) -> Outcome:
    """Trains on everything; measures, and takes the component into the bench where it is accepted."""
    name = recipe.name
    say(f"{name}: 训练 / training …")
    learnt = bench.runs if name == LAST else bench.traces
    trained = recipe.train(learnt, say)
    if not bench.folds:
        verdict = None if bench.plan.quick else Verdict((_TOO_FEW,))
        return Outcome(name, _files(trained, bench, Shown()), verdict)
    old_parts, old_runs = _in_use(recipe, learnt, bench, say)
    made = crossed(recipe, learnt, bench.folds, say, bench.plan.jobs)
    new_parts = [{**parts, name: one} if one else parts for parts, one in zip(bench.parts, made, strict=True)]
    new_runs = run(bench.traces, bench.plan.base, new_parts)
    before, after = group_figures(old_runs), group_figures(new_runs)
    verdict = _judged(name, old_runs, new_runs, before, after)
    gains = _gains(old_runs, new_runs)
    if verdict.accepted and bench.plan.must_gain and not _better(name, gains, old_runs, new_runs):
        verdict = Verdict((_NO_GAIN,), verdict.tolerated)
    if verdict.accepted:
        bench.parts, bench.runs = new_parts, new_runs
    else:
        bench.parts, bench.runs = old_parts, old_runs
    beside = "、".join(sorted({key for parts in old_parts for key in parts} - {name}))
    shown = Shown(before, after, gains, verdict, beside)
    kept = (scores(old_runs), scores(new_runs))
    return Outcome(name, _files(trained, bench, shown), verdict, before, after, gains, kept)


def _in_use(recipe: Recipe, learnt: Sequence[Trace], bench: _Bench, say: Say) -> tuple[list[Parts], list[Trace]]:
    """What the new component is compared with. One that is shipped has learnt from the project's documents: there it is
    stood in for by itself trained without them, fold by fold, so that it does not win by what it knows already.
    """
    shipped = bench.plan.shipped.get(recipe.name)
    own = [at for at, each in enumerate(bench.traces) if each.example.group in PROJECT]
    if shipped is None or not own:
        return bench.parts, bench.runs
    traces = [learnt[at] for at in own]
    folds = document_folds([each.example for each in traces])
    made = dict(zip(own, crossed(recipe, traces, folds, say, bench.plan.jobs), strict=True))
    parts: list[Parts] = []
    for at, known in enumerate(bench.parts):
        one = made.get(at, shipped)
        parts.append({**known, recipe.name: one} if one else known)
    return parts, run(bench.traces, bench.plan.base, parts)


# --- what is said of it -----------------------------------------------------------------------------------


def _judged(
    name: str, old: Sequence[Trace], new: Sequence[Trace], before: GroupFigures, after: GroupFigures
) -> Verdict:
    """Confidence is held to no documents that the rules were written with: it has to be modest there."""
    verdict = decide(before, after, _mistakes(old), _mistakes(new))
    if name != LAST:
        return verdict
    reasons = [
        f"{group} · 可信度的布赖尔分 / Brier score of the confidence: {was:.1f} → {now:.1f}"
        for group, figures in before.items()
        if group not in TUNED
        and (was := figures["brier"]) is not None
        and (now := after[group]["brier"]) is not None
        and now > was + HONEST
    ]
    return Verdict((*verdict.reasons, *reasons), verdict.tolerated)


def _mistakes(traces: Sequence[Trace]) -> Mistakes:
    return {group: mistakes(scored) for group, scored in by_group(scores(traces)).items()}


def _gains(old: Sequence[Trace], new: Sequence[Trace]) -> tuple[Difference, ...]:
    """Of all documents together; figures that the gold has nothing to measure by are left out."""
    before, after = scores(old), scores(new)
    found = []
    for figure in GAINS:
        try:
            found.append(paired_bootstrap(before, after, figure))
        except ValueError:
            continue
    return tuple(found)


def _better(name: str, gains: Sequence[Difference], old: Sequence[Trace], new: Sequence[Trace]) -> bool:
    if name != LAST:
        return any(each.gain > 0 for each in gains)
    was, now = (
        sum(row["brier"] or 0 for group, row in group_figures(each).items() if group not in TUNED)
        for each in (old, new)
    )
    return now < was


def _files(trained: Trained, bench: _Bench, shown: Shown) -> dict[str, bytes]:
    """Those of the component, the figures in its ``config.json``, and its card."""
    config: dict[str, Any] = json.loads(trained.files["config.json"])
    documents = {each.example.name: len(each.example.gold["records"]) for each in bench.traces}
    config["documents"] = documents
    config["figures"] = {"training": dict(trained.figures), **shown.figures()}
    text = json.dumps(config, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    card = write_card(trained.name, documents, len(bench.folds), dict(trained.figures), shown)
    return {**trained.files, "config.json": text.encode(), "card.md": card.encode()}
