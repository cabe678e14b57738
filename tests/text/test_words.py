"""Words by jieba with the domain dictionary."""

from __future__ import annotations

import itertools

import jieba
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.text.words import cut, tokenizer


@pytest.mark.parametrize("word", ["牵头单位", "一票否决", "应保尽保"])
def test_official_terms_are_words(word: str) -> None:
    text = f"由{word}负责。"
    assert word in [text[a:b] for a, b in cut(text)]


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet="牵头单位应保尽保2024年12月31日前不少于 ,。Ab", max_size=40))
def test_words_cover_the_text_without_gaps(text: str) -> None:
    found = cut(text)
    assert "".join(text[a:b] for a, b in found) == text
    assert all(first[1] == second[0] for first, second in itertools.pairwise(found))


def test_tokenizer_is_made_once_and_leaves_the_global_one_alone() -> None:
    assert tokenizer() is tokenizer()
    assert tokenizer() is not jieba.dt
