"""How times, texts and JSON stand in the database, alike on both kinds of database."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL takes no NUL; a lone surrogate has no UTF-8
_TO_ESCAPE = re.compile("[\x00\ud800-\udfff\ufffd]")
_ESCAPED = re.compile("\ufffd([0-9a-f]{4})")


def now(offset: float = 0.0) -> str:
    """UTC in ISO 8601 with microseconds and ``Z``, ``offset`` seconds from now: such texts sort as times do."""
    moment = datetime.now(UTC) + timedelta(seconds=offset)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def clean(text: str) -> str:
    """The text with U+FFFD for what one of the databases can't hold; the length stays."""
    return _UNSTORABLE.sub("\ufffd", text)


def bounded(number: int) -> int:
    """The nearest number that a column can hold: what lies beyond is in no row, and PostgreSQL refuses to compare it."""
    return max(-(2**31), min(number, 2**31 - 1))


def natural(number: int) -> int:
    """As ``bounded``, at least 0: for LIMIT and OFFSET."""
    return max(0, bounded(number))


def clean_or_none(text: str | None) -> str | None:
    """As ``clean``; None stays None."""
    return None if text is None else clean(text)


def escaped(text: str) -> str:
    """The text with U+FFFD and four hexadecimal digits for each character that a database can't hold."""
    return _TO_ESCAPE.sub(lambda found: f"\ufffd{ord(found[0]):04x}", text)


def as_given(text: str) -> str:
    """What ``escaped`` was made of."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def dump(value: object) -> str:
    """Compact JSON; NUL stands in it as an escape. Raises ValueError on NaN and infinities."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return clean(text)


def canonical(value: object) -> str:
    """As ``dump``, with sorted keys: one text for one value, which a hash may be taken of."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False, sort_keys=True)
    return clean(text)
