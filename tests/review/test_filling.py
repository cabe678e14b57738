"""A click or drag in the document fills a field with what the pipeline would read there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from extractor.review import fields
from extractor.review.errors import Refused
from extractor.types.record import Evidence, IndicatorRecord
from tests.review.samples import FILES, reader_of, result_of

NOTICE, TABLE, QUOTA, SCORING, BRACKETS = FILES


def record_with(name: str, words: str) -> IndicatorRecord:
    return next(record for record in result_of(name).records if words in record.text)


def filled(
    name: str, field: str, words: str, of: str | IndicatorRecord, *, drag: bool = False, at: int | None = None
) -> tuple[IndicatorRecord, str]:
    """The record after a click into the middle of ``words`` (or a drag over them), and the words it was read from."""
    reader = reader_of(name)
    record = record_with(name, of) if isinstance(of, str) else of
    start = reader.document.text.index(words)
    click = start + (len(words) // 2 if at is None else at)
    found = reader.value(*((start, start + len(words)) if drag else (click, click)), field, record)
    for path, value in found.changes:
        record = fields.write(record, path, value)
    return record, reader.document.text[found.start : found.end]


def refused(name: str, field: str, words: str, of: str) -> str:
    with pytest.raises(Refused) as error:
        filled(name, field, words, of)
    assert " / " in str(error.value)
    return error.value.code


def places(record: IndicatorRecord) -> Iterator[tuple[str, Evidence]]:
    for root in ("targets", "deadlines", "responsible"):
        for at, each in enumerate(getattr(record, root)):
            if each.evidence is not None:
                yield (
                    f"{root}/{at}" + {"targets": "/value", "deadlines": "/end", "responsible": "/name"}[root],
                    each.evidence,
                )
    for root in ("points", "row_points", "scoring_text", "notes"):
        if len(record.field_evidence.get(root, ())) == 1:
            yield root, record.field_evidence[root][0]


@pytest.mark.parametrize("name", FILES)
def test_the_words_a_field_was_read_from_give_the_same_value(name: str) -> None:
    reader = reader_of(name)
    for record in result_of(name).records:
        for field, place in places(record):
            click = (place.start + place.end) // 2 if not place.parts else place.parts[0].start
            shared = [target for target in record.targets if target.evidence == place]
            for start, end in ((click, click), (place.start, place.end)):
                made = record
                for path, value in reader.value(start, end, field, record).changes:
                    made = fields.write(made, path, value)
                assert made == record or (len(shared) > 1 and start == end), (field, fields.diff(record, made))


class TestTargets:
    def test_a_number_brings_all_that_belongs_to_it(self) -> None:
        record, words = filled(BRACKETS, "targets/0/value", "80%", "应用场景拓展")
        target = record.targets[0]
        assert (target.op, target.value, target.unit, target.raw, target.metric) == (
            "ge",
            80,
            "%",
            "不低于80%",
            "应用场景",
        )
        assert target.evidence is not None
        assert words == "不低于80%"
        text = reader_of(BRACKETS).document.text
        assert text[target.evidence.start : target.evidence.end] == "不低于80%"

    def test_which_of_two_numbers_of_one_expression(self) -> None:
        for place, value in (("95%、52%", 95), ("52%", 52)):
            record, _ = filled(TABLE, "targets/0/value", place, "遗体火化率", at=0)
            assert record.targets[0].value == value

    def test_a_range_and_a_bare_number_of_a_cell(self) -> None:
        record, _ = filled(TABLE, "targets/0/value", "3—5个", "遗体火化率")
        assert (record.targets[0].op, record.targets[0].value, record.targets[0].upper) == ("between", 3, 5)
        record, _ = filled(QUOTA, "targets/0/value", "26.5", "岚川市")
        assert (record.targets[0].value, record.targets[0].unit, record.targets[0].raw) == (26.5, "亿元", "26.5")

    def test_a_number_that_the_rules_took_for_no_target(self) -> None:
        record, words = filled(TABLE, "targets/1/value", "95分以上", "婚姻登记合格率")
        target = record.targets[1]
        assert (target.metric, target.op, target.value, target.unit) == ("婚姻登记群众满意度", "ge", 95, "分")
        assert words == "达到95分以上"

    def test_a_target_behind_the_last_is_made_whole(self) -> None:
        record, _ = filled(BRACKETS, "targets/1/value", "40个", "应用场景拓展")
        assert (record.targets[1].metric, record.targets[1].value, record.targets[1].due) == (
            "工业用地“拿地即开工”项目",
            40,
            "2024-12-31",
        )

    @pytest.mark.parametrize(
        ("words", "metric"),
        [
            ("小型低风险工程", "社会投资小型低风险工程全流程审批时间"), ("婚姻登记群众", "婚姻登记群众满意度"), ("应用场景拓展", "应用场景"),
        ],
    )  # fmt: skip
    def test_a_metric_is_the_phrase_around_the_click(self, words: str, metric: str) -> None:
        name = TABLE if "婚姻" in words else BRACKETS
        record, said = filled(name, "targets/0/metric", words, "婚姻登记合格率" if name == TABLE else "应用场景拓展")
        assert record.targets[0].metric == said == metric

    def test_a_metric_dragged_over_is_verbatim(self) -> None:
        record, _ = filled(BRACKETS, "targets/0/metric", "低风险工程全流程，"[:-1], "应用场景拓展", drag=True)
        assert record.targets[0].metric == "低风险工程全流程"

    def test_unit_and_due(self) -> None:
        record, words = filled(BRACKETS, "targets/0/unit", "工作日以内", "应用场景拓展")
        assert (record.targets[0].unit, words) == ("个工作日", "个工作日")
        record, _ = filled(QUOTA, "targets/0/unit", "万亩", "岚川市")
        assert record.targets[0].unit == "万亩"
        record, words = filled(BRACKETS, "targets/0/due", "6月底前", "应用场景拓展")
        assert (record.targets[0].due, words) == ("2024-06-30", "6月底前")
        record, _ = filled(TABLE, "targets/0/due", "11月底前", "婚姻登记合格率")  # printed 4.11月底前
        assert record.targets[0].due == "2024-11-30"
        record, _ = filled(BRACKETS, "targets/0/baseline", "较上年", "应用场景拓展", drag=True)
        assert record.targets[0].baseline == "较上年"

    def test_refused(self) -> None:
        assert refused(TABLE, "targets/0/value", "婚姻登记", "婚姻登记合格率") == "not_a_number"
        assert refused(TABLE, "targets/0/unit", "婚姻登记", "婚姻登记合格率") == "not_a_unit"
        assert refused(TABLE, "targets/0/due", "婚姻登记", "婚姻登记合格率") == "not_a_date"
        assert refused(BRACKETS, "targets/0/metric", "30个", "应用场景拓展") == "not_words"
        assert refused(BRACKETS, "targets/5/value", "30个", "应用场景拓展") == "unknown_field"
        assert refused(BRACKETS, "targets/0/strength", "30个", "应用场景拓展") == "cannot_fill"


class TestDeadlines:
    def test_all_of_a_deadline_is_read_together(self) -> None:
        record, words = filled(BRACKETS, "deadlines/0/end", "6月底前", "应用场景拓展")
        assert (record.deadlines[0].raw, record.deadlines[0].end, words) == ("6月底前", "2024-06-30", "6月底前")
        record, _ = filled(BRACKETS, "deadlines/1", "每月25日前", "应用场景拓展")
        assert (record.deadlines[1].recurrence, record.deadlines[1].by) == ("monthly", "25")
        assert record.deadlines[1].evidence is not None

    def test_refused(self) -> None:
        assert refused(BRACKETS, "deadlines/0", "简易注销占比", "应用场景拓展") == "not_a_date"


class TestResponsible:
    def test_one_name_keeps_the_role(self) -> None:
        record, words = filled(BRACKETS, "responsible/0/name", "市税务局", "应用场景拓展")
        assert (record.responsible[0].name, record.responsible[0].role, words) == ("市税务局", "lead", "市税务局")
        assert len(record.responsible) == 2

    def test_a_click_for_the_whole_field_takes_the_bracket_or_cell(self) -> None:
        for at in (0, 2, 4):  # on a name, on its end, on 、
            record, _ = filled(BRACKETS, "responsible", "市公安局、市税务局", "应用场景拓展", at=at)
            assert [(who.name, who.role) for who in record.responsible] == [
                ("市行政审批局", "lead"), ("市公安局", "support"), ("市税务局", "support"),
            ]  # fmt: skip
        record, _ = filled(TABLE, "responsible", "县乡村振兴局", "婚姻登记合格率")
        assert [who.name for who in record.responsible] == ["县乡村振兴局", "县残联", "县医保局"]

    def test_several_names_dragged_over_stand_behind_each_other(self) -> None:
        record, _ = filled(TABLE, "responsible/3/name", "县乡村振兴局、县残联", "婚姻登记合格率", drag=True)
        assert [who.name for who in record.responsible[3:]] == ["县乡村振兴局", "县残联"]
        record, _ = filled(TABLE, "responsible/2/name", "县财政局、县统计局", "婚姻登记合格率", drag=True)
        assert [who.name for who in record.responsible] == ["何志远", "婚姻登记处", "县财政局", "县统计局"]

    def test_a_name_where_nobody_was_read(self) -> None:
        record, _ = filled(BRACKETS, "responsible/1/name", "市营商环境办公室", "应用场景拓展", drag=True)
        assert record.responsible[1].name == "市营商环境办公室"


class TestPlain:
    def test_points(self) -> None:
        record, words = filled(TABLE, "points", "(2分)", "建立部门信息共享比对工作机制")
        assert (record.points, words) == (2, "(2分)")
        place = record.field_evidence["points"][0]
        assert reader_of(TABLE).document.text[place.start : place.end] == "(2分)"
        assert refused(TABLE, "points", "优化婚姻登记服务", "婚姻登记合格率") == "not_a_number"

    def test_text_is_anchored_anew(self) -> None:
        record, _ = filled(TABLE, "text", "低保对象动态复核", "婚姻登记合格率")
        assert record.text == "每季度至少开展1次低保对象动态复核，复核结果在村(社区)公示栏公开"
        text = reader_of(TABLE).document.text
        assert text[record.evidence.start : record.evidence.end] == record.text
        record, _ = filled(BRACKETS, "text", "简易注销占比不低于80%（", "应用场景拓展", drag=True)
        assert record.text == "简易注销占比不低于80%（"

    def test_path(self) -> None:
        record, _ = filled(BRACKETS, "path/0", "办理建筑许可", "应用场景拓展")
        assert record.path == ("办理建筑许可",)
        assert len(record.field_evidence["path"]) == 1
        record, _ = filled(BRACKETS, "path", "办理建筑许可", "应用场景拓展")
        assert record.path == ("开办和退出企业", "办理建筑许可")
        record, _ = filled(TABLE, "path/0", "四、专项社会事务", "婚姻登记合格率")
        assert record.path[0] == "专项社会事务"
        assert refused(BRACKETS, "path/4", "办理建筑许可", "应用场景拓展") == "unknown_field"

    @pytest.mark.parametrize("field", ["tier", "number", "scoring_text", "notes"])
    def test_words(self, field: str) -> None:
        record, _ = filled(BRACKETS, field, "4.", "应用场景拓展", drag=True)
        assert getattr(record, field) == "4."

    def test_a_click_takes_the_cell_or_sentence(self) -> None:
        record, _ = filled(TABLE, "notes", "优化婚姻登记", "婚姻登记合格率")
        assert record.notes == "优化婚姻登记服务"
        record, _ = filled(BRACKETS, "scoring_text", "简易注销占比", "应用场景拓展")
        assert record.scoring_text == "完善企业简易注销容错机制，简易注销占比不低于80%"

    def test_assessed(self) -> None:
        record, _ = filled(BRACKETS, "assessed", "各县（市、区）人民政府，高新区管委会", "应用场景拓展", drag=True)
        assert record.assessed == ("各县（市、区）人民政府", "高新区管委会")

    @pytest.mark.parametrize("field", ["status", "kind", "evidence", "record_id", "nothing", "confidence"])
    def test_fields_that_are_not_filled(self, field: str) -> None:
        assert refused(BRACKETS, field, "简易注销占比", "应用场景拓展") == "cannot_fill"

    def test_outside(self) -> None:
        reader = reader_of(BRACKETS)
        record = result_of(BRACKETS).records[0]
        found: list[Any] = []
        for start, end in ((10**7, 10**7), (5, 10**7), (-4, -4)):
            with pytest.raises(Refused) as error:
                reader.value(start, end, "text", record)
            found.append(error.value.code)
        assert found == ["outside"] * 3
