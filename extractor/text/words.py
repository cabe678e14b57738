"""Words by jieba with a dictionary of official terms: features and views, never borders of a mention."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jieba


@lru_cache(maxsize=1)
def tokenizer() -> jieba.Tokenizer:
    """jieba's own dictionary plus ``domain.txt`` (word, frequency, tag), in an instance of our own so that the
    user's global jieba is left alone.
    """
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    made = jieba.Tokenizer()
    made.initialize()
    for line in files("extractor.text").joinpath("domain.txt").read_text(encoding="utf-8").splitlines():
        word, _, rest = line.partition(" ")
        if word and not word.startswith("#"):
            frequency, _, tag = rest.partition(" ")
            made.add_word(word, int(frequency or 3000), tag or None)
    return made


def cut(text: str) -> list[tuple[int, int]]:
    """``(start, end)`` of each word of ``text``, without gaps."""
    return [(start, end) for _, start, end in tokenizer().tokenize(text)]
