"""The public face: names, settings, and results that pickle and do not change."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from pydantic import ValidationError

import extractor
from extractor import Config, Result, extract, load_config, read
from extractor.components import BUILTIN
from extractor.errors import ConfigError, ReadError

TEXT = "一、主要目标\n（一）全市低保对象认定准确率达到98%以上。\n（二）11月底前新增养老床位500张。\n"


@pytest.fixture(scope="module")
def result() -> Result:
    return extract(TEXT.encode(), name="通知.txt")


def test_every_public_name_is_there() -> None:
    assert dir(extractor) == sorted(extractor.__all__)
    for name in extractor.__all__:
        assert getattr(extractor, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'extrakt'"):
        extractor.extrakt  # noqa: B018


def test_values_and_their_places(result: Result) -> None:
    record = result.records[0]
    assert record.targets[0].value == 98
    words = result.document.text[record.evidence.start : record.evidence.end]
    assert "".join(words.split()) == "".join(record.text.split())


def test_result_pickles(result: Result) -> None:
    assert pickle.loads(pickle.dumps(result)) == result


def test_document_pickles() -> None:
    document = read(TEXT.encode())
    assert pickle.loads(pickle.dumps(document)) == document


def test_errors_pickle() -> None:
    error = pickle.loads(pickle.dumps(ReadError("empty", "空的")))
    assert (error.code, str(error)) == ("empty", "空的")


def test_nothing_can_be_changed(result: Result) -> None:
    with pytest.raises(FrozenInstanceError):
        result.records = ()  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        result.document.text = ""  # type: ignore[misc]
    with pytest.raises(ValidationError):
        result.records[0].text = ""  # type: ignore[misc]
    with pytest.raises(ValidationError):
        result.records[0].targets[0].value = 1  # type: ignore[misc]


def test_same_result_each_time(result: Result) -> None:
    assert extract(TEXT.encode(), name="通知.txt").to_json() == result.to_json()


def test_record_ids_are_each_their_own(result: Result) -> None:
    twice = extract((TEXT + TEXT).encode())
    ids = [record.record_id for record in twice.records]
    assert len(set(ids)) == len(ids) >= 4


def test_default_settings() -> None:
    learned = dict.fromkeys(BUILTIN, "learned")
    assert load_config() == Config.model_validate(
        {"read": {"max_chars": 20_000_000}, "models": {**learned, "site": "", "vocabulary": ""}}
    )


def test_settings_of_the_user_lie_over_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_text("\ufeff[read]\nmax_chars = 5000\n", encoding="utf-8")
    assert load_config(path).read.max_chars == 5000


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("[read]\nmax_char = 1", "unknown setting read.max_char; known here: max_chars", id="near miss"),
        pytest.param("[read]\nmax_char = 1", "did you mean max_chars", id="a hint"),
        pytest.param("[nothing]\nx = 1", "unknown setting nothing; known here: models, read", id="unknown table"),
        pytest.param("[read]\nmax_chars = 0", "read.max_chars", id="out of range"),
        pytest.param("read = 3", "bad value for read", id="no table"),
        pytest.param("read = [", "not valid TOML", id="no TOML"),
        pytest.param("max_chars = '\udcff'", "not valid TOML", id="no UTF-8"),
    ],
)
def test_bad_settings_say_what_is_wrong(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ConfigError, match=words) as caught:
        load_config(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_settings(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="can't open"):
        load_config(tmp_path / "none.toml")
