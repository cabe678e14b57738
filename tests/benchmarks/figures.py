"""The tables of ``docs/measures.md`` and ``README.md``, out of what the measuring scripts gave."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from tests.benchmarks import cold, expression_scores, pdf, text
from tests.benchmarks.common import ROOT, table
from tests.benchmarks.score import FIGURES, FIRST_RUNS, OWN, RENDERED, Row, score_table, shown
from tests.test_corpus_gold import LEAST
from tests.test_shared_gold import FLOORS

Measured = Mapping[str, Any]
DEMO = "08_business-bracket-tasks.pdf"
DEMO_ROWS = 5
README_FIGURES = {
    "records": "记录 records", "found": "指标找到 found", "right": "指标全对 right", "due": "时限 due",
    "responsible": "责任 responsible", "path": "标题路径 path", "whole": "整条无误 whole",
}  # fmt: skip
NOT_YET = "尚未测 / not measured yet"


def documents(rows: Mapping[str, Row]) -> int:
    return sum(name not in ("ALL", "MEAN") and not name.startswith("text: ") for name in rows)


def shared_block(scores: Measured) -> str:
    return score_table({**scores["shared"], "要求 / bar (MEAN)": FLOORS})


def rendered_block(scores: Measured) -> str:
    """Row ALL of each format, and the difference to the same documents as text."""
    lines = []
    for format in RENDERED:
        rows = scores[f"rendered {format}"]
        text_row = rows["text: ALL"]
        lines.append((f"{format} ({documents(rows)})", *(_beside(rows["ALL"][f], text_row[f]) for f in FIGURES)))
    return table(("格式 / format", *FIGURES), lines)


def _beside(value: float | None, text_value: float | None) -> str:
    if value is None or text_value is None or abs(value - text_value) < 0.05:
        return shown(value)
    return f"{value:.1f} ({value - text_value:+.1f})"


def own_block(scores: Measured) -> str:
    lines: dict[str, Row] = {}
    for format in OWN:
        rows = scores[f"own {format}"]
        lines |= {f"{format} ({documents(rows)}) ALL": rows["ALL"], f"{format} ({documents(rows)}) MEAN": rows["MEAN"]}
    return score_table(lines | {"要求 / bar": dict.fromkeys(FIGURES, float(LEAST))}, first="格式 / format")


def first_runs() -> dict[str, Measured]:
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FIRST_RUNS.glob("*.json"))}


def _first_run(run: Measured) -> str:
    return f"{run['note']}（{run['date']}）\n\n{score_table(run['rows'])}"


def held_back_block(runs: Measured) -> str:
    return _first_run(runs["held_back"])


def first_own_block(runs: Measured) -> str:
    return _first_run(runs["own_corpus"])


def fresh(runs: Measured) -> dict[str, Measured]:
    return {name: run for name, run in runs.items() if name not in ("held_back", "own_corpus")}


def fresh_block(runs: Measured) -> str:
    if fresh(runs):
        return "\n\n".join(_first_run(run) for run in fresh(runs).values())
    return table(("文件 / document", *FIGURES), [(NOT_YET, *["–"] * len(FIGURES))])


def text_block(measured: Measured) -> str:
    return text.ratio_table(dict(measured["ratios"]))


def growth_block(measured: Measured) -> str:
    return text.growth_table(measured["growth"])


def pdf_block(measured: Measured) -> str:
    return f"{pdf.time_table(measured['times'])}\n\n{pdf.memory_line(measured['memory'])}"


def cold_block(measured: Measured) -> str:
    return cold.rendered(dict(measured))


def general_block(measured: Measured) -> str:
    return expression_scores.general_table(dict(measured))


def policy_block(measured: Measured) -> str:
    return expression_scores.policy_table(dict(measured))


def right_block(scores: Measured, runs: Measured) -> str:
    """The README's rows MEAN; what was measured on documents that nobody had looked at stands first."""
    count = documents(scores["shared"])
    lines = {
        f"{run.get('documents') or documents(run['rows'])} 份未看过的文件，首次运行 / not looked at, first run ({name.replace('_', ' ')})": run[
            "rows"
        ]["MEAN"]
        for name, run in ({"held_back": runs["held_back"]} | fresh(runs)).items()
    }
    held = documents(runs["held_back"]["rows"])
    lines[f"{count} 份公开文件（其中 {held} 份同上），现在 / public documents (with those {held}), now"] = scores[
        "shared"
    ]["MEAN"]
    own = scores["own txt"]
    lines[f"{documents(own)} 份自有文件，现在 / own documents, now"] = own["MEAN"]
    rows = [(name, *(shown(row.get(figure)) for figure in README_FIGURES)) for name, row in lines.items()]
    return table(("", *README_FIGURES.values()), rows)


def speed_block(texts: Measured, pdfs: Measured, starts: Measured) -> str:
    total, peak, longest = pdfs["times"][-1], pdfs["memory"], texts["growth"][-1]
    rows = [
        *(
            (
                f"{words} ÷ jieba 分词一遍 / one jieba pass",
                " · ".join(f"{text.GROUPS[name]} {each['ratios'][work]:.1f}" for name, each in texts["ratios"].items()),
            )
            for work, words in text.WORKS.items()
            if work in ("records", "learned")
        ),
        (
            f"文本长 10 倍（到 {longest['characters']:,} 字）所用时间 / 10 times the text takes",
            f"≤ {max(each.get('growth', 0) for each in texts['growth']):.1f} ×",
        ),
        (
            "PDF 到记录 ÷ pdfplumber 取文字和表格 / PDF to records ÷ pdfplumber's text and tables",
            f"{total['whole'] / total['plumber']:.2f}",
        ),
        (f"{peak['pages']} 页 PDF 的内存峰值 / peak memory, {peak['pages']} pages", f"{peak['peak_mb']:.0f} MB"),
        ("一页文本，冷启动 / one page of text, cold start", f"{starts['extractor extract *.txt']['seconds']:.1f} s"),
    ]
    return table(("速度 / speed", ""), rows)


def demo() -> str:
    """What the command prints for one sample document, at 120 columns."""
    arguments = ["extract", DEMO, "--rows", str(DEMO_ROWS)]
    done = subprocess.run(
        [sys.executable, "-m", "extractor", *arguments],
        cwd=ROOT / "corpus" / "pdf",
        env={**os.environ, "COLUMNS": "120", "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    shown_lines = "\n".join(line.rstrip() for line in done.stdout.rstrip().splitlines())
    return f"```\n$ extractor {' '.join(arguments)}\n{shown_lines}\n```"
