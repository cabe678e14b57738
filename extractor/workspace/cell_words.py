"""Words in the cells of an edited workbook → fields: the inverse of ``extractor.export.words``.

Nothing is guessed: words that can be read in one way alone are read, others raise ``Unreadable``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import cast

from extractor.errors import ExtractorError
from extractor.export.words import KINDS
from extractor.export.xlsx_read import Held
from extractor.mentions.dates import find_dates
from extractor.text.view import make_view
from extractor.types.record import Deadline, RecordKind, Recurrence, Responsible, Role

_KINDS: dict[str, RecordKind] = {words: cast(RecordKind, kind) for kind, words in KINDS.items()}
_SEPARATOR = re.compile(r"[、，,；;\n]+")
_POINTS = re.compile(
    r"(?P<each>每次)?(?P<verb>[加扣])?(?P<points>\d+(?:\.\d+)?)?分?(?:\(?(?:最多|最高|上限)(?P<cap>\d+(?:\.\d+)?)分?\)?)?"
)
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


class Unreadable(ExtractorError):
    """A cell whose words can't be read in one way alone; the message is for the user."""


def kind_of(words: str) -> RecordKind:
    """指标 → target. Raises ``Unreadable`` for a word that no kind has."""
    if words not in _KINDS:
        raise Unreadable(f"没有这一类别，可填 {'、'.join(_KINDS)} / no such kind; known: {', '.join(_KINDS)}")
    return _KINDS[words]


def words_of(value: Held) -> str | None:
    """The cell as the words that a person sees. Raises ``Unreadable`` for TRUE and FALSE."""
    if value is None:
        return None
    if isinstance(value, bool):
        raise Unreadable("单元格是逻辑值，请改为文字 / the cell is TRUE or FALSE: make it words")
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


def list_of(words: str | None, known: Sequence[str] = ()) -> tuple[str, ...]:
    """Names parted by 、 or the like. A ``known`` name that holds such a mark itself stays whole."""
    rest = words or ""
    kept: dict[str, str] = {}
    for at, name in enumerate(sorted({name for name in known if _SEPARATOR.search(name)}, key=len, reverse=True)):
        mark = chr(0xE000 + at)
        if name in rest:
            rest, kept[mark] = rest.replace(name, mark), name
    names = (kept.get(part, part) for part in (piece.strip() for piece in _SEPARATOR.split(rest)))
    found = tuple(dict.fromkeys(name for name in names if name))
    if any(mark in name for name in found for mark in kept):
        raise Unreadable("名单分不开，请用顿号隔开 / can't part the names: put 、 between them")
    return found


def responsible_of(old: Sequence[Responsible], role: Role, names: Sequence[str]) -> tuple[Responsible, ...]:
    """``old`` with the holders of one role replaced: those that stay keep their evidence, new ones come last."""
    kept = [one for one in old if one.role != role or one.name in names]
    there = {one.name for one in kept if one.role == role}
    new = [Responsible(name=name, role=role) for name in names if name not in there]
    return (*_in_order(kept, role, names), *new)


def _in_order(kept: Sequence[Responsible], role: Role, names: Sequence[str]) -> list[Responsible]:
    """The holders of the role in the order of ``names``, the others where they stand."""
    turn = iter(sorted((one for one in kept if one.role == role), key=lambda one: names.index(one.name)))
    return [next(turn) if one.role == role else one for one in kept]


def points_of(value: Held, kind: RecordKind) -> Mapping[str, float | int | bool | None]:
    """``points``, ``per_occurrence`` and ``points_cap`` as the cell 分值 says them: ``5``, ``每次加5（最多10）``."""
    if value is None:
        return {"points": None, "per_occurrence": False, "points_cap": None}
    if isinstance(value, bool | date) or not isinstance(value, str | int | float):
        raise Unreadable("分值读不懂，如 5、每次加5（最多10） / can't read the points: write 5, or 每次加5（最多10）")
    words = make_view(words_of(value) or "").text
    match = _POINTS.fullmatch(words.replace(" ", ""))
    if match is None or not (match["points"] or match["cap"]):
        raise Unreadable("分值读不懂，如 5、每次加5（最多10） / can't read the points: write 5, or 每次加5（最多10）")
    verb = {"bonus": "加", "penalty": "扣"}.get(kind)
    if match["verb"] and match["verb"] != verb:
        raise Unreadable(
            f"“{match['verb']}”与类别“{KINDS[kind]}”不符，请改其一 / {match['verb']} contradicts the kind {kind}: change one"
        )
    if match["each"] and not match["points"]:
        raise Unreadable("“每次”后面缺分值 / no points after 每次")
    return {
        "points": plain_number(match["points"]),
        "per_occurrence": bool(match["each"]),
        "points_cap": plain_number(match["cap"]),
    }


def plain_number(words: str | None) -> int | float | None:
    """35 for ``35`` and ``35.0``, 0.5 for ``0.5``; None for None."""
    if words is None:
        return None
    value = float(words)
    return int(value) if value.is_integer() else value


def day_of(words: str) -> str | None:
    """The day as ISO where the words are one whole day and no more (2022-12-31, 2022年12月31日); else None.

    Raises ``Unreadable`` for a day that no calendar has.
    """
    match = _DAY.fullmatch(words.strip())
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError as error:
        raise Unreadable(f"没有 {words.strip()[:20]} 这一天 / no such day") from error


def due_of(words: str) -> str | None:
    """The day of ``2022-12-31前``; None where the words are no day."""
    return day_of(re.sub(r"(?:之前|以前|前)$", "", words))


def deadlines_of(value: Held, old: Sequence[Deadline], year: int | None) -> tuple[Deadline, ...]:
    """The cell 完成时限: each deadline's words, below them the last day allowed where they don't say it.

    Those of ``old`` that stay keep their evidence. Raises ``Unreadable`` where words tell no date, or another day
    than stands below them.
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        value = value.isoformat()
    lines = [line.strip() for line in (words_of(value) or "").split("\n") if line.strip()]
    found: list[Deadline] = []
    at = 0
    while at < len(lines):
        raw, day = lines[at], None
        at += 1
        if at < len(lines) and _DAY.fullmatch(raw) is None and _DAY.fullmatch(lines[at]):
            day = day_of(lines[at])
            at += 1
        found.append(_deadline(raw, day, old, year))
    return tuple(found)


def _deadline(raw: str, day: str | None, old: Sequence[Deadline], year: int | None) -> Deadline:
    alike = [one for one in old if one.raw == raw]
    if len(alike) == 1:
        one = alike[0]
        shown = one.end if one.end and one.end not in one.raw else None
        return one if shown == day or day is None else one.model_copy(update={"end": day})
    read = _read_deadline(raw, year)
    if read is None and day is None:
        raise Unreadable(
            f"时限“{raw[:30]}”读不懂，请写日期，或在下一行写最后一天 / can't read this deadline: write a date, or its "
            "last day on the next line"
        )
    if read is None:
        return Deadline(raw=raw, end=day)
    if day is not None and read.end is not None and read.end != day:
        raise Unreadable(
            f"时限“{raw[:30]}”与下一行的 {day} 不是同一天，请改其一 / the deadline and the day below it differ: change one"
        )
    return read if day is None else read.model_copy(update={"end": day})


def _read_deadline(raw: str, year: int | None) -> Deadline | None:
    """As the extractor reads the words, if they are one date and nothing else."""
    whole = day_of(raw)
    if whole is not None:
        return Deadline(raw=raw, end=whole)
    words = make_view(raw).text
    mentions = find_dates(words, year=year)
    if len(mentions) != 1 or (mentions[0].span.start, mentions[0].span.end) != (0, len(words)):
        return None
    one = mentions[0]
    if one.role in ("baseline", "duration") or not (one.start or one.end or one.recurrence):
        return None
    start = None if one.role == "point" else one.start
    recurrence = cast("Recurrence | None", one.recurrence)
    return Deadline(raw=raw, by=one.by, start=start, end=one.end, recurrence=recurrence)
