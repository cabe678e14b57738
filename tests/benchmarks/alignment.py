"""The alignment of an archive: how good on labels that nothing was chosen by, how fast and how much memory.

    python tests/benchmarks/alignment.py [--json] [--observations 10000,100000] [--only quality|blocking|speed]

Observations are made of the project's own metrics, half of them by joining the beginning of one with the end of
another; every forty are a document. An archive of real plans repeats itself more, and is faster. One process for each
size, one core.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.common import ROOT, emit, note, peak_mb, seconds, table

if TYPE_CHECKING:
    from extractor.types.archive import Observation

DOCUMENT = 40  # observations of one


def made(count: int) -> list[Observation]:
    """The same for the same ``count``."""
    from extractor.archive.features import worded
    from extractor.training.alignment_data import gold_observations

    draw = random.Random(count)
    pool = [each for path in sorted((ROOT / "annotations").glob("*.json")) for each in gold_observations(path).values()]
    found = []
    for number in range(count):
        one = draw.choice(pool)
        metric = one.metric
        if draw.random() < 0.5:
            first, second = worded(one).words, worded(draw.choice(pool)).words
            metric = "".join((*first[: max(1, len(first) // 2)], *second[len(second) // 2 :]))
        document = f"document-{number // DOCUMENT}"
        found.append(replace(one, document=document, record_id=f"{document}#{number % DOCUMENT}", metric=metric))
    return found


def speed(count: int) -> dict[str, Any]:
    """Of one size, in this process."""
    from extractor.archive.clusters import align, signature
    from extractor.archive.matching import load

    observations = made(count)
    load()
    before = peak_mb()
    indicators: list[Any] = []
    taken = seconds(lambda: indicators.extend(align(observations)))
    return {
        "observations": count,
        "wordings": len({signature(each) for each in observations}),
        "indicators": len(indicators),
        "seconds": round(taken, 1),
        "before_mb": round(before),
        "peak_mb": round(peak_mb()),
    }


def blocking(sizes: list[int]) -> list[dict[str, Any]]:
    """Pairs to compare as wordings grow, and how many of the labelled ones (tuning half) are among them."""
    from extractor.archive.blocking import Worded
    from extractor.archive.features import worded
    from extractor.training.alignment_data import TUNE, read_pairs, read_series, series_pairs

    labelled = [*read_pairs(ROOT, TUNE), *series_pairs(read_series(ROOT, TUNE))]
    wanted = [pair for pair in labelled if pair.same and pair.a.quantity.dimension == pair.b.quantity.dimension]

    def key(each: Observation) -> tuple[str, tuple[str, ...], str]:
        return worded(each).core, worded(each).words, each.quantity.dimension

    real = {key(each) for pair in labelled for each in (pair.a, pair.b)}
    rows = []
    for size in sizes:
        keys = sorted(real | {key(each) for each in made(size)})
        at = {each: place for place, each in enumerate(keys)}
        taken, (i, j) = compared([Worded(*each) for each in keys])
        pairs = set(zip(i.tolist(), j.tolist(), strict=True))
        met = sum(
            key(one.a) == key(one.b) or tuple(sorted((at[key(one.a)], at[key(one.b)]))) in pairs for one in wanted
        )
        rows.append(
            {
                "observations": size, "wordings": len(keys), "pairs": len(pairs), "seconds": round(taken, 1),
                "recall": round(100 * met / len(wanted), 2),
            }
        )  # fmt: skip
    return rows


def compared(worded: list[Any]) -> tuple[float, Any]:
    from extractor.archive.blocking import candidates

    found: list[Any] = []
    return seconds(lambda: found.append(candidates(worded))), found[0]


def quality() -> dict[str, Any]:
    """The shipped model on the half of the labels that nothing was chosen by."""
    from extractor.archive.matching import load
    from extractor.training.alignment_scores import measure

    return dict(measure(ROOT, load()))


def measured(options: argparse.Namespace) -> dict[str, Any]:
    sizes = [int(each) for each in options.observations.split(",")]
    figures: dict[str, Any] = {}
    if options.only in (None, "quality"):
        note("quality …")
        figures["quality"] = quality()
    if options.only in (None, "blocking"):
        note("blocking …")
        figures["blocking"] = blocking(sizes)
    if options.only in (None, "speed"):
        figures["speed"] = []
        for size in sizes:
            note(f"{size} …")
            done = subprocess.run(
                [sys.executable, __file__, "--one", str(size)], capture_output=True, text=True, check=True
            )
            figures["speed"].append(json.loads(done.stdout))
    return figures


def rendered(figures: dict[str, Any]) -> str:
    parts = []
    if found := figures.get("quality"):
        rows = [
            [name, *(f"{found['model'][name][each]:.1f}" for each in ("f1", "precision", "recall", "ece")),
             f"{found['cosine'][name]['f1']:.1f}"]
            for name in ("pairs", "series", "pooled")
        ]  # fmt: skip
        clusters = "，".join(f"{key} {value:.1f}" for key, value in found["clusters"].items())
        parts += [table(["", "F1", "P", "R", "ece", "余弦 / cosine F1"], rows), f"整组 / clusters: {clusters}"]
    for name in ("blocking", "speed"):
        if lines := figures.get(name):
            parts.append(table(list(lines[0]), [list(line.values()) for line in lines]))
    return "\n\n".join(parts)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--observations", default="1000,10000,100000")
    parser.add_argument("--only", choices=("quality", "blocking", "speed"))
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        sys.stdout.write(json.dumps(speed(options.one)))
        return 0
    figures = measured(options)
    emit(figures, rendered(figures), as_json=options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
