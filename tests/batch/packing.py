"""Archives of every kind in memory, with names and faults that the libraries would not write."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Mapping, Sequence

_LOCAL, _CENTRAL = b"PK\x03\x04", b"PK\x01\x02"


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED, *, streamed: bool = False) -> bytes:
    """``streamed``: sizes stand behind the data, as where the writer could not go back."""
    out = io.BytesIO()
    with zipfile.ZipFile(_Forward(out) if streamed else out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


class _Forward(io.RawIOBase):
    """A pipe."""

    def __init__(self, out: io.BytesIO) -> None:
        self._out = out

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        return self._out.write(data)


def zipped_raw(members: Sequence[tuple[bytes, bytes]], extra: Mapping[bytes, bytes] | None = None) -> bytes:
    """Not compressed; names as bytes, without the flag for UTF-8. ``extra``: extra fields of a name."""
    out, stand_ins = io.BytesIO(), {}
    with zipfile.ZipFile(out, "w") as archive:
        for at, (raw, data) in enumerate(members):
            stand_in = f"{at:02x}".ljust(len(raw), "Q")
            assert len(stand_in) == len(raw) >= 2
            stand_ins[stand_in.encode()] = raw
            info = zipfile.ZipInfo(stand_in)
            info.create_system = 0  # DOS
            info.extra = (extra or {}).get(raw, b"")
            archive.writestr(info, data)
    made = out.getvalue()
    for stand_in, raw in stand_ins.items():
        made = made.replace(stand_in, raw)
    return made


def patched(
    archive: bytes, name: bytes, *, flags: int = 0, method: int | None = None, mode: int | None = None
) -> bytes:
    """The headers of one member changed: flags set, another method, the mode of Unix."""
    made = bytearray(archive)
    for mark, at_flags, at_name in ((_LOCAL, 6, 30), (_CENTRAL, 8, 46)):
        start = next(at for at in _places(archive, mark) if archive[at + at_name :].startswith(name))
        made[start + at_flags] |= flags
        if method is not None:
            made[start + at_flags + 2 : start + at_flags + 4] = method.to_bytes(2, "little")
        if mode is not None and mark == _CENTRAL:
            made[start + 5] = 3
            made[start + 38 : start + 42] = (mode << 16).to_bytes(4, "little")
    return bytes(made)


def _places(data: bytes, mark: bytes) -> list[int]:
    found, at = [], data.find(mark)
    while at >= 0:
        found.append(at)
        at = data.find(mark, at + 1)
    return found


def tarred(
    members: Mapping[str, bytes | tarfile.TarInfo], packing: str = "", format: int = tarfile.GNU_FORMAT
) -> bytes:
    """``packing``: gz, bz2 or xz. Members that are no files are given as their headers."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=f"w:{packing}", format=format, encoding="utf-8") as archive:
        for name, data in members.items():
            info = data if isinstance(data, tarfile.TarInfo) else tarfile.TarInfo(name)
            if isinstance(data, bytes):
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
            else:
                archive.addfile(info)
    return out.getvalue()


def header(name: str, kind: bytes, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info
