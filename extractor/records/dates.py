"""Deadlines of a record and the day each of its targets is due."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from extractor.records.frame import Frame
from extractor.records.targets import Draft
from extractor.text.numerals import parse_numeral
from extractor.types.geometry import Span
from extractor.types.mention import DateMention

_MEANT = re.compile(
    r"^[^,;。]{0,14}(?:的(?:人员|对象|企业|项目|单位|学生|儿童|老人|家庭|房屋|车辆|考生)|(?:进驻|入驻|登记|注册|建成|竣工|投运|出生|参保)(?=[,的]))"
)
_NAME_AFTER = re.compile(
    r"^(?:年?度)?(?:全[国省市县区]|.{0,10}(?:任务|计划|工作|方案|预算|目标|要点|清单|考核|规划|行动|年报|标准|普查|清算|决算|审计)(?:$|[,。;、]))"
)


def deadline_mentions(frame: Frame, used: Iterable[DateMention], *, measured: bool) -> list[DateMention]:
    """The dates of the item's own words that say by when, from when or how often.

    ``used`` are those that count a number (每月3条) or state a baseline. A bare year counts where it opens
    its clause.
    """
    taken = {mention.span for mention in used}
    return [
        mention
        for mention in _with_spans_of_years(frame)
        if mention.span not in taken and _binds(frame, mention, measured=measured)
    ]


_YEARS = re.compile(r"^(\d{1,2}|[一二两三四五六七八九十])(?:个)?年(?:之)?内$")


def _with_spans_of_years(frame: Frame) -> list[DateMention]:
    """The dates, 三年内 as a deadline: from the document's year on as its reader counts it, or from 2012年起."""
    found: list[DateMention] = []
    for mention in frame.dates:
        match = _YEARS.match(frame.text[mention.span.start : mention.span.end])
        bound = frame.text[max(mention.span.start - 1, 0) : mention.span.start] in ("后", "近", "满")  # 收到后三年内
        if mention.role != "duration" or match is None or match[1] in "1一" or mention.end is None or bound:
            found.append(mention)
        elif found and found[-1].role == "start" and found[-1].start and found[-1].span.end == mention.span.start:
            begun, count = found.pop(), parse_numeral(match[1])
            last = int(str(begun.start)[:4]) + int(count or 1) - 1
            span = Span(begun.span.start, mention.span.end)
            found.append(replace(mention, span=span, role="deadline", start=begun.start, end=f"{last}-12-31"))
        else:
            found.append(replace(mention, role="deadline"))
    return found


def _binds(frame: Frame, mention: DateMention, *, measured: bool) -> bool:
    if frame.inside(mention.span.start) is not None and not _bracketed_deadline(frame, mention):
        return False
    after = frame.text[mention.span.end : mention.span.end + 24]
    if mention.attributive or mention.role in ("baseline", "duration"):
        return False
    if mention.end and frame.year is not None and mention.end < f"{frame.year}-01-01":
        return False  # 恢复到2019年水平
    if mention.role == "recurrence" and (
        re.match(r"\d", after) or re.search(r"(?:每[人户亩村校]|人均|户均)$", frame.text[: mention.span.start])
    ):
        return False  # 每人每年380元
    if re.match(
        r"(?:开工|完成|建成|实现|启动|投[产用入]|力争|全面|基本|新增|新建|达到|累计)", after
    ) and mention.role in ("period", "point"):
        return frame.text[mention.span.start : mention.span.end] not in ("全年", "年度", "本年度", "当年")
    if mention.role == "recurrence":
        return True
    if _MEANT.match(after):
        return False
    if mention.role == "point":
        return _opens_clause(frame, mention) and (after[:1] in ",:" or (measured and not _NAME_AFTER.match(after)))
    if mention.role == "period":
        return _opens_clause(frame, mention) and frame.text[mention.span.start : mention.span.end] not in (
            "全年",
            "年度",
            "本年度",
            "当年",
        )
    return True


def _bracketed_deadline(frame: Frame, mention: DateMention) -> bool:
    return frame.inside(mention.span.start) == "(" and mention.role == "deadline"


def _opens_clause(frame: Frame, mention: DateMention) -> bool:
    start, _ = frame.clauses[frame.clause_at(mention.span.start)] if frame.clauses else (0, 0)
    before = frame.text[start : mention.span.start]
    return bool(re.fullmatch(r"(?:到|至|在|于|力争|确保|争取|实现|展望|其中|、|和|[“‘]?)*", before))


def governing(frame: Frame, draft: Draft, mentions: list[DateMention]) -> DateMention | None:
    """The date that governs a target: the nearest before it in its sentence, else one after it in its clause."""
    if draft.date is not None:
        return draft.date
    dated = [m for m in mentions if m.end and m.role != "recurrence"]
    low, high = frame.sentence_at(draft.at)
    before = [m for m in dated if low <= m.span.start and m.span.end <= max(draft.at, draft.raw.end)]
    opened = frame.clauses[frame.clause_at(draft.at)][0] if frame.clauses else 0
    whole = [m for m in frame.dates if m.span.start == opened and frame.text[opened : m.span.end] in ("全年", "年内")]
    if before and whole:
        return whole[0]  # 上半年完成50%，全年完成100%
    if before:
        return before[-1]
    start, end = frame.clauses[frame.clause_at(draft.at)] if frame.clauses else (0, len(frame.text))
    after = [m for m in dated if start <= m.span.start < min(end, high)]
    return after[0] if after else _finished(frame, dated, end, high)


def _finished(frame: Frame, dated: list[DateMention], low: int, high: int) -> DateMention | None:
    """新建互助点12个，6月底前开工，11月底前建成投用: when the thing just counted is finished."""
    stops = [q.span.start for q in frame.quantities if q.span.start >= low]
    high = min([high, *stops, *(at for at in (frame.text.find(";", low),) if at >= 0)])
    found = [
        m
        for m in dated
        if low <= m.span.start
        and m.span.end < high
        and re.match(
            r"(?:全部|基本)?(?:建成|投用|投入使用|完成建设|竣工|完工|交付|执行到位|开园|通车)",
            frame.text[m.span.end : high],
        )
    ]
    return found[-1] if found else None
