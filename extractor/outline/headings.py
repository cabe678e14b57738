"""Units, the frame and their judgement → one section for each paragraph or table, with the headings in force."""

from __future__ import annotations

import re
from dataclasses import replace

from extractor.outline.annexes import Annex
from extractor.outline.frame import Frame
from extractor.outline.judge import Judge
from extractor.outline.official import printed
from extractor.outline.shape import is_label, is_measured, shape_of, trim_points
from extractor.outline.titles import Title
from extractor.outline.tree import Stack
from extractor.outline.units import Unit, make_unit
from extractor.types.document import Document
from extractor.types.geometry import Span
from extractor.types.outline import Heading, Section

_PREFACE = re.compile(r"^(?:前言|引言|序言|序|导言|结语|结束语|后记|编者按|概述|摘要|编制说明)$")
_PLAIN_RUN_IN = frozenset({"run_in"})
_LISTED = frozenset({"dash", "bullet", "ordinal"})
_MAX_NESTED = 4
_OPENS_MARK = re.compile(r"\s*[（(〔①-⑳⑴-⒇⒈-⒛\dA-Za-z一二三四五六七八九十]")


def build_sections(document: Document, units: list[Unit], frame: Frame) -> tuple[tuple[Section, ...], set[int]]:
    """Sections in reading order, and the positions of covered units that became headings after all."""
    judge = Judge(units, frame)
    return _Builder(document, units, frame, judge).build()


class _Builder:
    def __init__(self, document: Document, units: list[Unit], frame: Frame, judge: Judge) -> None:
        self.document = document
        self.units = units
        self.frame = frame
        self.judge = judge
        self.stack = Stack(judge.order)
        self.sections: list[Section] = []
        self.used: set[int] = set()
        self.boxed = False
        self.box_size: float | None = None
        self.closing = _closing_paragraphs(judge)

    def build(self) -> tuple[tuple[Section, ...], set[int]]:
        annexes = {annex.at: annex for annex in self.frame.annexes}
        laid = {title.first: title for title in self.frame.laid}
        for at, unit in enumerate(self.units):
            if at in annexes:
                self._start_annex(annexes[at])
            elif at in laid:
                self._start_part(laid[at])
            elif at not in self.frame.covered:
                self._leave_box(unit)
                self._unit(at, unit)
        return tuple(self.sections), self.used

    # --- parts ------------------------------------------------------------------------------------------

    def _start_part(self, title: Title) -> None:
        """What a cover notice lays down adds nothing to paths, unless it is several documents."""
        self.stack.clear()
        if len(self.frame.laid) > 1:
            words, span = printed(self.document, self.units, title)
            self._head_only(title.first, "title", None, Heading(words, span, 1))

    def _start_annex(self, annex: Annex) -> None:
        self.stack.clear()
        if annex.main:
            return
        unit = self.units[annex.at]
        mark = unit.mark.text.rstrip(":") if unit.mark is not None else None
        if annex.inline is not None:
            words, span = unit.words(self.document, annex.inline, len(unit.text))
        elif annex.title is not None:
            words, span = printed(self.document, self.units, annex.title)
        elif (listed := self.frame.listed.get(annex.number or 1)) is not None:
            words = listed[0]
            span = self.units[listed[1][0]].span
        else:
            return
        at = annex.title.first if annex.title is not None else annex.at
        self._head_only(at, "annex", annex.number, Heading(words.rstrip("。;；"), span, 1, mark=mark))

    def _head_only(self, at: int, kind: str, number: int | None, heading: Heading) -> None:
        self.stack.push(kind, number, heading)
        self.used.add(at)
        self._emit(self.units[at].block, Span(self.units[at].span.end, self.units[at].span.end))

    def _emit(self, block: int, body: Span, extra: tuple[Heading, ...] = ()) -> None:
        self.sections.append(Section(block, self.stack.headings() + extra, body))

    # --- boxes ------------------------------------------------------------------------------------------

    def _leave_box(self, unit: Unit) -> None:
        """A box ends where its frame does, or where the text is set as outside again."""
        inside = next((at for at, entry in enumerate(self.stack.entries) if entry.kind == "box"), None)
        if inside is not None:
            size = unit.style.size if unit.style is not None else None
            if (self.boxed and not unit.boxed) or self._set_outside(size):
                del self.stack.entries[inside:]
            elif self.box_size is None:
                self.box_size = size
        self.boxed = unit.boxed

    def _set_outside(self, size: float | None) -> bool:
        """Whether type of this size is the text's own and not the box's."""
        body = self.judge.body.size
        if size is None or body is None or self.box_size is None:
            return False
        return abs(size - body) < 0.6 < abs(self.box_size - body)

    # --- one unit ---------------------------------------------------------------------------------------

    def _unit(self, at: int, unit: Unit) -> None:
        verdict = self.judge.verdict(at)
        if verdict == "table":
            self._table(at, unit)
        elif verdict == "caption":
            return
        elif verdict == "box":
            self._box(at, unit)
        elif verdict == "heading":
            self._heading(at, unit)
        elif verdict == "run_in":
            self._run_in(unit, 0)
        elif verdict == "plain":
            self._plain(at, unit)
        elif verdict == "plain_run_in":
            self._plain_run_in(unit)
        elif verdict == "item":
            self._item(unit)
        else:
            self._text(at, unit)

    def _made(self, unit: Unit, start: int, end: int, *, run_in: bool) -> Heading:
        text = unit.text[:end].rstrip(" 。;:,!—")
        end = start + len(trim_points(text[start:]).rstrip(" 。;:,!"))
        words, span = unit.words(self.document, start, end)
        return Heading(words, span, 1, mark=unit.mark.text if unit.mark is not None else None, run_in=run_in)

    def _heading(self, at: int, unit: Unit) -> None:
        shape = self.judge.shapes[at]
        mark = unit.mark
        kind, number = (mark.kind, mark.number) if mark is not None else ("plain", None)
        self.stack.place(kind, number)
        self.stack.push(kind, number, self._made(unit, shape.start, shape.end, run_in=False))
        self._emit(unit.block, Span(unit.span.end, unit.span.end))

    def _run_in(self, unit: Unit, depth: int) -> None:
        shape = shape_of(unit)
        mark = unit.mark
        kind, number = (mark.kind, mark.number) if mark is not None else ("run_in", None)
        self.stack.place(kind, number)
        self.stack.push(kind, number, self._made(unit, shape.start, shape.end, run_in=True))
        start = unit.head.span(shape.after, len(unit.text)).start
        self._rest(unit, Span(start, unit.span.end), depth)

    def _rest(self, unit: Unit, body: Span, depth: int) -> None:
        """What follows a run-in heading; where that is numbered itself it is judged anew."""
        text = self.document.text
        body = _trimmed(text, body)
        block = self.document.blocks[unit.block]
        if depth < _MAX_NESTED and _OPENS_MARK.match(text[body.start : body.start + 3]):
            rest = make_unit(text, unit.block, block, body, boxed=unit.boxed)
            if rest.mark is not None and rest.mark.number == 1:
                shape = shape_of(rest)
                title = rest.text[shape.start : shape.end]
                if shape.form in ("run_in", "colon") and not is_measured(title):
                    self._run_in(rest, depth + 1)
                    return
                self.stack.place(rest.mark.kind, rest.mark.number)
                self.stack.push(rest.mark.kind, rest.mark.number, None)
        self._emit(unit.block, body)
        self.stack.touch()

    def _item(self, unit: Unit) -> None:
        if unit.mark is not None:
            self.stack.place(unit.mark.kind, unit.mark.number)
            self.stack.push(unit.mark.kind, unit.mark.number, None)
        self._emit(unit.block, unit.span)
        self.stack.touch()

    def _plain(self, at: int, unit: Unit) -> None:
        shape = self.judge.shapes[at]
        after = self.judge.following(at)
        for _ in range(4):
            if after is None or self.units[after].mark is not None or self.units[after].table is not None:
                break
            after = self.judge.following(after)
        following = self.units[after].mark if after is not None else None
        self.stack.place_plain(following, unit.style)
        kind = "preface" if _PREFACE.match(unit.text) else "plain"
        self.stack.push(kind, None, self._made(unit, shape.start, shape.end, run_in=False))
        self.stack.entries[-1].style = unit.style
        self._emit(unit.block, Span(unit.span.end, unit.span.end))

    def _plain_run_in(self, unit: Unit) -> None:
        if any(entry.kind == "box" for entry in self.stack.entries) and not unit.boxed:
            inside = next(at for at, entry in enumerate(self.stack.entries) if entry.kind == "box")
            if inside + 1 < len(self.stack.entries):
                del self.stack.entries[inside:]
        self.stack.drop_below_text()
        self._run_in(replace(unit, mark=None), _MAX_NESTED)

    def _text(self, at: int, unit: Unit) -> None:
        label = is_label(unit.text)
        if unit.mark is None and not label:
            self.stack.drop(_LISTED)
        if unit.closes or at in self.closing:
            self.sections.append(Section(unit.block, self._part_headings(), unit.span))
            return
        self._emit(unit.block, unit.span)
        if not label:
            self.stack.touch()

    def _part_headings(self) -> tuple[Heading, ...]:
        entries = [entry for entry in self.stack.entries if entry.kind in ("annex", "title")]
        return tuple(entry.heading for entry in entries if entry.heading is not None)

    def _box(self, at: int, unit: Unit) -> None:
        shape = self.judge.shapes[at]
        self.box_size = None
        number = unit.mark.number if unit.mark is not None else None
        self.stack.open_box(number, self._made(unit, shape.start, shape.end, run_in=False))
        self._emit(unit.block, Span(unit.span.end, unit.span.end))

    def _table(self, at: int, unit: Unit) -> None:
        """A table under its caption; the caption heads nothing that comes after."""
        above = self.judge.captions.get(at)
        extra: tuple[Heading, ...] = ()
        end = unit.span.end
        self.stack.drop(_LISTED)
        if above is not None:
            self.stack.drop(_PLAIN_RUN_IN)  # a run-in heading without number heads its paragraph alone
            caption = self.units[above]
            shape = self.judge.shapes[above]
            heading = self._made(caption, shape.start, shape.end, run_in=False)
            extra = (replace(heading, level=len(self.stack.headings()) + 1),)
            self._emit(caption.block, Span(caption.span.end, caption.span.end), extra)
        self._emit(unit.block, Span(end, end), extra)
        self.stack.touch()


def _trimmed(text: str, span: Span) -> Span:
    piece = text[span.start : span.end]
    start = span.start + len(piece) - len(piece.lstrip())
    return Span(min(start, span.end), max(min(start, span.end), span.end - (len(piece) - len(piece.rstrip()))))


_CLOSING = re.compile(
    r"^(?:请)?(?:各|有关|省级|市级|县级|全省|全市|全县|全区|国务院|本(?:意见|通知|方案|办法|规划|要点|细则)|以上)[^。]{0,60}?(?:要|应|请|须|按照|根据|结合|自)"
)
_CLOSING_WORDS = re.compile(
    r"本(?:意见|通知|方案|办法|规划|计划|要点|细则|规定)|贯彻(?:执行|落实)|抓好落实|(?:情况|问题|总结|方案|报告)[^。]{0,16}(?:报|向|反馈)|施行|执行中"
)


def _closing_paragraphs(judge: Judge) -> set[int]:
    """A last unnumbered paragraph that speaks of the document as a whole (各地区要认真贯彻落实本意见…)."""
    found: set[int] = set()
    ends = [at for at in judge.live if judge.following(at) is None]
    for end in ends:
        unit = judge.units[end]
        above = judge.before.get(end)
        if unit.table is not None or unit.mark is not None or above is None or unit.boxed:
            continue
        mark = judge.units[above].mark
        if mark is None or judge.verdict(above) not in ("run_in", "item") or above in judge.stops:
            continue
        if _CLOSING.match(unit.text) and _CLOSING_WORDS.search(unit.text):
            found.add(end)
    return found
