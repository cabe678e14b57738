"""How a reviewer who knows the right records corrects drafts with the fewest inputs that the page offers.

Looking is free, as reading is for a person; what is pressed, clicked or dragged is counted by ``Reviewer``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from tests.e2e.gold import Comparison, Record, Wrong, alike, compare, squeeze, wrong_fields
from tests.e2e.reviewer import Reviewer
from tests.e2e.server import Server

SERVES = 0.78
TURNS = 12  # tries at one record before it is left as it is
KEYS = {"op": "c", "unit": "u", "value": "v", "metric": "q", "kind": "t", "points": "p"}
LISTS = {"responsible": ("name", "o"), "deadlines": ("raw", "l"), "targets": ("metric", "q")}
DIGITS: dict[str, tuple[Any, ...]] = {
    "op": ("ge", "gt", "le", "lt", "eq", "approx", "between"),
    "role": ("leader", "lead", "support"),
    "kind": ("target", "task", "bonus", "penalty", "veto"),
    "recurrence": ("daily", "weekly", "monthly", "quarterly", "half-yearly", "yearly", None),
    "strength": ("must", "strive", None),
}


@dataclass
class Correcting:
    """One document under review; ``left`` tells what could not be put right."""

    reviewer: Reviewer
    server: Server
    document: str
    gold: list[Record]
    left: list[str] = field(default_factory=list)
    tries: dict[str, int] = field(default_factory=dict)

    # --- looking ----------------------------------------------------------------------------------------

    def records(self) -> list[Record]:
        self.reviewer.saved()
        entries = self.server.records(self.document)["records"]
        return [entry for entry in entries if entry["status"] != "rejected"]

    def compared(self, records: list[Record]) -> Comparison:
        return compare(self.gold, records)

    # --- the flow ---------------------------------------------------------------------------------------

    def run(self) -> None:
        """Decides every record; ends when none is undecided."""
        while True:
            records = self.records()
            undecided = [record["record_id"] for record in records if record["status"] == "draft"]
            if not undecided:
                return
            now = self.reviewer.record
            assert now in undecided, f"the focus is on {now}, which is no undecided record"
            record = next(one for one in records if one["record_id"] == now)
            self.tries[now] = self.tries.get(now, 0) + 1
            if self.tries[now] > TURNS or not self.step(record, self.compared(records)):
                self.reviewer.key("a")

    def step(self, record: Record, found: Comparison) -> bool:
        """One operation on the record; False where it is right (or as right as it gets)."""
        id = record["record_id"]
        inside = [gold for gold in found.missed if squeeze(gold["text"]).strip("。；") in squeeze(record["text"])]
        if inside and (id not in found.pairs or alike(found.pairs[id]["text"], record["text"]) < 0.9):
            self.reviewer.key("s")
            return self.did()
        if id not in found.pairs:
            self.reviewer.key("x")
            return self.did()
        after = self.missed_after(found.pairs[id], found)
        if after is not None:
            self.reviewer.drag(after["text"], record["text"])
            self.reviewer.key("n")
            return self.did()
        wrong = wrong_fields(found.pairs[id], record)
        if not wrong:
            return False
        if self.tries[id] == TURNS:
            self.left += [f"{record['text'][:30]}: {one.path} → {one.wanted}" for one in wrong]
            return False
        self.mend(wrong[0], found.pairs[id], record)
        return self.did()

    def did(self) -> bool:
        self.reviewer.saved()
        return True

    def missed_after(self, gold: Record, found: Comparison) -> Record | None:
        """The record that no draft has and that follows the one in focus (or comes before the very first)."""
        at = next(i for i, one in enumerate(self.gold) if one is gold)
        near = self.gold[at + 1 : at + 2] + (self.gold[:1] if at == 1 else [])
        return next((one for one in near if any(one is missed for missed in found.missed)), None)

    # --- one field --------------------------------------------------------------------------------------

    def mend(self, wrong: Wrong, gold: Record, record: Record) -> None:
        names = wrong.path.split("/")
        if names[-1] == "+":
            self.add_row(names[0], wrong.wanted, record)
        elif len(names) == 2 and wrong.wanted is None:
            self.reviewer.click(f'[data-remove="{wrong.path}"]')
        elif names[-1] in DIGITS:
            self.open(wrong.path)
            self.reviewer.key(str(DIGITS[names[-1]].index(wrong.wanted) + 1))
        elif names[-1] in ("unit", "per"):
            self.open(wrong.path)
            self.pick(wrong.wanted)
        elif names[-1] == "per_occurrence":
            self.open(wrong.path)
        else:
            self.open(wrong.path)
            if wrong.wanted is None:
                self.reviewer.key("Delete")  # what was in the field is selected
                self.reviewer.key("Enter")
            else:
                self.write(wrong, gold, record)

    def open(self, path: str) -> None:
        """The field's key where it leads to this very field, else a click on it."""
        name = path.rsplit("/", 1)[-1]
        empty = self.reviewer.page.locator(f'[data-add="{path}"]')
        letter = KEYS.get(name) if path in (name, f"targets/0/{name}") else None
        letter = {"responsible/0/role": "r", "responsible/0/name": "o", "deadlines/0/raw": "l"}.get(path, letter)
        if empty.count():
            self.reviewer.click(empty)
        elif letter:
            self.reviewer.key(letter)
        else:
            self.reviewer.click(self.reviewer.value(path))

    def pick(self, word: str | None) -> None:
        """From the list on the screen: by its digit where it has one, else by a click."""
        options = self.reviewer.page.locator(".ws-picker [role=option]")
        for option in options.all():
            if (option.locator(".word").text_content() or "") == word:
                digit = option.locator("kbd")
                if digit.count():
                    self.reviewer.key((digit.text_content() or "").strip())
                else:
                    self.reviewer.click(option)
                return
        self.reviewer.key("0")
        self.write_out(str(word or ""))

    def write(self, wrong: Wrong, gold: Record, record: Record) -> None:
        """From the document where the words stand there, else typed."""
        names = wrong.path.split("/")
        words = self.words_for(wrong, gold)
        if words and names[-1] == "metric" and squeeze(words) not in squeeze(record["text"]):
            words = nearest(words, record["text"], [target["metric"] for target in gold["targets"]]) or words
        if words and self.stands(words, record):
            if len(words) <= 8 and wrong.path.rsplit("/", 1)[-1] in ("value", "upper", "points", "due", "raw", "end"):
                self.reviewer.fill_by_click(words, record["text"])
            else:
                self.reviewer.drag(words, record["text"])
        else:
            self.write_out(" > ".join(wrong.wanted) if isinstance(wrong.wanted, list) else str(wrong.wanted))

    def write_out(self, text: str) -> None:
        self.reviewer.type(text)
        self.reviewer.key("Enter")

    def stands(self, words: str, record: Record) -> bool:
        return self.reviewer.place(words, record["text"]) is not None

    def words_for(self, wrong: Wrong, gold: Record) -> str | None:
        """The words of the document that a field's value is printed as."""
        names = wrong.path.split("/")
        if names[-1] in ("value", "upper"):
            raws = [
                target.get("raw") or "" for target in gold.get("targets") or () if target.get(names[-1]) == wrong.wanted
            ]
            numbers = [number for raw in raws for number in re.findall(r"\d+(?:\.\d+)?", raw)]
            return next((number for number in numbers if float(number) == float(wrong.wanted)), None)
        if names[-1] == "points":
            return f"{wrong.wanted:g}" if wrong.wanted is not None else None
        if names[-1] in ("due", "end", "start", "recurrence"):
            return next((each["raw"] for each in gold.get("deadlines") or () if wrong.wanted in each.values()), None)
        return wrong.wanted if isinstance(wrong.wanted, str) else None

    def add_row(self, name: str, row: Record, record: Record) -> None:
        """A new row and its first field; what else differs is mended in the next turns."""
        first, letter = LISTS[name]
        if record.get(name):
            self.reviewer.click(f'button.ws-add[data-add="{name}"]')
        else:
            self.reviewer.key(letter)
        words = str(row[first])
        if self.stands(words, record):
            self.reviewer.drag(words, record["text"])
        else:
            self.write_out(words)


def nearest(metric: str, text: str, others: list[str]) -> str | None:
    """The words of a sentence that serve for a metric which does not stand there as it is; None where none do."""
    cuts = sorted(
        {
            0,
            len(text),
            *(at.end() for at in re.finditer(r"[，、；。]", text)),
            *(at.start() for at in re.finditer(r"[，、；。\d不达]", text)),
        }
    )
    found = [(alike(metric, text[a:b]), -(b - a), text[a:b]) for a in cuts for b in cuts if b - a > 3]
    for score, _, words in sorted(found, reverse=True):
        if score >= SERVES and all(alike(other, words) <= score for other in others):
            return words
    return None
