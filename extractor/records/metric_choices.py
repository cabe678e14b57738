"""Other words that may name what a number measures: the rules' metric with an owner said before put in front."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from extractor.records.draft import Draft
from extractor.records.frame import Frame
from extractor.records.words import PUNCT, clean_left, merge, thing_of, unbalanced
from extractor.text.words import cut

MAKING = re.compile(
    r"^(?:新建改建|新建|改建|改扩建|扩建|新增|建设|建成|建立|创建|培育|打造|完成|实施|开展|改造提升|改造|培训|引进|新培育|新改建|举办"
    r"|组织|选派|推广|发展|设立|配备|安装|覆盖|带动|惠及|实现|筹集|发放|制定|修订|认定|评选|支持|扶持)+"
)
# Where an owner was found; its distance in clauses, targets or headings stands beside it.
SOURCES = ("metric", "metric object", "metric part", "clause", "clause thing", "clause object", "clause number", "clause part",
           "heading", "heading thing", "heading object", "heading number", "heading part")  # fmt: skip
_BACK = 3  # metrics, clauses, headings: of the owners in the project's documents one in a hundred stands further off
_HEADING = 40  # characters; what is longer is a sentence
LONGEST_OWNER = 36
_LONGEST = 60
_MARKS = re.compile(r"\([^()]*\d+\s*分[^()]*\)")
_LINKS = "的和与及、"


@dataclass(frozen=True, slots=True)
class Choice:
    """``owner``: the words put before, none for the rules' own; ``found``: where it stands, (source, distance), nowhere
    where the tagger alone marks it.
    """

    text: str
    owner: str = ""
    found: tuple[tuple[str, int], ...] = ()


@lru_cache(maxsize=20_000)
def words_of(text: str) -> tuple[str, ...]:
    """``text`` cut to words."""
    return tuple(text[start:end] for start, end in cut(text))


def choices(frame: Frame, draft: Draft, drafts: Sequence[Draft]) -> list[Choice]:
    """What the metric of ``draft`` may be, the rules' own first; each text once."""
    rule, own = draft.metric, _own_words(frame, draft)
    found = {rule: Choice(rule)}
    for owner, where in _owners(frame, draft, drafts).items():
        for words in (rule, own):  # own: instead of the one that the rules put there
            if words and owner not in words and words not in owner:
                text = unbalanced(merge(owner, words).strip(PUNCT)).strip(PUNCT)
                if 2 <= len(text) <= _LONGEST:
                    found.setdefault(text, Choice(text, owner, tuple(where)))
    return list(found.values())


def _own_words(frame: Frame, draft: Draft) -> str:
    """The words of the metric that the number's own clause prints before it, where the rules put others in front."""
    start, _ = frame.clauses[frame.clause_at(draft.at)] if frame.clauses else (0, 0)
    own = clean_left(frame.text[start : draft.raw.start])
    return own if len(own) >= 2 and own != draft.metric and draft.metric.endswith(own) else ""


def _making(rule: str) -> int:
    """Length of the verb of making that ``rule`` opens with, if something follows."""
    match = MAKING.match(rule)
    return match.end() if match and len(rule) - match.end() >= 2 else 0


def _owners(frame: Frame, draft: Draft, drafts: Sequence[Draft]) -> dict[str, list[tuple[str, int]]]:
    """Words said before that may be what the metric is of, with every place they were found in."""
    found: dict[str, list[tuple[str, int]]] = {}
    for owner, source, distance in _said(frame, draft, drafts):
        owner = unbalanced(owner.strip(PUNCT)).strip(PUNCT + _LINKS)
        if 2 <= len(owner) <= LONGEST_OWNER and not re.fullmatch(r"[\d.%]+", owner):
            found.setdefault(owner, []).append((source, distance))
    return found


def _said(frame: Frame, draft: Draft, drafts: Sequence[Draft]) -> Iterator[tuple[str, str, int]]:
    earlier = [each.metric for each in drafts if each.at < draft.at]
    for distance, metric in enumerate(reversed(earlier[-_BACK:])):
        yield metric, "metric", distance
        if making := _making(metric):
            yield metric[making:], "metric object", distance
        yield from ((part, "metric part", distance) for part in _parts(metric))
    clause = frame.clause_at(draft.at) if frame.clauses else 0
    for distance in range(1, min(clause, _BACK) + 1):
        start, end = frame.clauses[clause - distance]
        yield from _phrase(frame.text[start:end], "clause", distance)
    for distance, heading in enumerate(reversed(frame.context[-_BACK:])):
        if len(heading) <= _HEADING:
            yield from _phrase(_MARKS.sub("", heading), "heading", distance)


def _phrase(words: str, kind: str, distance: int) -> Iterator[tuple[str, str, int]]:
    cleaned = clean_left(words)
    yield cleaned, kind, distance
    yield thing_of(words), f"{kind} thing", distance
    if making := _making(cleaned):
        yield cleaned[making:], f"{kind} object", distance
    number = re.search(r"\d", cleaned)
    if number and number.start() >= 3:
        yield clean_left(cleaned[: number.start()]), f"{kind} number", distance
    if kind != "heading" or len(cleaned) <= 24:
        yield from ((part, f"{kind} part", distance) for part in _parts(cleaned))


def _parts(words: str) -> Iterator[str]:
    """The beginnings of ``words`` that end at a word, of 2 to 24 characters."""
    at = 0
    for word in words_of(words)[:-1]:
        at += len(word)
        if at > 24:
            return
        if at >= 2 and word not in ("的", "、", "和", "与", "及", "(", ")"):
            yield words[:at]
