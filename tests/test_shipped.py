"""The components that are shipped, in a run: they are used, they help, and years, places and numbers do not sway them."""

from __future__ import annotations

import re

import pytest

from extractor import Result, extract
from extractor.archive import matching
from extractor.components import BUILTIN, load_components
from extractor.learned.artifacts import shipped_folder, shipped_manifest
from tests.extracted import rules_only

NOTICE = """澜川市2026年民政工作要点

一、做好养老服务
1．推进居家适老化改造，入户评估率达到100%，验收合格率不低于98%。
2．加强养老护理员培训，结业率达到95%以上。
3．年底前新增养老床位不少于1200张。
二、福利彩票销售
1．销量增长率达到5%以上，站点覆盖率达到90%。
三、退役士兵教育培训
1．政策宣讲覆盖率达到100%。
2．参训率不低于80%。
四、区划地名管理
1．数据准确率达到95%，界桩完好率达到98%。
"""
SWAPS = {
    "year": {"2026": "2031"},
    "place": {"澜川市": "松原市"},
    "numbers": {"1200": "2600", "100%": "99%", "95%": "97%", "80%": "85%"},
}


def run(text: str) -> Result:
    return extract(text.encode())


def metrics(result: Result) -> list[str]:
    return [target.metric for record in result.records for target in record.targets]


def test_the_settings_use_every_component_that_is_shipped() -> None:
    used = load_components().versions
    shipped = {name.partition("/")[0] for name in shipped_manifest()}
    assert set(used) == set(BUILTIN) == shipped - {matching.NAME}  # that one is for archives, no part of reading
    for name in shipped:
        assert (shipped_folder() / name / "card.md").is_file()


def test_owners_that_stand_in_the_heading_or_the_clause_before_are_named() -> None:
    rules = metrics(extract(NOTICE.encode(), config=rules_only()))
    learned = metrics(run(NOTICE))
    changed = {new for old, new in zip(rules, learned, strict=True) if old != new}
    assert len(changed) >= 2
    printed = set(NOTICE)
    assert all(set(metric) <= printed for metric in learned)
    for old, new in zip(rules, learned, strict=True):
        assert old == new or new.endswith(old)


@pytest.mark.parametrize("words", SWAPS.values(), ids=SWAPS)
def test_years_places_and_numbers_flip_nothing(words: dict[str, str]) -> None:
    swapped = re.sub("|".join(map(re.escape, words)), lambda match: words[match[0]], NOTICE)
    assert swapped != NOTICE
    before, after = run(NOTICE), run(swapped)
    assert metrics(after) == metrics(before)
    assert [record.kind for record in after.records] == [record.kind for record in before.records]
    for old, new in zip(before.records, after.records, strict=True):
        assert abs(old.confidence - new.confidence) < 0.1
