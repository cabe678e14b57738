"""Records put together: words, numbers, identity, and what other columns and brackets say."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.records.assemble import fold, number
from extractor.types.record import IndicatorRecord
from tests.records.samples import document_of, item_of, record_of, records_of, squeeze

FOLDED = {
    "break inside a word": ("提高服\n务水平", "提高服务水平"),
    "blank between Chinese words": ("提高 服务　水平", "提高服务水平"),
    "blank between Latin words stays": ("执行 GB 18030 标准", "执行GB 18030标准"),
    "runs are one": ("Word  two", "Word two"),
    "tab": ("甲\t乙", "甲乙"),
    "ends": (" 甲 ", "甲"),
    "windows break": ("甲\r\n乙", "甲乙"),
}


@pytest.mark.parametrize(("words", "folded"), FOLDED.values(), ids=FOLDED)
def test_fold(words: str, folded: str) -> None:
    assert fold(words) == folded


@settings(deadline=None)
@given(st.text(alphabet="甲乙，。 \n\tab1　", max_size=40))
def test_fold_changes_white_space_alone_and_is_stable(words: str) -> None:
    assert squeeze(fold(words)) == squeeze(words)
    assert fold(fold(words)) == fold(words)


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (None, None), ("35", 35), ("35.0", 35), ("0.5", 0.5), ("1E+3", 1000), ("96.5", 96.5), ("-2", -2), ("0.05", 0.05),
        ("0.3333333333333333333333333333", 0.3333), ("0.6666666666666666666666666667", 0.6667),
    ],
)  # fmt: skip
def test_number(value: str | None, plain: float | None) -> None:
    found = number(None if value is None else Decimal(value))
    assert found == plain
    assert type(found) is type(plain)


def responsible(record: IndicatorRecord) -> list[tuple[str, str]]:
    return [(each.name, each.role) for each in record.responsible]


def test_duty_is_lead_where_no_lead_is_named() -> None:
    record = record_of("完善管理办法。", around=["县民政局、县财政局"], who=[("县民政局、县财政局", "duty")])
    assert responsible(record) == [("县民政局", "lead"), ("县财政局", "lead")]


def test_duty_is_support_beside_a_lead() -> None:
    record = record_of(
        "完善管理办法。",
        around=["县民政局", "县财政局、县人社局"],
        who=[("县民政局", "lead"), ("县财政局、县人社局", "duty")],
    )
    assert responsible(record) == [("县民政局", "lead"), ("县财政局", "support"), ("县人社局", "support")]


def test_leader_beside_units() -> None:
    record = record_of("完善管理办法。", around=["周远", "县民政局"], who=[("周远", "leader"), ("县民政局", "duty")])
    assert responsible(record) == [("周远", "leader"), ("县民政局", "lead")]


def test_a_name_is_given_once_for_a_role() -> None:
    record = record_of("完善管理办法。", around=["县民政局"], who=[("县民政局", "duty"), ("县民政局", "duty")])
    assert responsible(record) == [("县民政局", "lead")]


def test_the_subject_of_a_sentence_is_not_responsible() -> None:
    assert record_of("各县（市、区）民政局要完善管理办法。").responsible == ()


def test_assessed_notes_and_scoring_words_are_kept() -> None:
    record = record_of(
        "完善管理办法。", around=["各乡镇", "少一次扣1分", "以台账为准", "县统计局数据"], assessed=["各乡镇", "各乡镇"],
        scoring="少一次扣1分", notes=["以台账为准", "县统计局数据"],
    )  # fmt: skip
    assert record.assessed == ("各乡镇",)
    assert record.scoring_text == "少一次扣1分"
    assert record.notes == "以台账为准；县统计局数据"


def test_what_the_text_does_not_say_is_null() -> None:
    record = record_of("完善管理办法。")
    nulls = (
        record.number,
        record.tier,
        record.points,
        record.row_points,
        record.points_cap,
        record.scoring_text,
        record.notes,
    )
    assert set(nulls) == {None}
    assert (record.per_occurrence, record.path, record.assessed, record.status) == (False, (), (), "draft")


def test_path_number_and_tier_are_the_items() -> None:
    record = record_of(
        "完善管理办法。", path=["一流 环境", "制度\n建设".replace("\n", "")], number="（2）", tier="优秀"
    )
    assert (record.path, record.number, record.tier) == (("一流环境", "制度建设"), "（2）", "优秀")


def test_dropped_items_make_no_record() -> None:
    document = document_of("甲单位完善办法。\n乙单位完善办法。")
    kept, gone = item_of(document, "甲单位完善办法。"), item_of(document, "乙单位完善办法。", dropped="frame")
    assert [record.text for record in records_of(document, kept, gone)] == ["甲单位完善办法。"]


class TestIdentity:
    def ids(self, text: str, *given: dict[str, object], words: str = "完善办法。") -> list[str]:
        document = document_of(text)
        return [r.record_id for r in records_of(document, *(item_of(document, words, **each) for each in given))]  # type: ignore[arg-type]

    def test_same_over_runs(self) -> None:
        text = "制度建设\n完善办法。"
        assert self.ids(text, {"path": ["制度建设"]}) == self.ids(text, {"path": ["制度建设"]})

    def test_white_space_does_not_count(self) -> None:
        document = document_of("完善办法。\n完 善办法。")
        first, second = (records_of(document, item_of(document, w))[0].record_id for w in ("完善办法。", "完 善办法。"))
        assert first == second

    def test_path_tier_and_words_count(self) -> None:
        text = "制度建设\n完善办法。"
        made = [*self.ids(text, {}), *self.ids(text, {"path": ["制度建设"]}), *self.ids(text, {"tier": "优秀"}),
                *self.ids(text, {"tier": "良好"}), *self.ids(text, {}, words="完善办法")]  # fmt: skip
        assert len(set(made)) == len(made)

    def test_source_counts(self) -> None:
        assert self.ids("完善办法。", {}) != self.ids("完善办法。\n另一段。", {})

    def test_the_same_words_twice_are_two(self) -> None:
        first, second = self.ids("完善办法。", {}, {})
        assert first != second
        assert self.ids("完善办法。", {}) == [first]

    def test_number_and_points_do_not_count(self) -> None:
        text = "3分\n完善办法。"
        assert self.ids(text, {"number": "1."}) == self.ids(text, {"points": ("3分", "3")})


def test_confidence_falls_with_what_had_to_be_guessed() -> None:
    plain = record_of("危险废物规范处置率不低于96%。", origin="table").confidence
    implied = record_of("实现村级警务室全覆盖。", origin="table").confidence
    unread = record_of("在12个点位、35个断面、8条河流加强巡查。", origin="table").confidence
    another = record_of("低保标准增速不低于居民消费支出增速。", origin="table").confidence
    short = record_of("抓落实", origin="sentence").confidence
    assert plain > max(implied, unread, another, short)
    assert all(0 < value < 1 for value in (plain, implied, unread, another, short))


def test_confidence_of_each_field_falls_where_that_field_was_guessed() -> None:
    plain = record_of("年底前危险废物规范处置率不低于96%。", origin="table")
    told = record_of("危险废物规范处置率96%。", origin="table").field_confidence
    implied = record_of("实现村级警务室全覆盖。", origin="table").field_confidence
    unread = record_of("在12个点位、35个断面、8条河流加强巡查。", origin="table").field_confidence
    sure = plain.field_confidence
    assert set(sure) == {
        "text", "kind", *(f"targets/0/{name}" for name in ("metric", "op", "value", "unit", "due")),
        "deadlines/0/raw", "deadlines/0/end",
    }  # fmt: skip
    assert told["targets/0/op"] < sure["targets/0/op"] == told["targets/0/value"]
    assert implied["targets/0/value"] < sure["targets/0/value"]
    assert unread["kind"] < sure["kind"]
    assert unread["text"] == sure["text"] == plain.confidence
