"""The batch engine against bare loops, in one run: ``python tests/benchmarks/batch.py [--rounds N]``.

1. one worker against one process that calls ``extract`` in a loop; 2. two workers against two such processes over halves
of the same files; 3. two workers over PDFs against two processes in which pdfplumber alone opens the same files and
extracts text and tables. Each side is a command of its own, start included; sides take turns, the best round counts.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.common import ROOT, SHARED, say

CORPUS = ROOT / "corpus"

LOOP = """
import sys
from extractor import extract
from extractor.errors import ReadError
for path in open(sys.argv[1], encoding="utf-8").read().splitlines():
    try:
        extract(path)
    except ReadError:
        pass
"""
PDFPLUMBER = """
import sys
import pdfplumber
for path in open(sys.argv[1], encoding="utf-8").read().splitlines():
    try:
        with pdfplumber.open(path) as pdf:
            for page in pdf.pages:
                page.extract_text()
                page.extract_tables()
                page.close()
    except Exception:
        pass
"""


def bare(code: str, files: Sequence[Path], workers: int, work: Path) -> float:
    """Seconds until all of the processes are through; files are dealt out by size, the largest first."""
    hands: list[list[Path]] = [[] for _ in range(workers)]
    loads = [0] * workers
    for path in sorted(files, key=lambda one: -one.stat().st_size):
        least = loads.index(min(loads))
        hands[least].append(path)
        loads[least] += path.stat().st_size
    lists = []
    for at, hand in enumerate(hands):
        lists.append(work / f"list{at}")
        lists[-1].write_text("\n".join(map(str, sorted(hand))), encoding="utf-8")
    begun = time.perf_counter()
    running = [subprocess.Popen([sys.executable, "-c", code, str(each)]) for each in lists]
    for each in running:
        each.wait()
    return time.perf_counter() - begun


def engine(files: Sequence[Path], workers: int, work: Path, *more: str) -> float:
    """Seconds of the whole command, into a folder of its own."""
    listed = work / "all.txt"
    listed.write_text("\n".join(map(str, files)), encoding="utf-8")
    out = Path(tempfile.mkdtemp(dir=work))
    command = [sys.executable, "-m", "extractor", "batch", f"@{listed}", "--out", str(out), "--quiet"]
    begun = time.perf_counter()
    subprocess.run([*command, "--workers", str(workers), *more], check=False)
    return time.perf_counter() - begun


def documents(copies: int, folder: Path) -> list[Path]:
    """Our own documents in every format and the real ones where they are at hand; of those that bear a byte more at their
    end ``copies``, each another content.
    """
    found = []
    for path in originals():
        found.append(path)
        for copy in range(1, copies):
            if path.suffix in {".txt", ".html", ".pdf"}:
                found.append(folder / f"{copy}-{path.name}")
                found[-1].write_bytes(path.read_bytes() + b"\n" * copy)
    return found


def originals() -> list[Path]:
    own = [path for folder in ("txt", "docx", "html", "pdf", "xlsx") for path in sorted((CORPUS / folder).iterdir())]
    real = sorted((SHARED / "corpus" / "real").glob("*.*")) if SHARED.is_dir() else []
    return own + [path for path in real if path.suffix in {".pdf", ".html", ".txt"}]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--only", choices=("one", "two", "pdf"))
    parser.add_argument("--copies", type=int, default=3)
    options = parser.parse_args()
    copies = tempfile.TemporaryDirectory()
    files = documents(options.copies, Path(copies.name))
    pdfs = [path for path in files if path.suffix == ".pdf"]
    compared = {
        "one": ("extract in a loop", LOOP, files, 1, ()),
        "two": ("two bare processes", LOOP, files, 2, ()),
        "two, no cache, no Parquet": ("two bare processes", LOOP, files, 2, ("--no-cache", "--no-parquet")),
        "pdf": ("pdfplumber alone", PDFPLUMBER, pdfs, 2, ()),
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, (other, code, those, workers, more) in compared.items():
            if options.only and not name.startswith(options.only):
                continue
            theirs, ours = [], []
            for _ in range(options.rounds):
                theirs.append(bare(code, those, workers, Path(folder)))
                ours.append(engine(those, workers, Path(folder), *more))
            say(
                f"{name}: {len(those)} files, {workers} worker(s): {other} {min(theirs):.1f} s, batch {min(ours):.1f} s, "
                f"ratio {min(ours) / min(theirs):.3f}"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
