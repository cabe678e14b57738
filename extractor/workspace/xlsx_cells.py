"""The cells of a row → fields of its record, group by group."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from extractor.export.columns import MOST_LEVELS, PATH_JOINT
from extractor.export.xlsx_read import Held
from extractor.types.record import Deadline, IndicatorRecord, Role, Target
from extractor.workspace.cell_words import (
    Unreadable,
    deadlines_of,
    kind_of,
    list_of,
    points_of,
    responsible_of,
    words_of,
)
from extractor.workspace.target_words import Units, targets_of

Fields = dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Context:
    """What holds for the whole document: the year of dates without one, and how its units are printed."""

    year: int | None
    units: Units


def read_cell(key: str, value: Held, record: IndicatorRecord, context: Context) -> Fields:
    """The fields that the cell of the column ``key`` sets in ``record``, as JSON. Raises ``Unreadable``."""
    return _READERS[key](value, record, context)


def path_of(cells: Sequence[str | None], levels: int) -> Fields:
    """The path from its grouping columns; the last of five holds the rest of it. Raises ``Unreadable`` for gaps."""
    filled = [cell for cell in cells if cell is not None]
    if any(cell is None for cell in cells[: len(filled)]):
        raise Unreadable("上级分组为空，下级不为空 / a grouping cell is empty before one that is not")
    if levels == MOST_LEVELS and len(filled) == MOST_LEVELS:
        filled[-1:] = [part.strip() for part in filled[-1].split(PATH_JOINT)]
    return {"path": list(filled)}


def _text(value: Held, record: IndicatorRecord, context: Context) -> Fields:
    words = words_of(value)
    if words is None:
        raise Unreadable("指标内容不能为空；不要这一条请删去整行 / the text can't be empty: to drop it delete the row")
    return {"text": words}


def _kind(value: Held, record: IndicatorRecord, context: Context) -> Fields:
    return {"kind": kind_of(words_of(value) or "")}


def _plain(name: str) -> Callable[[Held, IndicatorRecord, Context], Fields]:
    return lambda value, record, context: {name: words_of(value)}


def _targets(value: Held, record: IndicatorRecord, context: Context) -> Fields:
    return {"targets": targets_json(targets_of(words_of(value), record, context.units))}


def _deadlines(value: Held, record: IndicatorRecord, context: Context) -> Fields:
    new = deadlines_of(value, record.deadlines, context.year)
    found: Fields = {"deadlines": [one.model_dump(mode="json") for one in new]}
    moved = _moved(record, new)
    return found | ({"targets": targets_json(moved)} if moved != record.targets else {})


def _moved(record: IndicatorRecord, new: Sequence[Deadline]) -> tuple[Target, ...]:
    """A target whose day is not said in the sheet is due on the record's one deadline, and moves with it."""
    before = record.deadlines[0].end if len(record.deadlines) == 1 else None
    after = new[0].end if len(new) == 1 else None
    if before is None or after is None:
        return record.targets
    return tuple(one.model_copy(update={"due": after}) if one.due == before else one for one in record.targets)


def _role(role: Role) -> Callable[[Held, IndicatorRecord, Context], Fields]:
    def read(value: Held, record: IndicatorRecord, context: Context) -> Fields:
        names = list_of(words_of(value), [one.name for one in record.responsible])
        return {
            "responsible": [
                one.model_dump(mode="json") for one in responsible_of(record.responsible, role, names)
            ]
        }  # fmt: skip

    return read


def _points(value: Held, record: IndicatorRecord, context: Context) -> Fields:
    return dict(points_of(value, record.kind))


def _assessed(value: Held, record: IndicatorRecord, context: Context) -> Fields:
    return {"assessed": list(list_of(words_of(value), record.assessed))}


def targets_json(targets: Sequence[Target]) -> JsonValue:
    """The targets as the contract has them."""
    return [one.model_dump(mode="json") for one in targets]


# In the order in which a row is read: points are read by the kind, targets know the record's deadline.
_READERS: Mapping[str, Callable[[Held, IndicatorRecord, Context], Fields]] = {
    "text": _text,
    "number": _plain("number"),
    "kind": _kind,
    "tier": _plain("tier"),
    "targets": _targets,
    "deadlines": _deadlines,
    "leader": _role("leader"),
    "lead": _role("lead"),
    "support": _role("support"),
    "points": _points,
    "assessed": _assessed,
    "scoring_text": _plain("scoring_text"),
    "notes": _plain("notes"),
}
KEYS = tuple(_READERS)
