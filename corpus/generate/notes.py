"""Readers of the annotation lines of a spec: targets, deadlines, responsible units, flags."""

from __future__ import annotations

import re

from corpus.generate.model import Deadline, Notes, SpecError, Target

OPS = {">=": "ge", ">": "gt", "<=": "le", "<": "lt", "==": "eq", "~": "approx"}
IMPLICIT: dict[str, tuple[str, int, str | None]] = {
    "full": ("ge", 100, "%"),
    "zero": ("eq", 0, None),
    "grow": ("gt", 0, "%"),
}
QUANTITY = re.compile(r"(>=|<=|==|>|<|~)?\s*(\?|\d+(?:\.\d+)?)(?:\.\.(\d+(?:\.\d+)?))?\s*(\S*)$")
NAMES = re.compile(r"、(?![^（(]*[）)])")  # 各县（市、区）政府 is one name
RECURRENCES = {"daily", "weekly", "monthly", "quarterly", "half-yearly", "yearly"}


def number(text: str) -> float | int:
    value = float(text)
    return int(value) if value.is_integer() else value


def target(line: str) -> Target:
    """``metric | >=75 % | raw | base=…; due=…; opt``: the quantity may be full, zero, grow, or 60..70 %."""
    parts = [p.strip() for p in line.split("|")]
    if len(parts) < 2:
        raise SpecError(f"target without quantity: {line}")
    raw = parts[2] if len(parts) > 2 and parts[2] else None
    options, marks = _options(parts[3] if len(parts) > 3 else "")
    if "strive" in marks or "must" in marks:
        options["strength"] = "strive" if "strive" in marks else "must"
    if parts[1] in IMPLICIT:
        op, value, unit = IMPLICIT[parts[1]]
        return Target(parts[0], op, value, unit, raw, None, options, True, "opt" in marks)
    match = QUANTITY.match(parts[1])
    if not match:
        raise SpecError(f"quantity: {parts[1]}")
    sign, low, high, unit_text = match.groups()
    op = "between" if high else OPS[sign or ">="]
    return Target(
        parts[0],
        op,
        None if low == "?" else number(low),
        unit_text or None,
        raw,
        number(high) if high else None,
        options,
        False,
        "opt" in marks,
    )


def deadline(line: str) -> Deadline:
    """``9月底前 | 2023-09-30``; ``a..b`` for a period, ``a..`` for a start, or a rhythm (monthly …)."""
    raw, when, *rest = [p.strip() for p in line.split("|")]
    optional = rest == ["opt"]
    if when in RECURRENCES:
        return Deadline(raw, recurrence=when, optional=optional)
    if when == "none":
        return Deadline(raw, optional=optional)
    start, dots, end = when.partition("..")
    return Deadline(raw, start, end or None, optional=optional) if dots else Deadline(raw, end=when, optional=optional)


def responsible(line: str) -> list[tuple[str, str]]:
    """``lead:A、B support:C leader:王明``."""
    found = []
    for part in line.split():
        role, _, names = part.partition(":")
        if role not in {"lead", "support", "leader"}:
            raise SpecError(f"role: {part}")
        found += [(role, name) for name in NAMES.split(names)]
    return found


def annotate(notes: Notes, mark: str, line: str) -> None:
    if mark == ">":
        notes.targets.append(target(line))
    elif mark == "@":
        notes.deadlines.append(deadline(line))
    elif mark == "R":
        notes.responsible += responsible(line)
    else:
        options, marks = _options(line)
        notes.flags |= options | dict.fromkeys(marks, "")


def _options(text: str) -> tuple[dict[str, str], list[str]]:
    options, marks = {}, []
    for part in filter(None, (p.strip() for p in text.split(";"))):
        name, equals, value = part.partition("=")
        if equals:
            options[name.strip()] = value.strip()
        else:
            marks.append(part)
    return options, marks
