"""Items read with what holds for them: brackets, columns, lead-ins, thresholds, words before."""

from __future__ import annotations

from extractor.mentions import find_mentions
from extractor.mentions.reader import ItemReader
from tests.records.samples import document_of, item_of


def test_words_and_their_expressions() -> None:
    document = document_of("标题\n9月底前 合格率\n达到95%。")
    item = item_of(document, "9月底前 合格率\n达到95%。")
    (reading,) = ItemReader(document, 2024).read([item])
    (quantity,) = reading.mentions.quantities
    (date,) = reading.mentions.dates
    assert (quantity.value, date.end) == (95, "2024-09-30")
    at = reading.view.span(*quantity.span)
    assert document.text[at.start : at.end] == "达到95%"


def test_who_and_when_stand_in_the_document() -> None:
    document = document_of("责任单位：县民政局、县财政局\n完成时限：10月底前\n完善办法。")
    item = item_of(document, "完善办法。", who=[("县民政局、县财政局", "duty")], when=["10月底前"])
    (reading,) = ItemReader(document, 2024).read([item])
    assert [named.mention.name for named in reading.who] == ["县民政局", "县财政局"]
    assert [document.text[named.span.start : named.span.end] for named in reading.who] == ["县民政局", "县财政局"]
    (dated,) = reading.when
    assert (dated.raw, dated.mention.end, document.text[dated.span.start : dated.span.end]) == (
        "10月底前", "2024-10-31", "10月底前",
    )  # fmt: skip


def test_names_on_lines_of_a_cell_are_parted() -> None:
    document = document_of("县民政局\n县财政局\n完善办法。")
    item = item_of(document, "完善办法。", who=[("县民政局\n县财政局", "duty")])
    (reading,) = ItemReader(document, None).read([item])
    assert [named.mention.name for named in reading.who] == ["县民政局", "县财政局"]


def test_one_bracket_is_read_once_for_all_its_items() -> None:
    document = document_of("县民政局\n10月底前\n完善甲办法。\n完善乙办法。")
    items = [
        item_of(document, words, who=[("县民政局", "duty")], when=["10月底前"])
        for words in ("完善甲办法。", "完善乙办法。")
    ]
    first, second = ItemReader(document, 2024).read(items)
    assert first.who[0] is second.who[0]
    assert first.when[0] is second.when[0]


def test_the_first_named_leads_where_the_document_says_so() -> None:
    text = "县民政局、县财政局\n完善办法。"
    for note, roles in (
        ("排在第一位的为牵头单位，下同。", ["lead", "support"]),
        ("列首位的单位为牵头单位。", ["lead", "support"]),
        ("各单位要加强配合。", ["duty", "duty"]),
    ):
        document = document_of(f"{note}\n{text}")
        item = item_of(document, "完善办法。", who=[("县民政局、县财政局", "duty")])
        (reading,) = ItemReader(document, 2024).read([item])
        assert [named.mention.role for named in reading.who] == roles, note


def test_baselines_and_lengths_of_a_bracket_are_no_dates() -> None:
    document = document_of("比2020年\n10个工作日内\n完善办法。")
    item = item_of(document, "完善办法。", when=["比2020年", "10个工作日内"])
    (reading,) = ItemReader(document, 2024).read([item])
    assert reading.when == ()


def test_lead_in_thresholds_and_context() -> None:
    document = document_of("到2025年：\n前一句。\n不少于4次\n开展督导。")
    item = item_of(document, "开展督导。", lead_in="到2025年", thresholds=["不少于4次"], context=["前一句。"])
    (reading,) = ItemReader(document, 2024).read([item])
    assert [dated.mention.end for dated in reading.lead_in] == ["2025-12-31"]
    ((view, mentions),) = reading.thresholds
    assert (view.text, mentions.quantities[0].value) == ("不少于4次", 4)
    assert reading.context == ("前一句。",)


def test_traditional_characters_read_as_simplified() -> None:
    found = find_mentions("兩年內新增護理員三百個，覆蓋率達到百分之九十", year=2024)
    assert [(quantity.value, quantity.unit) for quantity in found.quantities] == [(300, "个"), (90, "%")]
