"""How likely two observations measure the same: by the shipped model."""

from __future__ import annotations

import numpy as np
import pytest

from extractor.archive.matching import NAME, Matcher, load
from extractor.archive.quantities import quantity
from extractor.errors import ArtifactError
from extractor.learned.artifacts import open_artifact
from extractor.types.archive import Observation
from tests.archive.observed import CITY, OTHER_CITY, observation


def measured(metric: str, unit: str, value: float = 50, **more: object) -> Observation:
    """Of another document for every metric and unit."""
    made = quantity(value, None, unit, None, metric, "ge", None)
    place = OTHER_CITY if more.get("other") else CITY
    return observation(
        value, metric=metric, unit=unit, quantity=made, document=f"{metric}{unit}{value}.docx", place=place, path=()
    )


def chance(one: Observation, other: Observation) -> float:
    return float(load().probability([(one, other)])[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("城镇新增就业", "万人"), ("新增城镇就业人数", "人")),
        (("养老机构护理型床位占比", "%"), ("养老机构护理型床位比例", "%")),
        (("每千人口执业（助理）医师数", "人"), ("每千常住人口执业（助理）医师", "人")),
        (("细颗粒物（PM2.5）年均浓度", "微克/立方米"), ("PM2.5浓度", "微克/立方米")),
        (("粮食总产量", "万吨"), ("粮食产量", "亿斤")),
        (("农村居民人均可支配收入增长", "%"), ("农村居民人均可支配收入年均增速", "%")),
    ],
)
def test_the_same_in_other_words(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert chance(measured(*one), measured(*other, value=55)) > 0.5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("城市低保标准", "元"), ("农村低保标准", "元")),
        (("居民人均可支配收入", "元"), ("居民人均可支配收入增长", "%")),
        (("化学需氧量重点工程减排量", "吨"), ("氨氮重点工程减排量", "吨")),
        (("森林覆盖率", "%"), ("城镇登记失业率", "%")),
        (("小学学位", "个"), ("小学班额", "人")),
    ],
)
def test_something_else(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert chance(measured(*one), measured(*other)) < 0.5


def test_neither_order_nor_company_matters() -> None:
    observed = [measured(each, "%") for each in ("森林覆盖率", "林木覆盖率", "湿地保护率", "森林火灾受害率")]
    pairs = [(a, b) for a in observed for b in observed]
    together = load().probability(pairs)
    assert together.shape == (16,)
    assert ((together > 0) & (together < 1)).all()
    alone = np.array([chance(a, b) for a, b in pairs])
    assert np.allclose(together, alone, atol=1e-6)
    assert np.allclose(together.reshape(4, 4), together.reshape(4, 4).T, atol=1e-6)


def test_no_pairs_no_chances() -> None:
    assert load().probability([]).shape == (0,)


def test_two_documents_may_share_record_ids() -> None:
    """A document compared with an earlier state of itself."""
    one = observation(50, metric="森林覆盖率", document="甲.txt")
    other = observation(50, metric="城镇登记失业率", document="乙.txt", record_id=one.record_id)
    assert one.id == other.id
    assert chance(one, other) < 0.5


def test_weights_of_other_features_are_refused() -> None:
    found = open_artifact(NAME)
    assert found is not None
    with pytest.raises(ArtifactError, match="another version"):
        Matcher.from_arrays(found.arrays(), {**found.config, "features": ["bigrams"]})


def test_the_missing_model_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractor.archive.matching.open_artifact", lambda name: None)
    with pytest.raises(ArtifactError, match="install again"):
        load.__wrapped__()
