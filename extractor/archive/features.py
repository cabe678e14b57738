"""What a pair of observations, or of groups of them that are worded alike, is judged by."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from extractor.archive.bags import EQUAL, Shared, Weights, bags, bigrams, coded, shared, union
from extractor.archive.leftovers import Told, told
from extractor.archive.wording import AGAINST, Wording, wording
from extractor.types.archive import Observation

# Rows of ``AGAINST`` whose words narrow down who or what is measured; the others say what is done to it, or how well.
_DOING = frozenset(
    {
        "stock",
        "growth",
        "stage",
        "handling",
        "quality",
        "duration",
        "place",
        "rank",
        "timely",
        "correct",
        "knowing",
        "work",
        "accident",
    }
)
_ALONE = (
    "settlement",
    "stock",
    "growth",
    "average",
    "rank",
    "place",
    "handling",
    "quality",
    "people",
    "timely",
    "correct",
    "work",
)  # told to the model each by itself
_ROWS = tuple(AGAINST)
_UPWARD, _DOWNWARD = frozenset({"ge", "gt", "approx", "between"}), frozenset({"le", "lt"})
_CHANGED = re.compile(r"(?P<up>增长|提高|提升|增加|上升)|(?:下降|降低|减少|压减|压降|削减|缩短)")
_REACHED = re.compile(r"[到至为]")
_LAST_YEAR = re.compile(r"上年|去年|上一年|同期|同比|年均|前一年|上季|上月")
_FIXED_YEAR = re.compile(r"\d{4}年|五”?[末期]|末")
_TEXT = 60  # characters of a record that are looked at
_LETTERS = 24  # of a core, from either end
_VAGUE = 2  # characters of a core that by themselves say nothing
_MEMBERS = 4  # of a group, whose texts are looked at

NAMES: tuple[str, ...] = (
    "same core", "bigrams", "bigrams inside", "characters", "characters inside", "words", "words inside", "as printed",
    "bigram alone, most", "bigram alone, least", "word alone, most", "word alone, least",
    "words alone, most", "words alone, least", "count alone, most", "count alone, least",
    "opening", "opening part", "ending", "ending part", "opening and ending", "first word", "last word",
    "told around, most", "told around, least", "untold, most", "untold, least", "alone and untold, most", "alone and untold, least",
    "record", "path", "last heading",
    "narrowed against", "narrowed once", "narrowed alike", "done against", "done once", "done alike",
    *(f"{row} {how}" for row in _ALONE for how in ("against", "once")),
    "same head", "same end", "share", "share once", "count", "numbers differ", "numbers once",
    "change", "change differs", "change once", "share of", "share of once",
    "by differs", "by once", "period differs", "period once", "unit differs", "dimension", "direction differs", "nothing allowed", "nothing allowed once",
    "domain differs", "domain once", "object", "object once",
    "compared with differs", "compared with once", "times", "whole", "same document", "shorter", "longer",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tables:
    """How much bigrams and whole words of metrics tell; fixed with the model, so that a pair is judged alike whatever
    else is in the archive.
    """

    bigrams: Weights
    words: Weights
    alone: np.ndarray  # codes of what ``Leftovers`` knows


@dataclass(frozen=True, slots=True)
class Sides:
    """What is compared, a row each. ``logs``: logarithm of the value in the base unit, nan where there is none."""

    wordings: tuple[Wording, ...]
    core: csr_matrix
    around: csr_matrix  # core and all that stands around it
    printed: csr_matrix
    characters: csr_matrix
    words: csr_matrix
    of: csr_matrix
    record: csr_matrix
    path: csr_matrix
    heading: csr_matrix
    object: csr_matrix
    letters: np.ndarray  # (n, 2, _LETTERS): how the core begins, and how it ends, read backwards
    against: np.ndarray  # (n, rows of AGAINST), bits
    codes: dict[str, np.ndarray]  # small numbers that are equal or not; 0 is not said
    logs: np.ndarray
    documents: csr_matrix
    told: Told

    def __len__(self) -> int:
        return len(self.wordings)


def places_of(each: Observation) -> tuple[str, ...]:
    """Names that a metric of this document may carry without meaning by them."""
    place = each.place
    return () if place is None else tuple(name for name in (place.name, place.parent) if name)


def worded(each: Observation) -> Wording:
    """The wording of its metric, without the names of its own place and of those above; one that by itself says nothing
    (满意率) has its heading before it.
    """
    said = wording(each.metric, places_of(each))
    if len(said.core) > _VAGUE or not each.path:
        return said
    return wording(each.path[-1] + each.metric, places_of(each))


def named(each: Observation) -> str:
    """The metric as printed, without place and year."""
    return wording(each.metric, places_of(each)).name


def sides(groups: Sequence[Sequence[Observation]], tables: Tables) -> Sides:
    """A row for each group, all of one wording; its first members stand for it."""
    few = [group[:_MEMBERS] for group in groups]
    first = [group[0] for group in few]
    said = [worded(each) for each in first]
    size = len(groups)
    around = [_around(group) for group in few]
    core, near, printed, of, record, path, heading, obj = bags(
        [
            bigrams([each.core for each in said]),
            bigrams(around),
            bigrams([each.name for each in said]),
            bigrams([each.of for each in said]),
            bigrams([each.text[:_TEXT] for each in first]),
            bigrams(["".join(each.path) for each in first]),
            bigrams([each.path[-1] if each.path else "" for each in first]),
            bigrams([each.object or "" for each in first]),
        ],
        size, tables.bigrams,
    )  # fmt: skip
    (words,) = bags([coded([each.words for each in said])], size, tables.words)
    (characters,) = bags([coded([each.core for each in said])], size, EQUAL)
    numbers = {name: at for at, name in enumerate(sorted({each.document for group in groups for each in group}))}
    held = [(at, numbers[name]) for at, group in enumerate(groups) for name in {each.document for each in group}]
    row, column = np.array(held, dtype=np.int64).reshape(-1, 2).T
    return Sides(
        wordings=tuple(said), core=core, around=union(core, near), printed=printed, characters=characters, words=words, of=of,
        record=record, path=path, heading=heading, object=obj,
        letters=np.array([(_points(each.core), _points(each.core[::-1])) for each in said], dtype=np.int32).reshape(size, 2, _LETTERS),
        against=np.array([each.against for each in said], dtype=np.int64).reshape(size, len(_ROWS)),
        codes=_codes(few, said), logs=np.array([_log(group) for group in groups], dtype=np.float64),
        documents=csr_matrix((np.ones(len(row)), (row, column)), shape=(size, max(1, len(numbers)))),
        told=told(said, tables.alone),
    )  # fmt: skip


def _around(group: Iterable[Observation]) -> str:
    said = (worded(each).core + "".join((*each.path[-2:], each.text[:_TEXT], each.object or "")) for each in group)
    return "\n".join(dict.fromkeys(said))


def _points(text: str) -> list[int]:
    return [ord(char) for char in text[:_LETTERS].ljust(_LETTERS, "\0")]


def _codes(groups: Sequence[Sequence[Observation]], said: Sequence[Wording]) -> dict[str, np.ndarray]:
    known: dict[str, int] = {"": 0}
    made: dict[str, list[int]] = {}
    for group, wording_ in zip(groups, said, strict=True):
        for name, value in _said(group[0], wording_).items():
            made.setdefault(name, []).append(known.setdefault(value, len(known)))
    return {name: np.array(values, dtype=np.int64) for name, values in made.items()}


def _said(each: Observation, said: Wording) -> dict[str, str]:
    quantity = each.quantity
    return {
        "core": said.core, "head": said.head, "first": said.words[0], "last": said.words[-1], "end": said.core[-2:], "of": said.of, "numbers": " ".join(sorted(said.numbers)),
        "share": "yes" if quantity.dimension == "share" else "", "count": "yes" if quantity.dimension.startswith("count") else "",
        "dimension": quantity.dimension, "thing": quantity.base.partition("/")[0], "period": quantity.base.partition("/")[2], "unit": quantity.unit, "change": told_change(each, said),
        "direction": "up" if each.op in _UPWARD else "down" if each.op in _DOWNWARD else "",
        "nothing": "yes" if quantity.value == 0 else "", "whole": "yes" if quantity.dimension == "share" and each.value == 100 else "",
        "domain": each.domain, "object": each.object or "", "compared": compared_with(each),
    }  # fmt: skip


def told_change(each: Observation, said: Wording) -> str:
    """``up`` or ``down`` where it is told by how much it changes, not what it is to be; else ""."""
    if said.change:
        return "up" if said.change > 0 else "down"
    match = _CHANGED.search(each.raw or "")
    if match and not _REACHED.match((each.raw or "")[match.end() :]):
        return "up" if match["up"] else "down"
    return "up" if each.unit and "百分点" in each.unit else ""


def compared_with(each: Observation) -> str:
    """What a change is counted from: ``last year``, ``year`` (2020年), ``other``, "" where nothing is said."""
    baseline = each.baseline or ""
    if not baseline:
        return "last year" if "年均" in each.metric or "同比" in each.metric else ""
    return "last year" if _LAST_YEAR.search(baseline) else "year" if _FIXED_YEAR.search(baseline) else "other"


def _log(group: Sequence[Observation]) -> float:
    values = [each.quantity.value for each in group if each.quantity.value]
    return float(np.median(np.log10(np.abs(values)))) if values else float("nan")


# --- pairs ------------------------------------------------------------------------------------------------


def rows(all_sides: Sides, i: np.ndarray, j: np.ndarray, at_once: int = 50_000) -> np.ndarray:
    """Features (pairs, ``NAMES``) of the pairs of rows ``i`` and ``j``; the same whichever of the two comes first."""
    made = np.empty((len(i), len(NAMES)), dtype=np.float32)
    for first in range(0, len(i), at_once):
        part = slice(first, first + at_once)
        made[part] = np.column_stack(_features(all_sides, i[part], j[part]))
    return made


def _features(of: Sides, i: np.ndarray, j: np.ndarray) -> list[np.ndarray]:
    size = np.array([len(each.core) for each in of.wordings])
    return [
        *_words(of, i, j), *_told(of, i, j), *_against(of.against[i], of.against[j]), *_equal(of, i, j),
        _times(of.logs[i], of.logs[j]), _both(of.codes["whole"], i, j),
        _inside(shared(of.documents, i, of.documents, j)),
        np.minimum(size[i], size[j]), np.maximum(size[i], size[j]),
    ]  # fmt: skip


def _words(of: Sides, i: np.ndarray, j: np.ndarray) -> list[np.ndarray]:
    core, words = shared(of.core, i, of.core, j), shared(of.words, i, of.words, j)
    characters = shared(of.characters, i, of.characters, j)
    ones = shared(of.words > 0, i, of.words > 0, j)
    return [
        _same(of.codes["core"], i, j), _alike(core), _inside(core), _alike(characters), _inside(characters),
        _alike(words), _inside(words), _alike(shared(of.printed, i, of.printed, j)),
        *_most(core.left_only, core.right_only), *_most(words.left_only, words.right_only),
        *_most(words.left - words.both, words.right - words.both), *_most(ones.left - ones.both, ones.right - ones.both),
        *_ends(of.letters, i, j), _same(of.codes["first"], i, j), _same(of.codes["last"], i, j),
    ]  # fmt: skip


def _ends(letters: np.ndarray, i: np.ndarray, j: np.ndarray) -> list[np.ndarray]:
    """How many characters both cores begin with, and end in, also as a part of the shorter."""
    left, right = letters[i], letters[j]
    alike = np.cumprod((left == right) & (left > 0), axis=2).sum(axis=2).astype(np.float64)
    shorter = np.minimum((left[:, 0] > 0).sum(axis=1), (right[:, 0] > 0).sum(axis=1)).astype(np.float64)
    opening, ending = alike[:, 0], alike[:, 1]
    both = np.minimum(_part(opening + ending, shorter), 1.0)
    return [opening, _part(opening, shorter), ending, _part(ending, shorter), both]


def _told(of: Sides, i: np.ndarray, j: np.ndarray) -> list[np.ndarray]:
    """How far what one side does not name stands around the other: a heading, the rest of the record."""
    there, back = shared(of.core, i, of.around, j), shared(of.core, j, of.around, i)
    left, right = _part(there.both, there.left), _part(back.both, back.left)
    return [
        *_most(left, right), *_most(there.left - there.both, back.left - back.both), *_most(there.left_only, back.left_only),
        _alike(shared(of.record, i, of.record, j)), _alike(shared(of.path, i, of.path, j)),
        _alike(shared(of.heading, i, of.heading, j)),
    ]  # fmt: skip


def _against(left: np.ndarray, right: np.ndarray) -> list[np.ndarray]:
    ours, theirs = (left & ~right) != 0, (right & ~left) != 0
    against, once, alike = ours & theirs, ours ^ theirs, (left & right) != 0
    doing = np.array([row in _DOING for row in _ROWS])
    made = [which[:, kind].sum(axis=1) for kind in (~doing, doing) for which in (against, once, alike)]
    return made + [which[:, _ROWS.index(row)] for row in _ALONE for which in (against, once)]


def _equal(of: Sides, i: np.ndarray, j: np.ndarray) -> list[np.ndarray]:
    codes = of.codes

    def differ(name: str) -> list[np.ndarray]:
        left, right = codes[name][i], codes[name][j]
        return [(left != right) & (left > 0) & (right > 0), (left > 0) ^ (right > 0)]

    return [
        _same(codes["head"], i, j), _same(codes["end"], i, j), _both(codes["share"], i, j), differ("share")[1], _both(codes["count"], i, j),
        *differ("numbers"), _both(codes["change"], i, j), *differ("change"),
        _alike(shared(of.of, i, of.of, j)), differ("of")[1], *differ("thing"), *differ("period"), differ("unit")[0],
        _same(codes["dimension"], i, j), differ("direction")[0], _both(codes["nothing"], i, j), differ("nothing")[1],
        *differ("domain"), _alike(shared(of.object, i, of.object, j)), differ("object")[1], *differ("compared"),
    ]  # fmt: skip


def _times(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """How many tenfolds one is of the other; -1 where one of them has no value."""
    made: np.ndarray = np.nan_to_num(np.abs(left - right), nan=-1.0)
    return made


def _same(codes: np.ndarray, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    made: np.ndarray = codes[i] == codes[j]
    return made


def _both(codes: np.ndarray, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    made: np.ndarray = (codes[i] > 0) & (codes[j] > 0)
    return made


def _alike(found: Shared) -> np.ndarray:
    return _part(found.both, found.left + found.right - found.both)


def _inside(found: Shared) -> np.ndarray:
    return _part(found.both, np.minimum(found.left, found.right))


def _part(some: np.ndarray, whole: np.ndarray) -> np.ndarray:
    made: np.ndarray = np.divide(some, whole, out=np.zeros_like(some), where=whole > 1e-9)
    return made


def _most(left: np.ndarray, right: np.ndarray) -> list[np.ndarray]:
    return [np.maximum(left, right), np.minimum(left, right)]


def common(words: Iterable[str]) -> str:
    """The most frequent, the shortest of these, the first of these."""
    counts: Mapping[str, int] = Counter(words)
    return min(counts, key=lambda word: (-counts[word], len(word), word))
