"""Both languages say the same; every phrase asked for is there; none is there for nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from extractor.store.documents import State
from extractor.types.archive import DecisionKind
from extractor.types.record import DocumentKind
from extractor.types.review import Approval
from extractor.web import i18n, readable, roles
from extractor.web.errors import BY_STATUS, PHRASES, in_language
from extractor.web.routes import archive
from extractor.web.routes.documents import SORTS
from extractor.web.routes.exchange import FORMATS
from extractor.workspace.settings import Settings

WEB = Path(i18n.__file__).parents[1]
CATALOGS = {language: i18n.catalog(language) for language in i18n.LANGUAGES}
KEYS = set(CATALOGS["zh"])
_CALL = re.compile(
    r"""(?<![\w.])(?:t|tOr|message|label)\(\s*(?P<quote>["'`])(?P<key>[^"'`]*)(?P=quote)\s*(?P<more>[~+]?)"""
)
_IN_SCRIPTS = re.compile(r"""(?<!Item\()(["'`])(ws\.[\w.\-]*(?:\$\{[^`]*?\}[\w.\-]*)*)\1""")

# What is put behind a prefix by a template or a module, where that is a known list.
ENDINGS: dict[str, tuple[str, ...]] = {
    "state.": get_args(State),
    "approval.": get_args(Approval),
    "kind.": get_args(DocumentKind),
    "role.": roles.ROLES,
    "role.may.": roles.ROLES,
    "sort.": SORTS,
    "export.format.": FORMATS,
    "export.which.": ("current", "approved"),
    "op.": readable.AUDITED,
    "audited.": readable._DETAILS,
    "settings.": tuple(Settings.model_fields),
    "batch.state.": ("running", "done", "stopped", "silent"),
    "archive.sort.": archive.SORTS,
    "archive.kind.": archive.KINDS,
    "archive.conflict.": archive.KINDS,
    "archive.decided.": (*get_args(DecisionKind), "unname"),
    "stage.": ("reading", "outline", "items", "records", "checks"),
    "diff.": ("changed", "added", "removed"),
    "history.": ("waived", "field_evidence", "field_confidence", "evidence", "approval"),
    "help.step.": ("upload", "look", "decide", "miss", "approve", "export"),
    "help.colour.": ("machine", "person", "blocking", "unclaimed"),
    "help.does.": (
        "accept",
        "reject",
        "skip",
        "move",
        "field",
        "edit",
        "pick",
        "focus",
        "shape",
        "undo",
        "bulk",
        "list",
        "more",
    ),
    "help.question.": ("wrong", "lost", "two", "again", "back"),
    "help.answer.": ("wrong", "lost", "two", "again", "back"),
}


def sources() -> Iterator[tuple[Path, str]]:
    for pattern in (
        "templates/*.html",
        "*.py",
        "routes/*.py",
        "static/*.js",
        "static/pages/*.js",
        "static/workspace/*.js",
    ):
        for path in sorted(WEB.glob(pattern)):
            yield path, path.read_text(encoding="utf-8")


def asked() -> tuple[set[str], set[str]]:
    """Whole keys, and patterns of keys that are completed at run time: a beginning of ``ENDINGS``, or a template."""
    whole, made = set(), set()
    for path, source in sources():
        for call in _CALL.finditer(source):
            key = call["key"]
            if "." not in key:
                continue
            if call["more"] or "${" in key or "{" in key:
                made.add(key)
            else:
                whole.add(key)
        if path.suffix == ".js":
            for found in _IN_SCRIPTS.finditer(source):
                if "${" not in found[2]:  # else the name of a place in the browser's storage
                    whole.add(found[2])
    return whole, made


def patterns(made: set[str]) -> list[re.Pattern[str]]:
    """What keys of scripts made at run time may look like; one ``${…}`` stands for one step."""
    of_scripts = (key for key in made if key.startswith("ws."))
    steps = (re.split(r"\$?\{[^}]*\}", key) for key in of_scripts)
    # a template of a page or module that goes on after the quotation mark has its last step open
    return [re.compile(r"[\w-]+".join(map(re.escape, step)) + ("" if len(step) > 1 else r"[\w-]+")) for step in steps]


def test_both_languages_have_the_same_keys() -> None:
    assert set(CATALOGS["zh"]) == set(CATALOGS["en"])


@pytest.mark.parametrize("language", sorted(i18n.LANGUAGES))
def test_the_file_is_sorted_with_one_key_a_line_and_none_twice(language: str) -> None:
    text = (WEB / "i18n" / f"{language}.json").read_text(encoding="utf-8")
    keys = [key for key, _ in json.loads(text, object_pairs_hook=list)]
    assert keys == sorted(set(keys))
    assert len(text.splitlines()) == len(keys) + 2


def test_every_phrase_names_the_same_values_in_both_languages() -> None:
    def named(phrase: str) -> list[str]:
        return sorted(set(re.findall(r"\{(\w+)\}", phrase)))

    assert {key for key in KEYS if named(CATALOGS["zh"][key]) != named(CATALOGS["en"].get(key, ""))} == set()


def test_nothing_is_empty_and_english_is_english() -> None:
    assert all(phrase.strip() for catalog in CATALOGS.values() for phrase in catalog.values())
    chinese = {key for key, phrase in CATALOGS["en"].items() if re.search(r"[\u4e00-\u9fff]", phrase)}
    # units and the like, which are written so in the documents themselves
    assert {key for key in chinese if not key.startswith("ws.")} == set()


def test_every_phrase_asked_for_is_there() -> None:
    whole, made = asked()
    assert len(whole) > 100
    assert whole - KEYS == set()
    assert [pattern.pattern for pattern in patterns(made) if not any(map(pattern.fullmatch, KEYS))] == []
    others = {re.split(r"\{", key)[0] for key in made if not key.startswith("ws.")}
    assert others <= set(ENDINGS)


def test_every_ending_of_a_key_made_at_run_time_is_there() -> None:
    missing = {begin + ending for begin, endings in ENDINGS.items() for ending in endings if begin + ending not in KEYS}
    assert missing == set()


def test_no_phrase_is_there_for_nothing() -> None:
    whole, made = asked()
    used = whole | {begin + ending for begin, endings in ENDINGS.items() for ending in endings}
    possible = patterns(made)
    assert {key for key in KEYS - used if not any(pattern.fullmatch(key) for pattern in possible)} == set()


def test_every_refusal_has_both_languages() -> None:
    assert set(BY_STATUS.values()) <= set(PHRASES)
    for phrase in PHRASES.values():
        assert re.search(r"[\u4e00-\u9fff]", in_language(phrase, "zh"))
        assert not re.search(r"[\u4e00-\u9fff]", in_language(phrase, "en"))


@pytest.mark.parametrize(
    ("both", "zh", "en"),
    [
        ("坏了 / broken", "坏了", "broken"),
        ("文件a / b坏了 / file a / b is broken", "文件a / b坏了", "file a / b is broken"),
        ("只有一种", "只有一种", "只有一种"),
    ],
)
def test_a_message_is_parted_in_the_middle(both: str, zh: str, en: str) -> None:
    assert (in_language(both, "zh"), in_language(both, "en")) == (zh, en)


def test_values_are_put_in_as_they_are() -> None:
    assert i18n.translate("en", "pager.range", first=1, last=2, total="{first}") == "1–2 of {first}"
    assert i18n.translate("en", "no.such.key") == "no.such.key"
