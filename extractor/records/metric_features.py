"""What a choice of metric looks like in numbers: of the target (the same for all its choices) and of each choice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

import numpy as np

from extractor.learned.linear import ngrams
from extractor.records import lexicon as lx
from extractor.records.draft import Draft
from extractor.records.frame import Frame
from extractor.records.metric_choices import LONGEST_OWNER, MAKING, SOURCES, Choice, words_of
from extractor.records.metric_sequence import GAP, Around, unit_class
from extractor.records.words import merge

_OPS = ("ge", "gt", "le", "lt", "eq", "approx", "between")
_UNITS = "-%ymn"
_ENTITY_END = re.compile(lx.ENTITY.pattern + "$")
_ENTITY_START = re.compile("^" + lx.ENTITY.pattern)
_OFFICE = re.compile(r"工作|机制|体系|制度|(?:建设|管理|发展|保障)$")
_DIGIT = re.compile(r"\d")
_FAR = 99.0


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def of_target(frame: Frame, draft: Draft, drafts: Sequence[Draft], near: str) -> list[float]:
    """What does not depend on the choice."""
    rule = draft.metric
    start, end = frame.clauses[frame.clause_at(draft.at)] if frame.clauses else (0, len(frame.text))
    left = frame.text[start : draft.raw.start]
    earlier = [each.metric for each in drafts if each.at < draft.at]
    last = earlier[-1] if earlier else ""
    return [
        float(value)
        for value in (
            _UNITS.index(unit_class(draft.unit)), draft.implicit, _OPS.index(draft.op), draft.certain, len(rule),
            bool(lx.BARE_MEASURE.match(rule)), bool(lx.DEPENDENT.match(rule)), bool(lx.ENTITY.search(rule)), bool(_ENTITY_START.match(rule)),
            bool(lx.MEASURE.search(rule)), bool(MAKING.match(rule)), rule in frame.text, rule in left, rule in frame.text[start:end],
            len(left), len(earlier), frame.clause_at(draft.at) if frame.clauses else 0, len(frame.path), len(frame.context) - len(frame.path),
            near.count(rule), len(last), bool(last) and last[-1:] == rule[-1:], len(_pairs(last) & _pairs(rule)), bool(lx.MEASURE.search(last)),
            "其中" in left, "分别" in left or "均" in left, rule.count("、"), rule.count("的"), "。" in frame.text[:start], last[:2] == rule[:2],
        )
    ]  # fmt: skip


def doubt_words(metric: str) -> dict[str, float]:
    """Named features for the model that tells whether a metric stands alone: how it begins and ends. Which digits
    it holds must not tell.
    """
    metric = _DIGIT.sub("0", metric)
    marked = f"^{metric}$"
    found = {f"b{marked[:size]}": 1.0 for size in (2, 3, 4, 5)}
    found |= {f"e{marked[-size:]}": 1.0 for size in (2, 3, 4, 5)}
    found |= dict.fromkeys(ngrams(metric, (2,), "g"), 1.0)
    found[f"l{min(len(metric), 20)}"] = 1.0
    return found


def of_choice(choice: Choice, frame: Frame, draft: Draft, drafts: Sequence[Draft], near: str) -> list[float]:
    """What the words of the choice show; the target's own features and the tagger's stand beside."""
    text, owner, rule = choice.text, choice.owner, draft.metric
    distances = dict.fromkeys(SOURCES, _FAR)
    for source, distance in choice.found:
        distances[source] = min(distances[source], float(distance))
    headings = "/".join(frame.path)
    others = {each.metric for each in drafts if each is not draft}
    joint = owner[-2:] + rule[:2]
    return [
        *distances.values(),
        *(
            float(value)
            for value in (
                len(choice.found), *_of_owner(owner),
                near.count(owner), near.count(text), near.count(joint), owner in headings, frame.text.find(owner),
                len(text), len(text) - len(rule), bool(lx.MEASURE.search(text)), bool(_ENTITY_END.search(text)), bool(MAKING.match(text)),
                text.count("、"), text.count("的"), bool(re.search(r"\d", text)), bool(re.search(r"[,;。:]", text)), text in frame.text, text in headings,
                text in others, bool(lx.LEADING.match(text)), bool(re.match(r"[的和与及在对为]", text)), bool(re.search(r"[的和与及在对为达到至]$", text)),
                len(_pairs(owner) & _pairs(rule)), bool(_OFFICE.search(owner)), text.count("(") - text.count(")"),
                len(set(text)) / len(text),
            )
        ),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Marks:
    """What the tagger says of the words around a number, ready to be asked of many choices: ``sums`` are running."""

    words: str
    number: int
    chances: list[float]
    sums: list[float]
    picked: str

    @classmethod
    def of(cls, here: Around, marginals: np.ndarray) -> Marks:
        words = here.words
        chances = [0.0 if char == GAP else sure for char, sure in zip(words, marginals.tolist(), strict=True)]
        return cls(words, here.number, chances, [0.0, *accumulate(chances)], _picked(here, chances, len(words), 0.5))

    def place(self, part: str) -> int:
        """Where ``part`` last stands before the number; -1 where it does not."""
        return self.words.rfind(part, 0, self.number) if part else -1

    def total(self, start: int, size: int) -> float:
        return self.sums[start + size] - self.sums[start] if start >= 0 else 0.0

    def mean(self, start: int, size: int) -> float:
        return self.total(start, size) / size if start >= 0 else -1.0


@lru_cache(maxsize=20_000)
def _of_owner(owner: str) -> tuple[int, ...]:
    """What an owner's words show by themselves; headings and clauses come up for many targets."""
    return (
        len(owner), bool(_ENTITY_END.search(owner)), bool(MAKING.match(owner)), bool(lx.MEASURE.search(owner)),
        bool(lx.GENERIC.search(owner)), bool(lx.PREDICATE.search(owner)), owner.count("、"), owner.count("的"),
    )  # fmt: skip


def tagged_choices(here: Around, marks: Marks, rule: str, known: set[str]) -> list[Choice]:
    """The words that the tagger marks before the rules' metric, put in front of it."""
    found = []
    place = marks.place(rule)
    for least in (0.5, 0.3, 0.15):
        owner = _picked(here, marks.chances, place, least)
        text = merge(owner, rule)
        if 2 <= len(owner) <= LONGEST_OWNER and text not in known:
            known.add(text)
            found.append(Choice(text, owner))
    return found


def _picked(here: Around, chances: Sequence[float], end: int, least: float) -> str:
    """The whole words before ``end`` that the tagger marks: part of a word would name nothing."""
    words, found, at = here.words, [], 0
    for word in words_of(here.chars):
        stop = at + len(word)
        if stop > end:
            break
        said = words[at:stop].replace(GAP, "")
        if said and sum(chances[at:stop]) > least * len(said):
            found.append(said)
        at = stop
    return "".join(found)


def of_tags(choice: Choice, marks: Marks, rule: str) -> list[float]:
    """How far the tagger agrees: its mean over the owner and over the choice, what it marks around and beyond."""
    total = marks.sums[-1] + 1e-3
    at, own, whole = marks.place(choice.owner), marks.place(rule), marks.place(choice.text)
    size = len(choice.owner)
    end = at + size
    pairs, picked = _pairs(choice.text), _pairs(marks.picked)
    in_whole = marks.total(whole, len(choice.text))
    covered = marks.total(at, size) + marks.total(own, len(rule))
    return [
        marks.mean(at, size), min(marks.chances[at:end]) if at >= 0 else -1.0,
        marks.chances[at - 1] if at > 0 else -1.0, marks.chances[end] if at >= 0 and end < len(marks.chances) else -1.0,
        marks.total(at, size) / total, marks.total(own, len(rule)) / total, marks.mean(own, len(rule)),
        marks.mean(whole, len(choice.text)), max(in_whole, covered) / total, float(marks.number - at) if at >= 0 else 999.0,
        2 * len(pairs & picked) / (len(pairs) + len(picked) + 1e-6), float(len(marks.picked)),
    ]  # fmt: skip
