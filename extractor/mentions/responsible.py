"""Who is responsible: names and roles in the words of a bracket, column or label line.

Source of the roles: the contract (A牵头，B、C配合 → lead, support; A、B按职责分工负责 → lead for all).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Literal

from extractor.types.geometry import Span
from extractor.types.mention import ResponsibleMention

Hint = Literal["leader", "lead", "support", "duty"] | None

_PART = re.compile(r"[^,;。\n:]+")
_LEAD_WORDS = r"为(?:主要|总)?牵头(?:单位|部门)|(?:主要|总)?牵头(?:负责|落实|实施|组织|推进|办理|抓总|协调|抓好)*|为主(?:负责|实施)?|主办|主责|主抓|抓总"
_SUPPORT_WORDS = r"(?:积极|协同|共同|密切)*(?:配合|参与|协助|协办|协同|参加|会办)(?:负责|落实|实施|推进|办理|做好)*"
_DUTY_WORDS = (
    r"(?:等(?:有关|相关)?(?:部门|单位)?)?(?:按照?|根据|依)(?:各自)?(?:职责|职能)(?:分工)?(?:分别)?(?:负责|落实|推进|做好|组织实施|抓好)*"
    r"|(?:分别|共同|具体|组织|各自|分工)*(?:负责|落实|承担|承办|组织实施|实施|执行|办理|完成)(?:落实|实施|推进)*"
)
_LEAD = re.compile(rf"(?:{_LEAD_WORDS})$")
_SUPPORT = re.compile(rf"(?:{_SUPPORT_WORDS})$")
_DUTY = re.compile(rf"(?:{_DUTY_WORDS})$")
_LABEL = re.compile(
    r"(?:^|(?<=[\s;,。、]))[^\s:、,;。]{0,6}(?:单位|部门|科室|股室|处室|领导|责任人|负责人|主体|牵头|配合|责任|处|科|室)(?:\([^)]*\))?:"
)
_LEAD_LABEL = re.compile(r"牵头|主办|主责|第一责任")
_SUPPORT_LABEL = re.compile(r"配合|协办|协同|协助|参与|参加|会办")
_LEADER_LABEL = re.compile(r"领导|责任人|负责人|领办")
_SPLIT = re.compile(
    r"、|\s+|/|(?<=[局委办厅院部会署行社司处科室股队府团心站所组位门关方区县市镇乡道)])(?:以?及(?!其)|和|与)(?!(?:其他|信息|旅游|社会|农村|改革|城乡|文化|体育|服务))"
)
_JOINED = re.compile(r"(?:相关|有关)(?:部门|单位|地区|方面)$")
_TAIL = re.compile(
    r"(?:等(?:\d+个|[一二三四五六七八九十]+个)?(?:(?:省|市|县|区|国务院|中央)?(?:级|直)?(?:有关|相关)?(?:部门|单位|地区|地方|方面|科室|处室|机关|企业)*)?)$"
)
_HEAD = re.compile(r"^(?:由|以及|及|和|与|并|各由|会同|联合)")
_PLACE_ONLY = re.compile(
    r"^各?(?:地|市|县|区|州|盟|旗|乡|镇|街道|村|社区|设区市|市州|县市区|镇街|乡镇|县级市|地级市)(?:\([^)]*\))?$"
)
_PLACE_BODY = re.compile(
    r"^(?:各|有关|相关)?(?:市|县|区|州|盟|旗|乡|镇|街道|乡镇|镇街|设区市|功能区|开发区|园区|村|社区)?(?:\([^)]*\))?(?:人民)?(?:政府|管委会|办事处|街道办?|党委|园区|开发区|新区)$"
)
_BRACKETED = re.compile(r"\((牵头|主办|主责|配合|协办|协同|协助|参与)(?:单位|部门|负责)?\)[、\s]*")
_TOGETHER = re.compile(r"会同|商(?=[省市县区各国]|有关|相关)|联合(?!会)")
_LISTS = re.compile(r"[、,;/\s]")
_NOT_NAME = re.compile(r"^(?:[\d.]+|无|/|—+|-+|同上|略)$")


def whole_names(units: Collection[str]) -> re.Pattern[str] | None:
    """Matches those of ``units`` that the rules would cut or shorten (园区和企业服务中心); None where there are none.

    A list (县民政局、县财政局) is no name where what it lists is known, too.
    """
    split = {name: [each.name for each in find_responsible(name, 0, len(name), "duty")] for name in units}
    kept = [
        name for name, parts in split.items()
        if len(name) > 2 and parts != [name] and not (_LISTS.search(name) and set(parts) <= set(units))
    ]  # fmt: skip
    longest_first = sorted(kept, key=lambda name: (-len(name), name))
    return re.compile("|".join(map(re.escape, longest_first))) if kept else None


def find_responsible(
    text: str, start: int, end: int, hint: Hint, *, first_leads: bool = False, whole: re.Pattern[str] | None = None
) -> list[ResponsibleMention]:
    """Names with roles in ``text[start:end]`` (a normalised view), in order.

    ``hint`` is what the column or label says. A name's role is ``duty`` where only 责任单位 is said; the
    assembler turns it into lead or support. ``first_leads``: the document says that the first named leads.
    ``whole`` matches names that are not to be cut.
    """
    shown = text if whole is None else whole.sub(lambda name: "某" * (len(name[0]) - 1) + "局", text)
    found: list[ResponsibleMention] = []
    for low, high, role in _labelled(shown, start, end, hint):
        for part in _PART.finditer(shown, low, high):
            found.extend(_part(shown, *part.span(), role))
    if whole is not None:
        found = [replace(mention, name=text[mention.span.start : mention.span.end]) for mention in found]
    explicit = {mention.role for mention in found}
    if first_leads and found and "lead" not in explicit and hint != "leader":
        found = [ResponsibleMention(m.span, m.name, "lead" if at == 0 else "support") for at, m in enumerate(found)]
    if hint is None and "lead" in explicit:
        found = [ResponsibleMention(m.span, m.name, "support" if m.role == "duty" else m.role) for m in found]
    return _unique(found)


def _labelled(text: str, start: int, end: int, hint: Hint) -> Iterator[tuple[int, int, Hint]]:
    """The stretches after each label with the label's role; what stands before the first keeps ``hint``."""
    at, role = start, hint
    for label in _LABEL.finditer(text, start, end):
        yield at, label.start(), role
        at, role = label.end(), _role_of(label.group()) or hint
    yield at, end, role


def _role_of(label: str) -> Hint:
    if _LEADER_LABEL.search(label):
        return "leader"
    if _SUPPORT_LABEL.search(label):
        return "support"
    if _LEAD_LABEL.search(label):
        return "lead"
    return "duty"


def _part(text: str, low: int, high: int, hint: Hint) -> Iterator[ResponsibleMention]:
    """One part between commas: names and the words that say what they do."""
    for bracket in _BRACKETED.finditer(text, low, high):  # A(牵头)、B、C(配合): the role of the name before it
        named = list(_names(text, low, bracket.start(), hint))
        yield from named[:-1]
        for own in named[-1:]:
            yield ResponsibleMention(own.span, own.name, _role_of(bracket[1]) or own.role)
        low = bracket.end()
    words = text[low:high]
    role: Hint = hint
    for said, pattern in (("lead", _LEAD), ("support", _SUPPORT), ("duty", _DUTY)):
        match = pattern.search(words)
        if match and match.group() and match.start() > 0:
            role = said if hint in (None, "duty") else hint  # type: ignore[assignment]
            high = low + match.start()
            break
    inner = re.search(r"牵头(?!单位|部门)[,、]?", text[low:high])
    if inner and inner.start() > 1:  # A牵头、B配合 without comma between
        yield from _names(text, low, low + inner.start(), "lead")
        yield from _names(text, low + inner.end(), high, "support")
        return
    together = _TOGETHER.search(text, low, high)
    if together and together.start() > low + 1:
        yield from _names(text, low, together.start(), "lead" if role in (None, "duty", "lead") else role)
        yield from _names(text, together.end(), high, "support")
        return
    yield from _names(text, low, high, role or "duty")


def _names(text: str, low: int, high: int, role: Hint) -> Iterator[ResponsibleMention]:
    for start, end in _cut(text, low, high):
        match = _HEAD.match(text[start:end])
        start += match.end() if match else 0
        tail = _TAIL.search(text[start:end])
        if tail and tail.start() > 0:
            end = start + tail.start()
        while end > start and text[end - 1] in " .、;,。":
            end -= 1
        name = text[start:end]
        if len(name) < 2 or len(name) > 40 or _NOT_NAME.match(name):
            continue
        yield ResponsibleMention(Span(start, end), name, role or "duty")


def _cut(text: str, low: int, high: int) -> list[tuple[int, int]]:
    """Split at 、, blanks and at 及 / 和 between units; brackets and phrases headed by 各 are kept whole."""
    cuts: list[tuple[int, int]] = []
    at = low
    depth = 0
    marks = {match.start(): match.end() for match in _SPLIT.finditer(text, low, high)}
    skip = low
    for i in range(low, high):
        if i < skip:
            continue
        depth += (text[i] == "(") - (text[i] == ")")
        if depth <= 0 and i in marks and i > at:
            left, right = text[at:i], text[marks[i] : high]
            if text[i] in "和与" and (_JOINED.search(left) or re.match(r"(?:单位|部门|地区|有关|相关)", right)):
                continue
            cuts.append((at, i))
            at = skip = marks[i]
    cuts.append((at, high))
    return _rejoin(text, cuts)


def _rejoin(text: str, cuts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """各区、市政府 and 各市、县、区政府 are one name: bare place words lean on the body named last."""
    joined: list[tuple[int, int]] = []
    for start, end in cuts:
        word = text[start:end].strip()
        if joined:
            before = text[joined[-1][0] : joined[-1][1]].split("、")[-1].strip()
            if (
                _PLACE_ONLY.match(before)
                and (_PLACE_BODY.match(word) or _PLACE_ONLY.match(word))
                and not word.startswith("各")
            ):
                joined[-1] = (joined[-1][0], end)
                continue
        joined.append((start, end))
    return joined


def _unique(found: list[ResponsibleMention]) -> list[ResponsibleMention]:
    seen: set[tuple[str, str]] = set()
    kept: list[ResponsibleMention] = []
    for mention in found:
        key = (mention.name, mention.role)
        if key not in seen:
            seen.add(key)
            kept.append(mention)
    return kept
