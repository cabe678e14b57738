"""分别 and shared heads: 城乡…覆盖率分别达70%、50% gives each thing its own number."""

from __future__ import annotations

import re

from extractor.records import lexicon as lx

_PAIRS = (("城乡", ("城市", "农村")), ("城镇和农村", ("城镇", "农村")), ("市县", ("市", "县")), ("男女", ("男", "女")))
_JOINT = re.compile(r"、|和|与|及|以及")


def outer_parts(words: str, signs: str = "、") -> list[str]:
    """``words`` cut at ``signs`` outside brackets: 县（市、区） is one."""
    parts, depth, at = [], 0, 0
    for i, char in enumerate(words):
        depth += (char in "(“《") - (char in ")”》")
        if depth <= 0 and char in signs:
            parts.append(words[at:i])
            at = i + 1
    parts.append(words[at:])
    return [part for part in parts if part]


def own_heads(words: str, count: int) -> list[str] | None:
    """What tells the subjects of ``words`` apart (城区, 镇区), for a measure that follows and names none."""
    heads = split_heads(words, count)
    if heads is None:
        return None
    tail = 0
    while all(len(head) > tail + 1 and head[-tail - 1] == heads[0][-tail - 1] for head in heads):
        tail += 1
    while tail and heads[0][-tail] in "区市县镇村乡级":
        tail -= 1  # 城区, 镇区
    owns = [head[: len(head) - tail] for head in heads]
    entity = [re.match(rf"^.*{lx.ENTITY.pattern}", head) for head in heads]
    return owns if all(owns) and tail else [m.group() for m in entity if m] if all(entity) else None


def split_heads(words: str, count: int) -> list[str] | None:
    """``words`` as ``count`` subjects, each complete (城区、镇区中小学供餐率 → 城区中小学供餐率, 镇区中小学供餐率).

    None where the words name another number of things.
    """
    words = re.sub(r"分别$", "", words).rstrip("、, ")
    for joint, names in _PAIRS:
        if count == len(names) and words.count(joint) == 1 and not _enumerates(words.replace(joint, ""), count):
            before, _, after = words.partition(joint)
            return [before + name + after for name in names]
    levels = re.match(r"^(.*?)([省市县区乡村])[、和]([省市县区乡村])两级(.*)$", words)
    if levels and count == 2:
        return [f"{levels[1]}{levels[2]}级{levels[4]}", f"{levels[1]}{levels[3]}级{levels[4]}"]
    parts = outer_parts(words, "、和与及")
    if len(parts) < count:
        return None
    if len(parts) > count:
        parts = _regroup(words, count)
        if len(parts) != count:
            return None
    if all(lx.MEASURE.search(part) for part in parts):
        return _shared_prefix(parts)
    return _with_shared_tail(parts)


def _enumerates(words: str, count: int) -> bool:
    parts = [part for part in _JOINT.split(words) if part]
    return len(parts) == count and all(lx.MEASURE.search(part) for part in parts)


def _regroup(words: str, count: int) -> list[str]:
    """Only 、 parts the things, or only 和: the sign that gives the right number."""
    for sign in ("、", "和", "与", "及"):
        parts = outer_parts(words, sign)
        if len(parts) == count:
            return parts
    return outer_parts(words, "、和与及")[-count:]


def _shared_prefix(parts: list[str]) -> list[str]:
    """乡村医生培训率、合格率: a bare measure takes the first one's thing."""
    if re.search(r"[\u4e00-\u9fff]{2}率$", parts[0]) and len(parts[0]) > 5:
        head_words = parts[0][:-3]
        parts = [parts[0], *(head_words + p if re.fullmatch(r"[\u4e00-\u9fff]{2}率", p) else p for p in parts[1:])]
    head = re.match(rf"^.+?{lx.ENTITY.pattern}(?=.)", parts[0])
    if head is None:
        return parts
    return [parts[0], *(head.group() + p if len(p) <= 5 and not lx.ENTITY.search(p) else p for p in parts[1:])]


def _with_shared_tail(parts: list[str]) -> list[str]:
    last = parts[-1]
    size = _own_length(parts[0], last)
    tail = last[size:]
    prefix = _prefix(parts[0], last[:size])
    return [parts[0] + tail, *(prefix + part + tail for part in parts[1:-1]), prefix + last]


def _own_length(first: str, last: str) -> int:
    """How much of the last part names its own thing: up to where it ends as the first thing ends."""
    for size in (3, 2, 1):
        ending = first[-size:]
        at = last.find(ending) if len(ending) == size else -1
        if 0 <= at <= 10 and (size > 1 or ending in "区市县镇村乡级型类户人品率"):
            return at + size
    insured = re.match(r"^.{2,6}?(?=保险)", last)
    if insured and "保险" not in first:
        return insured.end()  # 基本养老、失业、工伤保险参保人数
    entity = re.match(rf"^.*?{lx.ENTITY.pattern}", last)
    if entity and entity.end() < len(last):
        return entity.end()
    return min(len(first), max(len(last) - 2, 1))


def _prefix(first: str, own: str) -> str:
    """Words before the first thing that hold for all: 全市城区、镇区… keeps 全市."""
    for size in range(len(first) - len(own), 0, -1):
        if re.match(r"(?:全[国省市县区]|各[市县区]|辖区内?)", first[:size]) and len(first) - size >= len(own) - 1:
            return first[:size]
    return ""
