"""The metric: whose value a number is, in the source's words, complete enough to stand alone.

Three shapes cover official Chinese: *subject + number* (覆盖率达到90%), *number + thing* (建有3所以上机构),
*share of a group that does something* (60%以上的社区建立…, which reads 建立…的社区). What a clause leaves out
because it was just said is taken from the target before, the clause before, or the heading.
"""

from __future__ import annotations

import re

from extractor.records import lexicon as lx
from extractor.records.complete import clause_before, clause_bounds, complete, completed, merge_subject, thing_before
from extractor.records.frame import Frame
from extractor.records.words import PUNCT, Metric, clean_left, merge, thing_of, unbalanced
from extractor.types.mention import Quantity

__all__ = ["Metric", "clean_left", "completed", "compose", "merge", "thing_before", "thing_of"]

_CONNECT = re.compile(r"^(?:的|之)+")
_AFTER_STOP = re.compile(
    r"[,;。:!?\n]|(?:以?及|并(?!网)|且|或)(?=[\u4e00-\u9fff]{0,6}(?:达|不|增|提|下|高于|低于|优于|[0-9]))"
)


def compose(
    frame: Frame, quantity: Quantity, before: int, after: int, previous: list[str], same_unit: bool = True
) -> Metric:
    """The metric of ``quantity``; ``before`` and ``after`` bound the words that belong to it alone
    (the quantities left and right of it in the sentence). ``previous`` are the metrics found before.
    """
    text = frame.text
    low, high = _bounds(frame, quantity, before, after)
    left = clean_left(_subject_words(_undated(frame, low, quantity.span.start), parallel=low == before > 0))
    right = _after(_dateless(frame, text, quantity.span.end, high))
    share = quantity.unit in ("%", None, "成") or quantity.unit == "个百分点"
    if before and previous and not right and re.match(r"(?:、|和|与|及|以及)", text[before : before + 2]):
        left = _in_parallel(left, previous[-1])
    like = share or (same_unit and not right)
    if left in ("人均", "户均", "平均", "亩均") and low > 0:
        left = clause_before(frame, low, previous) + left
    if right:
        metric = _with_thing(left, right, share=share)
        if metric:
            return complete(frame, metric, "thing", low, previous, share=share)
    if not left and low == 0 and quantity.between is not None:
        left = clean_left(text[quantity.between.start : quantity.between.end])  # 至少巡查1次
    if low > 0 and (
        not left
        or re.fullmatch(
            r"(?:(?:每|一|全)?(?:年|月|季度|半年|周)度?内?)?(?:每个?[户人家所村县乡镇区市校班园街道]{1,2})?", left
        )
    ):
        left = merge_subject(clause_before(frame, low, previous), left)
    elif re.match(r"占(?![用道]|地(?!区))", left) and previous:
        left = re.sub(r"(?<=.{2})(?:年均|同比)?(?:增长|增加|提高)$", "", previous[-1]) + left
    return complete(frame, left, "subject", low, previous, share=like)


def _in_parallel(words: str, previous: str) -> str:
    """国家级示范县2个、省级示范县4个: the words that both share and only the first says."""
    if len(words) < 3 or lx.MEASURE.search(words):
        return words
    if lx.LEVEL.match(words) and (level := lx.LEVEL.search(previous)):
        return previous[: level.start()] + words
    for size in (3, 2):
        at = previous.find(words[:size])
        if at >= 2:
            return previous[:at] + words
    kept = len(previous) - len(words)
    if kept >= 2 and previous.endswith(words[-3:]) and not previous.startswith(words[:2]):
        return merge(previous[:kept], words)
    return words


def _undated(frame: Frame, low: int, high: int) -> str:
    """The words without dates that say by when or how often."""
    words, at = "", low
    for date in frame.dates:
        if (
            date.role in ("baseline", "point", "duration")
            or (date.attributive and date.role != "deadline")
            or date.span.start < at
            or date.span.end > high
        ):
            continue
        words += frame.text[at : date.span.start]
        at = date.span.end + (frame.text[date.span.end : date.span.end + 1] == "前")
    return words + frame.text[at:high]


def _subject_words(words: str, *, parallel: bool) -> str:
    """Without an earlier comparison (强度低于平均水平或较基期…) and, between two counts, without the first's noun."""
    if parallel and re.search(r"(?:和|与|及|以及|、|或)$", words):
        return ""
    compared = re.match(
        r"^(.{3,}?)(?:应|要|须|应当)?(?:低于|高于|不低于|不高于|达到|优于)[^,]*?(?:或者?|和)(?=较|比|低|高|不|$)", words
    )
    return compared.group(1) if compared else words


def _bounds(frame: Frame, quantity: Quantity, before: int, after: int) -> tuple[int, int]:
    start, end = clause_bounds(frame, quantity.span.start)
    low = max(start, before)
    head = frame.text[low : quantity.span.start].lstrip(PUNCT)
    if low == start and re.match(
        r"(?:占(?![用道])|比重|比例|的)", head
    ):  # X，占…的60%: the subject stands before the comma
        low = max(clause_bounds(frame, max(start - 2, 0))[0], before)
    return low, min(end, after)


def _dateless(frame: Frame, text: str, start: int, high: int) -> str:
    return _undated(frame, start, high) if any(start < d.span.start < high for d in frame.dates) else text[start:high]


def _after(words: str) -> str:
    """The words after a number that belong to it, up to the next mark or number."""
    stop = _AFTER_STOP.search(words)
    words = words[: stop.start()] if stop else words
    words = re.sub(r"\([^()]*\d[^()]*(?:\)|$)", "", words)
    words = re.sub(r"(?:和|与|及|以及|、|或)$", "", words)
    if words[:1] in ("、", ")", "”", "-", "~", "—", "/", "("):
        return ""
    if re.match(r"(?:和|与|及|以及|或|至|到|之间|左右|以上|以下|以内)", words):
        return ""
    return unbalanced(words.strip(PUNCT))


def _with_thing(left: str, right: str, *, share: bool) -> str:
    """``left`` number ``right``: VP的NP for a group that does something, else left + thing."""
    joined = _CONNECT.match(right)
    right = _CONNECT.sub("", right)
    manner = re.match(r"(?:比例|标准|幅度|速度|要求|目标)(?=.{2})", right)
    if manner and share:
        return clean_left(right[manner.end() :])
    if manner and re.search(r"按照?[^,]{0,3}$|^按|^每[亩户人村个家]$", left or "按"):
        thing = re.sub(r"^(?:落实|安排|发放|给予|配备|拨付|筹集|列支|足额)+", "", clean_left(right[manner.end() :]))
        return left + thing if left.startswith("每") else thing + manner.group()
    if re.match(r"(?:完成|实现|达到|达标|到位|落实|通过|办结|公开|覆盖|合格)", right):
        rest = re.sub(r"^(?:完成|实现)(?=.{4})", "", right.partition("、")[0])
        return left + ("" if left.endswith(rest) else rest)
    verb = lx.PREDICATE.search(right, 2)
    agent = re.match(
        r"^.{1,14}(?:局|委|办|厅|院|政府|部门|单位|中心|小组)(?=(?:要|应)?(?:每[^,]{1,3})?(?:开展|组织|举办|召开|完成|实施|报送)$)",
        left,
    )
    left = left[agent.end() :] if agent else left  # who does it is not what is measured
    effort = lx.EFFORT.match(left)
    subject = (
        ""
        if effort and (share or len(right) > 7 or lx.PLAIN_EFFORT.match(left))
        else re.sub(r"(?:与|和|从|对|由|在)$", "", left)
    )
    relative = not share and verb and re.search(r"的[^的,]{1,8}$", right[verb.end() :])  # 在全省有影响的典型
    if verb and not relative and not _is_noun_tail(right, verb):
        noun, predicate = right[: verb.start()], right[verb.start() :]
        predicate = re.sub(r"^(?:要|应当?|能够?|均|都|全部)", "", predicate)
        if len(noun) >= 1 and len(predicate) >= 2:
            return f"{subject}{predicate}的{noun}"
    if joined and not share and not subject:
        return right
    if joined and not share and re.search(r"(?:面积|容量|长度|功率|库容)$", subject):
        return right + re.sub(r"^(?:配备|建设|建有|建成|设置|设立|安装|打造|划定|保留|维持|提供)", "", subject)
    return subject + right


def _is_noun_tail(words: str, verb: re.Match[str]) -> bool:
    """Whether the verb is part of a noun: 安全检查项目, 改造工程, 治理任务."""
    rest = words[verb.end() :]
    return not rest or bool(
        re.match(
            r"(?:任务|工作|工程|项目|行动|监测|分析|监管|维护|管理|情况|结果|评[价估]|安全|率|量|数|方案|计划|活动|规划|办法|标准|制度|机制|体系|设施|设备|能力|点|站|中心|单位|企业|机构|人员|基地|示范|试点|面积|类|型|的|、|和|及|与)",
            rest,
        )
    )
