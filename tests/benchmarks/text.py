"""Time from text to records as a multiple of one ``jieba.cut`` pass, and how time and memory grow with length.

    python tests/benchmarks/text.py [--json] [--repeat 5] [--longest 5000000]

The ratios: everything in one process, warm, over the text documents of ``corpus/`` and, where they lie beside the
clone, those of ``../shared/corpus``. The growth: one text of those documents, then ten and a hundred times that
text, each in a process of its own. The bars are 4 times jieba by rules alone, 10 times with the trained
components, and 12 times the time for 10 times the text.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.common import ROOT, SHARED, emit, interleaved, peak_mb, seconds, table
from tests.extracted import rules_only

SHORTEST = 50_000
WORKS = {
    "jieba": "jieba.cut 一遍 / one pass of jieba.cut",
    "records": "文本到记录，只用规则 / text to records by rules alone",
    "learned": "文本到记录，用训练的部件 / text to records with the trained components",
    "read": "其中读入 / reading alone",
    "spacy": "仅 spaCy 文档 / the blank spaCy document alone",
    "pipeline": "表达式的 spaCy 管道 / the expressions as a spaCy pipeline",
}


GROUPS = {"own": "自有 / own", "public": "公开 / public", "all": "全部 / all"}
FOLDERS = {"own": [ROOT / "corpus" / "txt"], "public": [SHARED / "corpus" / "seeds", SHARED / "corpus" / "real"]}


def sources(group: str = "all") -> list[bytes]:
    folders = [folder for name, folders in FOLDERS.items() if group in (name, "all") for folder in folders]
    return [path.read_bytes() for folder in folders for path in sorted(folder.glob("*.txt"))]


def works(files: list[bytes]) -> tuple[dict[str, Callable[[], object]], int]:
    """What is timed, by name, and the number of characters."""
    import jieba
    import spacy

    from extractor import extract
    from extractor.formats import read_document
    from extractor.nlp import build_nlp

    rules = rules_only()
    texts = [read_document(data).text for data in files]
    blank, pipeline = spacy.blank("zh"), build_nlp(year=2024)
    made: dict[str, Callable[[], object]] = {
        "jieba": lambda: [sum(1 for _ in jieba.cut(text)) for text in texts],
        "records": lambda: [len(extract(data, config=rules).records) for data in files],
        "learned": lambda: [len(extract(data).records) for data in files],
        "read": lambda: [len(read_document(data).text) for data in files],
        "spacy": lambda: [len(blank.make_doc(text)) for text in texts],
        "pipeline": lambda: [len(pipeline(text).spans["targets"]) for text in texts],
    }
    return made, sum(map(len, texts))


def ratios(repeat: int) -> dict[str, Any]:
    """Documents, characters, seconds and ratios of each group that is there; all in one process."""
    made = {}
    for group in GROUPS:
        if files := sources(group):
            timed, characters = works(files)
            if not made:
                for work in timed.values():
                    work()  # warm: imports, dictionaries
            best = interleaved(timed, repeat)
            made[group] = {
                "documents": len(files),
                "characters": characters,
                "seconds": best,
                "ratios": {name: value / best["jieba"] for name, value in best.items()},
            }
    return made


def text_of(characters: int) -> str:
    """The same text, as often as it takes: of the sample documents in turn up to ``SHORTEST`` characters."""
    from extractor.formats import read_document

    texts = [read_document(data).text + "\n" for data in sources()]
    base = "".join(texts)
    base = (base * (SHORTEST // len(base) + 1))[:SHORTEST]
    return base * (characters // SHORTEST)


def measure_one(characters: int) -> dict[str, float]:
    from extractor import extract

    data = text_of(characters).encode()
    extract(data[:3000].decode(errors="ignore").encode())  # warm
    before = peak_mb()
    counted: list[int] = []
    runs = [seconds(lambda: counted.append(len(extract(data).records))) for _ in range(3 if characters < 1e6 else 1)]
    return {
        "characters": characters,
        "seconds": median(runs),
        "records": counted[0],
        "peak_mb": peak_mb(),
        "before_mb": before,
    }


def growth(longest: int) -> list[dict[str, float]]:
    made = []
    for characters in (SHORTEST, SHORTEST * 10, SHORTEST * 100):
        if characters <= longest:
            command = [sys.executable, __file__, "--one", str(characters)]
            made.append(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))
    for shorter, longer in pairwise(made):
        longer["growth"] = longer["seconds"] / shorter["seconds"]
    return made


def ratio_table(measured: dict[str, Any]) -> str:
    groups = [f"{GROUPS[name]} ({each['documents']}, {each['characters']:,} 字)" for name, each in measured.items()]
    rows = [
        (
            words,
            *(f"{each['ratios'][name]:.2f}" for each in measured.values()),
            f"{measured['all']['seconds'][name]:.3f}",
        )
        for name, words in WORKS.items()
    ]
    return table(("", *groups, "秒（全部）/ s (all)"), rows)


def growth_table(measured: list[dict[str, float]]) -> str:
    rows = [
        (
            f"{each['characters']:,}", f"{each['seconds']:.2f}", f"{each['growth']:.1f}" if "growth" in each else "–",
            f"{each['records']:,}", f"{each['peak_mb']:.0f} MB",
        )
        for each in measured
    ]  # fmt: skip
    return table(
        ("字数 / characters", "秒 / s", "为上一行的倍数 / × the row above", "记录 / records", "内存峰值 / peak"), rows
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--longest", type=int, default=SHORTEST * 100, help="characters of the longest text")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        emit(measure_one(options.one), "", as_json=True)
        return 0
    measured = {"ratios": ratios(options.repeat), "growth": growth(options.longest)}
    rendered = ratio_table(measured["ratios"]) + "\n\n" + growth_table(measured["growth"])
    emit(measured, rendered, as_json=options.json)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
