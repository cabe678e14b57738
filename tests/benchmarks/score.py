"""Scores what the rules make against gold with the scorer that lies beside the clone (``../shared/eval/score.py``).

By the rules alone: the trained components have learnt from these documents. What they add on documents held out is
measured by ``learning.py``.

    python tests/benchmarks/score.py                        # corpus/txt against annotations/
    python tests/benchmarks/score.py --format pdf           # the same documents in another format
    python tests/benchmarks/score.py --shared               # ../shared/gold, sources in corpus/seeds and corpus/real
    python tests/benchmarks/score.py --rendered docx        # the seeds in that format; rows text: are those of the text
    python tests/benchmarks/score.py --gold DIR --sources DIR [DIR …]

Also ``--json``, and ``--save NAME [--note TEXT]``: keeps the figures as those of a first run, in
``tests/benchmarks/first_runs/NAME.json``, from where ``report.py`` takes them. A first run is one on documents that
nobody had looked at; it can't be made again, so its figures are data. Only figures are printed, no words of a
document.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.common import ROOT, SHARED, emit, note, table
from tests.extracted import RULED, rules_only
from tests.scorer import SCORER, rows

FIRST_RUNS = Path(__file__).parent / "first_runs"
FIGURES = (
    "records", "found", "right", "implicit", "points", "deadlines", "responsible", "due", "path", "kind", "whole", "measured",
)  # fmt: skip
RENDERED = ("docx", "xlsx", "html", "pdf_css", "pdf_word")
OWN = ("txt", "docx", "xlsx", "html", "pdf")

Row = Mapping[str, float | None]


def golds(folder: Path) -> dict[str, dict[str, Any]]:
    loaded = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json")))
    return {Path(gold["document"]["source_name"]).stem: gold for gold in loaded}


def score(gold: Path, sources: Sequence[Path], only: frozenset[str] | None = None) -> dict[str, Row]:
    """Rows of the documents of ``gold`` that lie in ``sources``, then ``ALL`` and ``MEAN``."""
    from extractor import extract

    rules = rules_only()
    found = {stem: [path for folder in sources for path in sorted(folder.glob(f"{stem}.*"))] for stem in golds(gold)}
    pairs = {
        stem: (annotation, extract(found[stem][0], config=rules))
        for stem, annotation in golds(gold).items()
        if found[stem] and (only is None or stem in only)
    }
    if missing := [stem for stem, paths in found.items() if not paths and only is None]:
        note(f"没有原文 / no source: {', '.join(missing)}")
    return rows(pairs)


def own(format: str) -> dict[str, Row]:
    return score(ROOT / "annotations", [ROOT / "corpus" / format], frozenset(RULED))


def shared() -> dict[str, Row]:
    return score(SHARED / "gold", [SHARED / "corpus" / "seeds", SHARED / "corpus" / "real"])


def rendered(format: str) -> dict[str, Row]:
    folder = SHARED / "corpus" / "rendered" / format
    stems = frozenset(path.stem for path in folder.glob("*.*"))
    text = score(SHARED / "gold", [SHARED / "corpus" / "seeds"], stems)
    return score(SHARED / "gold", [folder], stems) | {"text: ALL": text["ALL"], "text: MEAN": text["MEAN"]}


def everything() -> dict[str, dict[str, Row]]:
    """All sets that the report is about."""
    made = {f"own {format}": own(format) for format in OWN} | {"shared": shared()}
    return made | {f"rendered {format}": rendered(format) for format in RENDERED}


def shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def score_table(measured: Mapping[str, Row], *, first: str = "文件 / document") -> str:
    lines = [(name, *(shown(row.get(figure)) for figure in FIGURES)) for name, row in measured.items()]
    return table((first, *FIGURES), lines)


def save(name: str, measured: Mapping[str, Row], remark: str) -> None:
    FIRST_RUNS.mkdir(exist_ok=True)
    kept = {stem: {figure: row.get(figure) for figure in FIGURES} for stem, row in measured.items()}
    content = {"date": date.today().isoformat(), "note": remark, "rows": kept}
    path = FIRST_RUNS / f"{name}.json"
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    note(f"{path.relative_to(ROOT)}")


def main() -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--format", choices=OWN, default="txt")
    parser.add_argument("--shared", action="store_true")
    parser.add_argument("--rendered", choices=RENDERED)
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--sources", type=Path, nargs="+")
    parser.add_argument("--everything", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--save", metavar="NAME")
    parser.add_argument("--note", default="")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not SCORER.is_file():
        sys.stderr.write("没有评分脚本：../shared/eval/score.py 不在 / there is no scorer beside this clone\n")
        return 2
    if options.everything:
        emit(everything(), "", as_json=True)
        return 0
    if options.gold:
        measured = score(options.gold, options.sources or [options.gold])
    elif options.rendered:
        measured = rendered(options.rendered)
    else:
        measured = shared() if options.shared else own(options.format)
    if options.save:
        save(options.save, measured, options.note)
    emit(measured, score_table(measured), as_json=options.json)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
