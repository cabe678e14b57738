"""Sentences, clauses and brackets: what is cut where, and that nothing is lost."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.text.clauses import clauses, nesting, sentences
from extractor.text.view import make_view

MARKS = st.text(alphabet="甲乙丙1,，、。;；:：!！?？()（）“”‘’《》[]【】\n \t-—", max_size=60)

SENTENCES = {
    "full stops": ("甲。乙。", ["甲。", "乙。"]),
    "semicolons": ("甲;乙;", ["甲;", "乙;"]),
    "exclamations": ("甲!乙?丙", ["甲!", "乙?", "丙"]),
    "no stop at the end": ("甲。乙", ["甲。", "乙"]),
    "not in brackets": ("甲(乙。丙)丁。戊。", ["甲(乙。丙)丁。", "戊。"]),
    "not in quotes": ("所谓“甲。乙”丙。丁。", ["所谓“甲。乙”丙。", "丁。"]),
    "not in a title": ("《甲;乙》丙。丁。", ["《甲;乙》丙。", "丁。"]),
    "an unclosed bracket is a slip": ("甲[乙。丙。", ["甲[乙。", "丙。"]),
    "a stray closing bracket": ("甲)乙。丙。", ["甲)乙。", "丙。"]),
    "a line feed": ("甲\n乙", ["甲\n", "乙"]),
    "stops alone are none": ("。;。甲。", ["甲。"]),
    "nothing": ("", []),
}


@pytest.mark.parametrize(("text", "expected"), SENTENCES.values(), ids=SENTENCES)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[a:b].lstrip("。;") for a, b in sentences(text)] == expected


CLAUSES = {
    "commas": ("甲,乙,丙。", ["甲", "乙", "丙"]),
    "a colon": ("到2025年:甲,乙", ["到2025年", "甲", "乙"]),
    "a dash": ("甲——乙", ["甲", "乙"]),
    "an enumeration is one": ("甲、乙、丙。", ["甲、乙、丙"]),
    "brackets are whole": ("甲(乙,丙),丁。", ["甲(乙,丙)", "丁"]),
    "quotes are whole": ("“甲,乙”丙,丁。", ["“甲,乙”丙", "丁"]),
    "empty ones are none": (",,甲", ["甲"]),
}


@pytest.mark.parametrize(("text", "expected"), CLAUSES.values(), ids=CLAUSES)
def test_clauses(text: str, expected: list[str]) -> None:
    assert [text[a:b] for a, b in clauses(text)] == expected


def test_clauses_of_a_stretch_count_in_the_whole() -> None:
    text = "甲,乙。丙,丁。"
    assert [text[a:b] for a, b in clauses(text, 4, 7)] == ["丙", "丁"]


NESTED = {
    "outermost": ("甲(乙(丙)丁)戊", ["(乙(丙)丁)"]),
    "two": ("(甲)乙[丙]", ["(甲)", "[丙]"]),
    "mixed": ("(甲“乙)”丙)", ["(甲“乙)"]),
    "unclosed": ("(甲", []),
    "unopened": ("甲)", []),
    "two kinds": ("《甲(乙)》", ["《甲(乙)》"]),
}


@pytest.mark.parametrize(("text", "expected"), NESTED.values(), ids=NESTED)
def test_nesting(text: str, expected: list[str]) -> None:
    assert [text[a:b] for a, b in nesting(text)] == expected


def test_a_bracket_that_finds_no_partner_does_not_swallow_the_rest() -> None:
    text = "(甲" + "乙" * 400 + "“丙”。丁。"
    assert len(sentences(text)) == 2


@settings(deadline=None)
@given(MARKS)
def test_sentences_hold_every_character_but_stops_and_blanks(raw: str) -> None:
    text = make_view(raw).text
    found = sentences(text)
    assert all(a < b for a, b in found)
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(found))
    covered = {at for a, b in found for at in range(a, b)}
    assert all(at in covered or text[at] in " \n。;！!？?" for at in range(len(text)))


@settings(deadline=None)
@given(MARKS)
def test_clauses_hold_every_character_but_marks(raw: str) -> None:
    text = make_view(raw).text
    found = clauses(text)
    assert all(a < b for a, b in found)
    covered = {at for a, b in found for at in range(a, b)}
    assert all(at in covered or text[at] in ",，。;:!?！？\n—" for at in range(len(text)))


@settings(deadline=None)
@given(MARKS)
def test_nested_stretches_are_apart_and_paired(raw: str) -> None:
    text = make_view(raw).text
    found = nesting(text)
    pairs = {"(": ")", "《": "》", "【": "】", "〔": "〕", "[": "]", "“": "”", "‘": "’"}
    assert all(pairs[text[a]] == text[b - 1] for a, b in found)
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(found))


@settings(deadline=None)
@given(MARKS, MARKS)
def test_spans_of_a_view_map_back(before: str, raw: str) -> None:
    from extractor.types.geometry import Span

    whole = before + raw
    view = make_view(whole, Span(len(before), len(whole)))
    for start, end in sentences(view.text):
        span = view.span(start, end)
        assert len(before) <= span.start <= span.end <= len(whole)
        assert make_view(whole, span).text == view.text[start:end].strip(" \n")
        assert view.find(span.start) == start


def test_time_grows_with_the_text() -> None:
    def seconds(text: str) -> float:
        start = time.process_time()
        sentences(text)
        return time.process_time() - start

    text = "甲乙(丙“丁),戊。" * 2000
    assert seconds(text * 8) < 60 * max(seconds(text), 0.002)
