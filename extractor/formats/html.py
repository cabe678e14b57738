"""Web pages and HTML fragments, also JSP templates: the article as body, what surrounds it as chrome."""

from __future__ import annotations

import re
from dataclasses import replace

from lxml import etree, html

from extractor.errors import ReadError
from extractor.formats.base import ReadOptions, TextBuilder
from extractor.formats.encoding import decode
from extractor.formats.html_main import find_main
from extractor.formats.html_table import metadata_pairs, table_cells
from extractor.formats.html_walk import Paragraph, TablePart, walk
from extractor.formats.layers import layers_of
from extractor.formats.text import report_undecodable
from extractor.types.document import Document, Layer, Source

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]+)", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9_\-]+)")
_SERVER = re.compile(r"<%--|<%|<\?php")
_SERVER_ENDS = {"<%--": ("--%>", "%>"), "<%": ("%>",), "<?php": ("?>",)}
_PREFIXED = re.compile(r"</?[A-Za-z]\w*:\w+(?:\"[^\"]*\"|'[^']*'|[^>\"'])*>")
_EXPRESSION = re.compile(r"[$#]\{[^{}\n]*\}")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def read(data: bytes, source: Source, options: ReadOptions) -> Document:
    """The page's visible text in reading order; cells and rows of tables parted by tabs and line feeds.

    Template tags and expressions are no text, nor are form controls. ``properties`` holds the page's title and
    its named meta elements.
    """
    decoded = decode(data, _declared(data))
    builder = TextBuilder(options.max_chars)
    root = _parse(decoded.text)
    if root is None:
        return builder.build(source)
    body = root.find(".//body")
    properties = _properties(root)
    _write(builder, root if body is None else body, properties)
    if decoded.bad:
        report_undecodable(builder, _lost(builder.text()), decoded.encoding)
    return builder.build(source, properties=properties)


def _lost(text: str) -> list[int]:
    """Where the text holds characters that could not be read: offsets in the page's source are none in the text."""
    return [match.start() for match in re.finditer("\ufffd", text)]


def _declared(data: bytes) -> str | None:
    head = data[:4096]
    match = _CHARSET.search(head) or _XML_ENCODING.search(head)
    return match[1].decode("ascii") if match else None


def _parse(text: str) -> html.HtmlElement | None:
    text = _without_server_code(text)
    text = _EXPRESSION.sub("", _PREFIXED.sub("", text))
    text = _ILLEGAL.sub(" ", text)
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = html.document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    except (etree.LxmlError, RecursionError) as error:
        raise _unreadable() from error
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise _unreadable()  # the parser drops what is nested deeper than it goes
    return root


def _without_server_code(text: str) -> str:
    """The page without what a server would run; what opens and never ends stays."""
    pieces: list[str] = []
    at = 0
    missing: set[str] = set()  # ends that come no more, so that they are looked for once
    while (opening := _SERVER.search(text, at)) is not None:
        pieces.append(text[at : opening.start()])
        for end in _SERVER_ENDS[opening[0]]:
            stop = -1 if end in missing else text.find(end, opening.end())
            if stop >= 0:
                at = stop + len(end)
                break
            missing.add(end)
        else:
            pieces.append(opening[0])
            at = opening.end()
    pieces.append(text[at:])
    return "".join(pieces)


def _unreadable() -> ReadError:
    return ReadError("damaged", "网页结构无法解析，请在浏览器中另存后重试 / can't parse the page: save it again")


def _properties(root: html.HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    title = root.find(".//title")
    if title is not None:
        found["title"] = " ".join(title.text_content().split())
    for meta in root.iter("meta"):
        name, content = meta.get("name"), meta.get("content")
        if name and content and name.lower() not in ("viewport", "renderer", "generator"):
            found.setdefault(name, content.strip())
    return found


def _write(builder: TextBuilder, body: html.HtmlElement, properties: dict[str, str]) -> None:
    parts = _with_title(walk(body, find_main(body)), properties)
    layers = layers_of(
        [part.text if isinstance(part, Paragraph) else "" for part in parts],
        fixed=[_fixed(part.layer) if isinstance(part, Paragraph) else "body" for part in parts],
    )
    for part, layer in zip(parts, layers, strict=True):
        if isinstance(part, Paragraph):
            builder.paragraph(part.text, layer=layer, style=part.style)
            continue
        cells, n_rows, n_cols, header_rows = table_cells(part.element)
        pairs = metadata_pairs(cells)
        if pairs:
            for line in pairs:
                builder.paragraph(line, layer="metadata")
        elif any(cell.text.strip() for cell in cells):
            builder.table(cells, n_rows, n_cols, header_rows=header_rows, layer=part.layer)


def _with_title(parts: list[Paragraph | TablePart], properties: dict[str, str]) -> list[Paragraph | TablePart]:
    """The paragraph above the article that the page's own title repeats is part of the document."""
    titles = ["".join(properties.get(name, "").split()) for name in ("ArticleTitle", "title")]
    for i, part in enumerate(parts):
        if part.layer == "body":
            break
        words = "".join(part.text.split()) if isinstance(part, Paragraph) else ""
        if isinstance(part, Paragraph) and len(words) >= 8 and any(title.startswith(words) for title in titles):
            return [*parts[:i], replace(part, layer="body"), *parts[i + 1 :]]
    return parts


def _fixed(layer: Layer) -> Layer | None:
    """Only the body's own paragraphs are still to be judged by their words."""
    return None if layer == "body" else layer
