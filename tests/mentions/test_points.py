"""Words of scoring schemes."""

from __future__ import annotations

import pytest

from extractor.mentions.points import find_points
from extractor.text.view import make_view


def brief(text: str) -> list[str]:
    """``words kind value`` with ``each`` and ``cap N`` where they hold."""
    plain = make_view(text).text
    lines = []
    for m in find_points(plain):
        extra = (" each" if m.per_occurrence else "") + (f" cap {m.cap}" if m.cap is not None else "")
        lines.append(f"{plain[m.span.start : m.span.end]} {m.kind} {m.value}{extra}")
    return lines


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("规范管理（2分）。", ["(2分) mark 2"]),
        ("组织领导（满分：10分）", ["(满分:10分) mark 10"]),
        ("获奖的得8分", ["得8分 award 8"]),
        ("刊发的加5分", ["加5分 bonus 5"]),
        ("一次加5分", ["加5分 bonus 5 each"]),
        ("每发生一起扣3分", ["扣3分 penalty 3 each"]),
        ("每低1个百分点扣0.5分", ["扣0.5分 penalty 0.5 each"]),
        ("少一次扣1分", ["扣1分 penalty 1 each"]),
        ("发现一例扣2分", ["扣2分 penalty 2 each"]),
        ("扣2分/次", ["扣2分/次 penalty 2 each"]),
        ("最高加10分", ["最高加10分 cap 10"]),
        ("以10分为限", ["以10分为限 cap 10"]),
        ("每项加1.5分，累计最高不超过6分", ["加1.5分 bonus 1.5 each cap 6", "累计最高不超过6分 cap 6"]),
        ("每起扣2分，最多扣8分", ["扣2分 penalty 2 each cap 8", "最多扣8分 cap 8"]),
        ("扣2分，扣完为止", ["扣2分 penalty 2", "扣完为止 cap None"]),
        ("每起扣2分。最多扣8分", ["扣2分 penalty 2 each", "最多扣8分 cap 8"]),
        ("未完成的不得分", ["不得分 award 0"]),
        ("完成的得满分", ["得满分 award None"]),
        ("实行一票否决", ["实行一票否决 veto None"]),
        ("加1-3分", ["加1-3分 bonus None"]),
        ("分别奖10分、5分、3分", ["奖10分 bonus None"]),
        ("扣两分", ["扣两分 penalty 2"]),
    ],
)
def test_read(text: str, expected: list[str]) -> None:
    assert brief(text) == expected


@pytest.mark.parametrize(
    "text", ["", "百分之三", "评分≥90分", "30分钟", "占分类总数", "加强分级管理", "一票否决制度", "得分高的单位"]
)
def test_no_points(text: str) -> None:
    assert brief(text) == []
