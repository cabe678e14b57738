"""The page that goes with a trained component: what it is made of, how it was measured, and where it may fail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from extractor.training.bootstrap import Difference
from extractor.training.gate import Verdict

# What each does and where it may fail, Chinese and English.
_ABOUT: dict[str, tuple[str, str, str, str]] = {
    "columns": (
        "判断表格的每一列是什么（指标、分值、责任单位……），用于规则不认识的表头。",
        "Says what each column of a table holds, for headers that no rule knows.",
        "只看表头、单元格的样子和相邻的列；没有表头的表、一列两用的表可能判断错。",
        "Sees headers, the look of cells and the neighbours; tables without a header or with a column of two uses may fail.",
    ),
    "record": (
        "判断一句话或一个单元格是不是记录，是哪一类。",
        "Says whether a stretch of text is a record, and of what kind.",
        "学自政策文件；别的文体（新闻、讲话、合同）没有见过。规则已认定的类别不由它改。",
        "Learnt from policy documents; other texts (news, speeches, contracts) it has not seen. What a rule has settled it does not touch.",
    ),
    "metric": (
        "从候选中选出一个数字所衡量的指标名。",
        "Chooses the words that name what a number measures.",
        "只在规则给出的或句中相连的词里选；要改写才成名的指标它写不出来。",
        "Chooses among words that stand in the text; a name that must be put in other words it can't give.",
    ),
    "confidence": (
        "给出每条记录、每个字段正确的概率。",
        "Gives the probability that a record, and each field of it, is right.",
        "概率是按训练文件校准的；与它们很不相同的文件（扫描件、别的文体），概率可能偏高。漏掉的记录它不知道。",
        "Calibrated on the documents it learnt from; on very different ones (scans, other kinds of text) it may be too sure. "
        "Of records that were missed it knows nothing.",
    ),
}  # fmt: skip
_UNKNOWN = ("", "", "", "")
_FIGURES = ("right", "measured", "whole", "records", "ece")
_GROUPS = {
    "corpus": "项目自有，规则没有对照过 / the project's own, unseen by the rules",
    "corpus-seen": "项目自有，规则对照过 / the project's own, the rules were held to them",
    "shared": "公开文件，规则对照过 / public documents, the rules were held to them",
    "site": "本单位批准的文件 / documents approved here",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """The figures without and with the component, by group, and the gains over all. ``beside``: components that stood
    in both runs.
    """

    before: Mapping[str, Mapping[str, float | None]] = field(default_factory=dict)
    after: Mapping[str, Mapping[str, float | None]] = field(default_factory=dict)
    gains: Sequence[Difference] = ()
    verdict: Verdict | None = None
    beside: str = ""

    def figures(self) -> dict[str, Any]:
        """For ``config.json``; empty where nothing was measured."""
        if not self.before:
            return {}
        return {
            "without": _rounded(self.before),
            "with": _rounded(self.after),
            "gains": {
                each.figure: {"gain": _two(each.gain), "low": _two(each.low), "high": _two(each.high), "p": each.p}
                for each in self.gains
            },
        }


def write_card(name: str, documents: Mapping[str, int], folds: int, training: Mapping[str, Any], shown: Shown) -> str:
    """``documents``: name to gold records; ``training``: figures that the recipe itself gave."""
    return "\n".join(_lines(name, documents, folds, training, shown)) + "\n"


def _lines(
    name: str, documents: Mapping[str, int], folds: int, training: Mapping[str, Any], shown: Shown
) -> Iterator[str]:
    what, what_english, limits, limits_english = _ABOUT.get(name, _UNKNOWN)
    yield from (f"# {name}", "", what, f"*{what_english}*", "")
    yield from (
        "## 数据 / Data",
        "",
        "| 组 / group | 文件 / documents | 标准记录 / gold records | |",
        "|---|---|---|---|",
    )
    for group in dict.fromkeys(each.partition("/")[0] for each in documents):
        inside = [count for each, count in documents.items() if each.partition("/")[0] == group]
        yield f"| {group} | {len(inside)} | {sum(inside)} | {_GROUPS.get(group, '')} |"
    yield from ("", "文件清单在 `config.json`。*The documents are listed in `config.json`.*", "")
    if training:
        yield from (
            "| 训练 / training | |",
            "|---|---|",
            *(f"| {key} | {_said(value)} |" for key, value in training.items() if isinstance(value, int | float | str)),
            "",
        )
    yield from ("## 测量 / Figures", "", *_measured(folds, shown), "")
    yield from ("## 局限 / Limits", "", limits, f"*{limits_english}*", "")
    yield from ("## 重新训练 / To train again", "", "```", f"extractor train {name} --shipped", "```", "")
    yield "用本单位的文件：`extractor train --from 数据文件夹`，见 `docs/learning.md`。"
    yield "*With your own documents: `extractor train --from DATA`, see `docs/learning.md`.*"


def _measured(folds: int, shown: Shown) -> Iterator[str]:
    if not shown.before:
        yield "没有测量（`--quick`，或文件太少）。*Not measured (`--quick`, or too few documents).*"
        return
    beside = f"；两次都有 {shown.beside}" if shown.beside else ""
    yield (
        f"{folds} 折，整份文件留出：每份文件都由没有见过它的部件来读。左为没有本部件，右为有{beside}。百分数；ece 是可信度的校准误差，越小越好。"
    )
    yield (
        f"*{folds} folds of whole documents: each document is read by a component that has not seen it. Left without the component, right "
        f"with it{f' ({shown.beside} in both)' if shown.beside else ''}. Percent; ece is the calibration error of the confidence, small is good.*"
    )
    yield from ("", f"| | {' | '.join(_FIGURES)} |", "|---" * (len(_FIGURES) + 1) + "|")
    for group, row in shown.before.items():
        cells = (f"{_percent(row.get(each))} → {_percent(shown.after[group].get(each))}" for each in _FIGURES)
        yield f"| {group} | {' | '.join(cells)} |"
    if shown.gains:
        yield from ("", "| 全部 / all | 增 / gain | 95 % | p |", "|---|---|---|---|")
        for each in shown.gains:
            yield f"| {each.figure} | {each.gain:+.1f} | {each.low:+.1f} … {each.high:+.1f} | {each.p:.4f} |"
    if shown.verdict is not None and shown.verdict.tolerated:
        yield from ("", "偶然可以解释的下降 / losses that chance explains:", "")
        yield from (f"- {each}" for each in shown.verdict.tolerated)


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _said(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _two(value: float) -> float:
    return round(value, 2)


def _rounded(rows: Mapping[str, Mapping[str, float | None]]) -> dict[str, dict[str, float | None]]:
    return {
        group: {key: None if value is None else _two(value) for key, value in row.items()}
        for group, row in rows.items()
    }
