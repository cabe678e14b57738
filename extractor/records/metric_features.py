"""What a choice of metric looks like in numbers: of the target (the same for all its choices) and of each choice."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from extractor.learned.linear import ngrams
from extractor.records import lexicon as lx
from extractor.records.draft import Draft
from extractor.records.frame import Frame
from extractor.records.metric_choices import MAKING, MODES, SOURCES, Choice, words_of
from extractor.records.metric_sequence import Around, unit_class
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
    owned = choice.mode in ("owner", "owner inside", "tagged owner")
    joint = owner[-2:] + rule[:2] if owned else ""
    words = words_of(text)
    return [
        *distances.values(),
        *(
            float(value)
            for value in (
                MODES.index(choice.mode), len(choice.found), len(owner), len(words_of(owner)) if owner else 0,
                bool(owner) and bool(_ENTITY_END.search(owner)), bool(owner) and bool(MAKING.match(owner)), bool(owner) and bool(lx.MEASURE.search(owner)),
                bool(owner) and bool(lx.GENERIC.search(owner)), bool(owner) and bool(lx.PREDICATE.search(owner)), owner.count("、"), owner.count("的"),
                near.count(owner) if owner else 0, near.count(text), near.count(joint) if joint else -1,
                owner in headings if owner else -1, frame.text.find(owner) if owner else -1,
                len(text), len(text) - len(rule), len(words), bool(lx.MEASURE.search(text)), bool(_ENTITY_END.search(text)), bool(MAKING.match(text)),
                text.count("、"), text.count("的"), bool(re.search(r"\d", text)), bool(re.search(r"[,;。:]", text)), text in frame.text, text in headings,
                text in others, bool(lx.LEADING.match(text)), bool(re.match(r"[的和与及在对为]", text)), bool(re.search(r"[的和与及在对为达到至]$", text)),
                len(_pairs(owner) & _pairs(rule)) if owner else -1, bool(_OFFICE.search(owner)) if owner else -1, text.count("(") - text.count(")"),
                len(set(words)) / max(len(words), 1),
            )
        ),
    ]  # fmt: skip


def tagged_choices(here: Around, marginals: np.ndarray, rule: str, known: set[str]) -> list[Choice]:
    """What the tagger itself would name: its characters, and those before the rules' metric put before it."""
    words, number = here.words, here.number
    found = []
    place = words.rfind(rule, 0, number)
    for least in (0.5, 0.3, 0.15):
        if place > 0:
            owner = _picked(words[:place], marginals[:place], least)
            text = merge(owner, rule)
            if 2 <= len(owner) <= 36 and text not in known:
                known.add(text)
                found.append(Choice(text, "tagged owner", owner))
        text = _picked(words, marginals, least)
        if least > 0.2 and 2 <= len(text) <= 60 and text not in known:
            known.add(text)
            found.append(Choice(text, "tagged"))
    return found


def _picked(words: str, marginals: np.ndarray, least: float) -> str:
    return "".join(char for char, sure in zip(words, marginals, strict=True) if char != "\0" and sure > least)


def of_tags(choice: Choice, here: Around, marginals: np.ndarray, rule: str) -> list[float]:
    """How far the tagger agrees: its mean over the owner and over the choice, what it marks around and beyond."""
    words, number = here.words, here.number
    blank = np.array([char == "\0" for char in words])
    marks = np.where(blank, 0.0, marginals)
    total = float(marks.sum()) + 1e-3

    def stretch(part: str) -> np.ndarray:
        at = words.rfind(part, 0, number) if part else -1
        return marks[at : at + len(part)] if at >= 0 else marks[:0]

    owner, own, whole = stretch(choice.owner), stretch(rule), stretch(choice.text)
    at = words.rfind(choice.owner, 0, number) if choice.owner else -1
    end = at + len(choice.owner)
    covered = float(owner.sum()) + float(own.sum())
    picked = _pairs(_picked(words, marginals, 0.5))
    pairs = _pairs(choice.text)
    return [
        float(owner.mean()) if len(owner) else -1.0, float(owner.min()) if len(owner) else -1.0,
        float(marks[at - 1]) if at > 0 else -1.0, float(marks[end]) if at >= 0 and end < len(marks) else -1.0,
        float(owner.sum()) / total, float(own.sum()) / total, float(own.mean()) if len(own) else -1.0, float(whole.mean()) if len(whole) else -1.0,
        max(float(whole.sum()), covered) / total, float(number - at) if at >= 0 else 999.0,
        2 * len(pairs & picked) / (len(pairs) + len(picked) + 1e-6), float(len(picked)),
    ]  # fmt: skip
