"""A record with fields set by hand, and what follows from that."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import JsonValue

from extractor.review import fields, typed
from extractor.review.errors import Refused
from extractor.types.record import Deadline, IndicatorRecord, Responsible, Target
from extractor.types.review import FieldEdit

EDITABLE = frozenset({
    "path", "number", "text", "kind", "tier", "points", "row_points", "per_occurrence", "points_cap", "targets",
    "deadlines", "responsible", "assessed", "scoring_text", "notes",
})  # fmt: skip
_EMPTY_IS_NONE = frozenset(
    {"number", "tier", "scoring_text", "notes", "unit", "per", "baseline", "due", "scope", "raw"}
)


def edited(record: IndicatorRecord, wanted: Sequence[FieldEdit], year: int | None) -> IndicatorRecord:
    """The record with the fields set, typed words understood (``typed.normalise``), its kind following its targets.

    Raises ``Refused`` for a field that is no person's to set or a value that is none.
    """
    made = record
    kind = any(edit.field == "kind" for edit in wanted)
    for edit in wanted:
        root, leaf = edit.field.split("/")[0], edit.field.rsplit("/", 1)[-1]
        if root not in EDITABLE or leaf in fields.DERIVED:
            raise Refused("unknown_field", f"这一项不能修改：{edit.field} / this field can't be edited: {edit.field}")
        fields.read(made, edit.field)
        for field, value in _values(made, edit, year):
            made = _set(made, field, value)
    if not made.text.strip():
        raise Refused("bad_value", "文字不能为空 / the text can't be empty")
    return _due_with_deadline(record, made) if kind else adjusted(record, made)


def adjusted(old: IndicatorRecord, new: IndicatorRecord) -> IndicatorRecord:
    """What follows from a change: a task that got its first target is a target, a target that lost its last a task
    (scored kinds stay); a target due at a deadline that moved is due when the deadline is now.
    """
    new = _due_with_deadline(old, new)
    if bool(old.targets) == bool(new.targets) or new.kind not in ("target", "task"):
        return new
    return new.model_copy(update={"kind": "target" if new.targets else "task"})


def _due_with_deadline(old: IndicatorRecord, new: IndicatorRecord) -> IndicatorRecord:
    if len(old.deadlines) != len(new.deadlines) or len(old.targets) != len(new.targets):
        return new
    ends = {deadline.end for deadline in new.deadlines}
    moved = {a.end: b.end for a, b in zip(old.deadlines, new.deadlines, strict=True) if b.end and a.end not in ends}
    targets = tuple(
        b.model_copy(update={"due": moved[b.due]}) if b.due and a.due == b.due and b.due in moved else b
        for a, b in zip(old.targets, new.targets, strict=True)
    )
    return new if targets == new.targets else new.model_copy(update={"targets": targets})


def _values(record: IndicatorRecord, edit: FieldEdit, year: int | None) -> typed.Values:
    leaf = edit.field.rsplit("/", 1)[-1]
    if not isinstance(edit.after, str):
        return _consistent(record, edit.field, [(edit.field, edit.after)])
    if leaf in _EMPTY_IS_NONE and not edit.after.strip() and not edit.field.startswith("deadlines/"):
        return [(edit.field, None)]
    return _consistent(record, edit.field, typed.normalise(edit.field, edit.after, year))


def _consistent(record: IndicatorRecord, field: str, values: typed.Values) -> typed.Values:
    """A single value is no range, and one that was implied stays so only as long as it is that value."""
    root, _, rest = field.partition("/")
    names = {name.rsplit("/", 1)[-1]: value for name, value in values}
    index = rest.partition("/")[0]
    if root != "targets" or "value" not in names or int(index) >= len(record.targets):
        return values
    old, base = record.targets[int(index)], f"targets/{index}"
    found = list(values)
    if old.op == "between" and "op" not in names and names.get("upper", old.upper) is None:
        found.append((f"{base}/op", "ge"))
    if old.implicit and "implicit" not in names and names["value"] != old.value:
        found.append((f"{base}/implicit", False))
    return found


def _set(record: IndicatorRecord, field: str, value: JsonValue) -> IndicatorRecord:
    """One field; a field of the element behind the last makes that element, ``i+`` one behind the ``i``-th."""
    parts = field.split("/")
    if len(parts) == 3 and parts[1].endswith(typed.AFTER):
        at = int(parts[1].removesuffix(typed.AFTER))
        here = getattr(record, parts[0])
        if any(each.name == value for each in here):
            return record
        made = Responsible(name=str(value), role=here[at].role if at < len(here) else "lead")
        place = at + 1
        while place < len(here) and here[place].evidence is None and here[place].role == made.role:
            place += 1  # several names typed at once keep their order
        return record.model_copy(update={parts[0]: (*here[:place], made, *here[place:])})
    if parts[0] in fields.LISTS and len(parts) == 3 and parts[1] == str(len(getattr(record, parts[0]))):
        if value is None:
            return record
        record = record.model_copy(update={parts[0]: (*getattr(record, parts[0]), _blank(record, parts[0], value))})
    if parts[0] in fields.LISTS and len(parts) == 2 and isinstance(value, str):
        raise Refused("bad_value", f"{field}：这个值不合规定 / not a value for this field")
    return fields.write(record, field, value)


def _blank(record: IndicatorRecord, root: str, value: JsonValue) -> Target | Deadline | Responsible:
    if root == "targets":
        return Target(metric="", op="ge")
    if root == "deadlines":
        return Deadline(raw=str(value))
    led = any(each.role == "lead" for each in record.responsible)
    return Responsible(name=str(value), role="support" if led else "lead")
