"""TXT: paragraphs as lines, tables as tab-separated rows whose covered places stay empty."""

from __future__ import annotations

from corpus.generate.model import Document, Grid, Para

INDENTED = {"body", "item", "h1", "h2", "h3", "h4", "annexes"}
CENTRED = {"title", "subtitle", "docno", "org"}
RIGHT = {"sign", "date"}


def render(document: Document) -> bytes:
    meta = document.meta
    indent = "　　" if meta.get("indent", "yes") == "yes" else ""
    lines: list[str] = []
    for element in document.elements:
        lines += table_lines(element) if isinstance(element, Grid) else [paragraph(element, indent)]
        if meta.get("blank") == "yes":
            lines.append("")
    text = "\n".join(lines) + "\n"
    if meta.get("newline") == "crlf":
        text = text.replace("\n", "\r\n")
    return text.encode("utf-8-sig" if meta.get("bom") == "yes" else "utf-8")


def paragraph(element: Para, indent: str) -> str:
    text = element.number + element.text
    if element.style in INDENTED:
        return indent + text
    if element.style in RIGHT and indent:
        return "　" * 16 + text
    return text


def table_lines(grid: Grid) -> list[str]:
    """One line a row, but for line breaks inside cells."""
    rows = [[""] * grid.n_cols for _ in range(grid.n_rows)]
    for cell in grid.cells:
        rows[cell.row][cell.col] = "\n".join(cell.lines)
    return ["\t".join(row) for row in rows]
