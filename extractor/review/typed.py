"""What a person types into a field, read as the document's own words would be: ≥35%, 9月底前, 市民政局、市财政局."""

from __future__ import annotations

import re
from itertools import pairwise

from pydantic import JsonValue

from extractor.mentions.dates import find_dates
from extractor.mentions.implicit import find_implicit
from extractor.mentions.quantities import find_quantities
from extractor.mentions.responsible import find_responsible
from extractor.records.assemble import number
from extractor.review.errors import Refused
from extractor.text.clauses import nesting
from extractor.text.view import make_view
from extractor.types.mention import Quantity

AFTER = "+"  # the index of an element that goes behind the one just named: responsible/0+/name
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,10})?")
_POINTS = re.compile(r"(-?\d{1,9}(?:\.\d{1,6})?)\s*分?")
# Typed as one name, it is one: 园区和企业服务中心, 示例市联合执法大队. What stands before 和 is no office of its own.
_ONE_NAME = re.compile(
    r"\S{0,6}(?:(?:[园社景校院小城山林新]区|街道|机关|社会)[和与及]|[省市县区州]联合)[^、,;/\s]{2,}(?<!牵头)(?<!配合)(?<!负责)"
)
_DATES = frozenset({"raw", "start", "end", ""})

Values = list[tuple[str, JsonValue]]


def normalise(field: str, typed: str, year: int | None) -> Values:
    """``(field, value)`` in the contract's form for words typed into ``field``; several where the words say more.

    ``year`` completes dates without one. Names after the first come as ``responsible/0+/name``. A field whose words mean themselves comes back as typed.
    Raises ``Refused`` (``not_understood``) with an example of what is expected.
    """
    words = make_view(typed).text.strip()
    root, _, rest = field.partition("/")
    index, _, leaf = rest.partition("/")
    if root == "targets" and leaf in ("value", "upper"):
        return _value(f"targets/{index}", leaf, words)
    if root == "targets" and leaf == "due":
        return [(field, _due(words, year))]
    if root == "deadlines" and leaf in _DATES:
        return _deadline(field, leaf, words, typed.strip(), year)
    if root == "responsible" and leaf in ("name", ""):
        return _names(field, index, words)
    if root in ("points", "row_points", "points_cap"):
        match = _POINTS.fullmatch(words)
        if match is None:
            raise _unclear(typed, "5分", "5")
        return [(field, _plain(match[1]))]
    if root == "assessed" and not rest:
        return [(field, [*listed(typed)])]
    return [(field, typed)]


def listed(words: str) -> list[str]:
    """Names between 、 and stronger marks, as printed; brackets are kept whole (各县（市、区）)."""
    view = make_view(words)
    inside = nesting(view.text)
    cuts = [m.start() for m in re.finditer(r"[、,;\n]", view.text) if not any(a <= m.start() < b for a, b in inside)]
    spans = (view.span(a, b) for a, b in pairwise([0, *cuts, len(view.text)]))
    parts = (words[start:end].strip(" 、,，;；。\n\u3000") for start, end in spans)
    return [part for part in parts if part]


def _unclear(typed: str, example: str, english: str) -> Refused:
    said = typed.strip().replace("\n", " ")[:40]
    return Refused("not_understood", f"看不懂“{said}”，应为如 {example} / not understood: expected e.g. {english}")


def _plain(printed: str) -> float | int:
    value = float(printed)
    return int(value) if value == int(value) else value


def _value(target: str, leaf: str, words: str) -> Values:
    if not words:
        return [(f"{target}/{leaf}", None)]
    if _NUMBER.fullmatch(words):
        return [(f"{target}/{leaf}", _plain(words))]
    implied = find_implicit(words)
    found = find_quantities(words)
    if not found and not implied:
        found = find_quantities(words, bare=True)
    if len(found) == 1 and leaf == "value":
        return _stated(target, found[0])
    if len(found) == 1 and leaf == "upper" and found[0].upper is None:
        return [(f"{target}/upper", number(found[0].value))]
    if len(implied) == 1 and not found and leaf == "value":
        none, positive = implied[0].kind == "none", implied[0].kind == "positive"
        return [
            (f"{target}/op", "eq" if none else "gt" if positive else "ge"),
            (f"{target}/value", 0 if none or positive else 100),
            (f"{target}/upper", None),
            (f"{target}/unit", None if none else "%"),
            (f"{target}/implicit", True),
        ]
    raise _unclear(words, "≥35%、60%—70%、10个以上", "≥35%, 60%—70%")


def _stated(target: str, quantity: Quantity) -> Values:
    """A comparator, unit or period that is not typed leaves what stands there."""
    values: Values = [
        (f"{target}/value", number(quantity.value)),
        (f"{target}/upper", number(quantity.upper)),
        (f"{target}/implicit", False),
    ]
    said = (("op", quantity.op), ("unit", quantity.unit), ("per", quantity.per))
    values.extend((f"{target}/{name}", value) for name, value in said if value is not None)
    return values


def _due(words: str, year: int | None) -> str | None:
    if not words:
        return None
    if _ISO.fullmatch(words):
        return words
    dates = [date for date in find_dates(words, year=year) if date.end and date.role not in ("baseline", "duration")]
    if len(dates) != 1:
        raise _unclear(words, "9月底前、2025-06-30", "9月底前 or 2025-06-30")
    return dates[0].end


def _deadline(field: str, leaf: str, words: str, typed: str, year: int | None) -> Values:
    if leaf in ("start", "end") and (not words or _ISO.fullmatch(words)):
        return [(field, words or None)]
    base = field.removesuffix("/" + leaf) if leaf else field
    dates = [date for date in find_dates(words, year=year) if date.role not in ("baseline",)]
    if len(dates) != 1 or not (dates[0].start or dates[0].end or dates[0].recurrence):
        if leaf == "raw" and words:
            return [(field, typed)]  # 长期坚持: words that give no day
        raise _unclear(words, "9月底前、年底前、每季度、2025-06-30", "9月底前, 每季度 or 2025-06-30")
    date = dates[0]
    start = None if date.role == "point" else date.start
    if leaf == "start":
        return [(field, date.start or date.end)]
    values: Values = [(f"{base}/start", start), (f"{base}/end", date.end), (f"{base}/recurrence", date.recurrence)]
    values.append((f"{base}/by", date.by))
    if leaf != "end":
        values.insert(0, (f"{base}/raw", typed))
    return values


def _names(field: str, index: str, words: str) -> Values:
    if index and _ONE_NAME.fullmatch(words):
        return [(f"responsible/{index}/name", words)]
    found = find_responsible(words.replace("\n", "、"), 0, len(words), None)
    if not found:
        raise _unclear(words, "市民政局、市财政局", "市民政局、市财政局")
    if not index:
        led = any(each.role == "lead" for each in found)
        roles = [("support" if led else "lead") if each.role == "duty" else each.role for each in found]
        return [(field, [{"name": each.name, "role": role} for each, role in zip(found, roles, strict=True)])]
    values: Values = [(f"responsible/{index}/name", found[0].name)]
    values.extend((f"responsible/{index}{AFTER}/name", each.name) for each in found[1:])
    if any(each.role != "duty" for each in found):
        values.append((f"responsible/{index}/role", found[0].role if found[0].role != "duty" else "support"))
    return values
