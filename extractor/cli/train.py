"""``extractor train``: components learnt from documents with gold, taken where they lose nothing."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from extractor.cli.arguments import UsageError
from extractor.cli.progress import Progress
from extractor.cli.workspace_folder import keep_private

if TYPE_CHECKING:
    from extractor.training.examples import Example
    from extractor.training.train import Outcome, Plan

ALIGNMENT = "alignment"  # of an archive; no part of reading a document


def run(options: argparse.Namespace) -> int:
    """Trains, measures and writes; says on stdout what became of each component. A component that is kept aside is no
    failure: what was in use goes on being used.
    """
    into = _into(options)
    names = _names(options)
    begun = time.perf_counter()
    progress = Progress(1, sys.stderr, quiet=options.quiet)
    for line in chain(_recipes(names, into, options, progress), _aligned(progress) if ALIGNMENT in names else ()):
        sys.stdout.write(line + "\n")
    sys.stdout.write(f"用时 / took {time.perf_counter() - begun:.0f} s\n")
    return 0


def _names(options: argparse.Namespace) -> list[str]:
    """What is to be trained, in order. The alignment learns from the project's labelled pairs alone, so that there is
    none of a site's own.
    """
    from extractor.training.recipes import BUILTIN, load_recipe

    for name in options.components:
        if name != ALIGNMENT:
            load_recipe(name)
        elif not options.shipped:
            raise UsageError(f"{ALIGNMENT} 只能与 --shipped 一起训练 / {ALIGNMENT} is trained with --shipped only")
    known = [*BUILTIN, ALIGNMENT] if options.shipped else [*BUILTIN]
    return [name for name in known if not options.components or name in options.components]


def _recipes(names: Sequence[str], into: Path | None, options: argparse.Namespace, progress: Progress) -> Iterator[str]:
    from extractor.training.train import train_all

    wanted = [name for name in names if name != ALIGNMENT]
    if not wanted:
        return
    with _examples(options) as examples:
        progress.say(f"{len(examples)} 份文件 / documents; {'、'.join(wanted)}")
        for outcome in train_all(wanted, _plan(options, examples), progress.say):
            yield from written(outcome, into)


def _aligned(progress: Progress) -> Iterator[str]:
    from extractor.training.alignment import train_alignment
    from extractor.training.ship import ship

    trained = train_alignment(progress.say)
    for name in ("pairs", "series", "pooled"):
        held, cosine = (trained.figures["test"][kind][name]["f1"] for kind in ("model", "cosine"))
        yield f"{ALIGNMENT}: {name}: F1 {held:.1f}，余弦 / cosine {cosine:.1f}"
    made = ship(ALIGNMENT, trained.files)
    yield f"{ALIGNMENT}: 已装好 / installed: {made.origin} {made.version}"


def _plan(options: argparse.Namespace, examples: Sequence[Example]) -> Plan:
    from extractor.components import BUILTIN, RULES, load_components
    from extractor.config import load_config
    from extractor.learned.artifacts import open_artifact
    from extractor.training.train import Plan

    jobs = options.jobs or os.cpu_count() or 1
    if options.shipped:
        return Plan(examples, RULES, {}, options.quick, jobs, must_gain=True)
    models = load_config(options.config).models.model_copy(update={"site": "", "vocabulary": ""})
    named = {name: open_artifact(name) for name in BUILTIN if getattr(models, name) == "learned"}
    shipped = {name: artifact for name, artifact in named.items() if artifact is not None}
    return Plan(examples, load_components(models), shipped, options.quick, jobs)


# --- where from -------------------------------------------------------------------------------------------


@contextmanager
def _examples(options: argparse.Namespace) -> Iterator[list[Example]]:
    """The project's own where they are, the user's, and those of a workspace, whose files are gone after it."""
    from extractor.training.evaluation import gold_examples
    from extractor.training.sources import project_examples, without_doubles

    if len(options.gold) != len(options.documents):
        raise UsageError("每个 --gold 要有一个 --documents / each --gold needs its --documents")
    if options.shipped and (options.gold or options.workspace):
        raise UsageError("--shipped 只用项目自有的文件 / --shipped learns from the project's documents alone")
    found = [] if options.only_given else project_examples()
    for gold, documents in zip(options.gold, options.documents, strict=True):
        found += gold_examples(Path(gold), [Path(folder) for folder in documents])
    if not options.workspace:
        yield without_doubles(found)
        return
    with tempfile.TemporaryDirectory(prefix="extractor-") as scratch:
        yield without_doubles([*found, *_workspace_examples(options, Path(scratch))])


def _workspace_examples(options: argparse.Namespace, scratch: Path) -> list[Example]:
    from extractor.workspace.annotations import reading, workspace_examples

    keep_private()
    database = options.workspace if "://" in options.workspace else None
    with reading(_data(options), database) as source:
        return workspace_examples(source, scratch, unfinished=options.all)


def _data(options: argparse.Namespace) -> Path:
    """The workspace's folder; ``extractor.db`` in it is taken for it."""
    if "://" in options.workspace:
        if not options.data:
            raise UsageError("--from 为地址时要用 --data 指明数据文件夹 / an address with --from needs --data")
        return Path(options.data)
    named = Path(options.workspace)
    return named.parent if named.is_file() else named


# --- where to ---------------------------------------------------------------------------------------------


def _into(options: argparse.Namespace) -> Path | None:
    """The site's folder; None for the project's own."""
    from extractor.training.sources import project_root

    if options.shipped:
        if options.into:
            raise UsageError("--shipped 与 --into 不能并用 / --shipped and --into can't go together")
        if project_root() is None:
            raise UsageError("--shipped 只能在源码目录里用 / --shipped works in a checkout only")
        return None
    if options.into:
        return Path(options.into)
    if options.workspace:
        return _data(options) / "models"
    raise UsageError("请用 --into 指明写入的文件夹 / name the folder to write with --into")


def written(outcome: Outcome, into: Path | None) -> Iterator[str]:
    """Writes the component where it belongs (None: the project's own models), and tells."""
    from extractor.learned.artifacts import site_manifest
    from extractor.training.gate import install, keep_aside
    from extractor.training.ship import put_aside, ship

    reasons = list(outcome.verdict.reasons) if outcome.verdict else []
    if not outcome.files:
        yield f"{outcome.name}: 没有训练 / not trained: {reasons[0]}"
        return
    yield from (f"{outcome.name}: {line}" for line in _figures(outcome))
    if reasons:
        figures = {"before": outcome.before, "after": outcome.after}
        home = put_aside(outcome.name, outcome.files, reasons, figures) if into is None else keep_aside(
            into, outcome.name, outcome.files, reasons, figures
        )  # fmt: skip
        yield f"{outcome.name}: 放在一边，照旧用原来的 / kept aside, what was in use stays: {home}"
        if into is not None and any(line.startswith(f"{outcome.name}/") for line in site_manifest(into)):
            yield (
                f"{outcome.name}: {into} 中早先的那个仍在用，没有同这次的一起测过 / the earlier one there stays in use, which was "
                "not measured beside these"
            )
        yield from (f"{outcome.name}:   {reason}" for reason in reasons)
        return
    made = ship(outcome.name, outcome.files) if into is None else install(into, outcome.name, outcome.files)
    how = "" if outcome.verdict else "，没有测量 / not measured"
    yield f"{outcome.name}: 已装好 / installed: {made.origin} {made.version}{how}"
    if into is not None:
        yield (
            f'{outcome.name}: 设置中写 [models] site = "{into}"、{outcome.name} = "learned" 即用 / '
            "set these in the settings to use it"
        )


def _figures(outcome: Outcome) -> Iterator[str]:
    for group, row in outcome.before.items():
        cells = "，".join(
            f"{figure} {was:.1f} → {now:.1f}"
            for figure in ("right", "measured", "whole", "records", "ece")
            if (was := row.get(figure)) is not None and (now := outcome.after[group].get(figure)) is not None
        )
        yield f"{group}: {cells}"
