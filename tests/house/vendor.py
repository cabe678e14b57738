"""Refreshes ``extractor/web/static/vendor`` from the npm registry: ``make vendor``.

``vendor.json`` there lists each file with its package, version, licence and SHA-256. Without arguments the pinned
versions are fetched anew; ``PACKAGE=VERSION`` takes another version. Read the diff before you commit.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "extractor" / "web" / "static" / "vendor"
LIST = FOLDER / "vendor.json"


def listed() -> list[dict[str, Any]]:
    files: list[dict[str, Any]] = json.loads(LIST.read_text(encoding="utf-8"))["files"]
    return files


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fetched(package: str, version: str, into: Path) -> tarfile.TarFile:
    """The package as the registry has it; raises ``CalledProcessError`` where npm does not get it."""
    command = ["npm", "pack", "--silent", "--pack-destination", str(into), f"{package}@{version}"]
    name = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1]
    return tarfile.open(into / name)


def content(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(f"package/{name}")
    if file is None:
        raise FileNotFoundError(name)
    return file.read()


def refresh(one: dict[str, Any], version: str) -> dict[str, Any]:
    """Writes the file and its licence; the entry of the list, told anew."""
    if version != one["version"]:
        for old in ("file", "licence_file"):
            (FOLDER / one[old]).unlink(missing_ok=True)
    names = {key: one[key].replace(one["version"], version) for key in ("file", "licence_file")}
    with tempfile.TemporaryDirectory() as folder, fetched(one["package"], version, Path(folder)) as archive:
        (FOLDER / names["file"]).write_bytes(content(archive, one["from"]))
        (FOLDER / names["licence_file"]).write_bytes(content(archive, one["licence_from"]))
        licence = json.loads(content(archive, "package.json"))["license"]
    return {**one, **names, "version": version, "licence": licence, "sha256": digest(FOLDER / names["file"])}


def main(wanted: list[str]) -> int:
    versions = dict(one.split("=", 1) for one in wanted)
    files = [refresh(one, versions.get(one["package"], one["version"])) for one in listed()]
    LIST.write_text(json.dumps({"files": files}, indent=2) + "\n", encoding="utf-8")
    for one in files:
        sys.stdout.write(f"{one['package']} {one['version']} {one['licence']} {one['file']}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
