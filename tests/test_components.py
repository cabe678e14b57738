"""Which parts a run uses: a vocabulary goes before the rules, and is read again when it has changed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from extractor import extract
from extractor.components import RULES, load_components
from extractor.config import Config, ModelsConfig, load_config
from extractor.errors import ArtifactError, ConfigError
from extractor.learned.artifacts import Artifact, pack

NOTICE = "一、工作任务\n（一）年底前新建充电桩不少于20个。（责任单位：园区和企业服务中心、市发改委）\n".encode()


def models(path: Path) -> ModelsConfig:
    rules = dict.fromkeys(("columns", "record", "metric", "confidence"), "rules")
    return ModelsConfig.model_validate({**rules, "site": "", "vocabulary": str(path)})


def config(path: Path) -> Config:
    return load_config().model_copy(update={"models": models(path)})


def test_without_any_of_them_the_rules_do_it_all() -> None:
    assert load_components(models(Path()).model_copy(update={"vocabulary": ""})) == RULES


def test_a_vocabulary_named_in_the_settings_is_used(tmp_path: Path) -> None:
    words, settings = tmp_path / "词汇.toml", tmp_path / "设置.toml"
    words.write_text(
        '[units]\n"园区和企业服务中心" = true\n[aliases]\n"发改委" = "发展和改革委员会"\n', encoding="utf-8"
    )
    settings.write_text(f"[models]\nvocabulary = {str(words)!r}\n", encoding="utf-8")
    made = extract(NOTICE, config=load_config(settings)).to_contract()
    who = [(one.name, one.canonical) for one in made.records[0].responsible]
    assert who == [("园区和企业服务中心", None), ("市发改委", "市发展和改革委员会")]
    plain = extract(NOTICE).to_contract()
    assert [one.name for one in plain.records[0].responsible] == ["园区", "企业服务中心", "市发改委"]


def test_a_changed_vocabulary_is_read_again(tmp_path: Path) -> None:
    words = tmp_path / "vocabulary.toml"
    words.write_text('[aliases]\n"发改委" = "发展改革委"\n', encoding="utf-8")
    first = load_components(models(words))
    assert load_components(models(words)) is first
    words.write_text('[aliases]\n"发改委" = "发展和改革委员会"\n', encoding="utf-8")
    second = load_components(models(words))
    assert (first.words.canonical("发改委"), second.words.canonical("发改委")) == ("发展改革委", "发展和改革委员会")
    words.write_text(words.read_text(encoding="utf-8") + "[columns]\n", encoding="utf-8")
    assert load_components(models(words)) == second, "nothing that is at work has changed"


def test_a_vocabulary_that_is_not_there_or_broken_is_told(tmp_path: Path) -> None:
    words = tmp_path / "vocabulary.toml"
    with pytest.raises(ConfigError, match="打不开"):
        extract(NOTICE, config=config(words))
    words.write_text('[columns]\n"销号时点" = "deadline"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="第2行"):
        extract(NOTICE, config=config(words))


@pytest.mark.parametrize("cut", [0, 1, 40, -30])
def test_weights_cut_short_are_told(cut: int) -> None:
    whole = pack({"weights": np.arange(500.0)})
    assert len(Artifact("x", "here", {"weights.npz": whole}).arrays()["weights"]) == 500
    with pytest.raises(ArtifactError, match="x"):
        Artifact("x", "here", {"weights.npz": whole[:cut]}).arrays()
