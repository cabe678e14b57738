"""Measures everything anew and writes the tables into ``docs/measures.md`` and ``README.md``.

    python tests/benchmarks/report.py [--only STEP …]     # make figures

A table stands between ``<!-- figures:NAME -->`` and ``<!-- /figures -->``; what stands outside is written by hand. A
step that fails, or whose documents are not beside the clone, leaves its tables as they are and is named at the end.
Steps run one after the other, so that none is timed beside another.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import sys
import time
from collections.abc import Callable, Mapping
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks import figures
from tests.benchmarks.common import ROOT, SHARED, note, run_json

PAGES = (ROOT / "docs" / "measures.md", ROOT / "README.md")
KEPT = ROOT / "out" / "figures.json"
LIBRARIES = ("jieba", "spacy", "pdfplumber", "pypdfium2", "pydantic")
BLOCK = re.compile(r"<!-- figures:(?P<name>[\w-]+) -->\n(?:.*?\n)??<!-- /figures -->", re.DOTALL)

Measured = Mapping[str, Any]

STEPS: dict[str, Callable[[], Any]] = {
    "first-runs": figures.first_runs,
    "machine": lambda: machine(),
    "scores": lambda: run_json("score.py", "--everything"),
    "expressions": lambda: run_json("expression_scores.py"),
    "text": lambda: run_json("text.py"),
    "pdf": lambda: run_json("pdf.py"),
    "cold": lambda: run_json("cold.py"),
    "demo": lambda: figures.demo(),
}
NEEDS_SHARED = ("scores", "expressions")

# block: the steps it is made of, and how
Blocks = Mapping[str, tuple[tuple[str, ...], Callable[..., str]]]
BLOCKS: Blocks = {
    "machine": (("machine",), lambda words: words),
    "shared": (("scores",), figures.shared_block),
    "rendered": (("scores",), figures.rendered_block),
    "own": (("scores",), figures.own_block),
    "held-back": (("first-runs",), figures.held_back_block),
    "first-own": (("first-runs",), figures.first_own_block),
    "fresh": (("first-runs",), figures.fresh_block),
    "text": (("text",), figures.text_block),
    "growth": (("text",), figures.growth_block),
    "pdf": (("pdf",), figures.pdf_block),
    "cold": (("cold",), figures.cold_block),
    "expressions-general": (("expressions",), figures.general_block),
    "expressions-policy": (("expressions",), figures.policy_block),
    "right": (("scores", "first-runs"), figures.right_block),
    "speed": (("text", "pdf", "cold"), figures.speed_block),
    "demo": (("demo",), lambda words: words),
}


def machine() -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{date.today().isoformat()} · {os.cpu_count()} 核 / cores ({platform.system()} {platform.machine()}) · "
        f"Python {platform.python_version()} · {libraries}"
    )


def measure(names: list[str]) -> tuple[dict[str, Any], list[str]]:
    """What each step gave, and a line for each that gave nothing."""
    measured: dict[str, Any] = {}
    missing = []
    for name in names:
        begun = time.perf_counter()
        if name in NEEDS_SHARED and not SHARED.is_dir():
            missing.append(f"{name}: ../shared 不在 / there is no ../shared beside this clone")
            continue
        try:
            measured[name] = STEPS[name]()
        except (RuntimeError, OSError, ValueError) as error:
            missing.append(f"{name}: {error}")
        note(f"{name}: {time.perf_counter() - begun:.0f} s")
    return measured, missing


def rendered(measured: Measured, earlier: Measured, blocks: Blocks = BLOCKS) -> dict[str, str]:
    """The blocks that what was measured changes; of a block of several steps the others may be of an earlier run."""
    known = {**earlier, **measured}
    return {
        name: make(*(known[step] for step in steps))
        for name, (steps, make) in blocks.items()
        if all(step in known for step in steps) and any(step in measured for step in steps)
    }


def kept() -> dict[str, Any]:
    """What earlier runs in this clone measured."""
    return json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.is_file() else {}


def keep(measured: Measured) -> None:
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    KEPT.write_text(json.dumps({**kept(), **measured}, ensure_ascii=False, indent=1), encoding="utf-8")


def filled(page: str, blocks: Mapping[str, str]) -> str:
    """``page`` with its blocks replaced; raises ``KeyError`` for a name that no block has."""

    def replace(match: re.Match[str]) -> str:
        if match["name"] not in BLOCKS:
            raise KeyError(match["name"])
        made = blocks.get(match["name"])
        return match[0] if made is None else f"<!-- figures:{match['name']} -->\n{made}\n<!-- /figures -->"

    return BLOCK.sub(replace, page)


def main() -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--only", nargs="*", choices=list(STEPS), help="none named: only first-runs")
    options = parser.parse_args()
    if os.getloadavg()[0] > (os.cpu_count() or 1) - 0.5:
        note(f"机器正忙，速度数字不可靠 / the machine is busy ({os.getloadavg()[0]:.1f}): figures of speed will be off")
    measured, missing = measure(list(STEPS) if options.only is None else ["first-runs", *options.only])
    keep(measured)
    blocks = rendered(measured, kept())
    for path in PAGES:
        before = path.read_text(encoding="utf-8")
        after = filled(before, blocks)
        if after != before:
            path.write_text(after, encoding="utf-8")
            note(f"{path.relative_to(ROOT)}")
    for line in missing:
        note(f"未测，表格未动 / not measured, its tables are as they were: {line}")
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
