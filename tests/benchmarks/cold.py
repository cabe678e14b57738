"""Cold starts: a process that prints the help, and one that extracts the shortest sample document of each format.

    python tests/benchmarks/cold.py [--json] [--repeat 5]

Wall time is the median of the runs, from start to end of the process; memory is its peak. The last column names
which of the heavy libraries the process had imported at its end.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.common import ROOT, emit, table

HEAVY = ("spacy", "jieba", "sklearn", "numpy", "pdfplumber", "pypdfium2", "docx", "openpyxl", "lxml", "pydantic")
_IMPORTED = """
import runpy, sys
sys.argv[0] = "extractor"
try:
    runpy.run_module("extractor", run_name="__main__")
except SystemExit:
    pass
sys.stderr.write(" ".join(name for name in {heavy!r} if name in sys.modules))
"""


def start(command: list[str]) -> tuple[float, float]:
    """Seconds and peak megabytes of one process."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}")
    return time.perf_counter() - begun, usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


def imported(arguments: list[str]) -> list[str]:
    command = [sys.executable, "-c", _IMPORTED.format(heavy=HEAVY), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stderr.split()


def measure(arguments: list[str], repeat: int) -> dict[str, Any]:
    runs = [start([sys.executable, "-m", "extractor", *arguments]) for _ in range(repeat)]
    return {
        "seconds": median(run[0] for run in runs),
        "peak_mb": max(run[1] for run in runs),
        "imported": imported(arguments),
    }


def commands() -> dict[str, list[str]]:
    shortest = min((ROOT / "corpus" / "txt").glob("*.txt"), key=lambda path: path.stat().st_size).stem
    made = {"--help": ["--help"]}
    for format in ("txt", "html", "docx", "xlsx", "pdf"):
        made[f"extract *.{format}"] = ["extract", f"corpus/{format}/{shortest}.{format}"]
    return made


def rendered(measured: dict[str, dict[str, Any]]) -> str:
    rows = [
        (f"`{name}`", f"{each['seconds']:.2f}", f"{each['peak_mb']:.0f} MB", ", ".join(each["imported"]) or "–")
        for name, each in measured.items()
    ]
    return table(("命令 / command", "秒 / s", "内存峰值 / peak", "已导入 / imported"), rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    bare = [start([sys.executable, "-c", "pass"]) for _ in range(options.repeat)]
    measured: dict[str, dict[str, Any]] = {
        "python -c pass": {
            "seconds": median(run[0] for run in bare),
            "peak_mb": max(run[1] for run in bare),
            "imported": [],
        }
    }
    measured |= {f"extractor {name}": measure(arguments, options.repeat) for name, arguments in commands().items()}
    emit(measured, rendered(measured), as_json=options.json)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
