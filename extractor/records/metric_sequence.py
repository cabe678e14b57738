"""The words around one number as a sequence of characters: what a linear-chain CRF tags as its metric.

Tags are "1" (names what is measured) and "0". The characters come from the last three headings and sentences before
the item, each closed by ``|``, then from the item's own words up to the end of the number's clause.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractor.records import lexicon as lx
from extractor.records.draft import Draft
from extractor.records.frame import Frame
from extractor.records.metric_choices import words_of

_BEFORE, _AFTER, _HEADING = 90, 30, 40  # characters
_DIGITS = str.maketrans("123456789", "0" * 9)  # which number stands there must not tell what it measures
GAP = "\0"  # stands for what is no word in ``Around.words``


@dataclass(frozen=True, slots=True)
class Around:
    """``chars`` and the ``zone`` of each: H1… a heading (1 the nearest), L0… clauses left of the number (0 its own),
    N the number, R right of it, # a divider. ``offset``: where the item's words begin; ``low`` their place in the item.
    """

    chars: str
    zones: tuple[str, ...]
    offset: int
    low: int

    @property
    def words(self) -> str:
        """The characters with number and dividers blanked; same length."""
        return "".join(GAP if zone in ("N", "#") else char for char, zone in zip(self.chars, self.zones, strict=True))

    @property
    def number(self) -> int:
        """Where the number begins."""
        return self.zones.index("N") if "N" in self.zones else len(self.chars)


def around(frame: Frame, draft: Draft) -> Around:
    """The sequence for one target."""
    _, end = frame.clauses[frame.clause_at(draft.at)] if frame.clauses else (0, len(frame.text))
    low, high = max(draft.raw.start - _BEFORE, 0), min(end, draft.raw.end + _AFTER)
    chars: list[str] = []
    zones: list[str] = []
    said = [heading[-_HEADING:] for heading in frame.context[-3:]]
    for at, heading in enumerate(said):
        chars.append(heading + "|")
        zones += [f"H{len(said) - at}"] * len(heading) + ["#"]
    offset = len(zones)
    base = frame.clause_at(draft.at) if frame.clauses else 0
    for at in range(low, high):
        if draft.raw.start <= at < draft.raw.end:
            zones.append("N")
        elif at >= draft.raw.end:
            zones.append("R")
        else:
            zones.append(f"L{min(base - frame.clause_at(at), 4) if frame.clauses else 0}")
    return Around("".join(chars) + frame.text[low:high], tuple(zones), offset, low)


def tag_features(here: Around, frame: Frame, draft: Draft, drafts: Sequence[Draft]) -> list[list[str]]:
    """The features of each character: itself and its neighbours, its word, its zone, what the rules made of it."""
    text, zones = here.chars, here.zones
    size = len(text)
    borders, words = _word_marks(text)
    rule = _marked(text, draft.metric)
    earlier = [each.metric for each in drafts if each.at < draft.at]
    before = _marked(text, earlier[-1]) if earlier else [0] * size
    other = _in_numbers(here, frame)
    kind = (
        f"{min(len(draft.metric), 12)}|{int(bool(lx.ENTITY.search(draft.metric)))}{int(bool(lx.BARE_MEASURE.match(draft.metric)))}"
        f"{int(draft.certain)}"
    )
    unit = unit_class(draft.unit)
    padded = f"^^{text.translate(_DIGITS)}$$"
    rows = []
    for at in range(size):
        zone, mark, border, word = zones[at], rule[at], borders[at], words[at]
        left2, left, char, right, right2 = (padded[at + step] for step in range(5))
        near = f"{rule[at - 1] if at else '-'}{mark}{rule[at + 1] if at + 1 < size else '-'}"
        rows.append([
            "1", zone, f"zr{zone}{mark}", f"rb{mark}{border}", char, f"a{left}{char}", f"b{char}{right}", f"c{left}{char}{right}",
            f"z{zone}{char}", f"w{word}", f"zw{zone}{word}", f"zb{zone}{border}", f"p{before[at]}", f"zp{zone}{before[at]}{mark}{border}",
            f"q{other[at]}{zone}", f"k{zone}{mark}{kind}", f"u{zone}{unit}{mark}{border}", f"n{zone}{near}", f"d{left2}{left}", f"e{right}{right2}",
        ])  # fmt: skip
    return rows


def unit_class(unit: str | None) -> str:
    """A share, money, a measured extent, a count, or nothing."""
    if unit is None:
        return "-"
    if "%" in unit or "‰" in unit or "百分点" in unit:
        return "%"
    if unit.endswith("元"):
        return "y"
    return (
        "m" if any(each in unit for each in ("米", "里", "亩", "顷", "吨", "瓦", "时", "天", "日", "年", "岁")) else "n"
    )


def _word_marks(text: str) -> tuple[list[str], list[str]]:
    """For each character whether its word begins, goes on, ends or stands alone there, and the word."""
    borders: list[str] = []
    words: list[str] = []
    for word in words_of(text):
        borders += ["S"] if len(word) == 1 else ["B", *["M"] * (len(word) - 2), "E"]
        words += [word.translate(_DIGITS)] * len(word)
    return borders, words


def _marked(text: str, part: str) -> list[int]:
    """1 where ``part`` last stands whole, 2 where longer pieces of it stand apart, else 0."""
    marks = [0] * len(text)
    at = text.rfind(part)
    if at >= 0:
        marks[at : at + len(part)] = [1] * len(part)
        return marks
    start = 0
    while start < len(part) - 1:
        size = next((n for n in range(len(part) - start, 1, -1) if part[start : start + n] in text), 0)
        if size:
            place = text.rfind(part[start : start + size])
            marks[place : place + size] = [2] * size
        start += max(size, 1)
    return marks


def _in_numbers(here: Around, frame: Frame) -> list[int]:
    marks = [0] * len(here.chars)
    for quantity in frame.quantities:
        for at in range(quantity.span.start, quantity.span.end):
            place = here.offset + at - here.low
            if here.offset <= place < len(marks):
                marks[place] = 1
    return marks
