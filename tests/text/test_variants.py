"""Traditional characters."""

from __future__ import annotations

from extractor.mentions.quantities import find_quantities
from extractor.text.variants import simplify_characters


def test_expressions_in_traditional_characters_read_like_simplified_ones() -> None:
    text = "新增學位兩萬個,佔比達到八點五個百分點,每週不少於三次"
    plain = simplify_characters(text)
    assert len(plain) == len(text)
    assert plain == "新增學位两万个,占比达到八点五个百分点,每周不少于三次"
    assert [str(q.value) for q in find_quantities(plain)] == ["2", "8.5", "3"]
