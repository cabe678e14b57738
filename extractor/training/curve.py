"""How much more documents to learn from would help: the figures after learning from few, and from all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractor.components import RULES
from extractor.training.examples import Example
from extractor.training.folds import Parts, by_group, run, scores, shuffled_parts, train_on
from extractor.training.recipes import load_recipe
from extractor.training.scoring import Row, figures, total
from extractor.training.traces import Say, Trace, trace_all

SIZES = (10, 40)
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Point:
    """``documents`` learnt from at most (0: rules alone), and the figures of all documents held out, by group."""

    documents: int
    rows: dict[str, Row]


def learning_curve(
    names: Sequence[str], examples: Sequence[Example], say: Say, jobs: int = 1, sizes: Sequence[int] = SIZES
) -> list[Point]:
    """Five folds of whole documents; in each the components learn from the first documents of those not held out, in
    an order drawn once, so that a larger choice holds the smaller. The last point learns from all of them.
    """
    traces = trace_all(examples, RULES, say)
    everything = range(len(traces))
    held = list(shuffled_parts(everything, FOLDS))
    drawn = [part for single in shuffled_parts(everything, len(traces)) for part in single]
    learnt = [[at for at in drawn if at not in part] for part in held]
    most = max(map(len, learnt))
    points = [Point(0, _rows(traces, [{} for _ in traces]))]
    for size in (*(size for size in sizes if size < most), most):
        parts: list[Parts] = [{} for _ in traces]
        for name in names:
            made = train_on(load_recipe(name), traces, [each[:size] for each in learnt], say, jobs)
            for part, one in zip(held, made, strict=True):
                if one is not None:
                    parts = [{**known, name: one.artifact()} if at in part else known for at, known in enumerate(parts)]
        points.append(Point(size, _rows(traces, parts)))
        say(f"{size} 份 / documents")
    return points


def _rows(traces: Sequence[Trace], parts: Sequence[Parts]) -> dict[str, Row]:
    return {group: figures(total(each)) for group, each in by_group(scores(run(traces, RULES, parts))).items()}
