"""A selection or click, and the expression around it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractor.mentions.dates import find_dates
from extractor.mentions.quantities import find_quantities
from extractor.mentions.responsible import find_responsible
from extractor.records.assemble import fold
from extractor.review.errors import Refused
from extractor.review.places import BLANK, Places
from extractor.text.brackets import strip_item
from extractor.text.clauses import sentences
from extractor.text.marks import parse_mark
from extractor.text.view import View, make_view
from extractor.text.words import cut
from extractor.types.geometry import Span
from extractor.types.mention import ResponsibleMention

_PARTS = re.compile(r"[,;。:!?、()《》【】〔〕\[\]“”‘’「」\n]|——")
_NAME_PARTS = re.compile(r"[,;。:、()\n]")


@dataclass(frozen=True, slots=True)
class Selection:
    """``span`` is empty for a click. ``view`` shows the paragraphs or cell around it, ``own_view`` the selection."""

    span: Span
    stretch: Span
    view: View
    own_view: View
    stretch_words: str

    @classmethod
    def of(cls, places: Places, start: int, end: int) -> Selection:
        """Raises ``Refused`` where the place lies outside the text or holds no words."""
        if start == end:
            if not 0 <= start <= len(places.text):
                raise Refused("outside", "所选位置不在文件内 / the place lies outside the document")
            stretch, span = places.stretch(start), Span(start, start)
        else:
            span = places.trimmed(start, end)
            first, last = places.stretch(span.start), places.at(span.end - 1)
            stretch = Span(first.start, max(first.end, last[0].end if last else 0, span.end))
        words = places.text[stretch.start : stretch.end]
        return cls(span, stretch, make_view(places.text, stretch), make_view(places.text, span), fold(words))

    @property
    def click(self) -> bool:
        return self.span.start == self.span.end

    @property
    def reach(self) -> Span:
        """The selection, or the character behind a click."""
        return self.span if not self.click else Span(self.span.start, self.span.start + 1)

    def meets(self, other: Span) -> bool:
        """Whether the words pointed at are part of ``other``; a click also counts at its end."""
        if self.click:
            return other.start <= self.span.start < other.end or self.span.start == other.end == self.stretch.end
        return self.span.overlaps(other)

    def share(self, other: Span) -> tuple[int, int]:
        """How much of the selection ``other`` covers, earlier ones first."""
        return min(self.span.end, other.end) - max(self.span.start, other.start), -other.start


def phrase(places: Places, at: Selection, *, without_numbers: bool = False) -> Span:
    """The words between punctuation around a click, without numbers and dates where they are not wanted; the word
    alone where the phrase runs on for long.
    """
    view = at.view
    bounds = {0, len(view.text)}
    for match in _PARTS.finditer(view.text):
        bounds.update(match.span())
    if without_numbers:
        numbers = _numbers(view.text)
        bounds.update(bound for span in (*numbers, *(each.span for each in find_dates(view.text))) for bound in span)
    click = min(view.find(at.span.start), len(view.text) - 1)
    start = max(bound for bound in bounds if bound <= click)
    end = min(bound for bound in bounds if bound > click)
    if end - start > 40:
        start, end = next(
            ((a + start, b + start) for a, b in cut(view.text[start:end]) if a + start <= click < b + start)
        )
    words = view.text[start:end]
    stop = start + len(words.rstrip(" \n,;。:、"))
    start += len(words) - len(words.lstrip(" \n"))
    if start >= stop or (without_numbers and re.fullmatch(r"[\d\W]*", view.text[start:stop])):
        raise Refused("not_words", "这里没有可用的词语 / no words here that could be used")
    if without_numbers and any(span.start <= click < span.end for span in _numbers(view.text)):
        raise Refused("not_words", "这里是数值，请点指标名称 / this is a number: point at the words that name it")
    return places.without_mark(view.span(start, stop))[0]


def _numbers(text: str) -> list[Span]:
    """Quantities, also those that are no target's (95分); of numbers in words only what is plainly a quantity."""
    plain = [each.span for each in find_quantities(text)]
    printed = [
        each.span
        for each in find_quantities(text, bare=True)
        if re.search(r"\d", text[each.number.start : each.number.end])
    ]
    return sorted({*plain, *printed})


def sentence(places: Places, at: Selection) -> Span:
    """What was dragged over, outer punctuation aside; else the item clicked at, or the sentence without what closes it."""
    if not at.click:
        words = places.text[at.span.start : at.span.end].rstrip(BLANK + "。；;，,、")
        if not words:
            raise Refused("not_words", "没有选中文字 / no words are selected")
        return Span(at.span.start, at.span.start + len(words))
    items = places.touching(at.reach)
    if items:
        return min((item.span for item in items), key=lambda span: span.end - span.start)
    click = min(at.view.find(at.span.start), len(at.view.text) - 1)
    for start, end in sentences(at.view.text):
        if start <= click < end:
            stripped = strip_item(places.text, places.without_mark(at.view.span(start, end))[0]).span
            if stripped.start < stripped.end:
                return stripped
    raise Refused("not_words", "这里没有句子 / no sentence here")


def whole_cell(places: Places, at: Selection) -> Span | None:
    """The cell clicked at, outer blanks aside; None in prose."""
    place = places.at(at.span.start)
    if place is None or place[2] is None:
        return None
    return places.trimmed(*place[0])


def heading_at(places: Places, at: Selection) -> tuple[str, Span]:
    """A level of a path: the heading or cell clicked at without its number, or the words dragged over."""
    if at.click:
        for section in places.outline.sections:
            for heading in section.headings:
                if heading.span.start <= at.span.start <= heading.span.end:
                    return fold(heading.title), heading.span
    span = at.span if not at.click else whole_cell(places, at) or phrase(places, at)
    view = make_view(places.text, span)
    mark = parse_mark(view.text)
    if mark is not None and view.text[mark.end :].strip():
        span = Span(view.span(mark.end, len(view.text)).start, span.end)
    return fold(places.text[span.start : span.end]).rstrip("。；;：:"), span


def names_in(
    at: Selection, cell: Span | None, whole: re.Pattern[str] | None = None
) -> tuple[View, list[ResponsibleMention]]:
    """The names in what was dragged over or in a ``cell``, or the one clicked at; ``whole`` matches those not to be cut."""
    if not at.click or cell is not None:
        view = at.own_view if not at.click else at.view
        words = view.text.replace("\n", " ")
        return view, find_responsible(words, 0, len(words), None, whole=whole)
    text = at.view.text.replace("\n", " ")
    bounds = {0, len(text)}
    for match in _NAME_PARTS.finditer(text):
        bounds.update(match.span())
    click = min(at.view.find(at.span.start), len(text) - 1)
    start = max(bound for bound in bounds if bound <= click)
    end = min(bound for bound in bounds if bound > click)
    found = find_responsible(text, start, end, None, whole=whole)
    return at.view, [each for each in found if each.span.start <= click <= each.span.end][:1]
