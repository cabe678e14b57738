"""What a person selects is read as the pipeline reads it."""

from __future__ import annotations

import pytest

from extractor.review.errors import Refused
from extractor.review.reader import SpanReader
from extractor.types.record import IndicatorRecord
from tests.records.samples import document_of
from tests.review.samples import CORPUS, FILES, reader_of, result_of

NOTICE, TABLE, QUOTA, SCORING, BRACKETS = FILES


def selected(name: str, words: str) -> IndicatorRecord:
    reader = reader_of(name)
    start = reader.document.text.index(words)
    return reader.record(start, start + len(words))


@pytest.mark.parametrize("name", sorted(f"{path.parent.name}/{path.name}" for path in CORPUS.glob("[dtx]*/*.[dtx]*")))
def test_the_words_of_a_record_give_that_record(name: str) -> None:
    reader = reader_of(name)
    for record in result_of(name).records:
        made = reader.record(record.evidence.start, record.evidence.end)
        if made.tier == record.tier:  # cells that hold for two grades give the first
            assert made.model_copy(update={"record_id": record.record_id, "issues": ()}) == record.model_copy(
                update={"issues": ()}
            )


def test_a_whole_item_with_its_number_and_brackets_is_stripped_of_them() -> None:
    record = next(each for each in result_of(BRACKETS).records if "应用场景拓展" in each.text)
    text = reader_of(BRACKETS).document.text
    end = text.index("）。", record.evidence.end) + 2
    made = reader_of(BRACKETS).record(record.evidence.start - 4, end)
    assert made == record
    assert made.number == "3."


def test_part_of_an_item_keeps_what_holds_for_the_item() -> None:
    made = selected(BRACKETS, "应用场景拓展至30个以上")
    assert made.text == "应用场景拓展至30个以上"
    assert [(target.metric, target.value) for target in made.targets] == [("应用场景", 30)]
    assert [who.name for who in made.responsible] == ["市市场监管局", "市大数据局"]
    assert made.deadlines[0].end == "2024-12-31"
    assert made.path == ("开办和退出企业",)
    assert made.number is None


def test_several_items_give_one_record() -> None:
    made = selected(
        NOTICE,
        "不发生重大及以上生产安全事故，较大事故起数不超过1起。工矿商贸就业人员十万人生产安全事故死亡率降至1.2以下。",
    )
    assert [target.value for target in made.targets] == [0, 1, 1.2]
    assert made.path == ("一类目标", "坚决遏制生产安全事故")


def test_another_cell_of_a_row_follows_the_row() -> None:
    made = selected(TABLE, "优化婚姻登记服务")
    assert (made.row_points, made.points) == (3, None)
    assert [who.name for who in made.responsible] == ["何志远", "婚姻登记处", "县妇联"]
    assert made.evidence.cell == (0, 12, 2)


def test_a_cell_of_a_quota_table_takes_its_measure_from_the_heads() -> None:
    made = selected(QUOTA, "213.5")
    (target,) = made.targets
    assert (target.metric, target.value, target.unit, target.due) == (
        "农村供水提升巩固受益人口",
        213.5,
        "万人",
        "2023-12-31",
    )


def test_what_no_item_was_cut_from_stands_under_its_headings() -> None:
    unclaimed = result_of(BRACKETS).unclaimed[0]
    made = reader_of(BRACKETS).record(unclaimed.evidence.start, unclaimed.evidence.end)
    assert made.text == unclaimed.text
    assert made.kind == "task"
    assert selected(NOTICE, "青岫市应急管理局文件").path == ()


def test_sentences_that_the_rules_passed_over_are_read_when_selected() -> None:
    document = document_of(
        "某市关于做好2024年工作的通知\n各单位：\n一、总体情况\n2023年完成投资12亿元，增长8%。\n二、任务\n完成造林5万亩。"
    )
    reader = SpanReader(document)
    start = document.text.index("2023年完成投资")
    made = reader.record(start, start + len("2023年完成投资12亿元，增长8%。"))
    assert made.path == ("总体情况",)
    assert made.text.endswith("增长8%")


@pytest.mark.parametrize(
    ("start", "end", "code"), [(5, 5, "nothing_selected"), (-1, 3, "outside"), (9, 4, "outside"), (0, 10**7, "outside")]
)
def test_refused(start: int, end: int, code: str) -> None:
    with pytest.raises(Refused) as error:
        reader_of(BRACKETS).record(start, end)
    assert error.value.code == code


def test_a_selection_of_blanks_is_refused() -> None:
    document = document_of("某市通知\n　　 \n完成造林5万亩。")
    with pytest.raises(Refused) as error:
        SpanReader(document).record(5, 8)
    assert error.value.code == "nothing_selected"


def test_the_year_of_the_document_completes_dates() -> None:
    assert reader_of(BRACKETS).year == 2024


def test_a_warm_reader_finds_no_items_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = SpanReader(result_of(BRACKETS).document)
    reader.warm()
    monkeypatch.setattr("extractor.review.places.find_items", lambda *_: pytest.fail("items were found twice"))
    record = result_of(BRACKETS).records[0]
    assert reader.record(record.evidence.start, record.evidence.end) == record
