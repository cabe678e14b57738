"""Our readings of the expression cases beside those of three public libraries, by the cases' own scorer.

    python tests/benchmarks/expression_scores.py [--json]

The cases, the scorer and the libraries' readings lie beside the clone in ``../shared/cases``. Two sets: readings that
public libraries' own tests demand (``core`` cases; macro F1 over ten kinds of expression, also without the cases of
each library's own suite), and expressions of policy language.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.common import SHARED, emit, table
from tests.benchmarks.expressions import predictions

CASES = SHARED / "cases"
OURS = "本项目 / this project"
SUITES = {"cn2an": "cn2an", "jionlp": "jionlp", "recognizers_text": "recognizers"}
Readings = dict[str, list[dict[str, Any]]]


def scorer() -> Any:
    spec = importlib.util.spec_from_file_location("score_expressions", CASES / "score_expressions.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def macro(scores: Any, cases: list[dict[str, Any]], readings: Readings) -> float:
    """Mean F1 of value, unit and comparator over the kinds of expression that matter to policies."""
    tallies = scores.score(cases, readings)
    values = [scores.prf(tallies[kind], "full")[2] for kind in sorted(tallies) if kind in scores.POL]
    return sum(values) / len(values)


def policy(scores: Any, cases: list[dict[str, Any]], readings: Readings) -> dict[str, float]:
    tallies = scores.score(cases, readings)
    whole, silent = tallies["_ALL"], tallies["negative"]
    kinds = [
        scores.prf(tallies[kind], "full")[2] for kind in tallies if not kind.startswith("_") and kind != "negative"
    ]
    return {
        "precision": scores.prf(whole, "full")[0],
        "recall": scores.prf(whole, "full")[1],
        "F1": scores.prf(whole, "full")[2],
        "macro": sum(kinds) / len(kinds),
        "value": scores.prf(whole, "value")[2],
        "span": scores.prf(whole, "span")[2],
        "cases": whole["casesok"] / whole["cases"],
        "silent": silent["casesok"] / silent["cases"],
    }


def measure() -> dict[str, Any]:
    scores = scorer()
    general = [case for case in lines(CASES / "peer_expressions_dev.jsonl") if case.get("core", True)]
    official = lines(CASES / "policy_expressions.jsonl")
    everyone: dict[str, Readings] = {
        path.stem: {each["id"]: each["pred"] for each in lines(path)}
        for path in sorted((CASES / "peers").glob("*.jsonl"))
    }
    files = (CASES / "peer_expressions_dev.jsonl", CASES / "policy_expressions.jsonl")
    everyone[OURS] = {each["id"]: each["pred"] for path in files for each in predictions(path)}
    without = {library: [case for case in general if case["suite"] != suite] for library, suite in SUITES.items()}
    return {
        "general": {
            name: {"all": macro(scores, general, readings)}
            | {library: macro(scores, cases, readings) for library, cases in without.items()}
            for name, readings in everyone.items()
        },
        "policy": {name: policy(scores, official, readings) for name, readings in everyone.items()},
        "cases": {"general": len(general), "policy": len(official)},
    }


def general_table(measured: dict[str, Any]) -> str:
    header = ("", "全部 / all", *(f"除去 {suite} 的用例 / without its cases" for suite in SUITES.values()))
    rows = [(name, *(f"{value:.3f}" for value in each.values())) for name, each in measured["general"].items()]
    return table(header, rows)


def policy_table(measured: dict[str, Any]) -> str:
    header = (
        "", "精确 / precision", "召回 / recall", "F1", "各类平均 / macro", "只看值 / value", "连边界 / span",
        "整句全对 / whole cases", "无量句不误读 / silent",
    )  # fmt: skip
    rows = [(name, *(f"{value:.3f}" for value in each.values())) for name, each in measured["policy"].items()]
    return table(header, rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not CASES.is_dir():
        sys.stderr.write("没有表达式用例：../shared/cases 不在 / there are no cases beside this clone\n")
        return 2
    measured = measure()
    emit(measured, general_table(measured) + "\n\n" + policy_table(measured), as_json=options.json)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
