"""Targets that print no number: 全覆盖, 应保尽保, 全部完成, 无安全事故, 正增长.

The contract closes the list: these forms and no others. 全面完成, 一岗双责, 有所提高 … make a task.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.types.geometry import Span
from extractor.types.mention import Implicit

_NOUN_AFTER = (
    "政策|机制|原则|要求|制度|工作|成果|体系|格局|行动|模式|方式|理念|措施|检查|排查|督查|监管|监测|巡查|培训|宣传|目标|任务|试点"
    "|建设|服务|网络|管理|的"
)
_COVER = re.compile(rf"全(?P<wide>人群|地域|领域|区域|过程|流程|方位|员|域)?覆盖(?!面|率|范围|{_NOUN_AFTER})")
_SHOULD = re.compile(rf"应(?P<verb>[\u4e00-\u9fff]{{1,2}})尽(?:(?P=verb)|可能\1)(?!{_NOUN_AFTER})")
# 均 as a word of its own, not in 人均, 平均, 均衡 …
_ALL = re.compile(
    r"(?P<all>(?<![健安完周])全部(?![门队署委长])|全都)|(?<![人平年户均日月亩班床单车次店家地周季机师生国层套])(?<![^各有属]村)(?<![^各有属]校)(?<![^各有属个]县)(?<![^各]园)(?<![^各有属]镇)(?<![^各有属]乡)(?<![^各有属]市)(?<![^各有属]省)(?P<each>均)(?![衡等值匀可价速摊分须为已由不未无在是有能])"
    r"|(?P<every>所有)(?!制|者|权|人员的合法)"
)
_EVENT = (
    "事故|事件|案件|问题|投诉|争议|差错|死亡|伤亡|发生|反弹|上访|信访|纠纷|失误|违法|违规|违纪|违法违规|拖欠|通报|泄密|舆情|火灾"
    "|逾期|积压|疫情|污染|隐患|现象|行为|情况|情形|病例|败诉|撤销|遗漏|事项|地名|垃圾|欠薪|返贫|风险|漏报|瞒报|迟报|超标|黑臭|直排|灾害|伤害|溺水"
    "|欺凌|复发|访|越级访|集体访|流失|辍学|失学|空白|冒烟|散煤|焚烧|差评|不合格|不满意|零分|缺陷|裸露|缺岗|脱管|漏管|重复建设|建设|涉黑|减少|下降"
)
_NONE = re.compile(
    r"(?P<zero>零(?=(?:重大|较大|有责|安全|责任|新增|群体性)?(?:败诉|滞留|信访|舆情|违纪|泄密|污染|溺水|辍学|退回|差评|漏报|瞒报|超标|火灾|事件|传播|事故|减少|增长|发生|死亡|投诉|差错|伤亡|上访|遗漏|感染|积压|拖欠|违规|失误|延误|案件|发案|返贫|新增|欠薪|逾期|扩散|容忍|感染|死亡)))"
    r"|(?P<none>坚决杜绝|杜绝|不发生|未发生|没有发生|没发生|无(?!障碍|分歧|人|法|偿|关|缝|害|线|废|主|党派|形|纸|故|烟|菌|疑|需|限|锡|穷|论|力|数|为|非|毒|公害|土|罪|保留|差别|感|接触|性|理由|证|手续|资质|治污|业主|物业|固定|劳动|生活|经济|房|户|子女|感染者|正当))"
)
_POSITIVE = re.compile(r"(?<!非)(?:正增长|(?:增长率|增速|增幅)为正(?:数|值)?)")
_SPLIT = re.compile(r"、|或者|或|以及|及(?!其|以)|和")
_CLAUSE_END = re.compile(r"[,，。;:!?！？\n()]")
_LONGEST = 400  # a clause that runs on longer has lost its marks
_PREFILTER = re.compile("覆盖|尽|全部|全都|均|所有|一律|零|杜绝|发生|无|正增长|为正")


def find_implicit(text: str) -> list[Implicit]:
    """The implicit targets of a sentence, left to right; ``object`` is the stretch that names what is meant.

    Offsets count in ``text``, a normalised view. Listed events (无A、B或C) give one mention each with the
    same ``span``.
    """
    if not _PREFILTER.search(text):
        return []
    found = [*_covers(text), *_shoulds(text), *_alls(text), *_nones(text), *_positives(text)]
    return sorted(found, key=lambda mention: (mention.span, mention.object))


def _covers(text: str) -> Iterator[Implicit]:
    for match in _COVER.finditer(text):
        after = text[match.end() : match.end() + 1]
        if after and after not in ",，。;、:)及和并且以\n ”":
            continue  # 全覆盖检查: an adjective
        yield Implicit("cover", Span(*match.span()), Span(match.end() - 2, match.end()))


def _shoulds(text: str) -> Iterator[Implicit]:
    for match in _SHOULD.finditer(text):
        if text[match.start() - 1 : match.start()] in ("“", "‘") and text[match.end() : match.end() + 2] not in (
            "”,",
            "”。",
            "”",
        ):
            continue  # a slogan in quotes names something
        yield Implicit("should", Span(*match.span()), Span(*match.span("verb")))


def _alls(text: str) -> Iterator[Implicit]:
    last_end = -1
    for match in _ALL.finditer(text):
        stop = _clause_end(text, match.end())
        if match.start() < last_end:
            continue
        rest = text[match.end() : stop]
        if not rest or rest[0] in "、的":
            continue
        span = Span(match.start(), match.end())
        if match["every"]:
            each = re.search(r"(?<![人平年])(?:均|全部|都|应当?|要)", rest)
            if each:
                verb = re.match(r"[\u4e00-\u9fff]{2}", rest[each.end() :])
                end = match.end() + each.end() + (verb.end() if verb else 0)
                span = Span(match.start(), end)
            last_end = stop
        else:
            verb = re.match(r"[\u4e00-\u9fff]{2}", rest)
            if verb is None and match["each"]:
                continue  # 均 before a number: the number is the target
            if verb:
                span = Span(match.start(), match.end() + verb.end())
            if match["each"] and _COVER.search(text, match.end(), stop):
                continue
            if match["each"] and re.match(r"(?:达到?|不低于|不少于|不超过|保持|增长|提高|下降|控制)", rest):
                continue
        yield Implicit("all", span, Span(match.end(), stop))


def _nones(text: str) -> Iterator[Implicit]:
    for match in _NONE.finditer(text):
        if match["none"] == "无" and not _opens(text, match.start()):
            continue
        stop = _clause_end(text, match.end())
        again = re.search(r"、(?=[^、]{0,8}零)", text[match.end() : stop]) if match["zero"] else None
        stop = match.end() + again.start() if again else stop  # 零扩散、院内零感染
        rest = text[match.end() : stop]
        rest = re.sub(r"(?:的?(?:情况|现象)?发生|等情形)$", "", rest) if len(rest) > 4 else rest
        if not rest or (not match["zero"] and match["none"] != "无" and not re.search(rf"(?:{_EVENT})", rest)):
            continue
        if match["none"] == "无" and not (
            re.search(rf"(?:{_EVENT})(?:等)?$|被|^新增", rest) or _stands_alone(text, match.start(), rest)
        ):
            continue
        end = match.end() + len(rest)
        span = Span(match.start(), stop if match["none"] != "无" else _with_verb(text, end, stop))
        for low, high in _events(text, match.end(), end):
            yield Implicit("none", span, Span(low, high))


def _stands_alone(text: str, at: int, rest: str) -> bool:
    """无 + noun as a clause of its own (无义务教育阶段辍学学生), not a manner (无偿…) or a subject's attribute (无…的企业)."""
    before = text[max(0, at - 2) : at]
    opens = not before or before[-1] in ",;。:" or before in ("全年", "年内", "做到", "实现", "确保")
    return (
        opens
        and 3 <= len(rest) <= 20
        and not re.search(r"的(?:企业|人员|对象|单位|家庭|地区|村|项目)$|^(?:论|需|须|可)", rest)
    )


def _with_verb(text: str, end: int, stop: int) -> int:
    return stop if text[end:stop] in ("发生", "的发生", "情况发生") else end


def _opens(text: str, at: int) -> bool:
    """Whether 无 at ``at`` is the predicate: after a clause mark, a subject noun or 全年 / 确保, not inside a word."""
    before = text[max(0, at - 2) : at]
    return not before or not re.search(r"[有若如因是对的或、“为]$", before)


def _events(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The listed events of 无A、B或C; several predicates of one thing (被撤销、变更) are one."""
    words = text[start:end]
    parts: list[tuple[int, int]] = []
    at = 0
    for match in _SPLIT.finditer(words):
        parts.append((at, match.start()))
        at = match.end()
    parts.append((at, len(words)))
    whole = [(start, end)]
    if len(parts) == 1:
        return whole
    last = re.search(rf"(?:{_EVENT})(?:等)?$", words[slice(*parts[-1])])
    if any(b - a <= 2 for a, b in parts[:-1]) and last:
        return whole  # 截留、挤占、挪用资金问题: deeds, not events
    if last and all(2 <= b - a <= 14 and not re.search(r"被|[的了]$", words[a:b]) for a, b in parts):
        return [(start + a, start + b) for a, b in parts]
    if not all(re.search(rf"(?:{_EVENT})(?:等)?$", words[a:b]) for a, b in parts):
        return whole
    nouns = all(re.search(r"(?:案件|事件|事故|问题|现象|行为|投诉|纠纷|情况|情形|访)$", words[a:b]) for a, b in parts)
    if not nouns and any("被" in words[a:b] and not re.search(r"的[^的]+$", words[a:b]) for a, b in parts):
        return whole
    return [(start + a, start + b) for a, b in parts]


def _positives(text: str) -> Iterator[Implicit]:
    for match in _POSITIVE.finditer(text):
        yield Implicit("positive", Span(*match.span()), Span(*match.span()))


def _clause_end(text: str, at: int) -> int:
    depth = 0
    stop = min(len(text), at + _LONGEST)
    for match in _CLAUSE_END.finditer(text, at, stop):
        mark = match.group()
        if mark == "(":
            depth += 1
        elif mark == ")" and depth:
            depth -= 1
        elif not depth:
            return match.start()
    return stop
