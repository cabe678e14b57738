"""Events, audit lines and differences in words."""

from __future__ import annotations

import re

import pytest

from extractor.store.events import AuditRow
from extractor.types.record import Deadline, IndicatorRecord, Responsible, Target
from extractor.types.review import WHOLE
from extractor.web import readable
from extractor.web.templating import marked, moment, percent, size, translator

OWN = ("record_id", "confidence", "issues", "canonical")  # nobody changes these
LISTED = {"targets": Target, "deadlines": Deadline, "responsible": Responsible}
PATHS = [
    WHOLE,
    "approval",
    "waived/share_over_100",
    *(name for name in IndicatorRecord.model_fields if name not in OWN),
    *(f"{root}/0" for root in LISTED),
    *(f"{root}/1/{name}" for root, model in LISTED.items() for name in model.model_fields if name not in OWN),
]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_every_field_that_can_change_has_a_name(path: str, language: str) -> None:
    said = readable.field(path, translator(language))
    assert not re.match(r"(ws|history)\.", said.split(" · ")[-1]), said


@pytest.mark.parametrize(
    ("path", "said", "words"),
    [
        ("targets/0/op", "ge", "不低于 ≥"),
        ("responsible/0/role", "lead", None),
        ("kind", "target", None),
        ("status", "approved", "已接受"),
        ("points", 2.0, "2"),
        ("points", 2.5, "2.5"),
        ("notes", None, "（空）"),
        ("notes", "", "（空）"),
        ("per_occurrence", True, "是"),
        ("assessed", ["甲县", "乙县"], "甲县、乙县"),
        ("assessed", [], "（空）"),
        ("targets/0", {"metric": "复核率", "op": "ge"}, "复核率"),
        ("evidence", {"start": 3, "end": 9}, "3–9"),
        ("approval", {"state": "approved", "by": ["甲", "乙"]}, "已批准（甲、乙）"),
        (WHOLE, {"position": 1.0, "record": {"text": "建成\n二十个"}}, "建成 二十个"),
        ("notes", "长" * 500, "长" * 159 + "…"),
    ],
)
def test_values_are_said_in_words(path: str, said: object, words: str | None) -> None:
    told = readable.value(path, said, translator("zh"))  # type: ignore[arg-type]
    assert told == words if words is not None else re.search(r"[\u4e00-\u9fff]", told)


def test_an_event_leaves_out_its_evidence_and_counts_what_is_not_shown() -> None:
    changes = [{"record": "r", "field": "points", "before": None, "after": number} for number in range(20)]
    changes.insert(0, {"record": "r", "field": "field_evidence/points", "before": None, "after": []})
    row = {"seq": 4, "at": "x", "actor": "甲", "op": "fill", "undoes": None, "note": None, "changes": changes}
    told = readable.event(row, translator("zh"))
    assert told["action"] == "从原文填写"
    assert len(told["changes"]) == readable.MOST_CHANGES
    assert told["more"] == 20 - readable.MOST_CHANGES
    assert {one["field"] for one in told["changes"]} == {"分值"}


def test_an_event_of_evidence_alone_shows_it() -> None:
    changes = [{"record": "r", "field": "evidence", "before": None, "after": {"start": 1, "end": 2}}]
    row = {"seq": 1, "at": "x", "actor": "甲", "op": "fill", "undoes": None, "note": None, "changes": changes}
    told = readable.event(row, translator("zh"))
    assert told["changes"][0]["after"] == "1–2"
    assert told["more"] == 0


def test_settings_are_told_by_their_names_and_before_and_after() -> None:
    detail = {
        "two_person_approval": {"before": False, "after": True},
        "webhook_url": {"before": None, "after": "http://x"},
    }
    row = AuditRow("x", "甲", "settings", "workspace", None, None, detail)  # type: ignore[arg-type]
    told = readable.audit(row, None, translator("zh"))
    assert told["detail"] == "需要两人先后批准：否 → 是；地址：（空） → http://x"
    assert told["document_id"] is None


def test_a_deleted_document_keeps_its_name_and_has_no_link() -> None:
    row = AuditRow("x", "甲", "delete", "0" * 20, None, None, {"name": "旧.pdf", "sha256": "0" * 64})
    told = readable.audit(row, None, translator("zh"))
    assert (told["subject"], told["document_id"], told["detail"]) == ("旧.pdf", None, "")


def test_an_unknown_action_and_an_odd_index_are_shown_as_they_are() -> None:
    t = translator("zh")
    assert readable.action("of_tomorrow", t) == "of_tomorrow"
    assert readable.field("targets/x", t).endswith(" x")


@pytest.mark.parametrize(
    ("bytes_", "words"), [(0, "0 B"), (999, "999 B"), (8330, "8 KB"), (1_000_000, "1 MB"), (3_440_000, "3.4 MB")]
)
def test_sizes(bytes_: int, words: str) -> None:
    assert size(bytes_) == words


@pytest.mark.parametrize(
    ("share", "words"), [(0.0, "0%"), (0.001, "<1%"), (0.0099, "<1%"), (0.01, "1%"), (0.126, "13%"), (1.0, "100%")]
)
def test_shares(share: float, words: str) -> None:
    assert percent(share) == words


def test_moments_are_shown_to_the_minute_and_others_as_they_are() -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", moment("2026-11-22T02:43:15.989248Z"))
    assert moment("never") == "never"


def test_marks_are_the_only_markup_of_a_snippet() -> None:
    assert marked("<b>养老</b>", ((3, 5),)) == "&lt;b&gt;<mark>养老</mark>&lt;/b&gt;"
    assert marked("养老养", ((0, 2), (1, 3))) == "<mark>养老</mark>养"
    assert marked("", ()) == ""


def test_a_difference_leaves_out_what_was_only_accepted() -> None:
    found = {
        "changes": [
            {"record": "a", "field": "status", "draft": "draft", "final": "approved"},
            {"record": "b", "field": "status", "draft": "draft", "final": "rejected"},
            {"record": "b", "field": "field_evidence/points", "draft": [], "final": []},
            {"record": "b", "field": "targets/0/evidence", "draft": {"start": 1, "end": 2}, "final": None},
            {"record": "c", "field": "points", "draft": 2, "final": 7},
        ],
        "added": [{"record": {"record_id": "d", "number": "3.", "text": "新的"}}],
        "removed": [{"record_id": "e", "number": None, "text": "旧的"}],
    }
    told = readable.difference(found, {"b": "2. 建成"}, translator("zh"))
    assert [(one["id"], one["label"], one["change"]) for one in told] == [
        ("b", "2. 建成", "changed"), ("c", "c", "changed"), ("d", "3.", "added"), ("e", "e", "removed"),
    ]  # fmt: skip
    assert [len(one["fields"]) for one in told] == [1, 1, 0, 0]
