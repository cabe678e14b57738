"""What goes with a number beside its subject: direction, change, baseline, period, force."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from extractor.records import lexicon as lx
from extractor.records.frame import Frame
from extractor.types.geometry import Span
from extractor.types.mention import Comparator, DateMention, Quantity

_PERIODS = {
    "daily": "日", "weekly": "周", "monthly": "月", "quarterly": "季度", "half-yearly": "半年", "yearly": "年",
}  # fmt: skip
_SUFFIX: dict[str, Comparator] = {"上": "ge", "下": "le", "内": "le", "右": "approx"}


def plain_cue(frame: Frame, quantity: Quantity) -> Quantity:
    """达到标准的机构占比90%以上: the verb opens the subject and compares nothing."""
    if frame.inside(quantity.span.start) in ("“", "‘", "《") and frame.inside(quantity.number.start) is None:
        return _without_cue(frame, quantity)  # “最多跑一次”事项占比99%以上
    between = quantity.between
    words = frame.text[between.start : between.end] if between else ""
    if re.match(r"率|比", words):  # 水土保持率提高0.3个百分点: the cue is part of the measure's name
        start = quantity.change.start if quantity.change else quantity.number.start
        return replace(quantity, span=Span(start, quantity.span.end), between=None, cue=None)
    if not re.search(r"(?:率|占比|比例|比重)$", words):
        return quantity
    return _without_cue(frame, quantity)


def _without_cue(frame: Frame, quantity: Quantity) -> Quantity:
    suffix = frame.text[quantity.number.end : quantity.span.end]
    op = _SUFFIX.get(suffix[-1:]) or ("between" if quantity.upper is not None else None)
    return replace(quantity, span=Span(quantity.number.start, quantity.span.end), between=None, cue=None, op=op)


def with_change(frame: Frame, quantity: Quantity, metric: str) -> tuple[str, str | None]:
    """下降14%: the verb of change belongs to the metric; 较2020年 is its baseline."""
    start = frame.clauses[frame.clause_at(quantity.span.start)][0] if frame.clauses else 0
    left = frame.text[start : quantity.number.start]
    baseline = re.search(
        r"(?:比|较|与|同|相比|对比)((?:20\d\d年(?:度|底|末)?|上年|上一年|去年|基期|\d{4}|[“”十二三四五”]+末?)[^,;。]{0,6}?)(?:同期|相比)?(?=增|提|下|降|减|翻|上|新|扩|压|有|高|低|,|累计)",
        left,
    )
    baseline = baseline or re.search(
        r"(?:比|较)([^,;。比较]{2,10}?(?:时限|水平|标准|基期|基准|同期|平均值?|均值))(?=压减|压缩|缩短|下降|降低|减少|提高|增长|增加|提升|高|低)",
        left,
    )
    found = baseline.group(1) if baseline else None
    if baseline:
        metric = metric.replace(baseline.group(), "")
        metric = re.sub(r"(?<=.{2})(?:比|较)(?=.{0,4}$)", "", metric)
    risen = re.search(r"(?:由|从)([^,;由从]{0,10}\d[^,;由从]{0,6})$", metric)
    if risen:
        found, metric = risen.group(1), metric[: risen.start()]
    relative = re.search(r"在(20\d\d年[^,;。]{0,8}|现有)基础上", left)
    if relative:
        found, metric = relative.group(1), metric.replace(relative.group(), "")
    change = re.search(
        r"(?:累计|年均|平均每年|同比)?(增长|提高|提升|增加|上升|扩大|下降|降低|减少|压减|压缩|削减|缩短|降)(?:幅度)?(?:达到?|超过|不低于|不少于|至少|约|力争)*$",
        left,
    )
    if change and quantity.op not in ("le",) and not re.search(r"(?:(?<!达)到|至)$", quantity.cue or ""):
        verb = change.group(1)
        if not metric.endswith(verb) and verb not in metric[-4:]:
            yearly = re.search(r"年均", change.group())
            metric = metric + ("年均" if yearly and "年均" not in metric else "") + verb
    return metric, found


def with_between(frame: Frame, quantity: Quantity, metric: str, baseline: str | None) -> tuple[str, str | None]:
    """What stands between comparator and number: a baseline (达到…支出的80%), a base (人均, 每千名老年人)."""
    between = quantity.between
    if between is None:
        return metric, baseline
    words = frame.text[between.start : between.end].strip("的 ,")
    if not words:
        return metric, baseline
    if re.match(r"(?:每|人均|户均|平均|亩均|日均|年均)", words):
        return (words + metric if words.startswith("每") else metric + words), baseline
    closing = frame.text[quantity.span.end : quantity.span.end + 1] in (",", "。", ";", "", ")", "、", "\n")
    if quantity.unit not in ("%", "倍", "成", None) and closing and 2 <= len(words) <= 8 and words not in metric:
        return metric + words, baseline
    if quantity.unit in ("%", "倍", "成", None) and len(words) >= 2:
        return metric, _full_baseline(words, metric)
    return metric, baseline


def _full_baseline(words: str, metric: str) -> str:
    """达到城市的72% of 农村低保标准: the measure that the baseline leaves out is the metric's."""
    if lx.MEASURE.search(words) or len(words) > 8:
        return words
    entity = re.match(rf"^.*?{lx.ENTITY.pattern}", metric)
    tail = metric[entity.end() :] if entity else ""
    return words + tail if tail and len(tail) <= 12 else words


def per_of(frame: Frame, quantity: Quantity) -> tuple[str | None, DateMention | None]:
    """The period a number is counted in, and the date mention that said so."""
    start = frame.clauses[frame.clause_at(quantity.span.start)][0] if frame.clauses else 0
    if quantity.unit in ("%", "个百分点", "倍") and not re.search(
        r"每(?:个?(?:年|月|季度|半年|学期))[^,;。]{0,8}$|每年.{0,24}(?:抽|检)",
        frame.text[start : quantity.number.start],
    ):
        return None, None
    said = [
        mention for mention in frame.dates
        if mention.recurrence and not mention.by and start <= mention.span.start < quantity.number.end
        and not re.match(r"按|逐", frame.text[mention.span.start : mention.span.end])
    ]  # fmt: skip
    years = re.search(r"每(\d+|[两三四五])年(?:至少|不少于)?[^,;。]{0,10}$", frame.text[start : quantity.number.start])
    if years:
        return f"{_digits(years.group(1))}年", said[-1] if said else None
    if (
        re.search(r"(?:[一二三四五六七八九十]|\d)年[^,;。]{0,20}$", frame.text[start : quantity.number.start])
        and quantity.per == "年"
        and not said
    ):
        return ("年", None) if re.search(r"一年", frame.text[start : quantity.number.start]) else (None, None)
    if quantity.per is not None:
        return quantity.per, said[-1] if said else None
    if said:
        return _PERIODS[str(said[-1].recurrence)], said[-1]
    if re.search(
        r"(?:^|[,;。(])[^,;。]{0,12}?一年(?:内)?(?:[^,;。]{0,8})$", frame.text[max(start - 1, 0) : quantity.span.start]
    ):
        return "年", None
    whole = re.search(
        r"(?:^|(?<=[,;。]))(?:全年|年(?=新建|新增|培训|开展|举办|完成|组织))", frame.text[start : quantity.span.start]
    )
    return ("年", None) if whole else (None, None)


def _digits(words: str) -> str:
    return words if words.isdigit() else str("两三四五六七八九十".find(words) + 2)


def direction(quantity: Quantity, metric: str) -> Comparator:
    """The comparator; a bare value is a floor where more is better, a ceiling where less is."""
    if quantity.op is not None:
        return quantity.op
    if lx.CHANGE_DOWN.search(metric[-4:]) or lx.CHANGE_UP.search(metric[-4:]):
        return "ge"
    if re.search(r"权重|满分|占分|设置(?:为)?$|(?:周期|期限|有效期|服务期)$", metric):
        return "eq"
    return "le" if quantity.value == 0 or lx.LESS_IS_BETTER.search(metric) else "ge"


def strength(frame: Frame, at: int) -> Literal["must", "strive"] | None:
    """力争 / 必须 before ``at`` in its part of the sentence; 力争 inside a clause speaks of that clause alone."""
    start, _ = frame.sentence_at(at)
    low = max(frame.text.rfind(";", start, at) + 1, start)
    own = frame.clauses[frame.clause_at(at)][0] if frame.clauses else low
    said = [low + match.start() for match in lx.STRIVE.finditer(frame.text[low:at])]
    if any(place >= own or not re.search(r"(?:率|占比|比例|比重|[量数额])$", frame.text[low:place]) for place in said):
        return "strive"
    return "must" if lx.MUST.search(frame.text[low:at]) else None
