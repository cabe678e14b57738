"""What a stretch looks like to the model that says whether it is a record: named features, numbers masked.

Digits, years and names of places are not shown to it: a number reads ``0``, a year as past, present or future
beside the document's own, a place as 某, so that what it learns on the papers of one county and year holds for
others. Features that tell what the rules said begin with ``rule``, those that tell where the stretch stands and how
it is laid out with ``at``: training leaves them out of some examples, so that the words alone are able to tell.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from extractor.text.view import make_view
from extractor.types.document import Document
from extractor.types.item import Item
from extractor.types.outline import Official, Outline, Section

Features = dict[str, float]

RULE, AT = "rule ", "at "
_READ = 600  # characters of a stretch that are looked at
_GRAMS = 160  # of these, as pairs and triples

_PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南"
    "|陕西|甘肃|青海|内蒙古|广西|西藏|宁夏|新疆"
)
_OWN_PLACE = re.compile(
    r"(?:^|关于|印发|年度?|《|的|[市州省])((?:(?![关印发年的全各我本])[\u4e00-\u9fff]){2,4}?)(?=[省市县区州盟旗镇乡])"
)
_NO_PLACE = re.compile(r"(?:城|社|园|校|地|小|景|灌|林|开发|示范|试验|实验|合作|自治|人民)$")
_LISTED_PLACE = re.compile(
    r"(?:(?<=[、,;(和及与])|^)(?![全各我本])[\u4e00-\u9fff]{2,3}(?=[省市县区旗州盟镇乡](?:[、,;)和及与各每\d]|$))"
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=\s?年|[—\-~至到](?:19|20)\d\d)")
_PLAN = re.compile(r"[“\"]?(十?[一二三四五六七八九])五[”\"]?(?=以来|期间|时期|规划|末|初|以|,)")
_NUMBER = re.compile(r"\d[\d,.]*")
PAST, PRESENT, FUTURE, UNDATED = "昔", "今", "将", "某"  # how a year reads

_VERB = (
    "推进|推动|加强|开展|建立|完善|落实|实施|制定|完成|编制|组织|做好|启动|公布|培育|新建|新增|打造|建设|加快|继续|深化|整改"
    "|支持|鼓励|引导|强化|健全|优化|提升|提高|扩大|发展|推广|严格|依法|积极|全面|大力|深入|统筹|探索|创新|创建|构建|规范|保障"
    "|确保|力争|争取|坚持|坚决|持续|稳步|巩固|抓好|抓实|督促|指导|改造|实现"
)
# What the words say, each a question with yes or no.
SIGNALS: tuple[tuple[str, re.Pattern[str]], ...] = tuple((name, re.compile(pattern)) for name, pattern in (
    ("past", r"近年|以来|去年|上年|过去|截至|昔年"),
    ("done", r"已|累计|取得|[成到现立高长善破展台]了|连续.{1,4}年"),
    ("compared", r"[较比](?:昔年|上年|去年|“|规划).{0,14}|同比"),
    ("lacking", r"仅|仍|尚|不足|依然|偏[低少高弱大]|短板|不[强够高牢优]|问题|困难|压力|滞后|高[达出]|低于全|差距|瓶颈"),
    ("now", r"目前|现有|当前|现状|^但|也要看到|形势|背后"),
    ("verb first", rf"^(?:{_VERB})"),
    ("verb in clause", rf"[,;](?:{_VERB})"),
    ("duty", r"要(?![求素点闻件领])|应当?(?![用对急])|必须|确保|力争|不得|严禁|务必"),
    ("reached", r"[达完实突超][到成现破过]"),
    ("bound", r"以上|以内|不低于|不少于|不超过|至少|以下|不高于|左右"),
    ("deadline", r"[底末]前|年内|[月日]前|到[今将]年|每[年月季]"),
    ("meaning", r"是指|[,:]指|所称|[,:]系|视为|口径|本[^,]{2,6}所|^[^,]{2,16},指"),
    ("ruling", r"为准|施行|有效期|从其|解释|计算|统计|满分|权重|得分|分为|等次|报表|不含|不计|扣除|折算"),
    ("thought", r"为指导|总体要求|紧扣|围绕|精神|思想|理念|原则"),
    ("is", r"^[^,]{2,14}[是为]"),
    ("whole", r"[全我][省市县区州国]"),
    ("label", r":$"),
    ("goal", r"目标|任务(?!依然|十分|艰|繁)|指标|今年[^,]{0,12}计划"),
    ("assigned", r"牵头|负责|责任|配合"),
    ("scored", r"[加扣得计减]\s?\d*分|否决"),
    ("year past", PAST), ("year present", "今年"), ("year future", FUTURE), ("percent", "0%"), ("number", "0"),
    ("amount", r"0(?:[%‰个家户人万亿元倍公平亩吨所件次项座千名张篇处套场]|小时|分钟|以[上内])|第0|前0|百分之"),
    ("implied", r"全覆盖|应[^,]尽[^,]|全部|均(?!衡)|所有|杜绝|不发生|无[^,]{2,12}(?:事[故件]|发生)|正增长|零[^售星]"),
))  # fmt: skip
_BACK = frozenset({"past", "done", "compared", "lacking", "now", "year past"})
_FORWARD = frozenset(
    {"verb first", "duty", "bound", "deadline", "year future", "goal", "assigned", "scored"}
)  # fmt: skip
_STARTS = re.compile(r"(?:^|(?<=[,;:]))[^,;:]{1,2}")


def own_places(official: Official) -> tuple[str, ...]:
    """The names, without 省/市/县, of whose paper it is: out of title, issuer and addressee; the longest first."""
    found: dict[str, None] = {}
    for words in (official.title or "", official.issuer or "", official.addressee or ""):
        plain = re.sub(r"(?:19|20)\d\d(?:\s?[—\-~至]\s?(?:19|20)\d\d)?年?度?", "年", words)
        for match in _OWN_PLACE.finditer(plain):
            if not _NO_PLACE.search(match.group(1)):
                found.setdefault(match.group(1))
    return tuple(sorted(found, key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class Mask:
    """Hides what must not be learned. ``year`` is the document's; ``places`` a pattern of names."""

    year: int | None
    places: re.Pattern[str]

    @classmethod
    def of(cls, official: Official) -> Mask:
        own = "|".join(map(re.escape, own_places(official)))
        return cls(official.year, re.compile(f"{own}|{_PROVINCES}" if own else _PROVINCES))

    def __call__(self, words: str) -> str:
        """``words`` are a view's."""
        words = _LISTED_PLACE.sub("某", self.places.sub("某", words))
        words = _YEAR.sub(lambda match: self._beside(int(match.group(1)), int(match.group(1))), words)
        words = _NUMBER.sub("0", words)
        return _PLAN.sub(self._plan, words) if "五" in words else words

    def _beside(self, first: int, last: int) -> str:
        if self.year is None:
            return UNDATED
        return PAST if last < self.year else FUTURE if first > self.year else PRESENT

    def _plan(self, match: re.Match[str]) -> str:
        """A five-year plan as a time; 十五 was 2001 to 2005."""
        words = match.group(1)
        count = "一二三四五六七八九".find(words[-1]) + 1 + 10 * (len(words) > 1)
        return self._beside(1951 + 5 * count, 1955 + 5 * count) + "五"


@dataclass(frozen=True, slots=True)
class Stretch:
    """An item as the model reads it.

    ``words`` are masked; ``looks`` says whether they look back, forward, both or neither. ``section`` is the
    outline's, -1 for none. ``under``: ``titled``; ``opening``: under no heading though most are; ``untitled``: in a
    document without. ``nth`` in its paragraph, from 0; ``opens`` is how that begins and ``before`` how those before
    look.
    """

    item: Item
    words: str
    signals: tuple[str, ...]
    looks: str
    section: int
    under: str
    nth: int = 0
    opens: str = ""
    before: tuple[str, ...] = ()


def features_of(document: Document, outline: Outline, items: Sequence[Item]) -> list[Features]:
    """For each item its features, by name. Pairs and triples of characters weigh 2 together, all else is 0 or 1."""
    mask = Mask.of(outline.official)
    read = _read(document, outline, items, mask)
    titles = _Titles(mask)
    kind = outline.official.kind
    made: list[Features] = []
    for at, each in enumerate(read):
        named = dict.fromkeys(_own(each, kind), 1.0)
        named.update(dict.fromkeys(_place(at, read, outline.sections), 1.0))
        for above, part in enumerate(reversed(each.item.path[-2:])):
            named.update(dict.fromkeys((f"{AT}title {above} {gram}" for gram in titles(part.text)), 1.0))
        made.append(_word_features(each.words) | named)
    return made


def without_rules(features: Mapping[str, float]) -> Features:
    """The same stretch to somebody who does not know what the rules said."""
    return {name: value for name, value in features.items() if not name.startswith(RULE)}


def words_alone(features: Mapping[str, float]) -> Features:
    """The same words to somebody who knows neither that nor where they stand."""
    return {name: value for name, value in features.items() if not name.startswith((RULE, AT))}


def _read(document: Document, outline: Outline, items: Sequence[Item], mask: Mask) -> list[Stretch]:
    bodies = sorted(
        (section.body.start, at) for at, section in enumerate(outline.sections) if section.body.start < section.body.end
    )
    starts = [start for start, _ in bodies]
    prose = [bool(item.path) for item in items if item.table is None]
    bare = "opening" if sum(prose) * 2 > len(prose) else "untitled"
    found: list[Stretch] = []
    for item in items:
        words = mask(make_view(document.text, item.span).text[:_READ].rstrip("。;；!！ \n"))
        signals = tuple(name for name, pattern in SIGNALS if pattern.search(words))
        section = bodies[bisect_right(starts, item.span.start) - 1][1] if item.table is None and starts else -1
        under = "titled" if item.path else bare
        looks = _looks(signals)
        last = found[-1] if found and section >= 0 and found[-1].section == section else None
        if last is None:
            found.append(Stretch(item, words, signals, looks, section, under))
            continue
        before = tuple(sorted({*last.before, last.looks}))
        opens = last.opens or last.looks
        found.append(Stretch(item, words, signals, looks, section, under, last.nth + 1, opens, before))
    return found


def _looks(signals: Sequence[str]) -> str:
    back, forward = not _BACK.isdisjoint(signals), not _FORWARD.isdisjoint(signals)
    return "both" if back and forward else "back" if back else "forward" if forward else "neither"


def _word_features(words: str) -> Features:
    kept = words[:_GRAMS]
    grams = dict.fromkeys(f"g{kept[at : at + size]}" for size in (2, 3) for at in range(len(kept) - size + 1))
    return dict.fromkeys(grams, 2.0 / len(grams) ** 0.5) if grams else {}


class _Titles:
    """Features of headings, made once for each."""

    def __init__(self, mask: Mask) -> None:
        self._mask = mask
        self._known: dict[str, tuple[str, ...]] = {}

    def __call__(self, title: str) -> tuple[str, ...]:
        if title not in self._known:
            words = self._mask(make_view(title[:_READ]).text)[:24]
            pairs = (words[at : at + 2] for at in range(len(words) - 1))
            self._known[title] = tuple(dict.fromkeys((*pairs, f"={words}", f"{words[-2:]}$")))
        return self._known[title]


def _own(each: Stretch, kind: str) -> Iterator[str]:
    """What the item says by itself."""
    item, words = each.item, each.words
    verdict = "kept" if item.dropped is None else "dropped"
    yield f"{RULE}{item.dropped or 'kept'}"
    for signal in each.signals:
        yield f"s {signal}"
        yield f"{RULE}{signal} {verdict}"
        yield f"{AT}{each.under} {signal}"
    for one, other in combinations(each.signals, 2):
        yield f"s {one} + {other}"
    yield f"looks {each.looks}"
    yield f"{AT}{each.under} looks {each.looks}"
    for size in range(1, 5):
        yield f"^{words[:size]}"
        yield f"{words[-size:]}$"
    for start in dict.fromkeys(match.group() for match in _STARTS.finditer(words[:_GRAMS])):
        yield f",{start}"
    yield f"numbers {min(words.count('0'), 6)}"
    yield f"commas {min(words.count(','), 4)}"
    yield f"{AT}origin {item.origin}"
    yield f"{AT}kind {kind} {item.origin}"
    yield from _shape(each)


def _shape(each: Stretch) -> Iterator[str]:
    item, words = each.item, each.words
    yield f"{AT}length {sum(len(words) > edge for edge in (3, 6, 10, 16, 25, 40, 60, 90, 140))} {item.origin}"
    yield f"{AT}depth {min(len(item.path), 4) or each.under} {item.origin}"
    marks = {
        "number": item.number, "points": item.points, "row points": item.row_points, "who": item.who,
        "when": item.when, "tier": item.tier, "scoring": item.scoring, "lead": item.lead_in, "quota": item.quota,
        "assessed": item.assessed, "notes": item.notes,
    }  # fmt: skip
    for name, value in marks.items():
        yield f"{AT}{name}" if value else f"{AT}no {name}"


def _place(at: int, read: Sequence[Stretch], sections: Sequence[Section]) -> Iterator[str]:
    """Where the item stands, and what stands beside it."""
    each = read[at]
    yield f"{AT}tenth {10 * at // len(read)} {each.under} {each.item.origin}"
    if each.item.cell is not None:
        yield f"{AT}row {min(each.item.cell[0], 3)}"
        yield f"{AT}column {min(each.item.cell[1], 5)}"
    yield f"{AT}sentence {min(each.nth, 3)}"
    if each.nth:
        yield f"{AT}opens {each.opens}"
        yield f"{AT}before {' '.join(each.before)}"
    for step, name in ((-2, "p2"), (-1, "p1"), (1, "n1"), (2, "n2")):
        other = read[at + step] if 0 <= at + step < len(read) else None
        if other is None or not _together(each, other, sections):
            yield f"{AT}{name} none"
            continue
        yield f"{RULE}{name} {other.item.dropped or 'kept'}"
        yield f"{AT}{name} {other.looks}"
        for signal in other.signals:
            yield f"{AT}{name} {signal}"
        if abs(step) == 1:
            yield f"{AT}{name} ^{other.words[:2]}"


def _together(one: Stretch, other: Stretch, sections: Sequence[Section]) -> bool:
    """In the same table, or in paragraphs under the same headings."""
    if one.item.table is not None or other.item.table is not None:
        return one.item.table == other.item.table
    if one.section == other.section:
        return True
    return min(one.section, other.section) >= 0 and sections[one.section].headings == sections[other.section].headings
