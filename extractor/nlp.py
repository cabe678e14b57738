"""The expressions and targets as a spaCy pipeline: a thin face on the functions that ``extract`` calls.

``spacy.blank("zh")`` with its character segmenter: every character is a token, so no border of a mention can
fall inside one (with jieba tokens 2024年12月31日前 loses 前 to a token 日前). Word tokens are a view beside it,
``doc._.words``. Results are span groups, each span with its reading in ``span._.reading``; a pipeline can be
combined, saved and loaded like any other, and drawn with displaCy (``style="span"``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy
import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span

from extractor.mentions import find_mentions
from extractor.records.frame import Frame
from extractor.records.targets import find_targets
from extractor.text.clauses import sentences
from extractor.text.view import View, make_view
from extractor.text.words import cut
from extractor.types.mention import Mentions

if TYPE_CHECKING:
    from collections.abc import Iterable

GROUPS = ("quantities", "dates", "implicits", "points")
_KEY = "policy_reading"


def _reading(span: Span) -> dict[str, Any] | None:
    """By group and place in it: several targets may share their words (城乡供水率分别达到98%、92%)."""
    found: dict[str, Any] | None = span.doc.user_data.get(f"{_KEY}:{span.label_}:{span.id_}")
    return found


def _register() -> None:
    if not Span.has_extension("reading"):
        Span.set_extension("reading", getter=_reading)
    if not Doc.has_extension("words"):
        Doc.set_extension("words", getter=lambda doc: [doc.text[a:b] for a, b in cut(doc.text)])


_register()


@Language.factory("policy_sentences", assigns=["token.is_sent_start", "doc.sents"])
def make_sentences(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """Sentences end at 。；！？ outside brackets and quotes."""

    def component(doc: Doc) -> Doc:
        view = make_view(doc.text)
        starts = {view.span(start, end).start for start, end in sentences(view.text)}
        signs = [1 if token.i == 0 or token.idx in starts else -1 for token in doc]
        if signs:  # all at once: each setting of token.is_sent_start looks through the whole document
            marks: Any = numpy.array(signs, dtype="int64").astype("uint64")
            doc.from_array(["SENT_START"], marks)
        return doc

    return component


@Language.factory("policy_mentions", default_config={"year": None}, assigns=["doc.spans"])
def make_mentions(nlp: Language, name: str, year: int | None) -> Callable[[Doc], Doc]:
    """Span groups ``quantities``, ``dates``, ``implicits``, ``points``; ``year`` completes partial dates."""

    def component(doc: Doc) -> Doc:
        view = make_view(doc.text)
        mentions = find_mentions(view.text, year=year)
        for group in GROUPS:
            _group(doc, group, view, ((each.span, _plain(asdict(each))) for each in getattr(mentions, group)))
        return doc

    return component


@Language.factory("policy_targets", default_config={"year": None}, assigns=["doc.spans"])
def make_targets(nlp: Language, name: str, year: int | None) -> Callable[[Doc], Doc]:
    """Span group ``targets``: what can be measured, with metric, comparator, value and unit."""

    def component(doc: Doc) -> Doc:
        view = make_view(doc.text)
        targets = find_targets(frame_of(view, find_mentions(view.text, year=year), year)).targets
        _group(doc, "targets", view, ((draft.raw, _plain(asdict(draft))) for draft in targets))
        return doc

    return component


def frame_of(view: View, mentions: Mentions, year: int | None) -> Frame:
    """A frame without surroundings, for text that stands alone."""
    return Frame(view, mentions.quantities, mentions.dates, mentions.implicits, mentions.points, year=year)


def build_nlp(year: int | None = None) -> Language:
    """A blank Chinese pipeline with all components; ``nlp(text).spans["targets"]`` holds the targets."""
    nlp = spacy.blank("zh")
    nlp.add_pipe("policy_sentences")
    nlp.add_pipe("policy_mentions", config={"year": year})
    nlp.add_pipe("policy_targets", config={"year": year})
    return nlp


def _group(doc: Doc, name: str, view: View, found: Iterable[tuple[tuple[int, int], dict[str, Any]]]) -> None:
    spans: list[Span] = []
    for index, ((start, end), reading) in enumerate(found):
        at = view.span(start, end)
        span = doc.char_span(at.start, at.end, label=name.upper(), span_id=str(index), alignment_mode="expand")
        if span is not None:
            doc.user_data[f"{_KEY}:{span.label_}:{span.id_}"] = reading
            spans.append(span)
    doc.spans[name] = spans


def _plain(reading: dict[str, Any]) -> dict[str, Any]:
    """Values that msgpack can hold, so that a Doc can be saved: numbers as text, offsets left to the span."""
    return {
        key: value if isinstance(value, str | int | bool | None) else str(value)
        for key, value in reading.items()
        if key not in ("span", "number", "object", "raw", "between", "change", "date", "at") and value is not None
    }
