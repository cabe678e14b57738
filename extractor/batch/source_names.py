"""Names of files and of members of archives: bytes to characters, what is shown of them, and which are no documents."""

from __future__ import annotations

import os
import re
from collections.abc import Collection

_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_THREE_BYTES = re.compile("[\u0800-\U0010ffff]")  # in UTF-8, or four
_DRIVE = re.compile(r"[A-Za-z]:")
_SYSTEM = frozenset(
    {"thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx", "$recycle.bin", "system volume information"}
)

HIDDEN = "隐藏文件或文件夹 / hidden"
LOCK = "Office 临时锁文件 / a lock file of Office"
SYSTEM = "系统文件 / a file of the system"


def is_utf8(raw: bytes) -> bool:
    """Strictly: no surrogates, no overlong forms."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def decode_name(raw: bytes, *, chinese: bool = False) -> str:
    """The characters of a name of no declared encoding. ``chinese``: other names beside it are GB18030, so that one
    which is valid UTF-8 only by chance (一 of GBK is a Cyrillic letter there) is too.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_old(raw, "cp437")
    if chinese and not text.isascii() and not _THREE_BYTES.search(text):
        return _decode_old(raw, "utf-8")
    return text


def _decode_old(raw: bytes, last: str) -> str:
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError:
        return raw.decode(last)


def escaped_name(name: str) -> bytes:
    """The bytes of a name that Python decoded with ``surrogateescape``."""
    return name.encode("utf-8", "surrogateescape")


def shown(path: str) -> str:
    """A path as it may be shown and stored: parts that are not UTF-8 read as GB18030, U+FFFD for what can't be shown,
    ``/`` between the parts.
    """
    if _SURROGATE.search(path):
        path = "/".join(map(_part, path.split("/")))
    if os.sep != "/":
        path = path.replace(os.sep, "/")
    return _UNSHOWN.sub("\ufffd", path)


def _part(part: str) -> str:
    if not _SURROGATE.search(part):
        return part
    try:
        return escaped_name(part).decode("gb18030")
    except UnicodeError:  # neither encoding, or a surrogate that stands for no byte
        return part


def member_parts(name: str) -> list[str]:
    """The folders and the name of a member, without whatever would lead out of the archive."""
    parts = [part for part in shown(name).split("/") if part not in ("", ".", "..")]
    if parts and _DRIVE.fullmatch(parts[0]):
        del parts[0]
    return parts


def ignorable(name: str) -> str | None:
    """Why a file or folder of this name is left aside; None where it isn't."""
    if name.startswith("~$"):
        return LOCK
    if name.casefold() in _SYSTEM:
        return SYSTEM
    return HIDDEN if name.startswith(".") else None


def labels(names: Collection[str]) -> dict[str, str]:
    """What to show for those names of a folder that can't be shown as they are: no two names alike, and none like an
    archive's with its members below.
    """
    changed = {name: label for name in names if (label := shown(name)) != name or name.endswith("!")}
    if changed:
        taken = set(names) - changed.keys()
        for name, label in changed.items():
            unique, number = label, 1
            while unique in taken or (unique.endswith("!") and unique[:-1] in taken):
                number += 1
                unique = f"{label}#{number}"
            taken.add(unique)
            changed[name] = unique
    return changed
