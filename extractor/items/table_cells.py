"""One cell of a requirement column cut into its items."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from extractor.items.table_grid import fold
from extractor.text.brackets import Stripped, strip_item
from extractor.text.marks import Mark, iter_marks
from extractor.text.view import View, make_view
from extractor.types.geometry import Span
from extractor.types.item import Words

_SHORT_TITLE = 30
_POINTS_END = re.compile(r"[(【](?:计|得)?\d+(?:\.\d+)?分[)】](?:[;。,]?\n|[;。]|$)")
_NOTE = re.compile(r"\n\s?(?:注|备注)\s?\d?[:.]")
_TIGHT = re.compile(r"(?:^|(?<=[\n。;]))(\d{1,2})[.、](?=\S)")
_DATED = re.compile(r"^(?:到|至|在|力争|截至)?(?:20\d\d年|[“\"]?十[三四五六]五|年底|年内|\d{1,2}月)")


@dataclass(frozen=True, slots=True)
class Piece:
    """An item of a cell. ``titles``: headings inside the cell above it; ``intro`` words before the list."""

    stripped: Stripped
    number: str | None = None
    titles: tuple[Words, ...] = ()
    intro: Span | None = None
    lead_in: Span | None = None


def cut_cell(text: str, span: Span) -> tuple[Piece, ...]:
    """The numbered items of a cell, at the lowest level of their numbering; the whole cell where none is."""
    view = make_view(text, span)
    note = _NOTE.search(view.text) if "\n" in view.text else None
    if note is not None and note.start() > 0:
        view = make_view(text, Span(span.start, view.span(note.start(), note.end()).start))
        span = Span(span.start, view.end)
    marks = _cutting(view.text, _marks(view.text))
    if not marks:
        return tuple(Piece(part) for part in _parts(text, span))
    depths = _depths(marks)
    pieces: list[Piece] = []
    intro = _intro(text, view, marks[0])
    if intro is not None and intro.number == "":
        pieces.append(replace(intro, number=None))
        intro = None
    titles: list[tuple[int, Words | None, Span]] = []
    for at, mark in enumerate(marks):
        stop = marks[at + 1].start if at + 1 < len(marks) else len(view.text)
        body = view.span(mark.end, stop)
        titles = [title for title in titles if title[0] < depths[at]]
        if at + 1 < len(marks) and depths[at + 1] > depths[at]:
            titles.append((depths[at], _title(text, body), body))
            continue
        for part, stripped in enumerate(_parts(text, body)):
            piece = _piece(text, view, mark, stripped, titles)
            piece = piece if part == 0 else replace(piece, number=None)
            pieces.append(piece if intro is None else _after(intro, piece))
    return tuple(_shared_close(text, pieces))


def _parts(text: str, span: Span) -> list[Stripped]:
    """A stretch whose parts each carry points (建立制度（2分）；落实责任（3分）) cut after every mark, else the whole."""
    view = make_view(text, span)
    marks = list(_POINTS_END.finditer(view.text))
    whole = strip_item(text, span)
    if len(marks) > 1 and whole.points is None and not view.text[marks[-1].end() :].strip(" \n。;"):
        starts = [0, *(mark.end() for mark in marks[:-1])]
        parts = [strip_item(text, view.span(at, mark.end())) for at, mark in zip(starts, marks, strict=True)]
        if all(part.points is not None and part.span.end - part.span.start >= 4 for part in parts):
            return parts
    return [whole] if whole.span.end > whole.span.start else []


def _piece(
    text: str, view: View, mark: Mark, stripped: Stripped, titles: list[tuple[int, Words | None, Span]]
) -> Piece:
    words = tuple(title for _, title, _ in titles if title is not None)
    spoken = [span for _, title, span in titles if title is None]
    number = fold(text, view.span(mark.start, mark.end)).text if mark.number is not None else None
    return Piece(stripped, number, words, spoken[-1] if spoken else None)


def _marks(text: str) -> list[Mark]:
    """The marks of a cell, also those that a number follows at once (1.100%的村…；2.35岁以下…)."""
    marks = iter_marks(text)
    tight: list[Mark] = []
    for match in _TIGHT.finditer(text):
        if int(match[1]) == len(tight) + 1 and (tight or match.start() == 0):
            tight.append(Mark("arabic", int(match[1]), match.group(), match.start(), match.end()))
    if len(tight) < 2 or len(tight) <= sum(mark.kind == "arabic" for mark in marks):
        return marks
    others = [mark for mark in marks if mark.kind not in ("arabic", "dotted2")]
    return sorted([*tight, *others], key=lambda mark: mark.start)


def _cutting(text: str, marks: list[Mark]) -> list[Mark]:
    """Without an enumeration that runs on inside a sentence (设立①服务台②咨询台), and without a lone mark inside."""
    kept: list[Mark] = []
    inline: set[str] = set()
    for mark in marks:
        before = text[mark.start - 1] if mark.start else "\n"
        if mark.kind == "circle" and kept and mark.number == 1:
            inline = inline | {"circle"} if before not in "。;:：\n)" else inline - {"circle"}
        if mark.kind in inline:
            continue
        kept.append(mark)
    if len(kept) == 1 and kept[0].start > 0:
        return []
    return kept


def _depths(marks: list[Mark]) -> list[int]:
    """Level of each mark: a kind seen first opens a level below, one seen before goes back to its own."""
    stack: list[str] = []
    depths: list[int] = []
    for mark in marks:
        kind = mark.kind
        if kind in stack:
            del stack[stack.index(kind) + 1 :]
        else:
            stack.append(kind)
        depths.append(len(stack) - 1)
    return depths


def _title(text: str, body: Span) -> Words | None:
    """A short title above a nested list; None for a sentence that leads to it."""
    words = fold(text, strip_item(text, body).span)
    title = words.text.rstrip("：:。；;")
    if not title or len(title) > _SHORT_TITLE or re.search(r"[，,；;。]", title):
        return None
    return Words(title, Span(words.span.start, words.span.start + len(words.text.rstrip("：:。；;"))))


def _intro(text: str, view: View, first: Mark) -> Piece | None:
    """Words before the first number: a title, a lead-in (到2025年：), or an item of their own (number ``""``)."""
    if first.start == 0:
        return None
    body = view.span(0, first.start)
    stripped = strip_item(text, body)
    said = view.text[: first.start].strip()
    if stripped.span.end <= stripped.span.start:
        return None
    closed = said[-1] in "。;!"
    if said.endswith(":") and _DATED.match(said) and len(said) <= _SHORT_TITLE:
        return Piece(stripped, lead_in=stripped.span)
    title = _title(text, body)
    if title is not None:
        return Piece(stripped, titles=(title,))
    if closed and not re.search(r"(?:如下|以下|下列)\S{0,6}[。:]$", said):
        return Piece(stripped, number="")
    return Piece(stripped, intro=stripped.span)


def _after(intro: Piece, piece: Piece) -> Piece:
    return replace(
        piece,
        titles=(*intro.titles, *piece.titles),
        intro=piece.intro or intro.intro,
        lead_in=intro.lead_in,
    )


def _shared_close(text: str, pieces: list[Piece]) -> list[Piece]:
    """A who/when bracket that stands after the last item's full stop or on a line of its own holds for all items."""
    if len(pieces) < 2 or any(piece.stripped.who or piece.stripped.when for piece in pieces[:-1]):
        return pieces
    last = pieces[-1].stripped
    starts = [who.span.start for who in last.who] + [when.start for when in last.when]
    if not starts or not re.search(r"[。\n]", text[last.span.end : min(starts)]):
        return pieces
    return [replace(piece, stripped=replace(piece.stripped, who=last.who, when=last.when)) for piece in pieces]
