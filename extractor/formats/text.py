"""Plain text, also with tab-separated tables and web pages saved as text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extractor.formats.base import ReadOptions, TextBuilder, too_large
from extractor.formats.encoding import decode
from extractor.formats.layers import layers_of
from extractor.formats.text_table import Found, find_tables, join_quoted, strip
from extractor.formats.text_wrap import unwrap
from extractor.types.document import Block, Document, Source
from extractor.types.geometry import Span

_LINE = re.compile("[^\n\r\u2028\u2029\x0b\x0c\x85]+")

_REPORTED = 20  # unreadable places with an issue of their own


def read(data: bytes, source: Source, options: ReadOptions) -> Document:
    """The text is the decoded file, character by character; blocks and cells are stretches of it.

    Only where lines were evidently broken at a fixed width are those breaks taken out (issue ``unwrapped``).
    """
    decoded = decode(data)
    if len(decoded.text) > options.max_chars:
        raise too_large(options.max_chars)
    builder = TextBuilder(options.max_chars)
    joined = unwrap(decoded.text) if not decoded.bad else None
    text = decoded.text if joined is None else joined
    builder.append(text)
    report_undecodable(builder, decoded.bad, decoded.encoding)
    if joined is not None:
        builder.issue(
            "unwrapped", "按固定宽度折行的文本已接回段落 / lines broken at a fixed width were joined", severity="info"
        )
    lines = [Span(match.start(), match.end()) for match in _LINE.finditer(text)]
    lines = join_quoted(text, lines)
    at = 0
    for found in [*find_tables(text, lines), None]:
        for line in lines[at : found.first if found else None]:
            _paragraph(builder, text, line)
        if found:
            builder.add_table(found.table)
            _report_guess(builder, found)
            at = found.last
    _assign_layers(builder, text)
    return builder.build(source)


def _report_guess(builder: TextBuilder, found: Found) -> None:
    if found.guessed:
        builder.issue(
            "guessed_columns",
            "表格各行的列数不一，列的归属为推断，请核对 / rows of the table differ in length: columns are inferred",
            span=found.table.span,
        )


def _assign_layers(builder: TextBuilder, text: str) -> None:
    texts = [text[b.span.start : b.span.end] if b.kind == "paragraph" else "" for b in builder.blocks]
    layers = layers_of(texts)
    builder.blocks = [
        block if block.layer == layer else replace(block, layer=layer)
        for block, layer in zip(builder.blocks, layers, strict=True)
    ]


def report_undecodable(builder: TextBuilder, places: Sequence[int], encoding: str) -> None:
    """One issue for each unreadable place of the text, the first 20 of them, and one with their number if more."""
    for at in places[:_REPORTED]:
        builder.issue(
            "undecodable",
            f"第{at}个字符处有无法识别的字节（按{encoding}解码），以“\ufffd”代替 / unreadable bytes at "
            f"character {at} (as {encoding})",
            span=Span(at, at + 1),
        )
    if len(places) > _REPORTED:
        builder.issue(
            "undecodable",
            f"共有{len(places)}处无法识别的字节，只列出前{_REPORTED}处 / {len(places)} places with unreadable bytes, "
            f"of which the first {_REPORTED} are listed",
        )


def _paragraph(builder: TextBuilder, text: str, line: Span) -> None:
    span = strip(text, line)
    if span.start < span.end:
        builder.blocks.append(Block(span=span))
