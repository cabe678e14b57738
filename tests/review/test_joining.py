from __future__ import annotations

import pytest

from extractor.pipeline import extract
from extractor.review.checks import words_at
from extractor.review.errors import Refused
from extractor.review.reader import SpanReader
from extractor.types.record import IndicatorRecord
from tests.review.samples import FILES, Log, reader_of, result_of

NOTICE, TABLE, QUOTA, SCORING, BRACKETS = FILES


def record_with(name: str, words: str) -> IndicatorRecord:
    return next(record for record in result_of(name).records if words in record.text)


def squeezed(words: str) -> str:
    return "".join(words.split())


class TestSplit:
    def whole_cell(self) -> tuple[SpanReader, IndicatorRecord]:
        reader = reader_of(TABLE)
        start = reader.document.text.index("1.城市、农村最低生活保障标准")
        end = reader.document.text.index("6", start + 150)
        found = reader.places.at(start)
        assert found is not None
        return reader, reader.record(start, min(end, found[0].end))

    def test_at_list_marks(self) -> None:
        reader, whole = self.whole_cell()
        assert [target.value for target in whole.targets] == [32, 45, 100, 98, 1]
        parts = reader.split(whole, reader.split_points(whole))
        drafts = result_of(TABLE).records[:4]
        assert [part.text for part in parts] == [draft.text for draft in drafts]
        assert [part.number for part in parts] == ["1.", "2.", "3.", "4."]
        for part, draft in zip(parts, drafts, strict=True):
            assert (part.targets, part.points, part.row_points) == (draft.targets, draft.points, draft.row_points)
            assert (part.responsible, part.path, part.deadlines) == (draft.responsible, draft.path, draft.deadlines)

    def test_at_sentence_ends_where_there_are_no_marks(self) -> None:
        reader = reader_of(NOTICE)
        text = reader.document.text
        start = text.index("不发生重大及以上生产安全事故")
        whole = reader.record(start, text.index("严格执行事故信息报送制度") + 12)
        parts = reader.split(whole, reader.split_points(whole))
        assert [part.text[:6] for part in parts] == ["不发生重大及", "工矿商贸就业", "加强事故统计"]
        assert {part.path for part in parts} == {("一类目标", "坚决遏制生产安全事故")}

    def test_where_a_person_says_so(self) -> None:
        reader, record = reader_of(BRACKETS), record_with(BRACKETS, "应用场景拓展")
        at = reader.document.text.index("应用场景拓展")
        one, two = reader.split(record, [at])
        assert (one.number, two.number) == ("3.", None)
        assert (one.kind, two.kind) == ("task", "target")
        assert one.deadlines[0].end == two.deadlines[0].end == "2024-12-31"
        assert one.responsible == two.responsible == record.responsible
        assert one.text.endswith("领域应用")

    def test_parts_keep_what_a_person_corrected_for_the_whole(self) -> None:
        reader, record = reader_of(BRACKETS), record_with(BRACKETS, "应用场景拓展")
        corrected = record.model_copy(update={"path": ("甲",), "tier": "优秀", "row_points": 9})
        parts = reader.split(corrected, [reader.document.text.index("应用场景拓展")])
        assert {(part.path, part.tier, part.row_points) for part in parts} == {(("甲",), "优秀", 9)}

    def test_parts_of_what_is_scored_are_scored(self) -> None:
        reader = reader_of(SCORING)
        record = next(each for each in result_of(SCORING).records if each.kind == "bonus")
        middle = (record.evidence.start + record.evidence.end) // 2
        parts = reader.split(record, [middle])
        assert {(part.kind, part.targets) for part in parts} == {("bonus", ())}

    def test_a_lead_in_is_no_part(self) -> None:
        text = "某市通知\n完成以下任务：（1）建成示范点5个；（2）培训200人次；（3）完善制度。"
        reader = SpanReader(extract(text.encode(), name="通知.txt").document)
        start = text.index("完成以下")
        whole = reader.record(start, len(text))
        parts = reader.split(whole, reader.split_points(whole))
        assert [part.text for part in parts] == ["建成示范点5个", "培训200人次", "完善制度"]

    @pytest.mark.parametrize("at", [[], [0], [10**6]])
    def test_refused(self, at: list[int]) -> None:
        record = record_with(BRACKETS, "应用场景拓展")
        with pytest.raises(Refused):
            reader_of(BRACKETS).split(record, at)

    def test_nothing_to_split_at(self) -> None:
        record = record_with(BRACKETS, "应用场景拓展")
        assert reader_of(BRACKETS).split_points(record) == []
        log = Log(result_of(BRACKETS))
        with pytest.raises(Refused) as error:
            log.plan("split", record=record.record_id)
        assert error.value.code == "cannot_split"


class TestMerge:
    def test_two_sentences_of_a_paragraph(self) -> None:
        reader = reader_of(NOTICE)
        one = record_with(NOTICE, "不发生重大及以上生产安全事故")
        two = record_with(NOTICE, "工矿商贸就业人员")
        made = reader.merge([two, one])
        text = reader.document.text
        assert squeezed(made.text) == squeezed(text[one.evidence.start : two.evidence.end])
        assert (made.evidence.start, made.evidence.end) == (one.evidence.start, two.evidence.end)
        assert made.targets == (*one.targets, *two.targets)
        assert made.kind == "target"
        assert made.field_confidence[f"targets/{len(one.targets)}/value"] == two.field_confidence["targets/0/value"]

    def test_nothing_stands_twice(self) -> None:
        one, two = result_of(TABLE).records[:2]
        made = reader_of(TABLE).merge([one, two])
        assert made.responsible == one.responsible
        assert made.path == one.path
        assert (made.points, made.row_points) == (4, 6)
        assert len(made.field_evidence["points"]) == 2
        again = reader_of(TABLE).merge([one, one.model_copy(update={"record_id": "f" * 16})])
        assert (again.targets, again.points, again.text) == (one.targets, one.points, one.text)

    def test_cells_of_different_rows_keep_their_own_words(self) -> None:
        one, two = result_of(QUOTA).records[-2:]
        made = reader_of(QUOTA).merge([one, two])
        assert made.text == one.text + two.text
        assert squeezed(words_at(reader_of(QUOTA).document.text, made.evidence)) == squeezed(made.text)
        log = Log(result_of(QUOTA))
        log.do("merge", records=[one.record_id, two.record_id])
        assert log.state.counts()["blocking"] == 0
        merged = log.records[-1]
        log.do("split", record=merged.record_id)
        assert [record.text for record in log.records[-2:]] == [one.text, two.text]

    def test_kinds(self) -> None:
        records = result_of(SCORING).records
        bonus = [record for record in records if record.kind == "bonus"][:2]
        assert reader_of(SCORING).merge(bonus).kind == "bonus"
        task = record_with(BRACKETS, "全面推行“多测合一”")
        target = record_with(BRACKETS, "社会投资小型低风险")
        assert reader_of(BRACKETS).merge([task, target]).kind == "target"

    def test_not_over_the_head_of_another_record(self) -> None:
        log = Log(result_of(BRACKETS))
        one, two, three = log.records[:3]
        with pytest.raises(Refused) as error:
            log.plan("merge", records=[one.record_id, three.record_id])
        assert error.value.code == "not_adjacent"
        log.do("reject", record=two.record_id, before="draft")
        planned = log.do("merge", records=[one.record_id, three.record_id])
        assert log.records[0].record_id == planned.focus
        assert log.state.counts()["blocking"] == 0
        with pytest.raises(Refused):
            log.plan("merge", records=[planned.focus, planned.focus])
