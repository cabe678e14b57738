"""The page that goes with the alignment's model: what it learnt from, how it was measured, where it may fail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from extractor.training.alignment_data import TEST_FAMILIES

_SETS = {"pairs": "难的成对 / hard pairs", "series": "系列 / series", "pooled": "合计 / pooled"}


def write_card(learnt: Mapping[str, tuple[int, int]], tune: Mapping[str, Any], test: Mapping[str, Any]) -> str:
    """``learnt``: kind → pairs learnt from, and how many of them are the same. ``tune``: figures by folds; ``test``: as
    ``alignment_scores.measure`` gives them.
    """
    return "\n".join(_lines(learnt, tune, test)) + "\n"


def _lines(learnt: Mapping[str, tuple[int, int]], tune: Mapping[str, Any], test: Mapping[str, Any]) -> Iterator[str]:
    yield from (
        "# alignment", "",
        "判断不同文件里的两个指标是不是同一个指标。",
        "*Says whether targets of two documents measure the same indicator.*", "",
        "提升树与线性模型（两倍权重）的平均，特征为措辞、限定词、单位、领域与上下文；线性模型还学得每个词、每个字只在一边出现时意味着多少。"
        "概率经校准，过半即为相同。",
        "*The mean of boosted trees and, counted twice, a linear model on wording, qualifiers, units, field and context; the linear model "
        "has learnt, too, how much each word and character tells that stands on one side only. Calibrated, so that one half divides.*", "",
        "## 数据 / Data", "",
        "标注见 `annotations/alignment/README.md`。*The labels: see there.*", "",
        "| | 对 / pairs | 相同 / the same |", "|---|---:|---:|",
        *(f"| {kind} | {pairs} | {same} |" for kind, (pairs, same) in learnt.items()), "",
        "`implied` 由其余推出（同于第三者的彼此相同）。*Follows from the others.* "
        f"测试的一半（`pairs.jsonl` 的 test，系列中的 {'、'.join(sorted(TEST_FAMILIES))}）从不参与训练与选择。"
        "*The test half never took part in training or in any choice.*", "",
    )  # fmt: skip
    yield from ("## 测量 / Figures", "", *_measured(tune, test), "", "## 局限 / Limits", "", *_limits(), "")
    yield from ("## 重新训练 / To train again", "", "```", "extractor train alignment --shipped", "```")


def _measured(tune: Mapping[str, Any], test: Mapping[str, Any]) -> Iterator[str]:
    yield (
        "百分数。调整的一半为折外：成对的按措辞留出，系列按整个类别留出。余弦为字一元、二元的 TF-IDF，阈值取调整的一半上最好的。"
    )
    yield (
        "*Percent. Tuning half out of folds: pairs held out with all of their wordings, series by whole families. Cosine: TF-IDF of one "
        "and two characters, with the threshold that is best on the tuning half.*"
    )
    yield "词表（`extractor/archive/wording.toml`）是看着调整的一半的错误写的，那一列因此偏高，以测试为准。"
    yield (
        "*The words of `wording.toml` were written with an eye on the mistakes in the tuning half, which flatters that column: go by the "
        "test.*"
    )
    yield from (
        "",
        "| | 调整 / tune F1 | 测试 / test F1 | P | R | ece | 余弦 / cosine F1 |",
        "|---|---:|---:|---:|---:|---:|---:|",
    )
    for name, shown in _SETS.items():
        held, cosine = test["model"][name], test["cosine"][name]
        yield (
            f"| {shown} | {tune[name]['f1']:.1f} | **{held['f1']:.1f}** | {held['precision']:.1f} | {held['recall']:.1f} | "
            f"{held['ece']:.1f} | {cosine['f1']:.1f} |"
        )
    for family in test["families"]:
        held = test["model"][family]
        yield f"| {family} | – | {held['f1']:.1f} | {held['precision']:.1f} | {held['recall']:.1f} | {held['ece']:.1f} | – |"
    found = test["clusters"]
    yield ""
    yield (
        f"整组 / clusters（测试的类别 / test families）：{found['observations']} 个观测、{found['indicators']} 个指标，得 "
        f"{found['clusters']} 组；B³ P {found['b3_precision']:.1f}、R {found['b3_recall']:.1f}、F1 {found['b3_f1']:.1f}；"
        f"成对 F1 / pairwise F1 {found['pairs_f1']:.1f}."
    )


def _limits() -> Iterator[str]:
    yield (
        "看措辞，不懂意思：没有共同用字的同义说法会漏；多一个限定词（新生代、有意愿的、大宗）有时看不出是缩小了对象；"
        "按期、及时一类的词有时是另一个指标，有时不是。同一措辞在不同文件中指不同的事，要靠人拆分。"
    )
    yield (
        "*It goes by words, not by meaning: the same said in quite other words is missed; one more qualifier does not always show as "
        "narrowing what is measured; words like 按期 make another indicator at times, and at times not. One wording that means two "
        "things in two documents is for people to split.*"
    )
