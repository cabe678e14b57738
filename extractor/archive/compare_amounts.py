"""Two thresholds of one measure: which number is greater, by how much, and which asks for more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from math import inf, isclose

from extractor.archive.quantities import STEADY, comparable, quantity
from extractor.mentions.units import canonical_unit
from extractor.types.archive import Quantity
from extractor.types.record import Target

_MONTH, _CALENDAR = 30, 0.02  # in days; how far days may be from the months that they stand for
_Ends = tuple[float | None, float | None]
_Bound = tuple[float, int]  # a limit, and 1 or -1 where the limit itself does not do


@dataclass(frozen=True, slots=True)
class Amounts:
    """``direction``: 1 up, -1 down, 0 the same; None where the numbers have no common unit, one is missing, or a range
    moved at both ends. ``change`` in ``unit``, the one that the new threshold prints;
    ``converted`` where the old one prints another. ``stricter``: whether the new threshold lets through less; None where neither holds the other.
    ``total``: a sum over the whole place (500张), neither a level nor counted by anything.
    """

    direction: int | None
    change: float | None = None
    unit: str | None = None
    stricter: bool | None = None
    other_unit: bool = False
    converted: bool = False
    total: bool = False


def compare_amounts(old: Target, new: Target) -> Amounts:
    """The quantities of both, in their common unit; none at all is none in whatever unit."""
    printed = canonical_unit(old.unit) == canonical_unit(new.unit) and old.per == new.per
    if old.value is None or new.value is None:
        return Amounts(0 if old.value is new.value else None, other_unit=not printed)
    a, b = _quantity(old), _quantity(new)
    none = 0 in (old.value, new.value)
    if not (comparable(a, b) or none):
        return Amounts(None, other_unit=True)
    converted = not (none or (printed and isclose(_scale(old, a), _scale(new, b))))
    if converted and a.dimension == "time" and max(_scale(old, a), _scale(new, b)) >= _MONTH:
        b = replace(b, value=_calendar(a.value, b.value), upper=_calendar(a.upper, b.upper))
    before, after = _ends(a, b, _op(new)), _ends(b, a, _op(old))
    direction = _direction(before, after)
    made = Amounts(direction, None, None, _stricter(_op(old), a, _op(new), b), False, converted, _is_total(b))
    if not direction:
        return made
    if converted:
        change = float(f"{_moved(before, after) / _scale(new, b):.9g}")
    else:
        change = _moved(_ends(old, new, _op(new)), _ends(new, old, _op(old)))
    return replace(made, change=change, unit="/".join(filter(None, (new.unit or old.unit, new.per))))


def _is_total(reduced: Quantity) -> bool:
    counted = reduced.base.partition("/")[0]
    return not counted and "/" not in reduced.dimension and reduced.dimension.split(":")[0] not in STEADY


def _calendar(old: float | None, new: float | None) -> float | None:
    """365天 is 1年, 183天 6个月."""
    return old if old is not None and new is not None and isclose(old, new, rel_tol=_CALENDAR) else new


def _ends(one: Target | Quantity, other: Target | Quantity, other_op: str) -> _Ends:
    """The lower end and the upper, if there are two; against a ceiling a range has only its upper."""
    if one.upper is not None and other.upper is None and other_op in ("le", "lt"):
        return one.upper, None
    return one.value, one.upper


def _moved(old: _Ends, new: _Ends) -> float:
    """By how much the lower end moved, or the upper where that stayed."""
    return _minus(new[0], old[0]) or _minus(new[1], old[1])


def _scale(target: Target, reduced: Quantity) -> float:
    return reduced.value / target.value if reduced.value and target.value else 1.0


def same_op(old: Target, new: Target) -> bool:
    """Whether both limit the value the same way."""
    return _op(old) == _op(new)


def _quantity(target: Target) -> Quantity:
    return quantity(target.value, target.upper, target.unit, target.per, target.metric, target.op, target.raw)


def _op(target: Target) -> str:
    """None at all is at most none."""
    return "le" if target.op == "eq" and target.value == 0 else target.op


def _direction(old: _Ends, new: _Ends) -> int | None:
    low = _sign(old[0], new[0])
    if old[1] is None or new[1] is None:
        return low
    high = _sign(old[1], new[1])
    return None if low * high < 0 else low or high


def _sign(old: float | None, new: float | None) -> int:
    difference = _minus(new, old)
    return (difference > 0) - (difference < 0)


def _minus(one: float | None, other: float | None) -> float:
    """Exact on what was printed; to 12 digits after a conversion."""
    found = Decimal(repr(_clean(one))) - Decimal(repr(_clean(other)))
    return float(found)


def _clean(value: float | None) -> float:
    return float(f"{value or 0:.12g}")


def _stricter(old_op: str, a: Quantity, new_op: str, b: Quantity) -> bool | None:
    old, new = _bounds(old_op, a), _bounds(new_op, b)
    if old is None or new is None or old == new:
        return None
    if new[0] >= old[0] and new[1] <= old[1]:
        return True
    return False if new[0] <= old[0] and new[1] >= old[1] else None


def _bounds(op: str, quantity: Quantity) -> tuple[_Bound, _Bound] | None:
    """The least and the most that will do; None for a value that is to be met as it is."""
    value, upper = _clean(quantity.value), _clean(quantity.upper)
    if op in ("ge", "gt"):
        return (value, int(op == "gt")), (inf, 0)
    if op in ("le", "lt"):
        return (-inf, 0), (value, -int(op == "lt"))
    return ((value, 0), (upper, 0)) if op == "between" and quantity.upper is not None else None
