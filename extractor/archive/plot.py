"""A timeline as one inline SVG: targets as steps by place. No script and no style attribute, so that a page of any
Content-Security-Policy can hold it; places are told apart by marker and dash as well as by colour.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from extractor.archive.scale import Scale, figure, magnitude, ticks, year_ticks
from extractor.archive.timeline import Point, Series, Timeline
from extractor.types.record import Op

MOST = 8  # places that have a colour of their own
_TITLED = 200  # of the others that are named under the mouse; more are one stroke, lest the page grow to megabytes
_WIDTH, _HEIGHT = 960, 340  # of the whole, and of the field that the steps are in
_RIGHT, _TOP, _AXIS = 24, 40, 44
_EM, _LETTER = 13.0, 7.2  # width of a Chinese character and of a letter in the legend, rather too wide than too narrow
_ROW, _SAMPLE, _GAP = 24, 34, 22  # of the legend
_APART = 10.0  # between markers that would hide each other
_INK, _MUTED, _GRID, _PALE = "#1b2430", "#566173", "#e4e8ee", "#b3bcc9"
_COLOURS = ("#0b5fa5", "#b3541e", "#1b7a4b", "#8c2f6b", "#6a4fb3", "#7d6200", "#0f7c8a", "#4a4f57")
_DASHES = ("", "8 4", "2 4", "10 4 2 4", "14 5", "6 3 2 3 2 3", "4 2", "1 3")
_MARKERS = (
    "M-4.5,0a4.5,4.5 0 1,0 9,0a4.5,4.5 0 1,0 -9,0Z",  # a disc
    "M-4.2,-4.2H4.2V4.2H-4.2Z",
    "M0,-5.2L5,3.8H-5Z",
    "M0,-5.6L5.2,0L0,5.6L-5.2,0Z",
    "M0,5.2L5,-3.8H-5Z",
    "M-1.6,-5H1.6V-1.6H5V1.6H1.6V5H-1.6V1.6H-5V-1.6H-1.6Z",  # a cross
    "M0,-5.6L1.5,-1.8L5.4,-1.8L2.3,0.8L3.4,4.8L0,2.4L-3.4,4.8L-2.3,0.8L-5.4,-1.8L-1.5,-1.8Z",  # a star
    "M-2.6,-5H2.6L5.2,0L2.6,5H-2.6L-5.2,0Z",
)
_SIGNS: dict[Op, str] = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<", "eq": "", "approx": "≈", "between": ""}
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML can't hold


@dataclass(frozen=True, slots=True)
class Words:
    """What the plot says besides names and figures; ``{…}`` are filled in."""

    title: str = "{name}：各年目标"
    axes: str = "横轴为年份，纵轴的单位是{unit}。"
    series: str = "{place}：{points}。"
    point: str = "{year}年{target}"
    others: str = "其他{count}个"
    rest: str = "另有{count}个地区，见表。"
    nowhere: str = "未注明地区"
    number: str = "数值"


CHINESE = Words()


@dataclass(frozen=True, slots=True)
class _Field:
    """Where years and values stand in the picture. ``by``: what values are divided by, ``unit`` what they are then."""

    x: Scale
    y: Scale
    by: float
    unit: str

    def at(self, year: float, value: float) -> tuple[float, float]:
        return round(self.x.at(year), 1), round(self.y.at(value / self.by), 1)


def plot(timeline: Timeline, *, chosen: Sequence[str] = (), words: Words = CHINESE) -> str:
    """``chosen``: labels of the series to bring out where there are more than ``MOST``; else the first are. "" where
    there is nothing to draw.
    """
    if not timeline.series:
        return ""
    shown, others = _chosen(timeline.series, chosen)
    field = _field(timeline)
    legend = list(_legend(shown, len(others), words))
    rows = 1 + max((row for _, row, _, _ in legend), default=0)
    height = _TOP + _HEIGHT + _AXIS + rows * _ROW + 8
    svg = ElementTree.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {_WIDTH} {height}", "class": "plot", "role": "img",
            "aria-labelledby": "plot-title plot-desc", "font-size": "13", "fill": _INK, "text-rendering": "geometricPrecision",
        },
    )  # fmt: skip
    _text(svg, "title", words.title.format(name=timeline.name), {"id": "plot-title"})
    _text(svg, "desc", _description(shown, len(others), field, words), {"id": "plot-desc"})
    _axes(svg, field, words)
    crowd = len(others) > _TITLED
    for label, some in [("", others)] if crowd else [(one.label or words.nowhere, [one]) for one in others]:
        _pale(svg, label, some, field)
    _bright(svg, shown, field, words)
    for index, row, left, label in legend:
        _entry(svg, index, left, _TOP + _HEIGHT + _AXIS + row * _ROW, label)
    return ElementTree.tostring(svg, encoding="unicode")


def _chosen(series: Sequence[Series], chosen: Sequence[str]) -> tuple[list[Series], list[Series]]:
    if len(series) <= MOST:
        return list(series), []
    wanted = [one for one in series if one.label in set(chosen)][:MOST] or list(series[:MOST])
    return wanted, [one for one in series if one not in wanted]


# --- scales -------------------------------------------------------------------------------------------------


def _field(timeline: Timeline) -> _Field:
    points = [point for one in timeline.series for point in (*one.points, *one.besides)]
    values = [value for point in points for value in (point.value, point.upper) if value is not None]
    by, unit = magnitude(max(map(abs, values)) / timeline.factor, timeline.unit)
    by *= timeline.factor
    marks = ticks([value / by for value in values], most=100 / by if timeline.dimension == "share" else None)
    left = 18 + max(_wide(figure(mark)) for mark in marks)
    years = [point.year for point in points]
    first, last = min(years), max(years)
    first, last = (first, last) if first < last else (first - 1, last + 1)
    x = Scale(first, last, left + 20, _WIDTH - _RIGHT - 20, tuple(year_ticks(first, last)))
    return _Field(x, Scale(marks[0], marks[-1], _TOP + _HEIGHT, _TOP, tuple(marks)), by, unit)


def _axes(svg: ElementTree.Element, field: _Field, words: Words) -> None:
    left, right, bottom = field.x.start - 20, field.x.end + 20, _TOP + _HEIGHT
    _text(svg, "text", field.unit or words.number, {"x": f"{left:g}", "y": "20", "fill": _MUTED})
    for mark in field.y.ticks:
        y = f"{field.y.at(mark):.1f}"
        _add(svg, "line", {"x1": f"{left:g}", "x2": f"{right:g}", "y1": y, "y2": y, "stroke": _GRID})
        _text(
            svg, "text", figure(mark),
            {"x": f"{left - 8:g}", "y": y, "dy": "0.35em", "text-anchor": "end", "fill": _MUTED},
        )  # fmt: skip
    _add(svg, "line", {"x1": f"{left:g}", "x2": f"{right:g}", "y1": f"{bottom}", "y2": f"{bottom}", "stroke": _MUTED})
    for year in field.x.ticks:
        x = f"{field.x.at(year):.1f}"
        _add(svg, "line", {"x1": x, "x2": x, "y1": f"{bottom}", "y2": f"{bottom + 5}", "stroke": _MUTED})
        _text(svg, "text", f"{year:g}", {"x": x, "y": f"{bottom + 22}", "text-anchor": "middle", "fill": _MUTED})


# --- what is in the field -----------------------------------------------------------------------------------


def _pale(svg: ElementTree.Element, label: str, series: Sequence[Series], field: _Field) -> None:
    group = _add(svg, "g", {"class": "plot-other", "stroke": _PALE, "fill": "none"})
    if label:
        _text(group, "title", label, {})
    lines = dict.fromkeys(_steps(one.points, field) for one in series if len(one.points) > 1)
    dots = dict.fromkeys(field.at(point.year, point.value) for one in series for point in one.points)
    if lines:
        _add(group, "path", {"d": "".join(lines)})
    round_ends = {"stroke-width": "4", "stroke-linecap": "round"}
    _add(group, "path", {"d": "".join(f"M{x:g},{y:g}h0" for x, y in dots)} | round_ends)


def _bright(svg: ElementTree.Element, shown: Sequence[Series], field: _Field, words: Words) -> None:
    """Markers over lines, so that no line strikes through a marker of another place."""
    for index, series in enumerate(shown):
        if len(series.points) > 1:
            line = {
                "d": _steps(series.points, field),
                "class": "plot-step",
                "fill": "none",
                "stroke": _COLOURS[index],
                "stroke-width": "2",
            }
            _add(svg, "path", line | ({"stroke-dasharray": _DASHES[index]} if _DASHES[index] else {}))
    standing = Counter((point.year, point.value) for series in shown for point in series.points)
    placed: Counter[tuple[int, float]] = Counter()
    for index, series in enumerate(shown):
        group = _group(svg, series, words, {"class": "plot-place", "fill": _COLOURS[index], "stroke": _COLOURS[index]})
        for point in series.besides:
            _marker(group, index, point, field, words, "plot-beside", 0.0)
        for point in series.points:
            key = (point.year, point.value)
            aside = (placed[key] - (standing[key] - 1) / 2) * _APART
            placed[key] += 1
            _marker(group, index, point, field, words, "plot-point", aside)


def _group(svg: ElementTree.Element, series: Series, words: Words, attributes: dict[str, str]) -> ElementTree.Element:
    group = _add(svg, "g", attributes)
    _text(group, "title", series.label or words.nowhere, {})
    return group


def _steps(points: Sequence[Point], field: _Field) -> str:
    """A target holds from its year until the year of the next."""
    first, *rest = (field.at(point.year, point.value) for point in points)
    return f"M{first[0]:g},{first[1]:g}" + "".join(f"H{x:g}V{y:g}" for x, y in rest)


def _marker(
    group: ElementTree.Element, index: int, point: Point, field: _Field, words: Words, kind: str, aside: float
) -> None:
    """A range has a bar from end to end; what stands beside the newest document's word is drawn hollow."""
    x, y = field.at(point.year, point.value)
    x = round(x + aside, 1)
    one = _add(group, "g", {"class": kind})
    source = point.observation.source
    _text(one, "title", f"{_told(point, field, words)} · {source}", {})
    if point.upper is not None:
        _, top = field.at(point.year, point.upper)
        bar = f"M{x:g},{y:g}V{top:g}M{x - 4:g},{top:g}H{x + 4:g}"
        _add(one, "path", {"d": bar, "fill": "none", "stroke-width": "2"})
    hollow = {"fill": "#ffffff", "stroke-width": "1.5"} if kind == "plot-beside" else {"stroke": "#ffffff"}
    _add(one, "path", {"d": _MARKERS[index], "transform": f"translate({x:g} {y:g})"} | hollow)


def _told(point: Point, field: _Field, words: Words) -> str:
    ends = [value for value in (point.value, point.upper) if value is not None]
    said = "—".join(figure(value / field.by) for value in ends)
    return words.point.format(year=point.year, target=f"{_SIGNS[point.observation.op]}{said}{field.unit}")


def _description(shown: Sequence[Series], others: int, field: _Field, words: Words) -> str:
    told = [words.axes.format(unit=field.unit or words.number)]
    for one in shown:
        points = "；".join(_told(point, field, words) for point in one.points)
        told.append(words.series.format(place=one.label or words.nowhere, points=points))
    return " ".join([*told, words.rest.format(count=others)] if others else told)


# --- the legend ---------------------------------------------------------------------------------------------


def _legend(shown: Sequence[Series], others: int, words: Words) -> Iterator[tuple[int | None, int, float, str]]:
    """Index of the series (None: all others), row, left edge, label; wrapped where a row is full."""
    labels: list[tuple[int | None, str]] = [(index, one.label or words.nowhere) for index, one in enumerate(shown)]
    if others:
        labels.append((None, words.others.format(count=others)))
    row, left = 0, 8.0
    for index, label in labels:
        label = label if len(label) <= 40 else label[:39] + "…"
        wide = _SAMPLE + 8 + _wide(label)
        if left > 8 and left + wide > _WIDTH - 8:
            row, left = row + 1, 8.0
        yield index, row, left, label
        left += wide + _GAP


def _entry(svg: ElementTree.Element, index: int | None, left: float, top: float, label: str) -> None:
    middle = top + _ROW / 2
    group = _add(svg, "g", {"class": "plot-entry"})
    line = {"x1": f"{left:g}", "x2": f"{left + _SAMPLE:g}", "y1": f"{middle:g}", "y2": f"{middle:g}"}
    if index is None:
        _add(group, "line", line | {"stroke": _PALE})
    else:
        dashes = {"stroke-dasharray": _DASHES[index]} if _DASHES[index] else {}
        _add(group, "line", line | {"stroke": _COLOURS[index], "stroke-width": "2"} | dashes)
        at = f"translate({left + _SAMPLE / 2:g} {middle:g})"
        _add(group, "path", {"d": _MARKERS[index], "transform": at, "fill": _COLOURS[index], "stroke": "#ffffff"})
    _text(group, "text", label, {"x": f"{left + _SAMPLE + 8:g}", "y": f"{middle:g}", "dy": "0.35em"})


def _wide(label: str) -> float:
    return sum(_LETTER if char.isascii() else _EM for char in label)


def _add(parent: ElementTree.Element, tag: str, attributes: dict[str, str]) -> ElementTree.Element:
    return ElementTree.SubElement(parent, tag, attributes)


def _text(parent: ElementTree.Element, tag: str, words: str, attributes: dict[str, str]) -> None:
    _add(parent, tag, attributes).text = _UNPRINTABLE.sub("\ufffd", words)
