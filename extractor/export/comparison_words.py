"""A comparison in the words that a person reads: one wording for the terminal, the page and the spreadsheet."""

from __future__ import annotations

from math import floor, log10

from extractor.export.words import number, place, threshold
from extractor.text.vocabulary import place_of
from extractor.types.comparison import Aspect, Category, Comparison, Note, Party, Row, Side
from extractor.types.record import Evidence

CATEGORIES: dict[Category, tuple[str, str]] = {
    "raised": ("数值提高", "raised"),
    "lowered": ("数值降低", "lowered"),
    "changed": ("其他变更", "changed"),
    "added": ("新增", "added"),
    "dropped": ("取消", "dropped"),
    "same": ("相同", "same"),
}
ASPECTS: dict[Aspect, tuple[str, str]] = {
    "kind": ("类别", "kind"),
    "value": ("目标值", "value"),
    "unit": ("单位", "unit"),
    "per": ("周期", "period"),
    "op": ("比较", "comparator"),
    "baseline": ("基数", "baseline"),
    "due": ("时限", "due"),
    "scope": ("范围", "scope"),
    "strength": ("力度", "strength"),
    "responsible": ("责任单位", "responsible"),
    "points": ("分值", "points"),
    "text": ("文字", "wording"),
}
NOTES: dict[Note, tuple[str, str]] = {
    "unit_written": ("单位写法不同，已换算", "units converted"),
    "implicit": ("文字表述与数值相当", "one is stated without a number"),
    "years_moved": ("年份随文件顺延", "years moved with the documents'"),
}
STRICTER = {True: ("要求提高", "stricter"), False: ("要求降低", "laxer")}
_MINUS = "\u2212"
_CONVERTED: frozenset[Note] = frozenset({"unit_written", "implicit"})  # the latter hides the former


def both(words: tuple[str, str]) -> str:
    """``中文 / English``."""
    return " / ".join(words)


def labels(comparison: Comparison) -> tuple[str, str]:
    """What tells the two documents apart in a few characters: issuers of two places, else years, else 旧 and 新."""
    old, new = comparison.old.info, comparison.new.info
    if old.issuer and new.issuer and place_of(old.issuer) != place_of(new.issuer):
        return old.issuer, new.issuer
    if old.year and new.year and old.year != new.year:
        return f"{old.year}年", f"{new.year}年"
    return "旧文件", "新文件"


def title_of(party: Party) -> str:
    """The file's name where no title was found."""
    return party.info.title or party.info.source_name


def facts_of(party: Party) -> str:
    """Number, issuer, day and file, as far as known."""
    info = party.info
    return " · ".join(one for one in (info.document_number, info.issuer, info.issued_on, info.source_name) if one)


def silent_names(party: Party) -> list[str]:
    """What the document says nothing of, so that it is not compared."""
    return [ASPECTS[aspect][0] for aspect in party.silent]


def metric_of(row: Row) -> str:
    """What is measured, as the later document calls it, and of whom; of a record without targets its words."""
    side = next((each for each in row.sides if each.target is not None), row.sides[0])
    if side.target is None:
        return side.record.text
    metric, scope = side.target.metric, side.target.scope
    return f"{metric}（{scope}）" if scope and scope not in metric else metric


def path_of(row: Row) -> tuple[str, ...]:
    """The headings in the newer document, else in the older."""
    return row.sides[0].record.path


def value_of(side: Side | None) -> str:
    """The threshold; — for a record without targets, nothing for a side that is not there."""
    if side is None:
        return ""
    return "—" if side.target is None else threshold(side.target)


def place_of_side(side: Side | None) -> str:
    """Where it stands in the source."""
    return "" if side is None else place(evidence_of(side))


def evidence_of(side: Side) -> Evidence:
    """The target's own, which in a table is another cell than the record's; else the record's."""
    own = side.target.evidence if side.target is not None else None
    return own or side.record.evidence


def change_words(row: Row) -> str:
    """``+5个百分点``, ``−200张``; empty where the number did not move or has no common unit."""
    if not row.change:
        return ""
    unit = {"%": "个百分点", "‰": "个千分点"}.get(row.unit or "", row.unit or "")
    step = abs(row.change)
    if not _CONVERTED.isdisjoint(row.notes):
        step = _rounded(step)
    return f"{'+' if row.change > 0 else _MINUS}{number(step)}{unit}"


def _rounded(value: float) -> float:
    """To four digits, but none before the point is lost."""
    return round(value, max(0, 3 - floor(log10(value))))


def stricter_words(row: Row) -> str:
    """要求提高 or 要求降低; empty where neither can be said."""
    return "" if row.stricter is None else STRICTER[row.stricter][0]


def notes_of(row: Row) -> tuple[Note, ...]:
    """Those worth saying: that years moved only where nothing else did."""
    return tuple(note for note in row.notes if note != "years_moved" or row.category == "same")


def difference_lines(row: Row, *, values: bool = True) -> list[str]:
    """``时限：2023-12-31 → 2024-11-30``, a line an aspect, then the notes; changed wording is only named.

    Without ``values`` the value is left out, which stands in columns of its own.
    """
    lines = []
    for each in row.differences:
        name = ASPECTS[each.aspect][0]
        if each.aspect == "text":
            lines.append("文字有改动")
        elif each.aspect != "value" or values:
            lines.append(f"{name}：{each.old or '—'} → {each.new or '—'}")
    return [*lines, *(NOTES[note][0] for note in notes_of(row))]
