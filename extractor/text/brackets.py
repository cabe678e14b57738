"""What closes an item: its points mark and the brackets or labels that say who, by when, or how it is scored.

``开展联合检查（2分）（责任单位：市水务局；完成时限：9月底前）。`` reads as the words 开展联合检查, 2 points, a duty and
a deadline. A bracket that names none of these (省直管市1篇) is part of the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from extractor.text.view import View, make_view
from extractor.types.geometry import Span
from extractor.types.item import Points, Who

Role = Literal["leader", "lead", "support", "duty"]

# Order matters: the first pattern found in a label or a column's head decides.
ROLE_WORDS: tuple[tuple[Role, str], ...] = (
    (
        "leader",
        r"(?:责任|分管|包保|牵头|主管|挂点|挂钩|联系|督办|包抓|总负责|责任县|责任市)(?:县|市|区|局|委)?领导|责任人|负责人|领办人",
    ),
    ("lead", r"牵头|主办|主责|主抓|主管(?:单位|部门|科室|处室)"),
    ("support", r"配合|协办|协同|协助|协作|参与|参加|会办"),
    (
        "duty",
        r"责任|承办|落实(?:单位|部门)|实施(?:单位|部门|主体)|负责|承担|主要单位|完成单位|执行(?:单位|部门)|任务单位|职能部门|分工|所属(?:科室|股室|处室)",
    ),
)
_UNIT = r"(?:主体|单位|部门|科室|股室|处室|科\(?室?\)?|机构|领导|主体|人员|人|方|局|委办局)"
_WHO_LABEL = (
    r"(?:第一|主要|共同|市级|省级|县级|区级|具体|直接)?"
    r"(?:责任|牵头|主办|主责|配合|协办|协同|协助|协作|参与|参加|承办|落实|实施|负责|分管|包保|主管|承担|执行|会办|领办)"
    rf"(?:责任|负责|实施|市|县|区|协助)?(?:{_UNIT}(?:\(?(?:{_UNIT}|名单)\)?)?)"
    rf"(?:[及和、/(](?:第一|主要|共同)?(?:责任|牵头|配合|协办|分管)?{_UNIT}\)?){{0,2}}"
)
_WHEN_LABEL = (
    r"(?:完成|办理|办结|整改|实施|推进|计划|目标|落实|任务|工作|启动|截止|销号|起止)(?:时限|时间|期限|节点|进度|年限|日期)(?:要求|安排|节点|表|进度)?"
    r"|时限(?:要求)?|时间(?:节点|要求|安排|进度)|进度(?:安排|要求)"
)
_BARE_LABEL = r"牵头|配合|责任|主办|协办|承办"
_NOTE_LABEL = r"备注|联系人|联系电话|数据来源|说明|依据"
_LABEL = re.compile(
    rf"(?:(?P<who>{_WHO_LABEL})(?=\s?:|为)|(?P<when>{_WHEN_LABEL})"
    rf"|(?:^|(?<=[\s;,。、(\[【]))(?:(?P<bare>{_BARE_LABEL})|(?P<time>时间|期限)|(?P<note>{_NOTE_LABEL})))\s?[:为]"
)

_NUMBER = r"\d+(?:\.\d+)?"
_POINTS = re.compile(
    rf"^(?:(?:计|得|记|共计?|总|满|标准|基础|本项|该项|权重|基本)?(?:分值?|分数)?(?:为|是|[:=])?)?\s?({_NUMBER})\s?分(?:值)?(?:[+]\s?{_NUMBER}\s?分|[,，]?为?(?:奖励|加|附加)分)*$|^(?:分值|分数|标准分|满分|基础分)[:为]?\s?({_NUMBER})$"
)
_POINTS_INSIDE = re.compile(rf"[(【\[](?:计|得|满分)?{_NUMBER}\s?分[)】\]]")
_BARE_POINTS = re.compile(rf"(?:^|(?<=[\s。;,]))(?:计|共|记|满分|分值[:为]?)?({_NUMBER})\s?分$")
_HEADING_POINTS = re.compile(rf"(?<=[^\d达到得扣加于≥>])[\s:,;]?(?:共|计|满分|分值:?)?({_NUMBER})\s?分$")
_SCORING = re.compile(
    r"[扣加减奖]\s?(?:\d|[一二三四五六七八九十]+分|除|至|完为止|分)|不(?:得|计|予?加|扣|记)分|得(?:满|基本|一半|相应|该项|全)?分|得\s?\d[\d.]*\s?分|\+\s?\d[\d.]*\s?分"
    r"|\d\s?分/|计\s?\d[\d.]*\s?分|一票否决|为\s?(?:0|零)\s?分|记\s?(?:0|零)\s?分|赋\s?\d[\d.]*分|(?:最高|最多|累计|不超过|封顶)[^,;]{0,6}\d[\d.]*\s?分|酌情|按比例"
)

_ORG = (
    r"(?:局|委|办|厅|院|政府|委员会|管委会|办公室|集团|公司|银行|支行|分行|支队|总队|大队|分局|管理处|街道办?|办事处|党组|工会|妇联|残联|团委|科协|侨联"
    r"|工商联|文联|红十字会|供销社|邮政|海关|法院|检察院|税务|消防|气象|纪委|监委|党校|社科联|宣传部|组织部|统战部|政法委|网信办|编办|人武部|军分区|[\u4e00-\u9fff]{2,9}部(?![门分署队件位])"
    r"|指挥部|领导小组|专班|工作组|服务中心|事务中心|管理中心|推进中心|保障中心|发展中心|检测中心|疾控中心|监测站|管理站|[科股处室])"
)
_WEAK_ORG = re.compile(
    r"(?:中心|站|所|队|会|社|组|部|学院|大学|学校|医院|台|县|市|区|镇|乡|州|单位|部门|企业|园区|开发区|机构|行业|领域|地)$"
)
_STRONG_ORG = re.compile(rf"{_ORG}$")
_ORG_INSIDE = re.compile(
    rf"{_ORG}|单位|部门|各(?:地|县|市|区|镇|乡|街道|园区|级)|(?:县|市|区|镇|乡|街道|村|社区|企业|中心|机构|学校|医院|小组)(?=等|按|分|负|牵|配|落|参|$)"
)
_WHO_END = re.compile(
    r"(?:牵头(?:负责|落实|实施|组织|推进|办理|抓总)?|负责(?:落实|实施|推进|组织)?|配合(?:落实|实施|推进)?|参与|参加|协助|协办|协同|主办|承办|(?<!抓)落实"
    r"|(?:按|根据|依)(?:照|据)?(?:各自)?(?:职责|职能|任务)\S{0,10}|分工\S{0,4}|组织实施|分别\S{0,4}|实施|主责|会办)$"
)
_NAME_CLEAN = re.compile(r"等(?:\d+个|有关|相关|单位|部门|省直|市直|县直)*$|^(?:由|以及|及|和|与)")

_DATE_HEAD = (
    r"(?:20\d\d\s?年?|每[年月季周日半]|[“\"]?十[三四五六]五[”\"]?|年[底内末初]|全年|当年|今年|本年|明年|[上下]半年|[1-4一二三四]\s?季度|第[1-4一二三四]\s?季度"
    r"|\d{1,2}\s?月|(?:\d+|[一二三四五六七八九十]+)个?(?:工作日|月|年)内|近期|中期|远期|长期|即时|季度|月度|年度|按月|按季|逐年|分年度|规划期)"
)
_DATE_TAIL = r"(?:[前底末内日年月初中旬起止]|季度|完成|推进|坚持|实施|启动|开始|落实|出台|到位|时期|期间|建成|见效|进展|成效|开展|执行|报送|印发|实现|办结|投用|投入使用|开工|竣工|投产|交付|启用|达标|销号|上报|验收|运行|[”\"])"
_WHEN = re.compile(
    rf"^(?:力争|确保|争取|原则上|于|在|到|至|截至|自|从|时间[:为])?(?P<head>{_DATE_HEAD})(?P<rest>.{{0,24}})$"
)
_WHEN_TAIL = re.compile(rf"{_DATE_TAIL}$")
_BARE_YEAR = re.compile(r"^20\d\d\s?年?$")
_RHYTHM = re.compile(
    r"^(?:长期|持续|常态化?|经常性?|全程|贯穿全年|全年|适时|立即|即时|定期|按(?:要求|时序|进度|期|计划|规定|时间节点)|根据\S{1,8})"
    r"(?:坚持|推进|开展|实施|推动|进行|落实|抓好|执行|完成|做好|组织|任务|工作|进度)*$"
)
_CLOSING = " \n。;,、.!"
_OPENERS = {")": "(", "】": "【", "]": "[", "〕": "〔", "}": "{"}


@dataclass(frozen=True, slots=True)
class Stripped:
    """An item without what closes it. ``span``: the words, outer blanks and closing punctuation left out.

    ``scoring``: a bracket that says how points are given or lost (少一次扣1分), a bonus or a veto.
    """

    span: Span
    points: Points | None = None
    who: tuple[Who, ...] = ()
    when: tuple[Span, ...] = ()
    scoring: Span | None = None


@dataclass(frozen=True, slots=True)
class Labelled:
    """Who and when as labels or words in a stretch say (牵头单位：A 责任单位：B；完成时限：9月底前)."""

    who: tuple[Who, ...] = ()
    when: tuple[Span, ...] = ()


def role_of(words: str) -> Role | None:
    """The role that a label or a column's head names (牵头单位 → lead), else None."""
    for role, pattern in ROLE_WORDS:
        if re.search(pattern, words):
            return role
    return None


def strip_item(text: str, span: Span) -> Stripped:
    """Take points mark, who/when brackets and labels, and scoring bracket off the end of ``text[span]``."""
    view = make_view(text, span)
    end = _trim(view.text, 0, len(view.text))
    start = len(view.text) - len(view.text.lstrip())
    found = _Found()
    while end > start:
        cut = _closing_bracket(view, start, end, found)
        if cut is None and found.points is None:
            cut = _bare_points(view, start, end, found)
        if cut is None:
            break
        end = _trim(view.text, start, cut)
    cut = _trailing_labels(view, start, end, found)
    if cut is not None:
        end = _trim(view.text, start, cut)
    if found.points is None:
        start = _leading_points(view, start, end, found)
    return Stripped(view.span(start, end), found.points, tuple(found.who), tuple(found.when), found.scoring)


def strip_points(text: str, span: Span) -> tuple[Span, Points | None]:
    """Take a trailing points mark （20分） off a heading or grouping cell; other brackets stay."""
    view = make_view(text, span)
    end = _trim(view.text, 0, len(view.text))
    opener = _opener(view.text, 0, end)
    if opener is not None:
        points = _points(view, opener + 1, end - 1)
        if points is not None:
            return view.span(0, _trim(view.text, 0, opener)), Points(points, view.span(opener, end))
    else:
        match = _HEADING_POINTS.search(view.text[:end])
        if match:
            points_span = view.span(match.start(), end)
            return view.span(0, _trim(view.text, 0, match.start())), Points(Decimal(match[1]), points_span)
    return view.span(0, end), None


def read_who(text: str, span: Span) -> Labelled | None:
    """Who and when in the words of a bracket's inside or a label line; None where they name neither."""
    view = make_view(text, span)
    start, end = 0, _trim(view.text, 0, len(view.text))
    if _opener(view.text, 0, end) == 0:
        start, end = 1, end - 1
    return _inside(view, start, end, after="。")


@dataclass(slots=True)
class _Found:
    points: Points | None = None
    who: list[Who] = None  # type: ignore[assignment]
    when: list[Span] = None  # type: ignore[assignment]
    scoring: Span | None = None

    def __post_init__(self) -> None:
        self.who, self.when = [], []

    def add(self, labelled: Labelled) -> None:
        self.who[:0] = labelled.who
        self.when[:0] = labelled.when


def _trim(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in _CLOSING:
        end -= 1
    return end


def _opener(text: str, start: int, end: int) -> int | None:
    """Where the bracket that closes at ``end - 1`` opens, nested ones of the same kind passed over."""
    if end - start < 2 or text[end - 1] not in _OPENERS:
        return None
    close, opening, depth = text[end - 1], _OPENERS[text[end - 1]], 0
    for at in range(end - 1, start - 1, -1):
        if text[at] == close:
            depth += 1
        elif text[at] == opening:
            depth -= 1
            if depth == 0:
                return at
    return None


def _closing_bracket(view: View, start: int, end: int, found: _Found) -> int | None:
    opener = _opener(view.text, start, end)
    if opener is None:
        return None
    inner = view.text[opener + 1 : end - 1]
    points = _points(view, opener + 1, end - 1)
    if points is not None:
        if _POINTS_INSIDE.search(view.text, start, opener):
            return None  # 国家级（5分）、省级（3分）: no single number
        if found.points is None:
            found.points = Points(points, view.span(opener, end))
        return opener
    if _SCORING.search(inner) and not _LABEL.search(inner):
        if opener == start:
            return None
        first = _POINTS.match(re.split(r"[,;。]", inner)[0])
        if first and found.points is None and (first[1] or first[2]):
            found.points = Points(Decimal(first[1] or first[2]), view.span(opener, end))
        outer = found.scoring
        here = view.span(opener + 1, end - 1)
        found.scoring = here if outer is None else Span(here.start, outer.end)
        return opener
    labelled = _inside(view, opener + 1, end - 1, after=view.text[max(start, opener - 2) : opener])
    if labelled is None or opener == start:
        return None
    found.add(labelled)
    return opener


def _points(view: View, start: int, end: int) -> Decimal | None:
    match = _POINTS.match(view.text[start:end].strip())
    return Decimal(match[1] or match[2]) if match else None


def _bare_points(view: View, start: int, end: int, found: _Found) -> int | None:
    match = _BARE_POINTS.search(view.text[start:end])
    if match is None or match.start() == 0:
        return None
    at = start + match.start()
    found.points = Points(Decimal(match[1]), view.span(at, end))
    return at


def _leading_points(view: View, start: int, end: int, found: _Found) -> int:
    """``（10分）开展…``: a mark that opens the item, as after its number."""
    if start < end and view.text[start] in "([【":
        close = view.text.find({"(": ")", "[": "]", "【": "】"}[view.text[start]], start, end)
        points = _points(view, start + 1, close) if close > 0 else None
        if points is not None:
            found.points = Points(points, view.span(start, close + 1))
            after = view.text[close + 1 : end]
            return close + 1 + len(after) - len(after.lstrip(" \n:,。、"))
    return start


def _trailing_labels(view: View, start: int, end: int, found: _Found) -> int | None:
    """``……。责任单位：A；完成时限：9月底前``: labels without bracket that run to the end of the item."""
    for match in _LABEL.finditer(view.text, start, end):
        before = view.text[max(start, match.start() - 1) : match.start()]
        if match["note"] or match["time"] or before not in ("。", ";", "\n", " ", ")"):
            continue
        labelled = _labels(view, match.start(), end)
        if labelled is not None and _names_only(view, labelled):
            found.add(labelled)
            return match.start()
    return None


def _names_only(view: View, labelled: Labelled) -> bool:
    """A label followed by whole sentences introduces a text, not names."""
    return all(who.span.end - who.span.start <= 200 for who in labelled.who) and bool(labelled.who or labelled.when)


def _inside(view: View, start: int, end: int, *, after: str) -> Labelled | None:
    first = _LABEL.search(view.text, start, end)
    if first is None:
        return _unlabelled(view, start, end, after=after)
    lead = view.text[start : first.start()].strip(" ;,。、\n")
    labelled = _labels(view, first.start(), end)
    if labelled is None:
        return None
    if not lead:
        return labelled
    before = _unlabelled(view, start, first.start(), after="。")
    if before is None:
        return None
    return Labelled(before.who + labelled.who, before.when + labelled.when)


def _labels(view: View, start: int, end: int) -> Labelled | None:
    """Split at labels; a label's words run to the next label or a deadline that stands alone."""
    marks = list(_LABEL.finditer(view.text, start, end))
    who: list[Who] = []
    when: list[Span] = []
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        stop = following.start() if following else end
        if mark["note"]:
            continue
        for at, to in _segments(view.text, mark.end(), stop, ";"):
            words = view.text[at:to]
            if mark["when"] or mark["time"] or _is_when(words):
                when.append(view.span(at, to))
            else:
                who.append(Who(view.span(at, to), role_of(mark[0])))
    return Labelled(tuple(who), tuple(when)) if who or when else None


def _segments(text: str, start: int, end: int, separators: str) -> Iterator[tuple[int, int]]:
    at = start
    for stop in [*(i for i in range(start, end) if text[i] in separators), end]:
        left, right = at, stop
        while left < right and text[left] in " \n;,。、:":
            left += 1
        while right > left and text[right - 1] in " \n;,。、":
            right -= 1
        if left < right:
            yield left, right
        at = stop + 1


def _is_when(words: str) -> bool:
    if _RHYTHM.match(words):
        return True
    match = _WHEN.match(words)
    if match is None or _BARE_YEAR.match(words) or _ORG_INSIDE.search(words):
        return False
    return bool(_WHEN_TAIL.search(words))


def _kind(words: str) -> Literal["when", "who", "names", "weak", "other"]:
    if _is_when(words):
        return "when"
    if _WHO_END.search(words) and _ORG_INSIDE.search(words) and len(words) <= 120:
        return "who"
    names = [_NAME_CLEAN.sub("", name) for name in re.split(r"[、,\s/]", words) if name]
    strong = sum(bool(_STRONG_ORG.search(name)) and 2 < len(name) <= 25 for name in names)
    weak = sum(bool(_WEAK_ORG.search(name)) and len(name) <= 25 for name in names)
    if not names or strong + weak < len(names) or re.search(r"\d", words):
        return "other"
    return "names" if strong * 2 >= len(names) else "weak"


def _unlabelled(view: View, start: int, end: int, *, after: str) -> Labelled | None:
    """``A牵头，B、C配合，9月底前完成``: each part must be a duty, a list of bodies or a time."""
    parts = [(at, to, _kind(view.text[at:to])) for at, to in _segments(view.text, start, end, ",;。")]
    kinds = {kind for _, _, kind in parts}
    if not kinds or "other" in kinds or (kinds <= {"weak", "when"} and "weak" in kinds and after[-1:] != "。"):
        return None
    if kinds <= {"names", "weak"} and re.search(r"(?:部门|单位|机构|主体|组织|委|局|办)$", after):
        return None  # 主管部门（市教育局）: the bracket explains a word
    if kinds == {"when"} and re.search(r"[年期值数》]$", after):
        return None
    who: list[Who] = []
    when: list[Span] = []
    run: tuple[int, int] | None = None
    for at, to, kind in parts:
        if kind == "when":
            when.append(view.span(at, to))
        elif run is not None and not when:
            run = (run[0], to)
            who[-1] = Who(view.span(*run))
        else:
            run = (at, to)
            who.append(Who(view.span(at, to)))
    return Labelled(tuple(who), tuple(when))
