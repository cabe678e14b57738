"""Items from prose: numbered items, sentences, and the brackets and label lines that hold for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from extractor.items.leads import Lead, last_lead, list_lead
from extractor.items.obligation import no_obligation, says_duty
from extractor.text.brackets import Labelled, read_who, strip_item
from extractor.text.clauses import nesting, sentences
from extractor.text.marks import Mark, iter_marks, parse_mark
from extractor.text.view import View, make_view
from extractor.types.document import Document
from extractor.types.geometry import Span
from extractor.types.item import Item, Who, Words
from extractor.types.outline import Heading, Section

_ITEM_MARKS = frozenset(
    {
        "article",
        "cn",
        "cn_paren",
        "cn_half",
        "arabic",
        "arabic_paren",
        "arabic_half",
        "circle",
        "letter",
        "dotted2",
        "dotted3",
    }
)
_LABEL_LINE = re.compile(
    r"^[(【\[]?(?:\d[.、])?[^,。;:()]{0,6}(?:责任|牵头|配合|参与|参加|落实|负责|承办|主办|协办|实施|完成|分管|时间|时限|进度|整改|包保|主管)[^,。;:]{0,8}[:]"
)
_HEADING_DATE = re.compile(r"[底末]前?|到20\d\d年|[(（【]")
_LEADS_ON = re.compile(
    r"(?:具体|主要|重点|工作)(?:措施|任务|举措|做法|内容|安排)(?:如下|包括)?[:]\s*$|(?<=[。;,])其中[:]\s*$"
)
_SHORT_HEADING = 30


@dataclass(slots=True)
class _Group:
    """The items since the last heading, numbered item or label line: what a label line speaks of."""

    first: int = 0
    labelled: bool = False
    headings: tuple[Heading, ...] = ()
    unheld: int = 0  # the first item that no bracket has spoken of


@dataclass(slots=True)
class ProseReader:
    """Reads the prose sections of one document in order; ``items`` grows as it goes."""

    document: Document
    year: int | None = None
    items: list[Item] = field(default_factory=list)
    captions: frozenset[int] = frozenset()  # blocks that open with a label of their list (高速公路：…)
    _lead: Lead | None = None
    _noted: int | None = None  # the number of the last note below a table
    _group: _Group = field(default_factory=_Group)

    def read(self, section: Section) -> None:
        """Cut one paragraph into items, or let a label line speak of those before it."""
        view = make_view(self.document.text, section.body)
        if not view.text.strip():
            return
        if section.headings != self._group.headings:
            self._restart(section)
        labelled = _label_line(self.document.text, section.body, view)
        if labelled is not None:
            self._group.labelled = True
            self._hold(self._group.first, labelled)
            return
        if self._group.labelled:
            self._restart(section)
        self._paragraph(section, view)

    def _restart(self, section: Section) -> None:
        self._group = _Group(len(self.items), headings=section.headings, unheld=len(self.items))

    def _hold(self, first: int, labelled: Labelled) -> None:
        for at in range(first, len(self.items)):
            item = self.items[at]
            self.items[at] = replace(item, who=item.who + labelled.who, when=item.when + labelled.when)

    def _paragraph(self, section: Section, view: View) -> None:
        first = len(self.items)
        base = _base_item(self.document.text, section)
        mark = parse_mark(view.text)
        if self._lead is not None and not self._lead.holds(section, mark, view):
            self._lead = None
        if self._lead is not None:
            base = replace(base, context=(*base.context, self._lead.words), lead_in=self._lead.date)
        if view.text.rstrip().endswith(":"):
            date = list_lead(view, mark.end if mark else 0, self.year) or base.lead_in
            self._lead = Lead(section.body, date, mark.kind if mark else None, section.headings)
        if section.block in self.captions:
            view, base = self._captioned(section, view, base)
        marks = [mark for mark in iter_marks(view.text) if mark.kind in _ITEM_MARKS]
        if marks and marks[0].start == 0:
            self._restart(section)
        preface_end = marks[0].start if marks else len(view.text)
        if preface_end:
            self._sentences(base, view, 0, preface_end)
        listed = len(self.items)
        for piece in _pieces(view, marks, base):
            self._piece(piece, view)
        self._close(listed, base)
        noted = self._is_note(view)
        for at in range(first, len(self.items)):
            self.items[at] = replace(self.items[at], dropped="notes") if noted else self._checked(at, section)

    def _close(self, first: int, base: Item) -> None:
        """A label after the last 。 of a paragraph of numbered items holds for them all, unless others have their own."""
        own = [(item.who[len(base.who) :], item.when[len(base.when) :]) for item in self.items[first:]]
        if len(own) < 2 or any(who or when for who, when in own[:-1]) or not any(own[-1]):
            return
        who, when = own[-1]
        start = min(span.start for span in (*(one.span for one in who), *when))
        if "。" in self.document.text[self.items[-1].span.end : start]:
            last = self.items.pop()
            self._hold(first, Labelled(who, when))
            self.items.append(last)

    def _is_note(self, view: View) -> bool:
        """注：1.… and the numbered paragraphs that go on after it say how a table is read."""
        mark = parse_mark(view.text)
        if re.match(r"(?:备?注|说明)(?:释)?[:]", view.text):
            last = [each.number for each in iter_marks(view.text[view.text.find(":") + 1 :]) if each.number]
            self._noted = last[-1] if last else 0
        elif self._noted and mark is not None and mark.number == self._noted + 1:
            self._noted = mark.number
        else:
            self._noted = None
        return self._noted is not None

    def _captioned(self, section: Section, view: View, base: Item) -> tuple[View, Item]:
        """A label that opens its paragraph, as its neighbours' do, is a path element."""
        end = view.text.index(":")
        caption = Words(view.text[:end], view.span(0, end))
        rest = Span(view.span(end, end + 1).end, section.body.end)
        return make_view(self.document.text, rest), replace(base, path=(*base.path, caption))

    def _checked(self, at: int, section: Section) -> Item:
        item = self.items[at]
        words = make_view(self.document.text, item.span).text
        reason = no_obligation(words, tuple(part.text for part in item.path), self.year)
        before = self.items[at - 1] if at else None
        if reason is None and before is not None and before.dropped == "past result" and not says_duty(words):
            gap = self.document.text[before.span.end : item.span.start]
            reason = "past result" if gap.strip() in (";", "；") else None
        if reason is None and item.number is None and _repeats_heading(words, section.headings):
            reason = "repeats its heading"
        return replace(item, dropped=reason) if reason else item

    def _piece(self, piece: _Piece, view: View) -> None:
        """One numbered item; where it opens with a run-in heading, its sentences are the items."""
        split = _run_in(view.text, piece.start, piece.end)
        if split is not None:
            title = Words(view.text[piece.start : split[0]], view.span(piece.start, split[0]))
            base = replace(piece.base, path=(*piece.base.path, title))
            self._sentences(base, view, split[1], piece.end)
            return
        leads = _LEADS_ON.search(view.text, piece.start, piece.end)
        span = view.span(piece.start, leads.start() if leads else piece.end)
        stripped = strip_item(self.document.text, span)
        if stripped.span.start >= stripped.span.end:
            return
        self.items.append(
            replace(
                piece.base,
                span=stripped.span,
                number=_printed(self.document.text, view.span(piece.start - len(piece.number), piece.start)),
                points=stripped.points,
                who=(*piece.base.who, *stripped.who),
                when=(*piece.base.when, *stripped.when),
                scoring=stripped.scoring,
                origin="clause",
            )
        )

    def _sentences(self, base: Item, view: View, start: int, end: int) -> None:
        """One item a sentence; brackets after a 。 or at the paragraph's end hold for those before them."""
        held = stop_first = len(self.items)
        lead = base.lead_in
        found = [(start + a, start + b) for a, b in sentences(view.text[start:end])]
        for at, (low, high) in enumerate(found):
            low, labelled = _leading_brackets(self.document.text, view, low, high)
            if labelled is not None:
                self._hold(held if held < len(self.items) else self._group.unheld, labelled)
                held = stop_first = self._group.unheld = len(self.items)
                if low >= high or not view.text[low:high].strip("。; \n"):
                    continue
            if _LABEL_LINE.match(view.text[low:high].strip()) and len(self.items) > held:
                closing = read_who(self.document.text, view.span(low, high))
                if closing is not None:
                    self._hold(held, closing)
                    self._group.unheld = len(self.items)
                    continue
            stripped = strip_item(self.document.text, view.span(low, high))
            if stripped.span.start >= stripped.span.end:
                continue
            own = last_lead(view.text, low, high)
            previous = (self.items[-1].span,) if len(self.items) > stop_first else ()
            self.items.append(
                replace(
                    base,
                    span=stripped.span,
                    points=stripped.points,
                    scoring=stripped.scoring,
                    lead_in=lead if own is None else None,
                    context=(*base.context, *previous),
                )
            )
            if own is not None:
                lead = view.span(*own)
            if view.text[high - 1] not in ";":
                lead = base.lead_in
            if stripped.who or stripped.when:
                closes = at == len(found) - 1
                self._hold(held if closes else stop_first, Labelled(stripped.who, stripped.when))
                held = self._group.unheld = len(self.items)
            if view.text[high - 1] not in ";":
                stop_first = len(self.items)


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    number: str
    base: Item


def _pieces(view: View, marks: Sequence[Mark], base: Item) -> Iterator[_Piece]:
    """The stretches between marks. A mark whose words only introduce the next level is a path element."""
    above: list[tuple[str, Words]] = []
    for at, mark in enumerate(marks):
        end = marks[at + 1].start if at + 1 < len(marks) else len(view.text)
        kinds = [kind for kind, _ in above]
        if mark.kind in kinds:
            del above[kinds.index(mark.kind) :]
        words = view.text[mark.end : end].strip(" \n")
        deeper = at + 1 < len(marks) and marks[at + 1].kind not in [*kinds, mark.kind]
        here = replace(base, path=(*base.path, *(words for _, words in above)))
        if deeper and len(words) <= _SHORT_HEADING and not re.search(r"[,。;]", words.rstrip("。:;")):
            title_end = mark.end + len(view.text[mark.end : end].rstrip(" \n。:;"))
            start = mark.end + len(view.text[mark.end :]) - len(view.text[mark.end :].lstrip(" \n"))
            above.append((mark.kind, Words(view.text[start:title_end], view.span(start, title_end))))
            continue
        yield _Piece(mark.end, end, mark.text, here)


def _printed(text: str, span: Span) -> str:
    return text[span.start : span.end].strip()


def _base_item(text: str, section: Section) -> Item:
    path = tuple(Words(heading.title, heading.span) for heading in section.headings)
    who: list[Who] = []
    when: list[Span] = []
    for heading in section.headings:
        words = make_view(text, heading.span).text
        if not _HEADING_DATE.search(words):
            continue
        stripped = strip_item(text, heading.span)
        who.extend(stripped.who)
        when.extend(stripped.when)
    context = tuple(heading.span for heading in section.headings[-2:])
    return Item(Span(0, 0), path=path, who=tuple(who), when=tuple(when), context=context)


def _label_line(text: str, span: Span, view: View) -> Labelled | None:
    """A paragraph that only names who or when: 责任单位：A、B, or a bracket of its own."""
    words = view.text.strip()
    bracketed = words[:1] in "([【" and nesting(words)[:1] == [(0, len(words.rstrip("。;")))]
    if bracketed:
        inner = view.span(1, len(words.rstrip("。;")) - 1)
        return read_who(text, inner)
    if not _LABEL_LINE.match(words) or len(words) > 400:
        return None
    return read_who(text, span)


def _leading_brackets(text: str, view: View, low: int, high: int) -> tuple[int, Labelled | None]:
    """Brackets that open a sentence and name who or when: they close the sentence before."""
    who: list[Who] = []
    when: list[Span] = []
    while low < high:
        start = low + len(view.text[low:high]) - len(view.text[low:high].lstrip(" \n"))
        if start >= high or view.text[start] not in "([【":
            break
        first = nesting(view.text[start:high])[:1]
        if not first or first[0][0] != 0:
            break
        labelled = read_who(text, view.span(start + 1, start + first[0][1] - 1))
        if labelled is None:
            break
        who.extend(labelled.who)
        when.extend(labelled.when)
        low = start + first[0][1]
        while low < high and view.text[low] in "。; \n":
            low += 1
    return low, (Labelled(tuple(who), tuple(when)) if who or when else None)


def _run_in(text: str, start: int, end: int) -> tuple[int, int] | None:
    """``(end of the heading's words, start of what follows)`` for 加强领导。各地要…; None where there is none."""
    match = re.compile(r"[。:](?=.)").search(text, start, end)
    if match is None or match.start() - start > _SHORT_HEADING or match.start() == start:
        return None
    if re.search(r"[,;、]", text[start : match.start()]) and "," in text[start : match.start()]:
        return None
    if re.search(r"\d(?:\.\d+)?\s?[%‰万亿元个家所人户亩吨件项次公]", text[start : match.start()]):
        return None  # what states a threshold heads nothing
    if match.group() == ":" or any(low <= match.start() - start < high for low, high in nesting(text[start:end])):
        return None
    if read_who_only(text[match.end() : end]) or _LEADS_ON.match(text, match.end(), end):
        return None
    return match.start(), match.end()


def read_who_only(words: str) -> bool:
    """Whether words are nothing but a closing bracket or label line, so that what stands before is the item."""
    words = words.strip(" \n。;")
    return bool(words) and (
        (words[0] in "([【" and nesting(words)[:1] == [(0, len(words))]) or bool(_LABEL_LINE.match(words))
    )


def _repeats_heading(words: str, headings: tuple[Heading, ...]) -> bool:
    bare = words.strip("。;, ")
    return bool(headings) and bare == make_view(headings[-1].title).text.strip("。;, ")
