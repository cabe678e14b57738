"""Plain text, also with tab-separated tables and web pages saved as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from extractor.formats.base import ReadOptions, TextBuilder, too_large
from extractor.formats.encoding import Decoded, decode
from extractor.formats.grid import build_table
from extractor.formats.layers import layers_of
from extractor.types.document import Block, Document, Source
from extractor.types.geometry import Span
from extractor.types.table import Cell

_LINE = re.compile("[^\n\r\u2028\u2029\x0b\x0c\x85]+")
_BLANK = " \t\u3000\xa0\u2002\u2003\u2009\ufeff\u200b"


def read(data: bytes, source: Source, options: ReadOptions) -> Document:
    """The text is the decoded file, character by character; blocks and cells are stretches of it."""
    decoded = decode(data)
    if len(decoded.text) > options.max_chars:
        raise too_large(options.max_chars)
    builder = TextBuilder(options.max_chars)
    builder.append(decoded.text)
    report_undecodable(builder, decoded)
    text = decoded.text
    run: list[Span] = []
    for line in _lines(text):
        if "\t" in text[line.start : line.end].strip(_BLANK.replace("\t", "")):
            run.append(line)
            continue
        _flush(builder, text, run)
        run = []
        _paragraph(builder, text, line)
    _flush(builder, text, run)
    _assign_layers(builder, text)
    return builder.build(source)


def _assign_layers(builder: TextBuilder, text: str) -> None:
    texts = [text[b.span.start : b.span.end] if b.kind == "paragraph" else "" for b in builder.blocks]
    layers = layers_of(texts)
    builder.blocks = [
        block if block.layer == layer else replace(block, layer=layer)
        for block, layer in zip(builder.blocks, layers, strict=True)
    ]


def report_undecodable(builder: TextBuilder, decoded: Decoded) -> None:
    """One issue for each unreadable place, the first 20 of them."""
    for at in decoded.bad[:20]:
        builder.issue(
            "undecodable",
            f"第{at}个字符处有无法识别的字节（按{decoded.encoding}解码），以“\ufffd”代替 / unreadable bytes at "
            f"character {at} (as {decoded.encoding})",
            span=Span(at, at + 1),
        )


def _lines(text: str) -> Iterator[Span]:
    for match in _LINE.finditer(text):
        yield Span(match.start(), match.end())


def _strip(text: str, span: Span) -> Span:
    words = text[span.start : span.end]
    start = span.start + len(words) - len(words.lstrip(_BLANK))
    return Span(start, max(start, span.start + len(words.rstrip(_BLANK))))


def _paragraph(builder: TextBuilder, text: str, line: Span) -> None:
    span = _strip(text, line)
    if span.start < span.end:
        builder.blocks.append(Block(span=span))


def _flush(builder: TextBuilder, text: str, run: list[Span]) -> None:
    """A run of lines with tabs: a table from two lines on, else a paragraph."""
    if len(run) == 1:
        _paragraph(builder, text, run[0])
    if len(run) < 2:
        return
    cells: list[Cell] = []
    for row, line in enumerate(run):
        start = line.start
        for col, words in enumerate(text[line.start : line.end].split("\t")):
            cells.append(Cell(row, col, _strip(text, Span(start, start + len(words)))))
            start += len(words) + 1
    n_cols = max(cell.col for cell in cells) + 1
    builder.add_table(build_table(cells, len(run), n_cols, span=Span(run[0].start, run[-1].end)))
