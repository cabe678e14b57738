"""The docs name every command, option, format, export, setting, error code and field, and their links lead somewhere."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import get_args

import pytest

from extractor import __all__ as public_names
from extractor.cli.arguments import build_parser
from extractor.config import Config
from extractor.export import BUILTIN as EXPORTS
from extractor.export import suffix_of
from extractor.formats import BUILTIN as FORMATS
from extractor.types.record import Deadline, DocumentInfo, ExtractionFile, IndicatorRecord, Op, Responsible, Target

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def commands() -> dict[str, argparse.ArgumentParser]:
    actions = build_parser()._actions
    return dict(next(action.choices for action in actions if isinstance(action, argparse._SubParsersAction)))


def options() -> list[tuple[str, str]]:
    return [
        (name, option)
        for name, parser in commands().items()
        for action in parser._actions
        for option in action.option_strings
        if option not in ("-h", "--help")
    ]


@pytest.mark.parametrize("name", commands())
def test_each_command_has_its_section(name: str) -> None:
    assert re.search(rf"^## extractor {name}\b", text_of("docs/cli.md"), re.M)
    assert f"extractor {name}" in text_of("README.md")


@pytest.mark.parametrize(("name", "option"), options())
def test_each_option_is_in_its_commands_section(name: str, option: str) -> None:
    section = text_of("docs/cli.md").split(f"## extractor {name}")[1].split("\n## ")[0]
    assert f"`{option}" in section


@pytest.mark.parametrize("name", EXPORTS)
def test_each_export(name: str) -> None:
    assert f"| `{name}` | `{suffix_of(name)}` |" in text_of("docs/cli.md")


@pytest.mark.parametrize("name", FORMATS)
def test_each_format(name: str) -> None:
    assert f"| `{name}` |" in text_of("docs/architecture.md")


def settings() -> list[str]:
    return [f"{section}.{name}" for section, field in Config.model_fields.items()
            for name in field.annotation.model_fields]  # type: ignore[union-attr]  # fmt: skip


@pytest.mark.parametrize("name", settings())
def test_each_setting(name: str) -> None:
    assert f"`{name}`" in text_of("docs/cli.md")


def test_each_error_code() -> None:
    listed = set(re.findall(r"^\| `(\w+)` \|", text_of("docs/cli.md").split("## 读不了的文件")[1], re.M))
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "extractor" / "formats").glob("*.py"))
    assert set(re.findall(r'ReadError\(\s*"(\w+)"', source)) <= listed


@pytest.mark.parametrize("model", [DocumentInfo, IndicatorRecord, Target, Deadline, Responsible, ExtractionFile])
def test_each_field_of_the_contract(model: type[IndicatorRecord]) -> None:
    page = text_of("docs/contract.md")
    missing = [name for name in model.model_fields if f"`{name}`" not in page and name != "schema_version"]
    assert missing == []
    assert all(f"`{op}`" in page for op in get_args(Op))


def test_makefile_targets_that_the_docs_name_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.M))
    for page in PAGES:
        assert set(re.findall(r"`make ([a-z]+)", page.read_text(encoding="utf-8"))) <= targets, page


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / link).exists(), link


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_paths_that_the_docs_name_exist(page: Path) -> None:
    for path in re.findall(
        r"`((?:extractor|tests|docs|corpus|annotations)/[\w./-]+)`", page.read_text(encoding="utf-8")
    ):
        assert (ROOT / path).exists(), path


def test_python_of_the_readme_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", text_of("README.md"), re.S)
    assert len(blocks) == 2
    (tmp_path / "通知.pdf").write_text("9月底前新增养老床位不少于500张。", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})


def test_public_names_are_few() -> None:
    assert len(public_names) <= 12
