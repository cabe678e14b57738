"""The tables of the docs and the script that writes them name the same blocks."""

from __future__ import annotations

import re

import pytest

from tests.benchmarks.report import BLOCKS, PAGES, STEPS, filled, rendered

OPEN = re.compile(r"<!-- figures:([\w-]+) -->")


def names() -> list[str]:
    return [name for page in PAGES for name in OPEN.findall(page.read_text(encoding="utf-8"))]


def test_every_block_has_its_place_and_only_one() -> None:
    assert sorted(names()) == sorted(BLOCKS)


def test_every_block_closes_and_holds_something() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert len(OPEN.findall(text)) == text.count("<!-- /figures -->")
        assert not re.search(r"<!-- figures:[\w-]+ -->\n<!-- /figures -->", text)
        assert "TODO(figures)" not in text


def test_steps_of_the_blocks_exist() -> None:
    assert {step for steps, _ in BLOCKS.values() for step in steps} <= set(STEPS)


PAGE = "前\n<!-- figures:demo -->\n旧\n<!-- /figures -->\n中\n<!-- figures:machine -->\n旧\n<!-- /figures -->\n后\n"


def test_only_what_was_made_is_replaced() -> None:
    made = filled(PAGE, {"demo": "新\n两行"})
    assert made == PAGE.replace("旧", "新\n两行", 1)
    assert filled(made, {"demo": "旧"}) == PAGE


def test_an_empty_block_is_filled() -> None:
    empty = "<!-- figures:demo -->\n<!-- /figures -->\n"
    assert filled(empty, {"demo": "新"}) == "<!-- figures:demo -->\n新\n<!-- /figures -->\n"


def test_a_block_that_nothing_makes_is_an_error() -> None:
    with pytest.raises(KeyError, match="nothing"):
        filled(PAGE.replace("demo", "nothing"), {})


KINDS = {
    "one": (("text",), lambda text: f"text {text}"),
    "both": (("text", "pdf"), lambda text, pdf: f"text {text} pdf {pdf}"),
}


@pytest.mark.parametrize(
    ("measured", "earlier", "made"),
    [
        pytest.param({}, {}, {}, id="nothing measured"),
        pytest.param({}, {"text": 1, "pdf": 2}, {}, id="what was measured earlier changes nothing"),
        pytest.param({"text": 1}, {}, {"one": "text 1"}, id="a step missing leaves its blocks"),
        pytest.param(
            {"text": 3}, {"text": 1, "pdf": 2}, {"one": "text 3", "both": "text 3 pdf 2"},
            id="the other step from an earlier run",
        ),
    ],
)  # fmt: skip
def test_blocks_of_what_was_measured(measured: dict[str, int], earlier: dict[str, int], made: dict[str, str]) -> None:
    assert rendered(measured, earlier, KINDS) == made
