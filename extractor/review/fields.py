"""One field of a record by its path (``targets/0/value``, ``field_evidence/points``), read and written as JSON.

What is written is validated against the model's own type of that place, and nothing else is looked at: a write
costs microseconds, so that a log of thousands of changes folds quickly.
"""

from __future__ import annotations

import math
import types
from collections.abc import Iterator
from functools import lru_cache
from typing import Annotated, Any, Union, cast, get_args, get_origin

from pydantic import BaseModel, JsonValue, TypeAdapter, ValidationError

from extractor.review.errors import Refused
from extractor.types.record import IndicatorRecord

LISTS = ("targets", "deadlines", "responsible")  # lists of models: their elements have fields of their own
DERIVED = frozenset({"canonical"})  # no person's to set
_PLAIN = (str, int, float, bool, type(None))


def read(record: IndicatorRecord, field: str) -> JsonValue:
    """The value as JSON. None also for an absent key and for the place after a list's last element.

    Raises ``Refused`` (``unknown_field``) where the record has no such place.
    """
    parts = _split(field)
    adapter = _adapter(parts)
    value: object = record
    for part in parts:
        value = _step(value, part, field)
    return cast(JsonValue, value if isinstance(value, _PLAIN) else adapter.dump_python(value, mode="json"))


def write(record: IndicatorRecord, field: str, value: JsonValue) -> IndicatorRecord:
    """The record with ``value`` there. The index after a list's last element appends; None for an element of a
    list, or for a key, takes it away.

    Raises ``Refused`` (``unknown_field``, ``bad_value``).
    """
    parts = _split(field)
    removes = value is None and _is_element(parts)
    new = None if removes else _validated(parts, value, field)
    return cast(IndicatorRecord, _put(record, parts, new, field, removes))


def normal(field: str, value: JsonValue) -> JsonValue:
    """``value`` as ``read`` would give it (defaults filled in), for comparing with what stands there."""
    parts = _split(field)
    if value is None or isinstance(value, bool | int | float):
        return value
    try:
        return cast(JsonValue, _adapter(parts).dump_python(_adapter(parts).validate_python(value), mode="json"))
    except ValidationError:
        return value


def diff(old: IndicatorRecord, new: IndicatorRecord) -> list[tuple[str, JsonValue, JsonValue]]:
    """``(field, before, after)`` of what differs, as small as can be: single fields of the elements of a list that
    kept its length, else the list; single keys of ``field_evidence``.
    """
    found: list[tuple[str, JsonValue, JsonValue]] = []
    for name in IndicatorRecord.model_fields:
        one, other = getattr(old, name), getattr(new, name)
        if one is other or one == other:
            continue
        if name in LISTS and len(one) == len(other):
            for at, (a, b) in enumerate(zip(one, other, strict=True)):
                inner = type(a).model_fields if a != b else ()
                found.extend(
                    _change(old, new, f"{name}/{at}/{leaf}") for leaf in inner if getattr(a, leaf) != getattr(b, leaf)
                )
        elif name == "field_evidence":
            keys = [key for key in {**one, **other} if one.get(key) != other.get(key)]
            found.extend(_change(old, new, f"{name}/{key}") for key in keys)
        else:
            found.append(_change(old, new, name))
    return found


def under(field: str, other: str) -> bool:
    """Whether ``other`` is ``field`` or lies in it."""
    return other == field or other.startswith(field + "/")


def leaves(record: IndicatorRecord) -> Iterator[str]:
    """The paths that the interface shows: single fields, elements' fields."""
    for name in IndicatorRecord.model_fields:
        if name not in LISTS:
            yield name
            continue
        for at, element in enumerate(getattr(record, name)):
            yield from (f"{name}/{at}/{leaf}" for leaf in type(element).model_fields if leaf not in DERIVED)


def _change(old: IndicatorRecord, new: IndicatorRecord, field: str) -> tuple[str, JsonValue, JsonValue]:
    return field, read(old, field), read(new, field)


def _split(field: str) -> tuple[str, ...]:
    parts = tuple(field.split("/"))
    if parts[0] == "field_confidence" and len(parts) > 1:  # its keys are paths themselves
        return parts[0], "/".join(parts[1:])
    return parts


def _unknown(field: str) -> Refused:
    return Refused("unknown_field", f"没有这一项：{field[:80]} / no such field: {field[:80]}")


def _step(value: object, part: str, field: str) -> object:
    if isinstance(value, BaseModel) and part in type(value).model_fields:
        return getattr(value, part)
    if isinstance(value, dict):
        return value.get(part)
    if isinstance(value, tuple) and part.isdecimal() and int(part) <= len(value):
        return value[int(part)] if int(part) < len(value) else None
    if value is None:
        return None
    raise _unknown(field)


def _put(value: object, parts: tuple[str, ...], new: object, field: str, removes: bool) -> object:
    if not parts:
        return new
    head, rest = parts[0], parts[1:]
    if isinstance(value, BaseModel) and head in type(value).model_fields:
        return value.model_copy(update={head: _put(getattr(value, head), rest, new, field, removes)})
    if isinstance(value, dict):
        kept = {key: each for key, each in value.items() if key != head or not (removes and not rest)}
        if not (removes and not rest):
            kept[head] = _put(value.get(head), rest, new, field, removes)
        return kept
    if isinstance(value, tuple) and head.isdecimal() and int(head) <= len(value):
        at = int(head)
        if removes and not rest:
            return value[:at] + value[at + 1 :]
        if at == len(value):
            if rest:
                raise _unknown(field)
            return (*value, new)
        return (*value[:at], _put(value[at], rest, new, field, removes), *value[at + 1 :])
    raise _unknown(field)


def _validated(parts: tuple[str, ...], value: JsonValue, field: str) -> object:
    try:
        found = _adapter(parts).validate_python(value)
    except ValidationError as error:
        raise _bad(field, error.errors()[0]["msg"]) from None
    if not _finite(value) or (isinstance(value, bool) and not isinstance(found, bool)):
        raise _bad(field, "not a number")
    return found


def _bad(field: str, said: str) -> Refused:
    said = said.replace("\n", " ")[:160]
    return Refused("bad_value", f"{field[:80]}：这个值不合规定 / not a value for this field: {said}")


def _finite(value: JsonValue) -> bool:
    """JSON has no NaN and no infinity, though Python's reader lets both in."""
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, list):
        return all(_finite(each) for each in value)
    return not isinstance(value, dict) or all(_finite(each) for each in value.values())


def _adapter(parts: tuple[str, ...]) -> TypeAdapter[Any]:
    shape = tuple("0" if part.isdecimal() else part for part in parts)
    if len(shape) > 1 and shape[0] in ("field_evidence", "field_confidence"):
        shape = (shape[0], "*", *shape[2:])
    found = _adapter_of(shape)
    if found is None:
        raise _unknown("/".join(parts))
    return found


@lru_cache(maxsize=256)
def _adapter_of(shape: tuple[str, ...]) -> TypeAdapter[Any] | None:
    annotation: object = IndicatorRecord
    for part in shape:
        annotation = _inner(annotation, part)
        if annotation is None:
            return None
    return TypeAdapter(cast("type[object]", annotation))


def _inner(annotation: object, part: str) -> object:
    """The type at ``part`` of a value of this type; None where there is no such place."""
    annotation = _bare(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        info = annotation.model_fields.get(part)
        if info is None:
            return None
        return Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation
    arguments = get_args(annotation)
    if get_origin(annotation) is tuple and part == "0" and arguments[1:] == (...,):
        return arguments[0]
    if get_origin(annotation) is dict:
        return arguments[1]
    return None


def _bare(annotation: object) -> object:
    """Without ``Annotated`` and without ``| None``."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
            continue
        if get_origin(annotation) in (Union, types.UnionType):
            rest = [each for each in get_args(annotation) if each is not type(None)]
            if len(rest) == 1:
                annotation = rest[0]
                continue
        return annotation


def _is_element(parts: tuple[str, ...]) -> bool:
    """Whether the path names an element of a list or a key, which None takes away."""
    return len(parts) == 2 and parts[0] in (*LISTS, "path", "assessed", "field_evidence")
