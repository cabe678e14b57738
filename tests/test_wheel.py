"""What the wheel and the source archive carry: trained components too, each as its manifest says."""

from __future__ import annotations

import hashlib
import json
import tarfile
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    (path,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path_factory.mktemp("wheel")), versions=["standard"])
    return zipfile.ZipFile(path)


def test_the_wheel_carries_what_the_manifest_says(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    said: dict[str, str] = json.loads(wheel.read("extractor/learned/shipped.json"))
    assert {"extractor/models/README.md", "extractor/default_config.toml", "extractor/records/schema.json"} <= names
    for name, digest in said.items():
        assert hashlib.sha256(wheel.read(f"extractor/models/{name}")).hexdigest() == digest
    weights = [name for name in names if name.startswith("extractor/models/") and not name.endswith("README.md")]
    assert {name.removeprefix("extractor/models/") for name in weights} == set(said)
    assert sum(wheel.getinfo(name).file_size for name in weights) <= 20_000_000


def test_the_source_archive_carries_them_too(tmp_path: Path) -> None:
    (path,) = SdistBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"models/README.md", "extractor/learned/shipped.json", "annotations/guidelines.md"} <= names
