"""The words of a DOCX paragraph as printed with all changes accepted."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml.etree import _Element

from extractor.formats.docx_styles import Styles, W, natural, value
from extractor.types.document import Style

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_INSIDE = frozenset(
    W + name
    for name in ("hyperlink", "ins", "moveTo", "smartTag", "customXml", "sdt", "sdtContent", "fldSimple", "dir", "bdo")
)
_GONE = frozenset(W + name for name in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "rt", "instrText", "delText"))
_SYMBOLS = {
    "F0FE": "☑",
    "F052": "☑",
    "F0A8": "□",
    "F0A3": "□",
    "F06F": "□",
    "F0FC": "✓",
    "F0B7": "•",
    "F06C": "●",
    "F06E": "■",
}
_SIGNS = {
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
}


@dataclass(slots=True)
class Fields:
    """Open fields of a story: text between a field's start and its separator is code. Outlives paragraphs."""

    in_code: list[bool] = field(default_factory=list)

    def is_code(self) -> bool:
        return any(self.in_code)

    def meet(self, kind: str | None) -> None:
        if kind == "begin":
            self.in_code.append(True)
        elif kind == "separate" and self.in_code:
            self.in_code[-1] = False
        elif kind == "end" and self.in_code:
            self.in_code.pop()


@dataclass(slots=True)
class Words:
    """What a paragraph prints, how it looks, and the text boxes anchored in it."""

    pieces: list[str] = field(default_factory=list)
    boxes: list[_Element] = field(default_factory=list)
    size: int = 0  # characters that are not blank
    bold: int = 0
    sizes: dict[str, int] = field(default_factory=dict)
    fonts: dict[str, int] = field(default_factory=dict)

    def text(self) -> str:
        return "".join(self.pieces).strip(" \t\n\r\u3000\xa0")


def paragraph_words(paragraph: _Element, styles: Styles, fields: Fields) -> Words:
    """Reads a ``w:p``: insertions kept, deletions and hidden runs dropped, results of fields instead of codes."""
    words = Words()
    _gather(paragraph, words, styles, fields, paragraph.find(W + "pPr"))
    return words


def _gather(element: _Element, words: Words, styles: Styles, fields: Fields, properties: _Element | None) -> None:
    for child in element:
        tag = child.tag
        if tag == W + "r":
            _run(child, words, styles, fields, properties)
        elif tag in _INSIDE:
            _gather(child, words, styles, fields, properties)
        elif tag == MC + "AlternateContent":
            chosen = _choice(child)
            if chosen is not None:
                _gather(chosen, words, styles, fields, properties)
        elif str(tag).startswith(_MATH) and not fields.is_code():
            words.pieces.append("".join(node.text or "" for node in child.iter(_MATH + "t")))


def _choice(element: _Element) -> _Element | None:
    """One of the alternatives, so that nothing is read twice."""
    choice = element.find(MC + "Choice")
    return choice if choice is not None else element.find(MC + "Fallback")


def _run(run: _Element, words: Words, styles: Styles, fields: Fields, properties: _Element | None) -> None:
    own = run.find(W + "rPr")
    hidden = own is not None and styles.run_switch(own, properties, "vanish")
    start = len(words.pieces)
    for child in run:
        tag = child.tag
        if tag == W + "fldChar":
            fields.meet(child.get(W + "fldCharType"))
        elif tag in _GONE:
            continue
        elif tag == MC + "AlternateContent":
            chosen = _choice(child)
            if chosen is not None:
                words.boxes += _text_boxes(chosen)
        elif tag in (W + "drawing", W + "pict", W + "object"):
            words.boxes += _text_boxes(child)
        elif tag == W + "ruby":
            for base in child.iterchildren(W + "rubyBase"):
                _gather(base, words, styles, fields, properties)
        elif not hidden and not fields.is_code():
            words.pieces.append(_sign(child))
    _look("".join(words.pieces[start:]), own, words, styles, properties)


def _text_boxes(element: _Element) -> list[_Element]:
    """The outermost text boxes, each alternative once."""
    found: list[_Element] = []
    for child in element:
        if child.tag == W + "txbxContent":
            found.append(child)
        elif child.tag == MC + "AlternateContent":
            chosen = _choice(child)
            found += _text_boxes(chosen) if chosen is not None else []
        else:
            found += _text_boxes(child)
    return found


def _sign(child: _Element) -> str:
    tag = child.tag
    if tag == W + "t":
        return child.text or ""
    if tag == W + "br":
        return "" if child.get(W + "type") in ("page", "column") else "\n"
    if tag == W + "sym":
        return _symbol(child.get(W + "char", ""))
    return _SIGNS.get(tag, "")


def _symbol(code: str) -> str:
    if code.upper() in _SYMBOLS:
        return _SYMBOLS[code.upper()]
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    return chr(number) if 0x20 <= number < 0xD800 or 0xE000 <= number <= 0xFFFD else ""


def _look(text: str, own: _Element | None, words: Words, styles: Styles, properties: _Element | None) -> None:
    size = len(text) - sum(text.count(blank) for blank in " \t\n\u3000\xa0")
    if not size:
        return
    words.size += size
    if styles.run_switch(own, properties, "b"):
        words.bold += size
    points = styles.run_value(own, properties, "sz", "val")
    if points:
        words.sizes[points] = words.sizes.get(points, 0) + size
    font = styles.run_value(own, properties, "rFonts", "eastAsia")
    if font:
        words.fonts[font] = words.fonts.get(font, 0) + size


def style_of(words: Words, styles: Styles, properties: _Element | None) -> Style:
    """The paragraph's look: what most of its characters have."""
    points = max(words.sizes, key=lambda key: words.sizes[key], default=None)
    half_points = natural(points)
    return Style(
        level=styles.level(properties),
        centered=styles.alignment(properties) == "center",
        bold=words.size > 0 and words.bold >= 0.8 * words.size,
        size=None if half_points is None else half_points / 2,
        font=max(words.fonts, key=lambda key: words.fonts[key], default=None),
    )


def mark_is_deleted(properties: _Element | None) -> bool:
    """Whether the paragraph's end was deleted, so that it runs on into the next one."""
    own = None if properties is None else properties.find(W + "rPr")
    return own is not None and (own.find(W + "del") is not None or own.find(W + "moveFrom") is not None)


def is_deleted_row(row: _Element) -> bool:
    """Whether a table row was deleted as a tracked change, or is hidden."""
    properties = row.find(W + "trPr")
    return properties is not None and (
        properties.find(W + "del") is not None
        or value(properties, "hidden") is not None
        or properties.find(W + "hidden") is not None
    )
