"""The metric of a target that prints no number: what is to be covered, done in full, or not to happen."""

from __future__ import annotations

import re

from extractor.records import lexicon as lx
from extractor.records.frame import Frame
from extractor.records.metric import clean_left, completed, thing_of
from extractor.types.mention import Implicit

_PUNCT = " \n,，。;、:.!?"
_DEED = {
    "保": "保障", "救": "救助", "发": "发放", "纳": "纳入", "收": "收集", "治": "治理", "养": "供养", "退": "退出", "检": "检测",
    "接": "接种", "享": "享受", "补": "补贴", "评": "评估", "查": "排查", "录": "录入", "签": "签约", "兑": "兑付", "免": "减免",
    "缴": "缴纳", "建": "建设", "改": "改造", "拆": "拆除", "清": "清理", "办": "办理", "登": "登记", "公开": "公开", "帮": "帮扶",
    "助": "资助", "护": "保护", "训": "培训", "种": "接种", "贷": "放贷", "延": "延期", "还": "归还", "绿": "绿化", "筛": "筛查", "安": "安置",
}  # fmt: skip


def implied_metric(frame: Frame, mention: Implicit, previous: list[str]) -> str:
    """Composed of the clause before and after the mention; of the clause before where its own has no subject."""
    start, end = frame.clauses[frame.clause_at(mention.span.start)] if frame.clauses else (0, len(frame.text))
    left_raw = frame.text[start : mention.span.start]
    left = clean_left(left_raw)
    if mention.kind == "cover":
        return _covered(frame, left, start)
    if mention.kind == "should":
        return _due_to_all(frame, mention, left, start)
    if mention.kind == "none":
        return _absent(frame, mention, left_raw)
    if mention.kind == "positive":
        subject = completed(frame, left, start, previous)
        return subject if re.search(r"增[长速幅]率?$", subject) else subject + "增长"
    return _all(frame, mention, left_raw, left, start, end)


def _said_before(frame: Frame, start: int) -> bool:
    """Whether the clause before states a number of its own and a date parts the two."""
    low, high = frame.clauses[frame.clause_at(max(start - 2, 0))] if frame.clauses else (0, 0)
    parted = any(m.span.start == start for m in frame.dates)
    return start > 0 and high <= start and parted and any(low <= q.span.start < high for q in frame.quantities)


def _before(frame: Frame, start: int, *, own: str = "") -> str:
    """What the clause before is about, else the last heading."""
    at = frame.clause_at(max(start - 2, 0))
    if start > 0 and frame.clauses[at][1] <= start:
        low, high = frame.clauses[at]
        return thing_of(frame.text[low:high])
    for heading in reversed(frame.context):
        thing = thing_of(heading)
        if thing:
            return thing
    return own


def _covered(frame: Frame, left: str, start: int) -> str:
    left = re.sub(r"(?:实现|达到|做到|力争|完成)$", "", left).strip(_PUNCT)
    if len(left) < 3:
        left = _before(frame, start) + left
    return left + "覆盖"


def _due_to_all(frame: Frame, mention: Implicit, left: str, start: int) -> str:
    verb = frame.text[mention.object.start : mention.object.end]
    left = re.sub(r"应(.{1,2})尽\1、?(?:应(.{1,2})尽\2、?)*$", "", left + "、").strip(_PUNCT)
    left = re.sub(r"(?:实现|达到|做到|确保|坚持|落实)$", "", left).strip(_PUNCT)
    left = re.sub(r"(?:下)?的$", "", left)
    if len(left) >= 2:
        deed = _DEED.get(verb, "")
        return left if not deed or left.endswith(deed) else left + deed
    named = _naming(frame, start, verb)
    if named is not None:
        low, high = named
        words = clean_left(re.sub(r"^(?:及时)?(?:依法|依规|按规定)?(?:将|把|对)", "", frame.text[low:high]))
        words = re.sub(r"^(?:及时|按时|足额|按月|依法|将|把)+", "", words)
        deed = _DEED.get(verb, "")
        opened = re.match(rf"{deed}(?=.)", words) if deed else None
        return words[opened.end() :] + deed if opened else words
    return _before(frame, start) + _DEED.get(verb, "")


def _naming(frame: Frame, start: int, verb: str) -> tuple[int, int] | None:
    """The nearest of the three clauses before that speaks of the deed (延期 for 应延尽延), else the one before."""
    sentence, _ = frame.sentence_at(start)
    earlier = [c for c in frame.clauses if sentence <= c[0] and c[1] <= start][-3:]
    said = [c for c in earlier if verb in frame.text[c[0] : c[1]] or _DEED.get(verb, "\0") in frame.text[c[0] : c[1]]]
    return said[-1] if said else earlier[-1] if earlier else None


def _absent(frame: Frame, mention: Implicit, left_raw: str) -> str:
    event = frame.text[mention.object.start : mention.object.end]
    event = re.sub(r"等?(?:的)?(?:情况|发生)$|的?发生$|的?底线$", "", event) or event
    tail = re.search(
        r"(?:疫情|事故|事件|案件|问题|现象|行为|投诉|纠纷|灾害|伤害)$",
        frame.text[mention.span.start : mention.span.end],
    )
    if tail and not re.search(r"(?:情|故|件|题|象|为|诉|纷|害|访|生|违法|违规|违纪)$", event):
        event += tail.group()  # 疟疾、脊髓灰质炎疫情: what is listed shares its noun
    left = clean_left(re.sub(r"(?:全年|年内|确保|坚决|做到|实现|年度)+$", "", left_raw))
    if event == "发生" and "、" in left:
        return left
    if re.search(r"[,;。、]", left) or len(left) > 24 or lx.LEADING.fullmatch(left):
        return event
    if event.startswith("新增") or left.endswith(("工作规范", "规范", "到位", "稳定")):
        return event
    return left + event


def _all(frame: Frame, mention: Implicit, left_raw: str, left: str, start: int, end: int) -> str:
    words = frame.text[mention.span.start : mention.span.end]
    rest = frame.text[mention.object.start : min(mention.object.end, end)].strip(_PUNCT)
    if words.startswith("所有"):
        return _every(frame, mention, left, end)
    if words.startswith("均"):
        subject = re.sub(r"^(?:各|所有|每个)", "", clean_left(left_raw)) or _before(frame, start)
        subject = re.sub(r"^各", "", subject)
        return f"{rest}的{subject}" if len(rest) > 2 else subject + rest
    rest = re.sub(r"^(?:的)", "", rest)
    moved = re.sub(r"^(?:依规|依法)?(?:将|把)", "", left)
    if len(moved) < 2 and re.search(r"(?:完成|实现|推进|开展|落实)$", left_raw):
        return rest
    if len(moved) < 2:
        moved = "" if _said_before(frame, start) else _before(frame, start)
    if re.match(
        r"(?:完成|实现|达标|到位|纳入|建立|开展|整治|销号|入住|完工|取缔|改造|拆除|关停|退出|通过|落实|办结|接入|下放|公开|清零|化解|安置|脱贫|上墙|入库|签订)",
        rest,
    ):
        rest = re.sub(r"^完成(?=.{2})", "", rest)
    if re.match(r"[\u4e00-\u9fff]", rest) and lx.EFFORT.match(left):
        return rest
    return moved + rest


def _every(frame: Frame, mention: Implicit, left: str, end: int) -> str:
    words = frame.text[mention.span.start + 2 : end].strip(_PUNCT)
    each = re.search(r"均|全部|都|应(?![急用对])当?|要(?![求素])", words)
    if each:
        subject, deed = words[: each.start()], re.sub(r"^(?:应当?|要|须)", "", words[each.end() :])
        return f"{deed}的{subject}" if deed else subject
    verb = lx.PREDICATE.search(words, 1)
    if verb and verb.start() > 1:
        return f"{words[verb.start() :]}的{words[: verb.start()]}"
    return left + words if not lx.EFFORT.match(left) else words
