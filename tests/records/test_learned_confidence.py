"""Learned confidence: which fields get a figure, and what moves it."""

from __future__ import annotations

import numpy as np
import pytest

from extractor.errors import ArtifactError
from extractor.learned.artifacts import FORMAT, Artifact, pack
from extractor.learned.linear import slot
from extractor.records.confidence import field_confidence_of
from extractor.records.confidence_features import Features, record_features, target_features
from extractor.records.learned_confidence import FAMILIES, LEAST, MOST, LearnedConfidence, load
from extractor.records.parts import Sureness
from extractor.training.examples import Example
from extractor.training.traces import Made, trace
from tests.extracted import CORPUS

SIZE = 512
SENTENCE = "到2026年底前，云溪县农村生活污水治理率达到65%以上，无害化卫生厕所普及率达到98%。"


def artifact(weights: dict[str, dict[str, float]], constants: dict[str, dict[str, float]] | None = None) -> Artifact:
    """``weights``: family → feature → log-odds; the curve is the logistic function, but for the constants."""
    table = np.zeros((len(FAMILIES), SIZE), dtype=np.float16)
    for family, said in weights.items():
        for name, value in said.items():
            table[FAMILIES.index(family), slot(name, SIZE)] = value
    arrays = {"weights": table, "bias": np.zeros(len(FAMILIES), dtype=np.float32)}
    knots = np.linspace(-9, 9, 181, dtype=np.float32)
    for family in FAMILIES:
        if family not in (constants or {}):
            arrays[f"{family}_knots"], arrays[f"{family}_shares"] = knots, 1 / (1 + np.exp(-knots))
    config = f'{{"format": {FORMAT}, "constants": {constants or {}}}}'.replace("'", '"')
    return Artifact("confidence", "test", {"config.json": config.encode(), "weights.npz": pack(arrays)})


def made_of(text: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Made, ...]:
    path = tmp_path_factory.mktemp("notice") / "notice.txt"
    path.write_text(f"云溪县2026年工作要点\n\n一、环境整治\n{text}\n", encoding="utf-8")
    return trace(Example("own/notice", path, {"records": []})).made


@pytest.fixture(scope="module")
def sentence(tmp_path_factory: pytest.TempPathFactory) -> Made:
    (made,) = made_of(SENTENCE, tmp_path_factory)
    assert [target.metric for target in made.record.targets]
    return made


def sure(confidence: LearnedConfidence, made: Made) -> Sureness:
    return confidence(made.record, made.item, made.drafts)


@pytest.mark.parametrize("stem", ["05_ecology-plan", "06_city-scoring-scheme", "07_water-quota", "48_task-ledger"])
def test_the_same_fields_as_the_rules(stem: str) -> None:
    confidence = load(artifact({"record": {"rules": -0.5}}))
    example = Example(f"own/{stem}", CORPUS / "txt" / f"{stem}.txt", {"records": []})
    for made in trace(example).made:
        assert sure(confidence, made).fields.keys() == field_confidence_of(made.record, made.item).keys()


def test_a_word_before_the_metric_moves_that_target_and_the_record_alone(sentence: Made) -> None:
    own = [
        target_features(sentence.record, sentence.item, at, target, sentence.drafts[at])
        for at, target in enumerate(sentence.record.targets)
    ]
    assert len(own) == 2
    only = next(
        name for name in own[1] if name not in own[0] and name not in record_features(sentence.record, sentence.item)
    )
    before, after = (
        sure(load(artifact(said)), sentence) for said in ({}, {"metric": {only: -2.0}, "record": {only: -2.0}})
    )
    changed = {path for path, value in after.fields.items() if value != before.fields[path]}
    assert changed == {"targets/1/metric"}
    assert after.fields["targets/1/metric"] == pytest.approx(0.119, abs=0.01)
    assert after.record == pytest.approx(0.119, abs=0.01)


def test_the_record_adds_up_its_targets(sentence: Made) -> None:
    name = "t/unit=share/False/False"
    shared = sum(
        target_features(sentence.record, sentence.item, at, target, None).get(name, 0.0)
        for at, target in enumerate(sentence.record.targets)
    )
    assert shared == 2
    assert sure(load(artifact({"record": {name: -1.0}})), sentence).record == pytest.approx(0.119, abs=0.01)


@pytest.mark.parametrize(("weight", "edge"), [(50.0, MOST), (-50.0, LEAST)])
def test_never_quite_sure(sentence: Made, weight: float, edge: float) -> None:
    said = {family: {"numbered=False": weight, "numbered=True": weight} for family in FAMILIES}
    found = sure(load(artifact(said)), sentence)
    assert {found.record, *found.fields.values()} == {edge}


def test_a_constant_by_origin_and_for_any_other(sentence: Made) -> None:
    origin = sentence.item.origin
    known = sure(load(artifact({}, {"kind": {origin: 0.83, "": 0.5}})), sentence)
    other = sure(load(artifact({}, {"kind": {"quota": 0.83, "": 0.5}})), sentence)
    assert (known.fields["kind"], other.fields["kind"]) == (0.83, 0.5)


@pytest.mark.parametrize(
    ("old", "new"),
    [("2026", "2031"), ("云溪县", "东陵县"), ("云溪县", "澄湖区"), ("65%", "71%"), ("98%", "5%"), ("65%", "7.25%")],
)
def test_years_places_and_numbers_are_no_features(
    old: str, new: str, sentence: Made, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (swapped,) = made_of(SENTENCE.replace(old, new), tmp_path_factory)
    assert features(swapped) == features(sentence)


@pytest.mark.parametrize(
    ("old", "new"),
    [("农村生活污水治理率", "治理率"), ("达到65%以上", "65%"), ("，无害化", "，其中无害化")],
)
def test_what_tells_is_a_feature(old: str, new: str, sentence: Made, tmp_path_factory: pytest.TempPathFactory) -> None:
    (other,) = made_of(SENTENCE.replace(old, new), tmp_path_factory)
    assert features(other) != features(sentence)


def features(made: Made) -> list[Features]:
    record, item = made.record, made.item
    targets = [target_features(record, item, at, each, made.drafts[at]) for at, each in enumerate(record.targets)]
    return [record_features(record, item), *targets]


def test_weights_of_another_shape_are_refused() -> None:
    whole = artifact({})
    with pytest.raises(ArtifactError):
        load(Artifact("confidence", "test", {**whole.files, "weights.npz": pack({"bias": np.zeros(2)})}))
