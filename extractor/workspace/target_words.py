"""Lines of the cell 目标值 → targets: ``农村低保标准 ≥35%（2022-12-31前；基数：2020年）``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from extractor.export.words import TargetWords, targets_words
from extractor.mentions.quantities import find_quantities
from extractor.text.view import make_view
from extractor.types.mention import Quantity
from extractor.types.record import IndicatorRecord, Op, Target
from extractor.workspace.cell_words import Unreadable, due_of, plain_number

_SIGNS: dict[str, Op] = {"≥": "ge", ">=": "ge", "<=": "le", ">": "gt", "≤": "le", "<": "lt", "=": "eq", "约": "approx"}
_ALIKE = {ord("＞"): ">", ord("＜"): "<", ord("＝"): "=", ord("≧"): "≥", ord("≦"): "≤", ord("％"): "%",
          ord("("): "（", ord(")"): "）", **{ord("０") + digit: str(digit) for digit in range(10)}}  # fmt: skip
_NUMBER = r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?"
_UNIT = r"[^\s\d≥>≤<=（）；;，,。/]*(?:/\d*[^\s\d≥>≤<=（）；;，,。]*)?"
_SHARP = re.compile(rf"(?P<sign>>=|<=|[≥>≤<=约])\s*(?P<value>{_NUMBER})\s*(?P<unit>{_UNIT})")
_RANGE = re.compile(rf"(?P<value>{_NUMBER})\s*[–—~～-]\s*(?P<upper>{_NUMBER})\s*(?P<unit>{_UNIT})")
_TAIL = re.compile(rf"(?P<metric>.*?[^≥>≤<=约\s])(?:\s+|(?!约))(?P<threshold>{_SHARP.pattern})", re.S)
_TAIL_RANGE = re.compile(rf"(?P<metric>.*\S)\s+(?P<threshold>{_RANGE.pattern})", re.S)
_OR = re.compile(r"或(?:者)?\s+")
_BASELINE = re.compile(r"基数[：:]\s*(.+)", re.S)
_ALIKE_ENOUGH = 0.6  # of a line to the one that it took the place of


@dataclass(frozen=True, slots=True)
class Units:
    """How the units of a document's targets are printed: ``条/月`` is 条 a month where its records have it so."""

    known: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)

    @classmethod
    def of(cls, records: Sequence[IndicatorRecord]) -> Units:
        known: dict[str, tuple[str | None, str | None]] = {}
        for target in (target for record in records for target in record.targets):
            known.setdefault(_printed_unit(target.unit, target.per), (target.unit, target.per))
        return cls(known)


def targets_of(words: str | None, record: IndicatorRecord, units: Units) -> tuple[Target, ...]:
    """A target for each line. A line as it was stays its target; one that was edited keeps its target's evidence.

    Raises ``Unreadable`` where a line can't be read in one way alone.
    """
    lines = [line.strip() for line in (words or "").split("\n") if line.strip()]
    old = targets_words(record)
    if any("\n" in one.line for one in old):
        raise Unreadable("原目标值有换行，请在工作台中修改 / a target has line breaks: edit it in the workspace")
    pairs = _pair(old, lines)
    targets: list[Target] = []
    for line, at in zip(lines, pairs, strict=True):
        if at is not None and old[at].line == line:
            targets.append(record.targets[at])
            continue
        before = (record.targets[at], old[at]) if at is not None else None
        targets.append(_target(line, before, record, units))
    return _with_ways(targets, lines, record, [at for at in pairs if at is not None])


def _pair(old: Sequence[TargetWords], new: Sequence[str]) -> list[int | None]:
    """For each new line the old one that it is, or that it was made of: the same line, the same metric, one alike."""
    found: list[int | None] = [None] * len(new)
    free = list(range(len(old)))
    for likeness in (_equal, _same_metric, _alike):
        for at, line in enumerate(new):
            if found[at] is None and free:
                best = max(free, key=lambda one: likeness(old[one], line))
                if likeness(old[best], line) >= _ALIKE_ENOUGH:
                    found[at] = best
                    free.remove(best)
    return found


def _equal(old: TargetWords, line: str) -> float:
    return float(old.line == line)


def _same_metric(old: TargetWords, line: str) -> float:
    return float(_OR.sub("", line, count=1).startswith(f"{old.metric} "))


def _alike(old: TargetWords, line: str) -> float:
    return SequenceMatcher(None, old.line, line, autojunk=False).ratio()


def _target(line: str, before: tuple[Target, TargetWords] | None, record: IndicatorRecord, units: Units) -> Target:
    body = _OR.sub("", line, count=1) if _OR.match(line) else line
    old, said = before if before is not None else (None, None)
    rest, aside = _peel(body)
    if said is not None and old is not None and old.value is None and body.endswith(f" {said.threshold}"):
        rest, aside = body, ""  # words of the source, which may end in brackets of their own
    metric, fields = _measure(rest, old, said, units)
    if not metric:
        raise Unreadable(f"目标“{line[:30]}”缺指标名称 / no metric before the threshold")
    fields |= _aside(aside, old, record)
    base = old or Target(metric=metric, op=fields["op"])
    return base.model_copy(update={"metric": metric, **fields})


def _peel(body: str) -> tuple[str, str]:
    """The line without the brackets at its end, and what they hold; brackets inside them are matched."""
    if not body.endswith(("）", ")")):
        return body, ""
    depth = 0
    for at in range(len(body) - 1, -1, -1):
        depth += (body[at] in "）)") - (body[at] in "（(")
        if depth == 0:
            return body[:at].rstrip(), body[at + 1 : -1]
    raise Unreadable(f"目标“{body[:30]}”的括号不成对 / brackets don't match")


def _measure(rest: str, old: Target | None, said: TargetWords | None, units: Units) -> tuple[str, dict[str, Any]]:
    """Metric, and the fields of the threshold."""
    if old is not None and said is not None:
        tail = f" {said.threshold}"
        if rest.endswith(tail):
            return rest.removesuffix(tail).strip(), {"op": old.op, "value": old.value, "upper": old.upper}
        if rest.startswith(f"{old.metric} "):
            return old.metric, _threshold(rest.removeprefix(old.metric).strip(), old, units)
    even = rest.translate(_ALIKE)  # character for character
    for pattern in (_TAIL, _TAIL_RANGE):
        if match := pattern.fullmatch(even):
            return rest[: match.end("metric")].strip(), _threshold(match["threshold"], old, units)
    quantity, start = _quantity(rest)
    if quantity.cue == "约" and rest[:start].strip() == rest[:start]:
        raise _unclear(rest)  # 节约8% is no 约8%
    return rest[:start].strip(), _fields(quantity)


def _threshold(words: str, old: Target | None, units: Units) -> dict[str, Any]:
    """The fields of ``≥35%``, ``60–70%``, ``≥3条/月`` or of words that the extractor reads alike (不低于35%)."""
    even = words.translate(_ALIKE)
    match = _SHARP.fullmatch(even) or _RANGE.fullmatch(even)
    own = {_printed_unit(old.unit, old.per): (old.unit, old.per)} if old is not None else {}
    known = {**units.known, **own, "": (None, None)}
    if match is not None and match["unit"] in known:
        groups = match.groupdict()
        unit, per = known[match["unit"]]
        value, upper = plain_number(groups["value"]), plain_number(groups.get("upper"))
        if upper is not None and value is not None and upper < value:
            raise Unreadable(f"“{words[:30]}”的上限小于下限 / the upper limit is below the lower one")
        op = _SIGNS[groups["sign"]] if groups.get("sign") else "between"
        return {"op": op, "value": value, "upper": upper, "unit": unit, "per": per}
    quantity, start = _quantity(words)
    if start or (match is not None and quantity.unit != match["unit"]):
        raise _unclear(words)  # ≤95%以上
    return _fields(quantity)


def _quantity(words: str) -> tuple[Quantity, int]:
    """The one quantity that ends the words, as the extractor reads them, and where it starts in them."""
    view = make_view(words)
    found = find_quantities(view.text)
    if len(found) != 1 or found[0].span.end != len(view.text):
        raise _unclear(words)
    if found[0].op is None:
        raise Unreadable(f"“{words[:30]}”没有说不低于还是不高于，请写 ≥ 或 ≤ / no comparator: write ≥ or ≤")
    start = found[0].span.start
    return found[0], view.span(start, start).start if start else 0


def _fields(quantity: Quantity) -> dict[str, Any]:
    upper = None if quantity.upper is None else plain_number(str(quantity.upper))
    return {
        "op": quantity.op,
        "value": plain_number(str(quantity.value)),
        "upper": upper,
        "unit": quantity.unit,
        "per": quantity.per,
    }


def _unclear(words: str) -> Unreadable:
    return Unreadable(
        f"“{words[:30]}”读不懂，请写如：覆盖率 ≥95%（2025-12-31前） / can't read this target: write it like "
        "覆盖率 ≥95%（2025-12-31前）"
    )


def _aside(words: str, old: Target | None, record: IndicatorRecord) -> dict[str, Any]:
    """Scope, due, baseline, raw and strength from what stands in the brackets."""
    day = record.deadlines[0].end if len(record.deadlines) == 1 else None
    fields: dict[str, Any] = {"scope": None, "due": None, "baseline": None, "strength": None}
    if old is None or old.due == day or old.due is None:
        fields["due"] = day if old is None or old.due is not None else None  # a day not said is the record's own
    if old is not None and old.strength != "strive":
        fields["strength"] = old.strength
    raw = old.raw if old is not None and old.implicit else None
    free: list[str] = []
    for part in _parts(words, [part for part in (old.scope if old else None, raw) if part]):
        if part == "力争":
            fields["strength"] = "strive"
        elif match := _BASELINE.fullmatch(part):
            fields["baseline"] = match[1].strip()
        elif (due := due_of(part)) is not None:
            fields["due"] = due
        elif raw and part == raw:
            raw = None
        elif old is not None and part == old.scope and fields["scope"] is None:
            fields["scope"] = part
        else:
            free.append(part)
    if len(free) > 1 or (free and (raw or fields["scope"])):
        raise Unreadable(f"括号中的“{'；'.join(free)[:30]}”读不懂 / can't read what stands in the brackets")
    fields["scope"] = free[0] if free else fields["scope"]
    if raw:  # it stood there and is gone: the source's words were no threshold after all
        fields |= {"implicit": False, "raw": None}
    return fields


def _parts(words: str, whole: Sequence[str]) -> list[str]:
    """The parts between semicolons; those of ``whole`` stay whole though they hold one, brackets too."""
    for at, part in enumerate(sorted(whole, key=len, reverse=True)):
        words = words.replace(part, chr(0xE000 + at))
    parts: list[str] = [""]
    depth = 0
    for char in words:
        depth += (char in "（(") - (char in "）)")
        if char in "；;" and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    for at, part in enumerate(sorted(whole, key=len, reverse=True)):
        parts = [one.replace(chr(0xE000 + at), part) for one in parts]
    return [part.strip() for part in parts if part.strip()]


def _with_ways(
    targets: Sequence[Target], lines: Sequence[str], record: IndicatorRecord, kept: Sequence[int]
) -> tuple[Target, ...]:
    """The targets with their ways to comply numbered as the lines' 或 has it, where that has changed."""
    marks = [_OR.match(line) is not None for line in lines]
    before = [words.lead != "" for words in targets_words(record)]
    if list(kept) == list(range(len(before))) and marks == before:
        return tuple(targets)
    if marks and marks[0]:
        raise Unreadable("第一行不能以“或”开头 / the first line can't begin with 或")
    found: list[Target] = []
    way = 0
    for target, other in zip(targets, marks, strict=True):
        way += other
        found.append(target if target.alternative == way else target.model_copy(update={"alternative": way}))
    return tuple(found)


def _printed_unit(unit: str | None, per: str | None) -> str:
    return f"{unit or ''}/{per}" if per else unit or ""
