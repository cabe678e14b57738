"""Word documents (DOCX)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from extractor.formats.base import ReadOptions, TextBuilder
from extractor.formats.docx_numbering import Numbering
from extractor.formats.docx_story import Paragraph, Part, Story
from extractor.formats.docx_styles import Styles, W
from extractor.formats.layers import layers_of
from extractor.formats.office_package import check_package, open_docx
from extractor.types.document import Document, Furniture, Source

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_NOTES = ("footnotes", "endnotes")
_NUMBERING = "numbering"
_BROKEN = (AttributeError, KeyError, ValueError, TypeError, etree.LxmlError)
_PROPERTIES = ("title", "author", "subject", "keywords", "comments", "category", "last_modified_by")


def read(data: bytes, source: Source, options: ReadOptions) -> Document:
    """Body paragraphs and tables in order, automatic numbers written out, tracked changes accepted.

    A text box stands after the paragraph that holds it, an inner table inside its cell's text. Headers and
    footers are furniture (page 1: a DOCX knows no pages); footnotes come last, layer ``note``.
    """
    check_package(data)
    word = open_docx(data)
    related = _related(word)
    styles = Styles.of(related.get("styles"))
    numbering = Numbering.of(related.get(_NUMBERING), styles)
    builder = TextBuilder(options.max_chars)
    story = Story(styles, numbering)
    _write(builder, list(story.parts(word.element.body, is_body=True)))
    for kind in _NOTES:
        _write_notes(builder, related.get(kind), styles, numbering)
        if kind in related and related[kind] is None:
            builder.issue("damaged_notes", "脚注或尾注损坏，未读取 / notes are damaged and were not read")
    try:
        builder.furniture += _furniture(word, styles)
    except _BROKEN:
        builder.issue("damaged_header", "页眉页脚损坏，未读取 / headers and footers are damaged and were not read")
    return builder.build(source, properties=_properties(word))


def _related(word: WordDocument) -> dict[str, etree._Element | None]:
    """The roots of the parts beside the body, by kind; None for parts that can't be parsed."""
    found: dict[str, etree._Element | None] = {}
    for relation in word.part.rels.values():
        kind = relation.reltype.rsplit("/", 1)[-1]
        if relation.is_external or kind not in ("styles", _NUMBERING, *_NOTES) or kind in found:
            continue
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        try:
            found[kind] = etree.fromstring(relation.target_part.blob, parser)
        except etree.XMLSyntaxError:
            found[kind] = None
    return found


def _write(builder: TextBuilder, parts: list[Part]) -> None:
    layers = layers_of([part.text if isinstance(part, Paragraph) else "" for part in parts])
    for part, layer in zip(parts, layers, strict=True):
        if isinstance(part, Paragraph):
            builder.paragraph(part.text, layer=layer, style=part.style, paragraph=part.index, framed=part.framed)
        elif any(cell.text.strip() for cell in part.cells):
            builder.table(part.cells, part.n_rows, part.n_cols, header_rows=part.header_rows)


def _write_notes(builder: TextBuilder, root: etree._Element | None, styles: Styles, numbering: Numbering) -> None:
    if root is None:
        return
    for note in root:
        if note.get(W + "type") in (None, "normal"):
            for part in Story(styles, numbering).parts(note):
                if isinstance(part, Paragraph):
                    builder.paragraph(part.text, layer="note", style=part.style)


def _furniture(word: WordDocument, styles: Styles) -> list[Furniture]:
    texts: dict[str, None] = {}
    for section in word.sections:
        for shown in (
            section.header,
            section.first_page_header,
            section.even_page_header,
            section.footer,
            section.first_page_footer,
            section.even_page_footer,
        ):
            if not shown.is_linked_to_previous:
                for part in Story(styles, Numbering()).parts(shown._element):
                    if isinstance(part, Paragraph):
                        texts.setdefault(part.text)
    return [Furniture(page=1, text=text) for text in texts]


def _properties(word: WordDocument) -> dict[str, str]:
    try:
        core = word.core_properties
        found = {name: str(getattr(core, name) or "").strip() for name in _PROPERTIES}
    except _BROKEN:  # a damaged properties part takes nothing from the text
        return {}
    return {name: text for name, text in found.items() if text}
