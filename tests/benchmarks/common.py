"""What the measuring scripts share: where things lie, clock and memory, tables."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"  # documents and cases that lie beside a clone where there are any; never in it

LONG = 5
Figures = Mapping[str, Any]


def say(line: str = "") -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def note(line: str) -> None:
    """Progress, apart from what a script prints as its result."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; the first column is words, the others are figures."""
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def emit(figures: Figures, rendered: str, *, as_json: bool) -> None:
    say(json.dumps(figures, ensure_ascii=False) if as_json else rendered)


def seconds(work: Callable[[], object]) -> float:
    """Processor time: what else the machine does at the time counts little. Nothing measured here waits or runs in
    threads."""
    start = time.process_time()
    work()
    return time.process_time() - start


def interleaved(works: Mapping[str, Callable[[], object]], repeat: int) -> dict[str, float]:
    """Seconds of the fastest of ``repeat`` runs of each, taken in turns so that a slow moment hits all alike; what
    takes more than ``LONG`` seconds runs once."""
    best: dict[str, float] = {}
    for _ in range(repeat):
        for name, work in works.items():
            if best.get(name, 0) < LONG:
                best[name] = min(best.get(name, float("inf")), seconds(work))
    return best


def peak_mb() -> float:
    """Peak memory of this process. ``ru_maxrss`` would count the parent's memory at the fork too."""
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def run_json(script: str, *arguments: str) -> Any:
    """What a script of this folder prints with ``--json``, in a process of its own."""
    command = [sys.executable, str(Path(__file__).with_name(script)), *arguments, "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{script} {' '.join(arguments)}\n{done.stderr.strip()}")
    return json.loads(done.stdout)
