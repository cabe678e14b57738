"""Sentences that look like obligations and that no record claims are shown with the reason."""

from __future__ import annotations

import pytest

from extractor.records.unclaimed import find_unclaimed
from extractor.types.geometry import Span
from extractor.types.outline import Official, Outline, Section
from tests.records.samples import document_of, item_of

TEXT = "第一句完善办法。第二句合格率达到95%。第三句介绍情况。"


def outline(text: str) -> Outline:
    return Outline(Official(), (Section(0, (), Span(0, len(text))),))


def unclaimed(*items: tuple[str, str | None]) -> list[tuple[str, str]]:
    document = document_of(TEXT)
    made = tuple(item_of(document, words, dropped=reason) for words, reason in items)
    return [(each.text, each.reason) for each in find_unclaimed(document, outline(TEXT), made)]


def test_an_uncut_sentence_with_a_threshold() -> None:
    assert unclaimed(("第一句完善办法。", None)) == [("第二句合格率达到95%。", "no item was cut here")]


def test_a_claimed_sentence_is_not_shown() -> None:
    assert unclaimed(("第一句完善办法。", None), ("第二句合格率达到95%。", None)) == []


def test_part_of_a_sentence_claims_it() -> None:
    assert unclaimed(("合格率达到95%", None)) == []


def test_a_dropped_item_is_shown_with_its_reason_once() -> None:
    assert unclaimed(("第二句合格率达到95%。", "past result")) == [("第二句合格率达到95%。", "past result")]


def test_a_dropped_item_that_obliges_nobody_is_not_shown() -> None:
    assert unclaimed(("第二句合格率达到95%。", None), ("第三句介绍情况。", "present state")) == []


@pytest.mark.parametrize("reason", ["too short", "introduces a list", "repeats its heading"])
def test_reasons_that_need_no_eye(reason: str) -> None:
    assert unclaimed(("第二句合格率达到95%。", reason)) == []


def test_a_section_without_thresholds_is_passed_over() -> None:
    document = document_of("这里介绍基本情况。")
    assert find_unclaimed(document, outline(document.text), ()) == ()


def test_evidence_is_the_sentence() -> None:
    document = document_of(TEXT)
    (found,) = find_unclaimed(document, outline(TEXT), ())
    assert document.text[found.evidence.start : found.evidence.end] == found.text == "第二句合格率达到95%。"
