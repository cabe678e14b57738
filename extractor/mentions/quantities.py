"""Quantities with their comparators: 不低于35%, 10个以上, 60%—70%, 至少打造3条."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractor.mentions.amounts import Amount, has_number, read_amounts
from extractor.mentions.comparators import Cue, find_cues, match_suffix
from extractor.mentions.periods import counted_per, is_period
from extractor.mentions.units import COUNTS, TIMES
from extractor.types.geometry import Span
from extractor.types.mention import Comparator, Quantity

_CLAUSE = re.compile(r"[,。;:!?\n]")
_BREAK = re.compile(r"[,。;:!?、\n]")
_LIST = re.compile(r" ?(?:、|和|及|与|以及|或者?|/) ?")
_CHANGE = re.compile(
    r"(?:提高|提升|增长|增加|上升|扩大|下降|降低|减少|压减|压缩|缩短|缩减|回落|下调|上调|递增|递减|削减|减|降|(?<!新)增)(?:了)?$"
)
_LIFT = ("提高", "提升", "扩大")  # of a thing, not of its number: 提升5条河流
_TOP = re.compile(r"(?<![底末日月年初号])前$")
_TOP_UNIT = frozenset({"名", "位", "%", "强", "家", None})
_MAKING = re.compile(
    r"完成|建成|新建|新增|打造|培育|创建|建设|建立|设立|成立|举办|开展|组织|召开|推出|评选|选树|遴选|征集|编制|出台|制定|制订|修订|"
    r"发展|引进|配备|配置|配齐|培训|扶持|实施|增加|开设|检查|抽查|走访|报送|发布|刊发|发表|开工|启动|改造|整治|推广|申报|争创|"
    r"建有|拥有|安排|选派|招引|签约|投产|命名|认定|推荐|提交|形成|总结|开办|新开|新设|扩建|改建|不少|联合|做好|搭建|构建|每"
)
_EACH = re.compile(r"每(?!一|增|减|少|多|缺|低|高|超|出现|发生|有)")
_ONE_OF = re.compile(r"[每另同这某各任那第]$")
_EVENTS = frozenset({"次", "场", "家", "所", "座", "处", "支", "篇", "名", "期"})
_DOING = ("完成", "新建", "建成", "培育", "创建", "举办", "召开", "开展", "组织", "组织开展", "新增", "建设", "配备")
_PHRASE = re.compile(
    r"(?:一批|一个|维护|意识|自信|全面|确保|统筹|坚持|必须|转变|务必|结合|责任|面向|服务|关键|专项|清单|不|制度|机制|体系|方面|层次|层面|"
    r"环节|阶段|关系|原则|要素|规定|条例|主体|统一|重大|高地|中心|结构|文明|代表|基本|现代化)"
)
_LINK_VERB = re.compile(
    r"(?:[有为达是]|人均|户均|平均|每[^,。;:、]{1,7}|组织|开展|打造|建成?|建设|建立|培育|完成|举办|安排|配备|新建|新增|召开|发展|创建|"
    r"每?[\d一二两三]*个?(?:周|月|年|季度|天|日)|培训|设立|设置|拥有|实现|引进|报送|参加|发表|刊发|推出|接访|走访|检查|选派|保持在?|具备|具有|拿出|投入|筹集|提供|差评)$"
)
_POINTS_BEFORE = re.compile(
    r"(?:[加扣得计记减奖给]|奖励|加分|扣分|得分|满分|封顶|[最累共合]计?[高多]?)[^,。;:、]{0,6}$"
)
_OTHER_WAY = re.compile(r"或|较|并|[上下]降")
_LINK_LIMIT = 30  # characters between a comparator and its number
_SHARE_UNITS = frozenset({"%", "‰", "倍", "个百分点", "百分点"})
_FROM = re.compile(r"[由从](?:[^,。;:、]{0,12})$")
_FROM_TO = re.compile(
    r"(?:左右)?(?:提高|提升|增加|增长|上升|扩大|下降|降低|减少|压减|缩短|压缩|降|增|减|升|缩减|精简|拓展|到|至)"
)


@dataclass(slots=True)
class _State:
    """What is known of one amount while its comparators are looked for."""

    amount: Amount
    floor: int  # where the quantity before ends
    cue: Cue | None = None
    suffix_end: int | None = None
    suffix_op: Comparator | None = None
    shared: Cue | None = None  # the comparator of the list that this one continues
    follows: bool = False
    top: bool = False

    @property
    def end(self) -> int:
        return self.amount.end if self.suffix_end is None else self.suffix_end


def find_quantities(text: str, *, bare: bool = False) -> list[Quantity]:
    """The quantities of a normalised stretch of text, left to right, without overlaps.

    Numbers in names, dates, citations, marks of a scoring scheme and fixed phrases are left out; numbers
    without a unit come only beside a comparator. With ``bare`` every number comes (cells of a quota table).
    """
    if not has_number(text):
        return []
    amounts = _without_rhythms(read_amounts(text, bare=bare))
    if not amounts:
        return []
    cues = find_cues(text)
    states: list[_State] = []
    at = 0
    for amount in amounts:
        before = states[-1] if states else None
        floor = before.end if before is not None else 0
        state = _State(amount, floor)
        suffix = match_suffix(text, amount.end)
        if suffix is not None:
            state.suffix_end, state.suffix_op = suffix
        at, state.cue = _cue_before(text, cues, at, state)
        state.top = _TOP.search(text, max(0, amount.start - 2), amount.start) is not None
        if before is not None:
            _continue_list(text, before, state)
        if bare or _plausible(text, state):
            states.append(state)
    _share_suffix(states)
    return _merge_bounds(text, [_quantity(text, state) for state in states])


def _without_rhythms(amounts: list[Amount]) -> list[Amount]:
    """2周1次: the stretch of time says how often, it is no value of its own."""
    return [
        amount
        for amount, after in zip(amounts, [*amounts, None][1:], strict=True)
        if after is None or after.start != amount.end or amount.base not in TIMES or after.base not in COUNTS
    ]


def _cue_before(text: str, cues: list[Cue], at: int, state: _State) -> tuple[int, Cue | None]:
    """The comparator that governs the number: the nearest before it in its clause, if it reaches so far.

    ``at`` is the first of ``cues`` that may matter; the new one comes back, so that each is looked at once.
    """
    amount = state.amount
    best = None
    while at < len(cues) and cues[at].end <= amount.start:
        if cues[at].start >= state.floor:
            best = cues[at]
        at += 1
    if best is not None:
        at -= 1  # the next number may still need it, should this one turn out to be none
    if best is None or amount.rank or not _reaches(text, best, amount):
        return at, None
    return at, best


def _reaches(text: str, cue: Cue, amount: Amount) -> bool:
    gap = text[cue.end : min(amount.start, cue.end + _LINK_LIMIT + 1)]
    if not gap or gap == " ":
        return True
    if cue.tight or len(gap) > _LINK_LIMIT or _BREAK.search(gap):
        return False
    if amount.unit is None:
        return len(gap) <= 2
    if amount.unit in _SHARE_UNITS:
        return _OTHER_WAY.search(gap) is None
    return gap.endswith("的") or len(gap) <= 2 or (len(gap) <= 8 and _LINK_VERB.search(gap) is not None)


def _continue_list(text: str, before: _State, state: _State) -> None:
    """70%、50%: the later number shares the comparator of the earlier one."""
    link = _LIST.match(text, before.end)
    if link is None or link.end() != state.amount.start:
        return
    one, two = before.amount, state.amount
    if one.unit is not None and two.unit is not None and one.base != two.base:
        return
    if state.cue is None:
        state.follows = True
        state.shared = before.cue or before.shared


def _share_suffix(states: list[_State]) -> None:
    """0.3%、0.5%以内: the comparator after a list holds for all of it."""
    for index in range(len(states) - 1, 0, -1):
        state, before = states[index], states[index - 1]
        if state.follows and state.suffix_op is not None and before.suffix_op is None and before.suffix_end is None:
            before.suffix_op = state.suffix_op


def _plausible(text: str, state: _State) -> bool:
    amount, floor = state.amount, state.floor
    compared = state.cue is not None or state.suffix_op is not None or state.shared is not None
    if state.top:
        return amount.unit in _TOP_UNIT and amount.upper is None
    if amount.rank:
        return True
    if amount.unit is None and not _stands_alone(text, state, compared):
        return False
    if amount.base == "分" and not _is_score(text, state):
        return False
    if _FROM.search(text, max(floor, amount.start - 14), amount.start) and _FROM_TO.match(text, state.end):
        return False
    if amount.base in TIMES and _is_other_time(text, state, compared):
        return False
    if amount.scale_only:
        return state.suffix_op is not None or (state.cue is not None and state.cue.end == amount.start)
    return not amount.chinese or amount.unit in _SHARE_UNITS or compared or _is_made(text, state)


def _stands_alone(text: str, state: _State, compared: bool) -> bool:
    """Whether a number without unit is a value: a share (三分之一) or one beside a comparator."""
    amount = state.amount
    if "分之" in text[amount.start : amount.end]:
        return True
    if amount.upper is not None and state.suffix_end is not None:
        return True
    return compared and not amount.chinese and not amount.scale_only


def _is_score(text: str, state: _State) -> bool:
    """Points as a threshold (评分≥90分), not as a mark (加5分, 最高不超过6分)."""
    cue = state.cue
    if cue is None and state.suffix_op is None:
        return False
    start = cue.start if cue is not None else state.amount.start
    if cue is not None and text[cue.start : cue.end].startswith("最"):
        return False
    return _POINTS_BEFORE.search(text, max(0, start - 8), start) is None


def _is_other_time(text: str, state: _State, compared: bool) -> bool:
    """A stretch of time that is a deadline (三年内) or a rhythm (2周1次), not a value."""
    amount = state.amount
    if state.cue is None and amount.base == "年" and text[amount.end : state.end].endswith("内"):
        return True
    if state.cue is not None and text[state.cue.start : state.cue.end] == "近":
        return True
    if is_period(text, amount.start, amount.end):
        return True
    return amount.chinese and not compared


def _is_made(text: str, state: _State) -> bool:
    """A small count in words is one only where something is to be made, not in set phrases (三个一批)."""
    amount = state.amount
    if _PHRASE.match(text, amount.end):
        return False
    start = max(state.floor, amount.start - 24)
    for mark in _CLAUSE.finditer(text, start, amount.start):
        start = mark.end()
    head = text[start : amount.start]
    if amount.value < 2:
        if _ONE_OF.search(head) is not None:
            return False
        return amount.upper is not None or _EACH.search(head) is not None or _done_once(head, amount)
    return amount.upper is not None or _MAKING.search(head) is not None


def _done_once(head: str, amount: Amount) -> bool:
    """完成一次排查: one of a thing that is counted, right after what is done to it."""
    return amount.base in _EVENTS and head.endswith(_DOING)


def _quantity(text: str, state: _State) -> Quantity:
    amount, cue, floor = state.amount, state.cue, state.floor
    start, end = amount.start, state.end
    between = change = None
    words: str | None = None
    op = _operator(state)
    if state.top:
        start, words = start - 1, "前"
    elif cue is not None:
        start, words = cue.start, text[cue.start : cue.end]
        if text[cue.end : amount.start].strip():
            between = Span(cue.end, amount.start)
    elif state.suffix_end is not None:
        words = text[amount.end : state.suffix_end]
    verb = _CHANGE.search(text, max(floor, start - 4), start)
    if verb is not None and (amount.base not in COUNTS or verb[0] not in _LIFT):
        change = Span(verb.start(), verb.end())
        start = verb.start()
    per = counted_per(text, floor, min(start, amount.start), amount.start, amount.base or "")
    return Quantity(
        span=Span(start, end),
        number=Span(amount.start, amount.end),
        value=amount.value,
        upper=amount.upper,
        unit=amount.unit,
        op=op,
        cue=words,
        between=between,
        change=change,
        per=per,
        follows=state.follows,
        rank=state.top or amount.rank,
        hedged=amount.chinese and cue is None and state.suffix_op is None and amount.unit not in _SHARE_UNITS,
    )


def _operator(state: _State) -> Comparator | None:
    if state.amount.upper is not None:
        return "between"
    if state.top:
        return "le"
    cue = state.cue or state.shared
    if cue is None:
        return state.suffix_op or ("approx" if state.amount.vague and state.amount.scale_only else None)
    if state.suffix_op is None or (cue.force == "strong" and cue.op != "approx"):
        return cue.op
    return state.suffix_op


_BOUND_LINK = re.compile(r"[,、且并而的同时又 ]{0,4}")


def _merge_bounds(text: str, found: list[Quantity]) -> list[Quantity]:
    """大于10小于20, 3年以上7年以下: a lower and an upper bound side by side are one range."""
    merged: list[Quantity] = []
    for item in found:
        before = merged[-1] if merged else None
        if before is None or not _BOUND_LINK.fullmatch(text, before.span.end, item.span.start):
            merged.append(item)
            continue
        if _bounds(before, item):
            low, high = before, item
        elif _bounds(item, before):
            low, high = item, before
        else:
            merged.append(item)
            continue
        merged[-1] = Quantity(
            span=Span(before.span.start, item.span.end),
            number=Span(before.number.start, item.number.end),
            value=low.value,
            upper=high.value,
            unit=item.unit,
            op="between",
            cue=before.cue,
        )
    return merged


def _bounds(low: Quantity, high: Quantity) -> bool:
    if low.value >= high.value or low.upper is not None or high.upper is not None or low.unit != high.unit:
        return False
    return low.op in ("ge", "gt") and high.op in ("le", "lt") and not low.follows and not high.follows
