"""What a clause leaves out because it was just said: from the target before, the clause before, the heading."""

from __future__ import annotations

import re

from extractor.records import lexicon as lx
from extractor.records.frame import Frame
from extractor.records.words import PUNCT, Metric, clean_left, merge, thing_of

_STOCK = re.compile(r"(装机容量|装机|容量|面积|产量|投资|里程|床位|人口|任务|资金|产能|规模|数量?)$")


def completed(frame: Frame, words: str, low: int, previous: list[str]) -> str:
    """A subject that says too little alone, with what it is of."""
    return complete(frame, words, "subject", low, previous, share=True).text


def complete(frame: Frame, words: str, shape: str, low: int, previous: list[str], *, share: bool) -> Metric:
    """``words`` as the metric, with what they lack.

    ``shape``: ``subject`` before the number or ``thing`` after it; ``low`` is where the words begin in the item;
    ``previous`` the metrics before; ``share``: the number may share the measure of the one before.
    """
    words = _without_asides(words.strip(PUNCT))
    scoped = _scoped(frame, low, words, previous) if shape == "subject" else None
    if scoped:
        return Metric(scoped[1] + scoped[0], shape, scope=scoped[1])
    listed = _of_the_whole(frame, low, words, previous) if shape == "subject" else None
    if listed:
        return Metric(listed, shape)
    measured = re.match(r"^(.{2,6}?)(?:总|播种|种植)?(?:面积|产量|产值|总产)$", previous[-1]) if previous else None
    if measured and shape == "subject" and low > 0 and re.fullmatch(r"总?产量|总?产值|单产|面积", words):
        return Metric(measured.group(1) + words, shape)
    among = frame.text[low : low + 4].lstrip(",;").startswith("其中")
    if shape == "subject" and previous and low > 0 and lx.DEPENDENT.match(words):
        return Metric(re.sub(r"^(?:实施|完成|推进|建设|新建|开工|安排)+(?=.{3})", "", previous[-1]) + words, shape)
    if shape == "subject" and previous and words and (among or (share and not lx.MEASURE.search(words))):
        shared = _shared_measure(words, previous[-1], among=among)
        if shared:
            return Metric(shared, shape)
    if words and shape == "subject":
        stem = _stem_shared(frame, low, words)
        if stem:
            return Metric(stem, shape)
    if words and shape == "subject" and lx.BARE_MEASURE.match(words) and not lx.ENTITY.search(words):
        owner = _owner(frame, low, words, previous) if len(words) <= 4 else _overlapping(frame, low, words)
        if owner:
            return Metric(merge(owner, words), shape, certain=False)
    if not words:
        owner = _owner(frame, low, "", previous)
        return Metric(owner or frame.text.strip(PUNCT)[:40], shape, certain=False)
    return Metric(words, shape)


def _of_the_whole(frame: Frame, low: int, words: str, previous: list[str]) -> str | None:
    """总装机容量达到…，其中包括：风电200万千瓦、水电…: each part is measured as the whole is."""
    start, _ = frame.sentence_at(low)
    if (
        not previous
        or not words
        or len(words) > 12
        or lx.MEASURE.search(words)
        or "其中" not in frame.text[start : low + 4]
    ):
        return None
    stock = _STOCK.search(previous[-1])
    if stock is None or frame.text.rfind("其中", start, low + 4) < start:
        return None
    made = re.match(r"^(?:新增|新建|完成|累计)", previous[-1])
    return (made.group() if made and not words.startswith(made.group()) else "") + words + stock.group(1)


def _scoped(frame: Frame, low: int, words: str, previous: list[str]) -> tuple[str, str] | None:
    """(measure, place) of 设施农业面积占比，山区县不低于15%，平原县…: the place after the measure is the scope."""
    inline = re.match(
        r"^(.{2,}?(?:率|占比|比例|面积|度))((?:[^的率]{1,5})?(?:[县区市州乡镇村旗盟]|地区|街道|医院|学校|企业|机构))$",
        words,
    )
    if inline and not lx.ENTITY.search(inline.group(1)[-2:]):
        return inline.group(1), inline.group(2)
    if len(words) > 8 or low <= 0 or not re.search(r"(?:[县区市州乡镇村旗盟]|地区|街道|医院|学校|企业|机构)$", words):
        return None
    shared = (
        re.match(r"^[^率]{1,6}?(?:[县区市州乡镇村旗盟]|地区|街道)(.{2,}(?:率|占比|比例|面积|度))$", previous[-1])
        if previous
        else None
    )
    if shared and len(words) <= 6:
        return shared.group(1), words
    at = frame.clause_at(low)
    for start, end in reversed(frame.clauses[:at]):
        clause = frame.text[start:end]
        if not numbered(frame, start, end):
            subject = clean_left(clause)
            return (subject, words) if lx.MEASURE.search(subject) and len(subject) >= 3 else None
    return None


def _without_asides(words: str) -> str:
    """Without a bracket that only lists examples (面包、蛋糕、方便面): a name's own bracket stays."""
    words = re.sub(r"\((?=[^()]*、)(?!不?含|剔除)(?![^()]*[县市区州])[^()]{8,}\)", "", words)
    return re.sub(r"(?<=.{4})\((?![^()]*[县市区州村镇])[^()]{4,}\)$", "", words)


def _stem_shared(frame: Frame, low: int, words: str) -> str | None:
    """乡镇级设置率 after 推进标识牌、指示牌设置: the thing whose setting up the rate measures is said before."""
    match = re.match(r"^(?P<subject>.*?)(?P<stem>[\u4e00-\u9fff]{2})(?P<measure>率|比例|面|数)$", words)
    if match is None or low <= 0 or len(match["subject"]) > 8:
        return None
    start, end = clause_bounds(frame, max(low - 2, 0))
    if end > low or numbered(frame, start, end):
        return None
    thing = thing_of(frame.text[start:end])
    if not thing.endswith(match["stem"]) or len(thing) <= 2:
        return None
    return match["subject"] + thing + match["measure"]


def _overlapping(frame: Frame, low: int, words: str) -> str | None:
    """综合责任保险 before 保险覆盖率: the clause before ends in the word that the measure opens with."""
    if low <= 0:
        return None
    start, end = clause_bounds(frame, max(low - 2, 0))
    if end > low or numbered(frame, start, end):
        return None
    thing = thing_of(frame.text[start:end])
    return thing if len(thing) <= 30 and thing.endswith(words[:2]) else None


def _shared_measure(words: str, previous: str, *, among: bool) -> str | None:
    """低收入家庭成员(不低于30%) after 重点对象…救助比例: the subject changes, the measure stays."""
    part = re.match(r"^(.+的)(占比|比例|比重)$", words) if among else None
    whole = re.match(r"^.+?的(.+?)(?:占比|比例|比重)$", previous) if part else None
    if part and whole:
        return part.group(1) + whole.group(1) + part.group(2)
    if lx.MEASURE.search(words) or len(words) > 16 or not lx.ENTITY.search(words[-4:]) or lx.PREDICATE.match(words):
        return None
    parallel = re.match(r"^[省市县乡村镇区]级", words) and re.match(r"^[省市县乡村镇区]级", previous)
    if not among and not parallel and not lx.MEASURE.search(previous):
        return None
    head = re.match(rf"^.*?{lx.ENTITY.pattern}(?:\([^)]*\))?", previous)
    if head is None or head.end() >= len(previous) - 1 or re.match(r"及?以[上下]|\(", previous[head.end() :]):
        return None
    return merge(words, previous[head.end() :])


def _owner(frame: Frame, low: int, words: str, previous: list[str]) -> str | None:
    """What a bare measure (使用率) is of: the target before, the clause before, the heading."""
    if previous and lx.MEASURE.search(previous[-1]):
        head = re.match(rf"^.+?{lx.ENTITY.pattern}(?=.)", previous[-1])
        if head and head.end() >= 3:
            return head.group()
    grown = (
        re.match(r"^(.{4,}?)(?:同口径|同比|年均)?(?:增长|增加|提高|提升|下降|降低)$", previous[-1])
        if previous
        else None
    )
    if grown and re.search(r"占比|比重|比例", words):
        return grown.group(1)
    if (
        previous
        and re.search(r"[\u4e00-\u9fff]{2}率$", previous[-1])
        and re.fullmatch(r"[\u4e00-\u9fff]{2}率", words)
        and len(previous[-1]) > 5
    ):
        return previous[-1][:-3]
    if low > 0:
        start, end = clause_bounds(frame, max(low - 2, 0))
        parted = any(m.span.start == low for m in frame.dates) and any(m.span.start == start for m in frame.dates)
        if end <= low and not parted and not numbered(frame, start, end):
            thing = thing_of(frame.text[start:end])
            if 2 <= len(thing) <= 40:
                return thing
    for heading in reversed(frame.context):
        thing = re.sub(r"(?<=.{4})(?:达到?|不低于|不少于|超过|完成)?\d.*$", "", thing_of(heading))
        if 2 <= len(thing) <= 24 and not lx.GENERIC.search(thing):
            return thing
    return None


def clause_before(frame: Frame, low: int, previous: list[str]) -> str:
    """The subject where the number's own clause has none: the target before, or the words of the clause before."""
    start, end = clause_bounds(frame, max(low - 2, 0))
    if end > low or any(start <= q.span.start < end for q in frame.quantities):
        return previous[-1] if previous else ""
    return thing_of(re.sub(r"(?:均|都)?(?:实现|达到|做到).{0,6}全覆盖$|,?做到应.尽.$", "", frame.text[start:end]))


def thing_before(frame: Frame, position: int) -> str:
    """What the clause before ``position``'s clause is about, or nothing."""
    start, _ = clause_bounds(frame, position)
    return clause_before(frame, start, []) if start > 0 else ""


def numbered(frame: Frame, start: int, end: int) -> bool:
    """Whether a clause states a target of its own."""
    return any(start <= q.span.start < end for q in frame.quantities) or any(
        start <= m.span.start < end for m in frame.implicits
    )


def clause_bounds(frame: Frame, position: int) -> tuple[int, int]:
    """The clause that holds ``position``; the whole text where there is only one."""
    if not frame.clauses:
        return 0, len(frame.text)
    return frame.clauses[frame.clause_at(position)]


def merge_subject(thing: str, words: str) -> str:
    """A period before the number is no subject; 每户 is part of what the clause before says."""
    each = re.search(r"每个?[户人家所村县乡镇区市校班园街道]{1,2}$", words)
    if each is None:
        return thing
    return thing + each.group() if re.search(r"每[户人]$", each.group()) else each.group() + thing
