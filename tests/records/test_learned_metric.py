"""Choices of a metric: what may be instead of the rules' words, what the tagger sees, and that nothing is made up."""

from __future__ import annotations

import pytest

from extractor.components import RULES
from extractor.pipeline import extract_document
from extractor.records.metric_choices import choices
from extractor.records.metric_features import doubt_words, of_choice, of_target
from extractor.records.metric_sequence import around, tag_features
from extractor.training.examples import Example
from extractor.training.recipes.metric_tags import tags_of
from extractor.training.traces import Asked, Trace, trace

SAMPLE = """关于做好养老服务工作的通知

一、提升机构照护能力
每家城市书房开展适老化改造，年开放时间不少于330天。
规范发展长期护理保险，参保人数达到60万人以上，赔付率不低于80%。
新建街道综合养老服务中心18个。
"""


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Trace:
    path = tmp_path_factory.mktemp("metric") / "notice.txt"
    path.write_text(SAMPLE, encoding="utf-8")
    return trace(Example("own/notice", path, {"document": {}, "records": []}))


@pytest.fixture(scope="module")
def asked(traced: Trace) -> tuple[Asked, ...]:
    return tuple(each for each in traced.asked if each.drafts)


def texts(asked: Asked, at: int = 0) -> list[str]:
    return [choice.text for choice in choices(asked.frame, asked.drafts[at], asked.drafts)]


def test_the_rules_own_words_come_first_and_each_choice_once(asked: tuple[Asked, ...]) -> None:
    for each in asked:
        for at, draft in enumerate(each.drafts):
            found = texts(each, at)
            assert found[0] == draft.metric
            assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    ("sentence", "target", "wanted"),
    [
        pytest.param(0, 0, "每家城市书房年开放时间", id="subject of the clause before"),
        pytest.param(1, 0, "长期护理保险参保人数", id="object of the clause before, without its verb"),
        pytest.param(1, 1, "长期护理保险赔付率", id="two clauses before"),
    ],
)
def test_an_owner_said_before_is_among_the_choices(
    asked: tuple[Asked, ...], sentence: int, target: int, wanted: str
) -> None:
    assert wanted in texts(asked[sentence], target)


def test_every_choice_is_printed_words(asked: tuple[Asked, ...]) -> None:
    printed = set(SAMPLE)
    for each in asked:
        for at in range(len(each.drafts)):
            assert all(set(text) <= printed for text in texts(each, at))


def test_the_sequence_shows_headings_sentence_and_number(asked: tuple[Asked, ...]) -> None:
    here = around(asked[1].frame, asked[1].drafts[1])
    assert len(here.chars) == len(here.zones)
    assert {"N", "L0", "L1", "L2", "#"} <= set(here.zones)
    number = "".join(char for char, zone in zip(here.chars, here.zones, strict=True) if zone == "N")
    assert number == "不低于80%"
    assert here.words[here.number] == "\0"
    rows = tag_features(here, asked[1].frame, asked[1].drafts[1], asked[1].drafts)
    assert len(rows) == len(here.chars)
    assert len({len(row) for row in rows}) == 1


@pytest.mark.parametrize(
    ("metric", "marked"),
    [
        pytest.param("长期护理保险赔付率", "长期护理保险赔付率", id="in two pieces"),
        pytest.param("赔付率", "赔付率", id="as printed"),
        pytest.param("长期护理保险的赔付率", "长期护理保险赔付率", id="a 的 between is nobody's"),
        pytest.param("火星赔付率", "赔付率", id="words not printed are left out"),
    ],
)
def test_gold_is_laid_over_the_words(asked: tuple[Asked, ...], metric: str, marked: str) -> None:
    here = around(asked[1].frame, asked[1].drafts[1])
    tags = tags_of(here, metric)
    assert "".join(char for char, tag in zip(here.chars, tags, strict=True) if tag == "1") == marked


def test_features_are_numbers_of_one_length(asked: tuple[Asked, ...]) -> None:
    each = asked[1]
    draft = each.drafts[1]
    rows = [
        of_choice(choice, each.frame, draft, each.drafts, SAMPLE) for choice in choices(each.frame, draft, each.drafts)
    ]
    assert len({len(row) for row in rows}) == 1
    assert all(
        isinstance(value, float) for row in [*rows, of_target(each.frame, draft, each.drafts, SAMPLE)] for value in row
    )


@pytest.mark.parametrize(("one", "other"), [("2023年培训人数", "2031年培训人数"), ("新建5所学校", "新建8所学校")])
def test_digits_of_a_metric_do_not_tell(one: str, other: str) -> None:
    assert doubt_words(one).keys() == doubt_words(other).keys()


def test_without_a_trained_part_the_rules_words_stay(traced: Trace) -> None:
    again = extract_document(traced.document, components=RULES)
    assert [r.targets for r in again.records] == [r.record.targets for r in traced.made]
