"""The metric: whose value a number is, in the source's words, complete enough to stand alone.

Three shapes cover official Chinese: *subject + number* (覆盖率达到90%), *number + thing* (建有3所以上机构),
*share of a group that does something* (60%以上的社区建立…, which reads 建立…的社区). What a clause leaves out
because it was just said is taken from the target before, the clause before, or the heading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractor.records import lexicon as lx
from extractor.records.frame import Frame
from extractor.types.mention import Quantity

_PUNCT = " \n,，。;、:.!?"
_CONNECT = re.compile(r"^(?:的|之)+")
_AFTER_STOP = re.compile(r"[,;。:!?\n]|(?:以?及|并(?!网)|且|或)(?=[\u4e00-\u9fff]{0,6}(?:达|不|增|提|下|[0-9]))")
_DATE_WORDS = re.compile(
    r"(?:到|至|截至|于)?(?:20\d\d|19\d\d)年(?:度|全年|上半年|下半年)?(?:年?[底末]|\d{1,2}月(?:\d{1,2}日|[底末])?)?(?:之?前|以前)?(?!以来|[^,]{0,8}(?:的|基础上))[,]?"
    r"|(?:每|按)(?:年|月|季度|半年|周|日|天|季)(?:度)?|(?:年|月|季度)?[底末]之?前[,]?|(?:到|至)?[“\"]?十[三四五六]五[”\"]?(?:末|期末|期间|时期)[,]?|\d{1,2}月(?:份|[底末])?(?:之?前)"
    r"|[上下]半年|[一二三四]季度[末底]?前?|(?:20\d\d年起)?[\d一二三四五六七八九十两]+年(?:之?内|间)|(?<!\d)年内|全年(?=[^,]{2})|三?年来"
)


@dataclass(frozen=True, slots=True)
class Metric:
    """``subject`` is the leading part that a later target of the sentence may share."""

    text: str
    shape: str  # subject | thing
    certain: bool = True
    scope: str | None = None


def compose(
    frame: Frame, quantity: Quantity, before: int, after: int, previous: list[str], same_unit: bool = True
) -> Metric:
    """The metric of ``quantity``; ``before`` and ``after`` bound the words that belong to it alone
    (the quantities left and right of it in the sentence). ``previous`` are the metrics found before."""
    text = frame.text
    low, high = _bounds(frame, quantity, before, after)
    left = clean_left(_subject_words(_undated(frame, low, quantity.span.start), parallel=low == before > 0))
    right = _after(_dateless(frame, text, quantity.span.end, high))
    share = quantity.unit in ("%", None, "成") or quantity.unit == "个百分点"
    if before and previous and not right and re.match(r"(?:、|和|与|及|以及)", text[before : before + 2]):
        left = _in_parallel(left, previous[-1])
    like = share or (same_unit and not right)
    if left in ("人均", "户均", "平均", "亩均") and low > 0:
        left = _clause_before(frame, low, previous) + left
    if right:
        metric = _with_thing(left, right, share=share)
        if metric:
            return _completed(frame, metric, "thing", low, previous, share=share)
    if low > 0 and (not left or re.fullmatch(r"(?:(?:每|一|全)?(?:年|月|季度|半年|周)度?内?)?(?:每个?[户人家所村县乡镇区市校班园街道]{1,2})?", left)):
        left = merge_subject(_clause_before(frame, low, previous), left)
    elif re.match(r"占(?![用道地])", left) and previous:
        left = previous[-1] + left
    return _completed(frame, left, "subject", low, previous, share=like)


def _in_parallel(words: str, previous: str) -> str:
    """国家级示范县2个、省级示范县4个: the words that both share and only the first says."""
    if len(words) < 3 or lx.MEASURE.search(words):
        return words
    for size in (3, 2):
        at = previous.find(words[:size])
        if at >= 2:
            return previous[:at] + words
    kept = len(previous) - len(words)
    if kept >= 2 and previous.endswith(words[-3:]) and not previous.startswith(words[:2]):
        return previous[:kept] + words
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
    start, end = _clause_bounds(frame, quantity.span.start)
    low = max(start, before)
    head = frame.text[low : quantity.span.start].lstrip(_PUNCT)
    if low == start and re.match(
        r"(?:占(?![用道])|比重|比例|的)", head
    ):  # X，占…的60%: the subject stands before the comma
        low = max(_clause_bounds(frame, max(start - 2, 0))[0], before)
    return low, min(end, after)


def _clause_bounds(frame: Frame, position: int) -> tuple[int, int]:
    if not frame.clauses:
        return 0, len(frame.text)
    return frame.clauses[frame.clause_at(position)]


def clean_left(words: str) -> str:
    """A subject without dates, words of effort before it and links behind it."""
    words = _DATE_WORDS.sub("", words).strip(_PUNCT)
    words = lx.ADVERBIAL.sub("", words)
    while True:
        shorter = lx.TRAILING.sub("", lx.LEADING.sub("", words)).strip(_PUNCT)
        shorter = _unbalanced(shorter)
        if shorter == words or not shorter:
            return shorter
        words = shorter


def _unbalanced(words: str) -> str:
    """Without a bracket that opens or closes outside the words."""
    for opening, closing in ("()", "“”", "《》"):
        if words.count(opening) == words.count(closing):
            continue
        if words.count(opening) > words.count(closing) and words.rfind(opening) >= words.rfind(closing):
            head, _, tail = words.rpartition(opening)
            words = tail if len(tail) >= len(head) and opening == "(" else head + tail
        elif words.count(closing) > words.count(opening):
            head, _, tail = words.partition(closing)
            words = (head + tail) if closing == "”" else tail
    return words.strip(_PUNCT)


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
    return _unbalanced(words.strip(_PUNCT))


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
        return ""
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


def _clause_before(frame: Frame, low: int, previous: list[str]) -> str:
    """The subject where the number's own clause has none: the target before, or the words of the clause before."""
    start, end = _clause_bounds(frame, max(low - 2, 0))
    if end > low or any(start <= q.span.start < end for q in frame.quantities):
        return previous[-1] if previous else ""
    return thing_of(re.sub(r"(?:均|都)?(?:实现|达到|做到).{0,6}全覆盖$|,?做到应.尽.$", "", frame.text[start:end]))


def thing_before(frame: Frame, position: int) -> str:
    """What the clause before ``position``'s clause is about, or nothing."""
    start, _ = _clause_bounds(frame, position)
    return _clause_before(frame, start, []) if start > 0 else ""


def _numbered(frame: Frame, start: int, end: int) -> bool:
    """Whether a clause states a target of its own."""
    return any(start <= q.span.start < end for q in frame.quantities) or any(
        start <= m.span.start < end for m in frame.implicits
    )


def thing_of(clause: str) -> str:
    """What a clause is about: its object, without the verb of effort and 工作 / 活动 / 建设 behind it."""
    words = clean_left(clause)
    taken = re.match(r"^(.{4,40}?)(?:作为|纳入|列为|列入)", words)
    if taken:
        return taken.group(1)
    handled = re.search(
        r"(?:^|[^针])对(?!外|象|口|接)(.{2,24}?)(?:进行|开展|实施|给予|实行)(.{2,16})$", clause.strip(_PUNCT)
    )
    words = handled.group(1) + handled.group(2) if handled else words
    words = re.sub(
        r"^(?:加强|开展|完善|健全|建立健全|建立|落实|做好|推行|实施|提升|提高|规范|深化|优化|强化|组织|继续|扎实|加大|抓好|制定|扩大|巩固|持续|发展|夯实|抓实|构建|打造|推广|创新|全面)+",
        "",
        words,
    )
    return (
        re.sub(
            r"(?:专项)?(?:工作|活动|行动|机制|制度|任务|体系|水平|能力)?(?:的)?(?:稳步|不断|持续|明显|有效|显著)?(?:建设|管理|力度|水平|开展|落实|工作|质量|规范化建设|提升|提高|增强|改善|加强|完善|到位)?$",
            "",
            words,
        )
        or words
    )


def completed(frame: Frame, words: str, low: int, previous: list[str]) -> str:
    """A subject that says too little alone, with what it is of."""
    return _completed(frame, words, "subject", low, previous, share=True).text


def _completed(frame: Frame, words: str, shape: str, low: int, previous: list[str], *, share: bool) -> Metric:
    words = _without_asides(words.strip(_PUNCT))
    scoped = _scoped(frame, low, words, previous) if shape == "subject" else None
    if scoped:
        return Metric(scoped[1] + scoped[0], shape, scope=scoped[1])
    listed = _of_the_whole(frame, low, words, previous) if shape == "subject" else None
    if listed:
        return Metric(listed, shape)
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
        return Metric(owner or frame.text.strip(_PUNCT)[:40], shape, certain=False)
    return Metric(words, shape)


_STOCK = re.compile(r"(装机容量|装机|容量|面积|产量|投资|里程|床位|人口|任务|资金|产能|规模|数量?)$")


def _of_the_whole(frame: Frame, low: int, words: str, previous: list[str]) -> str | None:
    """总装机容量达到…，其中包括：风电200万千瓦、水电…: each part is measured as the whole is."""
    start, _ = frame.sentence_at(low)
    if not previous or not words or len(words) > 12 or lx.MEASURE.search(words) or "其中" not in frame.text[start : low + 4]:
        return None
    stock = _STOCK.search(previous[-1])
    if stock is None or frame.text.rfind("其中", start, low + 4) < start:
        return None
    made = re.match(r"^(?:新增|新建|完成|累计)", previous[-1])
    return (made.group() if made and not words.startswith(made.group()) else "") + words + stock.group(1)


def _scoped(frame: Frame, low: int, words: str, previous: list[str]) -> tuple[str, str] | None:
    """(measure, place) of 设施农业面积占比，山区县不低于15%，平原县…: the place after the measure is the scope."""
    inline = re.match(r"^(.{2,}?(?:率|占比|比例|面积|度))((?:[^的率]{1,5})?(?:[县区市州乡镇村旗盟]|地区|街道|医院|学校|企业|机构))$", words)
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
        if not _numbered(frame, start, end):
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
    start, end = _clause_bounds(frame, max(low - 2, 0))
    if end > low or _numbered(frame, start, end):
        return None
    thing = thing_of(frame.text[start:end])
    if not thing.endswith(match["stem"]) or len(thing) <= 2:
        return None
    return match["subject"] + thing + match["measure"]


def _overlapping(frame: Frame, low: int, words: str) -> str | None:
    """综合责任保险 before 保险覆盖率: the clause before ends in the word that the measure opens with."""
    if low <= 0:
        return None
    start, end = _clause_bounds(frame, max(low - 2, 0))
    if end > low or _numbered(frame, start, end):
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
        start, end = _clause_bounds(frame, max(low - 2, 0))
        if end <= low and not _numbered(frame, start, end):
            thing = thing_of(frame.text[start:end])
            if 2 <= len(thing) <= 40:
                return thing
    for heading in reversed(frame.context):
        thing = thing_of(heading)
        if 2 <= len(thing) <= 24 and not lx.GENERIC.search(thing):
            return thing
    return None


def merge_subject(thing: str, words: str) -> str:
    """A period before the number is no subject; 每户 is part of what the clause before says."""
    each = re.search(r"每个?[户人家所村县乡镇区市校班园街道]{1,2}$", words)
    if each is None:
        return thing
    return thing + each.group() if re.search(r"每[户人]$", each.group()) else each.group() + thing


def merge(owner: str, words: str) -> str:
    """Join two stretches, the words that end one and begin the other said once."""
    for size in range(min(len(owner), len(words)), 0, -1):
        if owner.endswith(words[:size]):
            return owner + words[size:]
    for size in range(min(len(owner), 6), 1, -1):  # …综合责任保险 + 保险覆盖率 shares 保险
        if words.startswith(owner[-size:]):
            return owner + words[size:]
    return owner + words
