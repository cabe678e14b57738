"""Words of scoring schemes: (2分), 加5分, 每发生一起扣3分, 最高加10分, 一票否决."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from extractor.text.numerals import parse_numeral
from extractor.types.geometry import Span
from extractor.types.mention import PointsKind, PointsMention

_N = r"(?:\d+(?:\.\d+)?|[一二两三四五六七八九十零半]{1,3}(?:点[一二三四五六七八九零]+)?)"
_P = rf"(?:\(?[-+]?(?P<n>{_N})\)?个?分(?![类级布别析工钟管期段店公支局解局院组流析享摊之]))"
_EACH = re.compile(
    r"(?:每(?!年|月|季|周|日|天|半年)[^,。;:!?()]{0,24}|按?[一1]?(?:个|次|件|项|起|例|人|处|篇|条|家|户|人次|份|批|宗|名)(?:的|,)?[^,。;:!?()\d]{0,6}|各|(?:少|缺|迟|漏|逾期|发现|发生|出现|未)[^,。;()\d]{0,14}[一1\d](?:次|项|件|起|例|人|处|个|天|日|份|条|家|户|篇|人次|个百分点|%)(?:的|,)?)$"
)
_MARK = re.compile(rf"[(\[【](?:满分|分值|共|计|总分|本项)?[::]?(?P<mark>{_N})分[)\]】]")
_EVENT = re.compile(
    rf"(?P<cap>(?:累计|合计|总共|共)?(?:最[高多]|至多|总分|封顶|上限|加分|扣分)?(?:不(?:得)?超过|最[高多](?:不(?:得)?超过)?|至多|封顶(?:为)?|上限(?:为|是)?|以)(?:可?(?:加|扣|得|奖励?|计|记|减))?(?:分?(?:为)?)"
    rf"(?P<capn>{_N})分(?:为(?:限|止)|封顶)?)"
    rf"|(?P<capafter>(?P<capn2>{_N})分(?:封顶|为限|为止))"
    r"|(?P<until>[扣加]完(?:[^,。;()]{0,6}分(?:值)?)?为止|直至扣完|扣至?0分为止|扣至零分)"
    rf"|(?P<verb>加分?|奖励?|增加|另加|追加|扣除?|减(?:去)?|倒扣|核减|酌情扣|扣分|得|计|记|给|赋)(?:本项|该项)?(?:基本|相应|绩效)?(?:分值?)?(?P<low>\d+(?:\.\d+)?分?[-—~至])?{_P}(?P<each>/(?:次|件|项|例|起|人|个|天|家|处|篇))?"
    r"|(?P<veto>一票否决(?!权|制度)|实行[“\"]?一票否决)"
    r"|(?P<none>(?:不(?:予)?(?:得|计|记|给)分|(?:本项|该项)?(?:得|计|记)?零分))"
    r"|(?P<full>(?:得|计|记|给)满分)"
)
_SERIES = re.compile(rf"、{_N}分")
_ANY = re.compile(r"分|一票否决|[扣加]完")
_SENTENCE = re.compile(r"[。;\n]")


def find_points(text: str) -> list[PointsMention]:
    """The points that a normalised stretch of text gives or takes, left to right.

    ``不得分`` is an award of 0, ``得满分`` one without value. A cap that stands in the sentence of a bonus or
    penalty is also its ``cap``.
    """
    if _ANY.search(text) is None:
        return []
    found = [_mark(m) for m in _MARK.finditer(text)]
    taken = [m.span for m in found]
    for match in _EVENT.finditer(text):
        mention = _event(text, match)
        if mention is not None and not any(mention.span.overlaps(span) for span in taken):
            found.append(mention)
    found.sort(key=lambda m: m.span.start)
    return _with_caps(text, found)


def _value(words: str | None) -> Decimal | None:
    return parse_numeral(words) if words else None


def _mark(match: re.Match[str]) -> PointsMention:
    return PointsMention(Span(match.start(), match.end()), "mark", _value(match["mark"]))


def _event(text: str, match: re.Match[str]) -> PointsMention | None:
    span = Span(match.start(), match.end())
    if match["cap"] or match["capafter"]:
        return PointsMention(span, "cap", _value(match["capn"] or match["capn2"]))
    if match["until"]:
        return PointsMention(span, "cap")
    if match["veto"]:
        return PointsMention(span, "veto")
    if match["none"]:
        return PointsMention(span, "award", Decimal(0))
    if match["full"]:
        return PointsMention(span, "award")
    verb = match["verb"]
    kind: PointsKind = "award"
    if verb[0] in "加奖另追增":
        kind = "bonus"
    elif verb[0] in "扣减倒核酌":
        kind = "penalty"
    value = _value(match["n"])
    if value is None:
        return None
    if match["low"] or (kind != "award" and _SERIES.match(text, match.end())):
        value = None  # 加1-3分, 分别奖10分、5分、3分: no single number
    start = max(0, match.start() - 40)
    for stop in _SENTENCE.finditer(text, start, match.start()):
        start = stop.end()
    each = _EACH.search(text, start, match.start())
    per = each is not None and (kind != "award" or text[each.start()] == "每")
    return PointsMention(span, kind, value, per_occurrence=per or match["each"] is not None)


def _with_caps(text: str, found: list[PointsMention]) -> list[PointsMention]:
    result = list(found)
    for at, mention in enumerate(found):
        if mention.kind != "cap" or mention.value is None:
            continue
        for before in range(at - 1, -1, -1):
            other = result[before]
            if _SENTENCE.search(text, other.span.end, mention.span.start):
                break
            if other.kind in ("bonus", "penalty"):
                result[before] = replace(other, cap=mention.value)
                break
    return result
