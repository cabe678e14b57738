"""What a spec says: records (the truth) and the layout elements that print them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


class SpecError(ValueError):
    """A spec line that cannot be read; the message names file and line."""


@dataclass(slots=True)
class Target:
    metric: str
    op: str
    value: float | int | None
    unit: str | None = None
    raw: str | None = None
    upper: float | int | None = None
    options: dict[str, str] = field(default_factory=dict)  # base, scope, per, alt, due, strength
    implicit: bool = False
    optional: bool = False

    def to_json(self, due: str | None) -> Json:
        out: Json = {"metric": self.metric, "op": self.op, "value": self.value}
        if self.upper is not None:
            out["upper"] = self.upper
        for name, value in (
            ("unit", self.unit),
            ("per", self.options.get("per")),
            ("baseline", self.options.get("base")),
            ("due", due),
            ("scope", self.options.get("scope")),
            ("raw", self.raw),
            ("strength", self.options.get("strength")),
        ):
            if value:
                out[name] = value
        if self.implicit:
            out["implicit"] = True
        if "alt" in self.options:
            out["alternative"] = int(self.options["alt"])
        if self.optional:
            out["optional"] = True
        return out


@dataclass(slots=True)
class Deadline:
    raw: str
    start: str | None = None
    end: str | None = None
    recurrence: str | None = None
    optional: bool = False

    def to_json(self) -> Json:
        out: Json = {"raw": self.raw}
        for name in ("start", "end", "recurrence"):
            if getattr(self, name):
                out[name] = getattr(self, name)
        if self.optional:
            out["optional"] = True
        return out


@dataclass(slots=True)
class Notes:
    """What annotation lines say of a record, a heading, a cell or a paragraph's closing bracket."""

    targets: list[Target] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)
    responsible: list[tuple[str, str]] = field(default_factory=list)  # (role, name)
    flags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Record:
    text: str
    number: str | None = None
    path: tuple[str, ...] = ()
    notes: Notes = field(default_factory=Notes)
    inherited: list[Notes] = field(default_factory=list)  # of headings, brackets, labels and columns
    tier: str | None = None
    points: float | int | None = None
    assessed: tuple[str, ...] = ()

    def all_deadlines(self) -> list[Deadline]:
        return self.notes.deadlines + [d for notes in self.inherited for d in notes.deadlines]

    def governing_end(self) -> str | None:
        """The end of the one deadline that holds for the targets; own deadlines go before inherited ones."""
        for deadlines in (self.notes.deadlines, self.all_deadlines()):
            ends = {d.end for d in deadlines if d.end}
            if len(ends) == 1:
                return ends.pop()
            if ends and any("due" not in t.options for t in self.notes.targets):
                raise SpecError(f"which deadline holds for the targets of: {self.text}")
        return None

    def due(self, target: Target) -> str | None:
        if "due" in target.options:
            return None if target.options["due"] == "none" else target.options["due"]
        return self.governing_end()

    def to_json(self) -> Json:
        flags = self.notes.flags
        kind = flags.get("kind") or ("target" if self.notes.targets else "task")
        out: Json = {"path": list(self.path)}
        if self.number:
            out["number"] = self.number
        out |= {"text": self.text, "kind": kind}
        points = _number(flags["points"]) if "points" in flags else self.points
        if self.tier:
            out["tier"] = self.tier
        if points is not None:
            out["points"] = points
        if "occ" in flags:
            out["per_occurrence"] = True
        if "cap" in flags:
            out["points_cap"] = _number(flags["cap"])
        if self.notes.targets:
            out["targets"] = [t.to_json(self.due(t)) for t in self.notes.targets]
        if self.all_deadlines():
            out["deadlines"] = [d.to_json() for d in self.all_deadlines()]
        responsible = self.notes.responsible + [r for notes in self.inherited for r in notes.responsible]
        if responsible:
            out["responsible"] = [{"name": name, "role": role} for role, name in dict.fromkeys(responsible)]
        if self.assessed:
            out["assessed"] = list(self.assessed)
        if "opt" in flags:
            out["optional"] = True
        return out


def _number(text: str) -> float | int:
    value = float(text)
    return int(value) if value.is_integer() else value


@dataclass(frozen=True, slots=True)
class Para:
    """A printed paragraph. ``number`` stands before ``text``; ``level`` is a heading's, 0 for other text."""

    style: str
    text: str
    number: str = ""
    level: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    row: int
    col: int
    rowspan: int
    colspan: int
    lines: tuple[str, ...]  # the cell's paragraphs


@dataclass(frozen=True, slots=True)
class Grid:
    n_rows: int
    n_cols: int
    header_rows: int
    widths: tuple[float, ...]
    cells: tuple[Cell, ...]
    options: dict[str, str] = field(default_factory=dict)  # repeat, split, open: how a PDF breaks it


Element = Para | Grid


@dataclass(slots=True)
class Document:
    name: str
    meta: dict[str, str]
    elements: list[Element] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)

    def gold(self) -> Json:
        """The annotation file's content, in the shape of the record contract."""
        meta = self.meta
        info: Json = {"source_name": f"{self.name}.txt", "title": meta["title"]}
        for name in ("document_number", "issuer", "issued_on"):
            info[name] = meta.get(name)
        info["year"] = int(meta["year"]) if "year" in meta else None
        info["period"] = [int(y) for y in meta["period"].split("-")] if "period" in meta else None
        kinds = meta["kind"].split(",")
        info["kind"] = kinds[0] if len(kinds) == 1 else kinds
        return {
            "document": info,
            "tasks": meta.get("tasks", "exhaustive"),
            "records": [r.to_json() for r in self.records],
        }
