"""Measures the trained components on documents held out and writes the tables into ``docs/learning.md``.

    python tests/benchmarks/learning.py [--only table|curve] [--ship] [--jobs N]     # make learning

A table stands between ``<!-- learning:NAME -->`` and ``<!-- /learning -->``; what stands outside is written by hand.
With ``--ship`` what was measured is written to ``models/`` too, as by ``make train``, which measures the same. Half an
hour on two cores for the tables, and as much for the curve.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from extractor.cli.train import written
from extractor.training.bootstrap import paired_bootstrap
from extractor.training.curve import Point, learning_curve
from extractor.training.recipes import BUILTIN
from extractor.training.scoring import DocumentScore
from extractor.training.sources import project_examples
from extractor.training.train import Outcome, Plan, train_all
from tests.benchmarks.common import ROOT, note

PAGE = ROOT / "docs" / "learning.md"
BLOCK = re.compile(r"<!-- learning:(?P<name>[\w-]+) -->\n(?:.*?\n)??<!-- /learning -->", re.DOTALL)
FIGURES = ("right", "measured", "whole", "records")
CURVE = ("right", "measured", "whole")


def components_block(outcomes: Sequence[Outcome]) -> str:
    """Each component beside those taken before it, by group."""
    lines = [
        f"| 部件 / component | 组 / group | {' | '.join(FIGURES)} | ece | |",
        "|---" * (len(FIGURES) + 4) + "|",
    ]
    for each in outcomes:
        taken = "采用 / taken" if each.verdict and each.verdict.accepted else "不采用 / not taken"
        for at, group in enumerate(each.before):
            before, after = each.before[group], each.after[group]
            cells = (f"{_said(before.get(figure))} → {_said(after.get(figure))}" for figure in (*FIGURES, "ece"))
            lines.append(f"| {'' if at else each.name} | {group} | {' | '.join(cells)} | {'' if at else taken} |")
    return "\n".join(lines)


def together_block(outcomes: Sequence[Outcome]) -> str:
    """Rules alone against all that was taken, with what chance says of it."""
    last = outcomes[-1]
    before, after = outcomes[0].runs[0], last.runs[1 if last.verdict and last.verdict.accepted else 0]
    lines = [
        "| 组 / group | | 规则 / rules | 加部件 / with components | 增 / gain | 95 % | p |",
        "|---|---|---|---|---|---|---|",
    ]
    for group, old, new in _by_group(before, after):
        for at, figure in enumerate(FIGURES):
            one = paired_bootstrap(old, new, figure)
            lines.append(
                f"| {'' if at else group} | {figure} | {one.before:.1f} | {one.after:.1f} | {one.gain:+.1f} | "
                f"{one.low:+.1f} … {one.high:+.1f} | {one.p:.4f} |"
            )
    return "\n".join(lines)


def _by_group(
    before: Sequence[DocumentScore], after: Sequence[DocumentScore]
) -> Iterator[tuple[str, list[DocumentScore], list[DocumentScore]]]:
    groups = dict.fromkeys(each.name.partition("/")[0] for each in before)
    for group in groups:
        old, new = ([each for each in run if each.name.startswith(f"{group}/")] for run in (before, after))
        yield group, old, new
    yield "全部 / all", list(before), list(after)


def curve_block(points: Sequence[Point]) -> str:
    """Documents learnt from, by group the figures of documents held out."""
    groups = list(points[0].rows)
    heads = [f"{group} {figure}" for group in groups for figure in CURVE]
    lines = [f"| 文件 / documents | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
    for each in points:
        cells = [_said(each.rows[group][figure]) for group in groups for figure in CURVE]
        name = str(each.documents) if each.documents else "0（规则 / rules）"
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _said(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def filled(page: str, blocks: Mapping[str, str]) -> str:
    """``page`` with the blocks that are given replaced."""

    def replace(match: re.Match[str]) -> str:
        made = blocks.get(match["name"])
        return match[0] if made is None else f"<!-- learning:{match['name']} -->\n{made}\n<!-- /learning -->"

    return BLOCK.sub(replace, page)


def main() -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--only", choices=("table", "curve"), help="default: both")
    parser.add_argument("--ship", action="store_true", help="write the components to models/")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    examples = project_examples()
    if not any(each.group == "shared" for each in examples):
        note("../shared 不在，未测，表格未动 / there is no ../shared beside this clone: nothing measured")
        return 1
    blocks: dict[str, str] = {}
    begun = time.perf_counter()
    names = tuple(BUILTIN)
    if options.only != "curve":
        outcomes = train_all(names, Plan(examples, jobs=options.jobs, must_gain=True), note)
        if options.ship:
            for each in outcomes:
                for line in written(each, None):
                    note(line)
        blocks |= {"components": components_block(outcomes), "together": together_block(outcomes)}
        note(f"{time.perf_counter() - begun:.0f} s")
    if options.only != "table":
        ranked = [name for name in names if name != "confidence"]  # it changes no record
        blocks["curve"] = curve_block(learning_curve(ranked, examples, note, options.jobs))
        note(f"{time.perf_counter() - begun:.0f} s")
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), blocks), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
