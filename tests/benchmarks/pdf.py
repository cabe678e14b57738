"""Time from PDF to records as a multiple of what pdfplumber alone takes, and the peak memory of a long PDF.

    python tests/benchmarks/pdf.py [FILE.pdf …] [--json] [--repeat 3] [--pages 300]

pdfplumber alone is ``extract_text`` and ``extract_tables`` of every page, on the same files in the same process,
warm; the best of ``--repeat`` runs on each side. Without files: those of 20 pages and more below
``../shared/corpus`` where they lie beside the clone, and a made one. The bars are 1.5 times pdfplumber, and 600 MB
for 300 pages (a made PDF, extracted in a process of its own).
"""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.common import ROOT, SHARED, emit, interleaved, table

BAR, BAR_MB = 1.5, 600
LEAST_PAGES = 20

_MEMORY = """
import json, sys
sys.path.insert(0, {root!r})
from extractor import extract
from tests.benchmarks.common import peak_mb
data = open({path!r}, "rb").read()
before = peak_mb()
result = extract(data)
print(json.dumps({{
    "pages": len(result.document.pages), "characters": len(result.document.text), "tables": len(result.document.tables),
    "records": len(result.records), "before_mb": before, "peak_mb": peak_mb(),
}}))
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


def pages_of(data: bytes) -> int:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        return len(document)
    finally:
        document.close()


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


def files_of(paths: list[Path]) -> dict[str, bytes]:
    """Named files, or those that the bar is about."""
    if paths:
        return {path.name: path.read_bytes() for path in paths}
    found = [*(SHARED / "corpus" / "real").glob("*.pdf"), *(SHARED / "corpus" / "rendered" / "pdf_word").glob("*.pdf")]
    loaded = {path.name: path.read_bytes() for path in sorted(found)}
    long = {name: data for name, data in loaded.items() if pages_of(data) >= LEAST_PAGES}
    return long | {"60 页自制 / made": long_pdf(60)}


def measure(files: dict[str, bytes], repeat: int) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for name, data in files.items():
        whole(data)  # warm: imports, dictionaries
        works = {
            "plumber": lambda d=data: plumber(d),
            "reader": lambda d=data: reader(d),
            "whole": lambda d=data: whole(d),
        }
        made.append({"file": name, "pages": pages_of(data), **interleaved(works, repeat)})
    total = {name: sum(each[name] for each in made) for name in ("pages", "plumber", "reader", "whole")}
    return [*made, {"file": "合计 / all", **total}]


def memory(pages: int) -> dict[str, Any]:
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(long_pdf(pages))
        file.flush()
        code = _MEMORY.format(root=str(ROOT), path=file.name)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def time_table(measured: list[dict[str, Any]]) -> str:
    header = (
        "文件 / file",
        "页 / pages",
        "pdfplumber 秒 / s",
        "读入 / reading",
        "比 / ratio",
        "到记录 / to records",
        "比 / ratio",
    )
    rows = [
        (
            each["file"], each["pages"], f"{each['plumber']:.2f}", f"{each['reader']:.2f}",
            f"{each['reader'] / each['plumber']:.2f}", f"{each['whole']:.2f}", f"{each['whole'] / each['plumber']:.2f}",
        )
        for each in measured
    ]  # fmt: skip
    return table(header, rows)


def memory_line(measured: dict[str, Any]) -> str:
    return (
        f"{measured['pages']} 页、{measured['tables']} 张表、{measured['characters']:,} 字、{measured['records']:,} 条记录："
        f"峰值 {measured['peak_mb']:.0f} MB（读入前 {measured['before_mb']:.0f} MB）/ "
        f"{measured['pages']} pages, {measured['records']:,} records: peak {measured['peak_mb']:.0f} MB "
        f"({measured['before_mb']:.0f} MB before reading)"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--pages", type=int, default=300, help="pages of the PDF that memory is measured on")
    options = parser.parse_args()
    measured = {"times": measure(files_of(options.files), options.repeat), "memory": memory(options.pages)}
    rendered = time_table(measured["times"]) + "\n\n" + memory_line(measured["memory"])
    emit(measured, rendered, as_json=options.json)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
