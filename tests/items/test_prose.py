"""Prose cut into items: sentences, numbered items, run-in headings, and the brackets and labels that hold for them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.items.prose_samples import Cut, cut, read_prose


def texts(*paragraphs: str) -> list[str]:
    return [item.text for item in cut(*paragraphs)]


SENTENCES = {
    "each sentence": ("完善管理办法。健全工作机制。", ["完善管理办法", "健全工作机制"]),
    "semicolons": ("完善管理办法；健全工作机制。", ["完善管理办法", "健全工作机制"]),
    "commas do not part": ("完善管理办法，健全工作机制。", ["完善管理办法，健全工作机制"]),
    "brackets do not part": ("完善管理办法（含细则；附表）和机制。", ["完善管理办法（含细则；附表）和机制"]),
    "exclamation": ("坚决完成年度任务！健全工作机制。", ["坚决完成年度任务", "健全工作机制"]),
    "blank": ("  　 ", []),
}


@pytest.mark.parametrize(("paragraph", "expected"), SENTENCES.values(), ids=SENTENCES)
def test_sentences(paragraph: str, expected: list[str]) -> None:
    assert [text.rstrip("。；！") for text in texts(paragraph)] == expected


def test_numbered_items_are_one_each_whatever_is_inside() -> None:
    found = cut("1.完善管理办法；健全工作机制，开展培训。2.落实岗位责任。")
    assert [(item.number, item.text.rstrip("。；")) for item in found] == [
        ("1.", "完善管理办法；健全工作机制，开展培训"),
        ("2.", "落实岗位责任"),
    ]


NUMBERS = {
    "arabic": ("1.", "2."),
    "half brackets": ("1)", "2)"),
    "brackets": ("(1)", "(2)"),
    "circles": ("①", "②"),
    "ideographic comma": ("1、", "2、"),
}


@pytest.mark.parametrize(("first", "second"), NUMBERS.values(), ids=NUMBERS)
def test_numbers_are_as_printed(first: str, second: str) -> None:
    found = cut(f"{first}完善县级管理办法，健全机制。\n{second}落实各方岗位责任，压实担子。")
    assert [item.number for item in found] == [first, second]
    assert all(item.text[0] in "完落" for item in found)


def test_headings_above_are_the_path() -> None:
    assert cut((["工作任务", "制度建设"], "完善管理办法。"))[0].path == ("工作任务", "制度建设")


def test_a_numbered_paragraph_with_a_run_in_heading_gives_sentences_without_number() -> None:
    found = cut("1.保持队伍稳定。落实岗位待遇。开展年度培训。2.强化监督检查。健全通报机制。")
    assert [(item.path[-1:], item.number, item.text.rstrip("。")) for item in found] == [
        (("保持队伍稳定",), None, "落实岗位待遇"),
        (("保持队伍稳定",), None, "开展年度培训"),
        (("强化监督检查",), None, "健全通报机制"),
    ]


def test_an_opening_with_a_comma_is_no_run_in_heading() -> None:
    (found,) = cut("1.保持队伍稳定，落实岗位待遇。开展年度培训。")
    assert found.number == "1."


def test_a_long_opening_is_an_item() -> None:
    opening = "按照统一部署和分级负责的要求对全县范围内所有在建工程项目开展安全隐患大起底"
    (found,) = cut(f"1.{opening}。建立台账。")
    assert found.number == "1."


def test_a_short_line_above_deeper_marks_is_a_path_element() -> None:
    found = cut("1.制度建设（1）完善县级管理办法。（2）健全工作机制。2.队伍建设（1）开展业务培训。（2）组织岗位练兵。")
    assert [(item.path, item.text.rstrip("。")) for item in found] == [
        (("制度建设",), "完善县级管理办法"),
        (("制度建设",), "健全工作机制"),
        (("队伍建设",), "开展业务培训"),
        (("队伍建设",), "组织岗位练兵"),
    ]


def test_a_sentence_that_only_repeats_its_heading_is_none() -> None:
    assert cut((["健全工作机制"], "健全工作机制。")) == []
    assert len(cut((["健全工作机制"], "健全长效工作机制。"))) == 1


WHO_WHEN = "（责任单位：县民政局、县财政局；完成时限：9月底前）"


def check_held(item: Cut) -> None:
    assert "县民政局" in "".join(item.who)
    assert "县财政局" in "".join(item.who)
    assert "9月底前" in "".join(item.when)
    assert "责任单位" not in item.text


def test_a_bracket_that_closes_a_numbered_item() -> None:
    found = cut(f"1.完善管理办法{WHO_WHEN}。2.健全工作机制。")
    check_held(found[0])
    assert (found[0].text, found[1].who, found[1].when) == ("完善管理办法", (), ())


def test_a_bracket_that_closes_a_paragraph_holds_for_each_of_its_records() -> None:
    for item in cut(f"完善管理办法。健全工作机制。开展培训。{WHO_WHEN}"):
        check_held(item)


def test_a_bracket_before_the_last_stop_holds_for_the_paragraph_too() -> None:
    found = cut(f"完善管理办法。健全工作机制{WHO_WHEN}。")
    assert len(found) == 2
    for item in found:
        check_held(item)


def test_a_bracket_inside_a_paragraph_holds_for_what_stands_before_it() -> None:
    found = cut(f"完善管理办法。{WHO_WHEN}健全工作机制。（责任单位：县人社局）")
    check_held(found[0])
    assert "县人社局" in "".join(found[1].who)
    assert "县民政局" not in "".join(found[1].who)
    assert "县人社局" not in "".join(found[0].who)


def test_a_bracket_on_a_line_of_its_own() -> None:
    found = cut((["制度建设"], "完善管理办法。"), (["制度建设"], "健全工作机制。"), (["制度建设"], WHO_WHEN))
    assert len(found) == 2
    for item in found:
        check_held(item)


def test_a_bracket_does_not_reach_over_a_heading() -> None:
    found = cut((["制度建设"], "完善管理办法。"), (["队伍建设"], "开展业务培训。"), (["队伍建设"], WHO_WHEN))
    assert (found[0].who, found[0].when) == ((), ())
    check_held(found[1])


def test_a_bracket_in_a_heading_holds_for_all_below_and_stays_in_the_path() -> None:
    title = "制度建设（责任单位：县民政局、县财政局；完成时限：9月底前）"
    for item in cut(([title], "完善管理办法。健全工作机制。"), ([title], "开展培训。")):
        assert item.path == (title,)
        check_held(Cut(item.text, (), None, item.who, item.when))


def test_label_lines() -> None:
    found = cut(
        (["制度建设"], "完善管理办法。健全工作机制。"),
        (["制度建设"], "责任单位：县民政局、县财政局"),
        (["制度建设"], "完成时限：9月底前"),
    )
    assert len(found) == 2
    for item in found:
        check_held(item)


def test_items_after_label_lines_begin_anew() -> None:
    found = cut("完善管理办法。", "责任单位：县民政局", "健全工作机制。", "责任单位：县人社局")
    assert ["".join(item.who) for item in found] == ["县民政局", "县人社局"]


def test_a_label_line_speaks_of_the_numbered_item_above_alone() -> None:
    found = cut("1.完善县级管理办法。", "责任单位：县民政局", "2.健全部门工作机制。", "责任单位：县人社局")
    assert [(item.number, "".join(item.who)) for item in found] == [("1.", "县民政局"), ("2.", "县人社局")]


def test_a_sentence_about_units_is_no_label_line() -> None:
    (found,) = cut("责任单位要加强协作，按时报送进展，落实各项要求，确保任务完成。")
    assert found.who == ()


def test_an_ordinary_bracket_stays_inside() -> None:
    (found,) = cut("完善管理办法（试行）。")
    assert "（试行）" in found.text
    (found,) = cut("（一次性）完善管理办法和制度。")
    assert found.who == ()


def test_points_marks_and_scoring_brackets_are_left_out() -> None:
    found = cut("1.完善管理办法（5分）。2.按时报送信息（3分）（少一次扣1分）。")
    assert [(item.text, item.points) for item in found] == [("完善管理办法", 5), ("按时报送信息", 3)]
    assert "少一次扣1分" in str(found[1].scoring)


def test_a_lead_in_holds_to_the_full_stop_and_not_beyond() -> None:
    found = cut("到2030年：绿地率达到40%；公交分担率达到60%。漏损率控制在8%以内。")
    assert [bool(item.lead_in) for item in found] == [False, True, False]
    assert "2030年" in str(found[1].lead_in)


def test_a_lead_in_does_not_hold_for_a_sentence_with_its_own() -> None:
    found = cut("到2025年，绿地率达到40%；到2030年，绿地率达到45%。")
    assert [item.lead_in for item in found] == [None, None]


def led(*paragraphs: str | tuple[Sequence[str], str]) -> list[str | None]:
    return [item.lead_in for item in cut(*paragraphs)]


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("到2030年：", "到2030年"),
        ("我市底子薄，要量力而行。力争到2030年底前，主要实现以下目标：", "到2030年底前"),
        ("（二）2024年10月底前完成下列工作：", "2024年10月底前"),
        ("“十五五”期间，建成以下设施：", None),  # a stretch of years is no day
        ("今年底前，各地要落实好下列任务：", "今年底前"),
        ("到2022年底，全市建成食堂120家，仍有以下不足：", None),  # what was before the document's year
        ("现就做好2024年底前的工作通知如下：", None),
    ],
)
def test_a_line_ending_in_a_colon_dates_the_list_below(line: str, date: str | None) -> None:
    found = led(line, "1.改造食堂20家；", "2.绿地率达到40%。", "按月调度进展，及时通报结果。")
    assert [date is not None and date in str(said) for said in found[-3:-1]] == [date is not None] * 2
    assert found[-1] is None


def test_what_leads_a_list_holds_for_its_deeper_headings_and_bullets() -> None:
    under = ["一、主要目标"]
    bullets = led((under, "到2030年，实现以下目标："), (under, "——绿地率达到40%。"), (under, "各地要抓好落实。"))
    assert [bool(said) for said in bullets] == [True, False]
    deeper = led(
        (under, "到2030年，实现以下目标："),
        ([*under, "（一）城市更绿"], "绿地率达到40%。"),
        (["二、保障"], "1.安排资金20万元。"),
    )
    assert [bool(said) for said in deeper] == [True, False]


def test_what_leads_a_list_ends_where_its_own_level_goes_on() -> None:
    under = ["一、任务"]
    found = led(
        (under, "（一）到2030年，完成以下任务："),
        (under, "1.改造食堂20家。"),
        ([*under, "（二）加强领导"], "1.建立联席会议制度。"),
    )
    assert [bool(said) for said in found] == [True, False]


def test_an_introduction_does_not_date_the_whole_document() -> None:
    found = led("到2030年，重点完成以下任务：", (["一、养老"], "改造食堂20家。"), (["二、保障"], "1.安排资金20万元。"))
    assert found == [None, None]


def test_the_sentence_before_is_context() -> None:
    document, items = read_prose("完善管理办法；合格率达到95%。")
    assert items[0].context == ()
    assert [document.text[s.start : s.end].rstrip("；") for s in items[1].context] == ["完善管理办法"]


def test_what_obliges_nobody_is_kept_with_its_reason() -> None:
    _, items = read_prose("近年来，全县已建成站点35个。加快建设新站点。")
    assert [item.dropped is None for item in items] == [False, True]


def test_spans_are_places_in_the_document() -> None:
    document, items = read_prose((["制度建设"], f"1.完善管理办法{WHO_WHEN}。2.健全机制（2分）。"))
    for item in items:
        for span in (item.span, *(w.span for w in item.who), *item.when, *(p.span for p in item.path)):
            assert 0 <= span.start < span.end <= len(document.text)
        for part in item.path:
            assert document.text[part.span.start : part.span.end] == part.text
