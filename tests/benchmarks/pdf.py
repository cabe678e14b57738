"""Time to read PDFs as a multiple of what pdfplumber alone takes, and the peak memory of a long PDF.

    python tests/benchmarks/pdf.py FILE.pdf … [--repeat 3] [--no-memory]

Without files the script measures ``corpus/`` of this clone. Every figure is a ratio to pdfplumber's
``extract_text`` and ``extract_tables`` on the same files in the same process, warm; the best of ``--repeat``
runs on each side. The bar for the whole way from PDF to records is 1.5.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

_MEMORY = """
import resource, sys
sys.path.insert(0, {root!r})
from tests.benchmarks.pdf import long_pdf
data = long_pdf({pages})
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
from extractor.formats import read_document
document = read_document(data)
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(len(document.text), len(document.tables), before // 1024, after // 1024)
"""


def plumber(data: bytes) -> int:
    """pdfplumber alone: text and tables of every page."""
    import pdfplumber

    size = 0
    with pdfplumber.open(io.BytesIO(data)) as document:
        for page in document.pages:
            size += len(page.extract_text() or "")
            size += sum(len(table) for table in page.extract_tables())
            page.close()
    return size


def reader(data: bytes) -> int:
    """Our reader: PDF to ``Document``."""
    from extractor.formats import read_document

    return len(read_document(data).text)


def whole(data: bytes) -> int:
    """PDF to records."""
    from extractor import extract

    return len(extract(data).records)


def best(work: Callable[[bytes], int], files: list[bytes], repeat: int) -> float:
    """Seconds of the fastest of ``repeat`` passes over ``files``."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        for data in files:
            work(data)
        times.append(time.perf_counter() - start)
    return min(times)


def long_pdf(pages: int) -> bytes:
    """A made PDF of running text, with a ruled table of eight rows on every third page."""
    from tests.formats.pdf_samples import LEFT, Sheets

    sheets = Sheets()
    for number in range(1, pages + 1):
        words = [f"　　（{number}）各单位要按照年度计划认真组织实施重点任务并按月上报"]
        words += ["工作进展情况年底前完成率不低于百分之九十以上并做好总结评估工作"[:28] for _ in range(20)]
        sheets.lines([*words, "完成。"], top=90, pitch=24)
        if number % 3 == 0:
            for row in range(8):
                for col in range(4):
                    x = LEFT + col * 110
                    sheets.cell([f"第{row}行第{col}列", "任务"], x, 610 + row * 20, x + 110, 630 + row * 20, 7)
        sheets.centered(f"— {number} —", 810, 10).page()
    return sheets.data()


def has_extract() -> bool:
    """Whether the package offers ``extract`` already."""
    if importlib.util.find_spec("extractor") is None:
        return False
    import extractor

    return hasattr(extractor, "extract")


def measure_memory(pages: int) -> None:
    code = _MEMORY.format(root=str(ROOT), pages=pages)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    characters, tables, before, after = done.stdout.split()
    say(f"{pages} pages, {characters} characters, {tables} tables: peak {after} MB ({before} MB before reading)")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--pages", type=int, default=300, help="pages of the PDF that memory is measured on")
    parser.add_argument("--no-memory", action="store_true")
    options = parser.parse_args()
    paths = options.files or sorted((ROOT / "corpus").rglob("*.pdf"))
    if paths:
        sides = [("reader", reader)] + ([("extract", whole)] if has_extract() else [])
        say("file\tpdfplumber s\t" + "\t".join(f"{name} s\tratio" for name, _ in sides))
        totals = [0.0] * (len(sides) + 1)
        for path in paths:
            files = [path.read_bytes()]
            for _, work in sides:
                work(files[0])  # warm: imports, dictionaries
            times = [best(work, files, options.repeat) for work in (plumber, *(work for _, work in sides))]
            totals = [total + value for total, value in zip(totals, times, strict=True)]
            say(row(path.name, times))
        say(row("all", totals))
    if not options.no_memory:
        measure_memory(options.pages)


def row(name: str, times: list[float]) -> str:
    shown = "\t".join(f"{value:.3f}\t{value / times[0]:.2f}" for value in times[1:])
    return f"{name}\t{times[0]:.3f}\t{shown}"


if __name__ == "__main__":
    main()
