"""Thresholds that are another quantity: 不低于居民消费支出增速."""

from __future__ import annotations

import re

from extractor.records.draft import Draft
from extractor.records.frame import Frame
from extractor.records.metric import clean_left, thing_before
from extractor.records.relative import strength
from extractor.types.geometry import Span
from extractor.types.mention import Comparator

_NO_NUMBER = re.compile(
    r"(?P<cue>不低于|不少于|不小于|不高于|不超过|高于|低于|优于|快于|超过|不慢于)(?P<what>[^,;。:、()\d]{0,40}?(?:标准|水平|上年度|上一年度?|增速|增幅|平均值?|收入|支出|增长率|上年|去年|同期|均值|平均水平|速度|基准))(?=[,;。、)]|$)"
)
_NO_NUMBER_OP: dict[str, Comparator] = {
    "不低于": "ge", "不少于": "ge", "不小于": "ge", "不慢于": "ge", "高于": "gt", "超过": "gt", "优于": "gt", "快于": "gt",
    "不高于": "le", "不超过": "le", "低于": "lt",
}  # fmt: skip


def unnumbered(frame: Frame, drafts: list[Draft]) -> list[Draft]:
    """不低于居民消费支出增速: a threshold that is another quantity."""
    made: list[Draft] = []
    for match in _NO_NUMBER.finditer(frame.text):
        if any(draft.raw.start < match.end() and match.start() < draft.raw.end for draft in drafts) or frame.inside(
            match.start()
        ):
            continue
        start, end = frame.clauses[frame.clause_at(match.start())]
        if re.search(r"\d", frame.text[match.end() : end]) or frame.text[match.end() : match.end() + 1] == "的":
            continue
        start = max(start, *(d.raw.end for d in drafts if d.raw.end <= match.start()), 0) if drafts else start
        subject = clean_left(re.sub(r"^[、和]?或者?", "", frame.text[start : match.start()]))
        if len(subject) <= 3 and drafts:
            subject = _head_of(drafts, subject)
        if len(subject) < 2:
            subject = (
                drafts[-1].metric
                if drafts and drafts[-1].raw.end <= match.start()
                else thing_before(frame, match.start())
            )
        if len(subject) < 2 or len(match["what"]) < 2:
            continue
        made.append(
            Draft(
                subject,
                _NO_NUMBER_OP[match["cue"]],
                match.start(),
                Span(*match.span()),
                baseline=match["what"],
                strength=strength(frame, match.start()),
            )
        )
    return made


def _head_of(drafts: list[Draft], subject: str) -> str:
    """增速不低于…: of what the targets before it speak."""
    first = drafts[0].metric
    for joint, parts in (("城乡", ("城市", "农村")),):
        if any(first.startswith(part) for part in parts):
            first = joint + first[2:]
    return first if first.endswith(subject) else first + subject
