"""Figures of documents that a component has not learnt from: whole documents are held out, never parts of one."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from extractor.components import Components
from extractor.errors import ConfigError, ExtractorError
from extractor.learned.artifacts import Artifact
from extractor.learned.calibration import expected_calibration_error
from extractor.training.examples import Example
from extractor.training.recipe import SEED, Recipe, Trained
from extractor.training.rightness import judge
from extractor.training.scoring import DocumentScore, figures, score, total
from extractor.training.sources import OWN, SEEN
from extractor.training.traces import Say, Trace, retraced

OWN_FOLDS = 8
MOST_FOLDS = 20  # of a group whose documents are held out one by one; of more, several go together
Parts = Mapping[str, Artifact]  # component → as it was trained
GroupFigures = dict[str, dict[str, float | None]]


@dataclass(frozen=True, slots=True)
class Fold:
    """Indices of documents: those held out, and those to learn from."""

    held: tuple[int, ...]
    learnt: tuple[int, ...]


def document_folds(examples: Sequence[Example]) -> list[Fold]:
    """Every document held out once. A fold holds out one document of each group, and of the project's own corpus some;
    so the largest group (twenty folds at most), or the corpus with eight, says how many folds there are. The same for
    the same examples. None where there are fewer than two documents.
    """
    groups: dict[str, list[int]] = {}
    for at, example in enumerate(examples):
        groups.setdefault(OWN if example.group == SEEN else example.group, []).append(at)
    if len(examples) < 2:
        return []
    wanted = (min(len(each), OWN_FOLDS if group == OWN else MOST_FOLDS) for group, each in groups.items())
    count = max(2, *wanted)
    held: list[list[int]] = [[] for _ in range(count)]
    begun = 0  # a group goes on where the one before it ended: two groups of one document are not held out together
    for members in groups.values():
        parts = list(shuffled_parts(members, count))
        for at, part in enumerate(parts):
            held[(begun + at) % count].extend(part)
        begun += len(parts)
    everything = range(len(examples))
    return [Fold(tuple(sorted(each)), tuple(at for at in everything if at not in each)) for each in held if each]


def shuffled_parts(members: Sequence[int], count: int) -> Iterator[tuple[int, ...]]:
    """At most ``count`` parts, each in rising order."""
    order = [members[at] for at in np.random.default_rng(SEED).permutation(len(members)).tolist()]
    for start in range(min(count, len(order))):
        yield tuple(sorted(order[start::count]))


# --- training in folds ------------------------------------------------------------------------------------


@contextmanager
def one_thread() -> Iterator[None]:
    """Sums are added up in one order, so that the same input gives the same weights to the last bit."""
    with threadpool_limits(limits=1):
        yield


@dataclass(slots=True)
class _Job:
    """What the processes of ``train_on`` inherit: traces are large and need not travel."""

    recipe: Recipe | None = None
    traces: Sequence[Trace] = field(default_factory=tuple)


_JOB = _Job()


def train_on(
    recipe: Recipe, traces: Sequence[Trace], choices: Sequence[Sequence[int]], say: Say, jobs: int = 1
) -> list[Trained | None]:
    """The component trained on each choice of documents, in ``jobs`` processes where the system can fork.

    None where those documents hold nothing to learn from.
    """
    _JOB.recipe, _JOB.traces = recipe, traces
    try:
        made = []
        for at, one in enumerate(_mapped(_train_one, [tuple(choice) for choice in choices], jobs), 1):
            made.append(one)
            say(f"{recipe.name}: 折 / fold {at}/{len(choices)}")
        return made
    finally:
        _JOB.recipe, _JOB.traces = None, ()


def _mapped(
    work: Callable[[tuple[int, ...]], Trained | None], choices: Sequence[tuple[int, ...]], jobs: int
) -> Iterator[Trained | None]:
    if jobs < 2 or len(choices) < 2 or "fork" not in multiprocessing.get_all_start_methods():
        yield from map(work, choices)
        return
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(min(jobs, len(choices)), mp_context=fork) as pool:
        try:
            yield from pool.map(work, choices)
        except BrokenProcessPool as error:  # killed from outside, as a system does that is short of memory
            raise ExtractorError(
                "训练的进程被结束，可能是内存不够，请用 --jobs 1 / a training process was ended, perhaps for want of memory: "
                "use --jobs 1"
            ) from error


def _train_one(choice: tuple[int, ...]) -> Trained | None:
    assert _JOB.recipe is not None
    try:
        with one_thread():
            return _JOB.recipe.train([_JOB.traces[at] for at in choice], lambda _: None)
    except ConfigError:
        return None


def crossed(
    recipe: Recipe, traces: Sequence[Trace], folds: Sequence[Fold], say: Say, jobs: int = 1
) -> list[Artifact | None]:
    """For each document the component trained in the fold that holds the document out."""
    made = train_on(recipe, traces, [fold.learnt for fold in folds], say, jobs)
    found: list[Artifact | None] = [None] * len(traces)
    for fold, one in zip(folds, made, strict=True):
        for at in fold.held:
            found[at] = one.artifact() if one else None
    return found


def run(traces: Iterable[Trace], base: Components, parts: Sequence[Parts]) -> list[Trace]:
    """Each document once more, with ``base`` and its own ``parts`` in it."""
    made = []
    for each, own in zip(traces, parts, strict=True):
        components = base
        for name, artifact in own.items():
            components = components.with_part(name, artifact)
        made.append(retraced(each, components))
    return made


# --- figures ----------------------------------------------------------------------------------------------


def scores(traces: Iterable[Trace]) -> list[DocumentScore]:
    """Of each run against its gold."""
    return [score(each.example.gold, each.output, each.example.name) for each in traces]


def by_group(scored: Iterable[DocumentScore]) -> dict[str, list[DocumentScore]]:
    """Group → its documents, both in the order given."""
    found: dict[str, list[DocumentScore]] = {}
    for each in scored:
        found.setdefault(each.name.partition("/")[0], []).append(each)
    return found


def group_figures(traces: Sequence[Trace]) -> GroupFigures:
    """Group → figures of all its documents together, with ``targets`` (gold ones that count), and of the confidence
    of records ``brier`` and ``ece``, in percent.
    """
    wanted: dict[str, int] = {}
    said: dict[str, list[tuple[float, bool]]] = {}
    for each in traces:
        group = each.example.group
        wanted[group] = wanted.get(group, 0) + sum(
            not target.get("optional")
            for record in each.example.gold["records"]
            if not record.get("optional")
            for target in record.get("targets") or ()
        )
        said.setdefault(group, []).extend(_sure_and_right(each))
    return {
        group: {**figures(total(scored)), "targets": float(wanted[group]), **_honesty(said[group])}
        for group, scored in by_group(scores(traces)).items()
    }


def _sure_and_right(each: Trace) -> Iterator[tuple[float, bool]]:
    made: list[Mapping[str, Any]] = each.output["records"]
    for record, judged in zip(made, judge(each.example.gold, each.output), strict=True):
        if judged.whole is not None:
            yield float(record["confidence"]), judged.whole


def _honesty(pairs: Sequence[tuple[float, bool]]) -> dict[str, float | None]:
    if not pairs:
        return {"brier": None, "ece": None}
    said, right = np.array([one for one, _ in pairs]), np.array([float(one) for _, one in pairs])
    return {
        "brier": float(100 * ((said - right) ** 2).mean()),
        "ece": float(100 * expected_calibration_error(said, right)),
    }
