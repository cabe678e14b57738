"""What the tests of sources look for, and how they compare what was found."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from extractor.batch.sources import Ignored, Known, find
from extractor.types.batch import Found


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def put(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def look(at: Path, *sources: str, **options: object) -> list[Found | Ignored]:
    return list(find(sources, spool=at.parent / "spool", **options))  # type: ignore[arg-type]


def files(found: Sequence[Found | Ignored]) -> dict[str, str | None]:
    """Path → hash, or class of the error."""
    made = {each.path: each.sha256 or each.error_class for each in found if isinstance(each, Found)}
    assert len(made) == sum(isinstance(each, Found) for each in found), "a path was told twice"
    return made


def paths(found: Sequence[Found | Ignored]) -> list[str]:
    return [each.path for each in found if isinstance(each, Found)]


def left_out(found: Sequence[Found | Ignored]) -> list[str]:
    return [each.path for each in found if isinstance(each, Ignored)]


def checked(found: Sequence[Found | Ignored]) -> dict[str, str | None]:
    """As ``files``, after a look at what lies at each location."""
    for each in found:
        if isinstance(each, Found) and each.sha256 is not None:
            data = Path(each.location).read_bytes()
            assert (sha(data), len(data)) == (each.sha256, each.size)
            assert os.path.isabs(each.location) and each.error_class is None and each.error is None
        elif isinstance(each, Found):
            assert each.error is not None and " / " in each.error
    return files(found)


def remembered(before: dict[str, Found]) -> Callable[[str], Known | None]:
    def known(path: str) -> Known | None:
        found = before.get(path)
        if found is None or found.sha256 is None:
            return None
        return Known(found.size, found.mtime, found.sha256, found.location)

    return known
