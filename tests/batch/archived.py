"""What the tests of archives share: members to pack, and how what is found in an archive is looked at."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from tests.batch.looking import checked, look, put, sha

TEXT = "溪宁市民政局关于做好养老服务工作的通知".encode()
NOISE = b"".join(zlib.crc32(bytes([at % 256, at // 256])).to_bytes(4, "big") for at in range(5000))  # packs badly
THREE = {"通知一.txt": NOISE[:9000], "内/通知二.txt": TEXT, "通知三.txt": NOISE[9000:]}
METHODS = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]


def inside(path: str, members: dict[str, bytes]) -> dict[str, str | None]:
    return {f"{path}!/{name}": sha(data) for name, data in members.items()}


def opened(at: Path, data: bytes, **options: object) -> dict[str, str | None]:
    """What is found in an archive, by the names of its members."""
    put(at, {"a": data})
    return {path.removeprefix("a!/"): what for path, what in checked(look(at, "a", **options)).items()}


def spooled(at: Path) -> list[str]:
    return sorted(path.name for path in (at.parent / "spool").rglob("*") if path.is_file())


# Every kind, told by content
