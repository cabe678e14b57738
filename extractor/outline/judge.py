"""Whether a unit is a heading, a heading that runs into its text, an item or plain text; judged by its neighbours."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from extractor.outline.frame import Frame
from extractor.outline.patterns import ADDRESSEE, DATE_LINE, ORG_LINE, SIGNED_LINE, UNIT_LINE
from extractor.outline.shape import (
    ALONE_MAX,
    PLAIN_RUN_IN_MAX,
    TOP_ALONE_MAX,
    Shape,
    is_label,
    is_lead_in,
    is_measured,
    plain_title,
    shape_of,
)
from extractor.outline.titles import is_title_line
from extractor.outline.tree import learn_order
from extractor.outline.units import Unit
from extractor.text.marks import parse_mark
from extractor.types.document import Style

Verdict = Literal["heading", "run_in", "item", "text", "plain", "plain_run_in", "box", "caption", "table"]
_SECOND = re.compile(r"[。;][二三四五六七八九十]{1,2}[是要]")
_ALWAYS = frozenset({"part", "chapter", "section"})
_TOP = frozenset({"cn", "label", "roman"})
_NEVER = frozenset({"annex", "table"})


@dataclass(frozen=True, slots=True)
class Body:
    """How most of the text is set."""

    size: float | None
    font: str | None
    styled: bool

    def apart(self, style: Style | None) -> bool:
        """Whether a line is set apart from the text: by rank, place, weight, size or face."""
        if style is None:
            return False
        if style.level is not None or style.centered or style.bold:
            return True
        if self.size is not None and style.size is not None and style.size > self.size + 0.9:
            return True
        return bool(
            style.font
            and self.font
            and style.font != self.font
            and any(n in style.font for n in ("Hei", "黑", "Bold", "小标宋"))
        )


class Judge:
    """Verdicts for all units of a document. ``shapes`` by unit; tables and covered units have none."""

    def __init__(self, units: list[Unit], frame: Frame) -> None:
        self.units = units
        self.frame = frame
        self.live = [at for at in range(len(units)) if at not in frame.covered]
        self.order = learn_order(mark for at in self.live if (mark := units[at].mark) is not None)
        self.next: dict[int, int] = dict(zip(self.live, self.live[1:], strict=False))
        self.before: dict[int, int] = dict(zip(self.live[1:], self.live, strict=False))
        self.stops = {annex.at for annex in frame.annexes} | {title.first for title in frame.laid}
        self.shapes: dict[int, Shape] = {at: shape_of(units[at]) for at in self.live if units[at].table is None}
        self.body = body_style(units)
        self.captions = self._captions()
        self.named = frozenset(self.captions.values())
        self._heads, self._items = self._votes()
        self.plain_runs = self._plain_runs()

    # --- neighbours -------------------------------------------------------------------------------------

    def following(self, at: int) -> int | None:
        """The next live unit of the same part; None at its end."""
        after = self.next.get(at)
        if after is None or any(stop in self.stops for stop in range(at + 1, after + 1)):
            return None
        return after

    def has_child(self, at: int) -> bool:
        """Whether what follows stands below the unit: text, a table, or a list that begins."""
        after = self._past_labels(at)
        if after is None:
            return False
        unit, child = self.units[at], self.units[after]
        if child.table is not None:
            return True
        if after in self.named:
            return True
        if child.mark is None:
            return not child.closes
        if child.mark.kind in ("box", "table"):
            return True
        if unit.mark is not None and child.mark.kind == unit.mark.kind:
            return False
        if unit.mark is not None and self.order.above(unit.mark.kind, child.mark.kind):
            return True
        return child.mark.number in (None, 1) or not self._is_outer(at, after)

    def _past_labels(self, at: int) -> int | None:
        """The next unit that is no label line (责任单位：…)."""
        after = self.following(at)
        while after is not None and self.units[after].mark is None and is_label(self.units[after].text):
            after = self.following(after)
        return after

    def _is_outer(self, at: int, after: int) -> bool:
        """Whether the mark of ``after`` goes on with a count that began before ``at``."""
        mark = self.units[after].mark
        if mark is None or mark.number is None:
            return False
        back = self.before.get(at)
        for _ in range(400):
            if back is None:
                return False
            other = self.units[back].mark
            if other is not None and other.kind == mark.kind:
                return other.number == mark.number - 1
            back = self.before.get(back)
        return False

    # --- evidence over the whole document ---------------------------------------------------------------

    def _captions(self) -> dict[int, int]:
        """The unit that names a table, by the table's unit: right above it, a line with the unit of measure aside."""
        found: dict[int, int] = {}
        for at in self.live:
            if self.units[at].table is None:
                continue
            above = at - 1
            while above >= 0 and self.units[above].whole and UNIT_LINE.match(self.units[above].text):
                above -= 1
            if above >= 0 and above in self.shapes and self._names_table(self.units[above]):
                found[at] = above
        return found

    def _names_table(self, unit: Unit) -> bool:
        if unit.mark is not None:
            return unit.mark.kind in ("table", "box") and unit.whole and "。" not in unit.text and len(unit.text) <= 70
        if not is_title_line(unit) or len(unit.text) > 60:
            return False
        return unit.text.rstrip(")").endswith(
            ("表", "一览", "清单", "指标", "安排", "分解", "情况", "计划", "标准")
        ) or (self.body.apart(unit.style) and plain_title(unit, 45))

    def _votes(self) -> tuple[Counter[str], Counter[str]]:
        heads: Counter[str] = Counter()
        items: Counter[str] = Counter()
        for at, shape in self.shapes.items():
            mark = self.units[at].mark
            if mark is None:
                continue
            heading = shape.form in ("run_in", "colon") or (
                shape.form == "alone" and shape.length <= ALONE_MAX and self.has_child(at)
            )
            (heads if heading else items)[mark.kind] += 1
        return heads, items

    def _plain_runs(self) -> set[int]:
        """Unnumbered paragraphs that open with a heading: where most of their group of two and more do.

        A group of one counts in a document that has many such, unless it is all that its heading holds.
        """
        groups = self._groups()
        opened = {at for group in groups for at in group if self._opens_plain(at)}
        mostly = [group for group in groups if group and sum(at in opened for at in group) >= 0.6 * len(group)]
        usual = sum(len(group) for group in mostly if len(group) > 1) >= 8
        return {
            at
            for group in mostly
            if len(group) > 1 or (usual and not self._is_only(group[0]))
            for at in group
            if at in opened
        }

    def _groups(self) -> list[list[int]]:
        """Runs of unnumbered paragraphs with nothing numbered between them; labels and short lines left out."""
        groups: list[list[int]] = [[]]
        for at in self.live:
            unit = self.units[at]
            if unit.table is not None or unit.mark is not None or at in self.stops:
                groups.append([])
            elif not is_label(unit.text) and unit.span.end - unit.span.start > 16:
                groups[-1].append(at)
        return groups

    def _is_only(self, at: int) -> bool:
        """Whether a paragraph stands alone between two headings."""
        above, after = self.before.get(at), self.following(at)
        if above is None or above not in self.shapes or self.units[above].mark is None:
            return False
        if self.shapes[above].form != "alone" or self.shapes[above].stop:
            return False
        if after is None:
            return True
        mark = self.units[after].mark
        return mark is not None and mark.kind != "box" and self.shapes[after].form == "alone"

    def _opens_plain(self, at: int) -> bool:
        shape = self.shapes[at]
        if shape.form != "run_in" or shape.length > PLAIN_RUN_IN_MAX or shape.length < 4:
            return False
        unit = self.units[at]
        return not is_measured(unit.text[shape.start : shape.end]) and shape.stop == "。"

    # --- the verdict ------------------------------------------------------------------------------------

    def verdict(self, at: int) -> Verdict:
        unit = self.units[at]
        if unit.table is not None:
            return "table"
        if at in self.named:
            return "caption"
        if unit.mark is None or unit.mark.kind in _NEVER:
            return self._unmarked(at)
        return self._marked(at)

    def _marked(self, at: int) -> Verdict:
        unit, shape = self.units[at], self.shapes[at]
        kind = unit.mark.kind if unit.mark is not None else ""
        title = unit.text[shape.start : shape.end]
        if not title:
            return "text"
        if kind == "box":
            return "box" if shape.form == "alone" and shape.length <= 60 else "text"
        if kind in _ALWAYS and shape.form == "alone":
            return "heading"
        if shape.form in ("run_in", "colon"):
            no_heading = is_measured(title) or kind == "article" or self._lists_within(at)
            return "item" if no_heading else "run_in"
        if shape.form == "text":
            return "item"
        return "heading" if self._stands_alone(at, kind, title) else "item"

    def _lists_within(self, at: int) -> bool:
        """Whether the paragraph is a run of 一是…。二是…。, whose first sentence heads nothing."""
        unit, shape = self.units[at], self.shapes[at]
        if unit.mark is None or unit.mark.kind == "ordinal":
            return unit.mark is not None and _SECOND.search(unit.text, shape.end) is not None
        first = parse_mark(unit.text, shape.start)
        return first is not None and first.kind == "ordinal"

    def _stands_alone(self, at: int, kind: str, title: str) -> bool:
        """Whether a numbered line that is one phrase is a heading and no item."""
        shape, unit = self.shapes[at], self.units[at]
        top = kind in _TOP
        if shape.stop and shape.stop in ";,":
            return False
        if is_measured(title) and not top:
            return False
        if not unit.whole or shape.length > (TOP_ALONE_MAX if top else ALONE_MAX):
            return False
        if kind in ("dash", "bullet", "ordinal", "article") and (shape.stop or shape.comma):
            names_list = kind == "article" and shape.stop == "。" and not shape.comma and shape.length <= 14
            return names_list and self.has_child(at)
        if self.has_child(at) and not self._ends_list(at):
            if shape.stop == "。" and shape.comma and not top:
                return shape.length <= 26 and self._heads[kind] >= self._items[kind]
            return not (shape.stop == ":" and (shape.comma or is_lead_in(title)) and not top)
        if shape.stop or shape.comma or shape.length > 30:
            return False
        return self._heads[kind] > self._items[kind] or (self.body.apart(unit.style) and self.body.styled)

    def _ends_list(self, at: int) -> bool:
        """Whether the unit is the last of a list of single lines; text after it belongs to none of them."""
        after, above = self._past_labels(at), self.before.get(at)
        while above in self.shapes and self.units[above].mark is None and is_label(self.units[above].text):
            above = self.before.get(above)
        if after is None or above is None or self.units[after].mark is not None or self.units[after].table is not None:
            return False
        mark, other = self.units[at].mark, self.units[above].mark
        if mark is None or other is None or above not in self.shapes or self.shapes[above].form != "alone":
            return False
        return other.kind == mark.kind and other.number == (mark.number or 0) - 1

    def _unmarked(self, at: int) -> Verdict:
        if at in self.plain_runs:
            return "plain_run_in"
        return "plain" if self._is_plain(at) else "text"

    def _is_plain(self, at: int) -> bool:
        """Whether an unnumbered short line is a heading: set apart, or right above what it could head."""
        unit = self.units[at]
        if self._is_label_heading(at):
            return True
        apart = self.body.apart(unit.style)
        if not plain_title(unit, 45 if apart else 28) or (unit.boxed and not apart):
            return False
        if DATE_LINE.match(unit.text) or SIGNED_LINE.match(unit.text) or unit.closes:
            return False
        after = self.following(at)
        if after is None:
            return False
        child = self.units[after]
        if ORG_LINE.match(unit.text) and (DATE_LINE.match(child.text) or ORG_LINE.match(child.text)):
            return False
        if apart:
            return True
        if child.table is not None or child.mark is not None:
            listed = child.mark is not None and child.mark.kind in ("dash", "bullet", "annex", "table")
            return child.table is not None or (not listed and self._above_closed(at))
        if self.body.styled or not self._above_closed(at):
            return False
        return child.span.end - child.span.start >= 40 and not plain_title(child)

    def _is_label_heading(self, at: int) -> bool:
        """A short noun and a colon alone on a line (工作目标：), above a list or text of its own."""
        unit, shape, after = self.units[at], self.shapes[at], self.following(at)
        if after is None or unit.boxed or shape.form != "alone" or shape.stop != ":" or not 2 <= shape.length <= 12:
            return False
        title = unit.text[shape.start : shape.end]
        if shape.comma or is_label(unit.text) or is_lead_in(title) or ADDRESSEE.match(unit.text):
            return False
        child = self.units[after]
        begins = child.mark is not None and child.mark.number in (None, 1)
        return self._above_closed(at) and (begins or child.span.end - child.span.start >= 40)

    def _above_closed(self, at: int) -> bool:
        """Whether the line above ended a sentence, or is a heading or the frame itself."""
        above = at - 1
        if above < 0 or above not in self.shapes:
            return True
        unit = self.units[above]
        if unit.whole:
            closed = (
                unit.text.endswith(("。", "”", "）", ")", ":", ";")) or unit.mark is not None or is_label(unit.text)
            )
            return closed or (unit.style is not None and unit.style.level is not None)
        return True


def body_style(units: list[Unit]) -> Body:
    """Size and face that most characters have."""
    sizes: Counter[float] = Counter()
    fonts: Counter[str] = Counter()
    looks: Counter[tuple[object, ...]] = Counter()
    for unit in units:
        style = unit.style
        if style is None or unit.table is not None:
            continue
        length = unit.span.end - unit.span.start
        if style.size is not None:
            sizes[round(style.size, 1)] += length
        if style.font:
            fonts[style.font] += length
        looks[style.level, style.centered, style.bold, style.font, style.size and round(style.size)] += 1
    return Body(
        size=sizes.most_common(1)[0][0] if sizes else None,
        font=fonts.most_common(1)[0][0] if fonts else None,
        styled=len(looks) > 1,
    )
