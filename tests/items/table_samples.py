"""Made-up tables and a way to write them down: one string a row, cells parted by ``|``.

``^`` continues the cell above, ``<`` the cell to the left; ``⏎`` is a line break inside a cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from extractor.items.tables import table_items
from extractor.types.document import Block, Document, Source
from extractor.types.geometry import Span
from extractor.types.item import Item
from extractor.types.outline import Heading, Section
from extractor.types.table import Cell, Table

SOURCE = Source("sample.txt", "0" * 64, "text", 0)


def make_document(*tables: str, before: str = "") -> Document:
    """A document of ``before`` and the tables, one after the other."""
    text = before + "\n" if before else ""
    made: list[Table] = []
    blocks: list[Block] = []
    for number, source in enumerate(tables):
        rows = [line.strip() for line in source.strip().splitlines()]
        grid = [[cell.strip().replace("⏎", "\n") for cell in row.split("|")] for row in rows]
        width = max(map(len, grid))
        grid = [row + [""] * (width - len(row)) for row in grid]
        start = len(text)
        cells: list[Cell] = []
        for r, row in enumerate(grid):
            for c, words in enumerate(row):
                if words in ("^", "<"):
                    continue
                at = len(text)
                text += words
                high, wide = _extent(grid, r, c)
                cells.append(Cell(r, c, Span(at, len(text)), high, wide))
                text += "\t"
            text += "\n"
        made.append(Table(Span(start, len(text) - 2), len(grid), width, tuple(cells)))
        blocks.append(Block(made[-1].span, "table", table=number))
        text += "\n"
    return Document(SOURCE, text, tuple(blocks), tuple(made))


def _extent(grid: list[list[str]], r: int, c: int) -> tuple[int, int]:
    wide = 1
    while c + wide < len(grid[r]) and grid[r][c + wide] == "<":
        wide += 1
    high = 1
    while r + high < len(grid) and grid[r + high][c] == "^":
        high += 1
    return high, wide


def section_of(*headings: str, table: int = 0) -> Section:
    return Section(
        table, tuple(Heading(title, Span(0, 0), level + 1) for level, title in enumerate(headings)), Span(0, 0)
    )


def read_items(
    *tables: str, headings: tuple[str, ...] = (), before: str = "", index: int = 0, **known: Any
) -> list[dict[str, Any]]:
    document = make_document(*tables, before=before)
    items = table_items(document, index, section_of(*headings), **known)
    return [show(document.text, item) for item in items]


def show(text: str, item: Item) -> dict[str, Any]:
    """The filled fields of an item, spans as words."""

    def say(span: Span) -> str:
        return text[span.start : span.end]

    fields: dict[str, Any] = {
        "path": [words.text for words in item.path],
        "number": item.number,
        "text": say(item.span),
        "tier": item.tier,
        "points": item.points and float(item.points.value),
        "row_points": item.row_points and float(item.row_points.value),
        "who": [(who.role, say(who.span)) for who in item.who],
        "when": [say(when) for when in item.when],
        "lead_in": item.lead_in and say(item.lead_in),
        "assessed": [words.text for words in item.assessed],
        "scoring": item.scoring and say(item.scoring),
        "thresholds": [say(span) for span in item.thresholds],
        "notes": [say(span) for span in item.notes],
        "context": [say(span) for span in item.context],
        "quota": [
            {
                key: value
                for key, value in {
                    "cell": say(cell.span),
                    "measure": [words.text for words in cell.measure],
                    "unit": cell.unit,
                    "scope": cell.scope,
                    "year": cell.year,
                    "baseline": cell.baseline,
                    "strength": cell.strength,
                }.items()
                if value
            }
            for cell in item.quota
        ],
    }
    return {key: value for key, value in fields.items() if value or key in ("path", "text")}


def brief(record: dict[str, Any]) -> str:
    """A record of ``read_items`` on one line: path > number text <tier> points [who] {when} and what more it has."""
    parts = [" > ".join([*record["path"], " ".join(filter(None, [record.get("number"), record["text"]]))])]
    if "tier" in record:
        parts.append(f"<{record['tier']}>")
    if "points" in record or "row_points" in record:
        parts.append(f"{record.get('points', 0):g}/{record.get('row_points', 0):g}分")
    if "who" in record:
        parts.append("[" + " ".join(f"{role or '?'}:{name}" for role, name in record["who"]) + "]")
    if "when" in record:
        parts.append("{" + " ".join(record["when"]) + "}")
    for key in ("lead_in", "assessed", "scoring", "thresholds", "notes", "context"):
        if key in record:
            value = record[key]
            parts.append(f"{key}=" + (value if isinstance(value, str) else "｜".join(value)))
    for cell in record.get("quota", ()):
        place = "" if "scope" not in cell else f"@{cell['scope']}"
        more = " ".join(str(cell[key]) for key in ("year", "baseline", "strength") if key in cell)
        parts.append(
            f"\n    {'·'.join(cell['measure'])}{place} = {cell['cell']} {cell.get('unit', '')} {more}".rstrip()
        )
    return " ".join(parts).replace("\n ", "\n ")


@dataclass
class Case:
    """Tables and what is to be read from the one at ``index``, a line a record (see ``brief``)."""

    name: str
    tables: tuple[str, ...]
    records: list[str]
    headings: tuple[str, ...] = ()
    before: str = ""
    index: int = 0
    year: int | None = None
    period: tuple[int, int] | None = None


def read_case(case: Case) -> list[str]:
    records = read_items(
        *case.tables,
        headings=case.headings,
        before=case.before,
        index=case.index,
        year=case.year,
        period=case.period,
    )
    return [brief(record) for record in records]
