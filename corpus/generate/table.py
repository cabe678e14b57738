"""Reader of a spec's tables: rows of cells with column roles, to a grid and its records."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from corpus.generate.model import Cell, Grid, Notes, Record, SpecError, Target
from corpus.generate.notes import number as to_number

SPLIT = re.compile(r"、(?![^（]*）)|\\n")  # names of a cell; not inside 县（市、区）
LOWER = "{le}"  # ends a value where less is better; not printed
POINTS = re.compile(r"（\d+分）$")  # printed in a grouping cell, no part of the path
EMPTY = {"", "—", "/", "〃"}


@dataclass(slots=True)
class Box:
    """A cell as the spec states it. ``merged``: '^' continues the cell above, '<' the one to the left."""

    text: str = ""
    merged: str = ""
    number: str = ""
    items: list[tuple[Record, str]] = field(default_factory=list)  # record, what is printed of it
    notes: Notes = field(default_factory=Notes)


class TableReader:
    """Fed with the lines between ``T`` and ``T-``; ``build`` gives the grid and the records by row.

    Column roles (``TC``): path, no, text, text:<tier>, points, resp, deadline, assessed, head, unit, base:<words>,
    strength, val; anything else is printed only. ``TM``, ``TU``, ``TD``: metric, unit and due of val columns.
    """

    def __init__(self, options: str, path: tuple[str, ...], inherited: list[Notes], assessed: tuple[str, ...]) -> None:
        self.options = dict(part.partition("=")[::2] for part in options.split())
        self.path, self.inherited, self.assessed = path, inherited, assessed
        self.lists: dict[str, list[str]] = {}
        self.header: list[list[Box]] = []
        self.rows: list[list[Box]] = []
        self.owner = Notes()

    def feed(self, mark: str, rest: str) -> None:
        if mark in {"TC", "TM", "TU", "TD", "TW"}:
            self.lists[mark] = [p.strip() for p in rest.split("|")]
        elif mark == "TH":
            self.header.append([_box(p.strip()) for p in rest.split("|")])
        elif mark == "TV":  # a row of plain cells on one line
            self.rows.append([_box(p.strip()) for p in rest.split("|")])
        elif mark == "TR":
            self.rows.append([])
        elif mark in {"c", "c:"}:
            number, _, text = rest.rpartition("|")
            box = _box(text)
            box.number = number
            self.rows[-1].append(box)
            self.owner = box.notes
        elif mark == "-":
            self._item(rest)
        else:
            raise SpecError(f"line in a table: {mark} {rest}")

    def _item(self, rest: str) -> None:
        number, body, trailer = (["", rest, ""] if "|" not in rest else [*rest.split("|"), ""])[:3]
        text, end = (body[:-1], body[-1]) if body[-1] in "。；;" else (body, "")
        record = Record(text, number or None)
        after = end + trailer if self.options.get("mark") == "before" else trailer + end
        self.rows[-1][-1].items.append((record, number + text + after))
        self.owner = record.notes

    def build(self) -> tuple[Grid, list[Record]]:
        roles = self.lists["TC"]
        for row in self.header + self.rows:
            if len(row) != len(roles):
                raise SpecError(f"{len(row)} cells for {len(roles)} columns: {row[0].text} …")
        records: list[Record] = []
        above: list[Box] = [Box() for _ in roles]
        for row in self.rows:
            seen = [above[i] if box.merged == "^" else box for i, box in enumerate(row)]
            records += self._records(roles, row, seen)
            above = seen
        return self._grid(), records

    def _records(self, roles: list[str], row: list[Box], seen: list[Box]) -> list[Record]:
        if "head" in roles:
            return self._quota(roles, row, seen)
        path = self._place(roles, seen)
        shared = [b.notes for r, b in zip(roles, seen, strict=True) if r in {"resp", "deadline"}]
        numbers = [b.text for r, b in zip(roles, seen, strict=True) if r == "no"]
        points = [b.text for r, b in zip(roles, seen, strict=True) if r == "points"]
        assessed = [n for r, b in zip(roles, seen, strict=True) if r == "assessed" for n in SPLIT.split(b.text)]
        found = []
        for role, box in zip(roles, row, strict=True):
            for record, _ in box.items:
                record.path, record.inherited = path, shared + self.inherited
                record.tier = role.partition(":")[2] or None
                record.assessed = tuple(assessed) or self.assessed
                single = len(box.items) == 1 and not record.number
                if single and numbers and numbers[0]:
                    record.number = numbers[0]
                if single and points and points[0] not in EMPTY and not record.notes.flags.get("kind"):
                    record.points = to_number(points[0])
                found.append(record)
        return found

    def _place(self, roles: list[str], seen: list[Box]) -> tuple[str, ...]:
        groups = (POINTS.sub("", b.text) for r, b in zip(roles, seen, strict=True) if r == "path")
        return self.path + tuple(filter(None, groups))

    def _quota(self, roles: list[str], row: list[Box], seen: list[Box]) -> list[Record]:
        at = roles.index("head")
        path = self._place(roles, seen)
        numbers = [b.text for r, b in zip(roles, row, strict=True) if r == "no"]
        record = Record(
            seen[at].text,
            numbers[0] if numbers and numbers[0] else None,
            path,
            seen[at].notes,
            list(self.inherited),
            assessed=self.assessed,
        )
        units = [b.text for r, b in zip(roles, seen, strict=True) if r == "unit"]
        base = [(r.partition(":")[2], b.text) for r, b in zip(roles, row, strict=True) if r.startswith("base")]
        strong = {"约束性": "must", "预期性": "strive"}
        strength = [strong[b.text] for r, b in zip(roles, seen, strict=True) if r == "strength" and b.text in strong]
        for i, (role, box) in enumerate(zip(roles, row, strict=True)):
            if role == "val" and box.text not in EMPTY and not box.merged:
                record.notes.targets.append(self._value(i, box.text, record.text, units, base, strength))
        return [record] if record.notes.targets else []

    def _value(
        self, i: int, text: str, head: str, units: list[str], base: list[tuple[str, str]], strength: list[str]
    ) -> Target:
        unit = units[0] if units else self.lists["TU"][i] if "TU" in self.lists else ""
        name, bracket, inner = head.rpartition("（")
        if not unit and bracket:
            head, unit = name, inner.rstrip("）")
        metric = self.lists["TM"][i] if "TM" in self.lists else self.options.get("prefix", "") + head
        options = {"due": self.lists["TD"][i]}
        if "TM" in self.lists:
            options["scope"] = head
        for words, value in base:
            if value not in EMPTY:
                options["base"] = f"{words}{value}{unit}"
        if strength:
            options["strength"] = strength[0]
        printed = text.removesuffix(LOWER)
        op = "le" if printed[0] == "≤" or text.endswith(LOWER) else "ge"
        return Target(metric, op, to_number(printed.strip("≥≤%")), unit or None, printed, None, options)

    def _grid(self) -> Grid:
        boxes = self.header + self.rows
        n_rows, n_cols = len(boxes), len(self.lists["TC"])
        cells = []
        for r in range(n_rows):
            for c in range(n_cols):
                if boxes[r][c].merged:
                    continue
                colspan = 1
                while c + colspan < n_cols and boxes[r][c + colspan].merged == "<":
                    colspan += 1
                rowspan = 1
                while r + rowspan < n_rows and boxes[r + rowspan][c].merged == "^":
                    rowspan += 1
                cells.append(Cell(r, c, rowspan, colspan, self._lines(boxes[r][c])))
        widths = tuple(float(w) for w in self.lists["TW"])
        return Grid(n_rows, n_cols, len(self.header), widths, tuple(cells), self.options)

    def _lines(self, box: Box) -> tuple[str, ...]:
        if not box.items:
            return tuple((box.number + box.text.removesuffix(LOWER)).split("\\n"))
        printed = tuple(text for _, text in box.items)
        return (" ".join(printed),) if self.options.get("join") == "space" else printed


def _box(text: str) -> Box:
    return Box(merged=text) if text in {"^", "<"} else Box(text)
