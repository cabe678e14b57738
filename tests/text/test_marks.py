"""Number marks, and what only looks like one."""

from __future__ import annotations

import pytest

from extractor.text.marks import cn_number, iter_marks, parse_mark
from extractor.text.view import make_view

MARKS = [
    ("一、总体要求", "cn", 1, "一、"),
    ("十二、保障措施", "cn", 12, "十二、"),
    ("三.保障措施", "cn", 3, "三."),
    ("二、十大工程", "cn", 2, "二、"),
    ("（一）健全体系", "cn_paren", 1, "(一)"),
    ("(十二)健全体系", "cn_paren", 12, "(十二)"),
    ("（二十一）、健全体系", "cn_paren", 21, "(二十一)、"),
    ("（一）类别划分", "cn_paren", 1, "(一)"),
    ("㈢健全体系", "cn_paren", 3, "㈢"),
    ("一）健全体系", "cn_half", 1, "一)"),
    ("1.保持稳定", "arabic", 1, "1."),
    ("１．保持稳定", "arabic", 1, "1."),
    ("12、保持稳定", "arabic", 12, "12、"),
    ("⒊保持稳定", "arabic", 3, "⒊"),
    ("1.2021年底前建成", "arabic", 1, "1."),
    ("1. 100%的村完成", "arabic", 1, "1."),
    ("3、20个村建成", "arabic", 3, "3、"),
    ("（2）保持稳定", "arabic_paren", 2, "(2)"),
    ("⑵保持稳定", "arabic_paren", 2, "⑵"),
    ("3）保持稳定", "arabic_half", 3, "3)"),
    ("①保持稳定", "circle", 1, "①"),
    ("㉑保持稳定", "circle", 21, "㉑"),
    ("1.1 指导思想", "dotted2", 1, "1.1"),
    ("2.3.人才培养", "dotted2", 3, "2.3."),
    ("3.2.11 部门职责", "dotted3", 11, "3.2.11"),
    ("1.2.3.4 职责", "dotted4", 4, "1.2.3.4"),
    ("第一章 总则", "chapter", 1, "第一章"),
    ("第2章 总则", "chapter", 2, "第2章"),
    ("第三节 目标", "section", 3, "第三节"),
    ("第二十条 各县应当建立制度", "article", 20, "第二十条"),
    ("第一部分 基本情况", "part", 1, "第一部分"),
    ("一是加强领导", "ordinal", 1, "一是"),
    ("三是加强督查", "ordinal", 3, "三是"),
    ("第二，加强督查", "ordinal", 2, "第二,"),
    ("A．建设类", "letter", 1, "A."),
    ("b)建设类", "letter", 2, "b)"),
    ("Ⅱ.建设类", "roman", 2, "Ⅱ."),
    ("任务三：建设", "label", 3, "任务三:"),
    ("——加强领导", "dash", None, "——"),
    ("- 加强领导", "dash", None, "-"),
    ("•加强领导", "bullet", None, "•"),
    ("■ 加强领导", "bullet", None, "■"),
    ("专栏1 主要指标", "box", 1, "专栏1"),
    ("专栏二：重点工程", "box", 2, "专栏二:"),
    ("附件2：任务清单", "annex", 2, "附件2:"),
    ("附件", "annex", None, "附件"),
    ("附件1\n任务清单", "annex", 1, "附件1"),
    ("表3 主要指标", "table", 3, "表3"),
    ("附表：任务安排", "table", None, "附表:"),
]


@pytest.mark.parametrize(("text", "kind", "number", "printed"), MARKS, ids=[case[0] for case in MARKS])
def test_a_mark_is_read(text: str, kind: str, number: int | None, printed: str) -> None:
    mark = parse_mark(make_view(text).text)
    assert mark is not None
    assert (mark.kind, mark.number, mark.text) == (kind, number, printed)


NO_MARKS = [
    "1.5亿元用于建设", "2.3倍以上", "2.3", "1.100%的村", "0.5个百分点", "一、二类目标", "三、四季度", "一、二、三产业",
    "2021年全市民政工作", "2021.", "（一）类目标", "（一）、（二）项规定", "（1）项", "7、8月份", "1、2号机组", "（2021年）",
    "第十条规定的情形", "第一生产力", "-5%左右", "—2—", "十分重要", "一个中心", "五大行动", "附件所列项目", "附件1所列项目",
    "表彰先进", "专栏报道", "A、B两类", "e.g.这样", "", "10000册", "一是否合格",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_MARKS)
def test_what_only_looks_like_a_mark(text: str) -> None:
    assert parse_mark(make_view(text).text) is None


def test_a_mark_in_mid_text_has_its_place() -> None:
    mark = parse_mark("加强领导；(2)完善制度", 5)
    assert mark is not None
    assert (mark.text, mark.start, mark.end) == ("(2)", 5, 8)


LISTS = [
    ("three items run on in one line", "1. 建立制度。2. 完善机制。3. 加强监督", ["1.", "2.", "3."]),
    ("no punctuation before the next mark", "1.建立制度2.完善机制3.加强监督", ["1.", "2.", "3."]),
    ("line breaks", "1、建立制度\n2、完善机制", ["1、", "2、"]),
    ("a decimal in between", "1.投资1.5亿元。2.新增2.3万张床位", ["1.", "2."]),
    ("brackets after a semicolon", "建立制度：（1）一季度评估；（2）二季度整改", ["(1)", "(2)"]),
    ("circles", "①建立制度②完善机制", ["①", "②"]),
    ("ordinals", "一是建立制度；二是完善机制", ["一是", "二是"]),
    ("a stray number", "完成任务。2.继续推进", []),
    ("a stray one", "完成任务。1.继续推进", []),
    ("third of a lost list", "认真落实，三是加强监督", []),
    ("a text that starts at three", "3.建立制度。4.完善机制", ["3.", "4."]),
    ("a gap at a line start", "1.建立制度\n3.完善机制", ["1.", "3."]),
    ("nested", "1.建立制度：（1）甲；（2）乙。2.完善机制：（1）丙；（2）丁",
     ["1.", "(1)", "(2)", "2.", "(1)", "(2)"]),
    ("dashes on lines", "目标：\n——建立制度\n——完善机制", ["——", "——"]),
    ("a single mark", "1.建立制度", ["1."]),
    ("an article", "第三条 各县应当建立制度", ["第三条"]),
    ("a bracketed class", "达到（1）类标准和（2）类标准", []),
    ("plain", "建立制度，完善机制", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "printed"), [case[1:] for case in LISTS], ids=[case[0] for case in LISTS])
def test_marks_inside_a_stretch(text: str, printed: list[str]) -> None:
    view = make_view(text).text
    marks = iter_marks(view)
    assert [mark.text for mark in marks] == printed
    assert all(view[mark.start : mark.end].rstrip() == mark.text for mark in marks)


@pytest.mark.parametrize(
    ("words", "value"),
    [("十", 10), ("二十", 20), ("十二", 12), ("一百零三", 103), ("一〇", 10), ("12", 12), ("甲", None), ("", None)],
)
def test_chinese_numerals(words: str, value: int | None) -> None:
    assert cn_number(words) == value
