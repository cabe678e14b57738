"""An HTML tree → paragraphs and data tables in reading order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from lxml.html import HtmlElement

from extractor.formats.html_css import DROPPED, declared_center, declared_weight, is_bold, is_centered, is_hidden
from extractor.formats.html_main import Main, is_named_chrome
from extractor.formats.html_table import BLOCKS, is_data_table, ordered_marks
from extractor.formats.layers import is_label
from extractor.types.document import Layer, Style

_HEADING = re.compile(r"h([1-6])$")
_TITLE_CLASS = re.compile(r"(?:^|[\s_-])(?:\w*title|tit|bt|wzbt|headline)(?:$|[\s_-])", re.IGNORECASE)
_MAX_CHROME = 400  # characters: what is named like navigation but longer is none
_MAX_DEPTH = 150  # deeper elements are read as flat text


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    layer: Layer = "body"
    style: Style | None = None


@dataclass(frozen=True, slots=True)
class TablePart:
    element: HtmlElement
    layer: Layer = "body"


@dataclass(frozen=True, slots=True)
class _Context:
    """What an element passes on to those inside it."""

    layer: Layer = "body"
    level: int | None = None
    centered: bool = False
    bold: bool = False
    pre: bool = False
    link: bool = False
    keep_breaks: bool = False
    depth: int = 0


@dataclass
class _Flow:
    """The paragraph being gathered, and the parts that are finished."""

    parts: list[Paragraph | TablePart] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    has_words: bool = False  # whether any of the pieces is more than blanks
    bold: int = 0
    linked: int = 0
    context: _Context = _Context()
    mark: str = ""  # of the list item that the next paragraph opens

    def add(self, text: str, context: _Context) -> None:
        if not context.pre:
            text = re.sub(r"[ \t\n\r\f]+", " ", text)
        size = len(text.strip())
        if size and not self.has_words:
            self.context = context
        self.has_words = self.has_words or size > 0
        self.pieces.append(text)
        self.bold += size if context.bold else 0
        self.linked += size if context.link else 0

    def is_label(self) -> bool:
        """Whether the paragraph so far is a label of a page's metadata, whose value follows in the next element."""
        return is_label("".join(self.pieces))

    def flush(self) -> None:
        text = re.sub(r" ?\n ?", "\n", re.sub(r" {2,}", " ", "".join(self.pieces))).strip()
        if self.context.pre:
            text = "".join(self.pieces).strip("\n")
        if text:
            text, self.mark = self.mark + text, ""
            size = len(re.sub(r"\s", "", text))
            context = self.context
            layer: Layer = context.layer
            if layer == "body" and self.linked >= 0.8 * size and size < 40 and context.level is None:
                layer = "chrome"
            style = Style(level=context.level, centered=context.centered, bold=self.bold >= 0.8 * size)
            for line in text.split("\n") if context.pre else [text]:
                if line.strip():
                    self.parts.append(Paragraph(line.strip(), layer, style))
        self.pieces, self.has_words, self.bold, self.linked, self.context = [], False, 0, 0, _Context()


def walk(body: HtmlElement, main: Main) -> list[Paragraph | TablePart]:
    """All visible paragraphs and data tables; what stands outside the article is chrome but for titles."""
    flow = _Flow()
    context = _Context() if main.element is body else _Context(layer="chrome")
    _visit(body, context, flow, main)
    flow.flush()
    return flow.parts


def _visit(element: HtmlElement, context: _Context, flow: _Flow, main: Main) -> None:
    tag = element.tag
    if not isinstance(tag, str) or tag in DROPPED or is_hidden(element):
        return
    if tag == "br":
        _line_break(flow, context)
        return
    inner = _enter(element, context, main)
    if tag == "dd" and flow.is_label():
        flow.pieces.append("" if "".join(flow.pieces).rstrip().endswith((":", "：")) else "：")
    elif tag in BLOCKS:
        flow.flush()
    if tag == "table" and is_data_table(element):
        _caption(element, inner, flow)
        flow.parts.append(TablePart(element, inner.layer))
        return
    if inner.depth > _MAX_DEPTH:
        flow.add(element.text_content(), inner)
    else:
        _children(element, inner, flow, main)
    if tag in BLOCKS and not (tag == "dt" and flow.is_label()):
        flow.flush()


def _children(element: HtmlElement, inner: _Context, flow: _Flow, main: Main) -> None:
    if element.text:
        flow.add(element.text, inner)
    marks = ordered_marks(element)
    for child in element:
        if child.tag == "li":
            flow.flush()
            flow.mark = next(marks, "")
        _visit(child, inner, flow, main)
        if child.tail:
            flow.add(child.tail, inner)


def _line_break(flow: _Flow, context: _Context) -> None:
    """A title's lines stay together; elsewhere each line is a paragraph, as it is in text files."""
    if context.keep_breaks:
        flow.pieces.append("\n")
    else:
        flow.flush()


def _caption(table: HtmlElement, context: _Context, flow: _Flow) -> None:
    for caption in table.iterchildren("caption"):
        flow.add(caption.text_content(), replace(context, centered=True))
        flow.flush()


def _enter(element: HtmlElement, context: _Context, main: Main) -> _Context:
    tag = element.tag
    style = element.get("style", "")
    heading = _HEADING.match(tag)
    center = declared_center(element)
    weight = declared_weight(style)
    level = int(heading[1]) if heading else context.level
    centered = context.centered if center is None else center
    return _Context(
        layer=_layer(element, context, main, is_heading=heading is not None),
        level=level,
        centered=centered,
        bold=is_bold(tag) or heading is not None or (context.bold if weight is None else weight),
        pre=context.pre or tag == "pre",
        link=context.link or (tag == "a" and element.get("href") is not None),
        keep_breaks=level is not None or (centered and tag != "body" and is_centered(element, context.keep_breaks)),
        depth=context.depth + 1,
    )


def _layer(element: HtmlElement, context: _Context, main: Main, *, is_heading: bool) -> Layer:
    if element is main.element or element in main.kept:
        return "body"
    if context.layer == "chrome":
        names = f"{element.get('class', '')} {element.get('id', '')}"
        is_title = (is_heading and element.tag in ("h1", "h2")) or _TITLE_CLASS.search(names)
        return "body" if is_title and element.text_content().strip() and not _links(element) else "chrome"
    if element not in main.above and is_named_chrome(element) and len(element.text_content()) < _MAX_CHROME:
        return "chrome"
    return context.layer


def _links(element: HtmlElement) -> bool:
    return next(element.iter("a"), None) is not None
